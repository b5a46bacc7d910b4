"""The steps of what a rule says: formulas, lists of conditions, cases, tables, sums, groups, what is delegated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from minzheng_rules.evaluator.compiling import each, entered_finding
from minzheng_rules.evaluator.possible import MAYBE
from minzheng_rules.evaluator.printing import expression_text, subject_words
from minzheng_rules.language import ir
from minzheng_rules.problems import Lazy, Words
from minzheng_rules.rulebook.definitions import (
    Choice,
    Clause,
    Conditions,
    Delegated,
    Formula,
    Group,
    Sum,
    Table,
    TableParameter,
    TableRow,
)
from minzheng_rules.rulebook.ruleset import Effective
from minzheng_rules.trail.building.conditions import ListPlan, margin
from minzheng_rules.trail.building.marking import leading_of, leads_of_list, unique
from minzheng_rules.trail.building.several import Opening, Part, Several, anew, opening
from minzheng_rules.trail.building.steps import Plan, Step, step_of, who
from minzheng_rules.trail.building.texts import Frame
from minzheng_rules.trail.building.values import LEVELS, TRUTH_WORDS, raw_truth
from minzheng_rules.trail.node import FALSE, TRUE, UNDETERMINED, UNTOUCHED, Citation, Node, NodeKind, Origin, State

if TYPE_CHECKING:
    from minzheng_rules.trail.building.plans import Plans


class Inside:
    """What is found together when a rule is looked into."""

    looked_at = False
    """Whether the rule's body was looked at: not where what is asked first fails, nor where exceptions conflict."""
    acting = False
    """Whether an exception takes the place of the body."""
    first: Sequence[Node] = ()
    """What decides beside the body: what is asked first, exceptions, what must be known."""
    body: Sequence[Node] = ()
    """The steps of the body."""
    chosen: Sequence[Node] | None = None
    """Those of them that may settle the rule, where not all do."""
    idle: Collection[Node] = ()
    """Of those, the ones that settle nothing while they are open."""
    rows: Sequence[Node] = ()
    """Other benefits that bear on the amount."""
    children: Sequence[Node] = ()
    wording: str = ""
    """The text's own word for what the body compares."""

    def __init__(self, kind: NodeKind, citations: tuple[Citation, ...], origin: Origin, reason: Words | None) -> None:
        self.kind, self.citations, self.origin, self.reason = kind, citations, origin, reason

    def look_at(self, body: Body, step: Step) -> None:
        """Look at the body of the rule."""
        self.looked_at = True
        self.wording = body.wording
        body.fill(step, self)


class Body:
    """What a rule says, with the steps of that."""

    kind: NodeKind | None = None
    """The kind of step a rule becomes that says only this."""
    wording: str = ""
    formula: Words | None = None

    def fill(self, step: Step, inside: Inside) -> None:
        """Put in the steps of the body, and what else is found with them."""
        raise NotImplementedError

    def settling(self, step: Step, inside: Inside) -> Sequence[Node] | None:
        """The steps of the body that settle the rule; ``None`` where all do."""
        return None if inside.chosen is None else leading_of(step, inside.chosen)

    def filled(self, step: Step) -> Words | None:
        """The formula with the numbers in."""
        return None

    def margin(self, step: Step) -> Words | None:
        """How far a comparison is from its line."""
        return None

    def reason(self, step: Step, otherwise: Words | None) -> Words | None:
        """Why the rule is open, if the body says so."""
        return otherwise


class SimpleBody(Body):
    """A body whose steps are plain beforehand."""

    children: Opening
    """Makes the steps below a rule that says only this."""

    def fill(self, step: Step, inside: Inside) -> None:
        inside.kind = self.kind or inside.kind
        inside.body = self.children(step)
        inside.reason = self.reason(step, inside.reason)

    leads: Callable[[Step], Sequence[Node]] | None = None
    """The steps that settle a rule that says only this; ``None`` where all do."""


class FormulaBody(SimpleBody):
    """One expression."""

    prefix = ""
    """With what the ends of the ids begin of the steps below."""

    def __init__(self, plans: Plans, body: Formula) -> None:
        self.plans, self.expression = plans, body.expression
        self.formula = plans.texts.formula(body.expression)
        self.children = plans.below(body.expression, self.prefix)

    def filled(self, step: Step) -> Words | None:
        return self.plans.texts.filled(self.expression, Frame(step.about))


class ComparisonBody(FormulaBody):
    """One condition that compares: the rule itself is the comparison."""

    expression: ir.Compare | ir.OneOf
    prefix = "0/"

    def __init__(self, plans: Plans, expression: ir.Compare | ir.OneOf) -> None:
        super().__init__(plans, Formula(expression))
        if isinstance(expression, ir.Compare):
            self.kind, self.wording = NodeKind.COMPARISON, expression.wording

    def margin(self, step: Step) -> Words | None:
        return margin(self.plans, self.expression, step) if isinstance(self.expression, ir.Compare) else None


class OneConditionBody(SimpleBody):
    """One condition that is a step of its own."""

    def __init__(self, plans: Plans, clause: Clause) -> None:
        self.children = opening([(plans.clause(clause), "0")])


class ListBody(SimpleBody):
    """Conditions of which all or any must hold, and none of those after ``unless``."""

    def __init__(self, plans: Plans, effective: Effective, clause: Clause) -> None:
        unless, added = effective.definition.unless, [(plans.kept_rule(key), "") for key in effective.additions]
        listed = [clause] if clause.mode == "one" else clause.clauses
        items = [(plans.clause(item), str(i)) for i, item in enumerate(listed)]
        items += [] if unless else added
        self.mode = clause.mode
        if clause.mode == "one":
            self.mode = "any" if added and not unless else "all"
        self.excludes = bool(unless)
        all_must = self.excludes or self.mode == "all"
        self._wanted, self._if_none = (FALSE, TRUE) if all_must else (TRUE, FALSE)
        self.open_to = bool(effective.definition.declaration.open_to)
        self.open = open_list(plans, effective) if self.open_to else None
        if unless:
            if self.mode == "any" and len(items) > 1:
                # The ids of its items begin with the rule's.
                items = [(anew(ListPlan("any", items, beside=True)), "body")]
            barred = [(plans.clause(item), str(i)) for i, item in enumerate(unless)]
            items.append((anew(BarPlan([*barred, *added], self.open)), "unless"))
        self.children = opening(items)

    def leads(self, step: Step) -> Sequence[Node]:
        return step.children if step.state is self._if_none else leads_of_list(self._wanted, step.children)

    def settling(self, step: Step, inside: Inside) -> Sequence[Node] | None:
        return leads_of_list(self._wanted, inside.body)

    def reason(self, step: Step, otherwise: Words | None) -> Words | None:
        told = not self.excludes and self.open_to and self.mode == "any" and step.state is FALSE
        return self.open if told else otherwise


class BarPlan(ListPlan):
    """What none of must hold: where a level may add to the list and has not been seen to, that is said."""

    def __init__(self, items: Sequence[tuple[Part, str]], open_: Words | None) -> None:
        super().__init__("none", items)
        self.open = open_

    def reason(self, step: Step) -> Words | None:
        return self.open if step.state is TRUE else None


class SumBody(Body):
    """Quantities added up, those of other layers included."""

    def __init__(self, plans: Plans, effective: Effective, body: Sum) -> None:
        self.parts = [plans.below(part) for part in body.parts]
        self.added = opening([(plans.kept_rule(key), "") for key in effective.additions])
        self.nothing = None if effective.additions else open_list(plans, effective)

    def fill(self, step: Step, inside: Inside) -> None:
        inside.body = [*(n for part in self.parts for n in part(step)), *self.added(step)]
        if not inside.body:
            inside.reason = self.nothing


class ChoiceBody(Body):
    """Cases, of which the first that holds decides."""

    def __init__(self, plans: Plans, body: Choice) -> None:
        self.branches = [
            _Case(
                index, None if branch.clause is None else plans.clause(branch.clause), plans.leaves(branch.expression)
            )
            for index, branch in enumerate(body.branches)
        ]
        self._beyond = _Beyond(self.branches)

    def fill(self, step: Step, inside: Inside) -> None:
        about = step.about
        children: list[Node] = []
        chosen: list[Node] = []
        done = False
        for branch in self.branches:
            if done:
                children.append(step_of(self._beyond, about, step, branch.untouched))
                continue
            state = TRUE
            if branch.asks is not None:
                asked = branch.asks.make(step, branch.suffix, about, None, None)
                children.append(asked)
                chosen.append(asked)
                state = asked.state
                if state is FALSE:
                    continue
            parts = branch.yields(step, branch.prefix, about, None, None)
            children += parts
            chosen += parts
            done = state is TRUE
        inside.body, inside.chosen = children, unique(chosen)


class _Case:
    """One of several cases: what it asks, unless it is the last that asks nothing, and what it yields."""

    def __init__(self, index: int, asks: Part | None, yields: Several) -> None:
        self.suffix, self.untouched, self.prefix = f"case/{index}", f"case/{index}/untouched", f"case/{index}/value/"
        self.asks, self.yields = asks, yields


class _Beyond(Plan):
    """Cases after the one that decided."""

    together = frozenset({"kind", "label"})

    def __init__(self, branches: list[_Case]) -> None:
        self.branches = branches

    def state(self, step: Step) -> State:
        return UNTOUCHED

    def value(self, step: Step) -> Words:
        return TRUTH_WORDS[UNTOUCHED]

    def formula(self, step: Step) -> Words | None:
        asked: Node = step.inside
        return asked.formula

    def inside(self, step: Step) -> Node:
        """What it would have asked."""
        branch = self.branches[int(step.path.split("/")[2])]
        asked = _OTHERWISE if branch.asks is None else branch.asks
        return asked.make(step_of(step.base, step.about), branch.suffix, step.about, None, None)


class _Otherwise(Plan):
    """The last of several cases, which asks nothing."""

    label = Words("其余情形", "otherwise")

    def state(self, step: Step) -> State:
        return TRUE


class RowPlan(Plan):
    """One row of a decision table."""

    kind = NodeKind.TABLE_ROW

    def __init__(self, plans: Plans, row: TableRow, index: int) -> None:
        self.names = plans.names
        self.row, self.suffix = row, f"row/{index}"
        self.label = Words(f"第 {index + 1} 行", f"row {index + 1}")
        self.citations, self.place = plans.cited(row.cites), row.place
        self._origin = Origin(status=row.status)
        closure = plans.compiled.closure
        self.columns = [i for i, condition in enumerate(row.conditions) if condition is not None]
        self.cells = [(c, closure(c)) for c in row.conditions if c is not None]
        self.prefix = f"{self.suffix}/"
        self.limits = [plans.leaves(limit) for c, _ in self.cells for limit in _limits(c)]
        self.outputs = [plans.leaves(o) for o in row.outputs if o is not None]
        self.gap = any(o is None for o in row.outputs)
        self._value = Lazy(self._outputs_text)
        self._formula = Lazy(self._cells_text)

    def value(self, step: Step) -> Words:
        return self._value

    def formula(self, step: Step) -> Words | None:
        return self._formula

    def origin(self, step: Step) -> Origin | None:
        return self._origin

    def reason(self, step: Step) -> Words | None:
        if self.gap and step.state in (TRUE, UNDETERMINED):
            return _CELL_OPEN
        if step.state is FALSE:
            e = step.about
            return Lazy(self._fails_text, next(c for c, holds in self.cells if holds(e, None, None) is False))
        return None

    def _outputs_text(self, lang: str) -> str:
        return ", ".join("?" if o is None else expression_text(o, self.names, lang) for o in self.row.outputs)

    def _cells_text(self, lang: str) -> str:
        both = " 且 " if lang == "zh" else " and "
        return both.join(expression_text(c, self.names, lang) for c, _ in self.cells)

    def _fails_text(self, cell: ir.Expression, lang: str) -> str:
        text = expression_text(cell, self.names, lang)
        return f"不符：{text}" if lang == "zh" else f"does not fit: {text}"


class TableBody(Body):
    """A decision table: what its columns ask, its rows, what the row that fits yields."""

    def __init__(self, plans: Plans, table: Table) -> None:
        self.plans = plans
        self.inputs = [plans.leaves(item) for item in table.inputs]
        self.rows = [RowPlan(plans, row, index) for index, row in enumerate(table.rows)]

    def fill(self, step: Step, inside: Inside) -> None:
        about = step.about
        inputs = [leaves(step, "input/", about, None, None) for leaves in self.inputs]
        asked_of: set[int] = set()
        rows: list[Node] = []
        yields: list[Node] = []
        limits: list[Node] = []
        leads: list[Node] = []
        done = False
        for plan in self.rows:
            row = step_of(plan, about, step, plan.suffix)
            rows.append(row)
            if done:
                row.state = UNTOUCHED
                continue
            values = [holds(about, None, None) for _, holds in plan.cells]
            ruled_out = False in values
            asked_of.update(
                i for i, value in zip(plan.columns, values, strict=True) if value is not MAYBE or not ruled_out
            )
            row.state = FALSE if ruled_out else UNDETERMINED if MAYBE in values else TRUE
            # What bounds a cell decides with what the column is about, and may be what is not known.
            limits += [n for leaves in plan.limits for n in leaves(step, plan.prefix, about, None, None)]
            if ruled_out:
                continue
            given = [n for leaves in plan.outputs for n in leaves(step, plan.prefix, about, None, None)]
            yields += given
            leads += [row, *given]
            done = row.state is TRUE
            if done and plan.gap:
                inside.reason = _ROW_OPEN
        if all(row.state is FALSE for row in rows):
            inside.reason = _NO_ROW
        asked = unique([*(n for found in inputs for n in found), *limits])
        # What is open in a column only of rows that another column rules out keeps nothing open.
        idle = {n for i, found in enumerate(inputs) if i not in asked_of for n in found}
        if idle:
            inside.idle = idle - {n for i in asked_of for n in inputs[i]} - {*limits, *leads}
        inside.body, inside.chosen = [*asked, *rows, *yields], [*asked, *leads]

    def settling(self, step: Step, inside: Inside) -> Sequence[Node] | None:
        assert inside.chosen is not None
        idle = inside.idle
        return leading_of(step, unique([n for n in inside.chosen if n not in idle or n.state is not UNDETERMINED]))


class KeptTableBody(Body):
    """A table kept as a parameter: which version is in force, and its rows."""

    def __init__(self, plans: Plans, body: TableParameter) -> None:
        self.plans, self.parameter = plans, body.parameter
        table = body.table(plans.rules.reading(body.parameter).value)
        self.table = None if table is None else TableBody(plans, table)

    def fill(self, step: Step, inside: Inside) -> None:
        parameter = self.plans.parameter(self.parameter, (), step.about)
        if self.table is None:
            inside.body = [parameter]
            return
        self.table.fill(step, inside)
        inside.body = [parameter, *inside.body]

    def settling(self, step: Step, inside: Inside) -> Sequence[Node] | None:
        if self.table is None:
            return None
        return [inside.body[0], *(self.table.settling(step, inside) or ())]


class GroupBody(Body):
    """Some of a collection: one step for each that may belong."""

    def __init__(self, plans: Plans, body: Group) -> None:
        self.names, self.subset = plans.names, body.subset
        self.formula = plans.texts.formula(body.subset)
        self.collection = plans.below(body.subset.collection)
        self.members = plans.compiled.closure(body.subset.collection)
        self.where = plans.condition(body.subset.where).make

    def fill(self, step: Step, inside: Inside) -> None:
        about, names = step.about, self.names
        found = list(self.collection(step))
        for item, certain in each(self.members(about, None, None)):
            x, y = (item, None) if self.subset.slot == 1 else (None, item)
            where = self.where(step, f"member/{item.path}", about, x, y)
            state = where.state if certain or where.state is FALSE else UNDETERMINED
            whom = who(item, names)
            found.append(
                Node(
                    id=f"{step.id}/member/{item.path}/in",
                    kind=NodeKind.MEMBERSHIP,
                    label=subject_words(item, names),
                    state=state,
                    value=_MEMBER_WORDS[state],
                    raw=raw_truth(state),
                    subject=whom.zh,
                    subject_en=whom.en,
                    children=[where],
                )
            )
        inside.body = found


class DelegatedBody(Body):
    """A term the law leaves to another authority: filled by nobody, or found by a person in this case."""

    def __init__(self, plans: Plans, effective: Effective) -> None:
        self.effective = effective
        declared = effective.definition.declaration
        self.levels = tuple(level for level, _ in declared.delegated_to)
        self.status = declared.status
        cites = [cite for _, level_cites in declared.delegated_to for cite in level_cites]
        self.citations = plans.cited([*declared.cites, *cites])
        zh = "、".join(LEVELS[level].zh for level in self.levels)
        en = ", ".join(LEVELS[level].en for level in self.levels)
        self.by = Words(zh, en)
        self.open = Words(f"由{zh}规定，未见其规定", f"left to {en}; no such provision has been supplied")
        self.origin = Origin(status=self.status, setter=self.levels)

    def fill(self, step: Step, inside: Inside) -> None:
        entered = entered_finding(self.effective, step.about)
        inside.citations = self.citations
        if entered is None:
            inside.kind, inside.origin, inside.reason = NodeKind.DELEGATION, self.origin, self.open
            return
        by, day = Words(entered.by, entered.by) if entered.by else self.by, entered.on
        inside.kind = NodeKind.JUDGEMENT
        inside.origin = Origin(
            status=self.status,
            how="found",
            departments=(entered.by,) if entered.by else (),
            source=entered.basis or "",
            setter=self.levels,
        )
        inside.reason = Words(
            f"由人认定（{by.zh}{f'，{day}' if day else ''}）", f"found by a person ({by.en}{f', {day}' if day else ''})"
        )


def body_of(plans: Plans, effective: Effective) -> Body:
    """What a rule says, ready to be explained in any case."""
    definition = effective.definition
    match definition.body:
        case Formula() as formula:
            return FormulaBody(plans, formula)
        case Conditions(clause=clause):
            if clause.mode != "one" or effective.additions or definition.unless:
                return ListBody(plans, effective, clause)
            if isinstance(clause.expression, ir.Compare | ir.OneOf):
                return ComparisonBody(plans, clause.expression)
            return OneConditionBody(plans, clause)
        case Choice() as choice:
            return ChoiceBody(plans, choice)
        case Table() as table:
            return TableBody(plans, table)
        case TableParameter() as kept:
            return KeptTableBody(plans, kept)
        case Sum() as total:
            return SumBody(plans, effective, total)
        case Group() as group:
            return GroupBody(plans, group)
        case Delegated():
            return DelegatedBody(plans, effective)


def open_list(plans: Plans, effective: Effective) -> Words | None:
    """That a level may add to the list of which nothing has been seen; ``None`` where every level's list was."""
    seen = {plans.rules.level_of(plans.rules.rules[key].original) for key in effective.additions}
    levels = [level for level, _ in effective.definition.declaration.open_to if level not in seen]
    if not levels:
        return None
    zh = "、".join(LEVELS[level].zh for level in levels)
    en = ", ".join(LEVELS[level].en for level in levels)
    return Words(f"{zh}可以增列，未见其规定", f"{en} may add to this list; no such provision has been seen")


def _limits(cell: ir.Expression) -> Iterator[ir.Expression]:
    """What bounds a cell, where it is more than a number."""
    if isinstance(cell, ir.AllOf):
        for item in cell.items:
            yield from _limits(item)
    elif isinstance(cell, ir.Compare) and not isinstance(cell.right, ir.Literal):
        yield cell.right


_OTHERWISE = anew(_Otherwise())
_CELL_OPEN = Words("这一格没有规定", "this cell is not laid down")
_ROW_OPEN = Words("表中这一行有一格没有规定", "a cell of this row is not laid down")
_NO_ROW = Words("表中没有合适的行", "no row of the table fits")
_MEMBER_WORDS = {
    TRUE: Words("计入", "belongs"),
    FALSE: Words("不计入", "does not belong"),
    UNDETERMINED: Words("待定", "undetermined"),
}
