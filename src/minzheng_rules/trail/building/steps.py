"""What a step is: a node of the trail that is worked out as it is looked at, by the plan it follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minzheng_rules.evaluator.compiling import AS_OF
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.resolution import Names
from minzheng_rules.trail.building.values import NOBODY, called
from minzheng_rules.trail.node import Citation, Node, NodeKind, Origin, State


class _Said:
    """An attribute of a step that its plan says alike in every case, or finds together with others."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, step: Step, owner: type | None = None) -> Any:
        plan = step.plan
        return getattr(step.inside if self.name in plan.together else plan, self.name)


class _WorkedOut:
    """An attribute of a step that its plan works out when it is first asked for; the step keeps it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, step: Step, owner: type | None = None) -> Any:
        value = getattr(step.plan, self.name)(step)
        setattr(step, self.name, value)
        return value


class _Children:
    """As :class:`_WorkedOut`, for what is asked of every step: naming the attribute takes half the time."""

    def __get__(self, step: Step, owner: type | None = None) -> Any:
        children = step.children = step.plan.children(step)
        return children


class _Leads:
    """The same for what settles a step."""

    def __get__(self, step: Step, owner: type | None = None) -> Any:
        leads = step.leads = step.plan.leads(step)
        return leads


class _State:
    """The same for the state."""

    def __get__(self, step: Step, owner: type | None = None) -> Any:
        state = step.state = step.plan.state(step)
        return state


class _FoundTogether:
    """The same for what a plan keeps to itself."""

    def __get__(self, step: Step, owner: type | None = None) -> Any:
        inside = step.inside = step.plan.inside(step)  # type: ignore[attr-defined]  # only plans that have it are asked
        return inside


def _said(name: str) -> Any:
    return _Said(name)


def _worked_out(name: str) -> Any:
    return _WorkedOut(name)


class Step(Node):
    """One step about one subject of one case, following a plan.

    Two thirds of a large trail settle nothing and are seldom read: a step holds only what it is about until somebody asks.
    Each attribute may also be set, and is what it was set to.
    """

    plan: Plan
    about: Subject
    x: Subject | None
    y: Subject | None
    """The loop variables, inside a statement about the members of a collection."""
    base: Plan
    """The plan of the step that its subject has one of, whose id begins its own; its own plan if it is that step."""
    path: str
    """The end of its id: a slash and more, or nothing. No step refers to the one above it: nothing would be given back
    to the machine before the collector of garbage has looked for it."""

    # Made empty, and filled by what makes it: see step_of() and several.py.
    __init__ = object.__init__

    kind: NodeKind = _said("kind")
    label: Words = _said("label")
    unit: Words | None = _said("unit")
    wording: str = _said("wording")
    citations: tuple[Citation, ...] = _said("citations")
    place = _said("place")
    since = _said("since")
    until = _said("until")

    id: str = _worked_out("id")
    state: State = _State()  # type: ignore[assignment]  # as below
    value: Words = _worked_out("value")
    raw: object = _worked_out("raw")
    formula: Words | None = _worked_out("formula")
    filled: Words | None = _worked_out("filled")
    margin: Words | None = _worked_out("margin")
    subject: str = _worked_out("subject")
    subject_en: str = _worked_out("subject_en")
    origin: Origin | None = _worked_out("origin")
    reason: Words | None = _worked_out("reason")
    children: Sequence[Node] = _Children()  # type: ignore[assignment]  # what it gets is a sequence
    leads: Sequence[Node] | None = None
    inside: Any = _FoundTogether()
    """What a plan keeps to itself of a step: the parts that are found together."""


class Choosing(Step):
    """A step of which not all the steps below settle it."""

    leads: Sequence[Node] | None = _Leads()  # type: ignore[assignment]  # what it gets is a sequence


def step_of(plan: Plan, about: Subject, above: Step | None = None, suffix: str = "") -> Step:
    """A step of a plan, below another or by itself."""
    step: Step = plan.step()
    step.plan = plan
    step.about = about
    step.x = None
    step.y = None
    step.base = plan if above is None else above.base
    step.path = "" if above is None else f"{above.path}/{suffix}"
    return step


for _sort in (Step, Choosing):
    # CPython lays out the attributes of a class by its first objects, and keeps those that come later apart, at a price.
    _first = _sort()
    for _name in ("plan", "about", "x", "y", "base", "path", "children", "state", "leads", "inside", "decisive"):
        setattr(_first, _name, None)


class Plan:
    """What the steps of one sort say alike, and how the rest of each is worked out.

    An attribute says the same for all of them; a method works out one thing of a step that a :class:`Node` has.
    """

    step: type[Step] = Step
    at_once = False
    """Whether a step is opened when it is made: it cannot be judged otherwise, or there is nothing below it."""
    together: frozenset[str] = frozenset()
    """What else it finds when it looks into a step."""
    kind: NodeKind = NodeKind.CONDITION
    label: Words
    unit: Words | None = None
    wording: str = ""
    citations: tuple[Citation, ...] = ()
    place: Any = None
    since: Any = None
    until: Any = None

    def id(self, step: Step) -> str:
        return f"{step.base.id(step)}{step.path}"

    def state(self, step: Step) -> State:
        raise NotImplementedError

    def value(self, step: Step) -> Words:
        raise NotImplementedError

    def raw(self, step: Step) -> object:
        return None

    def formula(self, step: Step) -> Words | None:
        return None

    def filled(self, step: Step) -> Words | None:
        return None

    def margin(self, step: Step) -> Words | None:
        return None

    def subject(self, step: Step) -> str:
        return ""

    def subject_en(self, step: Step) -> str:
        return ""

    def origin(self, step: Step) -> Origin | None:
        return None

    def reason(self, step: Step) -> Words | None:
        return None

    def children(self, step: Step) -> Sequence[Node]:
        return ()

    def leads(self, step: Step) -> Sequence[Node] | None:
        return None


class Named(Plan):
    """What has nothing but an id, for steps to stand below."""

    def __init__(self, id: str) -> None:
        self._id = id

    def id(self, step: Step) -> str:
        return self._id


class PlanAboutSomebody(Plan):
    """A plan whose steps say whom they are about."""

    names: Names

    def subject(self, step: Step) -> str:
        return who(step.about, self.names).zh

    def subject_en(self, step: Step) -> str:
        return who(step.about, self.names).en


def who(subject: Subject, names: Names) -> Words:
    """Whom a step is about; nobody in particular where it is the whole case."""
    return NOBODY if subject.parent is None else called(subject, names)


def day_of(subject: Subject) -> Any:
    """The day the case is decided on."""
    return subject.case.memo[AS_OF]
