"""How the engine is used: other figures, sweeps, what it refuses, blocks that do not show."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from minzheng_rules import Rulebook
from minzheng_rules.population.columns import Column, Columns, Table
from minzheng_rules.population.kernel import running
from minzheng_rules.population.kernel.engine import Engine
from minzheng_rules.problems import CaseProblems, RequestProblems

DAY = dt.date(2024, 7, 1)
MONEY = ("wage", "business", "property_income", "transfer", "disregard")
NAMED = {"disability_grade": 5, "disability_type": 8, "care_grade": 4}


def county(households: int, seed: int = 1) -> Columns:
    """An invented population for the benchmark's rules, nobody's facts missing."""
    draw = np.random.default_rng(seed)
    parent = np.repeat(np.arange(households), draw.integers(1, 6, households))
    people = parent.size
    facts = {name: Column(draw.integers(0, 120_000, people), places=2) for name in MONEY}
    facts |= {name: Column(draw.integers(0, size, people)) for name, size in NAMED.items()}
    owned = {"assets": Column(draw.integers(0, 4_000_000, households), places=2)}
    owned["cars"] = Column(draw.integers(0, 2, households))
    root = Table("", "household", households, columns=owned)
    return Columns({"": root, "persons": Table("persons", "person", people, parent=parent, columns=facts)})


def totals(engine: Engine, columns: Columns, standard: int) -> list[int]:
    answers = engine.decide(columns, {"assistance_standard": standard})
    return answers.household_totals("assistance", "total").tolist()


def test_another_figure_changes_the_answers_and_compiles_nothing(benchmark_book: Rulebook) -> None:
    engine, columns = Engine(benchmark_book, DAY), county(200)
    kept = engine._compiled
    before = totals(engine, columns, 119_050)
    compiled = len(kept)
    after = totals(engine, columns, 150_000)
    assert len(kept) == compiled
    assert sum(after) > sum(before)
    assert before == engine.decide(columns).household_totals("assistance", "total").tolist()


def test_a_second_engine_on_the_same_rulebook_compiles_nothing(benchmark_book: Rulebook) -> None:
    columns = county(50)
    first = Engine(benchmark_book, DAY)
    first.decide(columns)
    compiled = len(first._compiled)
    Engine(benchmark_book, DAY).decide(county(70, seed=2))
    assert len(first._compiled) == compiled


def test_a_sweep_answers_as_single_runs_do(benchmark_book: Rulebook) -> None:
    engine, columns = Engine(benchmark_book, DAY), county(300)
    standards = [90_000, 119_050, 119_051, 160_000]
    swept = engine.sweep(columns, [{"assistance_standard": standard} for standard in standards])
    assert [a.household_totals("assistance", "total").tolist() for a in swept] == [
        totals(engine, columns, standard) for standard in standards
    ]


def test_a_held_population_takes_a_figure_with_more_decimals_or_beyond_its_range(benchmark_book: Rulebook) -> None:
    engine, columns = Engine(benchmark_book, DAY), county(100)
    held = engine.hold(columns, ["assistance_standard"])
    for standard in (1_000_001, 2_500_000):
        found = held.decide({"assistance_standard": standard}).household_totals("assistance", "total")
        assert found.tolist() == totals(engine, columns, standard)


def test_a_figure_that_was_held_fixed_is_refused(benchmark_book: Rulebook) -> None:
    held = Engine(benchmark_book, DAY).hold(county(5), ["assistance_standard"])
    with pytest.raises(RequestProblems, match="asset_months"):
        held.decide({"asset_months": 12})


def test_a_parameter_that_does_not_exist_is_refused(benchmark_book: Rulebook) -> None:
    with pytest.raises(RequestProblems, match="standard"):
        Engine(benchmark_book, DAY).decide(county(5), {"standard": 1})


@pytest.mark.parametrize(("fact", "value"), [("wage", -1), ("wage", 10**9 + 1), ("care_grade", 4)])
def test_a_value_outside_its_range_is_refused_and_not_wrapped(benchmark_book: Rulebook, fact: str, value: int) -> None:
    columns = county(20)
    columns.tables["persons"].columns[fact].values[7] = value
    with pytest.raises(CaseProblems, match=fact):
        Engine(benchmark_book, DAY).decide(columns)


def test_what_is_not_known_is_never_read(benchmark_book: Rulebook) -> None:
    columns = county(20)
    wage = columns.tables["persons"].columns["wage"]
    known = np.arange(wage.values.size) != 3
    wage.values[3] = -(10**15)
    persons = columns.tables["persons"]
    facts = {**persons.columns, "wage": Column(wage.values, known, places=2)}
    tables = {**columns.tables, "persons": Table("persons", "person", persons.count, persons.parent, facts)}
    answers = Engine(benchmark_book, DAY).decide(Columns(tables)).programs["assistance"]
    open_ = answers.amounts["total"].known
    assert not open_[int(persons.parent[3])] or answers.status[int(persons.parent[3])] == 1  # type: ignore[index]  # people have parents


def test_blocks_and_threads_do_not_show(benchmark_book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, columns = Engine(benchmark_book, DAY), county(500)
    whole = engine.decide(columns, threads=1)
    monkeypatch.setattr(running, "BLOCK", 64)
    parts = engine.decide(columns, threads=2)
    for program, answers in whole.programs.items():
        assert (answers.status == parts.programs[program].status).all()
        for name, amounts in answers.amounts.items():
            assert (amounts.low == parts.programs[program].amounts[name].low).all()


def test_nobody_is_answered_with_nothing(benchmark_book: Rulebook) -> None:
    answers = Engine(benchmark_book, DAY).decide(county(0))
    assert answers.households == 0
    assert all(program.status.size == 0 for program in answers.programs.values())


def test_reasons_name_the_first_condition_that_fails(benchmark_book: Rulebook) -> None:
    columns = county(300)
    answers = Engine(benchmark_book, DAY).decide(columns).programs["assistance"]
    assert answers.reasons is not None
    assert [words.zh for words in answers.labels] == ["人均收入低于标准", "财产低于限额", "机动车不超过限数"]
    assert ((answers.reasons >= 0) == (answers.status == 1)).all()
    for place in np.flatnonzero(answers.reasons == 2):
        assert columns.tables[""].columns["cars"].values[place] > 0


def test_the_source_reads_as_the_rules_do(benchmark_book: Rulebook) -> None:
    engine = Engine(benchmark_book, DAY)
    engine.decide(county(3))
    assert "conditions = " in engine.source
    assert "income_below_standard = household_income < " in engine.source
