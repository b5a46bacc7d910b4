"""Exceptions take the place of a rule; two that meet are a conflict, unless one is said to go before the other."""

from __future__ import annotations

import pytest

from tests.evaluator.village import Village

FIGURES = """
standard: {term: 标准, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {value: 1000}}}
half: {term: 半数, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {value: 500}}}
"""


def exceptions(village: Village, over: str = "", second: str = "0", first: str = "半数") -> None:
    village.rules(
        f"""
        house:
          pay: {{term: 应发, unit: yuan/month, cite: LAW#1, value: 标准}}
          poor_half:
            term: 贫困另算
            unit: yuan/month
            cite: LAW#2
            exception_to: 应发
            when: 贫困
            value: {first}
          old_nothing:
            term: 老宅不发
            unit: yuan/month
            cite: LAW#3
            exception_to: 应发
            {over}
            when: 老宅
            value: {second}
        decides: {{amount: 应发}}
        """,
        figures=FIGURES,
    )


def test_an_exception_takes_the_place_of_the_rule_when_its_condition_holds(village: Village) -> None:
    exceptions(village, over="over: 贫困另算")
    assert village.paid(poor=False, old=False) == 1000
    assert village.paid(poor=True, old=False) == 500
    assert village.paid(poor=False, old=True) == 0


def test_of_two_the_one_that_is_over_the_other_acts(village: Village) -> None:
    exceptions(village, over="over: 贫困另算")
    assert village.paid(poor=True, old=True) == 0


def test_one_that_may_apply_may_give_its_value(village: Village) -> None:
    exceptions(village, over="over: 贫困另算")
    assert village.paid(old=False) == (500, 1000)
    assert village.missing(old=False) == ["贫困"]
    assert village.paid(poor=True) == (0, 500)
    assert village.paid() == (0, 1000)


def test_one_that_surely_acts_and_is_over_the_other_leaves_nothing_open(village: Village) -> None:
    exceptions(village, over="over: 贫困另算")
    assert village.paid(old=True) == 0
    assert village.missing(old=True) == []


def test_two_that_meet_and_neither_goes_before_are_a_conflict_that_names_both(village: Village) -> None:
    exceptions(village)
    outcome = village.outcome(poor=True, old=True)
    assert outcome.amount is not None
    assert outcome.amount.value is None
    assert outcome.status.value == "undetermined"
    said = " ".join(node.reason.zh for node in outcome.trail.walk() if node.reason is not None)
    assert "贫困另算" in said
    assert "老宅不发" in said


def test_a_conflict_that_may_yet_come_settles_nothing(village: Village) -> None:
    """Both pay nothing; but if both should hold there is no rule that says so. More facts must not overturn a zero."""
    exceptions(village, first="0", second="0")
    assert village.paid(poor=True, old=False) == 0
    assert village.outcome(poor=True).status.value == "undetermined"
    assert village.outcome().status.value == "undetermined"


@pytest.mark.parametrize("poor", [True, False, None])
def test_exceptions_of_an_amount_that_is_not_payable_do_not_matter(village: Village, poor: bool | None) -> None:
    """What is asked first is asked first."""
    village.rules(
        """
        house:
          pay: {term: 应发, unit: yuan/month, cite: LAW#1, given: 老宅, value: 标准}
          poor_half: {term: 贫困另算, unit: yuan/month, cite: LAW#2, exception_to: 应发, when: 贫困, value: 半数}
        decides: {amount: 应发}
        """,
        figures=FIGURES,
    )
    assert village.paid(old=False, poor=poor) == 0


def test_an_exception_of_a_lower_layer(village: Village) -> None:
    village.rules(
        "house:\n  pay: {term: 应发, unit: yuan/month, cite: LAW#1, value: 标准}\ndecides: {amount: 应发}\n",
        figures=FIGURES,
        shire="""
        house:
          shire_half: {term: 省里减半, unit: yuan/month, cite: LAW#2, exception_to: 应发, when: 老宅, value: 半数}
        """,
    )
    assert village.paid(old=True) == 500
    assert village.paid(old=False) == 1000
