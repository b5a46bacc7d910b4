"""Tables mean what cases mean: random cases, spread over tables, come back as the same cases and the same columns."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minzheng_rules import Case, Rulebook
from minzheng_rules.population.columns import Columns
from minzheng_rules.population.population import Population
from minzheng_rules.problems import CaseProblems
from minzheng_rules.testing import cases
from minzheng_rules.testing.strategies import plain_data
from tests.population.tables.tabled import as_text, named, tabled, unsettled

DAY = dt.date(2025, 6, 1)
BOOK = Rulebook.load(overlays=["illustrative"])


def assert_same_columns(ours: Columns, theirs: Columns) -> None:
    """Every table, list and known cell is the same; texts by what they say."""
    for path in dict.fromkeys([*ours.tables, *theirs.tables]):
        one, other = ours.tables.get(path), theirs.tables.get(path)
        if one is None or other is None:
            assert (one or other).count == 0, path
            continue
        assert one.count == other.count, path
        if one.parent is not None:
            assert (one.parent == other.parent).all(), path
        for name in dict.fromkeys([*one.lists, *other.lists]):
            assert _mask(one.lists.get(name), one.count).tolist() == _mask(other.lists.get(name), one.count).tolist(), (
                path,
                name,
            )
        for name in dict.fromkeys([*one.columns, *other.columns]):
            assert _said(ours, path, name) == _said(theirs, path, name), (path, name)


def _mask(known: np.ndarray | None, count: int) -> np.ndarray:
    return np.ones(count, bool) if known is None else known


def _said(columns: Columns, path: str, name: str) -> list[object]:
    table = columns.tables[path]
    column = table.columns.get(name)
    if column is None:
        return [None] * table.count
    known = _mask(column.known, table.count)
    fact = BOOK.vocabulary.kinds[table.kind].facts.get(name)
    said: list[object] = []
    for row in range(table.count):
        value: object = int(column.values[row])
        if fact is not None and fact.shape == "text":
            value = columns.texts[int(column.values[row])]
        if column.tables:
            value = (column.tables[0 if column.which is None else int(column.which[row])], value)
        said.append((value, column.places) if known[row] else None)
    return said


def _same(ours: Case, theirs: Case) -> bool:
    mine, his = _sorted(ours.to_json()), _sorted(theirs.to_json())
    for each in (mine, his):
        each.pop("id", None)
    return mine == his


def _sorted(data: object) -> dict:
    if isinstance(data, dict):
        return {key: sorted(value) if key == "declared_none" else _sorted(value) for key, value in data.items()}
    return [_sorted(item) for item in data] if isinstance(data, list) else data


@pytest.mark.parametrize("written", ["typed", "text"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(cases(BOOK, as_of=DAY), min_size=1, max_size=4))
def test_cases_spread_over_tables_are_the_same_cases(written: str, drawn: list[Case]) -> None:
    model = BOOK.model
    entered = [unsettled(named(plain_data(case.root))) for case in drawn]
    expected = []
    for data in entered:
        try:
            expected.append(Case.of(model(**data), as_of=DAY))
        except CaseProblems:
            return
    tables = tabled(entered, model)
    if written == "text":
        tables = {
            name: [{key: as_text(value) for key, value in row.items()} for row in rows] for name, rows in tables.items()
        }
    people = Population.from_given(
        {name: pl.DataFrame(rows, infer_schema_length=None, strict=False) for name, rows in tables.items() if rows},
        vocabulary=BOOK,
        as_of=DAY,
        unknown=["rest"],
    )
    assert len(people) == len(expected)
    for number, case in enumerate(expected):
        assert _same(people.case(number), case)
    assert_same_columns(people.columns, Population.from_cases(expected).columns)
