"""The cases Hypothesis draws: plausible, complete or with gaps as asked, and close to the lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from minzheng_rules import Case, Entity, Rulebook, decide
from minzheng_rules.case.household import Household
from minzheng_rules.case.outline import facts_of
from minzheng_rules.evaluator.possible import full_years
from minzheng_rules.testing import cases, simplest, with_gaps
from minzheng_rules.testing.strategies import plain_data
from tests.evaluator.village import Village
from tests.properties.shipped import illustrative, lampwick

DAY = dt.date(2025, 6, 1)
IF_ANYBODY = {"guardian", "person", "neighbour", "father", "mother"}
"""References, which need somebody to refer to."""


def household(case: Case) -> Household:
    assert isinstance(case.root, Household)
    return case.root


def entities(entity: Entity) -> Iterator[Entity]:
    yield entity
    for fact in facts_of(type(entity)).values():
        value = getattr(entity, fact.id)
        if fact.shape == "list":
            for item in value or ():
                yield from entities(item)
        elif fact.shape == "entity" and value is not None:
            yield from entities(value)


def unknown(case: Case) -> list[tuple[str, str]]:
    """Every fact that is not stated."""
    return [(e.kind, name) for e in entities(case.root) for name in facts_of(type(e)) if getattr(e, name) is None]


def found(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    """An example that meets a condition, as simple as it comes; fails if there is none."""
    return find(
        strategy,
        condition,
        settings=settings(database=None, derandomize=True, max_examples=3000, phases=[Phase.generate]),
    )


# -- plausible ---------------------------------------------------------------------------------------------------------


@given(cases(illustrative()))
def test_a_family_has_one_applicant_at_most_one_spouse_and_up_to_six_members(case: Case) -> None:
    members = household(case).members or ()
    relations = [member.relation.value for member in members if member.relation is not None]
    assert 1 <= len(members) <= 6
    assert relations.count("applicant") == 1
    assert relations.count("spouse") <= 1


@given(cases(illustrative(), complete=True))
def test_ages_fit_what_people_are_to_the_applicant(case: Case) -> None:
    assert case.as_of is not None
    for member in household(case).members or ():
        assert member.birth_date is not None
        assert member.relation is not None
        age = full_years(member.birth_date, case.as_of)
        assert 0 <= age <= 110
        if member.relation.value in ("applicant", "spouse"):
            assert age >= 17  # a day before the eighteenth birthday is drawn, too


@given(cases(illustrative(), complete=True))
def test_a_case_can_be_written_down_and_read_back(case: Case) -> None:
    assert Case.from_json(case.to_json()).to_json() == case.to_json()


@given(cases(lampwick()))
def test_another_vocabulary_is_drawn_as_it_is_declared(case: Case) -> None:
    assert type(case.root).kind == "household"
    assert not isinstance(case.root, Household)
    assert Case.from_json(case.to_json(), lampwick().model).to_json() == case.to_json()


def test_a_vocabulary_without_anything_special(village: Village) -> None:
    book = village.rules(
        "house:\n  ok: {term: 条件, cite: LAW#1, when: any(p.邻人.有病 for p in 家人)}\ndecides: {eligible: 条件}\n"
    )
    case = found(
        cases(book, complete=True), lambda case: decide(case, book).outcome("trial").status.value == "eligible"
    )
    assert any(villager.neighbour for villager in case.root.people)


# -- complete or not ---------------------------------------------------------------------------------------------------


@given(cases(illustrative(), complete=True))
def test_a_complete_case_states_every_fact_that_can_be_stated(case: Case) -> None:
    left = {(kind, name) for kind, name in unknown(case) if name not in IF_ANYBODY}
    assert left <= {("member", "study_mode")}, "only who is at school has a mode of study"


@given(cases(lampwick(), complete=True))
def test_a_complete_case_of_another_vocabulary_too(case: Case) -> None:
    assert not [name for _, name in unknown(case) if name not in IF_ANYBODY]


@given(cases(illustrative(), complete=False))
def test_an_incomplete_case_lacks_something(case: Case) -> None:
    findings = [e.findings for e in entities(case.root)]
    assert unknown(case) or not all(findings)


def test_without_a_wish_there_are_both() -> None:
    found(
        cases(illustrative()),
        lambda case: not [name for _, name in unknown(case) if name not in (*IF_ANYBODY, "study_mode")],
    )
    found(cases(illustrative()), lambda case: len(unknown(case)) > 30)


@given(cases(illustrative(), complete=True), st.data())
def test_gaps_take_away_and_add_nothing(case: Case, data: st.DataObject) -> None:
    less = plain_data(data.draw(with_gaps(case, illustrative())).root)
    more = plain_data(case.root)
    assert less != more
    assert_part_of(less, more)


def assert_part_of(less: Any, more: Any) -> None:
    """Everything stated in the first is stated in the second."""
    if isinstance(less, dict):
        for key, value in less.items():
            assert key in more
            assert_part_of(value, more[key])
    elif isinstance(less, list) and less and isinstance(less[0], dict):
        for item, whole in zip(less, more, strict=True):
            assert_part_of(item, whole)
    elif isinstance(less, list):
        assert set(less) <= set(more)
    else:
        assert less == more


# -- close to the lines ------------------------------------------------------------------------------------------------


@given(cases(illustrative(), as_of=DAY))
def test_the_day_can_be_fixed(case: Case) -> None:
    assert case.as_of == DAY


@pytest.mark.parametrize("by", [-1, 0, 1])
def test_days_lie_where_something_changes_and_beside(by: int, village: Village) -> None:
    book = village.rules(
        "house:\n  ok: {term: 条件, cite: LAW#1, from: 2021-07-01, when: 贫困}\ndecides: {eligible: 条件}\n"
    )
    turn = dt.date(2021, 7, 1) + dt.timedelta(days=by)
    assert found(cases(book), lambda case: case.as_of == turn)


def test_the_last_day_and_the_day_after(village: Village) -> None:
    book = village.rules("house:\n  ok: {term: 条件, cite: LAW#1, when: 贫困}\ndecides: {eligible: 条件}\n")
    assert found(cases(book), lambda case: case.as_of == dt.date(2030, 12, 31))
    assert found(cases(book), lambda case: case.as_of == dt.date(2031, 1, 1))


@pytest.mark.parametrize(
    ("fen", "status"), [(-1, "eligible"), (0, "ineligible"), (1, "ineligible")], ids=["under", "at", "over"]
)
def test_a_family_lands_at_the_line_just_under_it_and_just_over(village: Village, fen: int, status: str) -> None:
    """A house's income is the standard to the fen, and a fen to either side."""
    book = village.rules(
        "house:\n  ok: {term: 条件, cite: LAW#1, when: 收入 < 标准}\ndecides: {eligible: 条件}\n",
        figures="standard: {term: 标准, unit: yuan/month/house, values: {2020-01-01: {value: 1000}}}\n",
    )
    pay = 1000 + Decimal(fen) / 100
    case = found(cases(book, complete=True, as_of=DAY), lambda case: case.root.income == pay)
    assert decide(case, book).outcome("trial").status.value == status


@pytest.mark.parametrize("by", [-1, 0, 1])
def test_birth_dates_lie_at_the_age_that_counts_and_a_day_to_either_side(by: int) -> None:
    birthday = dt.date(2007, 6, 1) + dt.timedelta(days=by)
    child = found(
        cases(illustrative(), as_of=DAY),
        lambda case: any(member.birth_date == birthday for member in household(case).members or ()),
    )
    assert child


def test_every_answer_comes_out_now_and_then() -> None:
    book = illustrative()
    for program in ("dibao", "dibao_edge"):
        for status in ("eligible", "ineligible", "undetermined"):
            assert found(
                cases(book),
                lambda case, p=program, s=status: decide(case, book, programs=[p]).outcome(p).status.value == s,
            )
    for status in ("eligible", "ineligible", "undetermined", "not_applicable"):
        assert found(
            cases(book),
            lambda case, s=status: any(
                o.status.value == s for o in decide(case, book, programs=["dibao_single"]).outcomes
            ),
        )


# -- shrinking ---------------------------------------------------------------------------------------------------------


def test_the_simplest_case_is_one_plain_person() -> None:
    case = simplest(cases(illustrative(), complete=True, as_of=DAY))
    (member,) = household(case).members or ()
    assert member.relation is not None
    assert member.relation.value == "applicant"
    assert not member.disabilities
    assert not member.wages
    assert not household(case).supporters
    assert not household(case).vehicles


def test_a_counterexample_shrinks_to_what_matters(village: Village) -> None:
    """Of all houses with somebody ill the simplest has one villager who is ill, and nothing else about them is remarkable."""
    book = village.rules(
        "house:\n  ok: {term: 条件, cite: LAW#1, when: any(p.有病 for p in 家人)}\ndecides: {eligible: 条件}\n"
    )

    def somebody_ill(case: Case) -> bool:
        return any(villager.ill for villager in case.root.people or ())

    strategy = cases(book, complete=True, as_of=DAY)
    case = find(strategy, somebody_ill, settings=settings(database=None, derandomize=True, max_examples=200))
    (villager,) = case.root.people
    assert [
        name for name, fact in facts_of(type(villager)).items() if fact.shape == "bool" and getattr(villager, name)
    ] == ["ill"]
    assert not case.root.poor


def test_a_counterexample_is_printed_so_that_it_can_be_read_back() -> None:
    from hypothesis.vendor.pretty import pretty

    case = simplest(cases(illustrative(), complete=True, as_of=DAY))
    printed = pretty(case)
    assert printed.startswith("Case.from_json('{")
    assert eval(printed, {"Case": Case}).to_json() == case.to_json()


def test_strategies_made_anew_cost_nothing(village: Village) -> None:
    book = village.rules("house:\n  ok: {term: 条件, cite: LAW#1, when: 贫困}\ndecides: {eligible: 条件}\n")
    simplest(cases(book))
    kept = book.compiled["testing"]
    simplest(cases(book))
    assert book.compiled["testing"] is kept


def test_a_rulebook_is_not_changed_by_drawing_cases_for_it(village: Village) -> None:
    book: Rulebook = village.rules("house:\n  ok: {term: 条件, cite: LAW#1, when: 贫困}\ndecides: {eligible: 条件}\n")
    before = book.digest
    simplest(cases(book))
    assert book.digest == before
    assert Rulebook.load(village.folder, vocabulary=list(book.models)).digest == before
