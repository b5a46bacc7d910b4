"""Reported figures of a year of work."""

from __future__ import annotations

from typing import ClassVar

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day


class Indicators(Entity):
    """What an office reports of its work plan."""

    kind: ClassVar[str] = "indicators"
    term: ClassVar[str] = "工作指标"

    reported_on: Day | None = fact("填报日期")
