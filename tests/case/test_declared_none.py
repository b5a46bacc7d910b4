"""What is declared to be none is known, and still told apart from what is stated."""

from __future__ import annotations

from typing import Any

import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.case.household import Household, Member
from minzheng_rules.problems import CaseProblems


def parse(entered: dict[str, Any]) -> Household:
    case = Case.parse(entered)
    assert Case.from_json(case.to_json()) == case
    assert isinstance(case.root, Household)
    return case.root


def first(household: Household) -> Member:
    assert household.members is not None
    return household.members[0]


def test_for_the_entity_itself() -> None:
    member = Member(声明为无=["工资性收入", "months_away", "在监狱服刑"], 关系="本人")
    assert (member.wages, member.months_away, member.in_prison) == ((), 0, False)
    assert member.declared_none == ("wages", "months_away", "in_prison")
    assert member.declared("工资性收入")
    assert member.origin("wages") == "declared_none"
    assert member.origin("businesses") == "unknown"
    assert member.origin("关系") == "stated"


def test_a_group_stands_for_what_is_not_given() -> None:
    member = Member(wages=[{"amount": 3}], declared_none=["income"])
    assert member.wages is not None
    assert len(member.wages) == 1
    assert "wages" not in member.declared_none
    assert member.declared("transfers_in")
    assert (member.businesses, member.transfers_out) == ((), ())


def test_a_household_speaks_for_its_members_and_what_they_have() -> None:
    household = parse(
        {
            "declared_none": ["vehicles", "全部收入", "必要就业成本", "in_prison"],
            "members": [
                {"relation": "applicant", "wages": [{"amount": 3}, {"amount": 4, "work_cost": 1}], "in_prison": True},
                {"relation": "child"},
            ],
            "supporters": [{"id": "丁"}],
        }
    )
    applicant = first(household)
    assert household.vehicles == ()
    assert household.declared_none == ("vehicles",)
    assert applicant.in_prison is True
    assert applicant.wages is not None
    assert [wage.work_cost for wage in applicant.wages] == [0, 1]
    assert [wage.declared("work_cost") for wage in applicant.wages] == [True, False]
    assert household.members is not None
    assert household.members[1].wages == ()
    assert household.members[1].in_prison is False
    assert household.supporters is not None
    assert household.supporters[0].wages is None


def test_members_made_in_python_are_reached_too() -> None:
    household = Household(members=[Member(relation="applicant", wages=[])], declared_none=["income"])
    assert first(household).businesses == ()
    assert first(household).declared("businesses")
    assert not first(household).declared("wages")


def test_what_is_declared_none_may_be_stated_as_none() -> None:
    assert Member(wages=[], months_away="0", declared_none=["wages", "months_away"]).declared("wages")


@pytest.mark.parametrize("stated", [{"wages": [{"amount": 1}]}, {"工资性收入": [{}]}])
def test_but_not_as_something(stated: dict[str, Any]) -> None:
    with pytest.raises(CaseProblems) as problems:
        Case.parse({"members": [{"relation": "applicant", "declared_none": ["wages"], **stated}]})
    assert problems.value.say("zh") == ("members[0].wages：“工资性收入”声明为无，却又填了内容：两者只能取一")


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (["机动"], "declared_none：“机动”不是可以声明为无的事实，是否指“机动车”？"),
        (["birth_date"], "declared_none：“birth_date”不是可以声明为无的事实"),
        ([3], "declared_none：“3”不是可以声明为无的事实"),
        ("vehicles", "declared_none：“声明为无”不能是“vehicles”：应为列表，如 [vehicles]"),
        ({"vehicles": True}, "declared_none：“声明为无”不能是一组键值：应为列表，如 [vehicles]"),
        (3, "declared_none：“声明为无”不能是3：应为列表，如 [vehicles]"),
    ],
)
def test_what_cannot_be_declared_none(declared: object, message: str) -> None:
    with pytest.raises(CaseProblems) as problems:
        Case.parse({"members": [{"relation": "applicant"}], "declared_none": declared})
    assert problems.value.say("zh") == message


def test_nothing_declared() -> None:
    for nothing in (None, [], ()):
        assert parse({"members": [{"relation": "applicant"}], "declared_none": nothing}).declared_none == ()
