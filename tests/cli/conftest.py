"""The command as its users meet it: in a folder with a few case files, without a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from minzheng_rules.cli import main
from minzheng_rules.rulebook import loading
from minzheng_rules.rulebook.rulebook import Rulebook

CASES = Path(__file__).with_name("cases")
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: the case files beside these tests, to read and to write beside."""
    work = tmp_path / "work"
    shutil.copytree(CASES, work)
    monkeypatch.chdir(work)
    return work


@pytest.fixture(scope="session")
def shelf() -> dict[object, Rulebook]:
    """Shipped rulebooks already loaded: they never change, and every run would load them anew."""
    return {}


@pytest.fixture
def run(
    folder: Path,  # noqa: ARG001  # every run is in the folder
    shelf: dict[object, Rulebook],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Runs the command with some arguments, as :class:`click.testing.CliRunner` does."""
    for name in ("MINZHENG_LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def load(path: Any = None, **asked: Any) -> Rulebook:
        settings = {"place": None, "overlays": (), "vocabulary": None, "accept": (), "kind": None, **asked}
        key = tuple(repr(sorted(value) if name == "accept" else value) for name, value in settings.items())
        if path is not None or any(isinstance(overlay, Path) for overlay in settings["overlays"]):
            return loading.load(path, **settings)
        if key not in shelf:
            shelf[key] = loading.load(path, **settings)
        return shelf[key]

    monkeypatch.setattr(Rulebook, "load", load)

    def invoke(*arguments: str | Path, **settings: Any) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False, **settings)

    return invoke


@pytest.fixture
def rulebook(tmp_path: Path) -> Path:
    """A copy of the shipped rulebook, to change."""
    from minzheng_rules.rulebook.loading import shipped_folder

    copied = tmp_path / "rulebook"
    for part in ("rules", "policies"):
        shutil.copytree(shipped_folder() / part, copied / part)
    return copied
