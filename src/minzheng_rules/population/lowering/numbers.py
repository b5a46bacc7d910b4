"""Exact numbers and their bounds in a plan: the whole-number form of :mod:`minzheng_rules.evaluator.possible`.

A :class:`Ratio` is a whole number over a denominator above zero, which is a constant times rows' own divisors. A :class:`Number` is what
a quantity or a day can be: a least and a greatest ratio, each possibly without bound. Where nothing is open both are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from minzheng_rules.evaluator.possible import Toward
from minzheng_rules.population.lowering.plan import Node, Plan


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """``number / (scale * product of divisors)``; every divisor is above zero."""

    number: Node
    scale: int = 1
    divisors: tuple[Node, ...] = ()

    def same_as(self, other: Ratio) -> bool:
        """Whether it is the same value by construction."""
        return self.number is other.number and self.scale == other.scale and self.divisors == other.divisors


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """What a number can be, from ``low`` to ``high``; where ``no_low`` (``no_high``) is true there is no such bound."""

    low: Ratio
    high: Ratio
    no_low: Node
    no_high: Node


class Numbers:
    """Arithmetic on numbers, in a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.unbounded = Number(Ratio(plan.zero), Ratio(plan.zero), plan.true, plan.true)
        self.nothing = self.exact(Ratio(plan.zero))

    # -- making --------------------------------------------------------------------------------------------------

    def exact(self, value: Ratio) -> Number:
        """A number that is known."""
        return Number(value, value, self.plan.false, self.plan.false)

    def literal(self, value: int | Fraction) -> Ratio:
        """A constant."""
        number = Fraction(value)
        return Ratio(self.plan.const(number.numerator), number.denominator)

    def between(self, low: int | Fraction | None, high: int | Fraction | None) -> Number:
        """Anything from ``low`` to ``high``, both included; ``None`` is no bound."""
        plan = self.plan
        return Number(
            self.literal(0 if low is None else low),
            self.literal(0 if high is None else high),
            plan.true if low is None else plan.false,
            plan.true if high is None else plan.false,
        )

    def is_exact(self, value: Number) -> bool:
        """Whether a number is known of every row."""
        false = self.plan.false
        return value.no_low is false and value.no_high is false and value.low.same_as(value.high)

    def settled(self, value: Number) -> Node:
        """Of which rows a number is known."""
        plan = self.plan
        if self.is_exact(value):
            return plan.true
        return plan.every(plan.no(value.no_low), plan.no(value.no_high), self.equal_ratios(value.low, value.high))

    def at(self, value: Number, index: Node | None) -> Number:
        """The numbers of the rows an index points to."""
        if index is None:
            return value
        low = self._ratio_at(value.low, index)
        high = low if value.low.same_as(value.high) else self._ratio_at(value.high, index)
        return Number(low, high, self.plan.gather(value.no_low, index), self.plan.gather(value.no_high, index))

    def _ratio_at(self, value: Ratio, index: Node) -> Ratio:
        gather = self.plan.gather
        return _ratio(gather(value.number, index), value.scale, tuple(gather(d, index) for d in value.divisors))

    # -- ratios --------------------------------------------------------------------------------------------------

    def common(self, *ratios: Ratio) -> tuple[list[Node], int, tuple[Node, ...]]:
        """Several ratios over one denominator: their numbers, and the denominator's scale and divisors."""
        scale = lcm(*(r.scale for r in ratios))
        divisors: list[Node] = []
        for ratio in ratios:
            for divisor in set(ratio.divisors):
                missing = ratio.divisors.count(divisor) - divisors.count(divisor)
                divisors += [divisor] * missing
        divisors.sort(key=lambda d: d.number)
        numbers = []
        for ratio in ratios:
            number = self.plan.multiply(ratio.number, self.plan.const(scale // ratio.scale))
            rest = list(ratio.divisors)
            for divisor in divisors:
                if divisor in rest:
                    rest.remove(divisor)
                else:
                    number = self.plan.multiply(number, divisor)
            numbers.append(number)
        return numbers, scale, tuple(divisors)

    def add_ratios(self, a: Ratio, b: Ratio) -> Ratio:
        """``a + b``."""
        (x, y), scale, divisors = self.common(a, b)
        return _ratio(self.plan.add(x, y), scale, divisors)

    def subtract_ratios(self, a: Ratio, b: Ratio) -> Ratio:
        """``a - b``."""
        (x, y), scale, divisors = self.common(a, b)
        return _ratio(self.plan.subtract(x, y), scale, divisors)

    def multiply_ratios(self, a: Ratio, b: Ratio) -> Ratio:
        """``a * b``."""
        # A divisor that is multiplied right back is left out.
        number_a, number_b, divisors = a.number, b.number, [*a.divisors, *b.divisors]
        if number_b in divisors:
            divisors.remove(number_b)
            number_b = self.plan.one
        if number_a in divisors:
            divisors.remove(number_a)
            number_a = self.plan.one
        return _ratio(
            self.plan.multiply(number_a, number_b), a.scale * b.scale, tuple(sorted(divisors, key=lambda d: d.number))
        )

    def less_ratios(self, a: Ratio, b: Ratio) -> Node:
        """``a < b``, by cross-multiplication."""
        (x, y), _, _ = self.common(a, b)
        return self.plan.less(x, y)

    def at_most_ratios(self, a: Ratio, b: Ratio) -> Node:
        """``a <= b``."""
        (x, y), _, _ = self.common(a, b)
        return self.plan.at_most(x, y)

    def equal_ratios(self, a: Ratio, b: Ratio) -> Node:
        """``a == b``."""
        (x, y), _, _ = self.common(a, b)
        return self.plan.equal(x, y)

    def least_ratios(self, a: Ratio, b: Ratio) -> Ratio:
        """The lesser."""
        if a.same_as(b):
            return a
        (x, y), scale, divisors = self.common(a, b)
        return _ratio(self.plan.least(x, y), scale, divisors)

    def greatest_ratios(self, a: Ratio, b: Ratio) -> Ratio:
        """The greater."""
        if a.same_as(b):
            return a
        (x, y), scale, divisors = self.common(a, b)
        return _ratio(self.plan.greatest(x, y), scale, divisors)

    def where(self, mask: Node, a: Ratio, b: Ratio) -> Ratio:
        """``a`` where the mask is true, else ``b``."""
        if mask is self.plan.true or a.same_as(b):
            return a
        if mask is self.plan.false:
            return b
        (x, y), scale, divisors = self.common(a, b)
        return _ratio(self.plan.where(mask, x, y), scale, divisors)

    # -- numbers -------------------------------------------------------------------------------------------------

    def _of(self, low: Ratio, high: Ratio, no_low: Node, no_high: Node) -> Number:
        return Number(low, low if low.same_as(high) else high, no_low, no_high)

    def add(self, a: Number, b: Number) -> Number:
        """``a + b``."""
        return self._of(
            self.add_ratios(a.low, b.low),
            self.add_ratios(a.high, b.high),
            self.plan.either(a.no_low, b.no_low),
            self.plan.either(a.no_high, b.no_high),
        )

    def subtract(self, a: Number, b: Number) -> Number:
        """``a - b``."""
        return self._of(
            self.subtract_ratios(a.low, b.high),
            self.subtract_ratios(a.high, b.low),
            self.plan.either(a.no_low, b.no_high),
            self.plan.either(a.no_high, b.no_low),
        )

    def multiply(self, a: Number, b: Number) -> Number:
        """``a * b``."""
        if self.is_exact(a) and self.is_exact(b):
            return self.exact(self.multiply_ratios(a.low, b.low))
        false = self.plan.false
        if all(n.no_low is false and n.low.number.low >= 0 for n in (a, b)):
            return self._positive_product(a, b)
        return self._any_product(a, b)

    def _positive_product(self, a: Number, b: Number) -> Number:
        """A product of numbers of which none can be below zero."""
        plan = self.plan
        low, high = self.multiply_ratios(a.low, b.low), self.multiply_ratios(a.high, b.high)
        if a.no_high is plan.false and b.no_high is plan.false:
            return self._of(low, high, plan.false, plan.false)
        # Without a bound times zero is zero.
        a_nil = plan.both(plan.no(a.no_high), self._is_zero(a.high))
        b_nil = plan.both(plan.no(b.no_high), self._is_zero(b.high))
        nil = plan.either(a_nil, b_nil)
        open_ = plan.both(plan.either(a.no_high, b.no_high), plan.no(nil))
        return self._of(low, self.where(nil, self.literal(0), high), plan.false, open_)

    def _any_product(self, a: Number, b: Number) -> Number:
        """A product by its four ends; an end without bound has the sign of what it is multiplied with."""
        plan = self.plan
        ends = []
        for x, x_open, x_sign in ((a.low, a.no_low, -1), (a.high, a.no_high, 1)):
            for y, y_open, y_sign in ((b.low, b.no_low, -1), (b.high, b.no_high, 1)):
                ends.append(self._end(x, x_open, x_sign, y, y_open, y_sign))
        no_low = plan.some(*(below for _, below, _ in ends))
        no_high = plan.some(*(above for _, _, above in ends))
        low = self._extreme([(v, plan.no(plan.either(bel, abo))) for v, bel, abo in ends], self.least_ratios)
        high = self._extreme([(v, plan.no(plan.either(bel, abo))) for v, bel, abo in ends], self.greatest_ratios)
        return self._of(low, high, no_low, no_high)

    def _end(
        self, x: Ratio, x_open: Node, x_sign: int, y: Ratio, y_open: Node, y_sign: int
    ) -> tuple[Ratio, Node, Node]:
        """A product of two ends: its value, and whether it is without bound below or above."""
        plan = self.plan
        x_above = plan.where(x_open, plan.true if x_sign > 0 else plan.false, plan.less(plan.zero, x.number))
        x_below = plan.where(x_open, plan.true if x_sign < 0 else plan.false, plan.less(x.number, plan.zero))
        y_above = plan.where(y_open, plan.true if y_sign > 0 else plan.false, plan.less(plan.zero, y.number))
        y_below = plan.where(y_open, plan.true if y_sign < 0 else plan.false, plan.less(y.number, plan.zero))
        open_ = plan.either(x_open, y_open)
        above = plan.both(open_, plan.either(plan.both(x_above, y_above), plan.both(x_below, y_below)))
        below = plan.both(open_, plan.either(plan.both(x_above, y_below), plan.both(x_below, y_above)))
        value = self.where(open_, self.literal(0), self.multiply_ratios(x, y))
        return value, below, above

    def _extreme(self, ends: list[tuple[Ratio, Node]], pick: object) -> Ratio:
        """The least or greatest of those ends that count."""
        chooser = self.least_ratios if pick == self.least_ratios else self.greatest_ratios
        value, there = ends[0]
        for other, other_there in ends[1:]:
            better = chooser(value, other)
            both = self.plan.both(there, other_there)
            value = self.where(both, better, self.where(there, value, other))
            there = self.plan.either(there, other_there)
        return value

    def _is_zero(self, value: Ratio) -> Node:
        return self.plan.equal(value.number, self.plan.zero)

    def divide(self, a: Number, b: Number) -> Number | None:
        """``a / b``; nothing is known where ``b`` can be zero. ``None`` if ``b`` can be below zero, which is not lowered."""
        plan, false = self.plan, self.plan.false
        if b.no_low is not false or b.low.number.low < 0:
            return None
        nil = plan.at_most(b.low.number, plan.zero)
        if self.is_exact(a) and self.is_exact(b):
            value = self.multiply_ratios(a.low, self._inverse(b.low))
            return Number(value, value, nil, nil)
        inverse = self._of(
            self.where(b.no_high, self.literal(0), self._inverse(b.high)),
            self._inverse(b.low),
            false,
            # Above zero and without a greatest value: from nothing to anything.
            b.no_high,
        )
        product = self.multiply(a, inverse)
        return self._of(product.low, product.high, plan.either(product.no_low, nil), plan.either(product.no_high, nil))

    def _inverse(self, value: Ratio) -> Ratio:
        number = self.plan.const(value.scale)
        for divisor in value.divisors:
            number = self.plan.multiply(number, divisor)
        below = self.plan.greatest(value.number, self.plan.one)
        return _ratio(number, below.constant, ()) if below.constant is not None else _ratio(number, 1, (below,))

    def least(self, a: Number, b: Number) -> Number:
        """``min(a, b)``."""
        low = self.least_ratios(a.low, b.low)
        high = self._bounded_pick(a.high, a.no_high, b.high, b.no_high, self.least_ratios(a.high, b.high))
        return self._of(low, high, self.plan.either(a.no_low, b.no_low), self.plan.both(a.no_high, b.no_high))

    def greatest(self, a: Number, b: Number) -> Number:
        """``max(a, b)``."""
        low = self._bounded_pick(a.low, a.no_low, b.low, b.no_low, self.greatest_ratios(a.low, b.low))
        high = self.greatest_ratios(a.high, b.high)
        return self._of(low, high, self.plan.both(a.no_low, b.no_low), self.plan.either(a.no_high, b.no_high))

    def _bounded_pick(self, a: Ratio, a_open: Node, b: Ratio, b_open: Node, picked: Ratio) -> Ratio:
        """What is picked of two bounds; where only one is there, that one."""
        return self.where(a_open, b, self.where(b_open, a, picked))

    def hull(self, a: Number, b: Number) -> Number:
        """The smallest span that holds both."""
        return self._of(
            self.least_ratios(a.low, b.low),
            self.greatest_ratios(a.high, b.high),
            self.plan.either(a.no_low, b.no_low),
            self.plan.either(a.no_high, b.no_high),
        )

    def choose(self, yes: Node, may: Node, a: Number, b: Number) -> Number:
        """``a`` where something is surely so, ``b`` where it surely is not, else anything from the one to the other."""
        plan = self.plan
        if yes is may:
            if yes.op == "const":
                return a if yes is plan.true else b
            return self._of(
                self.where(yes, a.low, b.low),
                self.where(yes, a.high, b.high),
                plan.where(yes, a.no_low, b.no_low),
                plan.where(yes, a.no_high, b.no_high),
            )
        both = self.hull(a, b)
        return self.choose(yes, yes, a, self.choose(may, may, both, b))

    # -- comparisons ---------------------------------------------------------------------------------------------

    def less(self, a: Number, b: Number) -> tuple[Node, Node]:
        """Whether ``a < b``: surely, possibly."""
        plan = self.plan
        yes = plan.every(self.less_ratios(a.high, b.low), plan.no(a.no_high), plan.no(b.no_low))
        return yes, plan.some(self.less_ratios(a.low, b.high), a.no_low, b.no_high)

    def at_most(self, a: Number, b: Number) -> tuple[Node, Node]:
        """Whether ``a <= b``: surely, possibly."""
        plan = self.plan
        yes = plan.every(self.at_most_ratios(a.high, b.low), plan.no(a.no_high), plan.no(b.no_low))
        return yes, plan.some(self.at_most_ratios(a.low, b.high), a.no_low, b.no_high)

    def equal(self, a: Number, b: Number) -> tuple[Node, Node]:
        """Whether ``a == b``: surely, possibly."""
        plan = self.plan
        if self.is_exact(a) and self.is_exact(b):
            same = self.equal_ratios(a.low, b.low)
            return same, same
        below = plan.every(self.less_ratios(a.high, b.low), plan.no(a.no_high), plan.no(b.no_low))
        above = plan.every(self.less_ratios(b.high, a.low), plan.no(b.no_high), plan.no(a.no_low))
        yes = plan.every(self.settled(a), self.settled(b), self.equal_ratios(a.low, b.low))
        return yes, plan.no(plan.either(below, above))

    # -- rounding ------------------------------------------------------------------------------------------------

    def rounded(self, value: Number, step: int, toward: Toward) -> Number:
        """A number to a multiple of ``step``: up, down, or to the nearest, a half away from zero."""
        low = self._rounded(value.low, step, toward)
        high = low if value.low.same_as(value.high) else self._rounded(value.high, step, toward)
        return Number(low, high, value.no_low, value.no_high)

    def _rounded(self, value: Ratio, step: int, toward: Toward) -> Ratio:
        plan = self.plan
        factor = gcd(value.scale, 1)
        divisor = plan.const(value.scale * step // factor)
        for other in value.divisors:
            divisor = plan.multiply(divisor, other)
        if divisor.constant == 1:
            return value
        if toward == "down":
            whole = plan.divide(value.number, divisor)
        elif toward == "up":
            whole = plan.subtract(plan.zero, plan.divide(plan.subtract(plan.zero, value.number), divisor))
        else:
            size = plan.absolute(value.number)
            # Half of the divisor is whole if it is even; else twice everything.
            if divisor.constant is not None and divisor.constant % 2 == 0:
                whole = plan.divide(plan.add(size, plan.const(divisor.constant // 2)), divisor)
            else:
                two = plan.const(2)
                whole = plan.divide(plan.add(plan.multiply(two, size), divisor), plan.multiply(two, divisor))
            if value.number.low < 0:
                negative = plan.less(value.number, plan.zero)
                whole = plan.where(negative, plan.subtract(plan.zero, whole), whole)
        return Ratio(plan.multiply(whole, plan.const(step)))

    def within_ten_yuan(self, value: Number) -> Number:
        """An amount whose rounding is not known: less than ten yuan either way, and never across zero."""
        plan, ten, nil = self.plan, self.literal(1000), self.literal(0)
        low = self.where(
            plan.at_most(plan.zero, value.low.number),
            self.greatest_ratios(self.subtract_ratios(value.low, ten), nil),
            self.subtract_ratios(value.low, ten),
        )
        high = self.where(
            plan.at_most(value.high.number, plan.zero),
            self.least_ratios(self.add_ratios(value.high, ten), nil),
            self.add_ratios(value.high, ten),
        )
        zero = plan.every(
            plan.no(value.no_low), plan.no(value.no_high), self._is_zero(value.low), self._is_zero(value.high)
        )
        return self.choose(zero, zero, self.nothing, self._of(low, high, value.no_low, value.no_high))


def _ratio(number: Node, scale: int, divisors: tuple[Node, ...]) -> Ratio:
    """A ratio; of zero the denominator does not matter, and divisors that are constants belong to the scale."""
    if number.constant == 0:
        return Ratio(number)
    for divisor in divisors:
        if divisor.constant is not None:
            scale *= divisor.constant
    divisors = tuple(d for d in divisors if d.constant is None)
    return Ratio(number, scale, divisors)
