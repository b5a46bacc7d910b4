"""Care workers: post, level, seniority, employment."""

from __future__ import annotations

from typing import ClassVar

from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day
from minzheng_rules.case.someone import Someone


class Worker(Someone):
    """A care worker of an elderly-care or disability-care institution."""

    kind: ClassVar[str] = "worker"
    term: ClassVar[str] = "护理人员"

    birth_date: Day | None = fact("出生日期")
