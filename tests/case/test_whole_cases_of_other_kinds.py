"""What must hold of a worker's or an estate's case as a whole: facts that cannot both be so are refused, by their path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.case.kinds import KINDS
from minzheng_rules.case.template import template
from minzheng_rules.problems import CaseProblems


def refused(kind: str, **facts: Any) -> list[tuple[str, str]]:
    """The paths and codes of what is wrong."""
    with pytest.raises(CaseProblems) as found:
        Case.parse({"case": kind, "as_of": "2025-06-01", **facts})
    return sorted((problem.place.path, problem.code) for problem in found.value.problems)


def test_nobody_is_alive_after_the_day_of_their_death() -> None:
    assert refused("estate", deceased=False, died_on="2025-03-01") == [("deceased", "alive-and-dead")]
    assert refused("estate", declared_none=["deceased"], died_on="2025-03-01") == [("deceased", "alive-and-dead")]


def test_a_share_is_no_more_than_the_whole() -> None:
    shares = {"agreed_shares": [{"numerator": 3, "denominator": 2}], "willed_shares": [{"numerator": 2}]}
    assert refused("estate", properties=[shares]) == [
        ("properties[0].agreed_shares[0].numerator", "more-than-the-whole")
    ]


def test_a_reference_to_the_wrong_kind_of_thing_says_which_kind_was_expected() -> None:
    facts = {"wills": [{"id": "遗嘱一"}], "properties": [{"agreed_shares": [{"agreement": "遗嘱一"}]}]}
    with pytest.raises(CaseProblems) as found:
        Case.parse({"case": "estate", **facts})
    assert (
        found.value.say("zh") == "properties[0].agreed_shares[0].agreement：“所依协议”“遗嘱一”是遗嘱，应为遗赠扶养协议"
    )
    assert "is a will, expected a support agreement" in found.value.say("en")


def test_nobody_is_still_there_after_their_last_day() -> None:
    assert refused("worker", left=False, left_on="2025-03-01") == [("left", "there-and-gone")]


def test_nobody_leaves_before_they_come() -> None:
    assert refused("worker", entered_on="2025-03-02", left_on="2025-03-01") == [("left_on", "gone-before-coming")]


def test_a_month_is_stated_once_and_has_no_more_days_than_it_has() -> None:
    months = [{"month": "2025-02-01", "attendance": 29}, {"month": "2025-02-28"}]
    assert refused("worker", work_months=months) == [
        ("work_months[0].attendance", "more-days-than-the-month"),
        ("work_months[1].month", "month-twice"),
    ]


def test_an_unknown_kind_of_case_is_told_which_kinds_there_are() -> None:
    with pytest.raises(CaseProblems) as found:
        Case.parse({"case": "alien"})
    assert found.value.problems[0].what.en == (
        'case cannot be "alien": expected one of household, worker, assessment, estate, indicators'
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_with_every_fact_switched_on_is_a_case(kind: str, lang: str, tmp_path: Path) -> None:
    lines = template(KINDS[kind].load(), lang).splitlines()
    file = tmp_path / "case.yaml"
    file.write_text("\n".join(line.removeprefix("# ") for line in lines), encoding="utf-8")
    assert Case.read(file).root.kind == kind
