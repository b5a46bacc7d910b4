"""docs/how-to/simulate-a-reform.md: what it shows works."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from minzheng_rules import Reform, Rulebook
from minzheng_rules.cli import main

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "how-to" / "simulate-a-reform.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_commands_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    lines = [line for block in _blocks("sh") for line in block.splitlines()]
    assert lines
    for line in lines:
        said = CliRunner().invoke(main, shlex.split(line)[1:], catch_exceptions=False)
        assert said.exit_code == 0, (line, said.output)
    assert {"report.html", "results", "results.xlsx"} <= {path.name for path in tmp_path.iterdir()}


def test_the_reform_changes_what_it_says(tmp_path: Path, book: Rulebook) -> None:
    _, text = _blocks("yaml")
    (tmp_path / "reform.yaml").write_text(text, encoding="utf-8")
    changed = book.reform(Reform.read(tmp_path / "reform.yaml"))
    assert {figure.layer for p in changed.parameters.values() for f in p.figures.values() for figure in f} >= {
        "reform:standard_and_edge"
    }


def test_a_standard_of_ones_own_counts_as_what_it_says_it_is(tmp_path: Path) -> None:
    own, _ = _blocks("yaml")
    (tmp_path / "our_standard.yaml").write_text(own, encoding="utf-8")
    figures = Rulebook.load(place="haining", overlays=[tmp_path / "our_standard.yaml"])
    reading = figures.on(dt.date(2025, 6, 1)).reading("dibao_standard")
    assert reading.figure is not None
    assert (reading.value, reading.figure.status) == (110000, "verbatim")


def test_the_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    known: dict[str, object] = {}
    for block in _blocks("python"):
        exec(block, known)  # our own page
    assert "达到" in capsys.readouterr().out
