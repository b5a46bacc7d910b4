"""The stacking tables as data: symmetric where they choose the higher, obeyed by every household, and needed for it."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minzheng_rules import Case, Decision, Rulebook, decide
from minzheng_rules.testing import cases

ROOT = Path(__file__).parents[2]
DAY = dt.date(2025, 6, 1)

# Of one person, at most one of the two is paid.
EXCLUSIVE = [
    ("tekun.basic", "disability_subsidies.living.amount", "GF52#2"),
    ("tekun.basic", "disability_subsidies.nursing.amount", "GF52#2"),
    ("tekun.basic", "dibao_single.amount", "R649#15.3"),
    ("tekun.basic", "children.orphan", "M43#9"),
    ("children.orphan", "children.unattended", "CH19#1"),
    ("children.orphan", "disability_subsidies.living.amount", "GF52#2"),
    ("dibao_single.amount", "disability_aid.amount", "ZJDIS#26.1"),
    ("dibao_topup.amount", "tekun.basic", "R649#15.3"),
]


@cache
def haining() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


@pytest.mark.parametrize("day", [dt.date(2016, 1, 1), DAY, dt.date(2026, 8, 1)])
def test_the_higher_is_chosen_from_both_sides_and_a_tie_has_one_answer(day: dt.date) -> None:
    """Where A gives way to a higher B, B gives way to a higher A; of two equal ones exactly one gives way."""
    higher = {
        (target, stack.amount.key): stack.first
        for target, stacks in haining().stacks.items()
        for stack in stacks
        if stack.relation == "higher" and stack.amount is not None and target in haining().on(day).rules
    }
    assert higher
    for (one, other), gives_way in higher.items():
        assert higher[other, one] is not gives_way


def test_nothing_both_excludes_and_tops_up() -> None:
    """A benefit stands in one relation to an amount: no two rows say different things of the same pair."""
    for target, stacks in haining().stacks.items():
        said = [(stack.label, stack.relation) for stack in stacks]
        assert len({label for label, _ in said}) == len(said), target


def _paid(decision: Decision) -> dict[tuple[str, str], Decimal]:
    """What is certainly paid, by subject and ``program.name``."""
    return {
        (outcome.subject, f"{outcome.program}.{name}"): Decimal(amount.low)
        for outcome in decision.outcomes
        for name, amount in outcome.amounts.items()
        if amount.low is not None and amount.low > 0
    }


def _both_paid(decision: Decision) -> list[tuple[str, str, str, str]]:
    paid = _paid(decision)
    return [
        (subject, one, other, cite)
        for subject in {subject for subject, _ in paid}
        for one, other, cite in EXCLUSIVE
        if (subject, one) in paid and (subject, other) in paid
    ]


@given(st.data())
@settings(max_examples=40)
def test_of_no_family_two_exclusive_benefits_are_both_paid(data: st.DataObject) -> None:
    case = data.draw(cases(haining(), complete=True, as_of=DAY))
    assert not _both_paid(decide(case, haining()))


# The matrix of facts/welfare.md, section 6: what it names, as the rules name it, and the cells for 生活补贴 and 护理补贴.
MATRIX = {
    "享受低保": ("可叠加", "可叠加"),
    "享受特困供养": ("不得", "不得"),
    "享受孤儿保障": ("不得", "可叠加"),
    "已全额领取儿童补贴": ("不得", "可叠加"),
    "领工伤生活护理费": ("不得", "不得"),
    "所领残疾军人护理费": ("可叠加", "择高"),
    "所领离休护理费": ("可叠加", "择高"),
    "所领老年人护理补贴": ("可叠加", "择高"),
    "高龄老人津贴": ("可叠加", "可叠加"),
    "养老服务补贴额": ("可叠加", "可叠加"),
    "正用养老服务消费补贴": ("可叠加", "?"),
    "正用长期护理保险": ("可叠加", "?"),
}


def test_the_tables_of_the_two_subsidies_say_what_the_matrix_says() -> None:
    rows = {}
    for file in ROOT.glob("rules/*/disability_subsidies.yaml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if line.strip().startswith("|") and cells[0] in MATRIX:
                rows[cells[0]] = tuple(cells[1:3])
    assert rows == MATRIX


def test_every_name_in_the_list_is_an_amount() -> None:
    known = {f"{p.id}.{name}" for p in haining().programs for name, *_ in p.amounts}
    assert {name for one, other, _ in EXCLUSIVE for name in (one, other)} <= known


# -- and without the tables, both would be paid ------------------------------------------------------------------------

DISABLED_ORPHAN = {
    "as_of": "2025-06-01",
    "application_date": "2025-05-01",
    "declared_none": [
        "income",
        "rigid_spending_deduction",
        "serious_illness",
        "job_offers",
        "special_circumstances",
        "certificate_cancelled",
        "no_steady_income",
        "parents_not_found",
        "father_unidentified",
        "mother_unidentified",
        "benefits",
        "household_recognitions",
        "is_dibao",
    ],
    "findings": {"assets_within_rule": True, "edge_assets_within_rule": True},
    "members": [
        {
            "id": "孤儿",
            "relation": "applicant",
            "birth_date": "2012-03-01",
            "hukou_here": True,
            "disability_certificate": True,
            "certificate_until": "2030-01-01",
            "disabilities": [{"type": "intellectual", "grade": "first"}],
            "long_term_care_months": 12,
            "nursing_grade": "first",
            "father": "父",
            "mother": "母",
            "rearing": "at_home",
        }
    ],
    "supporters": [{"id": "父", "alive": False}, {"id": "母", "alive": False}],
}


def test_without_the_table_the_same_list_finds_what_is_paid_twice(tmp_path: Path) -> None:
    """The property can fail: with the stacking table taken out, an orphan draws the living subsidy besides."""
    case = Case.parse(DISABLED_ORPHAN)
    assert not _both_paid(decide(case, haining()))
    for folder in ("rules", "policies"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    file = tmp_path / "rules" / "national" / "disability_subsidies.yaml"
    text = file.read_text(encoding="utf-8")
    start, end = text.index("\nstacking:"), text.index("\nchecks:")
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    without = Rulebook.load(tmp_path, place="haining", overlays=["illustrative"])
    twice = _both_paid(decide(case, without))
    assert [(one, other) for _, one, other, _ in twice] == [("children.orphan", "disability_subsidies.living.amount")]


# -- what is disregarded -----------------------------------------------------------------------------------------------

COUNTING = "income_counting"
KINDS = sorted({kind for kind, _ in haining().parameters[COUNTING].figures})


def _treated(kind: str, program: str) -> object:
    return haining().on(DAY).reading(COUNTING, (kind, program)).value


def _family(amount: int, kind: str) -> Case:
    return Case.parse(
        {
            "as_of": DAY.isoformat(),
            "declared_none": [
                "income",
                "work_cost",
                "rigid_spending_deduction",
                "disabilities",
                "serious_illness",
                "job_offers",
                "special_circumstances",
                "is_dibao",
                "household_recognitions",
            ],
            "findings": {"assets_within_rule": True, "edge_assets_within_rule": True},
            "members": [
                {
                    "id": "甲",
                    "relation": "applicant",
                    "birth_date": "1980-03-01",
                    "hukou_here": True,
                    "wages": [{"amount": 1500}],
                    "transfers_in": [{"type": kind, "amount": amount}],
                },
                {"id": "乙", "relation": "spouse", "birth_date": "1982-03-01", "hukou_here": True},
            ],
        }
    )


def _dibao(case: Case) -> tuple[str, object]:
    outcome = next(o for o in decide(case, haining()).outcomes if o.program == "dibao")
    return outcome.status.value, outcome.amounts["amount"].value


@pytest.mark.parametrize("kind", KINDS)
def test_a_transfer_counts_just_where_the_table_says_so(kind: str) -> None:
    """Disregarded, it changes nothing whatever its amount; counted, 100 yuan more is 100 yuan less."""
    nothing, little, much = (_dibao(_family(amount, kind)) for amount in (0, 100, 2000))
    match _treated(kind, "dibao"):
        case "not_counted":
            assert nothing == little == much
        case "counted":
            assert nothing == ("eligible", Decimal(500))
            assert little == ("eligible", Decimal(400))
            assert much == ("ineligible", Decimal(0))
        case _:
            assert much[0] == "undetermined"
