"""What is declared to be none, for whole tables at once, by the meaning :mod:`minzheng_rules.case.declarations` gives it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import polars as pl

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.outline import NONE_OF, declarable_names, outline_of
from minzheng_rules.population.intake.filling import Doubts, of_rows
from minzheng_rules.population.intake.headers import Given, Headings
from minzheng_rules.population.intake.rows import Cells, Rows
from minzheng_rules.population.intake.values import Mask, Numbers

_BETWEEN = re.compile(r"[\s,，、;；]+")


def names_in(text: str) -> list[str]:
    """The names in a cell of the column ``declared_none``.

    >>> names_in("机动车、房屋 wages")
    ['机动车', '房屋', 'wages']
    """
    return [name for name in _BETWEEN.split(text.strip().strip("[]")) if name]


@dataclass(frozen=True)
class _Spoken:
    """What rows that declare the same declare: facts named themselves, facts filled where open, names for those below."""

    named: frozenset[str]
    filled: frozenset[str]
    below: tuple[str, ...]
    unknown: bool


def declare(
    given: Mapping[str, Given],
    headings: Mapping[str, Headings],
    tables: Mapping[str, Rows],
    of_all: Sequence[str],
    doubts: Doubts,
) -> None:
    """Fill in what was declared to be none: in the row that says so, and in the rows below it."""
    heard: dict[str, tuple[list[tuple[str, ...]], Numbers]] = {}
    for path, rows in tables.items():
        own_names, own = _own_declarations(given.get(path), headings.get(path), rows, doubts)
        passed_names, passed = _passed(rows, heard, tables, tuple(of_all))
        pairs, code = np.unique(own * len(passed_names) + passed, return_inverse=True)
        spoken = [
            _spoken(rows.layout.model, own_names[pair // len(passed_names)], passed_names[pair % len(passed_names)])
            for pair in pairs.tolist()
        ]
        _apply(rows, spoken, code, tables, doubts)
        heard[path] = [one.below for one in spoken], code.astype(np.int64)


def _own_declarations(
    table: Given | None, headings: Headings | None, rows: Rows, doubts: Doubts
) -> tuple[list[list[str]], Numbers]:
    nothing: tuple[list[list[str]], Numbers] = ([[]], np.zeros(rows.count, np.int64))
    if table is None or headings is None or headings.declared is None:
        return nothing
    column = of_rows(table.frame[headings.declared], rows)
    if isinstance(column.dtype, pl.List):
        column = column.list.eval(pl.element().cast(pl.String)).list.join(" ")
    if column.dtype != pl.String:
        doubts.mark(rows, column.is_not_null().to_numpy())
        return nothing
    different = column.unique().drop_nulls().to_list()
    if not different:
        return nothing
    said = column.replace_strict(different, list(range(1, len(different) + 1)), default=0, return_dtype=pl.Int64)
    return [[], *(names_in(text) for text in different)], said.fill_null(0).to_numpy()


def _passed(
    rows: Rows,
    heard: Mapping[str, tuple[list[tuple[str, ...]], Numbers]],
    tables: Mapping[str, Rows],
    of_all: tuple[str, ...],
) -> tuple[list[tuple[str, ...]], Numbers]:
    layout = rows.layout
    if layout.owner is None:
        return [of_all], np.zeros(rows.count, np.int64)
    spoken_for = {fact.id for fact in outline_of(tables[layout.owner].layout.model).spoken_for}
    if layout.field not in spoken_for:
        return [()], np.zeros(rows.count, np.int64)
    names, codes = heard[layout.owner]
    return names, codes[rows.owner]


def _spoken(model: type[Entity], own: Sequence[str], passed: Sequence[str]) -> _Spoken:
    outline, known = outline_of(model), declarable_names(model)
    named: set[str] = set()
    filled: set[str] = set()
    below: list[str] = []
    heard = [*own, *(name for name in passed if name in known)]
    for place, name in enumerate(heard):
        fact = outline.facts.get(outline.names.get(name, ""))
        if fact is not None:
            if fact.shape in NONE_OF:
                filled.add(fact.id)
                if place < len(own):
                    named.add(fact.id)
        elif name in outline.groups:
            filled |= {field for field in outline.groups[name] if outline.facts[field].shape in NONE_OF}
            if any(name in declarable_names(cast(type[Entity], fact.model)) for fact in outline.spoken_for):
                below.append(name)
        else:
            below.append(name)
    return _Spoken(frozenset(named), frozenset(filled), tuple(below), any(name not in known for name in own))


def _apply(rows: Rows, spoken: Sequence[_Spoken], code: Numbers, tables: Mapping[str, Rows], doubts: Doubts) -> None:
    doubts.mark(rows, np.array([one.unknown for one in spoken])[code])
    facts = dict.fromkeys(fact for one in spoken for fact in sorted(one.filled))
    for fact in facts:
        wanted = np.array([fact in one.filled for one in spoken])[code]
        named = np.array([fact in one.named for one in spoken])[code]
        if fact in rows.layout.lists:
            stated, something = _list_stated(rows, fact, tables)
        else:
            cells = rows.open_cells(fact)
            stated, something = cells.known, cells.known & (cells.numbers != 0)
        doubts.mark(rows, named & something)
        fill = wanted & ~stated
        declared = fill | named
        if declared.any():
            rows.declared[fact] = declared
        if fact in rows.layout.lists:
            rows.lists[fact] = rows.lists[fact] | fill
        else:
            rows.facts[fact] = Cells(np.where(fill, 0, cells.numbers), cells.known | fill)


def _list_stated(rows: Rows, field: str, tables: Mapping[str, Rows]) -> tuple[Mask, Mask]:
    below = tables.get(rows.layout.below(field))
    there = np.zeros(rows.count, bool)
    if below is not None:
        there[below.owner] = True
    return rows.lists[field], there
