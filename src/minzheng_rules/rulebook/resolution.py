"""Resolving a whole rulebook: every name to what it means, every body to a typed tree, all problems collected."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from minzheng_rules.case.vocabulary import FactType, Vocabulary, enumeration_of
from minzheng_rules.language import ir
from minzheng_rules.language.reading import Text
from minzheng_rules.language.resolving import Resolver, UnresolvedError
from minzheng_rules.language.rules import (
    SIMPLE_TYPES,
    Declaration,
    Expectation,
    Item,
    RuleReader,
    StackingTable,
    unknown_type,
)
from minzheng_rules.language.tables import Grid, cell_condition, is_table, outputs, read_grid
from minzheng_rules.language.types import DAY, TEXT, TRUTH, Enumeration, Many, Named, One, Quantity, Row, Type
from minzheng_rules.language.units import UnitError, parse_unit
from minzheng_rules.problems import Place, Problem, Words, nearest
from minzheng_rules.rulebook.definitions import (
    Body,
    Branch,
    Choice,
    Clause,
    Conditions,
    Definition,
    Delegated,
    Expected,
    Formula,
    Group,
    Stack,
    Sum,
    Table,
    TableParameter,
    TableRow,
)
from minzheng_rules.rulebook.parameters import Band, Index, Parameter

ROUNDING = Enumeration(
    "rounding",
    "取整方式",
    (
        ("exact", "不取整"),
        ("to_fen_half_up", "四舍五入到分"),
        ("to_fen_down", "舍去不足一分"),
        ("to_jiao_half_up", "四舍五入到角"),
        ("to_jiao_up", "见分进角"),
        ("to_yuan_half_up", "四舍五入到元"),
        ("to_yuan_up", "见分进元"),
        ("to_ten_yuan_half_up", "四舍五入到十元"),
        ("up_to_the_smallest_unit", "不足一个最小单位进一"),
    ),
)
"""How a payable amount is rounded; built into the engine, chosen by parameters."""


RELATIONS = {
    "可叠加": "may_stack",
    "不得": "excluded",
    "择高": "higher",
    "补差": "top_up",
    "?": "unknown",
    "may_stack": "may_stack",
    "excluded": "excluded",
    "higher": "higher",
    "top_up": "top_up",
}
"""What a cell of a stacking table may say, in either language."""


class Names:
    """What names mean in one rulebook: facts from the vocabulary, rules, parameters, enumerations."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.enumerations: dict[str, Enumeration] = {}
        for enumeration in (ROUNDING, *_fact_enumerations(vocabulary)):
            self.add_enumeration(enumeration)
        self.parameters: dict[str, Parameter] = {}
        self.parameters_by_term: dict[str, str] = {}
        self.declarations: dict[str, list[Declaration]] = {}
        self._rule_names: dict[tuple[str, str], str] = {}
        self._types: dict[str, Type] = {}
        self._resolving: list[str] = []
        self._infer: Any = None
        self._levels: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._facts: dict[tuple[str, str], tuple[FactType, Type]] = {}
        self.kind_ids = {name: kind.id for kind in vocabulary.kinds.values() for name in (kind.id, kind.term)}
        for kind in vocabulary.kinds.values():
            for fact in kind.facts.values():
                type_ = self._fact_type(kind.id, fact)
                for name in (fact.id, fact.term):
                    self._facts[kind.id, name] = (fact, type_)

    def copied(self) -> Names:
        """The same names, to which parameters and rules may be added without changing these."""
        other = copy.copy(self)
        other.parameters, other.parameters_by_term = dict(self.parameters), dict(self.parameters_by_term)
        other.declarations = {key: list(declared) for key, declared in self.declarations.items()}
        other._rule_names, other._types, other._resolving = dict(self._rule_names), dict(self._types), []
        return other

    def add_enumeration(self, enumeration: Enumeration) -> None:
        """Make an enumeration known by its id and its term."""
        self.enumerations[enumeration.id] = self.enumerations[enumeration.term] = enumeration

    def declare(self, declaration: Declaration, problems: list[Problem]) -> None:
        """Make a rule known by its id and its term."""
        others = self.declarations.setdefault(declaration.key, [])
        others.append(declaration)
        for name in {declaration.id, declaration.term}:
            for kind in self._family(declaration.kind):
                known = self._rule_names.get((kind, name))
                if known is not None and known != declaration.key:
                    first = self.declarations[known][0]
                    problems.append(
                        Problem(
                            "rule.same-name",
                            Words(
                                f"“{name}”已是 {first.place.file} 第 {first.place.line} 行那条规则的名称",
                                f"`{name}` is already the name of the rule at {first.place.file}:{first.place.line}",
                            ),
                            declaration.place,
                            Words(
                                "请改名；若要替换那条规则，请用 replaces",
                                "rename it; to replace that rule use `replaces`",
                            ),
                        )
                    )
            self._rule_names[declaration.kind, name] = declaration.key
            if (declaration.kind, name) in self._facts:
                problems.append(
                    Problem(
                        "rule.same-name-as-fact",
                        Words(f"“{name}”已是一项事实的名称", f"`{name}` is already the name of a fact"),
                        declaration.place,
                        Words("请给规则另起名称", "give the rule another name"),
                    )
                )

    # -- the protocol the resolver asks ---------------------------------------------------------------------------

    def levels(self, kind: str) -> Sequence[Sequence[str]]:
        """The kind itself, then its parents, and so on upwards."""
        found = self._levels.get(kind)
        if found is None:
            result: list[tuple[str, ...]] = [(kind,)]
            while True:
                children = {k for base in result[-1] for k in self._family(base)}
                parents = {
                    other.id
                    for other in self.vocabulary.kinds.values()
                    for fact in other.facts.values()
                    if fact.shape in ("list", "entity") and fact.kind in children and other.id not in children
                }
                highest = tuple(
                    sorted(k for k in parents if not any(b in parents for b in self.vocabulary.kinds[k].bases))
                )
                if not highest:
                    break
                result.append(highest)
            found = self._levels[kind] = tuple(result)
        return found

    def fact(self, kind: str, name: str) -> tuple[object, Type] | None:
        return self._facts.get((kind, name))

    def rule(self, kind: str, name: str) -> tuple[str, Type] | None:
        for base in (kind, *self.vocabulary.kinds[kind].bases):
            key = self._rule_names.get((base, name))
            if key is not None:
                return key, self.type_of(key)
        return None

    def parameter(self, name: str) -> tuple[str, Type, tuple[Type, ...]] | None:
        found = self.parameters.get(self.parameters_by_term.get(name, name))
        if found is None or found.is_table:
            return None
        return found.id, found.type, tuple(_index_type(index) for index in found.indexes)

    def table(self, name: str) -> tuple[str, Row, Sequence[Grid]] | None:
        found = self.parameters.get(self.parameters_by_term.get(name, name))
        if found is None or not found.is_table:
            return None
        grids = [figure.value for figure in found.figures.get((), ()) if isinstance(figure.value, Grid)]
        return found.id, found.type if isinstance(found.type, Row) else Row(()), grids

    def quantities(self, kind: str) -> Sequence[tuple[object, Type]]:
        facts = self.vocabulary.kinds[kind].facts.values()
        return [self._facts[kind, fact.id] for fact in facts if fact.shape == "quantity"]

    def kind_named(self, name: str) -> str | None:
        return self.kind_ids.get(name)

    def kind_words(self, kind: str) -> Words:
        return Words(self.vocabulary.kinds[kind].term, kind.replace("_", " "))

    def dimension(self, kind: str) -> str:
        """Every kind of person counts as ``person`` in units."""
        return "person" if self.is_kind(kind, "person") else kind

    def names(self, kind: str) -> Iterator[str]:
        for kinds in self.levels(kind):
            for level in kinds:
                for base in (level, *self.vocabulary.kinds[level].bases):
                    yield from (name for owner, name in self._facts if owner == base)
                    yield from (name for owner, name in self._rule_names if owner == base)
        for parameter in self.parameters.values():
            yield parameter.id
            yield parameter.term
        yield "基准日"

    def is_kind(self, kind: str, base: str) -> bool:
        return kind == base or base in self.vocabulary.kinds[kind].bases

    def no_rule(self, kind: str, text: Text) -> Problem:
        """That there is no rule of a name about a kind, and which may be meant."""
        rules = [name for (owner, name) in self._rule_names if owner in (kind, *self.vocabulary.kinds[kind].bases)]
        near = nearest(text.value, rules)
        others = [owner for (owner, name) in self._rule_names if name == text.value]
        said = self.kind_words(kind)
        step = (
            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
            if near
            else Words(
                f"叫这个名称的规则是关于“{self.kind_words(others[0]).zh}”的：请写在 {others[0]} 之下，或写 subject: {others[0]}",
                f"the rule of that name is about a {self.kind_words(others[0]).en}: write this under `{others[0]}`, or say `subject: {others[0]}`",
            )
            if others
            else Words("请先写出那条规则，或核对名称", "write that rule first, or check the name")
        )
        return Problem(
            "rule.target",
            Words(f"“{said.zh}”没有叫“{text.value}”的规则", f"there is no rule `{text.value}` about a {said.en}"),
            text.place(),
            step,
        )

    def enumeration_id(self, fact: FactType) -> str:
        """The id of the enumeration a fact takes its values from."""
        assert fact.enum is not None
        return enumeration_of(fact.enum).id

    # -- types ---------------------------------------------------------------------------------------------------

    def type_of(self, key: str) -> Type:
        """What a rule yields: as declared, or as its body gives."""
        found = self._types.get(key)
        if found is None:
            if key in self._resolving:
                raise _Circular([*self._resolving[self._resolving.index(key) :], key])
            self._resolving.append(key)
            try:
                found = self._types[key] = self._infer(self.declarations[key])
            finally:
                self._resolving.pop()
        return found

    def _family(self, kind: str) -> list[str]:
        return [k.id for k in self.vocabulary.kinds.values() if k.id == kind or kind in k.bases]

    def _fact_type(self, kind: str, fact: FactType) -> Type:
        match fact.shape:
            case "bool":
                return TRUTH
            case "date":
                return DAY
            case "enum":
                assert fact.enum is not None
                return Named(self.enumerations[enumeration_of(fact.enum).id])
            case "quantity":
                owner = self._declared_on(kind, fact)
                return Quantity(parse_unit(fact.unit or "1").per(self.dimension(owner)))
            case "list":
                return Many(fact.kind or "", kind)
            case "entity" | "ref":
                return One(fact.kind or "")
        return TEXT

    def _declared_on(self, kind: str, fact: FactType) -> str:
        for base in reversed(self.vocabulary.kinds[kind].bases):
            if base in self.vocabulary.kinds and fact.id in self.vocabulary.kinds[base].facts:
                return base
        return kind


class _Circular(Exception):
    def __init__(self, path: list[str]) -> None:
        super().__init__(" → ".join(path))
        self.path = path


def _fact_enumerations(vocabulary: Vocabulary) -> Iterator[Enumeration]:
    for declared in vocabulary.enums.values():
        yield Enumeration(declared.id, declared.term, declared.values)


def _index_type(index: Index) -> Type:
    return Quantity(index.unit) if isinstance(index, Band) else Named(index)


class Resolution:
    """Resolves all declarations of a rulebook into definitions."""

    def __init__(self, names: Names, problems: list[Problem]) -> None:
        self.names, self.problems = names, problems
        self._circles: set[frozenset[str]] = set()
        names._infer = self._infer

    def resolve(self) -> dict[str, list[Definition]]:
        """Every rule's definitions, one per declared period, by key."""
        result: dict[str, list[Definition]] = {}
        for key, declarations in self.names.declarations.items():
            for declaration in declarations:
                definition = self._definition(declaration)
                if definition is not None:
                    result.setdefault(key, []).append(definition)
        return result

    def stacks(self, tables: Sequence[StackingTable]) -> dict[str, list[Stack]]:
        """What stacking tables say, by the key of the amount they act on."""
        result: dict[str, list[Stack]] = {}
        for table in tables:
            grid = read_grid(table.table, self.problems)
            if grid is None:
                continue
            for stack in self._stacks_of(table, grid):
                result.setdefault(stack.target, []).append(stack)
        return result

    def _stacks_of(self, table: StackingTable, grid: Grid) -> Iterator[Stack]:
        columns: list[tuple[int, str]] = []
        for i, cell in enumerate(grid.header[1:], 1):
            key = self._amount_named(table.kind, cell)
            if key is not None:
                columns.append((i, key))
        for row, notes in zip(grid.rows, grid.notes, strict=True):
            bears = any(RELATIONS.get(row[i].value) != "may_stack" for i, _ in columns)
            other = self._other_benefit(table.kind, row[0], bears)
            if other is None:
                continue
            condition, amount, drawn = other
            cites = self._row_cites(notes.get("cite") or notes.get("source")) or table.cites
            status = notes["status"].value if "status" in notes else table.status
            for i, key in columns:
                relation = RELATIONS.get(row[i].value)
                if relation is None:
                    self._add(
                        Problem(
                            "stacking.relation",
                            Words(
                                f"“{row[i].value}”不是一种叠加关系", f"`{row[i].value}` is no relation between benefits"
                            ),
                            row[i].place(),
                            Words(
                                "可写：" + "、".join(RELATIONS),
                                "possible: " + ", ".join(name for name in RELATIONS if name.isascii()),
                            ),
                        )
                    )
                elif relation != "may_stack":
                    yield Stack(
                        key, relation, condition, amount, drawn, row[0].value, cites, status, row[i].place(), True
                    )
                    if relation == "higher" and amount is not None:
                        own = ir.RuleOf(self.names.type_of(key), row[i].place(), amount.of, key)
                        yield Stack(
                            amount.key,
                            relation,
                            None,
                            own,
                            None,
                            grid.header[i].value,
                            cites,
                            status,
                            row[i].place(),
                            False,
                        )

    def _amount_named(self, kind: str, cell: Text) -> str | None:
        found = self._noting(lambda: self._resolver(kind).expression(cell))
        if isinstance(found, ir.RuleOf) and isinstance(found.type, Quantity):
            return found.key
        if found is not None:
            self._add(
                Problem(
                    "stacking.column",
                    Words(f"“{cell.value}”不是本规则手册中的金额", f"`{cell.value}` is no amount of this rulebook"),
                    cell.place(),
                    Words(
                        "除第一列外，表头写得出金额的规则的名称",
                        "from the second column on, the header names rules that come to an amount",
                    ),
                )
            )
        return None

    def _other_benefit(
        self, kind: str, cell: Text, bears: bool
    ) -> tuple[ir.Expression | None, ir.RuleOf | None, tuple[str, str, str, str] | None] | None:
        """What the first cell of a stacking row names: a drawn benefit, an amount, or a condition.

        ``bears`` says whether the row has any effect on an amount.
        """
        for list_name, fact in self.names.vocabulary.kinds[kind].facts.items():
            if fact.shape != "list" or fact.kind is None:
                continue
            item = self.names.vocabulary.kinds[fact.kind].facts.values()
            amount = next((f.id for f in item if f.shape == "quantity"), None)
            for named in item:
                if named.enum is None or amount is None:
                    continue
                value = self.names.enumerations[self.names.enumeration_id(named)].find(cell.value)
                if value is not None and self.names.rule(kind, cell.value) is None:
                    dates = [f for f in item if f.shape == "date"]
                    if dates and bears:
                        self._add(_dated_benefit(cell, fact.term, named.term, dates[-1].term))
                        return None
                    return None, None, (list_name, named.id, value, amount)
        found = self._noting(lambda: self._resolver(kind).expression(cell))
        if found is None:
            return None
        if isinstance(found, ir.RuleOf) and isinstance(found.type, Quantity):
            return None, found, None
        if found.type == TRUTH:
            return found, None, None
        self._add(
            Problem(
                "stacking.row",
                Words(
                    f"“{cell.value}”既不是条件、金额，也不是现享的一种待遇",
                    f"`{cell.value}` is neither a condition nor an amount nor a kind of benefit drawn",
                ),
                cell.place(),
                Words(
                    "第一列写另一待遇：现享待遇的取值、本手册的金额，或一个条件",
                    "the first column names the other benefit: a value of the benefits drawn, an amount of this rulebook, or a condition",
                ),
            )
        )
        return None

    def expected(self, declared: Sequence[Expectation]) -> tuple[Expected, ...]:
        """What ought to hold, resolved."""
        result = []
        for one in declared:
            expression = self._try(one.kind, one.expect, condition=True, wording=one.wording)
            if expression is not None:
                result.append(Expected(one.id, one.term, one.kind, one.cites, expression, one.place))
        return tuple(result)

    # -- types ---------------------------------------------------------------------------------------------------

    def _infer(self, declarations: list[Declaration]) -> Type:
        for declaration in declarations:
            declared = self._declared(declaration)
            if declared is not None:
                return declared
        for declaration in declarations:
            if declaration.link in ("replaces", "fills", "exception_to") and declaration.target is not None:
                target = self.names.rule(declaration.kind, declaration.target.value)
                if target is not None:
                    return target[1]
            if declaration.value is not None:
                return self._resolver(declaration.kind).expression(declaration.value).type
            if declaration.cases:
                return self._resolver(declaration.kind).expression(declaration.cases[0].value).type
            if declaration.those is not None:
                subset = self._resolver(declaration.kind).subset(declaration.those)
                assert isinstance(subset.type, Many)
                return Many(subset.type.kind, declaration.kind)
            if declaration.table is not None and is_table(declaration.table):
                return self._table_type(declaration)
            if declaration.table is not None:
                found = self.names.table(declaration.table.value)
                if found is not None and found[1].columns:
                    return found[1]
            if declaration.sum_of:
                return self._resolver(declaration.kind).expression(declaration.sum_of[0]).type
        return TRUTH

    def _declared(self, declaration: Declaration) -> Type | None:
        if declaration.unit is not None:
            try:
                return Quantity(parse_unit(declaration.unit.value).per(self.names.dimension(declaration.kind)))
            except UnitError as error:
                problem = Problem("unit.unreadable", error.words, declaration.unit.place(), error.step)
                raise UnresolvedError(problem) from None
        if declaration.type is not None:
            name = declaration.type.value
            if name in SIMPLE_TYPES:
                return SIMPLE_TYPES[name]
            enumeration = self.names.enumerations.get(name)
            if enumeration is None:
                raise UnresolvedError(unknown_type(declaration.type, self.names.enumerations))
            return Named(enumeration)
        conditional = declaration.when is not None or declaration.mode
        if (
            conditional
            and declaration.link != "exception_to"
            and declaration.value is None
            and declaration.table is None
        ):
            return TRUTH
        if (
            declaration.delegated_to
            and declaration.value is None
            and not declaration.cases
            and declaration.table is None
        ):
            return TRUTH
        return None

    def _table_type(self, declaration: Declaration) -> Type:
        assert declaration.table is not None
        grid = read_grid(declaration.table, [])
        columns = outputs(grid) if grid is not None else []
        if grid is None or not columns:
            return TRUTH
        resolver = self._resolver(declaration.kind)
        types = [(name, resolver.expression(grid.rows[0][i]).type) for i, name in columns]
        return types[0][1] if len(types) == 1 and not types[0][0] else Row(tuple(types))

    # -- definitions ---------------------------------------------------------------------------------------------

    def _resolver(self, kind: str, free_numbers: bool = False) -> Resolver:
        return Resolver(self.names, kind, free_numbers)

    def _definition(self, declaration: Declaration) -> Definition | None:
        try:
            type_ = self.names.type_of(declaration.key)
        except UnresolvedError as unresolved:
            self._add(unresolved.problem)
            return None
        except _Circular as circle:
            self._circular(circle.path, declaration.place)
            return None
        before = len(self.problems)
        exception = declaration.link == "exception_to"
        body = self._body(declaration, type_)
        definition = Definition(
            declaration=declaration,
            type=type_,
            body=body if body is not None else Delegated(),
            unless=tuple(self._clause(declaration.kind, item) for item in declaration.unless),
            given=self._try(declaration.kind, declaration.given, condition=True),
            needs=tuple(e for text in declaration.needs if (e := self._try(declaration.kind, text)) is not None),
            when=self._exception_when(declaration) if exception else None,
            rounding=self._rounding(declaration),
            target=self._target(declaration, declaration.target),
            over=tuple(key for text in declaration.over if (key := self._target(declaration, text)) is not None),
        )
        return definition if len(self.problems) == before else None

    def _exception_when(self, declaration: Declaration) -> Clause | None:
        if declaration.when is None:
            self._add(
                Problem(
                    "rule.exception-when",
                    Words(
                        "例外规则要有 when：在什么情形下取代原规则",
                        "an exception needs `when`: the case in which it takes the other rule's place",
                    ),
                    declaration.place,
                    Words(
                        "总是取代原规则的，写 replaces 而不是 exception_to",
                        "a rule that always takes its place says `replaces` instead of `exception_to`",
                    ),
                )
            )
            return None
        return self._clause(declaration.kind, declaration.when)

    def _body(self, declaration: Declaration, type_: Type) -> Body | None:
        kind = declaration.kind
        exception = declaration.link == "exception_to"
        bodies = [
            name
            for name, present in (
                ("when", declaration.when is not None and not exception),
                ("all/any", bool(declaration.mode)),
                ("value", declaration.value is not None),
                ("cases", bool(declaration.cases)),
                ("table", declaration.table is not None),
                ("sum_of", declaration.sum_of is not None),
                ("those", declaration.those is not None),
            )
            if present
        ]
        if len(bodies) > 1:
            self._add(
                Problem(
                    "rule.two-bodies",
                    Words(
                        "一条规则只能有一种内容，这里有：" + "、".join(bodies),
                        "a rule has one body, this one has: " + ", ".join(bodies),
                    ),
                    declaration.place,
                    Words(
                        "只在某个条件下才发的数额，条件写 given",
                        "an amount that is due only under a condition has the condition in `given`",
                    )
                    if "when" in bodies or "all/any" in bodies
                    else Words("请只留一种，其余另写成规则", "keep one, and make rules of the others"),
                )
            )
            return None
        if not bodies:
            if declaration.delegated_to or (declaration.unless and not exception):
                return (
                    Delegated()
                    if declaration.delegated_to
                    else Conditions(Clause("all", None, (), (), declaration.place))
                )
            if declaration.flawed:
                return None  # what is wrong with the rule has been reported, and that it has no body may be due to it
            self._add(
                Problem(
                    "rule.no-body",
                    Words(f"规则“{declaration.term}”没有内容", f"the rule `{declaration.id}` has no body"),
                    declaration.place,
                    Words(
                        "请写 when、all、any、value、cases、table、sum_of 或 those 之一；留给别处规定的写 delegated_to",
                        "give it one of when, all, any, value, cases, table, sum_of, those; write `delegated_to` if it is left to another authority",
                    ),
                )
            )
            return None
        if declaration.when is not None and not exception:
            wording = declaration.when.wording or declaration.wording
            return Conditions(self._clause(kind, declaration.when, wording))
        if declaration.mode:
            clauses = tuple(self._clause(kind, item) for item in declaration.items)
            return Conditions(Clause(declaration.mode, None, clauses, (), declaration.place))
        if declaration.value is not None:
            value = self._try(kind, declaration.value, wanted=type_)
            return None if value is None else Formula(value)
        if declaration.cases:
            branches = [
                Branch(None if case.when is None else self._clause(kind, case.when), value, case.cites)
                for case in declaration.cases
                if (value := self._try(kind, case.value, wanted=type_)) is not None
            ]
            return Choice(tuple(branches))
        if declaration.table is not None:
            return self._table(declaration, type_)
        if declaration.sum_of is not None:
            parts = [e for text in declaration.sum_of if (e := self._try(kind, text, wanted=type_)) is not None]
            return Sum(tuple(parts))
        assert declaration.those is not None
        try:
            return Group(self._resolver(kind).subset(declaration.those))
        except UnresolvedError as unresolved:
            self._add(unresolved.problem)
        except _Circular as circle:
            self._circular(circle.path, declaration.place)
        return None

    def _table(self, declaration: Declaration, type_: Type) -> Body | None:
        text = declaration.table
        assert text is not None
        if is_table(text):
            grid = read_grid(text, self.problems)
            return None if grid is None else self._read_table(declaration, grid, type_, False)
        found = self.names.table(text.value)
        if found is None:
            near = nearest(
                text.value, [n for p in self.names.parameters.values() if p.is_table for n in (p.id, p.term)]
            )
            self._add(
                Problem(
                    "table.parameter",
                    Words(f"没有“{text.value}”这张参数表", f"there is no table parameter `{text.value}`"),
                    text.place(),
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if near
                    else Words(
                        "直接写表时，写在 `table: |` 下面，每行以“|”开头和结尾",
                        "to write a table here, put it under `table: |`, each line begun and ended with `|`",
                    ),
                )
            )
            return None
        id, _, grids = found
        tables = [
            (grid, table) for grid in grids if (table := self._read_table(declaration, grid, type_, True)) is not None
        ]
        return TableParameter(id, tuple(tables)) if len(tables) == len(grids) else None

    def _read_table(self, declaration: Declaration, grid: Grid, type_: Type, numbers: bool) -> Table | None:
        """A table as a rule reads it: each input column an expression about the rule's kind."""
        columns = outputs(grid)
        if not columns:
            self._add(
                Problem(
                    "table.no-output",
                    Words("表头缺少“=”这一列（结果）", "the header has no `=` column (the result)"),
                    grid.header[0].place(),
                    Words(
                        "结果那一列的表头写“=”，有几项结果时写“= 名称”",
                        "head the column of results with `=`, or several with `= name`",
                    ),
                )
            )
            return None
        output_at = {i for i, _ in columns}
        inputs = [(i, cell) for i, cell in enumerate(grid.header) if i not in output_at]
        resolver = self._resolver(declaration.kind, numbers)
        heads = [self._try(declaration.kind, cell) for _, cell in inputs]
        rows = []
        for cells, notes in zip(grid.rows, grid.notes, strict=True):
            conditions = [
                self._noting(partial(cell_condition, cells[i], head, resolver))
                for (i, _), head in zip(inputs, heads, strict=True)
                if head is not None
            ]
            results = []
            for i, name in columns:
                wanted = dict(type_.columns).get(name, type_) if isinstance(type_, Row) else type_
                results.append(self._noting(partial(resolver.output, cells[i], wanted)))
            cites = self._row_cites(notes.get("cite") or notes.get("source"))
            status = notes["status"].value if "status" in notes else declaration.status
            rows.append(TableRow(tuple(conditions), tuple(results), cites, status, cells[0].place()))
        if any(head is None for head in heads):
            return None
        return Table(
            tuple(head for head in heads if head is not None),
            tuple(cell.value for _, cell in inputs),
            tuple(rows),
            tuple(name for _, name in columns),
            declaration.hit == "first",
        )

    def _noting(self, make: Callable[[], ir.Expression | None]) -> ir.Expression | None:
        """What is made, or ``None`` with the problem noted."""
        try:
            return make()
        except UnresolvedError as unresolved:
            self._add(unresolved.problem)
        return None

    def _row_cites(self, text: Text | None) -> tuple[Any, ...]:
        return () if text is None else RuleReader(self.problems).cites(text)

    def _clause(self, kind: str, item: Item, wording: str = "") -> Clause:
        if item.mode != "one":
            return Clause(
                item.mode, None, tuple(self._clause(kind, inner) for inner in item.items), item.cites, item.place
            )
        assert item.text is not None
        expression = self._try(kind, item.text, condition=True, wording=item.wording or wording)
        return Clause("one", expression, (), item.cites, item.place)

    def _try(
        self, kind: str, text: Text | None, wanted: Type | None = None, condition: bool = False, wording: str = ""
    ) -> ir.Expression | None:
        """Resolve an expression, noting a problem if it does not fit."""
        if text is None:
            return None
        resolver = self._resolver(kind)
        try:
            if condition:
                return resolver.condition(text, wording)
            expected = wanted.enumeration if isinstance(wanted, Named) else None
            expression = resolver.expression(text, expected)
            if wanted is not None:
                expression = resolver.fitting(expression, wanted, text)
            return expression
        except UnresolvedError as unresolved:
            self._add(unresolved.problem)
        except _Circular as circle:
            self._circular(circle.path, text.place())
        return None

    def _rounding(self, declaration: Declaration) -> str | None:
        if declaration.round is None:
            return None
        found = self.names.parameter(declaration.round.value)
        if found is None or not isinstance(found[1], Named) or found[1].enumeration.id != ROUNDING.id:
            ways = [p for p in self.names.parameters.values() if p.type == Named(ROUNDING)]
            near = nearest(declaration.round.value, [name for p in ways for name in (p.id, p.term)])
            self._add(
                Problem(
                    "rule.round",
                    Words(
                        f"round 应是一个取整方式参数，“{declaration.round.value}”不是",
                        f"`round` names a parameter of type rounding, which `{declaration.round.value}` is not",
                    ),
                    declaration.round.place(),
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if near
                    else Words(
                        "请在 policies/ 中定义一个 type: 取整方式 的参数，值如 四舍五入到分",
                        "define a parameter of `type: rounding` in policies/, with a value such as to_fen_half_up",
                    ),
                )
            )
            return None
        return found[0]

    def _target(self, declaration: Declaration, text: Text | None) -> str | None:
        if text is None:
            return None
        try:
            found = self.names.rule(declaration.kind, text.value)
        except UnresolvedError as unresolved:
            self._add(unresolved.problem)
            return None
        if found is not None:
            return found[0]
        self._add(self.names.no_rule(declaration.kind, text))
        return None

    def _circular(self, path: list[str], place: Place) -> None:
        terms = [self.names.declarations[key][0].term if key in self.names.declarations else key for key in path]
        if frozenset(path) not in self._circles:
            self._circles.add(frozenset(path))
            self._add(circular(terms, [key.partition(".")[2] for key in path], place))

    def _add(self, problem: Problem) -> None:
        self.problems.append(problem)


def circular(terms: list[str], ids: list[str], place: Place) -> Problem:
    """The message for rules that need each other."""
    return Problem(
        "rule.circular",
        Words("规则循环引用：" + " → ".join(terms), "rules refer to each other in a circle: " + " → ".join(ids)),
        place,
        Words(
            "条文以“已是……”“已领……”为前提的，是一项事实，不要引用正在计算的结论",
            "a status the text presupposes (already recognised, already drawing a benefit) is a fact, not the conclusion being computed",
        ),
    )


def _dated_benefit(cell: Text, listed: str, kind: str, dated: str) -> Problem:
    """That a benefit with dates is not named by its kind alone: one that has ended would go on counting."""
    rule = f"any(b.{kind} == {cell.value} and … for b in {listed})"
    return Problem(
        "stacking.dated",
        Words(
            f"“{listed}”写有日期（{dated}），只写“{cell.value}”会把已经停了的也算上",
            f"what is listed in `{listed}` has dates (`{dated}`): `{cell.value}` alone would count what has ended, too",
        ),
        cell.place(),
        Words(
            f"请另写一条看日期的规则，这里写它的名称：是否享有写 when: {rule}，享有多少写 value: sum(…)",
            f"name a rule here that looks at the dates: `when: {rule}` for whether it is drawn, `value: sum(…)` for how much",
        ),
    )
