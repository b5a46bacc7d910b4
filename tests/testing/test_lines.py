"""Where a rulebook draws its lines, seen from the facts."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from minzheng_rules import Rulebook
from minzheng_rules.testing.lines import Lines, Span, lines_of
from tests.evaluator.village import DAY, Village

FIGURES = """
standard: {term: 标准, unit: yuan/month/person, range: [0, 5000], values: {2020-01-01: {value: 1000}, 2025-01-01: {value: 1100}}}
times: {term: 倍数, unit: multiple, range: [1, 9], values: {2020-01-01: {value: 1.5}}}
cap: {term: 封顶, unit: yuan/month/person, range: [0, 5000], values: {2020-01-01: {value: 1300}}}
unknown: {term: 未定数, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {status: unknown}}}
months: {term: 期限, unit: month, range: [0, 99], values: {2020-01-01: {value: 36}}}
adult: {term: 成年, unit: year, range: [0, 99], values: {2020-01-01: {value: 18}}}
jobs_counted: {term: 活计数, unit: '1', range: [0, 9], values: {2020-01-01: {value: 3}}}
"""


def lines(village: Village, condition: str, day: dt.date = DAY, more: str = "") -> Lines:
    """The lines of one condition."""
    rules = f"house:\n  ok:\n    term: 条件\n    cite: LAW#1\n    when: >-\n      {condition}\n{more}\n"
    return lines_of(village.rules(rules + "decides: {eligible: 条件}\n", figures=FIGURES), day)


def values(found: Lines, kind: str, fact: str) -> set[Fraction]:
    return set(found.quantities.get((kind, fact), ()))


def test_a_fact_compared_with_a_figure(village: Village) -> None:
    assert values(lines(village, "住满月数 >= 期限"), "house", "months_here") == {36}


def test_a_figure_times_heads_has_a_line_for_each_number_of_heads(village: Village) -> None:
    found = lines(village, "收入 < 标准 * count(家人)")
    assert values(found, "house", "income") == {1100 * n for n in range(1, 7)}
    assert values(lines(village, "收入 < 标准 * count(家人)", dt.date(2024, 12, 31)), "house", "income") >= {1000, 2000}


def test_a_line_that_is_itself_a_rule(village: Village) -> None:
    """min(1.5 × 1100, 1300), each of which may be the line."""
    more = "  line: {term: 线, unit: yuan/month/person, cite: LAW#1, value: 'min(倍数 * 标准, 封顶)'}"
    found = lines(village, "收入 < 线 * count(家人)", more=more)
    assert values(found, "house", "income") >= {1650, 1300, 3300, 2600}


def test_the_parts_of_a_sum_each_have_its_lines_in_their_own_units(village: Village) -> None:
    more = """
  total: {term: 总收入, unit: yuan/month, cite: LAW#1, value: 收入 + per_month(年租金) + sum(p.挣 for p in 家人)}
villager:
  earned: {term: 挣, unit: yuan/month, cite: LAW#1, value: sum(j.工钱 for j in 活计名单)}
"""
    found = lines(village, "总收入 < 标准 * count(家人)", more=more)
    assert 1100 in values(found, "house", "income")
    assert 1100 in values(found, "job", "pay")
    assert 13200 in values(found, "house", "yearly_rent")


def test_an_unknown_figure_draws_no_line(village: Village) -> None:
    assert values(lines(village, "收入 < 未定数"), "house", "income") == set()


def test_an_age_draws_its_line_on_the_birth_date(village: Village) -> None:
    more = "villager:\n  age: {term: 年龄, unit: year, cite: LAW#1, value: 'full_years(出生日期, 基准日)'}\n"
    found = lines(village, "any(p.年龄 >= 成年 for p in 家人)", more=more)
    assert found.spans == {("villager", "born"): (Span("year", 18),)}


def test_a_count_draws_its_line_on_the_length_of_a_list(village: Village) -> None:
    found = lines(village, "any(count(p.活计名单) >= 活计数 for p in 家人)")
    assert found.sizes == {("villager", "jobs"): (3,)}


def test_a_date_compared_with_the_day_of_the_decision(village: Village) -> None:
    found = lines(village, "建成日期 + 期限 <= 基准日")
    assert set(found.spans["house", "built"]) == {Span("day", 0), Span("month", 36)}


def test_what_rules_ask_for_is_known(village: Village) -> None:
    assert lines(village, "贫困 and any(p.有病 for p in 家人)").read == {
        ("house", "poor"),
        ("house", "people"),
        ("villager", "ill"),
    }


@pytest.mark.parametrize("span", [Span("year", 9999), Span("month", 120_000), Span("day", 10**9)])
def test_a_span_longer_than_the_calendar_ends_nowhere(span: Span) -> None:
    assert span.before(DAY) is None


def test_the_shipped_rulebook_draws_its_lines_where_the_law_does() -> None:
    found = lines_of(Rulebook.load(overlays=["illustrative"]), DAY)
    assert {1000, 2000, 3000, 1500} <= values(found, "wage", "amount")
    assert Span("year", 18) in found.spans["person", "birth_date"]
    assert 36 in values(found, "member", "months_away")
    assert 3 in found.sizes["member", "job_offers"]
    assert "assets_within_rule" in {delegation.id for delegation in found.delegations}
