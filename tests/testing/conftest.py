"""A village with one program about the house and one about each villager, and a place to write worked cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from minzheng_rules.testing.runner import CaseResult, run_paths
from tests.evaluator.village import House, Village

RULES = """
enums: {}
villager:
  entitled: {term: 可领, cite: LAW#1, when: '级别 in [一级, 二级]'}
  aid: {term: 补助, unit: yuan/month, cite: LAW#1, given: 可领, value: 人头数}
house:
  ok: {term: 条件, cite: LAW#1, wording: 低于, when: 收入 < 标准}
  pay: {term: 应发, unit: yuan/month, cite: LAW#1, given: 条件, value: 'max(标准 - 收入, 0)'}
  kind_of_house: {term: 户等次, type: 等级, cite: LAW#1, cases: [{when: 贫困, value: 一级}, {otherwise: 三级}]}
  first: {term: 起发, cite: LAW#1, value: first_of_month(基准日 + 起发间隔)}
checks:
  income_is_high: {term: 收入偏高, cite: LAW#1, expect: 收入 < 高收入线}
decides:
  house: {subject: house, term: 户, eligible: 条件, amount: 应发, result: {kind: 户等次}, from: 起发}
  each: {subject: villager, term: 人, eligible: 可领, amount: 补助}
"""
FIGURES = """
standard: {term: 标准, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {status: unknown, note: 未公布}}}
head: {term: 人头数, unit: yuan/month/person, range: [0, 5000], values: {2020-01-01: {value: 300}}}
high: {term: 高收入线, unit: yuan/month/house, range: [0, 50000], values: {2020-01-01: {value: 9000}}}
delay: {term: 起发间隔, unit: month, range: [0, 3], values: {2020-01-01: {value: 1}}}
"""

Run = Callable[[str], list[CaseResult]]


@pytest.fixture
def rulebook_folder(tmp_path: Path) -> Path:
    """A folder with the village's rulebook."""
    folder = tmp_path / "book"
    Village(folder).rules(RULES, figures=FIGURES)
    return folder


@pytest.fixture
def run(tmp_path: Path, rulebook_folder: Path) -> Run:
    """Runs one file of worked cases."""

    def run_text(text: str) -> list[CaseResult]:
        path = tmp_path / "cases" / "one.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return run_paths([path], rulebook_folder, vocabulary=[House])

    return run_text


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village whose rules each test writes for itself."""
    return Village(tmp_path)
