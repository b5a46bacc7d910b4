"""A rulebook that decides several kinds of case, each by the files in its own folders."""

from __future__ import annotations

import datetime as dt

import pytest

from minzheng_rules import Case, RequestProblems, Rulebook, decide
from minzheng_rules.case.kinds import KINDS

DAY = dt.date(2025, 6, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_rulebook_whose_root_it_is(kind: str) -> None:
    book = Rulebook.load(place="haining", kind=kind)
    assert book.vocabulary.root == kind
    assert book.kinds == tuple(KINDS)
    assert KINDS[kind].term == book.model.term


def test_the_household_is_meant_where_no_kind_is_named() -> None:
    assert Rulebook.load().digest == Rulebook.load(kind="household").digest


def test_rules_of_one_kind_are_not_those_of_another() -> None:
    ids = [{program.id for program in Rulebook.load(kind=kind).programs} for kind in KINDS]
    assert len(set.union(*ids)) == sum(map(len, ids))


def test_a_case_says_its_kind_in_either_language() -> None:
    assert Case.parse({"case": "worker"}).root.kind == Case.parse({"案件": "护理人员"}).root.kind == "worker"


def test_a_case_of_another_kind_is_told_which_rules_to_load() -> None:
    with pytest.raises(RequestProblems) as wrong:
        decide(Case.parse({"case": "worker"}), Rulebook.load(place="haining"), as_of=DAY)
    assert 'Rulebook.load(place="haining", kind="worker")' in wrong.value.problems[0].say("en")


def test_a_kind_that_does_not_exist() -> None:
    with pytest.raises(RequestProblems) as wrong:
        Rulebook.load(kind="workers")
    assert "`worker`" in wrong.value.problems[0].say("en")
