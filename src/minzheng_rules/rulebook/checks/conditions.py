"""Whether conditions can hold together, decided without a case.

A condition becomes a formula: literals, each saying of one axis (a fact, a rule, a comparison of two quantities) which of its
values are meant, joined by *all* and *any*. A search looks for values that make several formulas true at once. What cannot be
taken apart is an axis of its own that may be true or false, and a search that takes too long is given up, so that "cannot hold
together" is always right, and "can hold together" may be too careful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from minzheng_rules.language import ir
from minzheng_rules.language.types import Named, Quantity, Truth
from minzheng_rules.rulebook.checks.bounds import ANY, Bounds, Number, Ranges
from minzheng_rules.rulebook.definitions import Clause, Conditions, Definition, Formula
from minzheng_rules.rulebook.ruleset import RuleSet

MOST_STEPS = 2000
"""How many choices a search tries before it is given up."""
DEEPEST = 6
"""How many rules deep a condition is followed."""
OPPOSITE = {"<": ">=", "<=": ">", "==": "!=", "!=": "==", ">=": "<", ">": "<="}
MIRRORED = {"<": ">", "<=": ">=", "==": "==", "!=": "!=", ">=": "<=", ">": "<"}
_ORDERS = {"<": "<", "<=": "<=", "==": "=", "!=": "<>", ">=": ">=", ">": ">"}
_TRUTHS = frozenset(("true", "false"))


class Among(NamedTuple):
    """One of several named values."""

    values: frozenset[str]


class Against(NamedTuple):
    """A number on one side of another."""

    op: str
    limit: Number


Test = Among | Against


class Literal(NamedTuple):
    """What is said of one axis."""

    axis: str
    test: Test


class Every(NamedTuple):
    """All of several formulas."""

    parts: tuple[Claim, ...]


class Some(NamedTuple):
    """At least one of several formulas."""

    parts: tuple[Claim, ...]


class Followed(NamedTuple):
    """What the conditions of a rule say, looked up when the search comes to it."""

    node: ir.RuleOf
    truth: bool
    scope: Scope
    depth: int


Claim = Literal | Every | Some | Followed
"""A formula."""
ALWAYS, NEVER = Every(()), Some(())


class Scope(NamedTuple):
    """Whom an expression is about, seen from the rule being checked: the entity's name, and those of loop variables."""

    entity: str = "@0"
    variables: tuple[tuple[int, str], ...] = ()

    def up(self, levels: int) -> str:
        """The name of an ancestor."""
        if not levels:
            return self.entity
        if self.entity[:1] == "@" and self.entity[1:].isdigit():
            return f"@{int(self.entity[1:]) + levels}"
        return f"up{levels}({self.entity})"


HERE = Scope()


class Span(NamedTuple):
    """Where a number can still lie."""

    low: Number | None
    high: Number | None
    low_open: bool = False
    high_open: bool = False
    whole: bool = False
    without: frozenset[Number] = frozenset()

    def narrowed(self, test: Against) -> Span | None:
        """What is left of it under a test; ``None`` if nothing is.

        >>> Span(0, None, whole=True).narrowed(Against("<", 1))
        Span(low=0, high=0, low_open=False, high_open=False, whole=True, without=frozenset())
        """
        op, limit = test
        span = self
        if op == "!=":
            span = span._replace(without=span.without | {limit})
        if op in (">", ">=", "==") and (span.low is None or limit > span.low or (limit == span.low and op == ">")):
            span = span._replace(low=limit, low_open=op == ">")
        if op in ("<", "<=", "==") and (span.high is None or limit < span.high or (limit == span.high and op == "<")):
            span = span._replace(high=limit, high_open=op == "<")
        return (span._in_whole_numbers() if span.whole else span)._unless_empty()

    def _in_whole_numbers(self) -> Span:
        low, high = self.low, self.high
        if low is not None:
            low = low.__floor__() + 1 if self.low_open else low.__ceil__()
            while low in self.without:
                low += 1
        if high is not None:
            high = high.__ceil__() - 1 if self.high_open else high.__floor__()
            while high in self.without:
                high -= 1
        return self._replace(low=low, high=high, low_open=False, high_open=False)

    def _unless_empty(self) -> Span | None:
        if self.low is None or self.high is None or self.low < self.high:
            return self
        point = self.low == self.high and not self.low_open and not self.high_open
        return self if point and self.low not in self.without else None


class Axis(NamedTuple):
    """What a number on an axis can be."""

    bounds: Bounds
    whole: bool


class Logic:
    """Conditions on one stretch of days.

    ``supposed`` gives numbers to expressions (by fingerprint) that have none on these days.
    """

    def __init__(
        self, rules: RuleSet, ranges: Ranges | None = None, supposed: Mapping[str, Number] | None = None
    ) -> None:
        self.rules, self.ranges, self.supposed = rules, ranges or Ranges(rules), supposed or {}
        self._axes: dict[str, Axis] = {}
        self._followed: dict[tuple[str, bool, str, int], Claim] = {}

    def possible(self, *claims: Claim) -> bool:
        """Whether several formulas can be true together."""
        return _Search(self).finds(claims)

    # -- conditions ------------------------------------------------------------------------------------------------

    def clause(self, clause: Clause, truth: bool = True, scope: Scope = HERE, depth: int = 0) -> Claim:
        """That a clause is true (or false)."""
        if clause.mode == "one":
            return ALWAYS if clause.expression is None else self.holds(clause.expression, truth, scope, depth)
        parts = tuple(self.clause(part, truth, scope, depth) for part in clause.clauses)
        return Every(parts) if (clause.mode == "all") == truth else Some(parts)

    def holds(self, node: ir.Expression, truth: bool = True, scope: Scope = HERE, depth: int = 0) -> Claim:
        """That an expression is true (or false)."""
        match node:
            case ir.AllOf(items=items) | ir.AnyOf(items=items):
                parts = tuple(self.holds(item, truth, scope, depth) for item in items)
                return Every(parts) if isinstance(node, ir.AllOf) == truth else Some(parts)
            case ir.Not(item=item):
                return self.holds(item, not truth, scope, depth)
            case ir.OneOf():
                return self._among(node.item, frozenset(node.values), truth != node.negated, scope)
            case ir.Compare():
                return self._compared(node, truth, scope)
            case ir.RuleOf():
                own = self._atom(node, truth, scope)
                return Every((own, Followed(node, truth, scope, depth))) if depth < DEEPEST else own
        return self._atom(node, truth, scope)

    def _atom(self, node: ir.Expression, truth: bool, scope: Scope) -> Literal:
        return Literal(fingerprint(node, scope), Among(frozenset(("true" if truth else "false",))))

    def _among(self, item: ir.Expression, values: frozenset[str], truth: bool, scope: Scope) -> Literal:
        return Literal(fingerprint(item, scope), Among(values if truth else values_of(item) - values))

    def _compared(self, node: ir.Compare, truth: bool, scope: Scope) -> Claim:
        """A comparison, with what it says of either side by the other's bounds."""
        op = node.op if truth else OPPOSITE[node.op]
        left, right = node.left, node.right
        if isinstance(left.type, Named):
            for side, other in ((left, right), (right, left)):
                if isinstance(other, ir.Value):
                    return self._among(side, frozenset((other.id,)), op == "==", scope)
        if not isinstance(left.type, Quantity):
            return self._related(left, op, right, scope)
        a, b = self.number(left, scope), self.number(right, scope)
        if a is not None and b is not None:
            return ALWAYS if satisfies(a, Against(op, b)) else NEVER
        if b is not None:
            return self.against(left, op, b, scope)
        if a is not None:
            return self.against(right, MIRRORED[op], a, scope)
        implied = (*self._implied(left, op, right, scope), *self._implied(right, MIRRORED[op], left, scope))
        return Every((self._related(left, op, right, scope), *implied))

    def _implied(self, left: ir.Expression, op: str, right: ir.Expression, scope: Scope) -> Iterator[Literal]:
        """What ``left op right`` says of ``left`` alone, whatever ``right`` is within its bounds."""
        low, high = self.ranges.of(right)
        if op in (">", ">=", "==") and low is not None:
            yield self.against(left, ">=" if op == "==" else op, low, scope)
        if op in ("<", "<=", "==") and high is not None:
            yield self.against(left, "<=" if op == "==" else op, high, scope)

    def against(self, node: ir.Expression, op: str, limit: Number, scope: Scope = HERE) -> Literal:
        """That an expression lies on one side of a number."""
        axis = fingerprint(node, scope)
        if axis not in self._axes:
            self._axes[axis] = Axis(self.ranges.of(node), self.ranges.whole(node))
        return Literal(axis, Against(op, limit))

    def _related(self, left: ir.Expression, op: str, right: ir.Expression, scope: Scope) -> Literal:
        a, b = fingerprint(left, scope), fingerprint(right, scope)
        if a > b:
            a, b, op = b, a, MIRRORED[op]
        meant = frozenset(_ORDERS[op])
        return Literal(f"{a} ? {b}", Among(meant & {"="} if a == b else meant))

    def followed(self, claim: Followed) -> Claim:
        """A rule's conditions as they stand on these days."""
        key = (claim.node.key, claim.truth, fingerprint(claim.node.of, claim.scope), claim.depth)
        found = self._followed.get(key)
        if found is None:
            found = self._followed[key] = self._follow(claim)
        return found

    def _follow(self, claim: Followed) -> Claim:
        definition = self._plain(claim.node.key)
        if definition is None:
            return ALWAYS
        assert isinstance(definition.body, Conditions)
        inner, truth, depth = Scope(fingerprint(claim.node.of, claim.scope)), claim.truth, claim.depth + 1
        parts = [self.clause(definition.body.clause, truth, inner, depth)]
        parts += [self.clause(item, not truth, inner, depth) for item in definition.unless]
        return Every(tuple(parts)) if truth else Some(tuple(parts))

    def _plain(self, key: str) -> Definition | None:
        """The definition of a rule whose conditions are all there is to it."""
        effective = self.rules.rules.get(key)
        if effective is None or effective.additions or effective.exceptions:
            return None
        definition = effective.definition
        plain = isinstance(definition.body, Conditions) and definition.given is None and not definition.needs
        return definition if plain else None

    def span(self, axis: str) -> Span:
        """Where a number can lie before anything is said of it."""
        known = self._axes.get(axis, Axis(ANY, False))
        return Span(*known.bounds, whole=known.whole)

    # -- numbers ---------------------------------------------------------------------------------------------------

    def number(self, node: ir.Expression, scope: Scope = HERE) -> Number | None:
        """The value of an expression that has the same value for everybody on these days, or is supposed to."""
        supposed = self.supposed.get(fingerprint(node, scope)) if self.supposed else None
        if supposed is not None:
            return supposed
        match node:
            case ir.Literal(value=value):
                return value
            case ir.ParameterAt(indexes=indexes) if all(isinstance(index, ir.Value) for index in indexes):
                key = tuple(index.id for index in indexes if isinstance(index, ir.Value))
                given = self.rules.reading(node.name, key).value
                return given if isinstance(given, int | Fraction) else None
            case ir.Arithmetic():
                return self._calculated(node.op, self.number(node.left, scope), self.number(node.right, scope))
            case ir.Extreme(items=items):
                values = [self.number(item, scope) for item in items]
                known = [value for value in values if value is not None]
                return (max if node.fn == "max" else min)(known) if len(known) == len(values) else None
            case ir.Scaled(item=item):
                factor = 12 if node.fn == "per_year" else Fraction(1, 12)
                return self._calculated("*", self.number(item, scope), factor)
            case ir.RuleOf():
                return self._constant(node, scope)
        return None

    def _constant(self, node: ir.RuleOf, scope: Scope) -> Number | None:
        effective = self.rules.rules.get(node.key)
        if effective is None or effective.exceptions or effective.stacks:
            return None
        definition = effective.definition
        if definition.given is not None or definition.rounding is not None or definition.needs:
            return None
        body = definition.body
        return self.number(body.expression, Scope(fingerprint(node.of, scope))) if isinstance(body, Formula) else None

    @staticmethod
    def _calculated(op: str, a: Number | None, b: Number | None) -> Number | None:
        if a is None or b is None or (op == "/" and b == 0):
            return None
        match op:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
        return Fraction(a) / Fraction(b)


class _Search:
    """Looks for values that make formulas true, one choice at a time."""

    def __init__(self, logic: Logic) -> None:
        self._logic, self._steps = logic, 0

    def finds(self, claims: Iterable[Claim]) -> bool:
        """Whether there are such values, as far as can be told."""
        return self._search(list(claims), {})

    def _search(self, claims: list[Claim], said: dict[str, frozenset[str] | Span]) -> bool:
        self._steps += 1
        choices = self._settled(claims, said)
        if choices is None:
            return False
        if not choices or self._steps > MOST_STEPS:
            return True
        first, *others = sorted(choices, key=lambda choice: len(choice.parts))
        return any(self._search([part, *others], dict(said)) for part in first.parts)

    def _settled(self, claims: list[Claim], said: dict[str, frozenset[str] | Span]) -> list[Some] | None:
        """Take up all that leaves no choice, rules last; the choices that remain, or ``None`` for a contradiction."""
        waiting = list(claims)
        later: list[Followed] = []
        choices: list[Some] = []
        while waiting or later:
            claim = waiting.pop() if waiting else self._logic.followed(later.pop())
            match claim:
                case Literal():
                    if not self._say(claim, said):
                        return None
                case Every():
                    waiting.extend(claim.parts)
                case Followed():
                    later.append(claim)
                case Some():
                    if len(claim.parts) == 1:
                        waiting.extend(claim.parts)
                    else:
                        choices.append(claim)
        return choices

    def _say(self, literal: Literal, said: dict[str, frozenset[str] | Span]) -> bool:
        """Take up a literal; false if it contradicts what was said before."""
        axis, test = literal
        known = said.get(axis)
        if isinstance(test, Among):
            values = test.values & known if isinstance(known, frozenset) else test.values
            said[axis] = values
            return bool(values)
        span = (known if isinstance(known, Span) else self._logic.span(axis)).narrowed(test)
        if span is None:
            return False
        said[axis] = span
        return True


def satisfies(value: Number, test: Against) -> bool:
    """Whether a number stands on the right side of a limit."""
    match test.op:
        case "<":
            return value < test.limit
        case "<=":
            return value <= test.limit
        case "==":
            return value == test.limit
        case "!=":
            return value != test.limit
        case ">=":
            return value >= test.limit
    return value > test.limit


def samples(bounds: Bounds, is_whole: bool, limits: Iterable[Number]) -> Iterator[Number]:
    """Numbers that between them lie on every limit, and between each two of them, as far as the bounds reach.

    >>> list(samples(Bounds(0, None), True, [18, 19]))
    [0, 17, 18, 19, 20]
    """
    cuts = sorted({limit for limit in (*limits, bounds.low, bounds.high) if limit is not None and bounds.holds(limit)})
    if not cuts:
        yield 0
        return
    if bounds.low is None:
        yield _below(cuts[0], is_whole)
    for index, cut in enumerate(cuts):
        if not is_whole or cut == int(cut):
            yield cut
        if index + 1 < len(cuts):
            between = _between(cut, cuts[index + 1], is_whole)
            if between is not None:
                yield between
    if bounds.high is None:
        yield -_below(-cuts[-1], is_whole)


def _below(cut: Number, is_whole: bool) -> Number:
    lower = cut - 1
    return lower.__floor__() if is_whole else lower


def _between(low: Number, high: Number, is_whole: bool) -> Number | None:
    if not is_whole:
        return (Fraction(low) + Fraction(high)) / 2
    candidate = high.__ceil__() - 1
    return candidate if candidate > low else None


def values_of(node: ir.Expression) -> frozenset[str]:
    """The named values an expression can have."""
    if isinstance(node.type, Named):
        return frozenset(id for id, _ in node.type.enumeration.values)
    return _TRUTHS if isinstance(node.type, Truth) else frozenset()


def fingerprint(node: ir.Expression, scope: Scope = HERE) -> str:
    """A text that is the same for expressions that mean the same, as seen from one entity."""
    match node:
        case ir.Self(up=up):
            return scope.up(up)
        case ir.Variable(slot=slot):
            return dict(scope.variables).get(slot, f"each{slot}")
        case ir.Literal(value=value):
            return str(value)
        case ir.Value(id=id):
            return f"'{id}'"
        case ir.Written(text=text):
            return f'"{text}"'
        case ir.AsOf():
            return "today"
        case ir.FactOf(of=of, fact=fact):
            return f"{fingerprint(of, scope)}.{fact.id}"
        case ir.RuleOf(of=of, key=key):
            return f"{fingerprint(of, scope)}:{key}"
        case ir.ColumnOf(of=of, column=column):
            return f"{fingerprint(of, scope)}/{column}"
        case ir.ParameterAt(name=name, indexes=indexes):
            return f"{name}[{_several(indexes, scope)}]"
        case ir.TableRows(name=name):
            return f"rows of {name}"
        case ir.Arithmetic() | ir.Compare():
            return f"({fingerprint(node.left, scope)} {node.op} {fingerprint(node.right, scope)})"
        case ir.OneOf(item=item):
            return f"({fingerprint(item, scope)}{' not' if node.negated else ''} in {sorted(node.values)})"
        case ir.Aggregate():
            where = "" if node.where is None else fingerprint(node.where, scope)
            element = "" if node.element is None else fingerprint(node.element, scope)
            return f"{node.fn}({element} for {node.slot} in {fingerprint(node.collection, scope)} if {where})"
        case ir.Subset():
            return f"those({node.slot} in {fingerprint(node.collection, scope)} if {fingerprint(node.where, scope)})"
        case ir.Extreme() | ir.FullPeriods() | ir.Scaled():
            return f"{node.fn}({_several(node.parts(), scope)})"
        case ir.Shifted():
            return f"shift{node.sign:+d}{node.unit}({_several(node.parts(), scope)})"
    return f"{type(node).__name__}({_several(node.parts(), scope)})"


def _several(nodes: Iterable[ir.Expression], scope: Scope) -> str:
    return ", ".join(fingerprint(node, scope) for node in nodes)


def assumed(definition: Definition, logic: Logic) -> Claim:
    """When the body of a rule is asked at all: its ``given``, and for an exception its ``when``."""
    claims: list[Claim] = []
    if definition.given is not None:
        claims.append(logic.holds(definition.given))
    if definition.declaration.link == "exception_to":
        if definition.when is not None:
            claims.append(logic.clause(definition.when))
        target = logic.rules.rules.get(definition.target or "")
        if target is not None and target.definition.given is not None:
            claims.append(logic.holds(target.definition.given))
    return Every(tuple(claims))
