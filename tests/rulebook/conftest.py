"""Small rulebooks made for one test: three layers of the invented county, its vocabulary, and the files of the test."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from minzheng_rules.case.entity import Entity
from minzheng_rules.rulebook.rulebook import Rulebook

TOY = Path(__file__).parents[1] / "toy"
BASE = {
    "rules/rulebook.yaml": """
        name: {zh: 试, en: A try}
        decides_through: 2030-12-31
        layers:
          - {id: realm, level: national, term: 沧国}
          - {id: fogshire, level: province, within: realm, term: 雾省}
          - {id: lampwick, level: county, within: fogshire, term: 浮灯县}
    """,
    "rules/sources.yaml": """
        FOG: {title: 雾季生活保障法, from: 2020-01-01}
        OLD: {title: 旧法, from: 2020-01-01, until: 2022-12-31}
        NEW: {title: 新法, from: 2023-01-01, editions: [{id: '2023', from: 2023-01-01}, {id: '2025', from: 2025-01-01}]}
    """,
}
Load = Callable[..., Rulebook]


@pytest.fixture(scope="session")
def model() -> type[Entity]:
    """The invented county's household."""
    return Rulebook.load(TOY).models[0]


@pytest.fixture
def load(tmp_path: Path, model: type[Entity]) -> Load:
    """Writes files into a folder, over those of the base, and loads the rulebook in it."""

    def write_and_load(files: dict[str, str], **settings: Any) -> Rulebook:
        for name, text in {**BASE, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return Rulebook.load(tmp_path, vocabulary=[model], **settings)

    return write_and_load
