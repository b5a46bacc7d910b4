"""Tables as people bring them: kinds of tables, mistakes in them, households set aside, files whole or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from minzheng_rules import Rulebook, decide
from minzheng_rules.population.intake.taking import PopulationProblems
from minzheng_rules.population.outputs import files
from minzheng_rules.population.outputs.answers import answer_tables
from minzheng_rules.population.population import Population
from minzheng_rules.population.reference import answers_by_cases
from minzheng_rules.problems import ProblemsFound

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "population"
HOUSEHOLDS = {"household_id": [1, 2], "weight": ["1.5", "2"]}
MEMBERS = {
    "家庭编号": [1, 2, 2],
    "成员编号": ["a", "a", "b"],
    "关系": ["本人", "applicant", "spouse"],
    "lives_here": [True, None, False],
}
WAGES = {"household_id": [2], "member_id": ["b"], "amount": [1820.1]}


def _read(**changed: Any) -> Population:
    tables = {"households": HOUSEHOLDS, "members": MEMBERS, "wages": WAGES, **changed}
    return Population.from_tables(**{"as_of": "2025-06-01", "unknown": ["rest"], **tables})


def _codes(**changed: Any) -> list[tuple[str, str, int]]:
    with pytest.raises(PopulationProblems) as found:
        _read(**changed)
    return [(p.code, p.place.file, p.place.line) for p in found.value.problems]


@pytest.mark.parametrize("kind", [dict, pl.DataFrame, pd.DataFrame, lambda table: pl.DataFrame(table).to_arrow()])
def test_any_kind_of_table_is_the_same_population(kind: Any) -> None:
    people = _read(households=kind(HOUSEHOLDS), members=kind(MEMBERS), wages=kind(WAGES))
    assert [str(wage.amount) for wage in people.case("2").root.members[1].wages] == ["1820.10"]
    assert people.case("2").root.members[0].lives_here is None
    assert people.case("2").root.members[0].wages is None  # no row is not none
    assert people.weights is not None
    assert (people.weights.tolist(), people.weight_places) == ([15, 20], 1)


def test_problems_name_table_row_and_column_and_come_together() -> None:
    assert _codes(wages={**WAGES, "member_id": ["z"]}) == [("table.orphan-row", "members.wages", 1)]
    assert _codes(households={**HOUSEHOLDS, "household_id": [1, 1]})[0] == ("table.duplicate-key", "households", 2)
    assert _codes(wages={**WAGES, "amount": ["1,820"]}) == [("not-money", "members.wages", 1)]
    assert _codes(households={**HOUSEHOLDS, "weight": [1, None]}) == [("table.weight", "households", 2)]
    assert _codes(members={**MEMBERS, "wages_count": [None, None, 2]}) == [("table.count-differs", "members", 3)]
    assert _codes(members={**MEMBERS, "关系": ["本人", "spouse", "spouse"]})[0][0] == "no-applicant"
    assert _codes(members={**MEMBERS, "life_here": [1, 1, 1]})[0][0] == "table.unknown-column"


def test_a_missing_column_is_listed_unless_it_is_declared() -> None:
    assert {code for code, _, _ in _codes(unknown=[])} == {"table.missing-column", "table.missing"}


def test_an_empty_list_is_none_only_where_somebody_says_so() -> None:
    counted = _read(members={**MEMBERS, "wages_count": [0, None, 1]})
    assert counted.case("1").root.members[0].wages == ()
    assert counted.case("2").root.members[0].wages is None
    declared = _read(declared_none=["wages"])
    assert declared.case("1").root.members[0].declared("wages")


def test_households_with_problems_are_set_aside_whole_and_without_id_numbers() -> None:
    members = {**MEMBERS, "id_number": [None, "990000195203010018", None]}
    people = _read(members=members, set_aside=True)
    assert people.set_aside.ids == ("2",)
    assert people.ids.to_list() == ["1"]
    assert "id_number" not in people.set_aside.tables["members"].columns
    assert people.set_aside.tables["members"].height == 2


@pytest.mark.parametrize(
    ("heading", "values", "code"),
    [
        ("finding:asets_within_rule", [True, None], "finding.unknown"),
        ("认定结论：assets_within_rule", ["3", None], "finding.type"),
        ("finding:assets_within_rule", [True, None], None),
    ],
)
def test_a_finding_no_rule_waits_for_is_refused(heading: str, values: list[object], code: str | None) -> None:
    book = Rulebook.load(place="haining", overlays=["illustrative"])
    people = _read(households={**HOUSEHOLDS, heading: values})
    if code is None:
        assert people.decide(book, programs=["dibao"]).households == 2
        return
    with pytest.raises(ProblemsFound) as found:
        people.decide(book, programs=["dibao"])
    assert [problem.code for problem in found.value.problems] == [code]


def test_a_good_id_number_gives_birth_and_sex_and_is_dropped() -> None:
    people = _read(members={**MEMBERS, "id_number": ["990000195203010017", None, None]})
    member = people.case("1").root.members[0]
    assert (str(member.birth_date), member.sex.value, member.origin("sex")) == ("1952-03-01", "male", "id_number")
    assert "990000195203010017" not in str(people.to_tables())


def _unordered(data: Any) -> Any:
    """The case with what it declares to be none in one order: a table keeps the names, not their order."""
    if isinstance(data, dict):
        return {key: sorted(value) if key == "declared_none" else _unordered(value) for key, value in data.items()}
    return [_unordered(item) for item in data] if isinstance(data, list) else data


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_an_invented_county_is_the_same_through_files(form: str, tmp_path: Path) -> None:
    made = Population.synthesize(30, seed=4)
    files.write_tables(made.to_tables("zh"), tmp_path / "county", form)
    read = Population.read(tmp_path / "county", as_of="2025-06-01", unknown=["其余"])
    assert [_unordered(case.to_json()) for case in read.cases()] == [
        _unordered(case.to_json()) for case in made.cases()
    ]


def test_a_write_that_is_interrupted_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_file: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_to_disk", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write_tables({"a": pl.DataFrame({"b": [1]})}, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_example_county_is_decided_with_the_same_answers_as_case_by_case() -> None:
    book = Rulebook.load(place="haining", overlays=["illustrative"])
    people = Population.read(EXAMPLE, vocabulary=book)
    assert people.invented is not None
    answers = people.decide(book, programs=["dibao"])
    slow = answers_by_cases(people.cases(), people.columns, book, people.as_of, ["dibao"])
    for number in range(len(people)):
        decision = decide(people.case(number), book, programs=["dibao"])
        assert answers.differences(decision, number) == slow.differences(decision, number) == []
    table = answer_tables(people, answers, book, "en", explained=0)["households"]
    money = [
        name
        for name, kind in table.schema.items()
        if isinstance(kind, pl.Decimal) and not name.endswith(("at_least", "at_most"))
    ]
    assert [int(table[name].sum() * 100) for name in money] == [int(answers.household_totals("dibao").sum())]
    statuses = table["dibao.status"].to_list()
    assert statuses == [decide(case, book, programs=["dibao"]).outcome("dibao").status.value for case in people.cases()]
