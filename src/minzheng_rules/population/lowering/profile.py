"""What a plan is made for: which tables and columns there are, where something is unknown, how figures are held.

A plan is made anew only for another profile: populations that differ in nothing but their values share one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from minzheng_rules.language.types import Quantity
from minzheng_rules.language.units import Unit
from minzheng_rules.rulebook.parameters import Key, Parameter
from minzheng_rules.rulebook.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """One column: whether it is known of every row, by how many decimals it is moved, where a reference may point, how it is stored."""

    all_known: bool
    places: int = 0
    tables: tuple[str, ...] = ()
    stored: str = "int64"
    """The type it is stored in: ``bool``, or whole numbers of 8 to 64 bits."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table: its kind, how many of its rows belong to one row above at most, its columns, and which lists are known."""

    kind: str
    most: int
    columns: tuple[tuple[str, ColumnShape], ...]
    lists: tuple[tuple[str, str], ...]
    """By list: ``all``, ``some`` or ``none`` are known."""


@dataclass(frozen=True)
class Profile:
    """The tables that have rows, by path."""

    tables: tuple[tuple[str, TableShape], ...]
    by_path: dict[str, TableShape] = field(init=False, compare=False, repr=False)
    columns: dict[tuple[str, str], ColumnShape] = field(init=False, compare=False, repr=False)
    lists: dict[tuple[str, str], str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        shapes = dict(self.tables)
        object.__setattr__(self, "by_path", shapes)
        object.__setattr__(self, "columns", {(p, n): c for p, t in self.tables for n, c in t.columns})
        object.__setattr__(self, "lists", {(p, n): known for p, t in self.tables for n, known in t.lists})


@dataclass(frozen=True, slots=True)
class Figure:
    """How one cell of a parameter that is a number goes into a plan: over which denominator, and between which bounds."""

    scale: int
    low: int
    high: int


Cell = tuple[str, Key]


@dataclass(frozen=True)
class Figures:
    """The numbers among the parameters of a day: what is known, and in which form; the values themselves stay outside."""

    shapes: tuple[tuple[Cell, Figure], ...]
    by_cell: dict[Cell, Figure] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_cell", dict(self.shapes))


def figures_of(rules: RuleSet) -> dict[Cell, int | Fraction]:
    """Every number among the parameters that may be computed with on a day, in internal units."""
    found: dict[Cell, int | Fraction] = {}
    for parameter in rules.parameters.values():
        if isinstance(parameter.type, Quantity) and not parameter.is_table:
            for key in parameter.figures:
                value = rules.reading(parameter.id, key).value
                if isinstance(value, int | Fraction):
                    found[parameter.id, key] = value
    return found


def shapes_of(rules: RuleSet, figures: dict[Cell, int | Fraction]) -> Figures:
    """The form in which figures go into a plan: wide enough that another value of the parameter's range needs no new plan."""
    return Figures(tuple((cell, _shape(rules.parameters[cell[0]], value)) for cell, value in sorted(figures.items())))


def fits(shapes: Figures, cell: Cell, value: int | Fraction) -> bool:
    """Whether a value can go into a plan in the form it was made for."""
    shape = shapes.by_cell.get(cell)
    if shape is None:
        return False
    scaled = Fraction(value) * shape.scale
    return scaled.denominator == 1 and shape.low <= scaled <= shape.high


def widened(shapes: Figures, cell: Cell, value: int | Fraction) -> Figures:
    """The forms with one so wide that a value fits it."""
    old = shapes.by_cell.get(cell) or Figure(1, 0, 0)
    scale = lcm(old.scale, Fraction(value).denominator)
    scaled = int(Fraction(value) * scale)
    more = scale // old.scale
    wide = Figure(
        scale, min(old.low * more, -_power(scaled) if scaled < 0 else 0), max(old.high * more, _power(scaled))
    )
    return Figures(tuple(sorted({**shapes.by_cell, cell: wide}.items())))


def _shape(parameter: Parameter, value: int | Fraction) -> Figure:
    assert isinstance(parameter.type, Quantity)
    number = Fraction(value)
    scale = _usual_scale(parameter.type.unit)
    if scale % number.denominator:
        scale = next((10**n for n in range(1, 10) if 10**n % number.denominator == 0), number.denominator)
    low, high = _bound(parameter.low), _bound(parameter.high)
    scaled = number * scale
    least = scaled if low is None else min(scaled, low * scale)
    most = scaled if high is None else max(scaled, high * scale)
    # Without a declared range: the next power of two, so that most other values fit too.
    return Figure(
        scale,
        int(least) if low is not None else -_power(least) if least < 0 else 0,
        int(most) if high is not None else _power(most),
    )


def _usual_scale(unit: Unit | None) -> int:
    """Rates are mostly whole percents; money is in fen, counts are whole."""
    return 100 if unit is None or not unit.powers else 1


def _bound(bound: object) -> Fraction | None:
    return Fraction(bound) if isinstance(bound, int | Fraction) else None


def _power(value: int | Fraction) -> int:
    size = int(value) if value >= 0 else int(-value)
    return 1 << max(1, size).bit_length()
