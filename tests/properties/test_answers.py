"""What every answer is, whatever the case."""

from __future__ import annotations

import datetime as dt
import json

from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules import Case, Outcome, Rulebook, Status, decide, record, replay
from minzheng_rules.evaluator.decision import Amount
from minzheng_rules.testing import cases
from tests.properties.shipped import answers, decidable, filled, half_as_many, illustrative


@given(decidable())
def test_no_amount_is_negative(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    for outcome in decide(case, book).outcomes:
        for amount in outcome.amounts.values():
            assert amount.low is None or amount.low >= 0
            assert amount.low is None or amount.high is None or amount.low <= amount.high
            assert amount.value is None or amount.value == amount.low == amount.high


@given(decidable())
def test_who_is_not_eligible_is_paid_nothing(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    for outcome in decide(case, book).outcomes:
        if outcome.status in (Status.INELIGIBLE, Status.NOT_APPLICABLE):
            assert all(amount.value == 0 for amount in _spoken_of(outcome, book, case))
            assert outcome.payable_from is None


def _spoken_of(outcome: Outcome, book: Rulebook, case: Case) -> list[Amount]:
    """The amounts for which there is a rule on the day of the case; of others nothing is said."""
    assert case.as_of is not None
    there = book.on(case.as_of).rules
    return [outcome.amounts[name] for name, key in book.program(outcome.program).amounts if key in there]


@given(decidable())
def test_an_open_answer_says_what_is_missing_and_a_settled_one_nothing(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    for outcome in decide(case, book).outcomes:
        if outcome.status is Status.UNDETERMINED:
            assert outcome.missing, outcome.program
        elif outcome.status in (Status.INELIGIBLE, Status.NOT_APPLICABLE):
            assert not outcome.missing


@given(decidable())
def test_deciding_twice_gives_the_same_byte_for_byte(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    first, second = (json.dumps(decide(case, book).to_json(), ensure_ascii=False) for _ in range(2))
    assert first == second


@given(decidable())
def test_deciding_leaves_the_case_as_it_was(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    before = case.to_json()
    record(decide(case, book))
    assert case.to_json() == before


@half_as_many  # it decides and explains twice
@given(decidable())
def test_a_record_replays_to_the_same(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    recorded = json.loads(json.dumps(record(decide(case, book)), ensure_ascii=False))
    again = replay(recorded, book)
    assert again.same, again.differences
    assert again.same_rulebook


@given(decidable())
def test_a_case_written_and_read_again_is_decided_alike(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    again = Case.from_json(json.dumps(case.to_json(), ensure_ascii=False), book.model)
    assert answers(decide(again, book)) == answers(decide(case, book))


@half_as_many  # it decides three times
@given(st.data())
def test_no_valid_case_is_refused_on_any_day(data: st.DataObject) -> None:
    """The same family the day before something changes, on the day, and the day after."""
    book = data.draw(st.sampled_from([illustrative, filled]))()
    turn = data.draw(st.sampled_from(book.boundaries))
    eve = turn - dt.timedelta(days=1)
    case = data.draw(cases(book, as_of=eve))
    for day in (eve, turn, turn + dt.timedelta(days=1)):
        decision = decide(case, book, as_of=day)
        assert {outcome.program for outcome in decision.outcomes} >= {"dibao", "dibao_edge", "dibao_single"}
        assert all(outcome.trail.decisive for outcome in decision.outcomes)
