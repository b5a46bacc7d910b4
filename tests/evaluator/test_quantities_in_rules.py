"""Quantities: formulas, cases, tables, what is asked first, what is needed, rounding; and their bounds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.evaluator.village import Village

FIGURES = """
standard: {term: 标准, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {value: 1000}}}
open_figure: {term: 未定数, unit: yuan/month/house, range: [10, 300], values: {2020-01-01: {status: unknown}}}
share: {term: 份额, unit: ratio, range: [0, 1], values: {2020-01-01: {value: 0.3333}}}
to_yuan: {term: 见分进元, type: 取整方式, values: {2020-01-01: {value: 见分进元}}}
to_fen: {term: 取到分, type: 取整方式, values: {2020-01-01: {value: 四舍五入到分}}}
rounding_unknown: {term: 取整未定, type: 取整方式, values: {2020-01-01: {status: unknown}}}
by_grade:
  term: 分级数
  unit: yuan/month/house
  range: [0, 500]
  by: [等级]
  values:
    2020-01-01: {一级: 300, 二级: 200, 三级: {status: unknown}}
"""


def amount(village: Village, body: str, more: str = "") -> None:
    """A house is paid what the body says."""
    text = f"house:\n  pay:\n    term: 应发\n    unit: yuan/month\n    cite: LAW#1\n{body}\n{more}\n"
    village.rules(text + "decides: {amount: 应发}\n", figures=FIGURES)


# -- formulas ----------------------------------------------------------------------------------------------------------


def test_a_formula_is_exact(village: Village) -> None:
    amount(village, "    value: max(标准 - 收入, 0)")
    assert village.paid(income="0.01") == Decimal("999.99")
    assert village.paid(income=1200) == 0


def test_an_unknown_quantity_carries_its_range(village: Village) -> None:
    amount(village, "    value: max(标准 - 收入, 0)")
    assert village.paid() == (0, 1000)
    amount(village, "    value: 标准 + 未定数")
    assert village.paid() == (1010, 1300)
    assert village.missing() == ["未定数"]


def test_a_year_is_twelve_months(village: Village) -> None:
    amount(village, "    value: per_month(年租金)\n    round: 取到分")
    assert village.paid(yearly_rent=100) == Decimal("8.33")
    assert village.paid(yearly_rent=1200) == 100


def test_nothing_is_divided_away(village: Village) -> None:
    """A third of an amount, three times: all of it again."""
    amount(village, "    value: sum(收入 / count(家人) for p in 家人)")
    assert village.paid(income=100, people=[{}, {}, {}]) == 100


EARNED = "villager:\n  earned: {term: 挣, unit: yuan/month, cite: LAW#1, value: sum(j.工钱 for j in 活计名单)}\n"


def test_a_sum_over_those_who_may_belong_is_between(village: Village) -> None:
    amount(village, "    value: sum(p.挣 for p in 家人 if p.有病)", EARNED)
    ill = {"ill": True, "jobs": [{"pay": 100}, {"pay": 50}]}
    assert village.paid(people=[ill, {"ill": False, "jobs": [{"pay": 7}]}]) == 150
    assert village.paid(people=[ill, {"jobs": [{"pay": 7}]}]) == (150, 157)
    assert village.paid(people=[ill, {"ill": False}]) == 150


# -- cases -------------------------------------------------------------------------------------------------------------

CASES = """
    cases:
      - {when: 贫困, value: 标准}
      - {when: 老宅, value: 收入}
      - {otherwise: 0}
"""


def test_the_first_case_that_holds_decides(village: Village) -> None:
    amount(village, CASES)
    assert village.paid(poor=True, old=True) == 1000
    assert village.paid(poor=False, old=True, income=7) == 7
    assert village.paid(poor=False, old=False) == 0


def test_open_cases_contribute_all_they_may_give(village: Village) -> None:
    amount(village, CASES)
    assert village.paid(old=True, income=7) == (7, 1000)
    assert village.paid(old=True, income=1000) == 1000
    assert village.paid(poor=False, income=7) == (0, 7)


def test_what_several_open_cases_give_is_one_step_below_the_rule(village: Village) -> None:
    cases = "{when: 贫困, value: 标准}", "{when: 老宅, value: 标准}", "{otherwise: 0}"
    amount(village, "    cases:\n" + "".join(f"      - {case}\n" for case in cases))
    pay = next(node for node in village.outcome().trail.walk() if node.label.zh == "应发")
    assert [node.label.zh for node in pay.children] == ["贫困", "标准", "老宅"]


# -- tables ------------------------------------------------------------------------------------------------------------

UNIQUE = """
    table: |
      | 户等级 | 贫困 | =   |
      | 一级   | -   | 标准 |
      | 二级   | 是  | 收入 |
      | 二级   | 否  | ?   |
      | 三级   | -   | 0   |
"""


def test_a_table_gives_the_row_that_fits(village: Village) -> None:
    amount(village, UNIQUE)
    assert village.paid(grade="first") == 1000
    assert village.paid(grade="second", poor=True, income=5) == 5
    assert village.paid(grade="third", poor=False) == 0


def test_what_the_row_that_fits_yields_is_missing_though_its_column_keeps_nothing_open(village: Village) -> None:
    """The grade rules out the rows that look at the income; the one that fits gives it."""
    rows = "| 一级 | < 标准 | 0 |", "| 一级 | >= 标准 | 标准 |", "| 二级 | - | 收入 |", "| 三级 | - | 0 |"
    amount(village, "    table: |\n" + "".join(f"      {row}\n" for row in ("| 户等级 | 收入 | = |", *rows)))
    assert village.missing(grade="second") == ["收入"]
    settles = {node.label.zh for node in village.outcome(grade="second").trail.walk() if node.decisive}
    assert "收入" in settles
    assert village.missing(grade="third") == []


def test_where_several_rows_may_fit_all_of_them_count(village: Village) -> None:
    amount(village, UNIQUE)
    assert village.paid(poor=True, income=5) == (0, 1000)
    assert village.paid(poor=True, income=5)[1] == 1000


def test_a_cell_that_is_not_laid_down_leaves_it_open(village: Village) -> None:
    amount(village, UNIQUE)
    outcome = village.outcome(grade="second", poor=False)
    assert outcome.status.value == "undetermined"
    assert outcome.amount is not None
    assert outcome.amount.value is None


def test_the_first_row_that_fits_where_the_table_says_so(village: Village) -> None:
    amount(village, "    hit: first\n    table: |\n      | 收入 | = |\n      | < 标准 | 标准 |\n      | - | 0 |\n")
    assert village.paid(income=999) == 1000
    assert village.paid(income=1000) == 0
    assert village.paid() == (0, 1000)


def test_a_figure_for_each_grade(village: Village) -> None:
    amount(village, "    value: 分级数[户等级]")
    assert village.paid(grade="first") == 300
    assert village.paid(grade="third") == (0, 500)
    assert village.paid() == (0, 500)


# -- what comes before the body ----------------------------------------------------------------------------------------


def test_what_is_not_given_is_not_payable(village: Village) -> None:
    amount(village, "    given: 贫困\n    value: 标准 - 收入")
    assert village.paid(poor=False) == 0
    assert village.paid(poor=True, income=1) == 999
    assert village.paid(income=1) == (0, 999)


def test_what_is_needed_must_be_known_first(village: Village) -> None:
    amount(village, "    needs: [户等级]\n    value: 标准")
    assert village.status() == "undetermined"
    assert village.missing() == ["户等级"]
    assert village.paid(grade="third") == 1000


def test_needs_are_not_asked_of_whom_nothing_is_payable(village: Village) -> None:
    """The order: given, exceptions, needs, body."""
    amount(village, "    given: 贫困\n    needs: [户等级]\n    value: 标准")
    assert village.paid(poor=False) == 0


# -- rounding ----------------------------------------------------------------------------------------------------------


def test_an_amount_is_rounded_once_at_the_end(village: Village) -> None:
    amount(village, "    value: 份额 * 标准\n    round: 见分进元")
    assert village.paid() == 334


def test_bounds_are_rounded_too(village: Village) -> None:
    amount(village, "    value: 份额 * max(标准 - 收入, 0)\n    round: 见分进元")
    assert village.paid() == (0, 334)


def test_an_unknown_way_of_rounding_leaves_room_but_never_below_zero(village: Village) -> None:
    amount(village, "    value: max(标准 - 收入, 0)\n    round: 取整未定")
    assert village.paid(income=1000) == 0
    low, high = village.paid(income=999)
    assert 0 <= low <= 1 <= high
    assert village.missing(income=999) == ["取整未定"]


# -- dates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("built", "pays"), [("2007-06-01", 1000), ("2007-06-02", 0), ("2007-05-31", 1000)])
def test_an_age_is_reached_on_the_day(village: Village, built: str, pays: int) -> None:
    figures = (
        FIGURES + "age_of_houses: {term: 老屋年龄, unit: year, range: [1, 99], values: {2020-01-01: {value: 18}}}\n"
    )
    village.rules(
        """
        house:
          pay:
            term: 应发
            unit: yuan/month
            cite: LAW#1
            cases:
              - {when: 'full_years(建成日期, 基准日) >= 老屋年龄', value: 标准}
              - {otherwise: 0}
        decides: {amount: 应发}
        """,
        figures=figures,
    )
    assert village.paid(built=built) == pays
    assert village.paid() == (0, 1000)


def test_a_date_that_was_not_given_lies_in_the_past(village: Village) -> None:
    """Nothing was built tomorrow: the house is certainly not younger than nothing."""
    figures = FIGURES + "no_months: {term: 零月, unit: month, range: [0, 9], values: {2020-01-01: {value: 0}}}\n"
    village.rules(
        "house:\n  ok: {term: 条件, cite: LAW#1, when: 'full_months(建成日期, 基准日) >= 零月'}\ndecides: {eligible: 条件}\n",
        figures=figures,
    )
    assert village.status() == "eligible"
