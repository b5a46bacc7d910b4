"""The steps of what a rule says: formulas, lists of conditions, cases, tables, sums, groups, what is delegated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

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
from minzheng_rules.trail.building.steps import Plan, Step, inside_of, who
from minzheng_rules.trail.building.texts import Frame
from minzheng_rules.trail.building.values import LEVELS, TRUTH_WORDS, raw_truth
from minzheng_rules.trail.node import Citation, Node, NodeKind, Origin, State

if TYPE_CHECKING:
    from minzheng_rules.trail.building.plans import Plans


class Inside:
    """What is found together when a rule is looked into."""

    __slots__ = (
        "children",
        "citations",
        "filled",
        "formula",
        "kind",
        "leads",
        "margin",
        "origin",
        "reason",
        "wording",
    )

    def __init__(self, kind: NodeKind, citations: tuple[Citation, ...], origin: Origin, reason: Words | None) -> None:
        self.kind, self.citations, self.origin, self.reason = kind, citations, origin, reason
        self.children: list[Node] = []
        self.leads: Callable[[], list[Node]] | None = None
        self.formula: Words | None = None
        self.filled: Words | None = None
        self.margin: Words | None = None
        self.wording = ""


class Body:
    """What a rule says, with the steps of that."""

    def fill(self, step: Step, inside: Inside) -> None:
        """Put in the children, what leads, the formula and the reason of a step."""
        raise NotImplementedError


class SimpleBody(Body):
    """A body of which each part can be worked out by itself."""

    kind: NodeKind | None = None
    """The kind of step a rule becomes that says only this."""
    wording: str = ""
    formula: Words | None = None

    def children(self, step: Step) -> list[Node]:
        raise NotImplementedError

    def leads(self, step: Step) -> list[Node] | None:
        return None

    def filled(self, step: Step) -> Words | None:
        return None

    def margin(self, step: Step) -> Words | None:
        return None

    def reason(self, step: Step, otherwise: Words | None) -> Words | None:
        return otherwise

    def fill(self, step: Step, inside: Inside) -> None:
        inside.kind = self.kind or inside.kind
        inside.wording, inside.formula = self.wording, self.formula
        inside.children, inside.filled, inside.margin = self.children(step), self.filled(step), self.margin(step)
        children = inside.children
        if self.lists:
            inside.leads = lambda: self.leads_among(children)
        inside.reason = self.reason(step, inside.reason)

    lists: bool = False
    """Whether what settles it is chosen among its children by how they came out."""

    def leads_among(self, children: list[Node]) -> list[Node]:
        """The children that settle it."""
        return children


class FormulaBody(SimpleBody):
    """One expression."""

    def __init__(self, plans: Plans, body: Formula) -> None:
        self.plans, self.expression = plans, body.expression
        self.formula = plans.texts.formula(body.expression)
        self._leaves = plans.leaves(body.expression)

    def children(self, step: Step) -> list[Node]:
        return self._leaves(step, "", step.about, None, None)

    def filled(self, step: Step) -> Words | None:
        return self.plans.texts.filled(self.expression, Frame(step.about))


class ComparisonBody(FormulaBody):
    """One condition that compares: the rule itself is the comparison."""

    expression: ir.Compare | ir.OneOf

    def __init__(self, plans: Plans, expression: ir.Compare | ir.OneOf) -> None:
        super().__init__(plans, Formula(expression))
        if isinstance(expression, ir.Compare):
            self.kind, self.wording = NodeKind.COMPARISON, expression.wording

    def children(self, step: Step) -> list[Node]:
        return self._leaves(step, "0/", step.about, None, None)

    def margin(self, step: Step) -> Words | None:
        return margin(self.plans, self.expression, step) if isinstance(self.expression, ir.Compare) else None


class OneConditionBody(SimpleBody):
    """One condition that is a step of its own."""

    def __init__(self, plans: Plans, clause: Clause) -> None:
        self.make = plans.clause(clause)

    def children(self, step: Step) -> list[Node]:
        return [self.make(step, "0", step.about, None, None)]


class ListBody(SimpleBody):
    """Conditions of which all or any must hold, and none of those after ``unless``."""

    lists = True

    def __init__(self, plans: Plans, effective: Effective, clause: Clause) -> None:
        self.plans = plans
        unless = effective.definition.unless
        self.alternatives = () if unless else effective.additions
        self.barred = effective.additions if unless else ()
        self.mode = clause.mode
        if clause.mode == "one":
            self.items = [(plans.clause(clause), "0")]
            self.mode = "any" if self.alternatives else "all"
        else:
            self.items = [(plans.clause(item), str(i)) for i, item in enumerate(clause.clauses)]
        self.unless = [(plans.clause(item), f"unless/{i}") for i, item in enumerate(unless)]
        self.excludes = bool(self.unless or self.barred)
        self.open = open_list(plans, effective) if effective.definition.declaration.open_to else None
        self.open_to = bool(effective.definition.declaration.open_to)
        # A condition that is no reference has a step of its own: only references can come twice.
        listed = [] if clause.mode == "one" else [item.expression for item in clause.clauses]
        referred = [x for x in listed if isinstance(x, ir.RuleOf | ir.FactOf)]
        self.plain = (
            not self.alternatives
            and len(set(referred)) == len(referred)
            and all(isinstance(x.of, ir.Self) for x in referred)
        )
        self._body, self._bar = ListPlan("any"), BarPlan(self.open if self.open_to else None)

    def children(self, step: Step) -> list[Node]:
        about = step.about
        items = [make(step, suffix, about, None, None) for make, suffix in self.items]
        if self.alternatives:
            items += [self.plans.rule(key, about) for key in self.alternatives]
        if not self.excludes:
            return items if self.plain else unique(items)
        unless = [make(step, suffix, about, None, None) for make, suffix in self.unless]
        unless += [self.plans.rule(key, about) for key in self.barred]
        if self.mode == "any" and len(items) > 1:
            body = Step(self._body, about, step, "body")
            body.children = items
            items = [body]
        bar = Step(self._bar, about, step, "unless")
        bar.children = unless
        items.append(bar)
        return items if self.plain else unique(items)

    def leads(self, step: Step) -> list[Node] | None:
        return self.leads_among(step.children)

    def leads_among(self, children: list[Node]) -> list[Node]:
        return leads_of_list("all" if self.excludes else self.mode, children)

    def reason(self, step: Step, otherwise: Words | None) -> Words | None:
        told = not self.excludes and self.open_to and self.mode == "any" and step.state is State.FALSE
        return self.open if told else otherwise


class BarPlan(ListPlan):
    """What none of must hold: where a level may add to the list and has not been seen to, that is said."""

    def __init__(self, open_: Words | None) -> None:
        super().__init__("none")
        self.open = open_

    def reason(self, step: Step) -> Words | None:
        return self.open if step.state is State.TRUE else None


class SumBody(Body):
    """Quantities added up, those of other layers included."""

    def __init__(self, plans: Plans, effective: Effective, body: Sum) -> None:
        self.plans, self.effective = plans, effective
        self.parts = [plans.leaves(part) for part in body.parts]

    def fill(self, step: Step, inside: Inside) -> None:
        parts = [n for leaves in self.parts for n in leaves(step, "", step.about, None, None)]
        added = [self.plans.rule(key, step.about) for key in self.effective.additions]
        if not parts and not added:
            inside.reason = open_list(self.plans, self.effective)
        inside.children = [*parts, *added]


class NotReached(Step):
    """A case after the one that decided."""

    kind = inside_of("kind")
    label = inside_of("label")
    formula = inside_of("formula")
    state = State.UNTOUCHED
    value = TRUTH_WORDS[State.UNTOUCHED]


class ChoiceBody(Body, Plan):
    """Cases, of which the first that holds decides; the plan of those that were not reached."""

    def __init__(self, plans: Plans, body: Choice) -> None:
        self.plans = plans
        self.branches = [
            (None if b.clause is None else plans.clause(b.clause), plans.leaves(b.expression)) for b in body.branches
        ]

    def branch(self, index: int, step: Node) -> Node:
        """The step of what a case asks."""
        make, suffix, about = self.branches[index][0], f"case/{index}", cast(Step, step).about
        if make is None:
            return Step(_OTHERWISE, about, step, suffix)
        return make(step, suffix, about, None, None)

    def inside(self, step: Step) -> Node:
        """Of a case that was not reached, what it would have asked."""
        assert step.above is not None
        return self.branch(int(step.suffix.split("/")[1]), step.above)

    def fill(self, step: Step, inside: Inside) -> None:
        about = step.about
        leads: list[Node] = []
        done = False
        for index, (make, leaves) in enumerate(self.branches):
            if done:
                inside.children.append(NotReached(self, about, step, f"case/{index}/untouched"))
                continue
            branch = self.branch(index, step)
            if make is not None:
                inside.children.append(branch)
                leads.append(branch)
            if branch.state is State.FALSE:
                continue
            parts = leaves(step, f"case/{index}/value/", about, None, None)
            inside.children += parts
            leads += parts
            done = branch.state is State.TRUE
        chosen = unique(leads)
        inside.leads = lambda: leading_of(step, chosen)


class _Otherwise(Plan):
    """The last of several cases, which asks nothing."""

    label = Words("其余情形", "otherwise")

    def state(self, step: Step) -> State:
        return State.TRUE


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
        if self.gap and step.state in (State.TRUE, State.UNDETERMINED):
            return _CELL_OPEN
        if step.state is State.FALSE:
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
            row = Step(plan, about, step, plan.suffix)
            rows.append(row)
            if done:
                row.state = State.UNTOUCHED
                continue
            values = [holds(about, None, None) for _, holds in plan.cells]
            ruled_out = False in values
            asked_of.update(
                i for i, value in zip(plan.columns, values, strict=True) if value is not MAYBE or not ruled_out
            )
            row.state = State.FALSE if ruled_out else State.UNDETERMINED if MAYBE in values else State.TRUE
            # What bounds a cell decides with what the column is about, and may be what is not known.
            limits += [n for leaves in plan.limits for n in leaves(step, f"{plan.suffix}/", about, None, None)]
            if ruled_out:
                continue
            given = [n for leaves in plan.outputs for n in leaves(step, f"{plan.suffix}/", about, None, None)]
            yields += given
            leads += [row, *given]
            done = row.state is State.TRUE
            if done and plan.gap:
                inside.reason = _ROW_OPEN
        if all(row.state is State.FALSE for row in rows):
            inside.reason = _NO_ROW
        asked = unique([*(n for found in inputs for n in found), *limits])
        # What is open in a column only of rows that another column rules out keeps nothing open.
        idle = {n for i, found in enumerate(inputs) if i not in asked_of for n in found}
        if idle:
            idle -= {n for i in asked_of for n in inputs[i]} | set(limits)
        inside.leads = lambda: leading_of(
            step, unique([*(n for n in asked if n not in idle or n.state is not State.UNDETERMINED), *leads])
        )
        inside.children = [*asked, *rows, *yields]


class KeptTableBody(Body):
    """A table kept as a parameter: which version is in force, and its rows."""

    def __init__(self, plans: Plans, body: TableParameter) -> None:
        self.plans, self.parameter = plans, body.parameter
        table = body.table(plans.rules.reading(body.parameter).value)
        self.table = None if table is None else TableBody(plans, table)

    def fill(self, step: Step, inside: Inside) -> None:
        parameter = self.plans.parameter(self.parameter, (), step.about)
        if self.table is None:
            inside.children = [parameter]
            return
        self.table.fill(step, inside)
        steps, looked_up = inside.children, inside.leads
        inside.leads = lambda: [parameter, *(looked_up() if looked_up is not None else steps)]
        inside.children = [parameter, *steps]


class GroupBody(Body):
    """Some of a collection: one step for each that may belong."""

    def __init__(self, plans: Plans, body: Group) -> None:
        self.plans, self.subset = plans, body.subset
        self.collection = plans.leaves(body.subset.collection)
        self.members = plans.compiled.closure(body.subset.collection)
        self.where = plans.condition(body.subset.where)

    def fill(self, step: Step, inside: Inside) -> None:
        about, names = step.about, self.plans.names
        inside.formula = self.plans.texts.formula(self.subset)
        inside.children = list(self.collection(step, "", about, None, None))
        for item, certain in each(self.members(about, None, None)):
            x, y = (item, None) if self.subset.slot == 1 else (None, item)
            where = self.where(step, f"member/{item.path}", about, x, y)
            state = where.state if certain or where.state is State.FALSE else State.UNDETERMINED
            whom = who(item, names)
            inside.children.append(
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


class DelegatedBody(Body):
    """A term the law leaves to another authority: filled by nobody, or found by a person in this case."""

    def __init__(self, plans: Plans, effective: Effective) -> None:
        self.effective = effective
        declared = effective.definition.declaration
        self.levels = tuple(level for level, _ in declared.delegated_to)
        self.status = declared.status
        cites = [cite for _, level_cites in declared.delegated_to for cite in level_cites]
        self.citations = plans.cited([*declared.cites, *cites])

    def fill(self, step: Step, inside: Inside) -> None:
        entered = entered_finding(self.effective, step.about)
        zh = "、".join(LEVELS[level].zh for level in self.levels)
        en = ", ".join(LEVELS[level].en for level in self.levels)
        inside.citations = self.citations
        if entered is None:
            inside.kind = NodeKind.DELEGATION
            inside.origin = Origin(status=self.status, setter=self.levels)
            inside.reason = Words(f"由{zh}规定，未见其规定", f"left to {en}; no such provision has been supplied")
            return
        by, day = entered.by or zh, entered.on
        inside.kind = NodeKind.JUDGEMENT
        inside.origin = Origin(
            status=self.status,
            how="found",
            departments=(entered.by,) if entered.by else (),
            source=entered.basis or "",
            setter=self.levels,
        )
        inside.reason = Words(
            f"由人认定（{by}{f'，{day}' if day else ''}）", f"found by a person ({by}{f', {day}' if day else ''})"
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


_OTHERWISE: Any = _Otherwise()
_CELL_OPEN = Words("这一格没有规定", "this cell is not laid down")
_ROW_OPEN = Words("表中这一行有一格没有规定", "a cell of this row is not laid down")
_NO_ROW = Words("表中没有合适的行", "no row of the table fits")
_MEMBER_WORDS = {
    State.TRUE: Words("计入", "belongs"),
    State.FALSE: Words("不计入", "does not belong"),
    State.UNDETERMINED: Words("待定", "undetermined"),
}
