"""Between what bounds a quantity lies, from the ranges of facts and parameters, before any case is seen."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from minzheng_rules.language import ir
from minzheng_rules.language.types import Quantity
from minzheng_rules.language.units import parse_unit
from minzheng_rules.rulebook.definitions import Choice, Definition, Formula, Sum, Table, TableParameter
from minzheng_rules.rulebook.parameters import Parameter
from minzheng_rules.rulebook.ruleset import Effective, RuleSet

Number = int | Fraction
_TEN_YUAN = 1000  # in fen: no way of rounding moves an amount further


class Bounds(NamedTuple):
    """The least and the greatest a quantity can be, in internal units; ``None`` is no bound.

    >>> Bounds(0, 10) + Bounds(1, None)
    Bounds(low=1, high=None)
    """

    low: Number | None
    high: Number | None

    def __add__(self, other: Bounds) -> Bounds:  # type: ignore[override]  # bounds add up, they do not join
        return Bounds(_plus(self.low, other.low), _plus(self.high, other.high))

    def __neg__(self) -> Bounds:
        return Bounds(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __sub__(self, other: Bounds) -> Bounds:
        return self + (-other)

    def times(self, other: Bounds) -> Bounds:
        """The bounds of a product."""
        if ANY in (self, other):
            return Bounds(0, 0) if Bounds(0, 0) in (self, other) else ANY
        if not (self.above_or_zero and other.above_or_zero):
            if None in (*self, *other):
                return ANY
            ends = [a * b for a in self for b in other if a is not None and b is not None]
            return Bounds(min(ends), max(ends))
        high = 0 if 0 in (self.high, other.high) else None if None in (self.high, other.high) else _times(self, other)
        return Bounds((self.low or 0) * (other.low or 0), high)

    def over(self, other: Bounds) -> Bounds:
        """The bounds of a quotient; anything where the divisor may be zero."""
        if other.holds(0):
            return ANY
        ends = (None if end is None else 1 / Fraction(end) for end in (other.high, other.low))
        low, high = ends
        sign = other.low is not None and other.low > 0
        return self.times(Bounds(low if low is not None or not sign else 0, high))

    @property
    def above_or_zero(self) -> bool:
        """Whether it is never negative."""
        return self.low is not None and self.low >= 0

    def holds(self, value: Number) -> bool:
        """Whether a number lies between the bounds."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def joined(self, other: Bounds) -> Bounds:
        """The bounds of either of two."""
        return Bounds(
            None if self.low is None or other.low is None else min(self.low, other.low),
            None if self.high is None or other.high is None else max(self.high, other.high),
        )


ANY = Bounds(None, None)


class Ranges:
    """The bounds of expressions on one stretch of days."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._known: dict[str, Bounds] = {}
        self._looking: set[str] = set()

    def of(self, node: ir.Expression) -> Bounds:
        """The bounds of an expression."""
        match node:
            case ir.Literal(value=value):
                return Bounds(value, value)
            case ir.FactOf():
                return self._fact(node)
            case ir.RuleOf(key=key):
                return self.rule(key)
            case ir.ParameterAt():
                return self._parameter(node)
            case ir.Arithmetic():
                return self._arithmetic(node)
            case ir.Extreme():
                return self._extreme(node)
            case ir.Scaled():
                factor = Bounds(12, 12) if node.fn == "per_year" else Bounds(Fraction(1, 12), Fraction(1, 12))
                return self.of(node.item).times(factor)
            case ir.CountTrue(items=items):
                return Bounds(0, len(items))
            case ir.Aggregate(fn="count") | ir.FullPeriods():
                return Bounds(0, None)
            case ir.Aggregate(fn="sum", element=ir.Expression() as element):
                return self._sum(self.of(element))
        return ANY

    def rule(self, key: str) -> Bounds:
        """The bounds of what a rule yields, whatever befalls."""
        found = self._known.get(key)
        if found is None:
            effective = self.rules.rules.get(key)
            if effective is None or key in self._looking:
                return ANY
            self._looking.add(key)
            found = self._known[key] = self._effective(effective)
            self._looking.discard(key)
        return found

    def _effective(self, effective: Effective) -> Bounds:
        found = self._definition(effective.definition)
        for key in effective.additions:
            found = found + self.rule(key)
        for exception in effective.exceptions:
            found = found.joined(self._definition(exception))
        if effective.stacks:
            found = found.joined(Bounds(0, 0))
        return found

    def _definition(self, definition: Definition) -> Bounds:
        if not isinstance(definition.type, Quantity):
            return ANY
        match definition.body:
            case Formula(expression=expression):
                found = self.of(expression)
            case Choice(branches=branches):
                found = self._any(branch.expression for branch in branches)
            case Table() as table:
                found = self._table(table)
            case TableParameter(tables=tables):
                found = _join(self._table(table) for _, table in tables)
            case Sum(parts=parts):
                found = Bounds(0, 0)
                for part in parts:
                    found = found + self.of(part)
            case _:
                return ANY
        if definition.given is not None:
            found = found.joined(Bounds(0, 0))
        if definition.rounding is not None:
            low = found.low if found.low is None or found.above_or_zero else found.low - _TEN_YUAN
            found = Bounds(0 if low is not None and low >= 0 else low, _plus(found.high, _TEN_YUAN))
        return found

    def _table(self, table: Table) -> Bounds:
        if any(row.outputs[0] is None for row in table.rows) or len(table.columns) != 1:
            return ANY
        return self._any(row.outputs[0] for row in table.rows if row.outputs[0] is not None)

    def _any(self, expressions: Iterable[ir.Expression]) -> Bounds:
        return _join(self.of(expression) for expression in expressions)

    def _fact(self, node: ir.FactOf) -> Bounds:
        fact = node.fact
        if fact.shape != "quantity":
            return ANY
        scale = parse_unit(fact.unit or "1").scale
        return Bounds(
            None if fact.low is None else _whole(Fraction(fact.low) * scale),
            None if fact.high is None else _whole(Fraction(fact.high) * scale),
        )

    def _parameter(self, node: ir.ParameterAt) -> Bounds:
        parameter = self.rules.parameters[node.name]
        if not node.indexes:
            value = self.rules.reading(node.name).value
            if isinstance(value, int | Fraction):
                return Bounds(value, value)
        return declared(parameter)

    def _arithmetic(self, node: ir.Arithmetic) -> Bounds:
        left, right = self.of(node.left), self.of(node.right)
        match node.op:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left.times(right)
        return left.over(right)

    def _extreme(self, node: ir.Extreme) -> Bounds:
        every = [self.of(item) for item in node.items]
        lows, highs = [b.low for b in every], [b.high for b in every]
        if node.fn == "max":
            return Bounds(_most(lows), None if None in highs else _most(highs))
        return Bounds(None if None in lows else _least(lows), _least(highs))

    def whole(self, node: ir.Expression) -> bool:
        """Whether an expression yields whole numbers only, in internal units (for money: whole fen).

        Amounts that rules divide or multiply by a rate may be any fraction, those entered in a case may not.
        """
        match node:
            case ir.FactOf(fact=fact):
                return bool(fact.whole) or (parse_unit(fact.unit or "1").is_money and fact.places <= 2)
            case ir.Aggregate(fn="count") | ir.CountTrue() | ir.FullPeriods():
                return True
            case ir.Aggregate(fn="sum", element=ir.Expression() as element):
                return self.whole(element)
            case ir.Literal(value=value):
                return isinstance(value, int)
            case ir.ParameterAt():
                bounds = self._parameter(node)
                return bounds.low is not None and bounds.low == bounds.high and isinstance(bounds.low, int)
            case ir.Arithmetic(op="+" | "-" | "*"):
                return self.whole(node.left) and self.whole(node.right)
            case ir.Extreme(items=items):
                return all(self.whole(item) for item in items)
            case ir.RuleOf(key=key):
                return self._whole_rule(key)
        return False

    def _whole_rule(self, key: str) -> bool:
        effective = self.rules.rules.get(key)
        if effective is None or key in self._looking or effective.exceptions or effective.stacks:
            return False
        definition = effective.definition
        if not isinstance(definition.body, Formula) or definition.rounding is not None:
            return False
        self._looking.add(key)
        found = self.whole(definition.body.expression)
        self._looking.discard(key)
        return found

    @staticmethod
    def _sum(element: Bounds) -> Bounds:
        return Bounds(
            0 if element.above_or_zero else None, 0 if element.high is not None and element.high <= 0 else None
        )


def declared(parameter: Parameter) -> Bounds:
    """The range a parameter declares."""
    low, high = parameter.low, parameter.high
    return Bounds(low if isinstance(low, int | Fraction) else None, high if isinstance(high, int | Fraction) else None)


def _join(every: Iterable[Bounds]) -> Bounds:
    found: Bounds | None = None
    for bounds in every:
        found = bounds if found is None else found.joined(bounds)
    return found or ANY


def _plus(a: Number | None, b: Number | None) -> Number | None:
    return None if a is None or b is None else a + b


def _times(a: Bounds, b: Bounds) -> Number | None:
    return None if a.high is None or b.high is None else a.high * b.high


def _most(ends: list[Number | None]) -> Number | None:
    known = [end for end in ends if end is not None]
    return max(known) if known else None


def _least(ends: list[Number | None]) -> Number | None:
    known = [end for end in ends if end is not None]
    return min(known) if known else None


def _whole(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number
