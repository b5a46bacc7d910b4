"""What records change in a case, and what comes of it: which entitlements, by how much, from which month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from minzheng_rules import Case
from minzheng_rules.evaluator.decision import Status
from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.deciding import EntitlementChange, Redecided, redecide
from minzheng_rules.monitor.intake import Intake
from minzheng_rules.monitor.outputs import matters, trail_markdown

CASES = Path(__file__).parents[2] / "examples" / "monitor" / "cases"
JUNE = dt.date(2025, 6, 30)


def _again(book: MonitorBook, name: str, rows: list[dict[str, Any]], as_of: dt.date = JUNE) -> Redecided:
    intake = Intake(book)
    intake.table([{"household": name, **row} for row in rows], "rows")
    assert not intake.set_aside
    records = intake.holdings.known(name, as_of.toordinal())
    return redecide(name, Case.read(CASES / f"{name}.yaml"), records, book, as_of)


def _change(found: Redecided, program: str, subject: str = "household") -> EntitlementChange:
    return next(c for c in found.changes if c.program == program and c.subject == subject)


def test_after_a_death_the_household_is_smaller_from_the_next_month(shipped: MonitorBook) -> None:
    found = _again(shipped, "QX-001", [{"type": "death", "id": "d", "person": "老伴", "date": "2025-03-06"}])
    dibao = _change(found, "dibao")
    assert (dibao.before, dibao.after) == (Status.ELIGIBLE, Status.ELIGIBLE)
    assert dibao.differences()[0][1] == Decimal("-43.00")
    assert dibao.since == dt.date(2025, 4, 1)
    assert _change(found, "dibao_topup", "老伴").after is None
    assert not found.problems


def test_a_death_on_the_first_day_counts_for_that_month(shipped: MonitorBook) -> None:
    found = _again(shipped, "QX-001", [{"type": "death", "id": "d", "person": "老伴", "date": "2025-03-01"}])
    assert _change(found, "dibao").since == dt.date(2025, 3, 1)


def test_when_the_applicant_dies_the_case_has_to_be_entered_anew(shipped: MonitorBook) -> None:
    found = _again(shipped, "QX-001", [{"type": "death", "id": "d", "person": "老伯", "date": "2025-03-06"}])
    assert found.changes == ()
    (problem,) = found.problems
    assert "applicant died" in problem.what.en
    assert problem.next_step is not None


def test_a_car_makes_the_finding_about_assets_out_of_date(shipped: MonitorBook) -> None:
    """Not ineligible: whether it breaks the rule on assets is for somebody to find."""
    row = {"type": "vehicle", "id": "v", "person": "mother", "date": "2025-04-12", "value": "36000"}
    dibao = _change(_again(shipped, "QX-002", [row]), "dibao")
    assert (dibao.before, dibao.after) == (Status.ELIGIBLE, Status.UNDETERMINED)
    assert dibao.since == dt.date(2025, 5, 1)


def test_work_found_while_on_dibao_is_disregarded_up_to_three_times_the_standard(shipped: MonitorBook) -> None:
    """ZJ14#50.3: of 3,500 yuan 3,000 do not count in the (illustrative) twelve months; 500 do."""
    row = {
        "type": "employment",
        "id": "j",
        "person": "儿子",
        "date": "2025-02-03",
        "monthly_pay": "3500",
        "work_cost": "0",
    }
    dibao = _change(_again(shipped, "QX-003", [row]), "dibao")
    assert dibao.differences()[0][1] == Decimal("-500.00")
    assert dibao.since == dt.date(2025, 3, 1)


def test_earnings_nobody_knows_the_cost_of_leave_the_amount_open(shipped: MonitorBook) -> None:
    row = {"type": "employment", "id": "j", "person": "儿子", "date": "2025-02-03", "monthly_pay": "3500"}
    (_, _, after) = _change(_again(shipped, "QX-003", [row]), "dibao").amounts[0]
    assert after is not None
    assert after.value is None


def test_records_the_case_knows_already_change_nothing(shipped: MonitorBook) -> None:
    found = _again(shipped, "QX-001", [{"type": "death", "id": "d", "person": "老伴", "date": "2025-01-01"}])
    assert found.applied == ()
    assert found.changes == ()


def test_a_record_about_somebody_not_in_the_case_is_told(shipped: MonitorBook) -> None:
    found = _again(shipped, "QX-001", [{"type": "death", "id": "d", "person": "表弟", "date": "2025-03-06"}])
    assert found.changes == ()
    assert "nobody in the case is called" in found.problems[0].what.en


def test_the_trails_give_both_sides(shipped: MonitorBook) -> None:
    found = _again(shipped, "QX-001", [{"type": "death", "id": "d", "person": "老伴", "date": "2025-03-06"}])
    text = trail_markdown(found)
    assert "dibao：按原有情况" in text
    assert "dibao：计入部门记录后" in text
    assert {c.program for c in found.changes if matters(c)} >= {"dibao", "dibao_topup"}


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.yaml")))
def test_without_records_nothing_changes(name: str, shipped: MonitorBook) -> None:
    found = _again(shipped, name, [])
    assert found.changes == ()
    assert found.before is not None
