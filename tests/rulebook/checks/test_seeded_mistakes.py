"""The seven mistakes of the benchmark's list, planted one at a time, are each caught by the check that should catch it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.models import Household
from minzheng_rules.problems import Problem
from minzheng_rules.rulebook.checks import check_files

ROOT = Path(__file__).resolve().parents[3]


class Mistake(NamedTuple):
    """One edit: in ``file``, ``right`` (where it stands last) becomes ``wrong``; the check that reports it has ``code``."""

    name: str
    file: str
    right: str
    wrong: str
    code: str


BENCHMARK = (
    Mistake(
        "1 the asset limit left per month",
        "rules/national/assistance.yaml",
        "家庭财产 < 保障标准 * 财产限额月数",
        "家庭财产 < 保障标准",
        "expression.units",
    ),
    Mistake(
        "2 the per-head top-up not multiplied by the household's size",
        "rules/national/assistance.yaml",
        "max(保障标准 * 家庭人口 - 家庭月收入, 0)",
        "max(保障标准 - 家庭月收入 / 家庭人口, 0)",
        "rule.unit",
    ),
    Mistake(
        "3 household income compared with the per-person standard",
        "rules/national/assistance.yaml",
        "家庭月收入 < 保障标准 * 家庭人口",
        "家庭月收入 < 保障标准",
        "expression.units",
    ),
    Mistake(
        "4 a rate declared per year used per month",
        "policies/national/figures.yaml",
        "term: 护理补贴标准\n  unit: yuan/month/person",
        "term: 护理补贴标准\n  unit: yuan/year/person",
        "rule.unit",
    ),
    Mistake(
        "5 a rate written 30 where 0.30 is meant",
        "policies/national/figures.yaml",
        "{value: 0.30, source: BENCH#5}",
        "{value: 30, source: BENCH#5}",
        "parameter.out-of-range",
    ),
    Mistake(
        "6 a comparison reversed",
        "rules/national/assistance.yaml",
        "家庭月收入 < 保障标准 * 家庭人口",
        "家庭月收入 > 保障标准 * 家庭人口",
        "wording.operator",
    ),
    Mistake(
        "6 a comparison reversed, the line standing on the left",
        "rules/national/assistance.yaml",
        "家庭财产 < 保障标准 * 财产限额月数",
        "保障标准 * 财产限额月数 < 家庭财产",
        "wording.operator",
    ),
    Mistake(
        "6 the line itself let in where the text says below",
        "rules/national/assistance.yaml",
        "家庭月收入 < 保障标准 * 家庭人口",
        "家庭月收入 <= 保障标准 * 家庭人口",
        "wording.operator",
    ),
    Mistake(
        "7 a stock added to a monthly flow",
        "rules/national/assistance.yaml",
        "sum(p.月收入 for p in 成员)",
        "sum(p.月收入 for p in 成员) + 家庭财产",
        "expression.units",
    ),
)
SHIPPED = (
    Mistake(
        "1 the asset limit left per month",
        "policies/overlays/illustrative_assets/limits.yaml",
        "金融资产总额 <= 低保标准 * 示例金融资产月数 * 家庭人口",
        "金融资产总额 <= 低保标准 * 家庭人口",
        "expression.units",
    ),
    Mistake(
        "2 the per-head top-up not multiplied by the household's size",
        "rules/national/dibao.yaml",
        "value: sum(m.本人月低保金 for m in 共同生活的家庭成员)",
        "value: max(低保标准 - 家庭月收入 / 家庭人口, 0)",
        "rule.unit",
    ),
    Mistake(
        "3 household income compared with the per-person standard",
        "rules/national/dibao.yaml",
        "家庭月收入 < 低保标准 * 家庭人口",
        "家庭月收入 < 低保标准",
        "expression.units",
    ),
    Mistake(
        "4 a rate declared per year used per month",
        "policies/national/dibao.yaml",
        "term: 低保分档金额\n  unit: yuan/month/person",
        "term: 低保分档金额\n  unit: yuan/year/person",
        "rule.unit",
    ),
    Mistake(
        "5 a multiple written 150 where 1.5 is meant",
        "policies/national/dibao.yaml",
        "{value: 1.5, status: verbatim, source: 'M57#8.2, G39#2'}",
        "{value: 150, status: verbatim, source: 'M57#8.2, G39#2'}",
        "parameter.out-of-range",
    ),
    Mistake(
        "6 a comparison reversed",
        "rules/national/dibao.yaml",
        "家庭月收入 < 低保标准 * 家庭人口",
        "家庭月收入 > 低保标准 * 家庭人口",
        "wording.operator",
    ),
    Mistake(
        "6 a comparison reversed, the line standing on the left",
        "rules/national/dibao.yaml",
        "家庭月收入 < 低保标准 * 家庭人口",
        "低保标准 * 家庭人口 < 家庭月收入",
        "wording.operator",
    ),
    Mistake(
        "7 a stock added to a monthly flow",
        "rules/national/income.yaml",
        "max(sum(m.月计入收入 for m in 共同生活的家庭成员), 0)",
        "max(sum(m.月计入收入 for m in 共同生活的家庭成员) + 金融资产总额, 0)",
        "expression.units",
    ),
)

FURTHER = (
    Mistake(
        "a local line left in force beyond the new law",
        "rules/zhejiang/dibao_edge.yaml",
        "until: 2026-06-30\n    replaces: 低保边缘标准",
        "replaces: 低保边缘标准",
        "rule.not-reaffirmed",
    ),
    Mistake(
        "two exceptions without an order",
        "rules/zhejiang/dibao.yaml",
        "    over: 拒绝就业减发停发",
        "    #",
        "exception.conflict",
    ),
    Mistake(
        "a table without one of its rows",
        "rules/national/income.yaml",
        "      | 抵减其他收入 | sum(p.月财产净额 for p in 财产性收入)         |\n",
        "",
        "table.gap",
    ),
    Mistake(
        "an article the instrument does not have",
        "rules/national/dibao.yaml",
        "cite: M57#31.2",
        "cite: M57#312",
        "cite.no-such-article",
    ),
    Mistake(
        "a circle",
        "rules/national/dibao.yaml",
        "when: 家庭月收入 < 低保标准 * 家庭人口",
        "when: 家庭月收入 < 低保标准 * 家庭人口 and not 低保条件",
        "rule.circular",
    ),
)
"""Mistakes beyond the seven, in the shipped rules."""


def benchmark_problems(folder: Path) -> list[Problem]:
    """What the checks say of the benchmark's rules."""
    return list(check_files(folder, vocabulary=[Household]))


def shipped_problems(folder: Path) -> list[Problem]:
    """What the checks say of the shipped rules, with the illustrative asset rules so that there is an asset limit."""
    return list(check_files(folder, overlays=["illustrative", "illustrative_assets"]))


def errors(problems: list[Problem]) -> list[Problem]:
    """The errors among them."""
    return [problem for problem in problems if problem.severity == "error"]


def planted(mistake: Mistake, source: Path, folder: Path) -> Path:
    """A copy of a rulebook with one mistake in it."""
    for part in ("rules", "policies"):
        shutil.copytree(source / part, folder / part)
    path = folder / mistake.file
    text = path.read_text(encoding="utf-8")
    before, found, after = text.rpartition(mistake.right)
    assert found, f"{mistake.right} no longer stands in {mistake.file}: plant the mistake elsewhere"
    path.write_text(before + mistake.wrong + after, encoding="utf-8")
    return folder


def test_the_benchmarks_rules_are_clean() -> None:
    assert benchmark_problems(ROOT / "benchmarks" / "rulebook") == []


def test_the_shipped_rules_have_no_error() -> None:
    assert [problem.say("en") for problem in errors(shipped_problems(ROOT))] == []


@pytest.mark.parametrize("mistake", BENCHMARK, ids=lambda mistake: mistake.name)
def test_mistake_in_the_benchmarks_rules(mistake: Mistake, tmp_path: Path) -> None:
    found = errors(benchmark_problems(planted(mistake, ROOT / "benchmarks" / "rulebook", tmp_path)))
    assert {problem.code for problem in found} == {mistake.code}


@pytest.mark.parametrize("mistake", [*SHIPPED, *FURTHER], ids=lambda mistake: mistake.name)
def test_mistake_in_the_shipped_rules(mistake: Mistake, tmp_path: Path) -> None:
    found = errors(shipped_problems(planted(mistake, ROOT, tmp_path)))
    assert {problem.code for problem in found} == {mistake.code}


@pytest.mark.parametrize("mistake", BENCHMARK, ids=lambda mistake: mistake.name)
def test_the_finding_points_at_the_mistake(mistake: Mistake, tmp_path: Path) -> None:
    """The line shown is the one that was changed, or (a unit changed in a parameter) the one where it no longer fits."""
    found = errors(benchmark_problems(planted(mistake, ROOT / "benchmarks" / "rulebook", tmp_path)))[0]
    shown = found.place.text
    assert mistake.wrong.split("\n")[-1] in shown or "护理补贴标准" in shown
    assert found.next_step is not None
