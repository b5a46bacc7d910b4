"""Every message the language, its parameters and the loading of a rulebook can give, provoked and read as a whole.

Beside each file of ``bad_files/`` lies what is said about it, in Chinese and in English. After a change of a message, look
at what ``python tests/language/bad_rulebooks.py`` writes there before it is committed.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("language_bad_rulebooks", Path(__file__).parent / "bad_rulebooks.py")
assert _spec is not None
assert _spec.loader is not None
bad_rulebooks = importlib.util.module_from_spec(_spec)
sys.modules["language_bad_rulebooks"] = bad_rulebooks
_spec.loader.exec_module(bad_rulebooks)

FILES = sorted(bad_rulebooks.FILES.glob("*.yaml"))
SITES = bad_rulebooks.sites()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_said_about_a_bad_file(path: Path) -> None:
    assert bad_rulebooks.said_of(path).text() == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_named_by_what_is_said(path: Path) -> None:
    codes = {problem.code for problem in bad_rulebooks.said_of(path).problems}
    assert any(path.stem == code or path.stem.startswith(f"{code}.") for code in codes) or "yaml.trap" in path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_message_names_its_place_and_ends_with_the_next_step(path: Path) -> None:
    for problem in bad_rulebooks.said_of(path).problems:
        assert problem.next_step is not None
        assert problem.what.zh != problem.what.en
        assert problem.place.file or problem.code.startswith("request.")
        assert (
            problem.place.line
            or problem.place.file == ""
            or problem.code in ("file.empty", "file.unreadable", "file.not-utf-8")
        )
        said = f"{problem.what.en} {problem.next_step.en}".lower()
        assert not {"invalid", "illegal", "error"} & set(said.replace(":", " ").split())


def test_no_message_is_without_a_bad_file() -> None:
    """Every place in the source that makes a problem is reached by some file."""
    lines = {line for path in FILES for line in bad_rulebooks.said_of(path).lines}
    unreached = [
        str(site)
        for site in SITES
        if not any(file == site.file and site.first <= line <= site.last for file, line in lines)
    ]
    assert not unreached


def test_the_base_is_good() -> None:
    bad_rulebooks.load(bad_rulebooks.BASE, [])
