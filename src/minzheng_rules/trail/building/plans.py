"""The plans of a rulebook's rules for a stretch of days: made once, followed by every case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from minzheng_rules.evaluator.compiling import Compiled, members_of
from minzheng_rules.evaluator.possible import settled
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language import ir
from minzheng_rules.language.rules import Cite
from minzheng_rules.language.types import One, Type
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.definitions import Clause
from minzheng_rules.rulebook.parameters import Band
from minzheng_rules.trail.building.citations import citation
from minzheng_rules.trail.building.conclusions import ConclusionPlan
from minzheng_rules.trail.building.conditions import (
    ComparePlan,
    ExpressionPlan,
    ListPlan,
    NamedAgainPlan,
    NotPlan,
    QuantifiedPlan,
)
from minzheng_rules.trail.building.entries import EnteredFactPlan, OpenFactPlan, ParameterPlan, fact_key
from minzheng_rules.trail.building.marking import unique
from minzheng_rules.trail.building.rules import plan_of_rule
from minzheng_rules.trail.building.several import Keep, Opening, Part, Several, anew, keeping, kept, opening, several
from minzheng_rules.trail.building.steps import Step
from minzheng_rules.trail.building.texts import Texts
from minzheng_rules.trail.node import FALSE, Citation, Node

if TYPE_CHECKING:
    from minzheng_rules.case.vocabulary import FactType
    from minzheng_rules.rulebook.rulebook import Program, Rulebook

_Collect = Callable[[Step, str, Subject, Any, Any, list[Node]], None]


class Plans:
    """What the rules of a stretch of days say in every case, and the steps of one case that follow it."""

    def __init__(self, compiled: Compiled, rulebook: Rulebook) -> None:
        self.compiled, self.rulebook = compiled, rulebook
        self.names, self.rules = compiled.names, compiled.rules
        self.texts = Texts(compiled)
        self._of_rules: dict[str, Keep] = {}
        self._of_facts: dict[tuple[FactType, Type], Keep] = {}
        self._of_programs: dict[str, ConclusionPlan] = {}
        self._of_parameters: dict[str, Keep] = {}
        self._conditions: dict[tuple[ir.Expression, tuple[Cite, ...]], Part] = {}
        self._leaves: dict[ir.Expression, Several] = {}
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
        return subject.steps.get(key) or self.rule_maker(key)(subject)

    def rule_maker(self, key: str) -> Keep:
        """Makes the step of a rule about a subject, which keeps it."""
        found = self._of_rules.get(key)
        if found is None:
            found = self._of_rules[key] = self._rule_maker(key)
        return found

    def kept_rule(self, key: str, owner: str = "e") -> Part:
        """The step of a rule about the subject, or about another owner."""
        return kept(owner, key, self.rule_maker(key))

    def _rule_maker(self, key: str) -> Keep:
        of_kinds: dict[str, Keep] = {}

        def make(subject: Subject) -> Node:
            kind = subject.kind
            keep = of_kinds.get(kind)
            if keep is None:
                keep = of_kinds[kind] = keeping(plan_of_rule(self, key, kind), key)
            return keep(subject)

        return make

    def fact(self, fact: FactType, type_: Type, subject: Subject) -> Node:
        """The step of a fact of a subject."""
        return subject.steps.get(fact_key(fact)) or self.fact_maker(fact, type_)(subject)

    def fact_maker(self, fact: FactType, type_: Type) -> Keep:
        """Makes the step of a fact of a subject, which keeps it.

        Facts of several kinds may have one name, and each its own sources and notes.
        """
        found = self._of_facts.get((fact, type_))
        if found is None:
            found = self._of_facts[fact, type_] = self._fact_maker(fact, type_)
        return found

    def _fact_maker(self, fact: FactType, type_: Type) -> Keep:
        key, id, judged = fact_key(fact), fact.id, fact.judgement is not None
        open_: dict[str, Keep] = {}
        entered: dict[str, Keep] = {}

        def make(subject: Subject) -> Node:
            kind = subject.kind
            found = judged and id in subject.facts
            of_kinds = entered if found else open_
            keep = of_kinds.get(kind)
            if keep is None:
                plan = (EnteredFactPlan if found else OpenFactPlan)(self, fact, type_, kind)
                keep = of_kinds[kind] = keeping(plan, key)
            return keep(subject)

        return make

    def parameter(self, name: str, keys: tuple[str, ...], subject: Subject) -> Node:
        """The step of a parameter's cell in the case of a subject."""
        id = f"parameter/{name}[{','.join(keys)}]" if keys else f"parameter/{name}"
        case = subject.case
        step: Node | None = case.steps.get(id)
        if step is None:
            keep = self._of_parameters.get(id)
            if keep is None:
                keep = self._of_parameters[id] = keeping(ParameterPlan(self, name, keys, id), id)
            step = keep(case)
        return step

    def conclusion(self, program: Program) -> ConclusionPlan:
        """The plan of a program's answers."""
        found = self._of_programs.get(program.id)
        if found is None:
            found = self._of_programs[program.id] = ConclusionPlan(self, program)
        return found

    # -- conditions ----------------------------------------------------------------------------------------------

    def clause(self, clause: Clause) -> Part:
        """The step of one condition as listed in a rule."""
        if clause.mode == "one":
            assert clause.expression is not None
            return self.condition(clause.expression, clause.cites)
        items = [(self.clause(item), str(i)) for i, item in enumerate(clause.clauses)]
        return anew(ListPlan(clause.mode, items, self.cited(clause.cites)))

    def condition(self, expression: ir.Expression, cites: tuple[Cite, ...] = ()) -> Part:
        """The step of an expression that is true or false."""
        found = self._conditions.get((expression, cites))
        if found is None:
            found = self._conditions[expression, cites] = self._condition(expression, cites)
        return found

    def _condition(self, expression: ir.Expression, cites: tuple[Cite, ...]) -> Part:
        citations = self.cited(cites)
        match expression:
            # What is asked of somebody or something referred to rests on the reference as well, so it is a step of its own.
            case ir.RuleOf() | ir.FactOf() if not isinstance(expression.of, ir.FactOf | ir.RuleOf):
                return self._named(expression, citations)
            case ir.AllOf() | ir.AnyOf():
                items = [(self.condition(item), str(i)) for i, item in enumerate(expression.items)]
                return anew(ListPlan("all" if isinstance(expression, ir.AllOf) else "any", items, citations))
            case ir.Compare():
                return anew(ComparePlan(self, expression, citations))
            case ir.Not():
                return anew(NotPlan(self, expression, citations))
            case ir.Aggregate():
                return anew(QuantifiedPlan(self, expression, citations))
        return anew(ExpressionPlan(self, expression, citations))

    def _named(self, expression: ir.RuleOf | ir.FactOf, citations: tuple[Citation, ...]) -> Part:
        """A condition that is the name of a rule or a fact: its step, or one that names it with an article of its own."""
        named = self._kept(expression)
        if named is None:
            return anew(ExpressionPlan(self, expression, citations))
        if not citations:
            return named
        if isinstance(expression, ir.RuleOf):
            first = self.names.declarations[expression.key][0]
            label = Words(first.term, first.id.replace("_", " "))
        else:
            label = Words(expression.fact.term, expression.fact.id.replace("_", " "))
        return anew(NamedAgainPlan(label, named, citations))

    # -- what expressions rest on --------------------------------------------------------------------------------

    def _kept(self, part: ir.Expression) -> Part | None:
        """The step of a part of which somebody has one, where it is plain beforehand who; ``None`` where it is not."""
        match part:
            case ir.RuleOf(of=of, key=key) if (owner := _owner(of)) is not None:
                return self.kept_rule(key, owner)
            case ir.FactOf(of=of, fact=fact) if (owner := _owner(of)) is not None:
                return kept(owner, fact_key(fact), self.fact_maker(fact, part.type))
            case ir.ParameterAt(name=name, indexes=()) | ir.TableRows(name=name):
                return kept("e.case", f"parameter/{name}", lambda case: self.parameter(name, (), case))
        return None

    def below(self, expression: ir.Expression, prefix: str = "") -> Opening:
        """Makes the steps an expression rests on, below a step about the same subject."""
        parts = self._kept_parts(expression)
        if parts is not None:
            return opening([(part, "") for part in parts])
        leaves = self.leaves(expression)
        return lambda step: leaves(step, prefix, step.about, step.x, step.y)

    def leaves(self, expression: ir.Expression) -> Several:
        """The rules, facts, parameters and conditions an expression directly rests on, as steps."""
        found = self._leaves.get(expression)
        if found is None:
            found = self._leaves[expression] = self._leaves_of(expression)
        return found

    def _leaves_of(self, expression: ir.Expression) -> Several:
        parts = self._kept_parts(expression)
        if parts is not None:
            return several(parts)
        collectors = [self._collector(part) for part in _rests_on(expression)]

        def collect(above: Step, prefix: str, e: Subject, x: Any, y: Any) -> Sequence[Node]:
            found: list[Node] = []
            for add in collectors:
                add(above, prefix, e, x, y, found)
            return unique(found)

        return collect

    def _kept_parts(self, expression: ir.Expression) -> list[Part] | None:
        """The kept steps an expression rests on, each once; ``None`` where there are others."""
        found: dict[tuple[str, str], Part] = {}
        for inner in _rests_on(expression):
            part = self._kept(inner)
            if part is None:
                return None
            found.setdefault((part.owner, part.key), part)
        return list(found.values())

    def _collector(self, part: ir.Expression) -> _Collect:
        match part:
            case ir.ParameterAt() if part.indexes:
                return self._collect_cells(part)
            case ir.Aggregate():
                return self._collect_aggregate(part)
            case ir.CountTrue():
                return self._collect_counted(part)
        one = self._kept(part)
        if one is not None:
            make = one.make
            return lambda above, prefix, e, x, y, found: found.append(make(above, "", e, x, y))
        if isinstance(part, ir.RuleOf | ir.FactOf):
            return self._collect_reference(part)
        made = self.condition(part).make
        return lambda above, prefix, e, x, y, found: found.append(made(above, f"{prefix}{len(found)}", e, x, y))

    def _collect_reference(self, part: ir.RuleOf | ir.FactOf) -> _Collect:
        """What is asked of somebody the case may or may not name."""
        key = part.key if isinstance(part, ir.RuleOf) else fact_key(part.fact)
        make = self.rule_maker(part.key) if isinstance(part, ir.RuleOf) else self.fact_maker(part.fact, part.type)
        owner = self.compiled.closure(part.of)

        def collect(above: Step, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
            of = owner(e, x, y)
            if type(of) is Subject:
                found.append(of.steps.get(key) or make(of))

        return collect

    def _collect_cells(self, part: ir.ParameterAt) -> _Collect:
        name, closures = part.name, [self.compiled.closure(index) for index in part.indexes]
        parameter = self.rules.parameters[name]
        banded = any(isinstance(index, Band) for index in parameter.indexes)

        def collect(above: Step, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
            # Settled indexes pick cells; while an index is open none is named.
            keys = tuple([closure(e, x, y) for closure in closures])
            if all(settled(key) for key in keys):
                picked = (parameter.matching(keys) or [()]) if banded else [keys]
                found += [self.parameter(name, key, e) for key in picked]

        return collect

    def _collect_aggregate(self, part: ir.Aggregate) -> _Collect:
        collection = self._collect_all(part.collection)
        if isinstance(part.collection, ir.TableRows):
            return collection
        members = self.compiled.closure(part.collection)
        where = None if part.where is None else self.condition(part.where).make
        element = _nothing if part.element is None else self._collect_all(part.element)
        first = part.slot == 1

        def collect(above: Step, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
            collection(above, prefix, e, x, y, found)
            for item in members_of(members(e, x, y)):
                inner_x, inner_y = (item, y) if first else (x, item)
                if where is not None:
                    asked = where(above, f"{prefix}{item.path}/if", e, inner_x, inner_y)
                    found.append(asked)
                    if asked.state is FALSE:
                        continue
                element(above, f"{prefix}{item.path}/", e, inner_x, inner_y, found)

        return collect

    def _collect_all(self, expression: ir.Expression) -> _Collect:
        """All that an expression rests on."""
        parts = self._kept_parts(expression)
        if parts is not None:
            if not parts:
                return _nothing
            made = several(parts)
            return lambda above, prefix, e, x, y, found: found.extend(made(above, prefix, e, x, y))
        return _in_turn([self._collector(inner) for inner in _rests_on(expression)])

    def _collect_counted(self, part: ir.CountTrue) -> _Collect:
        makers = [(self.condition(item).make, f"counted/{number}") for number, item in enumerate(part.items)]

        def collect(above: Step, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
            for make, suffix in makers:
                found.append(make(above, prefix + suffix, e, x, y))

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


def _owner(of: ir.Expression) -> str | None:
    """Who something is asked of, where it is plain beforehand: the subject, a member of a collection, what they belong to."""
    match of:
        case ir.Self(up=0):
            return "e"
        case ir.Self(up=1):
            return "e.parent"
        case ir.Self(up=up):
            return "e" + ".parent" * up
        case ir.Variable(slot=slot, type=One()):
            return "x" if slot == 1 else "y"
    return None


def _nothing(above: Step, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
    """Rests on nothing."""


def _in_turn(collectors: list[_Collect]) -> _Collect:
    def collect(above: Step, prefix: str, e: Subject, x: Any, y: Any, found: list[Node]) -> None:
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
