"""The conclusions of one decision, with the steps that settle them marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minzheng_rules.evaluator.decision import Outcome, Status
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.problems import Words
from minzheng_rules.trail.building.conclusions import STATES
from minzheng_rules.trail.building.marking import mark, unique
from minzheng_rules.trail.building.plans import Plans
from minzheng_rules.trail.building.steps import Step
from minzheng_rules.trail.node import Node, State

if TYPE_CHECKING:
    from minzheng_rules.evaluator.deciding import Run
    from minzheng_rules.rulebook.rulebook import Program


class Builder:
    """Builds the trail of one decision, each rule, fact and parameter once."""

    def __init__(self, run: Run) -> None:
        self.run, self.plans = run, Plans.of(run.compiled, run.rulebook)
        self._marked: tuple[set[Node], set[Node]] = (set(), set())

    def conclusion(self, program: Program, subject: Subject, outcome: Outcome) -> Node:
        """A program's answer about a subject, with its eligibility, amounts and results below it; marked."""
        node = Step(self.plans.conclusion(program), subject)
        node.state = STATES[outcome.status]
        if self.run.too_late:
            through = self.run.rulebook.decides_through
            node.reason = Words(f"规则手册只裁断到 {through}", f"the rulebook decides through {through} only")
            node.children = []
        else:
            self._look(node, program, subject, outcome.status)
        mark([node], self._marked)
        return node

    def _look(self, node: Step, program: Program, subject: Subject, status: Status) -> None:
        rule = self.plans.rule
        leading: list[Node] = []
        for key in (program.applies, program.eligible):
            if key is not None:
                leading.append(rule(key, subject))
                if leading[-1].state is State.FALSE:
                    break
        entitled = status in (Status.ELIGIBLE, Status.UNDETERMINED)
        paid = [rule(key, subject) for _, key, _ in program.every_amount()]
        answers = [rule(key, subject) for _, key in program.results]
        start = [rule(program.payable_from, subject)] if program.payable_from is not None and entitled else []
        node.children = unique([*leading, *paid, *answers, *start])
        if status is Status.NOT_APPLICABLE:
            leads = leading
        elif status is Status.ELIGIBLE or program.eligible is None:
            leads = [*leading, *paid, *answers, *start]
        elif status is Status.UNDETERMINED:
            leads = [*leading, *paid]
        else:
            leads = leading or paid
        if status is Status.UNDETERMINED:
            leads = [n for n in leading if n.state is State.UNDETERMINED] or leads
        node.leads = unique(leads)
