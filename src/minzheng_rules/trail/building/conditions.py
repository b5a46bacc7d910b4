"""The steps of conditions: comparisons, lists, negations, statements about the members of a collection."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from minzheng_rules.evaluator.compiling import Closure, members_of
from minzheng_rules.evaluator.possible import settled
from minzheng_rules.language import ir
from minzheng_rules.language.types import Quantity
from minzheng_rules.problems import Words
from minzheng_rules.trail.building.marking import leads_of_list, unique
from minzheng_rules.trail.building.several import Opening, Part, opening
from minzheng_rules.trail.building.steps import Choosing, Plan, PlanAboutSomebody, Step
from minzheng_rules.trail.building.texts import Frame
from minzheng_rules.trail.building.values import TRUTH_WORDS, margin_said, raw_truth
from minzheng_rules.trail.node import FALSE, TRUE, UNDETERMINED, Citation, Node, NodeKind, State

if TYPE_CHECKING:
    from minzheng_rules.trail.building.plans import Plans


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
        return TRUE if value is True else FALSE if value is False else UNDETERMINED

    def value(self, step: Step) -> Words:
        return TRUTH_WORDS[step.state]

    def raw(self, step: Step) -> object:
        return raw_truth(step.state)

    def formula(self, step: Step) -> Words | None:
        return self.label

    def filled(self, step: Step) -> Words | None:
        return self.plans.texts.filled(self.expression, Frame(step.about, step.x, step.y))

    def children(self, step: Step) -> Sequence[Node]:
        # Made for the first step that is opened; the others go straight there.
        self.children = self.opening()  # type: ignore[assignment,method-assign]
        return self.children(step)

    def opening(self) -> Opening:
        """Makes the steps below."""
        return self.plans.below(self.expression)


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

    def opening(self) -> Opening:
        return opening([(self.plans.condition(self.expression.item), "0")])


class QuantifiedPlan(ExpressionPlan):
    """``any`` or ``all`` over a collection: one step for each member it is asked of."""

    expression: ir.Aggregate

    def opening(self) -> Opening:
        plans, expression = self.plans, self.expression
        assert expression.element is not None
        element = plans.condition(expression.element)
        where = None if expression.where is None else plans.condition(expression.where)
        rests_on, members = plans.leaves(expression.collection), plans.compiled.closure(expression.collection)
        first, make, ask = expression.slot == 1, element.make, None if where is None else where.make
        may_repeat = element.plan is None or (where is not None and where.plan is None)

        def below(step: Step) -> Sequence[Node]:
            e, x, y = step.about, step.x, step.y
            found = list(rests_on(step, "", e, x, y))
            items = members_of(members(e, x, y))
            if ask is None:
                if first:
                    found += [make(step, item.path, e, item, y) for item in items]
                else:
                    found += [make(step, item.path, e, x, item) for item in items]
                return unique(found) if may_repeat else found
            for item in items:
                inner_x, inner_y = (item, y) if first else (x, item)
                asked = ask(step, f"{item.path}/if", e, inner_x, inner_y)
                found.append(asked)
                if asked.state is not FALSE:
                    found.append(make(step, item.path, e, inner_x, inner_y))
            return unique(found) if may_repeat else found

        return below


class ListPlan(Plan):
    """Conditions of which all, any or none must hold."""

    step = Choosing
    at_once = True

    def __init__(
        self,
        mode: str,
        items: Sequence[tuple[Part, str]] = (),
        citations: tuple[Citation, ...] = (),
        beside: bool = False,
    ) -> None:
        self.mode, self.citations = mode, citations
        self.children = opening(items, beside)  # type: ignore[assignment,method-assign]
        self.kind, self.label = _LISTS[mode]
        # One such item settles the list. Of which none may hold is settled as of which any must, the other way round.
        self._wanted = FALSE if mode == "all" else TRUE
        self._if_wanted = TRUE if mode == "any" else FALSE
        self._else = FALSE if mode == "any" else TRUE

    def state(self, step: Step) -> State:
        open_ = False
        for item in step.children:
            state = item.state
            if state is self._wanted:
                return self._if_wanted
            if state is UNDETERMINED:
                open_ = True
        return UNDETERMINED if open_ else self._else

    def value(self, step: Step) -> Words:
        return TRUTH_WORDS[step.state]

    def raw(self, step: Step) -> object:
        return raw_truth(step.state)

    def leads(self, step: Step) -> Sequence[Node] | None:
        return step.children if step.state is self._else else leads_of_list(self._wanted, step.children)


class NamedAgainPlan(Plan):
    """A reference with a citation of its own: the item of the article that names it."""

    at_once = True

    def __init__(self, label: Words, named: Part, citations: tuple[Citation, ...]) -> None:
        self.label, self.citations = label, citations
        self.children = opening([(named, "")])  # type: ignore[assignment,method-assign]

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
