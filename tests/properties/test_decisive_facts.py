"""The decisive part of a trail suffices: with every other fact forgotten, the same follows."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given

from minzheng_rules import Case, Entity, Outcome, Rulebook, decide
from minzheng_rules.evaluator.deciding import Run
from minzheng_rules.testing.drawing import Data, walk
from minzheng_rules.testing.strategies import plain_data
from minzheng_rules.trail.node import NodeKind
from tests.properties.shipped import decidable, illustrative


def _decisive(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """The path and the name of each fact or finding the trail marks decisive."""
    for node in outcome.trail.walk():
        if node.decisive and node.kind in (NodeKind.FACT, NodeKind.JUDGEMENT):
            name, _, path = node.id.partition("@")
            kind_or_fact, _, id = name.replace("fact/", "fact.").partition(".")
            yield path, id if kind_or_fact == "fact" else f"findings.{id}"


def _whom(outcome: Outcome) -> set[tuple[str, str]]:
    """That there is somebody the answer is about goes without saying."""
    list_name, bracket, _ = outcome._about.path.partition("[")
    return {("household", list_name)} if bracket else set()


def _only(case: Case, book: Rulebook, kept: set[tuple[str, str]]) -> Entity:
    """The case with every other fact forgotten. It may be no case any more: nobody may be left who applies."""
    data = plain_data(case.root)
    for item in walk(book.vocabulary, data):
        path = item.path or item.kind
        for name in [name for name in item.data if name not in ("id", "same_as", "declared_none", "findings")]:
            if (path, name) not in kept:
                del item.data[name]
        _forget(item.data, path, kept)
    return type(case.root)(**data)


def _forget(data: Data, path: str, kept: set[tuple[str, str]]) -> None:
    if "declared_none" in data:
        data["declared_none"] = [name for name in data["declared_none"] if (path, name) in kept]
    if "findings" in data:
        found = data["findings"]
        data["findings"] = {name: value for name, value in found.items() if (path, f"findings.{name}") in kept}


@given(decidable())
def test_decisive_facts_suffice(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    assert_decisive_facts_suffice(case, book)


def test_what_is_known_decides_where_it_outweighs_what_is_not() -> None:
    """One wage is above the standard already; another is not known and no longer matters."""
    household = {
        "as_of": "2025-06-01",
        "declared_none": ["income", "is_tekun", "is_dibao", "rigid_spending_deduction"],
        "members": [
            {
                "relation": "applicant",
                "hukou_here": True,
                "wages": [{"amount": 1200, "work_cost": 0}, {}],
                "clergy": False,
                "in_prison": False,
                "in_forced_detox": False,
                "declared_missing": False,
                "deceased": False,
            }
        ],
    }
    case = Case.parse(household)
    assert decide(case, illustrative()).outcome("dibao").status.value == "ineligible"
    assert_decisive_facts_suffice(case, illustrative())


def assert_decisive_facts_suffice(case: Case, book: Rulebook) -> None:
    """Each settled outcome comes out again from its decisive facts alone."""
    assert case.as_of is not None
    for outcome in decide(case, book).outcomes:
        if outcome.status.value == "undetermined":
            continue
        root = _only(case, book, set(_decisive(outcome)) | _whom(outcome))
        again = Run(book, root, case.as_of).outcomes(book.program(outcome.program))
        same = next(o for o in again if o._about.path == outcome._about.path)
        assert same.status is outcome.status, f"{outcome.program} of {outcome.subject}"
        if outcome.status.value == "eligible":
            for name, amount in outcome.amounts.items():
                if amount.value is not None:
                    assert same.amounts[name].value == amount.value, f"{name} of {outcome.program} of {outcome.subject}"
