"""What a set of monitors comes down to: patterns over whole numbers, the same for both engines.

Everything that is exact, dated or textual is settled before an engine sees it: dates are days, money is fen, words are
numbers of a table, and whatever is said of one record alone has become a flag on it. What is left for an engine is what
engines of this kind are good at: which facts of a household belong together, and what follows from that in turn.

A plan and the facts are plain tuples, lists, dicts, strings and ints, so that they can be sent to another process as they are.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

OPERATORS: Final[dict[str, Callable[[int, int], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CLOCK: Final = "clock"
"""The type of the one fact that says which day it is; it comes after all others."""
NOW: Final = "now"
"""The clock's field: the day, as its ordinal."""
MOST_PATTERNS: Final = 16
"""How many patterns one monitor may have: the C engine joins so many."""
MOST_MONITORS: Final = 400
"""How many monitors one plan may have: the C engine refuses some five hundred on one type, and hangs on more."""
LARGEST: Final = 2**63 - 1
"""Numbers beyond this are not exact in the C engine."""


class FieldTest(NamedTuple):
    """One field of a fact against a number known beforehand."""

    field: str
    operator: str
    value: int


class Join(NamedTuple):
    """One field of a fact against a field of the fact that an earlier pattern met."""

    field: str
    operator: str
    other: int
    """The place of that pattern in the monitor, from 0."""
    other_field: str


class Pattern(NamedTuple):
    """A fact that must be there (or, of the last pattern of a monitor, must not)."""

    type: str
    tests: tuple[FieldTest, ...] = ()
    joins: tuple[Join, ...] = ()


class Gives(NamedTuple):
    """A field of the fact that follows: copied from the fact that a pattern met."""

    field: str
    pattern: int
    source: str


class PlannedMonitor(NamedTuple):
    """One monitor: the facts that must stand together, the one that must be missing, and the fact that follows."""

    patterns: tuple[Pattern, ...]
    absent: Pattern | None
    each: tuple[tuple[int, str], ...]
    """What says which warning it is: facts, by their pattern, or fields of them; other facts are further evidence for it."""
    type: str
    """The type of the fact that follows."""
    gives: tuple[Gives, ...] = ()


Plan = tuple[PlannedMonitor, ...]
"""Monitors in an order in which whatever one reads follows from those before it."""

Fact = tuple[str, str, dict[str, int]]
"""A fact: id, type, fields. Ids are made up for the household at hand and say nothing of anybody."""

Firing = tuple[int, tuple[str, ...]]
"""Which monitor fired, by its place in the plan, and the ids of the facts its patterns met."""


def derived_id(monitor: int, planned: PlannedMonitor, met: Sequence[Fact]) -> str:
    """The id of the fact that follows from a firing: the same for all firings that are one warning.

    >>> met = [("a", "death", {"who": 7}), ("b", "payment", {})]
    >>> derived_id(3, PlannedMonitor((), None, ((0, ""),), "due"), met)
    'd3(a)'
    >>> derived_id(3, PlannedMonitor((), None, ((0, "who"),), "due"), met)
    'd3(who=7)'
    """
    parts = (f"{field}={met[place][2][field]}" if field else met[place][0] for place, field in planned.each)
    return f"d{monitor}({','.join(parts)})"


def types_read(plan: Plan) -> frozenset[str]:
    """The types of fact that some pattern looks for."""
    return frozenset(p.type for m in plan for p in (*m.patterns, *([m.absent] if m.absent is not None else [])))


def fields_needed(planned: PlannedMonitor) -> tuple[frozenset[str], ...]:
    """For each pattern, the absent one last, the fields a fact must have to be met by it: all that the monitor reads of it.

    A fact that lacks one is not met. To compare with what is not there would be to make something up.
    """
    patterns = (*planned.patterns, *([planned.absent] if planned.absent is not None else []))
    needed: list[set[str]] = [set() for _ in patterns]
    for place, pattern in enumerate(patterns):
        needed[place].update(test.field for test in pattern.tests)
        for join in pattern.joins:
            needed[place].add(join.field)
            needed[join.other].add(join.other_field)
    for given in planned.gives:
        needed[given.pattern].add(given.source)
    for place, field in planned.each:
        if field:
            needed[place].add(field)
    return tuple(frozenset(fields) for fields in needed)


class PlanError(ValueError):
    """A plan outside what both engines can do: our own mistake, since monitors are checked when they are read."""


def check_plan(plan: Plan) -> None:
    """Refuse a plan that the C engine would crash on or answer wrongly.

    Raises :class:`PlanError`.
    """
    if len(plan) > MOST_MONITORS:
        raise PlanError(f"{len(plan)} monitors; at most {MOST_MONITORS} fit into one plan")
    derived = {planned.type for planned in plan}
    known: set[str] = set()
    for planned in plan:
        count = len(planned.patterns) + (planned.absent is not None)
        if not planned.patterns or count > MOST_PATTERNS:
            raise PlanError(f"{planned.type}: {count} patterns; a monitor has 1 to {MOST_PATTERNS}")
        for place, pattern in enumerate((*planned.patterns, *([planned.absent] if planned.absent else []))):
            _check_pattern(planned.type, place, pattern)
            if pattern.type in derived and pattern.type not in known:
                raise PlanError(f"{planned.type}: {pattern.type} is derived only later")
        if planned.absent is not None:
            if planned.absent.type in derived or planned.absent.type == CLOCK:
                raise PlanError(f"{planned.type}: what is absent must be a record")
            if all(pattern.type != CLOCK for pattern in planned.patterns):
                raise PlanError(f"{planned.type}: absence is judged at a time, and no pattern is the clock")
        if any(not 0 <= place < len(planned.patterns) for place, _ in planned.each):
            raise PlanError(f"{planned.type}: `each` names patterns that are not there")
        if any(not {(g.pattern, ""), (g.pattern, g.source)} & set(planned.each) for g in planned.gives):
            raise PlanError(f"{planned.type}: gives a field of a fact that does not say which warning it is")
        known.add(planned.type)


def _check_pattern(monitor: str, place: int, pattern: Pattern) -> None:
    for test in pattern.tests:
        if test.operator not in OPERATORS or abs(test.value) > LARGEST:
            raise PlanError(f"{monitor}: the test {test} is not possible")
    for join in pattern.joins:
        if join.operator not in OPERATORS or not 0 <= join.other < place:
            raise PlanError(f"{monitor}: the join {join} is not possible")
