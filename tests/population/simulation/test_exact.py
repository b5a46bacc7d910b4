"""Sums over a population are exact, whatever the weights, and say what is open."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules import RequestProblems
from minzheng_rules.population.answers import Amounts
from minzheng_rules.population.simulation.exact import Bounds, Total, Weights, sums
from minzheng_rules.problems import Words

rows = st.lists(
    st.tuples(
        st.integers(0, 10**15), st.integers(0, 10**15), st.integers(0, 2), st.fractions(0, 1000, max_denominator=60)
    ),
    min_size=1,
    max_size=12,
)


def _amounts(low: list[int], high: list[int], scale: int = 1, no_high: list[bool] | None = None) -> Amounts:
    upper = None if no_high is None else np.array(no_high)
    return Amounts(
        Words("额", "amount"),
        "cash",
        None,
        np.array(low, np.int64),
        np.array(high, np.int64),
        no_high=upper,
        low_scale=scale,
        high_scale=scale,
    )


@given(rows, st.sampled_from([1, 7]))
def test_totals_are_the_sums_of_what_each_row_may_be_times_its_weight(
    table: list[tuple[int, int, int, Fraction]], scale: int
) -> None:
    low = [min(a, b) for a, b, _, _ in table]
    high = [max(a, b) for a, b, _, _ in table]
    groups = np.array([group for _, _, group, _ in table], np.int64)
    weights = Weights.of([weight for *_, weight in table], len(table))
    totals = Bounds.of(_amounts(low, high, scale)).totals(weights.values, weights.scale, groups, 3)
    for group, total in enumerate(totals):
        mine = [at for at, row in enumerate(table) if row[2] == group]
        assert total.low == sum((Fraction(low[at], scale) * table[at][3] for at in mine), Fraction(0))
        assert total.high == sum((Fraction(high[at], scale) * table[at][3] for at in mine), Fraction(0))
        assert total.open == sum((table[at][3] for at in mine if low[at] != high[at]), Fraction(0))


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=30))
def test_sums_do_not_overflow(values: list[int]) -> None:
    assert sums(np.array(values), np.zeros(len(values), np.int64), 1) == [sum(values)]


def test_an_amount_without_a_bound_leaves_its_group_without_one_and_no_other() -> None:
    bounds = Bounds.of(_amounts([100, 100, 100], [100, 900, 100], no_high=[False, True, False]))
    first, second = bounds.totals(np.ones(3, np.int64), 1, np.array([0, 0, 1]), 2)
    assert (first.low, first.high, first.open) == (200, None, 1)
    assert second.value == Decimal("1.00")


def test_a_household_of_no_weight_leaves_no_trace() -> None:
    bounds = Bounds.of(_amounts([0, 100], [0, 100], no_high=[True, False]))
    (total,) = bounds.totals(np.array([0, 3]), 1, np.zeros(2, np.int64), 1)
    assert total == Total(Fraction(300), Fraction(300))


@pytest.mark.parametrize("weights", [[1], [1, -1], [1, "many"]])
def test_weights_that_cannot_be_right_are_refused(weights: list[object]) -> None:
    with pytest.raises(RequestProblems):
        Weights.of(weights, 2)


def test_decimal_weights_are_taken_as_written() -> None:
    assert Weights.of([Decimal("1.25"), 0.1], 2).total == Fraction(135, 100)


def test_a_difference_keeps_both_sides_open() -> None:
    before, after = Total(Fraction(0), Fraction(500), Fraction(1)), Total(Fraction(100), Fraction(100))
    assert (after - before).low == -400
    assert (after - before).high == 100
    assert (after - Total(None, Fraction(0))).high is None
