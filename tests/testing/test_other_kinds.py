"""The cases Hypothesis draws of workers, assessments, estates and reports: facts that go together, and answers that come out."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import Phase, find, settings

from minzheng_rules import Case, Rulebook, Status, decide
from minzheng_rules.case.estate import Estate
from minzheng_rules.case.worker import Worker
from minzheng_rules.testing import cases

KINDS = ("worker", "assessment", "estate", "indicators")


@cache
def book(kind: str) -> Rulebook:
    return Rulebook.load(place="haining", kind=kind, overlays=["illustrative"])


@pytest.mark.parametrize("kind", KINDS)
def test_some_drawn_cases_of_every_kind_get_a_settled_answer(kind: str) -> None:
    def settled(case: Case) -> bool:
        return any(outcome.status is Status.ELIGIBLE for outcome in decide(case, book(kind)).outcomes)

    quick = settings(database=None, derandomize=True, max_examples=300, phases=[Phase.generate], deadline=None)
    assert find(cases(book(kind)), settled, settings=quick).root.kind == kind


def test_estates_of_the_dead_and_property_of_the_living_are_drawn() -> None:
    quick = settings(database=None, derandomize=True, max_examples=300, phases=[Phase.generate], deadline=None)
    for dead in (True, False):
        found = find(cases(book("estate")), lambda case, dead=dead: case.root.deceased is dead, settings=quick).root
        assert isinstance(found, Estate)
        assert (found.died_on is not None) is dead


def test_workers_who_have_left_are_drawn() -> None:
    quick = settings(database=None, derandomize=True, max_examples=300, phases=[Phase.generate], deadline=None)
    found = find(cases(book("worker")), lambda case: case.root.left_on is not None, settings=quick).root
    assert isinstance(found, Worker)
    assert found.left is True
