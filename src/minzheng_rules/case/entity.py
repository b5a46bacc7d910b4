"""The base of every kind of person or thing in a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from minzheng_rules.case.declarations import unknown_among, with_declarations
from minzheng_rules.case.facts import FactType
from minzheng_rules.case.identity import holds_id_number, mask_id_numbers
from minzheng_rules.case.outline import declarable_names, facts_of, names_of
from minzheng_rules.case.quantities import (
    ID_IN_TEXT,
    UnreadableError,
    read_day,
    read_decimal,
    read_flag,
    read_text,
    read_whole,
)
from minzheng_rules.case.units import in_unit
from minzheng_rules.problems import CaseProblems, Words, nearest


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with a case as a whole, before it is put into its place in a file."""

    path: tuple[str | int, ...]
    """English field names and positions in lists."""
    code: str
    what: Words
    next_step: Words | None = None


class Finding(BaseModel):
    """What an authority found on a term the law leaves to it, entered with the case.

    ``value`` is yes or no, or an exact number; a bare ``true`` or ``false`` stands for a finding without further notes.

    >>> Finding.model_validate({"结论": "true", "认定机关": "海宁市民政局"}).value
    True
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True, loc_by_alias=False)

    kind: ClassVar[str] = "finding"
    term: ClassVar[str] = "认定结论"

    value: bool | Decimal = Field(alias="结论")
    by: str | None = Field(default=None, alias="认定机关")
    on: dt.date | None = Field(default=None, alias="认定日期")
    basis: str | None = Field(default=None, alias="依据")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        return data if isinstance(data, Mapping | Finding) else {"value": data}

    @field_validator("value", mode="before")
    @classmethod
    def _read_value(cls, value: object) -> object:
        try:
            return read_flag(value)
        except UnreadableError:
            pass
        try:
            return read_decimal(value, places=6).normalize() + 0
        except UnreadableError:
            raise refusal(
                "not-a-finding",
                Words("应为 true、false 或一个数", "expected true, false or a number"),
            ) from None

    @field_validator("on", mode="before")
    @classmethod
    def _read_on(cls, value: object) -> object:
        return None if value is None else _refusing(read_day, value)

    @field_validator("by", "basis", mode="before")
    @classmethod
    def _read_words(cls, value: object) -> object:
        return None if value is None else _refusing(read_text, value)


class Entity(BaseModel):
    """The base of every kind of person or thing in a case.

    Subclasses set ``kind`` (the English id rules use as a heading) and ``term`` (its Chinese name), and declare
    facts with :func:`~minzheng_rules.case.facts.fact`. Keys may be English field names or Chinese terms. What every
    entity may carry besides its facts:

    - ``id`` (编号), unique in its case;
    - ``declared_none`` (声明为无): names of facts, or of a group such as ``income``, that the applicant declares to
      be none. Lists become empty, quantities zero, yes-or-no facts no, for this entity and the items below it that
      have not given them; :meth:`origin` still tells a declaration from a statement;
    - ``findings`` (认定结论): what an authority found on terms the law leaves to it, by the rule's id or term.

    >>> from minzheng_rules.case.facts import fact
    >>> class Cow(Entity):
    ...     kind: ClassVar[str] = "cow"
    ...     term: ClassVar[str] = "牛"
    ...     value: Decimal | None = fact("估价", unit="yuan", range=(0, 100000))
    >>> Cow(估价="3200.5").value
    Decimal('3200.50')
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        defer_build=True,
        loc_by_alias=False,
        protected_namespaces=(),
    )

    kind: ClassVar[str]
    term: ClassVar[str]
    groups: ClassVar[Mapping[str, tuple[str, tuple[str, ...]]]] = {}
    """Names for several facts at once, usable in ``declared_none``: English name to Chinese name and field names."""
    always_stated: ClassVar[Mapping[str, str]] = {}
    """Facts a template switches on, with an example value (the id of a choice)."""
    not_spoken_for: ClassVar[tuple[str, ...]] = ()
    """Lists whose items a ``declared_none`` of this entity does not reach."""

    id: str | None = Field(default=None, alias="编号")
    declared_none: tuple[str, ...] = Field(default=(), alias="声明为无")
    findings: dict[str, Finding] = Field(default_factory=dict, alias="认定结论")
    origins: dict[str, str] = Field(default_factory=dict, alias="事实来历")
    """Facts taken from elsewhere than a statement about this entity: ``"id_number"``, ``"same_as"``, ``"sum"``."""

    def __init__(self, /, **data: Any) -> None:
        problems = None
        try:
            super().__init__(**data)
        except ValidationError as error:
            from minzheng_rules.case.refusals import problems_of

            problems = problems_of(error, type(self), data)
        # Raised outside the handler: pydantic's error, which holds all that was entered, must not travel along.
        if problems is not None:
            raise CaseProblems(problems)

    # Tells pydantic that nested models need not be built through this __init__, so all refusals arrive together.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def declared(self, field: str) -> bool:
        """Whether this fact, by English name or Chinese term, was declared to be none rather than stated."""
        return names_of(type(self)).get(field, field) in self.declared_none

    def origin(self, field: str) -> str:
        """Where the value of a fact comes from.

        ``"stated"``, ``"declared_none"``, ``"id_number"`` (read off an ID number), ``"same_as"`` (stated where the same
        person also appears), ``"sum"`` (of stated items), or ``"unknown"``.
        """
        name = names_of(type(self)).get(field, field)
        if name in self.declared_none:
            return "declared_none"
        if getattr(self, name) is None:
            return "unknown"
        return self.origins.get(name, "stated")

    def settled(self) -> Self:
        """This entity with what follows from its facts with certainty filled in; asked once the whole case is read."""
        return self

    def flaws(self) -> Iterable[Flaw]:
        """What is wrong with this entity as a whole, beyond its single facts; paths are relative to it."""
        return ()

    @model_validator(mode="before")
    @classmethod
    def _settle_declared_none(cls, data: object) -> object:
        if not isinstance(data, Mapping):
            return data
        return with_declarations(cls, dict(data))

    @model_validator(mode="after")
    def _declares_nothing_that_is_stated(self) -> Self:
        for name in self.declared_none:
            if getattr(self, name) not in (None, (), 0, False):
                term = facts_of(type(self))[name].term
                raise refusal(
                    "declared-but-stated",
                    Words(
                        f"“{term}”声明为无，却又填了内容：两者只能取一",
                        f"{name} is declared to be none, and yet it is stated: it can only be one of them",
                    ),
                    below=(name,),
                )
        return self

    @field_validator("*", mode="before")
    @classmethod
    def _read(cls, value: object, info: ValidationInfo) -> object:
        name = cast(str, info.field_name)
        if name == "declared_none":
            return _declared_names(cls, value)
        if name == "findings" and isinstance(value, Mapping) and any(holds_id_number(str(key)) for key in value):
            raise refusal(*ID_IN_TEXT)
        if value is None:
            # An empty value in a file says nothing: for a fact, unknown; for the rest, left out.
            return {} if name in ("findings", "origins") else None
        if name == "origins":
            return _known_origins(cls, value)
        if name in ("id", "same_as"):
            return _refusing(read_text, value)
        fact = facts_of(cls).get(name)
        return value if fact is None else _read_fact(fact, value)


def refusal(code: str, expected: Words, below: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """An error within pydantic's validation that carries our own words, ``below`` the place where it is raised."""
    # The words travel in the context, because pydantic would read braces in a template as placeholders.
    return PydanticCustomError(code, "{en}", {"zh": expected.zh, "en": expected.en, "below": below})


def _refusing(reader: Any, value: object, *arguments: object) -> object:
    try:
        return reader(value, *arguments)
    except UnreadableError as error:
        raise refusal(error.expected.code, error.expected.words) from None


_ORIGINS = ("id_number", "same_as", "sum")


def _known_origins(model: type[Entity], value: object) -> object:
    if not isinstance(value, Mapping) or any(
        name not in facts_of(model) or origin not in _ORIGINS for name, origin in value.items()
    ):
        said = ", ".join(_ORIGINS)
        raise refusal(
            "not-an-origin",
            Words(f"应为事实的英文名到 {said} 之一", f"expected English names of facts, each with one of {said}"),
        )
    return value


def _read_fact(fact: FactType, value: object) -> object:
    match fact.shape:
        case "bool":
            return _refusing(read_flag, value)
        case "text" | "ref":
            text = cast(str, _refusing(read_text, value))
            if fact.endings and not text.endswith(fact.endings):
                zh, en = "、".join(fact.endings), ", ".join(fact.endings)
                raise refusal(
                    "not-a-full-name",
                    Words(f"应写全称，以 {zh} 结尾", f"expected the full Chinese name, ending in {en}"),
                )
            return text
        case "date":
            day = cast(dt.date, _refusing(read_day, value))
            _check_range(fact, day)
            return day
        case "quantity":
            number = _refusing(read_whole, value) if fact.whole else _refusing(read_decimal, value, fact.places)
            _check_range(fact, Fraction(cast(Decimal, number)))
            return number
        case "list" if isinstance(value, str | Mapping):
            raise refusal("not-a-list", Words("应为列表", "expected a list"))
        case "list" if fact.at_least and isinstance(value, list | tuple) and len(value) < fact.at_least:
            raise refusal("too-few", Words(f"应至少有 {fact.at_least} 项", f"expected {fact.at_least} entry or more"))
    return value


def _check_range(fact: FactType, number: Any) -> None:
    if fact.low is not None and fact.high is not None and not fact.low <= number <= fact.high:
        low, high = in_unit(fact.low, fact.unit), in_unit(fact.high, fact.unit)
        raise refusal(
            "out-of-range", Words(f"应在 {low.zh} 至 {high.zh} 之间", f"expected between {low.en} and {high.en}")
        )


def _declared_names(model: type[Entity], value: object) -> object:
    """The declaration as it is kept: English names of the entity's own facts. Anything else is refused."""
    if value is None:
        return ()
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise refusal("not-a-list", Words("应为列表，如 [vehicles]", "expected a list, such as [vehicles]"))
    names = list(value)
    for name in unknown_among(model, names):
        guess = nearest(name, sorted(declarable_names(model))) if isinstance(name, str) else None
        meant = Words(f"，是否指“{guess}”？", f"; did you mean {guess}?") if guess else Words("", "")
        said = mask_id_numbers(str(name))
        raise refusal(
            "cannot-be-none",
            Words(
                f"“{said}”不是可以声明为无的事实{meant.zh}", f"{said} is no fact that can be declared none{meant.en}"
            ),
        )
    return tuple(dict.fromkeys(names))
