"""The input columns of a table as axes cut into pieces, so that its rows become boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from minzheng_rules.language import ir
from minzheng_rules.language.record import Record
from minzheng_rules.language.types import Quantity
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.checks.bounds import Bounds, Number
from minzheng_rules.rulebook.checks.boxes import Box
from minzheng_rules.rulebook.checks.conditions import (
    ALWAYS,
    MIRRORED,
    Against,
    Among,
    Claim,
    Every,
    Literal,
    Logic,
    Some,
    Test,
    fingerprint,
    samples,
    satisfies,
    values_of,
)
from minzheng_rules.rulebook.checks.speaking import amount, said, unit_of, value_said
from minzheng_rules.rulebook.checks.survey import listed
from minzheng_rules.rulebook.definitions import Table
from minzheng_rules.rulebook.resolution import Names

MOST_VALUES = 6
"""How many values of an enumeration a message lists."""
_FRACTIONS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


class Limit(Record):
    """A number a cell compares with, and the expression it came from."""

    value: Number
    expression: ir.Expression


class Column(Record):
    """One axis of a table: an input expression, and the pieces of what it can be, in order.

    A piece is a named value, or a number that stands for itself (where a cell's limit lies) or for all numbers between two
    limits.
    """

    item: ir.Expression
    pieces: tuple[str | Number, ...]
    limits: tuple[Limit, ...] = ()
    whole: bool = False

    @property
    def axis(self) -> str:
        """What conditions know it by."""
        return fingerprint(self.item)

    @property
    def every(self) -> frozenset[int]:
        """All its pieces."""
        return frozenset(range(len(self.pieces)))

    def passing(self, tests: Iterable[Test]) -> frozenset[int]:
        """The pieces that pass several tests."""
        wanted = list(tests)
        return frozenset(i for i, piece in enumerate(self.pieces) if all(_passes(piece, test) for test in wanted))

    # -- as conditions ---------------------------------------------------------------------------------------------

    def holds(self, pieces: frozenset[int], logic: Logic) -> Claim:
        """That the column lies in some of its pieces."""
        if pieces == self.every:
            return ALWAYS
        if isinstance(self.item.type, Quantity):
            return Some(tuple(Every(tuple(self._against(run, logic))) for run in _runs(pieces)))
        values = frozenset(str(self.pieces[i]) for i in pieces)
        if values in ({"true"}, {"false"}):
            return logic.holds(self.item, values == {"true"})
        return Literal(self.axis, Among(values))

    def _against(self, run: list[int], logic: Logic) -> Iterator[Claim]:
        for op, limit in self._ends(run):
            yield logic.against(self.item, op, limit.value)

    def _ends(self, run: list[int]) -> Iterator[tuple[str, Limit]]:
        """The comparisons that say where a run of pieces begins and ends."""
        by_value = {limit.value: limit for limit in self.limits}
        first, last = self.pieces[run[0]], self.pieces[run[-1]]
        assert not isinstance(first, str)
        assert not isinstance(last, str)
        if run[0] > 0:
            below = [limit for limit in self.limits if limit.value < first]
            yield (">=", by_value[first]) if first in by_value else (">", below[-1])
        if run[-1] < len(self.pieces) - 1:
            above = [limit for limit in self.limits if limit.value > last]
            yield ("<=", by_value[last]) if last in by_value else ("<", above[0])

    # -- in words --------------------------------------------------------------------------------------------------

    def say(self, pieces: frozenset[int], names: Names) -> Words | None:
        """Some of its pieces in words; ``None`` for all of them."""
        if pieces == self.every:
            return None
        name = said(self.item, names)
        if isinstance(self.item.type, Quantity):
            spans = listed((self._span(run, names) for run in _runs(pieces)), "or")
            return Words(f"{name.zh} {spans.zh}", f"{name.en} {spans.en}")
        values = [value_said(self.item.type, str(self.pieces[i])) for i in sorted(pieces)]
        more = len(values) - MOST_VALUES
        shown = listed(
            [Words(f"“{v.zh}”", f"`{v.en}`") for v in values[:MOST_VALUES]], "or" if more <= 0 else "or else"
        )
        if more > 0:
            shown = Words(f"{shown.zh}等 {len(values)} 种", f"{shown.en} and {more} more")
        return Words(f"{name.zh}为{shown.zh}", f"{name.en} is {shown.en}")

    def _span(self, run: list[int], names: Names) -> Words:
        ends = dict(self._ends(run))
        unit = unit_of(self.item.type)

        def at(op: str) -> Words:
            limit = ends[op]
            if any(isinstance(part, ir.ParameterAt | ir.RuleOf | ir.FactOf) for part in limit.expression.walk()):
                return said(limit.expression, names)
            return amount(limit.value, unit)

        if set(ends) == {">=", "<="} and ends[">="].value == ends["<="].value:
            return Words(f"等于 {at('>=').zh}", f"exactly {at('>=').en}")
        written = {
            ">=": Words("{} 以上（含）", "at least {}"),
            ">": Words("超过 {}", "over {}"),
            "<=": Words("{} 以下（含）", "at most {}"),
            "<": Words("不足 {}", "under {}"),
        }
        parts = [Words(written[op].zh.format(at(op).zh), written[op].en.format(at(op).en)) for op in ends]
        return Words("且".join(part.zh for part in parts), " and ".join(part.en for part in parts))


class Layout(Record):
    """A table as boxes over its columns."""

    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]

    @property
    def every(self) -> Box:
        """All combinations there are."""
        return tuple(column.every for column in self.columns)

    def holds(self, box: Box, logic: Logic) -> Claim:
        """That a case lies in a box."""
        return Every(tuple(column.holds(pieces, logic) for column, pieces in zip(self.columns, box, strict=True)))

    def say(self, box: Box, names: Names) -> Words:
        """A box in words."""
        parts = [
            words
            for column, pieces in zip(self.columns, box, strict=True)
            if (words := column.say(pieces, names)) is not None
        ]
        if not parts:
            return Words("任何情形", "any case")
        return Words("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def layouts(table: Table, logic: Logic) -> list[Layout]:
    """The table as boxes: once, or once for each of several suppositions where a limit is not known on these days.

    Empty where a cell compares with something that differs from case to case.
    """
    unknown = _unknown(table, logic)
    if unknown is None:
        return []
    if not unknown:
        found = _layout(table, logic)
        return [] if found is None else [found]
    every = []
    for turn in range(len(_FRACTIONS)):
        supposed = {
            name: _inside(bounds, _FRACTIONS[(turn + i) % len(_FRACTIONS)])
            for i, (name, bounds) in enumerate(unknown.items())
        }
        found = _layout(table, Logic(logic.rules, logic.ranges, supposed))
        if found is None:
            return []
        every.append(found)
    return every


def _unknown(table: Table, logic: Logic) -> dict[str, Bounds] | None:
    """What the limits of a table depend on that has no number on these days; ``None`` if that is a column itself."""
    unknown: dict[str, Bounds] = {}
    for row in table.rows:
        for cell in row.conditions:
            for comparison in () if cell is None else cell.walk():
                if isinstance(comparison, ir.Compare) and logic.number(comparison.right) is None:
                    for part in comparison.right.walk():
                        leaf = isinstance(part, ir.ParameterAt | ir.FactOf | ir.RuleOf | ir.Aggregate)
                        if leaf and isinstance(part.type, Quantity) and logic.number(part) is None:
                            unknown[fingerprint(part)] = logic.ranges.of(part)
    return None if unknown.keys() & {fingerprint(item) for item in table.inputs} else unknown


def _inside(bounds: Bounds, share: Fraction) -> Number:
    low = bounds.low if bounds.low is not None else 0
    high = bounds.high if bounds.high is not None else low + 1_000_000
    return low + int((high - low) * share)


def _layout(table: Table, logic: Logic) -> Layout | None:
    tests: list[dict[str, list[Test]]] = []
    limits: dict[str, dict[Number, Limit]] = {}
    items = {fingerprint(item): item for item in table.inputs}
    for row in table.rows:
        asked: dict[str, list[Test]] = {}
        for item, cell in zip(table.inputs, row.conditions, strict=True):
            if cell is None:
                continue
            found = _tests(cell, item, logic, limits.setdefault(fingerprint(item), {}))
            if found is None:
                return None
            asked.setdefault(fingerprint(item), []).extend(found)
        tests.append(asked)
    columns = tuple(_column(item, limits.get(axis, {}), logic) for axis, item in items.items())
    boxes = tuple(
        tuple(column.passing(asked.get(axis, ())) for axis, column in zip(items, columns, strict=True))
        for asked in tests
    )
    return Layout(columns, boxes)


def _column(item: ir.Expression, limits: dict[Number, Limit], logic: Logic) -> Column:
    if not isinstance(item.type, Quantity):
        known = getattr(getattr(item.type, "enumeration", None), "values", None)
        ids = tuple(id for id, _ in known) if known else tuple(sorted(values_of(item), reverse=True))
        return Column(item, ids)
    bounds, is_whole = logic.ranges.of(item), logic.ranges.whole(item)
    inside = tuple(limits[value] for value in sorted(limits))
    return Column(item, tuple(samples(bounds, is_whole, limits)), inside, is_whole)


def _tests(cell: ir.Expression, item: ir.Expression, logic: Logic, limits: dict[Number, Limit]) -> list[Test] | None:
    """What a cell asks of its column; ``None`` where that differs from case to case."""
    axis = fingerprint(item)
    match cell:
        case ir.OneOf(values=values, negated=negated):
            return [Among(values_of(item) - set(values) if negated else frozenset(values))]
        case ir.AllOf(items=items):
            parts = [_tests(part, item, logic, limits) for part in items]
            return None if any(part is None for part in parts) else [test for part in parts for test in part or ()]
        case ir.Not(item=inner) if fingerprint(inner) == axis:
            return [Among(frozenset(("false",)))]
        case ir.Compare(op=op, left=left, right=right):
            mirrored = fingerprint(right) == axis
            limit = left if mirrored else right
            value = logic.number(limit)
            if value is None:
                return None
            limits.setdefault(value, Limit(value, limit))
            return [Against(MIRRORED[op] if mirrored else op, value)]
    return [Among(frozenset(("true",)))] if fingerprint(cell) == axis else None


def _passes(piece: str | Number, test: Test) -> bool:
    if isinstance(test, Among):
        return piece in test.values
    return not isinstance(piece, str) and satisfies(piece, test)


def _runs(pieces: frozenset[int]) -> list[list[int]]:
    """Pieces in stretches that follow each other."""
    runs: list[list[int]] = []
    for piece in sorted(pieces):
        if runs and runs[-1][-1] == piece - 1:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs
