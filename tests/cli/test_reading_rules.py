"""`minzheng show` and `minzheng uses`: rules to be checked against the official text."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_a_program_is_read_out_with_citations_and_the_figures_of_the_day(run: Run) -> None:
    said = run("show", "dibao", "--as-of", "2025-06-01", "--overlay", "illustrative")
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    assert lines[0] == "最低生活保障（dibao），2025-06-01"
    assert "    - 关系 = 子女 且 未成年  《最低生活保障审核确认办法》第七条第一款第二项" in lines
    assert any(line.startswith("  低保标准：1,000.00 元/月/人") and "示例" in line for line in lines)


def test_a_program_is_read_out_by_the_rules_of_its_day(run: Run) -> None:
    before = run("show", "dibao_edge", "--as-of", "2026-06-30").stdout
    after = run("show", "dibao_edge", "--as-of", "2026-07-01").stdout
    assert "家庭月收入 ≤ 低保边缘标准 × 家庭人口（以下）" in before
    assert "家庭月收入 < 低保边缘标准 × 家庭人口（低于）" in after


def test_it_reads_in_english(run: Run) -> None:
    said = run("--lang", "en", "show", "dibao", "--as-of", "2025-06-01").stdout
    assert "household income < dibao standard × household size (低于)" in said
    assert "any of these:" in said


def test_an_unknown_program_gets_a_suggestion(run: Run) -> None:
    refused = run("show", "dibau", "--as-of", "2025-06-01")
    assert refused.exit_code == 3
    assert refused.stderr == "没有“dibau”这个项目\n  → 您是否想写“dibao”？\n"


def test_where_a_figure_is_defined_given_and_read(run: Run) -> None:
    said = run("uses", "低保标准")
    assert said.exit_code == 0
    first = said.stdout.splitlines()[0]
    assert first.startswith("定义  低保标准（dibao_standard）  policies/national/dibao.yaml:")
    assert any("人均收入低于低保标准（household.income_below_standard）" in line for line in said.stdout.splitlines())


def test_uses_as_json(run: Run) -> None:
    found = json.loads(run("uses", "计入共同生活", "--json").stdout)
    assert found["format"] == "minzheng-uses/1"
    assert {use["how"] for use in found["uses"]} >= {"defined", "read"}


def test_a_name_nobody_knows_gets_a_suggestion(run: Run) -> None:
    refused = run("uses", "低保标")
    assert refused.exit_code == 3
    assert refused.stderr == "没有“低保标”这个名称\n  → 您是否想写 低保标准？\n"
