"""A plan followed along many values of a figure: each step of it done once for all values, for one block of households."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minzheng_rules.population.kernel import support
from minzheng_rules.population.kernel.compiled import Compiled
from minzheng_rules.population.kernel.curves.curve import Curve, Curves, NotStraight, some_words
from minzheng_rules.population.kernel.curves.values import Array, Words
from minzheng_rules.population.kernel.running import Held
from minzheng_rules.population.lowering.plan import Level, Node

_SAFE = 2**62
Same = Mapping[int, Any]
"""What is the same for all rows, by node: a :class:`Shared` where it rests on the figure, else the number."""


class Course:
    """The nodes of a plan that rest on a figure, in the order in which they are followed.

    Raises :class:`NotStraight` if one takes numbers of any size.
    """

    def __init__(self, made: Compiled) -> None:
        printed = made.printed
        self.kept, self.resting = printed.kept, printed.resting
        self.asked = tuple(node for node in printed.varied if node.level is not None)
        found: dict[int, Node] = {}
        waiting = list(self.asked)
        while waiting:
            node = waiting.pop()
            if node.number in found or node.number not in self.resting or node.level is None:
                continue
            if node.wide or any(arg.wide for arg in node.args):
                raise NotStraight
            found[node.number] = node
            waiting += node.args
        self.nodes = tuple(found[number] for number in sorted(found))
        asked = {node.number for node in self.asked}
        last: dict[int, int] = {}
        for node in self.nodes:
            for arg in node.args:
                last[arg.number] = node.number
        self.done: dict[int, list[int]] = {}
        """By node: what is not needed behind it."""
        for number, at in last.items():
            if number in found and number not in asked:
                self.done.setdefault(at, []).append(number)


@dataclass(frozen=True, eq=False)
class Shared:
    """A number or a truth that is the same for all rows and rests on the figure."""

    words: Any
    """Of a truth."""
    curve: Curve
    """As one row."""
    numbers: Array
    """At each value."""


def shared(made: Compiled, prepared: Sequence[Sequence[Any]], curves: Curves) -> dict[int, Any]:
    """What is the same for all rows, from what was prepared at each value.

    Raises :class:`NotStraight` for numbers of any size.
    """
    found: dict[int, Any] = {}
    for place, number in enumerate(made.printed.once):
        found[number] = prepared[0][place]
        if number in made.printed.resting:
            numbers = [int(one[place]) for one in prepared]
            if any(not -_SAFE < number < _SAFE for number in numbers):
                raise NotStraight
            array = np.array(numbers, np.int64)
            words = curves.values.packed(array[None, :] != 0)[0]
            found[number] = Shared(words, curves.of_one(array), array)
    return found


class Following:
    """One block of households, of which everything is told at every value."""

    def __init__(self, course: Course, curves: Curves, same: Same, block: Held) -> None:
        self.course, self.curves, self.same, self.block = course, curves, same, block
        self.values = curves.values
        self._fixed: dict[int, Any] = {node.number: value for node, value in zip(course.kept, block.kept, strict=True)}
        self._found: dict[int, Any] = {}
        self._pairs: dict[int, tuple[Array, Array, Array]] = {}

    def run(self) -> dict[int, Words | Curve]:
        """Every node that is asked for."""
        with np.errstate(all="ignore"):  # rows of which nothing is known hold anything; they are not read
            for node in self.course.nodes:
                self._found[node.number] = self._truth(node) if node.truth else self._number(node)
                for number in self.course.done.get(node.number, ()):
                    self._found.pop(number, None)
        return {node.number: self._found[node.number] for node in self.course.asked}

    # -- what a node takes ---------------------------------------------------------------------------------------

    def _rests(self, node: Node) -> bool:
        return node.number in self.course.resting

    def _value(self, node: Node) -> Any:
        """What is the same at every value: an array, or a number that is the same for all rows as well."""
        if node.constant is not None:
            return node.constant
        return self.same[node.number] if node.level is None else self._fixed[node.number]

    def _words(self, node: Node) -> Any:
        """A truth at every value."""
        if not self._rests(node):
            value = self._value(node)
            return self.values.words(value if isinstance(value, np.ndarray) else np.bool_(value))
        if node.level is None:
            return self.same[node.number].words
        return self._found[node.number]

    def _curve(self, node: Node, rows: int) -> Curve:
        """A number at every value, for so many rows; a truth as 1 or 0."""
        if self._rests(node):
            if node.level is None:
                return self.curves.repeated(self.same[node.number].curve, rows)
            found = self._found[node.number]
            return found if isinstance(found, Curve) else self.curves.of_truth(found)
        value = self._value(node)
        number = value.astype(np.int64, copy=False) if isinstance(value, np.ndarray) else int(value)
        return self.curves.constant(number, _most(node), rows)

    def _rows(self, level: Level | None) -> int:
        """How many rows a level has in this block."""
        assert level is not None
        return self.block.sizes[level.path] if level.of is None else self._joined(level)[0].size

    def _index(self, node: Node) -> Array:
        """Row numbers."""
        if node.op == "input" and node.data[0] == "parent":
            return self.block.parents[node.data[1]]
        if node.op in ("context", "item"):
            assert node.level is not None
            return self._joined(node.level)[0 if node.op == "context" else 1]
        if self._rests(node):
            raise NotStraight
        found: Array = self._value(node)
        return found

    def _joined(self, level: Level) -> tuple[Array, Array, Array]:
        found = self._pairs.get(id(level))
        if found is None:
            assert level.owner is not None
            found = support.joined(self._index(level.owner), self.block.starts[level.path])
            self._pairs[id(level)] = found
        return found

    def _starts(self, level: Level) -> Array:
        """Where the rows of each row above begin."""
        return self._joined(level)[2] if level.of is not None else self.block.starts[level.path]

    def _owners(self, level: Level) -> Array:
        """For each row, the row above it belongs to."""
        if level.of is not None:
            return self._joined(level)[0]
        found = self.block.parents.get(level.path)
        if found is None:
            starts = self._starts(level)
            found = np.repeat(np.arange(starts.size - 1), np.diff(starts))
        return found

    # -- truths --------------------------------------------------------------------------------------------------

    def _truth(self, node: Node) -> Words:
        found: Any
        match node.op:
            case "both":
                found = self._words_with(node, np.bitwise_and, np.multiply)
            case "either":
                found = self._words_with(node, np.bitwise_or, lambda words, truths: words | self.values.words(truths))
            case "no":
                found = self._words(node.args[0]) ^ self.values.full
            case "less" | "at_most" | "equal":
                found = self._compared(node)
            case "any":
                found = some_words(self._words(node.args[0]), self._starts(node.data))
            case "gather":
                found = support.fetched(self._words(node.args[0]), self._index(node.args[1]))
            case "lookup":
                table = np.array([self._words(entry) for entry in node.args[1:]], self.values.type)
                found = table.take(self._places(node.args[0]))
            case _:
                raise NotStraight
        words: Words = found if found.ndim else np.full(self._rows(node.level), found)
        return words

    def _words_with(self, node: Node, along: Callable[..., Any], with_fixed: Callable[..., Any]) -> Any:
        """An operation on two truths; what is the same at every value need not become words."""
        one, other = node.args if self._rests(node.args[0]) else node.args[::-1]
        if self._rests(other):
            return along(self._words(one), self._words(other))
        return with_fixed(self._words(one), self._value(other))

    def _compared(self, node: Node) -> Words:
        rows = self._rows(node.level)
        x, y = (self._curve(arg, rows) for arg in node.args)
        if node.op == "less":
            return self.curves.less(x, y)
        if node.op == "at_most":
            more = self.curves.less(y, x)
            np.bitwise_xor(more, self.values.full, out=more)
            return more
        return self.curves.equal(x, y)

    # -- numbers -------------------------------------------------------------------------------------------------

    def _number(self, node: Node) -> Curve:
        args, curves = node.args, self.curves
        match node.op:
            case "gather":
                return curves.gathered(self._curve(args[0], self._rows(args[0].level)), self._index(args[1]))
            case "total" | "count":
                starts = self._starts(node.data)
                value = self._curve(args[0], self._rows(node.data))
                return curves.totals(value, starts, self._owners(node.data), int(np.diff(starts).max(initial=0)))
        rows = self._rows(node.level)
        match node.op:
            case "add":
                return curves.add(self._curve(args[0], rows), self._curve(args[1], rows))
            case "subtract":
                return curves.subtract(self._curve(args[0], rows), self._curve(args[1], rows))
            case "multiply":
                return self._product(node, rows)
            case "divide" if not self._rests(args[1]):
                by = self._curve(args[1], rows)
                return curves.divided(self._curve(args[0], rows), by.base, by.most)
            case "number":
                return curves.of_truth(self._words(args[0]))
            case "where":
                return self._where(args[0], self._curve(args[1], rows), self._curve(args[2], rows))
            case "least" | "greatest":
                x, y = (self._curve(arg, rows) for arg in args)
                words = curves.less(x, y)
                return curves.where(words, x, y) if node.op == "least" else curves.where(words, y, x)
            case "absolute":
                x, nothing = self._curve(args[0], rows), curves.constant(0, 0, rows)
                return curves.where(curves.less(x, nothing), curves.subtract(nothing, x), x)
            case "lookup" if not self._rests(args[0]):
                return self._looked_up(node, rows)
        return self._worked_out(node, rows)

    def _product(self, node: Node, rows: int) -> Curve:
        one, other = node.args
        for mask, value in ((one, other), (other, one)):
            if mask.truth:
                return self._where(mask, self._curve(value, rows), self.curves.constant(0, 0, rows))
        for fixed, value in ((one, other), (other, one)):
            if not self._rests(fixed):
                by = self._curve(fixed, rows)
                return self.curves.times(self._curve(value, rows), by.base, by.most)
        return self._worked_out(node, rows)

    def _where(self, mask: Node, x: Curve, y: Curve) -> Curve:
        """A choice: of what is the same at every value, row by row."""
        rests = self._rests(mask)
        given: Any = self._words(mask) if rests else np.asarray(self._value(mask), np.bool_)
        where = given if given.ndim else np.full(x.rows, given)
        return self.curves.where(where, x, y) if rests else self.curves.chosen(where, x, y)

    def _looked_up(self, node: Node, rows: int) -> Curve:
        """An entry of a list, each of which is a straight line."""
        entries = [self._curve(entry, rows) for entry in node.args[1:]]
        if any(entry.mask is not None or entry.apart is not None for entry in entries):
            raise NotStraight
        places = self._places(node.args[0])
        base, slope = (
            np.array(parts, np.int64).take(places)
            for parts in ([entry.base for entry in entries], [entry.slope for entry in entries])
        )
        return Curve(rows, base, slope, max(entry.most for entry in entries))

    def _places(self, node: Node) -> Array:
        if self._rests(node):
            raise NotStraight
        return np.asarray(self._value(node))

    def _worked_out(self, node: Node, rows: int) -> Curve:
        """What is not linear: row by row, or value by value."""
        function = _FUNCTIONS.get(node.op)
        if function is None:
            raise NotStraight
        return self.curves.worked_out(function, _most(node), *(self._curve(arg, rows) for arg in node.args))


def _most(node: Node) -> int:
    return max(abs(node.low), abs(node.high))


def _listed(table: Array, places: Array | int) -> Any:
    """Entries of a table; of places that are none, anything."""
    return table.take(places, mode="clip").astype(np.int64)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "multiply": np.multiply,
    "divide": lambda a, b: a // np.maximum(b, 1),
    "common": np.bitwise_and,
    "union": np.bitwise_or,
    "bit": lambda place: np.left_shift(np.int64(1), place),
    "place_of_bit": lambda bits: np.log2(np.maximum(bits, 1)).astype(np.int64),
    "packed": lambda day: _listed(support.calendar()[0], day),
    "month_starts": lambda month: _listed(support.calendar()[1], month),
    "month_length": lambda month: _listed(support.calendar()[2], month),
}
