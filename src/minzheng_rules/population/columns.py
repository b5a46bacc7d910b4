"""Many cases as columns: what the population engine computes on.

One :class:`Table` holds all items of one list of all households, in order, so that what belongs to one household lies together. Numbers
are whole: money in fen, days as proleptic ordinals, named values as their place in the enumeration. What is not known carries
a mask and nothing else; what it may be follows from the fact's declared range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]

FINDING = "finding:"
"""What the name of a column of findings begins with; the rule's id or term follows."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One fact of every row of a table.

    ``values`` are whole numbers: a quantity times ``10 ** places`` (money has two places and is thus in fen), a day as
    ``date.toordinal()``, yes or no as 1 or 0, a named value as its place in its enumeration, a text as its place in
    :attr:`Columns.texts`, a reference as the row in the table it points to. ``known`` says of which rows the fact is known;
    ``None`` means of all. The value of a row that is not known is never read.

    >>> Column(np.array([182010, 0]), known=np.array([True, False]), places=2).has_unknowns
    True
    """

    values: Integers | Mask
    known: Mask | None = None
    places: int = 0
    """By how many decimals a quantity was moved; 2 for money."""
    tables: tuple[str, ...] = ()
    """Of a reference: the paths of the tables it may point to."""
    which: Integers | None = None
    """Of a reference: the place in ``tables`` of the table each row points to; ``None`` is the first for all."""

    @property
    def has_unknowns(self) -> bool:
        """Whether the fact is unknown of some row."""
        return self.known is not None and not bool(self.known.all())

    def rows(self, rows: slice, moved: Mapping[str, int] | None = None) -> Column:
        """Some consecutive rows, without copying; ``moved`` says by how much the rows of tables pointed to have moved."""
        values: Any = self.values[rows]
        which = None if self.which is None else self.which[rows]
        if self.tables and moved is not None:
            by = np.array([moved.get(path, 0) for path in self.tables], dtype=np.int64)
            if by.any():
                values = values - (by[0] if which is None else by[which])
        return Column(values, None if self.known is None else self.known[rows], self.places, self.tables, which)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """All items of one list, of all households.

    ``path`` is ``""`` for the root kind, else the field names of the lists that lead to it, such as ``members`` or
    ``members.wages``. ``parent`` gives for each row the row it belongs to in the table above, ascending; the root has none. A fact
    without a column is unknown of every row. What was declared to be none is folded in already: an empty list, zero, no.

    >>> Table("", "household", 2, columns={"cars": Column(np.array([0, 1]))}).above
    ''
    """

    path: str
    kind: str
    count: int
    parent: Integers | None = None
    columns: Mapping[str, Column] = field(default_factory=dict)
    """By fact; findings entered with the case under ``finding:`` and the name they were entered with."""
    lists: Mapping[str, Mask | None] = field(default_factory=dict)
    """By list: of which rows it is known, ``None`` for all. A list that is not named is known of all rows if it has a table of its own,
    else of none. An unknown list is not an empty one. A single thing of a row's own is a list of one or none, named here."""

    @property
    def above(self) -> str:
        """The path of the table the rows belong to."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The list's field in the table above."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, eq=False)
class Columns:
    """A whole population: one table per list, with the texts its columns refer to.

    >>> households = Table("", "household", 2)
    >>> members = Table("members", "member", 3, parent=np.array([0, 1, 1]))
    >>> population = Columns({"": households, "members": members})
    >>> population.households, population.persons(), population.slice(1, 2).tables["members"].count
    (2, 3, 2)
    """

    tables: Mapping[str, Table]
    """By path; the root's is ``""``. Tables above come before those below."""
    texts: tuple[str, ...] = ()
    """Every text of the population once; text columns hold places in it."""

    @property
    def households(self) -> int:
        """How many cases there are."""
        return self.tables[""].count

    def persons(self, path: str = "members") -> int:
        """How many rows a table has."""
        table = self.tables.get(path)
        return 0 if table is None else table.count

    def starts(self, path: str) -> npt.NDArray[np.int64]:
        """Where the rows of each row of the table above begin, and at the end the number of rows.

        >>> members = Table("members", "member", 3, parent=np.array([0, 2, 2]))
        >>> Columns({"": Table("", "household", 3), "members": members}).starts("members")
        array([0, 1, 1, 3])
        """
        return self._starts[path]

    @cached_property
    def _starts(self) -> dict[str, npt.NDArray[np.int64]]:
        found = {}
        for path, table in self.tables.items():
            if path:
                counts = np.bincount(_parent(table), minlength=self.tables[table.above].count)
                found[path] = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
        return found

    def bounds(self, start: int, stop: int) -> dict[str, tuple[int, int]]:
        """The rows of every table that belong to the households from ``start`` up to ``stop``."""
        rows = {"": (start, stop)}
        for path, table in self.tables.items():
            if path:
                first, last = rows[table.above]
                starts = self._starts[path]
                rows[path] = int(starts[first]), int(starts[last])
        return rows

    def slice(self, start: int, stop: int) -> Columns:
        """The households from ``start`` up to ``stop`` with all that belongs to them; columns are views, parents count anew."""
        rows = self.bounds(start, stop)
        moved = {path: first for path, (first, _) in rows.items()}
        tables = {}
        for path, table in self.tables.items():
            part = slice(*rows[path])
            tables[path] = Table(
                path,
                table.kind,
                rows[path][1] - rows[path][0],
                None if table.parent is None else table.parent[part] - moved[table.above],
                {name: column.rows(part, moved) for name, column in table.columns.items()},
                {name: None if known is None else known[part] for name, known in table.lists.items()},
            )
        return Columns(tables, self.texts)

    def take(self, households: npt.NDArray[np.int64]) -> Columns:
        """Some households, by ascending number, with all that belongs to them.

        >>> members = Table("members", "member", 3, parent=np.array([0, 1, 1]))
        >>> population = Columns({"": Table("", "household", 2), "members": members})
        >>> population.take(np.array([1])).tables["members"].parent.tolist()
        [0, 0]
        """
        rows: dict[str, npt.NDArray[np.int64]] = {"": households}
        place: dict[str, npt.NDArray[np.int64]] = {}
        for path, table in self.tables.items():
            if path:
                there = place[table.above]
                rows[path] = np.flatnonzero(there[_parent(table)] >= 0)
            place[path] = np.full(table.count, -1, np.int64)
            place[path][rows[path]] = np.arange(rows[path].size)
        tables = {}
        for path, table in self.tables.items():
            chosen = rows[path]
            tables[path] = Table(
                path,
                table.kind,
                chosen.size,
                None if table.parent is None else place[table.above][table.parent[chosen]],
                {name: _taken(column, chosen, place) for name, column in table.columns.items()},
                {name: None if known is None else known[chosen] for name, known in table.lists.items()},
            )
        return Columns(tables, self.texts)

    def household_of(self, path: str) -> npt.NDArray[np.int64]:
        """For every row of a table, the household it belongs to."""
        if not path:
            return np.arange(self.households, dtype=np.int64)
        table = self.tables[path]
        if not table.above:
            return _parent(table).astype(np.int64, copy=False)
        return self.household_of(table.above)[_parent(table)]

    def blocks(self, households: int) -> Iterator[tuple[int, int]]:
        """The population in blocks of so many whole households: where each starts and stops."""
        for start in range(0, self.households, households):
            yield start, min(start + households, self.households)


def _taken(column: Column, rows: npt.NDArray[np.int64], place: Mapping[str, npt.NDArray[np.int64]]) -> Column:
    """Some rows of a column; references point to where their rows have gone."""
    values: Any = column.values[rows]
    known = None if column.known is None else column.known[rows]
    which = None if column.which is None else column.which[rows]
    if column.tables:
        moved = np.zeros(rows.size, np.int64)
        for number, path in enumerate(column.tables):
            here = np.ones(rows.size, bool) if which is None else which == number
            if known is not None:
                here = here & known
            moved[here] = place[path][values[here]]
        values = moved
    return Column(values, known, column.places, column.tables, which)


def _parent(table: Table) -> Integers:
    if table.parent is None:
        raise ValueError(f"the table {table.path} does not say to what its rows belong")
    return table.parent
