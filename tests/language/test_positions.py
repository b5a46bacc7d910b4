"""Where a problem points: every character of every scalar, in every style YAML has, is found again in its file."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from minzheng_rules.language.reading import Mapping, Reader, Text
from minzheng_rules.language.tables import read_grid

LETTERS = st.text(alphabet="ab收入额<=.'\"\\é😀", min_size=1, max_size=6)
TEXTS = st.lists(LETTERS, min_size=1, max_size=8).map(" ".join)
PARAGRAPHS = st.lists(TEXTS, min_size=1, max_size=4).map("\n".join)


def _read(text: str) -> Mapping:
    reader = Reader()
    tree = reader.read_text(text, "a.yaml")
    assert tree is not None, reader.problems
    return tree


def _scalar(tree: Mapping, key: str) -> Text:
    found = tree.get(key)
    assert isinstance(found, Text)
    return found


@given(PARAGRAPHS, st.sampled_from([None, "'", '"', "|", ">"]), st.integers(8, 40))
@example("收入 <\n标准", ">", 8)
@example("a'b", "'", 8)
def test_every_character_is_found_again(value: str, style: str | None, width: int) -> None:
    dumped = yaml.dump({"键": 1, "值": value}, default_style=style, width=width, allow_unicode=True, sort_keys=False)
    text = _scalar(_read(dumped), "值")
    assert text.value.rstrip("\n") == value
    for offset, character in enumerate(value):
        place = text.place(offset)
        if not character.isspace() and place.text[place.column - 1] != "\\":  # an escape stands for it
            assert place.text[place.column - 1] == character


@pytest.mark.parametrize(
    ("written", "offset", "expected"),
    [
        ("when: 收入 < 标准", 5, (1, 12)),
        ("when: >-\n  收入 <\n  标准", 5, (3, 3)),
        ("when: 收入 <\n  标准", 5, (2, 3)),
        ("when: '收入 < ''标准'", 5, (1, 13)),
        ("when: |\n    收入 <\n      标准", 5, (3, 5)),
        ("when: |\n    收入 <\n      标准", 7, (3, 7)),
        ("when: |\n\n    收入", 1, (3, 5)),
        ("{when: 收入}", 0, (1, 8)),
        ('when: "收\\u5165 < 标准"', 5, (1, 18)),
    ],
)
def test_the_place_of_a_character(written: str, offset: int, expected: tuple[int, int]) -> None:
    place = _scalar(_read(written), "when").place(offset)
    assert (place.line, place.column) == expected


def test_the_place_just_after_the_end() -> None:
    place = _scalar(_read("when: 收入 <\n  标准"), "when").place(7)
    assert (place.line, place.column) == (2, 5)


CELLS = st.text(alphabet="ab收入额<=.-0", min_size=1, max_size=5)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4), st.integers(0, 3))
def test_cells_know_their_columns(rows: list[list[str]], padding: int) -> None:
    lines = ["| 甲 | = |", *("|" + "|".join(" " * padding + cell + " " for cell in row) + "|" for row in rows)]
    tree = _read("table: |\n" + "".join(f"      {line}\n" for line in lines))
    grid = read_grid(_scalar(tree, "table"), [])
    assert grid is not None
    kept = [row for row in rows if set("".join(row)) - set("-")]
    assert len(grid.rows) == len(kept)
    for row in (grid.header, *grid.rows):
        for cell in row:
            place = cell.place()
            assert place.text.startswith(cell.value, place.column - 1)
