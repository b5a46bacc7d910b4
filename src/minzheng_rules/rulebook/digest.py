"""The canonical content of a rulebook: every line that can change a decision, and nothing else.

Rules and parameters appear by id, expressions as typed trees, figures in internal units. Terms, notes, comments, statuses'
wording and the order of files leave no mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from minzheng_rules.language import ir
from minzheng_rules.language.tables import Grid
from minzheng_rules.language.types import Type
from minzheng_rules.rulebook.definitions import (
    Body,
    Choice,
    Clause,
    Conditions,
    Definition,
    Delegated,
    Formula,
    Group,
    Sum,
    Table,
    TableParameter,
)

if TYPE_CHECKING:
    from minzheng_rules.rulebook.rulebook import Rulebook


def canonical(rulebook: Rulebook) -> Iterator[str]:
    """The lines the digest is taken over, in a fixed order."""
    yield f"place {rulebook.place}"
    yield "layers " + " ".join(f"{layer.id}:{layer.level}" for layer in rulebook.layers)
    yield f"through {rulebook.decides_through}"
    yield "accept " + " ".join(sorted(rulebook.accept))
    for kind in sorted(rulebook.vocabulary.kinds.values(), key=lambda k: k.id):
        for fact in sorted(kind.facts.values(), key=lambda f: f.id):
            choices = rulebook.names.enumerations[rulebook.names.enumeration_id(fact)].values if fact.enum else ()
            ids = ",".join(id for id, _ in choices)
            yield f"fact {kind.id}.{fact.id} {fact.shape} {fact.unit} {fact.low} {fact.high} {fact.kind} {ids}"
    for source in sorted(rulebook.sources.by_id.values(), key=lambda s: s.id):
        yield f"source {source.id} {source.start} {source.end} {source.editions}"
    for parameter in sorted(rulebook.parameters.values(), key=lambda p: p.id):
        limits = f"{parameter.low} {parameter.high} {parameter.setters} {parameter.layer}"
        yield f"parameter {parameter.id} {_type(parameter.type)} {limits}"
        for key, figures in sorted(parameter.figures.items()):
            for figure in figures:
                dates = f"{figure.layer} {figure.since} {figure.until}"
                yield f"figure {parameter.id}{list(key)} {dates} {_plain(figure.value)} {figure.status}"
    for rule in sorted(rulebook.definitions):
        for definition in rulebook.definitions[rule]:
            yield _definition(definition)
    for target in sorted(rulebook.stacks):
        for stack in rulebook.stacks[target]:
            other = text(stack.condition) if stack.condition else text(stack.amount) if stack.amount else stack.drawn
            yield f"stack {target} {stack.relation} {other} {stack.first} {[c.instrument for c in stack.cites]}"
    for check in sorted(rulebook.expected, key=lambda c: c.id):
        yield f"check {check.id} {check.kind} {text(check.expression)}"
    for program in sorted(rulebook.programs, key=lambda p: p.id):
        yield (
            f"program {program.id} {program.subject} {program.applies} {program.eligible} {program.amounts} "
            f"{program.results} {program.other_amounts} {program.payable_from}"
        )


def _definition(definition: Definition) -> str:
    declared = definition.declaration
    cites = " ".join(f"{c.instrument}@{c.edition}#{c.article}" for c in declared.cites)
    unless = " ".join(_clause(clause) for clause in definition.unless)
    when = "" if definition.when is None else _clause(definition.when)
    given = "" if definition.given is None else text(definition.given)
    return (
        f"rule {declared.key} {declared.layer} {declared.start} {declared.end} {declared.status} [{cites}] {_type(definition.type)} "
        f"{declared.link} {definition.target} over={definition.over} when={when} given={given} "
        f"needs={[text(need) for need in definition.needs]} unless=[{unless}] round={definition.rounding} "
        f"open={[level for level, _ in declared.open_to]} delegated={[level for level, _ in declared.delegated_to]} "
        f"{_body(definition.body)}"
    )


def _body(body: Body) -> str:
    match body:
        case Conditions(clause=clause):
            return _clause(clause)
        case Formula(expression=expression):
            return text(expression)
        case Choice(branches=branches):
            parts = [f"{'' if b.clause is None else _clause(b.clause)}=>{text(b.expression)}" for b in branches]
            return "choice(" + "; ".join(parts) + ")"
        case Table():
            rows = [
                ",".join("-" if c is None else text(c) for c in row.conditions)
                + "=>"
                + ",".join("?" if o is None else text(o) for o in row.outputs)
                for row in body.rows
            ]
            return f"table{'!' if body.first else ''}({body.columns}; " + "; ".join(rows) + ")"
        case TableParameter():
            return f"table parameter {body.parameter}(" + "; ".join(_body(table) for _, table in body.tables) + ")"
        case Sum(parts=parts_):
            return "sum(" + ", ".join(text(part) for part in parts_) + ")"
        case Group(subset=subset):
            return text(subset)
        case Delegated():
            return "delegated"


def _clause(clause: Clause) -> str:
    if clause.expression is not None:
        return text(clause.expression)
    return f"{clause.mode}(" + ", ".join(_clause(item) for item in clause.clauses) + ")"


def text(node: ir.Expression) -> str:
    """An expression by ids, for the digest."""
    parts = ", ".join(text(part) for part in node.parts())
    match node:
        case ir.Literal():
            return _plain(node.value)
        case ir.Written():
            return f'"{node.text}"'
        case ir.TableRows():
            return f"rows of {node.name}"
        case ir.Value():
            return f"'{node.id}'"
        case ir.AsOf():
            return "as_of"
        case ir.Self():
            return f"self{node.up}"
        case ir.Variable():
            return f"var{node.slot}"
        case ir.FactOf():
            return f"{parts}.{node.fact.id}"
        case ir.RuleOf():
            return f"{parts}.{node.key}"
        case ir.ParameterAt():
            return f"{node.name}[{parts}]"
        case ir.ColumnOf():
            return f"{parts}/{node.column}"
        case ir.Arithmetic() | ir.Compare():
            return f"({text(node.left)} {node.op} {text(node.right)})"
        case ir.OneOf():
            return f"{parts}{' not' if node.negated else ''} in {node.values}"
        case ir.Aggregate() | ir.Extreme() | ir.FullPeriods() | ir.Scaled():
            return f"{node.fn}({parts})"
        case ir.Shifted():
            return f"shift{node.sign:+d}{node.unit}({parts})"
    return f"{type(node).__name__}({parts})"


def _type(type_: Type) -> str:
    unit = getattr(type_, "unit", None)
    enumeration = getattr(type_, "enumeration", None)
    return f"{type(type_).__name__}:{unit if unit is not None else enumeration.id if enumeration is not None else ''}"


def _plain(value: object) -> str:
    if isinstance(value, Grid):
        rows = [value.header, *value.rows]
        return "; ".join("|".join(cell.value for cell in row) for row in rows)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value.isoformat() if isinstance(value, date) else str(value)
