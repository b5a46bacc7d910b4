"""What the documents promise holds: links lead somewhere, commands exist, the code in them runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
READMES = [REPOSITORY / "README.md", REPOSITORY / "README.zh.md"]
DOCUMENTS = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]


def _named(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def _blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_make_commands_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", document.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("readme", READMES, ids=_named)
def test_code_in_the_readme_prints_what_it_says(readme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each Python block runs from the work tree; `# …` after an expression is what it gives."""
    monkeypatch.chdir(REPOSITORY)
    for block in _blocks(readme, "python"):
        known: dict[str, object] = {}
        for line in block.splitlines():
            code, _, promised = line.partition("  # ")
            if promised.startswith("→ "):
                assert str(eval(code, known)) == promised.removeprefix("→ ")  # our own README
            else:
                exec(code, known)


@pytest.mark.parametrize(("readme", "lang"), [(READMES[0], "en"), (READMES[1], "zh")], ids=["en", "zh"])
def test_the_demo_prints_what_the_readme_shows(readme: Path, lang: str) -> None:
    command = [Path(sys.executable).parent / "minzheng", "demo", "--lang", lang]
    plain = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    demo = subprocess.run(command, capture_output=True, encoding="utf-8", env=plain, check=True).stdout.splitlines()
    (shown,) = _blocks(readme, "text")
    assert [line for line in shown.splitlines() if line != "…" and line not in demo] == []


def test_the_readmes_show_the_same_code() -> None:
    english, chinese = READMES
    assert _blocks(english, "python") == _blocks(chinese, "python")


def test_every_decision_record_is_listed() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[a-z0-9.-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("0*.md"))


def test_help_lists_the_two_commands() -> None:
    said = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert "make demo" in said
    assert "make test" in said
