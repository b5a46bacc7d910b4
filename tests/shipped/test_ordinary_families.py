"""What an ordinary family is told of programs that are not for it: not applicable or not met, and nothing left open.

The examples are decided with illustrative figures. What stays open is listed here with its reason; a program that starts to
ask every family for a fact only few can state shows up as one more line.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from minzheng_rules import Case, Rulebook, decide

EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"

OPEN: dict[str, set[str]] = {
    "family_with_missing_data": {"dibao", "dibao_edge"},  # that is what it is about
    "mixed_hukou_family": {"nonlocal_channel"},  # which towns are pilots is not known
    # Before 2026 the notices on price subsidies and on care vouchers were others, which we have not seen.
    "new_job_while_on_dibao": {"price_subsidy", "service_voucher"},
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


@pytest.mark.parametrize("name", sorted(file.stem for file in EXAMPLES.glob("*.yaml")))
def test_only_what_cannot_be_known_stays_open(name: str, book: Rulebook) -> None:
    outcomes = decide(Case.read(EXAMPLES / f"{name}.yaml"), book).outcomes
    assert {outcome.program for outcome in outcomes if outcome.status.value == "undetermined"} == OPEN.get(name, set())


def test_a_fact_that_is_left_out_is_not_taken_for_none(tmp_path: Path, book: Rulebook) -> None:
    """Without the declaration that nothing else is the matter, the same family is asked."""
    declared = ", 其他救助情形, 照护养老情形"
    text = (EXAMPLES / "just_over_the_line.yaml").read_text(encoding="utf-8")
    assert declared in text
    silent = tmp_path / "silent.yaml"
    silent.write_text(text.replace(declared, ""), encoding="utf-8")
    left_open = {o.program for o in decide(Case.read(silent), book).outcomes if o.status.value == "undetermined"}
    assert {"temporary_aid", "spending_hardship", "vagrant_aid", "care_allowances.injury"} <= left_open


def test_a_local_is_not_asked_in_which_province_they_are_registered() -> None:
    """That of the others matters; of somebody registered here it follows, wherever they live."""
    local = {"id": "wife", "relation": "applicant", "birth_date": "1990-03-01", "hukou_here": True}
    other = {"id": "husband", "relation": "spouse", "birth_date": "1988-07-01", "hukou_here": False}
    book = Rulebook.load(place="haining", overlays=["illustrative"])
    for lives_here in ({}, {"lives_here": True}, {"lives_here": False}):
        case = Case.parse({"as_of": "2025-06-01", "members": [{**local, **lives_here}, other]})
        asked = {(lack.path, lack.words.zh) for outcome in decide(case, book).outcomes for lack in outcome.missing}
        assert ("members[1]", "户籍省") in asked
        assert not asked & {("members[0]", name) for name in ("户籍省", "户籍市", "户籍县")}
