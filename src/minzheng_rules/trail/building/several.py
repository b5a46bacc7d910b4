"""Several steps at once, made by one function that is written for just them.

A large trail has thousands of steps, two or three below each: calling a function for every one of them takes longer than
making it. What differs between two lists of steps of one shape (plans, keys) is given to a function of that shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.trail.building.steps import Below, Plan, Step
from minzheng_rules.trail.node import Node

Maker = Callable[[Node, str, Subject, Any, Any], Node]
"""Makes a step: below which step, the end of its id, the subject, the loop variables."""
Several = Callable[[Node, str, Subject, Any, Any], Sequence[Node]]
"""Makes several: below which step, the beginning of the ends of their ids, the subject, the loop variables."""
Opening = Callable[[Step], Sequence[Node]]
"""Makes the steps below a step."""

OWNERS = ("e", "x", "y", "e.parent", "e.case")
"""Whose steps there can be one of: the subject's, a loop variable's, those of what the subject belongs to, the case's."""


@dataclass(frozen=True, slots=True)
class Part:
    """One step below others, and how it comes about: made anew, or the one that its owner has."""

    make: Maker
    plan: Plan | None = None
    """What it follows, where it is a step that only the one above it has."""
    owner: str = ""
    """Who has one step of its kind, as in :data:`OWNERS`; with the key it is kept under, and who makes it the first time."""
    key: str = ""
    first: Callable[[Subject], Node] | None = None


def anew(plan: Plan) -> Part:
    """A step that only the one above it has."""

    def make(above: Node, suffix: str, e: Subject, x: Any, y: Any) -> Node:
        return Below(plan, above, suffix, e, x, y)

    return Part(make, plan=plan)


def kept(owner: str, key: str, first: Callable[[Subject], Node]) -> Part:
    """The step that an owner has one of."""
    return Part(_function((owner,), "one")(Below, key, first), owner=owner, key=key, first=first)


def opening(parts: Sequence[tuple[Part, str]], above: str = "step") -> Opening:
    """The function that makes the steps below a step, each with the end of its id.

    ``above`` is the step whose id theirs begin with: ``step`` itself, or ``step.above``.
    """
    made: Opening = _function(_shape(parts), above)(Below, *_given(parts))
    return made


def several(parts: Sequence[Part]) -> Several:
    """The function that makes several kept steps, whatever they stand below."""
    listed = [(part, "") for part in parts]
    made: Several = _function(_shape(listed), "several")(Below, *_given(listed))
    return made


def _shape(parts: Sequence[tuple[Part, str]]) -> tuple[str, ...]:
    return tuple(part.owner or ("anew" if part.plan is not None else "else") for part, _ in parts)


def _given(parts: Sequence[tuple[Part, str]]) -> list[Any]:
    """What a function of a shape is given: two things for each step."""
    found: list[Any] = []
    for part, suffix in parts:
        found += (part.key, part.first) if part.owner else (part.plan or part.make, suffix)
    return found


@cache
def _function(shape: tuple[str, ...], sort: str) -> Callable[..., Any]:
    """A function that, given plans and keys, gives the function that makes steps of a shape.

    Written as text and compiled: there are some dozens of shapes, and nothing in them comes from a rulebook.
    """
    above = "step.above" if sort == "step.above" else "step"
    ways = [_WAYS.get(way, _KEPT).format(i=i, owner=way, above=above) for i, way in enumerate(shape)]
    steps = ways[0] if sort == "one" else "(" + "".join(f"{way}, " for way in ways) + ")"
    arguments, before = "step, suffix, e, x, y", ""
    if sort.startswith("step"):
        needed = {name for way in shape for name in ("exy" if way in _WAYS else way[0])}
        arguments, before = "step", "".join(f"{name} = step.{of}; " for name, of in _OF_STEP if name in needed)
    given = "".join(f", a{i}, b{i}" for i in range(len(shape)))
    space: dict[str, Any] = {}
    exec(f"def outer(Below{given}):\n  def made({arguments}):\n    {before}return {steps}\n  return made\n", space)
    made: Callable[..., Any] = space["outer"]
    return made


_WAYS = {"anew": "Below(a{i}, {above}, b{i}, e, x, y)", "else": "a{i}({above}, b{i}, e, x, y)"}
_KEPT = "{owner}.steps.get(a{i}) or b{i}({owner})"
_OF_STEP = (("e", "about"), ("x", "x"), ("y", "y"))
