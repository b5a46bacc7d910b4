"""The steps of rules: what a rule came to, what was asked first, its exceptions, its body, its rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from minzheng_rules.evaluator.compiling import WHEN, standing
from minzheng_rules.evaluator.possible import MAYBE
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language.types import Truth, Type
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.ruleset import Effective
from minzheng_rules.trail.building.awards import StackPlan, rounding_step, stack_steps
from minzheng_rules.trail.building.bodies import Inside, SimpleBody, body_of
from minzheng_rules.trail.building.exceptions import ExceptionPlan
from minzheng_rules.trail.building.marking import leading_of, unique
from minzheng_rules.trail.building.steps import PlanAboutSomebody, Step, day_of, inside_of
from minzheng_rules.trail.building.values import Later, state_of, unit_said, value_said
from minzheng_rules.trail.node import Node, NodeKind, Origin, State

if TYPE_CHECKING:
    from minzheng_rules.trail.building.plans import Plans


class RulePlan(PlanAboutSomebody):
    """A rule: what its steps say on the outside. This one is in force nowhere; see the plans below for those that are."""

    step: type[Step] = Step

    def __init__(self, plans: Plans, key: str, kind: str, effective: Effective | None) -> None:
        self.plans, self.names, self.key = plans, plans.names, key
        first = self.names.declarations[key][0]
        declared = first if effective is None else effective.definition.declaration
        self.type: Type = self.names.type_of(key)
        self.kind = NodeKind.CONDITION if isinstance(self.type, Truth) else NodeKind.DEFINITION
        if effective is not None and effective.definition.rounding is not None:
            self.kind = NodeKind.AMOUNT
        self.per = self.names.dimension(kind)
        self.label = Words(first.term, first.id.replace("_", " "))
        self.unit = unit_said(self.type, self.per)
        self.citations = plans.cited(declared.cites)
        self.place, self.since, self.until = declared.place, declared.start, declared.end
        self._origin = Origin(declared.status, declared.layer, note=declared.note)
        replacement = Words(f"由“{declared.term}”取代", f"replaced by {declared.id.replace('_', ' ')}")
        self.replaced = replacement if first.key != declared.key else None

    def id(self, step: Step) -> str:
        return f"{self.key}@{step.about.path or step.about.kind}"

    def came_to(self, step: Step) -> Any:
        """What the rule yields."""
        return self.plans.compiled.value(self.key, step.about)

    def state(self, step: Step) -> State:
        return State.UNDETERMINED

    def value(self, step: Step) -> Words:
        return value_said(self.came_to(step), self.type, self.names, self.per)

    def raw(self, step: Step) -> object:
        return Later(self.came_to(step), self.type)

    def origin(self, step: Step) -> Origin | None:
        return self._origin

    def reason(self, step: Step) -> Words | None:
        day = day_of(step.about)
        return Words(f"{day} 没有生效的规定", f"no such rule is in force on {day}")


class SimpleRulePlan(RulePlan):
    """A rule with nothing but a formula or conditions."""

    def __init__(self, plans: Plans, key: str, kind: str, effective: Effective, body: SimpleBody) -> None:
        super().__init__(plans, key, kind, effective)
        self.body = body
        self.kind, self.wording = body.kind or self.kind, body.wording
        self._true = state_of(True, self.type)
        # Asked of every step: straight to the body.
        self.children = body.children  # type: ignore[method-assign]

    def state(self, step: Step) -> State:
        value = step.about.memo.get(self.key, self)
        if value is True:
            return self._true
        return state_of(self.came_to(step) if value is self else value, self.type)

    def formula(self, step: Step) -> Words | None:
        return self.body.formula

    def filled(self, step: Step) -> Words | None:
        return self.body.filled(step)

    def margin(self, step: Step) -> Words | None:
        return self.body.margin(step)

    def reason(self, step: Step) -> Words | None:
        return self.body.reason(step, self.replaced)

    def leads(self, step: Step) -> list[Node] | None:
        return self.body.leads(step)


class FullStep(Step):
    """The step of a rule of which much is found together."""

    kind = inside_of("kind")
    wording = inside_of("wording")
    citations = inside_of("citations")
    formula = inside_of("formula")
    filled = inside_of("filled")
    margin = inside_of("margin")
    origin = inside_of("origin")
    reason = inside_of("reason")
    children = inside_of("children")


class FullRulePlan(RulePlan):
    """A rule with a table or cases, with something asked first, exceptions, additions, rounding."""

    step = FullStep

    def __init__(self, plans: Plans, key: str, kind: str, effective: Effective) -> None:
        super().__init__(plans, key, kind, effective)
        self.effective, self.body = effective, body_of(plans, effective)
        definition = effective.definition
        self._given = None if definition.given is None else plans.condition(definition.given)
        self._needs = [plans.leaves(need) for need in definition.needs]
        type_ = effective.definition.type
        self._stacks = [StackPlan(plans, s, type_, self.per, i) for i, s in enumerate(effective.stacks)]
        self._exceptions = [ExceptionPlan(plans, exception) for exception in effective.exceptions]

    def state(self, step: Step) -> State:
        return state_of(self.came_to(step), self.type)

    def leads(self, step: Step) -> list[Node] | None:
        leads: Callable[[], list[Node]] | None = step.inside.leads
        return None if leads is None else leads()

    def inside(self, step: Step) -> Inside:
        """The steps below a rule's: what is asked first, exceptions, the body, other benefits, rounding."""
        plans, effective, subject = self.plans, self.effective, step.about
        definition = effective.definition
        inside = Inside(self.kind, self.citations, self._origin, self.replaced)
        before: list[Node] = []
        if self._given is not None:
            given = self._given(step, "given", subject, None, None)
            before.append(given)
            if given.state is State.FALSE:
                inside.children = before
                return inside
        exceptions: list[Node] = [Step(plan, subject, step) for plan in self._exceptions]
        acting = [e for e in exceptions if e.state is State.TRUE]
        if effective.exceptions and self._conflict(subject):
            inside.reason = Words(
                "例外互相冲突：" + "、".join(e.label.zh for e in acting),
                "exceptions conflict: " + ", ".join(e.label.en for e in acting),
            )
            inside.children = [*before, *exceptions]
            return inside
        self.body.fill(step, inside)
        body = inside.children
        needed = [n for leaves in self._needs for n in leaves(step, "", subject, None, None)]
        if acting:
            inside.formula = inside.filled = None
            # What an acting exception comes to decides as much as that it acts, and may be open when that is not.
            acted = [*before, *exceptions, *(e.children[-1] for e in acting)]
            inside.leads = lambda: leading_of(step, unique(acted))
        elif before or exceptions or needed:
            then = inside.leads or (lambda: body)
            inside.leads = lambda: leading_of(step, unique([*before, *exceptions, *needed, *then()]))
        inside.children = unique([*before, *exceptions, *body, *needed])
        if effective.stacks:
            self._stack(step, inside)
        if definition.rounding is not None:
            inside.children += rounding_step(plans, effective, step, self.came_to(step), self.type, self.per)
        return inside

    def _conflict(self, subject: Subject) -> bool:
        states = {d.key: subject.memo.get(d.key + WHEN, MAYBE) for d in self.effective.exceptions}
        return standing(self.effective, states)[2]

    def _stack(self, step: Step, inside: Inside) -> None:
        rows = stack_steps(self._stacks, self.effective, step)
        if rows:
            first = inside.children
            settles = inside.leads or (lambda: first)
            inside.leads = lambda: leading_of(step, unique([*settles(), *rows]))
            inside.children = unique([*first, *rows])


def plan_of_rule(plans: Plans, key: str, kind: str) -> RulePlan:
    """The plan of a rule as it stands on the day, for subjects of one kind."""
    effective = plans.rules.rules.get(key)
    if effective is None:
        return RulePlan(plans, key, kind, None)
    definition = effective.definition
    more = definition.given, *effective.exceptions, *definition.needs, *effective.stacks, definition.rounding
    body = body_of(plans, effective)
    if isinstance(body, SimpleBody) and all(part is None for part in more):
        return SimpleRulePlan(plans, key, kind, effective, body)
    return FullRulePlan(plans, key, kind, effective)
