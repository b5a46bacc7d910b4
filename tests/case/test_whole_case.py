"""What must hold of a case as a whole, and how one person stated in two places is joined."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.case.household import Household, Member
from minzheng_rules.problems import CaseProblems


def parse(**facts: Any) -> Case:
    return Case.parse({"as_of": "2025-06-01", **facts})


def members(*others: dict[str, Any], **applicant: Any) -> dict[str, Any]:
    return {"members": [{"id": "甲", "relation": "applicant", **applicant}, *others]}


def root(case: Case) -> Household:
    assert isinstance(case.root, Household)
    return case.root


def member(case: Case, place: int = 0) -> Member:
    listed = root(case).members
    assert listed is not None
    return listed[place]


def refused(lang: str = "zh", **facts: Any) -> str:
    with pytest.raises(CaseProblems) as problems:
        parse(**facts)
    return problems.value.say(lang)


def test_two_applicants() -> None:
    assert refused(**members({"id": "乙", "relation": "applicant"})) == (
        "members[1].relation：申请人只能有一名：第 1 名成员已是“本人”\n  → 改填与申请人的关系"
    )


def test_two_spouses() -> None:
    said = refused(**members({"relation": "spouse"}, {"relation": "spouse"}))
    assert said == "members[2].relation：申请人的配偶只能有一名：第 2 名成员已是“配偶”"


def test_duplicate_ids_wherever_they_stand() -> None:
    assert refused(**members({"id": "甲", "relation": "child"}), supporters=[{"id": "甲"}]) == (
        "members[1].id：编号“甲”重复：members[0] 已用\n"
        "  → 换一个编号；若是同一人，第二处写“同一人: …”\n"
        "supporters[0].id：编号“甲”重复：members[0] 已用\n"
        "  → 换一个编号；若是同一人，第二处写“同一人: …”"
    )


def test_references() -> None:
    assert refused(**members(guardian="乙", id="申请人"), supporters=[{"id": "乙女"}]) == (
        "members[0].guardian：“监护人”“乙”：案件中没有这个编号\n  → 是否指“乙女”？"
    )
    assert refused(**members(obligors=[{"person": "某"}])) == (
        "members[0].obligors[0].person：“义务人”“某”：案件中没有这个编号\n  → 已有的编号：甲"
    )
    assert refused(**members(guardian="甲")) == "members[0].guardian：“监护人”不能是本人自己"
    assert refused(**members(obligors=[{"person": "甲"}])) == "members[0].obligors[0].person：“义务人”不能是本人自己"
    assert refused(**members(guardian="车"), vehicles=[{"id": "车"}]) == (
        "members[0].guardian：“监护人”“车”是机动车项，应为人"
    )
    assert (
        refused(**members(same_as="车"), vehicles=[{"id": "车"}])
        == "members[0].same_as：“同一人”“车”是机动车项，应为人"
    )
    assert parse(**members(guardian="乙"), supporters=[{"id": "乙"}])


def test_dates() -> None:
    assert refused(**members(birth_date="2025-06-02")) == (
        "members[0].birth_date：“出生日期”2025-06-02 晚于基准日 2025-06-01"
    )
    assert parse(**members(birth_date="2025-06-01"))
    assert refused("en", **members(birth_date="2000-01-01", recognitions=[{"since": "1999-12-31"}])) == (
        "members[0].recognitions[0].since: since 1999-12-31 is before the birth date, 2000-01-01"
    )
    assert refused(**members(), application_date="2025-07-01") == (
        "application_date：“申请日期”2025-07-01 晚于基准日 2025-06-01"
    )
    assert refused(**members(benefits=[{"since": "2025-01-02", "until": "2025-01-01"}])) == (
        "members[0].benefits[0].until：“享受至”2025-01-01 早于“享受自”2025-01-02"
    )
    assert parse(**members(recognitions=[{"since": "2025-07-01", "until": "2026-06-30"}]))


def test_without_a_date_nothing_is_in_the_future_until_one_is_asked_for() -> None:
    case = Case.parse(members(birth_date="2025-06-02"))
    assert case.on("2025-06-02").as_of == dt.date(2025, 6, 2)
    with pytest.raises(CaseProblems):
        case.on("2025-06-01")


def test_a_mode_of_study_without_a_school() -> None:
    assert refused(**members(schooling="none", study_mode="full_time")) == (
        "members[0].study_mode：“学段”填“无”的不填“学习形式”"
    )


def test_a_total_that_is_not_the_sum() -> None:
    assets = [{"amount": "3000.10"}, {"amount": "0.90"}]
    assert refused(**members(), financial_assets=assets, financial_assets_total=3000) == (
        "financial_assets_total：金融资产总额 3000.00 与各项之和 3001.00 不一致\n  → 改正其一，或只填一处"
    )


def test_a_total_is_summed_only_when_everything_is_known() -> None:
    assets = [{"amount": "3000.10"}, {"amount": "0.90"}]
    case = parse(**members(), financial_assets=assets)
    assert root(case).financial_assets_total == Decimal("3001.00")
    assert root(case).origin("financial_assets_total") == "sum"
    assert root(parse(**members(), financial_assets=[*assets, {}])).financial_assets_total is None
    assert root(parse(**members(), financial_assets=[])).financial_assets_total == 0
    assert root(parse(**members())).financial_assets_total is None


def test_a_total_of_ours_follows_its_items() -> None:
    case = parse(**members(), financial_assets=[{"amount": 5}])
    fewer = case.with_root(root(case).model_copy(update={"financial_assets": ()}))
    assert root(fewer).financial_assets_total == 0


def test_one_person_stated_once() -> None:
    case = parse(
        **members({"id": "乙", "relation": "spouse", "birth_date": "1951-02-03", "declared_none": ["income"]}),
        supporters=[{"id": "丙", "same_as": "乙", "is_tekun": False, "yearly_income": 0}],
    )
    spouse, supporters = member(case, 1), root(case).supporters
    assert supporters is not None
    assert supporters[0].birth_date == dt.date(1951, 2, 3)
    assert supporters[0].origin("birth_date") == "same_as"
    assert (spouse.is_tekun, spouse.origin("is_tekun")) == (False, "same_as")
    assert (supporters[0].wages, supporters[0].origin("wages")) == ((), "declared_none")
    assert spouse.relation is not None
    assert Case.from_json(case.to_json()) == case


def test_appearances_that_disagree() -> None:
    facts = {**members({"id": "乙", "relation": "spouse", "sex": "女"}), "supporters": [{"同一人": "乙", "sex": "男"}]}
    assert refused(**facts) == (
        "supporters[0].sex：同一人的“性别”两处不一致：这里是“男”，members[1] 是“女”\n  → 只填一处，另一处会照此补上"
    )


def test_a_person_twice_in_one_list() -> None:
    assert refused(**members({"relation": "spouse", "same_as": "甲"})) == (
        "members[1].same_as：同一人在同一名单中出现两次，另一处是 members[0]\n  → 删去一处"
    )


def test_what_was_taken_over_changes_with_its_source() -> None:
    case = parse(**members(birth_date="1950-01-01"), supporters=[{"same_as": "甲"}])
    older = member(case).model_copy(update={"birth_date": dt.date(1940, 1, 1)})
    changed = case.with_root(root(case).model_copy(update={"members": (older,)}))
    supporters = root(changed).supporters
    assert supporters is not None
    assert supporters[0].birth_date == dt.date(1940, 1, 1)


def test_a_parent_who_is_named_is_identified() -> None:
    child = {"id": "子", "relation": "child", "father": "甲", "mother": "母"}
    known = member(parse(**members(child), supporters=[{"id": "母"}]), 1)
    assert (known.father_unidentified, known.mother_unidentified) == (False, False)


def test_a_parent_who_is_not_named_may_be_unidentified() -> None:
    known = member(parse(**members({"id": "子", "relation": "child", "father": "甲"})), 1)
    assert (known.father_unidentified, known.mother_unidentified) == (False, None)


def test_what_is_stated_of_a_parent_stands() -> None:
    child = {"id": "子", "relation": "child", "father": "甲", "father_unidentified": True}
    assert member(parse(**members(child)), 1).father_unidentified is True
