"""Bad input: every refusal names the path, the value and what was expected, and all of them come at once."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import field_validator

from minzheng_rules.case.case import Case
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.household import Household, Member, Wage
from minzheng_rules.case.quantities import Money
from minzheng_rules.problems import CaseProblems


def refused(entered: Any, lang: str = "zh") -> str:
    with pytest.raises(CaseProblems) as problems:
        Case.parse(entered)
    return problems.value.say(lang)


def household(**facts: object) -> dict[str, object]:
    """A household of one, with these facts about the applicant."""
    return {"as_of": "2025-06-01", "members": [{"id": "甲", "relation": "applicant", **facts}]}


def wage(amount: object) -> dict[str, object]:
    return household(wages=[{"amount": 5}, {"amount": amount}])


MONEY_ZH = "应为以元计的金额，至多两位小数，如 1820.10"
MONEY_EN = "expected an amount in yuan, at most two decimals, such as 1820.10"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1,820", "“1,820”"),
        ("1820 + 100", "“1820 + 100”"),
        (1.005, "1.005"),
        ("1.005", "“1.005”"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        ("NaN", "“NaN”"),
        (True, "true"),
        (Decimal("sNaN"), "sNaN"),
        ({}, "一组键值"),
        ([1], "一个列表"),
        ("x" * 99, "“" + "x" * 39 + "…”"),
        ("第一行\n第二行", "“第一行 第二行”"),
    ],
)
def test_money(amount: object, shown: str) -> None:
    assert refused(wage(amount)) == f"members[0].wages[1].amount：“月金额”不能是{shown}：{MONEY_ZH}"


def test_the_same_in_english() -> None:
    assert refused(wage("1,820"), "en") == f'members[0].wages[1].amount: amount cannot be "1,820": {MONEY_EN}'
    assert refused(wage(-500.0), "en") == (
        "members[0].wages[1].amount: amount cannot be -500.0: expected between 0 yuan/month and 1000000 yuan/month"
    )


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (
            {"wages": [{"amount": -500.0}]},
            "members[0].wages[0].amount：“月金额”不能是-500.0：应在 0 元/月 至 1000000 元/月 之间",
        ),
        (
            {"wagge": 1},
            "members[0].wagge：成员没有“wagge”这一项\n  → 是否指“wages”（工资性收入）？",
        ),
        (
            {"工资收入": []},
            "members[0].工资收入：成员没有“工资收入”这一项\n  → 是否指“工资性收入”（wages）？",
        ),
        (
            {"alive": True},
            "members[0].alive：成员没有“alive”这一项\n  → 这一项属于“家庭外义务人”（supporter）",
        ),
        (
            {"zzz": True},
            "members[0].zzz：成员没有“zzz”这一项\n  → 可填的各项见 minzheng template",
        ),
        (
            {"disabilities": [{"grade": 9}]},
            "members[0].disabilities[0].grade：“残疾等级”不能是9：应为 一级、二级、三级、四级 之一",
        ),
        (
            {"学习形式": "全日"},
            "members[0].study_mode：“学习形式”不能是“全日”：应为 全日制、非全日制 之一\n"
            "  → 是否指“全日制”（full_time）？",
        ),
        ({"months_away": 2.7}, "members[0].months_away：“连续离家月数”不能是2.7：应为整数，如 3"),
        ({"months_away": "2.7"}, "members[0].months_away：“连续离家月数”不能是“2.7”：应为整数，如 3"),
        ({"months_away": -1}, "members[0].months_away：“连续离家月数”不能是-1：应在 0 个月 至 1440 个月 之间"),
        ({"在监狱服刑": "yes"}, "members[0].in_prison：“在监狱服刑”不能是“yes”：应为 true 或 false（是、否）"),
        ({"in_prison": 0}, "members[0].in_prison：“在监狱服刑”不能是0：应为 true 或 false（是、否）"),
        (
            {"birth_date": "1952/3/1"},
            "members[0].birth_date：“出生日期”不能是“1952/3/1”：应为写作 年-月-日 的日期，如 1952-03-01",
        ),
        (
            {"birth_date": "1899-12-31"},
            "members[0].birth_date：“出生日期”不能是“1899-12-31”：应在 1900-01-01 至 2199-12-31 之间",
        ),
        (
            {"hukou_province": "浙江"},
            "members[0].hukou_province：“户籍省”不能是“浙江”：应写全称，以 省、自治区、市、特别行政区 结尾",
        ),
        ({"hukou_town": 3}, "members[0].hukou_town：“户籍乡镇”不能是3：应为文字"),
        ({"wages": {"amount": 1}}, "members[0].wages：“工资性收入”不能是一组键值：应为列表"),
        ({"wages": 3}, "members[0].wages：“工资性收入”不能是3：应为列表"),
        ({"wages": [3]}, "members[0].wages[0]：“工资性收入”第 1 项不能是3：应为一组键值"),
        ({"wages": [None]}, "members[0].wages[0]：“工资性收入”第 1 项不能是空：应为一组键值"),
        ({"findings": [1]}, "members[0].findings：“认定结论”不能是一个列表：应为一组键值"),
        (
            {"findings": {"长期共同居住": "也许"}},
            "members[0].findings.长期共同居住.value：“结论”不能是“也许”：应为 true、false 或一个数",
        ),
        ({"findings": {"x": {"by": "甲"}}}, "members[0].findings.x.value：缺少“结论”"),
        ({"origins": {"x": "y"}}, None),
        (
            {"关系": "applicant"},
            "members[0].relation：“关系”填了两次：中文一次，英文（relation）一次\n  → 只留一处",
        ),
    ],
)
def test_members(facts: dict[str, object], message: str | None) -> None:
    said = refused(household(**facts))
    if message is not None:
        assert said == message
    assert "pydantic" not in said
    assert "Input should" not in said


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        ({}, "members：没有申报成员：至少应有申请人本人"),
        ({"members": []}, "members：没有申报成员：至少应有申请人本人"),
        ({"members": None}, "members：没有申报成员：至少应有申请人本人"),
        ({"members": [{}]}, "members：没有申请人：应有一名成员的“关系”是“本人”"),
        (None, "案件不能是空：应为一组键值"),
        ([1], "案件不能是一个列表：应为一组键值"),
        (
            {**household(), "as_of": "2025-06"},
            "as_of：“基准日”不能是“2025-06”：应为写作 年-月-日 的日期，如 1952-03-01",
        ),
        ({**household(), "基准日": "2025-06-01"}, "as_of：“基准日”填了两次：中文一次，英文一次"),
        (
            {**household(), "case": "boat"},
            "case：“案件”不能是“boat”：应为 household（家庭）、worker（护理人员）、assessment（能力评估）、"
            "estate（遗产）、indicators（工作指标） 之一",
        ),
        ({**household(), "format": "minzheng-case/9"}, "format：“格式”不能是“minzheng-case/9”：应为 minzheng-case/1"),
        ({**household(), "plac": "x"}, "plac：家庭没有“plac”这一项\n  → 是否指“place”（地点）？"),
        ({**household(), 3: "x"}, "[3]：键应为文字"),
    ],
)
def test_cases(entered: Any, message: str) -> None:
    assert refused(entered) == message


def test_everything_at_once_in_reading_order(tmp_path: Path) -> None:
    file = tmp_path / "案.yaml"
    file.write_text(
        "基准日: 2025-6-1\n"
        "申报成员:\n"
        "  - 关系: 本人\n"
        "    工资性收入:\n"
        "      - {月金额: 1,820}\n"
        "  - 关系：子女\n"
        "  - 关系: 配隅\n"
        "    wagge: 3\n",
        encoding="utf-8",
    )
    with pytest.raises(CaseProblems) as problems:
        Case.read(file)
    assert problems.value.say("zh").replace(str(tmp_path), "") == (
        "/案.yaml:1:6 as_of：“基准日”不能是“2025-6-1”：应为写作 年-月-日 的日期，如 1952-03-01\n"
        "    基准日: 2025-6-1\n"
        "    　　　  ^\n"
        "/案.yaml:5:17 members[0].wages[0].820：工资性收入项没有“820”这一项\n"
        "          - {月金额: 1,820}\n"
        "             　　　    ^\n"
        "  → 数字里不写千位逗号，逗号会断开前一项\n"
        "/案.yaml:6:5 members[1]：“申报成员”第 2 项不能是“关系：子女”：应为一组键值\n"
        "      - 关系：子女\n"
        "        ^\n"
        "  → 冒号要用半角，后面空一格（关系: 本人）\n"
        "/案.yaml:7:9 members[2].relation：“关系”不能是“配隅”：应为 本人、配偶、子女、父母、祖父母、孙子女、"
        "兄弟姐妹、子女配偶、配偶父母、其他 之一\n"
        "      - 关系: 配隅\n"
        "        　　  ^\n"
        "  → 是否指“配偶”（spouse）？\n"
        "/案.yaml:8:5 members[2].wagge：成员没有“wagge”这一项\n"
        "        wagge: 3\n"
        "        ^\n"
        "  → 是否指“wages”（工资性收入）？"
    )


def test_objects_made_in_python_are_refused_in_the_same_words() -> None:
    with pytest.raises(CaseProblems) as problems:
        Wage(amount="1,820")
    assert problems.value.say("en") == f'amount: amount cannot be "1,820": {MONEY_EN}'
    with pytest.raises(CaseProblems) as problems:
        Case.of(Household(members=[Member(relation="applicant"), Member(relation="applicant")]))
    assert problems.value.say("en") == (
        "members[1].relation: there can be only one applicant: member 1 is the applicant already\n"
        "  → enter what this member is to the applicant"
    )
    with pytest.raises(CaseProblems) as problems:
        Case.of(Household(members=[Member(relation="applicant")]), as_of="2025")
    assert problems.value.problems[0].place.path == "as_of"


class Cow(Entity):
    """A caller's own model, with a check of its own."""

    kind: ClassVar[str] = "cow"
    term: ClassVar[str] = "牛"

    value: Money | None = fact("估价", unit="yuan", range=(0, 100_000))

    @field_validator("value")
    @classmethod
    def _no_thirteen(cls, value: Decimal | None) -> Decimal | None:
        if value == 13:
            raise ValueError("thirteen is not a price")
        return value


def test_a_callers_own_check_speaks_its_own_words() -> None:
    with pytest.raises(CaseProblems) as problems:
        Case.parse({"估价": 13}, Cow)
    assert problems.value.say("en") == "value: value cannot be 13: thirteen is not a price"
    assert Case.parse({"估价": 12}, Cow).root == Cow(value=12)


@pytest.mark.parametrize(
    ("written", "id", "term"),
    [
        ("小学", "compulsory", "义务教育"),
        ("初中", "compulsory", "义务教育"),
        ("Primary_School", "compulsory", "义务教育"),
        ("高中", "upper_secondary", "高中阶段"),
        ("大专", "undergraduate", "本专科"),
        ("幼儿园", "preschool", "学前"),
        ("毕业", "none", "无"),
    ],
)
def test_a_word_for_a_part_of_a_value_is_answered_with_the_value(written: str, id: str, term: str) -> None:
    said = refused(household(schooling=written))
    assert said.endswith(f"\n  → “{written}”在这里填作“{term}”（{id}）")
    said = refused(household(schooling=written), "en")
    assert said.endswith(f'\n  → "{written}" is entered here as {id} ({term})')


def test_a_slip_in_a_value_still_gets_the_nearest() -> None:
    assert refused(household(schooling="compulsry")).endswith("\n  → 是否指“义务教育”（compulsory）？")
