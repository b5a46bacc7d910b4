"""Every cell the engine answers is what ``decide()`` answers for that case: statuses, bounds, results, first days.

Cases are drawn close to the lines of the rulebook, with facts missing, on all days on which something changes. A population is one day's
cases together, so that columns have unknown rows beside known ones. ``MINZHENG_ENGINE_EXAMPLES`` draws more populations.
"""

from __future__ import annotations

import datetime as dt
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.population.cases import columns_of
from minzheng_rules.population.kernel.engine import Engine
from minzheng_rules.testing import cases

POPULATIONS = int(os.environ.get("MINZHENG_ENGINE_EXAMPLES", "2"))
HOUSEHOLDS = 8
DRAWN = settings(
    max_examples=POPULATIONS, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def differing(rulebook: Rulebook, day: dt.date, population: list[Case]) -> list[str]:
    """Every cell in which the engine and the evaluator differ."""
    answers = Engine(rulebook, day).decide(columns_of(population, rulebook))
    return [
        f"household {place}: {difference}"
        for place, case in enumerate(population)
        for difference in answers.differences(decide(case, rulebook, as_of=day), place)
    ]


def turning_days(rulebook: Rulebook) -> list[dt.date]:
    """The days on which rules or figures change, the day before each, and the first day no longer decided."""
    days = {day - dt.timedelta(days=by) for day in rulebook.boundaries if day.year >= 2012 for by in (0, 1)}
    if rulebook.decides_through is not None:
        days |= {rulebook.decides_through, rulebook.decides_through + dt.timedelta(days=1)}
    return sorted(days)


@DRAWN
@given(st.data())
def test_shipped_programs(shipped: Rulebook, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(turning_days(shipped)) | st.dates(dt.date(2023, 1, 1), dt.date(2027, 12, 31)))
    population = data.draw(st.lists(cases(shipped, as_of=day), min_size=HOUSEHOLDS, max_size=HOUSEHOLDS))
    assert differing(shipped, day, population) == []


@DRAWN
@given(st.data())
def test_shipped_programs_with_every_fact_stated(shipped: Rulebook, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(turning_days(shipped)[-20:]))
    population = data.draw(st.lists(cases(shipped, as_of=day, complete=True), min_size=HOUSEHOLDS, max_size=HOUSEHOLDS))
    assert differing(shipped, day, population) == []


@DRAWN
@given(st.data())
def test_figures_unknown(unfilled: Rulebook, data: st.DataObject) -> None:
    day = dt.date(2025, 6, 1)
    population = data.draw(st.lists(cases(unfilled, as_of=day), min_size=HOUSEHOLDS, max_size=HOUSEHOLDS))
    assert differing(unfilled, day, population) == []


@DRAWN
@given(st.data())
def test_benchmark_rules(benchmark_book: Rulebook, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from([dt.date(2023, 7, 1), dt.date(2024, 6, 30), dt.date(2024, 7, 1)]))
    population = data.draw(st.lists(cases(benchmark_book, as_of=day), min_size=30, max_size=30))
    assert differing(benchmark_book, day, population) == []


@DRAWN
@given(st.data())
def test_every_feature_of_the_language(toy: Rulebook, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(turning_days(toy)))
    population = data.draw(st.lists(cases(toy, as_of=day), min_size=HOUSEHOLDS, max_size=HOUSEHOLDS))
    assert differing(toy, day, population) == []


@pytest.mark.parametrize("day", [dt.date(2013, 1, 1), dt.date(2022, 1, 1), dt.date(2026, 8, 1), dt.date(2028, 1, 1)])
def test_one_household_without_any_fact(shipped: Rulebook, day: dt.date) -> None:
    assert differing(shipped, day, [Case.parse({"members": [{"relation": "applicant"}]})]) == []
