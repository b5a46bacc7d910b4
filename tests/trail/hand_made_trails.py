"""Three trails made by hand, as an evaluation of 低保 would leave them: a refusal, an open one, one that pays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from minzheng_rules.problems import Place, Words
from minzheng_rules.trail.node import Citation, Node, NodeKind, Origin, State

R649 = Words("社会救助暂行办法", "Interim Measures for Social Assistance")
M57 = Words("最低生活保障审核确认办法", "Measures for Reviewing and Confirming the Subsistence Allowance")
ZJDIS = Words("浙江省残疾人保障条例", "Zhejiang Regulations on the Protection of Disabled Persons")
CC = Words("中华人民共和国民法典", "Civil Code of the People’s Republic of China")

YUAN_MONTH = Words("元/月", "yuan/month")
YUAN_MONTH_PERSON = Words("元/月/人", "yuan/month/person")


def r649(article: str) -> Citation:
    return Citation("R649", article, R649, "国务院令第649号", date(2014, 5, 1))


def m57(article: str) -> Citation:
    return Citation("M57", article, M57, "民发〔2021〕57号", date(2021, 7, 1))


def zjdis(article: str) -> Citation:
    return Citation("ZJDIS", article, ZJDIS, "", date(2009, 11, 27))


def node(
    id: str,
    kind: NodeKind,
    label: tuple[str, str],
    state: State,
    *children: Node,
    value: tuple[str, str] = ("", ""),
    decisive: bool = True,
    leads: Callable[[], list[Node]] | None = None,
    **more: Any,
) -> Node:
    """A node with its words as pairs."""
    paired = {key: Words(*more.pop(key)) for key in ("formula", "filled", "margin", "reason") if key in more}
    return Node(
        id,
        kind,
        Words(*label),
        state,
        Words(*value),
        decisive=decisive,
        children=list(children),
        leads=leads,
        **paired,
        **more,
    )


def standard(value: str = "1,100.00") -> Node:
    return node(
        "parameter/dibao_standard",
        NodeKind.PARAMETER,
        ("低保标准", "subsistence standard"),
        State.VALUE,
        value=(value, value),
        raw=value.replace(",", ""),
        unit=YUAN_MONTH_PERSON,
        since=date(2024, 7, 1),
        origin=Origin("illustrative", "illustrative_demo", "示例", setter=("province", "city")),
    )


def wage(member: str, amount: str) -> Node:
    return node(
        f"wage/{member}",
        NodeKind.FACT,
        ("工资性收入", "wages"),
        State.VALUE,
        value=(amount, amount),
        raw=amount.replace(",", ""),
        unit=YUAN_MONTH,
        subject=member,
        origin=Origin(departments=("税务", "社保"), how="given"),
    )


def household_size(*members: Node, size: str = "3") -> Node:
    return node(
        "size",
        NodeKind.DEFINITION,
        ("家庭人口", "household size"),
        State.VALUE,
        *members,
        value=(size, size),
        raw=size,
        unit=Words("人", "persons"),
        formula=("count(共同生活的家庭成员)", "count(living_together)"),
        subject="h1 张某家",
        citations=(m57("7"),),
    )


def counted(member: str, article: str, included: bool = True, **more: Any) -> Node:
    return node(
        f"counted/{member}",
        NodeKind.MEMBERSHIP,
        ("计入共同生活", "counted as living together"),
        State.TRUE if included else State.FALSE,
        subject=member,
        citations=(m57(article),),
        **more,
    )


def income(amount: str, *wages: Node, filled: str) -> Node:
    return node(
        "income",
        NodeKind.DEFINITION,
        ("家庭月收入", "household income"),
        State.VALUE,
        *wages,
        value=(amount, amount),
        raw=amount.replace(",", ""),
        unit=YUAN_MONTH,
        formula=("sum(m.月计入收入 for m in 共同生活的家庭成员)", "sum(m.income for m in living_together)"),
        filled=(filled, filled),
        subject="h1 张某家",
        citations=(m57("13"),),
        place=Place("rules/national/dibao.yaml", 61, 5),
    )


def refusal() -> Node:
    """三口之家，月收入 3,380 元，标准 1,100 元：不符合。"""
    line = standard()
    size = household_size(counted("m1 张某", "7"), counted("m2 王某", "7.1(1)"), counted("m3 张小某", "7.1(2)"))
    earned = income(
        "3,380.00", wage("m1 张某", "2,200.00"), wage("m2 王某", "1,180.00"), filled="2,200.00 + 1,180.00 + 0"
    )
    below = node(
        "income_below_standard",
        NodeKind.COMPARISON,
        ("人均收入低于低保标准", "income per head below the standard"),
        State.FALSE,
        earned,
        line,
        size,
        formula=("家庭月收入 < 低保标准 * 家庭人口", "income < dibao_standard * size"),
        filled=("3,380.00 < 1,100.00 * 3", "3,380.00 < 1,100.00 * 3"),
        wording="低于",
        margin=("高于标准 26.66 元/人", "26.66 yuan/person over the standard"),
        citations=(r649("9"),),
        place=Place("rules/national/dibao.yaml", 70, 5),
    )
    hukou = node(
        "hukou",
        NodeKind.FACT,
        ("户籍在本地", "registered here"),
        State.TRUE,
        value=("是", "yes"),
        decisive=False,
        subject="m1 张某",
        origin=Origin(departments=("公安",), how="given"),
    )
    accepted = node(
        "accepted",
        NodeKind.CONDITION,
        ("申请地受理", "accepted here"),
        State.TRUE,
        hukou,
        decisive=False,
        citations=(m57("4"),),
    )
    cars = node(
        "vehicles",
        NodeKind.FACT,
        ("机动车辆", "vehicles"),
        State.VALUE,
        value=("0", "0"),
        unit=Words("辆", "vehicles"),
        decisive=False,
        origin=Origin(departments=("车管",), how="declared_none"),
    )
    assets = node(
        "assets",
        NodeKind.DELEGATION,
        ("财产符合低保规定", "assets within the rule"),
        State.TRUE,
        cars,
        decisive=False,
        since=date(2024, 1, 1),
        origin=Origin(layer="haining", setter=("county",)),
        citations=(r649("9"),),
    )
    alone = node(
        "all_tekun",
        NodeKind.CONDITION,
        ("家庭成员均为特困", "all members are in destitute care"),
        State.UNTOUCHED,
        household_size_again(size),
        decisive=False,
        reason=("前面的条件已不成立", "an earlier condition already failed"),
        citations=(r649("15"),),
    )
    conditions = node(
        "conditions",
        NodeKind.ALL,
        ("低保条件", "subsistence conditions"),
        State.FALSE,
        accepted,
        below,
        assets,
        alone,
        subject="h1 张某家",
        citations=(r649("9"),),
    )
    conditions.leads = [below]
    return node(
        "conclusion/dibao",
        NodeKind.CONCLUSION,
        ("最低生活保障", "subsistence allowance"),
        State.FALSE,
        conditions,
        value=("不符合", "not eligible"),
        subject="h1 张某家",
    )


def household_size_again(size: Node) -> Node:
    return size


def undetermined() -> Node:
    """一人工资未填，财产规定未定：待定。"""
    line = standard("1,000.00")
    missing = node(
        "wage/m2 王某",
        NodeKind.FACT,
        ("工资性收入", "wages"),
        State.UNDETERMINED,
        value=("0.00 至 200,000.00", "0.00 to 200,000.00"),
        unit=YUAN_MONTH,
        raw={"low": "0", "high": "200000"},
        subject="m2 王某",
        origin=Origin(departments=("税务", "社保", "申报"), how="missing"),
        reason=("没有填报", "not given"),
    )
    earned = node(
        "income",
        NodeKind.DEFINITION,
        ("家庭月收入", "household income"),
        State.UNDETERMINED,
        wage("m1 张某", "900.00"),
        missing,
        value=("900.00 至 200,900.00", "900.00 to 200,900.00"),
        unit=YUAN_MONTH,
        raw={"low": "900", "high": "200900"},
        citations=(m57("13.1(1)"), m57("13.1(2)"), m57("13.1(5)")),
    )
    earned.leads = [missing]
    below = node(
        "income_below_standard",
        NodeKind.COMPARISON,
        ("家庭月收入 < 低保标准 * 家庭人口", "income < dibao_standard * size"),
        State.UNDETERMINED,
        earned,
        line,
        household_size(size="2"),
        formula=("家庭月收入 < 低保标准 * 家庭人口", "income < dibao_standard * size"),
        filled=("[900.00, 200,900.00] < 1,000.00 * 2", "[900.00, 200,900.00] < 1,000.00 * 2"),
        wording="低于",
        citations=(r649("9"),),
    )
    assets = node(
        "assets",
        NodeKind.DELEGATION,
        ("财产符合低保规定", "assets within the rule"),
        State.UNDETERMINED,
        reason=("县级尚未规定，也没有填报认定结果", "the county has laid nothing down, and no finding was entered"),
        origin=Origin(setter=("county",)),
        citations=(r649("9"),),
        until=date(2026, 6, 30),
    )
    together = node(
        "living_together_long",
        NodeKind.JUDGEMENT,
        ("长期共同居住", "living together for long"),
        State.TRUE,
        value=("是", "yes"),
        subject="m2 王某",
        origin=Origin(departments=("乡镇（街道）",), source="入户调查表第 3 页"),
        citations=(m57("7.1(4)"),),
    )
    conditions = node(
        "conditions",
        NodeKind.ALL,
        ("低保条件", "subsistence conditions"),
        State.UNDETERMINED,
        together,
        below,
        assets,
        citations=(r649("9"),),
    )
    return node(
        "conclusion/dibao",
        NodeKind.CONCLUSION,
        ("最低生活保障", "subsistence allowance"),
        State.UNDETERMINED,
        conditions,
        value=("待定", "undetermined"),
        subject="h1 张某家",
    )


def eligible() -> Node:
    """三人，月收入 1,894.55 元：每月 …，取整；重残全额的例外不适用。"""
    line = standard("632.00")
    size = household_size()
    earned = income("1,894.55", wage("m1 张某", "1,894.55"), filled="1,894.55 + 0 + 0")
    below = node(
        "income_below_standard",
        NodeKind.COMPARISON,
        ("人均收入低于低保标准", "income per head below the standard"),
        State.TRUE,
        earned,
        line,
        size,
        formula=("家庭月收入 < 低保标准 * 家庭人口", "income < dibao_standard * size"),
        filled=("1,894.55 < 632.00 * 3", "1,894.55 < 632.00 * 3"),
        wording="低于",
        margin=("低于标准 0.48 元/人", "0.48 yuan/person under the standard"),
        citations=(r649("9"),),
    )
    severe = node(
        "severe",
        NodeKind.FACT,
        ("重度残疾", "severely disabled"),
        State.FALSE,
        value=("否", "no"),
        subject="m1 张某",
        origin=Origin(departments=("残联",), how="given"),
    )
    full_amount = node(
        "full_amount",
        NodeKind.EXCEPTION,
        ("重度残疾人全额发放", "full amount for the severely disabled"),
        State.FALSE,
        severe,
        subject="m1 张某",
        origin=Origin(layer="zhejiang"),
        citations=(zjdis("26(1)"),),
    )
    row = node(
        "method/1",
        NodeKind.TABLE_ROW,
        ("差额", "difference"),
        State.TRUE,
        earned,
        line,
        size,
        value=("0.4833…", "0.4833…"),
        formula=("max(低保标准 - 家庭月收入 / 家庭人口, 0)", "max(dibao_standard - income / size, 0)"),
        filled=("max(632.00 - 1,894.55 / 3, 0)", "max(632.00 - 1,894.55 / 3, 0)"),
        unit=YUAN_MONTH,
    )
    bands = node(
        "method/2",
        NodeKind.TABLE_ROW,
        ("分档", "bands"),
        State.UNTOUCHED,
        decisive=False,
        reason=("前一行已命中", "an earlier row matched"),
    )
    member_amount = node(
        "member_amount",
        NodeKind.DEFINITION,
        ("本人月低保金", "member’s allowance"),
        State.VALUE,
        full_amount,
        row,
        bands,
        value=("0.4833…", "0.4833…"),
        unit=YUAN_MONTH,
        subject="m1 张某",
        citations=(r649("12"), m57("23")),
    )
    summed = node(
        "total",
        NodeKind.DEFINITION,
        ("月低保金（取整前）", "allowance before rounding"),
        State.VALUE,
        member_amount,
        value=("1.454", "1.454"),
        unit=YUAN_MONTH,
        subject="h1 张某家",
    )
    rounded = node(
        "total/rounded",
        NodeKind.ROUNDING,
        ("四舍五入到分", "half up to the fen"),
        State.VALUE,
        summed,
        value=("1.45", "1.45"),
        unit=YUAN_MONTH,
        origin=Origin("position"),
    )
    amount = node(
        "amount",
        NodeKind.AMOUNT,
        ("月低保金", "monthly allowance"),
        State.VALUE,
        rounded,
        value=("1.45", "1.45"),
        raw="1.45",
        unit=YUAN_MONTH,
        citations=(r649("12"), m57("23")),
    )
    conditions = node(
        "conditions", NodeKind.ALL, ("低保条件", "subsistence conditions"), State.TRUE, below, citations=(r649("9"),)
    )
    return node(
        "conclusion/dibao",
        NodeKind.CONCLUSION,
        ("最低生活保障", "subsistence allowance"),
        State.TRUE,
        conditions,
        amount,
        value=("符合", "eligible"),
        subject="h1 张某家",
    )
