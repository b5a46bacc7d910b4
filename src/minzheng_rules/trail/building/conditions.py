"""The steps of conditions: comparisons, lists, negations, statements about the members of a collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from minzheng_rules.evaluator.compiling import Closure, each
from minzheng_rules.evaluator.possible import settled
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language import ir
from minzheng_rules.language.types import Quantity
from minzheng_rules.problems import Words
from minzheng_rules.trail.building.marking import leads_of_list, unique
from minzheng_rules.trail.building.steps import Plan, PlanAboutSomebody, Step
from minzheng_rules.trail.building.texts import Frame
from minzheng_rules.trail.building.values import TRUTH_WORDS, margin_said, raw_truth
from minzheng_rules.trail.node import Citation, Node, NodeKind, State

if TYPE_CHECKING:
    from minzheng_rules.trail.building.plans import Plans

Leaves = Callable[[Node, str, Subject, Any, Any], list[Node]]
"""The steps an expression rests on: below which step, the beginning of the ids, the subject, the loop variables."""
Maker = Callable[[Node, str, Subject, Any, Any], Node]
"""Makes the step of a condition: below which step, the end of its id, the subject, the loop variables."""


class ExpressionPlan(PlanAboutSomebody):
    """A condition that is one expression: a choice among values, or anything without a plan of its own."""

    def __init__(self, plans: Plans, expression: ir.Expression, citations: tuple[Citation, ...]) -> None:
        self.plans, self.names, self.expression, self.citations = plans, plans.names, expression, citations
        self.label = plans.texts.formula(expression)
        self.place = expression.place

    @cached_property
    def closure(self) -> Closure:
        """What the expression comes to."""
        return self.plans.compiled.closure(self.expression)

    def state(self, step: Step) -> State:
        value = self.closure(step.about, step.x, step.y)
        return State.TRUE if value is True else State.FALSE if value is False else State.UNDETERMINED

    def value(self, step: Step) -> Words:
        return TRUTH_WORDS[step.state]

    def raw(self, step: Step) -> object:
        return raw_truth(step.state)

    def formula(self, step: Step) -> Words | None:
        return self.label

    def filled(self, step: Step) -> Words | None:
        return self.plans.texts.filled(self.expression, Frame(step.about, step.x, step.y))

    def children(self, step: Step) -> list[Node]:
        return self._leaves(step, "", step.about, step.x, step.y)

    @cached_property
    def _leaves(self) -> Leaves:
        return self.plans.leaves(self.expression)


class ComparePlan(ExpressionPlan):
    """Two values compared."""

    kind = NodeKind.COMPARISON
    expression: ir.Compare

    def __init__(self, plans: Plans, expression: ir.Compare, citations: tuple[Citation, ...]) -> None:
        super().__init__(plans, expression, citations)
        self.wording = expression.wording

    def margin(self, step: Step) -> Words | None:
        return margin(self.plans, self.expression, step)


class NotPlan(ExpressionPlan):
    """What must not be so."""

    kind = NodeKind.NOT
    expression: ir.Not

    def children(self, step: Step) -> list[Node]:
        return [self._item(step, "0", step.about, step.x, step.y)]

    @cached_property
    def _item(self) -> Maker:
        return self.plans.condition(self.expression.item)


class QuantifiedPlan(ExpressionPlan):
    """``any`` or ``all`` over a collection: one step for each member it is asked of."""

    expression: ir.Aggregate

    @cached_property
    def _parts(self) -> tuple[Leaves, Closure, Maker | None, Maker]:
        """What the collection rests on, the collection, the filter, what is asked of each."""
        plans, expression = self.plans, self.expression
        assert expression.element is not None
        where = None if expression.where is None else plans.condition(expression.where)
        collection = expression.collection
        return plans.leaves(collection), plans.compiled.closure(collection), where, plans.condition(expression.element)

    def children(self, step: Step) -> list[Node]:
        e, x, y = step.about, step.x, step.y
        rests_on, members, where, element = self._parts
        first = self.expression.slot == 1
        found = list(rests_on(step, "", e, x, y))
        for item, _ in each(members(e, x, y)):
            inner_x, inner_y = (item, y) if first else (x, item)
            if where is not None:
                asked = where(step, f"{item.path}/if", e, inner_x, inner_y)
                found.append(asked)
                if asked.state is State.FALSE:
                    continue
            found.append(element(step, item.path, e, inner_x, inner_y))
        return unique(found)


class ListPlan(Plan):
    """Conditions of which all, any or none must hold."""

    def __init__(
        self,
        mode: str,
        items: Sequence[tuple[Maker, str]] = (),
        citations: tuple[Citation, ...] = (),
    ) -> None:
        self.mode, self.items, self.citations = mode, tuple(items), citations
        self.kind, self.label = _LISTS[mode]
        # A list of which none may hold is settled as one of which any must, the other way round.
        self._settling = "all" if mode == "all" else "any"
        self._wanted = State.FALSE if mode == "all" else State.TRUE
        self._if_wanted = State.TRUE if mode == "any" else State.FALSE
        self._else = State.FALSE if mode == "any" else State.TRUE

    def state(self, step: Step) -> State:
        open_ = False
        for item in step.children:
            state = item.state
            if state is self._wanted:
                return self._if_wanted
            if state is State.UNDETERMINED:
                open_ = True
        return State.UNDETERMINED if open_ else self._else

    def value(self, step: Step) -> Words:
        return TRUTH_WORDS[step.state]

    def raw(self, step: Step) -> object:
        return raw_truth(step.state)

    def children(self, step: Step) -> list[Node]:
        e, x, y = step.about, step.x, step.y
        return [make(step, suffix, e, x, y) for make, suffix in self.items]

    def leads(self, step: Step) -> list[Node] | None:
        return leads_of_list(self._settling, step.children)


class NamedAgainPlan(Plan):
    """A reference with a citation of its own: the item of the article that names it."""

    def __init__(self, citations: tuple[Citation, ...]) -> None:
        self.citations = citations

    def made(self, named: Node, above: Node, suffix: str, about: Subject) -> Node:
        """The step that names another."""
        step = Step(self, about, above, suffix)
        step.label, step.children = named.label, [named]
        return step

    def state(self, step: Step) -> State:
        return step.children[0].state

    def value(self, step: Step) -> Words:
        return step.children[0].value

    def raw(self, step: Step) -> object:
        return step.children[0].raw

    def subject(self, step: Step) -> str:
        return step.children[0].subject

    def subject_en(self, step: Step) -> str:
        return step.children[0].subject_en


def margin(plans: Plans, expression: ir.Compare, step: Step) -> Words | None:
    """How far the left side of a comparison is from the line, signed."""
    type_ = expression.left.type
    if not isinstance(type_, Quantity) or expression.op in ("==", "!="):
        return None
    closure, frame = plans.compiled.closure, (step.about, step.x, step.y)
    left, right = closure(expression.left)(*frame), closure(expression.right)(*frame)
    if not settled(left) or not settled(right):
        return None
    return margin_said(left - right, type_, plans.names.dimension(step.about.kind))


_LISTS = {
    "all": (NodeKind.ALL, Words("下列各项", "all of these")),
    "any": (NodeKind.ANY, Words("下列之一", "any of these")),
    "none": (NodeKind.NOT, Words("不属于下列情形", "none of these")),
}
