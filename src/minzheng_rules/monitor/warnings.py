"""What comes out: warnings, each with its evidence, the articles, what to do next and by when."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from minzheng_rules.language.rules import Cite
from minzheng_rules.monitor.book import Monitor, MonitorBook
from minzheng_rules.monitor.declarations import LEVEL_TERMS, Step
from minzheng_rules.monitor.lowering import HouseholdFacts, Lowered, UsedFigure
from minzheng_rules.monitor.plan import CLOCK, Fact, Firing, derived_id
from minzheng_rules.monitor.records import DepartmentRecord
from minzheng_rules.monitor.values import Value, plain, shown
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.sources import Sources

FORMAT: Final = "minzheng-warning/1"
ORDER: Final = {"red": 0, "orange": 1, "yellow": 2}
LEVEL_WORDS: Final = {id: Words(term, id) for id, term in LEVEL_TERMS.items()}


@dataclass(frozen=True)
class EarlyWarning:
    """One warning about one household.

    The same records give the same warning with the same id, on whatever day and in whatever order they came.
    """

    id: str
    meaning: str
    """What tells it apart, spelled out: its monitor, and records by type and number."""
    monitor: Monitor
    household: str
    person: str
    """Whom of the household it is about; empty where it is about all of it."""
    evidence: tuple[DepartmentRecord, ...]
    rows: tuple[tuple[str, int], ...]
    """Rows of tables it rests on: table and number of the row."""
    since: dt.date
    """The day of the last of the records that were enough for it."""
    due: dt.date | None
    depth: int
    """How many monitors it went through: 1 where it rests on records alone."""
    as_of: dt.date
    figures: tuple[UsedFigure, ...]
    cites: tuple[Cite, ...]
    due_cites: tuple[Cite, ...]
    steps: tuple[Step, ...]

    @property
    def level(self) -> str:
        """``red``, ``orange`` or ``yellow``."""
        return self.monitor.text.level

    @property
    def overdue(self) -> bool:
        """Whether the day by which something should have been done is past."""
        return self.due is not None and self.due < self.as_of

    @property
    def order(self) -> tuple[Any, ...]:
        """Most urgent first."""
        return (ORDER[self.level], self.household, self.monitor.id, self.id)

    def to_json(self, book: MonitorBook) -> dict[str, Any]:
        """The warning in plain types; no ID number is in it."""
        words = self.monitor.words
        return {
            "format": FORMAT,
            "id": self.id,
            "monitor": self.monitor.id,
            "term": {"zh": words.zh, "en": words.en},
            "level": self.level,
            "household": self.household,
            "person": self.person or None,
            "as_of": self.as_of.isoformat(),
            "since": self.since.isoformat(),
            "due": self.due.isoformat() if self.due else None,
            "overdue": self.overdue,
            "cites": [_cite_json(c, book) for c in self.cites],
            "due_cites": [_cite_json(c, book) for c in self.due_cites],
            "steps": [
                {"zh": s.words.zh, "en": s.words.en, "cites": [_cite_json(c, book) for c in s.cites]}
                for s in self.steps
            ],
            "evidence": [record.to_json(book.types[record.type]) for record in self.evidence],
            "table_rows": [
                {
                    "table": name,
                    "values": dict(row.values),
                    "cites": [_cite_json(c, book) for c in book.rulebook.on(self.as_of).citations(row.cites)],
                    "status": row.status,
                }
                for name, number in self.rows
                for row in [(book.types[name].rows or ())[number]]
            ],
            "figures": [
                {"id": f.id, "term": f.term, "value": _figure(f), "status": f.status, "source": f.source}
                for f in self.figures
            ],
            "depth": self.depth,
        }


def _figure(figure: UsedFigure) -> object:
    try:
        return plain(figure.value, figure.type)
    except (TypeError, ValueError):
        return str(figure.value)


def _cite_json(cite: Cite, book: MonitorBook) -> dict[str, str]:
    sources = book.rulebook.sources
    return {"cite": str_of(cite), "zh": cited(cite, sources, "zh"), "en": cited(cite, sources, "en")}


def str_of(cite: Cite) -> str:
    """A citation as it is written in rules."""
    return f"{cite.instrument}{'@' + cite.edition if cite.edition else ''}#{cite.article}"


def cited(cite: Cite, sources: Sources, lang: str) -> str:
    """A citation as people read it."""
    from minzheng_rules.trail.building.citations import citation
    from minzheng_rules.trail.citing import cite as in_print

    return in_print(citation(cite, sources), lang)


def evidence_text(record: DepartmentRecord, book: MonitorBook, lang: str = "zh") -> str:
    """A record in one line."""
    type_ = book.types[record.type]
    said = []
    for declared in type_.every_field():
        value: Value | None = record.fields.get(declared.id)
        if value is not None and declared.id != "date":
            name = declared.words.say(lang)
            said.append(f"{name}{'：' if lang == 'zh' else ': '}{shown(value, declared.type, lang)}")
    day = dt.date.fromordinal(record.date).isoformat()
    head = f"{day} {type_.words.say(lang)}"
    if record.source:
        head += f"（{record.source}）" if lang == "zh" else f" ({record.source})"
    return f"{head} {'，'.join(said) if lang == 'zh' else ', '.join(said)}".rstrip()


STATUS_WORDS: Final = {
    "verbatim": Words("原文", "verbatim"),
    "secondary": Words("转述", "secondary"),
    "position": Words("取一种解释", "a position taken"),
    "recalled": Words("凭记忆", "recalled"),
    "illustrative": Words("示例", "illustrative"),
}
"""How well a row of a table, or a figure, is known."""


def row_text(table: str, number: int, book: MonitorBook, as_of: dt.date, lang: str = "zh") -> str:
    """A row of a table in one line, with its articles in force on a day and how well it is known."""
    type_ = book.types[table]
    row = (type_.rows or ())[number]
    comma, colon = ("，", "：") if lang == "zh" else (", ", ": ")
    fields = {declared.id: declared for declared in type_.fields}
    said = comma.join(shown(value, fields[id].type, lang) for id, value in row.values)
    cites = "；".join(cited(cite, book.rulebook.sources, lang) for cite in book.rulebook.on(as_of).citations(row.cites))
    status = STATUS_WORDS.get(row.status, Words(row.status, row.status)).say(lang)
    known = f"〔{status}〕" if lang == "zh" else f" [{status}]"
    return f"{type_.words.say(lang)}{colon}{said}{comma}{cites}{known}"


def warnings_of(
    lowered: Lowered, prepared: HouseholdFacts, firings: Iterable[Firing], as_of: dt.date
) -> list[EarlyWarning]:
    """The warnings that firings amount to: one for each thing that the monitor's ``each`` tells apart."""
    gathered = _Gathered(lowered, prepared)
    for place, ids in firings:
        gathered.add(place, ids)
    return sorted(gathered.warnings(as_of), key=lambda warning: warning.order)


@dataclass
class _Group:
    """The firings of one monitor that are one warning."""

    place: int
    firings: list[tuple[str, ...]]
    evidence: set[str]
    """Ids of base facts, the rows of tables among them."""
    complete: int
    """The smallest number, among the firings, of the last record that was needed."""
    first: tuple[str, ...]
    depth: int


class _Gathered:
    def __init__(self, lowered: Lowered, prepared: HouseholdFacts) -> None:
        self._lowered, self._prepared = lowered, prepared
        self._facts: dict[str, Fact] = {fact[0]: fact for fact in prepared.facts}
        self._groups: dict[str, _Group] = {}
        self._number = {f"{number:06d}": number for number in range(len(prepared.records))}

    def add(self, place: int, ids: tuple[str, ...]) -> None:
        """Take up one firing; those of monitors it rests on have come before."""
        planned = self._lowered.plan[place]
        met = [self._facts[id] for id in ids]
        id = derived_id(place, planned, met)
        evidence: set[str] = set()
        depth = 1
        for number, fact_id in enumerate(ids):
            below = self._groups.get(fact_id)
            if below is not None:
                evidence |= below.evidence
                depth = max(depth, below.depth + 1)
            elif fact_id != CLOCK:
                evidence.add(fact_id)
                evidence.update(self._prepared.counted.get((place, number, fact_id), ()))
        complete = max((self._number[e] for e in evidence if e in self._number), default=-1)
        group = self._groups.get(id)
        if group is None:
            fields = {given.field: met[given.pattern][2][given.source] for given in planned.gives}
            self._facts[id] = (id, planned.type, fields)
            self._groups[id] = _Group(place, [ids], evidence, complete, ids, depth)
            return
        group.firings.append(ids)
        group.evidence |= evidence
        group.depth = max(group.depth, depth)
        if (complete, ids) < (group.complete, group.first):
            group.complete, group.first = complete, ids

    def warnings(self, as_of: dt.date) -> Iterator[EarlyWarning]:
        """The warnings of monitors that give any."""
        for id, group in self._groups.items():
            monitor = self._lowered.monitors[group.place]
            if monitor.text.level:
                yield self._warning(id, group, monitor, as_of)

    def _warning(self, id: str, group: _Group, monitor: Monitor, as_of: dt.date) -> EarlyWarning:
        lowered, records = self._lowered, self._prepared.records
        numbers = sorted(self._number[e] for e in group.evidence if e in self._number)
        rules, text = lowered.rules, monitor.text
        since = max((records[self._number[e]].date for e in self._enough(group)), default=as_of.toordinal())
        return EarlyWarning(
            id=self._lasting_id(id),
            meaning=self._meaning(id),
            monitor=monitor,
            household=self._prepared.household,
            person=self._person(group, monitor),
            evidence=tuple(records[number] for number in numbers),
            rows=tuple(sorted((t, int(n)) for t, _, n in (e.partition("#") for e in group.evidence if "#" in e))),
            since=dt.date.fromordinal(since),
            due=self._due(group, monitor),
            depth=group.depth,
            as_of=as_of,
            figures=tuple(lowered.figures[name] for name in sorted(monitor.parameters)),
            cites=rules.citations(text.cites),
            due_cites=rules.citations(text.due_cites),
            steps=tuple(Step(step.words, rules.citations(step.cites)) for step in text.steps),
        )

    def _enough(self, group: _Group) -> Iterator[str]:
        """The records that were enough: those of the firing that was complete first."""
        for number, fact_id in enumerate(group.first):
            below = self._groups.get(fact_id)
            if below is not None:
                yield from self._enough(below)
            elif fact_id in self._number:
                yield fact_id
                yield from self._prepared.counted.get((group.place, number, fact_id), ())

    def _person(self, group: _Group, monitor: Monitor) -> str:
        for pattern, fact_id in zip(monitor.patterns, group.first, strict=False):
            if all(alias != pattern.alias for alias, _ in monitor.each):
                continue
            if fact_id in self._number:
                found = self._prepared.records[self._number[fact_id]].fields.get("person")
                if found is not None:
                    return str(found)
            elif pattern.derived and "person" in self._facts[fact_id][2]:
                return self._prepared.texts[self._facts[fact_id][2]["person"]]
        return ""

    def _due(self, group: _Group, monitor: Monitor) -> dt.date | None:
        if monitor.due is None:
            return None
        alias, expr = monitor.due
        place = next(n for n, pattern in enumerate(monitor.patterns) if pattern.alias == alias)
        record = self._prepared.records[self._number[group.first[place]]]
        value = expr.code(record.fields, self._lowered.context)
        return None if value is None else dt.date.fromordinal(int(value))

    def _lasting_id(self, id: str) -> str:
        """An id made of what the warning is about, not of how facts happened to be numbered."""
        said = "|".join([self._prepared.household, self._meaning(id)])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def _meaning(self, id: str) -> str:
        """What a fact is, in terms that last: a record by its number, a derived fact by its monitor and what tells it apart."""
        if id in self._number:
            record = self._prepared.records[self._number[id]]
            return f"{record.type}/{record.id}"
        group = self._groups.get(id)
        if group is None:
            table, _, number = id.partition("#")
            row = (self._lowered.table(table).rows or ())[int(number)]
            return f"{table}({','.join(str(value) for _, value in row.values)})"
        monitor, planned = self._lowered.monitors[group.place], self._lowered.plan[group.place]
        parts = []
        for (place, name), (alias, _) in zip(planned.each, monitor.each, strict=True):
            fact_id = group.first[place]
            if not name:
                parts.append(self._meaning(fact_id))
            else:
                value = self._facts[fact_id][2][name]
                pattern = next(p for p in monitor.patterns if p.alias == alias)
                declared = pattern.type.field(name)
                is_text = declared is not None and type(declared.type).__name__ == "TextType"
                parts.append(f"{name}={self._prepared.texts[value] if is_text else value}")
        return f"{monitor.id}({';'.join(parts)})"
