"""Building the explanation of a decision from what the evaluator kept.

The builder walks the same typed rules the evaluator ran, looks up what each part came to, and makes one node for each rule,
fact, parameter and condition it meets: a graph, in which a figure that several conditions use is one node. Afterwards the
decisive steps are marked from the conclusion downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from minzheng_rules.evaluator.compiling import WHEN, each, entered_finding, leaves, standing
from minzheng_rules.evaluator.decision import Outcome, Status
from minzheng_rules.evaluator.possible import MAYBE, Crowd, settled
from minzheng_rules.evaluator.printing import (
    expression_text,
    json_value,
    number,
    subject_words,
    truth_state,
    unit_words,
    value_text,
)
from minzheng_rules.evaluator.subjects import Subject, unknown_fact
from minzheng_rules.language import ir
from minzheng_rules.language.rules import Cite, Declaration
from minzheng_rules.language.types import TRUTH, Many, One, Quantity, Truth, Type
from minzheng_rules.problems import Lazy, Words
from minzheng_rules.rulebook.definitions import (
    Choice,
    Clause,
    Conditions,
    Definition,
    Delegated,
    Formula,
    Group,
    Stack,
    Sum,
    Table,
    TableParameter,
)
from minzheng_rules.rulebook.parameters import Band
from minzheng_rules.rulebook.ruleset import Effective
from minzheng_rules.rulebook.sources import Sources
from minzheng_rules.trail.node import Citation, Node, NodeKind, Origin, State, Unopened

if TYPE_CHECKING:
    from minzheng_rules.case.vocabulary import FactType
    from minzheng_rules.evaluator.deciding import Run
    from minzheng_rules.rulebook.resolution import Names
    from minzheng_rules.rulebook.rulebook import Program

_STATES = {"true": State.TRUE, "false": State.FALSE, "undetermined": State.UNDETERMINED, "value": State.VALUE}
_LEVELS = {
    "national": Words("国家", "the State"),
    "province": Words("省级政府", "the province"),
    "city": Words("设区的市", "the city"),
    "county": Words("县级政府", "the county"),
}


class Frame:
    """Where an expression is evaluated: the subject of the rule and the loop variables."""

    __slots__ = ("subject", "x", "y")

    def __init__(self, subject: Subject, x: Subject | None = None, y: Subject | None = None) -> None:
        self.subject, self.x, self.y = subject, x, y

    def unbound(self, slot: int) -> bool:
        """Whether a loop variable is not set here."""
        return (self.x if slot == 1 else self.y) is None

    def bind(self, slot: int, item: Subject) -> Frame:
        """The same with a loop variable set."""
        return Frame(self.subject, item, self.y) if slot == 1 else Frame(self.subject, self.x, item)


class _SaidOfRule(NamedTuple):
    """What the node of a rule says in every case."""

    kind: NodeKind
    label: Words
    per: str | None
    unit: Words | None
    citations: tuple[Citation, ...]
    declared: Declaration
    origin: Origin
    reason: Words | None


class Builder:
    """Builds the nodes of one decision, each rule, fact and parameter once."""

    def __init__(self, run: Run) -> None:
        self.run, self.names, self.rules, self.compiled = run, run.names, run.rules, run.compiled
        self._nodes: dict[tuple[str, str], Node] = {}
        self._facts: dict[tuple[str, str], Node] = {}
        self._kept = run.compiled.kept
        self._said_of_rules: dict[tuple[str, str], _SaidOfRule] = self._kept.setdefault("rules", {})
        self._not_in_force = Words(f"{run.day} 没有生效的规定", f"no such rule is in force on {run.day}")
        self._formulas: dict[ir.Expression, Words] = self._kept.setdefault("formulas", {})
        self._plans: dict[ir.Expression, tuple[ir.Expression, ...]] = self._kept.setdefault("leaves", {})
        self._marked: tuple[set[Node], set[Node]] = (set(), set())

    # -- conclusions ---------------------------------------------------------------------------------------------

    def conclusion(self, program: Program, subject: Subject, outcome: Outcome) -> Node:
        """A program's answer about a subject, with its eligibility, amounts and results below it; marked."""
        node = Node(
            id=f"{program.id}@{subject.path or program.subject}",
            kind=NodeKind.CONCLUSION,
            label=program.term,
            state={
                Status.ELIGIBLE: State.TRUE,
                Status.INELIGIBLE: State.FALSE,
                Status.UNDETERMINED: State.UNDETERMINED,
                Status.NOT_APPLICABLE: State.UNTOUCHED,
            }[outcome.status],
            value=_STATUS_WORDS[outcome.status],
            raw=outcome.status.value,
            subject=self._who(subject).zh,
            subject_en=self._who(subject).en,
        )
        if self.run.too_late:
            through = self.run.rulebook.decides_through
            node.reason = Words(f"规则手册只裁断到 {through}", f"the rulebook decides through {through} only")
            mark([node], self._marked)
            return node
        leading: list[Node] = []
        for key in (program.applies, program.eligible):
            if key is not None:
                leading.append(self.rule(key, subject))
                if leading[-1].state is State.FALSE:
                    break
        entitled = outcome.status in (Status.ELIGIBLE, Status.UNDETERMINED)
        paid = [self.rule(key, subject) for _, key, _ in program.every_amount()]
        answers = [self.rule(key, subject) for _, key in program.results]
        start = [self.rule(program.payable_from, subject)] if program.payable_from is not None and entitled else []
        node.children = _unique([*leading, *paid, *answers, *start])
        if outcome.status is Status.NOT_APPLICABLE:
            leads = leading
        elif outcome.status is Status.ELIGIBLE or program.eligible is None:
            leads = [*leading, *paid, *answers, *start]
        elif outcome.status is Status.UNDETERMINED:
            leads = [*leading, *paid]
        else:
            leads = leading or paid
        settled_by = [n for n in leading if n.state is State.UNDETERMINED]
        if outcome.status is Status.UNDETERMINED and settled_by:
            leads = settled_by
        chosen = _unique(leads)
        node.leads = lambda: chosen
        mark([node], self._marked)
        return node

    # -- rules ---------------------------------------------------------------------------------------------------

    def rule(self, key: str, subject: Subject) -> Node:
        """The node of a rule about a subject."""
        known = self._nodes.get((key, subject.path))
        if known is not None:
            return known
        effective = self.rules.rules.get(key)
        value = self.compiled.value(key, subject)
        type_ = self.names.type_of(key)
        node = self._nodes[key, subject.path] = self._rule_node(key, subject, value, type_, effective)
        return node

    def _rule_node(self, key: str, subject: Subject, value: Any, type_: Type, effective: Effective | None) -> Node:
        """The outside of a rule's node; the inside is made when it is looked at."""
        said = self._said_of_rules.get((key, subject.kind))
        if said is None:
            said = self._said_of_rules[key, subject.kind] = self._said_of(key, subject.kind, type_, effective)
        declared, who = said.declared, self.run.called(subject) if subject.parent is not None else _NOBODY
        node = Unopened.__new__(Unopened)
        node.id = f"{key}@{subject.path or subject.kind}"
        node.label = said.label
        node.state = _state(value, type_) if effective is not None else State.UNDETERMINED
        node.value = Lazy(_value_text, value, type_, self.names, said.per)
        node.raw = Later(value, type_)
        node.unit = said.unit
        node.subject, node.subject_en = who
        node.place, node.since, node.until = declared.place, declared.start, declared.end
        node.decisive = False
        node.opening = partial(self._open, said, effective, subject, value, type_)
        return node

    def _open(
        self,
        said: _SaidOfRule,
        effective: Effective | None,
        subject: Subject,
        value: Any,
        type_: Type,
        node: Node,
    ) -> None:
        """Make what is inside a rule's node."""
        node.kind, node.citations, node.origin = said.kind, said.citations, said.origin
        node.reason = said.reason if effective is not None else self._not_in_force
        if effective is not None:
            self._fill(node, effective, subject, value, type_)

    def _said_of(self, key: str, kind: str, type_: Type, effective: Effective | None) -> _SaidOfRule:
        """What a rule's node says in every case."""
        first = self.names.declarations[key][0]
        declared = first if effective is None else effective.definition.declaration
        step = NodeKind.CONDITION if isinstance(type_, Truth) else NodeKind.DEFINITION
        if effective is not None and effective.definition.rounding is not None:
            step = NodeKind.AMOUNT
        per = self.names.dimension(kind)
        replacement = Words(f"由“{declared.term}”取代", f"replaced by {declared.id.replace('_', ' ')}")
        return _SaidOfRule(
            step,
            self._label(first.term, first.id),
            per,
            _unit_words(type_, per),
            self._cited(declared.cites),
            declared,
            self._origin_of(declared),
            replacement if first.key != declared.key else None,
        )

    def _fill(self, node: Node, effective: Effective, subject: Subject, value: Any, type_: Type) -> None:
        """The steps below a rule's node: what is asked first, exceptions, the body, rounding."""
        definition = effective.definition
        frame = Frame(subject)
        before: list[Node] = []
        if definition.given is not None:
            given = self.condition(definition.given, frame, f"{node.id}/given")
            before.append(given)
            if given.state is State.FALSE:
                node.children = before
                return
        exceptions = [self._exception(d, subject, node.id) for d in effective.exceptions]
        acting = [e for e in exceptions if e.state is State.TRUE]
        if effective.exceptions:
            states = {d.key: subject.memo.get(d.key + WHEN, MAYBE) for d in effective.exceptions}
            _, _, conflict = standing(effective, states)
            if conflict:
                names = [e.label for e in acting]
                node.reason = Words(
                    "例外互相冲突：" + "、".join(n.zh for n in names),
                    "exceptions conflict: " + ", ".join(n.en for n in names),
                )
                node.children = [*before, *exceptions]
                return
        body, formula, filled = self._body(effective, subject, node)
        node.formula, node.filled = formula, filled
        node.children = _unique([*before, *exceptions, *body])
        needed = [n for need in definition.needs for n in self._leaves(need, frame, node.id)]
        if acting:
            node.formula = node.filled = None
            # What an acting exception comes to decides as much as that it acts, and may be open when that is not.
            self._led_by(node, [*before, *exceptions, *(e.children[-1] for e in acting)], None)
        elif before or exceptions or needed:
            self._led_by(node, [*before, *exceptions, *needed], node.leads or (lambda: body))
        node.children = _unique([*node.children, *needed])
        if effective.stacks:
            self._stack(node, effective, subject)
        if definition.rounding is not None:
            self._round(node, effective, subject, value, type_)

    def _led_by(self, node: Node, first: list[Node], then: Callable[[], list[Node]] | None) -> None:
        """What settles a rule: what is asked first, and unless an exception acts, what settles its body."""
        node.leads = lambda: _leading(node, _unique([*first, *(then() if then is not None else ())]))

    def _exception(self, definition: Definition, subject: Subject, parent: str) -> Node:
        """One exception: whether it takes the rule's place, and if so with what."""
        assert definition.when is not None
        holds = self.compiled.exception_when(definition)(subject, None, None)
        declaration = definition.declaration
        condition = self.clause(definition.when, Frame(subject), f"{parent}/except/{declaration.id}/when")
        node = Node(
            id=f"{parent}/except/{declaration.id}",
            kind=NodeKind.EXCEPTION,
            label=Words(declaration.term, declaration.id.replace("_", " ")),
            state=_state(holds, TRUTH),
            value=Words("取代一般规定", "takes the rule's place")
            if holds is True
            else Words("不成立", "does not apply")
            if holds is False
            else Words("待定", "undetermined"),
            raw=None if holds is MAYBE else holds,
            subject=self._who(subject).zh,
            subject_en=self._who(subject).en,
            citations=self._cited(declaration.cites),
            place=declaration.place,
            origin=Origin(status=declaration.status, layer=declaration.layer, note=declaration.note),
        )
        node.children = [condition]
        if holds is not False:
            node.children.append(self.rule(definition.key, subject))
        return node

    def _stack(self, node: Node, effective: Effective, subject: Subject) -> None:
        """How other benefits bear on an amount: one step for each, those that act and those that do not."""
        own = self.compiled.before_award(effective, subject)
        if settled(own) and own == 0:
            return
        type_ = effective.definition.type
        per = self.names.dimension(subject.kind)
        rows = []
        for index, stack in enumerate(effective.stacks):
            holds, amount = self.compiled.other_benefit(stack)(subject)
            before, own = own, leaves(stack, own, holds, amount)
            acts = holds is not False and (not settled(own) or not settled(before) or own != before)
            open_ = not settled(own) and (holds is MAYBE or stack.relation == "unknown" or not settled(amount))
            state = State.UNDETERMINED if acts and open_ else State.TRUE if acts else State.FALSE
            relation = _RELATION_WORDS[stack.relation]
            row = Node(
                id=f"{node.id}/stack/{index}",
                kind=NodeKind.TABLE_ROW,
                label=Words(f"与“{stack.label}”：{relation.zh}", f"with {stack.label}: {relation.en}"),
                state=state,
                value=self._value(own, type_, per),
                filled=Lazy(self._award_text, before, own, type_, per) if acts else None,
                subject=node.subject,
                subject_en=node.subject_en,
                citations=self._cited(stack.cites),
                place=stack.place,
                origin=Origin(status=stack.status),
                reason=None if acts else _WITHOUT_EFFECT[holds is not False],
            )
            row.children = self._stack_parts(stack, subject, row.id)
            rows.append(row)
        first = node.children
        settles = node.leads or (lambda: first)
        node.leads = lambda: _leading(node, _unique([*settles(), *rows]))
        node.children = _unique([*node.children, *rows])

    def _award_text(self, before: Any, after: Any, type_: Type, per: str | None, lang: str) -> str:
        return f"{value_text(before, type_, self.names, lang, per)} → {value_text(after, type_, self.names, lang, per)}"

    def _stack_parts(self, stack: Stack, subject: Subject, id: str) -> list[Node]:
        """What a stacking row rests on: a condition, another amount, or what is drawn."""
        frame = Frame(subject)
        if stack.condition is not None:
            return [self.condition(stack.condition, frame, f"{id}/0")]
        if stack.amount is not None:
            owner = self._evaluate(stack.amount.of, frame)
            if not isinstance(owner, Subject):
                return []
            if stack.relation == "higher":
                # Both amounts look at each other here: the other is named with what it comes to by itself.
                return self._own_amount(stack, owner, id)
            return [self.rule(stack.amount.key, owner)]
        assert stack.drawn is not None
        list_name = stack.drawn[0]
        known = self.names.fact(subject.kind, list_name)
        assert known is not None
        reference = ir.FactOf(known[1], stack.place, ir.Self(One(subject.kind), stack.place, 0), known[0])
        return self._listed(reference, subject, stack)

    def _listed(self, reference: ir.FactOf, subject: Subject, stack: Stack) -> list[Node]:
        """The list of benefits drawn, and of each entry what it is and how much."""
        assert stack.drawn is not None
        nodes = [self.fact(reference, subject)]
        for item in subject.facts.get(stack.drawn[0], ()):
            for name in (stack.drawn[1], stack.drawn[3]):
                known = self.names.fact(item.kind, name)
                assert known is not None
                of = ir.FactOf(known[1], stack.place, ir.Self(One(item.kind), stack.place, 0), known[0])
                nodes.append(self.fact(of, item))
        return nodes

    def _own_amount(self, stack: Stack, owner: Subject, id: str) -> list[Node]:
        assert stack.amount is not None
        effective = self.rules.rules.get(stack.amount.key)
        if effective is None:
            return []
        value = self.compiled.before_award(effective, owner)
        declared = effective.original.declaration
        type_ = effective.original.type
        per = self.names.dimension(owner.kind)
        node = Node(
            id=f"{id}/other",
            kind=NodeKind.AMOUNT,
            label=Words(declared.term, declared.id.replace("_", " ")),
            state=_state(value, type_),
            value=self._value(value, type_, per),
            raw=Later(value, type_),
            unit=_unit_words(type_, per),
            subject=self._who(owner).zh,
            subject_en=self._who(owner).en,
            citations=self._cited(declared.cites),
            place=declared.place,
        )
        definition = effective.definition
        before = (
            [] if definition.given is None else [self.condition(definition.given, Frame(owner), f"{id}/other/given")]
        )
        if before and before[0].state is State.FALSE:
            node.children = before
            return [node]
        leaves_ = [n for part in definition.body.expressions() for n in self._leaves(part, Frame(owner), f"{id}/other")]
        exceptions = [self._exception(d, owner, node.id) for d in effective.exceptions]
        node.children = _unique([*before, *exceptions, *leaves_])
        return [node]

    def _round(self, node: Node, effective: Effective, subject: Subject, value: Any, type_: Type) -> None:
        definition = effective.definition
        assert definition.rounding is not None
        exact = self.compiled.unrounded(effective, subject)
        parameter = self.parameter(definition.rounding, ())
        if parameter.state is not State.UNDETERMINED and (not settled(exact) or exact == value):
            return
        unit = type_.unit if isinstance(type_, Quantity) else None
        per = self.names.dimension(subject.kind)
        step = Node(
            id=f"{node.id}/rounding",
            kind=NodeKind.ROUNDING,
            label=parameter.value,
            state=node.state,
            value=self._value(value, type_, per),
            filled=Lazy(
                lambda lang: (
                    f"{value_text(exact, type_, self.names, lang, per)} → {value_text(value, type_, self.names, lang, per)}"
                )
            ),
            raw=Rounded(exact, value, type_),
            unit=None if unit is None else _unit_words(type_, per),
            subject=node.subject,
            subject_en=node.subject_en,
            citations=parameter.citations,
            children=[parameter],
        )
        node.children = [*node.children, step]

    # -- bodies --------------------------------------------------------------------------------------------------

    def _body(
        self, effective: Effective, subject: Subject, node: Node
    ) -> tuple[list[Node], Words | None, Words | None]:
        """The steps of a rule's body, its formula, and the formula with the numbers in."""
        definition = effective.definition
        frame = Frame(subject)
        match definition.body:
            case Formula(expression=expression):
                formula, filled = self._texts(expression, frame)
                return self._leaves(expression, frame, node.id), formula, filled
            case Conditions(clause=clause):
                return self._conditions(effective, clause, subject, node)
            case Choice() as choice:
                return self._choice(choice, subject, node), None, None
            case Table() as table:
                return self._table(table, subject, node), None, None
            case TableParameter() as kept:
                return self._kept_table(kept, subject, node), None, None
            case Sum() as total:
                parts = [n for part in total.parts for n in self._leaves(part, frame, node.id)]
                added = [self.rule(key, subject) for key in effective.additions]
                if not parts and not added:
                    node.reason = self._open_list(effective)
                return [*parts, *added], None, None
            case Group(subset=subset):
                return self._group(subset, subject, node), self._texts(subset, frame)[0], None
            case Delegated():
                self._delegation(node, effective, subject)
                return [], None, None

    def _conditions(
        self, effective: Effective, clause: Clause, subject: Subject, node: Node
    ) -> tuple[list[Node], Words | None, Words | None]:
        definition = effective.definition
        frame = Frame(subject)
        added = [self.rule(key, subject) for key in effective.additions]
        alternatives, barred = (added, []) if not definition.unless else ([], added)
        formula = filled = None
        if clause.mode == "one" and not alternatives and not definition.unless:
            assert clause.expression is not None
            single = self.condition(clause.expression, frame, f"{node.id}/0", clause.cites)
            if isinstance(clause.expression, ir.Compare | ir.OneOf):
                node.wording, node.margin = single.wording, single.margin
                node.formula, node.filled = single.formula, single.filled
                if isinstance(clause.expression, ir.Compare):
                    node.kind = NodeKind.COMPARISON
                return single.children, single.formula, single.filled
            return [single], formula, filled
        mode = clause.mode
        if mode == "one":
            items = [self.clause(clause, frame, f"{node.id}/0")]
            mode = "any" if alternatives else "all"
        else:
            items = [self.clause(item, frame, f"{node.id}/{i}") for i, item in enumerate(clause.clauses)]
        items += alternatives
        unless = [
            self.clause(item, frame, f"{node.id}/unless/{i}") for i, item in enumerate(definition.unless)
        ] + barred
        if not unless:
            node.leads = _leads(mode, items)
            if node.state is State.FALSE and definition.declaration.open_to and mode == "any":
                node.reason = self._open_list(effective)
            return items, formula, filled
        body = items
        if mode == "any" or len(items) != 1:
            body = [self._list_node(f"{node.id}/body", mode, items)] if mode == "any" and len(items) > 1 else items
        bar = self._none_of(f"{node.id}/unless", unless, effective)
        parts = [*body, bar]
        node.leads = _leads("all", parts)
        return parts, formula, filled

    def _list_node(self, id: str, mode: str, items: list[Node]) -> Node:
        states = [item.state for item in items]
        wanted = State.TRUE if mode == "any" else State.FALSE
        state = (
            wanted if wanted in states else State.UNDETERMINED if State.UNDETERMINED in states else _contrary(wanted)
        )
        return Node(
            id=id,
            kind=NodeKind.ANY if mode == "any" else NodeKind.ALL,
            label=Words("下列之一", "any of these") if mode == "any" else Words("下列各项", "all of these"),
            state=state,
            value=_TRUTH_WORDS[state],
            raw=_raw(state),
            children=items,
            leads=_leads(mode, items),
        )

    def _none_of(self, id: str, items: list[Node], effective: Effective) -> Node:
        states = [item.state for item in items]
        state = (
            State.FALSE if State.TRUE in states else State.UNDETERMINED if State.UNDETERMINED in states else State.TRUE
        )
        node = Node(
            id=id,
            kind=NodeKind.NOT,
            label=Words("不属于下列情形", "none of these"),
            state=state,
            value=_TRUTH_WORDS[state],
            raw=_raw(state),
            children=items,
            leads=_leads("any", items),
        )
        if effective.definition.declaration.open_to and state is State.TRUE:
            node.reason = self._open_list(effective)
        return node

    def _open_list(self, effective: Effective) -> Words | None:
        """That a level may add to the list of which nothing has been seen; ``None`` where every level's list was."""
        seen = {self.rules.level_of(self.rules.rules[key].original) for key in effective.additions}
        levels = [level for level, _ in effective.definition.declaration.open_to if level not in seen]
        if not levels:
            return None
        zh = "、".join(_LEVELS[level].zh for level in levels)
        en = ", ".join(_LEVELS[level].en for level in levels)
        return Words(f"{zh}可以增列，未见其规定", f"{en} may add to this list; no such provision has been seen")

    def _choice(self, choice: Choice, subject: Subject, node: Node) -> list[Node]:
        frame = Frame(subject)
        result: list[Node] = []
        leads: list[Node] = []
        done = False
        for index, branch in enumerate(choice.branches):
            id = f"{node.id}/case/{index}"
            if branch.clause is None:
                step = Node(
                    id, NodeKind.CONDITION, Words("其余情形", "otherwise"), State.TRUE, _TRUTH_WORDS[State.TRUE], True
                )
            else:
                step = self.clause(branch.clause, frame, id)
            if done:
                shown = Node(
                    f"{id}/untouched",
                    step.kind,
                    step.label,
                    State.UNTOUCHED,
                    Words("未用到", "not reached"),
                    formula=step.formula,
                )
                result.append(shown)
                continue
            if branch.clause is not None:
                result.append(step)
                leads.append(step)
            if step.state is State.FALSE:
                continue
            parts = self._leaves(branch.expression, frame, f"{id}/value")
            result += parts
            leads += parts
            node.formula, node.filled = self._texts(branch.expression, frame)
            done = step.state is State.TRUE
        chosen = _unique(leads)
        node.leads = lambda: _leading(node, chosen)
        return result

    def _table(self, table: Table, subject: Subject, node: Node) -> list[Node]:
        frame = Frame(subject)
        inputs = [self._leaves(item, frame, f"{node.id}/input") for item in table.inputs]
        asked_of: set[int] = set()
        rows: list[Node] = []
        yields: list[Node] = []
        limits: list[Node] = []
        leads: list[Node] = []
        done = False
        for index, row in enumerate(table.rows):
            id = f"{node.id}/row/{index}"
            cells = [(c, self._evaluate(c, frame)) for c in row.conditions if c is not None]
            values = [value for _, value in cells]
            if not done:
                columns = [i for i, condition in enumerate(row.conditions) if condition is not None]
                bears = [value is not MAYBE or False not in values for value in values]
                asked_of.update(i for i, bearing in zip(columns, bears, strict=True) if bearing)
            state = State.FALSE if False in values else State.UNDETERMINED if MAYBE in values else State.TRUE
            if done:
                state = State.UNTOUCHED
            step = Node(
                id=id,
                kind=NodeKind.TABLE_ROW,
                label=Words(f"第 {index + 1} 行", f"row {index + 1}"),
                state=state,
                value=Lazy(self._row_text, row.outputs),
                formula=Lazy(self._cells_text, [c for c, _ in cells]),
                citations=self._cited(row.cites),
                place=row.place,
                origin=Origin(status=row.status),
            )
            if state is not State.UNTOUCHED:
                # What bounds a cell decides with what the column is about, and may be what is not known.
                limits += [n for c, _ in cells for limit in _limits(c) for n in self._leaves(limit, frame, id)]
            failing = next((c for c, value in cells if value is False), None)
            if failing is not None and state is State.FALSE:
                step.reason = Lazy(self._fails_text, failing)
            if state in (State.TRUE, State.UNDETERMINED):
                given = [n for o in row.outputs if o is not None for n in self._leaves(o, frame, id)]
                yields += given
                leads += [step, *given]
                if any(o is None for o in row.outputs):
                    step.reason = Words("这一格没有规定", "this cell is not laid down")
                    if state is State.TRUE:
                        node.reason = Words("表中这一行有一格没有规定", "a cell of this row is not laid down")
                if len(row.outputs) == 1 and row.outputs[0] is not None and state is State.TRUE:
                    node.formula, node.filled = self._texts(row.outputs[0], frame)
            done = done or state is State.TRUE
            rows.append(step)
        if not any(row.state in (State.TRUE, State.UNDETERMINED) for row in rows):
            node.reason = Words("表中没有合适的行", "no row of the table fits")
        asked = _unique([*(n for found in inputs for n in found), *limits])
        # What is open in a column only of rows that another column rules out keeps nothing open.
        idle = {n for i, found in enumerate(inputs) if i not in asked_of for n in found}
        idle -= {n for i in asked_of for n in inputs[i]} | set(limits)
        chosen = _unique([*(n for n in asked if n not in idle or n.state is not State.UNDETERMINED), *leads])
        node.leads = lambda: _leading(node, chosen)
        return [*asked, *rows, *yields]

    def _kept_table(self, kept: TableParameter, subject: Subject, node: Node) -> list[Node]:
        """A table kept as a parameter: which version is in force, and its rows."""
        parameter = self.parameter(kept.parameter, ())
        table = kept.table(self.rules.reading(kept.parameter).value)
        if table is None:
            return [parameter]
        steps = self._table(table, subject, node)
        looked_up = node.leads
        node.leads = lambda: [parameter, *(looked_up() if looked_up is not None else steps)]
        return [parameter, *steps]

    def _row_text(self, outputs: tuple[ir.Expression | None, ...], lang: str) -> str:
        return ", ".join("?" if o is None else expression_text(o, self.names, lang) for o in outputs)

    def _cells_text(self, cells: list[ir.Expression], lang: str) -> str:
        both = " 且 " if lang == "zh" else " and "
        return both.join(expression_text(c, self.names, lang) for c in cells)

    def _fails_text(self, cell: ir.Expression, lang: str) -> str:
        text = expression_text(cell, self.names, lang)
        return f"不符：{text}" if lang == "zh" else f"does not fit: {text}"

    def _group(self, subset: ir.Subset, subject: Subject, node: Node) -> list[Node]:
        frame = Frame(subject)
        collection = self._leaves(subset.collection, frame, node.id)
        members = []
        for item, certain in each(self._evaluate(subset.collection, frame)):
            inner = frame.bind(subset.slot, item)
            where = self.condition(subset.where, inner, f"{node.id}/member/{item.path}")
            state = where.state if certain or where.state is State.FALSE else State.UNDETERMINED
            members.append(
                Node(
                    id=f"{node.id}/member/{item.path}/in",
                    kind=NodeKind.MEMBERSHIP,
                    label=subject_words(item, self.names),
                    state=state,
                    value=_MEMBER_WORDS[state],
                    raw=_raw(state),
                    subject=self._who(item).zh,
                    subject_en=self._who(item).en,
                    children=[where],
                )
            )
        return [*collection, *members]

    def _delegation(self, node: Node, effective: Effective, subject: Subject) -> None:
        """A term the law leaves to another authority: filled by nobody, or found by a person in this case."""
        definition = effective.definition
        entered = entered_finding(effective, subject)
        levels = tuple(level for level, _ in definition.declaration.delegated_to)
        zh = "、".join(_LEVELS[level].zh for level in levels)
        en = ", ".join(_LEVELS[level].en for level in levels)
        cites = [cite for _, level_cites in definition.declaration.delegated_to for cite in level_cites]
        node.citations = self._cited([*definition.declaration.cites, *cites])
        if entered is None:
            node.kind = NodeKind.DELEGATION
            node.state = State.UNDETERMINED
            node.origin = Origin(status=definition.declaration.status, setter=levels)
            node.reason = Words(f"由{zh}规定，未见其规定", f"left to {en}; no such provision has been supplied")
            return
        by = entered.by or zh
        node.kind = NodeKind.JUDGEMENT
        node.origin = Origin(
            status=definition.declaration.status,
            how="found",
            departments=(entered.by,) if entered.by else (),
            source=entered.basis or "",
            setter=levels,
        )
        day = f"，{entered.on}" if entered.on else ""
        node.reason = Words(
            f"由人认定（{by}{day}）", f"found by a person ({by}{', ' + str(entered.on) if entered.on else ''})"
        )

    # -- conditions ----------------------------------------------------------------------------------------------

    def clause(self, clause: Clause, frame: Frame, id: str) -> Node:
        """The node of one condition as listed in a rule."""
        if clause.mode == "one":
            assert clause.expression is not None
            return self.condition(clause.expression, frame, id, clause.cites)
        items = [self.clause(item, frame, f"{id}/{i}") for i, item in enumerate(clause.clauses)]
        node = self._list_node(id, clause.mode, items)
        if clause.cites:
            node.citations = self._cited(clause.cites)
        return node

    def condition(self, expression: ir.Expression, frame: Frame, id: str, cites: Sequence[Cite] = ()) -> Node:
        """The node of an expression that is true or false."""
        match expression:
            # What is asked of somebody or something referred to rests on the reference as well, so it is a step of its own.
            case ir.RuleOf() | ir.FactOf() if not isinstance(expression.of, ir.FactOf | ir.RuleOf):
                node = self._reference(expression, frame)
                if node is not None:
                    return self._wrapped(node, id, self._cited(cites)) if cites else node
            case ir.AllOf() | ir.AnyOf():
                items = [self.condition(item, frame, f"{id}/{i}") for i, item in enumerate(expression.items)]
                node = self._list_node(id, "all" if isinstance(expression, ir.AllOf) else "any", items)
                if cites:
                    node.citations = self._cited(cites)
                return node
        return self._plain(expression, frame, id, cites)

    def _wrapped(self, node: Node, id: str, citations: tuple[Citation, ...]) -> Node:
        """A reference with a citation of its own: the item of the article that names it."""
        return Node(
            id=id,
            kind=NodeKind.CONDITION,
            label=node.label,
            state=node.state,
            value=node.value,
            raw=node.raw,
            subject=node.subject,
            subject_en=node.subject_en,
            citations=citations,
            children=[node],
        )

    def _plain(self, expression: ir.Expression, frame: Frame, id: str, cites: Sequence[Cite]) -> Node:
        """A comparison, a choice among values, a negation, or a statement about a collection."""
        value = self._evaluate(expression, frame)
        formula, filled = self._texts(expression, frame)
        state, who = _state(value, TRUTH), self._who(frame.subject)
        node = Node(
            id=id,
            kind=NodeKind.COMPARISON
            if isinstance(expression, ir.Compare)
            else NodeKind.NOT
            if isinstance(expression, ir.Not)
            else NodeKind.CONDITION,
            label=formula,
            state=state,
            value=_TRUTH_WORDS[state],
            raw=None if value is MAYBE else value,
            formula=formula,
            filled=filled,
            subject=who.zh,
            subject_en=who.en,
            citations=self._cited(cites) if cites else (),
            place=expression.place,
        )
        if isinstance(expression, ir.Compare):
            node.wording = expression.wording
            node.margin = self._margin(expression, frame)
            node.children = self._leaves(expression, frame, id)
        elif isinstance(expression, ir.Not):
            node.children = [self.condition(expression.item, frame, f"{id}/0")]
        elif isinstance(expression, ir.Aggregate):
            node.children, node.leads = self._quantified(expression, frame, id)
        else:
            node.children = self._leaves(expression, frame, id)
        return node

    def _quantified(
        self, expression: ir.Aggregate, frame: Frame, id: str
    ) -> tuple[list[Node], Callable[[], list[Node]] | None]:
        """``any`` or ``all`` over a collection: one step for each member it is asked of."""
        collection = self._leaves(expression.collection, frame, id)
        steps: list[Node] = []
        assert expression.element is not None
        for item, _ in each(self._evaluate(expression.collection, frame)):
            inner = frame.bind(expression.slot, item)
            if expression.where is not None:
                where = self.condition(expression.where, inner, f"{id}/{item.path}/if")
                steps.append(where)
                if where.state is State.FALSE:
                    continue
            steps.append(self.condition(expression.element, inner, f"{id}/{item.path}"))
        return _unique([*collection, *steps]), None

    def _margin(self, expression: ir.Compare, frame: Frame) -> Words | None:
        """How far the left side is from the line, signed."""
        type_ = expression.left.type
        if not isinstance(type_, Quantity) or expression.op in ("==", "!="):
            return None
        left, right = self._evaluate(expression.left, frame), self._evaluate(expression.right, frame)
        if not settled(left) or not settled(right):
            return None
        return Lazy(_margin_text, left - right, type_, self.names.dimension(frame.subject.kind))

    # -- what expressions rest on --------------------------------------------------------------------------------

    def _leaves(self, expression: ir.Expression, frame: Frame, id: str) -> list[Node]:
        """The rules, facts, parameters and conditions an expression directly rests on."""
        found: list[Node] = []
        self._collect(expression, frame, id, found)
        return _unique(found)

    def _collect(self, expression: ir.Expression, frame: Frame, id: str, found: list[Node]) -> None:
        plan = self._plans.get(expression)
        if plan is None:
            plan = self._plans[expression] = tuple(_rests_on(expression))
        for part in plan:
            match part:
                case ir.RuleOf() | ir.FactOf():
                    node = self._reference(part, frame)
                    if node is not None:
                        found.append(node)
                case ir.ParameterAt():
                    keys = tuple([self._evaluate(index, frame) for index in part.indexes])
                    found += [self.parameter(part.name, key) for key in self._cells(part.name, keys)]
                case ir.TableRows():
                    found.append(self.parameter(part.name, ()))
                case ir.Aggregate():
                    self._collect_aggregate(part, frame, id, found)
                case ir.CountTrue():
                    for number_, item in enumerate(part.items):
                        found.append(self.condition(item, frame, f"{id}/counted/{number_}"))
                case _:
                    found.append(self.condition(part, frame, f"{id}/{len(found)}"))

    def _collect_aggregate(self, expression: ir.Aggregate, frame: Frame, id: str, found: list[Node]) -> None:
        self._collect(expression.collection, frame, id, found)
        if isinstance(expression.collection, ir.TableRows):
            return
        for item, _ in each(self._evaluate(expression.collection, frame)):
            inner = frame.bind(expression.slot, item)
            if expression.where is not None:
                where = self.condition(expression.where, inner, f"{id}/{item.path}/if")
                found.append(where)
                if where.state is State.FALSE:
                    continue
            if expression.element is not None:
                self._collect(expression.element, inner, f"{id}/{item.path}", found)

    def _cells(self, name: str, keys: tuple[Any, ...]) -> list[tuple[str, ...]]:
        """Which cells of a parameter settled indexes pick; none while an index is open."""
        parameter = self.rules.parameters[name]
        if not all(settled(key) for key in keys):
            return []
        if any(isinstance(index, Band) for index in parameter.indexes):
            return parameter.matching(keys) or [()]
        return [keys]

    def _reference(self, expression: ir.RuleOf | ir.FactOf, frame: Frame) -> Node | None:
        of = expression.of
        if isinstance(of, ir.Self):
            owner: Any = frame.subject if of.up == 0 else frame.subject.up(of.up)
        elif isinstance(of, ir.Variable):
            owner = frame.x if of.slot == 1 else frame.y
        else:
            owner = self._evaluate(of, frame)
        if not isinstance(owner, Subject):
            return None
        return self.rule(expression.key, owner) if isinstance(expression, ir.RuleOf) else self.fact(expression, owner)

    # -- facts and parameters ------------------------------------------------------------------------------------

    def fact(self, expression: ir.FactOf, subject: Subject) -> Node:
        """The node of a fact of a subject: as given, as declared none, or missing."""
        fact, type_ = expression.fact, expression.type
        known = self._facts.get((fact.id, subject.path))
        if known is not None:
            return known
        given = fact.id in subject.facts
        value = subject.facts[fact.id] if given else self._possible(expression)
        how = "given" if given and not subject.entity.declared_none else subject.entity.origin(fact.id)
        if given and fact.id in subject.entity.origins:
            how = subject.entity.origin(fact.id)
        judged = fact.judgement is not None
        per, who = self.names.dimension(subject.kind), self._who(subject)
        node = Node(
            id=f"fact/{fact.id}@{subject.path or subject.kind}",
            kind=NodeKind.JUDGEMENT if judged and given else NodeKind.FACT,
            label=self._label(fact.term, fact.id),
            state=_state(value, type_) if given else State.UNDETERMINED,
            value=self._value(value, type_, per),
            raw=Later(value, type_) if given else None,
            unit=_unit_words(type_, per),
            subject=who.zh,
            subject_en=who.en,
            origin=self._origin_of_fact(fact, subject.kind, how),
        )
        if isinstance(type_, Many) and given:
            node.value = Words(f"{len(value)} 项", f"{len(value)} listed") if value else Words("无", "none")
        if not given:
            node.reason = _NOT_GIVEN
        elif judged:
            node.reason = Words(f"由{fact.judgement}认定", f"found by {fact.judgement}")
        self._facts[fact.id, subject.path] = node
        return node

    def _label(self, term: str, id: str) -> Words:
        """What a rule or fact is called: the same in every case, so made once."""
        found = self._kept.get(("label", term, id))
        if found is None:
            found = self._kept["label", term, id] = Words(term, id.replace("_", " "))
        return cast(Words, found)

    def _origin_of(self, declared: Declaration) -> Origin:
        found = self._kept.get(declared)
        if found is None:
            found = self._kept[declared] = Origin(declared.status, declared.layer, note=declared.note)
        return cast(Origin, found)

    def _origin_of_fact(self, fact: FactType, kind: str, how: str) -> Origin:
        found = self._kept.get(("fact", kind, fact.id, how))
        if found is None:
            found = Origin(
                how={"stated": "given", "unknown": "missing"}.get(how, how),
                departments=fact.sources if fact.judgement is None else (fact.judgement,),
                note="" if fact.note is None else fact.note.zh,
                note_en="" if fact.note is None else fact.note.en,
            )
            self._kept["fact", kind, fact.id, how] = found
        return cast(Origin, found)

    def _possible(self, expression: ir.FactOf) -> Any:
        return unknown_fact(expression.fact, expression.type, self.run.day)

    def parameter(self, name: str, keys: tuple[str, ...]) -> Node:
        """The node of a parameter's cell: value, since when, who set it, how it is known."""
        id = f"parameter/{name}" + (f"[{','.join(keys)}]" if keys else "")
        known = self._nodes.get((id, ""))
        if known is not None:
            return known
        parameter = self.rules.parameters[name]
        reading = self.rules.reading(name, keys)
        figure = reading.figure
        value = self.compiled.cell(parameter, keys) if not parameter.is_table else reading.value
        term = parameter.term
        english = name.replace("_", " ")
        if keys:
            zh = [e.say(k, "zh") for e, k in zip(parameter.indexes, keys, strict=True)]
            en = [e.say(k, "en") for e, k in zip(parameter.indexes, keys, strict=True)]
            term, english = f"{term}（{'，'.join(zh)}）", f"{english} ({', '.join(en)})"
        layer = next(
            (layer for layer in self.run.rulebook.layers if figure is not None and layer.id == figure.layer), None
        )
        node = Node(
            id=id,
            kind=NodeKind.PARAMETER,
            label=Words(term, english),
            state=_state(value, parameter.type) if value is not None else State.UNDETERMINED,
            value=self._value(value, parameter.type, None) if not parameter.is_table else _TABLE_WORDS[value is None],
            raw=Later(value, parameter.type) if not parameter.is_table else None,
            unit=_unit_words(parameter.type, None),
            citations=self._cited(figure.sources) if figure is not None else (),
            place=figure.place if figure is not None else parameter.place,
            since=figure.since if figure is not None and figure.since.year > 1 else None,
            until=figure.until if figure is not None else None,
            origin=Origin(
                status=figure.status if figure is not None else "unknown",
                layer=layer.term.zh if layer is not None else "",
                source=figure.source_text if figure is not None else "",
                note=(figure.note if figure is not None else "") or parameter.note,
                setter=parameter.setters_on(self.run.day),
            ),
            reason=reading.reason,
        )
        self._nodes[id, ""] = node
        return node

    # -- small things --------------------------------------------------------------------------------------------

    def _evaluate(self, expression: ir.Expression, frame: Frame) -> Any:
        return self.compiled.closure(expression)(frame.subject, frame.x, frame.y)

    def _value(self, value: Any, type_: Type, per: str | None) -> Words:
        return Lazy(_value_text, value, type_, self.names, per)

    def _texts(self, expression: ir.Expression, frame: Frame) -> tuple[Words, Words]:
        """An expression as written, and with the numbers in."""
        formula = self._formulas.get(expression)
        if formula is None:
            formula = self._formulas[expression] = Lazy(expression_text, expression, self.names)
        return formula, Lazy(self._filled_text, expression, frame)

    def _filled_text(self, expression: ir.Expression, frame: Frame, lang: str) -> str:
        return expression_text(expression, self.names, lang, partial(self._filled, frame, lang))

    def _filled(self, frame: Frame, lang: str, part: ir.Expression) -> str | None:
        """The value of a part of an expression that stands for one."""
        if any(isinstance(p, ir.Variable) and frame.unbound(p.slot) for p in part.walk()) and not isinstance(
            part, ir.Aggregate
        ):
            return None  # said of each member in turn: no one value can stand for it
        match part:
            case ir.FactOf() | ir.RuleOf() | ir.ParameterAt() | ir.ColumnOf() | ir.AsOf():
                value = self._evaluate(part, frame)
                if isinstance(part.type, Truth):
                    return None
                per = None if isinstance(part, ir.ParameterAt) else self._per(part)
                return value_text(value, part.type, self.names, lang, per)
            case ir.Aggregate(fn="sum" | "count"):
                if part.fn == "sum":
                    return self._summands(part, frame, lang)
                return value_text(self._evaluate(part, frame), part.type, self.names, lang, self._per_owner(part))
        return None

    def _summands(self, part: ir.Aggregate, frame: Frame, lang: str) -> str:
        """A short sum with its parts, a long one as its total."""
        items = self._evaluate(part.collection, frame)
        assert part.element is not None
        shown: list[str] = []
        unit = part.type.unit if isinstance(part.type, Quantity) else None
        if isinstance(items, Crowd):
            return value_text(self._evaluate(part, frame), part.type, self.names, lang, self._per_owner(part))
        for item in items:
            inner = frame.bind(part.slot, item)
            if part.where is None or self._evaluate(part.where, inner) is True:
                value = self._evaluate(part.element, inner)
                shown.append(
                    number(value, unit)
                    if settled(value)
                    else value_text(value, part.type, self.names, lang, self._per_owner(part))
                )
        if not 2 <= len(shown) <= 6:
            return value_text(self._evaluate(part, frame), part.type, self.names, lang, self._per_owner(part))
        return f"({' + '.join(shown)})"

    def _per(self, part: ir.Expression) -> str | None:
        from minzheng_rules.language.types import One

        of = getattr(part, "of", None)
        return self.names.dimension(of.type.kind) if of is not None and isinstance(of.type, One) else None

    def _per_owner(self, part: ir.Aggregate) -> str | None:
        return self.names.dimension(part.collection.type.owner) if isinstance(part.collection.type, Many) else None

    def _who(self, subject: Subject) -> Words:
        """Whom a step is about; nobody in particular where it is the whole case."""
        return _NOBODY if subject.parent is None else self.run.called(subject)

    def _cited(self, cites: Iterable[Cite]) -> tuple[Citation, ...]:
        every = tuple(cites)
        if not every:
            return ()
        found = self._kept.get(every)
        if found is None:
            found = self._kept[every] = tuple(self._citation(cite) for cite in self.rules.citations(every))
        return cast(tuple[Citation, ...], found)

    def _citation(self, cite: Cite) -> Citation:
        return citation(cite, self.run.rulebook.sources)


def citation(cite: Cite, sources: Sources) -> Citation:
    """A citation with the title, number and dates of the instrument it names."""
    source = sources.by_id.get(cite.instrument)
    return Citation(
        instrument=cite.instrument,
        article=cite.article,
        title=source.title if source else Words(cite.instrument, cite.instrument),
        number=source.number if source else "",
        since=source.start if source else None,
        until=source.end if source else None,
    )


class Later:
    """A value that is put into JSON form when it is asked for."""

    __slots__ = ("type", "value")

    def __init__(self, value: Any, type_: Type) -> None:
        self.value, self.type = value, type_

    def make(self) -> object:
        """The JSON form."""
        return json_value(self.value, self.type)


class Rounded(Later):
    """An amount before and after rounding."""

    __slots__ = ("before",)

    def __init__(self, before: Any, value: Any, type_: Type) -> None:
        super().__init__(value, type_)
        self.before = before

    def make(self) -> object:
        return {"before": json_value(self.before, self.type), "after": json_value(self.value, self.type)}


def _value_text(value: Any, type_: Type, names: Names, per: str | None, lang: str) -> str:
    return value_text(value, type_, names, lang, per)


def _rests_on(expression: ir.Expression) -> Iterator[ir.Expression]:
    """The parts an expression rests on that have a node of their own, or several, in order."""
    match expression:
        case ir.RuleOf() | ir.FactOf():
            if isinstance(expression.of, ir.FactOf | ir.RuleOf):
                yield from _rests_on(expression.of)
            yield expression
        case ir.ParameterAt():
            for index in expression.indexes:
                yield from _rests_on(index)
            yield expression
        case ir.TableRows() | ir.Aggregate() | ir.AllOf() | ir.AnyOf() | ir.Not() | ir.CountTrue():
            yield expression
        case _:
            for part in expression.parts():
                yield from _rests_on(part)


# -- marking -----------------------------------------------------------------------------------------------------------


def mark(roots: Iterable[Node], marked: tuple[set[Node], set[Node]] | None = None) -> None:
    """Mark the steps that settle the roots. ``marked`` holds those that are marked already: one graph has many roots."""
    for node in settling(roots, marked):
        node.decisive = True


def settling(roots: Iterable[Node], seen: tuple[set[Node], set[Node]] | None = None) -> Iterator[Node]:
    """The steps that settle the roots, from the top down, whatever other conclusions they settle as well.

    An undetermined step below a settled one matters for its bounds, and those rest on everything in it: it may come twice,
    as such and for the bounds. ``seen`` holds what need not be looked at again, in these two ways.
    """
    plain, bounding = seen if seen is not None else (set(), set())
    stack = [(node, False) for node in roots]
    while stack:
        node, for_bounds = stack.pop()
        known = bounding if for_bounds else plain
        if node in known:
            continue
        known.add(node)
        yield node
        open_ = node.state is State.UNDETERMINED
        below = node.children if open_ and for_bounds else leading(node)
        if open_ and not for_bounds:
            stack += [(child, False) for child in below if child not in plain]
        else:
            stack += [(child, True) for child in below if child not in bounding]


def leading(node: Node) -> list[Node]:
    """The children that settle a node."""
    return node.leads() if node.leads is not None else _leading(node, node.children)


def _leading(node: Node, candidates: list[Node]) -> list[Node]:
    """Of an undetermined node the undetermined children, else all of them."""
    if node.state is State.UNDETERMINED:
        open_ = [child for child in candidates if child.state is State.UNDETERMINED]
        return open_ or candidates
    return candidates


def _leads(mode: str, items: list[Node]) -> Callable[[], list[Node]]:
    """What settles a list: of a false ``all`` its false items, of a true ``any`` its true ones, else as usual."""
    settling = State.FALSE if mode == "all" else State.TRUE
    chosen = [item for item in items if item.state is settling]
    if not chosen:
        chosen = [item for item in items if item.state is State.UNDETERMINED] or items
    return lambda: chosen


def _unique(nodes: list[Node]) -> list[Node]:
    """Each node once, in order."""
    return nodes if len(nodes) < 2 else list(dict.fromkeys(nodes))


def _state(value: Any, type_: Type) -> State:
    """The state of a step that came to this value."""
    if value is True or value is False:
        return (State.TRUE if value else State.FALSE) if isinstance(type_, Truth) else State.VALUE
    kind = type(value)
    if kind is int or kind is str or kind is tuple:
        return State.UNDETERMINED if isinstance(type_, Truth) else State.VALUE
    return _STATES[truth_state(value, type_)]


def _contrary(state: State) -> State:
    return State.FALSE if state is State.TRUE else State.TRUE


def _raw(state: State) -> bool | None:
    return True if state is State.TRUE else False if state is State.FALSE else None


def _unit_words(type_: Type, per: str | None) -> Words | None:
    unit = type_.unit if isinstance(type_, Quantity) else None
    return None if unit is None else unit_words(unit, per)


def _limits(cell: ir.Expression) -> Iterator[ir.Expression]:
    """What bounds a cell, where it is more than a number."""
    if isinstance(cell, ir.AllOf):
        for item in cell.items:
            yield from _limits(item)
    elif isinstance(cell, ir.Compare) and not isinstance(cell.right, ir.Literal):
        yield cell.right


def _margin_text(margin: Any, type_: Quantity, per: str, lang: str) -> str:
    if margin == 0:
        return "正好相等" if lang == "zh" else "exactly equal"
    unit = type_.unit
    amount = number(abs(margin), unit)
    shown = unit.after(Fraction(abs(margin), unit.scale), lang, per) if unit is not None else ""
    spaced = f"{amount} {shown}".strip()
    if lang == "zh":
        return f"{'低' if margin < 0 else '高'} {spaced}"
    return f"{spaced} {'below' if margin < 0 else 'above'}"


_NOBODY = Words("", "")
_NOT_GIVEN = Words("没有给出", "not given")
_TABLE_WORDS = {False: Words("按表", "as tabled"), True: Words("没有可用的表", "no table to use")}
_TRUTH_WORDS = {
    State.TRUE: Words("成立", "holds"),
    State.FALSE: Words("不成立", "does not hold"),
    State.UNDETERMINED: Words("待定", "undetermined"),
    State.UNTOUCHED: Words("未用到", "not reached"),
}
_RELATION_WORDS = {
    "excluded": Words("不得重复享受", "not both"),
    "higher": Words("择高享受", "the higher of the two"),
    "top_up": Words("补差", "the difference only"),
    "unknown": Words("能否同时享受没有规定", "whether both can be had is not laid down"),
}
_WITHOUT_EFFECT = {
    False: Words("没有这项待遇，不受影响", "not drawn, no effect"),
    True: Words("本项较高，不受影响", "this one is the higher, no effect"),
}
_MEMBER_WORDS = {
    State.TRUE: Words("计入", "belongs"),
    State.FALSE: Words("不计入", "does not belong"),
    State.UNDETERMINED: Words("待定", "undetermined"),
}
_STATUS_WORDS = {
    Status.ELIGIBLE: Words("符合", "eligible"),
    Status.INELIGIBLE: Words("不符合", "not eligible"),
    Status.UNDETERMINED: Words("待定", "undetermined"),
    Status.NOT_APPLICABLE: Words("不适用", "not applicable"),
}
