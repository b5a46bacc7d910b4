"""What must hold of a household as a whole, looked for in all households at once.

These checks only say which households the case model must look at: those it may refuse. The model has the last word, and
the words. See :mod:`minzheng_rules.case.checks` for the meaning of each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl

from minzheng_rules.case import household as shipped
from minzheng_rules.case.enumerations import Relation, Schooling
from minzheng_rules.population.columns import Column
from minzheng_rules.population.intake.filling import Doubts
from minzheng_rules.population.intake.rows import Rows
from minzheng_rules.population.intake.settling import assets_total
from minzheng_rules.population.intake.values import Mask, Numbers, Texts


def check(tables: Mapping[str, Rows], as_of: dt.date | None, doubts: Doubts) -> None:
    """Mark every household something may be wrong with, apart from references."""
    _duplicate_ids(tables, doubts)
    check_dates(tables, as_of, doubts)
    for rows in tables.values():
        model = rows.layout.model
        if issubclass(model, shipped.Household):
            _people(rows, tables.get("members"), doubts)
            _total(rows, tables.get("financial_assets"), doubts)
        if issubclass(model, shipped.Member):
            schooling, mode = rows.open_cells("schooling"), rows.open_cells("study_mode")
            none = list(Schooling).index(Schooling.NONE)
            doubts.mark(rows, schooling.known & (schooling.numbers == none) & mode.known)


def _duplicate_ids(tables: Mapping[str, Rows], doubts: Doubts) -> None:
    # By their hashes: two ids that only look alike are told apart when the household is looked at.
    parts = [
        (rows.household[there], rows.ids.gather(there).hash(seed=1).to_numpy())
        for path, rows in tables.items()
        if path and len(there := np.flatnonzero(rows.ids.is_not_null().to_numpy()))
    ]
    if not parts:
        return
    household = np.concatenate([part[0] for part in parts])
    keys = np.concatenate([part[1] for part in parts]) ^ (household.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    order = np.argsort(keys)
    same = np.flatnonzero(np.diff(keys[order]) == 0)
    doubts.look[household[order[same]]] = True


def _people(households: Rows, members: Rows | None, doubts: Doubts) -> None:
    for relation, least, most in ((Relation.APPLICANT, 1, 1), (Relation.SPOUSE, 0, 1)):
        number = np.zeros(households.count, np.int64)
        if members is not None:
            cells = members.open_cells("relation")
            of_them = cells.known & (cells.numbers == list(Relation).index(relation))
            number = np.bincount(members.household[of_them], minlength=households.count)
        doubts.mark(households, (number < least) | (number > most))


def _total(households: Rows, assets: Rows | None, doubts: Doubts) -> None:
    stated = households.open_cells("financial_assets_total")
    total, known = assets_total(households, assets)
    doubts.mark(households, known & stated.known & (total != stated.numbers))


def check_dates(tables: Mapping[str, Rows], as_of: dt.date | None, doubts: Doubts) -> None:
    today = None if as_of is None else as_of.toordinal()
    born: dict[str, tuple[Numbers, Mask]] = {}
    for path, rows in tables.items():
        birth = rows.cells("birth_date") if "birth_date" in rows.layout.facts else None
        numbers, known = np.zeros(rows.count, np.int64), np.zeros(rows.count, bool)
        if rows.layout.owner is not None:
            above, above_known = born[rows.layout.owner]
            numbers, known = above[rows.owner], above_known[rows.owner]
        if birth is not None:
            numbers, known = np.where(birth.known, birth.numbers, numbers), known | birth.known
        born[path] = numbers, known
        for id, fact in rows.layout.facts.items():
            cells = rows.cells(id) if fact.shape == "date" else None
            if cells is None:
                continue
            if today is not None and not fact.may_be_future:
                doubts.mark(rows, cells.known & (cells.numbers > today))
            doubts.mark(rows, cells.known & known & (cells.numbers < numbers))
        since, until = (rows.cells(name) if name in rows.layout.facts else None for name in ("since", "until"))
        if since is not None and until is not None:
            doubts.mark(rows, since.known & until.known & (until.numbers < since.numbers))


def resolve(tables: Mapping[str, Rows], texts: Texts, doubts: Doubts | None) -> dict[str, dict[str, Column]]:
    """Every reference as the row it points to, and marked where it points to nobody, to oneself, or to no person."""
    found: dict[str, dict[str, Column]] = {}
    people: dict[str, pl.DataFrame] = {}
    for path, rows in tables.items():
        for id, fact in rows.layout.facts.items():
            cells = rows.cells(id) if fact.shape == "ref" else None
            if cells is None:
                continue
            wanted = fact.kind or ""
            if wanted not in people:
                people[wanted] = _people_by_id(tables, wanted, texts)
            column = _resolved(rows, cells.numbers, cells.known, people[wanted], _paths(tables, wanted))
            if doubts is not None:
                missed = cells.known.copy() if column.known is None else cells.known & ~column.known
                if column.known is None:
                    missed[:] = False
                doubts.mark(rows, missed)
                doubts.mark(rows, _to_oneself(rows, column, tables))
            found.setdefault(path, {})[id] = column
    return found


def _paths(tables: Mapping[str, Rows], kind: str) -> tuple[str, ...]:
    """The tables whose rows are of a kind."""
    return tuple(
        path
        for path, rows in tables.items()
        if any(base.__dict__.get("kind") == kind for base in rows.layout.model.__mro__)
    )


def _people_by_id(tables: Mapping[str, Rows], kind: str, texts: Texts) -> pl.DataFrame:
    parts = []
    for which, path in enumerate(_paths(tables, kind)):
        rows = tables[path]
        place = np.arange(rows.count, dtype=np.int64)
        parts.append(
            pl.DataFrame(
                {
                    "household": rows.household,
                    "id": rows.ids,
                    "row": place,
                    "which": np.full(rows.count, which, np.int64),
                }
            ).drop_nulls("id")
        )
    schema = {"household": pl.Int64, "id": pl.String, "row": pl.Int64, "which": pl.Int64}
    together = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    known = pl.DataFrame(
        {"id": texts.listed(), "number": list(range(len(texts.numbers)))}, schema={"id": pl.String, "number": pl.Int64}
    )
    together = together.join(known, on="id", how="inner")
    return together.unique(["household", "number"], keep="first", maintain_order=True)


def _resolved(rows: Rows, numbers: Numbers, known: Mask, people: pl.DataFrame, paths: tuple[str, ...]) -> Column:
    asked = np.flatnonzero(known)
    wanted = pl.DataFrame({"household": rows.household[asked], "number": numbers[asked]})
    met = wanted.join(people, on=["household", "number"], how="left", maintain_order="left")
    there = met["row"].is_not_null().to_numpy()
    row, which = np.zeros(rows.count, np.int64), np.zeros(rows.count, np.int64)
    row[asked] = met["row"].fill_null(0).to_numpy()
    which[asked] = met["which"].fill_null(0).to_numpy()
    sure = np.zeros(rows.count, bool)
    sure[asked[there]] = True
    return Column(row, None if sure.all() else sure, tables=paths, which=which if which.any() else None)


def _to_oneself(rows: Rows, column: Column, tables: Mapping[str, Rows]) -> Mask:
    """Where a reference points to the person it is about."""
    person = np.arange(rows.count, dtype=np.int64)
    path = rows.layout.path
    while path is not None and not tables[path].layout.is_people:
        person = tables[path].owner[person]
        owner = tables[path].layout.owner
        if owner is None:
            return np.zeros(rows.count, bool)
        path = owner
    which = np.zeros(rows.count, np.int64) if column.which is None else column.which
    same = np.array([table == path for table in column.tables] or [False])[which]
    refers = np.ones(rows.count, bool) if column.known is None else column.known
    oneself: Mask = same & refers & (column.values == person)
    return oneself
