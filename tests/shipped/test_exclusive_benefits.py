"""Over all ways the benefits of one person can meet: nothing is paid twice, and what is disregarded changes nothing."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest

from minzheng_rules import Case, Decision, Rulebook, decide

_DAY = dt.date(2025, 6, 1)
_NONE = [
    "income",
    "work_cost",
    "rigid_spending_deduction",
    "serious_illness",
    "job_offers",
    "parental_failings",
    "certificate_cancelled",
    "no_steady_income",
    "parents_not_found",
    "father_unidentified",
    "mother_unidentified",
    "in_prison",
    "in_forced_detox",
    "declared_missing",
    "clergy",
    "withdraws_from_tekun",
    "obligors",
    "household_recognitions",
]
_INDICATORS = ("eats", "dresses", "gets_up", "uses_toilet", "walks_indoors", "bathes")


@pytest.fixture(scope="module")
def haining() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


def _child(**changes: Any) -> dict[str, Any]:
    return {
        "id": "甲",
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
        "benefits": [],
        "findings": {"assets_within_tekun_rule": True},
        **{f"{name}_alone": True for name in _INDICATORS},
        **changes,
    }


def _decision(rulebook: Rulebook, child: dict[str, Any], mother: dict[str, Any], assets: bool = True) -> Decision:
    case = Case.parse(
        {
            "application_date": "2025-05-01",
            "declared_none": _NONE,
            "findings": {"assets_within_rule": assets, "edge_assets_within_rule": False},
            "members": [child],
            "supporters": [{"id": "父", "alive": False}, {"id": "母", "declared_missing": False, **mother}],
        }
    )
    return decide(case, rulebook, as_of=_DAY)


_DEAD = {"alive": False}
_IN_PRISON = {"alive": True, "disabilities": [], "serious_illness": False, "restricted_months": 36}


def _paid(decision: Decision, program: str, name: str = "amount") -> Decimal:
    value = next(o for o in decision.outcomes if o.program == program).amounts[name].value
    assert value is not None, (program, name)
    return Decimal(value)


@pytest.mark.parametrize(
    ("mother", "chooses", "assets", "drawn"),
    list(
        itertools.product(
            (_DEAD, _IN_PRISON),
            (True, False),
            (True, False),
            (None, "work_injury_care", "unsupported_child", "orphan_living"),
        )
    ),
)
def test_no_two_exclusive_benefits_are_both_paid(
    haining: Rulebook, mother: dict[str, Any], chooses: bool, assets: bool, drawn: str | None
) -> None:
    benefits = [{"type": drawn, "amount": 1800, "since": "2024-01-01", "paid_in_full": True}] if drawn else []
    child = _child(chooses_child_support=chooses, recognitions=[], benefits=benefits)
    decision = _decision(haining, child, mother, assets)
    living, nursing = (_paid(decision, f"disability_subsidies.{name}") for name in ("living", "nursing"))
    orphan, unattended = (_paid(decision, "children", name) for name in ("orphan", "unattended"))
    tekun, dibao = _paid(decision, "tekun", "basic"), _paid(decision, "dibao")
    assert not (orphan and unattended)
    assert not (orphan and tekun), "M43#9"
    assert not (orphan and living), "GF52#2"
    assert not (tekun and (living or nursing)), "GF52#2"
    assert not (tekun and dibao)
    if drawn == "work_injury_care":
        assert not living
        assert not nursing
    if drawn in ("unsupported_child", "orphan_living"):
        assert not living
    if unattended:  # topped up to the standard, and never over it
        assert dibao + tekun + living + unattended == max(Decimal(1800), dibao + tekun + living)


@pytest.mark.parametrize("kind", ["disability_subsidies", "child_rearing_subsidy", "unsupported_child_allowance"])
@pytest.mark.parametrize("amount", [0, 1, 900, 5000])
def test_what_is_disregarded_changes_nothing(haining: Rulebook, kind: str, amount: int) -> None:
    child = _child(chooses_child_support=True, recognitions=[])
    plain = _decision(haining, child, _IN_PRISON)
    received = _decision(haining, {**child, "transfers_in": [{"type": kind, "amount": amount}]}, _IN_PRISON)
    assert [(o.program, o.status, o.amounts) for o in plain.outcomes] == [
        (o.program, o.status, o.amounts) for o in received.outcomes
    ]


@pytest.mark.parametrize("amount", ["0.01", "99.99", "399.99", "400.00", "400.01", "3600"])
@pytest.mark.parametrize("kind", ["disabled_veteran_care", "retired_cadre_care", "elderly_care"])
def test_the_higher_is_drawn_and_never_both(haining: Rulebook, kind: str, amount: str) -> None:
    benefits = [{"type": kind, "amount": amount, "since": "2024-01-01"}]
    decision = _decision(haining, _child(chooses_child_support=True, recognitions=[], benefits=benefits), _IN_PRISON)
    nursing = _paid(decision, "disability_subsidies.nursing")
    assert nursing in (0, 400)
    assert (nursing > 0) == (Decimal(amount) < 400)
