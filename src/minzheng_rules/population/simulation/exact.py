"""Exact sums over a population: weights that are never dropped, totals that say what is open.

Sums run over whole numbers and fractions only. Where an amount is not settled, a total says between which bounds it lies and how
many amounts are open; it is never taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.population.answers import Amounts
from minzheng_rules.population.columns import Integers, Mask
from minzheng_rules.problems import Place, Problem, RequestProblems, Words

Codes = npt.NDArray[np.int64]
"""For every row the group it belongs to."""
_SAFE, _FLOATS = 2**62, 2**53


@dataclass(frozen=True, eq=False)
class Weights:
    """How many households of the real population each household stands for: a whole number divided by ``scale``.

    >>> Weights.of(["1.5", 2], 2).total
    Fraction(7, 2)
    >>> Weights.of(None, 3).total
    Fraction(3, 1)
    """

    values: Integers
    scale: int = 1
    given: bool = True
    """Whether weights were given; else every household stands for itself."""

    @classmethod
    def of(cls, given: Weights | Iterable[object] | None, count: int) -> Weights:
        """Weights from whole numbers, decimals or fractions, one for each household; what are weights already stay as they are.

        Raises :class:`RequestProblems` if there are not as many as households, or one is negative or no number.
        """
        if isinstance(given, Weights):
            return given
        if given is None:
            return cls(np.broadcast_to(np.int64(1), count), given=False)
        if isinstance(given, np.ndarray) and given.dtype.kind in "iu" and given.size and int(given.min()) >= 0:
            read: list[Fraction] = []
            weights = cls(given.astype(np.int64))
        else:
            read = [_fraction(weight, place) for place, weight in enumerate(given, 1)]
            scale = np.lcm.reduce([weight.denominator for weight in read], dtype=object) if read else 1
            weights = cls(
                _whole([weight.numerator * (int(scale) // weight.denominator) for weight in read]), int(scale)
            )
        if len(weights.values) != count:
            what = Words(
                f"权重应每户一个：共 {count} 户，给了 {len(weights.values)} 个",
                f"there is one weight for each household: {count} households, {len(weights.values)} weights",
            )
            step = Words("请按各户在数据中的次序，每户给一个", "give one for each, in the order of the households")
            raise RequestProblems([Problem("simulation.weights", what, Place(), step)])
        below = next((place for place, weight in enumerate(read, 1) if weight < 0), None)
        if below is not None:
            what = Words(
                f"权重不能为负：第 {below} 个是 {read[below - 1]}",
                f"no weight is negative: number {below} is {read[below - 1]}",
            )
            raise RequestProblems([Problem("simulation.weights", what, Place(), _WEIGHT)])
        return weights

    @property
    def total(self) -> Fraction:
        """How many households all stand for."""
        return Fraction(int(self.values.sum()), self.scale)

    def of_only(self, chosen: Mask) -> Weights:
        """The same, where those not chosen stand for nobody."""
        return Weights(self.values * chosen, self.scale)

    def of_some(self, households: Integers) -> Weights:
        """Those of some households."""
        if not self.given:
            return Weights.of(None, len(households))
        return Weights(self.values[households], self.scale)

    def of_rows(self, household: Integers) -> Integers:
        """The weight of each row, from the household it belongs to."""
        return self.values[household] if self.given else np.broadcast_to(np.int64(1), household.shape)

    def count(self, chosen: Mask) -> Fraction:
        """How many households those chosen stand for."""
        return Fraction(int(self.values[chosen].sum()), self.scale)


@dataclass(frozen=True)
class Total:
    """A sum of money, in fen: settled, or between bounds with the number of amounts that are open.

    >>> print(Total(Fraction(10050), Fraction(10050)))
    100.50
    >>> print(Total(Fraction(10000), Fraction(30000), Fraction(2)))
    100.00 to 300.00 (2 open)
    >>> print(Total(Fraction(10000), None, Fraction(1)))
    at least 100.00 (1 open)
    """

    low: Fraction | None
    """At least so much; ``None`` where there is no bound."""
    high: Fraction | None
    open: Fraction = Fraction(0)
    """How many amounts in it are not settled, weighted."""

    @property
    def settled(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    @property
    def at_least(self) -> Decimal | None:
        """The lower bound in yuan."""
        return None if self.low is None else yuan_of(self.low)

    @property
    def at_most(self) -> Decimal | None:
        """The upper bound in yuan."""
        return None if self.high is None else yuan_of(self.high)

    @property
    def value(self) -> Decimal | None:
        """The sum in yuan, where it is settled."""
        return self.at_least if self.settled else None

    def __add__(self, other: Total) -> Total:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Total(low, high, self.open + other.open)

    def __sub__(self, other: Total) -> Total:
        """The difference of two sums of which nothing is known to hang together: sound, and wider than it need be."""
        low = None if self.low is None or other.high is None else self.low - other.high
        high = None if self.high is None or other.low is None else self.high - other.low
        return Total(low, high, max(self.open, other.open))

    def times(self, number: int) -> Total:
        """So many times as much, as twelve months make a year."""
        return Total(
            None if self.low is None else self.low * number,
            None if self.high is None else self.high * number,
            self.open,
        )

    def say(self, lang: str = "zh") -> str:
        """The sum in words, in yuan."""
        if self.settled:
            return money(self.low)
        still = (
            ""
            if not self.open
            else f"（{number(self.open)} 项待定）"
            if lang == "zh"
            else f" ({number(self.open)} open)"
        )
        if self.low is not None and self.high is not None:
            return f"{money(self.low)}{' 至 ' if lang == 'zh' else ' to '}{money(self.high)}{still}"
        if self.low is not None:
            return f"{'至少 ' if lang == 'zh' else 'at least '}{money(self.low)}{still}"
        if self.high is not None:
            return f"{'至多 ' if lang == 'zh' else 'at most '}{money(self.high)}{still}"
        return ("待定" if lang == "zh" else "undetermined") + still

    def __str__(self) -> str:
        return self.say("en")


NOTHING = Total(Fraction(0), Fraction(0))


def yuan_of(fen: Fraction) -> Decimal:
    """Fen as yuan: exact where two decimals suffice, else rounded half up to the fen for showing."""
    whole = (fen.numerator * 2 + fen.denominator) // (fen.denominator * 2)
    return Decimal(whole).scaleb(-2)


def money(fen: Fraction | None) -> str:
    """An amount in yuan with two decimals and separators; ``≈`` where it is no whole fen."""
    if fen is None:
        return "?"
    return ("≈" if fen.denominator != 1 else "") + f"{yuan_of(fen):,}"


def number(value: Fraction | int) -> str:
    """A count, whole where it is; a fractional weight shows up to two decimals."""
    exact = Fraction(value)
    return f"{exact.numerator:,}" if exact.denominator == 1 else f"{yuan_of(exact * 100):,}"


_WEIGHT = Words("一户代表多少户就写多少，如 1 或 2.5", "write for how many households it stands, such as 1 or 2.5")


def _fraction(weight: object, place: int) -> Fraction:
    try:
        # A float counts as what it is written as: 1.1 is eleven tenths.
        return Fraction(str(weight)) if not isinstance(weight, Fraction) else weight
    except ValueError:
        what = Words(f"第 {place} 个权重“{weight}”不是数", f"weight number {place}, `{weight}`, is no number")
        raise RequestProblems([Problem("simulation.weights", what, Place(), _WEIGHT)]) from None


def _whole(values: Sequence[int]) -> Integers:
    wide = any(abs(value) >= _SAFE for value in values)
    return np.array(values, dtype=object if wide else np.int64)


# -- sums by group -----------------------------------------------------------------------------------------------------


def sums(values: Any, codes: Codes, groups: int) -> list[Any]:
    """The exact sum of the values of each group: whole numbers, or fractions."""
    array = np.asarray(values)
    if array.dtype != object:
        array = array.astype(np.int64)
        most = int(np.abs(array).max(initial=0)) * max(len(array), 1)
        if most < _SAFE and groups == 1:
            return [int(array.sum())]
        if most < _FLOATS:
            # Whole numbers below 2**53 go through bincount's floats unharmed.
            return [int(total) for total in np.bincount(codes, array, groups)]
        if most >= _SAFE:
            array = array.astype(object)
    found = np.zeros(groups, dtype=array.dtype)
    np.add.at(found, codes, array)
    return [value if isinstance(value, Fraction) else int(value) for value in found]


def counts(chosen: Mask, weights: Integers, scale: int, codes: Codes, groups: int) -> list[Fraction]:
    """How many of each group are chosen, weighted."""
    if groups == 1 and _alike(weights):
        return [Fraction(int(np.count_nonzero(chosen)), scale)]
    return [Fraction(total, scale) for total in sums(weights[chosen], codes[chosen], groups)]


def tally(kinds: Integers, of: int, weights: Integers, scale: int, codes: Codes, groups: int) -> list[list[Fraction]]:
    """How many of each kind there are in each group, weighted: by kind, then by group."""
    alike = _alike(weights)
    if alike and groups == 1:
        return [[Fraction(int(np.count_nonzero(kinds == kind)), scale)] for kind in range(of)]
    placed = kinds.astype(np.int64) * groups + codes
    if alike:
        found = [int(count) for count in np.bincount(placed, minlength=of * groups)]
    else:
        found = sums(weights, placed, of * groups)
    return [[Fraction(found[kind * groups + at], scale) for at in range(groups)] for kind in range(of)]


def products(values: Any, weights: Integers) -> Any:
    """Each value as often as its weight says, without overflow."""
    array = np.asarray(values)
    if _alike(weights):
        return array
    if array.dtype == object or weights.dtype == object:
        return array.astype(object) * weights.astype(object)
    if int(np.abs(array).max(initial=0)) * int(weights.max(initial=0)) >= _SAFE:
        return array.astype(object) * weights.astype(object)
    return array.astype(np.int64) * weights


@dataclass(frozen=True, eq=False)
class Bounds:
    """Amounts of rows, between bounds: fen as whole numbers, or fractions of them where a rule does not round."""

    low: Any
    high: Any
    no_low: Mask
    no_high: Mask

    @classmethod
    def of(cls, amounts: Amounts) -> Bounds:
        """The bounds of one amount of a program's subjects."""
        rows = len(amounts.low)
        none = np.zeros(rows, bool)
        low = _exact(amounts.low, amounts.low_scale)
        if amounts.high is amounts.low and amounts.no_low is None and amounts.no_high is None:
            return cls(low, low, none, none)
        return cls(
            low,
            _exact(amounts.high, amounts.high_scale),
            none if amounts.no_low is None else amounts.no_low,
            none if amounts.no_high is None else amounts.no_high,
        )

    @classmethod
    def nothing(cls, rows: int) -> Bounds:
        """Rows that get nothing."""
        zero, none = np.zeros(rows, np.int64), np.zeros(rows, bool)
        return cls(zero, zero, none, none)

    @property
    def open(self) -> Mask:
        """Which rows are not settled."""
        apart: Mask = np.asarray(self.low != self.high, bool)
        return apart | self.no_low | self.no_high

    def __sub__(self, before: Bounds) -> Bounds:
        return Bounds(
            self.low - before.high, self.high - before.low, self.no_low | before.no_high, self.no_high | before.no_low
        )

    def but_nothing_for(self, rows: Mask) -> Bounds:
        """The same, where these rows get nothing for sure; what is settled stays as it is."""
        if not (rows & self.open).any():
            return self
        return Bounds(
            np.where(rows, 0, self.low), np.where(rows, 0, self.high), self.no_low & ~rows, self.no_high & ~rows
        )

    def grouped(self, codes: Codes, groups: int) -> Bounds:
        """Summed by group, as members are to their households; a group with an unbounded row has no bound."""
        return Bounds(
            _array(sums(np.where(self.no_low, 0, self.low), codes, groups)),
            _array(sums(np.where(self.no_high, 0, self.high), codes, groups)),
            _touched(self.no_low, codes, groups),
            _touched(self.no_high, codes, groups),
        )

    def totals(self, weights: Integers, scale: int, codes: Codes, groups: int) -> list[Total]:
        """The weighted total of each group."""
        if self.low is self.high and not self.no_low.any() and not self.no_high.any():
            exact = [Fraction(total) / scale for total in sums(products(self.low, weights), codes, groups)]
            return [Total(total, total) for total in exact]
        counted = weights > 0
        bounded = (_where_bounded(self.low, self.no_low), _where_bounded(self.high, self.no_high))
        low, high = (sums(products(values, weights), codes, groups) for values in bounded)
        open_ = counts(self.open, weights, scale, codes, groups)
        no_low = _touched(self.no_low & counted, codes, groups)
        no_high = _touched(self.no_high & counted, codes, groups)
        return [
            Total(
                None if no_low[at] else Fraction(low[at]) / scale,
                None if no_high[at] else Fraction(high[at]) / scale,
                open_[at],
            )
            for at in range(groups)
        ]


def add_up(many: Sequence[Bounds], rows: int) -> Bounds:
    """The sum of several amounts of the same rows."""
    first, *others = many or [Bounds.nothing(rows)]
    total = first
    for one in others:
        total = Bounds(
            total.low + one.low, total.high + one.high, total.no_low | one.no_low, total.no_high | one.no_high
        )
    return total


def _exact(values: Integers, scale: int | Integers) -> Any:
    if isinstance(scale, int):
        if scale == 1:
            return np.asarray(values).astype(np.int64, copy=False) if values.dtype != object else values
        whole, rest = np.divmod(values, scale)
        if not bool(rest.any()):
            return whole.astype(np.int64) if whole.dtype != object else whole
        return np.array([Fraction(int(value), scale) for value in values], dtype=object)
    return np.array([Fraction(int(v), int(s)) for v, s in zip(values, scale, strict=True)], dtype=object)


def _array(values: list[Any]) -> Any:
    wide = any(isinstance(value, Fraction) or abs(value) >= _SAFE for value in values)
    return np.array(values, dtype=object if wide else np.int64)


def _where_bounded(values: Any, without: Mask) -> Any:
    return np.where(without, 0, values) if without.any() else values


def _alike(weights: Integers) -> bool:
    """Whether every row counts once."""
    same = weights.strides == (0,) and len(weights) > 0
    return bool(weights[0] == 1) if same else bool((weights == 1).all())


def _touched(mask: Mask, codes: Codes, groups: int) -> Mask:
    found = np.zeros(groups, bool)
    found[codes[mask]] = True
    return found
