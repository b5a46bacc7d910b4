"""Facts that cannot be together are findings with their article; the answers stay those of the facts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from minzheng_rules import Case, Rulebook, decide

_DAY = dt.date(2025, 6, 1)
_LONG_AGO = "2020-01-01"
_DEAD = {"id": "父", "alive": False}
_ABLE = {
    "id": "母",
    "alive": True,
    "declared_missing": False,
    "disabilities": [],
    "serious_illness": False,
    "restricted_months": 0,
    "out_of_contact_months": 0,
    "guardianship_revoked": False,
    "expelled": False,
}


@pytest.fixture(scope="module")
def haining() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


def _findings(rulebook: Rulebook, member: dict[str, Any], supporters: list[dict[str, Any]] | None = None) -> set[str]:
    someone = {"id": "甲", "relation": "applicant", "birth_date": "2012-01-01", "hukou_here": True, **member}
    case = Case.parse({"members": [someone], "supporters": supporters or []})
    found = decide(case, rulebook, as_of=_DAY).findings
    assert all("#" in note.what.zh for note in found)
    return {note.code for note in found}


def _recognised(*kinds: str) -> list[dict[str, str]]:
    return [{"type": kind, "since": _LONG_AGO} for kind in kinds]


def _drawn(kind: str, **more: object) -> dict[str, object]:
    return {"type": kind, "amount": 100, "since": _LONG_AGO, **more}


def test_a_grade_without_a_certificate(haining: Rulebook) -> None:
    disabled = {"disabilities": [{"type": "physical", "grade": "second"}]}
    assert "check.grade_needs_certificate" in _findings(haining, {**disabled, "disability_certificate": False})
    assert "check.grade_needs_certificate" not in _findings(haining, {**disabled, "disability_certificate": True})
    assert "check.grade_needs_certificate" not in _findings(haining, {"disabilities": []})


def test_a_certificate_without_a_disability(haining: Rulebook) -> None:
    found = _findings(haining, {"disabilities": [], "disability_certificate": True})
    assert "check.certificate_names_a_disability" in found


def test_an_expired_certificate(haining: Rulebook) -> None:
    card = {"disability_certificate": True, "certificate_cancelled": False, "disabilities": [{"type": "visual"}]}
    last_day = "check.certificate_still_valid"
    assert last_day in _findings(haining, {**card, "certificate_until": "2025-05-31"})
    assert last_day not in _findings(haining, {**card, "certificate_until": "2025-06-01"})


def test_an_orphan_with_a_living_parent(haining: Rulebook) -> None:
    parents = {"father": "父", "mother": "母", "father_unidentified": False, "mother_unidentified": False}
    orphan = {"recognitions": _recognised("orphan"), **parents}
    assert "check.orphan_with_living_parent" in _findings(haining, orphan, [_DEAD, _ABLE])
    both_dead = [_DEAD, {"id": "母", "alive": False}]
    assert "check.orphan_with_living_parent" not in _findings(haining, orphan, both_dead)


def test_an_unattended_child_with_an_able_parent(haining: Rulebook) -> None:
    parents = {"father": "父", "mother": "母", "father_unidentified": False, "mother_unidentified": False}
    child = {"recognitions": _recognised("unsupported_child"), **parents}
    assert "check.unattended_with_able_parent" in _findings(haining, child, [_DEAD, _ABLE])
    in_prison = {**_ABLE, "restricted_months": 12}
    assert "check.unattended_with_able_parent" not in _findings(haining, child, [_DEAD, in_prison])


def test_two_recognitions_that_exclude_each_other(haining: Rulebook) -> None:
    assert "check.recognised_as_both" in _findings(
        haining, {"recognitions": _recognised("orphan", "unsupported_child")}
    )
    assert "check.tekun_and_chosen_child_support" in _findings(
        haining, {"recognitions": _recognised("orphan", "tekun")}
    )
    assert not _findings(haining, {"recognitions": _recognised("orphan"), "benefits": []}) & {
        "check.recognised_as_both",
        "check.tekun_and_chosen_child_support",
    }


def test_an_orphan_of_age(haining: Rulebook) -> None:
    grown = {"recognitions": _recognised("orphan"), "birth_date": "2007-06-01"}
    assert "check.recognised_after_majority" in _findings(haining, grown)
    assert "check.recognised_after_majority" not in _findings(haining, {**grown, "birth_date": "2007-06-02"})


def test_benefits_that_exclude_each_other_are_both_drawn(haining: Rulebook) -> None:
    nursing = _drawn("disability_nursing")
    assert "check.paid_with_tekun" in _findings(haining, {"is_tekun": True, "benefits": [nursing]})
    assert "check.paid_with_injury_care" in _findings(haining, {"benefits": [nursing, _drawn("work_injury_care")]})
    ended = _drawn("work_injury_care", until="2025-05-31")
    assert "check.paid_with_injury_care" not in _findings(haining, {"benefits": [nursing, ended]})
    full = _drawn("unsupported_child", paid_in_full=True)
    living = _drawn("disability_living")
    assert "check.full_payment_with_living_subsidy" in _findings(haining, {"benefits": [full, living]})
    topped_up = _drawn("unsupported_child", paid_in_full=False)
    assert "check.full_payment_with_living_subsidy" not in _findings(haining, {"benefits": [topped_up, living]})


def test_recognised_as_tekun_and_on_dibao(haining: Rulebook) -> None:
    both = "check.tekun_and_dibao"
    assert both in _findings(haining, {"recognitions": _recognised("tekun", "dibao")})
    assert both in _findings(haining, {"is_tekun": True, "is_dibao": True})
    assert both not in _findings(haining, {"is_tekun": True, "is_dibao": False})
    assert both not in _findings(haining, {"recognitions": _recognised("dibao")})
    ended = [{"type": "tekun", "since": _LONG_AGO, "until": "2025-05-31"}, *_recognised("dibao")]
    assert both not in _findings(haining, {"recognitions": ended})


def test_two_basic_benefits_drawn_at_once(haining: Rulebook) -> None:
    paid = "check.tekun_and_dibao_paid"
    assert paid in _findings(haining, {"benefits": [_drawn("dibao"), _drawn("tekun")]})
    assert paid not in _findings(haining, {"benefits": [_drawn("dibao"), _drawn("tekun", until="2025-05-31")]})
    assert paid not in _findings(haining, {"benefits": [_drawn("dibao")]})


@pytest.mark.parametrize(
    ("kinds", "noted"),
    [
        (("dibao", "dibao_edge"), {"check.dibao_and_edge"}),
        (("dibao", "rigid_spending"), {"check.rigid_spending_and_higher"}),
        (("dibao_edge", "rigid_spending"), {"check.rigid_spending_and_higher"}),
        (("dibao",), set()),
        (("dibao_edge",), set()),
        (("rigid_spending",), set()),
        ((), set()),
    ],
)
def test_recognitions_of_a_household_that_exclude_each_other(
    haining: Rulebook, kinds: tuple[str, ...], noted: set[str]
) -> None:
    someone = {"id": "甲", "relation": "applicant", "birth_date": "1980-01-01", "hukou_here": True}
    case = Case.parse({"members": [someone], "household_recognitions": _recognised(*kinds)})
    found = {note.code for note in decide(case, haining, as_of=_DAY).findings}
    assert found & {"check.dibao_and_edge", "check.rigid_spending_and_higher"} == noted


def test_residence_permits_that_cannot_be(haining: Rulebook) -> None:
    stranger = {"hukou_here": False, "residence_permit_here": True}
    permit = {"issued_on": "2022-03-01", "lapsed": False, "in_force_until": "2026-02-28"}
    without, local = "check.permit_without_record", "check.permit_of_a_local"
    assert without in _findings(haining, {**stranger, "residence_permits": []})
    assert not _findings(haining, {**stranger, "residence_permits": [permit]}) & {without, local}
    assert local in _findings(haining, {"residence_permit_here": True, "residence_permits": [permit]})
    assert without not in _findings(haining, stranger)  # not stated is not contradicted


@pytest.mark.parametrize(
    ("day", "cited"),
    [
        (dt.date(2021, 6, 30), "M220#33"),
        (dt.date(2025, 6, 1), "M57#31、M57#32"),
        (dt.date(2026, 7, 1), "M57#31、M57#32、LAW26#46、LAW26#48"),
    ],
)
def test_a_finding_cites_what_is_in_force_that_day(haining: Rulebook, day: dt.date, cited: str) -> None:
    rich = {"id": "甲", "relation": "applicant", "birth_date": "1985-01-01", "hukou_here": True}
    pay = {"wages": [{"amount": 9000, "work_cost": 0}], "declared_none": ["income"]}
    case = Case.parse(
        {
            "members": [{**rich, **pay}],
            "household_recognitions": [{"type": "dibao", "since": _LONG_AGO}],
            "declared_none": ["special_circumstances", "employment_income_increase", "rigid_spending_deduction"],
        }
    )
    found = [note for note in decide(case, haining, as_of=day).findings if "recognised_but_not" in note.code]
    assert [note.what.zh for note in found] == [f"不符：已认定低保而条件不再符合（{cited}）"]


def test_a_local_registered_in_another_province(haining: Rulebook) -> None:
    another = "check.local_of_another_province"
    assert another in _findings(haining, {"hukou_province": "安徽省"})
    assert another not in _findings(haining, {"hukou_province": "浙江省"})
    assert another not in _findings(haining, {})
    assert another not in _findings(haining, {"hukou_here": False, "hukou_province": "安徽省"})
