"""A rulebook as small as a check needs it: one household, an invented law, and the few lines under test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from minzheng_rules.problems import Problem
from minzheng_rules.rulebook.checks import check_files

MODELS = """
from typing import ClassVar

from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day, Flag, Money, Whole


@enumeration("checked_grade", "等级")
class Grade(Choice):
    FIRST = "first", "一级"
    SECOND = "second", "二级"
    THIRD = "third", "三级"


class Person(Entity):
    kind: ClassVar[str] = "person"
    term: ClassVar[str] = "人"
    age: Whole | None = fact("年龄", unit="year", range=(0, 150))
    wage: Money | None = fact("工资", unit="yuan/month", range=(0, 100000))
    grade: Grade | None = fact("级别")
    severe: Flag | None = fact("重残")
    ill: Flag | None = fact("重病")


class Household(Entity):
    kind: ClassVar[str] = "household"
    term: ClassVar[str] = "家庭"
    income: Money | None = fact("收入", unit="yuan/month", range=(0, 1000000))
    savings: Money | None = fact("存款", unit="yuan", range=(0, 100000000))
    cars: Whole | None = fact("车辆", unit="1", range=(0, 20))
    grade: Grade | None = fact("户级别")
    rural: Flag | None = fact("农村")
    poor: Flag | None = fact("贫困")
    people: tuple[Person, ...] | None = fact("家人")
"""
MANIFEST = """
name: {zh: 试验, en: Trial}
vocabulary: models.py:Household
decides_through: 2030-12-31
layers:
  - {id: realm, level: national, term: 沧国}
  - {id: shire, level: province, within: realm, term: 雾省}
  - {id: town, level: county, within: shire, term: 浮县}
"""
SOURCES = """
LAW: {title: 沧国救助法, title_en: Assistance Law, number: 一号, issuer: 国会, rank: law, from: 2020-01-01, articles: 10}
NEWLAW: {title: 沧国新法, title_en: New Law, number: 二号, issuer: 国会, rank: law, from: 2024-01-01, articles: 10}
NOTE: {title: 雾省通知, title_en: Notice, number: 三号, issuer: 雾省, rank: normative_document, from: 2020-01-01, until: 2023-12-31, articles: [1, 2, 2-1]}
CODE:
  {title: 沧国条例, title_en: Code, number: 四号, issuer: 国会, rank: administrative_regulation, from: 2020-01-01,
   editions: [{id: '2020', from: 2020-01-01}, {id: '2022', from: 2022-01-01}]}
"""

Checked = Callable[..., list[Problem]]


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")


def small_rulebook(folder: Path, files: dict[str, str]) -> Path:
    """A rulebook of the files given, with a manifest, instruments and a vocabulary."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, {"models.py": MODELS, "rules/rulebook.yaml": MANIFEST, "rules/sources.yaml": SOURCES, **files})
    return folder


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """What the checks say of a national rule file and, where needed, a parameter file and files of lower layers."""

    def run(
        rules: str, policies: str = "", *, shire: str = "", more: dict[str, str] | None = None, notes: bool = False
    ) -> list[Problem]:
        files = {"rules/realm/rules.yaml": "program: trial\nterm: 试验\nlayer: realm\n" + dedent(rules)}
        if policies:
            files["policies/realm/figures.yaml"] = policies
        if shire:
            files["rules/shire/rules.yaml"] = "program: trial\nlayer: shire\n" + dedent(shire)
        return list(check_files(small_rulebook(tmp_path, files | (more or {})), notes=notes))

    return run


@pytest.fixture(scope="session", name="small_rulebook")
def making_small_rulebooks() -> Callable[[Path, dict[str, str]], Path]:
    """Makes a small rulebook in a folder."""
    return small_rulebook
