"""What nobody knows of anybody: days reached through references, and conditions that come out the same for all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from minzheng_rules import Case, decide
from minzheng_rules.population.cases import columns_of
from minzheng_rules.population.kernel.engine import Engine
from tests.evaluator.village import House, Village

RULES = """
house:
  newborn_beside:
    term: 邻家有婴儿
    cite: LAW#1
    when: any(full_years(p.邻人.出生日期, 基准日) < 1 for p in 家人)
decides: {eligible: 邻家有婴儿}
"""
FIGURES = """
standard: {{term: 标准, unit: yuan, range: [0, 5000], values: {{2020-01-01: {{value: {standard}}}}}}}
limit: {{term: 界线, unit: yuan, range: [0, 5000], values: {{2020-01-01: {{value: 150}}}}}}
"""
BEGINS = dt.date(2020, 1, 1)
"""The day from which the law applies: the first of the period for which its rules are compiled."""


@pytest.mark.parametrize("day", [BEGINS, dt.date(2021, 6, 1), dt.date(2025, 6, 1)])
@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([{"id": "甲"}], "undetermined"),
        ([{"id": "甲", "neighbour": "乙"}, {"id": "乙", "neighbour": "甲", "born": "2010-01-01"}], "undetermined"),
        (
            [
                {"id": "甲", "neighbour": "乙", "born": "2011-01-01"},
                {"id": "乙", "neighbour": "甲", "born": "2010-01-01"},
            ],
            "ineligible",
        ),
    ],
    ids=["neighbour unknown", "a neighbour's birth unknown", "all known"],
)
def test_a_day_nobody_knows_may_be_any_up_to_the_day_of_the_case(
    tmp_path: Path, people: list[dict[str, str]], expected: str, day: dt.date
) -> None:
    village = Village(tmp_path)
    book = village.rules(RULES)
    case = Case.parse({"as_of": day.isoformat(), "people": people}, House)
    decision = decide(case, book)
    assert decision.outcome("trial").status.value == expected
    assert Engine(book, day).decide(columns_of([case], book)).differences(decision, 0) == []


@pytest.mark.parametrize("people", [[], [{"id": "甲"}], [{"id": "甲"}, {"id": "乙"}]])
@pytest.mark.parametrize("standard", [100, 200])
def test_a_condition_on_figures_alone_counts_for_everybody_or_for_nobody(
    tmp_path: Path, people: list[dict[str, str]], standard: int
) -> None:
    village = Village(tmp_path)
    book = village.rules(
        """
        house:
          any_at_all:
            term: 有人
            cite: LAW#1
            when: any(标准 > 界线 for p in 家人)
          so_many:
            term: 人数
            cite: LAW#1
            unit: person
            value: count(p for p in 家人 if 标准 > 界线)
        decides:
          eligible: 有人
          result: {r: 人数}
        """,
        figures=FIGURES.format(standard=standard),
    )
    case = Case.parse({"as_of": "2025-06-01", "people": people}, House)
    decision = decide(case, book)
    holds = standard > 150 and bool(people)
    assert decision.outcome("trial").status.value == ("eligible" if holds else "ineligible")
    assert Engine(book, dt.date(2025, 6, 1)).decide(columns_of([case], book)).differences(decision, 0) == []
