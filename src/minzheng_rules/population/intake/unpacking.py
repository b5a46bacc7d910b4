"""Cases into rows, one at a time: how a household comes in that the case model itself had to settle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from minzheng_rules.case.entity import Entity
from minzheng_rules.population.intake.layout import TableLayout
from minzheng_rules.population.intake.rows import FINDING_PLACES, Cells, Rows
from minzheng_rules.population.intake.values import Texts, number_of


@dataclass
class _Growing:
    """A table that grows row by row."""

    household: list[int] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    ids: list[str | None] = field(default_factory=list)
    facts: dict[str, dict[int, int]] = field(default_factory=dict)
    lists: dict[str, list[int]] = field(default_factory=dict)
    findings: dict[str, dict[int, bool | Decimal]] = field(default_factory=dict)


def unpack(roots: Iterable[tuple[int, Entity]], layouts: Mapping[str, TableLayout], texts: Texts) -> dict[str, Rows]:
    """The rows of settled households; with each root the number of its household. What follows is filled in already."""
    growing = {path: _Growing() for path in layouts}
    for household, root in roots:
        _unpack(root, "", household, household, growing, layouts, texts)
    return {path: _rows(layouts[path], grown) for path, grown in growing.items()}


def _unpack(
    entity: Entity,
    path: str,
    household: int,
    owner: int,
    growing: dict[str, _Growing],
    layouts: Mapping[str, TableLayout],
    texts: Texts,
) -> None:
    layout, table = layouts[path], growing[path]
    row = len(table.household)
    table.household.append(household)
    table.owner.append(owner)
    table.ids.append(entity.id)
    values: dict[str, Any] = entity.__dict__
    for id, fact in layout.facts.items():
        value = values.get(id)
        if value is not None:
            table.facts.setdefault(id, {})[row] = number_of(fact, value, texts)
    for name, found in entity.findings.items():
        table.findings.setdefault(name, {})[row] = found.value
    for id in layout.lists:
        value = values.get(id)
        below = layout.below(id)
        if value is None or below not in layouts:
            continue
        table.lists.setdefault(id, []).append(row)
        for item in (value,) if layouts[below].single else value:
            _unpack(item, below, household, row, growing, layouts, texts)


def _rows(layout: TableLayout, table: _Growing) -> Rows:
    count = len(table.household)
    household = np.array(table.household, np.int64)
    rows = Rows(
        layout,
        household,
        household if layout.owner is None else np.array(table.owner, np.int64),
        np.full(count, -1, np.int64),
        pl.Series(table.ids, dtype=pl.String),
    )
    for id, values in table.facts.items():
        rows.facts[id] = _cells(values, count)
    for id, known in table.lists.items():
        rows.lists[id] = np.isin(np.arange(count), known)
    for id in layout.lists:
        rows.lists.setdefault(id, np.zeros(count, bool))
    for name, found in table.findings.items():
        places = 0 if all(isinstance(value, bool) for value in found.values()) else FINDING_PLACES
        rows.findings[name] = _cells({row: int(value * 10**places) for row, value in found.items()}, count), places
    return rows


def _cells(values: Mapping[int, int], count: int) -> Cells:
    numbers, known = np.zeros(count, np.int64), np.zeros(count, bool)
    places = np.fromiter(values.keys(), np.int64, len(values))
    numbers[places] = np.fromiter(values.values(), np.int64, len(values))
    known[places] = True
    return Cells(numbers, known)
