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
from minzheng_rules.trail.building.steps import Below, Plan, Step
from minzheng_rules.trail.node import Node

Maker = Callable[[Node, str, Subject, Any, Any], Node]
"""Makes a step: below which step, the end of its id, the subject, the loop variables."""
Several = Callable[[Node, str, Subject, Any, Any], Sequence[Node]]
"""Makes several: below which step, the beginning of the ends of their ids, the subject, the loop variables."""
Keep = Callable[[Subject], Node]
"""Makes the step that an owner has one of."""
_Way = str | type[Below]
"""How a step comes about: who keeps it, or what class it is made of."""
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

    def make(above: Node, suffix: str, e: Subject, x: Any, y: Any) -> Node:
        return plan.below(plan, above, suffix, e, x, y)

    return Part(make, plan=plan)


def kept(owner: str, key: str, first: Keep) -> Part:
    """The step that an owner has one of."""
    return Part(_function((owner,), "one")(key, first), owner=owner, key=key, first=first)


def keeping(plan: Plan, key: str) -> Keep:
    """The function that makes the step of a plan for its owner, who keeps it under a key."""
    made: Keep = _keeping(plan.step)(plan, key)  # type: ignore[arg-type]  # a class can be hashed
    return made


def opening(parts: Sequence[tuple[Part, str]], above: str = "step") -> Opening:
    """The function that makes the steps below a step, each with the end of its id.

    ``above`` is the step whose id theirs begin with: ``step`` itself, or ``step.above``.
    """
    made: Opening = _function(_shape(parts), above)(*_given(parts))
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
    return tuple(part.owner if part.plan is None else part.plan.below for part, _ in parts)


def _given(parts: Sequence[tuple[Part, str]]) -> list[Any]:
    """What a function of a shape is given: two things for each step."""
    found: list[Any] = []
    for part, suffix in parts:
        found += (part.key, part.first) if part.plan is None else (part.plan, suffix)
    return found


@cache
def _function(shape: tuple[_Way, ...], sort: str) -> Callable[..., Any]:
    """A function that, given plans and keys, gives the function that makes steps of a shape.

    Written as text and compiled: there are some dozens of shapes, and nothing in them comes from a rulebook.
    """
    above = "step.above" if sort == "step.above" else "step"
    before, steps = "", ""
    space: dict[str, Any] = {"new": object.__new__}
    for i, way in enumerate(shape):
        if isinstance(way, str):
            steps += f"{way}.steps.get(a{i}) or b{i}({way}), "
        else:
            space[f"t{i}"] = way
            before += _made(f"s{i}", f"t{i}", (("plan", f"a{i}"), ("above", above), ("suffix", f"b{i}"), *_FRAME))
            steps += f"s{i}, "
    arguments = "step, suffix, e, x, y"
    if sort.startswith("step"):
        needed = {name for way in shape for name in ("exy" if not isinstance(way, str) else way[0])}
        arguments, before = (
            "step",
            "".join(f"    {name} = step.{of}\n" for of, name in _FRAME if name in needed) + before,
        )
    given = ", ".join(f"a{i}, b{i}" for i in range(len(shape)))
    result = steps.removesuffix(", ") if sort == "one" else f"({steps})"
    return _compiled(given, arguments, before, result, space)


@cache
def _keeping(step: type[Step]) -> Callable[..., Any]:
    """A function that, given a plan and a key, gives the function that makes a step of a class for its owner."""
    before = _made("s", "step", (("plan", "plan"), ("about", "e"), ("x", "None"), ("y", "None")))
    return _compiled("plan, key", "e", f"{before}    e.steps[key] = s\n", "s", {"new": object.__new__, "step": step})


def _made(name: str, of: str, said: Iterable[tuple[str, str]]) -> str:
    """The lines that make a step: its class goes with the function, so that the interpreter learns where it keeps what."""
    return f"    {name} = new({of})\n" + "".join(f"    {name}.{attribute} = {value}\n" for attribute, value in said)


def _compiled(given: str, arguments: str, before: str, result: str, space: dict[str, Any]) -> Callable[..., Any]:
    exec(f"def outer({given}):\n  def made({arguments}):\n{before}    return {result}\n  return made\n", space)
    made: Callable[..., Any] = space["outer"]
    return made


_FRAME = (("about", "e"), ("x", "x"), ("y", "y"))
"""The attributes of a step that say what it is about, and what those are called in the functions here."""
