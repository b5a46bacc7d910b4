"""Figures taken through values, and the value at which a goal is met."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minzheng_rules import Reform, RequestProblems, Rulebook
from minzheng_rules.population.answers import Answers
from minzheng_rules.population.kernel import engine, grouping
from minzheng_rules.population.kernel.curves.curve import NotStraight
from minzheng_rules.population.kernel.engine import WORTH_LEAVING_OUT, Engine
from minzheng_rules.population.kernel.joining import moved_by
from minzheng_rules.population.population import Population
from minzheng_rules.population.simulation import sweeping
from minzheng_rules.population.simulation.exact import Total
from minzheng_rules.population.simulation.simulating import simulate
from minzheng_rules.population.simulation.sweeping import Point, Trial, _Search, goal_seek, sweep


@pytest.mark.parametrize("value", ["900", "999.99", "1000", "1050", "2000"])
def test_each_point_of_a_sweep_is_what_a_reform_to_that_value_gives(
    county: Population, book: Rulebook, value: str
) -> None:
    curve = sweep(county, book, {"低保标准": [Decimal(value)]}, programs=["dibao", "dibao_topup", "childcare"])
    assert [program.id for program in curve.programs] == ["dibao", "dibao_topup"], "childcare does not depend on it"
    (point,) = curve.points
    if value == "1000":
        assert point.figures == curve.baseline.figures
        return
    there = simulate(county, book, Reform(title="试", changes={"低保标准": value}), programs=["dibao", "dibao_topup"])
    assert point.figures == {id: there.caseload(id) for id in ("dibao", "dibao_topup")}


def test_two_figures_are_tried_in_every_pair(county: Population, book: Rulebook) -> None:
    curve = sweep(county, book, {"低保标准": [1000, 1100], "边缘倍数": [Decimal("1.5"), 2]}, programs=["dibao_edge"])
    assert [tuple(map(str, point.values)) for point in curve.points] == [
        ("1000", "1.5"),
        ("1000", "2"),
        ("1100", "1.5"),
        ("1100", "2"),
    ]
    both = {"低保标准": 1100, "边缘倍数": 2}
    there = simulate(county, book, Reform(title="都改", changes=both), programs=["dibao_edge"])
    assert curve.points[-1].figures["dibao_edge"] == there.caseload("dibao_edge")
    assert len(curve.sheet().rows) == 4


@pytest.mark.parametrize("weights", [None, [(at % 4) for at in range(80)]])
def test_a_sweep_of_many_values_comes_to_the_same_as_each_value_alone(
    county: Population, book: Rulebook, weights: list[object] | None
) -> None:
    programs = ["dibao", "dibao_edge", "disability_subsidies.living", "disability_aid"]
    trial = Trial(county, book, ["低保标准"], programs=programs, weights=weights)
    values = [(Decimal(value),) for value in range(960, 1041, 10)]
    moving = moved_by(_between(trial, values))
    assert 0 < moving.mean() < WORTH_LEAVING_OUT, "some households are left out, and some are not"
    assert trial.over(values) == tuple(trial.at(value) for value in values)
    assert trial.over(values)[4].figures == trial.baseline.figures


@pytest.mark.parametrize("weights", [None, [(at % 4) for at in range(80)]])
@pytest.mark.parametrize(
    "swept",
    [
        {"低保标准": range(960, 1041, 10)},
        {"低保标准": range(900, 1101, 100), "边缘倍数": [Decimal("1.5"), Decimal("1.75"), 2]},
    ],
)
def test_a_sweep_worked_out_group_by_group_comes_to_the_same(
    county: Population,
    book: Rulebook,
    swept: dict[str, Sequence[Decimal | int]],
    weights: list[object] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As where the rules cannot be followed along the values.
    monkeypatch.setattr(Engine, "tally", Mock(return_value=None))
    # Setting households apart pays for large populations only: here it is made to cost nothing.
    monkeypatch.setattr(grouping, "_A_GROUP_COSTS", 0)
    found: list[grouping.Group] = []

    def noted(*asked: Any) -> list[grouping.Group]:
        found.extend(grouping.grouped(*asked))
        return found

    monkeypatch.setattr(sweeping, "grouped", noted)
    monkeypatch.setattr(sweeping, "WORTH_LEAVING_OUT", 1.0)
    programs = ["dibao", "dibao_edge", "disability_subsidies.living", "disability_aid"]
    trial = Trial(county, book, list(swept), programs=programs, weights=weights)
    values = [tuple(map(Decimal, point)) for point in product(*swept.values())]
    together = trial.over(values)
    assert len(found) > 3, "households are set apart"
    assert any(0 < len(one.settled) < len(other.settled) for one in found for other in found), "by what is open"
    assert together == tuple(trial.at(value) for value in values)
    alone = Trial(county, book, list(swept), programs=programs, weights=weights)
    assert trial.baseline == alone.baseline, "the figures in force, asked together with the values or apart"


FOLLOWED = ["dibao", "dibao_edge", "dibao_topup", "disability_subsidies.living", "disability_aid"]
WEIGHTS: list[list[object] | None] = [None, [at % 4 for at in range(80)], [f"{at % 5}.25" for at in range(80)]]


@pytest.fixture(scope="module", params=range(len(WEIGHTS)))
def trial(county: Population, book: Rulebook, request: pytest.FixtureRequest) -> Trial:
    return Trial(county, book, ["低保标准"], programs=FOLLOWED, weights=WEIGHTS[request.param])


@settings(max_examples=20)
@given(st.lists(st.integers(0, 300_000).map(lambda fen: Decimal(fen) / 100), min_size=6, max_size=14))
def test_followed_along_a_figure_each_value_comes_to_what_it_comes_to_alone(trial: Trial, tried: list[Decimal]) -> None:
    assert_followed(trial, [(value,) for value in tried])


@settings(max_examples=20)
@given(st.integers(0, 200_000), st.sampled_from([1, 2, 7, 50, 999]), st.integers(6, 140))
def test_followed_in_even_steps_too(trial: Trial, first: int, step: int, count: int) -> None:
    # More values than a machine's whole number has bits are followed in several runs.
    tried = [(Decimal(first + step * at) / 100,) for at in range(count)]
    assert_followed(trial, tried, some=5)


def assert_followed(trial: Trial, tried: Sequence[tuple[Decimal, ...]], some: int | None = None) -> None:
    """That points are worked out along the figure, and come to the same as each by itself, of which ``some`` are tried."""
    assert trial._engine is not None
    found = trial._along(trial._engine, [trial._settings(values) for values in tried])
    assert len(found) == len(tried), "followed"
    every = max(1, len(tried) // (some or len(tried)))
    for values, figures in list(zip(tried, found, strict=True))[::every]:
        assert figures == trial.at(values).figures


@pytest.mark.parametrize("weights", WEIGHTS)
def test_two_figures_are_followed_along_the_one_with_more_values(
    county: Population, book: Rulebook, weights: list[object] | None
) -> None:
    trial = Trial(county, book, ["边缘倍数", "低保标准"], programs=FOLLOWED, weights=weights)
    standards = [Decimal(value) for value in (1100, 700, 985, "985.01", 1000, 640, 1333, 1000)]
    assert_followed(trial, list(product([Decimal("1.5"), Decimal("1.83"), 2], standards)))
    with_baseline = Trial(county, book, ["边缘倍数", "低保标准"], programs=FOLLOWED, weights=weights)
    with_baseline.over(list(product([Decimal("1.5"), 2], standards)))
    assert with_baseline._baseline is not None, "the figures in force were one more point"
    assert with_baseline.baseline.figures == trial.baseline.figures


@pytest.mark.parametrize(
    ("figure", "values"),
    [
        ("就业增收不计入倍数", ["0", "0.5", "0.95", "1", "1.5", "2.25", "3"]),
        ("月最低工资", range(1500, 3000, 211)),
        ("老年年龄", range(55, 75, 3)),
        ("生活补贴比例", ["0", "0.1", "0.17", "0.3", "0.33", "0.9", "1"]),
        ("残疾人证有效年限", range(1, 9)),
    ],
)
def test_any_figure_is_followed(county: Population, book: Rulebook, figure: str, values: Sequence[int | str]) -> None:
    programs = ["dibao", "dibao_edge", "disability_subsidies.living", "elder_subsidy", "disability_aid"]
    known = {program.id for program in book.programs}
    trial = Trial(county, book, [figure], programs=[id for id in programs if id in known])
    assert_followed(trial, [(Decimal(value),) for value in values])


def test_where_rules_cannot_be_followed_the_points_are_the_same(
    county: Population, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = [(Decimal(value),) for value in range(900, 1101, 25)]
    followed = Trial(county, book, ["低保标准"], programs=FOLLOWED).over(values)

    monkeypatch.setattr(engine, "tallies_along", Mock(side_effect=NotStraight))
    assert Trial(county, book, ["低保标准"], programs=FOLLOWED).over(values) == followed


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=30), st.data())
def test_of_each_group_the_rules_taken_as_settled_are_so(pattern: list[tuple[bool, ...]], data: st.DataObject) -> None:
    rules = [("household.a", ""), ("member.b", "members"), ("member.c", "members")]
    times = data.draw(st.lists(st.integers(1, 30_000), min_size=len(pattern), max_size=len(pattern)))
    households = np.repeat(np.array(pattern), times, axis=0)
    which = np.asarray(households.any(axis=1), bool)
    unsettled = {rule: households[:, at] for at, rule in enumerate(rules)}
    found = grouping.grouped(unsettled, {"": len(households), "members": 3 * len(households)}, which)
    rows = np.concatenate([group.rows for group in found])
    assert np.array_equal(np.sort(rows), np.flatnonzero(which)), "everybody once"
    for group in found:
        assert not any(unsettled[rule][group.rows].any() for rule in group.settled)


def _between(trial: Trial, values: Sequence[Sequence[Decimal]]) -> Answers:
    assert trial._engine is not None
    between = trial._engine.between(trial.population.columns, [trial._settings(value) for value in values])
    assert between is not None
    return between.answers


def test_a_figure_nobody_knows_can_be_swept_too(county: Population) -> None:
    bare = Rulebook.load(place="haining")
    curve = sweep(county, bare, {"低保标准": [800, 1000]}, programs=["dibao"])
    assert curve.baseline.values[0].is_nan()
    assert curve.baseline.figures["dibao"].eligible == 0
    assert curve.points[1].figures["dibao"].eligible > curve.points[0].figures["dibao"].eligible > 0


@pytest.mark.parametrize(
    "values",
    [
        {"低保标准": [-1]},
        {"低保标准": ["1000.001"]},
        {"低保标准": ["千元"]},
        {"低保标准": []},
        {"低保标推": [1]},
        {"收入口径": [1]},
        {"低保标准": [1], "边缘倍数": [1], "月最低工资": [1]},
    ],
)
def test_what_cannot_be_swept_is_refused(county: Population, book: Rulebook, values: dict[str, Any]) -> None:
    with pytest.raises(RequestProblems):
        sweep(county, book, values, programs=["dibao"])


# -- goals -------------------------------------------------------------------------------------------------------------


def test_the_highest_standard_within_a_budget_and_its_neighbour_beyond_it(county: Population, book: Rulebook) -> None:
    budget = 20_000
    found = goal_seek(county, book, "低保标准", "dibao", spending=budget, between=(300, 1500))
    assert found.value is not None
    (crossing,) = found.crossings
    at, beyond = found.value, found.value + 1
    spent = []
    for value in (at, beyond):
        there = simulate(county, book, Reform(title="试", changes={"低保标准": value}), programs=["dibao"])
        most = there.spending("dibao").at_most
        assert most is not None
        spent.append(most)
    assert spent[0] <= budget < spent[1]
    assert (crossing.met.values[0], crossing.not_met.values[0]) == (at, beyond)
    assert f"低保标准 {at}：达到" in str(found)


def test_the_lowest_standard_that_reaches_so_many_more(county: Population, book: Rulebook) -> None:
    now = simulate(county, book, programs=["dibao"]).caseload("dibao").eligible
    found = goal_seek(county, book, "dibao_standard", "dibao", more=5, between=(900, 1600))
    assert found.value is not None
    (crossing,) = found.crossings
    assert crossing.met.figures["dibao"].eligible >= now + 5 > crossing.not_met.figures["dibao"].eligible
    assert crossing.met.values[0] - crossing.not_met.values[0] == 1


def test_a_goal_nobody_reaches_is_said_to_be_out_of_reach(county: Population, book: Rulebook) -> None:
    found = goal_seek(county, book, "低保标准", "dibao", caseload=10_000, between=(900, 950), step=10)
    assert found.value is None
    assert found.complete
    assert "no value tried" in found.say("en")
    easy = goal_seek(county, book, "低保标准", "dibao", caseload=0, between=(900, 950), step=10)
    assert easy.value is None
    assert "every value tried" in easy.say("en")


def test_a_program_the_figure_does_not_reach_is_refused(county: Population, book: Rulebook) -> None:
    with pytest.raises(RequestProblems):
        goal_seek(county, book, "边缘倍数", "dibao", caseload=5, between=(1, 2))
    with pytest.raises(RequestProblems):
        goal_seek(county, book, "低保标准", "dibao", caseload=5, more=5, between=(1, 2))


def test_of_a_program_that_pays_nothing_no_spending_is_told(county: Population, book: Rulebook) -> None:
    with pytest.raises(RequestProblems, match="不发钱"):
        goal_seek(county, book, "低保标准", "dibao_edge", spending=100, between=(900, 950))
    curve = sweep(county, book, {"低保标准": [900, 1000]}, programs=["dibao", "dibao_edge"])
    spending = {str(row[1]): row[-1] for row in curve.sheet().rows}
    assert [spent is None for spent in spending.values()] == [False, True]


class _Measured:
    """Stands for a population whose caseload at each step is known beforehand."""

    def __init__(self, caseloads: Sequence[int]) -> None:
        self.caseloads = caseloads

    def at(self, values: Sequence[Decimal]) -> Point:
        count = Fraction(self.caseloads[int(values[0])])
        figures: Any = SimpleNamespace(eligible=count, most=count, undetermined=Fraction(0), spending=Total(None, None))
        return Point(tuple(values), {"p": figures})


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.integers(0, 7))
def test_of_so_few_steps_every_passing_of_the_goal_is_found(caseloads: list[int], goal: int) -> None:
    trial: Any = _Measured(caseloads)
    nothing: Any = None
    steps = [Decimal(at) for at in range(len(caseloads))]
    found = _Search(trial, "p", "caseload", Fraction(goal), steps).run(nothing, nothing, Decimal(1))
    met = [count >= goal for count in caseloads]
    flips = [at for at in range(len(met) - 1) if met[at] != met[at + 1]]
    assert [min(c.met.values[0], c.not_met.values[0]) for c in found.crossings] == flips
    assert [int(point.values[0]) for point in found.exact] == [at for at, n in enumerate(caseloads) if n == goal]
    assert (found.value is not None) == (len(flips) == 1)


@given(st.lists(st.integers(0, 3), min_size=200, max_size=300), st.integers(0, 400))
def test_of_many_steps_a_rising_measure_is_passed_where_it_is(more: list[int], goal: int) -> None:
    caseloads = [sum(more[: at + 1]) for at in range(len(more))]
    trial: Any = _Measured(caseloads)
    nothing: Any = None
    steps = [Decimal(at) for at in range(len(caseloads))]
    found = _Search(trial, "p", "caseload", Fraction(goal), steps).run(nothing, nothing, Decimal(1))
    first = next((at for at, count in enumerate(caseloads) if count >= goal), None)
    assert found.value == (first if first else None)
    assert len(found.tried) <= 64 + 9
