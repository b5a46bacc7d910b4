"""Settings of figures, put into runs along which one figure goes up while the others stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from minzheng_rules.population.kernel.curves.values import MOST_VALUES, Values
from minzheng_rules.population.lowering.profile import Cell, Figures

Setting = Mapping[Cell, int | Fraction]
_WORTH = 5
"""A run pays from about so many values on: below that each by itself is sooner done."""


@dataclass(frozen=True, eq=False)
class Run:
    """One figure's values, ascending; for each of them a setting, and the places of all settings that are the same."""

    values: Values
    settings: tuple[Setting, ...]
    places: tuple[tuple[int, ...], ...]


def runs_of(settings: Sequence[Setting], figures: Figures) -> list[Run]:
    """As few runs as there can be; none where they would be too short to pay."""
    cells = sorted({cell for setting in settings for cell in setting})
    grouped = [_grouped(settings, cell) for cell in cells]
    fewest = min(grouped, key=len, default={})
    runs = []
    for cell, groups in zip(cells, grouped, strict=True):
        if groups is fewest:
            for places in groups.values():
                runs += _along(settings, cell, places, figures.by_cell[cell].scale)
            break
    return runs if len(settings) >= _WORTH * len(runs) else []


def _grouped(settings: Sequence[Setting], cell: Cell) -> dict[object, list[int]]:
    """The places of those settings that differ in nothing but one figure."""
    found: dict[object, list[int]] = {}
    for place, setting in enumerate(settings):
        others = tuple(sorted((other, Fraction(value)) for other, value in setting.items() if other != cell))
        found.setdefault(others, []).append(place)
    return found


def _along(settings: Sequence[Setting], cell: Cell, places: list[int], scale: int) -> list[Run]:
    """Runs over some settings that differ in one figure, of no more values than can be followed at once."""
    at: dict[int, list[int]] = {}
    for place in places:
        at.setdefault(int(settings[place][cell] * scale), []).append(place)
    every = sorted(at)
    runs = []
    for start in range(0, len(every), MOST_VALUES):
        some = every[start : start + MOST_VALUES]
        # Counted in the widest steps that reach every value, so that what a step adds is a round number where it can be.
        step = gcd(*(value - some[0] for value in some)) or 1
        values = Values([(value - some[0]) // step for value in some])
        runs.append(Run(values, tuple(settings[at[value][0]] for value in some), tuple(tuple(at[v]) for v in some)))
    return runs
