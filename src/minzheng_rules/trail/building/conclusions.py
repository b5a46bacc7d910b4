"""The step of a program's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minzheng_rules.evaluator.decision import Status
from minzheng_rules.problems import Words
from minzheng_rules.trail.building.marking import unique
from minzheng_rules.trail.building.several import several
from minzheng_rules.trail.building.steps import PlanAboutSomebody, Step
from minzheng_rules.trail.node import FALSE, TRUE, UNDETERMINED, UNTOUCHED, Node, NodeKind

if TYPE_CHECKING:
    from minzheng_rules.rulebook.rulebook import Program
    from minzheng_rules.trail.building.plans import Plans

STATES = {
    Status.ELIGIBLE: TRUE,
    Status.INELIGIBLE: FALSE,
    Status.UNDETERMINED: UNDETERMINED,
    Status.NOT_APPLICABLE: UNTOUCHED,
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

    def __init__(self, plans: Plans, program: Program) -> None:
        self.names, self.program, self.label = plans.names, program, program.term
        asked = [key for key in (program.applies, program.eligible) if key is not None]
        self._asked = [plans.kept_rule(key).make for key in asked]
        amounts = [plans.kept_rule(key) for _, key, _ in program.every_amount()]
        answers = [*amounts, *(plans.kept_rule(key) for _, key in program.results)]
        start = [] if program.payable_from is None else [plans.kept_rule(program.payable_from)]
        self._amounts = len(amounts)
        self._refused, self._entitled = several(answers), several([*answers, *start])
        keys = [*asked, *(part.key for part in (*answers, *start))]
        self._distinct = len(set(keys)) == len(keys)

    def id(self, step: Step) -> str:
        return f"{self.program.id}@{step.about.path or self.program.subject}"

    def value(self, step: Step) -> Words:
        return _STATUS_WORDS[_STATUSES[step.state]]

    def raw(self, step: Step) -> object:
        return _STATUSES[step.state].value

    def look(self, step: Step, status: Status) -> None:
        """Put in the steps below a conclusion, and those that settle it."""
        about = step.about
        asked: list[Node] = []
        for make in self._asked:
            asked.append(make(step, "", about, None, None))
            if asked[-1].state is FALSE:
                break
        entitled = status in (Status.ELIGIBLE, Status.UNDETERMINED)
        answers = (self._entitled if entitled else self._refused)(step, "", about, None, None)
        amounts = answers[: self._amounts]
        step.children = (*asked, *answers) if self._distinct else unique([*asked, *answers])
        if status is Status.NOT_APPLICABLE:
            step.leads = asked
        elif status is Status.ELIGIBLE or self.program.eligible is None:
            step.leads = step.children
        elif status is Status.UNDETERMINED:
            step.leads = unique([*asked, *amounts])
        else:
            step.leads = asked or unique(amounts)
        if status is Status.UNDETERMINED:
            step.leads = [one for one in asked if one.state is UNDETERMINED] or step.leads
