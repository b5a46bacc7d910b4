"""Steps that settle nothing are made when they are looked at; nobody can tell, whatever was looked at before."""

from __future__ import annotations

import gc
import weakref
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


@pytest.mark.parametrize("explained", [False, True])
def test_what_nobody_holds_is_given_back_at_once(book: Rulebook, explained: bool) -> None:
    """Whoever decides a whole county does not pile up what is done with until the collector of garbage comes by."""
    case = Case.read(CASES[0])
    gc.collect()
    gc.disable()
    try:
        decision = decide(case, book)
        held = [weakref.ref(decision.outcomes[0]), weakref.ref(decision._run)]
        if explained:
            roots = [outcome.trail for outcome in decision.outcomes]
            held += [weakref.ref(node) for root in roots for node in root.walk()]
            del roots
        del decision
        assert [one() for one in held if one() is not None] == []
        left = gc.collect()
    finally:
        gc.enable()
    assert left == 0 or explained, (
        "the persons and things of a case, which a step may still be about, wait for the collector"
    )


def test_a_root_kept_by_itself_has_all_its_steps(book: Rulebook) -> None:
    decision = _decided(book)
    decision.explain()
    whole = {node.id: node.decisive for node in decision.outcome("dibao").trail.walk()}
    roots = [outcome.trail for outcome in _decided(book).outcomes]
    kept = next(root for root in roots if root.id.startswith("dibao@"))
    del roots
    alone = [(node.id, node.decisive) for node in kept.walk()]
    assert len(alone) == len({id for id, _ in alone})
    assert dict(alone) == whole


def test_a_step_kept_by_itself_can_still_be_opened(book: Rulebook) -> None:
    decision = _decided(book)
    whole = {node.id: node.value.zh for node in decision.outcome("dibao").trail.children[0].walk()}
    alone = _decided(book).outcome("dibao").trail.children[0]
    assert {node.id: node.value.zh for node in alone.walk()} == whole
