"""Rules compiled to closures: compiled once for a stretch of days, run for any number of cases.

A closure takes the subject of the rule and the two loop variables. Each rule's result is kept on the subject it is about, so
that nothing is worked out twice and the trail can walk what was computed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

from minzheng_rules.case.entity import Finding
from minzheng_rules.evaluator.possible import (
    MAYBE,
    Choices,
    Crowd,
    Interval,
    between,
    bounds,
    divide,
    full_months,
    full_years,
    greatest,
    hull,
    interval,
    least,
    monotone,
    rounded,
    settled,
    shift,
)
from minzheng_rules.evaluator.subjects import Subject, internal, unknown_fact, unknown_of
from minzheng_rules.language import ir
from minzheng_rules.language.tables import band
from minzheng_rules.language.types import Quantity, Row, Rows, Type
from minzheng_rules.rulebook.definitions import (
    Choice,
    Clause,
    Conditions,
    Definition,
    Delegated,
    Formula,
    Group,
    Stack,
    Sum,
    Table,
    TableParameter,
)
from minzheng_rules.rulebook.parameters import Band, Parameter
from minzheng_rules.rulebook.resolution import Names
from minzheng_rules.rulebook.ruleset import Effective, RuleSet

Closure = Callable[[Subject, Any, Any], Any]
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
AS_OF = "as_of"
WHEN = "?when"
OWN = "?own"
"""Under a rule's key with this: what it comes to before other benefits bear on it."""
EXACT = "?exact"
"""Under a rule's key with this: what it comes to before it is rounded."""


class Compiled:
    """The rules of one stretch of days, ready to run."""

    def __init__(self, rules: RuleSet, names: Names) -> None:
        self.rules, self.names = rules, names
        self._rules: dict[str, Closure] = {}
        self._exceptions: dict[str, Closure] = {}
        self._closures: dict[ir.Expression, Closure] = {}
        self._exacts: dict[str, Closure] = {}
        self.kept: dict[Any, Any] = {}
        """What the trail of every case says in the same words, made once."""

    # -- running -------------------------------------------------------------------------------------------------

    def value(self, key: str, subject: Subject) -> Any:
        """What a rule yields for a subject, worked out once."""
        memo = subject.memo
        if key in memo:
            return memo[key]
        result = memo[key] = (self._rules.get(key) or self._prepared(key))(subject, None, None)
        return result

    def _prepared(self, key: str) -> Closure:
        """A rule as a closure, made when it is first asked."""
        rule = self._rules[key] = self._rule(key)
        return rule

    def closure(self, node: ir.Expression) -> Closure:
        """An expression as a closure, compiled once: for those who look at parts of a rule."""
        found = self._closures.get(node)
        if found is None:
            found = self._closures[node] = self.expression(node)
        return found

    # -- rules ---------------------------------------------------------------------------------------------------

    def _rule(self, key: str) -> Closure:
        effective = self.rules.rules.get(key)
        if effective is None:
            unknown = unknown_of(self.names.type_of(key))
            return lambda e, x, y: unknown
        body = self._exact(effective)
        if effective.stacks:
            body = self._stacked(effective)
        if effective.definition.rounding is not None:
            body = self._rounded(effective.definition.rounding, effective.original.key + EXACT, body)
        return body

    def unrounded(self, effective: Effective, subject: Subject) -> Any:
        """What a rule comes to before it is rounded, other benefits taken into account; kept when it was rounded."""
        self.value(effective.original.key, subject)
        return subject.memo[effective.original.key + EXACT]

    def before_award(self, effective: Effective, subject: Subject) -> Any:
        """What a rule comes to by itself, before other benefits bear on it; worked out once."""
        key = effective.original.key
        kept = key + OWN
        if kept in subject.memo:
            return subject.memo[kept]
        exact = self._exacts.get(key)
        if exact is None:
            exact = self._exacts[key] = self._exact(effective)
        value = subject.memo[kept] = exact(subject, None, None)
        return value

    def _stacked(self, effective: Effective) -> Closure:
        """The award pass: what other benefits leave of an amount."""
        stacks = [(stack, self.other_benefit(stack)) for stack in effective.stacks]

        def award(e: Subject, x: Any, y: Any) -> Any:
            own = self.before_award(effective, e)
            for stack, other in stacks:
                if type(own) is not Interval and own == 0:
                    return own
                holds, amount = other(e)
                own = leaves(stack, own, holds, amount)
            return own

        return award

    def other_benefit(self, stack: Stack) -> Callable[[Subject], tuple[Any, Any]]:
        """Whether the other benefit is there, and how much it is (``None`` for a mere condition)."""
        if stack.condition is not None:
            condition = self.expression(stack.condition)
            return lambda e: (condition(e, None, None), None)
        if stack.amount is not None:
            return self._other_amount(stack)
        assert stack.drawn is not None
        list_name, kind_name, value, amount_name = stack.drawn

        def drawn(e: Subject) -> tuple[Any, Any]:
            listed = e.facts.get(list_name)
            if listed is None:
                return MAYBE, Interval(0, None)
            holds: Any = False
            total: Any = 0
            for item in listed:
                is_it = item.facts.get(kind_name, MAYBE)
                if is_it is not MAYBE and is_it != value:
                    continue
                amount = item.facts.get(amount_name, Interval(0, None))
                holds = True if holds is True or is_it == value else MAYBE
                total = total + (amount if is_it is not MAYBE else hull(0, amount))
            return holds, total

        return drawn

    def _other_amount(self, stack: Stack) -> Callable[[Subject], tuple[Any, Any]]:
        assert stack.amount is not None
        owner, key = self.expression(stack.amount.of), stack.amount.key
        effective = self.rules.rules.get(key)

        def amount(e: Subject) -> tuple[Any, Any]:
            subject = owner(e, None, None)
            if effective is None or type(subject) is not Subject:
                return MAYBE, Interval(0, None)
            # Of two amounts the higher is chosen by what each comes to by itself: neither waits for the other.
            chosen = stack.relation == "higher"
            value = self.before_award(effective, subject) if chosen else self.value(key, subject)
            return value > 0, value

        return amount

    def _exact(self, effective: Effective) -> Closure:
        """A rule without its rounding, in the fixed order: given, exceptions, needs, body."""
        definition = effective.definition
        body = self._body(effective)
        if definition.needs:
            body = self._needing(definition, body)
        if effective.exceptions:
            body = self._excepted(effective, body)
        if definition.given is not None:
            body = _given(self.expression(definition.given), body)
        return body

    def _body(self, effective: Effective) -> Closure:
        definition = effective.definition
        body = definition.body
        type_ = definition.type
        match body:
            case Formula():
                return self.expression(body.expression)
            case Conditions():
                return self._conditions(effective, body)
            case Choice():
                return self._choice(body)
            case Table():
                return self._table(body, type_)
            case TableParameter():
                return self._table_parameter(body, type_)
            case Sum():
                parts = [self.expression(part) for part in body.parts]
                parts += [self._added(key) for key in effective.additions]
                return _sum(parts)
            case Group():
                return self.expression(body.subset)
            case Delegated():
                return self._delegated(effective)

    def _added(self, key: str) -> Closure:
        return lambda e, x, y: self.value(key, e)

    def _conditions(self, effective: Effective, body: Conditions) -> Closure:
        definition = effective.definition
        added = [self._added(key) for key in effective.additions]
        clause, unless = self.clause(body.clause), [self.clause(item) for item in definition.unless]
        if added and not definition.unless:
            # Further alternatives join an `any`.
            if body.clause.mode == "any":
                clause = _any([*(self.clause(item) for item in body.clause.clauses), *added])
            else:
                clause = _any([clause, *added])
        else:
            # Where a rule has an `unless` list, that list is the open one: further persons are left out.
            unless = [*unless, *added]
        return clause if not unless else _all([clause, _not(_any(unless))])

    def clause(self, clause: Clause) -> Closure:
        """A condition with its parts."""
        if clause.mode == "one":
            assert clause.expression is not None
            return self.expression(clause.expression)
        parts = [self.clause(item) for item in clause.clauses]
        return _all(parts) if clause.mode == "all" else _any(parts)

    def _choice(self, body: Choice) -> Closure:
        branches = [
            (None if branch.clause is None else self.clause(branch.clause), self.expression(branch.expression))
            for branch in body.branches
        ]

        def choose(e: Subject, x: Any, y: Any) -> Any:
            possible = []
            for condition, result in branches:
                holds = True if condition is None else condition(e, x, y)
                if holds is False:
                    continue
                possible.append(result(e, x, y))
                if holds is True:
                    break
            return possible[0] if len(possible) == 1 else hull(*possible)

        return choose

    def _table(self, body: Table, type_: Type) -> Closure:
        unknown = unknown_of(type_)
        rows = []
        for row in body.rows:
            conditions = _all([self.expression(c) for c in row.conditions if c is not None])
            rows.append((conditions, self._outputs(row.outputs, body.columns, type_)))

        def look_up(e: Subject, x: Any, y: Any) -> Any:
            possible = []
            for conditions, result in rows:
                holds = conditions(e, x, y)
                if holds is False:
                    continue
                possible.append(result(e, x, y))
                if holds is True:
                    break
            if not possible:
                return unknown
            return possible[0] if len(possible) == 1 else hull(*possible)

        return look_up

    def _table_parameter(self, body: TableParameter, type_: Type) -> Closure:
        """A table kept as a parameter: the version in force, if there is one that may be computed with."""
        table = body.table(self.rules.reading(body.parameter).value)
        if table is None:
            unknown = unknown_of(type_)
            return lambda e, x, y: unknown
        return self._table(table, type_)

    def _outputs(self, outputs: Sequence[ir.Expression | None], columns: Sequence[str], type_: Type) -> Closure:
        if isinstance(type_, Row):
            types = dict(type_.columns)
            parts = [(name, self._output(output, types[name])) for name, output in zip(columns, outputs, strict=True)]
            return lambda e, x, y: {name: part(e, x, y) for name, part in parts}
        return self._output(outputs[0], type_)

    def _output(self, output: ir.Expression | None, type_: Type) -> Closure:
        if output is None:
            unknown = unknown_of(type_)
            return lambda e, x, y: unknown
        return self.expression(output)

    def _delegated(self, effective: Effective) -> Closure:
        unknown = unknown_of(effective.definition.type)

        def find(e: Subject, x: Any, y: Any) -> Any:
            found = finding(effective, e)
            return unknown if found is None else found

        return find

    def _needing(self, definition: Definition, body: Closure) -> Closure:
        needs = [self.expression(need) for need in definition.needs]
        unknown = unknown_of(definition.type)
        return lambda e, x, y: body(e, x, y) if all(settled(need(e, x, y)) for need in needs) else unknown

    def exception_when(self, definition: Definition) -> Closure:
        """When an exception takes the place of the rule it excepts; kept on the subject."""
        found = self._exceptions.get(definition.key)
        if found is None:
            assert definition.when is not None
            condition = self.clause(definition.when)
            key = definition.key + WHEN

            def holds(e: Subject, x: Any, y: Any) -> Any:
                if key not in e.memo:
                    e.memo[key] = condition(e, x, y)
                return e.memo[key]

            found = self._exceptions[definition.key] = holds
        return found

    def _excepted(self, effective: Effective, body: Closure) -> Closure:
        exceptions = [(d, self.exception_when(d)) for d in effective.exceptions]
        unknown = unknown_of(effective.definition.type)

        def decide(e: Subject, x: Any, y: Any) -> Any:
            states = {d.key: when(e, x, y) for d, when in exceptions}
            sure, maybe, conflict = standing(effective, states)
            if conflict:
                return unknown
            possible = [self.value(d.key, e) for d in (*sure, *maybe)]
            if maybe and may_collide((*sure, *maybe)):
                possible.append(unknown)
            if not sure:
                possible.append(body(e, x, y))
            return possible[0] if len(possible) == 1 else hull(*possible)

        return decide

    def _rounded(self, parameter: str, kept: str, body: Closure) -> Closure:
        way = self.rules.reading(parameter).value

        def round_off(e: Subject, x: Any, y: Any) -> Any:
            exact = e.memo[kept] = body(e, x, y)
            return rounded(exact, way) if isinstance(way, str) else _within_a_yuan(exact)

        return round_off

    # -- expressions ---------------------------------------------------------------------------------------------

    def expression(self, node: ir.Expression) -> Closure:
        """An expression as a closure."""
        match node:
            case ir.Literal(value=value):
                return lambda e, x, y: value
            case ir.Value(id=id):
                return lambda e, x, y: id
            case ir.Written(text=text):
                return lambda e, x, y: text
            case ir.TableRows():
                return self._table_rows(node)
            case ir.AsOf():
                return lambda e, x, y: e.case.memo[AS_OF]
            case ir.Self(up=up):
                return _self(up)
            case ir.Variable(slot=slot):
                return (lambda e, x, y: x) if slot == 1 else (lambda e, x, y: y)
            case ir.FactOf():
                return self._fact(node)
            case ir.RuleOf():
                return self._rule_of(node)
            case ir.ParameterAt():
                return self._parameter(node)
            case ir.ColumnOf():
                of, column = self.expression(node.of), node.column
                return lambda e, x, y: of(e, x, y)[column]
            case ir.Arithmetic():
                return self._arithmetic(node)
            case ir.Compare():
                return self._compared(node)
            case ir.OneOf():
                return self._one_of(node)
            case ir.AllOf():
                return _all([self.expression(item) for item in node.items])
            case ir.AnyOf():
                return _any([self.expression(item) for item in node.items])
            case ir.Not():
                return _not(self.expression(node.item))
            case ir.Aggregate():
                return self._aggregate(node)
            case ir.Subset():
                return self._subset(node)
            case ir.CountTrue():
                return _count_true([self.expression(item) for item in node.items])
            case ir.Extreme():
                return self._extreme(node)
            case ir.FullPeriods():
                function = full_years if node.fn == "full_years" else full_months
                start, end = self.expression(node.start), self.expression(node.end)
                return lambda e, x, y: between(function, start(e, x, y), end(e, x, y))
            case ir.Scaled():
                item = self.expression(node.item)
                if node.fn == "per_year":
                    return lambda e, x, y: item(e, x, y) * 12
                return lambda e, x, y: divide(item(e, x, y), 12)
            case ir.MonthStart():
                item = self.expression(node.item)
                return lambda e, x, y: monotone(lambda day: day.replace(day=1), item(e, x, y))
            case ir.Shifted():
                return self._shifted(node)
        raise AssertionError(f"no meaning for {type(node).__name__}")

    def _compared(self, node: ir.Compare) -> Closure:
        compare, left = _COMPARISONS[node.op], self.expression(node.left)
        match node.right:
            case ir.Literal(value=line) | ir.Value(id=line):
                return lambda e, x, y: compare(left(e, x, y), line)
            case ir.ParameterAt(name=name, indexes=()):
                line = self.cell(self.rules.parameters[name], ())
                return lambda e, x, y: compare(left(e, x, y), line)
        right = self.expression(node.right)
        return lambda e, x, y: compare(left(e, x, y), right(e, x, y))

    def _fact(self, node: ir.FactOf) -> Closure:
        name = node.fact.id
        unknown = unknown_fact(node.fact, node.type, self.rules.day)
        dated = node.fact.shape == "date" and not node.fact.may_be_future
        if isinstance(node.of, ir.Self) and node.of.up == 0 and not dated:
            return lambda e, x, y: e.facts.get(name, unknown)
        of = self.expression(node.of)

        def look(e: Subject, x: Any, y: Any) -> Any:
            owner = of(e, x, y)
            value = owner.facts.get(name) if type(owner) is Subject else None
            if value is None:
                return interval(unknown.low, e.case.memo[AS_OF]) if dated else unknown
            return value

        return look

    def _rule_of(self, node: ir.RuleOf) -> Closure:
        key, unknown = node.key, unknown_of(node.type)
        rules, prepared = self._rules, self._prepared
        if isinstance(node.of, ir.Self) and node.of.up == 0:

            def own(e: Subject, x: Any, y: Any) -> Any:
                memo = e.memo
                if key in memo:
                    return memo[key]
                result = memo[key] = (rules.get(key) or prepared(key))(e, None, None)
                return result

            return own
        of = self.expression(node.of)

        def other(e: Subject, x: Any, y: Any) -> Any:
            owner = of(e, x, y)
            if type(owner) is not Subject:
                return unknown
            memo = owner.memo
            if key in memo:
                return memo[key]
            result = memo[key] = (rules.get(key) or prepared(key))(owner, None, None)
            return result

        return other

    def _parameter(self, node: ir.ParameterAt) -> Closure:
        parameter = self.rules.parameters[node.name]
        if not node.indexes:
            value = self.cell(parameter, ())
            return lambda e, x, y: value
        indexes = [self.expression(index) for index in node.indexes]
        if any(isinstance(index, Band) for index in parameter.indexes):
            return self._banded(parameter, indexes, tuple(self.whole(index) for index in node.indexes))
        known: dict[tuple[Any, ...], Any] = {}

        def look_up(e: Subject, x: Any, y: Any) -> Any:
            keys = tuple(index(e, x, y) for index in indexes)
            if all(type(key) is str for key in keys):
                if keys not in known:
                    known[keys] = self.cell(parameter, keys)
                return known[keys]
            return hull(*(self.cell(parameter, key) for key in _combinations(keys)))

        return look_up

    def whole(self, node: ir.Expression) -> bool:
        """Whether a quantity is surely a whole number: a count, full years, a fact counted in whole things."""
        match node:
            case ir.FullPeriods() | ir.CountTrue() | ir.Aggregate(fn="count"):
                return True
            case ir.FactOf():
                return bool(node.fact.whole)
            case ir.RuleOf():
                effective = self.rules.rules.get(node.key)
                body = effective.definition.body if effective is not None and not effective.exceptions else None
                return isinstance(body, Formula) and self.whole(body.expression)
        return False

    def _banded(self, parameter: Parameter, indexes: list[Closure], whole: tuple[bool, ...]) -> Closure:
        """A parameter with bands: the cell the indexes fall into, or all they may fall into."""

        def look_up(e: Subject, x: Any, y: Any) -> Any:
            return self.cells(parameter, tuple(index(e, x, y) for index in indexes), whole)

        return look_up

    def cells(self, parameter: Parameter, indexes: tuple[Any, ...], whole: tuple[bool, ...]) -> Any:
        """The value at index values that may be open, over all the cells they may pick."""
        keys = (
            parameter.matching(indexes) if all(settled(i) for i in indexes) else self.within(parameter, indexes, whole)
        )
        return hull(*(self.cell(parameter, key) for key in keys)) if keys else self.cell(parameter, ())

    def within(self, parameter: Parameter, indexes: tuple[Any, ...], whole: tuple[bool, ...]) -> list[tuple[str, ...]]:
        """The keys that open index values may pick; empty if they may also miss every one."""
        found = []
        for key in parameter.figures:
            fits = True
            for part, index, value in zip(key, parameter.indexes, indexes, strict=True):
                if isinstance(index, Band):
                    low, high = band(part) or (None, None)
                    scale = index.unit.scale if index.unit is not None else 1
                    least_, greatest_ = bounds(value)
                    if low is not None and greatest_ is not None and greatest_ < low * scale:
                        fits = False
                    if high is not None and least_ is not None and least_ > high * scale:
                        fits = False
                else:
                    fits = fits and (part in value.ids if isinstance(value, Choices) else part == value)
            if fits:
                found.append(key)
        return found if found and self._covered(parameter, indexes, whole, found) else [*found, ()]

    def _covered(
        self, parameter: Parameter, indexes: tuple[Any, ...], whole: tuple[bool, ...], found: list[tuple[str, ...]]
    ) -> bool:
        """Whether a single open index, a whole number, must fall into one of the bands found."""
        if (
            len(indexes) != 1
            or not whole[0]
            or type(indexes[0]) is not Interval
            or not isinstance(parameter.indexes[0], Band)
        ):
            return False
        low, high = bounds(indexes[0])
        if low is None or high is None or high - low > 1000:
            return False
        index = parameter.indexes[0]
        return all(any(index.holds(key[0], value) for key in found) for value in range(int(low), int(high) + 1))

    def _table_rows(self, node: ir.TableRows) -> Closure:
        grid = self.rules.reading(node.name).value
        assert isinstance(node.type, Rows)
        columns = node.type.row.columns
        lines = next((rows for known, rows in node.tables if known is grid), None)
        if lines is None:
            return lambda e, x, y: Crowd((), (), True)
        cells = [
            [(name, self._output(cell, type_)) for (name, type_), cell in zip(columns, line, strict=True)]
            for line in lines
        ]
        return lambda e, x, y: tuple({name: cell(e, x, y) for name, cell in line} for line in cells)

    def cell(self, parameter: Parameter, key: tuple[str, ...]) -> Any:
        """The value of one cell of a parameter, or everything it may be."""
        value = self.rules.reading(parameter.id, key).value
        if value is not None:
            return value
        if isinstance(parameter.type, Quantity):
            return Interval(parameter.low, parameter.high)
        return unknown_of(parameter.type)

    def _arithmetic(self, node: ir.Arithmetic) -> Closure:
        left, right = self.expression(node.left), self.expression(node.right)
        if node.op == "+":
            return lambda e, x, y: left(e, x, y) + right(e, x, y)
        if node.op == "-":
            return lambda e, x, y: left(e, x, y) - right(e, x, y)
        if node.op == "*":
            return lambda e, x, y: left(e, x, y) * right(e, x, y)
        return lambda e, x, y: divide(left(e, x, y), right(e, x, y))

    def _one_of(self, node: ir.OneOf) -> Closure:
        item, ids, negated = self.expression(node.item), frozenset(node.values), node.negated

        def among(e: Subject, x: Any, y: Any) -> Any:
            value = item(e, x, y)
            if type(value) is str:
                return (value in ids) is not negated
            assert isinstance(value, Choices)
            if value.ids <= ids:
                return not negated
            return negated if value.ids.isdisjoint(ids) else MAYBE

        return among

    def _extreme(self, node: ir.Extreme) -> Closure:
        items = [self.expression(item) for item in node.items]
        plain, open_ = (min, least) if node.fn == "min" else (max, greatest)

        def pick(e: Subject, x: Any, y: Any) -> Any:
            values = [item(e, x, y) for item in items]
            for value in values:
                if type(value) is Interval:
                    return open_(values)
            return plain(values)

        return pick

    def _shifted(self, node: ir.Shifted) -> Closure:
        day, by, unit, sign = self.expression(node.date), self.expression(node.by), node.unit, node.sign

        def move(e: Subject, x: Any, y: Any) -> Any:
            start, amount = day(e, x, y), by(e, x, y)
            if type(amount) is Interval:
                if amount.low is None or amount.high is None or type(start) is Interval:
                    return Interval(None, None)
                ends = sorted(shift(start, sign * int(end), unit) for end in (amount.low, amount.high))
                return interval(*ends)
            return monotone(lambda d: shift(d, sign * int(amount), unit), start)

        return move

    # -- collections ---------------------------------------------------------------------------------------------

    def _subset(self, node: ir.Subset) -> Closure:
        collection, where = self.expression(node.collection), _bound(self.expression(node.where), node.slot)

        def choose(e: Subject, x: Any, y: Any) -> Any:
            sure: list[Subject] = []
            maybe: list[Subject] = []
            all_of_it = collection(e, x, y)
            for item, certain in each(all_of_it):
                belongs = where(e, x, y, item)
                if belongs is True and certain:
                    sure.append(item)
                elif belongs is not False:
                    maybe.append(item)
            open_ = type(all_of_it) is Crowd and all_of_it.open
            return Crowd(tuple(sure), tuple(maybe), open_) if maybe or open_ else tuple(sure)

        return choose

    def _aggregate(self, node: ir.Aggregate) -> Closure:
        collection = self.expression(node.collection)
        element = None if node.element is None else _bound(self.expression(node.element), node.slot)
        where = None if node.where is None else _bound(self.expression(node.where), node.slot)
        if node.fn == "sum":
            assert element is not None
            return _summing(collection, element, where)
        if node.fn == "count":
            return _counting(collection, where)
        assert element is not None
        return _quantifying(collection, element, where, node.fn == "all")


# -- small closures ----------------------------------------------------------------------------------------------------


def each(collection: Any) -> Iterable[tuple[Subject, bool]]:
    """The members of a collection, each with whether it surely belongs."""
    return zip(collection, repeat(True)) if type(collection) is tuple else collection


def members_of(collection: Any) -> Iterable[Subject]:
    """The members of a collection, whether they surely belong or not."""
    return collection if type(collection) is tuple else (*collection.sure, *collection.maybe)


def entered_finding(effective: Effective, subject: Subject) -> Finding | None:
    """The finding entered in the case for a delegated rule, under its own name or that of the rule it replaces."""
    findings = subject.entity.findings
    if not findings:
        return None
    for definition in (effective.definition, effective.original):
        for name in (definition.declaration.id, definition.declaration.term):
            found = findings.get(name)
            if found is not None:
                return found
    return None


def finding(effective: Effective, subject: Subject) -> Any | None:
    """What a person found on a term the law delegates, if it is entered in the case."""
    found = entered_finding(effective, subject)
    if found is None:
        return None
    if isinstance(found.value, bool):
        return found.value
    type_ = effective.definition.type
    unit = type_.unit if isinstance(type_, Quantity) else None
    return internal(found.value, unit.scale if unit is not None else 1)


def leaves(stack: Stack, own: Any, holds: Any, other: Any) -> Any:
    """What one other benefit leaves of an amount: all of it, the difference, or nothing."""
    if holds is False:
        return own
    if stack.relation == "excluded":
        left: Any = 0
    elif stack.relation == "higher":
        gives_way = (own <= other) if stack.first else (own < other)
        left = 0 if gives_way is True else own if gives_way is False else hull(0, own)
    elif stack.relation == "top_up":
        left = greatest([own - other, 0]) if other is not None else own
    else:
        left = hull(0, own)
    return left if holds is True else hull(own, left)


def standing(
    effective: Effective, states: dict[str, Any]
) -> tuple[tuple[Definition, ...], tuple[Definition, ...], bool]:
    """Which exceptions act, which may, and whether two act that neither overrides."""
    beaten = {other for d in effective.exceptions if states[d.key] is True for other in d.over}
    sure = tuple(d for d in effective.exceptions if states[d.key] is True and d.key not in beaten)
    maybe = tuple(d for d in effective.exceptions if states[d.key] is MAYBE and d.key not in beaten)
    return sure, maybe, len(sure) > 1


def may_collide(exceptions: tuple[Definition, ...]) -> bool:
    """Whether two of several exceptions could both act with neither before the other."""
    return any(
        a.key not in b.over and b.key not in a.over for i, a in enumerate(exceptions) for b in exceptions[i + 1 :]
    )


def _within_a_yuan(value: Any) -> Any:
    """An amount whose rounding is not known: less than ten yuan either way, and never across zero."""
    low, high = bounds(value)
    if low == 0 and high == 0:
        return value
    least_ = None if low is None else max(low - 1000, 0) if low >= 0 else low - 1000
    most = None if high is None else min(high + 1000, 0) if high <= 0 else high + 1000
    return interval(least_, most)


def _bound(closure: Closure, slot: int) -> Callable[[Subject, Any, Any, Any], Any]:
    if slot == 1:
        return lambda e, x, y, item: closure(e, item, y)
    return lambda e, x, y, item: closure(e, x, item)


def _self(up: int) -> Closure:
    if up == 0:
        return lambda e, x, y: e
    if up == 1:
        return lambda e, x, y: e.parent
    return lambda e, x, y: e.up(up)


def _all(parts: Sequence[Closure]) -> Closure:
    if len(parts) == 1:
        return parts[0]

    def holds(e: Subject, x: Any, y: Any) -> Any:
        result: Any = True
        for part in parts:
            value = part(e, x, y)
            if value is False:
                return False
            if value is not True:
                result = MAYBE
        return result

    return holds


def _any(parts: Sequence[Closure]) -> Closure:
    if len(parts) == 1:
        return parts[0]

    def holds(e: Subject, x: Any, y: Any) -> Any:
        result: Any = False
        for part in parts:
            value = part(e, x, y)
            if value is True:
                return True
            if value is not False:
                result = MAYBE
        return result

    return holds


def _not(part: Closure) -> Closure:
    def contrary(e: Subject, x: Any, y: Any) -> Any:
        value = part(e, x, y)
        return MAYBE if value is MAYBE else not value

    return contrary


def _given(condition: Closure, body: Closure) -> Closure:
    def pay(e: Subject, x: Any, y: Any) -> Any:
        holds = condition(e, x, y)
        if holds is False:
            return 0
        return body(e, x, y) if holds is True else hull(0, body(e, x, y))

    return pay


def _sum(parts: Sequence[Closure]) -> Closure:
    def add(e: Subject, x: Any, y: Any) -> Any:
        total: Any = 0
        for part in parts:
            total = total + part(e, x, y)
        return total

    return add


def _count_true(items: Sequence[Closure]) -> Closure:
    def count(e: Subject, x: Any, y: Any) -> Any:
        values = [item(e, x, y) for item in items]
        sure = sum(value is True for value in values)
        return interval(sure, sure + sum(value is MAYBE for value in values))

    return count


Bound = Callable[[Subject, Any, Any, Any], Any]


def _summing(collection: Closure, element: Bound, where: Bound | None) -> Closure:
    def total(e: Subject, x: Any, y: Any) -> Any:
        items = collection(e, x, y)
        result: Any = 0
        for item, certain in each(items):
            belongs = True if where is None else where(e, x, y, item)
            if belongs is False:
                continue
            value = element(e, x, y, item)
            result = result + (value if certain and belongs is True else hull(0, value))
        if type(items) is Crowd and items.open:
            return result + Interval(None, None)
        return result

    return total


def _counting(collection: Closure, where: Bound | None) -> Closure:
    def count(e: Subject, x: Any, y: Any) -> Any:
        items = collection(e, x, y)
        if where is None and type(items) is tuple:
            return len(items)
        sure = maybe = 0
        for item, certain in each(items):
            belongs = True if where is None else where(e, x, y, item)
            if belongs is True and certain:
                sure += 1
            elif belongs is not False:
                maybe += 1
        return interval(sure, None if type(items) is Crowd and items.open else sure + maybe)

    return count


def _quantifying(collection: Closure, element: Bound, where: Bound | None, every: bool) -> Closure:
    """``all`` (settled by a sure member for whom it is false) or ``any`` (by one for whom it is true)."""

    def decide(e: Subject, x: Any, y: Any) -> Any:
        items = collection(e, x, y)
        result: Any = MAYBE if type(items) is Crowd and items.open else every
        for item, certain in each(items):
            belongs = True if where is None else where(e, x, y, item)
            if belongs is False:
                continue
            value = element(e, x, y, item)
            if value is every:
                continue
            if value is MAYBE or belongs is MAYBE or not certain:
                result = MAYBE
            else:
                return not every
        return result

    return decide


def _combinations(keys: tuple[Any, ...]) -> list[tuple[str, ...]]:
    result: list[tuple[str, ...]] = [()]
    for key in keys:
        options = sorted(key.ids) if isinstance(key, Choices) else [key]
        result = [(*head, option) for head in result for option in options]
    return result
