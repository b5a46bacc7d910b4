"""Steps that settle nothing are made when they are looked at; nobody can tell, whatever was looked at before."""

from __future__ import annotations

from pathlib import Path

import pytest

from minzheng_rules import Case, Decision, Rulebook, decide
from minzheng_rules.trail.node import Node, Unopened

CASES = sorted((Path(__file__).parents[2] / "examples" / "cases").glob("*.yaml"))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


def _decided(book: Rulebook) -> Decision:
    return decide(Case.read(CASES[0]), book)


def test_some_steps_are_made_only_when_they_are_looked_at(book: Rulebook) -> None:
    roots = [outcome.trail for outcome in _decided(book).outcomes]
    unopened = [child for root in roots for child in root.children if type(child) is Unopened]
    assert unopened
    assert not any(step.decisive for step in unopened)
    step = unopened[0]
    assert step.kind is not None
    assert type(step) is Node


def test_an_unopened_step_has_nothing_a_step_does_not_have(book: Rulebook) -> None:
    roots = [outcome.trail for outcome in _decided(book).outcomes]
    step = next(child for root in roots for child in root.children if type(child) is Unopened)
    with pytest.raises(AttributeError, match="colour"):
        _ = step.colour  # type: ignore[attr-defined]  # there is no such thing
    assert type(step) is Unopened


def test_what_an_answer_rests_on_does_not_depend_on_what_was_asked_before(book: Rulebook) -> None:
    forwards, backwards = _decided(book), _decided(book)
    first = [outcome.weakest for outcome in forwards.outcomes]
    last = [outcome.weakest for outcome in reversed(backwards.outcomes)]
    assert first == last[::-1]
    alone = [_decided(book).outcomes[index].weakest for index in range(len(first))]
    assert first == alone


def test_facts_of_one_name_keep_the_origin_of_their_own_kind() -> None:
    """A wage and a loan are both amounts; they come from different departments, whichever is explained first."""
    for order in (1, -1):
        fresh = Rulebook.load(place="haining", overlays=["illustrative"])
        decision = _decided(fresh)
        for outcome in decision.outcomes[::order]:
            for node in outcome.trail.walk():
                if node.id.startswith("fact/amount@") and ".wages[" in node.id:
                    assert node.origin is not None
                    assert "税务" in node.origin.departments or "社保" in node.origin.departments
                    expected = {fact.id: fact for fact in fresh.vocabulary.kinds["wage"].facts.values()}["amount"]
                    assert node.origin.departments == expected.sources
