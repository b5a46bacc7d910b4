"""The conclusions of one decision, with the steps that settle them marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minzheng_rules.evaluator.decision import Outcome
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.problems import Words
from minzheng_rules.trail.building.conclusions import STATES
from minzheng_rules.trail.building.marking import mark
from minzheng_rules.trail.building.plans import Plans
from minzheng_rules.trail.building.steps import step_of
from minzheng_rules.trail.node import Node

if TYPE_CHECKING:
    from minzheng_rules.evaluator.deciding import Run
    from minzheng_rules.rulebook.rulebook import Program


class Builder:
    """Builds the trail of one decision, each rule, fact and parameter once."""

    def __init__(self, run: Run) -> None:
        self.plans, self.rulebook, self.too_late = Plans.of(run.compiled, run.rulebook), run.rulebook, run.too_late
        self._marked: tuple[set[Node], set[Node]] = (set(), set())

    def conclusion(self, program: Program, subject: Subject, outcome: Outcome) -> Node:
        """A program's answer about a subject, with its eligibility, amounts and results below it; marked."""
        plan = self.plans.conclusion(program)
        node = step_of(plan, subject)
        node.state = STATES[outcome.status]
        # While somebody holds it the steps of the case are kept: see Run.__del__().
        node.inside = outcome._run
        if self.too_late:
            through = self.rulebook.decides_through
            node.reason = Words(f"规则手册只裁断到 {through}", f"the rulebook decides through {through} only")
            node.children = ()
        else:
            plan.look(node, outcome.status)
        mark([node], self._marked)
        for marked in self._marked:
            # No other step leads to it, and the run that it keeps shall not keep it in turn.
            marked.discard(node)
        return node
