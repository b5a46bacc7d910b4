"""The plans of a rulebook's rules for a stretch of days: made once, followed by every case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from minzheng_rules.evaluator.compiling import Compiled, each, root
from minzheng_rules.evaluator.possible import settled
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language import ir
from minzheng_rules.language.rules import Cite
from minzheng_rules.rulebook.definitions import Clause
from minzheng_rules.rulebook.parameters import Band
from minzheng_rules.trail.building.citations import citation
from minzheng_rules.trail.building.conclusions import ConclusionPlan
from minzheng_rules.trail.building.conditions import (
    ComparePlan,
    ExpressionPlan,
    Leaves,
    ListPlan,
    Maker,
    NamedAgainPlan,
    NotPlan,
    QuantifiedPlan,
)
from minzheng_rules.trail.building.entries import EnteredFactPlan, FactPlan, OpenFactPlan, ParameterPlan
from minzheng_rules.trail.building.marking import unique
from minzheng_rules.trail.building.rules import RulePlan, plan_of_rule
from minzheng_rules.trail.building.steps import Plan, Step
from minzheng_rules.trail.building.texts import Texts
from minzheng_rules.trail.node import Citation, Node, State

if TYPE_CHECKING:
    from minzheng_rules.rulebook.rulebook import Program, Rulebook

_Collect = Callable[[Node, str, Subject, Any, Any, list[Node]], None]
_Owner = Callable[[Subject, Any, Any], Any]
_Get = Callable[[Subject, Any, Any], Node]
"""The step of what an expression refers to, for a subject and the loop variables."""
_Make = Callable[[Subject], Node]
"""The step of one rule, fact or figure for its owner."""


class Plans:
    """What the rules of a stretch of days say in every case, and the steps of one case that follow it."""

    def __init__(self, compiled: Compiled, rulebook: Rulebook) -> None:
        self.compiled, self.rulebook = compiled, rulebook
        self.names, self.rules = compiled.names, compiled.rules
        self.texts = Texts(compiled)
        self._of_rules: dict[str, _Make] = {}
        self._of_facts: dict[tuple[str, str, bool], FactPlan] = {}
        self._of_programs: dict[str, ConclusionPlan] = {}
        self._of_parameters: dict[str, ParameterPlan] = {}
        self._of_figures: dict[str, _Make] = {}
        self._conditions: dict[tuple[ir.Expression, tuple[Cite, ...]], Maker] = {}
        self._leaves: dict[ir.Expression, Leaves] = {}
        self._cited: dict[tuple[Cite, ...], tuple[Citation, ...]] = {}

    @classmethod
    def of(cls, compiled: Compiled, rulebook: Rulebook) -> Plans:
        """The plans for some compiled rules, made once."""
        found = compiled.kept.get(cls)
        if found is None:
            found = compiled.kept[cls] = cls(compiled, rulebook)
        assert isinstance(found, cls)
        return found

    # -- steps of which a case has one ---------------------------------------------------------------------------

    def rule(self, key: str, subject: Subject) -> Node:
        """The step of a rule about a subject."""
        return self.rule_maker(key)(subject)

    def rule_maker(self, key: str) -> _Make:
        """The maker of the step of a rule."""
        found = self._of_rules.get(key)
        if found is None:
            found = self._of_rules[key] = self._rule_maker(key)
        return found

    def _rule_maker(self, key: str) -> _Make:
        of_kinds: dict[str, RulePlan] = {}

        def make(subject: Subject) -> Node:
            step: Node | None = subject.steps.get(key)
            if step is None:
                plan = of_kinds.get(subject.kind)
                if plan is None:
                    plan = of_kinds[subject.kind] = plan_of_rule(self, key, subject.kind)
                step = subject.steps[key] = plan.step(plan, subject)
            return step

        return make

    def fact(self, expression: ir.FactOf, subject: Subject) -> Node:
        """The step of a fact of a subject."""
        fact = expression.fact
        key = "/" + fact.id  # a rule may have the same name
        step: Node | None = subject.steps.get(key)
        if step is None:
            found = fact.judgement is not None and fact.id in subject.facts
            plan = self._of_facts.get((fact.id, subject.kind, found))
            if plan is None:
                sort = EnteredFactPlan if found else OpenFactPlan
                plan = sort(self, fact, expression.type, subject.kind)
                self._of_facts[fact.id, subject.kind, found] = plan
            step = subject.steps[key] = Step(plan, subject)
        return step

    def parameter(self, name: str, keys: tuple[str, ...], subject: Subject) -> Node:
        """The step of a parameter's cell in the case of a subject."""
        id = f"parameter/{name}[{','.join(keys)}]" if keys else f"parameter/{name}"
        case = root(subject)
        step: Node | None = case.steps.get(id)
        if step is None:
            plan = self._of_parameters.get(id)
            if plan is None:
                plan = self._of_parameters[id] = ParameterPlan(self, name, keys, id)
            step = case.steps[id] = Step(plan, case)
        return step

    def figure_maker(self, name: str) -> _Make:
        """The maker of the step of a parameter that is one figure."""
        found = self._of_figures.get(name)
        if found is None:
            key = f"parameter/{name}"

            def make(subject: Subject) -> Node:
                case = subject
                while case.parent is not None:
                    case = case.parent
                return case.steps.get(key) or self.parameter(name, (), case)

            found = self._of_figures[name] = make
        return found

    def conclusion(self, program: Program) -> ConclusionPlan:
        """The plan of a program's answers."""
        found = self._of_programs.get(program.id)
        if found is None:
            found = self._of_programs[program.id] = ConclusionPlan(program, self.names)
        return found

    # -- conditions ----------------------------------------------------------------------------------------------

    def clause(self, clause: Clause) -> Maker:
        """The maker of the step of one condition as listed in a rule."""
        if clause.mode == "one":
            assert clause.expression is not None
            return self.condition(clause.expression, clause.cites)
        items = [(self.clause(item), str(i)) for i, item in enumerate(clause.clauses)]
        return _maker(ListPlan(clause.mode, items, self.cited(clause.cites)))

    def condition(self, expression: ir.Expression, cites: tuple[Cite, ...] = ()) -> Maker:
        """The maker of the step of an expression that is true or false."""
        found = self._conditions.get((expression, cites))
        if found is None:
            found = self._conditions[expression, cites] = self._condition(expression, cites)
        return found

    def _condition(self, expression: ir.Expression, cites: tuple[Cite, ...]) -> Maker:
        citations = self.cited(cites)
        match expression:
            # What is asked of somebody or something referred to rests on the reference as well, so it is a step of its own.
            case ir.RuleOf() | ir.FactOf() if not isinstance(expression.of, ir.FactOf | ir.RuleOf):
                return self._named(expression, citations)
            case ir.AllOf() | ir.AnyOf():
                items = [(self.condition(item), str(i)) for i, item in enumerate(expression.items)]
                return _maker(ListPlan("all" if isinstance(expression, ir.AllOf) else "any", items, citations))
            case ir.Compare():
                return _maker(ComparePlan(self, expression, citations))
            case ir.Not():
                return _maker(NotPlan(self, expression, citations))
            case ir.Aggregate():
                return _maker(QuantifiedPlan(self, expression, citations))
        return _maker(ExpressionPlan(self, expression, citations))

    def _named(self, expression: ir.RuleOf | ir.FactOf, citations: tuple[Citation, ...]) -> Maker:
        """A condition that is the name of a rule or a fact: its step, or one that names it with an article of its own."""
        plain = _maker(ExpressionPlan(self, expression, citations))
        again = NamedAgainPlan(citations) if citations else None
        key, make = self._reference(expression)
        if key is not None and again is None:

            def own(above: Node, suffix: str, e: Subject, x: Any, y: Any) -> Node:
                return e.steps.get(key) or make(e)

            return own
        owner = self._owner(expression.of)

        def named(above: Node, suffix: str, e: Subject, x: Any, y: Any) -> Node:
            of = owner(e, x, y)
            if type(of) is not Subject:
                return plain(above, suffix, e, x, y)
            step = make(of)
            return step if again is None else again.made(step, above, suffix, e)

        return named

    def _reference(self, expression: ir.RuleOf | ir.FactOf) -> tuple[str | None, Callable[[Subject], Node]]:
        """Makes the step of what is referred to of its owner; under which key it is kept where that is the subject."""
        own = isinstance(expression.of, ir.Self) and expression.of.up == 0
        if isinstance(expression, ir.RuleOf):
            key = expression.key
            return key if own else None, self.rule_maker(key)
        return f"/{expression.fact.id}" if own else None, lambda subject: self.fact(expression, subject)

    def _owner(self, of: ir.Expression) -> _Owner:
        if isinstance(of, ir.Self):
            up = of.up
            return (lambda e, x, y: e) if up == 0 else (lambda e, x, y: e.up(up))
        if isinstance(of, ir.Variable):
            return (lambda e, x, y: x) if of.slot == 1 else (lambda e, x, y: y)
        return self.compiled.closure(of)

    # -- what expressions rest on --------------------------------------------------------------------------------

    def leaves(self, expression: ir.Expression) -> Leaves:
        """The rules, facts, parameters and conditions an expression directly rests on, as steps."""
        found = self._leaves.get(expression)
        if found is None:
            found = self._leaves[expression] = self._leaves_of(expression)
        return found

    def _leaves_of(self, expression: ir.Expression) -> Leaves:
        parts = tuple(_rests_on(expression))
        own = self._own(parts)
        if own is not None:

            def all_own(above: Node, prefix: str, e: Subject, x: Any, y: Any) -> list[Node]:
                steps = e.steps
                return [steps.get(key) or make(e) for key, make in own]

            return all_own
        getters = self._getters(parts)
        if getters is not None:
            return lambda above, prefix, e, x, y: [get(e, x, y) for get in getters]
        collectors = [self._collector(part) for part in parts]

        def collect(above: Node, prefix: str, e: Subject, x: Any, y: Any) -> list[Node]:
            found: list[Node] = []
            for add in collectors:
                add(above, prefix, e, x, y, found)
            return unique(found)

        return collect

    def _own(self, parts: tuple[ir.Expression, ...]) -> list[tuple[str, Callable[[Subject], Node]]] | None:
        """The makers of steps of nothing but the subject itself, each once; ``None`` where there are others."""
        own: dict[str, Callable[[Subject], Node]] = {}
        for part in parts:
            key, make = self._reference(part) if isinstance(part, ir.RuleOf | ir.FactOf) else (None, None)
            if key is None or make is None:
                return None
            own.setdefault(key, make)
        return list(own.items())

    def _getters(self, parts: tuple[ir.Expression, ...]) -> list[_Get] | None:
        """One getter for each step where it is plain beforehand which they are, each once; ``None`` where it is not."""
        found: dict[tuple[int, str], _Get] = {}
        for part in parts:
            match part:
                case ir.RuleOf(of=ir.Self(up=up)) | ir.FactOf(of=ir.Self(up=up)):
                    name = part.key if isinstance(part, ir.RuleOf) else f"/{part.fact.id}"
                    found.setdefault((up, name), _upwards(up, name, self._reference(part)[1]))
                case ir.ParameterAt(name=name, indexes=()) | ir.TableRows(name=name):
                    found.setdefault((0, f"parameter/{name}"), _of_case(self.figure_maker(name)))
                case _:
                    return None
        return list(found.values())

    def _collector(self, part: ir.Expression) -> _Collect:
        match part:
            case ir.RuleOf() | ir.FactOf():
                return self._collect_reference(part)
            case ir.ParameterAt():
                return self._collect_cells(part)
            case ir.TableRows():
                figure = self.figure_maker(part.name)
                return lambda above, prefix, e, x, y, found: found.append(figure(e))
            case ir.Aggregate():
                return self._collect_aggregate(part)
            case ir.CountTrue():
                return self._collect_counted(part)
        make = self.condition(part)
        return lambda above, prefix, e, x, y, found: found.append(make(above, f"{prefix}{len(found)}", e, x, y))

    def _collect_reference(self, part: ir.RuleOf | ir.FactOf) -> _Collect:
        _, make = self._reference(part)
        owner = self._owner(part.of)

        def collect(above: Node, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
            of = owner(e, x, y)
            if type(of) is Subject:
                found.append(make(of))

        return collect

    def _collect_cells(self, part: ir.ParameterAt) -> _Collect:
        name, closures = part.name, [self.compiled.closure(index) for index in part.indexes]
        if not closures:
            figure = self.figure_maker(name)
            return lambda above, prefix, e, x, y, found: found.append(figure(e))
        parameter = self.rules.parameters[name]
        banded = any(isinstance(index, Band) for index in parameter.indexes)

        def collect(above: Node, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
            # Settled indexes pick cells; while an index is open none is named.
            keys = tuple([closure(e, x, y) for closure in closures])
            if all(settled(key) for key in keys):
                picked = (parameter.matching(keys) or [()]) if banded else [keys]
                found += [self.parameter(name, key, e) for key in picked]

        return collect

    def _collect_aggregate(self, part: ir.Aggregate) -> _Collect:
        collection = [self._collector(inner) for inner in _rests_on(part.collection)]
        if isinstance(part.collection, ir.TableRows):
            return _in_turn(collection)
        members = self.compiled.closure(part.collection)
        where = None if part.where is None else self.condition(part.where)
        element = [self._collector(inner) for inner in _rests_on(part.element)] if part.element is not None else []
        first = part.slot == 1

        def collect(above: Node, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
            for add in collection:
                add(above, prefix, e, x, y, found)
            for item, _ in each(members(e, x, y)):
                inner_x, inner_y = (item, y) if first else (x, item)
                if where is not None:
                    asked = where(above, f"{prefix}{item.path}/if", e, inner_x, inner_y)
                    found.append(asked)
                    if asked.state is State.FALSE:
                        continue
                for add in element:
                    add(above, f"{prefix}{item.path}/", e, inner_x, inner_y, found)

        return collect

    def _collect_counted(self, part: ir.CountTrue) -> _Collect:
        makers = [self.condition(item) for item in part.items]

        def collect(above: Node, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
            for number, make in enumerate(makers):
                found.append(make(above, f"{prefix}counted/{number}", e, x, y))

        return collect

    # -- small things --------------------------------------------------------------------------------------------

    def cited(self, cites: Iterable[Cite]) -> tuple[Citation, ...]:
        """Citations with the titles and dates of their instruments: those in force on the day."""
        every = tuple(cites)
        if not every:
            return ()
        found = self._cited.get(every)
        if found is None:
            sources = self.rulebook.sources
            found = self._cited[every] = tuple(citation(cite, sources) for cite in self.rules.citations(every))
        return found


def _maker(plan: Plan) -> Maker:
    def make(above: Node, suffix: str, e: Subject, x: Any, y: Any) -> Node:
        return Step(plan, e, above, suffix, x, y)

    return make


def _upwards(up: int, key: str, make: _Make) -> _Get:
    if up == 0:
        return lambda e, x, y: e.steps.get(key) or make(e)
    return lambda e, x, y: make(e.up(up))


def _of_case(make: _Make) -> _Get:
    return lambda e, x, y: make(e)


def _in_turn(collectors: list[_Collect]) -> _Collect:
    def collect(above: Node, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
        for add in collectors:
            add(above, prefix, e, x, y, found)

    return collect


def _rests_on(expression: ir.Expression) -> Iterator[ir.Expression]:
    """The parts an expression rests on that have a step of their own, or several, in order."""
    match expression:
        case ir.RuleOf() | ir.FactOf():
            if isinstance(expression.of, ir.FactOf | ir.RuleOf):
                yield from _rests_on(expression.of)
            yield expression
        case ir.ParameterAt():
            for index in expression.indexes:
                yield from _rests_on(index)
            yield expression
        case ir.TableRows() | ir.Aggregate() | ir.AllOf() | ir.AnyOf() | ir.Not() | ir.CountTrue():
            yield expression
        case _:
            for part in expression.parts():
                yield from _rests_on(part)
