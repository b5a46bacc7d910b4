"""Ability assessments: the items of a scale as scored for one person."""

from __future__ import annotations

from typing import ClassVar

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day


class Assessment(Entity):
    """One assessment of one person."""

    kind: ClassVar[str] = "assessment"
    term: ClassVar[str] = "能力评估"

    assessed_on: Day | None = fact("评估日期")
