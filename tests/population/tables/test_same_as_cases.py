"""Tables mean what cases mean: random cases, spread over tables, come back as the same cases and the same columns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minzheng_rules import Case, Rulebook
from minzheng_rules.case.facts import FactType
from minzheng_rules.case.outline import facts_of
from minzheng_rules.case.someone import Someone
from minzheng_rules.population.columns import Columns
from minzheng_rules.population.intake.taking import PopulationProblems
from minzheng_rules.population.population import Population
from minzheng_rules.problems import CaseProblems
from minzheng_rules.testing import cases
from minzheng_rules.testing.strategies import plain_data
from tests.population.tables.tabled import Data, as_text, named, tabled, textual, unsettled, walk_data

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
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
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


# --- what a case may not say, a table may not say either ---

_WORDS = (
    *("x", "-1", "0", "1", "1.5", "1.234", "007", "1e3", "NaN", "1,820", "99999999999", "1000000.01", "0.000001"),
    *("是", "否", "true", "no", "本人", "applicant", "spouse", "none", "低保", "dibao"),
    *("2025-06-01", "2025-06-02", "2099-12-31", "1800-01-01", "2025-2-1", "2024-02-30", "浙江省", "海宁", "海宁市"),
    *(
        "p0",
        "p1",
        "p2",
        "H0",
        "110101190001010000",
        "990000195203010017",
        "wages",
        "income",
        "vehicles",
        "residence",
        " a ",
    ),
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(cases(BOOK, as_of=DAY), min_size=1, max_size=2), data=st.data())
def test_a_table_is_refused_exactly_where_the_case_is(drawn: list[Case], data: st.DataObject) -> None:
    entered = [textual(unsettled(named(plain_data(case.root)))) for case in drawn]
    for _ in range(data.draw(st.integers(1, 3))):
        _spoil(data, data.draw(st.sampled_from(entered)))
    expected: list[Case | None] = []
    for facts in entered:
        try:
            expected.append(Case.parse({**facts, "as_of": DAY}, BOOK.model))
        except CaseProblems:
            expected.append(None)
    tables = tabled(entered, BOOK.model)
    frames = {name: pl.DataFrame(rows, infer_schema_length=None, strict=False) for name, rows in tables.items() if rows}
    people = Population.from_given(frames, vocabulary=BOOK, as_of=DAY, unknown=["rest"], set_aside=True)
    good = [case for case in expected if case is not None]
    assert people.set_aside.ids == tuple(f"H{number}" for number, case in enumerate(expected) if case is None)
    assert len(people) == len(good)
    for number, case in enumerate(good):
        assert _same(people.case(number), case)
    assert_same_columns(people.columns, Population.from_cases(good).columns if good else people.columns)
    assert people.persons == sum(len(case.root.members) for case in good)
    if len(good) < len(expected):
        with pytest.raises(PopulationProblems):
            Population.from_given(frames, vocabulary=BOOK, as_of=DAY, unknown=["rest"])


def _spoil(data: st.DataObject, household: Data) -> None:
    """One thing somewhere in the household said otherwise."""
    entities = list(walk_data(household, BOOK.model))
    facts, model = data.draw(st.sampled_from(entities))
    names = [fact.id for fact in facts_of(model).values() if fact.model is None]
    if issubclass(model, Someone):
        names += ["same_as", "id_number", "declared_none"]
    name = data.draw(st.sampled_from([*names, "declared_none"] + [known for known in names if known in facts] * 2))
    likely = _likely(facts_of(model).get(name))
    word = data.draw(st.sampled_from([*likely, data.draw(st.sampled_from(_WORDS))] if likely else _WORDS))
    facts[name] = [*facts.get("declared_none", ()), word.strip()] if name == "declared_none" else word


def _likely(fact: FactType | None) -> list[str]:
    """Values such a fact may well have, and a few just outside."""
    if fact is None or fact.shape == "ref":
        return ["p0", "p1", "p2", "p3"]
    if fact.shape == "enum":
        return [word for choice in fact.enum for word in (choice.value, choice.term)]
    if fact.shape == "date":
        return ["2025-06-01", "2025-06-02", "2024-02-29", "1950-01-01", "1990-05-05", "2010-10-10", "2030-01-01"]
    if fact.shape == "quantity":
        return ["0", "1", "17", "240", "1000.5" if fact.places else "1000", str(fact.high), str(fact.high + 1)]
    return ["是", "否", "true", "false"] if fact.shape == "bool" else ["海宁市", "浙江省", "海宁县", "甲"]


def test_one_person_in_two_places_is_joined_as_in_a_case() -> None:
    household = {
        "members": [
            {"id": "甲", "relation": "applicant"},
            {"id": "乙", "relation": "spouse", "same_as": "丙", "sex": "female"},
        ],
        "supporters": [{"id": "丙", "birth_date": "1960-01-01", "wages": [{"amount": "10.50"}]}],
    }
    plain = {"members": [{"id": "丁", "relation": "applicant", "wages": [{"amount": "7"}]}]}
    expected = [Case.parse({**data, "as_of": DAY}, BOOK.model) for data in (plain, household, plain)]
    tables = tabled([plain, household, plain], BOOK.model)
    people = Population.from_given(
        {name: rows for name, rows in tables.items() if rows}, vocabulary=BOOK, as_of=DAY, unknown=["rest"]
    )
    assert [wage.amount for wage in people.case(1).root.members[1].wages] == [Decimal("10.50")]
    assert_same_columns(people.columns, Population.from_cases(expected).columns)
    again = Population.from_given(people.to_tables(), vocabulary=BOOK, as_of=DAY, unknown=["rest"])
    assert_same_columns(again.columns, people.columns)
