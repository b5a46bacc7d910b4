"""What worked cases cannot say: findings, the row of the stacking table in the trail, and properties of 特困 and 低保."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from minzheng_rules import Case, Decision, Rulebook, decide
from minzheng_rules.testing.runner import Shelf
from minzheng_rules.testing.worked import WorkedCase, read_worked_cases

HERE = Path(__file__).parent
DAY = dt.date(2025, 6, 1)
EVE, LAW = dt.date(2026, 6, 30), dt.date(2026, 7, 1)
BENEFITS = ("tekun", "dibao_single", "disability_aid")

ELDER: dict[str, Any] = {
    "声明为无": [
        "全部收入", "必要就业成本", "特殊情形", "残疾", "患当地认定的重特大疾病", "工作介绍", "核定刚性支出扣减额",
        "本人已认定", "家庭已认定", "法定义务关系",
    ],
    "认定结论": {"财产符合低保规定": True, "财产符合边缘规定": True},
    "申报成员": [
        {
            "编号": "甲",
            "关系": "本人",
            "出生日期": "1955-01-01",
            "户籍在本地": True,
            "认定结论": {"财产符合特困规定": True},
        }
    ],
}  # fmt: skip
UNABLE = {
    "编号": "子",
    "出生日期": "1985-01-01",
    "声明为无": ["特殊情形", "残疾", "本人已认定"],
    "在监狱服刑": True,
    "认定结论": {"财产符合低收入家庭规定": True},
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


def elder(*, without: tuple[str, ...] = (), day: dt.date = DAY, **member: Any) -> Case:
    entered = copy.deepcopy(ELDER)
    entered["声明为无"] = [name for name in entered["声明为无"] if name not in without]
    entered["申报成员"][0].update(member)
    return Case.parse({**entered, "as_of": day.isoformat()})


def findings(decision: Decision) -> list[str]:
    return [note.code for note in decision.findings]


def test_without_a_disagreement_there_is_no_finding(book: Rulebook) -> None:
    assert findings(decide(elder(), book)) == []


def test_a_recognition_in_force_governs_and_the_disagreement_is_a_finding(book: Rulebook) -> None:
    held = elder(
        without=("本人已认定",),
        本人已认定=[{"认定类别": "特困", "认定自": "2024-01-01"}],
        其他收入=[{"月金额": 1200}],
    )
    decision = decide(held, book)
    assert decision.outcome("tekun", "甲").status.value == "ineligible"
    assert findings(decision) == ["check.recognised_but_not_qualified"]


def test_somebody_settled_not_to_be_tekun_who_qualifies_is_a_finding(book: Rulebook) -> None:
    settled = elder(without=("本人已认定",), 是特困人员=False, 是低保对象=True)
    decision = decide(settled, book)
    assert decision.outcome("dibao").amount.value == 1000  # type: ignore[union-attr]
    assert decision.outcome("tekun", "甲").status.value == "eligible"
    assert decision.outcome("tekun", "甲").amounts["basic"].value == 0
    assert "check.qualified_but_recorded_otherwise" in findings(decision)


def test_recognised_households_that_no_longer_qualify_are_findings(book: Rulebook) -> None:
    entered = copy.deepcopy(ELDER)
    entered["声明为无"].remove("家庭已认定")
    entered["家庭已认定"] = [
        {"认定类别": "低保", "认定自": "2024-01-01"},
        {"认定类别": "低保边缘", "认定自": "2024-01-01", "认定至": "2025-05-31"},
    ]
    entered["申报成员"][0]["其他收入"] = [{"月金额": 1800}]
    found = decide(Case.parse({**entered, "as_of": "2025-06-01"}), book)
    assert [note.what.zh for note in found.findings] == ["不符：已认定低保而条件不再符合（M57#31、M57#32）"]


@pytest.mark.parametrize(("day", "found"), [(EVE, []), (LAW, ["check.outside_obligor_agreed"])])
def test_an_obligor_outside_who_refuses_the_check_is_told_from_the_law_on(
    book: Rulebook, day: dt.date, found: list[str]
) -> None:
    entered = copy.deepcopy(ELDER)
    entered["声明为无"].remove("法定义务关系")
    entered["申报成员"][0]["法定义务关系"] = [{"义务人": "子", "义务人身份": "子女"}]
    entered["家庭外义务人名单"] = [{**UNABLE, "同意核对经济状况": False}]
    assert findings(decide(Case.parse({**entered, "as_of": day.isoformat()}), book)) == found


def test_the_trail_shows_the_row_that_acted(book: Rulebook) -> None:
    couple = copy.deepcopy(ELDER)
    couple["声明为无"].remove("本人已认定")
    couple["申报成员"] = [
        {"编号": "夫", "关系": "本人", "出生日期": "1960-01-01", "户籍在本地": True, "是特困人员": True},
        {"编号": "妻", "关系": "配偶", "出生日期": "1970-01-01", "户籍在本地": True, "是特困人员": False},
    ]
    decision = decide(Case.parse({**couple, "as_of": "2025-06-01"}), book)
    assert decision.outcome("dibao").amount.value == 1000  # type: ignore[union-attr]
    told = decision.explain("dibao")
    assert "与“已享特困不另享低保”：不得重复享受" in str(told)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_one_incapable_obligor_more_never_removes_tekun(book: Rulebook, count: int) -> None:
    entered = copy.deepcopy(ELDER)
    entered["声明为无"].remove("法定义务关系")
    entered["申报成员"][0]["法定义务关系"] = [{"义务人": f"子{n}", "义务人身份": "子女"} for n in range(count)]
    entered["家庭外义务人名单"] = [{**UNABLE, "编号": f"子{n}"} for n in range(count)]
    decision = decide(Case.parse({**entered, "as_of": "2025-06-01"}), book)
    assert decision.outcome("tekun", "甲").status.value == "eligible"


def worked() -> list[WorkedCase]:
    """Every worked case about a household."""
    found = [case for path in sorted(HERE.rglob("*.yaml")) for case in read_worked_cases(path)]
    return [case for case in found if case.kind in (None, "household")]


SHELF = Shelf()


def decided(case: WorkedCase, day: dt.date | None = None) -> tuple[Case, Decision, Rulebook]:
    book = SHELF.rulebook(case.setting, Path(case.file).parent)
    entered = case.case(book.vocabulary.kinds["household"].model)
    entered = entered if day is None else entered.on(day)
    return entered, decide(entered, book), book


def test_nobody_draws_two_basic_living_benefits() -> None:
    for case in worked():
        _, decision, book = decided(case)
        run: Any = decision._run
        programs = {program.id for program in book.programs}
        for subject in run.subjects("member"):
            drawn = [
                program
                for program in BENEFITS
                if program in programs
                for amount in decision.outcome(program, subject.id).amounts.values()
                if amount.low is not None and amount.low > 0 and amount.name.en != "tekun care amount"
            ]
            share: Any = run.value("member.member_dibao_amount", subject)
            low = getattr(share, "low", share)
            if low is not None and low > 0:
                drawn.append("dibao")
            assert len(drawn) <= 1, (case.file, case.about, subject.id, drawn)


def test_the_law_of_july_2026_leaves_tekun_as_it_was() -> None:
    """Only for those whose hukou is elsewhere does it open another door."""
    for case in worked():
        if "tekun" not in case.file or any("户籍在本地" in path for path, _ in case.changes):
            continue
        _, before, _ = decided(case, EVE)
        _, after, _ = decided(case, LAW)
        for outcome in before.outcomes:
            if outcome.program in ("tekun", "dibao"):
                assert after.outcome(outcome.program, outcome.subject).status == outcome.status, (case.file, case.about)
