"""Values that are not settled yet: what is still possible.

A condition may be :data:`MAYBE`, a quantity or date an :class:`Interval`, a named value a :class:`Choices`, a collection a
:class:`Crowd`. Arithmetic carries bounds; a comparison is settled exactly when all possibilities agree. Settled values are
plain Python: ``int`` or ``Fraction`` (money in fen), ``date``, ``str``, ``bool``, tuples of subjects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from minzheng_rules.evaluator.subjects import Subject


class _Maybe:
    """Not settled whether true or false. It has no truth value of its own, so that it can never be taken for either."""

    __slots__ = ()

    def __bool__(self) -> bool:
        raise TypeError("MAYBE is neither true nor false")

    def __repr__(self) -> str:
        return "MAYBE"


MAYBE: Final = _Maybe()


class Anything:
    """A text that is not known."""

    __slots__ = ()

    def __eq__(self, other: object) -> Any:
        return MAYBE

    def __ne__(self, other: object) -> Any:
        return MAYBE

    __hash__ = None  # type: ignore[assignment]  # equality is not settled

    def __repr__(self) -> str:
        return "ANYTHING"


ANYTHING: Final = Anything()


class Choices:
    """A named value that is one of several."""

    __slots__ = ("ids",)

    def __init__(self, ids: frozenset[str]) -> None:
        self.ids = ids

    def __eq__(self, other: object) -> Any:
        theirs = other.ids if isinstance(other, Choices) else {other}
        return False if self.ids.isdisjoint(theirs) else MAYBE

    def __ne__(self, other: object) -> Any:
        theirs = other.ids if isinstance(other, Choices) else {other}
        return True if self.ids.isdisjoint(theirs) else MAYBE

    __hash__ = None  # type: ignore[assignment]  # equality is not settled

    def __repr__(self) -> str:
        return f"Choices({', '.join(sorted(self.ids))})"


class Interval:
    """A number or date between two bounds, both included; ``None`` is no bound.

    >>> Interval(1, 3) + 10, Interval(1, 3) < 4, Interval(1, 3) < 2
    (Interval(11, 13), True, MAYBE)
    """

    __slots__ = ("high", "low")

    def __init__(self, low: Any, high: Any) -> None:
        self.low, self.high = low, high

    def __repr__(self) -> str:
        return f"Interval({self.low}, {self.high})"

    def __add__(self, other: Any) -> Any:
        low, high = bounds(other)
        return interval(_plus(self.low, low), _plus(self.high, high))

    __radd__ = __add__

    def __neg__(self) -> Any:
        return Interval(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __sub__(self, other: Any) -> Any:
        low, high = bounds(other)
        return interval(_minus(self.low, high), _minus(self.high, low))

    def __rsub__(self, other: Any) -> Any:
        low, high = bounds(other)
        return interval(_minus(low, self.high), _minus(high, self.low))

    def __mul__(self, other: Any) -> Any:
        if type(other) is not Interval:
            if other == 0:
                return 0
            one = None if self.low is None else self.low * other
            another = None if self.high is None else self.high * other
            return interval(one, another) if other > 0 else interval(another, one)
        low, high = other.low, other.high
        ends = [_times(a, b, s) for a, s in ((self.low, -1), (self.high, 1)) for b in ((low, -1), (high, 1))]
        return interval(_least(ends), _greatest(ends))

    __rmul__ = __mul__

    def __lt__(self, other: Any) -> Any:
        low, high = bounds(other)
        if self.high is not None and low is not None and self.high < low:
            return True
        return False if self.low is not None and high is not None and self.low >= high else MAYBE

    def __le__(self, other: Any) -> Any:
        low, high = bounds(other)
        if self.high is not None and low is not None and self.high <= low:
            return True
        return False if self.low is not None and high is not None and self.low > high else MAYBE

    def __gt__(self, other: Any) -> Any:
        return negation(self <= other)

    def __ge__(self, other: Any) -> Any:
        return negation(self < other)

    def __eq__(self, other: object) -> Any:
        low, high = bounds(other)
        apart = (self.high is not None and low is not None and self.high < low) or (
            self.low is not None and high is not None and self.low > high
        )
        return False if apart else MAYBE

    def __ne__(self, other: object) -> Any:
        return negation(self == other)

    __hash__ = None  # type: ignore[assignment]  # equality is not settled


@dataclass(frozen=True, slots=True)
class Crowd:
    """A collection whose membership is not settled: who surely belongs, who may, and whether there may be more."""

    sure: tuple[Subject, ...]
    maybe: tuple[Subject, ...]
    open: bool

    def __iter__(self) -> Iterator[tuple[Subject, bool]]:
        for subject in self.sure:
            yield subject, True
        for subject in self.maybe:
            yield subject, False


def interval(low: Any, high: Any) -> Any:
    """The interval, or the value itself where the bounds meet."""
    return low if low is not None and high is not None and low == high else Interval(low, high)


def bounds(value: Any) -> tuple[Any, Any]:
    """The least and the greatest a value can be."""
    return (value.low, value.high) if type(value) is Interval else (value, value)


def negation(truth: Any) -> Any:
    """The contrary of true, false or not settled."""
    return MAYBE if truth is MAYBE else not truth


def settled(value: object) -> bool:
    """Whether nothing about a value is open.

    >>> settled(5), settled(Interval(1, 2)), settled(MAYBE)
    (True, False, False)
    """
    return value is not MAYBE and value is not ANYTHING and type(value) not in (Interval, Choices, Crowd)


def hull(*values: Any) -> Any:
    """The smallest possibility that holds all the given ones."""
    first = values[0]
    kinds = set(map(type, values))
    if kinds <= _SPANNED:
        return _spanned(values)
    if all(value is first for value in values):
        return first
    if kinds <= {bool, _Maybe}:
        return MAYBE
    if kinds <= {str, Choices}:
        ids: set[str] = set()
        for value in values:
            ids |= value.ids if isinstance(value, Choices) else {value}
        return next(iter(ids)) if len(ids) == 1 else Choices(frozenset(ids))
    if kinds <= {tuple, Crowd}:
        crowds = [value if isinstance(value, Crowd) else Crowd(value, (), False) for value in values]
        sure = tuple(s for s in crowds[0].sure if all(s in crowd.sure for crowd in crowds))
        every = dict.fromkeys(s for crowd in crowds for s in (*crowd.sure, *crowd.maybe))
        return Crowd(sure, tuple(s for s in every if s not in sure), any(crowd.open for crowd in crowds))
    if kinds == {dict}:
        return {name: hull(*(value[name] for value in values)) for name in first}
    return ANYTHING if Anything in kinds else _spanned(values)


_SPANNED = frozenset({int, Fraction, Interval, dt.date})


def _spanned(values: tuple[Any, ...]) -> Any:
    low, high = bounds(values[0])
    for value in values[1:]:
        least_, most = bounds(value)
        low = None if low is None or least_ is None else least_ if least_ < low else low
        high = None if high is None or most is None else most if most > high else high
    return interval(low, high)


def divide(a: Any, b: Any) -> Any:
    """``a / b`` exactly. Where ``b`` can be zero nothing is known of the result."""
    if type(a) is not Interval and type(b) is not Interval:
        if b == 0:
            return Interval(None, None)
        result = Fraction(a) / b if not isinstance(a, int) or not isinstance(b, int) else Fraction(a, b)
        return result.numerator if result.denominator == 1 else result
    low, high = bounds(b)
    if low is None or high is None:
        if low is not None and low > 0:
            return Interval(0, None) * (Interval(*bounds(a)) if type(a) is Interval else a)
        return Interval(None, None)
    if low <= 0 <= high:
        return Interval(None, None)
    inverse = interval(divide(1, high), divide(1, low))
    return a * inverse


def least(values: list[Any]) -> Any:
    """``min`` of possibilities."""
    lows, highs = zip(*(bounds(value) for value in values), strict=True)
    known = [high for high in highs if high is not None]
    return interval(None if any(low is None for low in lows) else min(lows), min(known) if known else None)


def greatest(values: list[Any]) -> Any:
    """``max`` of possibilities."""
    lows, highs = zip(*(bounds(value) for value in values), strict=True)
    known = [low for low in lows if low is not None]
    return interval(max(known) if known else None, None if any(high is None for high in highs) else max(highs))


def monotone(function: Any, value: Any) -> Any:
    """A non-decreasing function of a possibility."""
    if type(value) is not Interval:
        return function(value)
    return interval(
        None if value.low is None else function(value.low), None if value.high is None else function(value.high)
    )


def _plus(a: Any, b: Any) -> Any:
    return None if a is None or b is None else a + b


def _minus(a: Any, b: Any) -> Any:
    return None if a is None or b is None else a - b


def _times(a: Any, b: tuple[Any, int], a_sign: int) -> tuple[Any, int]:
    """A product of two ends, each possibly without bound: (value or ``None``, sign of the unbounded)."""
    value, b_sign = b
    if a is None or value is None:
        sign_a = a_sign if a is None else (a > 0) - (a < 0)
        sign_b = b_sign if value is None else (value > 0) - (value < 0)
        sign = sign_a * sign_b
        return (0, 0) if sign == 0 else (None, sign)
    return a * value, 0


def _least(ends: list[tuple[Any, int]]) -> Any:
    if any(value is None and sign < 0 for value, sign in ends):
        return None
    known = [value for value, _ in ends if value is not None]
    return min(known) if known else None


def _greatest(ends: list[tuple[Any, int]]) -> Any:
    if any(value is None and sign > 0 for value, sign in ends):
        return None
    known = [value for value, _ in ends if value is not None]
    return max(known) if known else None


# -- dates -----------------------------------------------------------------------------------------------------------


def full_years(start: dt.date, end: dt.date) -> int:
    """Completed years from ``start`` to ``end``: a birthday on 29 February is reached on 1 March of other years.

    The day of the anniversary completes the year (民法典第一千二百零五条及以下关于期间的规定；周岁自生日当日起算).

    >>> full_years(dt.date(1964, 2, 29), dt.date(2025, 2, 28)), full_years(dt.date(1964, 2, 29), dt.date(2025, 3, 1))
    (60, 61)
    """
    years = end.year - start.year
    return years - 1 if (end.month, end.day) < (start.month, start.day) else years


def full_months(start: dt.date, end: dt.date) -> int:
    """Completed months from ``start`` to ``end``.

    Where the last month has no such day, its last day completes the month.

    >>> full_months(dt.date(2024, 1, 31), dt.date(2024, 2, 29)), full_months(dt.date(2024, 1, 15), dt.date(2024, 2, 14))
    (1, 0)
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    due = min(start.day, _last_day(end.year, end.month))
    return months - 1 if end.day < due else months


def shift(day: dt.date, amount: int, unit: str) -> dt.date:
    """A date moved by whole years, months or days, held to the last day of a shorter month.

    >>> shift(dt.date(2024, 1, 31), 1, "month")
    datetime.date(2024, 2, 29)
    """
    if unit == "day":
        return day + dt.timedelta(days=amount)
    months = day.year * 12 + day.month - 1 + amount * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(day.day, _last_day(year, month + 1)))


def _last_day(year: int, month: int) -> int:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).day


def between(function: Any, start: Any, end: Any) -> Any:
    """``full_years`` or ``full_months`` of possibilities: grows with the end, shrinks with the start."""
    if type(start) is not Interval and type(end) is not Interval:
        return function(start, end)
    (start_low, start_high), (end_low, end_high) = bounds(start), bounds(end)
    return interval(
        None if start_high is None or end_low is None else function(start_high, end_low),
        None if start_low is None or end_high is None else function(start_low, end_high),
    )


# -- rounding --------------------------------------------------------------------------------------------------------


def rounded(amount: Any, way: str) -> Any:
    """An amount in fen, rounded in one of the ways of the built-in enumeration 取整方式.

    >>> rounded(Fraction(12345, 2), "to_fen_half_up"), rounded(150, "to_yuan_half_up"), rounded(101, "to_yuan_up")
    (6173, 200, 200)
    """
    step, toward = WAYS[way]
    return amount if step == 0 else monotone(lambda fen: _to(fen, step, toward), amount)


Toward = Literal["nearest", "up", "down"]

WAYS: Mapping[str, tuple[int, Toward]] = {
    "exact": (0, "nearest"),
    "to_fen_half_up": (1, "nearest"),
    "to_fen_down": (1, "down"),
    "to_jiao_half_up": (10, "nearest"),
    "to_jiao_up": (10, "up"),
    "to_yuan_half_up": (100, "nearest"),
    "to_yuan_up": (100, "up"),
    "to_ten_yuan_half_up": (1000, "nearest"),
    "up_to_the_smallest_unit": (1, "up"),
}
"""What each way of rounding comes to: multiples of how many fen (of one, where something is counted), and which of them; a half
goes away from zero."""


def _to(fen: int | Fraction, step: int, toward: Toward) -> int:
    """``fen`` to a multiple of ``step``."""
    above, below = fen.numerator, fen.denominator * step
    if toward == "up":
        return -(-above // below) * step
    if toward == "down":
        return above // below * step
    whole = (2 * abs(above) + below) // (2 * below)
    return (whole if above >= 0 else -whole) * step
