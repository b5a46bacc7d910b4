from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from minzheng_rules.problems import Lazy, RequestProblems
from minzheng_rules.trail.node import NodeKind, State
from minzheng_rules.trail.rendering.as_json import plain
from minzheng_rules.trail.trail import Trail
from tests.trail.expected_outputs import MADE
from tests.trail.hand_made_trails import eligible, node, refusal


def dumped(trail: Trail) -> str:
    return json.dumps(trail.to_json(), ensure_ascii=False)


@pytest.mark.parametrize("name", MADE)
def test_there_and_back(name: str) -> None:
    first = Trail([MADE[name]()])
    again = Trail.from_json(json.loads(dumped(first)))
    assert dumped(again) == dumped(first)
    for lang in ("zh", "en"):
        for full in (False, True):
            assert again.text(lang, full, 90, False) == first.text(lang, full, 90, False)
            assert again.markdown(lang, full) == first.markdown(lang, full)
            assert again.html(lang, full) == first.html(lang, full)


@pytest.mark.parametrize("name", MADE)
def test_the_same_trail_gives_the_same_text(name: str) -> None:
    assert dumped(Trail([MADE[name]()])) == dumped(Trail([MADE[name]()]))


def test_the_form() -> None:
    data = Trail([refusal()]).to_json()
    assert data["format"] == "minzheng-trail/1"
    assert data["roots"] == ["conclusion/dibao"]
    nodes = {entry["id"]: entry for entry in data["nodes"]}
    assert len(nodes) == len(data["nodes"])
    assert nodes["conditions"]["settled_by"] == ["income_below_standard"]
    assert nodes["conditions"]["children"] == ["accepted", "income_below_standard", "assets", "all_tekun"]
    assert nodes["parameter/dibao_standard"] == {
        "id": "parameter/dibao_standard",
        "kind": "parameter",
        "label": {"zh": "低保标准", "en": "subsistence standard"},
        "state": "value",
        "value": {"zh": "1,100.00", "en": "1,100.00"},
        "decisive": True,
        "children": [],
        "raw": "1100.00",
        "unit": {"zh": "元/月/人", "en": "yuan/month/person"},
        "since": "2024-07-01",
        "origin": {
            "status": "illustrative",
            "layer": "illustrative_demo",
            "source": "示例",
            "setter": ["province", "city"],
        },
    }
    assert nodes["income_below_standard"]["wording"] == "低于"
    assert nodes["income_below_standard"]["place"] == {"file": "rules/national/dibao.yaml", "line": 70, "column": 5}


def test_the_graph_is_kept() -> None:
    """家庭月收入 is one node for the comparison and for the amount."""
    again = Trail.from_json(Trail([eligible()]).to_json())
    assert again.find("income") in again.find("income_below_standard").children
    assert again.find("income") in again.find("method/1").children


class _Later:
    def make(self) -> object:
        return {"low": Decimal("0.10"), "high": None}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, True),
        (3, 3),
        (Decimal("1E+3"), "1000"),
        (Fraction(1, 3), "1/3"),
        (date(2025, 6, 1), "2025-06-01"),
        (State.TRUE, "true"),
        ((1, [date(2025, 6, 1)]), [1, ["2025-06-01"]]),
        ({"b", "a"}, ["a", "b"]),
        (_Later(), {"low": "0.10", "high": None}),
    ],
)
def test_plain_values(value: object, written: object) -> None:
    assert plain(value) == written


def test_texts_put_together_when_read() -> None:
    lazy = node("r", NodeKind.CONCLUSION, ("结论", "conclusion"), State.TRUE)
    lazy.label = Lazy(lambda lang: f"in {lang}")
    assert Trail([lazy]).to_json()["nodes"][0]["label"] == {"zh": "in zh", "en": "in en"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "minzheng-trail/9"}, "minzheng-trail/9"),
        ({"format": None}, "None"),
        ({"roots": ["nowhere"]}, "nowhere"),
        ({"nodes": [{"id": "a"}]}, "残缺"),
    ],
)
def test_what_is_no_trail_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestProblems, match=said):
        Trail.from_json(Trail([refusal()]).to_json() | change)


def test_a_step_that_rests_on_itself_is_refused() -> None:
    data = Trail([refusal()]).to_json()
    leaf = next(entry for entry in data["nodes"] if entry["id"] == "wage/m1 张某")
    leaf["children"] = ["conditions"]
    with pytest.raises(RequestProblems, match="以自身为依据"):
        Trail.from_json(data)
