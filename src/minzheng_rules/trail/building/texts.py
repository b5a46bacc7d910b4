"""Formulas as written, and with the numbers in."""

from __future__ import annotations

from functools import partial
from typing import Any

from minzheng_rules.evaluator.compiling import Compiled
from minzheng_rules.evaluator.possible import Crowd, settled
from minzheng_rules.evaluator.printing import expression_text, number, value_text
from minzheng_rules.evaluator.subjects import Subject
from minzheng_rules.language import ir
from minzheng_rules.language.types import Many, One, Quantity, Truth
from minzheng_rules.problems import Lazy, Words


class Frame:
    """Where an expression is evaluated: the subject of the rule and the loop variables."""

    __slots__ = ("subject", "x", "y")

    def __init__(self, subject: Subject, x: Subject | None = None, y: Subject | None = None) -> None:
        self.subject, self.x, self.y = subject, x, y

    def unbound(self, slot: int) -> bool:
        """Whether a loop variable is not set here."""
        return (self.x if slot == 1 else self.y) is None

    def bind(self, slot: int, item: Subject) -> Frame:
        """The same with a loop variable set."""
        return Frame(self.subject, item, self.y) if slot == 1 else Frame(self.subject, self.x, item)


class Texts:
    """The formulas of a rulebook's rules."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled, self.names = compiled, compiled.names
        self._formulas: dict[ir.Expression, Words] = {}

    def formula(self, expression: ir.Expression) -> Words:
        """An expression as written."""
        found = self._formulas.get(expression)
        if found is None:
            found = self._formulas[expression] = Lazy(expression_text, expression, self.names)
        return found

    def filled(self, expression: ir.Expression, frame: Frame) -> Words:
        """An expression with the numbers in."""
        return Lazy(self._filled_text, expression, frame)

    def _filled_text(self, expression: ir.Expression, frame: Frame, lang: str) -> str:
        return expression_text(expression, self.names, lang, partial(self._part, frame, lang))

    def _evaluate(self, expression: ir.Expression, frame: Frame) -> Any:
        return self.compiled.closure(expression)(frame.subject, frame.x, frame.y)

    def _part(self, frame: Frame, lang: str, part: ir.Expression) -> str | None:
        """The value of a part of an expression that stands for one."""
        if any(isinstance(p, ir.Variable) and frame.unbound(p.slot) for p in part.walk()) and not isinstance(
            part, ir.Aggregate
        ):
            return None  # said of each member in turn: no one value can stand for it
        match part:
            case ir.FactOf() | ir.RuleOf() | ir.ParameterAt() | ir.ColumnOf() | ir.AsOf():
                value = self._evaluate(part, frame)
                if isinstance(part.type, Truth):
                    return None
                per = None if isinstance(part, ir.ParameterAt) else self._per(part)
                return value_text(value, part.type, self.names, lang, per)
            case ir.Aggregate(fn="sum" | "count"):
                if part.fn == "sum":
                    return self._summands(part, frame, lang)
                return value_text(self._evaluate(part, frame), part.type, self.names, lang, self._per_owner(part))
        return None

    def _summands(self, part: ir.Aggregate, frame: Frame, lang: str) -> str:
        """A short sum with its parts, a long one as its total."""
        items = self._evaluate(part.collection, frame)
        assert part.element is not None
        per = self._per_owner(part)
        shown: list[str] = []
        unit = part.type.unit if isinstance(part.type, Quantity) else None
        if isinstance(items, Crowd):
            return value_text(self._evaluate(part, frame), part.type, self.names, lang, per)
        for item in items:
            inner = frame.bind(part.slot, item)
            if part.where is None or self._evaluate(part.where, inner) is True:
                value = self._evaluate(part.element, inner)
                shown.append(
                    number(value, unit) if settled(value) else value_text(value, part.type, self.names, lang, per)
                )
        if not 2 <= len(shown) <= 6:
            return value_text(self._evaluate(part, frame), part.type, self.names, lang, per)
        return f"({' + '.join(shown)})"

    def _per(self, part: ir.Expression) -> str | None:
        of = getattr(part, "of", None)
        return self.names.dimension(of.type.kind) if of is not None and isinstance(of.type, One) else None

    def _per_owner(self, part: ir.Aggregate) -> str | None:
        return self.names.dimension(part.collection.type.owner) if isinstance(part.collection.type, Many) else None
