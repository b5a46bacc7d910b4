"""The cells of every row: facts, lists that are known to be empty, ID numbers used and dropped, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from minzheng_rules.case.enumerations import Sex
from minzheng_rules.case.refusals import shown
from minzheng_rules.population.intake.headers import Given, Headings
from minzheng_rules.population.intake.linking import place_in
from minzheng_rules.population.intake.rows import FINDING_PLACES, Cells, Rows
from minzheng_rules.population.intake.values import EPOCH, Mask, Numbers, Texts, ids_held, plain, read, scaled
from minzheng_rules.problems import Problem, Words

_ID_WEIGHTS = np.array([2 ** (17 - place) % 11 for place in range(17)])
_ID_ENDS = np.frombuffer(b"10X98765432", np.uint8)


@dataclass
class Doubts:
    """Which households the case model itself must look at, and which are surely broken."""

    look: Mask
    broken: Mask
    problems: list[tuple[int, Problem]] = field(default_factory=list)

    def mark(self, rows: Rows, where: Mask) -> None:
        """Have the households of these rows looked at."""
        if where.any():
            self.look[rows.household[where]] = True

    def refuse(self, household: int, problem: Problem) -> None:
        """A household that cannot be used, for a reason the case model knows nothing of."""
        self.broken[household] = True
        self.problems.append((household, problem))


def of_rows(column: pl.Series, rows: Rows) -> pl.Series:
    """A column of the given table in the order of the rows."""
    column = plain(column)
    in_order = rows.count == len(column) and bool((rows.source == np.arange(rows.count)).all())
    return column if in_order else column.gather(rows.source)


def fill_facts(given: Given, headings: Headings, rows: Rows, texts: Texts, doubts: Doubts) -> None:
    """Read every column that is a fact."""
    for id, fact in rows.layout.facts.items():
        if id not in headings.facts:
            continue
        cells = read(fact, of_rows(given.frame[headings.facts[id]], rows), texts)
        doubts.mark(rows, cells.doubtful)
        rows.facts[id] = Cells(cells.numbers, cells.known)
    if headings.own is not None and rows.layout.owner is not None:
        entered = of_rows(given.frame[headings.own], rows)
        doubts.mark(rows, (entered.is_not_null() & rows.ids.is_null()).to_numpy())
        doubts.mark(rows, ids_held(rows.ids))
    if headings.same_as is not None:
        # One person in two places: the appearances are joined by the case model.
        doubts.mark(rows, of_rows(given.frame[headings.same_as], rows).is_not_null().to_numpy())
    if headings.id_number is not None:
        _use_id_numbers(of_rows(given.frame[headings.id_number], rows), rows, doubts)
    for name, column in headings.findings.items():
        _fill_finding(name, of_rows(given.frame[column], rows), rows, doubts)


def fill_lists(
    given: Mapping[str, Given], headings: Mapping[str, Headings], tables: Mapping[str, Rows], doubts: Doubts
) -> None:
    """Which lists are known: those with rows, and those whose count is nought."""
    for path, rows in tables.items():
        for id, fact in rows.layout.lists.items():
            below = tables.get(rows.layout.below(id))
            there = np.zeros(rows.count, np.int64)
            if below is not None:
                there = np.bincount(below.owner, minlength=rows.count)
            known = there > 0
            column = headings[path].counts.get(id)
            if column is not None:
                counted = scaled(of_rows(given[path].frame[column], rows), 0)
                known |= _check_counts(given[path], column, counted, there, rows, doubts)
            if fact.at_least:
                doubts.mark(rows, known & (there < fact.at_least))
            rows.lists[id] = known


def _check_counts(
    given: Given, column: str, counted: pl.Series | None, there: Numbers, rows: Rows, doubts: Doubts
) -> Mask:
    """Where a list is said to be empty; a count that is not the number of its rows is a problem."""
    entered = of_rows(given.frame[column], rows)
    said = np.full(rows.count, -1, np.int64) if counted is None else counted.fill_null(-1).to_numpy()
    stated = entered.is_not_null().to_numpy()
    for row in np.flatnonzero(stated & (said != there)).tolist():
        what = shown(entered[row])
        problem = Problem(
            "table.count-differs",
            Words(
                f"这里写 {what.zh} 项，表中有 {there[row]} 行", f"it says {what.en}, and there are {there[row]} rows"
            ),
            place_in(given, int(rows.source[row]), column),
            Words("改正其一；不知道有没有的，这里留空", "correct one of them; leave it empty where nobody knows"),
        )
        doubts.refuse(int(rows.household[row]), problem)
    empty: Mask = stated & (said == 0)
    return empty


# --- ID numbers ---


def _use_id_numbers(column: pl.Series, rows: Rows, doubts: Doubts) -> None:
    """Birth date and sex from the numbers; what is not certainly in order is left to the case model."""
    there = column.is_not_null().to_numpy()
    if not there.any():
        return
    if column.dtype != pl.String:
        doubts.mark(rows, there)
        return
    upper = column.str.to_uppercase()
    shaped = upper.str.contains(r"^[0-9]{17}[0-9X]$").fill_null(False).to_numpy()
    days, valid, odd = _read_ids(upper, shaped)
    doubts.mark(rows, there & ~valid)
    sex = np.where(odd, list(Sex).index(Sex.MALE), list(Sex).index(Sex.FEMALE))
    for fact, read_off in (("birth_date", days), ("sex", sex)):
        if fact not in rows.layout.facts:
            continue
        cells = rows.open_cells(fact)
        doubts.mark(rows, valid & cells.known & (cells.numbers != read_off))
        taken = valid & ~cells.known
        rows.facts[fact] = Cells(np.where(taken, read_off, cells.numbers), cells.known | taken)
        rows.origins[fact, "id_number"] = taken


def _read_ids(upper: pl.Series, shaped: Mask) -> tuple[Numbers, Mask, Mask]:
    """The ordinals of the birth dates, which numbers are right, and which are a man's."""
    days, valid, odd = np.zeros(len(upper), np.int64), np.zeros(len(upper), bool), np.zeros(len(upper), bool)
    places = np.flatnonzero(shaped)
    if not len(places):
        return days, valid, odd
    chosen = upper.gather(places)
    letters = np.frombuffer("".join(chosen.to_list()).encode("ascii"), np.uint8).reshape(-1, 18)
    digits = letters[:, :17].astype(np.int64) - ord("0")
    right = _ID_ENDS[(digits * _ID_WEIGHTS).sum(axis=1) % 11] == letters[:, 17]
    born = chosen.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    # The case model takes birth dates from 1900 on; others are for it to refuse.
    right &= (born.is_not_null() & (born.dt.year() >= 1900) & (born.dt.year() <= 2199)).fill_null(False).to_numpy()
    days[places] = born.cast(pl.Int32).cast(pl.Int64).fill_null(0).to_numpy() + EPOCH
    valid[places] = right
    odd[places] = digits[:, 16] % 2 == 1
    return days, valid, odd


# --- findings ---


def _fill_finding(name: str, column: pl.Series, rows: Rows, doubts: Doubts) -> None:
    if column.dtype == pl.Boolean:
        known = column.is_not_null().to_numpy()
        rows.findings[name] = Cells(column.fill_null(False).cast(pl.Int64).to_numpy(), known), 0
        return
    there = column.is_not_null().to_numpy()
    if column.dtype == pl.String:
        said = {"true": 1, "false": 0, "是": 1, "否": 0}
        flags = column.replace_strict(said, default=None, return_dtype=pl.Int64)
        if flags.is_not_null().any():
            doubts.mark(rows, there & flags.is_null().to_numpy())
            rows.findings[name] = Cells(flags.fill_null(0).to_numpy(), flags.is_not_null().to_numpy()), 0
            return
    numbers = scaled(column, FINDING_PLACES)
    if numbers is None:
        doubts.mark(rows, there)
        return
    known = numbers.is_not_null().to_numpy()
    doubts.mark(rows, there & ~known)
    rows.findings[name] = Cells(numbers.fill_null(0).to_numpy(), known), FINDING_PLACES
