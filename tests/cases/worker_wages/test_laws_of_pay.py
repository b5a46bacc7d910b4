"""What holds of every care worker's grade, wage and award, whatever the case."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.evaluator.decision import Outcome

EXAMPLES = Path(__file__).parents[3] / "examples" / "care_wages"
COEFFICIENTS, PUBLISHED = EXAMPLES / "coefficients.yaml", EXAMPLES / "published_table.yaml"
SCHEME = "pay_scheme_8_3_3"
DAY = dt.date(2024, 6, 1)

GRADES = ("五级", "四级", "三级", "二级", "一级")
CAPS = {None: 1, "五级": 2, "四级": 3, "三级": 4, "二级": 5, "一级": 8}
"""The highest level of the skill post a certificate allows; with none, the first."""
APPOINTMENTS = ("未聘任", "特级技师", "首席技师")
TITLES = ("无职称", "初级职称", "中级职称", "高级职称")
RANKS = ("无任职", "基层", "中层", "机构负责人")
POSTS = ("护理技能岗", "专业技术岗", "经营管理岗")


@cache
def book(*overlays: str | Path) -> Rulebook:
    return Rulebook.load(place="haining", overlays=overlays, accept=["recalled"], kind="worker")


def outcome(facts: dict[str, Any], program: str, rulebook: Rulebook, day: dt.date = DAY) -> Outcome:
    return decide(Case.parse({"案件": "worker", "基准日": day, **facts}), rulebook, programs=[program]).outcome(program)


def certificates(*grades: str) -> list[dict[str, Any]]:
    return [{"证书等级": grade, "发证日期": dt.date(2020, 1, 1), "证书已失效": False} for grade in grades]


def level(facts: dict[str, Any]) -> int:
    return int(str(outcome(facts, "pay_guide", book(SCHEME)).results["level"].value.zh))


workers = st.fixed_dictionaries(
    {
        "工资岗位": st.sampled_from(POSTS),
        "技能证书": st.sets(st.sampled_from(GRADES)).map(lambda held: certificates(*sorted(held))),
        "技能聘任": st.sampled_from(APPOINTMENTS),
        "职称": st.sampled_from(TITLES),
        "管理任职": st.sampled_from(RANKS),
        "从业起始日期": st.dates(dt.date(1980, 1, 1), DAY),
    }
)


def one_better(worker: dict[str, Any], qualification: str) -> dict[str, Any]:
    """The worker with a further certificate, or the next rank of something."""
    if qualification in GRADES:
        return {**worker, "技能证书": [*worker["技能证书"], *certificates(qualification)]}
    ladder = {"技能聘任": APPOINTMENTS, "职称": TITLES, "管理任职": RANKS}[qualification]
    return {**worker, qualification: ladder[min(ladder.index(worker[qualification]) + 1, len(ladder) - 1)]}


@given(workers, st.sampled_from([*GRADES, "技能聘任", "职称", "管理任职"]))
def test_a_further_qualification_never_lowers_the_level(worker: dict[str, Any], qualification: str) -> None:
    assert level(one_better(worker, qualification)) >= level(worker)


@given(workers, st.dates(dt.date(1970, 1, 1), DAY))
def test_no_certificate_is_outgrown_by_years_or_appointments(worker: dict[str, Any], since: dt.date) -> None:
    held = {certificate["证书等级"] for certificate in worker["技能证书"]}
    highest = max((grade for grade in GRADES if grade in held), key=GRADES.index, default=None)
    assert level({**worker, "工资岗位": "护理技能岗", "从业起始日期": since}) <= CAPS[highest]


@given(workers, st.sampled_from(["技能证书", "技能聘任", "职称", "管理任职"]))
def test_what_is_unknown_leaves_the_level_between_bounds_that_hold_the_true_one(
    worker: dict[str, Any], unknown: str
) -> None:
    facts = {key: value for key, value in worker.items() if key != unknown}
    said = outcome(facts, "pay_guide", book(SCHEME)).results["level"].value.zh
    least, _, most = said.partition(" 至 ")
    assert int(least) <= level(worker) <= int(most or least)


# -- wages -----------------------------------------------------------------------------------------------------------

EVERYTHING_KNOWN: dict[str, Any] = {"从业起始日期": dt.date(2020, 1, 1), "绩效比例": Decimal("0.1"), "全日制用工": True}


def post_wage(facts: dict[str, Any], rulebook: Rulebook) -> str:
    return str(outcome(facts, "pay_guide", rulebook).results["post_wage"].value.zh)


@given(workers)
def test_a_published_cell_changes_the_answers_of_that_cell_only(worker: dict[str, Any]) -> None:
    facts = {**worker, **EVERYTHING_KNOWN}
    before, after = book(SCHEME, COEFFICIENTS), book(SCHEME, COEFFICIENTS, PUBLISHED)
    old, new = (outcome(facts, "pay_guide", rulebook) for rulebook in (before, after))
    published = (worker["工资岗位"], level(worker)) in {("护理技能岗", 2), ("专业技术岗", 1)}
    assert (old.to_json() != new.to_json()) is published


@pytest.mark.parametrize(
    ("grade", "wage"), [(None, "2,260.00 元/月"), ("五级", "2,200.00 元/月"), ("四级", "2,599.00 元/月")]
)
def test_a_published_table_replaces_the_model_cell_by_cell(grade: str | None, wage: str) -> None:
    facts = {"工资岗位": "护理技能岗", "技能证书": certificates(*([grade] if grade else [])), "技能聘任": "未聘任"}
    assert post_wage({**facts, **EVERYTHING_KNOWN}, book(SCHEME, COEFFICIENTS, PUBLISHED)) == wage


@given(workers)
def test_without_a_table_and_without_coefficients_nobody_is_told_a_wage(worker: dict[str, Any]) -> None:
    told = outcome({**worker, **EVERYTHING_KNOWN}, "pay_guide", book(SCHEME))
    assert told.amount is not None
    assert (told.amount.value is None) is (told.status.value == "eligible")


def test_a_guide_wage_is_no_payment() -> None:
    facts = {"工资岗位": "护理技能岗", "技能证书": certificates("五级"), "技能聘任": "未聘任", **EVERYTHING_KNOWN}
    told = outcome(facts, "pay_guide", book(SCHEME, COEFFICIENTS))
    assert told.amount is not None
    assert told.amount.kind == "guide_wage"
    assert told.payable_from is None


def test_exactly_the_minimum_wage_is_enough() -> None:
    facts = {"工资岗位": "护理技能岗", "技能证书": certificates("五级"), "技能聘任": "未聘任", "全日制用工": True}
    facts |= {"从业起始日期": DAY, "绩效比例": 0, "案件": "worker", "基准日": DAY}
    assert not decide(Case.parse(facts), book(SCHEME, COEFFICIENTS)).findings


CHECKS = {"three_posts": "岗级条件表应有三岗", "fourteen_levels": "岗级条件表应有十四级"}


# -- schemes ---------------------------------------------------------------------------------------------------------


def scheme(tmp_path: Path, levels: dict[str, int]) -> Path:
    """A table with so many levels for each post: the first is for everybody."""
    numbers = "一二三四五六七八九十"
    names = [f"第{numbers[n]}级" for n in range(10)] + [f"第十{numbers[n]}级" for n in range(4)]
    rows = [
        f"        | {post} | {'-' if n == 0 else '首席技师'} | {post} | {names[n]} | {n + 1} | {names[n]} | 试 |"
        for post, most in levels.items()
        for n in reversed(range(most))
    ]
    head = "        | 工资岗位 | 技能聘任 | = 岗 | = 级 | = 序 | = 名称 | = 方案 |"
    path = tmp_path / "scheme.yaml"
    path.write_text(
        "overlay: 试\noverlay_en: A trial\nparameters:\n  pay_grades:\n    status: illustrative\n    values:\n"
        "      2024-03-22: |\n" + "\n".join([head, *rows]) + "\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("levels", "noticed"),
    [
        ({"护理技能岗": 8, "专业技术岗": 3, "经营管理岗": 3}, set()),
        ({"护理技能岗": 5, "专业技术岗": 5, "经营管理岗": 4}, set()),
        ({"护理技能岗": 14, "专业技术岗": 14, "经营管理岗": 14}, set()),
        ({"护理技能岗": 8, "专业技术岗": 3, "经营管理岗": 2}, {"fourteen_levels"}),
        ({"护理技能岗": 8, "专业技术岗": 4, "经营管理岗": 3}, {"fourteen_levels"}),
        ({"护理技能岗": 8, "专业技术岗": 6}, {"three_posts"}),
    ],
)
def test_a_scheme_has_three_posts_and_fourteen_levels(
    tmp_path: Path, levels: dict[str, int], noticed: set[str]
) -> None:
    facts = {"案件": "worker", "基准日": DAY, "工资岗位": "护理技能岗"}
    rulebook = Rulebook.load(place="haining", overlays=[scheme(tmp_path, levels)], kind="worker")
    found = {finding.what.zh for finding in decide(Case.parse(facts), rulebook).findings}
    assert {check for check, term in CHECKS.items() if any(term in what for what in found)} == noticed


# -- the entry award -------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(["中职", "专科", "本科及以上"]),
    st.dates(dt.date(2020, 12, 21), dt.date(2022, 6, 1)),
    st.one_of(st.none(), st.dates(dt.date(2022, 6, 1), dt.date(2027, 12, 1))),
)
def test_instalments_sum_to_the_whole_award_and_never_exceed_it(
    education: str, entered: dt.date, left: dt.date | None
) -> None:
    facts: dict[str, Any] = {
        "从事工作": "养老护理",
        "入职时学历": education,
        "毕业于规定院校": True,
        "毕业日期": entered,
    }
    facts |= {"入职日期": entered, "用工方式": "养老机构劳动合同", "合同期限": 60, "依法参加社会保险": True}
    facts |= {"公办机构事业编制": False, "已离职": left is not None, **({} if left is None else {"离职日期": left})}
    told = outcome(facts, "entry_award.instalments", book(), dt.date(2027, 12, 31))
    paid = [amount.value for amount in told.amounts.values()]
    whole = {"中职": 30000, "专科": 40000, "本科及以上": 50000}[education]
    reached = [left is None or left >= entered.replace(year=entered.year + years) for years in (3, 4, 5)]
    shares = [Decimal("0.3"), Decimal("0.3"), Decimal("0.4")]
    assert sum(shares) == 1
    assert paid == [whole * share if due else 0 for share, due in zip(shares, reached, strict=True)]


def test_years_of_service_are_not_called_an_age() -> None:
    facts = {"工资岗位": "护理技能岗", "技能证书": certificates("五级"), "技能聘任": "未聘任", **EVERYTHING_KNOWN}
    decision = decide(Case.parse({"案件": "worker", "基准日": DAY, **facts}), book(SCHEME, COEFFICIENTS))
    assert "自2020-01-01至2024-06-01的满年数" in decision.explain("pay_guide").text(lang="zh", width=1000)
