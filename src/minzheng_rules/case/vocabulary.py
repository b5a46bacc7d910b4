"""How a case model declares its facts, so that rules can speak of them.

A *kind* (household, member, …) is a pydantic model derived from :class:`Entity`; each of its fields is a *fact* declared
with :func:`fact`: Chinese term, unit, range, which department or form supplies it, and whether only a person can settle it.
The rule language reads these declarations; the JSON Schema of a case comes from them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from minzheng_rules.problems import Words


class Choice(str, Enum):
    """The values an enumerated fact may take, each with an English id and a Chinese term.

    >>> class Sex(Choice):
    ...     MALE = "male", "男"
    ...     FEMALE = "female", "女"
    >>> Sex("男") is Sex.MALE, Sex.MALE.term
    (True, '男')
    """

    term: str

    def __new__(cls, id: str, term: str) -> Choice:
        member = str.__new__(cls, id)
        member._value_ = id
        member.term = term
        return member

    @classmethod
    def _missing_(cls, value: object) -> Choice | None:
        return next((member for member in cls if member.term == value), None)


@dataclass(frozen=True, slots=True)
class FactInfo:
    """What a field declares about itself beyond its Python type; see :func:`fact`."""

    term: str
    unit: str | None
    range: tuple[str, str] | None
    sources: tuple[str, ...]
    judgement: str | None
    refers_to: str | None
    note: Words | None


def fact(
    term: str,
    *,
    unit: str | None = None,
    range: tuple[object, object] | None = None,
    source: str | tuple[str, ...] = (),
    judgement: str | None = None,
    refers_to: str | None = None,
    note: Words | None = None,
    default: Any = None,
) -> Any:
    """Declare a field of a case model as a fact rules can use.

    ``term`` is the Chinese name (alias and title). ``unit`` is written ``yuan/month``, ``month``, ``person``, ``1``; a
    quantity needs a ``range``, the least and the greatest value it can possibly have, in that unit. ``source`` names the
    departments or forms that supply the fact, ``judgement`` who may settle it where only a person can, ``refers_to`` the
    kind of entity whose id is entered. A fact that is not given is unknown, so the default is ``None``.
    """
    extra: dict[str, Any] = {
        "x-unit": unit,
        "x-range": None if range is None else [str(range[0]), str(range[1])],
        "x-source": [source] if isinstance(source, str) else list(source),
        "x-judgement": judgement,
        "x-refers-to": refers_to,
        "x-note": None if note is None else {"zh": note.zh, "en": note.en},
    }
    bounds: dict[str, Any] = {} if range is None else {"ge": range[0], "le": range[1]}
    declared = {key: value for key, value in extra.items() if value}
    return Field(default=default, alias=term, title=term, json_schema_extra=declared, **bounds)


def fact_info(field: FieldInfo) -> FactInfo:
    """What was declared with :func:`fact` for a model's field."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    said: dict[str, Any] = dict(extra)
    span, note = said.get("x-range"), said.get("x-note")
    return FactInfo(
        term=field.alias or field.title or "",
        unit=said.get("x-unit"),
        range=None if span is None else (span[0], span[1]),
        sources=tuple(said.get("x-source", ())),
        judgement=said.get("x-judgement"),
        refers_to=said.get("x-refers-to"),
        note=None if note is None else Words(note["zh"], note["en"]),
    )


class Entity(BaseModel):
    """The base of every kind of person or thing in a case.

    Subclasses set ``kind`` (the English id rules use as a heading) and ``term`` (its Chinese name). Every entity may carry
    an ``id``, unique in its case. Keys may be English field names or Chinese terms.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)

    kind: ClassVar[str]
    term: ClassVar[str]

    id: str | None = Field(default=None, alias="编号")
