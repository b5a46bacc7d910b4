"""Who stands first in a list, and what people and things are called, decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.testing.drawing import Data, Draw, walk
from minzheng_rules.testing.strategies import plain_data
from tests.properties.shipped import answers, decidable


def _named(case: Case, book: Rulebook, name: Callable[[int], str]) -> Data:
    """The case with everybody and everything the root lists called by number, references included."""
    data = plain_data(case.root)
    items = list(walk(book.vocabulary, data))
    listed = [item for item in items if item.path.endswith("]") and "." not in item.path]
    renamed = {}
    for number, item in enumerate(listed):
        renamed[item.data.get("id")] = item.data["id"] = name(number)
    for item in items:
        references = [fact.id for fact in book.vocabulary.kinds[item.kind].facts.values() if fact.shape == "ref"]
        for key in (*references, "same_as"):
            if key in item.data:
                item.data[key] = renamed.get(item.data[key], item.data[key])
    return data


def _shuffled(data: Data, draw: Draw) -> Data:
    """The case with every list in another order."""
    other = dict(data)
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            other[key] = draw(st.permutations([_shuffled(item, draw) for item in value]))
        elif isinstance(value, dict) and key != "findings":
            other[key] = _shuffled(value, draw)
    return other


def _decided(data: Data, case: Case, book: Rulebook) -> dict[tuple[str, str], object]:
    model = type(case.root)
    return dict(answers(decide(Case.of(model(**data), as_of=case.as_of), book)))


@given(decidable(), st.data())
def test_the_order_of_lists_does_not_matter(drawn: tuple[Rulebook, Case], data: st.DataObject) -> None:
    book, case = drawn
    listed = _named(case, book, lambda number: f"第{number}")
    assert _decided(_shuffled(listed, data.draw), case, book) == _decided(listed, case, book)


@given(decidable())
def test_names_do_not_matter(drawn: tuple[Rulebook, Case]) -> None:
    book, case = drawn
    before = _decided(_named(case, book, lambda number: f"第{number}"), case, book)
    after = _decided(_named(case, book, lambda number: f"{99 - number} 户主"), case, book)
    called = {f"第{number}": f"{99 - number} 户主" for number in range(99)}
    assert after == {(program, called.get(who, who)): said for (program, who), said in before.items()}
