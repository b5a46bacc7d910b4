"""Cases of the other kinds that could be: care workers, ability assessments, estates, reported figures."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st

from minzheng_rules.case.assessment import Scores
from minzheng_rules.case.vocabulary import FactType, Kind
from minzheng_rules.testing.drawing import Data, Maker, step_bounds

_FOLLOWS: Final = (("died_on", "deceased"), ("left_on", "left"))
"""Days, and what has happened where there is one."""
_PARTS: Final = (
    ("numerator", "denominator"),
    ("towns_with_rehabilitation", "towns"),
    ("villages_with_meals", "villages"),
)
"""What is no more than the other."""


@dataclass
class OtherMaker(Maker):
    """Draws cases of the shipped kinds other than households.

    Of such a case nearly every fact is asked by some rule, so all of the root's are drawn as often as a handful.
    """

    drawn_whole: bool = field(default=False, init=False)

    def root(self) -> Data:
        """The facts of the root entity, with everything below it."""
        self.drawn_whole = self.draw(st.booleans())
        return super().root()

    def lively(self, kind: Kind, depth: int) -> set[str]:
        """As for any kind; now and then every fact of the root."""
        if depth == 0 and self.drawn_whole:
            return {fact.id for fact in kind.facts.values() if fact.shape != "ref"}
        return super().lively(kind, depth)

    def always(self, kind: str, fact: FactType) -> bool:
        """By which scale somebody was assessed is nearly always known."""
        return kind == self.vocabulary.root and fact.id in self.vocabulary.kinds[kind].model.always_stated

    def value(self, kind: str, fact: FactType, *, born: dt.date | None, depth: int) -> Any:
        """A value of a fact; of an item of a scale, a score the form offers."""
        step = self._step(kind, fact)
        if step is None:
            return super().value(kind, fact, born=born, depth=depth)
        low, high = step_bounds(fact)
        return self.draw(st.integers(low // step, high // step)) * step

    def _step(self, kind: str, fact: FactType) -> int | None:
        model = self.vocabulary.kinds[kind].model
        steps: Mapping[str, int] = model.steps if issubclass(model, Scores) else {}
        return steps.get(fact.id)

    def adjust(self, kind: str, data: Data) -> None:  # noqa: ARG002  # one meaning for all kinds
        """Facts that go together: who has a day of death has died, a part is no more than its whole."""
        for day, happened in _FOLLOWS:
            if day in data and happened in data:
                if self.draw(st.sampled_from((True, True, True, False))):
                    data[happened] = True
                else:
                    del data[day]
                    data[happened] = False
        for part, whole in _PARTS:
            if part in data and whole in data and data[part] > data[whole]:
                data[part], data[whole] = data[whole], data[part]
        if "entered_on" in data and "left_on" in data:
            data["entered_on"], data["left_on"] = sorted((data["entered_on"], data["left_on"]))
        if "work_months" in data:
            data["work_months"] = _each_month_once(data["work_months"])


def _each_month_once(months: list[Data]) -> list[Data]:
    kept: dict[object, Data] = {}
    for item in months:
        month = item.get("month")
        if month is not None and "attendance" in item:
            item["attendance"] = min(item["attendance"], monthrange(month.year, month.month)[1])
        kept.setdefault(None if month is None else (month.year, month.month), item)
    return list(kept.values())
