"""What holds of every kind of case: workers, assessments, estates and reports as well as households."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from minzheng_rules import Case, Decision, Rulebook, Status, decide, record, replay
from minzheng_rules.testing import cases, with_gaps
from minzheng_rules.trail.trail import Trail
from tests.properties.shipped import answers
from tests.properties.test_knowing_more import assert_nothing_is_overturned
from tests.properties.test_names_and_order import _named, _shuffled

KINDS = ("worker", "assessment", "estate", "indicators")
"""The household has files of its own."""

_usual = settings.default
assert _usual is not None
_fewer = settings(max_examples=max(_usual.max_examples * 2 // 3, 1))
_few = settings(max_examples=max(_usual.max_examples // 4, 1))
"""For properties that print or explain everything."""


@cache
def book_of(kind: str, *overlays: str) -> Rulebook:
    return Rulebook.load(place="haining", kind=kind, overlays=overlays)


@st.composite
def of_any_kind(draw: st.DrawFn, complete: bool | None = None) -> tuple[Rulebook, Case]:
    """A rulebook for some kind of case, and a case for it."""
    book = book_of(draw(st.sampled_from(KINDS)), *draw(st.sampled_from([("illustrative",), ()])))
    return book, draw(cases(book, complete=complete))


def written(decision: Decision) -> str:
    return json.dumps(decision.to_json(), ensure_ascii=False)


@_fewer
@given(of_any_kind())
def test_deciding_twice_and_replaying_a_record_give_the_same(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    decision = decide(case, book)
    assert written(decide(case, book)) == written(decision)
    again = replay(json.loads(json.dumps(record(decision), ensure_ascii=False)), book)
    assert again.same, again.differences
    assert again.same_rulebook


@_fewer
@given(of_any_kind())
def test_who_is_not_concerned_is_given_nothing_and_asked_nothing(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    assert case.as_of is not None
    rules = book.on(case.as_of).rules
    for outcome in decide(case, book).outcomes:
        if outcome.status is Status.UNDETERMINED:
            assert outcome.missing, outcome.program
        if outcome.status in (Status.INELIGIBLE, Status.NOT_APPLICABLE):
            assert not outcome.missing, outcome.program
            for name, key in book.program(outcome.program).amounts:
                assert key not in rules or outcome.amounts[name].value == 0, outcome.program


@_fewer
@given(of_any_kind(), st.data())
def test_filling_unknown_facts_overturns_nothing(drawn: tuple[Rulebook, Case], data: st.DataObject) -> None:
    book, case = drawn
    less = data.draw(with_gaps(case, book))
    assert_nothing_is_overturned(decide(less, book), decide(case, book))


@_fewer
@given(st.sampled_from(KINDS), st.data())
def test_filling_unknown_figures_overturns_nothing(kind: str, data: st.DataObject) -> None:
    book = book_of(kind, "illustrative")
    case = data.draw(cases(book))
    assert_nothing_is_overturned(decide(case, book_of(kind)), decide(case, book))


def _told(data: dict[str, Any], case: Case, book: Rulebook) -> list[tuple[str, str]]:
    """What each program answers, whomever about: what has no name is called by its place."""
    root = type(case.root)(**data)
    said = answers(decide(Case.of(root, as_of=case.as_of), book))
    return sorted((program, repr(answer)) for (program, _), answer in said.items())


@_fewer
@given(of_any_kind(), st.data())
def test_the_order_of_lists_does_not_matter(drawn: tuple[Rulebook, Case], data: st.DataObject) -> None:
    book, case = drawn
    listed = _named(case, book, lambda number: f"第{number}")
    assert _told(_shuffled(listed, data.draw), case, book) == _told(listed, case, book)


@_few
@given(of_any_kind())
def test_reasons_are_printed_in_every_form_and_language(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    trail = decide(case, book).explain()
    again = Trail.from_json(json.loads(json.dumps(trail.to_json(), ensure_ascii=False)))
    for lang in ("zh", "en"):
        for full in (False, True):
            assert trail.text(lang, full) == again.text(lang, full)
            assert trail.markdown(lang, full) == again.markdown(lang, full)
        assert trail.html(lang) == again.html(lang)
