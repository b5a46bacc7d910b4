"""Random monitors and records, and what they mean said once more, plainly: each condition is drawn with its own meaning.

Nothing here knows of plans, facts or engines; that is the point.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from hypothesis import strategies as st

_FIELDS = "{amount: {term: 数额, unit: yuan, optional: true}, shade: {term: 深浅度, type: 深浅}, open: {term: 公开, type: bool}}"
TYPES = "\n".join(
    [
        "layer: zhejiang",
        "enums:",
        "  shade: {term: 深浅, values: {light: 浅, dark: 深, grey: 灰}}",
        "records:",
        *(
            f"  {id}: {{term: {term}, source: [部门], fields: {_FIELDS}}}"
            for id, term in (("alpha", "记录甲"), ("beta", "记录乙"), ("gamma", "记录丙"))
        ),
    ]
)
IDS = {"记录甲": "alpha", "记录乙": "beta", "记录丙": "gamma"}
FIRST = dt.date(2025, 1, 31)
AS_OF = dt.date(2025, 6, 30)
REVIEW_MONTHS = 3
"""死亡核查期限, the parameter the conditions use."""

Row = dict[str, Any]
Single = Callable[[Row, dt.date], bool]
Pair = Callable[[Row, Row], bool]


def later(day: dt.date, months: int) -> dt.date:
    """A day so many months on, reckoned apart from the library."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    last = (dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(1)).day
    return dt.date(year, month + 1, min(day.day, last))


SINGLES: tuple[tuple[str, Single], ...] = (
    ("公开", lambda r, _: r["open"]),
    ("not 公开", lambda r, _: not r["open"]),
    ("深浅度 == 浅", lambda r, _: r["shade"] == "light"),
    ("深浅度 in [深, 灰]", lambda r, _: r["shade"] in ("dark", "grey")),
    ("数额 > 0", lambda r, _: r.get("amount") is not None and r["amount"] > 0),
    ("数额 > 0 or 公开", lambda r, _: (r.get("amount") is not None and r["amount"] > 0) or r["open"]),
    ("未填(数额) or 公开", lambda r, _: r.get("amount") is None or r["open"]),
    ("基准日 > 日期 + 死亡核查期限", lambda r, day: day > later(r["date"], REVIEW_MONTHS)),
    ("基准日 <= 日期 + 死亡核查期限", lambda r, day: day <= later(r["date"], REVIEW_MONTHS)),
)
PAIRS: tuple[tuple[str, Pair], ...] = (
    ("人员 == {o}.人员", lambda r, o: r["person"] == o["person"]),
    ("人员 != {o}.人员", lambda r, o: r["person"] != o["person"]),
    ("日期 >= {o}.日期", lambda r, o: r["date"] >= o["date"]),
    ("日期 < {o}.日期 + 死亡核查期限", lambda r, o: r["date"] < later(o["date"], REVIEW_MONTHS)),
    (
        "月份(日期) == 月份({o}.日期)",
        lambda r, o: (r["date"].year, r["date"].month) == (o["date"].year, o["date"].month),
    ),
    ("深浅度 != {o}.深浅度", lambda r, o: r["shade"] != o["shade"]),
    (
        "数额 <= {o}.数额",
        lambda r, o: r.get("amount") is not None and o.get("amount") is not None and r["amount"] <= o["amount"],
    ),
)
GIVEN = ("人员 == {o}.person", "日期 > {o}.date")
"""What can be said of a fact another monitor gives: its fields as they are."""
_GIVEN_MEANS: tuple[Pair, ...] = (lambda r, o: r["person"] == o["person"], lambda r, o: r["date"] > o["date"])


@dataclass
class Pattern:
    """One pattern: what it is written as, and what it means."""

    type: str
    singles: list[int] = field(default_factory=list)
    joins: list[tuple[int, int]] = field(default_factory=list)
    """Which of :data:`PAIRS` (or of :data:`GIVEN`), with which earlier pattern."""


@dataclass
class Drawn:
    """A monitor: patterns p0, p1 …, one that is absent, and which tell warnings apart."""

    name: str
    patterns: list[Pattern]
    absent: Pattern | None
    each: list[int]
    level: bool

    def yaml(self, derived: set[str]) -> str:
        """The monitor as its author would write it."""
        lines = [f"  {self.name}:", f"    term: 监测{self.name}", "    cite: M57#30", "    when:"]
        lines += [line for n, p in enumerate(self.patterns) for line in self._pattern(f"p{n}", p, derived)]
        if self.absent is not None:
            lines += ["    absent:", *self._pattern("none", self.absent, derived)]
        lines.append(f"    each: [{', '.join(f'p{n}' for n in self.each)}]")
        if self.each:
            first = f"p{self.each[0]}"
            names = ("person", "date") if self.patterns[self.each[0]].type in derived else ("人员", "日期")
            lines.append(f"    gives: {{person: {first}.{names[0]}, date: {first}.{names[1]}}}")
        if self.level:
            lines += ["    level: 黄", "    do: [{step: 看, step_en: look}]"]
        return "\n".join(lines)

    def _pattern(self, alias: str, pattern: Pattern, derived: set[str]) -> Iterator[str]:
        yield f"      {alias}:"
        yield f"        record: {'监测' + pattern.type if pattern.type in derived else pattern.type}"
        said = [SINGLES[n][0] for n in pattern.singles]
        said += [self._join(n, o, derived) for n, o in pattern.joins]
        if said:
            yield "        where:"
            yield from (f"          - {one}" for one in said)

    def _join(self, number: int, other: int, derived: set[str]) -> str:
        pairs = GIVEN if self.patterns[other].type in derived else [text for text, _ in PAIRS]
        return pairs[number].format(o=f"p{other}")


def means(monitors: list[Drawn], rows: list[Row], as_of: dt.date) -> set[tuple[str, tuple[str, ...]]]:
    """Which monitor warns for which records: every way to choose different records, tried one after another.

    A warning is named by its monitor and by the records (or facts, written out) that tell it apart.
    """
    facts: dict[str, list[Row]] = {}
    for row in rows:
        facts.setdefault(row["type"], []).append(row)
    derived = {monitor.name for monitor in monitors}
    found: set[tuple[str, tuple[str, ...]]] = set()
    for monitor in monitors:
        given: dict[str, Row] = {}
        needing = _compared_amounts(monitor, derived)
        candidates = [
            [row for row in _all(facts, p, as_of) if n not in needing or "amount" in row]
            for n, p in enumerate(monitor.patterns)
        ]
        for met in product(*candidates):
            if len({row["name"] for row in met}) < len(met) or not _holds(monitor, met, derived):
                continue
            absent = monitor.absent
            if absent is not None and any(
                row not in met and all(_means_of(monitor, o, derived)[n](row, met[o]) for n, o in absent.joins)
                for row in _all(facts, absent, as_of)
            ):
                continue
            key = tuple(met[n]["name"] for n in monitor.each)
            found.add((monitor.name, key))
            if monitor.each:
                first = met[monitor.each[0]]
                name = f"{monitor.name}({';'.join(key)})"
                given[name] = {"name": name, "type": monitor.name, "person": first["person"], "date": first["date"]}
        facts.setdefault(monitor.name, []).extend(given.values())
    return {(name, key) for name, key in found if next(m for m in monitors if m.name == name).level}


def _compared_amounts(monitor: Drawn, derived: set[str]) -> set[int]:
    """The patterns whose amount is compared with another's: a record without one is not met, rather than compared."""
    last = len(PAIRS) - 1
    needing: set[int] = set()
    for at, pattern in enumerate([*monitor.patterns, *([monitor.absent] if monitor.absent is not None else [])]):
        for number, other in pattern.joins:
            if number == last and monitor.patterns[other].type not in derived:
                needing |= {at, other}
    return needing


def _all(facts: dict[str, list[Row]], pattern: Pattern, as_of: dt.date) -> list[Row]:
    return [
        row
        for row in facts.get(IDS.get(pattern.type, pattern.type), [])
        if all(SINGLES[n][1](row, as_of) for n in pattern.singles)
    ]


def _holds(monitor: Drawn, met: tuple[Row, ...], derived: set[str]) -> bool:
    return all(
        _means_of(monitor, o, derived)[n](met[at], met[o])
        for at, pattern in enumerate(monitor.patterns)
        for n, o in pattern.joins
    )


def _means_of(monitor: Drawn, other: int, derived: set[str]) -> list[Pair]:
    return list(_GIVEN_MEANS) if monitor.patterns[other].type in derived else [meaning for _, meaning in PAIRS]


# -- drawing -----------------------------------------------------------------------------------------------------------


@st.composite
def monitor_sets(draw: st.DrawFn) -> list[Drawn]:
    """Some monitors, later ones of which may rest on earlier ones."""
    monitors: list[Drawn] = []
    for number in range(draw(st.sampled_from([2, 1, 3]))):
        giving = [m.name for m in monitors if m.each]
        patterns: list[Pattern] = []
        for place in range(draw(st.integers(1, 3))):
            patterns.append(_draw_pattern(draw, patterns, giving if place == 0 else []))
        absent = _draw_pattern(draw, patterns, []) if draw(st.booleans()) else None
        each = sorted(draw(st.sets(st.integers(0, len(patterns) - 1), max_size=len(patterns))))
        monitors.append(Drawn(f"m{number}", patterns, absent, each, draw(st.integers(0, 3)) > 0))
    return monitors


def _draw_pattern(draw: st.DrawFn, earlier: list[Pattern], giving: list[str]) -> Pattern:
    type_ = draw(st.sampled_from(giving if giving and draw(st.booleans()) else list(IDS)))
    singles = [] if type_ in giving else draw(st.lists(st.integers(0, len(SINGLES) - 1), max_size=1))
    pattern = Pattern(type_, singles)
    if earlier:
        for _ in range(draw(st.sampled_from([1, 0, 2]))):
            other = draw(st.integers(0, len(earlier) - 1))
            most = len(PAIRS) if earlier[other].type in IDS else len(GIVEN)
            pattern.joins.append((draw(st.integers(0, most - 1)), other))
    return pattern


@st.composite
def record_sets(draw: st.DrawFn) -> list[Row]:
    """Records of one household; some without an amount, which is then not known."""
    rows: list[Row] = []
    for number in range(draw(st.sampled_from([7, 6, 5, 4, 3, 2, 1, 0]))):
        type_ = draw(st.sampled_from(sorted(IDS.values())))
        row: Row = {
            "type": type_,
            "id": str(number),
            "name": f"{type_}/{number}",
            "person": draw(st.sampled_from(["A", "B"])),
            "date": FIRST + dt.timedelta(draw(st.integers(0, 140))),
            "shade": draw(st.sampled_from(["light", "dark", "grey"])),
            "open": draw(st.booleans()),
        }
        amount = draw(st.none() | st.integers(-1, 2))
        if amount is not None:
            row["amount"] = amount
        rows.append(row)
    return rows


def yaml_of(monitors: list[Drawn]) -> str:
    """A whole file with the monitors."""
    derived = {monitor.name for monitor in monitors}
    return "\n".join([TYPES, "monitors:", *(monitor.yaml(derived) for monitor in monitors)])
