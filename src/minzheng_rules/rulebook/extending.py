"""Adding facts to a vocabulary without Python: a program file's ``facts:`` block becomes fields of the case models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from minzheng_rules.case.choices import Choice, enumeration
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import fact
from minzheng_rules.case.quantities import Day, Flag, Money, Rate, Text, Whole
from minzheng_rules.case.vocabulary import describe, facts_of
from minzheng_rules.language.rules import AddedFact


def extended(root: type[Entity], added: Mapping[str, Sequence[AddedFact]]) -> type[Entity]:
    """The root model with facts added to some kinds, by kind id; models that hold changed ones are remade around them.

    >>> from minzheng_rules.case.household import Household
    >>> model = extended(Household, {"member": [AddedFact("has_bicycle", "有自行车", "bool")]})
    >>> model.model_validate({"members": [{"relation": "applicant", "有自行车": True}]}).members[0].has_bicycle
    True
    """
    if not added:
        return root
    return _Extension(root, added).model(root)


class _Extension:
    def __init__(self, root: type[Entity], added: Mapping[str, Sequence[AddedFact]]) -> None:
        self.kinds = describe(root).kinds
        self.added = added
        self.made: dict[str, type[Entity]] = {}
        self.choices: dict[str, type[Choice]] = {}

    def model(self, old: type[Entity]) -> type[Entity]:
        """The remade model of a kind, or the old one where nothing below it changes."""
        if old.kind in self.made:
            return self.made[old.kind]
        fields: dict[str, Any] = {}
        types: dict[str, Any] = {}
        for new in self.added.get(old.kind, ()):
            types[new.id] = self._type(new) | None
            fields[new.id] = self._field(new)
        for name, known in facts_of(old).items():
            if known.model is None:
                continue
            inner = self.model(cast(type[Entity], known.model))
            if inner is not known.model:
                types[name] = (tuple[inner, ...] if known.shape == "list" else inner) | None  # type: ignore[valid-type]
                fields[name] = old.model_fields[name]
        bases = [self.model(self.kinds[base].model) for base in self.kinds[old.kind].bases]
        changed = [base for base in bases if base is not self.kinds[base.kind].model]
        if not fields and not changed:
            self.made[old.kind] = old
            return old
        body = {
            "__module__": old.__module__,
            "__doc__": old.__doc__,
            "__annotations__": types,
            "kind": old.kind,
            "term": old.term,
            **fields,
        }
        made = type(old.__name__, (old, *changed), body)
        self.made[old.kind] = made
        return made

    def _type(self, new: AddedFact) -> Any:
        simple = {"bool": Flag, "date": Day, "text": Text}
        if new.type in simple:
            return simple[new.type]
        if new.values:
            (id, term), *values = new.values
            known = self.choices.get(id)
            if known is None:
                members = {value.upper(): (value, called) for value, called in values}
                known = self.choices[id] = enumeration(id, term)(cast(type[Choice], Choice(id, cast(Any, members))))
            return known
        unit = new.unit or "1"
        if "yuan" in unit:
            return Money
        return Rate if unit in ("ratio", "multiple") or any("." in end for end in new.range or ()) else Whole

    def _field(self, new: AddedFact) -> Any:
        span = None if new.range is None else (new.range[0], new.range[1])
        return fact(new.term, unit=new.unit, range=span, source=new.sources, judgement=new.judgement)
