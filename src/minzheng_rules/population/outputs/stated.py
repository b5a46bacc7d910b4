"""A population back into tables: what was stated of everybody, as it could be entered again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from minzheng_rules.case.facts import FactType
from minzheng_rules.population.intake.headers import count_names
from minzheng_rules.population.intake.layout import DECLARED, FINDING, TOWN, WEIGHT, TableLayout, keys_of
from minzheng_rules.population.intake.rows import Cells, Rows


def stated_tables(
    tables: Mapping[str, Rows],
    texts: tuple[str, ...],
    weights: NDArray[np.int64] | None = None,
    weight_places: int = 0,
    towns: pl.Series | None = None,
    lang: str = "en",
) -> dict[str, pl.DataFrame]:
    """One frame per table that has rows, by name; facts unknown of everybody have no column."""
    layouts = {path: rows.layout for path, rows in tables.items()}
    found = {}
    for path, rows in tables.items():
        if path and not rows.count:
            continue
        columns = [*_keys(rows, tables, layouts, lang)]
        if not path and weights is not None:
            columns.append(decimals(_word(WEIGHT, lang), weights, np.ones(rows.count, bool), weight_places))
        if not path and towns is not None and towns.null_count() < len(towns):
            columns.append(towns.alias(_word(TOWN, lang)))
        columns += _facts(rows, texts, lang)
        columns += _counts(rows, tables, lang)
        columns += _declared(rows, lang)
        name = rows.layout.name if lang == "en" or not path else rows.layout.term
        found[name] = pl.DataFrame(columns)
    return found


def _word(names: tuple[str, str], lang: str) -> str:
    return names[0] if lang == "en" else names[1]


def _keys(rows: Rows, tables: Mapping[str, Rows], layouts: Mapping[str, TableLayout], lang: str) -> list[pl.Series]:
    layout = rows.layout
    if layout.owner is None:
        return [rows.ids.alias(_word(layout.key, lang))]
    columns: list[pl.Series] = []
    above, owner = layout.owner, rows.owner
    for key in reversed(keys_of(layout, layouts)):
        columns.insert(0, tables[above].ids.gather(owner).alias(_word(key, lang)))
        owner = tables[above].owner[owner]
        above = tables[above].layout.owner or ""
    if rows.ids.null_count() < rows.count:
        columns.append(rows.ids.alias(_word(layout.key, lang)))
    return columns


def _facts(rows: Rows, texts: tuple[str, ...], lang: str) -> list[pl.Series]:
    columns = []
    listed = pl.Series([*texts, None], dtype=pl.String)
    for id, fact in rows.layout.facts.items():
        cells = rows.cells(id)
        if cells is None:
            continue
        known = cells.known & ~rows.declared.get(id, np.zeros(rows.count, bool))
        if known.any():
            columns.append(_column(fact, Cells(cells.numbers, known), listed, id if lang == "en" else fact.term, lang))
    for name, (cells, places) in rows.findings.items():
        heading = f"{FINDING[0 if lang == 'en' else 2]}{name}"
        columns.append(
            pl.Series(heading, cells.numbers.astype(bool)).set(pl.Series(~cells.known), None)
            if places == 0
            else decimals(heading, cells.numbers, cells.known, places)
        )
    return columns


def _column(fact: FactType, cells: Cells, texts: pl.Series, heading: str, lang: str) -> pl.Series:
    unknown = pl.Series(~cells.known)
    match fact.shape:
        case "bool":
            return pl.Series(heading, cells.numbers.astype(bool)).set(unknown, None)
        case "enum":
            assert fact.enum is not None
            words = pl.Series([choice.value if lang == "en" else choice.term for choice in fact.enum] + [None])
            return words.gather(np.where(cells.known, cells.numbers, len(words) - 1)).alias(heading)
        case "date":
            days = pl.Series(heading, (np.where(cells.known, cells.numbers, 719163) - 719163).astype(np.int32))
            return days.cast(pl.Date).set(unknown, None)
        case "quantity":
            if fact.whole:
                return pl.Series(heading, cells.numbers).set(unknown, None)
            return decimals(heading, cells.numbers, cells.known, fact.places)
    return texts.gather(np.where(cells.known, cells.numbers, len(texts) - 1)).alias(heading)


def decimals(heading: str, numbers: NDArray[np.int64], known: NDArray[np.bool_], places: int) -> pl.Series:
    """Whole numbers as decimals with so many places, exactly; null where not known."""
    if not places:
        return pl.Series(heading, numbers).set(pl.Series(~known), None)
    by = 10**places
    shifted = pl.Series(heading, numbers).cast(pl.Decimal(38, places)) / pl.Series([by]).cast(pl.Decimal(38, 0))
    return shifted.cast(pl.Decimal(38, places)).alias(heading).set(pl.Series(~known), None)


def _counts(rows: Rows, tables: Mapping[str, Rows], lang: str) -> list[pl.Series]:
    """How many entries a list has, where it is known and not declared to be none."""
    columns = []
    for id, fact in rows.layout.lists.items():
        known = rows.lists[id] & ~rows.declared.get(id, np.zeros(rows.count, bool))
        below = tables.get(rows.layout.below(id))
        there = np.zeros(rows.count, np.int64)
        if below is not None:
            there = np.bincount(below.owner, minlength=rows.count)
        if (known & (there == 0)).any():
            heading = count_names(id, fact.term)[0 if lang == "en" else 1]
            columns.append(pl.Series(heading, there).set(pl.Series(~known), None))
    return columns


def _declared(rows: Rows, lang: str) -> list[pl.Series]:
    """The names each row declares to be none."""
    names = [name for name, mask in rows.declared.items() if mask.any()]
    if not names:
        return []
    facts = {**rows.layout.facts, **rows.layout.lists}
    marks = np.packbits(np.stack([rows.declared[name] for name in names]), axis=0).T
    different, code = np.unique(np.ascontiguousarray(marks), axis=0, return_inverse=True)
    words = []
    for bits in np.unpackbits(different, axis=1):
        said = [name for name, bit in zip(names, bits, strict=False) if bit]
        words.append(" ".join(name if lang == "en" else facts[name].term for name in said) or None)
    return [pl.Series(words, dtype=pl.String).gather(code.reshape(-1).astype(np.int64)).alias(_word(DECLARED, lang))]
