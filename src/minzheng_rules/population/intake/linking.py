"""Which household and which person each row belongs to; rows that belong nowhere; keys that are there twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from minzheng_rules.case.refusals import shown
from minzheng_rules.population.intake.headers import Given, Headings
from minzheng_rules.population.intake.layout import TableLayout, keys_of
from minzheng_rules.population.intake.rows import Rows
from minzheng_rules.population.intake.values import Mask, Numbers, as_key, ids_held, plain
from minzheng_rules.problems import Place, Problem, Words

_LEFT_OUT = -1


@dataclass
class Linked:
    """The tables with every row in its place, and what had none."""

    tables: dict[str, Rows]
    ids: pl.Series
    """The household ids."""
    broken: Mask
    """Households whose rows cannot be told apart or which have rows nobody can place."""
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    """With the household, or -1 where a row belongs to none."""
    strays: dict[str, pl.Series] = field(default_factory=dict)
    """By table: the rows that belong to no household."""
    _indexes: dict[str, _Index] = field(default_factory=dict)

    def index(self, path: str, rows: Rows) -> _Index:
        """Where a table's rows are found, made when first asked for."""
        if path not in self._indexes:
            household = rows.household if path else np.zeros(rows.count, np.int64)
            self._indexes[path] = _Index.of(household, rows.ids)
        return self._indexes[path]


def link(given: Mapping[str, Given], found: Mapping[str, Headings], tables: Mapping[str, TableLayout]) -> Linked:
    """Put every row into its place."""
    linked = _roots(given[""], found[""])
    for path, layout in tables.items():
        if path and path in given and layout.owner in linked.tables:
            _place_rows(given[path], found[path], tables, linked)
    return linked


def _roots(table: Given, headings: Headings) -> Linked:
    assert headings.own is not None
    ids = as_key(plain(table.frame[headings.own]))
    count = len(ids)
    linked = Linked({}, ids, np.zeros(count, bool))
    numbers = np.arange(count, dtype=np.int64)
    for row in ids.is_null().arg_true().to_list():
        linked.broken[row] = True
        linked.problems.append((row, _no_key(table, row, headings.own)))
    twice = ids.is_duplicated() & ids.is_not_null()
    first: dict[str, int] = {}
    for row in twice.arg_true().to_list():
        id = ids[row]
        linked.broken[row] = True
        if id in first:
            linked.problems.append((row, _twice(table, row, headings.own, first[id])))
        else:
            first[id] = row
    holding = ids_held(ids)
    for row in np.flatnonzero(holding).tolist():
        linked.broken[row] = True
        linked.problems.append((row, _id_number(table, row, headings.own)))
    linked.tables[""] = Rows(table.layout, numbers, numbers, numbers, ids)
    return linked


def _place_rows(table: Given, headings: Headings, tables: Mapping[str, TableLayout], linked: Linked) -> None:
    layout, count = table.layout, table.frame.height
    household_column, *person_columns = headings.keys
    households = as_key(plain(table.frame[household_column]))
    household = linked.index("", linked.tables[""]).find(np.zeros(count, np.int64), households)
    owner = household
    above = layout.owner
    keys = keys_of(layout, tables)
    if person_columns and above is not None:
        # Rows further down name their owner by its id; ids are unique in a household.
        rows = linked.tables[above]
        names = as_key(plain(table.frame[person_columns[-1]]))
        owner = linked.index(above, rows).find(household, names)
        _tell_strays(table, names, household >= 0, owner, person_columns[-1], keys[-1], linked, household)
    _tell_strays(table, households, np.ones(count, bool), household, household_column, keys[0], linked, household)
    there = np.flatnonzero((household >= 0) & (owner >= 0))
    if len(there) < count:
        lost = np.ones(count, bool)
        lost[there] = False
        linked.strays[layout.path] = pl.Series(np.flatnonzero(lost & (household < 0)))
    order = there
    if len(there) and not (np.diff(owner[there]) >= 0).all():
        order = there[np.argsort(owner[there], kind="stable")]
    own = (
        pl.Series([None] * count, dtype=pl.String) if headings.own is None else as_key(plain(table.frame[headings.own]))
    )
    rows_ = Rows(
        layout,
        household[order],
        owner[order],
        order.astype(np.int64),
        own.gather(order),
    )
    linked.tables[layout.path] = rows_
    if layout.single and len(order):
        again = np.concatenate([[False], np.diff(rows_.owner) == 0])
        for row in np.flatnonzero(again).tolist():
            linked.broken[rows_.household[row]] = True
            linked.problems.append((int(rows_.household[row]), _second(table, int(rows_.source[row]))))


@dataclass(frozen=True)
class _Names:
    """The different names of a table, each with a number."""

    numbers: pl.DataFrame

    @classmethod
    def of(cls, names: pl.Series) -> _Names:
        different = names.drop_nulls().unique(maintain_order=True).alias("name")
        return cls(different.to_frame().with_row_index("number"))

    def number(self, names: pl.Series) -> Numbers:
        """The number of each name, -1 where it is none of them."""
        met = names.alias("name").to_frame().join(self.numbers, on="name", how="left", maintain_order="left")
        return met["number"].cast(pl.Int64).fill_null(_LEFT_OUT).to_numpy()


@dataclass(frozen=True)
class _Index:
    """Where the rows of a table are that others refer to, by the household and a name within it."""

    names: _Names
    keys: Numbers
    """Ascending: the household times the number of names, and the number of the name."""
    places: Numbers

    @classmethod
    def of(cls, household: Numbers, names: pl.Series) -> _Index:
        known = _Names.of(names)
        numbers = known.number(names)
        there = np.flatnonzero(numbers >= 0)
        keys = household[there] * max(known.numbers.height, 1) + numbers[there]
        if not (np.diff(keys) > 0).all():
            order = np.argsort(keys, kind="stable")
            keys, there = keys[order], there[order]
        return cls(known, keys, there)

    def find(self, household: Numbers, names: pl.Series) -> Numbers:
        """The row of each name in its household, the first of equal ones; -1 where there is none."""
        numbers = self.names.number(names)
        wanted = household * max(self.names.numbers.height, 1) + numbers
        found = np.full(len(wanted), _LEFT_OUT, np.int64)
        if not len(self.keys):
            return found
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        met = (numbers >= 0) & (household >= 0) & (self.keys[at] == wanted)
        found[met] = self.places[at[met]]
        return found


def _tell_strays(
    table: Given,
    keys: pl.Series,
    asked: Mask,
    found: Numbers,
    column: str,
    names: tuple[str, str],
    linked: Linked,
    household: Numbers,
) -> None:
    for row in np.flatnonzero(asked & (found < 0)).tolist():
        number = int(household[row])
        if number >= 0:
            linked.broken[number] = True
        problem = _no_key(table, row, column) if keys[row] is None else _orphan(table, row, column, keys[row], names)
        linked.problems.append((number, problem))


# --- wording ---


def place_in(table: Given, row: int, column: str | None) -> Place:
    """Where a cell is: the table or file, the row counted as its reader counts, the column."""
    number = 0 if column is None else table.frame.columns.index(column) + 1
    return Place(table.label, row + table.first_line, number, path=(column or "").strip())


def _no_key(table: Given, row: int, column: str) -> Problem:
    return Problem(
        "table.no-key",
        Words("这一行没有写明属于谁", "this row does not say whose it is"),
        place_in(table, row, column),
        Words("补上编号", "enter the id"),
    )


def _orphan(table: Given, row: int, column: str, key: str, names: tuple[str, str]) -> Problem:
    said = shown(key)
    return Problem(
        "table.orphan-row",
        Words(
            f"没有编号为{said.zh}的{names[1].removesuffix('编号')}",
            f"there is no {names[0].removesuffix('_id')} {said.en}",
        ),
        place_in(table, row, column),
        Words("改正编号，或删去这一行", "correct the id, or remove the row"),
    )


def _twice(table: Given, row: int, column: str, first: int) -> Problem:
    said, line = shown(table.frame[column][row]), first + table.first_line
    return Problem(
        "table.duplicate-key",
        Words(f"编号{said.zh}重复：第 {line} 行已用", f"id {said.en} is used twice, first in row {line}"),
        place_in(table, row, column),
        Words("每户一个编号，只占一行", "each household has one id and one row"),
    )


def _second(table: Given, row: int) -> Problem:
    return Problem(
        "table.second-row",
        Words("只能有一行，这里是又一行", "there can be one row only, and this is another"),
        place_in(table, row, None),
    )


def _id_number(table: Given, row: int, column: str) -> Problem:
    return Problem(
        "id-number",
        Words("家庭编号不得是身份证号", "a household's id must not be an ID number"),
        place_in(table, row, column),
        Words("改用户号，或给每户另编一个号", "use the number of its file, or number the households"),
    )


def findings_of(problems: list[tuple[int, Problem]]) -> Iterator[Problem]:
    """The problems alone, in the order of tables and rows."""
    yield from (problem for _, problem in problems)
