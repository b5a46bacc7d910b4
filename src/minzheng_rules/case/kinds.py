"""The kinds of case that ship with the library, by name; each model is loaded when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity


class CaseKind(NamedTuple):
    """A kind of case: what it is called, and where its root model is."""

    term: str
    english: str
    module: str
    model: str

    def load(self) -> type[Entity]:
        """The root model."""
        found: type[Entity] = getattr(import_module(f"minzheng_rules.case.{self.module}"), self.model)
        return found


KINDS: Final = {
    "household": CaseKind("家庭", "a household", "household", "Household"),
    "worker": CaseKind("护理人员", "a care worker", "worker", "Worker"),
    "assessment": CaseKind("能力评估", "an ability assessment", "assessment", "Assessment"),
    "estate": CaseKind("遗产", "what somebody left behind", "estate", "Estate"),
    "indicators": CaseKind("工作指标", "reported figures of a work plan", "indicators", "Indicators"),
}
"""By the English id a case file names them with; the first is meant where a case names none."""


def kind_named(name: object) -> str | None:
    """The id of the kind of case called so in English or Chinese.

    >>> kind_named("护理人员"), kind_named("worker"), kind_named("马")
    ('worker', 'worker', None)
    """
    return next((id for id, kind in KINDS.items() if name in (id, kind.term)), None)
