"""Cases spread over tables, as a county might export them: what from_tables must read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.household import NO_END
from minzheng_rules.case.outline import facts_of
from minzheng_rules.population.intake.layout import TableLayout, keys_of, layouts

Data = dict[str, Any]
Tables = dict[str, list[Data]]


def tabled(households: Sequence[Data], model: type[Entity]) -> Tables:
    """Plain data of households as lists of rows, one table for every list the model has."""
    known = layouts(model)
    tables: Tables = {layout.name: [] for layout in known.values()}
    for number, data in enumerate(households):
        _spread(data, known[""], {}, f"H{number}", tables, known)
    return tables


def _spread(
    data: Data, layout: TableLayout, keys: Data, id: str, tables: Tables, known: Mapping[str, TableLayout]
) -> None:
    row: Data = dict(keys)
    row[layout.key[0]] = id
    for fact in layout.facts.values():
        row[fact.id] = data.get(fact.id)
    row["declared_none"] = " ".join(data.get("declared_none", ())) or None
    row["same_as"] = data.get("same_as")
    row["id_number"] = data.get("id_number")
    if not layout.is_people:
        del row["same_as"], row["id_number"]
    for name, value in data.get("findings", {}).items():
        row[f"finding:{name}"] = getattr(value, "value", value)
    tables[layout.name].append(row)
    for fact in layout.lists.values():
        items = data.get(fact.id)
        row[f"{fact.id}_count"] = None if items is None or fact.id in data.get("declared_none", ()) else len(items)
        below = known[layout.below(fact.id)]
        for place, item in enumerate(items or ()):
            own = item.get("id") or f"{id}.{fact.id}{place}"
            has_lists = any(
                keys_of(other, known)[-1] == below.key for other in known.values() if other.owner == below.path
            )
            inner = {**keys, layout.key[0]: id}
            _spread(item, below, inner, own, tables, known)
            if not item.get("id") and not has_lists:
                tables[below.name][-1][below.key[0]] = None


def named(entity_data: Data, prefix: str = "p") -> Data:
    """The data with an id for every person that has none: tables need one where lists hang below."""
    counter = iter(range(1000))

    def name(data: Data, people: bool) -> Data:
        made = {
            key: [name(item, key in ("members", "supporters")) for item in value]
            if isinstance(value, list) and value and isinstance(value[0], dict)
            else value
            for key, value in data.items()
        }
        if people and not made.get("id"):
            made["id"] = f"{prefix}{next(counter)}"
        return made

    return name(entity_data, False)


def unsettled(data: Data) -> Data:
    """The data without what follows from the rest: settling must fill it in again."""
    made = {
        key: [unsettled(item) for item in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else value
        for key, value in data.items()
    }
    for name in ("financial_assets_total", "in_household", "status_from_recognitions", "certificate_end_printed"):
        made.pop(name, None)
    for parent in ("father", "mother"):
        if made.get(parent) is not None and made.get(f"{parent}_unidentified") is False:
            del made[f"{parent}_unidentified"]
    if made.get("until") == NO_END:
        del made["until"]
    if "alive" in made:
        made.pop("deceased", None)
    return made


def as_text(value: object) -> str | None:
    """A cell as a CSV file has it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(getattr(value, "value", value))


def textual(data: Data) -> Data:
    """The data with every value as text, as a file would hold it."""
    made: Data = {}
    for key, value in data.items():
        if key == "findings":
            made[key] = {name: as_text(getattr(found, "value", found)) for name, found in value.items()}
        elif isinstance(value, list | tuple):
            made[key] = [textual(item) if isinstance(item, dict) else item for item in value]
        else:
            made[key] = as_text(value)
    return made


def walk_data(data: Data, model: type[Entity]) -> Iterator[tuple[Data, type[Entity]]]:
    """Every entity of the data with its model."""
    yield data, model
    for fact in facts_of(model).values():
        if fact.model is not None:
            for item in data.get(fact.id) or ():
                yield from walk_data(item, fact.model)
