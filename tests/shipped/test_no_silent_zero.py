"""An amount that another benefit takes away is said to be taken away, in the overview as in the reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.trail.summary import summary_html, summary_text

_DAY = dt.date(2025, 6, 1)


def _wife(**changes: Any) -> dict[str, Any]:
    return {
        "id": "妻",
        "relation": "spouse",
        "birth_date": "1972-07-01",
        "hukou_here": True,
        "jobless": True,
        "disabilities": [{"type": "physical", "grade": "first"}],
        "disability_certificate": True,
        "support_waived": 0,
        "findings": {"own_assets_within_rule": True},
        **changes,
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_takes_an_amount_away_stands_below_it(lang: str) -> None:
    """An edge family (2400 / 2 = 1200): she draws dibao alone, in full, and so no severe disability aid beside it."""
    rulebook = Rulebook.load(place="haining", overlays=["illustrative"])
    none = ["income", "work_cost", "special_circumstances", "records", "serious_illness", "rigid_spending_deduction"]
    man = {"id": "夫", "relation": "applicant", "birth_date": "1970-03-01", "hukou_here": True, "jobless": False}
    man |= {"disabilities": [], "wages": [{"amount": 2400}]}
    case = Case.parse(
        {
            "members": [man, _wife()],
            "declared_none": [*none, "job_offers", "household_recognitions"],
            "findings": {"assets_within_rule": True, "edge_assets_within_rule": True},
        }
    )
    decision = decide(case, rulebook, as_of=_DAY)
    aid = next(o for o in decision.outcomes if o.program == "disability_aid" and o.subject == "妻")
    assert aid.status.value == "eligible"
    assert aid.amounts["amount"].value == 0
    said = "与“单人户月低保金”：不得重复享受" if lang == "zh" else "with single amount: not both"
    assert said in summary_text(decision, lang, 200, colour=False)
    assert said in summary_html(decision, lang)
