"""What a plan for a population depends on, read off its columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from minzheng_rules.population.columns import Columns
from minzheng_rules.population.lowering.profile import ColumnShape, Profile, TableShape


def profile_of(columns: Columns) -> Profile:
    """What a plan for a population depends on."""
    tables = []
    for path, table in columns.tables.items():
        if table.count == 0:
            continue
        most = 1
        if path:
            starts = columns.starts(path)
            most = _bucket(int(np.diff(starts).max(initial=1)))
        shapes = tuple(
            (name, ColumnShape(not column.has_unknowns, column.places, column.tables, str(column.values.dtype)))
            for name, column in sorted(table.columns.items())
            if column.known is None or bool(column.known.any())
        )
        lists = {name: _listed(known) for name, known in table.lists.items()}
        for other in columns.tables.values():
            if other.path and other.above == path:
                lists.setdefault(other.name, "all")
        tables.append((path, TableShape(table.kind, most, shapes, tuple(sorted(lists.items())))))
    return Profile(tuple(tables))


def _bucket(most: int) -> int:
    """How many items there may be, rounded up, so that a few more need no new plan."""
    return max(8, 1 << (most - 1).bit_length())


def _listed(known: npt.NDArray[np.bool_] | None) -> str:
    if known is None or bool(known.all()):
        return "all"
    return "some" if bool(known.any()) else "none"
