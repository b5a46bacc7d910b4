"""Steps that settle nothing are made when they are looked at; nobody can tell, whatever was looked at before."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from minzheng_rules import Case, Decision, Rulebook, decide
from minzheng_rules.problems import Words
from minzheng_rules.trail.node import Node
from minzheng_rules.trail.rendering.as_json import plain

CASES = sorted((Path(__file__).parents[2] / "examples" / "cases").glob("*.yaml"))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


def _decided(book: Rulebook) -> Decision:
    return decide(Case.read(CASES[0]), book)


def _said(value: object) -> object:
    return (value.zh, value.en) if isinstance(value, Words) else plain(value)


def test_a_step_that_settles_nothing_is_worked_out_when_it_is_looked_at(book: Rulebook) -> None:
    roots = [outcome.trail for outcome in _decided(book).outcomes]
    looked_into = {"children", "inside"}
    below = [node for root in roots for child in root.children for node in (child, *child.children)]
    idle = [node for node in below if not node.decisive and not vars(node).keys() & looked_into]
    assert idle
    step = idle[0]
    assert step.children is step.children
    assert vars(step).keys() & looked_into


def test_a_step_has_nothing_that_a_node_does_not_have(book: Rulebook) -> None:
    root = next(outcome.trail for outcome in _decided(book).outcomes)
    with pytest.raises(AttributeError, match="colour"):
        _ = root.children[0].colour  # type: ignore[attr-defined]  # there is no such thing


def test_each_attribute_is_the_same_in_whatever_order_they_are_asked_for(book: Rulebook) -> None:
    """Attributes depend on each other: what is asked first must not change what is answered later."""
    names = [field.name for field in fields(Node) if field.name not in ("children", "leads")]
    forwards, backwards = _decided(book), _decided(book)
    for one, other in zip(forwards.outcomes, backwards.outcomes, strict=True):
        there = {node.id: node for node in other.trail.walk()}
        for node in one.trail.walk():
            first = {name: _said(getattr(node, name)) for name in names}
            last = {name: _said(getattr(there[node.id], name)) for name in reversed(names)}
            assert first == last


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
