"""More facts never overturn what is settled, and what comes out lies within the bounds that were given before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules import Case, Decision, Outcome, Rulebook, decide
from minzheng_rules.testing import cases, with_gaps
from tests.properties.shipped import bare, decidable, filled, illustrative


def assert_nothing_is_overturned(less: Decision, more: Decision) -> None:
    """Every settled answer of the decision that knew less stands in the one that knew more."""
    later = {(o.program, o.subject): o for o in more.outcomes}
    for before in less.outcomes:
        after = later[before.program, before.subject]
        _stands(before, after)


def _stands(before: Outcome, after: Outcome) -> None:
    about = f"{before.program} of {before.subject}"
    if before.status.value != "undetermined":
        assert after.status is before.status, f"{about}: {before.status.value} became {after.status.value}"
    for name, amount in before.amounts.items():
        now = after.amounts[name]
        _lies_within((now.low, now.high), (amount.low, amount.high), f"{name} of {about}")
    for name, result in before.results.items():
        now_raw, raw = after.results[name].raw, result.raw
        if raw is not None:
            assert now_raw == raw, f"{name} of {about}: {raw} became {now_raw}"


def _lies_within(
    inner: tuple[Decimal | None, Decimal | None], outer: tuple[Decimal | None, Decimal | None], about: str
) -> None:
    low, high = outer
    if low is not None:
        assert inner[0] is not None, f"{about}: at least {low} became no bound"
        assert inner[0] >= low, f"{about}: at least {low} became {inner[0]}"
    if high is not None:
        assert inner[1] is not None, f"{about}: at most {high} became no bound"
        assert inner[1] <= high, f"{about}: at most {high} became {inner[1]}"


@given(decidable(complete=True), st.data())
def test_filling_unknown_facts_overturns_nothing(drawn: tuple[Rulebook, Case], data: st.DataObject) -> None:
    book, case = drawn
    less = data.draw(with_gaps(case, book))
    assert_nothing_is_overturned(decide(less, book), decide(case, book))


@given(decidable(complete=False), st.data())
def test_every_further_fact_only_narrows(drawn: tuple[Rulebook, Case], data: st.DataObject) -> None:
    book, case = drawn
    less = data.draw(with_gaps(case, book))
    assert_nothing_is_overturned(decide(less, book), decide(case, book))


@given(st.data())
def test_filling_unknown_figures_overturns_nothing(data: st.DataObject) -> None:
    book = data.draw(st.sampled_from([illustrative, filled]))()
    case = data.draw(cases(book))
    assert_nothing_is_overturned(decide(case, bare()), decide(case, book))


def test_the_check_itself_sees_an_overturned_answer() -> None:
    """A guard of the guard: an eligible family is not an ineligible one."""
    import pytest

    def decided(wage: int) -> Decision:
        household: dict[str, Any] = {
            "as_of": "2025-06-01",
            "declared_none": [
                "income",
                "is_tekun",
                "in_prison",
                "in_forced_detox",
                "declared_missing",
                "deceased",
                "clergy",
            ],
            "findings": {"assets_within_rule": True},
            "members": [{"relation": "applicant", "hukou_here": True, "other_incomes": [{"amount": wage}]}],
        }
        return decide(Case.parse(household), illustrative())

    with pytest.raises(AssertionError, match="became"):
        assert_nothing_is_overturned(decided(900), decided(1100))
