"""An overlay that ships serves every place: what it fills for another place is passed over, with a note."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from minzheng_rules import Rulebook

TOY = Path(__file__).parents[1] / "toy"


@pytest.mark.parametrize("place", ["national", "zhejiang", "jiaxing", "haining"])
def test_the_illustrative_overlay_loads_for_every_place(place: str) -> None:
    book = Rulebook.load(place=place, overlays=["illustrative"])
    reading = book.on(dt.date(2025, 6, 1)).reading("dibao_standard")
    assert reading.figure is not None
    assert reading.figure.overlay


def test_a_figure_of_another_place_is_passed_over_with_a_note() -> None:
    book = Rulebook.load(TOY, place="realm", overlays=["shells"])
    assert "shell_disregard_limit" not in book.parameters
    assert [(note.code, note.severity) for note in book.warnings] == [("overlay.another-place", "note")]


def test_where_it_belongs_nothing_is_noted() -> None:
    book = Rulebook.load(TOY, place="fogshire", overlays=["shells"])
    assert "shell_disregard_limit" in book.parameters
    assert book.warnings == ()
