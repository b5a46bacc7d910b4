"""A village with rules as few as a test needs: its vocabulary, and rulebooks made of a few lines."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from textwrap import dedent
from typing import Any, ClassVar

from minzheng_rules import Case, Outcome, Rulebook, decide
from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day, Flag, Money, Text, Whole
from minzheng_rules.case.someone import Someone

DAY = dt.date(2025, 6, 1)


@enumeration("village_grade", "等级")
class Grade(Choice):
    """How much help somebody needs."""

    FIRST = "first", "一级"
    SECOND = "second", "二级"
    THIRD = "third", "三级"


class Job(Entity):
    """Work that is paid."""

    kind: ClassVar[str] = "job"
    term: ClassVar[str] = "活计"

    pay: Money | None = fact("工钱", unit="yuan/month", range=(0, 100_000))


class Person(Someone):
    """Anybody."""

    kind: ClassVar[str] = "person"
    term: ClassVar[str] = "人"


class Villager(Person):
    """Somebody who lives in a house of the village."""

    kind: ClassVar[str] = "villager"
    term: ClassVar[str] = "村民"

    born: Day | None = fact("出生日期")
    grade: Grade | None = fact("级别")
    ill: Flag | None = fact("有病")
    weaves: Flag | None = fact("会织布")
    home: Text | None = fact("老家")
    jobs: tuple[Job, ...] | None = fact("活计名单")
    neighbour: Text | None = fact("邻人", refers_to="villager")


class House(Entity):
    """A house, and who lives in it."""

    kind: ClassVar[str] = "house"
    term: ClassVar[str] = "户"

    income: Money | None = fact("收入", unit="yuan/month", range=(0, 1_000_000))
    yearly_rent: Money | None = fact("年租金", unit="yuan/year", range=(0, 1_000_000))
    months_here: Whole | None = fact("住满月数", unit="month", range=(0, 1200))
    poor: Flag | None = fact("贫困")
    old: Flag | None = fact("老宅")
    grade: Grade | None = fact("户等级")
    built: Day | None = fact("建成日期")
    people: tuple[Villager, ...] | None = fact("家人")


MANIFEST = """
name: {zh: 村规, en: Village rules}
decides_through: 2030-12-31
layers:
  - {id: realm, level: national, term: 国}
  - {id: shire, level: province, within: realm, term: 省}
  - {id: town, level: county, within: shire, term: 县}
"""
SOURCES = """
LAW: {title: 村法, title_en: Village Law, number: 一号, issuer: 国会, rank: law, from: 2020-01-01}
NEW: {title: 新村法, title_en: New Village Law, number: 二号, issuer: 国会, rank: law, from: 2024-01-01}
OLD: {title: 旧例, title_en: Old Custom, number: 三号, issuer: 国会, rank: law, from: 2020-01-01, until: 2023-12-31}
"""


class Village:
    """Makes rulebooks in a folder and decides houses by them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.book: Rulebook | None = None

    def rules(self, realm: str, *, figures: str = "", overlays: Any = (), **lower: str) -> Rulebook:
        """A rulebook: the realm's rules, figures, and rules of the layers below by name (``shire``, ``town``)."""
        self._write("rules/rulebook.yaml", MANIFEST)
        self._write("rules/sources.yaml", SOURCES)
        for layer, text in {"realm": realm, **lower}.items():
            header = f"program: trial\nterm: 试行\nlayer: {layer}\nsubject: house\n"
            self._write(f"rules/{layer}/trial.yaml", header + dedent(text))
        if figures:
            self._write("policies/realm/figures.yaml", figures)
        self.book = Rulebook.load(self.folder, overlays=overlays, vocabulary=[House])
        return self.book

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")

    def outcome(self, day: dt.date = DAY, **house: Any) -> Outcome:
        """What the rules say of a house."""
        assert self.book is not None
        case = Case.parse({**house, "as_of": day.isoformat()}, House)
        return decide(case, self.book).outcome("trial")

    def status(self, day: dt.date = DAY, **house: Any) -> str:
        """Whether the house is eligible."""
        return self.outcome(day, **house).status.value

    def paid(self, day: dt.date = DAY, **house: Any) -> Any:
        """What the house is paid in yuan, or the bounds of it as a pair."""
        amount = self.outcome(day, **house).amount
        assert amount is not None
        return (amount.low, amount.high) if amount.value is None else amount.value

    def result(self, day: dt.date = DAY, **house: Any) -> Any:
        """The result called ``r``."""
        return self.outcome(day, **house).results["r"].raw

    def missing(self, day: dt.date = DAY, **house: Any) -> list[str]:
        """The terms of what would have to be known."""
        return [missing.words.zh for missing in self.outcome(day, **house).missing]
