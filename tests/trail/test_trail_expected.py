"""Text and Markdown, word for word, in both languages and views."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.trail.expected_outputs import FOLDER, expected, outputs


@pytest.mark.parametrize(("name", "make"), [pytest.param(name, make, id=name) for name, make in outputs()])
def test_whole_output(name: str, make: Callable[[], str]) -> None:
    assert make() == expected(name)


def test_no_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {name for name, _ in outputs()}
