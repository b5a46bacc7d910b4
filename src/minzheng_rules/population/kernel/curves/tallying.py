"""What programs come to at many values of a figure, counted and added up block by block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.population.columns import Columns
from minzheng_rules.population.kernel.compiled import Compiled
from minzheng_rules.population.kernel.curves.curve import Curve, Curves, NotStraight
from minzheng_rules.population.kernel.curves.following import Course, Following, Same, Shared, shared
from minzheng_rules.population.kernel.curves.values import Array, Values, Words, added
from minzheng_rules.population.kernel.running import Held, run
from minzheng_rules.population.lowering.plan import Node
from minzheng_rules.population.lowering.programs import PlannedTally

BLOCK = 65_536
"""About how many rows of the largest table a block has: rows are wider here than where there is one value."""
_SAFE = 2**62
Asked = Sequence[tuple[Node, str]]
"""Truths to be counted and numbers to be added up, each with the table whose rows it is about."""
Sums = dict[tuple[int, str], list[int]]
"""By the number of a node and the table: what it comes to at each value."""


@dataclass(frozen=True)
class Tally:
    """What one program comes to: how many subjects have each status, how many households have one that is eligible, and the sum of
    some amounts; everything as often as the household's weight says."""

    statuses: tuple[int, ...]
    """In the order of their codes."""
    households: int
    low: Fraction | None = Fraction(0)
    """In internal units; ``None`` is no bound."""
    high: Fraction | None = Fraction(0)
    open: int = 0
    """Of how many subjects the amounts are not settled."""


def tallies_along(
    made: Compiled,
    columns: Columns,
    runs: Sequence[tuple[Values, Sequence[Sequence[Any]]]],
    weights: npt.NDArray[np.int64] | None,
    threads: int | None,
) -> list[list[dict[str, Tally]]]:
    """What each program comes to at each value of some runs, by program; a run is its values, and what was prepared at each.

    Raises :class:`~minzheng_rules.population.kernel.curves.curve.NotStraight` where the plan cannot be followed so.
    """
    asked = list(dict.fromkeys(one for planned in made.tallies for one in (*planned.truths(), *planned.numbers())))
    found = summed(made, columns, asked, runs, weights, threads)
    return [
        [{planned.program: _tally(planned, sums, at) for planned in made.tallies} for at in range(values.count)]
        for (values, _), sums in zip(runs, found, strict=True)
    ]


def _tally(planned: PlannedTally, sums: Sums, at: int) -> Tally:
    """One program at one value."""

    def of(node: Node, path: str = planned.path) -> int:
        return sums[node.number, path][at]

    tally = Tally(tuple(of(node) for node in planned.statuses), of(planned.households, ""))
    amount = planned.amount
    if amount is None:
        return tally
    low, high = (Fraction(of(bound.number), bound.scale) for bound in (amount.low, amount.high))
    return replace(
        tally,
        low=None if of(amount.no_low) else low,
        high=None if of(amount.no_high) else high,
        open=of(planned.open),
    )


def summed(
    made: Compiled,
    columns: Columns,
    asked: Asked,
    runs: Sequence[tuple[Values, Sequence[Sequence[Any]]]],
    weights: npt.NDArray[np.int64] | None,
    threads: int | None,
) -> list[Sums]:
    """Of each node asked for, how many rows it is so of, or what it comes to over all rows, at each value of each run.

    Raises :class:`~minzheng_rules.population.kernel.curves.curve.NotStraight` where the plan cannot be followed so.
    """
    course = Course(made)
    weight = {path: None if weights is None else weights[columns.household_of(path)] for path in {p for _, p in asked}}
    tallies = []
    for values, prepared in runs:
        curves = Curves(values)
        tallies.append(_Tally(curves, shared(made, prepared, curves), weight, asked))

    def block(held: Held) -> None:
        for tally in tallies:
            tally.take(Following(course, tally.curves, tally.same, held).run(), held.bounds)

    outputs, _ = run(made, columns, runs[0][1][0], threads, rows=BLOCK, hand_on=block)
    return [{**tally.found(), **tally.fixed(made, columns, asked, outputs)} for tally in tallies]


class _Tally:
    """Counts and sums of what rests on the figure."""

    def __init__(self, curves: Curves, same: Same, weights: Mapping[str, Array | None], asked: Asked) -> None:
        self.curves, self.values, self.same, self.weights = curves, curves.values, same, weights
        self.asked = {node.number: path for node, path in asked}
        self.blocks: list[dict[int, list[int]]] = []

    def take(self, found: Mapping[int, Words | Curve], bounds: Mapping[str, tuple[int, int]]) -> None:
        """What one block comes to."""
        sums = {}
        for number, value in found.items():
            path = self.asked[number]
            weights = self.weights[path]
            mine = None if weights is None else weights[slice(*bounds[path])]
            if isinstance(value, Curve):
                sums[number] = self._total(value, mine)
            else:
                sums[number] = self.values.counted(value, mine)
        self.blocks.append(sums)

    def found(self) -> Sums:
        """The sums of all blocks."""
        return {
            (number, path): [sum(column) for column in zip(*(sums[number] for sums in self.blocks), strict=True)]
            for number, path in self.asked.items()
            if number in self.blocks[0]
        }

    def fixed(self, made: Compiled, columns: Columns, asked: Asked, outputs: list[Any]) -> Sums:
        """What is asked for and is the same at every value, or the same for all rows."""
        found: Sums = {}
        for node, path in asked:
            weights = self.weights[path]
            if node.level is None:
                rows = columns.tables[path].count if weights is None else added(weights)
                value = node.constant if node.constant is not None else self.same[node.number]
                numbers = value.numbers.tolist() if isinstance(value, Shared) else [value] * self.values.count
                found[node.number, path] = [int(number) * rows for number in numbers]
            elif node.number not in made.printed.resting:
                total = _over(outputs[made.place[node.number]], node, weights)
                found[node.number, path] = [total] * self.values.count
        return found

    def _total(self, curve: Curve, weights: Array | None) -> list[int]:
        """What a number comes to at each value."""
        if weights is not None and curve.most * int(weights.max(initial=0)) * 4 >= _SAFE:
            raise NotStraight
        counted, steps = np.ones(curve.rows, np.int64) if weights is None else weights, self.values.steps.tolist()
        told = np.ones(curve.rows, np.bool_)
        total = [0] * self.values.count
        if curve.apart is not None:
            told[curve.apart.rows] = False
            apart = curve.apart.numbers * counted[curve.apart.rows][:, None]
            total = [added(column) for column in apart.T]
        counted = np.multiply(counted, told)
        base, slope = (0 if isinstance(p, int) and p == 0 else added(p * counted) for p in (curve.base, curve.slope))
        total = [already + base + step * slope for already, step in zip(total, steps, strict=True)]
        if curve.mask is not None:
            jumps = [part * counted for part in (curve.jump_base, curve.jump_slope)]
            more = self.values.spread(curve.mask, jumps)
            total = [already + b + step * s for already, b, s, step in zip(total, *more, steps, strict=True)]
        return total


def _over(output: Array, node: Node, weights: Array | None) -> int:
    """What one output comes to over all rows."""
    if node.wide or (weights is not None and max(-node.low, node.high) * int(weights.max(initial=0)) >= _SAFE):
        raise NotStraight
    if node.truth:
        return int(np.count_nonzero(output)) if weights is None else added(weights[output])
    numbers = output.astype(np.int64)
    return added(numbers if weights is None else numbers * weights)
