"""Rules after resolving: typed, linked by keys, ready to be compiled, explained or printed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from minzheng_rules.language import ir
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import Cite, Declaration
from minzheng_rules.language.types import Type
from minzheng_rules.problems import Place


class Clause(Record):
    """A condition with its citations: an expression (``mode`` one), or a list (all, any) of further clauses."""

    mode: str
    expression: ir.Expression | None
    clauses: tuple[Clause, ...]
    cites: tuple[Cite, ...]
    place: Place

    def expressions(self) -> Iterator[ir.Expression]:
        """Every expression in it."""
        if self.expression is not None:
            yield self.expression
        for clause in self.clauses:
            yield from clause.expressions()


class Conditions(Record):
    """A body that is true or false: one clause, or a list that must all, or any, hold."""

    clause: Clause

    def expressions(self) -> Iterator[ir.Expression]:
        yield from self.clause.expressions()


class Formula(Record):
    """A body that is one expression."""

    expression: ir.Expression

    def expressions(self) -> Iterator[ir.Expression]:
        yield self.expression


class Branch(Record):
    """One of several cases; the last has no condition."""

    clause: Clause | None
    expression: ir.Expression
    cites: tuple[Cite, ...]


class Choice(Record):
    """A body with cases, the first that holds deciding."""

    branches: tuple[Branch, ...]

    def expressions(self) -> Iterator[ir.Expression]:
        for branch in self.branches:
            if branch.clause is not None:
                yield from branch.clause.expressions()
            yield branch.expression


class TableRow(Record):
    """One row: what each input column asks (``None`` where anything will do), and the outputs (``None`` for ``?``)."""

    conditions: tuple[ir.Expression | None, ...]
    outputs: tuple[ir.Expression | None, ...]
    cites: tuple[Cite, ...]
    status: str
    place: Place


class Table(Record):
    """A decision table."""

    inputs: tuple[ir.Expression, ...]
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    columns: tuple[str, ...]
    """The names of the outputs; one empty name when there is a single ``=``."""
    first: bool
    """Whether the first row that fits decides; otherwise rows may not overlap."""

    def expressions(self) -> Iterator[ir.Expression]:
        yield from self.inputs
        for row in self.rows:
            yield from (part for part in (*row.conditions, *row.outputs) if part is not None)


class Sum(Record):
    """A body that adds quantities; other layers may add more."""

    parts: tuple[ir.Expression, ...]

    def expressions(self) -> Iterator[ir.Expression]:
        yield from self.parts


class Group(Record):
    """A body that names some of a collection."""

    subset: ir.Subset

    def expressions(self) -> Iterator[ir.Expression]:
        yield self.subset


class Delegated(Record):
    """A body the law leaves to another authority."""

    def expressions(self) -> Iterator[ir.Expression]:
        yield from ()


class TableParameter(Record):
    """A table kept as a parameter: for each dated version of it (by identity of its grid) the table as this rule reads it."""

    parameter: str
    tables: tuple[tuple[object, Table], ...]

    def table(self, grid: object) -> Table | None:
        """The table read from one version of the parameter."""
        return next((table for known, table in self.tables if known is grid), None)

    def expressions(self) -> Iterator[ir.Expression]:
        for _, table in self.tables:
            yield from table.expressions()


class Stack(Record):
    """How one other benefit bears on an amount: a condition, an amount of this rulebook, or a benefit already drawn."""

    target: str
    """The key of the amount it acts on."""
    relation: str
    """``excluded`` (不得), ``higher`` (择高), ``top_up`` (补差) or ``unknown`` (?)."""
    condition: ir.Expression | None
    amount: ir.RuleOf | None
    drawn: tuple[str, str, str, str] | None
    """For a benefit already drawn: list fact, enumerated fact, its value, and amount fact, by id."""
    label: str
    cites: tuple[Cite, ...]
    status: str
    place: Place
    first: bool = True
    """Of two amounts of which the higher is chosen, whether this one gives way when they are equal."""


class Expected(Record):
    """Something that ought to hold for every subject of a kind."""

    id: str
    term: str
    kind: str
    cites: tuple[Cite, ...]
    expression: ir.Expression
    place: Place


Body = Conditions | Formula | Choice | Table | Sum | Group | Delegated | TableParameter


class Definition(Record):
    """One rule in one period, resolved."""

    declaration: Declaration
    type: Type
    body: Body
    unless: tuple[Clause, ...] = ()
    given: ir.Expression | None = None
    needs: tuple[ir.Expression, ...] = ()
    when: Clause | None = None
    """For an exception: when it takes the place of the rule it excepts."""
    rounding: str | None = None
    """The id of the parameter that says how the amount is rounded."""
    target: str | None = None
    """The key of the rule this one replaces, fills, adds to or excepts."""
    over: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.declaration.key

    def expressions(self) -> Iterator[ir.Expression]:
        """Every expression of the rule."""
        yield from self.body.expressions()
        for clause in self.unless:
            yield from clause.expressions()
        if self.when is not None:
            yield from self.when.expressions()
        if self.given is not None:
            yield self.given
        yield from self.needs

    def reads(self) -> frozenset[str]:
        """The keys of the rules it refers to."""
        return self._read

    @cached_property
    def _read(self) -> frozenset[str]:
        # Asked anew for every stretch of days, and the same in each.
        parts = (part for expression in self.expressions() for part in expression.walk())
        return frozenset(part.key for part in parts if isinstance(part, ir.RuleOf))
