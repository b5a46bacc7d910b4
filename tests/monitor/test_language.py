"""What a monitor may say, and what is told where it says something else: every mistake, in its line, with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from minzheng_rules import Rulebook
from minzheng_rules.cli import main
from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.problems import RulebookProblems
from tests.monitor.conftest import read_monitors, warned, written

RECORDS = """
layer: zhejiang
records:
  death: {term: 死亡登记, source: [公安]}
  payment: {term: 待遇发放, source: [民政], fields: {benefit: {term: 待遇, type: 待遇类别}, amount: {term: 金额, unit: yuan}}}
  review: {term: 核查办结, source: [民政], about: household}
  letter: {term: 来信, source: [民政], fields: {topic: {term: 事由, type: text}}}
monitors:
"""
GOOD = """
  paid:
    term: 死后发放
    cite: M57#30
    level: 红
    when:
      死亡: {record: 死亡登记}
      发放: {record: 待遇发放, where: [人员 == 死亡.人员]}
    each: [死亡]
    gives: {person: 死亡.人员, date: 死亡.日期}
    do: [{step: 查, step_en: look}]
"""


def _monitor(when: str, rest: str = "") -> str:
    return f"""
  tried:
    term: 试
    cite: M57#30
    level: 黄
    when:
{when}
{rest}
    do: [{{step: 查, step_en: look}}]
"""


REFUSED = {
    "two records under or": (
        _monitor(
            "      甲: {record: 死亡登记}\n      乙: {record: 待遇发放, where: [人员 == 甲.人员 or 日期 > 甲.日期]}"
        ),
        "monitor.two-records",
        "write two monitors",
    ),
    "a side that reads two records": (
        _monitor("      甲: {record: 待遇发放}\n      乙: {record: 待遇发放, where: [金额 > 甲.金额 + 金额]}"),
        "monitor.two-records",
        "each side reading one",
    ),
    "division": (
        _monitor("      甲: {record: 待遇发放, where: [金额 / 金额 > 1]}"),
        "monitor.expression",
        "multiply instead",
    ),
    "a figure in a rule": (
        _monitor("      甲: {record: 待遇发放, where: [金额 > 500]}"),
        "monitor.literal",
        "declare a parameter",
    ),
    "two absences": (
        _monitor("      甲: {record: 死亡登记}", "    absent:\n      一: {record: 核查办结}\n      二: {record: 来信}"),
        "monitor.absent",
        "`gives` a fact",
    ),
    "an absent fact": (
        GOOD + _monitor("      甲: {record: 死亡登记}", "    absent: {无: {record: 死后发放}}"),
        "monitor.absent",
        "name the records",
    ),
    "a fact computed with": (
        GOOD + _monitor("      甲: {record: 死后发放, where: [基准日 > date + 死亡核查期限]}"),
        "monitor.computed-fact",
        "compute it in `gives`",
    ),
    "a circle": (
        """
  one: {term: 一, cite: M57#30, when: {甲: {record: 二}}, each: [甲], gives: {person: 甲.person}}
  two: {term: 二, cite: M57#30, when: {甲: {record: 一}}, each: [甲], gives: {person: 甲.person}}
""",
        "monitor.circle",
        "read departments' records",
    ),
    "the day inside a sum": (
        _monitor("      甲: {record: 死亡登记, where: [基准日 - 死亡核查期限 >= 日期]}"),
        "monitor.as-of",
        "as_of >= date + term",
    ),
    "text in an order": (
        _monitor("      甲: {record: 来信}\n      乙: {record: 来信, where: [事由 > 甲.事由]}"),
        "monitor.types",
        None,
    ),
    "a date with money": (
        _monitor("      甲: {record: 待遇发放, where: [日期 > 金额]}"),
        "monitor.types",
        "of one sort",
    ),
    "months with money": (
        _monitor("      甲: {record: 待遇发放, where: [日期 + 金额 > 日期]}"),
        "monitor.types",
        "month, year or day",
    ),
    "a misspelt field": (
        _monitor("      甲: {record: 死亡登记}\n      乙: {record: 待遇发放, where: [日期 > 甲.日其]}"),
        "monitor.field",
        "did you mean `日期`?",
    ),
    "a misspelt type": (_monitor("      甲: {record: 死亡等记}"), "monitor.record", "did you mean `死亡登记`?"),
    "a misspelt value": (
        _monitor("      甲: {record: 待遇发放, where: [待遇 == 低保今]}"),
        "monitor.value",
        "did you mean `低保金`?",
    ),
    "a misspelt figure": (
        _monitor("      甲: {record: 死亡登记, where: [基准日 > 日期 + 死亡核查期]}"),
        "monitor.unknown-name",
        "did you mean `死亡核查期限`?",
    ),
    "a table for a figure": (
        _monitor("      甲: {record: 待遇发放, where: [金额 > 护理补贴标准]}"),
        "monitor.parameter",
        "write the rows into `tables`",
    ),
    "a condition on another record": (
        _monitor("      甲: {record: 待遇发放}\n      乙: {record: 来信, where: [甲.金额 > 0]}"),
        "monitor.elsewhere",
        "under the `where` of `甲`",
    ),
    "no condition": (_monitor("      甲: {record: 待遇发放, where: [金额]}"), "monitor.not-a-condition", None),
    "nothing to do": (GOOD.replace("    do: [{step: 查, step_en: look}]\n", ""), "monitor.do", "step_en"),
    "no citation": (GOOD.replace("    cite: M57#30\n", ""), "monitor.cite", "cite: M83#1(3)"),
    "an instrument nobody registered": (GOOD.replace("M57#30", "M75#30"), "cite.unknown", "did you mean"),
    "no level of warning": (GOOD.replace("level: 红", "level: 紫"), "monitor.level", "red, orange, yellow"),
    "a key that means nothing": (GOOD.replace("    each:", "    eech:"), "file.unknown-key", "did you mean `each`?"),
    "a fact from what is not told apart": (
        GOOD.replace("date: 死亡.日期", "date: 发放.日期"),
        "monitor.gives",
        "there may be several",
    ),
    "each of nothing": (GOOD.replace("each: [死亡]", "each: [死王]"), "monitor.each", "did you mean `死亡`?"),
    "a deadline that is no date": (
        GOOD.replace("    each:", "    due: {by: 发放.金额, cite: M57#30}\n    each:"),
        "monitor.due",
        "died.date + review_term",
    ),
    "counting facts": (
        GOOD + _monitor("      甲: {record: 死后发放, count: {at_least: 连续拒绝次数标准}}"),
        "monitor.aggregate",
        "count in the monitor that gives",
    ),
    "money against a number of times": (
        _monitor("      甲: {record: 待遇发放, sum: {of: 金额, at_least: 连续拒绝次数标准, within: 死亡核查期限}}"),
        "monitor.aggregate",
        None,
    ),
    "what replaces nothing": (GOOD.replace("    each:", "    replaces: 没有的\n    each:"), "monitor.replaces", None),
    "more patterns than an engine joins": (
        _monitor("\n".join(f"      甲{n}: {{record: 死亡登记}}" for n in range(17))),
        "monitor.too-long",
        "split it in two",
    ),
    "a name used twice": (GOOD + GOOD.replace("  paid:", "  paid_again:"), "monitor.same-name", None),
    "a sentence cut off": (
        _monitor("      甲: {record: 待遇发放, where: [金额 >]}"),
        "expression.syntax",
        None,
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_is_told_in_its_line_with_what_to_write(mistake: str, rulebook: Rulebook) -> None:
    text, code, step = REFUSED[mistake]
    _, problems = read_monitors(RECORDS + text, rulebook)
    assert code in [problem.code for problem in problems]
    found = next(problem for problem in problems if problem.code == code)
    assert found.place.file == "monitors.yaml"
    assert found.place.line > 0
    assert found.what.zh != found.what.en
    if step is not None:
        assert found.next_step is not None
        assert step in found.next_step.en


def test_what_is_not_mistaken_has_no_problem(rulebook: Rulebook) -> None:
    assert [monitor.id for monitor in written(RECORDS + GOOD, rulebook).monitors] == ["paid"]


def test_every_mistake_of_a_file_is_told_at_once(rulebook: Rulebook) -> None:
    text = RECORDS + _monitor("      甲: {record: 待遇发放, where: [金额 > 500, 待遇 == 低保今, 日期 > 金额]}")
    with pytest.raises(RulebookProblems) as found:
        written(text, rulebook)
    assert [p.code for p in found.value.problems] == ["monitor.literal", "monitor.value", "monitor.types"]


def test_the_caret_stands_under_the_mistake(rulebook: Rulebook) -> None:
    _, problems = read_monitors(
        RECORDS
        + _monitor("      甲:\n        record: 待遇发放\n        where:\n          - 人员 == 人员 and 日期 > 金额"),
        rulebook,
    )
    place = problems[0].place
    assert place.text[place.column - 1 :].startswith("日期 > 金额")


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ("{set: 已死王, to: 是}", "did you mean `已死亡`?"),
        ("{set: 已死亡, to: 也许}", None),
        ("{add: 机动车, of: household, with: {车辆现直: 金额}}", "did you mean"),
        ("{forget: 财产符合低保的规定}", "did you mean `财产符合低保规定`?"),
        ("{turn: 已死亡}", None),
    ],
)
def test_a_record_changes_only_facts_there_are(change: str, step: str | None, rulebook: Rulebook) -> None:
    text = RECORDS.replace("source: [公安]}", f"source: [公安], changes: [{change}]}}")
    _, problems = read_monitors(text + GOOD, rulebook)
    codes = [problem.code for problem in problems]
    assert "monitor.changes" in codes
    if step is not None:
        assert any(p.next_step is not None and step in p.next_step.en for p in problems)


def test_a_fact_chains_into_another_monitor(rulebook: Rulebook) -> None:
    chained = _monitor(
        "      甲: {record: 死后发放}\n      乙: {record: 来信, where: [人员 == 甲.person, 日期 > 甲.date]}"
    )
    book = written(RECORDS + GOOD + chained, rulebook)
    rows = [
        {"type": "death", "id": "d", "date": "2025-01-05"},
        {"type": "payment", "id": "p", "date": "2025-02-05", "benefit": "dibao", "amount": "1"},
        {"type": "letter", "id": "l", "date": "2025-03-05", "topic": "x"},
    ]
    warning = next(w for w in warned(book, rows, "2025-03-31") if w.monitor.id == "tried")
    assert warning.depth == 2
    assert [f"{r.type}/{r.id}" for r in warning.evidence] == ["death/d", "payment/p", "letter/l"]


def test_a_quiet_monitor_gives_its_fact_and_no_warning(rulebook: Rulebook) -> None:
    quiet = GOOD.replace("    level: 红\n", "").replace("    do: [{step: 查, step_en: look}]\n", "")
    book = written(RECORDS + quiet, rulebook)
    rows = [
        {"type": "death", "id": "d", "date": "2025-01-05"},
        {"type": "payment", "id": "p", "date": "2025-02-05", "benefit": "dibao", "amount": "1"},
    ]
    assert warned(book, rows, "2025-03-31") == []


def test_a_monitor_acts_from_its_day_until_its_day(rulebook: Rulebook) -> None:
    dated = GOOD.replace("    each:", "    from: 2025-02-01\n    until: 2025-02-28\n    each:")
    book = written(RECORDS + dated, rulebook)
    rows = [
        {"type": "death", "id": "d", "date": "2025-01-05"},
        {"type": "payment", "id": "p", "date": "2025-01-06", "benefit": "dibao", "amount": "1"},
    ]
    days = ("2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01")
    assert [len(warned(book, rows, day)) for day in days] == [0, 1, 1, 0]


def test_a_rulebook_is_loaded_without_its_monitors(shipped: MonitorBook) -> None:
    """Monitors lie beside the rules and are none of them: a rulebook's digest and checks do not know them."""
    assert shipped.monitors
    assert all("monitor" not in program.id for program in shipped.rulebook.programs)
    assert "死亡后仍发放" not in {d.declaration.term for ds in shipped.rulebook.definitions.values() for d in ds}


def test_minzheng_check_reads_the_monitors_too(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    (rules / "land" / "monitors").mkdir(parents=True)
    (rules / "rulebook.yaml").write_text(
        "name: {zh: 试, en: tried}\nlayers: [{id: land, level: national, term: 某地}]\n", encoding="utf-8"
    )
    (rules / "sources.yaml").write_text("L1: {title: 某法, number: 1号, from: 2000-01-01}\n", encoding="utf-8")
    (rules / "land" / "monitors" / "mine.yaml").write_text(
        "layer: land\nmonitors:\n  one: {term: 一, cite: L1#1, when: {甲: {record: 没有的}}}\n", encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert "rules/land/monitors/mine.yaml:3" in result.stdout
    assert "没有“没有的”这种记录" in result.stdout
