"""The checks together: everything at once, in order, once; nothing reported that is not wrong; in time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from minzheng_rules import Rulebook
from minzheng_rules.rulebook.checks import CHECKS, NOTES, check, check_files

ROOT = Path(__file__).resolve().parents[3]


def codes(problems: Any) -> list[str]:
    """The codes of problems, in order."""
    return [problem.code for problem in problems]


def test_what_cannot_be_read_and_what_is_wrong_in_the_rest_are_reported_together(checked: Any) -> None:
    found = checked(
        """
household:
  may: {term: 可享, cite: LAW#12, wording: 高于, when: 收入 < 标准}
  hard: {term: 困难, cite: LAW#1, when: 收入 < 存款}
  low: {term: 低下, cite: LAW#1, when: 不存在}
  pay:
    term: 津贴
    cite: LAW#1
    unit: yuan/month
    table: |
      | 户级别 | =    |
      | 一级   | 收入 |
decides: {eligible: 可享, amount: 津贴}
""",
        "line: {term: 标准, unit: yuan/month/household, range: [0, 10], values: {2020-01-01: {value: 90, source: LAW#1}}}\n",
    )
    assert codes(found) == [
        "parameter.out-of-range",
        "cite.no-such-article",
        "wording.operator",
        "expression.units",
        "expression.unknown-name",
        "table.gap",
    ]


def test_what_is_unused_waits_until_everything_can_be_read(checked: Any) -> None:
    found = checked(
        """
household:
  may: {term: 可享, cite: LAW#1, when: 困难 and 不存在}
  hard: {term: 困难, cite: LAW#1, when: 贫困}
decides: {eligible: 可享}
"""
    )
    assert codes(found) == ["expression.unknown-name"]


def test_a_manifest_that_cannot_be_read_is_all_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rulebook.yaml").write_text("layers: [", encoding="utf-8")
    assert codes(check_files(tmp_path)) == ["yaml.syntax"]


def test_findings_of_several_stretches_are_one(checked: Any) -> None:
    found = checked(
        """
household:
  amount: {term: 金额, cite: LAW#1, unit: yuan/month, from: 2021-01-01, value: 收入}
  one: {term: 其一, cite: LAW#1, exception_to: 金额, when: 贫困, from: 2021-01-01, until: 2022-12-31, value: 0}
  other:
    term: 其二
    exception_to: 金额
    value: 0
    when: 农村
    versions: {2021-01-01: {cite: LAW#1}, 2022-01-01: {cite: CODE#1}, 2024-01-01: {cite: NEWLAW#1}}
decides: {amount: 金额}
"""
    )
    assert codes(found) == ["exception.conflict"]
    assert "（2021-01-01 至 2022-12-31）" in found[0].what.zh


def test_severities_and_places_of_every_finding_of_the_shipped_rulebook() -> None:
    for problem in check(Rulebook.load(), notes=True):
        assert problem.severity in ("warning", "note"), problem.say("en")
        assert problem.place.line or problem.code == "fact.unused"
        assert problem.next_step is not None


def test_the_checks_have_names_of_their_own() -> None:
    names = [one.id for one in (*CHECKS, *NOTES)]
    assert len(set(names)) == len(names)


def test_checking_changes_nothing() -> None:
    book = Rulebook.load()
    digest = book.digest
    first = check(book)
    assert check(book) == first
    assert Rulebook.load().digest == digest


def test_the_shipped_rulebook_is_checked_in_time() -> None:
    began = time.perf_counter()
    check_files()
    assert time.perf_counter() - began < 3


# -- wordings --------------------------------------------------------------------------------------------------------

LINE = (
    "line: {term: 标准, unit: yuan/month/household, range: [0, 10], values: {2020-01-01: {value: 9, source: LAW#1}}}\n"
)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        pytest.param("wording: 低于, when: 收入 < 标准", [], id="as the text says"),
        pytest.param("wording: 低于, when: 标准 > 收入", [], id="the line on the left"),
        pytest.param("wording: 以上, when: 标准 <= 收入", [], id="the line on the left, included"),
        pytest.param("wording: 低于, when: 收入 > 标准", ["wording.operator"], id="reversed"),
        pytest.param("wording: 以下, when: 收入 < 标准", ["wording.operator"], id="the line itself"),
        pytest.param("all: [{when: 收入 < 标准, wording: 超过}]", ["wording.operator"], id="in an item"),
        pytest.param("all: [{any: [{when: 收入 < 标准, wording: 超过}]}]", ["wording.operator"], id="in an inner item"),
        pytest.param("when: 贫困, unless: [{when: 收入 < 标准, wording: 超过}]", ["wording.operator"], id="in unless"),
        pytest.param("wording: 低于, all: [贫困, 收入 < 标准]", [], id="one comparison in the whole rule"),
        pytest.param("wording: 高于, all: [贫困, 收入 < 标准]", ["wording.operator"], id="the rule's word, in a list"),
        pytest.param("wording: 低于, when: 贫困 and 收入 < 标准", [], id="one comparison in an expression"),
        pytest.param(
            "wording: 高于, when: not 农村 and 收入 < 标准", ["wording.operator"], id="and it is the wrong one"
        ),
        pytest.param("wording: 低于, when: 收入 < 双标准", [], id="a line worked out from parameters"),
        pytest.param("when: 收入 < 双标准", ["wording.missing"], id="which needs its word too"),
        pytest.param("when: 收入 < 工资合计", [], id="two amounts of the case are no line"),
        pytest.param("when: 收入 > 0", [], id="zero is no line"),
        pytest.param("when: 收入 == 标准", [], id="equality has no direction"),
        pytest.param("any: [any(p.工资 < 人标准 for p in 家人)]", ["wording.missing"], id="inside a loop"),
        pytest.param(
            "any: [{when: any(p.工资 < 人标准 for p in 家人), wording: 低于}]", [], id="inside a loop, with its word"
        ),
    ],
)
def test_wordings(rule: str, wanted: list[str], checked: Any) -> None:
    found = checked(
        f"""
household:
  wages: {{term: 工资合计, cite: LAW#1, unit: yuan/month, value: sum(p.工资 for p in 家人)}}
  twice: {{term: 双标准, cite: LAW#1, unit: yuan/month, value: 标准 + 标准}}
  may: {{term: 可享, cite: LAW#1, {rule}}}
  used: {{term: 用到, cite: LAW#1, when: 工资合计 > 0 or 双标准 > 0 or 人标准 > 0}}
decides: {{eligible: 可享, result: {{used: 用到}}}}
""",
        LINE + LINE.replace("line:", "each:").replace("标准", "人标准").replace("household", "person"),
    )
    assert codes(p for p in found if p.code.startswith("wording.")) == wanted
    assert codes(p for p in found if not p.code.startswith(("wording.", "parameter.unused"))) == []


# -- layers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "wanted"),
    [
        pytest.param("from: 2021-01-01", ["rule.not-reaffirmed"], id="goes on"),
        pytest.param("from: 2021-01-01, until: 2023-12-31", [], id="ends"),
        pytest.param("from: 2024-01-01", [], id="begins with the new law"),
        pytest.param("versions: {2021-01-01: {when: 农村}, 2024-01-01: {when: 农村}}", [], id="is re-affirmed"),
        pytest.param(
            "versions: {2021-01-01: {when: 农村}, 2025-01-01: {when: 农村}}", ["rule.not-reaffirmed"], id="too late"
        ),
    ],
)
def test_replaced_rules(here: str, wanted: list[str], checked: Any) -> None:
    when = "" if "versions" in here else ", when: 农村"
    found = checked(
        """
household:
  may:
    term: 可享
    versions: {2020-01-01: {cite: LAW#1, when: 贫困}, 2024-01-01: {cite: NEWLAW#1, when: 贫困 or 农村}}
decides: {eligible: 可享}
""",
        shire=f"""
household:
  may_here: {{term: 雾省可享, cite: CODE#1, replaces: 可享, {here}{when}}}
""",
    )
    assert codes(found) == wanted


def test_a_lower_ranking_instrument_does_not_end_a_replacement(checked: Any) -> None:
    found = checked(
        """
household:
  may:
    term: 可享
    versions: {2020-01-01: {cite: LAW#1, when: 贫困}, 2022-01-01: {cite: NOTE#1, until: 2023-12-31, when: 农村}}
decides: {eligible: 可享}
""",
        shire="""
household:
  may_here: {term: 雾省可享, cite: CODE#1, from: 2021-01-01, replaces: 可享, when: 农村}
""",
    )
    assert "rule.not-reaffirmed" not in codes(found)
