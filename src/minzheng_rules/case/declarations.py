"""What an applicant declares to be none: filled in where it was left open, and remembered as declared.

``declared_none: [property_incomes, vehicles]`` on a household makes those lists empty, quantities zero and yes-or-no
facts no: for the household itself, and for the members and items below that have not given them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from minzheng_rules.case.outline import NONE_OF, declarable_names, outline_of

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity

_KEYS = ("声明为无", "declared_none")


def with_declarations(model: type[Entity], entered: dict[Any, Any]) -> dict[Any, Any]:
    """The entered data with what it declares filled in, here and in the items below.

    What remains under ``declared_none`` are the entity's own facts, and names that mean nothing, for the field's own
    validator to refuse.
    """
    key = next((key for key in _KEYS if entered.get(key) is not None), None)
    declared = None if key is None else entered[key]
    if isinstance(declared, str | Mapping) or not isinstance(declared, Iterable):
        return entered
    names = list(declared)
    own, below = _divided(model, [name for name in names if isinstance(name, str)])
    kept = [name for name, named_itself in own.items() if _fill(model, entered, name) or named_itself]
    if below:
        for fact in outline_of(model).spoken_for:
            for written in (fact.id, fact.term):
                if entered.get(written) is not None:
                    entered[written] = _passed_down(cast("type[Entity]", fact.model), entered[written], below)
    known = declarable_names(model)
    entered.pop(key)
    entered["declared_none"] = [*kept, *(name for name in names if not isinstance(name, str) or name not in known)]
    return entered


def unknown_among(model: type[Entity], names: Iterable[object]) -> list[object]:
    """The names no declaration of this model can mean."""
    known = declarable_names(model)
    return [name for name in names if not isinstance(name, str) or name not in known]


def _divided(model: type[Entity], names: list[str]) -> tuple[dict[str, bool], list[str]]:
    """The model's own facts among the names, each with whether it was named itself and not by a group; and the rest."""
    outline = outline_of(model)
    own: dict[str, bool] = {}
    below: list[str] = []
    for name in names:
        fact = outline.facts.get(outline.names.get(name, ""))
        if fact is not None:
            if fact.shape in NONE_OF:
                own[fact.id] = True
        elif name in outline.groups:
            for field in outline.groups[name]:
                own.setdefault(field, False)
            if any(name in declarable_names(cast("type[Entity]", fact.model)) for fact in outline.spoken_for):
                below.append(name)  # one word for facts of the household and of its members
        else:
            below.append(name)
    return own, below


def _fill(model: type[Entity], entered: dict[Any, Any], name: str) -> bool:
    """Fill in a fact declared to be none, unless it is stated; whether it was filled in."""
    fact = outline_of(model).facts[name]
    if entered.get(name) is not None or entered.get(fact.term) is not None:
        return False
    entered.pop(fact.term, None)
    entered[name] = NONE_OF[fact.shape]
    return True


def _passed_down(model: type[Entity], items: Any, names: list[str]) -> Any:
    """Items with the names added to what they declare themselves, except facts they state."""
    if isinstance(items, list | tuple):
        return [_passed_down(model, item, names) for item in items]
    # An entity made in Python is opened again: what it holds counts as entered.
    item = dict(items if isinstance(items, Mapping) else getattr(items, "__dict__", {}))
    if not item:
        return items
    fields, known = outline_of(model).names, declarable_names(model)
    stated = {fields[key] for key, value in item.items() if key in fields and value is not None}
    wanted = [name for name in names if name in known and fields.get(name) not in stated]
    key = next((key for key in _KEYS if item.get(key) is not None), "declared_none")
    declared = item.get(key) or ()
    if wanted and isinstance(declared, list | tuple):
        item[key] = [*declared, *wanted]
    return item
