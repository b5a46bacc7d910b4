"""Declaring a fact, and reading back what was declared."""

from __future__ import annotations

import datetime as dt
import types
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from minzheng_rules.case.choices import Choice
from minzheng_rules.case.quantities import Decimals
from minzheng_rules.problems import Words


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


@dataclass(frozen=True, slots=True)
class FactType:
    """A fact as the rule language sees it."""

    id: str
    term: str
    shape: str
    """``bool``, ``text``, ``date``, ``quantity``, ``enum``, ``list``, ``entity`` or ``ref``."""
    unit: str | None = None
    low: Fraction | dt.date | None = None
    high: Fraction | dt.date | None = None
    enum: type[Choice] | None = None
    kind: str | None = None
    """Of a list or an entity, the kind of its items; of a ref, the kind referred to."""
    whole: bool = False
    """Whether a quantity counts whole things only."""
    places: int = 0
    """How many decimals a quantity may have."""
    sources: tuple[str, ...] = ()
    judgement: str | None = None
    note: Words | None = None
    may_be_future: bool = False
    """Whether a date may lie after the date the case is decided for."""
    endings: tuple[str, ...] = ()
    """What a text must end in, one of these; empty where any text will do."""
    at_least: int = 0
    """How many entries a list has at least."""
    model: type[BaseModel] | None = None
    """Of a list or an entity, the model of its items."""


def fact(
    term: str,
    *,
    unit: str | None = None,
    range: tuple[object, object] | None = None,
    source: str | tuple[str, ...] = (),
    judgement: str | None = None,
    refers_to: str | None = None,
    note: Words | None = None,
    may_be_future: bool = False,
    endings: tuple[str, ...] = (),
    at_least: int = 0,
    default: Any = None,
) -> Any:
    """Declare a field of a case model as a fact rules can use.

    ``term`` is the Chinese name (alias and title). ``unit`` is written ``yuan/month``, ``month``, ``person``, ``1``; a
    quantity needs a ``range``, the least and the greatest value it can possibly have, in that unit. ``source`` names
    the departments or forms that supply the fact, ``judgement`` who may settle it where only a person can,
    ``refers_to`` the kind of entity whose id is entered. A fact that is not given is unknown, so the default is
    ``None``. A date must not lie after the date of the case unless ``may_be_future``. A text that rules compare is
    given ``endings``, so that one place is not written in two ways. A list that cannot be empty says how many entries
    it has ``at_least``.
    """
    extra: dict[str, Any] = {
        "x-fact": True,
        "x-unit": unit,
        "x-range": None if range is None else [str(range[0]), str(range[1])],
        "x-source": [source] if isinstance(source, str) else list(source),
        "x-judgement": judgement,
        "x-refers-to": refers_to,
        "x-note": None if note is None else {"zh": note.zh, "en": note.en},
        "x-may-be-future": may_be_future,
        "x-endings": list(endings),
        "x-at-least": at_least,
    }
    declared = {key: value for key, value in extra.items() if value}
    return Field(default=default, alias=term, title=term, json_schema_extra=declared)


def fact_info(field: FieldInfo) -> FactInfo:
    """What was declared with :func:`fact` for a model's field."""
    said = _said(field)
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


def fact_type(id: str, field: FieldInfo) -> FactType | None:
    """The fact a field declares, or ``None`` if it was not declared with :func:`fact`.

    Raises :class:`TypeError` for a type no reader exists for (a bare ``float``, a union of two types …).
    """
    said = _said(field)
    if not said.get("x-fact"):
        return None
    info = fact_info(field)
    base, places, is_list = _base_type(id, field)
    common: dict[str, Any] = {
        "unit": info.unit,
        "sources": info.sources,
        "judgement": info.judgement,
        "note": info.note,
    }
    if isinstance(base, type) and issubclass(base, BaseModel):
        shape = "list" if is_list else "entity"
        least_many = int(said.get("x-at-least", 0))
        return FactType(
            id, info.term, shape, kind=getattr(base, "kind", None), model=base, at_least=least_many, **common
        )
    if is_list:
        raise TypeError(f"{id} ({info.term}): a list holds entities, not {base!r}")
    if base is bool:
        return FactType(id, info.term, "bool", **common)
    if isinstance(base, type) and issubclass(base, Choice):
        return FactType(id, info.term, "enum", enum=base, **common)
    if base is str:
        shape = "text" if info.refers_to is None else "ref"
        endings = tuple(said.get("x-endings", ()))
        return FactType(id, info.term, shape, kind=info.refers_to, endings=endings, **common)
    if base is dt.date:
        low, high = map(dt.date.fromisoformat, info.range or ("1900-01-01", "2199-12-31"))
        future = bool(said.get("x-may-be-future"))
        return FactType(id, info.term, "date", low=low, high=high, may_be_future=future, **common)
    if base in (int, Decimal):
        if info.range is None or info.unit is None:
            raise TypeError(f"{id} ({info.term}): a quantity needs a unit and a range")
        least, most = map(Fraction, info.range)
        whole = base is int
        return FactType(
            id, info.term, "quantity", low=least, high=most, whole=whole, places=0 if whole else places, **common
        )
    raise TypeError(f"{id} ({info.term}): {base!r} is not a type of fact; use Money, Rate, Whole, Flag, Day or Text")


def _base_type(id: str, field: FieldInfo) -> tuple[Any, int, bool]:
    """The type behind ``Optional``, ``Annotated``, ``list`` and ``tuple``; the decimals; whether it is a list."""
    places = next((mark.places for mark in field.metadata if isinstance(mark, Decimals)), 2)
    base: Any = field.annotation
    is_list = False
    while True:
        origin, arguments = get_origin(base), get_args(base)
        if origin in (Union, types.UnionType):
            given = [option for option in arguments if option is not type(None)]
            if len(given) != 1:
                raise TypeError(f"{id}: a fact has one type, not {base!r}")
            base = given[0]
        elif origin is Annotated:
            places = next((mark.places for mark in arguments[1:] if isinstance(mark, Decimals)), places)
            base = arguments[0]
        elif origin in (list, tuple):
            base, is_list = arguments[0], True
        else:
            return base, places, is_list


def _said(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}
