"""The examples of cases that are no households lie in folders named after their kind, and are decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from minzheng_rules import Case, Rulebook, Status, decide
from minzheng_rules.case.kinds import KINDS

EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_example_is_of_the_kind_its_folder_names(path: Path) -> None:
    case = Case.read(path)
    assert path.parent.name in KINDS
    assert case.root.kind == path.parent.name
    assert decide(case, Rulebook.load(place=case.place, kind=case.root.kind)).outcomes


def test_the_nephew_inherits_in_his_fathers_place() -> None:
    case = Case.read(EXAMPLES / "estate" / "nephew_in_his_fathers_place.yaml")
    decision = decide(case, Rulebook.load(place="haining", kind="estate"))
    nephew = decision.outcome("succession.representation", "nephew")
    # The house and the savings are 138,000; half of the house is promised, 3,000 of debts come off the rest.
    assert nephew.amount.value == 138_000 - 60_000 - 3_000


def test_two_falls_make_sixty_points_the_third_level() -> None:
    case = Case.read(EXAMPLES / "assessment" / "falls_after_a_stroke.yaml")
    decision = decide(case, Rulebook.load(place="haining", kind="assessment"))
    assert decision.outcome("elder_ability.report").results["first_level"].value.zh == "中度失能"
    assert decision.outcome("elder_ability.level").results["level"].value.zh == "重度失能"


def test_an_old_record_with_two_answers_is_left_open_and_says_so() -> None:
    case = Case.read(EXAMPLES / "assessment" / "old_record_with_two_answers.yaml")
    decision = decide(case, Rulebook.load(place="haining", kind="assessment"))
    assert decision.outcome("elder_ability_2013.level").status is Status.UNDETERMINED
    assert "check.the_text_has_one_answer" in {finding.code for finding in decision.findings}
