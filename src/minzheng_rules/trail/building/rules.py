"""The steps of rules: what a rule came to, what was asked first, its exceptions, its body, its rounding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from minzheng_rules.evaluator.compiling import WHEN, standing
from minzheng_rules.evaluator.possible import MAYBE
from minzheng_rules.evaluator.printing import value_words
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language.types import Truth, Type
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.ruleset import Effective
from minzheng_rules.trail.building.awards import StackPlan, rounding_step, stack_steps
from minzheng_rules.trail.building.bodies import Inside, SimpleBody, body_of
from minzheng_rules.trail.building.exceptions import ExceptionPlan
from minzheng_rules.trail.building.marking import leading_of, unique
from minzheng_rules.trail.building.several import opening
from minzheng_rules.trail.building.steps import Choosing, PlanAboutSomebody, Step, day_of, step_of
from minzheng_rules.trail.building.values import Later, judging, unit_said
from minzheng_rules.trail.node import FALSE, TRUE, UNDETERMINED, Node, NodeKind, Origin, State

if TYPE_CHECKING:
    from minzheng_rules.trail.building.plans import Plans


class RulePlan(PlanAboutSomebody):
    """A rule: what its steps say on the outside. This one is in force nowhere; see the plans below for those that are."""

    def __init__(self, plans: Plans, key: str, kind: str, effective: Effective | None) -> None:
        self.plans, self.names, self.key = plans, plans.names, key
        first = self.names.declarations[key][0]
        declared = first if effective is None else effective.definition.declaration
        self.type: Type = self.names.type_of(key)
        self.judge = judging(self.type)
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
        return UNDETERMINED

    def value(self, step: Step) -> Words:
        return value_words(self.came_to(step), self.type, self.names, self.per)

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
        # Asked of every step: straight to the body.
        self.children = body.children  # type: ignore[assignment,method-assign]
        if body.leads is not None:
            self.step, self.leads = Choosing, body.leads  # type: ignore[assignment,method-assign]

    def state(self, step: Step) -> State:
        value = step.about.memo.get(self.key, self)
        return self.judge(self.came_to(step) if value is self else value)

    def formula(self, step: Step) -> Words | None:
        return self.body.formula

    def filled(self, step: Step) -> Words | None:
        return self.body.filled(step)

    def margin(self, step: Step) -> Words | None:
        return self.body.margin(step)

    def reason(self, step: Step) -> Words | None:
        return self.body.reason(step, self.replaced)


class FullRulePlan(RulePlan):
    """A rule with a table or cases, with something asked first, exceptions, additions, rounding."""

    step = Choosing
    together = frozenset({"kind", "citations", "wording"})

    def __init__(self, plans: Plans, key: str, kind: str, effective: Effective) -> None:
        super().__init__(plans, key, kind, effective)
        self.effective, self.body = effective, body_of(plans, effective)
        definition = effective.definition
        self._given = None if definition.given is None else opening([(plans.condition(definition.given), "given")])
        self._needs = [plans.below(need) for need in definition.needs]
        type_ = effective.definition.type
        self._stacks = [StackPlan(plans, s, type_, self.per, i) for i, s in enumerate(effective.stacks)]
        self._exceptions = [ExceptionPlan(plans, exception) for exception in effective.exceptions]
        self._only_given = not (self._exceptions or self._needs or self._stacks)
        self._plain = self._only_given and not (self._given or definition.rounding)

    def state(self, step: Step) -> State:
        return self.judge(self.came_to(step))

    def origin(self, step: Step) -> Origin | None:
        found: Origin = step.inside.origin
        return found

    def reason(self, step: Step) -> Words | None:
        found: Words | None = step.inside.reason
        return found

    def formula(self, step: Step) -> Words | None:
        return self.body.formula if self._by_its_body(step) else None

    def filled(self, step: Step) -> Words | None:
        return self.body.filled(step) if self._by_its_body(step) else None

    def _by_its_body(self, step: Step) -> bool:
        return step.inside.looked_at and not step.inside.acting

    def margin(self, step: Step) -> Words | None:
        return self.body.margin(step) if step.inside.looked_at else None

    def children(self, step: Step) -> Sequence[Node]:
        children: Sequence[Node] = step.inside.children
        return children

    def leads(self, step: Step) -> Sequence[Node] | None:
        inside = step.inside
        if not inside.looked_at:
            return None
        leads: Sequence[Node] | None
        if inside.acting:
            leads = leading_of(step, unique(inside.first))
        else:
            leads = self.body.settling(step, inside)
            if inside.first:
                leads = leading_of(step, unique([*inside.first, *(inside.body if leads is None else leads)]))
        if inside.rows:
            beside = unique([*inside.first, *inside.body]) if leads is None else leads
            leads = leading_of(step, unique([*beside, *inside.rows]))
        return leads

    def inside(self, step: Step) -> Inside:
        """The steps below a rule's: what is asked first, exceptions, the body, other benefits, rounding."""
        inside = Inside(self.kind, self.citations, self._origin, self.replaced)
        if self._plain:
            inside.look_at(self.body, step)
            inside.children = unique(inside.body)
            return inside
        before: Sequence[Node] = ()
        if self._given is not None:
            before = self._given(step)
            if before[0].state is FALSE:
                inside.children = before
                return inside
        if self._only_given:
            inside.look_at(self.body, step)
            inside.first = before
            inside.children = unique([*before, *inside.body, *self._rounding(step)])
            return inside
        exceptions = [step_of(plan, step.about, step, plan.suffix) for plan in self._exceptions]
        acting = [e for e in exceptions if e.state is TRUE]
        if exceptions and self._conflict(step.about):
            inside.reason = Words(
                "例外互相冲突：" + "、".join(e.label.zh for e in acting),
                "exceptions conflict: " + ", ".join(e.label.en for e in acting),
            )
            inside.children = [*before, *exceptions]
            return inside
        inside.look_at(self.body, step)
        needed = [n for below in self._needs for n in below(step)]
        inside.acting = bool(acting)
        # What an acting exception comes to decides as much as that it acts, and may be open when that is not.
        inside.first = [*before, *exceptions, *((e.children[-1] for e in acting) if acting else needed)]
        children = unique([*before, *exceptions, *inside.body, *needed])
        if self._stacks:
            inside.rows = stack_steps(self._stacks, self.effective, step)
            children = unique([*children, *inside.rows])
        inside.children = [*children, *self._rounding(step)]
        return inside

    def _rounding(self, step: Step) -> Sequence[Node]:
        if self.effective.definition.rounding is None:
            return ()
        return rounding_step(self.plans, self.effective, step, self.came_to(step), self.type, self.per)

    def _conflict(self, subject: Subject) -> bool:
        states = {d.key: subject.memo.get(d.key + WHEN, MAYBE) for d in self.effective.exceptions}
        return standing(self.effective, states)[2]


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
