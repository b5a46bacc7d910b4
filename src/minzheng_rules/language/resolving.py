"""From the text of an expression to a typed tree, with the author told exactly what does not fit.

Expressions are a subset of Python's, parsed with the standard ``ast`` module and never evaluated by it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from minzheng_rules.language import ir
from minzheng_rules.language.reading import Text, unbalanced
from minzheng_rules.language.types import (
    ANY_NUMBER,
    DAY,
    PLAIN_NUMBER,
    TEXT,
    TRUTH,
    Enumeration,
    Many,
    Named,
    One,
    Quantity,
    Row,
    Rows,
    TextType,
    Truth,
    Type,
)
from minzheng_rules.language.units import AGE, DURATIONS, MONTH, NUMBER, YEAR, Unit
from minzheng_rules.problems import Place, Problem, Words, nearest

if TYPE_CHECKING:
    from minzheng_rules.language.tables import Grid

AS_OF_NAMES = ("基准日", "as_of")
FUNCTIONS = (
    "sum",
    "any",
    "all",
    "count",
    "min",
    "max",
    "full_years",
    "full_months",
    "per_month",
    "per_year",
    "first_of_month",
)
_OPERATORS = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.GtE: ">=", ast.Gt: ">"}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_MISTYPED = {
    "（": "(",
    "）": ")",
    "，": ",",
    "：": ":",
    "＜": "<",
    "＞": ">",
    "≤": "<=",
    "≥": ">=",
    "＝": "==",
    "×": "*",
    "÷": "/",
    "【": "[",
    "】": "]",
}


class Symbols(Protocol):
    """What names can mean; the rulebook under construction answers."""

    def levels(self, kind: str) -> Sequence[Sequence[str]]:
        """The kind itself, then its parents, their parents, …: the kinds at each level."""

    def fact(self, kind: str, name: str) -> tuple[object, Type] | None:
        """The fact of a kind by either name, with its type."""

    def rule(self, kind: str, name: str) -> tuple[str, Type] | None:
        """The rule about a kind by either name: its key, and the type of what it yields."""

    def parameter(self, name: str) -> tuple[str, Type, tuple[Type, ...]] | None:
        """The parameter by either name: its id, type, and the types of its indexes."""

    def table(self, name: str) -> tuple[str, Row, Sequence[Grid]] | None:
        """The table parameter by either name: its id, its columns, and its versions."""

    def kind_named(self, name: str) -> str | None:
        """The kind of that name, in either language."""

    def kind_words(self, kind: str) -> Words:
        """What the kind is called."""

    def dimension(self, kind: str) -> str:
        """What the kind is called in units: ``person`` for every kind of person."""

    def names(self, kind: str) -> Iterator[str]:
        """All names that can stand in a rule about a kind, for suggestions."""

    def quantities(self, kind: str) -> Sequence[tuple[object, Type]]:
        """The quantities among a kind's facts."""

    def is_kind(self, kind: str, base: str) -> bool:
        """Whether ``kind`` is ``base`` or inherits from it."""


class UnresolvedError(Exception):
    """An expression does not fit; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass
class Resolver:
    """Resolves the expressions of one rule.

    ``kind`` is the kind the rule is about; ``free_numbers`` allows any number (in parameter tables only).
    """

    symbols: Symbols
    kind: str
    free_numbers: bool = False
    variables: dict[str, tuple[int, Type]] = field(default_factory=dict)
    _text: Text | None = None
    _source: bytes = b""

    def condition(self, text: Text, wording: str = "") -> ir.Expression:
        """Resolve an expression that must be true or false."""
        expression = self.expression(text)
        if not isinstance(expression.type, Truth):
            raise self._error(
                None,
                "expression.not-a-condition",
                Words(
                    f"这里应是条件，得到的却是{self._say(expression.type).zh}",
                    f"a condition is needed here, but this is {self._say(expression.type).en}",
                ),
                _AS_A_CONDITION,
            )
        if wording and isinstance(expression, ir.Compare):
            return ir.Compare(
                expression.type, expression.place, expression.op, expression.left, expression.right, wording
            )
        return expression

    def expression(self, text: Text, expected: Enumeration | None = None) -> ir.Expression:
        """Resolve any expression; ``expected`` is the enumeration a bare name may be a value of."""
        node = self._parse(text)
        return self._resolve(node, expected)

    def subset(self, text: Text) -> ir.Subset:
        """Resolve ``x for x in collection if condition``."""
        node = self._parse(text)
        if not isinstance(node, ast.GeneratorExp) or not isinstance(node.elt, ast.Name):
            raise self._error(
                node,
                "expression.subset",
                Words(
                    "those 应写成“某 for 某 in 集合 if 条件”", "`those` is written `x for x in collection if condition`"
                ),
                _AS_A_SUBSET,
            )
        with self._loop(node) as (slot, name, collection, where):
            if where is None:
                raise self._error(
                    node,
                    "expression.subset",
                    Words("those 缺少“if 条件”", "`those` lacks its `if condition`"),
                    _AS_A_SUBSET,
                )
            return ir.Subset(collection.type, self._place(node), slot, name, collection, where)

    # -- parsing -------------------------------------------------------------------------------------------------

    def _parse(self, text: Text) -> ast.expr:
        self._text = text
        source = f"({text.value})"
        self._source = source.encode()
        for wrong, right in _MISTYPED.items():
            at = text.value.find(wrong)
            if at >= 0:
                raise UnresolvedError(
                    Problem(
                        "expression.full-width",
                        Words(f"表达式里用了全角符号“{wrong}”", f"the expression holds the full-width sign `{wrong}`"),
                        text.place(at),
                        Words(f"请改用“{right}”", f"write `{right}`"),
                    )
                )
        try:
            return ast.parse(source, mode="eval").body
        except SyntaxError as error:
            raise UnresolvedError(_unreadable(text, error)) from None

    def _place(self, node: ast.expr | None) -> Place:
        assert self._text is not None
        return self._text.place(0 if node is None else self._offset(node.lineno, node.col_offset))

    def _offset(self, line: int, column: int) -> int:
        lines = self._source.split(b"\n")
        before = b"\n".join(lines[: line - 1]) + (b"\n" if line > 1 else b"")
        return max(len((before + lines[line - 1][:column]).decode()) - 1, 0)

    def _written(self, node: ast.expr) -> str:
        lines = self._source.split(b"\n")
        return (
            lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()
            if node.lineno == node.end_lineno
            else ""
        )

    def _error(self, node: ast.expr | None, code: str, what: Words, step: Words | None = None) -> UnresolvedError:
        return UnresolvedError(Problem(code, what, self._place(node), step))

    # -- resolving -----------------------------------------------------------------------------------------------

    def _resolve(self, node: ast.expr, expected: Enumeration | None = None) -> ir.Expression:
        match node:
            case ast.Name():
                return self._name(node, expected)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Constant():
                return self._number(node)
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp():
                items = tuple(self._truth(value) for value in node.values)
                cls = ir.AllOf if isinstance(node.op, ast.And) else ir.AnyOf
                return cls(TRUTH, self._place(node), items)
            case ast.UnaryOp(op=ast.Not()):
                return ir.Not(TRUTH, self._place(node), self._truth(node.operand))
            case ast.UnaryOp(op=ast.USub()):
                operand = self._quantity(node.operand)
                zero = ir.Literal(operand.type, self._place(node), 0, "0")
                return ir.Arithmetic(operand.type, self._place(node), "-", zero, operand)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Subscript():
                return self._index(node)
            case ast.Call():
                return self._call(node)
        raise self._error(
            node,
            "expression.not-in-language",
            Words(
                f"规则语言里没有“{_short(self._written(node))}”这种写法",
                f"`{_short(self._written(node))}` is not part of the rule language",
            ),
            Words("分情形请用 cases 或 table", "use `cases` or a `table` to choose between values"),
        )

    def _name(self, node: ast.Name, expected: Enumeration | None) -> ir.Expression:
        name, place = node.id, self._place(node)
        if expected is not None:
            found = expected.find(name)
            if found is not None:
                return ir.Value(Named(expected), place, found)
        if name in self.variables:
            slot, type_ = self.variables[name]
            return ir.Variable(type_, place, slot, name)
        for up, kinds in enumerate(self.symbols.levels(self.kind)):
            resolved = self._member_of(name, kinds, up, place)
            if resolved is not None:
                return resolved
            for kind in kinds:
                if self.symbols.kind_named(name) == kind:
                    return ir.Self(One(kind), place, up)
        if name in AS_OF_NAMES:
            return ir.AsOf(DAY, place)
        table = self.symbols.table(name)
        if table is not None:
            return self._rows(table, place)
        parameter = self.symbols.parameter(name)
        if parameter is not None:
            id, type_, indexes = parameter
            if indexes:
                raise self._error(
                    node,
                    "expression.index-missing",
                    Words(
                        f"参数“{name}”按{self._listed(indexes).zh}取值，这里没有写明取哪一个",
                        f"the parameter `{name}` varies by {self._listed(indexes).en}, and which one is meant is not said",
                    ),
                    self._as_an_index(name, indexes),
                )
            return ir.ParameterAt(type_, place, id, ())
        known = [*self.symbols.names(self.kind), *self.variables]
        if expected is not None:
            known += [part for pair in expected.values for part in pair]
        near = nearest(name, known)
        if expected is not None:
            raise self._error(
                node,
                "expression.unknown-value",
                Words(
                    f"“{name}”不是“{expected.term}”的取值，也不是事实、规则或参数",
                    f"`{name}` is no value of `{expected.id}`, and no fact, rule or parameter either",
                ),
                _meant(near) or _values_of(expected),
            )
        raise self._error(
            node,
            "expression.unknown-name",
            Words(f"“{name}”既不是事实、规则，也不是参数", f"`{name}` is neither a fact, a rule nor a parameter"),
            _meant(near) or _DEFINE_IT,
        )

    def _rows(self, table: tuple[str, Row, Sequence[Grid]], place: Place) -> ir.Expression:
        """A table parameter as a collection of its rows."""
        id, row, grids = table
        cells = Resolver(self.symbols, self.kind, free_numbers=True)
        versions = []
        for grid in grids:
            at = {cell.value[1:].strip(): i for i, cell in enumerate(grid.header) if cell.value.startswith("=")}
            rows = tuple(
                tuple(cells.output(line[at[name]], type_) if name in at else None for name, type_ in row.columns)
                for line in grid.rows
            )
            versions.append((grid, rows))
        return ir.TableRows(Rows(id, row), place, id, tuple(versions))

    def output(self, cell: Text, wanted: Type) -> ir.Expression | None:
        """An output cell of a table: an expression of the wanted type; ``None`` for ``?``."""
        if cell.value == "?":
            return None
        if isinstance(wanted, TextType):
            return ir.Written(wanted, cell.place(), cell.value)
        expression = self.expression(cell, wanted.enumeration if isinstance(wanted, Named) else None)
        return self.fitting(expression, wanted, cell)

    def fitting(self, expression: ir.Expression, wanted: Type, text: Text) -> ir.Expression:
        """The expression in the unit or type that is wanted, or a problem that says how they differ."""
        if isinstance(expression.type, Quantity) and isinstance(wanted, Quantity):
            if expression.type.unit is None:
                return _adapted(expression, wanted)
            if expression.type != wanted:
                raise UnresolvedError(
                    Problem(
                        "rule.unit",
                        Words(
                            f"规则声明的单位是 {_unit(wanted.unit, 'zh')}，算出来的却是 {_unit(expression.type.unit, 'zh')}",
                            f"the rule is declared in {_unit(wanted.unit, 'en')}, but its value comes out in {_unit(expression.type.unit, 'en')}",
                        ),
                        text.place(),
                        Words(
                            "请检查是否漏乘（漏除）了人数或月数，或 unit 写错了",
                            "look for a head count or number of months left out, or a wrong `unit`",
                        ),
                    )
                )
            return expression
        same = type(expression.type) is type(wanted)
        if same and isinstance(wanted, Named) and isinstance(expression.type, Named):
            same = expression.type.enumeration.id == wanted.enumeration.id
        if not same:
            raise UnresolvedError(
                Problem(
                    "rule.type",
                    Words(
                        f"规则应得出{self._say(wanted).zh}，这里却是{self._say(expression.type).zh}",
                        f"the rule should yield {self._say(wanted).en}, but this is {self._say(expression.type).en}",
                    ),
                    text.place(),
                    Words(
                        "请改这里的表达式，或改规则的 unit、type",
                        "change the expression here, or the rule's `unit` or `type`",
                    ),
                )
            )
        return expression

    def _member_of(self, name: str, kinds: Sequence[str], up: int, place: Place) -> ir.Expression | None:
        """The fact or rule called ``name`` of the ancestor ``up`` levels above."""
        for kind in kinds:
            resolved = self._of(ir.Self(One(kind), place, up), kind, name, place)
            if resolved is not None:
                return resolved
        return None

    def _of(self, owner: ir.Expression, kind: str, name: str, place: Place) -> ir.Expression | None:
        fact = self.symbols.fact(kind, name)
        if fact is not None:
            return ir.FactOf(fact[1], place, owner, fact[0])
        rule = self.symbols.rule(kind, name)
        if rule is not None:
            return ir.RuleOf(rule[1], place, owner, rule[0])
        return None

    def _attribute(self, node: ast.Attribute) -> ir.Expression:
        owner = self._resolve(node.value)
        place = (
            self._text.place(self._offset(node.end_lineno or 1, (node.end_col_offset or 1) - len(node.attr.encode())))
            if self._text
            else Place()
        )
        if isinstance(owner.type, Row):
            for column, type_ in owner.type.columns:
                if column == node.attr:
                    return ir.ColumnOf(type_, place, owner, column)
            raise UnresolvedError(
                Problem(
                    "expression.unknown-column",
                    Words(f"表中没有“{node.attr}”这一列", f"the table has no column `{node.attr}`"),
                    place,
                    _meant(nearest(node.attr, [column for column, _ in owner.type.columns]))
                    or Words(
                        "有的列：" + "、".join(column for column, _ in owner.type.columns),
                        "its columns are: " + ", ".join(column for column, _ in owner.type.columns),
                    ),
                )
            )
        if not isinstance(owner.type, One):
            raise self._error(
                node,
                "expression.not-an-entity",
                Words(
                    f"“.”前面应是一个人或一件物，得到的却是{self._say(owner.type).zh}",
                    f"before the dot there should be a person or thing, but this is {self._say(owner.type).en}",
                ),
                Words(
                    f"集合里的每一个要逐个说，例如 any(某.{node.attr} for 某 in {_short(self._written(node.value))})",
                    f"speak of each one in a collection, as in `any(x.{node.attr} for x in {_short(self._written(node.value))})`",
                )
                if isinstance(owner.type, Many | Rows)
                else Words("请直接写事实或规则的名称", "write the name of a fact or rule by itself"),
            )
        resolved = self._of(owner, owner.type.kind, node.attr, place)
        if resolved is None:
            kind = self.symbols.kind_words(owner.type.kind)
            raise UnresolvedError(
                Problem(
                    "expression.unknown-name",
                    Words(
                        f"“{kind.zh}”没有叫“{node.attr}”的事实或规则",
                        f"a {kind.en} has no fact or rule called `{node.attr}`",
                    ),
                    place,
                    _meant(nearest(node.attr, self.symbols.names(owner.type.kind))) or _DEFINE_IT,
                )
            )
        return resolved

    def _number(self, node: ast.Constant) -> ir.Expression:
        written = self._written(node)
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._error(
                node,
                "expression.constant",
                Words(f"规则里不能写“{_short(written)}”", f"`{_short(written)}` cannot stand in a rule"),
                Words(
                    "取值直接写名字，不加引号；数字写成 policies/ 中的参数",
                    "write the name of a value without quotes; make a number a parameter in policies/",
                ),
            )
        try:
            value = Fraction(written)
        except ValueError:
            raise self._error(
                node,
                "expression.constant",
                Words(f"数字“{written}”读不出来", f"cannot read the number `{written}`"),
                Words("请只写数字和小数点，例如 0.5", "write digits and a decimal point only, as in 0.5"),
            ) from None
        if not self.free_numbers and value not in (0, 1):
            raise self._error(
                node,
                "expression.literal",
                Words(f"规则里直接写了数字 {written}", f"the number {written} stands in a rule"),
                Words(
                    "法定数字应是带出处的参数：请在 policies/ 中定义，这里写它的名称；整张带数的表也可以是参数",
                    "a legal figure is a parameter with a citation: define it in policies/ and use its name here; a whole table of figures can be a parameter, too",
                ),
            )
        return ir.Literal(ANY_NUMBER, self._place(node), value.numerator if value.denominator == 1 else value, written)

    def _truth(self, node: ast.expr) -> ir.Expression:
        expression = self._resolve(node)
        if not isinstance(expression.type, Truth):
            raise self._error(
                node,
                "expression.not-a-condition",
                Words(
                    f"“{_short(self._written(node))}”应是条件，得到的却是{self._say(expression.type).zh}",
                    f"`{_short(self._written(node))}` should be a condition, but is {self._say(expression.type).en}",
                ),
                _AS_A_CONDITION,
            )
        return expression

    def _quantity(self, node: ast.expr) -> ir.Expression:
        expression = self._resolve(node)
        if not isinstance(expression.type, Quantity):
            raise self._not_a_quantity(node, expression)
        return expression

    def _not_a_quantity(self, node: ast.expr, expression: ir.Expression) -> UnresolvedError:
        written = _short(self._written(node))
        return self._error(
            node,
            "expression.not-a-quantity",
            Words(
                f"“{written}”应是数，得到的却是{self._say(expression.type).zh}",
                f"`{written}` should be a quantity, but is {self._say(expression.type).en}",
            ),
            Words(
                f"要数有几项成立，写 count({written}, …)；要分情形取数，用 cases",
                f"to count how many hold write `count({written}, …)`; to choose a quantity by it use `cases`",
            )
            if isinstance(expression.type, Truth)
            else Words("请换成一项数，或用 count(…) 数一数", "use a quantity here, or count with `count(…)`"),
        )

    def _compare(self, node: ast.Compare) -> ir.Expression:
        pairs = []
        operands = [node.left, *node.comparators]
        for index, op in enumerate(node.ops):
            pairs.append(self._pair(node, operands[index], op, operands[index + 1]))
        return pairs[0] if len(pairs) == 1 else ir.AllOf(TRUTH, self._place(node), tuple(pairs))

    def _pair(self, node: ast.Compare, left: ast.expr, op: ast.cmpop, right: ast.expr) -> ir.Expression:
        if isinstance(op, ast.In | ast.NotIn):
            item = self._resolve(left)
            if not isinstance(item.type, Named) or not isinstance(right, ast.List | ast.Tuple):
                raise self._error(
                    right,
                    "expression.in",
                    Words(
                        "in 的左边应是有限取值的事实，右边是 [取值, 取值]",
                        "`in` needs a fact with listed values on its left and `[value, value]` on its right",
                    ),
                    Words(
                        "例如 关系 in [本人, 配偶]；数的范围写作 甲 <= 数 <= 乙",
                        "as in `relation in [applicant, spouse]`; a range of numbers is written `a <= x <= b`",
                    ),
                )
            values = tuple(self._enum_value(element, item.type.enumeration) for element in right.elts)
            return ir.OneOf(TRUTH, self._place(left), item, values, isinstance(op, ast.NotIn))
        symbol = _OPERATORS.get(type(op))
        if symbol is None:
            raise self._error(
                node,
                "expression.operator",
                Words(
                    f"规则语言里没有“{_SIGNS.get(type(op), '?')}”这种比较",
                    f"the rule language has no comparison `{_SIGNS.get(type(op), '?')}`",
                ),
                Words("比较用 < <= == != >= > 和 in", "compare with < <= == != >= > and in"),
            )
        a, b = self._both(left, right)
        place = self._place(left)
        if isinstance(a.type, Quantity) and isinstance(b.type, Quantity):
            a, b, _ = self._same_unit(node, a, b, left, right, compare=True)
        elif isinstance(a.type, Named) and isinstance(b.type, Named) and symbol in ("==", "!="):
            if a.type.enumeration.id != b.type.enumeration.id:
                raise self._mismatch(left, right, symbol, a, b)
        elif type(a.type) is not type(b.type) or not (
            a.type == DAY or (a.type in (TEXT, TRUTH) and symbol in ("==", "!="))
        ):
            raise self._mismatch(left, right, symbol, a, b)
        return ir.Compare(TRUTH, place, symbol, a, b)

    def _mismatch(
        self, left: ast.expr, right: ast.expr, symbol: str, a: ir.Expression, b: ir.Expression
    ) -> UnresolvedError:
        one, other, x, y = (
            _short(self._written(left)),
            _short(self._written(right)),
            self._say(a.type),
            self._say(b.type),
        )
        return self._error(
            left,
            "expression.cannot-compare",
            Words(
                f"“{one}”是{x.zh}，“{other}”是{y.zh}，不能用 {symbol} 比较",
                f"`{one}` is {x.en} and `{other}` is {y.en}; {symbol} does not compare them",
            ),
            Words(
                "两边应是同一类：数与数，日期与日期；取值、文字和是非只用 == 和 != 比较",
                "both sides should be alike, numbers or dates; named values, texts and conditions are compared with == and != only",
            ),
        )

    def _both(self, left: ast.expr, right: ast.expr) -> tuple[ir.Expression, ir.Expression]:
        """Resolve two sides, either of which may tell which enumeration a bare name on the other belongs to."""
        try:
            a = self._resolve(left)
        except UnresolvedError:
            if not isinstance(left, ast.Name):
                raise
            other = self._quietly(right)
            if other is None or not isinstance(other.type, Named):
                raise
            return self._resolve(left, other.type.enumeration), other
        b = self._resolve(right, a.type.enumeration if isinstance(a.type, Named) else None)
        if isinstance(b.type, Named) and not isinstance(a.type, Named) and isinstance(left, ast.Name):
            a = self._resolve(left, b.type.enumeration)
        return a, b

    def _quietly(self, node: ast.expr) -> ir.Expression | None:
        """The expression, or ``None`` where it does not fit: what is wrong with the other side is reported first."""
        try:
            return self._resolve(node)
        except UnresolvedError:
            return None

    def _enum_value(self, node: ast.expr, enumeration: Enumeration) -> str:
        if isinstance(node, ast.Name):
            found = enumeration.find(node.id)
            if found is not None:
                return found
        raise self._error(node, "expression.unknown-value", *unknown_value(self._written(node), enumeration))

    def _same_unit(
        self, node: ast.expr, a: ir.Expression, b: ir.Expression, left: ast.expr, right: ast.expr, compare: bool = False
    ) -> tuple[ir.Expression, ir.Expression, Type]:
        assert isinstance(a.type, Quantity)
        assert isinstance(b.type, Quantity)
        ua, ub = a.type.unit, b.type.unit
        if ua is None and ub is not None:
            return _adapted(a, b.type), b, b.type
        if ub is None and ua is not None:
            return a, _adapted(b, a.type), a.type
        if ua != ub:
            verb = Words("比较", "be compared with") if compare else Words("相加减", "be added to or taken from")
            raise self._error(
                node,
                "expression.units",
                Words(
                    f"单位不合：“{_short(self._written(left))}”是{_measured(ua).zh}，“{_short(self._written(right))}”是{_measured(ub).zh}，不能{verb.zh}",
                    f"units do not fit: `{_short(self._written(left))}` is {_measured(ua).en}, `{_short(self._written(right))}` is {_measured(ub).en}; they cannot {verb.en} each other",
                ),
                _unit_hint(ua, ub),
            )
        return a, b, a.type

    def _arithmetic(self, node: ast.BinOp) -> ir.Expression:
        symbol = _ARITHMETIC.get(type(node.op))
        if symbol is None:
            raise self._error(
                node,
                "expression.operator",
                Words(
                    f"规则语言里没有“{_SIGNS.get(type(node.op), '?')}”这种运算",
                    f"the rule language has no operation `{_SIGNS.get(type(node.op), '?')}`",
                ),
                Words("可用 + - * /；取整由 round 规定", "use + - * /; rounding is said with `round`"),
            )
        a, b = self._resolve(node.left), self._resolve(node.right)
        place = self._place(node)
        if symbol in "+-" and a.type == DAY and isinstance(b.type, Quantity):
            bases = b.type.unit.powers if b.type.unit is not None else ()
            if len(bases) == 1 and bases[0][0] in DURATIONS and bases[0][1] == 1:
                return ir.Shifted(DAY, place, a, b, bases[0][0], 1 if symbol == "+" else -1)
            raise self._error(
                node.right,
                "expression.duration",
                Words(
                    f"日期只能加减以年、月、日计的期间，“{_short(self._written(node.right))}”是{_measured(b.type.unit).zh}",
                    f"only a duration in years, months or days is added to a date; `{_short(self._written(node.right))}` is {_measured(b.type.unit).en}",
                ),
                Words(
                    "请用带单位的参数，例如 unit: month；两个日期之间的期间用 full_years、full_months",
                    "use a parameter with a unit such as `unit: month`; for the time between two dates use full_years or full_months",
                ),
            )
        for side, written in ((a, node.left), (b, node.right)):
            if not isinstance(side.type, Quantity):
                raise self._not_a_quantity(written, side)
        if symbol in "+-":
            a, b, type_ = self._same_unit(node, a, b, node.left, node.right)
            return ir.Arithmetic(type_, place, symbol, a, b)
        assert isinstance(a.type, Quantity)
        assert isinstance(b.type, Quantity)
        ua, ub = a.type.unit or NUMBER, b.type.unit or NUMBER
        if symbol == "*" and ua.is_money and ub.is_money:
            raise self._error(
                node,
                "expression.units",
                Words("两个金额不能相乘", "two amounts of money cannot be multiplied"),
                Words(
                    "其中一个应是比例、倍数、人数或月数",
                    "one of them should be a ratio, a multiple, a head count or a number of months",
                ),
            )
        both_free = a.type.unit is None and b.type.unit is None
        unit = ua * ub if symbol == "*" else ua / ub
        return ir.Arithmetic(ANY_NUMBER if both_free else Quantity(unit), place, symbol, a, b)

    def _index(self, node: ast.Subscript) -> ir.Expression:
        if not isinstance(node.value, ast.Name):
            raise self._error(
                node,
                "expression.index",
                Words("只有按项取值的参数可以用 [ ]", "only a parameter that varies is read with [ ]"),
                _USE_A_CONDITION,
            )
        parameter = self.symbols.parameter(node.value.id)
        if parameter is None and self._quietly(node.value) is not None:
            raise self._error(
                node,
                "expression.index",
                Words(
                    f"“{node.value.id}”不是按项取值的参数，不能用 [ ]",
                    f"`{node.value.id}` is no parameter that varies; it is not read with [ ]",
                ),
                _USE_A_CONDITION,
            )
        if parameter is None:
            near = nearest(node.value.id, self.symbols.names(self.kind))
            raise self._error(
                node,
                "expression.unknown-name",
                Words(f"没有“{node.value.id}”这个参数", f"there is no parameter `{node.value.id}`"),
                _meant(near) or _DEFINE_IT,
            )
        id, type_, index_types = parameter
        given = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(given) != len(index_types):
            raise self._error(
                node,
                "expression.index-count",
                Words(
                    f"参数“{node.value.id}”按{self._listed(index_types).zh}取值，[ ] 里却有 {len(given)} 项",
                    f"the parameter `{node.value.id}` varies by {self._listed(index_types).en}, but there are {len(given)} in the [ ]",
                )
                if index_types
                else Words(
                    f"参数“{node.value.id}”只有一个值，不按项取值",
                    f"the parameter `{node.value.id}` has one value and does not vary",
                ),
                self._as_an_index(node.value.id, index_types),
            )
        indexes = []
        for written, wanted in zip(given, index_types, strict=True):
            index = self._resolve(written, wanted.enumeration if isinstance(wanted, Named) else None)
            fits = (
                isinstance(index.type, Named)
                and isinstance(wanted, Named)
                and index.type.enumeration.id == wanted.enumeration.id
            ) or (isinstance(index.type, Quantity) and isinstance(wanted, Quantity))
            if not fits:
                raise self._error(
                    written,
                    "expression.index-type",
                    Words(
                        f"这里应是{self._say(wanted).zh}，得到的却是{self._say(index.type).zh}",
                        f"{self._say(wanted).en} is needed here, but this is {self._say(index.type).en}",
                    ),
                    _values_of(wanted.enumeration)
                    if isinstance(wanted, Named)
                    else Words("请写一个数，例如 年龄", "write a number, such as an age"),
                )
            indexes.append(index)
        return ir.ParameterAt(type_, self._place(node), id, tuple(indexes))

    # -- functions -----------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> ir.Expression:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS or node.keywords:
            near = nearest(name, FUNCTIONS)
            raise self._error(
                node,
                "expression.unknown-function",
                Words(
                    f"没有“{name or _short(self._written(node.func))}”这个函数",
                    f"there is no function `{name or _short(self._written(node.func))}`",
                ),
                Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                if near
                else Words("可用：" + "、".join(FUNCTIONS), "available: " + ", ".join(FUNCTIONS)),
            )
        place = self._place(node)
        args = node.args
        if name in ("min", "max"):
            return self._extreme(node, name)
        if name in ("full_years", "full_months"):
            start, end = self._arguments(node, 2)
            for side, written in ((start, args[0]), (end, args[1])):
                if side.type != DAY:
                    raise self._not_a_date(written, side)
            counted = MONTH if name == "full_months" else AGE if _is_birth(start) else YEAR
            return ir.FullPeriods(Quantity(counted), place, name, start, end)
        if name in ("per_month", "per_year"):
            (item,) = self._arguments(node, 1)
            wanted = "year" if name == "per_month" else "month"
            unit = item.type.unit if isinstance(item.type, Quantity) else None
            if unit is None or unit.power(wanted) != -1:
                raise self._error(
                    node,
                    "expression.units",
                    Words(
                        f"{name} 用于按{'年' if wanted == 'year' else '月'}计的数，“{_short(self._written(args[0]))}”是{self._say(item.type).zh}",
                        f"`{name}` takes a quantity per {wanted}; `{_short(self._written(args[0]))}` is {self._say(item.type).en}",
                    ),
                    Words(
                        "按年的数用 per_month 化为按月，按月的数用 per_year 化为按年；其余不必换算",
                        "per_month makes a yearly quantity monthly, per_year a monthly one yearly; nothing else is converted",
                    ),
                )
            to = "month" if wanted == "year" else "year"
            return ir.Scaled(Quantity(unit * Unit(((wanted, 1),)) / Unit(((to, 1),))), place, name, item)
        if name == "first_of_month":
            (item,) = self._arguments(node, 1)
            if item.type != DAY:
                raise self._not_a_date(args[0], item)
            return ir.MonthStart(DAY, place, item)
        if len(args) == 1 and isinstance(args[0], ast.GeneratorExp):
            return self._aggregate(node, name, args[0])
        if name == "count" and len(args) == 1:
            collection = self._resolve(args[0])
            if isinstance(collection.type, Many | Rows):
                slot = len(self.variables) + 1
                return ir.Aggregate(self._count_type(collection.type), place, "count", None, slot, "", collection, None)
        if name == "sum" and len(args) == 1:
            return self._sum_of_record(node, args[0])
        if name == "count" and args:
            return ir.CountTrue(PLAIN_NUMBER, place, tuple(self._truth(arg) for arg in args))
        raise self._error(
            node,
            "expression.arguments",
            Words(f"{name} 要遍历一个集合，这里没有", f"`{name}` goes over a collection, and there is none here"),
            Words(
                f"写作 {name}(… for 某 in 集合 if 条件)"
                + ("；几个条件之间用 and、or" if name in ("all", "any") else ""),
                f"write `{name}(… for x in collection if condition)`"
                + ("; join several conditions with and, or" if name in ("all", "any") else ""),
            ),
        )

    def _arguments(self, node: ast.Call, count: int) -> list[ir.Expression]:
        if len(node.args) != count:
            raise self._error(
                node,
                "expression.arguments",
                Words(
                    f"{self._written(node.func)} 的括号里应有 {count} 项，这里有 {len(node.args)} 项",
                    f"`{self._written(node.func)}` takes {count}, here it is given {len(node.args)}",
                ),
                _EXAMPLES[self._written(node.func)],
            )
        return [self._resolve(arg) for arg in node.args]

    def _not_a_date(self, node: ast.expr, found: ir.Expression) -> UnresolvedError:
        return self._error(
            node,
            "expression.not-a-date",
            Words(
                f"“{_short(self._written(node))}”应是日期，得到的却是{self._say(found.type).zh}",
                f"`{_short(self._written(node))}` should be a date, but is {self._say(found.type).en}",
            ),
            Words("请写一项日期，例如 出生日期 或 基准日", "write a date, such as a date of birth or as_of"),
        )

    def _listed(self, indexes: Sequence[Type]) -> Words:
        """What a parameter varies by, in words."""
        said = [
            Words(f"“{index.enumeration.term}”", f"`{index.enumeration.id}`")
            if isinstance(index, Named)
            else Words("一个数", "a number")
            for index in indexes
        ]
        return Words("、".join(words.zh for words in said), " and ".join(words.en for words in said))

    def _as_an_index(self, name: str, indexes: Sequence[Type]) -> Words:
        if not indexes:
            return Words(f"直接写 {name}", f"write `{name}` by itself")
        dots = ", ".join("…" for _ in indexes)
        return Words(f"写作 {name}[{dots}]", f"write `{name}[{dots}]`")

    def _say(self, type_: Type) -> Words:
        """A type in words, kinds by the names they have in the vocabulary."""
        if isinstance(type_, One | Many):
            kind = self.symbols.kind_words(type_.kind)
            if isinstance(type_, One):
                return Words(f"一个“{kind.zh}”", f"one {kind.en}")
            return Words(f"一批“{kind.zh}”", f"a collection ({kind.en})")
        return type_.say()

    def _extreme(self, node: ast.Call, name: str) -> ir.Expression:
        if len(node.args) < 2:
            raise self._error(
                node,
                "expression.arguments",
                Words(f"{name} 至少要两个数", f"`{name}` needs two quantities at least"),
                _EXAMPLES[name],
            )
        items = [self._quantity(arg) for arg in node.args]
        free = [isinstance(item.type, Quantity) and item.type.unit is None for item in items]
        anchor = free.index(False) if False in free else 0
        for i, item in enumerate(list(items)):
            if i != anchor:
                _, items[i], _ = self._same_unit(
                    node, items[anchor], item, node.args[anchor], node.args[i], compare=True
                )
        return ir.Extreme(items[anchor].type, self._place(node), name, tuple(items))

    def _aggregate(self, node: ast.Call, name: str, generator: ast.GeneratorExp) -> ir.Expression:
        place = self._place(node)
        with self._loop(generator) as (slot, variable, collection, where):
            assert isinstance(collection.type, Many | Rows)
            if name == "count":
                if not (isinstance(generator.elt, ast.Name) and generator.elt.id == variable):
                    raise self._error(
                        generator.elt,
                        "expression.count",
                        Words(
                            f"count 数的是“{variable}”，for 前面只能写它",
                            f"count counts `{variable}`, so only that stands before `for`",
                        ),
                        Words(
                            f"条件写在后面：count({variable} for {variable} in … if {_short(self._written(generator.elt))})",
                            f"the condition goes behind: `count({variable} for {variable} in … if {_short(self._written(generator.elt))})`",
                        ),
                    )
                return ir.Aggregate(
                    self._count_type(collection.type), place, "count", None, slot, variable, collection, where
                )
            if name in ("any", "all"):
                return ir.Aggregate(TRUTH, place, name, self._truth(generator.elt), slot, variable, collection, where)
            element = self._quantity(generator.elt)
            assert isinstance(element.type, Quantity)
            if element.type.unit is None:
                raise self._error(
                    generator.elt,
                    "expression.sum",
                    Words("sum 加的应是有单位的数", "sum adds quantities that have a unit"),
                    Words(
                        f"数有几个用 count({variable} for {variable} in …)",
                        f"to count how many there are write `count({variable} for {variable} in …)`",
                    ),
                )
            unit = element.type.unit
            if isinstance(collection.type, Many):
                kind, owner = collection.type.kind, collection.type.owner
                unit = unit.moved(self.symbols.dimension(kind), self.symbols.dimension(owner))
            return ir.Aggregate(Quantity(unit), place, name, element, slot, variable, collection, where)

    def _sum_of_record(self, node: ast.Call, written: ast.expr) -> ir.Expression:
        """``sum(record)``: all quantities of one thing, which must share a unit."""
        record = self._resolve(written)
        if not isinstance(record.type, One):
            raise self._error(
                written,
                "expression.sum",
                Words(
                    f"sum 要加集合里的各项，或一件物的各项；“{_short(self._written(written))}”是{self._say(record.type).zh}",
                    f"sum adds over a collection, or over one thing; `{_short(self._written(written))}` is {self._say(record.type).en}",
                ),
                Words(
                    "写作 sum(… for 某 in 集合)；几个数相加用 +",
                    "write `sum(… for x in collection)`; add several quantities with +",
                ),
            )
        place = self._place(node)
        parts = [ir.FactOf(type_, place, record, fact) for fact, type_ in self.symbols.quantities(record.type.kind)]
        if not parts or any(part.type != parts[0].type for part in parts):
            raise self._error(
                written,
                "expression.sum-of-record",
                Words(
                    f"“{self.symbols.kind_words(record.type.kind).zh}”的各项数单位不一，或没有数，不能整个求和",
                    f"the quantities of a {self.symbols.kind_words(record.type.kind).en} do not share a unit, or there are none, so it cannot be summed as a whole",
                ),
                Words("请把要加的各项用 + 写出来", "write out what is to be added, with +"),
            )
        total: ir.Expression = parts[0]
        for part in parts[1:]:
            total = ir.Arithmetic(total.type, place, "+", total, part)
        return total

    def _count_type(self, collection: Many | Rows) -> Quantity:
        if isinstance(collection, Rows):
            return PLAIN_NUMBER
        if self.symbols.dimension(collection.kind) == "person" and self.symbols.dimension(collection.owner) != "person":
            return Quantity(Unit((("person", 1),)) / Unit(((self.symbols.dimension(collection.owner), 1),)))
        return PLAIN_NUMBER

    @contextmanager
    def _loop(self, node: ast.GeneratorExp) -> Iterator[tuple[int, str, ir.Expression, ir.Expression | None]]:
        """Bind the variable of a comprehension while its parts are resolved."""
        if len(node.generators) != 1 or not isinstance(node.generators[0].target, ast.Name):
            raise self._error(
                node,
                "expression.loop",
                Words("一次只能遍历一个集合", "a loop goes over one collection at a time"),
                Words(
                    "两个集合写成两层：any(any(… for 乙 in …) for 甲 in …)",
                    "nest two loops: `any(any(… for y in …) for x in …)`",
                ),
            )
        loop = node.generators[0]
        assert isinstance(loop.target, ast.Name)
        collection = self._resolve(loop.iter)
        if not isinstance(collection.type, Many | Rows):
            raise self._error(
                loop.iter,
                "expression.not-a-collection",
                Words(
                    f"in 后面应是集合，“{_short(self._written(loop.iter))}”是{self._say(collection.type).zh}",
                    f"after `in` there should be a collection, but `{_short(self._written(loop.iter))}` is {self._say(collection.type).en}",
                ),
                Words("请写一项列表事实，或一条 those 规则", "write a fact that is a list, or a rule with `those`"),
            )
        slot = len(self.variables) + 1
        if slot > 2:
            raise self._error(
                node,
                "expression.loop-depth",
                Words("一条规则里循环至多两层，这是第三层", "a rule nests two loops at most; this is the third"),
                Words("请把里层另写成一条规则", "put the inner one in a rule of its own"),
            )
        name = loop.target.id
        saved = dict(self.variables)
        item = collection.type.row if isinstance(collection.type, Rows) else One(collection.type.kind)
        self.variables[name] = (slot, item)
        try:
            conditions = [self._truth(condition) for condition in loop.ifs]
            where = (
                None
                if not conditions
                else conditions[0]
                if len(conditions) == 1
                else ir.AllOf(TRUTH, self._place(loop.ifs[0]), tuple(conditions))
            )
            yield slot, name, collection, where
        finally:
            self.variables = saved


def _adapted(expression: ir.Expression, wanted: Quantity) -> ir.Expression:
    """A bare number taken in the unit of what it stands beside."""
    if isinstance(expression, ir.Literal):
        scale = wanted.unit.scale if wanted.unit is not None else 1
        return ir.Literal(wanted, expression.place, expression.value * scale, expression.written)
    if isinstance(expression, ir.Arithmetic) and expression.op in "+-":
        return ir.Arithmetic(
            wanted,
            expression.place,
            expression.op,
            _adapted(expression.left, wanted),
            _adapted(expression.right, wanted),
        )
    if isinstance(expression, ir.Arithmetic):
        return ir.Arithmetic(
            wanted, expression.place, expression.op, _adapted(expression.left, wanted), expression.right
        )
    return expression


adapted = _adapted


def _is_birth(start: ir.Expression) -> bool:
    """Whether years from a day on are somebody's age."""
    return isinstance(start, ir.FactOf) and start.fact.id == "birth_date"


def _unit(unit: Unit | None, lang: str) -> str:
    if unit is None or not unit.powers:
        return "纯数" if lang == "zh" else "no unit"
    return unit.say(lang)


def _measured(unit: Unit | None) -> Words:
    """What a quantity is measured in, as the end of a sentence."""
    if unit is None or not unit.powers:
        return Words("没有单位的数", "a number without unit")
    return Words(f" {unit.say('zh')}", f"in {unit.say('en')}")


def _unit_hint(a: Unit | None, b: Unit | None) -> Words | None:
    if a is None or b is None:
        return None
    ratio = dict((a / b).powers)
    if ratio in ({"month": 1}, {"month": -1}):
        return Words(
            "一边按月、一边不按月：存量要与“标准 × 月数”比较，月数是参数",
            "one side is per month, the other is not: compare a stock with `standard * months`, the months being a parameter",
        )
    if set(ratio) == {"month", "year"}:
        return Words(
            "一边按月、一边按年：请用 per_month() 或 per_year() 换算",
            "one side is per month, the other per year: convert with per_month() or per_year()",
        )
    if set(ratio) == {"person", "household"}:
        return Words(
            "一边按人、一边按户：请乘以或除以家庭人口",
            "one side is per person, the other per household: multiply or divide by the number of members",
        )
    if set(ratio) == {"month", "person", "household"}:
        return Words(
            "两边差了月数和人口：存量要与“标准 × 月数 × 家庭人口”比较，月数是参数",
            "months and members are missing from one side: compare a stock with `standard * months * members`, the months being a parameter",
        )
    return Words(
        "请检查是否漏乘、漏除了什么，或某一处的单位写错了",
        "look for a factor left out on one side, or a unit declared wrongly",
    )


def _short(text: str, width: int = 30) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def _meant(near: str | None) -> Words | None:
    return Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None


def _values_of(enumeration: Enumeration) -> Words:
    return Words(
        "可取：" + "、".join(term for _, term in enumeration.values),
        "possible: " + ", ".join(id for id, _ in enumeration.values),
    )


def unknown_value(name: str, enumeration: Enumeration) -> tuple[Words, Words]:
    """That an enumeration has no value of a name, and what may have been meant."""
    near = nearest(name, [part for pair in enumeration.values for part in pair])
    what = Words(f"“{enumeration.term}”没有“{name}”这个取值", f"`{enumeration.id}` has no value `{name}`")
    return what, _meant(near) or _values_of(enumeration)


def _unreadable(text: Text, error: SyntaxError) -> Problem:
    """Say what keeps an expression from being read: a bracket, two words without a sign between them, or where it stopped."""
    written = text.value
    at = unbalanced(written)
    if at is not None:
        sign = written[at]
        opened = sign in "([{"
        return Problem(
            "expression.brackets",
            Words(f"这个“{sign}”没有合上", f"this `{sign}` is not closed")
            if opened
            else Words(f"多了一个“{sign}”", f"this `{sign}` closes nothing"),
            text.place(at),
            Words("请补上与它成对的括号", "add the bracket that goes with it")
            if opened
            else Words("请删去它，或补上前半个括号", "remove it, or add the bracket it should close"),
        )
    last: re.Match[str] | None = None
    for word in _WORDS_AND_SIGNS.finditer(written):
        known = word[0] in _KEYWORDS
        if last is not None and word[1] and last[1] and not known and last[0] not in _KEYWORDS:
            near = nearest(word[0], _KEYWORDS) or nearest(last[0], _KEYWORDS)
            return Problem(
                "expression.two-words",
                Words(f"“{last[0]}”和“{word[0]}”之间缺少符号", f"there is no sign between `{last[0]}` and `{word[0]}`"),
                text.place(word.start()),
                _meant(near)
                or Words(
                    "两个条件之间写 and 或 or；数之间写 + - * /",
                    "write and or or between conditions, + - * / between quantities",
                ),
            )
        last = word
    lines = written.split("\n")
    row, column = (error.lineno or 1) - 1, max((error.offset or 1) - 1, 0)
    offset = sum(len(line) + 1 for line in lines[:row]) + column - (1 if row == 0 else 0)
    return Problem(
        "expression.syntax",
        Words(f"表达式“{_short(written)}”读不下去", f"the expression `{_short(written)}` cannot be read"),
        text.place(min(max(offset, 0), len(written))),
        Words(
            "比较用 < <= == != >= >，并列用 and、or、not，集合用 sum/any/all/count(… for x in … if …)",
            "compare with < <= == != >= >, combine with and, or, not, go over collections with sum/any/all/count(… for x in … if …)",
        ),
    )


_KEYWORDS = ("and", "or", "not", "in", "for", "if", "else", "is")
_WORDS_AND_SIGNS = re.compile(r"([\w.]+)|[^\w\s]")
_SIGNS: dict[type[ast.AST], str] = {
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_EXAMPLES = {
    "full_years": Words("例如 full_years(出生日期, 基准日)", "as in `full_years(birth_date, as_of)`"),
    "full_months": Words("例如 full_months(任职日期, 基准日)", "as in `full_months(appointed_on, as_of)`"),
    "per_month": Words("例如 per_month(年租金)", "as in `per_month(yearly_rent)`"),
    "per_year": Words("例如 per_year(月收入)", "as in `per_year(income)`"),
    "first_of_month": Words("例如 first_of_month(基准日)", "as in `first_of_month(as_of)`"),
    "min": Words("例如 min(月收入, 上限)", "as in `min(income, limit)`"),
    "max": Words("例如 max(标准 - 月收入, 0)", "as in `max(standard - income, 0)`"),
}
_DEFINE_IT = Words(
    "请先定义它：词汇表中的事实、规则，或 policies/ 中的参数",
    "define it first: a fact in the vocabulary, a rule, or a parameter in policies/",
)
_AS_A_CONDITION = Words("请与一条线比较，例如 月收入 < 标准", "compare it with a line, as in `income < standard`")
_AS_A_SUBSET = Words(
    "例如 m for m in 申报成员 if m.计入共同生活；全部都要时直接写集合的名称",
    "as in `m for m in members if m.counts_in_household`; where all are meant, use the collection's own name",
)
_USE_A_CONDITION = Words(
    "要从集合里挑，用 … for 某 in 集合 if 条件", "to pick from a collection, use `… for x in collection if condition`"
)
