"""Who stands first in the list, and what people are called, decides nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.testing.drawing import Data, walk
from minzheng_rules.testing.strategies import plain_data
from tests.properties.shipped import answers, decidable


def _with_ids(case: Case, book: Rulebook, names: list[str]) -> Data:
    """The household with its members called by the given names, references included."""
    data = plain_data(case.root)
    renamed = {}
    for member, name in zip(data["members"], names, strict=False):
        if "id" in member:
            renamed[member["id"]] = name
        member["id"] = name
    for item in walk(book.vocabulary, data):
        for fact in book.vocabulary.kinds[item.kind].facts.values():
            if fact.shape == "ref" and item.data.get(fact.id) in renamed:
                item.data[fact.id] = renamed[item.data[fact.id]]
    return data


def _decided(data: Data, case: Case, book: Rulebook) -> dict[tuple[str, str], object]:
    model = type(case.root)
    return dict(answers(decide(Case.of(model(**data), as_of=case.as_of), book)))


@given(decidable(), st.data())
def test_the_order_of_members_does_not_matter(drawn: tuple[Rulebook, Case], data: st.DataObject) -> None:
    book, case = drawn
    household = _with_ids(case, book, ["甲", "乙", "丙", "丁", "戊", "己"])
    shuffled = {**household, "members": data.draw(st.permutations(household["members"]))}
    assert _decided(shuffled, case, book) == _decided(household, case, book)


@given(decidable())
def test_names_do_not_matter(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    first, second = ["甲", "乙", "丙", "丁", "戊", "己"], ["z", "本人", "0", "住户", "A-1", "b"]
    called = dict(zip(first, second, strict=True))
    before = _decided(_with_ids(case, book, first), case, book)
    after = _decided(_with_ids(case, book, second), case, book)
    assert after == {(program, called.get(who, who)): said for (program, who), said in before.items()}


@given(decidable(complete=True), st.data())
def test_the_order_of_incomes_does_not_matter(drawn: tuple[Rulebook, Case], data: st.DataObject) -> None:
    book, case = drawn
    household = _with_ids(case, book, ["甲", "乙", "丙", "丁", "戊", "己"])
    other = _with_ids(case, book, ["甲", "乙", "丙", "丁", "戊", "己"])
    for member in other["members"]:
        for name in ("wages", "businesses", "transfers_in", "transfers_out", "other_incomes", "disabilities"):
            if len(member.get(name) or ()) > 1:
                member[name] = data.draw(st.permutations(member[name]))
    assert _decided(other, case, book) == _decided(household, case, book)
