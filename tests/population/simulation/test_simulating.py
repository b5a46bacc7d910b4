"""What a simulation says of a population is what deciding its households one by one says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from minzheng_rules import Decision, Outcome, Reform, RequestProblems, Rulebook, Status, decide
from minzheng_rules.population.population import Population
from minzheng_rules.population.simulation.dependence import parameters_of, reached
from minzheng_rules.population.simulation.simulating import Simulation, simulate
from minzheng_rules.problems import Words
from tests.population.simulation.asked import PROGRAMS

DAY = dt.date(2025, 6, 1)
Pair = tuple[Outcome, Outcome]


@pytest.fixture(scope="module")
def decided(simulation: Simulation) -> list[tuple[Decision, Decision]]:
    """Every household decided one by one, before and under the reform."""
    return [
        tuple(decide(case, rules, as_of=DAY, programs=PROGRAMS) for rules in (simulation.rulebook, simulation.reformed))
        for case in simulation.population.cases()
    ]


def _outcomes(decided: list[tuple[Decision, Decision]], program: str) -> Iterator[tuple[int, Pair]]:
    for household, (before, after) in enumerate(decided):
        pairs = zip(before.outcomes, after.outcomes, strict=True)
        yield from ((household, (old, new)) for old, new in pairs if old.program == program)


def _bounds(outcome: Outcome) -> tuple[Decimal, Decimal | None]:
    amounts = outcome.amounts.values()
    highs = [amount.high for amount in amounts]
    high = None if any(bound is None for bound in highs) else sum((h for h in highs if h is not None), Decimal(0))
    return sum((amount.low or Decimal(0) for amount in amounts), Decimal(0)), high


@pytest.mark.parametrize("program", PROGRAMS)
def test_caseloads_and_spending_are_those_of_the_decisions(
    simulation: Simulation, decided: list[tuple[Decision, Decision]], program: str
) -> None:
    for side, baseline in ((0, True), (1, False)):
        outcomes = [pair[side] for _, pair in _outcomes(decided, program)]
        found = simulation.caseload(program, baseline=baseline)
        came = Counter(outcome.status for outcome in outcomes)
        assert found.eligible == came[Status.ELIGIBLE]
        assert found.undetermined == came[Status.UNDETERMINED]
        assert found.ineligible == came[Status.INELIGIBLE]
        assert found.not_applicable == came[Status.NOT_APPLICABLE]
        bounds = [_bounds(outcome) for outcome in outcomes]
        assert found.spending.at_least == sum(low for low, _ in bounds)
        highs = [high for _, high in bounds]
        assert found.spending.at_most == (None if None in highs else sum(h for h in highs if h is not None))


@pytest.mark.parametrize("program", PROGRAMS)
def test_entries_and_exits_are_those_of_the_decisions(
    simulation: Simulation, decided: list[tuple[Decision, Decision]], program: str
) -> None:
    (found,) = simulation.moves(program)
    pairs = [(old.status, new.status) for _, (old, new) in _outcomes(decided, program)]
    yes, open_ = Status.ELIGIBLE, Status.UNDETERMINED
    assert found.enter == sum(old not in (yes, open_) and new is yes for old, new in pairs)
    assert found.leave == sum(old is yes and new not in (yes, open_) for old, new in pairs)
    assert found.stay == sum(old is new is yes for old, new in pairs)
    assert found.opened == sum(old is not open_ and new is open_ for old, new in pairs)


def test_who_gains_and_who_loses_is_as_decided(
    simulation: Simulation, decided: list[tuple[Decision, Decision]]
) -> None:
    (found,) = simulation.gains(programs=["dibao"])
    gained = lost = 0
    more = Decimal(0)
    for _, (old, new) in _outcomes(decided, "dibao"):
        (old_low, old_high), (new_low, new_high) = _bounds(old), _bounds(new)
        assert old_high is not None
        assert new_high is not None
        gained += new_low > old_high
        lost += new_high < old_low
        more += new_low - old_high if new_low > old_high else 0
    assert (found.gaining, found.losing) == (gained, lost)
    assert found.gained.at_least == more
    assert gained > 0, "the example has somebody who gains"
    assert found.gaining + found.losing + found.unchanged + found.open == len(simulation.population)


def test_groups_add_up_to_the_whole(simulation: Simulation) -> None:
    assert set(simulation.groupings) == {"town", "size", "type", "decile"}
    for by in simulation.groupings:
        for program in PROGRAMS:
            whole, parts = simulation.caseload(program), simulation.figures(program, by)
            assert sum(part.eligible for part in parts) == whole.eligible
            assert sum(part.undetermined for part in parts) == whole.undetermined
            lows = [part.spending.low for part in parts]
            assert None not in lows
            assert sum(low for low in lows if low is not None) == whole.spending.low
        assert sum(one.gaining for one in simulation.gains(by)) == simulation.gains()[0].gaining


def test_tenths_of_income_are_in_order_and_of_like_size(simulation: Simulation) -> None:
    tenths = simulation.dimension("decile")
    counted = Counter(label.en for label in (tenths.labels[code] for code in tenths.codes))
    known = sum(count for label, count in counted.items() if label.startswith("tenth"))
    assert max(count for label, count in counted.items() if label.startswith("tenth")) <= known // 10 + 4
    assert [label.en for label in tenths.labels][:2] == ["tenth 1 (lowest)", "tenth 2"]


def test_weights_are_never_dropped(county: Population, book: Rulebook, reform: Reform, simulation: Simulation) -> None:
    weighted = simulate(county, book, reform, programs=["dibao"], weights=[Decimal("2.5")] * len(county))
    (once,), (often,) = simulation.figures("dibao"), weighted.figures("dibao")
    assert often.eligible == once.eligible * Fraction(5, 2)
    assert once.spending.low is not None
    assert often.spending.low == once.spending.low * Fraction(5, 2)
    assert weighted.gains(programs=["dibao"])[0].gaining == simulation.gains(programs=["dibao"])[0].gaining * Fraction(
        5, 2
    )
    assert weighted.moves("dibao")[0].enter == simulation.moves("dibao")[0].enter * Fraction(5, 2)


def test_groups_of_the_callers_own(county: Population, book: Rulebook) -> None:
    labels = ["甲" if number % 2 else None for number in range(len(county))]
    found = simulate(county, book, programs=["dibao"], by={"片区": labels}).figures("dibao", "片区")
    assert [one.group.zh for one in found] == ["甲", "不明"]
    with pytest.raises(RequestProblems):
        simulate(county, book, programs=["dibao"], by={"片区": ["甲"]})


def test_what_cannot_be_asked_says_so(county: Population, book: Rulebook, simulation: Simulation) -> None:
    with pytest.raises(RequestProblems, match="您是否想写“town”"):
        simulation.figures("dibao", "twon")
    with pytest.raises(RequestProblems):
        simulation.caseload("price_subsidy")
    later = Reform(title="以后才改", changes={"低保标准": {"2026-01-01": 1100}})
    with pytest.raises(RequestProblems, match="2026-01-01"):
        simulate(county, book, later, programs=["dibao"])
    with pytest.raises(RequestProblems):
        simulate(county, book, programs=[])


def test_conditions_that_alone_stand_in_the_way_do_so(simulation: Simulation) -> None:
    income = next(one for one in simulation.hurdles("dibao") if "低于低保标准" in one.condition.zh)
    assert 0 < income.alone <= income.among_others <= simulation.caseload("dibao").ineligible


def test_what_open_answers_wait_for(simulation: Simulation) -> None:
    found = simulation.unknowns("disability_subsidies.living", most=5)
    assert found.subjects == simulation.caseload("disability_subsidies.living").undetermined
    assert 0 < found.looked_at <= found.subjects
    assert not found.complete or found.looked_at == found.subjects
    assert all(one.answers <= found.looked_at for one in found.wanting)
    assert found.wanting


# -- what a change can reach -------------------------------------------------------------------------------------------


def test_nobodys_answer_changes_in_a_program_the_figure_does_not_reach(book: Rulebook, county: Population) -> None:
    touched = reached(book, DAY, ["edge_multiple"])
    assert "dibao" not in touched
    assert "dibao_edge" in touched
    changed = book.reform(Reform(title="放宽边缘", changes={"edge_multiple": 2}))
    others = [program.id for program in book.programs if program.id not in touched]
    before, after = (county.decide(rules, programs=others) for rules in (book, changed))
    for household in range(len(county)):
        assert before.row(household) == after.row(household)


def test_a_program_rests_on_the_figures_that_reach_it(book: Rulebook) -> None:
    for parameter in ("dibao_standard", "edge_multiple", "minimum_wage", "dibao_rounding"):
        if parameter in book.parameters:
            touched = reached(book, DAY, [parameter])
            assert touched == {p.id for p in book.programs if parameter in parameters_of(book, DAY, [p.id])}


def test_without_a_reform_there_is_only_what_is(county: Population, book: Rulebook) -> None:
    found = simulate(county, book, programs=["dibao"])
    assert found.reform is None
    assert found.reformed is book
    assert not found.effects
    assert [sheet.id for sheet in found.sheets(["town"])] == ["overview", "by_town", "hurdles", "wanting"]
    assert "最低生活保障" in str(found)


# -- reforms of rules --------------------------------------------------------------------------------------------------

AT_THE_LINE_TOO = """
program: dibao
layer: reform
household:
  income_at_most_standard:
    term: 人均收入不高于低保标准两倍
    replaces: 人均收入低于低保标准
    when: 家庭月收入 <= 低保标准 * 家庭人口 + 低保标准 * 家庭人口
"""


def test_a_reform_of_a_rule_is_worked_out_as_decided(county: Population, book: Rulebook) -> None:
    wider = Reform(title="放宽收入条件", rules=[AT_THE_LINE_TOO])
    found = simulate(county, book, wider, programs=["dibao", "childcare"])
    assert [(effect.kind, effect.term) for effect in found.effects] == [("rule", "人均收入低于低保标准")]
    assert found.touched >= {"dibao"}
    assert "childcare" not in found.touched
    assert found.moves("dibao")[0].enter > 0
    for household in range(0, len(county), 4):
        decision = decide(county.case(household), found.reformed, as_of=DAY, programs=["dibao"])
        assert not [line for line in found.after.differences(decision, household) if line.startswith("dibao")]
    assert "人均收入不高于低保标准两倍" in found.sheets(["town"])[0].text()


def test_whom_a_program_does_not_concern_is_not_counted_among_the_open_amounts(book: Rulebook) -> None:
    county = Population.synthesize(60, seed=3)
    figures = simulate(county, book, programs=["service_voucher"]).caseload("service_voucher")
    assert figures.not_applicable > 0
    assert figures.spending.open == figures.undetermined > 0


def test_every_total_is_the_sum_of_what_is_decided_household_by_household(book: Rulebook) -> None:
    county = Population.synthesize(40, seed=6)
    found = simulate(county, book)
    outcomes = [one for case in county.cases() for one in decide(case, book).outcomes]
    for program in found.programs:
        own = [one for one in outcomes if one.program == program.id]
        counted = Counter(one.status.value for one in own)
        caseload, line = found.caseload(program.id), found.line(program.id)
        assert [caseload.eligible, caseload.ineligible, caseload.undetermined, caseload.not_applicable] == [
            counted[status] for status in ("eligible", "ineligible", "undetermined", "not_applicable")
        ], program.id
        if line is None:
            continue
        amounts = [one.amounts[name] for one in own for name in line.amounts if one.status.value != "not_applicable"]
        for bound, total in (("low", caseload.spending.at_least), ("high", caseload.spending.at_most)):
            values = [getattr(amount, bound) for amount in amounts]
            assert total == (None if None in values else sum(values)), (program.id, bound)


def test_what_is_wanting_says_which_amount(book: Rulebook) -> None:
    county = Population.synthesize(200, seed=1)
    wanting = simulate(county, book, programs=["dibao"]).unknowns("dibao").wanting
    assert Words("工资性收入的月金额", "amount of wages") in [one.words for one in wanting]


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ({"as_of": "2025-13-01"}, "request.as-of", "2025-13-01"),
        ({"reform": "reform.yaml"}, "simulation.reform", "Reform.read"),
        (
            {"reform": Reform(title="as it is", changes={"低保标准": 1000})},
            "reform.without-effect",
            "in force on that day",
        ),
        (
            {"reform": Reform(title="later", changes={"低保标准": {"2026-01-01": 1050}})},
            "reform.without-effect",
            "2026-01-01",
        ),
        ({"weights": [1] * 79 + [-1]}, "simulation.weights", "number 80 is -1"),
        ({"weights": [1, float("nan")] + [1] * 78}, "simulation.weights", "weight number 2, `nan`"),
        ({"weights": [1]}, "simulation.weights", "80 households, 1 weights"),
        ({"by": {"area": ["a"]}}, "simulation.by", "one label for each household"),
        ({"programs": []}, "simulation.programs", "no program is asked for"),
        ({"programs": ["dibaoo"]}, "request.program", "did you mean"),
    ],
)
def test_what_cannot_be_simulated_is_said_with_the_next_step(
    county: Population, book: Rulebook, asked: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(RequestProblems) as found:
        simulate(county, book, **asked)
    (problem,) = found.value.problems
    assert problem.code == code
    assert said in problem.say("en")
    assert problem.next_step is not None
    assert problem.say("zh") != problem.say("en")


def test_one_name_alone_is_meant_as_a_name(county: Population, book: Rulebook) -> None:
    assert Rulebook.load(place="haining", overlays="illustrative").digest == book.digest
    assert [program.id for program in simulate(county, book, programs="dibao").programs] == ["dibao"]  # type: ignore[arg-type]  # the slip itself
    people = Population.from_tables(
        {"household_id": ["a"]}, {"household_id": ["a"], "relation": ["applicant"]}, unknown="rest"
    )
    assert people.persons == 1


def test_what_is_shown_of_a_population_and_a_simulation_is_short(simulation: Simulation, book: Rulebook) -> None:
    for shown in (simulation, simulation.population, book):
        assert len(repr(shown)) < 150
    assert "80 households" in repr(simulation.population)
