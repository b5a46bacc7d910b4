"""Programs: whom they are about, when they apply, from when they pay, and what they read of each other."""

from __future__ import annotations

import datetime as dt

import pytest

from minzheng_rules import Case, RequestProblems, Rulebook, decide
from minzheng_rules.evaluator.deciding import _Said
from tests.evaluator.village import DAY, House, Village

FIGURES = """
standard: {term: 标准, unit: yuan/month/person, range: [0, 5000], values: {2020-01-01: {value: 300}}}
delay: {term: 起发间隔, unit: month, range: [0, 3], values: {2020-01-01: {value: 1}}}
"""
RULES = """
villager:
  concerned: {term: 涉及, cite: LAW#1, when: 有病}
  entitled: {term: 可领, cite: LAW#1, when: '级别 in [一级, 二级]'}
  aid: {term: 补助, unit: yuan/month, cite: LAW#1, given: 可领, value: 标准}
  aid_from: {term: 起发, cite: LAW#1, value: first_of_month(基准日 + 起发间隔)}
house:
  ok: {term: 条件, cite: LAW#1, when: any(p.可领 for p in 家人)}
  r: {term: 户等次, type: 等级, cite: LAW#1, cases: [{when: 贫困, value: 一级}, {otherwise: 三级}]}
decides:
  each: {subject: villager, term: 逐人, applies: 涉及, eligible: 可领, amount: 补助, from: 起发}
  whole: {subject: house, term: 全户, eligible: 条件, result: {r: 户等次}}
"""


@pytest.fixture
def both(village: Village) -> Village:
    village.rules(RULES, figures=FIGURES)
    return village


def _decide(village: Village, day: dt.date = DAY, **house: object) -> dict[tuple[str, str], str]:
    assert village.book is not None
    decision = decide(Case.parse({**house, "as_of": day.isoformat()}, House), village.book)
    return {(o.program.partition(".")[2], o.subject): o.status.value for o in decision.outcomes}


def test_a_program_answers_for_each_of_those_it_is_about(both: Village) -> None:
    people = [
        {"id": "甲", "ill": True, "grade": "first"},
        {"id": "乙", "ill": True, "grade": "third"},
        {"id": "丙", "ill": False},
        {"id": "丁"},
        {"id": "戊", "ill": True},
    ]
    assert _decide(both, people=people) == {
        ("each", "甲"): "eligible",
        ("each", "乙"): "ineligible",
        ("each", "丙"): "not_applicable",
        ("each", "丁"): "undetermined",
        ("each", "戊"): "undetermined",
        ("whole", "house"): "eligible",
    }


def test_of_nobody_a_program_about_each_says_nothing(both: Village) -> None:
    assert _decide(both, people=[]) == {("whole", "house"): "ineligible"}


def test_a_result_is_settled_by_itself(both: Village) -> None:
    assert both.book is not None
    for poor, expected in ((True, "first"), (False, "third"), (None, None)):
        outcome = decide(Case.parse({"poor": poor, "people": []}, House), both.book, as_of=DAY).outcome("trial.whole")
        assert outcome.results["r"].raw == expected


def test_whom_a_result_names_is_said_by_the_result_alone() -> None:
    """A result outlives the decision it is of, and what the decision knew of the persons in it."""
    book = Rulebook.load(place="haining")
    members = [{"relation": "applicant"}, {"relation": "spouse"}]
    run = decide(Case.parse({"members": members}), book, as_of=DAY, programs=["dibao"])._run
    said = _Said.of(book.names, "r", "household.living_together", "household")
    result = run._result(said, run.root)
    del run
    assert "本人" in result.value.zh
    assert "spouse" in result.value.en


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (dt.date(2025, 6, 1), dt.date(2025, 7, 1)),
        (dt.date(2025, 6, 30), dt.date(2025, 7, 1)),
        (dt.date(2024, 12, 31), dt.date(2025, 1, 1)),
    ],
)
def test_what_is_granted_is_paid_from_the_month_after(both: Village, day: dt.date, first: dt.date) -> None:
    assert both.book is not None
    case = Case.parse({"people": [{"ill": True, "grade": "first"}, {"ill": True, "grade": "third"}]}, House)
    granted, refused = (o for o in decide(case, both.book, as_of=day).outcomes if o.program == "trial.each")
    assert granted.payable_from == first
    assert refused.payable_from is None


def test_some_programs_may_be_asked_for(both: Village) -> None:
    assert both.book is not None
    decision = decide(Case.parse({"people": []}, House), both.book, as_of=DAY, programs=["试行·全户"])
    assert [o.program for o in decision.outcomes] == ["trial.whole"]
    with pytest.raises(RequestProblems, match=r"trial\.whole"):
        decide(Case.parse({"people": []}, House), both.book, as_of=DAY, programs=["trial.whale"])


def test_a_case_needs_a_day(both: Village) -> None:
    assert both.book is not None
    with pytest.raises(RequestProblems, match="基准日"):
        decide(Case.parse({"people": []}, House), both.book)


def test_a_day_may_be_written_as_text(both: Village) -> None:
    assert both.book is not None
    case = Case.parse({"people": []}, House)
    assert decide(case, both.book, as_of=DAY.isoformat()).as_of == DAY
    with pytest.raises(RequestProblems, match="2025-13-01"):
        decide(case, both.book, as_of="2025-13-01")


def test_a_case_of_another_kind_is_refused(both: Village) -> None:
    assert both.book is not None
    with pytest.raises(RequestProblems, match="household"):
        decide(Case.parse({"members": [{"relation": "applicant"}]}), both.book, as_of=DAY)
