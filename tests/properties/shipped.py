"""The rulebooks the properties are tried on: the shipped one with its unknown figures filled in two ways, and the
invented county, which uses every feature of the language; and cases for them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from minzheng_rules import Case, Decision, Outcome, Rulebook
from minzheng_rules.testing import cases

FIGURES = {
    "低保标准": "1105.50",
    "边缘倍数": 2,
    "月最低工资": 2010,
    "省定边缘标准": 1700,
    "居住证申办低保": "已开放",
    "居住证渠道": "已开放",
    "渠道开放范围": "全域",
    "渠道最低居住月数": 12,
    "渠道最低社保月数": 6,
    "居住证申办边缘": "已开放",
    "就业增收不计入期": 8,
}
"""Figures of no place, chosen so that lines do not fall on whole hundreds."""


_usual = settings.default
assert _usual is not None
half_as_many = settings(max_examples=max(_usual.max_examples // 2, 1))
"""For properties that decide or explain more than once."""


@cache
def illustrative() -> Rulebook:
    """With the illustrative overlay: some figures stay unknown."""
    return Rulebook.load(place="haining", overlays=["illustrative"])


@cache
def filled() -> Rulebook:
    """With every figure these programs use given."""
    return Rulebook.load(place="haining", overlays=[FIGURES])


@cache
def bare() -> Rulebook:
    """As it ships: what Haining has not published is unknown."""
    return Rulebook.load(place="haining")


@cache
def lampwick() -> Rulebook:
    """The invented county."""
    return Rulebook.load(Path(__file__).parent.parent / "toy")


@st.composite
def decidable(draw: st.DrawFn, complete: bool | None = None) -> tuple[Rulebook, Case]:
    """A rulebook and a case for it."""
    book = draw(st.sampled_from([illustrative, filled, lampwick]))()
    return book, draw(cases(book, complete=complete))


def answer(outcome: Outcome) -> dict[str, Any]:
    """What somebody is told: the status, amounts, results and the first month."""
    return {
        "status": outcome.status.value,
        "amounts": {name: (a.value, a.low, a.high) for name, a in outcome.amounts.items()},
        "results": {name: result.raw for name, result in outcome.results.items()},
        "payable_from": outcome.payable_from,
    }


def answers(decision: Decision) -> dict[tuple[str, str], dict[str, Any]]:
    """All answers, by program and whom they are about."""
    return {(outcome.program, outcome.subject): answer(outcome) for outcome in decision.outcomes}
