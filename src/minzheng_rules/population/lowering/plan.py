"""The plan: typed whole-number operations on rows, joined into a graph in which nothing stands twice.

A :class:`Node` is one value for every row of a :class:`Level` (or one for all, where its level is ``None``). It knows the least and the
greatest number it can be, so that overflow is excluded before anything runs. What a plan is run on is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LARGEST = 2**63 - 1
"""The greatest number of the machine's widest whole numbers. A node beyond it is *wide* and computed with numbers of any size."""
FIRST_DAY, LAST_DAY = 1, 3_652_059
"""Proleptic ordinals of the first and the last day of the calendar."""
MONTH = 32
YEAR = 12 * MONTH
"""A day *packed* is ``(year * 12 + month - 1) * 32 + day``: packed days compare as days do."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Whose rows a node has values for: those of the table at ``path``; or, where ``of`` is given, one row for every item at
    ``path`` that belongs to the row ``owner`` points to, for each row of the level ``of``."""

    path: str
    of: Level | None = None
    owner: Node | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation: ``args`` are what it takes, ``data`` what else there is to say; ``low`` and ``high`` bound its value."""

    number: int
    op: str
    args: tuple[Node, ...]
    level: Level | None
    truth: bool
    low: int
    high: int
    data: Any = None

    @property
    def constant(self) -> int | None:
        """The value, where it is the same whatever is entered."""
        return self.low if self.op == "const" else None

    @property
    def wide(self) -> bool:
        """Whether the machine's whole numbers may be too small for it."""
        return self.high > LARGEST or self.low < -LARGEST


class Plan:
    """Makes nodes; the same operation on the same nodes is the same node, and what is constant is worked out at once."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._made: dict[tuple[Any, ...], Node] = {}
        self._tables: dict[str, Level] = {}
        self._pairs: dict[tuple[int, int, str], Level] = {}
        self.names: dict[int, str] = {}
        """What some nodes are called in the rules, for readers of the printed source."""
        self.true, self.false = self.const(1, truth=True), self.const(0, truth=True)
        self.zero, self.one = self.const(0), self.const(1)

    # -- levels and inputs ---------------------------------------------------------------------------------------

    def table(self, path: str) -> Level:
        """The rows of a table."""
        return self._tables.setdefault(path, Level(path))

    def pairs(self, of: Level, owner: Node, path: str) -> Level:
        """For every row of a level, the items at ``path`` of the row it points to."""
        return self._pairs.setdefault((id(of), owner.number, path), Level(path, of, owner))

    def call(self, node: Node, name: str) -> None:
        """Give a node the name it has in the rules."""
        if node.op not in ("const", "input") and node.number not in self.names:
            self.names[node.number] = name

    def const(self, value: int, truth: bool = False) -> Node:
        """A number, or true or false, that is the same for all."""
        return self._node("const", (), None, truth, value, value, value)

    def input(self, data: tuple[Any, ...], level: Level | None, low: int, high: int, truth: bool = False) -> Node:
        """Something entered: a column, a parameter, the date."""
        return self._node("input", (), level, truth, low, high, data)

    def _node(
        self, op: str, args: tuple[Node, ...], level: Level | None, truth: bool, low: int, high: int, data: Any = None
    ) -> Node:
        key = (op, tuple(a.number for a in args), None if level is None else id(level), truth, data)
        found = self._made.get(key)
        if found is None:
            if low == high and op not in ("const", "input"):
                return self.const(low, truth)
            found = self._made[key] = Node(len(self.nodes), op, args, level, truth, low, high, data)
            self.nodes.append(found)
        return found

    def _each(self, op: str, args: tuple[Node, ...], truth: bool, low: int, high: int, data: Any = None) -> Node:
        """An operation row by row. Where all it takes is fetched from the same rows, it is done there and fetched once."""
        index = next((i for i in map(_fetched, args) if i is not None), None)
        if index is not None and all(_fetched(a) is index for a in args if a.level is not None):
            inner = self._each(op, tuple(self._source(a) for a in args), truth, low, high, data)
            return self.gather(inner, index)
        return self._node(op, args, self._at(*args), truth, low, high, data)

    def _chosen(self, operation: Callable[..., Node], *args: Node) -> Node | None:
        """An operation on what is one of two values that are the same for all: done with both, and chosen then.

        ``None`` where it is not so. What every row would work out for itself is thus worked out twice in all.
        """
        rows = [a for a in args if a.level is not None]
        choice = _choice(rows[0]) if len(rows) == 1 else None
        if choice is None:
            return None
        mask, yes, no = choice
        place = args.index(rows[0])
        one, other = (
            operation(*args[:place], self.zero if picked is None else picked, *args[place + 1 :])
            for picked in (yes, no)
        )
        return self.where(mask, one, other)

    def _source(self, node: Node) -> Node:
        """What is fetched, before it is."""
        if node.level is None:
            return node
        return self.no(node.args[0].args[0]) if node.op == "no" else node.args[0]

    def _at(self, *args: Node) -> Level | None:
        levels = {id(a.level): a.level for a in args if a.level is not None}
        if len(levels) > 1:
            raise AssertionError("values of different levels meet")
        return next(iter(levels.values()), None)

    # -- numbers -------------------------------------------------------------------------------------------------

    def add(self, a: Node, b: Node) -> Node:
        """``a + b``."""
        if a.constant == 0:
            return b
        if b.constant == 0:
            return a
        chosen = self._chosen(self.add, a, b)
        if chosen is not None:
            return chosen
        return self._each("add", _ordered(a, b), False, a.low + b.low, a.high + b.high)

    def subtract(self, a: Node, b: Node) -> Node:
        """``a - b``."""
        if b.constant == 0:
            return a
        if a is b:
            return self.zero
        chosen = self._chosen(self.subtract, a, b)
        if chosen is not None:
            return chosen
        return self._each("subtract", (a, b), False, a.low - b.high, a.high - b.low)

    def multiply(self, a: Node, b: Node) -> Node:
        """``a * b``; of a truth and a number: the number where it is true, else zero."""
        for one, other in ((a, b), (b, a)):
            if one.constant == 0:
                return self.zero
            if one.constant == 1:
                return self.number(other) if other.truth and not one.truth else other
        for mask, value in ((a, b), (b, a)):
            if mask.truth and value.op == "multiply" and value.args[0].truth is not value.args[1].truth:
                # A mask of a mask: one mask, so that numbers are gone through once.
                inner, rest = value.args if value.args[0].truth else value.args[::-1]
                if mask.level is None or inner.level is None or mask.level is inner.level:
                    return self.multiply(self.both(mask, inner), rest)
        if not a.truth and not b.truth:
            chosen = self._chosen(self.multiply, a, b)
            if chosen is not None:
                return chosen
        ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        return self._each("multiply", _ordered(a, b), False, min(ends), max(ends))

    def divide(self, a: Node, b: Node) -> Node:
        """``a // b`` for ``b`` above zero, towards minus infinity."""
        if b.constant == 1:
            return a
        if a.constant is not None and b.constant is not None:
            return self.const(a.constant // b.constant)
        chosen = self._chosen(self.divide, a, b)
        if chosen is not None:
            return chosen
        ends = [x // y for x in (a.low, a.high) for y in (max(b.low, 1), max(b.high, 1))]
        return self._each("divide", (a, b), False, min(ends), max(ends))

    def least(self, a: Node, b: Node) -> Node:
        """The lesser of two numbers."""
        if a is b or a.high <= b.low:
            return a
        if b.high <= a.low:
            return b
        return self._each("least", _ordered(a, b), False, min(a.low, b.low), min(a.high, b.high))

    def greatest(self, a: Node, b: Node) -> Node:
        """The greater of two numbers."""
        if a is b or a.low >= b.high:
            return a
        if b.low >= a.high:
            return b
        return self._each("greatest", _ordered(a, b), False, max(a.low, b.low), max(a.high, b.high))

    def absolute(self, a: Node) -> Node:
        """A number without its sign."""
        if a.low >= 0:
            return a
        least = 0 if a.high >= 0 else -a.high
        return self._each("absolute", (a,), False, least, max(-a.low, a.high))

    def number(self, truth: Node) -> Node:
        """1 where it is true, else 0."""
        if truth.op == "const":
            return self.const(truth.low)
        return self._each("number", (truth,), False, 0, 1)

    def where(self, mask: Node, a: Node, b: Node) -> Node:
        """``a`` where the mask is true, else ``b``."""
        if mask.op == "const":
            return a if mask.low else b
        if a is b:
            return a
        if a.truth:
            return self.either(self.both(mask, a), self.both(self.no(mask), b))
        if b.constant == 0:
            return self.multiply(mask, a)
        if a.constant == 0:
            return self.multiply(self.no(mask), b)
        return self._each("where", (mask, a, b), False, min(a.low, b.low), max(a.high, b.high))

    # -- comparisons ---------------------------------------------------------------------------------------------

    def less(self, a: Node, b: Node) -> Node:
        """``a < b``."""
        if a is b or a.low >= b.high:
            return self.false
        return self.true if a.high < b.low else self._truth("less", a, b)

    def at_most(self, a: Node, b: Node) -> Node:
        """``a <= b``."""
        if a is b or a.high <= b.low:
            return self.true
        return self.false if a.low > b.high else self._truth("at_most", a, b)

    def equal(self, a: Node, b: Node) -> Node:
        """``a == b``."""
        if a is b:
            return self.true
        for one, other in ((a, b), (b, a)):
            if one.constant == other.low == 0 and not other.truth:
                return self.no(self.less(one, other))
        return self.false if a.high < b.low or a.low > b.high else self._truth("equal", *_ordered(a, b))

    # -- truths --------------------------------------------------------------------------------------------------

    def both(self, a: Node, b: Node) -> Node:
        """``a and b``."""
        if a is b or b is self.true or a is self.false:
            return a
        if a is self.true or b is self.false:
            return b
        if _contrary(a, b):
            return self.false
        if a.op == b.op == "no":
            return self.no(self.either(a.args[0], b.args[0]))
        return self._truth("both", *_ordered(a, b))

    def either(self, a: Node, b: Node) -> Node:
        """``a or b``."""
        if a is b or b is self.false or a is self.true:
            return a
        if a is self.false or b is self.true:
            return b
        if _contrary(a, b):
            return self.true
        return self._truth("either", *_ordered(a, b))

    def no(self, a: Node) -> Node:
        """``not a``."""
        if a.op == "const":
            return self.false if a.low else self.true
        return a.args[0] if a.op == "no" else self._node("no", (a,), a.level, True, 0, 1)

    def every(self, *nodes: Node) -> Node:
        """Whether all of several are true."""
        result = self.true
        for node in nodes:
            result = self.both(result, node)
        return result

    def some(self, *nodes: Node) -> Node:
        """Whether one of several is true."""
        result = self.false
        for node in nodes:
            result = self.either(result, node)
        return result

    def _truth(self, op: str, *args: Node, data: Any = None) -> Node:
        return self._each(op, args, True, 0, 1, data)

    # -- sets of possible values ---------------------------------------------------------------------------------

    def bit(self, code: Node) -> Node:
        """The set that holds one value, as a bit."""
        if code.constant is not None:
            return self.const(1 << code.constant)
        return self._each("bit", (code,), False, 1 << code.low, 1 << code.high)

    def common(self, a: Node, b: Node) -> Node:
        """What two sets have in common."""
        if a.constant is not None and b.constant is not None:
            return self.const(a.constant & b.constant)
        if a is b:
            return a
        return self._each("common", _ordered(a, b), False, 0, min(a.high, b.high))

    def union(self, a: Node, b: Node) -> Node:
        """What is in one of two sets."""
        if a.constant is not None and b.constant is not None:
            return self.const(a.constant | b.constant)
        if a is b or b.constant == 0:
            return a
        if a.constant == 0:
            return b
        high = (1 << max(a.high, b.high).bit_length()) - 1
        return self._each("union", _ordered(a, b), False, max(a.low, b.low), high)

    def place_of_bit(self, bits: Node) -> Node:
        """The place of the only bit."""
        if bits.constant is not None:
            return self.const(bits.constant.bit_length() - 1)
        return self._each("place_of_bit", (bits,), False, 0, bits.high.bit_length())

    def lookup(self, entries: tuple[Node, ...], code: Node) -> Node:
        """The entry at a place of a list of values that are the same for all."""
        if code.constant is not None:
            return entries[code.constant]
        if all(entry is entries[0] for entry in entries):
            return entries[0]
        low, high = min(e.low for e in entries), max(e.high for e in entries)
        return self._each("lookup", (code, *entries), entries[0].truth, low, high)

    # -- days ----------------------------------------------------------------------------------------------------

    def packed(self, day: Node) -> Node:
        """An ordinal as a packed day; see :data:`YEAR`."""
        from minzheng_rules.population.lowering.calendar import packed

        low, high = (packed(max(FIRST_DAY, min(LAST_DAY, end))) for end in (day.low, day.high))
        if day.constant is not None:
            return self.const(low)
        return self._each("packed", (day,), False, low, high)

    def month_starts(self, month: Node) -> Node:
        """The ordinal of the first day of a month, given as ``year * 12 + month - 1``."""
        from minzheng_rules.population.lowering.calendar import month_starts

        low, high = month_starts(month.low), month_starts(month.high)
        if month.constant is not None:
            return self.const(low)
        return self._each("month_starts", (month,), False, low, high)

    def month_length(self, month: Node) -> Node:
        """How many days a month has."""
        return self._each("month_length", (month,), False, 28, 31)

    # -- between levels ------------------------------------------------------------------------------------------

    def gather(self, node: Node, index: Node | None) -> Node:
        """The values at the rows an index points to; ``None`` is every row itself."""
        if node.level is None or index is None:
            return node
        return self._node("gather", (node, index), index.level, node.truth, node.low, node.high)

    def parent(self, path: str, most: int) -> Node:
        """For every row of a table, the row above; ``most`` is how many rows there may be."""
        return self.input(("parent", path), self.table(path), 0, most)

    def context(self, level: Level) -> Node:
        """For every row of a level of pairs, the row of the level it was made from."""
        return self._node("context", (), level, False, 0, LARGEST)

    def item(self, level: Level) -> Node:
        """For every row of a level of pairs, the row of the item."""
        return self._node("item", (), level, False, 0, LARGEST)

    def total(self, node: Node, level: Level, most: int) -> Node:
        """The sum over what belongs to each row above; ``most`` items belong to one."""
        if node.constant == 0:
            return self.zero
        if node.level is None:
            return self.multiply(node, self.count(self.true, level, most))
        low, high = min(node.low * most, 0), max(node.high * most, 0)
        return self._node("total", (node,), _above(self, level), False, low, high, level)

    def count(self, node: Node, level: Level, most: int) -> Node:
        """How many of what belongs to each row above are so."""
        if node is self.false:
            return self.zero
        if node.level is None and node is not self.true:
            return self.multiply(node, self.count(self.true, level, most))
        return self._node("count", (node,), _above(self, level), False, 0, most, level)

    def any(self, node: Node, level: Level) -> Node:
        """Whether something that belongs to each row above is so."""
        if node is self.false:
            return node
        if node.level is None and node is not self.true:
            return self.both(node, self.any(self.true, level))
        return self._node("any", (node,), _above(self, level), True, 0, 1, level)


def _above(plan: Plan, level: Level) -> Level:
    return level.of if level.of is not None else plan.table(level.path.rpartition(".")[0])


def _fetched(node: Node) -> Node | None:
    """The rows a value is fetched from; ``None`` if it is not."""
    inner = node.args[0] if node.op == "no" else node
    return inner.args[1] if inner.op == "gather" else None


def _choice(node: Node) -> tuple[Node, Node, Node | None] | None:
    """A mask and the two values it chooses from, if both are the same for all; ``None`` as a value is zero."""
    if node.op == "where" and node.args[1].level is None and node.args[2].level is None:
        return node.args[0], node.args[1], node.args[2]
    if node.op == "multiply":
        for mask, value in (node.args, node.args[::-1]):
            if mask.truth and mask.level is not None and value.level is None and not value.truth:
                return mask, value, None
    return None


def _ordered(a: Node, b: Node) -> tuple[Node, Node]:
    return (a, b) if a.number <= b.number else (b, a)


def _contrary(a: Node, b: Node) -> bool:
    return (a.op == "no" and a.args[0] is b) or (b.op == "no" and b.args[0] is a)
