"""Divisions whose divisor may be zero."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from minzheng_rules.language import ir
from minzheng_rules.language.types import Many
from minzheng_rules.problems import Problem, Words
from minzheng_rules.rulebook.checks.bounds import Number
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.conditions import ALWAYS, HERE, Claim, Every, Logic, Scope, assumed, fingerprint
from minzheng_rules.rulebook.checks.speaking import said
from minzheng_rules.rulebook.checks.survey import Findings, Survey, dated
from minzheng_rules.rulebook.definitions import Choice, Clause, Conditions, Definition, Formula, Group, Table


def _find(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    dividing = {id(definition) for definition in survey.definitions if _divides(definition)}
    for index, _ in enumerate(survey.stretches):
        logic = survey.logic(index)
        for definition in (one for one in survey.acting[index] if id(one) in dividing):
            looker = _Looker(definition, logic)
            for division in looker.unguarded():
                findings.add(division.place, index, partial(_problem, definition, division, survey))
    yield from findings.problems()


def _divides(definition: Definition) -> bool:
    parts = (part for expression in definition.expressions() for part in expression.walk())
    return any(isinstance(part, ir.Arithmetic) and part.op == "/" for part in parts)


class _Looker:
    """Goes through one rule, keeping in mind what is known to hold at each place."""

    def __init__(self, definition: Definition, logic: Logic) -> None:
        self._definition, self._logic = definition, logic

    def unguarded(self) -> Iterator[ir.Arithmetic]:
        """The divisions whose divisor may be zero where they are asked."""
        definition, logic = self._definition, self._logic
        asked = assumed(definition, logic)
        for expression, supposed in self._sites(asked):
            yield from self._within(expression, supposed, HERE)
        if definition.given is not None:
            yield from self._within(definition.given, ALWAYS, HERE)
        for clause in (*definition.unless, *((definition.when,) if definition.when is not None else ())):
            yield from self._clause(clause, ALWAYS)

    def _sites(self, asked: Claim) -> Iterator[tuple[ir.Expression, Claim]]:
        body, logic = self._definition.body, self._logic
        if isinstance(body, Choice):
            for branch in body.branches:
                if branch.clause is not None:
                    yield from ((e, asked) for e in branch.clause.expressions())
                    yield branch.expression, Every((asked, logic.clause(branch.clause)))
                    asked = Every((asked, logic.clause(branch.clause, truth=False)))
                else:
                    yield branch.expression, asked
        elif isinstance(body, Table):
            yield from ((item, asked) for item in body.inputs)
            for row in body.rows:
                fits = Every((asked, *(logic.holds(c) for c in row.conditions if c is not None)))
                yield from ((output, fits) for output in row.outputs if output is not None)
        elif isinstance(body, Formula):
            yield body.expression, asked
        elif isinstance(body, Conditions):
            for expression in body.clause.expressions():
                yield expression, asked
        else:
            yield from ((expression, asked) for expression in body.expressions())

    def _clause(self, clause: Clause, supposed: Claim) -> Iterator[ir.Arithmetic]:
        for expression in clause.expressions():
            yield from self._within(expression, supposed, HERE)

    def _within(self, node: ir.Expression, supposed: Claim, scope: Scope) -> Iterator[ir.Arithmetic]:
        logic = self._logic
        if isinstance(node, ir.AllOf | ir.AnyOf):
            # What stands further left is asked first, and settles the matter where it can.
            for item in node.items:
                yield from self._within(item, supposed, scope)
                supposed = Every((supposed, logic.holds(item, isinstance(node, ir.AllOf), scope)))
            return
        if isinstance(node, ir.Aggregate) and node.where is not None:
            yield from self._within(node.collection, supposed, scope)
            yield from self._within(node.where, supposed, scope)
            if node.element is not None:
                held = Every((supposed, logic.holds(node.where, True, scope)))
                yield from self._within(node.element, held, scope)
            return
        if isinstance(node, ir.Arithmetic) and node.op == "/" and not self._never_zero(node.right, supposed, scope):
            yield node
        for part in node.parts():
            yield from self._within(part, supposed, scope)

    # -- can it be zero? -------------------------------------------------------------------------------------------

    def _never_zero(self, node: ir.Expression, supposed: Claim, scope: Scope) -> bool:
        logic = self._logic
        if not logic.ranges.of(node).holds(0):
            return True
        if isinstance(node, ir.Arithmetic) and node.op == "*":
            return all(self._never_zero(part, supposed, scope) for part in node.parts())
        number = logic.number(node, scope)
        if number is not None:
            return number != 0
        if not logic.possible(supposed, logic.against(node, "==", _ZERO, scope)):
            return True
        return self._counts_the_subject(node, supposed, scope)

    def _counts_the_subject(self, node: ir.Expression, supposed: Claim, scope: Scope) -> bool:
        """Whether it counts a collection that the very subject of the rule belongs to, where the rule is asked."""
        followed = self._follow(node, scope)
        if followed is None:
            return False
        count, around = followed
        if not (isinstance(count, ir.Aggregate) and count.fn == "count"):
            return False
        conditions: list[tuple[ir.Expression, int, Scope]] = []
        if count.where is not None:
            conditions.append((count.where, count.slot, around))
        collection: ir.Expression | None = count.collection
        while isinstance(collection, ir.RuleOf | ir.Subset):
            if isinstance(collection, ir.RuleOf):
                subset, around = self._group(collection, around)
            else:
                subset = collection
            if subset is None:
                return False
            conditions.append((subset.where, subset.slot, around))
            collection = subset.collection
        kind = self._definition.declaration.kind
        listed = isinstance(collection, ir.FactOf) and fingerprint(collection.of, around) == HERE.up(1)
        if not listed or collection is None or not isinstance(collection.type, Many) or collection.type.kind != kind:
            return False
        return all(
            not self._logic.possible(
                supposed, self._logic.holds(where, False, Scope(within.entity, ((slot, HERE.entity),)))
            )
            for where, slot, within in conditions
        )

    def _follow(self, node: ir.Expression, scope: Scope) -> tuple[ir.Expression, Scope] | None:
        """What a rule's formula says, followed to where something is counted."""
        for _ in range(4):
            if not isinstance(node, ir.RuleOf):
                return node, scope
            effective = self._logic.rules.rules.get(node.key)
            if effective is None or effective.exceptions or not isinstance(effective.definition.body, Formula):
                return None
            scope = Scope(fingerprint(node.of, scope))
            node = effective.definition.body.expression
        return None

    def _group(self, node: ir.RuleOf, scope: Scope) -> tuple[ir.Subset | None, Scope]:
        effective = self._logic.rules.rules.get(node.key)
        if effective is None or not isinstance(effective.definition.body, Group):
            return None, scope
        return effective.definition.body.subset, Scope(fingerprint(node.of, scope))


_ZERO: Number = 0


def _problem(definition: Definition, division: ir.Arithmetic, survey: Survey, dates: Words) -> Problem:
    divisor, name = said(division.right, survey.names), survey.rule(definition.key)
    return Problem(
        "division.zero",
        dated(
            Words(
                f"规则{name.zh}除以 {divisor.zh}，而它可能是零",
                f"the rule {name.en} divides by `{divisor.en}`, which may be zero",
            ),
            dates,
        ),
        division.right.place,
        Words(
            "除数为零时结果待定；请改成乘法比较，或用 given、cases 先排除零，或把参数的 range 写成大于零",
            "the result is then undetermined; compare by multiplying, rule out zero first with `given` or `cases`, or let the parameter's `range` begin above zero",
        ),
        "warning",
    )


CHECK = Check("divisions", Words("除数会不会是零", "divisors that may be zero"), _find)
