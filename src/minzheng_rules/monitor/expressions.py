"""The expressions of monitors: the house's expression syntax over the fields of records.

A condition about one record alone may say anything; it is computed before an engine sees the record. A condition about two
records is one comparison, each side of which reads one of them.
"""

from __future__ import annotations

import ast
import datetime as dt
import operator
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from minzheng_rules.language.reading import Text
from minzheng_rules.language.record import Record
from minzheng_rules.language.types import DAY, TRUTH, Enumeration, Named, Quantity, TextType, Truth, Type
from minzheng_rules.language.units import DURATIONS, NUMBER, Unit
from minzheng_rules.monitor.declarations import Field
from minzheng_rules.monitor.values import CALENDAR_MONTH
from minzheng_rules.problems import Problem, Words, nearest
from minzheng_rules.rulebook.parameters import Parameter

Fields = Mapping[str, Any]
"""The fields of one record, by id."""


@dataclass(slots=True)
class Context:
    """What an expression may read besides a record: the day, and figures of the rulebook."""

    as_of: int
    figures: Mapping[str, Any]
    """Values of parameters by id, in internal units; one that is not known is missing."""


Code = Callable[[Fields, Context], Any]
"""Gives the value, or ``None`` where a field is missing."""


class Expr(Record):
    """An expression with its type and what it reads."""

    type: Type
    code: Code
    aliases: frozenset[str] = frozenset()
    as_of: bool = False
    parameters: frozenset[str] = frozenset()
    field: str = ""
    """Where it is nothing but a field: its id."""
    moments: tuple[Code, ...] = ()
    """Values that the day is compared with: on the day of one, or on the day after, what is said may change."""

    @property
    def constant(self) -> bool:
        """Whether it reads no record, and not the day."""
        return not self.aliases and not self.as_of


class Comparison(Record):
    """A comparison of two expressions."""

    operator: str
    left: Expr
    right: Expr


class Resolved(Record):
    """A condition: as a whole, and where it is one comparison, its two sides."""

    text: Text
    expr: Expr | None
    """``None`` where it reads two records and can only be a join."""
    comparison: Comparison | None


class UnresolvedError(Exception):
    """An expression that makes no sense; :attr:`problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


_COMPARING: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
AS_OF: Final = ("基准日", "as_of")
_FUNCTIONS: Final = {
    "月份": "month_of",
    "month_of": "month_of",
    "满周岁日": "day_of_age",
    "day_of_age": "day_of_age",
    "未填": "missing",
    "missing": "missing",
}
_LAST: Final = dt.date.max.toordinal()
_MONTHS: Final = Named(CALENDAR_MONTH)


def add_duration(day: int, count: int, unit: str) -> int:
    """A day so many years, months or days on, all as ordinals; where the month has no such day, its last (民法典第二百零二条).

    >>> dt.date.fromordinal(add_duration(dt.date(2024, 1, 31).toordinal(), 1, "month"))
    datetime.date(2024, 2, 29)
    """
    if unit == "day":
        return min(max(day + count, 1), _LAST)
    start = dt.date.fromordinal(day)
    months = start.year * 12 + start.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    if year > dt.MAXYEAR or year < dt.MINYEAR:
        return _LAST if year > dt.MAXYEAR else 1
    return dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def day_of_age(born: int, years: int) -> int:
    """The first day on which somebody is of an age; born on 29 February, 1 March of other years, as in rules.

    >>> dt.date.fromordinal(day_of_age(dt.date(1964, 2, 29).toordinal(), 61))
    datetime.date(2025, 3, 1)
    """
    birthday = dt.date.fromordinal(born)
    year = min(birthday.year + years, dt.MAXYEAR)
    leap = (birthday.month, birthday.day) == (2, 29) and monthrange(year, 2)[1] == 28
    return (dt.date(year, 3, 1) if leap else birthday.replace(year=year)).toordinal()


@dataclass
class Scope:
    """What names mean in one pattern."""

    own: str
    """The alias whose fields need no name before them; empty where there is none."""
    fields: Mapping[str, tuple[Field, ...]]
    """By alias."""
    parameters: Mapping[str, Parameter]
    """By id and by term."""
    enumerations: Mapping[str, Enumeration]


class Expressions:
    """Resolves the expressions of one pattern."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def conditions(self, text: Text) -> Iterator[Resolved]:
        """The conditions of one item of ``where``: what ``and`` joins is taken apart."""
        for node in _conjuncts(self._parse(text)):
            comparison = self._comparison(node, text)
            if comparison is not None and len(comparison.left.aliases | comparison.right.aliases) > 1:
                yield Resolved(text, None, comparison)
                continue
            expr = self._resolve(node, text)
            if not isinstance(expr.type, Truth):
                raise self._refused(
                    "monitor.not-a-condition",
                    text,
                    node,
                    Words(
                        "这里要一个条件，这不是真假判断", "a condition is needed here; this is neither true nor false"
                    ),
                    None,
                )
            yield Resolved(text, expr, comparison)

    def value(self, text: Text) -> Expr:
        """An expression that gives a value."""
        return self._resolve(self._parse(text), text)

    # -- nodes ---------------------------------------------------------------------------------------------------

    def _parse(self, text: Text) -> ast.expr:
        try:
            return ast.parse(text.value.strip(), mode="eval").body
        except (SyntaxError, ValueError) as error:
            offset = (getattr(error, "offset", 1) or 1) - 1
            raise UnresolvedError(
                Problem(
                    "expression.syntax",
                    Words("这里读不下去了", "this cannot be read"),
                    text.place(min(offset, max(len(text.value) - 1, 0))),
                    Words(
                        "写作 发放.日期 > 死亡.日期，可用 and、or、not 连接",
                        "write it as `paid.date > died.date`, joined by and, or, not",
                    ),
                )
            ) from None

    def _resolve(self, node: ast.expr, text: Text) -> Expr:
        match node:
            case ast.Name(id=name):
                return self._name(name, node, text)
            case ast.Attribute(value=ast.Name(id=alias), attr=name):
                return self._field(alias, name, node, text)
            case ast.Constant(value=bool() as truth):
                return Expr(TRUTH, _constant(int(truth)))
            case ast.Constant(value=int() as number) if number in (0, 1):
                return Expr(Quantity(None), _constant(number))
            case ast.BoolOp(op=op, values=values):
                return self._logic(isinstance(op, ast.And), [self._truth(v, text) for v in values], node, text)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self._truth(operand, text)
                return _made(TRUTH, lambda f, c: None if (v := inner.code(f, c)) is None else int(not v), inner)
            case ast.Compare():
                return self._compared(node, text)
            case ast.BinOp(left=left, op=op, right=right):
                return self._arithmetic(self._resolve(left, text), op, self._resolve(right, text), node, text)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
                return self._called(_FUNCTIONS[name], [self._resolve(a, text) for a in arguments], node, text)
            case ast.Constant():
                raise self._refused(
                    "monitor.literal",
                    text,
                    node,
                    Words(
                        "数字和文字不能直接写在规则里，只有 0 和 1 可以",
                        "figures and texts cannot stand in a rule, only 0 and 1",
                    ),
                    Words(
                        "请在 policies 里立一个参数，写明出处，再引用它的名称",
                        "declare a parameter under `policies`, with its source, and write its name",
                    ),
                )
        raise self._refused(
            "monitor.expression",
            text,
            node,
            Words("监测规则里不能这样写", "a monitor cannot say this"),
            Words(
                "可用：字段、参数、基准日、比较、in […]、and/or/not、+ - *、月份()、满周岁日()、未填()",
                "there are fields, parameters, as_of, comparisons, in […], and/or/not, + - *, month_of(), day_of_age(), missing()",
            ),
        )

    def _name(self, name: str, node: ast.expr, text: Text) -> Expr:
        scope = self._scope
        if name in AS_OF:
            return Expr(DAY, lambda _f, c: c.as_of, as_of=True)
        if scope.own and any(name in (f.id, f.term) for f in scope.fields[scope.own]):
            return self._field(scope.own, name, node, text)
        parameter = scope.parameters.get(name)
        if parameter is not None:
            if parameter.indexes or parameter.is_table:
                raise self._refused(
                    "monitor.parameter",
                    text,
                    node,
                    Words(
                        f"“{name}”是一张表，监测规则只能引用单个数值的参数",
                        f"`{name}` is a table; a monitor can only read a parameter of one value",
                    ),
                    Words(
                        "请把各行写进 tables，作为一种记录来连接",
                        "write the rows into `tables`, and join them as records",
                    ),
                )
            return Expr(parameter.type, _of_figure(parameter.id), parameters=frozenset({parameter.id}))
        known = [*scope.fields, *scope.parameters, *AS_OF]
        if scope.own:
            known += [n for f in scope.fields[scope.own] for n in (f.id, f.term)]
        raise self._refused(
            "monitor.unknown-name",
            text,
            node,
            Words(f"不知道“{name}”是什么", f"`{name}` is not known"),
            _did_you_mean(name, known),
        )

    def _field(self, alias: str, name: str, node: ast.expr, text: Text) -> Expr:
        fields = self._scope.fields.get(alias)
        if fields is None:
            raise self._refused(
                "monitor.unknown-name",
                text,
                node,
                Words(f"when 里没有叫“{alias}”的记录", f"no record is called `{alias}` in `when`"),
                _did_you_mean(alias, self._scope.fields),
            )
        for field in fields:
            if name in (field.id, field.term):
                return Expr(field.type, _of_field(field.id), frozenset({alias}), field=field.id)
        raise self._refused(
            "monitor.field",
            text,
            node,
            Words(f"“{alias}”没有“{name}”这一项", f"`{alias}` has no field `{name}`"),
            _did_you_mean(name, [n for f in fields for n in (f.id, f.term)]),
        )

    def _truth(self, node: ast.expr, text: Text) -> Expr:
        found = self._resolve(node, text)
        if not isinstance(found.type, Truth):
            raise self._refused(
                "monitor.not-a-condition",
                text,
                node,
                Words("and、or、not 两边要是条件", "and, or and not take conditions"),
                None,
            )
        return found

    def _logic(self, conjunction: bool, parts: list[Expr], node: ast.expr, text: Text) -> Expr:
        """Kleene's and and or: a part that cannot be known does not matter where another settles it."""
        codes = [part.code for part in parts]
        settling = 0 if conjunction else 1

        def code(f: Fields, c: Context) -> int | None:
            known: int | None = 1 - settling
            for part in codes:
                value = part(f, c)
                if value == settling and value is not None:
                    return settling
                known = None if value is None else known
            return known

        return self._one_record(_made(TRUTH, code, *parts), node, text)

    def _compared(self, node: ast.Compare, text: Text) -> Expr:
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._within(node, text)
        parts = []
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            parts.append(self._of_comparison(self._compare(left, op, right, text), node, text))
            left = right
        return parts[0] if len(parts) == 1 else self._logic(True, parts, node, text)

    def _comparison(self, node: ast.expr, text: Text) -> Comparison | None:
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARING:
            return self._compare(node.left, node.ops[0], node.comparators[0], text)
        return None

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr, text: Text) -> Comparison:
        sign = _COMPARING.get(type(op))
        if sign is None:
            raise self._refused(
                "monitor.expression",
                text,
                right,
                Words("不能这样比较", "this is no comparison"),
                Words("可用 == != < <= > >= 和 in […]", "use == != < <= > >= or in […]"),
            )
        one, other = self._sides(left, right, text)
        if not _comparable(one.type, other.type):
            raise self._refused(
                "monitor.types",
                text,
                left,
                Words(
                    f"{_say(one.type).zh}不能与{_say(other.type).zh}比较",
                    f"{_say(one.type).en} cannot be compared with {_say(other.type).en}",
                ),
                Words(
                    "两边应是同一类：日期与日期，金额与金额，同一种取值",
                    "both sides should be of one sort: dates, amounts, values of one enumeration",
                ),
            )
        ordered = isinstance(one.type, Quantity) or one.type in (DAY, _MONTHS)
        if sign not in ("==", "!=") and not ordered:
            raise self._refused(
                "monitor.types",
                text,
                left,
                Words(
                    f"{_say(one.type).zh}没有先后大小，只能用 == 和 !=",
                    f"{_say(one.type).en} has no order; only == and != will do",
                ),
                None,
            )
        for side, beside in ((one, other), (other, one)):
            if side.as_of and (side.aliases or side.parameters or beside.as_of):
                raise self._refused(
                    "monitor.as-of",
                    text,
                    left,
                    Words("基准日应单独写在比较的一边", "as_of stands alone on one side of a comparison"),
                    Words(
                        "把期间移到另一边：写 基准日 >= 日期 + 期限，不写 基准日 - 期限 >= 日期",
                        "move durations to the other side: `as_of >= date + term`, not `as_of - term >= date`",
                    ),
                )
        return Comparison(sign, one, other)

    def _sides(self, left: ast.expr, right: ast.expr, text: Text) -> tuple[Expr, Expr]:
        """Both sides; beside an enumerated field, a bare name is one of its values."""
        sides: list[Expr | None] = [None, None]
        for place, node in enumerate((left, right)):
            if not (isinstance(node, ast.Name) and self._unknown(node.id)):
                sides[place] = self._resolve(node, text)
        for place, node in enumerate((left, right)):
            if sides[place] is None:
                beside = sides[1 - place]
                sides[place] = (
                    self._named(beside.type.enumeration, node, text)
                    if beside is not None and isinstance(beside.type, Named)
                    else self._resolve(node, text)
                )
        assert sides[0] is not None
        assert sides[1] is not None
        return sides[0], sides[1]

    def _unknown(self, name: str) -> bool:
        scope = self._scope
        own = scope.fields.get(scope.own, ()) if scope.own else ()
        return name not in AS_OF and name not in scope.parameters and all(name not in (f.id, f.term) for f in own)

    def _named(self, enumeration: Enumeration, node: ast.expr, text: Text) -> Expr:
        name = node.id if isinstance(node, ast.Name) else ""
        id = enumeration.find(name)
        if id is None:
            known = [n for pair in enumeration.values for n in pair]
            step = _did_you_mean(name, known) or Words(
                "可写：" + "、".join(t for _, t in enumeration.values),
                "possible: " + ", ".join(i for i, _ in enumeration.values),
            )
            raise self._refused(
                "monitor.value",
                text,
                node,
                Words(f"“{name}”不是{enumeration.term}的取值", f"`{name}` is no value of {enumeration.id}"),
                step,
            )
        return Expr(Named(enumeration), _constant(id))

    def _of_comparison(self, comparison: Comparison, node: ast.expr, text: Text) -> Expr:
        left, right, compare = comparison.left.code, comparison.right.code, _COMPARE[comparison.operator]

        def code(f: Fields, c: Context) -> int | None:
            one, other = left(f, c), right(f, c)
            return None if one is None or other is None else int(compare(one, other))

        made = _made(TRUTH, code, comparison.left, comparison.right)
        if comparison.left.as_of != comparison.right.as_of:
            made = made.replaced(moments=(*made.moments, right if comparison.left.as_of else left))
        return self._one_record(made, node, text)

    def _within(self, node: ast.Compare, text: Text) -> Expr:
        of, listed = self._resolve(node.left, text), node.comparators[0]
        if not isinstance(of.type, Named) or not isinstance(listed, ast.List | ast.Tuple):
            raise self._refused(
                "monitor.expression",
                text,
                node,
                Words(
                    "in 只用于取值：待遇 in [低保金, 特困供养金]", "`in` is for named values: kind in [dibao, tekun]"
                ),
                None,
            )
        ids = frozenset(self._named(of.type.enumeration, item, text).code({}, Context(0, {})) for item in listed.elts)
        wanted = isinstance(node.ops[0], ast.In)
        return _made(TRUTH, lambda f, c: None if (v := of.code(f, c)) is None else int((v in ids) == wanted), of)

    def _arithmetic(self, left: Expr, op: ast.operator, right: Expr, node: ast.expr, text: Text) -> Expr:
        if isinstance(left.type, type(DAY)) and isinstance(op, ast.Add | ast.Sub) and isinstance(right.type, Quantity):
            return self._shifted(left, right, -1 if isinstance(op, ast.Sub) else 1, node, text)
        if not (isinstance(left.type, Quantity) and isinstance(right.type, Quantity)):
            raise self._refused(
                "monitor.types",
                text,
                node,
                Words(
                    "只有数能相加减乘；日期只能加减期间",
                    "only numbers can be added, subtracted and multiplied; a date takes a duration",
                ),
                None,
            )
        functions: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
            ast.Add: operator.add,
            ast.Sub: operator.sub,
            ast.Mult: operator.mul,
        }
        function = functions.get(type(op))
        if function is None:
            raise self._refused(
                "monitor.expression",
                text,
                node,
                Words("监测规则里没有除法", "there is no division in monitors"),
                Words(
                    "请改成乘法：不写 甲 / 乙 > 丙，写 甲 > 乙 * 丙", "multiply instead: not a / b > c, but a > b * c"
                ),
            )
        one, other = left.type.unit, right.type.unit
        if isinstance(op, ast.Mult):
            unit = None if one is None and other is None else (one or NUMBER) * (other or NUMBER)
        else:
            if not _comparable(left.type, right.type):
                raise self._refused(
                    "monitor.types", text, node, Words("单位不同，不能相加减", "the units differ"), None
                )
            unit = one if one is not None else other
        both = one is not None and other is not None and one.is_money and other.is_money
        if isinstance(op, ast.Mult) and both:
            raise self._refused(
                "monitor.types",
                text,
                node,
                Words("两个金额不能相乘", "two amounts of money cannot be multiplied"),
                None,
            )

        def code(f: Fields, c: Context) -> Any:
            a, b = left.code(f, c), right.code(f, c)
            return None if a is None or b is None else function(a, b)

        return self._one_record(_made(Quantity(unit), code, left, right), node, text)

    def _shifted(self, day: Expr, by: Expr, sign: int, node: ast.expr, text: Text) -> Expr:
        unit = _duration(by.type)
        if unit is None:
            raise self._refused(
                "monitor.types",
                text,
                node,
                Words("日期只能加减以年、月、日计的期间", "a date takes durations in years, months or days"),
                Words("请引用以 month、year 或 day 为单位的参数", "use a parameter in month, year or day"),
            )

        def code(f: Fields, c: Context) -> int | None:
            start, count = day.code(f, c), by.code(f, c)
            if start is None or count is None or Fraction(count).denominator != 1:
                return None
            return add_duration(start, sign * int(count), unit)

        return self._one_record(_made(DAY, code, day, by), node, text)

    def _called(self, function: str, arguments: list[Expr], node: ast.expr, text: Text) -> Expr:
        if function == "month_of" and len(arguments) == 1 and arguments[0].type == DAY and not arguments[0].as_of:
            of = arguments[0]

            def month(f: Fields, c: Context) -> int | None:
                value = of.code(f, c)
                if value is None:
                    return None
                day = dt.date.fromordinal(value)
                return day.year * 12 + day.month

            return _made(_MONTHS, month, of)
        if function == "missing" and len(arguments) == 1 and arguments[0].field:
            asked = arguments[0].code
            return _made(TRUTH, lambda f, c: int(asked(f, c) is None), arguments[0])
        if (
            function == "day_of_age"
            and len(arguments) == 2
            and arguments[0].type == DAY
            and _duration(arguments[1].type) == "year"
        ):
            born, years = arguments

            def reached(f: Fields, c: Context) -> int | None:
                start, count = born.code(f, c), years.code(f, c)
                return None if start is None or count is None else day_of_age(start, int(count))

            return self._one_record(_made(DAY, reached, born, years), node, text)
        raise self._refused(
            "monitor.expression",
            text,
            node,
            Words(
                "写作 月份(日期)、满周岁日(出生日期, 年龄参数) 或 未填(字段)；基准日不能放在里面",
                "write month_of(date), day_of_age(birth_date, a parameter in years) or missing(field); as_of cannot stand in it",
            ),
            None,
        )

    def _one_record(self, expr: Expr, node: ast.expr, text: Text) -> Expr:
        if len(expr.aliases) > 1:
            raise self._refused(
                "monitor.two-records",
                text,
                node,
                Words("这里同时读了两条记录", "this reads two records at once"),
                Words(
                    "两条记录之间只能有“一边 比较 另一边”的条件，每边只读一条；“或者”请写成两条监测规则",
                    "two records can only be compared, each side reading one of them; for `or`, write two monitors",
                ),
            )
        return expr

    def _refused(self, code: str, text: Text, node: ast.expr, what: Words, step: Words | None) -> UnresolvedError:
        written = text.value.strip()
        lead = len(text.value) - len(text.value.lstrip())
        offset = len(written.encode()[: node.col_offset].decode(errors="ignore")) if node.lineno == 1 else 0
        return UnresolvedError(Problem(code, what, text.place(lead + offset), step))


def _conjuncts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _conjuncts(value)
    else:
        yield node


def _constant(value: int | str) -> Code:
    return lambda _f, _c: value


def _of_field(id: str) -> Code:
    return lambda f, _c: f.get(id)


def _of_figure(id: str) -> Code:
    return lambda _f, c: c.figures.get(id)


def _made(type_: Type, code: Code, *parts: Expr) -> Expr:
    return Expr(
        type_,
        code,
        frozenset().union(*(part.aliases for part in parts)),
        any(part.as_of for part in parts),
        frozenset().union(*(part.parameters for part in parts)),
        moments=tuple(moment for part in parts for moment in part.moments),
    )


def _comparable(one: Type, other: Type) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.unit is None or other.unit is None or _measure(one.unit) == _measure(other.unit)
    if isinstance(one, Named) and isinstance(other, Named):
        return one.enumeration.id == other.enumeration.id
    return type(one) is type(other)


def _measure(unit: Unit) -> tuple[tuple[str, int], ...]:
    """What a unit measures, whoever it is per."""
    return tuple((base, power) for base, power in unit.powers if base in ("yuan", *DURATIONS) or power > 0)


def _duration(type_: Type) -> str | None:
    if isinstance(type_, Quantity) and type_.unit is not None and len(type_.unit.powers) == 1:
        base, power = type_.unit.powers[0]
        return base if base in DURATIONS and power == 1 else None
    return None


def _say(type_: Type) -> Words:
    if isinstance(type_, TextType | Truth | Quantity | Named) or type_ == DAY:
        return type_.say()
    return Words("这样的值", "such a value")


def _did_you_mean(word: str, known: Any) -> Words | None:
    near = nearest(word, known)
    return Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None
