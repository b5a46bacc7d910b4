"""The vocabulary of a case: how kinds and facts are declared, and how rules read the declarations.

A *kind* (household, member, …) is a pydantic model derived from :class:`Entity`; each of its fields declared with
:func:`fact` is a *fact*. :func:`describe` gives everything a rule language needs to know of a root model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from minzheng_rules.case.choices import Choice, Enumeration, enumeration, enumeration_of
from minzheng_rules.case.entity import Entity, Finding
from minzheng_rules.case.facts import FactInfo, FactType, fact, fact_info
from minzheng_rules.case.outline import facts_of

__all__ = [
    "Choice",
    "Entity",
    "Enumeration",
    "FactInfo",
    "FactType",
    "Finding",
    "Kind",
    "Vocabulary",
    "describe",
    "enumeration",
    "enumeration_of",
    "fact",
    "fact_info",
    "facts_of",
]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of person or thing, with everything that may be stated of it, inherited facts included."""

    id: str
    term: str
    bases: tuple[str, ...]
    """The kinds it is, nearest first: a member is a person."""
    facts: dict[str, FactType]
    """By English id, inherited ones first."""
    model: type[Entity]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything rules may speak of in cases with one root kind."""

    root: str
    """The id of the root kind."""
    kinds: dict[str, Kind]
    """By English id: the root, every kind below it, and the kinds they are."""
    enums: dict[str, Enumeration]
    """By English id."""


def describe(model: type[Entity]) -> Vocabulary:
    """The vocabulary of cases whose root is ``model``: every kind that can be reached from it, and every enumeration.

    Raises :class:`TypeError` where a declaration cannot be read, or two kinds or enumerations share a name.

    >>> from minzheng_rules.case.household import Household
    >>> vocabulary = describe(Household)
    >>> vocabulary.kinds["member"].bases, vocabulary.kinds["member"].facts["relation"].term
    (('person',), '关系')
    """
    kinds: dict[str, Kind] = {}
    enums: dict[str, Enumeration] = {}
    waiting: list[type[Entity]] = [model]
    while waiting:
        current = waiting.pop(0)
        known = kinds.get(current.kind)
        if known is not None:
            if known.model is not current:
                raise TypeError(f"two models are called {current.kind}: {known.model.__name__} and {current.__name__}")
            continue
        facts = facts_of(current)
        bases = _bases_of(current)
        kinds[current.kind] = Kind(current.kind, current.term, tuple(base.kind for base in bases), facts, current)
        waiting.extend(bases)
        for fact_ in facts.values():
            if fact_.model is not None:
                waiting.append(cast(type[Entity], fact_.model))
            if fact_.enum is not None:
                named = enumeration_of(fact_.enum)
                if enums.setdefault(named.id, named).choice is not fact_.enum:
                    raise TypeError(f"two enumerations are called {named.id}")
    return Vocabulary(model.kind, kinds, enums)


def _bases_of(model: type[Entity]) -> list[type[Entity]]:
    """The kinds a model is, nearest first; a model that only adds facts to one of its own kind is not another kind."""
    found: dict[str, type[Entity]] = {}
    for base in model.__mro__[1:]:
        if isinstance(base, type) and issubclass(base, Entity) and "kind" in base.__dict__ and base.kind != model.kind:
            found.setdefault(base.kind, base)
    return list(found.values())
