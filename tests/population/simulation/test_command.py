"""`minzheng simulate`, as its users meet it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minzheng_rules.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("MINZHENG_LANG", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(
        main, [str(argument) for argument in arguments], catch_exceptions=False
    )


def test_report_tables_and_workbook_are_written(run: Run, reforms: Path, tmp_path: Path) -> None:
    asked = ("--synthesize", 40, "--overlay", "illustrative", "--program", "dibao", "--by", "town")
    files = ("--out", "tables", "--report", "report.html", "--excel", "results.xlsx")
    came = run("simulate", *asked, "--reform", reforms / "standard_up_50.yaml", *files, "--lang", "en")
    assert came.exit_code == 0, came.output
    assert "Dibao standard up by 50 yuan" in came.stdout
    assert "invented population" in came.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "results.xlsx", "tables"]
    kept = json.loads((tmp_path / "tables" / "simulation.json").read_text(encoding="utf-8"))
    assert kept["command"].startswith("minzheng simulate --synthesize 40")
    assert kept["command"].endswith("--seed 1")
    assert "<svg" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_tables_of_ones_own_come_to_the_same_as_the_county_they_were_written_from(run: Run) -> None:
    assert run("population", "synthesize", "--households", 30, "--seed", 4, "--out", "county").exit_code == 0
    asked = ("--overlay", "illustrative", "--program", "dibao", "--by", "size")
    own = run("simulate", "county", *asked)
    made = run("simulate", "--synthesize", 30, "--seed", 4, *asked)
    assert own.exit_code == made.exit_code == 0, own.output
    assert own.stdout == made.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give tables, or --synthesize"),
        (("somewhere", "--synthesize", "3"), "give tables, or --synthesize"),
        (("--synthesize", "3", "--by", "twon"), "did you mean `town`"),
        (("--synthesize", "3", "--reform", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    came = run("simulate", *arguments, "--report", "report.html", "--lang", "en")
    assert came.exit_code != 0
    assert said in came.output
    assert not list(tmp_path.iterdir())


def test_a_reform_without_effect_on_the_day_is_an_error(run: Run, reforms: Path) -> None:
    asked = ("--synthesize", 3, "--overlay", "illustrative", "--as-of", "2024-12-01", "--program", "dibao")
    came = run("simulate", *asked, "--reform", reforms / "standard_up_50.yaml")
    assert came.exit_code != 0
    assert "2025-01-01" in came.output


@pytest.mark.parametrize("command", ["check", "template", "synthesize", "decide"])
def test_the_help_of_every_command_ends_with_examples_in_both_languages(run: Run, command: str) -> None:
    said = run("population", command, "--help").output
    assert f"例：\n  minzheng population {command}" in said
    assert f"Examples:\n  minzheng population {command}" in said


def test_the_help_says_what_can_be_left_out_and_what_is_asked_of_tables(run: Run) -> None:
    said = run("simulate", "--help").output
    assert "[TABLES…]" in said
    assert "依个案或表格的基准日" in said
    assert "takes one" in " ".join(said.split())


@pytest.mark.parametrize("name", ["town", "乡镇（街道）", "乡镇"])
def test_a_grouping_goes_by_its_name_in_either_language(run: Run, name: str) -> None:
    came = run("simulate", "--synthesize", 20, "--overlay", "illustrative", "--program", "dibao", "--by", name)
    assert came.exit_code == 0, came.output
    assert "乡镇（街道）" in came.stdout


@pytest.mark.parametrize("command", [("decide",), ("replay",), ("population", "check")])
def test_a_file_that_is_not_there_is_told_with_what_to_do(run: Run, command: tuple[str, ...]) -> None:
    came = run(*command, "nowhere", "--lang", "en")
    assert came.exit_code == 3
    assert "check its name and the folder it is in" in came.output
