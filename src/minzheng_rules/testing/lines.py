"""Where a rulebook draws its lines, seen from the facts: the values at which some rule may turn.

A comparison such as ``家庭月收入 < 低保标准 * 家庭人口`` is read backwards: the right side can be 1000, 2000, 3000 … yuan, the
left side is made of wages, pensions and the like, so each of those has a line at 1000, 2000, 3000 …. An age compared with
a parameter puts lines on the birth date, a count puts them on how long a list is.

>>> import datetime as dt
>>> from minzheng_rules import Rulebook
>>> lines = lines_of(Rulebook.load(overlays=[{"低保标准": 1000}]), dt.date(2025, 6, 1))
>>> {"0", "1000", "2000"} <= {str(value) for value in lines.quantities["wage", "amount"]}
True
>>> Span(unit="year", amount=18) in lines.spans["person", "birth_date"]
True
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from minzheng_rules.evaluator.possible import shift
from minzheng_rules.language import ir
from minzheng_rules.language.types import Day, Many, One, Type
from minzheng_rules.language.units import parse_unit
from minzheng_rules.rulebook.definitions import Choice, Definition, Delegated, Formula, Sum, Table, TableParameter
from minzheng_rules.rulebook.rulebook import Rulebook

HEADS: Final = (1, 2, 3, 4, 5, 6)
"""How many people or things a line may be multiplied by: 标准 × 人数."""
_MOST: Final = 120

FactKey = tuple[str, str]
"""The kind a fact is asked of by some rule, and the fact's id."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of whole years, months or days at whose end some rule may turn."""

    unit: str
    amount: int

    def before(self, day: dt.date) -> dt.date | None:
        """The day from which this span ends on ``day``; ``None`` before the calendar begins.

        >>> Span("year", 18).before(dt.date(2025, 6, 1))
        datetime.date(2007, 6, 1)
        """
        try:
            return shift(day, -self.amount, self.unit)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A term the law leaves to an authority, which may be found in a case."""

    kind: str
    id: str
    type: Type


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a stretch of days in which no rule or figure changes, by fact, in the units facts are written in."""

    quantities: dict[FactKey, tuple[Fraction, ...]]
    spans: dict[FactKey, tuple[Span, ...]]
    days: dict[FactKey, tuple[dt.date, ...]]
    """Dates a fact is compared with as they stand."""
    sizes: dict[FactKey, tuple[int, ...]]
    """How many items of a list some rule counts to."""
    read: frozenset[FactKey]
    """Every fact some rule in force asks for."""
    delegations: tuple[Delegation, ...]


def lines_of(rulebook: Rulebook, day: dt.date) -> Lines:
    """The lines the rules in force on a day draw, with that day's figures; unknown figures draw none.

    They are the same for every day of one :meth:`~minzheng_rules.rulebook.rulebook.Rulebook.segment`.
    """
    return _Survey(rulebook, day).lines()


@dataclass
class _Found:
    quantities: dict[FactKey, set[Fraction]] = field(default_factory=dict)
    spans: dict[FactKey, set[Span]] = field(default_factory=dict)
    days: dict[FactKey, set[dt.date]] = field(default_factory=dict)
    sizes: dict[FactKey, set[int]] = field(default_factory=dict)
    read: set[FactKey] = field(default_factory=set)


class _Survey:
    """One walk through the rules in force on a day."""

    def __init__(self, rulebook: Rulebook, day: dt.date) -> None:
        self.rulebook = rulebook
        self.rules = rulebook.on(day)
        self.found = _Found()
        self._constants: dict[tuple[str, bool], frozenset[Any] | None] = {}

    def lines(self) -> Lines:
        for expression in self._expressions():
            for part in expression.walk():
                self._look_at(part)
        found = self.found
        return Lines(
            quantities={key: _in_order(values) for key, values in found.quantities.items()},
            spans={key: tuple(sorted(spans, key=lambda s: (s.unit, s.amount))) for key, spans in found.spans.items()},
            days={key: tuple(sorted(days)) for key, days in found.days.items()},
            sizes={key: tuple(sorted(sizes)) for key, sizes in found.sizes.items()},
            read=frozenset(found.read),
            delegations=tuple(self._delegations()),
        )

    def _expressions(self) -> Iterator[ir.Expression]:
        for definition in self._definitions():
            yield from definition.expressions()
        yield from (check.expression for check in self.rulebook.expected)
        yield from (s.condition for stacks in self.rulebook.stacks.values() for s in stacks if s.condition is not None)

    def _definitions(self) -> Iterator[Definition]:
        seen: set[int] = set()
        for effective in self.rules.rules.values():
            for definition in (effective.definition, *effective.exceptions):
                if id(definition) not in seen:
                    seen.add(id(definition))
                    yield definition

    def _delegations(self) -> Iterator[Delegation]:
        for effective in self.rules.rules.values():
            definition = effective.definition
            if isinstance(definition.body, Delegated):
                yield Delegation(definition.declaration.kind, definition.declaration.id, definition.type)

    def _look_at(self, part: ir.Expression) -> None:
        match part:
            case ir.FactOf():
                self.found.read.add(_key(part))
            case ir.Compare():
                self._compare(part)
            case ir.Extreme():
                constants = [self._constant(item) for item in part.items]
                known = frozenset(v for values in constants if values for v in values)
                for item, values in zip(part.items, constants, strict=True):
                    if values is None and known:
                        self._land(item, known, set())

    def _compare(self, part: ir.Compare) -> None:
        left, right = self._constant(part.left), self._constant(part.right)
        if left is None and right:
            self._land(part.left, right, set())
        elif right is None and left:
            self._land(part.right, left, set())
        elif isinstance(part.left.type, Day) and left is None and right is None:
            self._land_between(part)

    def _land_between(self, part: ir.Compare) -> None:
        """Two dates of the case, or one and the day of the decision, one of them perhaps moved by a span: it is a line."""
        spans = {Span("day", 0)}
        for inner in part.walk():
            if isinstance(inner, ir.Shifted):
                amounts = self._constant(inner.by) or frozenset()
                spans |= {Span(inner.unit, int(amount)) for amount in amounts}
        for inner in part.walk():
            if isinstance(inner, ir.FactOf) and inner.fact.shape == "date":
                self.found.spans.setdefault(_key(inner), set()).update(spans)

    # -- backwards: from what an expression is compared with to the facts it is made of ----------------------------------

    def _land(self, node: ir.Expression, lines: Iterable[Any], visited: set[str]) -> None:
        targets = frozenset(list(dict.fromkeys(lines))[:_MOST])
        if not targets:
            return
        match node:
            case ir.FactOf():
                self._land_on_fact(node, targets)
            case ir.RuleOf(key=key):
                if key not in visited:
                    visited.add(key)
                    for value in self._values(key):
                        self._land(value, targets, visited)
            case ir.Arithmetic():
                self._land_on_arithmetic(node, targets, visited)
            case ir.Extreme():
                for item in node.items:
                    self._land(item, targets, visited)
            case ir.Scaled(fn=fn, item=item):
                self._land(item, {t * 12 if fn == "per_month" else Fraction(t) / 12 for t in targets}, visited)
            case ir.Aggregate(fn="sum", element=element) if element is not None:
                self._land(element, targets, visited)
            case ir.Aggregate(fn="count"):
                self._land_on_size(node.collection, targets)
            case ir.FullPeriods(fn=fn, start=ir.FactOf() as start):
                unit = "year" if fn == "full_years" else "month"
                spans = {Span(unit, int(t)) for t in targets if t == int(t)}
                self.found.spans.setdefault(_key(start), set()).update(spans)

    def _land_on_fact(self, node: ir.FactOf, targets: Iterable[Any]) -> None:
        if node.fact.shape == "quantity":
            scale = parse_unit(node.fact.unit or "1").scale
            self.found.quantities.setdefault(_key(node), set()).update(Fraction(t) / scale for t in targets)
        elif node.fact.shape == "date":
            self.found.days.setdefault(_key(node), set()).update(t for t in targets if isinstance(t, dt.date))

    def _land_on_arithmetic(self, node: ir.Arithmetic, targets: Iterable[Any], visited: set[str]) -> None:
        left, right = self._constant(node.left, True), self._constant(node.right, True)
        if left is None and right:
            undo = _UNDONE_LEFT[node.op]
            self._land(node.left, _every(undo, targets, right), visited)
        elif right is None and left:
            undo = _UNDONE_RIGHT[node.op]
            self._land(node.right, _every(undo, targets, left), visited)
        elif node.op in "+-":
            self._land(node.left, targets, visited)
            self._land(node.right, targets, visited)

    def _land_on_size(self, collection: ir.Expression, targets: Iterable[Any]) -> None:
        match collection:
            case ir.FactOf():
                sizes = {int(t) for t in targets if t == int(t)}
                self.found.sizes.setdefault(_key(collection), set()).update(sizes)
            case ir.Subset(collection=inner):
                self._land_on_size(inner, targets)
            case ir.RuleOf(key=key) if isinstance(collection.type, Many):
                for value in self._values(key):
                    self._land_on_size(value, targets)

    # -- forwards: what an expression without facts can come to ----------------------------------------------------------

    def _constant(self, node: ir.Expression, counting: bool = False) -> frozenset[Any] | None:
        """The values an expression can have whatever the facts are; ``None`` where it depends on facts.

        A head count is one of :data:`HEADS` where something is multiplied or divided by it (``counting``).
        """
        match node:
            case ir.Literal(value=value):
                return frozenset([value])
            case ir.ParameterAt(name=name):
                return self._figures(name)
            case ir.RuleOf(key=key):
                return self._constant_rule(key, counting)
            case ir.Arithmetic(op=op):
                inner = counting or op in "*/"
                return _both(self._constant(node.left, inner), self._constant(node.right, inner), _DONE[op])
            case ir.Extreme():
                known = [self._constant(item, counting) for item in node.items]
                return frozenset(v for values in known if values for v in values) if None not in known else None
            case ir.Scaled(fn=fn, item=item):
                values = self._constant(item, counting)
                return values and frozenset(Fraction(v) / 12 if fn == "per_month" else v * 12 for v in values)
            case ir.Aggregate(fn="count") if counting:
                return frozenset(HEADS)
            case ir.Shifted():
                moved = lambda day, by: shift(day, node.sign * int(by), node.unit)  # noqa: E731  # used once
                return _both(self._constant(node.date), self._constant(node.by), moved)
        return None

    def _figures(self, name: str) -> frozenset[Any]:
        parameter = self.rules.parameters[name]
        values = {self.rules.reading(name, key).value for key in parameter.figures}
        return frozenset(value for value in values if isinstance(value, int | Fraction | dt.date))

    def _constant_rule(self, key: str, counting: bool) -> frozenset[Any] | None:
        if (key, counting) not in self._constants:
            self._constants[key, counting] = None  # whatever leads back here adds nothing
            known = [self._constant(value, counting) for value in self._values(key)]
            settled = None if None in known or not known else frozenset(v for values in known if values for v in values)
            self._constants[key, counting] = settled
        return self._constants[key, counting]

    def _values(self, key: str) -> Iterator[ir.Expression]:
        """The expressions that can be a rule's value, those of its exceptions and additions included."""
        effective = self.rules.rules.get(key)
        if effective is None:
            return
        for definition in (effective.definition, *effective.exceptions):
            yield from _results(definition)
        for other in effective.additions:
            yield from self._values(other)


def _results(definition: Definition) -> Iterator[ir.Expression]:
    match definition.body:
        case Formula(expression=expression):
            yield expression
        case Choice(branches=branches):
            yield from (branch.expression for branch in branches)
        case Table() as table:
            yield from _outputs(table)
        case TableParameter(tables=tables):
            for _, table in tables:
                yield from _outputs(table)
        case Sum(parts=parts):
            yield from parts
        case body if isinstance(definition.type, Many):
            yield from body.expressions()


def _outputs(table: Table) -> Iterator[ir.Expression]:
    return (output for row in table.rows for output in row.outputs if output is not None)


def _key(node: ir.FactOf) -> FactKey:
    assert isinstance(node.of.type, One)
    return node.of.type.kind, node.fact.id


def _in_order(values: Iterable[Fraction]) -> tuple[Fraction, ...]:
    return tuple(sorted(values, key=lambda v: (abs(v), v)))


# -- arithmetic on sets of values --------------------------------------------------------------------------------------

_Operation = Callable[[Any, Any], Any]


def _quotient(a: Any, b: Any) -> Any:
    return Fraction(a) / b


_DONE: dict[str, _Operation] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _quotient,
}
# x op right = t, solved for x; and left op x = t, solved for x.
_UNDONE_LEFT: dict[str, _Operation] = {
    "+": lambda t, right: t - right,
    "-": lambda t, right: t + right,
    "*": _quotient,
    "/": lambda t, right: t * right,
}
_UNDONE_RIGHT: dict[str, _Operation] = {
    "+": lambda t, left: t - left,
    "-": lambda t, left: left - t,
    "*": _quotient,
    "/": lambda t, left: Fraction(left) / t,
}


def _every(operation: _Operation, first: Iterable[Any], second: Iterable[Any]) -> Iterator[Any]:
    for a in first:
        for b in second:
            try:
                yield operation(a, b)
            except (ZeroDivisionError, ValueError, OverflowError):
                continue


def _both(first: frozenset[Any] | None, second: frozenset[Any] | None, operation: _Operation) -> frozenset[Any] | None:
    if first is None or second is None:
        return None
    return frozenset(list(dict.fromkeys(_every(operation, sorted(first), sorted(second))))[:_MOST])
