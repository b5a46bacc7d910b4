"""Records: everything needed to see later that the same comes out, and that nobody changed anything in between."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest

from minzheng_rules import Case, RequestProblems, Rulebook, decide, record, replay
from tests.evaluator.village import DAY, House, Village

RULES = """
house:
  pay: {term: 应发, unit: yuan/month, cite: LAW#1, value: 'max(标准 - 收入, 0)'}
  ok: {term: 条件, cite: LAW#1, when: 收入 < 标准}
decides: {eligible: 条件, amount: 应发}
"""
FIGURES = "standard: {term: 标准, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {value: 1000}}}\n"


@pytest.fixture
def book(village: Village) -> Rulebook:
    return village.rules(RULES, figures=FIGURES)


def _record(book: Rulebook, **house: Any) -> dict[str, Any]:
    return record(decide(Case.parse(house, House), book, as_of=DAY))


def test_a_record_replays_to_the_same(book: Rulebook) -> None:
    again = replay(_record(book, income=400), book)
    assert again.same
    assert again.same_rulebook
    assert (
        again.decision.outcome("trial").amount
        == decide(Case.parse({"income": 400}, House), book, as_of=DAY).outcome("trial").amount
    )


def test_a_record_is_plain_json_and_survives_it(book: Rulebook) -> None:
    recorded = _record(book, income="400.05")
    assert replay(json.loads(json.dumps(recorded, ensure_ascii=False)), book).same


def test_a_record_holds_the_case_its_day_and_the_answers(book: Rulebook) -> None:
    recorded = _record(book, income=400)
    assert recorded["case"]["income"] == "400.00"
    assert recorded["decision"]["as_of"] == "2025-06-01"
    assert recorded["decision"]["rulebook"]["digest"] == book.digest
    assert recorded["decision"]["outcomes"][0]["amounts"]["amount"]["value"] == "600.00"


@pytest.mark.parametrize(
    "path",
    [("case", "income"), ("decision", "as_of"), ("decision", "outcomes", 0, "status"), ("library",), ("programs",)],
)
def test_a_record_somebody_changed_is_refused(book: Rulebook, path: tuple[str | int, ...]) -> None:
    altered: Any = copy.deepcopy(_record(book, income=400))
    inner = altered
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = "1"
    with pytest.raises(RequestProblems, match="改动"):
        replay(altered, book)


def test_something_else_is_no_record(book: Rulebook) -> None:
    with pytest.raises(RequestProblems, match="minzheng-record/1"):
        replay({"format": "minzheng-case/1"}, book)


def test_another_rulebook_is_noticed_and_every_difference_named(village: Village, book: Rulebook) -> None:
    recorded = _record(book, income=400)
    other = village.rules(RULES, figures=FIGURES.replace("1000", "900"))
    again = replay(recorded, other)
    assert not again.same
    assert not again.same_rulebook
    found = {difference.path: (difference.recorded, difference.replayed) for difference in again.differences}
    assert found["outcomes[0].amounts.amount.value"] == ("600.00", "500.00")


def test_another_rulebook_that_decides_alike_is_noticed_too(village: Village, book: Rulebook) -> None:
    recorded = _record(book, income=400)
    other = village.rules(RULES.replace("LAW#1", "LAW#2"), figures=FIGURES)
    again = replay(recorded, other)
    assert again.same
    assert not again.same_rulebook


def test_figures_given_by_hand_must_be_given_again() -> None:
    shipped = Rulebook.load(overlays=[{"低保标准": 1000}])
    case = Case.parse({"members": [{"relation": "applicant"}]})
    recorded = record(decide(case, shipped, as_of=DAY))
    with pytest.raises(RequestProblems, match="规则手册"):
        replay(recorded)
    assert replay(recorded, shipped).same


def test_the_shipped_rulebook_is_found_by_the_record_itself() -> None:
    shipped = Rulebook.load(overlays=["illustrative"])
    case = Case.parse({"members": [{"relation": "applicant"}]})
    again = replay(record(decide(case, shipped, as_of=dt.date(2024, 2, 29))))
    assert again.same
    assert again.same_rulebook
