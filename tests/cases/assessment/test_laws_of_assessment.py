"""What holds of every assessment, whatever the scores."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules import Case, Decision, Outcome, Reform, Rulebook, Status, decide

DAY = dt.date(2025, 6, 1)
ITEMS = {
    "自理能力": dict.fromkeys(
        ("进食", "修饰", "洗澡", "穿脱上衣", "穿脱裤子和鞋袜", "小便控制", "大便控制", "如厕"), 4
    ),
    "基础运动能力": {"床上体位转移": 4, "床椅转移": 4, "平地行走": 4, "上下楼梯": 3},
    "精神状态": {
        **dict.fromkeys(("时间定向", "空间定向", "人物定向", "记忆", "理解能力", "表达能力"), 4),
        "攻击行为": 1,
        "抑郁症状": 1,
        "意识水平": 2,
    },
    "感知觉与社会参与": {"视力": 2, "听力": 2, "执行日常事务": 4, "使用交通工具外出": 3, "社会交往能力": 4},
}
"""The 26 items of GB/T 42195-2022 with the most points each."""
PLACES = [(part, item) for part, items in ITEMS.items() for item in items]

Facts = dict[str, Any]


@cache
def book(two_answers: str = "都不取", several: str = "只提高一级") -> Rulebook:
    shipped = Rulebook.load(place="haining", kind="assessment")
    changes = {"旧标两可取法": two_answers, "数项变更依据取法": several}
    return shipped.reform(Reform(title="取法", changes=changes))


def decided(facts: Facts, rulebook: Rulebook, *programs: str) -> Decision:
    return decide(Case.parse({"案件": "assessment", "基准日": DAY, **facts}), rulebook, programs=programs)


def answer(facts: Facts, name: str = "level") -> Outcome:
    return decided(facts, book(), f"elder_ability.{name}").outcome(f"elder_ability.{name}")


def settled(facts: Facts) -> int | None:
    """The final level where it is settled."""
    outcome = answer(facts)
    return None if outcome.status is Status.UNDETERMINED else int(str(outcome.results["level_number"].value.zh))


scores = st.fixed_dictionaries(
    {
        part: st.fixed_dictionaries({item: st.integers(0, most) for item, most in items.items()})
        for part, items in ITEMS.items()
    }
)
able = st.fixed_dictionaries(
    {
        part: st.fixed_dictionaries(
            {item: st.sampled_from([0, most, most, most, most]) for item, most in items.items()}
        )
        for part, items in ITEMS.items()
    }
)
"""Scores mostly at the top, so that the light levels are tried as often as the grave ones."""
grounds = st.fixed_dictionaries(
    {
        "处于昏迷": st.just(False),
        "评估基准日期": st.just(DAY),
        "疾病诊断": st.lists(
            st.fixed_dictionaries(
                {
                    "疾病类别": st.sampled_from(["痴呆", "其他精神和行为障碍", "其他疾病"]),
                    "精神科专科医生诊断": st.booleans(),
                }
            ),
            max_size=2,
        ),
        "照护风险事件": st.lists(
            st.fixed_dictionaries(
                {
                    "风险事件类别": st.sampled_from(["跌倒", "走失", "噎食", "自杀自伤", "其他风险事件"]),
                    "发生日期": st.dates(DAY - dt.timedelta(days=40), DAY),
                    "发生次数": st.integers(1, 3),
                }
            ),
            max_size=3,
        ),
    }
)
assessed = st.builds(
    lambda points, changes: {"评估量表": "老年人能力评估规范", **points, **changes}, st.one_of(scores, able), grounds
)


def with_item(facts: Facts, place: tuple[str, str], points: int | None) -> Facts:
    part, item = place
    return {**facts, part: {**facts[part], item: points}}


@given(assessed, st.randoms(use_true_random=False))
def test_the_order_of_items_is_irrelevant(facts: Facts, random: Any) -> None:
    def shuffled(entries: dict[str, Any]) -> dict[str, Any]:
        return dict(random.sample(list(entries.items()), len(entries)))

    mixed = shuffled({key: shuffled(value) if isinstance(value, dict) else value for key, value in facts.items()})
    for listed in ("疾病诊断", "照护风险事件"):
        mixed[listed] = random.sample(mixed[listed], len(mixed[listed]))
    assert settled(mixed) == settled(facts) is not None


@given(assessed, st.sampled_from(PLACES), st.integers(0, 4))
def test_more_ability_is_never_a_graver_level(facts: Facts, place: tuple[str, str], gain: int) -> None:
    part, item = place
    better = with_item(facts, place, min(facts[part][item] + gain, ITEMS[part][item]))
    before, after = settled(facts), settled(better)
    assert before is not None
    assert after is not None
    assert after <= before


@given(assessed)
def test_at_most_one_level_is_raised_and_never_beyond_the_gravest(facts: Facts) -> None:
    first = int(str(answer(facts, "report").results["first_level_number"].value.zh))
    final = settled(facts)
    assert final is not None
    assert first <= final <= min(first + 1, 4)


@given(assessed, st.sampled_from(PLACES))
def test_a_missing_item_is_settled_if_and_only_if_all_its_scores_agree(facts: Facts, place: tuple[str, str]) -> None:
    part, item = place
    answers = {settled(with_item(facts, place, points)) for points in range(ITEMS[part][item] + 1)}
    left_out = with_item(facts, place, None)
    if len(answers) == 1:
        assert settled(left_out) in answers
    else:
        assert settled(left_out) is None
        assert {lack.words.zh for lack in answer(left_out).missing} == {item}


@given(assessed, st.booleans())
def test_coma_alone_settles_the_level(facts: Facts, scored: bool) -> None:
    comatose = {**facts, "处于昏迷": True} if scored else {"评估量表": facts["评估量表"], "处于昏迷": True}
    assert settled(comatose) == 4


BANDS = ("完好", "轻度受损", "中度受损", "重度受损")
LEVELS = ("旧标能力完好", "旧标轻度失能", "旧标中度失能", "旧标重度失能")


def old_record(daily: int, mind: int, senses: int, participation: int) -> Facts:
    return {
        "评估量表": "二〇一三年行业标准",
        "旧标评分": {
            "日常生活活动总分": (100, 95, 45, 40)[daily],
            "精神状态总分": (0, 1, 3, 4)[mind],
            "意识状态": "清醒",
            "视力障碍分": 0,
            "听力障碍分": 1,
            "沟通障碍分": senses,
            "社会参与总分": (2, 3, 13, 14)[participation],
        },
        "处于昏迷": False,
        "疾病诊断": [],
        "照护风险事件": [],
    }


def answers_of_the_text(daily: int, *others: int) -> set[int]:
    """The levels MZ/T 039-2013 gives for four parts, as its clauses say it."""
    mind, senses, participation = others
    light, middling = sum(part in (0, 1) for part in others), sum(part in (1, 2) for part in others)
    said = {
        0: daily == mind == senses == 0 and participation <= 1,
        1: (daily == 0 and (mind >= 1 or senses >= 1 or participation == 2)) or (daily == 1 and light >= 1),
        2: (daily == 1 and (set(others) == {2} or 3 in others)) or (daily == 2 and middling in (1, 2)),
        3: daily == 3 or (daily == 2 and (set(others) == {2} or 3 in others)),
    }
    return {level for level, holds in said.items() if holds}


def test_the_old_text_has_no_answer_for_nine_and_two_for_sixty() -> None:
    """Of all 256 combinations; what is chosen is chosen by the parameter, and never in silence."""
    counted = {0: 0, 1: 0, 2: 0}
    for parts in product(range(4), repeat=4):
        expected = answers_of_the_text(*parts)
        counted[len(expected)] += 1
        decision = decided(old_record(*parts), book(), "elder_ability_2013.level", "elder_ability_2013.report")
        outcome = decision.outcome("elder_ability_2013.level")
        found = {finding.code for finding in decision.findings}
        assert ("check.the_text_has_an_answer" in found) == (not expected), parts
        assert ("check.the_text_has_one_answer" in found) == (len(expected) > 1), parts
        if len(expected) == 1:
            assert str(outcome.results["level"].value.zh) == LEVELS[expected.pop()], parts
        else:
            assert outcome.status is Status.UNDETERMINED, parts
    assert counted == {0: 9, 1: 187, 2: 60}


@pytest.mark.parametrize(("choice", "chosen"), [("取较轻的", min), ("取较重的", max)])
def test_of_two_answers_the_one_asked_for_is_taken(choice: str, chosen: Any) -> None:
    for parts in ((1, 3, 0, 0), (1, 0, 1, 3), (2, 3, 1, 0)):
        outcome = decided(old_record(*parts), book(choice), "elder_ability_2013.level").outcome(
            "elder_ability_2013.level"
        )
        assert str(outcome.results["level"].value.zh) == LEVELS[chosen(answers_of_the_text(*parts))]


@pytest.mark.parametrize("scale", ["老年人能力评估规范", "二〇一三年行业标准", "长护失能评估标准", "特困自理六项"])
def test_the_scale_named_answers_and_no_other(scale: str) -> None:
    case = Case.parse({"案件": "assessment", "基准日": DAY, "评估量表": scale, "处于昏迷": True})
    outcomes = decide(case, book()).outcomes
    answering = {outcome.program.split(".")[0] for outcome in outcomes if outcome.status is not Status.NOT_APPLICABLE}
    assert answering == {
        {
            "老年人能力评估规范": "elder_ability",
            "二〇一三年行业标准": "elder_ability_2013",
            "长护失能评估标准": "care_insurance_level",
            "特困自理六项": "self_care",
        }[scale]
    }
