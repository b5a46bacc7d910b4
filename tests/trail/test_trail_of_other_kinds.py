"""Trails of workers, assessments and estates: in English, what facts and departments are called has English words."""

from __future__ import annotations

import pytest

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.case.kinds import KINDS
from minzheng_rules.trail.wording import DEPARTMENTS


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_supplies_or_settles_a_fact_has_a_name_in_english(kind: str) -> None:
    kinds = Rulebook.load(place="haining", kind=kind).vocabulary.kinds.values()
    facts = [fact for each in kinds for fact in each.facts.values()]
    named = {who for fact in facts for who in (*fact.sources, *([fact.judgement] if fact.judgement else []))}
    assert named <= set(DEPARTMENTS)


def test_the_note_of_a_fact_is_printed_in_the_language_asked_for() -> None:
    case = Case.parse({"case": "worker", "as_of": "2025-06-01", "entered_on": "2024-01-01"})
    trail = decide(case, Rulebook.load(place="haining", kind="worker")).explain("entry_award.instalments")
    assert "说明：到现在这家机构" in trail.text("zh", full=True)
    assert "note: at the institution of today" in trail.text("en", full=True)
    assert not [line for line in trail.text("en", full=True).splitlines() if "到现在这家机构" in line]


def test_nothing_that_follows_a_death_is_asked_about_the_living() -> None:
    facts = {"deceased": False, "is_tekun": True, "drawn": [{"type": "dibao"}]}
    case = Case.parse({"case": "estate", "as_of": "2025-06-01", **facts})
    decision = decide(case, Rulebook.load(place="haining", kind="estate"))
    after = [outcome for outcome in decision.outcomes if outcome.program.startswith("after_death")]
    assert {outcome.program.partition(".")[2] for outcome in after} == {"stops", "settling", "recheck", "burial"}
    assert {outcome.status.value for outcome in after} == {"not_applicable"}


def test_a_table_kept_beside_another_file_is_placed_where_it_lies() -> None:
    book = Rulebook.load(place="haining", kind="worker", overlays=["illustrative"])
    case = Case.parse({"case": "worker", "as_of": "2025-06-01", "wage_post": "management", "management": "head"})
    places = {node.place.file for node in decide(case, book).explain("pay_guide").nodes() if node.place is not None}
    assert any(place.endswith("haining/worker/pay_scheme_8_3_3.csv") for place in places)
    assert not any(".." in place for place in places)
