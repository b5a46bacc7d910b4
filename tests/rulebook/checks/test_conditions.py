"""Exceptions that can meet, against trying every case; and what counts as ruled out."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minzheng_rules.rulebook.checks import check_files

CASES = [
    {"贫困": poor, "农村": rural, "户级别": grade, "车辆": cars}
    for poor, rural, grade, cars in product((True, False), (True, False), ("一级", "二级", "三级"), range(5))
]
FIGURES = """
two: {term: 两辆, unit: 1, range: [0, 9], values: {2020-01-01: {value: 2, source: LAW#1}}}
three: {term: 三辆, unit: 1, range: [0, 9], values: {2020-01-01: {value: 3, source: LAW#1}}}
"""
RULES = """program: trial
layer: realm
household:
  poor_and_rural: {term: 贫困农村, cite: LAW#1, all: [贫困, 农村]}
  second_or_rural: {term: 二级或农村, cite: LAW#1, any: [农村, 户级别 == 二级], unless: [车辆 > 三辆]}
  amount: {term: 金额, cite: LAW#1, unit: yuan/month, given: GIVEN, value: 收入}
  one: {term: 其一, cite: LAW#1, exception_to: 金额, when: ONE, value: 0}
  other: {term: 其二, cite: LAW#1, exception_to: 金额, when: OTHER, value: 0}
decides: {amount: 金额}
"""
MEANING = {
    "贫困农村": "(贫困 and 农村)",
    "二级或农村": "((农村 or 户级别 == 二级) and not 车辆 > 三辆)",
    "两辆": "2",
    "三辆": "3",
    "一级": "'一级'",
    "二级": "'二级'",
    "三级": "'三级'",
}

atoms = st.one_of(
    st.sampled_from(["贫困", "农村", "贫困农村", "二级或农村", "户级别 in [一级, 二级]", "户级别 not in [三级]"]),
    st.builds("户级别 {} {}".format, st.sampled_from(["==", "!="]), st.sampled_from(["一级", "二级", "三级"])),
    st.builds(
        "车辆 {} {}".format,
        st.sampled_from(["<", "<=", "==", "!=", ">=", ">"]),
        st.sampled_from(["0", "1", "两辆", "三辆"]),
    ),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=6,
)


def holds(condition: str, case: dict[str, Any]) -> bool:
    """Whether a condition is true of a case, by Python's own reading of it."""
    for term, meaning in MEANING.items():
        if term in ("贫困农村", "二级或农村"):
            condition = condition.replace(term, meaning)
    for term in ("两辆", "三辆", "一级", "二级", "三级"):
        condition = condition.replace(term, MEANING[term])
    return bool(eval(condition, {}, case))  # the condition is one the strategy above made


@settings(max_examples=200)
@given(conditions, conditions, conditions)
def test_exceptions_conflict_exactly_when_some_case_fits_both(
    small_rulebook: Any, asked: str, one: str, other: str
) -> None:
    rules = RULES.replace("GIVEN", f"'{asked}'").replace("ONE", f"'{one}'").replace("OTHER", f"'{other}'")
    with tempfile.TemporaryDirectory() as folder:
        files = {"rules/realm/rules.yaml": rules, "policies/realm/figures.yaml": FIGURES}
        codes = {problem.code for problem in check_files(small_rulebook(Path(folder), files))}
    meets = any(holds(asked, case) and holds(one, case) and holds(other, case) for case in CASES)
    assert ("exception.conflict" in codes) == meets


EXCEPTIONS = """
household:
  amount: {{term: 金额, cite: LAW#1, unit: yuan/month, value: 收入}}
  one: {{term: 其一, cite: LAW#1, exception_to: 金额, when: '{one}', value: 0}}
  other: {{term: 其二, cite: LAW#1, exception_to: 金额, when: '{other}', value: 0{over}}}
decides: {{amount: 金额}}
"""


@pytest.mark.parametrize(
    ("one", "other", "over", "conflict"),
    [
        pytest.param("贫困", "农村", "", True, id="two facts"),
        pytest.param("贫困", "农村", ", over: 其一", False, id="over"),
        pytest.param("贫困", "农村 and not 贫困", "", False, id="a fact and its contrary"),
        pytest.param("收入 < 存款线", "收入 >= 存款线", "", False, id="two sides of an unknown line"),
        pytest.param("收入 <= 存款线", "收入 >= 存款线", "", True, id="on the unknown line"),
        pytest.param("收入 > 存款线", "收入 == 0", "", False, id="zero is not above an amount that is never negative"),
        pytest.param(
            "any(p.重残 for p in 家人)", "not any(p.重病 for p in 家人)", "", True, id="loops are taken as they are"
        ),
        pytest.param("any(p.重残 for p in 家人)", "not any(q.重残 for q in 家人)", "", False, id="the same loop"),
    ],
)
def test_what_is_ruled_out(one: str, other: str, over: str, conflict: bool, checked: Any) -> None:
    figures = "line: {term: 存款线, unit: yuan/month/household, range: [0, 9000], values: {2020-01-01: {status: unknown, source: LAW#1}}}"
    codes = {p.code for p in checked(EXCEPTIONS.format(one=one, other=other, over=over), figures + "\n")}
    assert ("exception.conflict" in codes) == conflict


@pytest.mark.parametrize(
    ("member", "household", "guarded"),
    [
        pytest.param("", "value: 收入 / 人口", False, id="nothing is said"),
        pytest.param("", "given: 人口 > 0\n    value: 收入 / 人口", True, id="given"),
        pytest.param("", "given: 人口 >= 1\n    value: 收入 / 人口", True, id="at least one"),
        pytest.param("", "given: 贫困\n    value: 收入 / 人口", False, id="given something else"),
        pytest.param(
            "", "cases:\n      - {when: 人口 == 0, value: 0}\n      - {otherwise: 收入 / 人口}", True, id="cases"
        ),
        pytest.param("", "value: 收入 / max(人口, 1)", True, id="max"),
        pytest.param("given: 算入\n    value: 户收入 / 人口", "value: 收入", True, id="the subject is counted"),
        pytest.param("value: 户收入 / 人口", "value: 收入", False, id="the subject may not be counted"),
        pytest.param("given: 重残 and 算入\n    value: 户收入 / 人口", "value: 收入", True, id="counted, among others"),
        pytest.param("value: 户收入 / 所有人", "value: 收入", True, id="everybody is counted"),
    ],
)
def test_divisors(member: str, household: str, guarded: bool, checked: Any) -> None:
    share = f"  share:\n    term: 份额\n    cite: LAW#1\n    unit: UNIT\n    {member or 'value: 工资'}\n"
    unit = "yuan/month" if member and "/" not in member else "yuan/month/person"
    text = f"""
person:
  counted: {{term: 算入, cite: LAW#1, when: 重病}}
{share.replace("UNIT", unit if member else "yuan/month")}
household:
  counted_people: {{term: 算入的人, cite: LAW#1, those: p for p in 家人 if p.算入}}
  size: {{term: 人口, cite: LAW#1, unit: person, value: count(算入的人)}}
  everybody: {{term: 所有人, cite: LAW#1, unit: person, value: count(家人)}}
  household_income: {{term: 户收入, cite: LAW#1, unit: yuan/month, value: 收入}}
  amount:
    term: 金额
    cite: LAW#1
    unit: {"yuan/month/person" if "/" in household else "yuan/month"}
    {household}
  any_share: {{term: 有份, cite: LAW#1, when: any(p.份额 > 0 for p in 家人) or 所有人 > 0 or 户收入 > 0 or 人口 > 0}}
decides: {{amount: 金额, eligible: 有份}}
"""
    found = checked(text)
    assert [p.say("zh") for p in found if p.code != "division.zero"] == []
    assert (not found) == guarded
