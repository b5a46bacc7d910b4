"""The overview says in a line why somebody is refused, and how open amounts rest on weak figures."""

from __future__ import annotations

import re
from pathlib import Path

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.trail.summary import summary_text

EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"
BOOK = Rulebook.load(place="haining", overlays=["illustrative"])


def overview(name: str, lang: str, program: str) -> str:
    return summary_text(decide(Case.read(EXAMPLES / name), BOOK, programs=[program]), lang, width=200)


def test_a_refusal_names_the_condition_the_numbers_and_the_distance() -> None:
    assert "原因：人均收入低于低保标准：不成立；3,001.50 元/月 < 1,000.00 元/月/人 × 3 人；高 1.50 元/月" in overview(
        "just_over_the_line.yaml", "zh", "dibao"
    )


def test_a_refusal_reads_in_english_too() -> None:
    said = overview("just_over_the_line.yaml", "en", "dibao")
    assert "3,001.50 yuan/month < 1,000.00 yuan/month/person × 3 persons; 1.50 yuan/month above" in said


def test_the_bounds_of_an_open_amount_are_as_weak_as_the_figures_in_them() -> None:
    decision = decide(Case.read(EXAMPLES / "family_with_missing_data.yaml"), BOOK, programs=["dibao"])
    outcome = decision.outcome("dibao")
    assert outcome.status.value == "undetermined"
    assert outcome.weakest == "illustrative"


def test_what_is_noted_of_an_open_figure_is_said_once() -> None:
    """Why a figure is not known is all there is to note of it."""
    decision = decide(Case.read(EXAMPLES / "single_mother.yaml"), Rulebook.load(place="haining"))
    said = decision.explain("dibao").text(width=400, colour=False)
    assert said.count("由嘉兴市人民政府公布") == 1
    assert "原因：由嘉兴市人民政府公布" in said


def test_a_row_of_the_table_an_amount_is_worked_out_by_is_no_reason() -> None:
    for name in ("just_over_the_line.yaml", "single_mother.yaml"):
        assert "第 1 行" not in overview(name, "zh", "dibao_topup")


def test_a_list_without_a_name_is_no_reason() -> None:
    said = overview("two_elderly_on_a_pension.yaml", "zh", "tekun")
    assert "原因：属特困人员：不成立" in said or "原因：家中有能履行义务的人：成立" in said
    assert "下列各项" not in said


def test_of_a_named_value_the_reason_says_what_it_is() -> None:
    assert "原因：儿童认定 = 孤儿：不成立；实为“不属于”" in overview("single_mother.yaml", "zh", "children")
    assert "why: child category = orphan: fails; it is neither" in overview("single_mother.yaml", "en", "children")


def test_ages_are_years_of_age_and_durations_are_years() -> None:
    said = overview("two_elderly_on_a_pension.yaml", "zh", "elder_care_subsidy")
    assert "76 岁 ≥ 80 岁；低 4 岁" in said
    said = overview("two_elderly_on_a_pension.yaml", "en", "elder_care_subsidy")
    assert "76 years ≥ 80 years; 4 years below" in said
    trail = decide(Case.read(EXAMPLES / "severely_disabled_child.yaml"), BOOK).explain().text("zh", full=True)
    assert re.search(r"[^0-9]\d+ 岁", trail)
    assert not re.search(r"年龄[^\n]{0,12} \d+ 年", trail)
