"""Enumerated facts: closed lists of values, each with an English id and a Chinese term."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class Choice(StrEnum):
    """The values an enumerated fact may take, each with an English id and a Chinese term.

    Further words are what people say for something the value covers. They are not accepted: a refusal names the value.

    >>> class Sex(Choice):
    ...     MALE = "male", "男"
    ...     FEMALE = "female", "女"
    >>> Sex("男") is Sex.MALE, Sex.MALE.term
    (True, '男')
    >>> class Meal(Choice):
    ...     HOT = "hot", "热食", "面条", "soup"
    >>> Meal.covering("面条") is Meal.HOT, Meal.covering("热食")
    (True, None)
    """

    term: str
    covers: tuple[str, ...]

    def __new__(cls, id: str, term: str, *covers: str) -> Choice:
        member = str.__new__(cls, id)
        member._value_ = id
        member.term = term
        member.covers = covers
        return member

    @classmethod
    def covering(cls, word: str) -> Choice | None:
        """The value that covers what somebody wrote in its place, if one does."""
        said = " ".join(word.replace("_", " ").split()).lower()
        return next((member for member in cls if said in member.covers), None)

    @classmethod
    def _missing_(cls, value: object) -> Choice | None:
        return next((member for member in cls if member.term == value), None)


ChoiceType = TypeVar("ChoiceType", bound=type[Choice])


def enumeration(id: str, term: str) -> Callable[[ChoiceType], ChoiceType]:
    """Name an enumeration, so that rules and tables can speak of it: an English ``id`` and a Chinese ``term``.

    Without this decorator the id is the class name in snake_case and the term is the same word.

    >>> @enumeration("care_level", "护理等级")
    ... class CareLevel(Choice):
    ...     FIRST = "first", "一级护理"
    >>> enumeration_of(CareLevel).term
    '护理等级'
    """

    def name(choice: ChoiceType) -> ChoiceType:
        choice.__enumeration__ = (id, term)  # type: ignore[attr-defined]  # an Enum body cannot declare it
        return choice

    return name


@dataclass(frozen=True, slots=True)
class Enumeration:
    """What rules need to know of an enumeration: its names and its values in their declared order."""

    id: str
    term: str
    values: tuple[tuple[str, str], ...]
    """Pairs of English id and Chinese term."""
    choice: type[Choice]


def enumeration_of(choice: type[Choice]) -> Enumeration:
    """The names and values of an enumeration class.

    >>> class Sex(Choice):
    ...     MALE = "male", "男"
    >>> enumeration_of(Sex).id, enumeration_of(Sex).values
    ('sex', (('male', '男'),))
    """
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", choice.__name__).lower()
    id, term = choice.__dict__.get("__enumeration__", (snake, snake))
    return Enumeration(id, term, tuple((str(member.value), member.term) for member in choice), choice)
