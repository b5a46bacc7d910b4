"""Conditions: and, or, not, none of these; what is not known; and statements about groups."""

from __future__ import annotations

import pytest

from tests.evaluator.village import Village

TRUE, FALSE, OPEN = "eligible", "ineligible", "undetermined"


def conditions(village: Village, text: str, more: str = "") -> None:
    body = f"house:\n  ok:\n    term: 条件\n    cite: LAW#1\n{text}\n{more}\ndecides: {{eligible: 条件}}\n"
    village.rules(body)


@pytest.mark.parametrize(
    ("poor", "old", "both", "either"),
    [
        (True, True, TRUE, TRUE),
        (True, False, FALSE, TRUE),
        (False, False, FALSE, FALSE),
        (True, None, OPEN, TRUE),
        (False, None, FALSE, OPEN),
        (None, None, OPEN, OPEN),
    ],
)
def test_and_or_follow_strong_kleene(village: Village, poor: bool, old: bool, both: str, either: str) -> None:
    conditions(village, "    all: [贫困, 老宅]")
    assert village.status(poor=poor, old=old) == both
    conditions(village, "    when: 贫困 and 老宅")
    assert village.status(poor=poor, old=old) == both
    conditions(village, "    any: [贫困, 老宅]")
    assert village.status(poor=poor, old=old) == either
    conditions(village, "    when: 贫困 or 老宅")
    assert village.status(poor=poor, old=old) == either


@pytest.mark.parametrize(("poor", "expected"), [(True, FALSE), (False, TRUE), (None, OPEN)])
def test_not(village: Village, poor: bool | None, expected: str) -> None:
    conditions(village, "    when: not 贫困")
    assert village.status(poor=poor) == expected


@pytest.mark.parametrize(
    ("poor", "old", "expected"),
    [(True, False, TRUE), (True, True, FALSE), (False, True, FALSE), (True, None, OPEN), (False, None, FALSE)],
)
def test_unless_bars_what_would_hold(village: Village, poor: bool, old: bool | None, expected: str) -> None:
    conditions(village, "    all: [贫困]\n    unless: [老宅]")
    assert village.status(poor=poor, old=old) == expected


def test_an_unless_is_none_of_these(village: Village) -> None:
    conditions(village, "    when: 贫困\n    unless: [老宅, 户等级 == 一级]")
    assert village.status(poor=True, old=False, grade="first") == FALSE
    assert village.status(poor=True, old=False, grade="second") == TRUE
    assert village.status(poor=True, old=False) == OPEN
    assert village.missing(poor=True, old=False) == ["户等级"]


def test_lists_within_lists(village: Village) -> None:
    conditions(village, "    any:\n      - 老宅\n      - all: [贫困, {when: 户等级 == 一级, cite: LAW#2}]")
    assert village.status(old=False, poor=True, grade="first") == TRUE
    assert village.status(old=False, poor=True, grade="third") == FALSE
    assert village.status(old=True) == TRUE


@pytest.mark.parametrize(("income", "expected"), [("999.99", TRUE), (1000, FALSE), ("1000.01", FALSE), (None, OPEN)])
def test_below_does_not_include_the_line(village: Village, income: object, expected: str) -> None:
    rules = "house:\n  ok: {term: 条件, cite: LAW#1, wording: 低于, when: 收入 < 线}\ndecides: {eligible: 条件}\n"
    figures = "line: {term: 线, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {value: 1000}}}"
    village.rules(rules, figures=figures)
    assert village.status(income=income) == expected


def test_a_grade_among_several(village: Village) -> None:
    conditions(village, "    when: 户等级 in [一级, 二级]")
    assert [village.status(grade=grade) for grade in ("first", "second", "third", None)] == [TRUE, TRUE, FALSE, OPEN]
    conditions(village, "    when: 户等级 not in [一级, 二级]")
    assert [village.status(grade=grade) for grade in ("first", "second", "third", None)] == [FALSE, FALSE, TRUE, OPEN]


def test_texts_are_the_same_or_not(village: Village) -> None:
    conditions(village, "    when: any(any(p.老家 != q.老家 for q in 家人) for p in 家人)")
    assert village.status(people=[{"home": "东村"}, {"home": "东村"}]) == FALSE
    assert village.status(people=[{"home": "东村"}, {"home": "西村"}]) == TRUE
    assert village.status(people=[{"home": "东村"}, {}]) == OPEN


# -- groups ------------------------------------------------------------------------------------------------------------


def test_of_nobody_everything_is_true_and_nothing_is(village: Village) -> None:
    conditions(village, "    when: all(p.有病 for p in 家人)")
    assert village.status(people=[]) == TRUE
    conditions(village, "    when: any(p.有病 for p in 家人)")
    assert village.status(people=[]) == FALSE


def test_one_settles_any_and_one_settles_all(village: Village) -> None:
    conditions(village, "    when: any(p.有病 for p in 家人)")
    assert village.status(people=[{"ill": True}, {}]) == TRUE
    assert village.status(people=[{"ill": False}, {}]) == OPEN
    conditions(village, "    when: all(p.有病 for p in 家人)")
    assert village.status(people=[{"ill": False}, {}]) == FALSE
    assert village.status(people=[{"ill": True}, {}]) == OPEN


def test_whoever_may_be_there_keeps_it_open(village: Village) -> None:
    """A list nobody gave may hold anybody; an empty list holds nobody."""
    conditions(village, "    when: any(p.有病 for p in 家人)")
    assert village.status() == OPEN
    assert village.missing() == ["家人"]
    conditions(village, "    when: count(家人) > 0")
    assert village.status() == OPEN


def test_only_those_who_fit_are_asked(village: Village) -> None:
    conditions(village, "    when: all(p.有病 for p in 家人 if p.会织布)")
    assert village.status(people=[{"weaves": False}, {"weaves": True, "ill": True}]) == TRUE
    assert village.status(people=[{"weaves": False}, {"weaves": True, "ill": False}]) == FALSE
    assert village.status(people=[{"ill": False}]) == OPEN
    assert village.status(people=[{"ill": True}]) == TRUE


def test_a_group_some_may_belong_to(village: Village) -> None:
    group = "  ill_ones: {term: 病人, cite: LAW#1, those: p for p in 家人 if p.有病}"
    conditions(village, "    when: count(病人) > 1", group)
    assert village.status(people=[{"ill": True}, {"ill": True}, {}]) == TRUE
    assert village.status(people=[{"ill": True}, {}]) == OPEN
    assert village.status(people=[{"ill": False}, {}]) == FALSE


def test_how_many_of_several_hold(village: Village) -> None:
    conditions(village, "    when: count(贫困, 老宅, 户等级 == 一级) > 1")
    assert village.status(poor=True, old=True) == TRUE
    assert village.status(poor=False, old=False) == FALSE
    assert village.status(poor=True, old=False) == OPEN


def test_somebody_by_reference(village: Village) -> None:
    conditions(village, "    when: any(p.邻人.有病 for p in 家人)")
    people = [{"id": "甲", "ill": True}, {"id": "乙", "ill": False, "neighbour": "甲"}]
    assert village.status(people=[people[0] | {"neighbour": "乙"}, people[1]]) == TRUE
    assert village.status(people=people) == TRUE
    assert village.status(people=[people[0], {"id": "丙", "neighbour": "乙"}, {"id": "乙", "ill": False}]) == OPEN
