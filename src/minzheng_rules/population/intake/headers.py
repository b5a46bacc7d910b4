"""Which column of a table is which fact; columns that are missing, unknown, or there twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from minzheng_rules.case.identity import holds_id_number, mask_id_numbers
from minzheng_rules.case.outline import NONE_OF, declarable_names, outline_of
from minzheng_rules.case.refusals import shown
from minzheng_rules.population.intake.layout import (
    DECLARED,
    FINDING,
    ID_NUMBER,
    SAME_AS,
    TOWN,
    WEIGHT,
    TableLayout,
    keys_of,
    table_called,
)
from minzheng_rules.problems import Place, Problem, Words, nearest

_NAMELESS = "__UNNAMED__"
"""How Polars calls columns of a workbook that have no heading."""
_NO_USE = Words(
    "用不着的列请写进 ignoring（不用的列），或用 --ignore 略过",
    "Columns of no use go into `ignoring`, or are named with --ignore",
)
REST = ("rest", "其余")
"""In ``unknown``: everything that has no column and no table."""


@dataclass(frozen=True)
class Given:
    """A table somebody gave."""

    layout: TableLayout
    frame: pl.DataFrame
    label: str
    """What messages call it: the file's name, or the table's."""
    first_line: int = 1
    """The line of its first row: 1 for a table in memory, 2 below the headings of a file."""


@dataclass
class Headings:
    """What the columns of a table mean."""

    keys: list[str] = field(default_factory=list)
    """Columns that place a row, outermost first; a name that is not there is empty."""
    own: str | None = None
    """The column that names the row itself."""
    facts: dict[str, str] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)
    """By list: the column that says how many rows it has."""
    findings: dict[str, str] = field(default_factory=dict)
    declared: str | None = None
    same_as: str | None = None
    id_number: str | None = None
    weight: str | None = None
    town: str | None = None

    def used(self) -> dict[str, str]:
        """Every fact or special name that has a column, and the column."""
        special = {"declared_none": self.declared, "same_as": self.same_as, "id_number": self.id_number, "id": self.own}
        return {**self.facts, **{name: column for name, column in special.items() if column is not None}}


@dataclass(frozen=True)
class Declared:
    """What the caller declares of the tables as a whole: what nobody knows, and what nobody has."""

    unknown: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def excuses(self, layout: TableLayout, id: str, term: str) -> bool:
        """Whether a column or table may be missing."""
        if any(word in self.unknown for word in REST):
            return True
        names = {id, term, f"{layout.name}.{id}", f"{layout.term}.{term}"}
        return not names.isdisjoint(self.unknown) or not names.isdisjoint(self.none) or self._in_group(layout, id)

    def _in_group(self, layout: TableLayout, id: str) -> bool:
        groups = outline_of(layout.model).groups
        return any(id in groups.get(name, ()) for name in self.none)


def count_names(id: str, term: str) -> tuple[str, str]:
    """The column that says how many entries a list has: ``wages_count``, ``工资性收入项数``."""
    return f"{id}_count", f"{term}项数"


def headings(
    given: Given, tables: Mapping[str, TableLayout], ignoring: Collection[str], problems: list[Problem]
) -> Headings:
    """What each column means; a column that means nothing is a problem, with what may have been meant."""
    layout = given.layout
    meanings = _meanings(layout, tables)
    found = Headings(keys=[""] * len(keys_of(layout, tables)))
    taken: dict[tuple[str, str], str] = {}
    for number, column in enumerate(given.frame.columns, 1):
        word = column.strip()
        if column in ignoring or word in ignoring:
            continue
        meaning = meanings.get(word) or _finding(word)
        place = Place(given.label, max(given.first_line - 1, 0), number if given.first_line > 1 else 0)
        if meaning is None:
            nameless = not word or word.startswith(_NAMELESS)
            problems.append(
                _nameless_column(number, layout, place) if nameless else _unknown_column(word, layout, meanings, place)
            )
            continue
        if meaning in taken:
            problems.append(_twice(word, taken[meaning], place))
            continue
        taken[meaning] = column
        _note(found, meaning, column)
    return found


def _meanings(layout: TableLayout, tables: Mapping[str, TableLayout]) -> dict[str, tuple[str, str]]:
    """Every heading a table may have, in both languages, and what it means."""
    known: dict[str, tuple[str, str]] = {}
    for place, names in enumerate(keys_of(layout, tables)):
        known.update(dict.fromkeys(names, ("key", str(place))))
    known.update(dict.fromkeys((*layout.key, "id", "编号"), ("own", "")))
    for fact in layout.facts.values():
        known.update(dict.fromkeys((fact.id, fact.term), ("fact", fact.id)))
    for fact in layout.lists.values():
        known.update(dict.fromkeys(count_names(fact.id, fact.term), ("count", fact.id)))
    known.update(dict.fromkeys(DECLARED, ("declared", "")))
    if layout.is_people:
        known.update(dict.fromkeys(SAME_AS, ("same_as", "")))
        known.update(dict.fromkeys(ID_NUMBER, ("id_number", "")))
    if layout.owner is None:
        known.update(dict.fromkeys(WEIGHT, ("weight", "")))
        known.update(dict.fromkeys(TOWN, ("town", "")))
    return known


def _finding(word: str) -> tuple[str, str] | None:
    mark = next((mark for mark in FINDING if word.startswith(mark)), None)
    name = "" if mark is None else word.removeprefix(mark).strip()
    return ("finding", name) if name and not holds_id_number(name) else None


def _note(found: Headings, meaning: tuple[str, str], column: str) -> None:
    what, name = meaning
    if what == "key":
        found.keys[int(name)] = column
    elif what == "own":
        found.own = column
    elif what == "fact":
        found.facts[name] = column
    elif what == "count":
        found.counts[name] = column
    elif what == "finding":
        found.findings[name] = column
    else:
        setattr(found, what, column)


def _unknown_column(word: str, layout: TableLayout, meanings: Mapping[str, object], place: Place) -> Problem:
    said = shown(word)
    lists = {name: fact for fact in layout.lists.values() for name in (fact.id, fact.term)}
    guess = nearest(word, meanings)
    if word in lists:
        fact = lists[word]
        step = Words(
            f"“{fact.term}”是一张单独的表：各项一行，写明{layout.key[1]}",
            f"{fact.id} is a table of its own: one row for each entry, with {layout.key[0]}",
        )
    elif guess is not None:
        step = Words(f"是否指“{guess}”？{_NO_USE.zh}", f"did you mean {guess}? {_NO_USE.en}")
    else:
        step = _NO_USE
    what = Words(f"“{layout.term}”表没有{said.zh}这一列", f"table {layout.name} has no column {said.en}")
    return Problem("table.unknown-column", what, place, step)


def _nameless_column(number: int, layout: TableLayout, place: Place) -> Problem:
    what = Words(f"“{layout.term}”表的第 {number} 列没有列名", f"column {number} of table {layout.name} has no heading")
    return Problem("table.unknown-column", what, place, Words("补上列名，或删去这一列", "give it one, or delete it"))


def _twice(word: str, first: str, place: Place) -> Problem:
    here, there = shown(word), shown(first)
    return Problem(
        "table.column-twice",
        Words(f"{here.zh}和{there.zh}是同一列", f"{here.en} and {there.en} are the same column"),
        place,
        Words("只留一列", "keep one of them"),
    )


def missing(
    given: Mapping[str, Given], found: Mapping[str, Headings], tables: Mapping[str, TableLayout], declared: Declared
) -> Iterator[Problem]:
    """Columns and tables that are not there and that nobody declared unknown or none."""
    if "" not in given:
        layout = tables[""]
        step = Words(
            "文件或工作表应叫“家庭”；minzheng population template 给出空表",
            "its file or sheet is called `households`; `minzheng population template` makes an empty one",
        )
        what = Words(f"缺少“{layout.term}”表", f"the table {layout.name} is missing")
        yield Problem("table.missing", what, Place(), step)
        return
    for path, table in given.items():
        layout, headings_ = table.layout, found[path]
        keys = [names for names, column in zip(keys_of(layout, tables), headings_.keys, strict=True) if not column]
        if layout.owner is None and headings_.own is None:
            keys.append(layout.key)
        if headings_.own is None and any(below.layout.owner == path for below in given.values()):
            keys.append(layout.key)
        if keys:
            yield _missing_keys(table, list(dict.fromkeys(keys)))
        lacking = [
            (fact.id, fact.term)
            for fact in layout.facts.values()
            if fact.id not in headings_.facts and not declared.excuses(layout, fact.id, fact.term)
        ]
        if lacking:
            yield _missing_columns(table, lacking)
    lists = [
        tables[layout.below(fact.id)]
        for layout in (table.layout for table in given.values())
        for fact in layout.lists.values()
        if layout.below(fact.id) in tables
        and layout.below(fact.id) not in given
        and fact.id not in found[layout.path].counts
        and not declared.excuses(layout, fact.id, fact.term)
    ]
    if lists:
        yield _missing_tables(lists)


def _missing_keys(table: Given, keys: list[tuple[str, str]]) -> Problem:
    zh, en = "、".join(key[1] for key in keys), ", ".join(key[0] for key in keys)
    return Problem(
        "table.missing-key",
        Words(
            f"“{table.layout.term}”表缺少说明各行归属的列：{zh}",
            f"table {table.layout.name} lacks the key {en}",
        ),
        Place(table.label),
        Words("补上这一列，或把已有的列改成这个名称", "add it, or give the column that says it this heading"),
    )


def _missing_columns(table: Given, lacking: list[tuple[str, str]]) -> Problem:
    zh, en = "、".join(term for _, term in lacking), ", ".join(id for id, _ in lacking)
    return Problem(
        "table.missing-column",
        Words(f"“{table.layout.term}”表缺少这些列：{zh}", f"table {table.layout.name} lacks these columns: {en}"),
        Place(table.label),
        _EXCUSE,
    )


def _missing_tables(lists: list[TableLayout]) -> Problem:
    zh, en = "、".join(layout.term for layout in lists), ", ".join(layout.path for layout in lists)
    return Problem("table.missing", Words(f"缺少这些表：{zh}", f"these tables are missing: {en}"), Place(), _EXCUSE)


_EXCUSE = Words(
    "补上；没有人知道的写进 unknown（未知；--unknown 其余 指其余都不知道）；确实都没有的写进 declared_none（声明为无，--declared-none）",
    "add them; what nobody knows goes into `unknown` (--unknown rest for all the rest), what nobody has into `declared_none` "
    "(--declared-none)",
)


def misnamed(declared: Declared, tables: Mapping[str, TableLayout]) -> Iterator[Problem]:
    """Names in ``unknown`` and ``declared_none`` that mean nothing."""
    known: set[str] = set(REST)
    for layout in tables.values():
        for fact in (*layout.facts.values(), *layout.lists.values()):
            known |= {fact.id, fact.term, f"{layout.name}.{fact.id}", f"{layout.term}.{fact.term}"}
    yield from _misnamed(
        "unknown", (name for name in declared.unknown if name not in known and not table_called(name, tables)), known
    )
    declarable = declarable_names(tables[""].model)
    yield from _misnamed("declared_none", (name for name in declared.none if name not in declarable), set(declarable))


def _misnamed(where: str, names: Iterable[str], known: set[str]) -> Iterator[Problem]:
    for name in names:
        said, guess = mask_id_numbers(name), nearest(name, sorted(known))
        step = Words(f"是否指“{guess}”？", f"did you mean {guess}?") if guess else None
        yield Problem(
            "table.unknown-name",
            Words(f"{where} 中的“{said}”不是任何一列或一张表", f"{said} in `{where}` is no column and no table"),
            Place(path=where),
            step,
        )


def declarable(layout: TableLayout) -> list[str]:
    """The facts of a table that can be declared none, its lists among them."""
    return [fact.id for fact in (*layout.facts.values(), *layout.lists.values()) if fact.shape in NONE_OF]
