"""What a model declares, worked out once per model so that reading a case need not look it up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from minzheng_rules.case.facts import FactType, fact_type

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity

NONE_OF: Mapping[str, object] = {"list": (), "quantity": 0, "bool": False}
"""The value a fact of this shape has when it is declared to be none; other shapes cannot be."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The declarations of one model, sorted for use."""

    facts: dict[str, FactType]
    """By English name, inherited ones first, in declared order."""
    names: dict[str, str]
    """Every key an entity may be written with, English or Chinese, and the English field name it means."""
    groups: dict[str, tuple[str, ...]]
    """Names that stand for several facts in a declaration, in both languages."""
    below: tuple[FactType, ...]
    """The facts that hold other entities."""
    refs: tuple[FactType, ...]
    dates: tuple[FactType, ...]
    spoken_for: tuple[FactType, ...]
    """The facts that hold entities a declaration made here reaches."""


def outline_of(model: type[Entity]) -> Outline:
    """The outline of a model."""
    known = model.__dict__.get("__outline__")
    if known is None:
        known = _outline(model)
        # Not a cache that could go stale: a model's declarations do not change after its class statement.
        model.__outline__ = known  # type: ignore[attr-defined]
    return cast(Outline, known)


def facts_of(model: type[Entity]) -> dict[str, FactType]:
    """The facts a model declares or inherits, by English name, in declared order."""
    return outline_of(model).facts


def names_of(model: type[Entity]) -> dict[str, str]:
    """Every key a model's entities may be written with, English or Chinese, and the English field name it means."""
    return outline_of(model).names


def declarable_names(model: type[Entity]) -> frozenset[str]:
    """Everything a ``declared_none`` of this model may name: facts and groups, of its own and of the items below it."""
    known = model.__dict__.get("__declarable__")
    if known is None:
        known = frozenset(_declarable(model, ()))
        model.__declarable__ = known  # type: ignore[attr-defined]
    return cast("frozenset[str]", known)


def _outline(model: type[Entity]) -> Outline:
    found = ((name, fact_type(name, field)) for name, field in model.model_fields.items())
    facts = {name: fact for name, fact in found if fact is not None}
    names = {name: name for name in model.model_fields}
    names.update({field.alias: name for name, field in model.model_fields.items() if field.alias})
    below = tuple(fact for fact in facts.values() if fact.model is not None)
    return Outline(
        facts=facts,
        names=names,
        groups={name: fields for id, (term, fields) in model.groups.items() for name in (id, term)},
        below=below,
        refs=tuple(fact for fact in facts.values() if fact.shape == "ref"),
        dates=tuple(fact for fact in facts.values() if fact.shape == "date"),
        spoken_for=tuple(fact for fact in below if fact.id not in model.not_spoken_for),
    )


def _declarable(model: type[Entity], seen: tuple[type, ...]) -> set[str]:
    outline = outline_of(model)
    names = {name for fact in outline.facts.values() if fact.shape in NONE_OF for name in (fact.id, fact.term)}
    names.update(outline.groups)
    for fact in outline.spoken_for:
        below = cast("type[Entity]", fact.model)
        if below not in seen:
            # A name the model has itself is meant for itself, even where it cannot be none.
            names |= {name for name in _declarable(below, (*seen, model)) if name not in outline.names}
    return names
