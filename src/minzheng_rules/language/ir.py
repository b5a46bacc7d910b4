"""Expressions after reading: every part typed, every name resolved.

This small tree is the meaning of a rule. The evaluator compiles it, the trail walks it, the checks read it, and ``minzheng
show`` prints it; none of them looks at the file again.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from minzheng_rules.language.record import Record
from minzheng_rules.language.types import Type
from minzheng_rules.problems import Place


class Expression(Record):
    """Any expression: its type and the text's position."""

    type: Type
    place: Place

    def parts(self) -> tuple[Expression, ...]:
        """The expressions directly below."""
        return ()

    def walk(self) -> Iterator[Expression]:
        """This expression and everything below it."""
        yield self
        for part in self.parts():
            yield from part.walk()


class Literal(Expression):
    """A number as written. ``value`` is in internal units (fen for money)."""

    value: int | Fraction
    written: str


class Value(Expression):
    """One value of an enumeration, by id."""

    id: str


class Written(Expression):
    """A text standing in a table's output."""

    text: str


class AsOf(Expression):
    """基准日: the date the case is decided on."""


class Self(Expression):
    """The entity the rule is about (``up`` 0) or one of its ancestors."""

    up: int


class Variable(Expression):
    """A loop variable; ``slot`` is 1 or 2."""

    slot: int
    name: str


class FactOf(Expression):
    """A fact of an entity."""

    of: Expression
    fact: Any  # FactType, from the vocabulary

    def parts(self) -> tuple[Expression, ...]:
        return (self.of,)


class RuleOf(Expression):
    """What a rule yields for an entity. ``key`` is ``kind.id``."""

    of: Expression
    key: str

    def parts(self) -> tuple[Expression, ...]:
        return (self.of,)


class ParameterAt(Expression):
    """A parameter's value, picked by its indexes where it has any."""

    name: str
    indexes: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.indexes


class ColumnOf(Expression):
    """One output of a table row."""

    of: Expression
    column: str

    def parts(self) -> tuple[Expression, ...]:
        return (self.of,)


class Arithmetic(Expression):
    """``left op right``; op is one of + - * /."""

    op: str
    left: Expression
    right: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.left, self.right)


class Compare(Expression):
    """``left op right``; op is one of < <= == != >= >. ``wording`` is the text's own word for it."""

    op: str
    left: Expression
    right: Expression
    wording: str = ""

    def parts(self) -> tuple[Expression, ...]:
        return (self.left, self.right)


class OneOf(Expression):
    """Whether a named value is among those listed."""

    item: Expression
    values: tuple[str, ...]
    negated: bool

    def parts(self) -> tuple[Expression, ...]:
        return (self.item,)


class AllOf(Expression):
    """True when every part is."""

    items: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.items


class AnyOf(Expression):
    """True when some part is."""

    items: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.items


class Not(Expression):
    """The contrary."""

    item: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.item,)


class Aggregate(Expression):
    """``fn(element for variable in collection if where)``; fn is sum, any, all or count."""

    fn: str
    element: Expression | None
    slot: int
    variable: str
    collection: Expression
    where: Expression | None

    def parts(self) -> tuple[Expression, ...]:
        return tuple(p for p in (self.collection, self.element, self.where) if p is not None)


class Subset(Expression):
    """Those of a collection that satisfy a condition."""

    slot: int
    variable: str
    collection: Expression
    where: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.collection, self.where)


class TableRows(Expression):
    """The rows of a table parameter, as a collection; ``tables`` gives them resolved, by version."""

    name: str
    tables: tuple[tuple[object, tuple[tuple[Expression | None, ...], ...]], ...]

    def parts(self) -> tuple[Expression, ...]:
        return tuple(cell for _, rows in self.tables for row in rows for cell in row if cell is not None)


class CountTrue(Expression):
    """How many of several conditions hold."""

    items: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.items


class Extreme(Expression):
    """``min`` or ``max`` of several quantities."""

    fn: str
    items: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.items


class FullPeriods(Expression):
    """Completed years or months between two dates."""

    fn: str
    start: Expression
    end: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.start, self.end)


class Scaled(Expression):
    """``per_month`` or ``per_year`` of a quantity."""

    fn: str
    item: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.item,)


class MonthStart(Expression):
    """The first day of a date's month."""

    item: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.item,)


class Shifted(Expression):
    """A date moved by a duration; ``sign`` is 1 or -1."""

    date: Expression
    by: Expression
    unit: str
    sign: int

    def parts(self) -> tuple[Expression, ...]:
        return (self.date, self.by)
