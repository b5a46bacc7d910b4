"""Several steps at once, made by one function that is written for just them.

A large trail has thousands of steps, two or three below each: calling a function for every one of them takes longer than
making it. What differs between two lists of steps of one shape (plans, keys) is given to a function of that shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.trail.building.marking import unique
from minzheng_rules.trail.building.steps import Plan, Step
from minzheng_rules.trail.node import Node

Maker = Callable[[Step, str, Subject, Any, Any], Node]
"""Makes a step: below which step, the end of its id, the subject, the loop variables."""
Several = Callable[[Step, str, Subject, Any, Any], Sequence[Node]]
"""Makes several: below which step, the beginning of the ends of their ids, the subject, the loop variables."""
Keep = Callable[[Subject], Node]
"""Makes the step that an owner has one of."""
_Way = str | tuple[type[Step], bool]
"""How a step comes about: who keeps it, or what class it is made of and whether it is opened at once."""
Opening = Callable[[Step], Sequence[Node]]
"""Makes the steps below a step."""


@dataclass(frozen=True, slots=True)
class Part:
    """One step below others, and how it comes about: made anew, or the one that its owner has."""

    make: Maker
    plan: Plan | None = None
    """What it follows, where it is a step that only the one above it has."""
    owner: str = ""
    """Who else has it: ``e``, the subject; ``x`` or ``y``, a loop variable; ``e.parent``; ``e.case``, the root of the case."""
    key: str = ""
    """Under which key the owner keeps it."""
    first: Keep | None = None
    """Makes it the first time."""


def anew(plan: Plan) -> Part:
    """A step that only the one above it has."""
    return Part(_anew((plan.step, plan.at_once))(plan, plan.children), plan=plan)


def kept(owner: str, key: str, first: Keep) -> Part:
    """The step that an owner has one of."""
    return Part(_function((owner,), "one")(key, first, None), owner=owner, key=key, first=first)


def keeping(plan: Plan, key: str) -> Keep:
    """The function that makes the step of a plan for its owner, who keeps it under a key."""
    made: Keep = _keeping((plan.step, plan.at_once))(plan, key, plan.children)
    return made


def opening(parts: Sequence[tuple[Part, str]], beside: bool = False) -> Opening:
    """The function that makes the steps below a step, each with the end of its id.

    Their ids begin with the step's; ``beside``, with that of the step which the subject has one of.
    """
    made: Opening = _function(_shape(parts), "beside" if beside else "below")(*_given(parts))
    return made if _distinct(part for part, _ in parts) else lambda step: unique(made(step))


def several(parts: Sequence[Part]) -> Several:
    """The function that makes several kept steps, whatever they stand below."""
    listed = [(part, "") for part in parts]
    made: Several = _function(_shape(listed), "several")(*_given(listed))
    return made if _distinct(parts) else lambda step, prefix, e, x, y: unique(made(step, prefix, e, x, y))


def _distinct(parts: Iterable[Part]) -> bool:
    """Whether no two can be one step: two owners may be one and the same, so that a key of both may come twice."""
    keys = [part.key for part in parts if part.owner]
    return len(set(keys)) == len(keys)


def _shape(parts: Sequence[tuple[Part, str]]) -> tuple[_Way, ...]:
    return tuple(part.owner if part.plan is None else (part.plan.step, part.plan.at_once) for part, _ in parts)


def _given(parts: Sequence[tuple[Part, str]]) -> list[Any]:
    """What a function of a shape is given: three things for each step."""
    found: list[Any] = []
    for part, suffix in parts:
        plan = part.plan
        found += (part.key, part.first, None) if plan is None else (plan, f"/{suffix}", plan.children)
    return found


@cache
def _function(shape: tuple[_Way, ...], sort: str) -> Callable[..., Any]:
    """A function that, given plans and keys, gives the function that makes steps of a shape.

    ``sort`` is ``below`` or ``beside`` for an :data:`Opening`, ``several`` for a :data:`Several`, ``one`` for a
    :data:`Maker`. Written as text and compiled: there are some dozens of shapes, and nothing
    in them comes from a rulebook.
    """
    before, steps = "", ""
    space: dict[str, Any] = {}
    for i, way in enumerate(shape):
        if isinstance(way, str):
            steps += f"{way}.steps.get(a{i}) or b{i}({way}), "
        else:
            space[f"t{i}"], opened = way
            path = f"b{i}" if sort == "beside" else f"step.path + b{i}"
            said = (("plan", f"a{i}"), ("base", "step.base"), ("path", path), *_FRAME)
            before += _made(f"s{i}", f"t{i}", said, f"c{i}" if opened else "")
            steps += f"s{i}, "
    arguments = _ARGUMENTS
    if sort in ("below", "beside"):
        needed = {name for way in shape for name in (way[0] if isinstance(way, str) else "exy")}
        arguments, frame = "step", [f"    {name} = step.{of}\n" for of, name in _FRAME if name in needed]
        before = "".join(frame) + before
    given = ", ".join(f"a{i}, b{i}, c{i}" for i in range(len(shape)))
    return _compiled(given, arguments, before, steps.removesuffix(", ") if sort == "one" else f"({steps})", space)


@cache
def _anew(way: tuple[type[Step], bool]) -> Callable[..., Any]:
    """A function that, given a plan and what opens its steps, gives the function that makes one."""
    step, opened = way
    said = (("plan", "plan"), ("base", "step.base"), ("path", 'f"{step.path}/{suffix}"'), *_FRAME)
    return _compiled("plan, open", _ARGUMENTS, _made("s", "t", said, "open" if opened else ""), "s", {"t": step})


@cache
def _keeping(way: tuple[type[Step], bool]) -> Callable[..., Any]:
    """A function that, given a plan, a key and what opens its steps, gives the function that makes one for its owner."""
    step, opened = way
    said = (("plan", "plan"), ("base", "plan"), ("path", '""'), ("about", "e"), ("x", "None"), ("y", "None"))
    before = _made("s", "t", said, "open" if opened else "") + "    e.steps[key] = s\n"
    return _compiled("plan, key, open", "e", before, "s", {"t": step})


_ARGUMENTS = "step, suffix, e, x, y"
_FRAME = (("about", "e"), ("x", "x"), ("y", "y"))
"""The attributes of a step that say what it is about, and what those are called in the functions here."""


def _made(name: str, of: str, said: Iterable[tuple[str, str]], opened: str = "") -> str:
    """The lines that make a step: its class goes with the function, so that the interpreter learns where it keeps what."""
    lines = [f"{name} = {of}()", *(f"{name}.{attribute} = {value}" for attribute, value in said)]
    if opened:
        lines.append(f"{name}.children = {opened}({name})")
    return "".join(f"    {line}\n" for line in lines)


def _compiled(given: str, arguments: str, before: str, result: str, space: dict[str, Any]) -> Callable[..., Any]:
    exec(f"def outer({given}):\n  def made({arguments}):\n{before}    return {result}\n  return made\n", space)
    made: Callable[..., Any] = space["outer"]
    return made
