"""What somebody left behind, and who was close to them."""

from __future__ import annotations

from typing import ClassVar

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day


class Estate(Entity):
    """The estate of a person who has died, or the property of one in 特困 support."""

    kind: ClassVar[str] = "estate"
    term: ClassVar[str] = "遗产"

    died_on: Day | None = fact("死亡日期")
