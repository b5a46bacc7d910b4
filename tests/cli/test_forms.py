"""`minzheng template`, `minzheng schema`, `minzheng demo`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from minzheng_rules import Case, Rulebook
from minzheng_rules.case.household import Household
from minzheng_rules.case.kinds import KINDS
from minzheng_rules.case.schema import case_schema
from minzheng_rules.case.template import template
from minzheng_rules.cli.commands.demo import (
    EXPLAINED,
    STORIES,
    WAITING,
    decided_examples,
    examples_folder,
    other_examples,
)
from minzheng_rules.trail.rendering.layout import display_width
from tests.cli.conftest import Run


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_can_be_decided_as_it_is_written(run: Run, folder: Path, lang: str) -> None:
    said = run("template", "--lang", lang)
    assert (said.exit_code, said.stdout) == (0, template(Household, lang).rstrip("\n") + "\n")
    assert run("template", "--lang", lang, "--output", "filled.yaml").stdout == ""
    assert (folder / "filled.yaml").read_text(encoding="utf-8") == said.stdout
    assert run("decide", "filled.yaml", "--as-of", "2025-06-01").exit_code == 0


def test_the_schema_is_that_of_a_case(run: Run, folder: Path) -> None:
    said = run("schema")
    assert said.exit_code == 0
    assert json.loads(said.stdout) == json.loads(json.dumps(case_schema(Household)))
    assert run("schema", "case", "--case", "household").stdout == said.stdout
    run("schema", "-o", "case.schema.json")
    assert (folder / "case.schema.json").read_text(encoding="utf-8") == said.stdout


def test_another_kind_of_case(run: Run) -> None:
    said = run("template", "--case", "estates")
    assert said.exit_code == 2
    assert said.stderr.startswith("--case 不能是“estates”\n  → 您是否想写 estate？")
    assert run("template", "--case", "estate").stdout.startswith("## 案件文件：遗产（estate）")


# -- demo --------------------------------------------------------------------------------------------------------------


def test_every_example_has_a_story_and_every_story_an_example() -> None:
    households = {path.stem for path in examples_folder().glob("*.yaml")}
    others = {example.path.stem for example in other_examples()}
    assert set(STORIES) == households | others
    assert {EXPLAINED, WAITING} <= households


def test_every_kind_of_case_is_shown() -> None:
    shown = other_examples()
    assert [example.path.parent.name for example in shown] == [kind for kind in KINDS if kind != "household"]
    assert all(example.decision.outcomes for example in shown)


def test_the_demo_shows_every_household_with_its_outcome(run: Run) -> None:
    said = run("demo")
    assert (said.exit_code, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    for title, point in STORIES.values():
        assert any(line[2:] == f"{title.zh}：{point.zh}" for line in lines), title.zh
    assert "    〔示例〕最低生活保障 86.00 元/月  全家收入比低保线低 86.00 元/月" in lines
    assert "为什么：收入刚刚超过标准" in lines
    assert any("3,001.50 元/月 < 1,000.00 元/月/人 × 3 人" in line for line in lines)
    assert "还缺什么：材料还没有齐" in lines
    assert any(line.startswith("  · ") and "由" in line for line in lines)
    assert "接着试试" in lines


def test_the_demo_in_english(run: Run) -> None:
    said = run("demo", "--lang", "en")
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    for title, point in STORIES.values():
        assert any(line[2:].startswith(f"{title.en}: {point.en}"[:60]) for line in lines), title.en
    assert "Why: Just over the line" in lines
    assert "What is still missing: Not all papers are there yet" in lines
    assert "  · long term together (child 儿子), supplied by the township or subdistrict" in lines
    assert lines.count("Now try") == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_amount_of_the_demo_is_marked_illustrative(run: Run, lang: str) -> None:
    badge, money = {"zh": ("〔示例〕", " 元/月  "), "en": ("[illustrative]", " yuan/month  ")}[lang]
    amounts = [
        line for line in run("demo", "--lang", lang).stdout.splitlines() if line.startswith("    ") and money in line
    ]
    assert len(amounts) >= 8
    assert all(line.strip().startswith(badge) for line in amounts)


def test_the_demo_is_the_same_every_time_and_narrow_enough(run: Run) -> None:
    first, second = (run("demo").stdout for _ in range(2))
    assert first == second
    assert "\x1b" not in first
    # A command to copy is not broken in two.
    assert max(display_width(line) for line in first.splitlines() if "minzheng " not in line) <= 100


def test_the_commands_the_demo_ends_with_work(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(examples_folder().parents[1])
    said = run("demo").stdout.replace("\\\n", "")
    commands = [line.split()[1:] for line in said.splitlines() if line.startswith("  minzheng ")]
    assert [command[0] for command in commands] == ["explain", "decide", "parameters", "template"]
    assert run(*commands[0]).exit_code == 0
    assert commands[1][1].endswith("*.yaml")
    assert run("decide", *sorted(Path().glob(commands[1][1])), *commands[1][2:]).exit_code == 0
    assert run(*commands[2]).exit_code == 0


def test_the_examples_come_out_differently() -> None:
    examples = decided_examples(Rulebook.load(overlays=["illustrative"]))
    assert len({tuple(outcome.status for outcome in example.decision.outcomes) for example in examples}) >= 4
    assert [example.path.stem for example in examples] == [
        story for story in STORIES if (examples_folder() / f"{story}.yaml").exists()
    ]
    assert all(isinstance(Case.read(example.path), Case) for example in examples)
