"""Reforms: what they change, what they leave alone, and what is said of those that cannot be laid over a rulebook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from minzheng_rules import Case, Reform, RequestProblems, Rulebook, decide, record, replay
from minzheng_rules.rulebook.reforming import effects, refuse_without_effect
from minzheng_rules.testing.runner import run_paths

ROOT = Path(__file__).parents[2]
DAY = dt.date(2025, 6, 1)
Load = Callable[..., Rulebook]
RULES = """
    program: boats
    term: 船
    layer: realm
    subject: member
    member:
      aboard: {term: 上船, cite: FOG#1, when: 守灯}
      fee: {term: 应付泊费, cite: FOG#2, unit: yuan, value: 泊费}
    decides: {eligible: 上船, amount: 应付泊费}
"""
FIGURES = """
    fee_set: {term: 泊费, unit: yuan/person, range: [0, 100], set_by: [national], values: {2020-01-01: 5, 2024-01-01: 6}}
    unknown_fee: {term: 杂费, unit: yuan/person, values: {2020-01-01: {status: unknown}}}
    share: {term: 份额, unit: ratio, by: [berth], values: {2020-01-01: {near: 0.1, far: 0.2}}}
    enums: {berth: {term: 泊位, values: {near: 近岸, far: 离岸}}}
"""


@pytest.fixture
def book(load: Load) -> Rulebook:
    return load({"rules/realm/a.yaml": RULES, "policies/realm/f.yaml": FIGURES})


def _value(book: Rulebook, name: str, day: dt.date = DAY, key: tuple[str, ...] = ()) -> object:
    return book.on(day).reading(name, key).value


def _codes(raised: pytest.ExceptionInfo[RequestProblems]) -> list[str]:
    return [problem.code for problem in raised.value.problems]


def _step(raised: pytest.ExceptionInfo[RequestProblems]) -> str:
    step = raised.value.problems[0].next_step
    assert step is not None
    return step.en


# -- figures -----------------------------------------------------------------------------------------------------------


def test_a_reform_changes_a_known_figure_of_a_higher_level_and_leaves_the_rulebook_as_it_was(book: Rulebook) -> None:
    before = book.digest
    changed = book.reform(Reform(title="涨泊费", changes={"泊费": 7}))
    assert (_value(book, "fee_set"), _value(changed, "fee_set")) == (600, 700)
    figure = changed.on(DAY).reading("fee_set").figure
    assert figure is not None
    assert (figure.status, figure.layer) == ("illustrative", "reform:inline")
    assert book.digest == before != changed.digest


def test_a_dated_change_holds_from_its_day_until_its_end(book: Rulebook) -> None:
    change = {"2022-01-01": {"value": 8, "until": "2022-12-31", "status": "position"}, "2025-01-01": 9}
    changed = book.reform(Reform(title="涨泊费", changes={"fee_set": change}))
    days = [dt.date(2021, 12, 31), dt.date(2022, 1, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1), dt.date(2025, 1, 1)]
    assert [_value(changed, "fee_set", day) for day in days] == [500, 800, 800, 500, 900]
    figure = changed.on(dt.date(2022, 6, 1)).reading("fee_set").figure
    assert figure is not None
    assert figure.status == "position"


def test_a_step_follows_the_figure_it_starts_from(book: Rulebook) -> None:
    more = book.reform(Reform(title="加一成", changes={"泊费": {"2023-01-01": {"times": 1.1}}}))
    days = [dt.date(2022, 12, 31), dt.date(2023, 1, 1), dt.date(2024, 1, 1)]
    assert [_value(more, "fee_set", day) for day in days] == [500, 550, 660]


def test_a_step_from_an_unknown_figure_is_unknown(book: Rulebook) -> None:
    changed = book.reform(Reform(title="加", changes={"杂费": {"add": 1}, "泊费": {"add": 1}}))
    reading = changed.on(DAY).reading("unknown_fee")
    assert reading.value is None
    assert reading.reason is not None


def test_only_the_rows_that_are_named_change(book: Rulebook) -> None:
    changed = book.reform(Reform(title="离岸加份额", changes={"份额": {"离岸": 0.3, "near": {"add": "0.05"}}}))
    assert _value(changed, "share", key=("far",)) == Fraction(3, 10)
    assert _value(changed, "share", key=("near",)) == Fraction(15, 100)
    only = book.reform(Reform(title="离岸加份额", changes={"份额": {"2021-01-01": {"离岸": 0.3}}}))
    assert _value(only, "share", key=("near",)) == Fraction(1, 10)


def test_reforms_may_be_laid_one_over_another(book: Rulebook) -> None:
    first = book.reform(Reform(title="一", id="one", changes={"泊费": {"add": 1}}))
    second = first.reform(Reform(title="二", id="two", changes={"泊费": {"times": 2}}))
    assert _value(second, "fee_set") == 1400
    assert [reform.id for reform in second.reforms] == ["one", "two"]
    with pytest.raises(RequestProblems) as refused:
        first.reform(Reform(title="又一", id="one", changes={"泊费": 3}))
    assert _codes(refused) == ["reform.twice"]


def test_what_a_reform_makes_otherwise_on_a_day(book: Rulebook) -> None:
    changed = book.reform(Reform(title="涨", changes={"泊费": {"2025-01-01": 9}, "份额": {"离岸": 0.3}}))
    found = {(e.id, e.key): (e.before, e.after) for e in effects(book, changed, DAY)}
    assert found[("fee_set", ())] == (600, 900)
    assert ("share", ("far",)) in found
    assert ("share", ("near",)) not in found
    assert [e.id for e in effects(book, changed, dt.date(2024, 6, 1))] == ["share"]


# -- rules -------------------------------------------------------------------------------------------------------------

RULE = """
program: boats
layer: reform
member:
  anyone_aboard: {term: 人人上船, replaces: 上船, when: 守灯 or 独臂}
"""


def test_a_reform_may_replace_a_rule_and_says_so(book: Rulebook) -> None:
    changed = book.reform(Reform(title="人人上船", rules=[RULE]))
    case = Case.parse({"members": [{"守灯": False, "独臂": True}]}, book.model)
    answer = [decide(case, rules, as_of=DAY).outcomes[0] for rules in (book, changed)]
    assert [outcome.status.value for outcome in answer] == ["ineligible", "eligible"]
    (effect,) = effects(book, changed, DAY)
    assert (effect.kind, effect.term, effect.after) == ("rule", "上船", "人人上船")
    assert answer[1].weakest == "illustrative"


def test_a_table_of_a_reform_is_read_by_the_rules_that_look_things_up_in_it() -> None:
    toy = Rulebook.load(ROOT / "tests" / "toy")
    table = "| 敲钟夜数 | 航海等级 | = |\n| 21.. | - | 70 |\n| - | - | 28.80 |\n"
    changed = toy.reform(Reform(title="敲钟津贴", changes={"敲钟津贴表": {"2025-01-01": table}}))
    lamp = {"id": "灯婆", "敲钟夜数": 21, "航海等级": "二等", "守灯": True, "无故拒航": False, "现享待遇": []}
    facts = {"会唱号子": True, "宣誓日期": "2024-06-02", "任灯日期": "2024-06-02", "所守之灯": "小灯", "救助记录": []}
    case = Case.parse({"船员名单": [lamp | facts], "雾钟名单": []}, toy.model)
    paid = [
        decide(case, rules, as_of=day, programs=["lamps.ringing"]).outcomes[0].amounts["amount"].value
        for rules, day in ((toy, DAY), (changed, DAY), (changed, dt.date(2024, 12, 31)))
    ]
    assert [str(amount) for amount in paid] == ["63.00", "70.00", "63.00"]
    same = (
        "| 敲钟夜数 | 航海等级 | = |\n| 21.. | - | 63 |\n| < 3 | - | 0 |\n| - | 一等, 二等 | 42 |\n| - | - | 28.80 |\n"
    )
    with pytest.raises(RequestProblems) as refused:
        toy.reform(Reform(title="照旧", changes={"敲钟津贴表": {"2025-01-01": same}}))
    assert _codes(refused) == ["reform.changes-nothing"]


def test_a_reform_cannot_bring_programs_of_its_own(book: Rulebook) -> None:
    with pytest.raises(RequestProblems) as refused:
        book.reform(Reform(title="新项目", rules=[RULE + "decides: {eligible: 上船}\n"]))
    assert _codes(refused) == ["reform.heading"]


def test_a_rule_for_nothing_is_refused(book: Rulebook) -> None:
    with pytest.raises(RequestProblems) as refused:
        book.reform(Reform(title="没有的规则", rules=[RULE.replace("上船, when", "下船了, when")]))
    assert "rule.target" in _codes(refused)


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"泊废": 7}, "reform.unknown-parameter"),
        ({"泊费": "七"}, "parameter.number"),
        ({"泊费": 700}, "parameter.out-of-range"),
        ({"泊费": {"times": "1.00011"}}, "reform.whole-fen"),
        ({"泊费": {"add": 1000}}, "reform.out-of-range"),
        ({"泊费": {"ad": 5}}, "file.unknown-key"),
        ({"份额": {"半岸": 0.3}}, "parameter.index-value"),
        ({"泊费": {"2025-02-30": 7}}, "file.date"),
        ({"泊费": 6}, None),
        ({"泊费": {"2024-01-01": 6}}, "reform.changes-nothing"),
    ],
)
def test_what_is_wrong_with_a_reform_is_said(book: Rulebook, changes: dict[str, object], code: str | None) -> None:
    if code is None:
        # Six yuan is what the fee is from 2024; before, it was five: the reform does change something.
        assert book.reform(Reform(title="试", changes=changes)).reforms
        return
    with pytest.raises(RequestProblems) as refused:
        book.reform(Reform(title="试", changes=changes))
    assert code in _codes(refused)


def test_the_nearest_name_is_offered(book: Rulebook) -> None:
    with pytest.raises(RequestProblems) as refused:
        book.reform(Reform(title="试", changes={"fee_sett": 7, "nothing_like_it": 1}))
    assert _codes(refused) == ["reform.unknown-parameter"] * 2, "all problems, together"
    assert _step(refused) == "did you mean `fee_set`?"


def test_a_reform_without_effect_on_the_day_names_the_day_it_has(book: Rulebook) -> None:
    changed = book.reform(Reform(title="试", changes={"泊费": {"2026-01-01": 7}}))
    assert refuse_without_effect(book, changed, dt.date(2026, 3, 1))
    with pytest.raises(RequestProblems) as refused:
        refuse_without_effect(book, changed, DAY)
    assert _codes(refused) == ["reform.without-effect"]
    assert "2026-01-01" in _step(refused)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"title": "", "changes": {"泊费": 1}}, "reform.title"),
        ({"title": "空"}, "reform.empty"),
        ({"title": "编号", "id": "一号", "changes": {"泊费": 1}}, "reform.id"),
    ],
)
def test_a_reform_needs_a_title_an_id_and_a_change(said: dict[str, object], code: str) -> None:
    with pytest.raises(RequestProblems) as refused:
        Reform(**said)  # type: ignore[arg-type]  # the arguments are the cases
    assert code in _codes(refused)


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_is_read_with_its_rules_and_its_problems_name_its_lines(book: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(RULE, encoding="utf-8")
    file = tmp_path / "boats_for_all.yaml"
    text = "title: {zh: 人人上船, en: Boats for all}\nauthor: 灯塔\nchanges:\n  泊废: 7\nrules: [more.yaml]\n"
    file.write_text(text, encoding="utf-8")
    reform = Reform.read(file)
    assert (reform.id, reform.title.en, reform.author) == ("boats_for_all", "Boats for all", "灯塔")
    with pytest.raises(RequestProblems) as refused:
        book.reform(reform)
    place = refused.value.problems[0].place
    assert (place.file, place.line, place.column) == ("boats_for_all.yaml", 4, 3)
    file.write_text(text.replace("泊废", "泊费"), encoding="utf-8")
    changed = book.reform(Reform.read(file))
    assert {effect.kind for effect in effects(book, changed, DAY)} == {"parameter", "rule"}


def test_everything_wrong_with_a_file_is_said_at_once(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("titel: 试\nchanges: [1]\nrules: [nowhere.yaml]\n", encoding="utf-8")
    with pytest.raises(RequestProblems) as refused:
        Reform.read(file)
    assert set(_codes(refused)) >= {"file.unknown-key", "reform.changes", "reform.rules", "reform.title"}


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "reforms").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_example_reforms_change_something(path: Path) -> None:
    book = Rulebook.load(place="haining", overlays=["illustrative"])
    assert effects(book, book.reform(Reform.read(path)), dt.date(2025, 7, 1))


# -- deciding ----------------------------------------------------------------------------------------------------------


def test_decisions_records_and_trails_say_which_reform() -> None:
    book = Rulebook.load(place="haining", overlays=["illustrative"])
    changed = book.reform(Reform.read(ROOT / "examples" / "reforms" / "standard_up_50.yaml"))
    case = Case.read(ROOT / "examples" / "cases" / "two_elderly_on_a_pension.yaml")
    before, after = (decide(case, rules, programs=["dibao"]) for rules in (book, changed))
    paid = [decision.outcome("dibao").amount for decision in (before, after)]
    assert [str(amount.value) for amount in paid if amount is not None] == ["86.00", "186.00"], (
        "50 yuan each, two people"
    )
    assert "低保标准提高五十元" in str(after)
    assert "改革方案“低保标准提高五十元”" in after.explain("dibao").text()
    assert "reforms" not in before.to_json()["rulebook"]
    assert after.to_json()["rulebook"]["reforms"][0]["id"] == "standard_up_50"
    kept = record(after)
    assert replay(kept, changed).same
    assert not replay(kept, book).same
    with pytest.raises(RequestProblems) as refused:
        replay(kept)
    assert _codes(refused) == ["record.reform"]


# -- worked cases ------------------------------------------------------------------------------------------------------

WORKED = """
about: 两人，每月 1914.00 元
file: {case}
overlays: [illustrative]
expect: {{dibao: {{amount: 86.00}}}}
variants:
  - about: 标准加五十元
    reform: {reform}
    expect: {{dibao: {{amount: 186.00}}}}
  - about: 直接写出改动
    reform: {{低保标准: 1100}}
    expect: {{dibao: {{amount: 286.00}}}}
  - about: 改动还没有开始
    as_of: 2024-12-01
    reform: {reform}
    expect: {{dibao: {{amount: 86.00}}}}
  - about: 写错了
    reform: {{低保标淮: 1100}}
    expect: {{dibao: {{amount: 286.00}}}}
"""


def test_a_worked_case_may_try_a_reform(tmp_path: Path) -> None:
    examples = ROOT / "examples"
    case, reform = examples / "cases" / "two_elderly_on_a_pension.yaml", examples / "reforms" / "standard_up_50.yaml"
    (tmp_path / "worked.yaml").write_text(WORKED.format(case=case, reform=reform), encoding="utf-8")
    base, up, plain, early, wrong = run_paths([tmp_path / "worked.yaml"])
    assert [result.passed for result in (base, up, plain, early, wrong)] == [True, True, True, False, False]
    assert [problem.code for problem in early.problems] == ["reform.without-effect"]
    assert [problem.code for problem in wrong.problems] == ["reform.unknown-parameter"]
