"""Rules to plan: every kind of expression and body, in the meaning the single-case evaluator gives it.

The counterpart of :mod:`minzheng_rules.evaluator.compiling`: what is done there for one subject is said here for all rows of a
table at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from minzheng_rules.case.vocabulary import FactType, Vocabulary
from minzheng_rules.evaluator.possible import WAYS
from minzheng_rules.language import ir
from minzheng_rules.language.tables import band
from minzheng_rules.language.types import Day, Enumeration, Named, Quantity, Row, Rows, TextType, Truth, Type
from minzheng_rules.language.units import parse_unit
from minzheng_rules.population.lowering.numbers import Number, Ratio
from minzheng_rules.population.lowering.plan import FIRST_DAY, LAST_DAY, MONTH, YEAR, Level, Node, Plan
from minzheng_rules.population.lowering.profile import Cell, Figures, Profile
from minzheng_rules.population.lowering.values import (
    Code,
    Crowd,
    Entity,
    Group,
    Line,
    Logic,
    NotLowered,
    Scope,
    Someone,
    Value,
    Values,
    Words,
)
from minzheng_rules.rulebook.definitions import (
    Choice,
    Clause,
    Conditions,
    Definition,
    Delegated,
    Formula,
    Stack,
    Sum,
    Table,
    TableParameter,
)
from minzheng_rules.rulebook.definitions import Group as GroupBody
from minzheng_rules.rulebook.parameters import Band, Key, Parameter
from minzheng_rules.rulebook.resolution import Names
from minzheng_rules.rulebook.ruleset import Effective, RuleSet

RuleAt = tuple[str, str]
"""A rule by its key, for the rows of the table at a path."""
SUBJECT = "e"
"""The rule's own subject, among what a scope binds."""


class Lowering:
    """Lowers the rules of one day for one profile into one plan."""

    def __init__(
        self,
        rules: RuleSet,
        names: Names,
        profile: Profile,
        figures: Figures,
        spanning: frozenset[Cell] = frozenset(),
    ) -> None:
        self.spanning = spanning
        """Figures that stand for everything between two values."""
        self.rules, self.names, self.profile, self.figures = rules, names, profile, figures
        self.vocabulary: Vocabulary = names.vocabulary
        self.plan = Plan()
        self.values = Values(self.plan)
        self.numbers = self.values.numbers
        self.as_of = self.plan.input(("as_of",), None, FIRST_DAY, LAST_DAY)
        self.texts: list[str] = []
        """Texts that stand in rules or parameters; where they stand among the population's texts is looked up before a run."""
        self._rules: dict[tuple[str, str], Value] = {}
        self._exacts: dict[tuple[str, str], Value] = {}

    # -- rules ---------------------------------------------------------------------------------------------------

    def rule(self, key: str, path: str) -> Value:
        """What a rule yields for every row of a table."""
        found = self._rules.get((key, path))
        if found is None:
            try:
                found = self._rule(key, path)
            except NotLoweredRule:
                raise
            except NotLowered as why:
                raise NotLoweredRule(self.names, key, why) from None
            self._rules[key, path] = found
            self._call(found, key.partition(".")[2])
        return found

    def settling(self) -> tuple[tuple[RuleAt, Node], ...]:
        """Of each rule that rests on figures standing for everything between two values: for which rows it is settled."""
        found = {
            rule: self.values.settled(value) for rule, value in self._rules.items() if isinstance(value, Logic | Number)
        }
        resting: set[int] = set()
        for node in self.plan.nodes:
            spans = node.op == "input" and node.data[0] == "figure_high"
            if spans or any(arg.number in resting for arg in node.args):
                resting.add(node.number)
        return tuple((rule, node) for rule, node in found.items() if node.number in resting and node.level is not None)

    def settled_at(self, rules: Collection[RuleAt]) -> frozenset[int]:
        """The nodes, by number, that come to the same at every value of the figures where these rules do."""
        nodes: list[Node] = []
        for rule in rules:
            value = self._rules.get(rule)
            if isinstance(value, Logic):
                nodes += [value.yes, value.may]
            elif isinstance(value, Number) and not value.low.divisors and not value.high.divisors:
                nodes += [value.low.number, value.high.number, value.no_low, value.no_high]
        return frozenset(node.number for node in nodes if node.level is not None)

    def _rule(self, key: str, path: str) -> Value:
        effective = self.rules.rules.get(key)
        if effective is None:
            return self.values.unknown(self.names.type_of(key))
        value = self.before_award(effective, path)
        scope = self.scope_of(path)
        for stack in effective.stacks:
            value = self._stacked(stack, scope, _number(value))
        rounding = effective.definition.rounding
        return value if rounding is None else self._rounded(rounding, _number(value))

    def scope_of(self, path: str) -> Scope:
        """The rows of a table, each speaking of itself."""
        me = Entity((Someone(path, None, self.plan.true),), self.plan.true)
        return Scope(self.plan.table(path), {SUBJECT: me})

    def before_award(self, effective: Effective, path: str) -> Value:
        """What a rule comes to by itself, neither rounded nor touched by other benefits."""
        key = effective.original.key
        found = self._exacts.get((key, path))
        if found is None:
            found = self._exacts[key, path] = self._exact(effective, self.scope_of(path))
        return found

    def _exact(self, effective: Effective, scope: Scope) -> Value:
        definition = effective.definition
        value = self._body(effective, scope)
        if definition.needs:
            settled = [self.values.settled(self.expression(need, scope)) for need in definition.needs]
            known = self.values.truth(self.plan.every(*settled))
            value = self.values.choose(known, value, self.values.unknown(definition.type))
        if effective.exceptions:
            value = self._excepted(effective, scope, value)
        if definition.given is not None:
            value = self.values.given(self.truth(definition.given, scope), _number(value))
        return value

    def _body(self, effective: Effective, scope: Scope) -> Value:
        definition, body = effective.definition, effective.definition.body
        match body:
            case Formula():
                return self.expression(body.expression, scope)
            case Conditions():
                return self._conditions(effective, body, scope)
            case Choice():
                return self._choice(body, scope)
            case Table():
                return self._table(body, definition.type, scope)
            case TableParameter():
                table = body.table(self.rules.reading(body.parameter).value)
                if table is None:
                    return self.values.unknown(definition.type)
                return self._table(table, definition.type, scope)
            case Sum():
                total = self.numbers.nothing
                for part in body.parts:
                    total = self.numbers.add(total, self.number(part, scope))
                for key in effective.additions:
                    total = self.numbers.add(total, _number(self._of_self(key, scope)))
                return total
            case GroupBody():
                return self._subset(body.subset, scope)
            case Delegated():
                return self._delegated(effective, scope)

    def _of_self(self, key: str, scope: Scope) -> Value:
        """What another rule yields for the same subject."""
        return self.of(self._subject(scope), lambda path: self.rule(key, path), self.names.type_of(key))

    def _subject(self, scope: Scope) -> Entity:
        subject = scope.bound[SUBJECT]
        assert isinstance(subject, Entity)
        return subject

    # -- bodies --------------------------------------------------------------------------------------------------

    def clauses(self, effective: Effective, body: Conditions, scope: Scope) -> tuple[Logic, list[Logic]]:
        """A condition, and what must not hold beside it."""
        definition = effective.definition
        added = [_logic(self._of_self(key, scope)) for key in effective.additions]
        clause = self.clause(body.clause, scope)
        unless = [self.clause(item, scope) for item in definition.unless]
        if added and not definition.unless:
            # Further alternatives join an `any`.
            return self.values.some(clause, *added), unless
        return clause, [*unless, *added]

    def _conditions(self, effective: Effective, body: Conditions, scope: Scope) -> Logic:
        clause, unless = self.clauses(effective, body, scope)
        return self.values.every(clause, *(self.values.no(item) for item in unless))

    def clause(self, clause: Clause, scope: Scope) -> Logic:
        """A condition with its parts."""
        if clause.mode == "one":
            assert clause.expression is not None
            return self.truth(clause.expression, scope)
        parts = [self.clause(item, scope) for item in clause.clauses]
        return self.values.every(*parts) if clause.mode == "all" else self.values.some(*parts)

    def _choice(self, body: Choice, scope: Scope) -> Value:
        cases = []
        for branch in body.branches:
            condition = None if branch.clause is None else self.clause(branch.clause, scope)
            if condition is not None and condition.may is self.plan.false:
                continue
            cases.append((condition, self.expression(branch.expression, scope)))
            if condition is None or condition.yes is self.plan.true:
                break
        _, value = cases.pop()
        for condition, other in reversed(cases):
            assert condition is not None
            value = self.values.choose(condition, other, value)
        return value

    def _table(self, body: Table, type_: Type, scope: Scope) -> Value:
        rows = []
        for row in body.rows:
            condition = self.values.every(*(self.truth(c, scope) for c in row.conditions if c is not None))
            if condition.may is self.plan.false:
                continue
            rows.append((condition, self._outputs(row.outputs, body.columns, type_, scope)))
            if condition.yes is self.plan.true:
                break
        return self._first_that_fits(rows, type_)

    def _first_that_fits(self, rows: list[tuple[Logic, Value]], type_: Type) -> Value:
        """The first row that surely fits, with those before it that may; of what fits no row at all, nothing is known."""
        plan, values = self.plan, self.values
        if not rows:
            return values.unknown(type_)
        (condition, value), *before = reversed(rows)
        present = condition.may
        for condition, output in before:
            if condition.yes is condition.may:
                value = values.choose(condition, output, value)
            else:
                alone = plan.either(condition.yes, plan.both(condition.may, plan.no(present)))
                held = values.choose(values.maybe, output, value)
                value = values.choose(values.truth(condition.may), held, value)
                value = values.choose(values.truth(alone), output, value)
            present = plan.either(present, condition.may)
        if present is plan.true:
            return value
        return values.choose(values.truth(present), value, values.unknown(type_))

    def _outputs(
        self, outputs: Sequence[ir.Expression | None], columns: Sequence[str], type_: Type, scope: Scope
    ) -> Value:
        if isinstance(type_, Row):
            types = dict(type_.columns)
            pairs = zip(columns, outputs, strict=True)
            return Line({name: self._output(output, types[name], scope) for name, output in pairs})
        return self._output(outputs[0], type_, scope)

    def _output(self, output: ir.Expression | None, type_: Type, scope: Scope) -> Value:
        return self.values.unknown(type_) if output is None else self.expression(output, scope)

    def _delegated(self, effective: Effective, scope: Scope) -> Value:
        """What a person found on a term the law leaves open, under the first of its names that was used."""
        type_ = effective.definition.type
        (me,) = self._subject(scope).options
        value = self.values.unknown(type_)
        names = dict.fromkeys(
            n for d in (effective.definition, effective.original) for n in (d.declaration.id, d.declaration.term)
        )
        for name in reversed(names):
            shape = self.profile.columns.get((me.path, f"finding:{name}"))
            if shape is None:
                continue
            known = self.values.truth(self._known(me.path, f"finding:{name}"))
            value = self.values.choose(known, self._finding(me.path, name, type_, shape.places), value)
        return value

    def _finding(self, path: str, name: str, type_: Type, places: int) -> Value:
        level, column = self.plan.table(path), ("column", path, f"finding:{name}")
        if isinstance(type_, Truth):
            return self.values.truth(self.plan.input(column, level, 0, 1, truth=True))
        if not isinstance(type_, Quantity):
            raise NotLowered("认定结论不是是非也不是数", "a finding that is neither yes or no nor a number")
        scale = type_.unit.scale if type_.unit is not None else 1
        node = self.plan.input(column, level, -(10**13), 10**13)
        return self.numbers.exact(_scaled(self.plan, node, scale, places))

    def exception_when(self, definition: Definition, scope: Scope) -> Logic:
        """When an exception takes the place of the rule it excepts."""
        assert definition.when is not None
        return self.clause(definition.when, scope)

    def _excepted(self, effective: Effective, scope: Scope, body: Value) -> Value:
        """The rule, or those exceptions that act; two that act and neither overrides leave it open."""
        plan, values = self.plan, self.values
        states = {d.key: self.exception_when(d, scope) for d in effective.exceptions}
        sure: dict[str, Node] = {}
        open_: dict[str, Node] = {}
        for d in effective.exceptions:
            beaten = plan.some(*(states[o.key].yes for o in effective.exceptions if d.key in o.over))
            sure[d.key] = plan.both(states[d.key].yes, plan.no(beaten))
            maybe = plan.both(states[d.key].may, plan.no(states[d.key].yes))
            open_[d.key] = plan.both(maybe, plan.no(beaten))
        some_sure = plan.some(*sure.values())
        present, value = plan.no(some_sure), body
        for d in effective.exceptions:
            here = plan.either(sure[d.key], open_[d.key])
            other = self._of_self(d.key, scope)
            held = values.choose(Logic(plan.false, plan.true), other, value)
            value = values.choose(
                values.truth(here),
                values.choose(values.truth(present), held, other) if here is not plan.false else other,
                value,
            )
            present = plan.either(present, here)
        unknown = values.unknown(effective.definition.type) if len(effective.exceptions) > 1 else None
        if unknown is not None:
            value = values.choose(values.truth(self._collision(effective, sure, open_)), unknown, value)
        return value

    def _collision(self, effective: Effective, sure: Mapping[str, Node], open_: Mapping[str, Node]) -> Node:
        """Whether two exceptions act that neither overrides, or may."""
        plan = self.plan
        found = plan.false
        some_open = plan.some(*open_.values())
        for i, a in enumerate(effective.exceptions):
            for b in effective.exceptions[i + 1 :]:
                found = plan.either(found, plan.both(sure[a.key], sure[b.key]))
                if a.key not in b.over and b.key not in a.over:
                    here = [plan.either(sure[d.key], open_[d.key]) for d in (a, b)]
                    found = plan.either(found, plan.every(some_open, *here))
        return found

    def _rounded(self, parameter: str, value: Number) -> Number:
        way = self.rules.reading(parameter).value
        if not isinstance(way, str):
            return self.numbers.within_ten_yuan(value)
        step, toward = WAYS[way]
        return value if step == 0 else self.numbers.rounded(value, step, toward)

    # -- other benefits ------------------------------------------------------------------------------------------

    def _stacked(self, stack: Stack, scope: Scope, own: Number) -> Number:
        """What one other benefit leaves of an amount; of nothing it leaves nothing."""
        numbers, plan, values = self.numbers, self.plan, self.values
        holds, other = self._other_benefit(stack, scope)
        nothing = numbers.nothing
        if stack.relation == "excluded":
            left = nothing
        elif stack.relation == "higher":
            assert other is not None
            yes, may = numbers.at_most(own, other) if stack.first else numbers.less(own, other)
            left = numbers.choose(yes, may, nothing, own)
        elif stack.relation == "top_up":
            left = own if other is None else numbers.greatest(numbers.subtract(own, other), nothing)
        else:
            left = numbers.hull(nothing, own)
        result = numbers.choose(holds.yes, holds.may, left, own)
        if stack.relation != "top_up" or other is None or (other.no_low is plan.false and other.low.number.low >= 0):
            return result
        nil = plan.both(numbers.settled(own), plan.equal(own.low.number, plan.zero))
        chosen = values.choose(values.truth(nil), nothing, result)
        return _number(chosen)

    def _other_benefit(self, stack: Stack, scope: Scope) -> tuple[Logic, Number | None]:
        if stack.condition is not None:
            return self.truth(stack.condition, scope), None
        if stack.amount is None:
            return self._drawn(stack, scope)
        key = stack.amount.key
        effective = self.rules.rules.get(key)
        unknown = self.numbers.between(0, None)
        if effective is None:
            return self.values.maybe, unknown
        owner = self.entity(stack.amount.of, scope)
        chosen = stack.relation == "higher"

        def amount(path: str) -> Value:
            assert effective is not None
            return self.before_award(effective, path) if chosen else self.rule(key, path)

        value = _number(self._through(owner, amount, unknown))
        holds = Logic(*self.numbers.less(self.numbers.nothing, value))
        if owner.known is not self.plan.true:
            holds = _logic(self.values.choose(self.values.truth(owner.known), holds, self.values.maybe))
        return holds, value

    def _drawn(self, stack: Stack, scope: Scope) -> tuple[Logic, Number]:
        """A benefit already drawn: whether one is listed, and how much is drawn of it together."""
        assert stack.drawn is not None
        list_name, kind_name, wanted, amount_name = stack.drawn
        values, numbers = self.values, self.numbers
        (me,) = self._subject(scope).options
        group = self._group(me, list_name)
        unknown = numbers.between(0, None)
        if group.path not in self.profile.by_path:
            none = values.truth(self.plan.false)
            holds, total = none, numbers.nothing
        else:
            shape, level = self.profile.by_path[group.path], self.plan.table(group.path)
            kind, type_ = self._declared(shape.kind, kind_name)
            amount, amount_type = self._declared(shape.kind, amount_name)
            which = _code(self._column(group.path, kind, type_, values.unknown(type_)))
            belongs = values.is_one_of(which, frozenset({wanted}))
            known = values.settled(which)
            # Of what is not known to be of this kind nobody knows, however few kinds are left.
            belongs = Logic(self.plan.both(belongs.yes, known), self.plan.either(belongs.may, self.plan.no(known)))
            value = _number(self._column(group.path, amount, amount_type, unknown))
            total = self._sum(value, belongs, level, shape.most, self.plan.false)
            holds = Logic(self.plan.any(belongs.yes, level), self.plan.any(belongs.may, level))
        listed = values.truth(self.plan.no(group.open))
        return _logic(values.choose(listed, holds, values.maybe)), _number(values.choose(listed, total, unknown))

    def _declared(self, kind: str, name: str) -> tuple[FactType, Type]:
        """A fact as the vocabulary declares it, with its type."""
        found = self.names.fact(kind, name)
        if found is None or not isinstance(found[0], FactType):
            raise NotLowered(f"没有“{name}”这一事实", f"there is no fact `{name}`")
        return found[0], found[1]

    # -- expressions ---------------------------------------------------------------------------------------------

    def truth(self, node: ir.Expression, scope: Scope) -> Logic:
        """An expression that is true or false."""
        return _logic(self.expression(node, scope))

    def number(self, node: ir.Expression, scope: Scope) -> Number:
        """An expression that is a quantity or a day."""
        return _number(self.expression(node, scope))

    def expression(self, node: ir.Expression, scope: Scope) -> Value:
        """An expression, for every row of a scope."""
        plan, values, numbers = self.plan, self.values, self.numbers
        match node:
            case ir.Literal():
                return numbers.exact(numbers.literal(node.value))
            case ir.Value():
                assert isinstance(node.type, Named)
                return Code(node.type.enumeration, plan.const(_place(node.type.enumeration, node.id)))
            case ir.Written():
                return self._text(node.text)
            case ir.AsOf():
                return numbers.exact(Ratio(self.as_of))
            case ir.Self() | ir.Variable():
                bound = scope.bound.get(node.slot) if isinstance(node, ir.Variable) else None
                return bound if isinstance(bound, Line) else self.entity(node, scope)
            case ir.FactOf():
                return self._fact(node, scope)
            case ir.RuleOf():
                key = node.key
                return self.of(self.entity(node.of, scope), lambda path: self.rule(key, path), node.type)
            case ir.ParameterAt():
                return self._parameter(node, scope)
            case ir.ColumnOf():
                line = self.expression(node.of, scope)
                assert isinstance(line, Line)
                return line.columns[node.column]
            case ir.Arithmetic():
                return self._arithmetic(node, scope)
            case ir.Compare():
                return self._compare(node, scope)
            case ir.OneOf():
                code = self.expression(node.item, scope)
                assert isinstance(code, Code)
                found = values.is_one_of(code, frozenset(node.values))
                return values.no(found) if node.negated else found
            case ir.AllOf():
                return values.every(*(self.truth(item, scope) for item in node.items))
            case ir.AnyOf():
                return values.some(*(self.truth(item, scope) for item in node.items))
            case ir.Not():
                return values.no(self.truth(node.item, scope))
            case ir.Aggregate():
                return self._aggregate(node, scope)
            case ir.Subset():
                return self._subset(node, scope)
            case ir.CountTrue():
                return self._count_true([self.truth(item, scope) for item in node.items])
            case ir.Extreme():
                return self._extreme(node, scope)
            case ir.FullPeriods():
                return self._full_periods(node.fn, self.number(node.start, scope), self.number(node.end, scope))
            case ir.Scaled():
                twelve = numbers.exact(numbers.literal(12 if node.fn == "per_year" else Fraction(1, 12)))
                return numbers.multiply(self.number(node.item, scope), twelve)
            case ir.MonthStart():
                return self._monotone(self._month_start, self.number(node.item, scope))
            case ir.Shifted():
                return self._shifted(node, scope)
        raise NotLowered(f"{type(node).__name__} 这种写法", f"expressions of the kind {type(node).__name__}")

    def _text(self, text: str) -> Words:
        if text not in self.texts:
            self.texts.append(text)
        return Words(self.plan.input(("text", text), None, -1, 2**31), self.plan.true)

    def _arithmetic(self, node: ir.Arithmetic, scope: Scope) -> Number:
        left, right = self.number(node.left, scope), self.number(node.right, scope)
        if node.op == "+":
            return self.numbers.add(left, right)
        if node.op == "-":
            return self.numbers.subtract(left, right)
        if node.op == "*":
            return self.numbers.multiply(left, right)
        result = self.numbers.divide(left, right)
        if result is None:
            raise NotLowered("除以可能为负的数", "a division by what can be below zero")
        return result

    def _compare(self, node: ir.Compare, scope: Scope) -> Logic:
        left, right = self.expression(node.left, scope), self.expression(node.right, scope)
        values, numbers = self.values, self.numbers
        if node.op in ("==", "!="):
            if isinstance(left, Number) and isinstance(right, Number):
                same = Logic(*numbers.equal(left, right))
            elif isinstance(left, Code) and isinstance(right, Code):
                same = self._same_code(left, right)
            elif isinstance(left, Words) and isinstance(right, Words):
                same = values.same_words(left, right)
            else:
                raise NotLowered("比较是非、人或物", "comparing truths, persons or things")
            return same if node.op == "==" else values.no(same)
        left, right = _number(left), _number(right)
        if node.op in (">", ">="):
            left, right = right, left
        return Logic(*(numbers.less if node.op in ("<", ">") else numbers.at_most)(left, right))

    def _same_code(self, left: Code, right: Code) -> Logic:
        for one, other in ((left, right), (right, left)):
            if other.place is not None and other.place.constant is not None and one.bits is not None:
                # Against one value: which bit, not which set.
                id = other.enumeration.values[other.place.constant][0]
                return self.values.is_one_of(one, frozenset({id}))
        return self.values.same_code(left, right)

    def _count_true(self, items: list[Logic]) -> Number:
        plan = self.plan
        low = high = plan.zero
        for item in items:
            low = plan.add(low, plan.number(item.yes))
            high = plan.add(high, plan.number(item.may))
        return Number(Ratio(low), Ratio(high), plan.false, plan.false)

    def _extreme(self, node: ir.Extreme, scope: Scope) -> Number:
        first, *rest = [self.number(item, scope) for item in node.items]
        for other in rest:
            first = self.numbers.least(first, other) if node.fn == "min" else self.numbers.greatest(first, other)
        return first

    # -- days ----------------------------------------------------------------------------------------------------

    def _monotone(self, function: Callable[[Node], Node], value: Number) -> Number:
        low = Ratio(function(value.low.number))
        high = low if value.low.same_as(value.high) else Ratio(function(value.high.number))
        return Number(low, high, value.no_low, value.no_high)

    def _month(self, day: Node) -> Node:
        return self.plan.divide(self.plan.packed(day), self.plan.const(MONTH))

    def _month_start(self, day: Node) -> Node:
        return self.plan.month_starts(self._month(day))

    def _full_periods(self, fn: str, start: Number, end: Number) -> Number:
        plan = self.plan
        function = self._full_years if fn == "full_years" else self._full_months
        low = Ratio(function(start.high.number, end.low.number))
        high = Ratio(function(start.low.number, end.high.number))
        no_low, no_high = plan.either(start.no_high, end.no_low), plan.either(start.no_low, end.no_high)
        return Number(low, low if low.same_as(high) else high, no_low, no_high)

    def _full_years(self, start: Node, end: Node) -> Node:
        plan = self.plan
        return plan.divide(plan.subtract(plan.packed(end), plan.packed(start)), plan.const(YEAR))

    def _full_months(self, start: Node, end: Node) -> Node:
        plan = self.plan
        months = plan.subtract(self._month(end), self._month(start))
        due = plan.least(self._day(start), plan.month_length(self._month(end)))
        return plan.subtract(months, plan.number(plan.less(self._day(end), due)))

    def _day(self, day: Node) -> Node:
        """The day of the month."""
        plan = self.plan
        return plan.subtract(plan.packed(day), plan.multiply(self._month(day), plan.const(MONTH)))

    def _shift(self, day: Node, amount: Node, unit: str) -> Node:
        plan = self.plan
        if unit == "day":
            return plan.add(day, amount)
        months = plan.multiply(amount, plan.const(12)) if unit == "year" else amount
        month = plan.add(self._month(day), months)
        last = plan.month_length(month)
        return plan.subtract(plan.add(plan.month_starts(month), plan.least(self._day(day), last)), plan.one)

    def _shifted(self, node: ir.Shifted, scope: Scope) -> Number:
        plan, numbers = self.plan, self.numbers
        day, by = self.number(node.date, scope), self.number(node.by, scope)
        sign = plan.const(node.sign)
        amounts = [self._whole(bound, sign) for bound in (by.low, by.high)]
        if numbers.is_exact(by):
            return self._monotone(lambda d: self._shift(d, amounts[0], node.unit), day)
        ends = [self._shift(day.low.number, amount, node.unit) for amount in amounts]
        open_ = plan.some(by.no_low, by.no_high, plan.no(numbers.settled(day)))
        span = Number(Ratio(plan.least(*ends)), Ratio(plan.greatest(*ends)), open_, open_)
        settled = numbers.settled(by)
        moved = self._monotone(lambda d: self._shift(d, amounts[0], node.unit), day)
        return numbers.choose(settled, settled, moved, span)

    def _whole(self, amount: Ratio, sign: Node) -> Node:
        """A duration as a whole number of its unit, what is broken cut off."""
        plan = self.plan
        if amount.divisors:
            raise NotLowered("以商为期间", "a duration that is a quotient")
        size = plan.divide(plan.absolute(amount.number), plan.const(amount.scale))
        if amount.number.low < 0:
            size = plan.where(plan.less(amount.number, plan.zero), plan.subtract(plan.zero, size), size)
        return plan.multiply(sign, size)

    # -- persons and things --------------------------------------------------------------------------------------

    def entity(self, node: ir.Expression, scope: Scope) -> Entity:
        """Whom an expression speaks of."""
        if isinstance(node, ir.Self):
            entity = self._subject(scope)
            for _ in range(node.up):
                entity = self._above(entity)
            return entity
        if isinstance(node, ir.Variable):
            bound = scope.bound[node.slot]
            assert isinstance(bound, Entity)
            return bound
        if isinstance(node, ir.FactOf):
            found = self._reference(node, scope)
            assert isinstance(found, Entity)
            return found
        raise NotLowered("由规则得出的人或物", "a person or thing that a rule yields")

    def _above(self, entity: Entity) -> Entity:
        options = []
        for option in entity.options:
            parent = self.parent(option.path)
            index = parent if option.index is None else self.plan.gather(parent, option.index)
            options.append(Someone(option.path.rpartition(".")[0], index, option.when))
        return Entity(tuple(options), entity.known)

    def parent(self, path: str) -> Node:
        """For every row of a table the row above."""
        return self.plan.parent(path, 2**62)

    def of(self, entity: Entity, look: Callable[[str], Value], type_: Type) -> Value:
        """What is so of an entity; nothing is known of somebody not known."""
        unknown = None if entity.known is self.plan.true else self.values.unknown(type_)
        return self._through(entity, look, unknown)

    def _through(self, entity: Entity, look: Callable[[str], Value], unknown: Value | None) -> Value:
        result: Value | None = None
        for option in reversed(entity.options):
            value = self.values.at(look(option.path), option.index)
            result = value if result is None else self.values.choose(self.values.truth(option.when), value, result)
        if entity.known is self.plan.true and result is not None:
            return result
        assert unknown is not None
        return unknown if result is None else self.values.choose(self.values.truth(entity.known), result, unknown)

    def _reference(self, node: ir.FactOf, scope: Scope) -> Entity:
        """Whom a fact refers to."""
        fact: FactType = node.fact
        owner = self.entity(node.of, scope)
        if fact.shape == "entity":
            return self._own_thing(owner, fact.id)
        if len(owner.options) != 1:
            raise NotLowered("所指之人所指的人", "somebody referred to by somebody who may stand in several lists")
        (option,) = owner.options
        shape = self.profile.columns.get((option.path, fact.id))
        if shape is None or not shape.tables:
            return Entity((), self.plan.false)
        level, plan = self.plan.table(option.path), self.plan
        row = plan.input(("column", option.path, fact.id), level, 0, 2**62)
        which = plan.input(("which", option.path, fact.id), level, 0, len(shape.tables))
        options = []
        for place, path in enumerate(shape.tables):
            alone = len(shape.tables) == 1
            when = plan.true if alone else plan.equal(which, plan.const(place))
            options.append(Someone(path, row, when))
        found = Entity(tuple(options), self._known(option.path, fact.id))
        if option.index is not None:
            found = self.values.entity_at(found, option.index)
        return Entity(found.options, plan.both(found.known, owner.known))

    def _own_thing(self, owner: Entity, name: str) -> Entity:
        """A thing of its own: the only row below, where there is one."""
        plan, options, known = self.plan, [], self.plan.false
        for option in owner.options:
            path = _below(option.path, name)
            if path not in self.profile.by_path:
                continue
            first = plan.input(("first", path, ""), plan.table(option.path), 0, 2**62)
            there = plan.gather(self._listed(option.path, name), option.index)
            known = plan.either(known, plan.both(option.when, there))
            options.append(Someone(path, plan.gather(first, option.index), option.when))
        return Entity(tuple(options), plan.both(known, owner.known))

    def _known(self, path: str, name: str) -> Node:
        shape = self.profile.columns.get((path, name))
        if shape is None:
            return self.plan.false
        if shape.all_known:
            return self.plan.true
        return self.plan.input(("known", path, name), self.plan.table(path), 0, 1, truth=True)

    # -- facts ---------------------------------------------------------------------------------------------------

    def _fact(self, node: ir.FactOf, scope: Scope) -> Value:
        fact: FactType = node.fact
        if fact.shape == "list":
            return self._list(node, scope)
        if fact.shape in ("ref", "entity"):
            return self._reference(node, scope)
        dated = fact.shape == "date" and not fact.may_be_future
        entity = self.entity(node.of, scope)
        unknown = self._unknown_fact(fact, node.type)
        if dated:
            # As the evaluator has it: a day not stated is not after the day of the case.
            assert isinstance(unknown, Number)
            unknown = Number(unknown.low, Ratio(self.as_of), unknown.no_low, self.plan.false)
        return self._through(entity, lambda path: self._column(path, fact, node.type, unknown), unknown)

    def _column(self, path: str, fact: FactType, type_: Type, unknown: Value) -> Value:
        """One fact of every row of a table."""
        shape = self.profile.columns.get((path, fact.id))
        if shape is None:
            return unknown
        plan, level, data = self.plan, self.plan.table(path), ("column", path, fact.id)
        value: Value
        if fact.shape == "bool":
            value = self.values.truth(plan.input(data, level, 0, 1, truth=True))
        elif fact.shape == "enum":
            assert isinstance(type_, Named)
            value = Code(type_.enumeration, plan.input(data, level, 0, len(type_.enumeration.values) - 1))
        elif fact.shape == "text":
            value = Words(plan.input(data, level, 0, 2**31), plan.true)
        elif fact.shape == "date":
            low = fact.low.toordinal() if isinstance(fact.low, dt.date) else FIRST_DAY
            high = fact.high.toordinal() if isinstance(fact.high, dt.date) else LAST_DAY
            value = self.numbers.exact(Ratio(plan.input(data, level, low, high)))
        else:
            value = self._quantity(fact, data, level, shape.places)
        known = self._known(path, fact.id)
        return value if known is plan.true else self.values.choose(self.values.truth(known), value, unknown)

    def _quantity(self, fact: FactType, data: tuple[str, str, str], level: Level, places: int) -> Number:
        if fact.low is None or fact.high is None:
            raise NotLowered(f"“{fact.term}”没有范围", f"`{fact.id}` has no range")
        low, high = (Fraction(bound) * 10**places for bound in (fact.low, fact.high))  # type: ignore[arg-type]  # a quantity's bounds are numbers
        node = self.plan.input(data, level, -int(-low // 1), int(high // 1))
        return self.numbers.exact(_scaled(self.plan, node, parse_unit(fact.unit or "1").scale, places))

    def _unknown_fact(self, fact: FactType, type_: Type) -> Value:
        """What a fact that was not given may be."""
        if fact.shape == "quantity":
            scale = parse_unit(fact.unit or "1").scale
            return self.numbers.between(*(None if b is None else Fraction(b) * scale for b in (fact.low, fact.high)))  # type: ignore[arg-type]  # a quantity's bounds are numbers
        if fact.shape == "date":
            plan = self.plan
            low = None if not isinstance(fact.low, dt.date) else plan.const(fact.low.toordinal())
            high = plan.const(fact.high.toordinal()) if isinstance(fact.high, dt.date) else None
            return Number(
                Ratio(plan.zero if low is None else low),
                Ratio(plan.zero if high is None else high),
                plan.true if low is None else plan.false,
                plan.true if high is None else plan.false,
            )
        return self.values.unknown(type_)

    # -- parameters ----------------------------------------------------------------------------------------------

    def _parameter(self, node: ir.ParameterAt, scope: Scope) -> Value:
        parameter = self.rules.parameters[node.name]
        if not node.indexes:
            return self.cell(parameter, ())
        indexes = [self.expression(index, scope) for index in node.indexes]
        if any(isinstance(index, Band) for index in parameter.indexes):
            return self._banded(parameter, indexes, tuple(self.whole(index) for index in node.indexes))
        return self._indexed(parameter, [_code(index) for index in indexes])

    def cell(self, parameter: Parameter, key: Key) -> Value:
        """One cell of a parameter, or everything it may be. Figures are handed in when the plan runs; what is named is part of it."""
        plan, type_ = self.plan, parameter.type
        if isinstance(type_, Quantity):
            figure = self.figures.by_cell.get((parameter.id, key))
            if figure is None:
                return self.numbers.between(_fraction(parameter.low), _fraction(parameter.high))
            node = plan.input(("figure", parameter.id, key), None, figure.low, figure.high)
            if (parameter.id, key) in self.spanning:
                most = plan.input(("figure_high", parameter.id, key), None, figure.low, figure.high)
                return Number(Ratio(node, figure.scale), Ratio(most, figure.scale), plan.false, plan.false)
            return self.numbers.exact(Ratio(node, figure.scale))
        value = self.rules.reading(parameter.id, key).value
        if value is None:
            return self.values.unknown(type_)
        if isinstance(type_, Named):
            return Code(type_.enumeration, plan.const(_place(type_.enumeration, str(value))))
        if isinstance(type_, TextType):
            return self._text(str(value))
        if isinstance(type_, Truth):
            return self.values.truth(plan.true if value is True else plan.false)
        if isinstance(type_, Day) and isinstance(value, dt.date):
            return self.numbers.exact(Ratio(plan.const(value.toordinal())))
        raise NotLowered(f"参数“{parameter.term}”的类型", f"the type of the parameter `{parameter.id}`")

    def _indexed(self, parameter: Parameter, codes: list[Code]) -> Value:
        """A parameter by named indexes: a lookup where they are known, else all that may be looked up."""
        plan = self.plan
        keys: list[Key] = [()]
        for code in codes:
            keys = [(*key, id) for key in keys for id, _ in code.enumeration.values]
        cells = [self.cell(parameter, key) for key in keys]
        if all(code.place is not None for code in codes):
            place = plan.zero
            for code in codes:
                assert code.place is not None
                place = plan.add(plan.multiply(place, plan.const(len(code.enumeration.values))), code.place)
            return self._looked_up(cells, place)
        masks = [plan.true]
        for code in codes:
            each = [self._may_be(code, n) for n in range(len(code.enumeration.values))]
            masks = [plan.both(mask, one) for mask in masks for one in each]
        return self._any_of(list(zip(masks, cells, strict=True)))

    def _may_be(self, code: Code, place: int) -> Node:
        return self.values.is_one_of(code, frozenset({code.enumeration.values[place][0]})).may

    def _any_of(self, cells: list[tuple[Node, Value]]) -> Value:
        """The hull of those values whose mask is true; at least one is."""
        present, result = cells[0]
        for here, value in cells[1:]:
            held = self.values.choose(self.values.maybe, value, result)
            joined = self.values.choose(self.values.truth(present), held, value)
            result = self.values.choose(self.values.truth(here), joined, result)
            present = self.plan.either(present, here)
        return result

    def _looked_up(self, cells: list[Value], place: Node) -> Value:
        """The cell at a place."""
        plan = self.plan
        first = cells[0]
        if isinstance(first, Number):
            found = [c for c in cells if isinstance(c, Number)]
            lows, scale, divisors = self.numbers.common(*(c.low for c in found), *(c.high for c in found))
            assert not divisors
            half = len(found)
            low = Ratio(plan.lookup(tuple(lows[:half]), place), scale)
            high = Ratio(plan.lookup(tuple(lows[half:]), place), scale)
            return Number(
                low,
                low if low.same_as(high) else high,
                plan.lookup(tuple(c.no_low for c in found), place),
                plan.lookup(tuple(c.no_high for c in found), place),
            )
        if isinstance(first, Code):
            codes = [_code(c) for c in cells]
            if all(c.place is not None for c in codes):
                return Code(first.enumeration, plan.lookup(tuple(c.place for c in codes if c.place), place))
            return Code(first.enumeration, None, plan.lookup(tuple(self.values.bits(c) for c in codes), place))
        if isinstance(first, Logic):
            truths = [_logic(c) for c in cells]
            return Logic(
                plan.lookup(tuple(t.yes for t in truths), place), plan.lookup(tuple(t.may for t in truths), place)
            )
        raise NotLowered("按取值查的文字", "texts looked up by a named value")

    def _banded(self, parameter: Parameter, indexes: list[Value], whole: tuple[bool, ...]) -> Value:
        """A parameter by bands of a number, perhaps beside named indexes."""
        plan = self.plan
        fits: list[tuple[Node, Value]] = []
        for key in parameter.figures:
            here = plan.true
            for part, index, value in zip(key, parameter.indexes, indexes, strict=True):
                here = plan.both(here, self._fits(part, index, value))
            fits.append((here, self.cell(parameter, key)))
        none = plan.no(plan.some(*(here for here, _ in fits)))
        known = plan.every(*(self.values.settled(value) for value in indexes))
        beside = plan.both(plan.no(known), plan.no(self._covered(parameter, indexes, whole)))
        outside = plan.either(none, beside)
        return self._any_of([(outside, self.cell(parameter, ())), *((h, c) for h, c in fits if h is not plan.false)])

    def _fits(self, part: str, index: object, value: Value) -> Node:
        plan = self.plan
        if not isinstance(index, Band):
            return self.values.is_one_of(_code(value), frozenset({part})).may
        number = _number(value)
        low, high = band(part) or (None, None)
        scale = index.unit.scale if index.unit is not None else 1
        here = plan.true
        if low is not None:
            reached = self.numbers.at_most_ratios(self.numbers.literal(low * scale), number.high)
            here = plan.both(here, plan.either(reached, number.no_high))
        if high is not None:
            held = self.numbers.at_most_ratios(number.low, self.numbers.literal(high * scale))
            here = plan.both(here, plan.either(held, number.no_low))
        return here

    def _covered(self, parameter: Parameter, indexes: list[Value], whole: tuple[bool, ...]) -> Node:
        """Whether a single open index, a whole number, must fall into one of the bands."""
        plan = self.plan
        index = parameter.indexes[0]
        if len(indexes) != 1 or not whole[0] or not isinstance(index, Band):
            return plan.false
        number = _number(indexes[0])
        if number.low.scale != 1 or number.low.divisors:
            return plan.false
        low, high = number.low.number, number.high.number
        scale = index.unit.scale if index.unit is not None else 1
        narrow = plan.at_most(plan.subtract(high, low), plan.const(1000))
        held = plan.false
        for start, end in _joined(parameter):
            inside = plan.true
            if start is not None:
                inside = plan.both(inside, plan.at_most(plan.const(start * scale), low))
            if end is not None:
                inside = plan.both(inside, plan.at_most(high, plan.const(end * scale)))
            held = plan.either(held, inside)
        return plan.every(held, narrow, plan.no(number.no_low), plan.no(number.no_high))

    def whole(self, node: ir.Expression) -> bool:
        """Whether a quantity is surely a whole number."""
        match node:
            case ir.FullPeriods() | ir.CountTrue() | ir.Aggregate(fn="count"):
                return True
            case ir.FactOf():
                return bool(node.fact.whole)
            case ir.RuleOf():
                effective = self.rules.rules.get(node.key)
                body = effective.definition.body if effective is not None and not effective.exceptions else None
                return self._whole_body(body)
        return False

    def _whole_body(self, body: object) -> bool:
        return isinstance(body, Formula) and self.whole(body.expression)

    # -- collections ---------------------------------------------------------------------------------------------

    def _list(self, node: ir.FactOf, scope: Scope) -> Crowd:
        owner, name = self.entity(node.of, scope), node.fact.id
        groups = []
        for option in owner.options:
            groups.append(self._group(option, name))
        return Crowd(tuple(groups), owner.known)

    def _group(self, owner: Someone, name: str) -> Group:
        """The items of one list."""
        return Group(owner, _below(owner.path, name), None, self.plan.no(self._listed(owner.path, name)))

    def _listed(self, path: str, name: str) -> Node:
        """Of which rows a list (or a thing of their own) is known."""
        known = self.profile.lists.get((path, name), "none")
        if known != "some":
            return self.plan.true if known == "all" else self.plan.false
        return self.plan.input(("listed", path, name), self.plan.table(path), 0, 1, truth=True)

    def _collection(self, node: ir.Expression, scope: Scope) -> Crowd:
        found = self.expression(node, scope)
        assert isinstance(found, Crowd)
        return found

    def _subset(self, node: ir.Subset, scope: Scope) -> Crowd:
        crowd = self._collection(node.collection, scope)
        groups = []
        for group in crowd.groups:
            if group.path not in self.profile.by_path:
                groups.append(group)
                continue
            if group.owner.index is not None:
                raise NotLowered("别人名下的一部分", "some of what belongs to somebody else, chosen by one's own facts")
            inner = self._within(scope, group, node.slot)
            belongs = self.truth(node.where, inner)
            members = belongs if group.members is None else self.values.every(group.members, belongs)
            groups.append(Group(group.owner, group.path, members, group.open))
        return Crowd(tuple(groups), crowd.known)

    def _within(self, scope: Scope, group: Group, slot: int) -> Scope:
        """The items of a list of one's own: all that is bound stays bound, by the row above."""
        level, parent = self.plan.table(group.path), self.parent(group.path)
        bound = {name: self._moved(who, parent) for name, who in scope.bound.items()}
        bound[slot] = Entity((Someone(group.path, None, self.plan.true),), self.plan.true)
        return Scope(level, bound)

    def _alone(self, group: Group, slot: int) -> Scope:
        """The items of a list, of which nothing else is asked than what they say themselves."""
        item = Entity((Someone(group.path, None, self.plan.true),), self.plan.true)
        return Scope(self.plan.table(group.path), {slot: item})

    def _beside(self, scope: Scope, group: Group, slot: int) -> Scope:
        """Every row of a scope with every item of somebody's list."""
        assert group.owner.index is not None
        level = self.plan.pairs(scope.level, group.owner.index, group.path)
        context = self.plan.context(level)
        bound = {name: self._moved(who, context) for name, who in scope.bound.items()}
        bound[slot] = Entity((Someone(group.path, self.plan.item(level), self.plan.true),), self.plan.true)
        return Scope(level, bound)

    def _moved(self, who: Entity | Line, index: Node) -> Entity | Line:
        moved = self.values.at(who, index)
        assert isinstance(moved, Entity | Line)
        return moved

    def _aggregate(self, node: ir.Aggregate, scope: Scope) -> Value:
        if isinstance(node.collection.type, Rows):
            return self._over_rows(node, scope)
        crowd = self._collection(node.collection, scope)
        result: Value | None = None
        for group in reversed(crowd.groups):
            value = self._over_group(node, scope, group)
            when = self.values.truth(group.owner.when)
            result = value if result is None else self.values.choose(when, value, result)
        nobody = self._none_of(node.fn, self.plan.true)
        if result is None:
            return nobody
        return self.values.choose(self.values.truth(crowd.known), result, nobody)

    def _over_group(self, node: ir.Aggregate, scope: Scope, group: Group) -> Value:
        """An aggregate over the items of owners in one table."""
        if group.path not in self.profile.by_path:
            return self.values.at(self._none_of(node.fn, group.open), group.owner.index)
        if group.owner.index is None:
            return self._reduced(node, self._within(scope, group, node.slot), group, group.open, None)
        if not _others(node):
            own = self._reduced(node, self._alone(group, node.slot), group, group.open, None)
            return self.values.at(own, group.owner.index)
        open_ = self.plan.gather(group.open, group.owner.index)
        inner = self._beside(scope, group, node.slot)
        return self._reduced(node, inner, group, open_, self.plan.item(inner.level))

    def _none_of(self, fn: str, open_: Node) -> Value:
        """An aggregate over nothing; where there may be more, anything."""
        plan = self.plan
        if fn == "sum":
            return Number(Ratio(plan.zero), Ratio(plan.zero), open_, open_)
        if fn == "count":
            return Number(Ratio(plan.zero), Ratio(plan.zero), plan.false, open_)
        return Logic(plan.false, open_) if fn == "any" else Logic(plan.no(open_), plan.true)

    def _reduced(self, node: ir.Aggregate, inner: Scope, group: Group, open_: Node, item: Node | None) -> Value:
        plan, level = self.plan, inner.level
        most = self.profile.by_path[group.path].most
        belongs = self.values.truth(plan.true)
        if group.members is not None:
            belongs = _logic(self.values.at(group.members, item))
        if node.where is not None:
            belongs = self.values.every(belongs, self.truth(node.where, inner))
        if node.fn == "count":
            sure, may = plan.count(belongs.yes, level, most), plan.count(belongs.may, level, most)
            return Number(Ratio(sure), Ratio(may), plan.false, open_)
        assert node.element is not None
        if node.fn == "sum":
            return self._sum(self.number(node.element, inner), belongs, level, most, open_)
        value = self.truth(node.element, inner)
        if node.fn == "any":
            yes = plan.any(plan.both(belongs.yes, value.yes), level)
            return Logic(yes, plan.either(plan.any(plan.both(belongs.may, value.may), level), open_))
        no = plan.any(plan.both(belongs.yes, plan.no(value.may)), level)
        maybe_no = plan.any(plan.both(belongs.may, plan.no(value.yes)), level)
        return Logic(plan.no(plan.either(maybe_no, open_)), plan.no(no))

    def _sum(self, value: Number, belongs: Logic, level: Level, most: int, open_: Node) -> Number:
        plan, numbers = self.plan, self.numbers
        counted = numbers.choose(belongs.yes, belongs.may, value, numbers.nothing)
        low = self._total(counted.low, level, most)
        high = low if counted.low.same_as(counted.high) else self._total(counted.high, level, most)
        return Number(
            low,
            high,
            plan.either(self._any_over(counted.no_low, level), open_),
            plan.either(self._any_over(counted.no_high, level), open_),
        )

    def _any_over(self, truth: Node, level: Level) -> Node:
        """Whether something is so of an item; of a truth that is the same for all, whether there is an item."""
        return self.plan.any(truth, level)

    def _total(self, value: Ratio, level: Level, most: int) -> Ratio:
        divisors = []
        for divisor in value.divisors:
            if divisor.op != "gather" or not self._is_owner(divisor.args[1], level):
                raise NotLowered("各项分母不同的合计", "a sum of quotients whose divisors differ from item to item")
            divisors.append(divisor.args[0])
        number = value.number
        if number.constant == 0:
            return Ratio(number)
        return Ratio(self.plan.total(number, level, most), value.scale, tuple(divisors))

    def _is_owner(self, index: Node, level: Level) -> bool:
        if level.of is not None:
            return index is self.plan.context(level)
        return index is self.parent(level.path)

    def _over_rows(self, node: ir.Aggregate, scope: Scope) -> Value:
        """An aggregate over the rows of a table parameter, written out row by row."""
        collection = node.collection
        if not isinstance(collection, ir.TableRows):
            raise NotLowered("表的一部分行", "some of the rows of a table")
        grid = self.rules.reading(collection.name).value
        lines = next((rows for known, rows in collection.tables if known is grid), None)
        if lines is None:
            return self._none_of(node.fn, self.plan.true)
        assert isinstance(collection.type, Rows)
        columns = collection.type.row.columns
        result = self._none_of(node.fn, self.plan.false)
        for cells in lines:
            line = Line(
                {name: self._output(cell, type_, scope) for (name, type_), cell in zip(columns, cells, strict=True)}
            )
            inner = Scope(scope.level, {**scope.bound, node.slot: line})
            belongs = self.values.truth(self.plan.true) if node.where is None else self.truth(node.where, inner)
            result = self._with_row(node, inner, belongs, result)
        return result

    def _with_row(self, node: ir.Aggregate, inner: Scope, belongs: Logic, so_far: Value) -> Value:
        numbers, values = self.numbers, self.values
        if node.fn == "count":
            return numbers.add(_number(so_far), self._count_true([belongs]))
        assert node.element is not None
        if node.fn == "sum":
            return numbers.add(_number(so_far), values.given(belongs, self.number(node.element, inner)))
        value = self.truth(node.element, inner)
        if node.fn == "any":
            return values.some(_logic(so_far), values.every(belongs, value))
        return values.every(_logic(so_far), values.some(values.no(belongs), value))

    # -- names in the source -------------------------------------------------------------------------------------

    def _call(self, value: Value, name: str) -> None:
        """Name the nodes of a rule's result."""
        if isinstance(value, Logic):
            self.plan.call(value.yes, name)
            self.plan.call(value.may, f"{name}_may")
        elif isinstance(value, Number):
            self.plan.call(value.low.number, name)
            self.plan.call(value.high.number, f"{name}_high")
        elif isinstance(value, Code):
            for node in (value.place, value.bits):
                if node is not None:
                    self.plan.call(node, name)


class NotLoweredRule(NotLowered):
    """A rule that has no columnar form: which, and why."""

    def __init__(self, names: Names, key: str, why: NotLowered) -> None:
        self.key: str = key
        term = names.declarations[key][0].term
        super().__init__(f"“{term}”：{why.zh}", f"{key}: {why.en}")


def _below(path: str, name: str) -> str:
    """The path of a list of a table's rows."""
    return f"{path}.{name}" if path else name


def _others(node: ir.Aggregate) -> bool:
    """Whether an aggregate asks of anything but its own items."""
    free: set[object] = set()
    for part in (node.element, node.where):
        if part is not None:
            free |= _free(part)
    return bool(free - {node.slot})


def _free(node: ir.Expression) -> set[object]:
    if isinstance(node, ir.Self):
        return {SUBJECT}
    if isinstance(node, ir.Variable):
        return {node.slot}
    inner: set[object] = set()
    if isinstance(node, ir.Aggregate | ir.Subset):
        below = [p for p in node.parts() if p is not node.collection]
        for part in below:
            inner |= _free(part)
        return (inner - {node.slot}) | _free(node.collection)
    for part in node.parts():
        inner |= _free(part)
    return inner


def _joined(parameter: Parameter) -> list[tuple[int | None, int | None]]:
    """The bands of a parameter with one index, those next to each other as one."""
    bands = sorted(
        (band(key[0]) or (None, None) for key in parameter.figures), key=lambda b: (b[0] is not None, b[0] or 0)
    )
    joined: list[tuple[int | None, int | None]] = []
    for low, high in bands:
        if joined:
            start, end = joined[-1]
            if end is None:
                break
            if low is None or low <= end + 1:
                joined[-1] = (start, None if high is None else max(end, high))
                continue
        joined.append((low, high))
    return joined


def _place(enumeration: Enumeration, id: str) -> int:
    return next(n for n, (value, _) in enumerate(enumeration.values) if value == id)


def _scaled(plan: Plan, node: Node, scale: int, places: int) -> Ratio:
    """A column in internal units: ``node * scale / 10 ** places``."""
    ratio = Fraction(scale, 10**places)
    return Ratio(plan.multiply(node, plan.const(ratio.numerator)), ratio.denominator)


def _fraction(bound: Any) -> Fraction | None:
    return None if bound is None else Fraction(bound)


def _number(value: Value) -> Number:
    if not isinstance(value, Number):
        raise NotLowered("不是数", "something that is no number")
    return value


def _logic(value: Value) -> Logic:
    if not isinstance(value, Logic):
        raise NotLowered("不是是非", "something that is neither true nor false")
    return value


def _code(value: Value) -> Code:
    if not isinstance(value, Code):
        raise NotLowered("不是取值", "something that is no named value")
    return value
