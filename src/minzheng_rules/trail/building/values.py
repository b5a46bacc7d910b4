"""What came out, in words and in JSON form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from minzheng_rules.evaluator.printing import json_value, number, subject_words, truth_state, unit_words, value_text
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language.types import Quantity, Truth, Type
from minzheng_rules.problems import Lazy, Words
from minzheng_rules.rulebook.resolution import Names
from minzheng_rules.trail.node import FALSE, TRUE, UNDETERMINED, UNTOUCHED, VALUE, State

NOBODY = Words("", "")
TRUTH_WORDS = {
    TRUE: Words("成立", "holds"),
    FALSE: Words("不成立", "does not hold"),
    UNDETERMINED: Words("待定", "undetermined"),
    UNTOUCHED: Words("未用到", "not reached"),
}
LEVELS = {
    "national": Words("国家", "the State"),
    "province": Words("省级政府", "the province"),
    "city": Words("设区的市", "the city"),
    "county": Words("县级政府", "the county"),
}
_STATES = {"true": TRUE, "false": FALSE, "undetermined": UNDETERMINED, "value": VALUE}
_SETTLED = frozenset({int, Fraction, bool, str, tuple, dt.date})
"""Types of which every value is settled."""
_CALLED = "called"


class Later:
    """A value that is put into JSON form when it is asked for."""

    __slots__ = ("type", "value")

    def __init__(self, value: Any, type_: Type) -> None:
        self.value, self.type = value, type_

    def make(self) -> object:
        """The JSON form."""
        return json_value(self.value, self.type)


class Rounded(Later):
    """An amount before and after rounding."""

    __slots__ = ("before",)

    def __init__(self, before: Any, value: Any, type_: Type) -> None:
        super().__init__(value, type_)
        self.before = before

    def make(self) -> object:
        return {"before": json_value(self.before, self.type), "after": json_value(self.value, self.type)}


def called(subject: Subject, names: Names) -> Words:
    """How a person or thing of the case is called; found once."""
    memo = subject.memo
    found: Words | None = memo.get(_CALLED)
    if found is None:
        found = memo[_CALLED] = subject_words(subject, names)
    return found


def judging(type_: Type) -> Callable[[Any], State]:
    """The function that gives the state of a step that came to a value of a type."""
    if isinstance(type_, Truth):
        return lambda value: TRUE if value is True else FALSE if value is False else UNDETERMINED
    return lambda value: VALUE if type(value) in _SETTLED else _STATES[truth_state(value, type_)]


def raw_truth(state: State) -> bool | None:
    """A truth in JSON form."""
    return True if state is TRUE else False if state is FALSE else None


def unit_said(type_: Type, per: str | None) -> Words | None:
    """The unit of a quantity."""
    unit = type_.unit if isinstance(type_, Quantity) else None
    return None if unit is None else unit_words(unit, per)


def margin_said(margin: Any, type_: Quantity, per: str) -> Words:
    """How far a value is from a line, signed."""
    return Lazy(_margin_text, margin, type_, per)


def change_said(before: Any, after: Any, type_: Type, names: Names, per: str | None) -> Words:
    """What a value was and what became of it."""
    return Lazy(_change_text, before, after, type_, names, per)


def _change_text(before: Any, after: Any, type_: Type, names: Names, per: str | None, lang: str) -> str:
    return f"{value_text(before, type_, names, lang, per)} → {value_text(after, type_, names, lang, per)}"


def _margin_text(margin: Any, type_: Quantity, per: str, lang: str) -> str:
    if margin == 0:
        return "正好相等" if lang == "zh" else "exactly equal"
    unit = type_.unit
    amount = number(abs(margin), unit)
    shown = unit.after(Fraction(abs(margin), unit.scale), lang, per) if unit is not None else ""
    spaced = f"{amount} {shown}".strip()
    if lang == "zh":
        return f"{'低' if margin < 0 else '高'} {spaced}"
    return f"{spaced} {'below' if margin < 0 else 'above'}"
