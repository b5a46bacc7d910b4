"""Running monitors over records: as of a day, or day by day over a stretch of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.engines import EngineReport, match_all
from minzheng_rules.monitor.lowering import HouseholdFacts, Idle, Lowered, lower
from minzheng_rules.monitor.records import DepartmentRecord, Holdings
from minzheng_rules.monitor.warnings import EarlyWarning, warnings_of


@dataclass
class Watched:
    """The warnings as of a day, and how they were found."""

    as_of: dt.date
    warnings: list[EarlyWarning]
    households: int
    idle: list[Idle]
    """Monitors that did not act, each with the reason."""
    engine: EngineReport


@dataclass(frozen=True)
class Raised:
    """A warning in a replay: the day it was first given, and the day it no longer held."""

    warning: EarlyWarning
    """As it stood when it was first given."""
    raised_on: dt.date
    cleared_on: dt.date | None

    def to_json(self, book: MonitorBook) -> dict[str, Any]:
        """The warning with its days, in plain types."""
        cleared = self.cleared_on.isoformat() if self.cleared_on is not None else None
        return {**self.warning.to_json(book), "raised_on": self.raised_on.isoformat(), "cleared_on": cleared}


@dataclass
class Replayed:
    """Every warning of a stretch of days, and how they were found."""

    first: dt.date
    last: dt.date
    raised: list[Raised]
    engine: EngineReport = field(default_factory=EngineReport)


def nothing(_done: int) -> None:
    """For a progress bar that nobody sees."""


def watch(
    book: MonitorBook,
    holdings: Holdings,
    as_of: dt.date,
    *,
    engine: str = "auto",
    progress: Callable[[int], None] = nothing,
) -> Watched:
    """The warnings that the records give on a day: what was received by then is known, and nothing else.

    ``engine`` is ``"auto"``, ``"durable_rules"`` or ``"matcher"``; the warnings are the same. ``progress`` is told how many more
    households are done.
    """
    lowered = lower(book, as_of)
    report = EngineReport()
    known = ((name, holdings.known(name, as_of.toordinal())) for name in holdings.households)
    found: list[EarlyWarning] = []
    count = 0
    for warnings in warnings_for(lowered, known, as_of, engine, report):
        found += warnings
        count += 1
        progress(1)
    return Watched(as_of, sorted(found, key=lambda w: w.order), count, lowered.idle, report)


def warnings_for(
    lowered: Lowered,
    households: Iterable[tuple[str, list[DepartmentRecord]]],
    as_of: dt.date,
    engine: str = "auto",
    report: EngineReport | None = None,
) -> Iterator[list[EarlyWarning]]:
    """The warnings of each household as they are found; households may be endless."""

    def prepared() -> Iterator[tuple[HouseholdFacts, list[Any]]]:
        for household, records in households:
            facts = lowered.facts_of(household, records, as_of)
            yield facts, facts.facts

    for facts, firings in match_all(lowered.plan, prepared(), engine, report):
        yield warnings_of(lowered, facts, firings, as_of)


def watch_days(
    book: MonitorBook,
    holdings: Holdings,
    first: dt.date,
    last: dt.date,
    *,
    engine: str = "auto",
    progress: Callable[[int], None] = nothing,
) -> Replayed:
    """What would have been warned of on each day from ``first`` to ``last``, both included.

    A household is looked at again on the days on which something about it became known, or what is known came to mean something
    else because time had gone by; on the days between, nothing about it can change.
    """
    found = Replayed(first, last, [])
    for stretch in _stretches(book, first, last):
        lowered = lower(book, stretch[0])
        raised = _replay_stretch(lowered, holdings, stretch, engine, found, progress)
        found.raised = _joined(found.raised, raised, stretch[0])
    found.raised.sort(key=lambda r: (r.raised_on, r.warning.order))
    return found


def _stretches(book: MonitorBook, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The days divided where some rule, figure or monitor begins or ends."""
    cuts = set(book.rulebook.boundaries)
    for monitor in book.monitors:
        cuts |= book.rulebook.sources.boundaries(monitor.text.cites)
        cuts |= {day for day in (monitor.text.start,) if day is not None}
        cuts |= {day + dt.timedelta(1) for day in (monitor.text.end,) if day is not None}
    starts = [first, *sorted(day for day in cuts if first < day <= last)]
    for start, following in zip(starts, [*starts[1:], last + dt.timedelta(1)], strict=True):
        yield start, following - dt.timedelta(1)


def _replay_stretch(
    lowered: Lowered,
    holdings: Holdings,
    stretch: tuple[dt.date, dt.date],
    engine: str,
    found: Replayed,
    progress: Callable[[int], None],
) -> list[Raised]:
    """The warnings of one stretch, each with its days within it; one that holds on the last day is left open."""
    start, end = (day.toordinal() for day in stretch)

    def looks() -> Iterator[tuple[tuple[HouseholdFacts, int, bool], list[Any]]]:
        for household in holdings.households:
            everything = holdings.known(household, end)
            days = {start} | {day for day in holdings.days(household) if start < day <= end}
            days |= {m for r in everything for m in lowered.moments(r) if start < m <= end}
            for day in sorted(days):
                facts = lowered.facts_of(household, holdings.known(household, day), dt.date.fromordinal(day))
                yield (facts, day, day == max(days)), facts.facts

    raised: list[Raised] = []
    standing: dict[str, tuple[EarlyWarning, int]] = {}
    for (facts, day, is_last), firings in match_all(lowered.plan, looks(), engine, found.engine):
        today = dt.date.fromordinal(day)
        now = {w.id: w for w in warnings_of(lowered, facts, firings, today)}
        for id in [id for id in standing if id not in now]:
            warning, since = standing.pop(id)
            raised.append(Raised(warning, dt.date.fromordinal(since), today))
        for id, warning in now.items():
            standing.setdefault(id, (warning, day))
        if is_last:
            raised += [Raised(w, dt.date.fromordinal(since), None) for w, since in standing.values()]
            standing.clear()
            progress(1)
    return raised


def _joined(before: list[Raised], after: list[Raised], start: dt.date) -> list[Raised]:
    """The warnings of one stretch and of the next, which begins on ``start``: one that goes on is one warning."""
    going_on = {one.warning.id: one for one in after if one.raised_on == start}
    joined: list[Raised] = []
    for one in before:
        if one.cleared_on is None:
            following = going_on.pop(one.warning.id, None)
            joined.append(Raised(one.warning, one.raised_on, start if following is None else following.cleared_on))
        else:
            joined.append(one)
    return joined + [one for one in after if one.raised_on != start] + list(going_on.values())
