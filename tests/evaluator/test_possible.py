"""Possibilities: whatever a value turns out to be, the result lies within what was said to be possible."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, example, given
from hypothesis import strategies as st

from minzheng_rules.evaluator.possible import (
    ANYTHING,
    MAYBE,
    Choices,
    Crowd,
    Interval,
    between,
    bounds,
    divide,
    full_months,
    full_years,
    greatest,
    hull,
    interval,
    least,
    monotone,
    negation,
    rounded,
    settled,
    shift,
)

Number = int | Fraction
NUMBERS = st.one_of(st.integers(-9, 9), st.integers(-(10**12), 10**12), st.fractions(-50, 50, max_denominator=12))
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))


@st.composite
def known_within(draw: st.DrawFn) -> tuple[Number, Any]:
    """A number, and something that is known of it: itself, an interval around it, or one without a bound."""
    number = draw(NUMBERS)
    if draw(st.booleans()):
        return number, number
    low = draw(st.one_of(st.none(), st.just(number), NUMBERS.filter(lambda n: n <= number)))
    high = draw(st.one_of(st.none(), st.just(number), NUMBERS.filter(lambda n: n >= number)))
    return number, interval(low, high)


def assert_possible(value: Any, possible: Any) -> None:
    """The value is among what was said to be possible."""
    low, high = bounds(possible)
    assert low is None or low <= value
    assert high is None or value <= high


# -- arithmetic --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul])
@given(known_within(), known_within())
def test_arithmetic_keeps_to_the_bounds(
    operation: Callable[[Any, Any], Any], first: tuple[Number, Any], second: tuple[Number, Any]
) -> None:
    (a, known_a), (b, known_b) = first, second
    assert_possible(operation(a, b), operation(known_a, known_b))


@given(known_within(), known_within())
def test_division_keeps_to_the_bounds(first: tuple[Number, Any], second: tuple[Number, Any]) -> None:
    (a, known_a), (b, known_b) = first, second
    assume(b != 0)
    assert_possible(Fraction(a) / b, divide(known_a, known_b))


@given(known_within())
def test_nothing_is_known_of_a_division_by_what_may_be_zero(first: tuple[Number, Any]) -> None:
    _, known = first
    for divisor in (0, Interval(0, 5), Interval(-5, 0), Interval(-1, 1), Interval(None, None)):
        assert bounds(divide(known, divisor)) == (None, None)


def test_division_is_exact() -> None:
    assert divide(1, 3) == Fraction(1, 3)
    assert divide(6, 3) == 2
    assert type(divide(6, 3)) is int


@given(known_within())
def test_minus_turns_the_bounds_round(first: tuple[Number, Any]) -> None:
    value, known = first
    assert_possible(-value, -known)


@given(st.lists(known_within(), min_size=1, max_size=4))
def test_least_and_greatest_keep_to_the_bounds(items: list[tuple[Number, Any]]) -> None:
    values, known = [value for value, _ in items], [what for _, what in items]
    assert_possible(min(values), least(known))
    assert_possible(max(values), greatest(known))


def test_a_maximum_with_zero_is_never_negative() -> None:
    assert bounds(greatest([Interval(-500, 300), 0])) == (0, 300)
    assert greatest([Interval(-500, -300), 0]) == 0


def test_where_the_bounds_meet_the_value_is_settled() -> None:
    assert interval(5, 5) == 5
    assert settled(interval(5, 5))
    assert settled(Interval(2, 7) * 0)


# -- comparisons -------------------------------------------------------------------------------------------------------

COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]


@pytest.mark.parametrize("compare", COMPARISONS)
@given(known_within(), known_within())
def test_a_settled_comparison_is_right(
    compare: Callable[[Any, Any], Any], first: tuple[Number, Any], second: tuple[Number, Any]
) -> None:
    (a, known_a), (b, known_b) = first, second
    said = compare(known_a, known_b)
    assert said is MAYBE or said is compare(a, b)


@pytest.mark.parametrize("compare", COMPARISONS)
@given(st.integers(-3, 3), st.integers(0, 3), st.integers(-3, 3), st.integers(0, 3))
def test_a_comparison_is_open_exactly_where_possibilities_disagree(
    compare: Callable[[Any, Any], Any], a: int, wide_a: int, b: int, wide_b: int
) -> None:
    outcomes = {compare(x, y) for x in range(a, a + wide_a + 1) for y in range(b, b + wide_b + 1)}
    said = compare(interval(a, a + wide_a), interval(b, b + wide_b))
    assert said is (MAYBE if len(outcomes) == 2 else outcomes.pop())


def test_a_line_is_settled_by_the_bound_that_lies_on_it() -> None:
    assert (Interval(0, 99999) < 100000) is True
    assert (Interval(0, 100000) < 100000) is MAYBE
    assert (Interval(100000, None) < 100000) is False
    assert (Interval(0, 100000) <= 100000) is True


@given(DAYS, DAYS, DAYS)
def test_dates_compare_like_numbers(first: dt.date, second: dt.date, other: dt.date) -> None:
    low, high = sorted((first, second))
    said = Interval(low, high) <= other
    assert said is MAYBE or said is (first <= other)


def test_not_settled_is_neither_true_nor_false() -> None:
    assert negation(MAYBE) is MAYBE
    assert negation(True) is False
    with pytest.raises(TypeError, match="neither"):
        bool(MAYBE)


# -- named values, texts, groups ---------------------------------------------------------------------------------------

GRADES = ("first", "second", "third")


@given(st.sets(st.sampled_from(GRADES), min_size=2), st.sampled_from(GRADES))
def test_one_of_several_is_the_same_as_a_value_only_if_it_may_be_and_never_surely(ids: set[str], value: str) -> None:
    one = Choices(frozenset(ids))
    assert (one == value) is (MAYBE if value in ids else False)
    assert (one != value) is (MAYBE if value in ids else True)


def test_an_unknown_text_is_neither_the_same_nor_another() -> None:
    for other in ("海宁市", ANYTHING):
        assert (other == ANYTHING) is MAYBE
        assert (other != ANYTHING) is MAYBE


@given(st.lists(known_within(), min_size=1, max_size=4), st.integers(0, 3))
def test_a_hull_holds_every_branch(items: list[tuple[Number, Any]], which: int) -> None:
    value, _ = items[which % len(items)]
    assert_possible(value, hull(*(known for _, known in items)))


def test_a_hull_of_the_same_is_the_same() -> None:
    assert hull(3, 3) == 3
    assert hull(True, True) is True
    assert hull(True, False) is MAYBE
    assert hull("first", "first") == "first"
    assert hull("first", "second").ids == {"first", "second"}
    assert hull(dt.date(2025, 1, 1), dt.date(2025, 3, 1)).low == dt.date(2025, 1, 1)


def test_a_hull_of_groups_has_for_sure_only_whom_all_have() -> None:
    father, mother, guest = (object() for _ in range(3))
    group: Any = hull((father, mother), (mother, guest))
    assert isinstance(group, Crowd)
    assert set(group.sure) == {mother}
    assert set(group.maybe) == {father, guest}
    assert not group.open


def test_a_hull_of_rows_is_taken_column_by_column() -> None:
    joined = hull({"grade": "first", "pay": 10}, {"grade": "first", "pay": 30})
    assert joined["grade"] == "first"
    assert bounds(joined["pay"]) == (10, 30)


@pytest.mark.parametrize("open_", [MAYBE, ANYTHING, Interval(0, 1), Choices(frozenset(GRADES)), Crowd((), (), True)])
def test_what_is_open_is_not_settled(open_: object) -> None:
    assert not settled(open_)


@pytest.mark.parametrize("value", [0, Fraction(1, 3), True, False, "first", dt.date(2025, 1, 1), ()])
def test_plain_values_are_settled(value: object) -> None:
    assert settled(value)


# -- dates -------------------------------------------------------------------------------------------------------------


@given(DAYS, DAYS)
@example(dt.date(2024, 2, 28), dt.date(2025, 2, 28))
def test_full_years_are_birthdays_passed(born: dt.date, day: dt.date) -> None:
    """As dateutil counts them, except on 29 February, which the law moves to 1 March and dateutil to 28 February."""
    assume(born <= day and (born.month, born.day) != (2, 29))
    assert full_years(born, day) == relativedelta(day, born).years


@given(st.integers(1900, 2150), st.integers(1, 100))
def test_who_is_born_on_a_leap_day_is_a_year_older_on_the_first_of_march(year: int, age: int) -> None:
    assume(year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    born = dt.date(year, 2, 29)
    last = dt.date(year + age, 3, 1) - dt.timedelta(days=1)
    assert full_years(born, dt.date(year + age, 3, 1)) == age
    assert full_years(born, last) == (age if last.day == 29 else age - 1)


@given(DAYS, DAYS)
def test_full_months_are_as_dateutil_counts_them(start: dt.date, end: dt.date) -> None:
    assume(start <= end)
    difference = relativedelta(end, start)
    assert full_months(start, end) == difference.years * 12 + difference.months


@given(DAYS, st.integers(-1200, 1200), st.sampled_from(["year", "month", "day"]))
def test_a_moved_date_is_where_dateutil_moves_it(day: dt.date, by: int, unit: str) -> None:
    amount = by // 12 if unit == "year" else by
    named: dict[str, Any] = {f"{unit}s": amount}
    assert shift(day, amount, unit) == day + relativedelta(**named)


@pytest.mark.parametrize("function", [full_years, full_months])
@given(DAYS, DAYS, DAYS, DAYS)
def test_periods_between_uncertain_dates_keep_to_the_bounds(
    function: Callable[[dt.date, dt.date], int], a: dt.date, b: dt.date, c: dt.date, d: dt.date
) -> None:
    """They grow with the end and shrink with the start, whichever days are meant."""
    starts, ends = sorted((a, b)), sorted((c, d))
    possible = between(function, interval(*starts), interval(*ends))
    for start in starts:
        for end in ends:
            assert_possible(function(start, end), possible)


@given(DAYS, DAYS, st.integers(0, 60), st.sampled_from(["year", "month", "day"]))
def test_an_uncertain_date_moves_within_its_bounds(a: dt.date, b: dt.date, by: int, unit: str) -> None:
    low, high = sorted((a, b))
    possible = monotone(lambda day: shift(day, by, unit), interval(low, high))
    assert_possible(shift(a, by, unit), possible)
    assert_possible(shift(b, by, unit), possible)


def test_an_adult_is_so_from_the_birthday_on() -> None:
    born = dt.date(2007, 6, 1)
    assert full_years(born, dt.date(2025, 5, 31)) == 17
    assert full_years(born, dt.date(2025, 6, 1)) == 18


# -- rounding ----------------------------------------------------------------------------------------------------------

_STEPS = {
    "to_fen_half_up": ("0.01", ROUND_HALF_UP),
    "to_fen_down": ("0.01", ROUND_FLOOR),
    "to_jiao_half_up": ("0.1", ROUND_HALF_UP),
    "to_jiao_up": ("0.1", ROUND_CEILING),
    "to_yuan_half_up": ("1", ROUND_HALF_UP),
    "to_yuan_up": ("1", ROUND_CEILING),
    "to_ten_yuan_half_up": ("1E1", ROUND_HALF_UP),
    "up_to_the_smallest_unit": ("0.01", ROUND_CEILING),
}


@pytest.mark.parametrize("way", _STEPS)
@given(fen=st.fractions(-(10**9), 10**9, max_denominator=1).map(lambda n: n / 1000))
@example(fen=Fraction(50))
@example(fen=Fraction(1, 2))
@example(fen=Fraction(-1, 2))
@example(fen=Fraction(500))
def test_rounding_is_as_decimal_rounds(way: str, fen: Fraction) -> None:
    step, mode = _STEPS[way]
    yuan = Decimal(fen.numerator) / Decimal(fen.denominator) / 100
    assert Fraction(rounded(fen, way)) == Fraction(yuan.quantize(Decimal(step), rounding=mode)) * 100


@pytest.mark.parametrize("way", ["exact", *_STEPS])
@given(NUMBERS, NUMBERS)
def test_rounding_an_uncertain_amount_keeps_to_the_bounds(way: str, a: Number, b: Number) -> None:
    possible = rounded(interval(*sorted((a, b))), way)
    assert_possible(rounded(a, way), possible)
    assert_possible(rounded(b, way), possible)


@given(NUMBERS)
def test_exact_rounds_nothing(fen: Number) -> None:
    assert rounded(fen, "exact") == fen
