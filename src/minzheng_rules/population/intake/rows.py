"""The rows of a table on their way in: numbers, masks, and to whom each row belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from minzheng_rules.population.columns import Column, Columns, Table
from minzheng_rules.population.intake.layout import TableLayout
from minzheng_rules.population.intake.values import Mask, Numbers, Texts

FINDING_PLACES = 6
"""How many decimals a number somebody found may have."""


@dataclass
class Cells:
    """One column: what it says, and of which rows it is known."""

    numbers: Numbers
    known: Mask

    def take(self, rows: NDArray[np.int64]) -> Cells:
        """Some of the rows."""
        return Cells(self.numbers[rows], self.known[rows])


@dataclass
class Rows:
    """All rows of one table, household by household.

    ``facts`` are what was stated or declared, before anything that follows from it is filled in.
    """

    layout: TableLayout
    household: Numbers
    owner: Numbers
    """The row of the table above each row belongs to; for the root its own number."""
    source: Numbers
    """The row in the table that was given; -1 for a row that came from elsewhere."""
    ids: pl.Series
    """Text; null where a row has no id."""
    facts: dict[str, Cells] = field(default_factory=dict)
    lists: dict[str, Mask] = field(default_factory=dict)
    """By list: of which rows it is known."""
    declared: dict[str, Mask] = field(default_factory=dict)
    """By fact: of which rows it was declared to be none."""
    origins: dict[tuple[str, str], Mask] = field(default_factory=dict)
    """By fact and origin, such as ``("birth_date", "id_number")``."""
    findings: dict[str, tuple[Cells, int]] = field(default_factory=dict)
    """By the name they were entered with; with 0 decimals they are yes or no."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.household)

    def cells(self, fact: str) -> Cells | None:
        """A fact's column; ``None`` if it is unknown of everybody."""
        found = self.facts.get(fact)
        return found if found is not None and found.known.any() else None

    def open_cells(self, fact: str) -> Cells:
        """A fact's column, made unknown of everybody if there was none."""
        if fact not in self.facts:
            self.facts[fact] = Cells(np.zeros(self.count, np.int64), np.zeros(self.count, bool))
        return self.facts[fact]

    def take(self, rows: NDArray[np.int64]) -> Rows:
        """Some of the rows; ``owner`` still counts the rows of the table above as it was."""
        return Rows(
            self.layout,
            self.household[rows],
            self.owner[rows],
            self.source[rows],
            self.ids.gather(rows),
            {name: cells.take(rows) for name, cells in self.facts.items()},
            {name: mask[rows] for name, mask in self.lists.items()},
            {name: mask[rows] for name, mask in self.declared.items()},
            {name: mask[rows] for name, mask in self.origins.items()},
            {name: (cells.take(rows), places) for name, (cells, places) in self.findings.items()},
        )


def starts(rows: Rows, above: int) -> Numbers:
    """Where the rows of each row above begin, and at the end how many rows there are."""
    counts = np.bincount(rows.owner, minlength=above)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def chosen(tables: Mapping[str, Rows], keep: Mask) -> dict[str, Rows]:
    """The tables without the households that are not kept, households counted anew."""
    if keep.all():
        return dict(tables)
    new_household = np.cumsum(keep) - 1
    found: dict[str, Rows] = {}
    renumbered: dict[str, Numbers] = {}
    for path, rows in tables.items():
        stays = keep[rows.household]
        taken = rows.take(np.flatnonzero(stays))
        taken.household = new_household[taken.household]
        owner = rows.layout.owner
        taken.owner = taken.household if owner is None else renumbered[owner][taken.owner]
        renumbered[path] = np.cumsum(stays) - 1
        found[path] = taken
    return found


def joined(first: Mapping[str, Rows], second: Mapping[str, Rows]) -> dict[str, Rows]:
    """The rows of two sets of households, in the order of their households."""
    found: dict[str, Rows] = {}
    moved: dict[str, Numbers] = {}
    for path in (*first, *(path for path in second if path not in first)):
        one, other = first.get(path), second.get(path)
        layout = (one or other).layout  # type: ignore[union-attr]  # one of them has the table
        parts = [part for part in (one, other) if part is not None]
        offset = 0 if layout.owner is None or layout.owner not in first else first[layout.owner].count
        owners = [part.owner + (offset if part is other else 0) for part in parts]
        together = _stacked(layout, parts)
        together.owner = np.concatenate(owners)
        if layout.owner is not None:
            together.owner = moved[layout.owner][together.owner]
        order = np.lexsort((np.arange(together.count), together.owner, together.household))
        sorted_ = together.take(order.astype(np.int64))
        place = np.empty(together.count, np.int64)
        place[order] = np.arange(together.count)
        moved[path] = place
        if layout.owner is None:
            sorted_.owner = sorted_.household
        found[path] = sorted_
    return found


def _stacked(layout: TableLayout, parts: list[Rows]) -> Rows:
    def masks(of: str) -> dict[object, Mask]:
        names = dict.fromkeys(name for part in parts for name in getattr(part, of))
        return {
            name: np.concatenate([getattr(part, of).get(name, np.zeros(part.count, bool)) for part in parts])
            for name in names
        }

    facts = {
        name: Cells(*_concatenated([part.facts.get(name) for part in parts], parts))
        for name in dict.fromkeys(name for part in parts for name in part.facts)
    }
    findings = {}
    for name in dict.fromkeys(name for part in parts for name in part.findings):
        found = [part.findings.get(name) for part in parts]
        places = max(entry[1] for entry in found if entry is not None)
        findings[name] = Cells(*_concatenated([None if e is None else e[0] for e in found], parts)), places
    return Rows(
        layout,
        np.concatenate([part.household for part in parts]),
        np.zeros(sum(part.count for part in parts), np.int64),
        np.concatenate([part.source for part in parts]),
        pl.concat([part.ids for part in parts]),
        facts,
        masks("lists"),  # type: ignore[arg-type]  # keyed by field
        masks("declared"),  # type: ignore[arg-type]
        masks("origins"),  # type: ignore[arg-type]
        findings,
    )


def _concatenated(cells: Iterable[Cells | None], parts: list[Rows]) -> tuple[Numbers, Mask]:
    made = [
        Cells(np.zeros(part.count, np.int64), np.zeros(part.count, bool)) if cell is None else cell
        for cell, part in zip(cells, parts, strict=True)
    ]
    return np.concatenate([cell.numbers for cell in made]), np.concatenate([cell.known for cell in made])


# --- out of the door ---


def columns_of(tables: Mapping[str, Rows], references: Mapping[str, Mapping[str, Column]], texts: Texts) -> Columns:
    """The finished columns."""
    made = {path: _table(path, rows, references.get(path, {})) for path, rows in tables.items()}
    return Columns(made, tuple(texts.listed()))


def _table(path: str, rows: Rows, references: Mapping[str, Column]) -> Table:
    columns: dict[str, Column] = {}
    for id, fact in rows.layout.facts.items():
        if fact.shape == "ref":
            if id in references:
                columns[id] = references[id]
            continue
        cells = rows.cells(id)
        if cells is not None:
            columns[id] = _column(cells, fact.places)
    for name, (cells, places) in rows.findings.items():
        columns[f"finding:{name}"] = _column(cells, places)
    lists = {
        name: None if mask.all() else mask
        for name, mask in ((name, rows.lists.get(name, np.zeros(rows.count, bool))) for name in rows.layout.lists)
    }
    parent = None if rows.layout.owner is None else rows.owner
    return Table(path, rows.layout.kind, rows.count, parent, columns, lists)


def _column(cells: Cells, places: int) -> Column:
    return Column(_narrow(cells.numbers), None if cells.known.all() else cells.known, places)


def _narrow(numbers: Numbers) -> NDArray[np.integer]:
    """The same numbers in as few bytes as they need."""
    if not len(numbers):
        return numbers
    low, high = int(numbers.min()), int(numbers.max())
    for narrow in (np.int8, np.int16, np.int32):
        if np.iinfo(narrow).min <= low and high <= np.iinfo(narrow).max:
            return numbers.astype(narrow)
    return numbers
