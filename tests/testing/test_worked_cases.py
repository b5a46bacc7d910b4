"""Worked cases: what they may expect, how a failure reads, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from minzheng_rules.testing import run_paths
from minzheng_rules.testing.runner import CaseResult
from tests.evaluator.village import House
from tests.testing.conftest import Run

GOOD = """
source: 村法第一条
about: 收入四百，标准一千：补六百
parameters: {标准: 1000}
case:
  收入: 400
  贫困: true
  家人:
    - {编号: 甲, 级别: 一级}
    - {编号: 乙, 级别: 三级}
expect:
  trial.house: {eligible: true, amount: 600, result: {kind: 一级}, from: 2025-07-01, weakest: illustrative}
  trial.each:
    甲: {status: 符合, amount: 300.00}
    乙: {eligible: false, amount: 0}
variants:
  - about: 恰好等于标准，不低于
    change:
      收入: 1000
    expect: {trial.house: {eligible: false, amount: 0, from: null}}
  - about: 标准未公布
    parameters: {}
    expect: {trial.house: {status: 待定, missing: [标准], low: 0, high: 4600}}
  - about: 乙也是二级
    change:
      家人[乙].级别: second
    expect: {trial.each: {乙: {eligible: true}}}
"""


def failing(results: list[CaseResult]) -> list[str]:
    return [result.say("en") for result in results if not result.passed]


def test_what_comes_out_as_worked_by_hand_passes(run: Run) -> None:
    results = run(GOOD)
    assert failing(results) == []
    assert [result.about for result in results] == [
        "收入四百，标准一千：补六百",
        "恰好等于标准，不低于",
        "标准未公布",
        "乙也是二级",
    ]
    assert [result.line for result in results] == [3, 17, 21, 24]
    assert [result.expected for result in results] == [3, 1, 1, 1]


def test_a_file_that_is_named_and_one_that_is_found(run: Run, tmp_path: Path, rulebook_folder: Path) -> None:
    run(GOOD)
    by_folder = run_paths([tmp_path / "cases"], rulebook_folder, vocabulary=[House])
    by_file = run_paths([tmp_path / "cases" / "one.yaml"], rulebook_folder, vocabulary=[House])
    assert len(by_folder) == len(by_file) == 4


def test_a_case_kept_in_a_file_of_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "house.json").write_text('{"income": 400, "as_of": "2024-01-31"}', encoding="utf-8")
    results = run(
        """
        about: 另一份文件里的案件
        file: house.json
        parameters: {标准: 1000}
        expect: {trial.house: {amount: 600, from: 2024-02-01}}
        """
    )
    assert failing(results) == []


# -- how it fails ------------------------------------------------------------------------------------------------------


def test_a_failure_says_what_was_expected_what_came_out_and_why(run: Run) -> None:
    (result, *_) = run(GOOD.replace("amount: 600,", "amount: 599.99,"))
    assert not result.passed
    assert result.differs
    text = result.say("zh")
    assert "one.yaml:3 收入四百" in text
    assert "金额：应为 599.99，得到 600.00 元/月" in text
    assert "得到这一结果的理由" in text
    assert "收入 < 标准，即 400.00 元/月 < 1,000.00 元/月" in text


def test_a_failing_variant_is_set_against_the_case_it_varies(run: Run) -> None:
    results = run(
        GOOD.replace(
            "expect: {trial.house: {eligible: false, amount: 0, from: null}}", "expect: {trial.house: {eligible: true}}"
        )
    )
    (failed,) = (result for result in results if not result.passed)
    text = failed.say("zh")
    assert "结论：应为 符合，得到 不符合" in text
    assert "与所变的例子相比" in text
    assert "收入：400.00 元/月 → 1,000.00 元/月" in text
    assert "条件：成立 → 不成立" in text


def test_english_is_complete(run: Run) -> None:
    text = "\n".join(result.say("en") for result in run(GOOD.replace("600", "601").replace("4600", "4601")))
    assert "amount: expected 601.00, got 600.00 yuan/month" in text
    assert "greatest amount: expected 4601.00, got 4600.00" in text
    assert "Why it came out so" in text
    assert "Against the case it varies" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("result: {kind: 一级}|result: {kind: 二级}", "result kind: expected 二级, got first"),
        ("from: 2025-07-01|from: 2025-08-01", "from: expected 2025-08-01, got 2025-07-01"),
        ("weakest: illustrative|weakest: verbatim", "weakest: expected verbatim, got illustrative"),
        ("missing: [标准], low|missing: [收入], low", "missing: expected 收入, got standard"),
        ("missing: [标准], low|missing_exactly: [], low", "missing: expected nothing, got standard"),
        ("low: 0|low: 1", "least amount: expected 1.00, got 0.00"),
        ("high: 4600|high: null", "greatest amount: expected no bound, got 4600.00"),
    ],
)
def test_each_kind_of_expectation_can_fail(run: Run, wrong: str, said: str) -> None:
    old, new = wrong.split("|")
    (text,) = failing(run(GOOD.replace(old, new)))
    assert said in text


def test_what_is_missing_may_be_more_unless_it_is_said_exactly(run: Run) -> None:
    text = """
    about: 什么也没有给出
    case: {贫困: true}
    expect: {trial.house: {status: undetermined, missing: [收入]}}
    variants:
      - {about: 恰好这些, expect: {trial.house: {missing_exactly: [income, 标准]}}}
      - {about: 少写一样, expect: {trial.house: {missing_exactly: [收入]}}}
    """
    assert [result.passed for result in run(text)] == [True, True, False]


# -- checks of the rulebook --------------------------------------------------------------------------------------------


def test_the_checks_that_should_notice_something(run: Run) -> None:
    text = """
    about: 收入偏高
    case: {收入: 9000}
    warns: [收入偏高]
    variants:
      - {about: 按代号, warns: [income_is_high]}
      - {about: 收入不高, change: {收入: 8999}, warns: []}
      - {about: 没有说会提示, warns: []}
      - {about: 说错了提示, change: {收入: 8999}, warns: [income_is_high]}
    """
    results = run(text)
    assert [result.passed for result in results] == [True, True, True, False, False]
    assert "warnings: expected nothing" in results[3].say("en")


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        ("about:|abuot:", 3, "您是否想写“about”"),
        ("eligible: true, amount|elligible: true, amount", 12, "您是否想写“eligible”"),
        ("amount: 600,|amuont: 600,", 12, "您是否想写“amount”"),
        ("parameters: {标准|paramaters: {标准", 4, "您是否想写“parameters”"),
        ("amount: 600,|amount: 六百,", 12, "amount 不能是“六百”"),
        ("eligible: true, amount|eligible: yes, amount", 12, "eligible 不能是“yes”"),
        ("eligible: true, amount|eligible: true, status: 符合, amount", 12, "只写一个"),
        ("status: 符合|status: 合格", 14, "status 不能是“合格”"),
        ("from: 2025-07-01|from: 七月", 12, "from 不能是“七月”"),
        ("weakest: illustrative|weakest: weak", 12, "weakest 不能是“weak”"),
        ("result: {kind: 一级}|result: 一级", 12, "result 应是"),
        ("missing: [标准]|missing: 标准", 23, "missing 应是列表"),
        ("parameters: {标准: 1000}|parameters: {标准: [1, 2]}", 4, "应是一个值"),
        ("parameters: {标准: 1000}|accept: [recaled]", 4, "您是否想写“recalled”"),
    ],
)
def test_what_means_nothing_is_refused_with_its_line(run: Run, wrong: str, line: int, said: str) -> None:
    old, new = wrong.split("|")
    assert old in GOOD
    results = run(GOOD.replace(old, new, 1))
    text = results[0].say("zh")
    assert said in text
    assert f"one.yaml:{line}:" in text
    assert not results[0].differs


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        ("trial.house: {eligible: true|trial.hause: {eligible: true", 12, "您是否想写“trial.house”"),
        ("    甲: {status|    申: {status", 14, "有的是：甲、乙"),
        ("{kind: 一级}|{kinds: 一级}", 12, "您是否想写“kind”"),
        ("amount: 600,|amounts: {amuont: 600},", 12, "您是否想写“amount”"),
        ("    - {编号: 甲, 级别: 一级}|    - {编号: 甲, 级别: 四级}", 9, "应为 一级、二级、三级"),
        ("  收入: 400|  收人: 400", 6, "是否指“收入”"),
        ("parameters: {标准: 1000}|parameters: {标淮: 1000}", 4, "您是否想写“标准”"),
        ("parameters: {标准: 1000}|parameters: {标准: 9000}", 4, "超出范围"),
        ("parameters: {标准: 1000}|parameters: {标准: 1000, 人头数: 200}", 4, "已有别的值"),
        ("parameters: {标准: 1000}|place: 海宁", 3, "没有“海宁”这个地方"),
        ("      家人[乙].级别: second|      家人[丙].级别: second", 26, "找不到"),
        ("      家人[乙].级别: second|      家人[乙].级别.高: second", 26, "找不到"),
        ("      家人[乙].级别: second|      家人[乙].级别: 四级", 26, "应为 一级、二级、三级"),
    ],
)
def test_what_only_the_rulebook_can_tell_is_refused_with_its_line(run: Run, wrong: str, line: int, said: str) -> None:
    old, new = wrong.split("|")
    assert old in GOOD
    refused = [result for result in run(GOOD.replace(old, new, 1)) if result.problems]
    assert refused
    text = refused[0].say("zh")
    assert said in text
    assert f"one.yaml:{line}:" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("about: 什么\ncase: {收入: 1}\n", "没有写期望的结果"),
        ("about: 什么\ncase: {收入: 1}\nexpect: {}\n", "没有写期望的结果"),
        ("about: 什么\ncase: {收入: 1}\nexpect: {trial.house: {}}\n", "应写期望什么"),
        ("about: 什么\ncase: {收入: 1}\nexpect: {trial.each: {甲: {}}}\n", "没有写对“甲”期望什么"),
        ("about: 什么\nexpect: {trial.house: {eligible: true}}\n", "二者必取其一"),
        ("case: {收入: 1}\nexpect: {trial.house: {eligible: true}}\n", "缺少 about"),
        ("about: 什么\ncase: {收入: 1}\nexpect: {trial.each: {eligible: true}}\n", "要写明是谁"),
        ("about: [\n", "不是有效的 YAML"),
    ],
)
def test_a_case_that_shows_nothing_is_no_case(run: Run, text: str, said: str) -> None:
    (result,) = run(text)
    assert not result.passed
    assert said in result.say("zh")


def test_all_problems_of_a_file_are_said_at_once(run: Run) -> None:
    wrong = (
        GOOD.replace("about: 收入四百", "abuot: 收入四百")
        .replace("status: 符合", "status: 合格")
        .replace("from: null", "from: 无")
    )
    (result,) = run(wrong)
    assert len(result.problems) == 4


def test_a_file_that_is_not_there(rulebook_folder: Path) -> None:
    (result,) = run_paths(["no/such.yaml"], rulebook_folder, vocabulary=[House])
    assert "打不开" in result.say("zh")


# -- changes -----------------------------------------------------------------------------------------------------------


def test_changes_reach_everything_in_either_language(run: Run) -> None:
    text = """
    about: 两人
    parameters: {标准: 1000}
    case:
      income: 400
      people: [{id: a, grade: first, jobs: [{pay: 5}]}, {id: b}]
      findings: {}
    expect: {trial.each: {a: {eligible: true}, b: {status: 待定}}}
    variants:
      - about: 中文的路径
        change:
          收入: 500
          家人[0].活计名单[0].工钱: 7
          家人[1].级别: 二级
        expect: {trial.house: {amount: 500}, trial.each: {b: {eligible: true}}}
      - about: 又添一人，少了一个事实
        change:
          people[2]: {id: c, grade: 一级}
          people[a].grade: null
          people[b].jobs[0]: {pay: 9}
        expect: {trial.each: {a: {status: 待定}, c: {eligible: true}}}
      - about: 变例之间互不影响
        expect: {trial.house: {amount: 600}, trial.each: {a: {eligible: true}}}
    """
    assert failing(run(text)) == []
