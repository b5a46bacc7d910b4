"""A case as the rules see it: persons and things with their facts, linked to what they belong to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.vocabulary import FactType, Vocabulary
from minzheng_rules.evaluator.possible import ANYTHING, MAYBE, Choices, Crowd, Interval
from minzheng_rules.language.types import Enumeration, Many, Named, One, Row, TextType, Truth, Type
from minzheng_rules.language.units import parse_unit


class Subject:
    """One person or thing of a case. ``memo`` keeps what has been worked out about it, ``steps`` what has been explained.

    ``case`` is the root of the case, which is its own.
    """

    __slots__ = ("case", "entity", "facts", "kind", "memo", "parent", "path", "steps")

    def __init__(self, kind: str, path: str, parent: Subject | None, entity: Entity) -> None:
        self.kind, self.path, self.parent, self.entity = kind, path, parent, entity
        self.case: Subject = self if parent is None else parent.case
        self.facts: dict[str, Any] = {}
        self.memo: dict[str, Any] = {}
        self.steps: dict[str, Any] = {}

    @property
    def id(self) -> str:
        """The id entered, or the path within the case."""
        return self.entity.id or self.path

    def up(self, levels: int) -> Subject:
        """The ancestor ``levels`` above."""
        subject = self
        for _ in range(levels):
            assert subject.parent is not None
            subject = subject.parent
        return subject

    def walk(self) -> Iterator[Subject]:
        """This subject and everything below it."""
        yield self
        for value in self.facts.values():
            if type(value) is tuple:
                for item in value:
                    yield from item.walk()
            elif isinstance(value, Subject) and value.parent is self:
                yield from value.walk()


Converter = Callable[[Any], Any]


class Intake:
    """Turns the pydantic entities of a vocabulary into subjects."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._plans: dict[str, list[tuple[str, str, str, Converter | None]]] = {}
        for kind in vocabulary.kinds.values():
            plan: list[tuple[str, str, str, Converter | None]] = []
            for fact in kind.facts.values():
                plan.append((fact.id, fact.shape, fact.kind or "", _converter(fact)))
            self._plans[kind.id] = plan

    def subject(self, entity: Entity) -> Subject:
        """The whole case below a root entity."""
        references: list[tuple[Subject, str, str]] = []
        root = self._build(entity, type(entity).kind, "", None, references)
        if references:
            by_id = {subject.entity.id: subject for subject in root.walk() if subject.entity.id}
            for subject, name, wanted in references:
                found = by_id.get(wanted)
                if found is not None:
                    subject.facts[name] = found
        return root

    def _build(
        self, entity: Entity, kind: str, path: str, parent: Subject | None, references: list[tuple[Subject, str, str]]
    ) -> Subject:
        subject = Subject(kind, path, parent, entity)
        facts = subject.facts
        prefix = f"{path}." if path else ""
        values = entity.__dict__
        for name, shape, child, convert in self._plans[kind]:
            value = values.get(name)
            if value is None:
                continue
            if shape == "list":
                facts[name] = tuple(
                    self._build(item, child, f"{prefix}{name}[{i}]", subject, references)
                    for i, item in enumerate(value)
                )
            elif shape == "entity":
                facts[name] = self._build(value, child, f"{prefix}{name}", subject, references)
            elif shape == "ref":
                references.append((subject, name, value))
            else:
                facts[name] = value if convert is None else convert(value)
        return subject


def _converter(fact: FactType) -> Converter | None:
    if fact.shape == "quantity":
        scale = parse_unit(fact.unit or "1").scale
        return lambda value: internal(value, scale)
    if fact.shape == "enum":
        return lambda value: value.value
    return None


def internal(value: Any, scale: int) -> int | Fraction:
    """An entered number in internal units."""
    if type(value) is int:
        return value * scale
    assert isinstance(value, Decimal)
    numerator, denominator = value.as_integer_ratio()
    number = Fraction(numerator * scale, denominator)
    return number.numerator if number.denominator == 1 else number


def unknown_fact(fact: FactType, type_: Type, day: dt.date) -> Any:
    """What a fact that was not given may be: anything in its declared range; a date not after the day of the case."""
    if fact.shape == "quantity":
        scale = parse_unit(fact.unit or "1").scale
        low = None if fact.low is None else _scaled(fact.low, scale)
        high = None if fact.high is None else _scaled(fact.high, scale)
        return Interval(low, high)
    if fact.shape == "date":
        high_day = fact.high if fact.may_be_future else min(fact.high, day) if isinstance(fact.high, dt.date) else day
        return Interval(fact.low, high_day)
    return unknown_of(type_)


def _scaled(bound: Any, scale: int) -> int | Fraction:
    number = Fraction(bound) * scale
    return number.numerator if number.denominator == 1 else number


def unknown_of(type_: Type) -> Any:
    """Everything a value of a type may be."""
    if isinstance(type_, Truth):
        return MAYBE
    if isinstance(type_, Named):
        return every(type_.enumeration)
    if isinstance(type_, TextType):
        return ANYTHING
    if isinstance(type_, Many):
        return Crowd((), (), True)
    if isinstance(type_, One):
        return MAYBE
    if isinstance(type_, Row):
        return {name: unknown_of(column) for name, column in type_.columns}
    return Interval(None, None)


def every(enumeration: Enumeration) -> Choices:
    """Any value of an enumeration."""
    return Choices(frozenset(id for id, _ in enumeration.values))
