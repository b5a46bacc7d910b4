"""Departments' records as they are held, and the households they are about."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from minzheng_rules.monitor.declarations import RecordType
from minzheng_rules.monitor.values import Value, plain
from minzheng_rules.problems import Place, Problem, Words


@dataclass(frozen=True, slots=True)
class DepartmentRecord:
    """One record: what a department says happened to somebody on a day."""

    type: str
    """The id of its type."""
    id: str
    """The department's number for it, or a digest of its content; never an ID number."""
    household: str
    fields: dict[str, Value]
    """With ``date``, and ``person`` where it is about one: the name or number of a person within the household."""
    received: int
    """The day it was received, as an ordinal: before that nobody could know it."""
    source: str = ""

    @property
    def date(self) -> int:
        """The day it is about, as an ordinal."""
        return int(self.fields["date"])

    @property
    def order(self) -> tuple[Any, ...]:
        """Records of a household stand in this order, whatever order they came in."""
        return (self.date, self.type, self.id)

    def to_json(self, type_: RecordType) -> dict[str, Any]:
        """The record in plain types."""
        held = {f.id: plain(self.fields[f.id], f.type) for f in type_.every_field() if f.id in self.fields}
        received = dt.date.fromordinal(self.received).isoformat()
        return {
            "type": self.type,
            "id": self.id,
            "household": self.household,
            "source": self.source,
            "received": received,
            **held,
        }


@dataclass(slots=True)
class Holdings:
    """All records known, by household; what comes twice is held once, in whatever order and pieces it comes.

    A record received later under the same number of the same type is a correction: from the day it was received it takes the
    place of the earlier one. Two that differ and were received on one day cannot both stand, and neither is used.
    """

    _versions: dict[str, dict[tuple[str, str], dict[int, list[DepartmentRecord]]]] = field(default_factory=dict)
    duplicates: int = 0

    def add(self, record: DepartmentRecord) -> None:
        """Take a record up."""
        by_day = self._versions.setdefault(record.household, {}).setdefault((record.type, record.id), {})
        same_day = by_day.setdefault(record.received, [])
        if record in same_day:
            self.duplicates += 1
        else:
            same_day.append(record)

    @property
    def households(self) -> list[str]:
        """All households there are records of, in order."""
        return sorted(self._versions)

    def known(self, household: str, as_of: int) -> list[DepartmentRecord]:
        """What was known of a household on a day, in order: received by then, about days up to then."""
        found = []
        for by_day in self._versions.get(household, {}).values():
            days = [day for day in by_day if day <= as_of]
            if days:
                latest = by_day[max(days)]
                if len(latest) == 1 and latest[0].date <= as_of:
                    found.append(latest[0])
        return sorted(found, key=lambda record: record.order)

    def days(self, household: str) -> set[int]:
        """The days on which something about a household became known."""
        return {
            max(day, record.date)
            for by_day in self._versions.get(household, {}).values()
            for day, records in by_day.items()
            for record in records
        }

    def contradictions(self) -> Iterator[Problem]:
        """Numbers under which different records were received on one day; they are not used."""
        for household in self.households:
            for (type_, id), by_day in sorted(self._versions[household].items()):
                for day, records in sorted(by_day.items()):
                    if len(records) > 1:
                        yield Problem(
                            "record.contradiction",
                            Words(
                                f"{dt.date.fromordinal(day)} 收到 {len(records)} 条编号相同、内容不同的记录，都没有采用",
                                f"{len(records)} different records with one number were received on {dt.date.fromordinal(day)}; none of them is used",
                            ),
                            Place(path=f"{type_}/{id}"),
                            Words(
                                "请向提供部门核实，重新提供正确的一条",
                                "ask the department which is right, and send that one again",
                            ),
                            "warning",
                        )

    def __len__(self) -> int:
        return sum(
            len(records) for by_id in self._versions.values() for days in by_id.values() for records in days.values()
        )

    def __iter__(self) -> Iterator[DepartmentRecord]:
        for household in self.households:
            for by_day in self._versions[household].values():
                for records in by_day.values():
                    yield from records


def holdings_of(records: Iterable[DepartmentRecord]) -> Holdings:
    """Holdings of some records."""
    found = Holdings()
    for record in records:
        found.add(record)
    return found


def content_id(type_: str, household: str, fields: dict[str, Value]) -> str:
    """A number for a record that came without one: the same for the same content."""
    content = json.dumps([type_, household, sorted(fields.items())], ensure_ascii=False)
    return "~" + hashlib.sha256(content.encode()).hexdigest()[:16]
