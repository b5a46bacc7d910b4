from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.problems import Words
from minzheng_rules.trail.rendering.layout import display_width
from minzheng_rules.trail.summary import amount_text, summary_html, summary_text
from tests.trail import hand_made_decisions as decisions
from tests.trail.hand_made_decisions import PER_MONTH, Amount

NAME = Words("月低保金", "allowance")


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (Amount(NAME, PER_MONTH, "cash", Decimal("1234.5")), "1,234.50 元/月", "1,234.50 yuan/month"),
        (Amount(NAME, PER_MONTH, "cash", Decimal("0.125")), "0.125 元/月", "0.125 yuan/month"),
        (Amount(NAME, PER_MONTH, "cash"), "待定", "undetermined"),
        (Amount(NAME, PER_MONTH, "cash", None, Decimal(1)), "待定（不少于 1.00 元/月）", "undetermined (at least 1.00 yuan/month)"),
        (Amount(NAME, PER_MONTH, "cash", None, None, Decimal(1)), "待定（不超过 1.00 元/月）", "undetermined (at most 1.00 yuan/month)"),
        (Amount(NAME, PER_MONTH, "ceiling", Decimal(9)), "9.00 元/月〔限额，不是给付〕", "9.00 yuan/month [a ceiling, not a payment]"),
    ],
)  # fmt: skip
def test_amounts(amount: Amount, zh: str, en: str) -> None:
    assert amount_text(amount, "zh") == zh
    assert amount_text(amount, "en") == en


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 60, 100])
def test_lines_fit(lang: str, width: int) -> None:
    assert all(
        display_width(line) <= width for line in summary_text(decisions.mixed(), lang, width, False).splitlines()
    )


def test_an_invented_figure_is_announced_first() -> None:
    text = summary_text(decisions.mixed(), colour=False)
    assert text.index("只作演示") < text.index("最低生活保障")
    assert "只作演示" not in summary_text(decisions.empty(), colour=False)
    assert 'class="banner"' in summary_html(decisions.mixed())


def test_a_refusal_shows_no_amount() -> None:
    assert "月补助" not in summary_text(decisions.mixed(), colour=False)


def test_what_is_due_stands_first_and_refusals_last() -> None:
    text = summary_text(decisions.mixed(), colour=False)
    assert text.index("✓ ") < text.index("? ") < text.index("✗ ") < text.index("– 不适用")


def test_people_of_whom_the_same_is_said_share_a_block() -> None:
    decision = decisions.mixed()
    open_one = next(outcome for outcome in decision.outcomes if outcome.status.value == "undetermined")
    father = replace(open_one, subject_words=Words("父亲", "father"), missing=())
    mother = replace(father, subject_words=Words("母亲", "mother"))
    lines = summary_text(replace(decision, outcomes=(father, open_one, mother)), colour=False).splitlines()
    assert "? 单人户低保：待定〔父亲、母亲〕" in lines
    assert "? 单人户低保：待定〔儿子 张小某〕" in lines, "something else is missing for him"


def test_what_does_not_apply_stands_on_one_line() -> None:
    assert "– 不适用：单人户低保〔本人 张某、妻子 王某〕" in summary_text(decisions.mixed(), colour=False).splitlines()


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        ("2024-07-01", "? 待定〔2024-07-01 没有生效的规定〕：育儿补贴", "? undetermined [no such rule is in force on 2024-07-01]: childcare subsidy"),
        ("2099-01-01", "? 待定〔规则手册只裁断到 ", "? undetermined [the rulebook decides through "),
    ],
)  # fmt: skip
def test_what_the_day_has_no_rules_for_stands_on_one_line(day: str, zh: str, en: str) -> None:
    case = Case.parse({"members": [{"id": "甲", "relation": "applicant"}, {"id": "乙", "relation": "spouse"}]})
    decision = decide(case, Rulebook.load(place="haining"), as_of=day, programs=["childcare"])
    assert [line[: len(zh)] for line in summary_text(decision, width=999, colour=False).splitlines()[4:]] == [zh]
    assert [line[: len(en)] for line in summary_text(decision, "en", 999, False).splitlines()[4:]] == [en]
    page = summary_html(decision)
    assert page.count(zh) == 1
    assert "不满育儿补贴年龄；" not in page


def test_the_page_leads_from_the_table_to_the_reasons() -> None:
    html = summary_html(decisions.mixed(), page=True)
    assert '<a href="#n-conclusion/dibao">最低生活保障</a>' in html
    assert html.index("<table>") < html.index('id="n-conclusion/dibao"')
    assert "三口之家 &lt;示例&gt;" in html


def test_a_notebook_gets_a_fragment() -> None:
    assert summary_html(decisions.mixed()).startswith('<div class="mz"')


def test_importing_the_library_renders_nothing() -> None:
    code = "import sys, minzheng_rules; print([m for m in sys.modules if m.startswith('minzheng_rules.trail')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_what_has_no_conditions_is_answered_and_nobody_is_eligible_for_it() -> None:
    decision = decisions.mixed()
    paid = next(outcome for outcome in decision.outcomes if outcome.status.value == "eligible")
    graded = replace(decision, outcomes=(replace(paid, sets_conditions=False),))
    assert "✓ 最低生活保障：有结论" in summary_text(graded, colour=False)
    assert "answered" in summary_text(graded, "en", colour=False)
