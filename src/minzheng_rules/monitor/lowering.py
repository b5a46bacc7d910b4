"""From monitors and records to a plan and facts: everything dated, exact or textual is computed here, before an engine sees it.

Which monitors act, and what figures they use, depends on the day; so there is one :class:`Lowered` for a day, or for a stretch
of days on which nothing changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from minzheng_rules.language.types import Day, Named, Quantity, TextType, Type
from minzheng_rules.monitor.book import AggregateOf, JoinOf, Monitor, MonitorBook, PatternOf
from minzheng_rules.monitor.declarations import RecordType
from minzheng_rules.monitor.expressions import MIRRORED, Code, Context, Expr, Resolved, add_duration
from minzheng_rules.monitor.plan import CLOCK, NOW, Fact, FieldTest, Gives, Join, Pattern, Plan, PlannedMonitor
from minzheng_rules.monitor.records import DepartmentRecord
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.ruleset import RuleSet

_RowJoin = tuple[str, str, str]
"""A field of a table's row, and the type and field of the records it must equal one of."""

Coder = Callable[[Any, dict[str, int]], int]
"""Makes a whole number of a value; the mapping numbers the texts of the household at hand."""


@dataclass(frozen=True)
class Idle:
    """A monitor that does not act on the day, and why."""

    monitor: Monitor
    why: Words


@dataclass(frozen=True)
class UsedFigure:
    """A figure of the rulebook that a monitor used."""

    id: str
    term: str
    value: Any
    status: str
    source: str
    type: Type


@dataclass
class _Computed:
    """What is computed on records of one type."""

    raw: dict[str, Coder] = field(default_factory=dict)
    """Fields that go to the engine as they are."""
    values: list[tuple[str, Code, Coder]] = field(default_factory=list)
    flags: list[tuple[str, list[Code]]] = field(default_factory=list)
    counts: list[_Count] = field(default_factory=list)


@dataclass(frozen=True)
class _Count:
    """An aggregate to be computed on records of one type."""

    name: str
    monitor: int
    pattern: int
    conditions: list[Code]
    aggregate: AggregateOf


@dataclass
class HouseholdFacts:
    """The facts of one household, with the way back to its records."""

    household: str
    records: list[DepartmentRecord]
    facts: list[Fact]
    counted: dict[tuple[int, int, str], list[str]]
    """For monitor, pattern and fact: the facts that were counted."""
    texts: list[str]
    """The texts of the household, by number."""


@dataclass
class Lowered:
    """The monitors that act on a day, as a plan, and how records become facts."""

    day: dt.date
    monitors: list[Monitor]
    plan: Plan
    idle: list[Idle]
    context: Context
    figures: dict[str, UsedFigure]
    rules: RuleSet
    _by_type: dict[str, _Computed]
    _tables: dict[str, RecordType]
    _rows_of: dict[str, list[Fact]]
    """The rows of each table, as facts."""
    _row_joins: dict[str, list[list[_RowJoin]]]
    """For each table and each monitor that reads it: what a row must have in common with records."""
    _moments: dict[str, list[Code]]

    def facts_of(self, household: str, records: Iterable[DepartmentRecord], as_of: dt.date) -> HouseholdFacts:
        """The facts of a household on a day, from what was known of it then."""
        context = Context(as_of.toordinal(), self.context.figures)
        used = sorted((r for r in records if r.type in self._by_type), key=lambda record: record.order)
        words = sorted({v for r in used for v in r.fields.values() if type(v) is str})
        texts = {text: number for number, text in enumerate(words)}
        facts: list[Fact] = []
        for number, record in enumerate(used):
            facts.append((f"{number:06d}", record.type, _fields(self._by_type[record.type], record, context, texts)))
        counted: dict[tuple[int, int, str], list[str]] = {}
        for type_, computed in self._by_type.items():
            for count in computed.counts:
                counted.update(_count(count, type_, used, facts, context))
        facts += list(self._rows(facts))
        facts.append((CLOCK, CLOCK, {NOW: context.as_of}))
        return HouseholdFacts(household, used, facts, counted, words)

    def _rows(self, facts: list[Fact]) -> Iterator[Fact]:
        """The rows of tables that some monitor could join with the records there are."""
        values: dict[tuple[str, str], set[int]] = {}
        for monitors in self._row_joins.values():
            for _, type_, name in (join for joins in monitors for join in joins):
                if (type_, name) not in values:
                    values[type_, name] = {f[2][name] for f in facts if f[1] == type_ and name in f[2]}
        for table, rows in self._rows_of.items():
            for fact in rows:
                if any(
                    all(fact[2][own] in values[type_, name] for own, type_, name in js) for js in self._row_joins[table]
                ):
                    yield fact

    def table(self, name: str) -> RecordType:
        """The table of that id."""
        return self._tables[name]

    def moments(self, record: DepartmentRecord) -> Iterator[int]:
        """The days on which what a record means to some monitor may change, only because time goes by."""
        for code in self._moments.get(record.type, ()):
            value = code(record.fields, self.context)
            if value is not None:
                yield value
                yield value + 1


def lower(book: MonitorBook, day: dt.date) -> Lowered:
    """The monitors in force on a day with the figures of that day."""
    return _Lowering(book, day).lower()


class _Lowering:
    def __init__(self, book: MonitorBook, day: dt.date) -> None:
        self._book, self._day = book, day
        self._rules = book.rulebook.on(day)
        self._figures: dict[str, UsedFigure] = {}
        self._by_type: dict[str, _Computed] = {}
        self._moments: dict[str, list[Code]] = {}
        self._tables: dict[str, RecordType] = {}
        self._row_joins: dict[str, list[list[_RowJoin]]] = {}

    def lower(self) -> Lowered:
        """Choose the monitors, then put each into the terms of a plan."""
        acting, idle = self._choose()
        values = {id: figure.value for id, figure in self._figures.items()}
        self._context = Context(self._day.toordinal(), values)
        plan = tuple(self._planned(place, monitor) for place, monitor in enumerate(acting))
        rows = {name: list(_row_facts(table)) for name, table in self._tables.items()}
        return Lowered(
            self._day,
            acting,
            plan,
            idle,
            self._context,
            self._figures,
            self._rules,
            self._by_type,
            self._tables,
            rows,
            self._row_joins,
            self._moments,
        )

    # -- which monitors act --------------------------------------------------------------------------------------

    def _choose(self) -> tuple[list[Monitor], list[Idle]]:
        in_force = [m for m in self._book.monitors if self._in_force(m)]
        replaced = {m.text.replaces.value for m in in_force if m.text.replaces is not None}
        acting: list[Monitor] = []
        idle: list[Idle] = []
        for monitor in in_force:
            if monitor.id in replaced or monitor.text.term in replaced:
                continue
            why = self._why_idle(monitor, acting)
            if why is None:
                acting.append(monitor)
            else:
                idle.append(Idle(monitor, why))
        return acting, idle

    def _in_force(self, monitor: Monitor) -> bool:
        text = monitor.text
        if (text.start is not None and self._day < text.start) or (text.end is not None and self._day > text.end):
            return False
        return text.start is not None or any(self._book.rulebook.sources.in_force(c, self._day) for c in text.cites)

    def _why_idle(self, monitor: Monitor, acting: list[Monitor]) -> Words | None:
        missing = []
        for id in sorted(monitor.parameters):
            parameter, reading = self._book.rulebook.parameters[id], self._rules.reading(id)
            if reading.value is None:
                missing.append((parameter.term, parameter.id, reading.reason or Words("", "")))
                continue
            figure = reading.figure
            status = figure.status if figure is not None else "unknown"
            cites = ", ".join(f"{c.instrument}#{c.article}" for c in figure.sources) if figure is not None else ""
            source = (cites or figure.source_text) if figure is not None else ""
            self._figures[id] = UsedFigure(id, parameter.term, reading.value, status, source, parameter.type)
        if missing:
            return Words(
                "；".join(f"参数“{term}”不知道：{why.zh}" for term, _, why in missing),
                "; ".join(f"the parameter `{id}` is not known: {why.en}" for _, id, why in missing),
            )
        for pattern in monitor.patterns:
            if pattern.derived and all(pattern.type.id != m.id for m in acting):
                return Words(
                    f"所依据的“{pattern.type.term}”没有运行", f"`{pattern.type.id}`, on which it rests, does not act"
                )
        return None

    # -- one monitor ---------------------------------------------------------------------------------------------

    def _planned(self, place: int, monitor: Monitor) -> PlannedMonitor:
        places = {pattern.alias: number for number, pattern in enumerate(monitor.patterns)}
        patterns = [self._pattern(place, number, p, monitor, places) for number, p in enumerate(monitor.patterns)]
        clock = [
            Join(NOW, sign, places[p.alias], self._name(p, expr)) for p in monitor.patterns for sign, expr in p.clocked
        ]
        if clock or monitor.absent is not None:
            patterns.append(Pattern(CLOCK, (), tuple(clock)))
        absent = None
        if monitor.absent is not None:
            absent = self._pattern(place, len(monitor.patterns), monitor.absent, monitor, places)
        by_alias = {pattern.alias: pattern for pattern in monitor.patterns}
        for pattern in monitor.patterns:
            if _is_table(pattern):
                self._row_joins.setdefault(pattern.type.id, []).append(_row_joins(pattern, monitor, by_alias))
        each = []
        for alias, name in monitor.each:
            if name:
                self._raw(by_alias[alias], name)
            each.append((places[alias], name))
        gives = tuple(Gives(g.field.id, places[g.alias], self._name(by_alias[g.alias], g.expr)) for g in monitor.gives)
        for given in monitor.gives:
            self._moments.setdefault(by_alias[given.alias].type.id, []).extend(_days_in(given.expr))
        return PlannedMonitor(tuple(patterns), absent, tuple(each), monitor.id, gives)

    def _pattern(
        self, place: int, number: int, pattern: PatternOf, monitor: Monitor, places: Mapping[str, int]
    ) -> Pattern:
        tests: list[FieldTest] = []
        computed: list[Code] = []
        for condition in pattern.singles:
            test = self._test(pattern, condition)
            if test is not None:
                tests.append(test)
            else:
                assert condition.expr is not None
                computed.append(condition.expr.code)
                self._moments.setdefault(pattern.type.id, []).extend(condition.expr.moments)
        of_type = self._of_type(pattern)
        if pattern.aggregate is not None:
            name = f"={len(of_type.flags) + len(of_type.values) + len(of_type.counts)}"
            conditions = [c.expr.code for c in pattern.singles if c.expr is not None]
            of_type.counts.append(_Count(name, place, number, conditions, pattern.aggregate))
            return Pattern(pattern.type.id, (FieldTest(name, "==", 1),), self._joins(pattern, monitor, places))
        if computed:
            name = f"={len(of_type.flags) + len(of_type.values) + len(of_type.counts)}"
            of_type.flags.append((name, computed))
            tests.append(FieldTest(name, "==", 1))
        return Pattern(pattern.type.id, tuple(tests), self._joins(pattern, monitor, places))

    def _joins(self, pattern: PatternOf, monitor: Monitor, places: Mapping[str, int]) -> tuple[Join, ...]:
        by_alias = {p.alias: p for p in monitor.patterns}

        def join(of: JoinOf) -> Join:
            other = self._name(by_alias[of.alias], of.other)
            return Join(self._name(pattern, of.own), of.operator, places[of.alias], other)

        return tuple(join(of) for of in pattern.joins)

    def _test(self, pattern: PatternOf, condition: Resolved) -> FieldTest | None:
        """A condition an engine can test by itself: a field against a number known beforehand."""
        expr, comparison = condition.expr, condition.comparison
        if expr is not None and expr.field:
            self._raw(pattern, expr.field)
            return FieldTest(expr.field, "==", 1)
        if comparison is None:
            return None

        for side, other, sign in (
            (comparison.left, comparison.right, comparison.operator),
            (comparison.right, comparison.left, MIRRORED[comparison.operator]),
        ):
            if side.field and other.constant:
                value = other.code({}, self._context)
                if isinstance(value, Fraction) and value.denominator != 1:
                    return None
                self._raw(pattern, side.field)
                return FieldTest(side.field, sign, _coder(side.type)(value, {}))
        return None

    # -- fields --------------------------------------------------------------------------------------------------

    def _of_type(self, pattern: PatternOf) -> _Computed:
        if pattern.type.rows is not None and not pattern.derived:
            self._tables[pattern.type.id] = pattern.type
            return _Computed()
        if pattern.derived:
            return _Computed()
        return self._by_type.setdefault(pattern.type.id, _Computed())

    def _raw(self, pattern: PatternOf, field_: str) -> None:
        declared = pattern.type.field(field_)
        assert declared is not None
        self._of_type(pattern).raw[field_] = _coder(declared.type)

    def _name(self, pattern: PatternOf, expr: Expr) -> str:
        """The engine's name for one side of a comparison; a side that has to be computed gets a field of its own."""
        if expr.field:
            self._raw(pattern, expr.field)
            return expr.field
        of_type = self._of_type(pattern)
        name = f"={len(of_type.flags) + len(of_type.values) + len(of_type.counts)}"
        of_type.values.append((name, expr.code, _coder(expr.type)))
        return name


def _is_table(pattern: PatternOf) -> bool:
    return pattern.type.rows is not None and not pattern.derived


def _row_joins(table: PatternOf, monitor: Monitor, by_alias: Mapping[str, PatternOf]) -> list[_RowJoin]:
    """The plain equalities between a table's row and records: where no record has the value, the row can join nothing."""
    found: list[_RowJoin] = []
    for pattern in monitor.patterns:
        for join in pattern.joins:
            other = by_alias[join.alias]
            sides = ((pattern, join.own, other, join.other), (other, join.other, pattern, join.own))
            for one, own, beside, field_ in sides:
                plain = join.operator == "==" and own.field and field_.field
                if one is table and plain and not beside.derived and not _is_table(beside):
                    found.append((own.field, beside.type.id, field_.field))
    return found


def _row_facts(table: RecordType) -> Iterator[Fact]:
    coders = {f.id: _coder(f.type) for f in table.fields}
    for number, row in enumerate(table.rows or ()):
        yield f"{table.id}#{number:04d}", table.id, {id: coders[id](value, {}) for id, value in row.values}


def _days_in(expr: Expr) -> list[Code]:

    return [expr.code] if isinstance(expr.type, Day) else []


def _coder(type_: Type) -> Coder:
    if isinstance(type_, Named) and type_.enumeration.values:
        numbers = {id: number for number, (id, _) in enumerate(type_.enumeration.values)}
        return lambda value, _texts: numbers[value]
    if isinstance(type_, TextType):
        return lambda value, texts: texts[value]
    if isinstance(type_, Quantity):
        return _whole
    return lambda value, _texts: int(value)


def _whole(value: Any, _texts: dict[str, int]) -> int:
    if Fraction(value).denominator != 1:
        raise ValueError("a fraction reached an engine")
    return int(value)


def _fields(computed: _Computed, record: DepartmentRecord, context: Context, texts: dict[str, int]) -> dict[str, int]:
    held = record.fields
    fields = {name: code(held[name], texts) for name, code in computed.raw.items() if name in held}
    for name, value_of, code in computed.values:
        value = value_of(held, context)
        if value is not None:
            fields[name] = code(value, texts)
    for name, conditions in computed.flags:
        fields[name] = int(all(condition(held, context) for condition in conditions))
    return fields


def _count(
    count: _Count, type_: str, records: list[DepartmentRecord], facts: list[Fact], context: Context
) -> dict[tuple[int, int, str], list[str]]:
    """Compute an aggregate on every record of its type, and keep which records were counted."""
    aggregate = count.aggregate
    series: dict[object, list[int]] = {}
    for number, record in enumerate(records):
        if record.type == type_:
            whose = "" if aggregate.text.household else record.fields.get("person", "")
            series.setdefault(whose, []).append(number)
    found: dict[tuple[int, int, str], list[str]] = {}
    limit = aggregate.limit.code({}, context)
    within = aggregate.within.code({}, context) if aggregate.within is not None else None
    unit = (
        str(aggregate.within.type.unit)
        if aggregate.within is not None and isinstance(aggregate.within.type, Quantity)
        else ""
    )
    breaks = [condition.expr.code for condition in aggregate.broken_by if condition.expr is not None]
    for numbers in series.values():
        meets = [n for n in numbers if all(condition(records[n].fields, context) for condition in count.conditions)]
        parting = [records[n].date for n in numbers if breaks and all(b(records[n].fields, context) for b in breaks)]
        for at, number in enumerate(meets):
            last = records[number].date
            members = [
                n
                for n in meets[: at + 1]
                if (within is None or add_duration(records[n].date, int(within), unit) >= last)
                and not any(records[n].date < day < last for day in parting)
            ]
            of = aggregate.text.of
            total = sum(int(records[n].fields.get(of, 0)) for n in members) if of else len(members)
            reached = total >= limit if aggregate.text.operator == ">=" else total > limit
            id, _, fields = facts[number]
            fields[count.name] = int(reached)
            if reached:
                found[count.monitor, count.pattern, id] = [facts[n][0] for n in members]
    return found
