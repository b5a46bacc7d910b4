"""Programs to plan: status, amounts, results and what stands in the way, as whole numbers for every subject."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from minzheng_rules.evaluator.printing import expression_text
from minzheng_rules.language import ir
from minzheng_rules.language.types import Day, Named, Quantity, TextType, Truth
from minzheng_rules.language.units import Unit
from minzheng_rules.population.lowering.lowering import Lowering
from minzheng_rules.population.lowering.numbers import Number, Ratio
from minzheng_rules.population.lowering.plan import Node
from minzheng_rules.population.lowering.values import Code, Logic, NotLowered, Value
from minzheng_rules.population.lowering.values import Words as TextWords
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.definitions import Clause, Conditions, Formula
from minzheng_rules.rulebook.rulebook import Program

ELIGIBLE, INELIGIBLE, UNDETERMINED, NOT_APPLICABLE = range(4)
_MOST_REASONS = 31


@dataclass(frozen=True, slots=True, eq=False)
class PlannedAmount:
    """One amount: its bounds as whole numbers over denominators."""

    name: str
    words: Words
    kind: str
    unit: Unit | None
    value: Number
    low_scale: Node
    high_scale: Node


@dataclass(frozen=True, slots=True, eq=False)
class PlannedResult:
    """One other answer."""

    name: str
    words: Words
    shape: str
    value: Node
    known: Node
    labels: tuple[str, ...]
    scale: Node
    unit: Unit | None


@dataclass(frozen=True, slots=True, eq=False)
class PlannedProgram:
    """One program for the subjects in one table."""

    program: Program
    path: str
    status: Node
    amounts: tuple[PlannedAmount, ...]
    results: tuple[PlannedResult, ...]
    payable_from: Node | None
    failing: Node | None
    labels: tuple[Words, ...]

    def nodes(self, reasons: bool) -> list[Node]:
        """Everything to be computed."""
        found = [self.status]
        for amount in self.amounts:
            found += [amount.value.low.number, amount.value.high.number, amount.value.no_low, amount.value.no_high]
            found += [amount.low_scale, amount.high_scale]
        for result in self.results:
            found += [result.value, result.known, result.scale]
        found += [node for node in (self.payable_from, self.failing if reasons else None) if node is not None]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class PlannedTally:
    """What is counted and added up of one program over the subjects in one table, where only that is asked."""

    program: str
    path: str
    statuses: tuple[Node, ...]
    """For each status, in the order of their codes, which subjects have it."""
    households: Node
    """Which rows of the root table have a subject that is eligible."""
    amount: Number | None
    """The sum of the amounts named; its denominators are the same for all."""
    open: Node
    """Of which subjects that sum is not settled."""

    def truths(self) -> tuple[tuple[Node, str], ...]:
        """What is counted, each with the table whose rows are."""
        found = [*((node, self.path) for node in (*self.statuses, self.open)), (self.households, "")]
        if self.amount is not None:
            found += [(self.amount.no_low, self.path), (self.amount.no_high, self.path)]
        return tuple(found)

    def numbers(self) -> tuple[tuple[Node, str], ...]:
        """What is added up, each with the table whose rows are."""
        if self.amount is None:
            return ()
        return (self.amount.low.number, self.path), (self.amount.high.number, self.path)


class ProgramLowering:
    """Lowers programs with the rules of one day."""

    def __init__(self, lowering: Lowering, too_late: bool) -> None:
        self.lowering, self.too_late = lowering, too_late
        self.plan, self.values, self.numbers = lowering.plan, lowering.values, lowering.numbers

    def program(self, program: Program, path: str) -> PlannedProgram:
        """One program for the rows of one table."""
        amounts = tuple(self._amount(name, key, kind, path) for name, key, kind in program.every_amount())
        results = tuple(self._result(name, key, path) for name, key in program.results)
        status = self._status(program, path, amounts, results)
        failing, labels = self._failing(program, path)
        return PlannedProgram(
            program, path, status, amounts, results, self._payable(program, path, status), failing, labels
        )

    def tally(self, program: Program, path: str, amounts: Collection[str]) -> PlannedTally:
        """What is counted of one program over the rows of one table, and the sum of some of its amounts."""
        plan = self.plan
        every = tuple(self._amount(name, key, kind, path) for name, key, kind in program.every_amount())
        results = tuple(self._result(name, key, path) for name, key in program.results)
        statuses = self._statuses(self._holds(program, path, every, results), self._concerns(program, path))
        households = statuses[ELIGIBLE]
        for level in _upwards(path):
            households = plan.any(households, plan.table(level))
        told = [amount.value for amount in every if amount.name in amounts]
        if not told:
            return PlannedTally(program.id, path, statuses, households, None, plan.false)
        total = self.numbers.nothing
        for value in told:
            total = self.numbers.add(total, value)
        if total.low.divisors or total.high.divisors:
            raise NotLowered("未取整的商", "the sum of quotients that are not rounded")
        return PlannedTally(program.id, path, statuses, households, total, plan.no(self.numbers.settled(total)))

    def _statuses(self, holds: Logic, concerns: Logic) -> tuple[Node, ...]:
        """Of which subjects each status is, in the order of the codes."""
        plan = self.plan
        open_ = plan.both(holds.may, plan.no(holds.yes))
        unsure = plan.both(concerns.may, plan.no(concerns.yes))
        return (
            plan.both(concerns.yes, holds.yes),
            plan.both(concerns.yes, plan.no(holds.may)),
            plan.either(plan.both(concerns.yes, open_), unsure),
            plan.no(concerns.may),
        )

    def _status(
        self, program: Program, path: str, amounts: tuple[PlannedAmount, ...], results: tuple[PlannedResult, ...]
    ) -> Node:
        plan = self.plan
        if self.too_late:
            return plan.const(UNDETERMINED)
        status = self._three(self._holds(program, path, amounts, results))
        if program.applies is None:
            return status
        applies = self._concerns(program, path)
        otherwise = plan.where(applies.may, plan.const(UNDETERMINED), plan.const(NOT_APPLICABLE))
        return plan.where(applies.yes, status, otherwise)

    def _concerns(self, program: Program, path: str) -> Logic:
        """Whom a program is about at all."""
        if program.applies is None or self.too_late:
            return self.values.truth(self.plan.true)
        return self._truth(program.applies, path)

    def _holds(
        self, program: Program, path: str, amounts: tuple[PlannedAmount, ...], results: tuple[PlannedResult, ...]
    ) -> Logic:
        """Whether a program's conditions hold; of one without conditions, whether it gives something, or answers."""
        plan = self.plan
        if self.too_late:
            return self.values.maybe
        if program.eligible is not None:
            return self._truth(program.eligible, path)
        if amounts:
            some = plan.some(*(self._above_zero(a.value) for a in amounts))
            none = plan.every(*(self._nothing(a.value) for a in amounts))
            return Logic(some, plan.no(none))
        open_ = plan.some(*(plan.no(result.known) for result in results))
        return Logic(plan.no(open_), plan.true)

    def _above_zero(self, value: Number) -> Node:
        return self.plan.both(self.plan.no(value.no_low), self.plan.less(self.plan.zero, value.low.number))

    def _nothing(self, value: Number) -> Node:
        return self.plan.both(self.numbers.settled(value), self.plan.equal(value.low.number, self.plan.zero))

    def _three(self, truth: Logic) -> Node:
        """A truth as a status. Eligible is 0, ineligible 1, undetermined 2."""
        plan = self.plan
        if truth.yes is truth.may:
            return plan.number(plan.no(truth.yes))
        open_ = plan.both(truth.may, plan.no(truth.yes))
        return plan.add(plan.number(plan.no(truth.yes)), plan.number(open_))

    def _truth(self, key: str, path: str) -> Logic:
        value = self.lowering.rule(key, path)
        if not isinstance(value, Logic):
            raise NotLowered("条件不是是非", "conditions that are neither true nor false")
        return value

    def _amount(self, name: str, key: str, kind: str, path: str) -> PlannedAmount:
        value: Value = self.numbers.between(0, None) if self.too_late else self.lowering.rule(key, path)
        if not isinstance(value, Number):
            raise NotLowered("数额不是数", "an amount that is no number")
        type_ = self.lowering.names.type_of(key)
        unit = type_.unit if isinstance(type_, Quantity) else None
        return PlannedAmount(name, self._words(key), kind, unit, value, self._scale(value.low), self._scale(value.high))

    def _scale(self, value: Ratio) -> Node:
        scale = self.plan.const(value.scale)
        for divisor in value.divisors:
            scale = self.plan.multiply(scale, divisor)
        return scale

    def _result(self, name: str, key: str, path: str) -> PlannedResult:
        plan, type_ = self.plan, self.lowering.names.type_of(key)
        value = self.lowering.rule(key, path)
        known = self.values.settled(value)
        words, one = self._words(key), plan.one
        if isinstance(value, Logic) and isinstance(type_, Truth):
            return PlannedResult(name, words, "bool", plan.number(value.yes), known, (), one, None)
        if isinstance(value, Code) and isinstance(type_, Named):
            labels = tuple(id for id, _ in type_.enumeration.values)
            place = value.place if value.bits is None else plan.place_of_bit(value.bits)
            assert place is not None
            return PlannedResult(name, words, "enum", place, known, labels, one, None)
        if isinstance(value, Number):
            shape = "date" if isinstance(type_, Day) else "quantity"
            unit = type_.unit if isinstance(type_, Quantity) else None
            return PlannedResult(name, words, shape, value.low.number, known, (), self._scale(value.low), unit)
        if isinstance(value, TextWords) and isinstance(type_, TextType):
            return PlannedResult(name, words, "text", value.place, known, (), one, None)
        raise NotLowered("结果是表的一行或一组", "a result that is a row of a table or a collection")

    def _payable(self, program: Program, path: str, status: Node) -> Node | None:
        if program.payable_from is None or self.too_late:
            return None
        plan, value = self.plan, self.lowering.rule(program.payable_from, path)
        if not isinstance(value, Number):
            return None
        asked = plan.either(plan.equal(status, plan.const(ELIGIBLE)), plan.equal(status, plan.const(UNDETERMINED)))
        return plan.where(plan.both(asked, self.numbers.settled(value)), value.low.number, plan.zero)

    # -- reasons -------------------------------------------------------------------------------------------------

    def _failing(self, program: Program, path: str) -> tuple[Node | None, tuple[Words, ...]]:
        """Which of a program's conditions surely fail, as bits."""
        if program.eligible is None or self.too_late:
            return None, ()
        parts = self._parts(program.eligible, path)[:_MOST_REASONS]
        plan, bits = self.plan, self.plan.zero
        for place, (_, fails) in enumerate(parts):
            bits = plan.add(bits, plan.multiply(fails, plan.const(1 << place)))
        return bits, tuple(words for words, _ in parts)

    def _parts(self, key: str, path: str) -> list[tuple[Words, Node]]:
        """The conditions a rule joins, each with where it surely fails."""
        effective = self.lowering.rules.rules.get(key)
        if effective is None:
            return []
        plan, scope = self.plan, self.lowering.scope_of(path)
        body = effective.definition.body
        if isinstance(body, Formula):
            body = Conditions(Clause("one", body.expression, (), (), body.expression.place))
        if not isinstance(body, Conditions):
            return [(self._words(key), plan.no(self._truth(key, path).may))]
        clauses = body.clause.clauses if body.clause.mode == "all" else (body.clause,)
        parts = []
        for clause in clauses:
            asked = clause.expression
            words = _barred_by(self._text(asked.item)) if isinstance(asked, ir.Not) else self._label(clause)
            parts.append((words, plan.no(self.lowering.clause(clause, scope).may)))
        for clause in effective.definition.unless:
            parts.append((_barred_by(self._label(clause)), self.lowering.clause(clause, scope).yes))
        return parts

    def _label(self, clause: Clause) -> Words:
        expression = clause.expression
        if expression is None:
            join = {"all": (" 且 ", " and "), "any": (" 或 ", " or ")}[clause.mode]
            inner = [self._label(item) for item in clause.clauses]
            return Words(join[0].join(w.zh for w in inner), join[1].join(w.en for w in inner))
        if isinstance(expression, ir.RuleOf):
            return self._words(expression.key)
        return self._text(expression)

    def _text(self, expression: ir.Expression) -> Words:
        names = self.lowering.names
        return Words(expression_text(expression, names, "zh"), expression_text(expression, names, "en"))

    def _words(self, key: str) -> Words:
        declaration = self.lowering.names.declarations[key][0]
        return Words(declaration.term, declaration.id.replace("_", " "))


def _barred_by(what: Words) -> Words:
    """A condition that fails because something holds that must not."""
    return Words(f"除外情形：{what.zh}", f"excluded: {what.en}")


def _upwards(path: str) -> Iterator[str]:
    """A table and those above it, but for the root."""
    while path:
        yield path
        path = path.rpartition(".")[0]
