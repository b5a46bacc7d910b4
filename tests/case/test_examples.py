"""The example households: realistic, invented, and deciding differently."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.case.household import Household
from minzheng_rules.case.reading import read_file
from minzheng_rules.case.schema import case_schema

EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"

# Program, subject, outcome, monthly amount: with the illustrative standard of 1000 yuan.
EXPECTED: dict[str, dict[tuple[str, str], tuple[str, str | None]]] = {
    "two_elderly_on_a_pension": {("dibao", "household"): ("eligible", "86.00")},
    "disabled_adult_with_old_parents": {
        ("dibao", "household"): ("ineligible", "0.00"),
        ("dibao_edge", "household"): ("ineligible", None),
        ("dibao_single", "儿子"): ("eligible", "1000.00"),
    },
    "mixed_hukou_family": {("dibao", "household"): ("eligible", "600.00")},
    "student_in_the_family": {("dibao", "household"): ("eligible", "300.00")},
    "family_of_a_prisoner": {("dibao", "household"): ("eligible", "100.00")},
    "family_with_missing_data": {("dibao", "household"): ("undetermined", None)},
    "just_over_the_line": {
        ("dibao", "household"): ("ineligible", "0.00"),
        ("dibao_edge", "household"): ("eligible", None),
    },
    "single_mother": {("dibao", "household"): ("eligible", "50.00")},
    "severely_disabled_child": {("dibao", "household"): ("eligible", "1400.00")},
    "new_job_while_on_dibao": {("dibao", "household"): ("eligible", "100.00")},
    "serious_illness_in_an_edge_family": {
        ("dibao", "household"): ("ineligible", "0.00"),
        ("dibao_single", "wife"): ("eligible", "1000.00"),
    },
    "grandchild_with_grandparents": {("dibao", "household"): ("eligible", "1900.00")},
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


def test_every_example_is_expected_here() -> None:
    assert {file.stem for file in EXAMPLES.glob("*.yaml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_examples_decide_as_they_say(name: str, book: Rulebook) -> None:
    decision = decide(Case.read(EXAMPLES / f"{name}.yaml"), book)
    came_out = {
        (outcome.program, outcome.subject): (
            outcome.status.value,
            str(outcome.amount.value) if outcome.amount is not None and outcome.amount.value is not None else None,
        )
        for outcome in decision.outcomes
    }
    assert {key: came_out[key] for key in EXPECTED[name]} == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_examples_survive_the_canonical_form_and_fit_the_schema(name: str) -> None:
    file = EXAMPLES / f"{name}.yaml"
    case = Case.read(file)
    assert Case.from_json(case.to_json()) == case
    schema = jsonschema.Draft202012Validator(case_schema(Household))
    schema.validate(read_file(file).data)
    schema.validate(case.to_json())
