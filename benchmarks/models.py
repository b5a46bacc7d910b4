"""The benchmark's case as a vocabulary of our own: the same household the peers are given."""

from __future__ import annotations

from typing import ClassVar

from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Money, Whole

_MONEY = (0, 10_000_000)


@enumeration("disability_grade", "残疾等级类")
class DisabilityGrade(Choice):
    NONE = "none", "无"
    FIRST = "first", "一级"
    SECOND = "second", "二级"
    THIRD = "third", "三级"
    FOURTH = "fourth", "四级"


@enumeration("disability_type", "残疾类别类")
class DisabilityType(Choice):
    NONE = "none", "无"
    SIGHT = "sight", "视力"
    HEARING = "hearing", "听力"
    SPEECH = "speech", "言语"
    LIMBS = "limbs", "肢体"
    INTELLECTUAL = "intellectual", "智力"
    MENTAL = "mental", "精神"
    MULTIPLE = "multiple", "多重"


@enumeration("care_grade", "护理等级类")
class CareGrade(Choice):
    NONE = "none", "无"
    FIRST = "first", "一级护理"
    SECOND = "second", "二级护理"
    THIRD = "third", "三级护理"


class Person(Entity):
    kind: ClassVar[str] = "person"
    term: ClassVar[str] = "人"

    wage: Money | None = fact("工资", unit="yuan/month", range=_MONEY)
    business: Money | None = fact("经营收入", unit="yuan/month", range=_MONEY)
    property_income: Money | None = fact("财产收入", unit="yuan/month", range=_MONEY)
    transfer: Money | None = fact("转移收入", unit="yuan/month", range=_MONEY)
    disregard: Money | None = fact("不计入收入", unit="yuan/month", range=_MONEY)
    disability_grade: DisabilityGrade | None = fact("残疾等级")
    disability_type: DisabilityType | None = fact("残疾类别")
    care_grade: CareGrade | None = fact("护理等级")


class Household(Entity):
    kind: ClassVar[str] = "household"
    term: ClassVar[str] = "家庭"

    assets: Money | None = fact("家庭财产", unit="yuan", range=(0, 1_000_000_000))
    cars: Whole | None = fact("机动车数", unit="1", range=(0, 100))
    persons: tuple[Person, ...] | None = fact("成员", at_least=1)
