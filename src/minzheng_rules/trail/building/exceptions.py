"""The steps of exceptions: rules that take the place of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from minzheng_rules.problems import Words
from minzheng_rules.rulebook.definitions import Definition
from minzheng_rules.trail.building.several import opening
from minzheng_rules.trail.building.steps import PlanAboutSomebody, Step
from minzheng_rules.trail.building.values import raw_truth
from minzheng_rules.trail.node import FALSE, TRUE, UNDETERMINED, Node, NodeKind, Origin, State

if TYPE_CHECKING:
    from minzheng_rules.trail.building.plans import Plans


class ExceptionPlan(PlanAboutSomebody):
    """An exception: whether it takes the rule's place, and if so with what."""

    kind = NodeKind.EXCEPTION

    def __init__(self, plans: Plans, definition: Definition) -> None:
        assert definition.when is not None
        self.plans, self.names, self.key = plans, plans.names, definition.key
        declaration = definition.declaration
        self.suffix = f"except/{declaration.id}"
        self.label = Words(declaration.term, declaration.id.replace("_", " "))
        self.citations, self.place = plans.cited(declaration.cites), declaration.place
        self._origin = Origin(status=declaration.status, layer=declaration.layer, note=declaration.note)
        self._holds = plans.compiled.exception_when(definition)
        when, then = (plans.clause(definition.when), "when"), (plans.kept_rule(definition.key), "")
        self._idle, self._acting = opening([when]), opening([when, then])

    def state(self, step: Step) -> State:
        holds = self._holds(step.about, None, None)
        return TRUE if holds is True else FALSE if holds is False else UNDETERMINED

    def value(self, step: Step) -> Words:
        return _EXCEPTION_WORDS[step.state]

    def raw(self, step: Step) -> object:
        return raw_truth(step.state)

    def origin(self, step: Step) -> Origin | None:
        return self._origin

    def children(self, step: Step) -> Sequence[Node]:
        return self._idle(step) if step.state is FALSE else self._acting(step)


_EXCEPTION_WORDS = {
    TRUE: Words("取代一般规定", "takes the rule's place"),
    FALSE: Words("不成立", "does not apply"),
    UNDETERMINED: Words("待定", "undetermined"),
}
