"""Values and expressions in words, as people write them, in Chinese and English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from minzheng_rules.evaluator.possible import ANYTHING, MAYBE, Choices, Crowd, Interval
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language import ir
from minzheng_rules.language.types import Many, Named, Quantity, Row, Truth, Type
from minzheng_rules.language.units import Unit
from minzheng_rules.problems import Lazy, Words
from minzheng_rules.rulebook.definitions import Stack
from minzheng_rules.rulebook.resolution import Names

YES, NO, OPEN = Words("是", "yes"), Words("否", "no"), Words("待定", "undetermined")
_SIGNS = {"<": "<", "<=": "≤", "==": "=", "!=": "≠", ">=": "≥", ">": ">", "*": "×", "/": "÷", "+": "+", "-": "−"}
_CONTRARY = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


def number(value: int | Fraction, unit: Unit | None) -> str:
    """A number in its written unit: money with two decimals at least, others as short as they go.

    What does not end is rounded to the fen and marked as such.

    >>> from minzheng_rules.language.units import parse_unit
    >>> number(240000, parse_unit("yuan/month")), number(Fraction(1, 3), None)
    ('2,400.00', '≈0.33')
    """
    shown = Fraction(value, unit.scale) if unit is not None else Fraction(value)
    money = unit is not None and unit.is_money
    ends = shown.denominator
    for factor in (2, 5):
        while ends % factor == 0:
            ends //= factor
    if ends != 1:
        cents = Fraction(round(abs(shown) * 100), 100)
        sign = "-" if shown < 0 else ""
        return f"≈{sign}{_plain(cents, 2)}"
    return _plain(shown, 2 if money else 0)


def _plain(value: Fraction, least: int) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact:,f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole


def value_words(value: Any, type_: Type, names: Names, per: str | None = None) -> Words:
    """A value in words, put together when it is read. ``per`` is the entity the quantity belongs to, left out of its unit."""
    return Lazy(_value_text, value, type_, names, per)


def _value_text(value: Any, type_: Type, names: Names, per: str | None, lang: str) -> str:
    return value_text(value, type_, names, lang, per)


def value_text(value: Any, type_: Type, names: Names, lang: str, per: str | None = None) -> str:
    """A value in one language."""
    if value is True:
        return YES.say(lang)
    if value is False:
        return NO.say(lang)
    if value is MAYBE:
        return OPEN.say(lang)
    if value is ANYTHING:
        return Words("未知", "unknown").say(lang)
    if isinstance(type_, Quantity):
        return _quantity_text(value, type_.unit, lang, per)
    if isinstance(type_, Named):
        enumeration = type_.enumeration
        if isinstance(value, Choices):
            if len(value.ids) == len(enumeration.values):
                return Words("未知", "unknown").say(lang)
            shown = [enumeration.say(id, lang) for id, _ in enumeration.values if id in value.ids]
            return ("、或 " if lang == "zh" else " or ").join(shown)
        return enumeration.say(value, lang)
    if isinstance(value, Choices):
        return ("、或 " if lang == "zh" else " or ").join(sorted(value.ids))
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Interval):
        return _span(value, str, lang)
    if isinstance(value, tuple | Crowd):
        return _crowd_text(value, names, lang)
    if isinstance(value, Subject):
        return subject_words(value, names).say(lang)
    if isinstance(value, dict) and isinstance(type_, Row):
        parts = [f"{name}={value_text(value[name], column, names, lang)}" for name, column in type_.columns]
        return ", ".join(parts)
    return str(value)


def _quantity_text(value: Any, unit: Unit | None, lang: str, per: str | None) -> str:
    shown = ""
    if unit is not None:
        shown = unit.after(None if isinstance(value, Interval) else Fraction(value, unit.scale), lang, per)
    spaced = f" {shown}" if shown else ""
    if isinstance(value, Interval):
        if value.low is None and value.high is None:
            return Words("未知", "unknown").say(lang)
        return _span(value, lambda end: number(end, unit), lang) + spaced
    return number(value, unit) + spaced


def _span(value: Interval, show: Callable[[Any], str], lang: str) -> str:
    if value.low is None and value.high is None:
        return Words("未知", "unknown").say(lang)
    if value.low is None:
        return Words(f"至多 {show(value.high)}", f"at most {show(value.high)}").say(lang)
    if value.high is None:
        return Words(f"至少 {show(value.low)}", f"at least {show(value.low)}").say(lang)
    return Words(f"{show(value.low)} 至 {show(value.high)}", f"{show(value.low)} to {show(value.high)}").say(lang)


def _crowd_text(value: Any, names: Names, lang: str) -> str:
    sure = value if isinstance(value, tuple) else value.sure
    maybe = () if isinstance(value, tuple) else value.maybe
    listed = [subject_words(subject, names).say(lang) for subject in sure]
    listed += [
        subject_words(subject, names).say(lang) + Words("（待定）", " (undetermined)").say(lang) for subject in maybe
    ]
    text = ("、" if lang == "zh" else ", ").join(listed) if listed else Words("无", "none").say(lang)
    if not isinstance(value, tuple) and value.open:
        return (
            Words("未知", "unknown").say(lang)
            if not listed
            else text + Words("，可能还有", ", possibly more").say(lang)
        )
    return text


def subject_words(subject: Subject, names: Names) -> Words:
    """How a person or thing is called: its id or its place in the list, and what it is to the applicant."""
    kind = names.vocabulary.kinds[subject.kind]
    if subject.parent is None:
        return Words(kind.term, kind.id)
    relation = subject.facts.get("relation")
    fact = kind.facts.get("relation")
    called = subject.entity.id
    ordinal = subject.path.rpartition("[")[2].rstrip("]")
    position = str(int(ordinal) + 1) if ordinal.isdigit() else ""
    if isinstance(relation, str) and fact is not None and fact.enum is not None:
        enumeration = names.enumerations[names.enumeration_id(fact)]
        zh, en = enumeration.say(relation, "zh"), enumeration.say(relation, "en")
        suffix = f" {called}" if called else (f" {position}" if relation != "applicant" else "")
        return Words(f"{zh}{suffix}", f"{en}{suffix}")
    suffix = called or position
    own = Words(f"{kind.term} {suffix}".strip(), f"{kind.id.replace('_', ' ')} {suffix}".strip())
    if subject.parent.parent is None:
        return own
    whose = subject_words(subject.parent, names)
    return Words(f"{whose.zh}的{own.zh}", f"{whose.en}'s {own.en}")


# -- expressions -------------------------------------------------------------------------------------------------------


def expression_text(
    node: ir.Expression, names: Names, lang: str, fill: Callable[[ir.Expression], str | None] | None = None
) -> str:
    """An expression as it reads; ``fill`` may give the text of a part, such as its value."""
    return _Printer(names, lang, fill).text(node)


class _Printer:
    def __init__(self, names: Names, lang: str, fill: Callable[[ir.Expression], str | None] | None) -> None:
        self.names, self.lang, self.fill = names, lang, fill
        self.by_name = False
        """Whether loop variables are named: where facts of two subjects stand side by side."""

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def text(self, node: ir.Expression) -> str:
        """One expression."""
        if self.fill is not None:
            filled = self.fill(node)
            if filled is not None:
                return filled
        match node:
            case ir.Literal():
                return node.written
            case ir.Value():
                assert isinstance(node.type, Named)
                return node.type.enumeration.say(node.id, self.lang)
            case ir.Written():
                return node.text
            case ir.TableRows():
                parameter = self.names.parameters[node.name]
                return self.say(parameter.term, parameter.id.replace("_", " "))
            case ir.AsOf():
                return self.say("基准日", "the date of decision")
            case ir.Self() | ir.Variable():
                return self._owner(node)
            case ir.FactOf():
                return self._of(node.of, self.say(node.fact.term, node.fact.id.replace("_", " ")))
            case ir.RuleOf():
                declaration = self.names.declarations[node.key][0]
                return self._of(node.of, self.say(declaration.term, declaration.id.replace("_", " ")))
            case ir.ParameterAt():
                parameter = self.names.parameters[node.name]
                called = self.say(parameter.term, parameter.id.replace("_", " "))
                return called + (f"[{', '.join(self.text(i) for i in node.indexes)}]" if node.indexes else "")
            case ir.ColumnOf():
                return f"{self.text(node.of)}.{node.column}"
            case ir.Arithmetic():
                return self._arithmetic(node)
            case ir.Compare():
                return f"{self.text(node.left)} {_SIGNS[node.op]} {self.text(node.right)}"
            case ir.OneOf():
                return self._one_of(node, node.negated)
            case ir.AllOf():
                return self.say(" 且 ", " and ").join(self._inner(item) for item in node.items)
            case ir.AnyOf():
                return self.say(" 或 ", " or ").join(self._inner(item) for item in node.items)
            case ir.Not():
                return self._contrary(node.item)
            case ir.Aggregate():
                return self._aggregate(node)
            case ir.Subset():
                return self.say(
                    f"{self.text(node.collection)}中{self.text(node.where)}者",
                    f"those of {self.text(node.collection)} with {self.text(node.where)}",
                )
            case ir.CountTrue():
                items = self.say("、", ", ").join(self.text(item) for item in node.items)
                return self.say(f"下列成立的项数（{items}）", f"how many hold of ({items})")
            case ir.Extreme():
                items = self.say("，", ", ").join(self.text(item) for item in node.items)
                zh = "取小" if node.fn == "min" else "取大"
                return self.say(f"{zh}（{items}）", f"{node.fn}({items})")
            case ir.FullPeriods():
                aged = isinstance(node.start, ir.FactOf) and node.start.fact.id == "birth_date"
                zh = "满月数" if node.fn == "full_months" else "周岁" if aged else "满年数"
                en = "full years" if node.fn == "full_years" else "full months"
                start, end = self.text(node.start), self.text(node.end)
                return self.say(f"自{start}至{end}的{zh}", f"{en} from {start} to {end}")
            case ir.Scaled():
                return self.say(
                    f"{self.text(node.item)}按{'月' if node.fn == 'per_month' else '年'}折算",
                    f"{self.text(node.item)} {node.fn.replace('_', ' ')}",
                )
            case ir.MonthStart():
                return self.say(f"{self.text(node.item)}当月一日", f"the first of the month of {self.text(node.item)}")
            case ir.Shifted():
                return f"{self.text(node.date)} {_SIGNS['+' if node.sign == 1 else '-']} {self.text(node.by)}"
        raise AssertionError(type(node).__name__)

    def _owner(self, node: ir.Self | ir.Variable) -> str:
        from minzheng_rules.language.types import One

        if not isinstance(node.type, One):
            return self.say("行", "row")
        kind = self.names.vocabulary.kinds[node.type.kind]
        return self.say(kind.term, kind.id.replace("_", " "))

    def _of(self, owner: ir.Expression, name: str) -> str:
        if isinstance(owner, ir.Variable) and self.by_name and owner.name:
            return f"{owner.name}.{name}"
        if isinstance(owner, ir.Self | ir.Variable):
            return name
        return self.say(f"{self.text(owner)}的{name}", f"{self.text(owner)}'s {name}")

    def _arithmetic(self, node: ir.Arithmetic) -> str:
        left, right = self.text(node.left), self.text(node.right)
        strength = _STRENGTH[node.op]
        if isinstance(node.left, ir.Arithmetic) and _STRENGTH[node.left.op] < strength:
            left = f"({left})"
        if isinstance(node.right, ir.Arithmetic) and (
            _STRENGTH[node.right.op] < strength or (_STRENGTH[node.right.op] == strength and node.op in "-/")
        ):
            right = f"({right})"
        return f"{left} {_SIGNS[node.op]} {right}"

    def _contrary(self, node: ir.Expression) -> str:
        """The contrary of a condition, as people put it: by the other sign, by “none of”, by an answer of no."""
        match node:
            case ir.Not():
                return self.text(node.item)
            case ir.Compare() if node.op in _CONTRARY:
                return f"{self.text(node.left)} {_SIGNS[_CONTRARY[node.op]]} {self.text(node.right)}"
            case ir.OneOf():
                return self._one_of(node, not node.negated)
            case ir.FactOf():
                return self.say(f"“{self.text(node)}”为否", f"not “{self.text(node)}”")
            case ir.RuleOf():
                return self.say(f"不符合“{self.text(node)}”", f"not “{self.text(node)}”")
            case ir.Aggregate(fn="any"):
                return self._aggregate(node, none=True)
        return self.say(f"并非（{self.text(node)}）", f"not ({self.text(node)})")

    def _inner(self, node: ir.Expression) -> str:
        return f"({self.text(node)})" if isinstance(node, ir.AllOf | ir.AnyOf) else self.text(node)

    def _one_of(self, node: ir.OneOf, negated: bool) -> str:
        assert isinstance(node.item.type, Named)
        shown = self.say("、", ", ").join(node.item.type.enumeration.say(id, self.lang) for id in node.values)
        if len(node.values) == 1:
            sign = "≠" if negated else "="
            return f"{self.text(node.item)} {sign} {shown}"
        return self.say(
            f"{self.text(node.item)}{'不' if negated else ''}属于（{shown}）",
            f"{self.text(node.item)} is {'not ' if negated else ''}one of ({shown})",
        )

    def _aggregate(self, node: ir.Aggregate, none: bool = False) -> str:
        """A statement about a collection; its variable is named where it would not be clear whose fact is meant."""
        before, self.by_name = self.by_name, self.by_name or _two_subjects(node)
        try:
            return self._about_each(node, none)
        finally:
            self.by_name = before

    def _about_each(self, node: ir.Aggregate, none: bool) -> str:
        where = (
            "" if node.where is None else self.say(f"（{self.text(node.where)}）", f" where {self.text(node.where)}")
        )
        group = self.text(node.collection)
        element = "" if node.element is None else self.text(node.element)
        if node.fn == "sum":
            return self.say(f"各{group}{where}的{element}之和", f"the sum of {element} over {group}{where}")
        if node.fn == "count":
            return self.say(f"{group}{where}数", f"the number of {group}{where}")
        each = f" {node.variable} " if self.by_name else ""
        if node.fn == "any":
            zh, en = ("中没有", "none") if none else ("中有", "any")
            return self.say(f"{group}{where}{zh}{each}{element}", f"{en}{each or ' '}of {group}{where}: {element}")
        return self.say(f"{group}{where}{each}均{element}", f"all{each or ' '}of {group}{where}: {element}")


def _two_subjects(node: ir.Aggregate) -> bool:
    """Whether facts of more than one subject meet in what is said of each member."""
    owners = set()
    for part in (node.element, node.where):
        for inner in part.walk() if part is not None else ():
            if isinstance(inner, ir.FactOf | ir.RuleOf) and not isinstance(inner.type, Many):
                of = inner.of
                owners.add(of.slot if isinstance(of, ir.Variable) else 0)
    return len(owners) > 1 and bool(owners - {0})


def benefit_words(stack: Stack, names: Names) -> Words:
    """What another benefit is called that bears on an amount."""
    if stack.amount is not None:
        return Words(stack.label, names.declarations[stack.amount.key][0].id.replace("_", " "))
    if stack.condition is not None:
        return Words(stack.label, expression_text(stack.condition, names, "en"))
    assert stack.drawn is not None
    list_name, kind_name, value, _ = stack.drawn
    kinds = names.vocabulary.kinds
    drawn = kinds[names.declarations[stack.target][0].kind].facts[list_name].kind
    assert drawn is not None
    enumeration = names.enumerations[names.enumeration_id(kinds[drawn].facts[kind_name])]
    return Words(stack.label, enumeration.say(value, "en"))


def truth_state(value: Any, type_: Type) -> str:
    """``true``, ``false``, ``undetermined`` or ``value``."""
    if isinstance(type_, Truth):
        return "true" if value is True else "false" if value is False else "undetermined"
    if isinstance(value, dict):
        # A row of a table is settled when all its outputs are.
        parts = [truth_state(value[name], column) for name, column in type_.columns] if isinstance(type_, Row) else []
        return "undetermined" if "undetermined" in parts else "value"
    unsettled = value is ANYTHING or value is MAYBE or isinstance(value, Interval | Choices | Crowd)
    return "undetermined" if unsettled else "value"


def json_value(value: Any, type_: Type) -> object:
    """A value for JSON: exact decimals as text in the written unit, rationals as ``p/q``, bounds as a mapping."""
    if value is MAYBE or value is ANYTHING:
        return None
    if isinstance(type_, Quantity):
        scale = type_.unit.scale if type_.unit is not None else 1
        if isinstance(value, Interval):
            return {"low": _json_number(value.low, scale), "high": _json_number(value.high, scale)}
        return _json_number(value, scale)
    if isinstance(value, Interval):
        return {
            "low": None if value.low is None else str(value.low),
            "high": None if value.high is None else str(value.high),
        }
    if isinstance(value, Choices):
        return {"one_of": sorted(value.ids)}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Crowd):
        return {
            "sure": [s.path for s in value.sure],
            "maybe": [s.path for s in value.maybe],
            "open": value.open,
        }
    if isinstance(value, tuple):
        return [s.path for s in value]
    if isinstance(value, Subject):
        return value.path
    if isinstance(value, dict) and isinstance(type_, Row):
        return {name: json_value(value[name], column) for name, column in type_.columns}
    return value


def _json_number(value: Any, scale: int) -> str | None:
    if value is None:
        return None
    shown = Fraction(value) / scale
    ends = shown.denominator
    for factor in (2, 5):
        while ends % factor == 0:
            ends //= factor
    if ends != 1:
        return f"{shown.numerator}/{shown.denominator}"
    text = f"{Decimal(shown.numerator) / Decimal(shown.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_EXACTLY = 10**20
"""Fen that a decimal holds exactly in any precision we use."""


def unit_words(unit: Unit, per: str | None) -> Words:
    """A unit in both languages, without the base below the line an amount belongs to."""
    return _unit_words(unit.powers, per, unit.of_age)


@lru_cache(maxsize=256)
def _unit_words(powers: tuple[tuple[str, int], ...], per: str | None, of_age: bool) -> Words:
    # Years of age are equal to other years, and yet called otherwise.
    unit = Unit(powers, of_age)
    return Words(unit.say("zh", without=per), unit.say("en", without=per))


def yuan(value: int | Fraction, unit: Unit | None) -> Decimal:
    """An amount in its written unit as a decimal; what does not end is given to 28 digits.

    >>> from minzheng_rules.language.units import parse_unit
    >>> yuan(12340, parse_unit("yuan/month")), yuan(Fraction(1, 3), parse_unit("yuan/month"))
    (Decimal('123.40'), Decimal('0.003333333333333333333333333333'))
    """
    if type(value) is int and unit is not None and unit.is_money and -_EXACTLY < value < _EXACTLY:
        return Decimal(value).scaleb(-2)
    shown = Fraction(value) / (unit.scale if unit is not None else 1)
    amount = Decimal(shown.numerator) / Decimal(shown.denominator)
    return (
        amount.quantize(Decimal("0.01"))
        if unit is not None and unit.is_money and amount == round(amount, 2)
        else amount
    )
