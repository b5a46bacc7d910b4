"""Rows back into what was entered: the facts of one household as a case file would state them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from minzheng_rules.case.facts import FactType
from minzheng_rules.population.intake.rows import Rows


def entered(tables: Mapping[str, Rows], household: int, texts: list[str]) -> dict[str, Any]:
    """What is stated and declared of a household, in English keys."""
    data = _row(tables, "", household, texts)
    taken = set(ids_in(data))
    id = tables[""].ids[household]
    # The id is the table's key; where a person has the same one, only the person keeps it.
    return data if id is None or id in taken else {"id": id, **data}


def _row(tables: Mapping[str, Rows], path: str, row: int, texts: list[str]) -> dict[str, Any]:
    rows = tables[path]
    data: dict[str, Any] = {}
    declared = [name for name, mask in rows.declared.items() if mask[row]]
    if path and rows.ids[row] is not None:
        data["id"] = rows.ids[row]
    for id, fact in rows.layout.facts.items():
        cells = rows.facts.get(id)
        if cells is not None and cells.known[row] and id not in declared:
            data[id] = _value(fact, int(cells.numbers[row]), texts)
    for id in rows.layout.lists:
        if id not in declared and rows.lists[id][row]:
            data[id] = _items(tables, rows.layout.below(id), row, texts)
    for name, (cells, places) in rows.findings.items():
        if cells.known[row]:
            number = int(cells.numbers[row])
            value = bool(number) if places == 0 else Decimal(number).scaleb(-places)
            data.setdefault("findings", {})[name] = value
    if declared:
        data["declared_none"] = declared
    origins = {fact: origin for (fact, origin), mask in rows.origins.items() if mask[row]}
    if origins:
        data["origins"] = origins
    return data


def _items(tables: Mapping[str, Rows], path: str, owner: int, texts: list[str]) -> Any:
    below = tables.get(path)
    if below is None:
        return []
    first, last = np.searchsorted(below.owner, [owner, owner + 1]).tolist()
    items = [_row(tables, path, row, texts) for row in range(first, last)]
    return items[0] if below.layout.single else items


def _value(fact: FactType, number: int, texts: list[str]) -> object:
    match fact.shape:
        case "bool":
            return bool(number)
        case "enum":
            assert fact.enum is not None
            return list(fact.enum)[number].value
        case "date":
            return dt.date.fromordinal(number)
        case "quantity":
            return number if fact.whole else Decimal(number).scaleb(-fact.places)
    return texts[number]


def ids_in(data: Mapping[str, Any]) -> list[str]:
    """Every id within the facts of a household."""
    found = []
    for key, value in data.items():
        if key == "id":
            found.append(value)
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, Mapping) and key not in ("findings", "origins"):
                found += ids_in(item)
    return found
