"""Numbers at many values of a figure: for each row a straight line, or two of them with bits that say at which values which holds.

Between two values at which some comparison flips, an amount follows the figure as a straight line; so nearly every number of nearly
every row can be told by two lines. Rows of which it cannot are told value by value, apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from minzheng_rules.population.kernel.curves.values import Array, Values, Words
from minzheng_rules.population.kernel.support import fetched, totals

Part = Array | int
"""A whole number for each row, or one for all."""
Piece = tuple[Words, Array, Array]
"""At which values a line holds; where it begins; and what each step adds."""
_MOST = 2**60
_MOST_APART = 16_384
"""So many rows of a block can be told apart: of more, nothing is gained by telling the others along the values."""
_NO_ROWS: Array = np.zeros(0, np.int64)
_FEW = 8
"""Where less than one of so many rows changes between the values, the others are better told by a line of their own."""


class NotStraight(Exception):
    """Something that cannot be followed along the values in this way."""


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """Rows told value by value: which, ascending, and their numbers, a column for each value."""

    rows: Array
    numbers: Array


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A number for each row at each value: ``base`` plus so many steps of ``slope``; and ``jump`` more where ``mask`` says so."""

    rows: int
    base: Part
    slope: Part
    most: int
    """How great either line can get, whichever way; checked to be far from what the machine can hold."""
    mask: Words | None = None
    """``None`` is nowhere. Where it is nowhere for a row, that row's jump means nothing."""
    jump_base: Part = 0
    jump_slope: Part = 0
    apart: Apart | None = None

    def __post_init__(self) -> None:
        if self.most >= _MOST:
            raise NotStraight

    @property
    def is_nothing(self) -> bool:
        """Whether it is zero for all."""
        return self.starts_at_nothing and self.mask is None and self.apart is None

    @property
    def starts_at_nothing(self) -> bool:
        """Whether it is zero for all where its mask does not say otherwise."""
        return _is_zero(self.base) and _is_zero(self.slope)


class Curves:
    """Arithmetic on curves along some values."""

    def __init__(self, values: Values) -> None:
        self.values = values

    # -- making --------------------------------------------------------------------------------------------------

    def constant(self, number: Part, most: int, rows: int) -> Curve:
        """A number that is the same at every value."""
        return Curve(rows, number, 0, most)

    def of_truth(self, words: Words) -> Curve:
        """1 where it is so, else 0."""
        return Curve(len(words), 0, 0, 1, words, 1)

    def of_one(self, numbers: Array) -> Curve:
        """A number at each value, as one row: a straight line, or two, one behind the other; else told apart."""
        steps, count = self.values.steps, self.values.count
        behind = _straight(numbers, steps, 0)
        base, slope = _line(numbers, steps, 0, behind)
        most = max(int(np.abs(numbers).max()), abs(base + slope * self.values.span))
        if behind == count:
            return Curve(1, base, slope, most)
        if _straight(numbers, steps, behind) < count:
            return Curve(1, 0, 0, most, apart=Apart(np.zeros(1, np.int64), numbers[None, :]))
        other_base, other_slope = _line(numbers, steps, behind, count)
        words = self.values.since(steps[behind : behind + 1])
        return Curve(1, base, slope, max(most, abs(other_base)), words, other_base - base, other_slope - slope)

    def repeated(self, one: Curve, rows: int) -> Curve:
        """One row, which is the same for all."""
        mask = None if one.mask is None else np.full(rows, one.mask[0])
        apart = None
        if one.apart is not None and rows:
            apart = Apart(np.arange(rows), np.broadcast_to(one.apart.numbers, (rows, self.values.count)))
        return replace(one, rows=rows, mask=mask, apart=apart)

    def at(self, curve: Curve, rows: Array) -> Array:
        """The numbers of some rows, a column for each value."""
        if rows.size > _MOST_APART:
            raise NotStraight
        steps, count = self.values.steps, rows.size
        base, slope = (_own(_at(part, rows), count)[:, None] for part in (curve.base, curve.slope))
        numbers: Array = base + slope * steps
        if curve.mask is not None:
            base, slope = (_own(_at(part, rows), count)[:, None] for part in (curve.jump_base, curve.jump_slope))
            numbers = np.where(self.values.unpacked(curve.mask[rows]), numbers + (base + slope * steps), numbers)
        if curve.apart is not None and curve.apart.rows.size:
            place = np.minimum(np.searchsorted(curve.apart.rows, rows), curve.apart.rows.size - 1)
            here = curve.apart.rows[place] == rows
            numbers[here] = curve.apart.numbers[place[here]]
        return numbers

    # -- arithmetic ----------------------------------------------------------------------------------------------

    def add(self, x: Curve, y: Curve) -> Curve:
        """``x + y``."""
        return self._joined(x, y, _plus)

    def subtract(self, x: Curve, y: Curve) -> Curve:
        """``x - y``."""
        return self._joined(x, y, _minus)

    def _joined(self, x: Curve, y: Curve, join: Callable[[Part, Part], Part]) -> Curve:
        base, slope, most = join(x.base, y.base), join(x.slope, y.slope), x.most + y.most
        if x.mask is None or y.mask is None or x.mask is y.mask:
            mask = x.mask if y.mask is None else y.mask
            jump_base, jump_slope = join(x.jump_base, y.jump_base), join(x.jump_slope, y.jump_slope)
            found = Curve(x.rows, base, slope, most, mask, jump_base, jump_slope)
            return self._with_apart(found, (x, y), _NO_ROWS, join)
        in_x, in_y = x.mask != 0, y.mask != 0
        jump_base = join(_times(x.jump_base, in_x), _times(y.jump_base, in_y))
        jump_slope = join(_times(x.jump_slope, in_x), _times(y.jump_slope, in_y))
        found = Curve(x.rows, base, slope, most, x.mask | y.mask, jump_base, jump_slope)
        rows = np.flatnonzero(in_x & in_y & (x.mask != y.mask))
        found, rest = self._put_together(found, rows, lambda: self._four(x, y, rows, join))
        return self._with_apart(found, (x, y), rest, join)

    def _four(self, x: Curve, y: Curve, rows: Array, join: Callable[[Part, Part], Part]) -> list[Piece]:
        """The pieces of which two curves together are made, for some rows."""
        return [
            (where_x & where_y, _own(join(base_x, base_y), rows.size), _own(join(slope_x, slope_y), rows.size))
            for where_x, base_x, slope_x in self._two(x, rows)
            for where_y, base_y, slope_y in self._two(y, rows)
        ]

    def _two(self, x: Curve, rows: Array) -> list[Piece]:
        """The pieces of a curve, for some rows."""
        base, slope = (_own(_at(part, rows), rows.size) for part in (x.base, x.slope))
        if x.mask is None:
            return [(np.full(rows.size, self.values.full), base, slope)]
        mask = x.mask[rows]
        inside = (base + _at(x.jump_base, rows), slope + _at(x.jump_slope, rows))
        return [(mask ^ self.values.full, base, slope), (mask, *inside)]

    def times(self, x: Curve, number: Part, most: int) -> Curve:
        """A curve times a number that is the same at every value."""
        parts = [_times(part, number) for part in (x.base, x.slope, x.jump_base, x.jump_slope)]
        found = Curve(x.rows, parts[0], parts[1], x.most * most, x.mask, parts[2], parts[3])
        return self._with_apart(found, (x, self.constant(number, most, x.rows)), _NO_ROWS, _times)

    def divided(self, x: Curve, by: Part, most: int) -> Curve:
        """``x // by`` for what is above zero and the same at every value.

        The quotient is a straight line where each step adds a multiple of the divisor; other rows are told apart.
        """
        base, slope, uneven = _quotients(x.base, x.slope, by)
        found = Curve(x.rows, base, slope, x.most)
        if x.mask is not None:
            inside, steps, uneven_inside = _quotients(_plus(x.base, x.jump_base), _plus(x.slope, x.jump_slope), by)
            found = replace(found, mask=x.mask, jump_base=_minus(inside, base), jump_slope=_minus(steps, slope))
            uneven = uneven | (uneven_inside & (x.mask != 0))
        rows = np.flatnonzero(np.broadcast_to(uneven, x.rows))
        return self._with_apart(found, (x, self.constant(by, most, x.rows)), rows, lambda a, b: a // b)

    def worked_out(self, function: Callable[..., Any], most: int, *given: Curve) -> Curve:
        """Any function, row by row: of rows that are the same at every value or jump once from one number to another.

        Of all other rows it is worked out value by value.
        """
        rows = given[0].rows
        base, mask, apart = _part(function(*(one.base for one in given))), None, np.zeros(rows, np.bool_)
        masks = [one.mask for one in given if one.mask is not None]
        jump: Part = 0
        if masks:
            mask = masks[0]
            for other in masks[1:]:
                apart |= (mask != other) & (mask != 0) & (other != 0)
                mask = mask | other
            inside = [
                one.base if one.mask is None else _plus(one.base, _times(one.jump_base, one.mask != 0)) for one in given
            ]
            jump = _minus(_part(function(*inside)), base)
        for one in given:
            apart |= _array(one.slope) != 0
            if one.mask is not None:
                apart |= (_array(one.jump_slope) != 0) & (one.mask != 0)
        found = Curve(rows, base, 0, most, mask, jump)
        return self._with_apart(found, given, np.flatnonzero(apart), function)

    # -- choosing ------------------------------------------------------------------------------------------------

    def chosen(self, where: Array, x: Curve, y: Curve) -> Curve:
        """``x`` where something is so of a row, else ``y``."""
        if y.is_nothing:
            return self._kept(where, x)
        x, y = self._alike(x, y), self._alike(y, x)
        mask = _masks(where, x.mask, y.mask)
        jump_base, jump_slope = x.jump_base, x.jump_slope
        if x.mask is None:
            jump_base, jump_slope = y.jump_base, y.jump_slope
        elif y.mask is not None:
            jump_base, jump_slope = _picked(where, x.jump_base, y.jump_base), _picked(where, x.jump_slope, y.jump_slope)
        base, slope = _picked(where, x.base, y.base), _picked(where, x.slope, y.slope)
        found = Curve(x.rows, base, slope, max(x.most, y.most), mask, jump_base, jump_slope)
        return replace(found, apart=self._apart_of(where, x, y, _NO_ROWS))

    def _kept(self, where: Array, x: Curve) -> Curve:
        """``x`` where something is so of a row, else nothing."""
        mask = None if x.mask is None else np.multiply(x.mask, where)
        found = replace(x, base=_times(x.base, where), slope=_times(x.slope, where), mask=mask, apart=None)
        return replace(found, apart=self._apart_of(where, x, self.constant(0, 0, x.rows), _NO_ROWS))

    def _alike(self, x: Curve, other: Curve) -> Curve:
        """A straight line told as a jump from nothing, where the other is told so."""
        if x.mask is not None or other.mask is None or not other.starts_at_nothing:
            return x
        everywhere = np.broadcast_to(np.asarray(self.values.full), x.rows)
        return Curve(x.rows, 0, 0, x.most, everywhere, x.base, x.slope, x.apart)

    def where(self, where: Words, x: Curve, y: Curve) -> Curve:
        """``x`` at those values at which something is so, else ``y``."""
        always = where == self.values.full
        rows = np.flatnonzero((where != 0) & ~always)
        if not rows.size:
            return self.chosen(always, x, y)
        most = max(x.most, y.most)
        if y.is_nothing and (x.starts_at_nothing or rows.size * _FEW > x.rows):
            found = self._jumping(where, x)
            if found is not None:
                return found
        if x.mask is not None and y.mask is not None and _same_lines(x, y):
            mask = (where & x.mask) | (y.mask & (where ^ self.values.full))
            found = Curve(x.rows, x.base, x.slope, most, mask, x.jump_base, x.jump_slope)
            return replace(found, apart=self._apart_of(where, x, y, _NO_ROWS))
        settled = replace(self.chosen(always, x, y), apart=None)
        found, rest = self._put_together(settled, rows, lambda: self._either(where[rows], x, y, rows))
        return replace(found, apart=self._apart_of(where, x, y, rest))

    def _jumping(self, where: Words, x: Curve) -> Curve | None:
        """``x`` at some values, as a jump from nothing; ``None`` where too many rows would have to be told apart for that."""
        nothing, rest = self.constant(0, 0, x.rows), _NO_ROWS
        if x.mask is not None and x.starts_at_nothing:
            found = replace(x, mask=where & x.mask, apart=None)
        else:
            found = Curve(x.rows, 0, 0, x.most, where, x.base, x.slope)
            rows = _NO_ROWS if x.mask is None else np.flatnonzero((where != 0) & (x.mask != 0))
            if rows.size:
                found, many = self._put_together(found, rows, lambda: self._either(where[rows], x, nothing, rows)[::-1])
                # A row of which both lines are something else than nothing would spoil it for all.
                raised = np.flatnonzero((np.asarray(found.base) != 0) | (np.asarray(found.slope) != 0))
                rest = np.union1d(many, raised)
                if rest.size * self.values.count > x.rows:
                    return None
                found = replace(found, base=0, slope=0)
        return replace(found, apart=self._apart_of(where, x, nothing, rest))

    def _either(self, where: Words, x: Curve, y: Curve, rows: Array) -> list[Piece]:
        """The pieces of a choice, for some rows."""
        without = where ^ self.values.full
        pieces = [(where & here, base, slope) for here, base, slope in self._two(x, rows)]
        return pieces + [(without & here, base, slope) for here, base, slope in self._two(y, rows)]

    # -- comparing -----------------------------------------------------------------------------------------------

    def less(self, x: Curve, y: Curve) -> Words:
        """At which values ``x < y``."""
        words = self._below(_minus(x.base, y.base), _minus(x.slope, y.slope), x.rows)
        masks = [one.mask for one in (x, y) if one.mask is not None]
        if masks:
            jumping = masks[0] != 0 if len(masks) == 1 else (masks[0] | masks[1]) != 0
            rows = np.flatnonzero(jumping)
            if rows.size:
                words[rows] = self._below_in_pieces(x, y, rows)
        apart = _union([one.apart.rows for one in (x, y) if one.apart is not None])
        if apart is not None:
            words[apart] = self.values.packed(self.at(x, apart) < self.at(y, apart))
        return words

    def equal(self, x: Curve, y: Curve) -> Words:
        """At which values ``x == y``."""
        alike = _alike(x.base, y.base) & _alike(x.slope, y.slope)
        if x.mask is not None and y.mask is not None:
            alike = alike & (x.mask == y.mask)
            alike &= (x.mask == 0) | (_alike(x.jump_base, y.jump_base) & _alike(x.jump_slope, y.jump_slope))
        elif x.mask is not None or y.mask is not None:
            alike = alike & ((x.mask if y.mask is None else y.mask) == 0)
        words: Words = self.values.words(np.array(np.broadcast_to(alike, x.rows)))
        rows = np.flatnonzero(words == 0)
        for where, base, slope in self._four(x, y, rows, _minus) if rows.size else ():
            unlike = self._below(base, slope, rows.size) | self._below(-base, -slope, rows.size)
            words[rows] |= where & (unlike ^ self.values.full)
        apart = _union([one.apart.rows for one in (x, y) if one.apart is not None])
        if apart is not None:
            words[apart] = self.values.packed(self.at(x, apart) == self.at(y, apart))
        return words

    def _below_in_pieces(self, x: Curve, y: Curve, rows: Array) -> Words:
        found = np.zeros(rows.size, self.values.type)
        for where, base, slope in self._four(x, y, rows, _minus):
            found |= where & self._below(base, slope, rows.size)
        return found

    def _below(self, base: Part, slope: Part, rows: int) -> Words:
        """At which values a straight line is below zero: from or up to where it crosses."""
        first: Any = _own(base, rows) < 0 if isinstance(base, int) else base < 0
        if _is_zero(slope):
            words: Words = self.values.words(first)
            return words
        last: Any = base + slope * self.values.span < 0
        words = self.values.words(first & last)
        crossing = np.flatnonzero(first != last)
        if crossing.size:
            at, by = _own(_at(base, crossing), crossing.size), _own(_at(slope, crossing), crossing.size)
            falls = by < 0
            # Whole steps: below zero from the first behind where it falls, or up to the last before where it rises.
            steps = np.where(falls, at, -1 - at) // np.abs(by) + 1
            since = self.values.since(steps)
            words[crossing] = np.where(falls, since, since ^ self.values.full)
        return words

    # -- between levels ------------------------------------------------------------------------------------------

    def gathered(self, x: Curve, index: Array) -> Curve:
        """The curves of the rows an index points to."""
        base, slope, jump_base, jump_slope = (
            part if isinstance(part, int) else fetched(part, index)
            for part in (x.base, x.slope, x.jump_base, x.jump_slope)
        )
        mask = None if x.mask is None else fetched(x.mask, index)
        found = Curve(index.size, base, slope, x.most, mask, jump_base, jump_slope)
        if x.apart is None:
            return found
        place = np.full(x.rows, -1, np.int64)
        place[x.apart.rows] = np.arange(x.apart.rows.size)
        there = fetched(place, index)
        rows = np.flatnonzero(there >= 0)
        return replace(found, apart=Apart(rows, x.apart.numbers[there[rows]]) if rows.size else None)

    def totals(self, x: Curve, starts: Array, owners_of: Array, most: int) -> Curve:
        """The sum of each stretch of rows, of which the longest has so many; of each row the owner is known."""
        owners = starts.size - 1
        found = Curve(owners, _totals(x.base, starts), _totals(x.slope, starts), x.most * max(most, 1))
        uneven: list[Array] = [] if x.apart is None else [x.apart.rows]
        if x.mask is not None:
            there = x.mask != 0
            mask = some_words(x.mask, starts)
            jumps = (_totals(_times(part, there), starts) for part in (x.jump_base, x.jump_slope))
            jump_base, jump_slope = jumps
            found = replace(found, mask=mask, jump_base=jump_base, jump_slope=jump_slope)
            uneven.append(np.flatnonzero(there & (x.mask != mask.take(owners_of))))
        rows = _union(uneven)
        if rows is None:
            return found
        apart = np.unique(owners_of[rows])
        return replace(found, apart=Apart(apart, self._sums(x, starts, apart)))

    def _sums(self, x: Curve, starts: Array, owners: Array) -> Array:
        """The sums of some stretches, none of them empty, value by value."""
        sizes = starts[owners + 1] - starts[owners]
        begins = np.cumsum(sizes) - sizes
        rows = np.arange(int(sizes.sum())) + np.repeat(starts[owners] - begins, sizes)
        return np.add.reduceat(self.at(x, rows), begins, axis=0)

    # -- rows told apart -----------------------------------------------------------------------------------------

    def _with_apart(self, found: Curve, given: Sequence[Curve], more: Array, function: Callable[..., Any]) -> Curve:
        """With those rows worked out value by value that are so among what is given, and some more."""
        rows = _union([more, *(one.apart.rows for one in given if one.apart is not None)])
        if rows is None:
            return found
        return replace(found, apart=Apart(rows, _own(function(*(self.at(one, rows) for one in given)), 0)))

    def _apart_of(self, where: Array | Words, x: Curve, y: Curve, more: Array) -> Apart | None:
        """The rows of a choice that are told apart: some more, and those that were, where they count."""
        words = where if where.dtype != np.bool_ else None
        rows = [more]
        for one, nowhere in ((x, 0), (y, self.values.full if words is not None else 1)):
            if one.apart is not None:
                rows.append(one.apart.rows[where[one.apart.rows] != nowhere])
        joined = _union(rows)
        if joined is None:
            return None
        chosen = where[joined][:, None] if words is None else self.values.unpacked(words[joined])
        return Apart(joined, np.where(chosen, self.at(x, joined), self.at(y, joined)))

    def _put_together(self, found: Curve, rows: Array, pieces: Callable[[], list[Piece]]) -> tuple[Curve, Array]:
        """A curve with some rows put together from pieces; and those of them that are more than two lines."""
        if not rows.size:
            return found, rows
        *new, many = _two_of(pieces())
        parts = [_own(part, found.rows) for part in (found.base, found.slope, found.jump_base, found.jump_slope)]
        nowhere = np.zeros(found.rows, self.values.type)
        words = nowhere if found.mask is None else np.array(np.broadcast_to(found.mask, found.rows))
        for part, values in zip((*parts[:2], words, *parts[2:]), new, strict=True):
            part[rows] = values
        return Curve(found.rows, parts[0], parts[1], found.most, words, parts[2], parts[3]), rows[many]


def some_words(words: Words, starts: Array) -> Words:
    """At which values it is so of one of each stretch of rows.

    >>> some_words(np.array([1, 2, 4], np.uint8), np.array([0, 2, 2, 3])).tolist()
    [3, 0, 4]
    """
    begins = starts[:-1]
    filled = begins < starts[1:]
    if filled.all():
        return np.bitwise_or.reduceat(words, begins) if begins.size else words[:0]
    found = np.zeros(begins.size, words.dtype)
    some = np.flatnonzero(filled)
    if some.size:
        found[some] = np.bitwise_or.reduceat(words, begins[some])
    return found


# -- lines -------------------------------------------------------------------------------------------------------------


def _straight(numbers: Array, steps: Array, first: int) -> int:
    """Behind which place numbers leave the straight line that begins at another."""
    if first + 1 >= numbers.size:
        return numbers.size
    rise, run = int(numbers[first + 1] - numbers[first]), int(steps[first + 1] - steps[first])
    if rise % run:
        return first + 1
    off = np.flatnonzero(numbers[first:] - numbers[first] != (steps[first:] - steps[first]) * (rise // run))
    return first + int(off[0]) if off.size else int(numbers.size)


def _line(numbers: Array, steps: Array, first: int, behind: int) -> tuple[int, int]:
    """The straight line on which numbers lie from one place up to another: at the least value, and for each step."""
    slope = 0
    if behind - first > 1:
        slope = int(numbers[first + 1] - numbers[first]) // int(steps[first + 1] - steps[first])
    return int(numbers[first]) - slope * int(steps[first]), slope


def _two_of(pieces: list[Piece]) -> tuple[Array, Array, Words, Array, Array, Array]:
    """Of rows made of several pieces: a first line, where another holds, what that is more; and which rows have yet others."""
    where, base, slope = pieces[0]
    begun = where != 0
    for where, other_base, other_slope in pieces[1:]:
        fresh = ~begun & (where != 0)
        base, slope = np.where(fresh, other_base, base), np.where(fresh, other_slope, slope)
        begun |= fresh
    second_base, second_slope, found = base, slope, np.zeros(begun.shape, np.bool_)
    inside, many = np.zeros_like(pieces[0][0]), np.zeros(begun.shape, np.bool_)
    for where, other_base, other_slope in pieces:
        differs = (where != 0) & ((other_base != base) | (other_slope != slope))
        fresh = differs & ~found
        second_base, second_slope = np.where(fresh, other_base, second_base), np.where(fresh, other_slope, second_slope)
        found |= differs
        same = differs & (other_base == second_base) & (other_slope == second_slope)
        inside |= np.multiply(where, same)
        many |= differs & ~same
    return base, slope, inside, second_base - base, second_slope - slope, many


def _quotients(base: Part, slope: Part, by: Part) -> tuple[Part, Part, Any]:
    """A line divided, and where that is no line."""
    begin = base // by
    if _is_zero(slope):
        return begin, 0, np.False_
    steps = slope // by
    return begin, steps, np.asarray(steps * by) != slope


# -- parts -------------------------------------------------------------------------------------------------------------


def _is_zero(part: Part) -> bool:
    return isinstance(part, int) and part == 0


def _part(number: Any) -> Part:
    """What a function of parts gives, as a part."""
    return number if isinstance(number, np.ndarray) and number.ndim else int(number)


def _plus(a: Part, b: Part) -> Part:
    return b if _is_zero(a) else a if _is_zero(b) else a + b


def _minus(a: Part, b: Part) -> Part:
    return a if _is_zero(b) else a - b


def _times(a: Part, b: Any) -> Part:
    return 0 if _is_zero(a) else a * b


def _picked(where: Array, a: Part, b: Part) -> Part:
    """One part or the other; what is the same in both stays what it is, so that it can be seen to be.

    Multiplied, not chosen row by row: a processor cannot guess whom a rule concerns.
    """
    return a if _is_same(a, b) else _plus(_times(_minus(a, b), where), b)


def _masks(where: Array, x: Words | None, y: Words | None) -> Words | None:
    """One mask or the other; ``None`` is nowhere."""
    if x is None or y is None:
        given, here = (x, where) if y is None else (y, ~where)
        return None if given is None else np.multiply(given, here)
    return x if x is y else np.multiply(x ^ y, where) ^ y


def _is_same(a: Part, b: Part) -> bool:
    """Whether two parts are the same by construction."""
    return a is b or (isinstance(a, int) and isinstance(b, int) and a == b)


def _same_lines(x: Curve, y: Curve) -> bool:
    """Whether two curves are made of the same two lines, by construction."""
    pairs = ((x.base, y.base), (x.slope, y.slope), (x.jump_base, y.jump_base), (x.jump_slope, y.jump_slope))
    return all(_is_same(a, b) for a, b in pairs)


def _alike(a: Part, b: Part) -> Any:
    """Of which rows two parts are the same."""
    return np.True_ if _is_same(a, b) else np.asarray(a == b)


def _at(part: Part, rows: Array) -> Part:
    return part if isinstance(part, int) else part[rows]


def _array(part: Part) -> Array:
    return np.asarray(part)


def _own(part: Part, rows: int) -> Array:
    """A part as an array of its own, which may be written to."""
    return np.full(rows, part, np.int64) if isinstance(part, int) else np.array(part, np.int64)


def _totals(part: Part, starts: Array) -> Part:
    if isinstance(part, int):
        return 0 if part == 0 else part * np.diff(starts)
    return totals(part, starts)


def _union(rows: Sequence[Array]) -> Array | None:
    """The rows of several lists, ascending; ``None`` where there are none."""
    some = [one for one in rows if one.size]
    if not some:
        return None
    return some[0] if len(some) == 1 else np.unique(np.concatenate(some))
