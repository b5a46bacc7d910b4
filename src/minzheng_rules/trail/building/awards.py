"""The steps of an award: how other benefits bear on an amount, and how it is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from minzheng_rules.evaluator.compiling import leaves
from minzheng_rules.evaluator.possible import MAYBE, settled
from minzheng_rules.evaluator.printing import benefit_words, value_words
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language import ir
from minzheng_rules.language.types import Type
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.definitions import Stack
from minzheng_rules.rulebook.ruleset import Effective
from minzheng_rules.trail.building.exceptions import ExceptionPlan
from minzheng_rules.trail.building.marking import unique
from minzheng_rules.trail.building.steps import Named, PlanAboutSomebody, Step, step_of, who
from minzheng_rules.trail.building.values import Later, Rounded, change_said, judging, unit_said
from minzheng_rules.trail.node import FALSE, TRUE, UNDETERMINED, Node, NodeKind, Origin

if TYPE_CHECKING:
    from minzheng_rules.case.vocabulary import FactType
    from minzheng_rules.trail.building.plans import Plans

_RELATION_WORDS = {
    "excluded": Words("不得重复享受", "not both"),
    "higher": Words("择高享受", "the higher of the two"),
    "top_up": Words("补差", "the difference only"),
    "unknown": Words("能否同时享受没有规定", "whether both can be had is not laid down"),
}
_WITHOUT_EFFECT = {
    False: Words("没有这项待遇，不受影响", "not drawn, no effect"),
    True: Words("本项较高，不受影响", "this one is the higher, no effect"),
}


class StackPlan(PlanAboutSomebody):
    """How another benefit bears on an amount; what a step of it holds ``inside`` is the amount before and after, and whether it acts."""

    kind = NodeKind.TABLE_ROW

    def __init__(self, plans: Plans, stack: Stack, type_: Type, per: str | None, index: int) -> None:
        self.plans, self.names, self.stack, self.type, self.per = plans, plans.names, stack, type_, per
        self.suffix, self.found = f"stack/{index}", plans.compiled.other_benefit(stack)
        relation = _RELATION_WORDS[stack.relation]
        other = benefit_words(stack, plans.names)
        self.label = Words(f"与“{other.zh}”：{relation.zh}", f"with {other.en}: {relation.en}")
        self.citations, self.place = plans.cited(stack.cites), stack.place
        self._origin = Origin(status=stack.status)

    def value(self, step: Step) -> Words:
        return value_words(step.inside.after, self.type, self.names, self.per)

    def filled(self, step: Step) -> Words | None:
        found = step.inside
        return change_said(found.before, found.after, self.type, self.names, self.per) if found.acts else None

    def origin(self, step: Step) -> Origin | None:
        return self._origin

    def reason(self, step: Step) -> Words | None:
        return None if step.inside.acts else _WITHOUT_EFFECT[step.inside.holds is not False]

    def children(self, step: Step) -> Sequence[Node]:
        return _rests_on(self.plans, self.stack, step.about, step)


class Borne(NamedTuple):
    """An amount before and after another benefit was looked at, whether that is drawn, and whether it changes the amount."""

    before: Any
    after: Any
    holds: Any
    acts: bool


def stack_steps(plans: list[StackPlan], effective: Effective, step: Step) -> list[Node]:
    """How other benefits bear on an amount: one step for each, those that act and those that do not."""
    if not plans:
        return []
    subject, compiled = step.about, plans[0].plans.compiled
    own = compiled.before_award(effective, subject)
    if settled(own) and own == 0:
        return []
    rows: list[Node] = []
    for plan in plans:
        stack = plan.stack
        holds, amount = plan.found(subject)
        before, own = own, leaves(stack, own, holds, amount)
        acts = holds is not False and (not settled(own) or not settled(before) or own != before)
        open_ = not settled(own) and (holds is MAYBE or stack.relation == "unknown" or not settled(amount))
        row = step_of(plan, subject, step, plan.suffix)
        row.state = UNDETERMINED if acts and open_ else TRUE if acts else FALSE
        row.inside = Borne(before, own, holds, acts)
        rows.append(row)
    return rows


def rounding_step(
    plans: Plans, effective: Effective, step: Step, value: Any, type_: Type, per: str | None
) -> list[Node]:
    """The rounding of an amount, where it changes something or is not known."""
    rounding = effective.definition.rounding
    assert rounding is not None
    exact = plans.compiled.unrounded(effective, step.about)
    parameter = plans.parameter(rounding, (), step.about)
    if parameter.state is not UNDETERMINED and (not settled(exact) or exact == value):
        return []
    return [
        Node(
            id=f"{step.id}/rounding",
            kind=NodeKind.ROUNDING,
            label=parameter.value,
            state=step.state,
            value=value_words(value, type_, plans.names, per),
            filled=change_said(exact, value, type_, plans.names, per),
            raw=Rounded(exact, value, type_),
            unit=unit_said(type_, per),
            subject=step.subject,
            subject_en=step.subject_en,
            citations=parameter.citations,
            children=[parameter],
        )
    ]


def _rests_on(plans: Plans, stack: Stack, subject: Subject, row: Step) -> list[Node]:
    """What a stacking row rests on: a condition, another amount, or what is drawn."""
    if stack.condition is not None:
        return [plans.condition(stack.condition).make(row, "0", subject, None, None)]
    if stack.amount is not None:
        owner = plans.compiled.closure(stack.amount.of)(subject, None, None)
        if not isinstance(owner, Subject):
            return []
        if stack.relation == "higher":
            # Both amounts look at each other here: the other is named with what it comes to by itself.
            return _own_amount(plans, stack.amount, owner, row)
        return [plans.rule(stack.amount.key, owner)]
    assert stack.drawn is not None
    list_name, kind_name, _, amount_name = stack.drawn
    nodes = [_fact(plans, subject, list_name)]
    for item in subject.facts.get(list_name, ()):
        nodes += [_fact(plans, item, name) for name in (kind_name, amount_name)]
    return nodes


def _fact(plans: Plans, subject: Subject, name: str) -> Node:
    """The step of a fact of a benefit drawn, or of the list of them."""
    known = plans.names.fact(subject.kind, name)
    assert known is not None
    fact, type_ = known
    return plans.fact(cast("FactType", fact), type_, subject)


def _own_amount(plans: Plans, amount: ir.RuleOf, owner: Subject, row: Step) -> list[Node]:
    """What another amount comes to by itself, before benefits bear on each other."""
    effective = plans.rules.rules.get(amount.key)
    if effective is None:
        return []
    value = plans.compiled.before_award(effective, owner)
    declared, type_ = effective.original.declaration, effective.original.type
    per, whom = plans.names.dimension(owner.kind), who(owner, plans.names)
    node = Node(
        id=f"{row.id}/other",
        kind=NodeKind.AMOUNT,
        label=Words(declared.term, declared.id.replace("_", " ")),
        state=judging(type_)(value),
        value=value_words(value, type_, plans.names, per),
        raw=Later(value, type_),
        unit=unit_said(type_, per),
        subject=whom.zh,
        subject_en=whom.en,
        citations=plans.cited(declared.cites),
        place=declared.place,
    )
    definition = effective.definition
    above = step_of(Named(node.id), owner)
    before = []
    if definition.given is not None:
        before = [plans.condition(definition.given).make(above, "given", owner, None, None)]
    if before and before[0].state is FALSE:
        node.children = before
        return [node]
    parts = [n for part in definition.body.expressions() for n in plans.leaves(part)(above, "", owner, None, None)]
    excepted = [ExceptionPlan(plans, exception) for exception in effective.exceptions]
    exceptions = [step_of(plan, owner, above, plan.suffix) for plan in excepted]
    node.children = unique([*before, *exceptions, *parts])
    return [node]
