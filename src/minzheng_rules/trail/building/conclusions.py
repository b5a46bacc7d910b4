"""The step of a program's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minzheng_rules.evaluator.decision import Status
from minzheng_rules.problems import Words
from minzheng_rules.trail.building.steps import PlanAboutSomebody, Step
from minzheng_rules.trail.node import NodeKind, State

if TYPE_CHECKING:
    from minzheng_rules.rulebook.resolution import Names
    from minzheng_rules.rulebook.rulebook import Program

STATES = {
    Status.ELIGIBLE: State.TRUE,
    Status.INELIGIBLE: State.FALSE,
    Status.UNDETERMINED: State.UNDETERMINED,
    Status.NOT_APPLICABLE: State.UNTOUCHED,
}
_STATUSES = {state: status for status, state in STATES.items()}
_STATUS_WORDS = {
    Status.ELIGIBLE: Words("符合", "eligible"),
    Status.INELIGIBLE: Words("不符合", "not eligible"),
    Status.UNDETERMINED: Words("待定", "undetermined"),
    Status.NOT_APPLICABLE: Words("不适用", "not applicable"),
}


class ConclusionPlan(PlanAboutSomebody):
    """A program's answer about a subject."""

    kind = NodeKind.CONCLUSION

    def __init__(self, program: Program, names: Names) -> None:
        self.names, self.program, self.label = names, program, program.term

    def id(self, step: Step) -> str:
        return f"{self.program.id}@{step.about.path or self.program.subject}"

    def value(self, step: Step) -> Words:
        return _STATUS_WORDS[_STATUSES[step.state]]

    def raw(self, step: Step) -> object:
        return _STATUSES[step.state].value
