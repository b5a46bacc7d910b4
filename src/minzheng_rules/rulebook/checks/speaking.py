"""Expressions, values and numbers as messages say them."""

from __future__ import annotations

from fractions import Fraction

from minzheng_rules.language import ir
from minzheng_rules.language.types import Named, Quantity, Type
from minzheng_rules.language.units import Unit
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.checks.bounds import Number
from minzheng_rules.rulebook.resolution import Names


def said(node: ir.Expression, names: Names) -> Words:
    """An expression by terms in Chinese and by ids in English."""
    return Words(_said(node, names, "zh"), _said(node, names, "en"))


def _said(node: ir.Expression, names: Names, lang: str) -> str:
    match node:
        case ir.Literal(written=written):
            return written
        case ir.Value(id=id):
            return value_said(node.type, id).say(lang)
        case ir.AsOf():
            return "基准日" if lang == "zh" else "as_of"
        case ir.Variable(name=name):
            return name
        case ir.FactOf(of=of, fact=fact):
            return _owned(of, fact.term if lang == "zh" else fact.id, names, lang)
        case ir.RuleOf(of=of, key=key):
            return _owned(of, rule_name(key, names, lang), names, lang)
        case ir.ParameterAt(name=name, indexes=indexes):
            called = names.parameters[name].term if lang == "zh" else name
            return called + (f"[{', '.join(_said(index, names, lang) for index in indexes)}]" if indexes else "")
        case ir.Compare():
            return f"{_inner(node.left, names, lang)} {node.op} {_inner(node.right, names, lang)}"
        case ir.Arithmetic():
            return f"{_operand(node, node.left, names, lang)} {node.op} {_operand(node, node.right, names, lang)}"
        case ir.Extreme() | ir.FullPeriods() | ir.Scaled():
            return f"{node.fn}({', '.join(_said(part, names, lang) for part in node.parts())})"
        case ir.Aggregate(collection=collection, variable=variable):
            inside = _said(collection, names, lang)
            if node.where is not None or node.element is not None:
                element = variable if node.element is None else _said(node.element, names, lang)
                inside = f"{element} for {variable} in {inside}"
                if node.where is not None:
                    inside += f" if {_said(node.where, names, lang)}"
            return f"{node.fn}({inside})"
        case ir.Not(item=item):
            return f"not {_inner(item, names, lang)}"
        case ir.AllOf(items=items) | ir.AnyOf(items=items):
            word = " and " if isinstance(node, ir.AllOf) else " or "
            return word.join(_inner(item, names, lang) for item in items)
        case ir.OneOf(item=item, values=values):
            listed = ", ".join(value_said(item.type, value).say(lang) for value in values)
            return f"{_said(item, names, lang)} {'not in' if node.negated else 'in'} [{listed}]"
        case ir.ColumnOf(of=of, column=column):
            return f"{_said(of, names, lang)}.{column}"
    return "…"


def _owned(of: ir.Expression, name: str, names: Names, lang: str) -> str:
    return name if isinstance(of, ir.Self) else f"{_said(of, names, lang)}.{name}"


def _inner(node: ir.Expression, names: Names, lang: str) -> str:
    text = _said(node, names, lang)
    return f"({text})" if isinstance(node, ir.AllOf | ir.AnyOf | ir.Compare) else text


def _operand(parent: ir.Arithmetic, node: ir.Expression, names: Names, lang: str) -> str:
    text = _said(node, names, lang)
    if not isinstance(node, ir.Arithmetic):
        return text
    looser = node.op in "+-" and parent.op in "*/"
    subtracted = node is parent.right and parent.op in "-/"
    return f"({text})" if looser or subtracted else text


def rule_name(key: str, names: Names, lang: str) -> str:
    """A rule's term in Chinese, its id in English."""
    declared = names.declarations.get(key)
    return declared[0].term if declared and lang == "zh" else key.partition(".")[2]


def value_said(type_: Type, id: str) -> Words:
    """One named value, or 是 / 否."""
    if isinstance(type_, Named):
        return Words(type_.enumeration.say(id, "zh"), type_.enumeration.say(id, "en"))
    return Words("是", "true") if id == "true" else Words("否", "false")


def amount(value: Number, unit: Unit | None) -> Words:
    """A number in internal units as people write it, with its unit.

    >>> from minzheng_rules.language.units import parse_unit
    >>> amount(123450, parse_unit("yuan/month"))
    Words(zh='1234.5 元/月', en='1234.5 yuan/month')
    """
    written = Fraction(value) / (unit.scale if unit is not None else 1)
    shown = figure(written)
    zh, en = (unit.after(written, "zh"), unit.after(written, "en")) if unit is not None else ("", "")
    return Words(f"{shown} {zh}".rstrip(), f"{shown} {en}".rstrip())


def unit_of(type_: Type) -> Unit | None:
    """The unit of a quantity."""
    return type_.unit if isinstance(type_, Quantity) else None


def figure(number: Fraction) -> str:
    """A number, exactly: as a decimal where it ends, else as a fraction.

    >>> figure(Fraction(3, 2)), figure(Fraction(1, 3)), figure(Fraction(7))
    ('1.5', '1/3', '7')
    """
    if number.denominator == 1:
        return str(number.numerator)
    for places in range(1, 7):
        scaled = number * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}d}"
            return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return f"{number.numerator}/{number.denominator}"
