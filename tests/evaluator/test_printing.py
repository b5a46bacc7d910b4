"""Expressions in words: what is denied reads as people say it, in both languages."""

from __future__ import annotations

import pytest

from tests.evaluator.village import Village


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("not 贫困", "“贫困”为否", "not “poor”"),
        ("not 困难户", "不符合“困难户”", "not “hard up”"),
        ("not 户等级 == 一级", "户等级 ≠ 一级", "grade ≠ first"),
        ("not 户等级 in [一级, 二级]", "户等级不属于（一级、二级）", "grade is not one of (first, second)"),
        ("not 户等级 not in [一级, 二级]", "户等级属于（一级、二级）", "grade is one of (first, second)"),
        ("not not 贫困", "贫困", "poor"),
        ("not (贫困 or 老宅)", "并非（贫困 或 老宅）", "not (poor or old)"),
        ("not any(m.有病 for m in 家人)", "家人中没有有病", "none of people: ill"),
        ("not all(m.有病 for m in 家人)", "并非（家人均有病）", "not (all of people: ill)"),
        (
            "any(m.会织布 and not m.有病 for m in 家人)",
            "家人中有会织布 且 “有病”为否",
            "any of people: weaves and not “ill”",
        ),
    ],
)
def test_what_is_denied(village: Village, written: str, zh: str, en: str) -> None:
    village.rules(
        "house:\n  hard_up: {term: 困难户, cite: LAW#1, when: 贫困}\n"
        f"  ok: {{term: 条件, cite: LAW#1, all: ['{written}', 老宅]}}\n"
        "decides: {eligible: 条件}\n"
    )
    said = {}
    for node in village.outcome().trail.walk():
        for words in (node.label, node.formula):
            if words is not None:
                said[words.zh] = words.en
    assert said[zh] == en
