"""Cases as columns: for tests, and for populations small enough to be held as cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from minzheng_rules.case.case import Case
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.vocabulary import FactType, Vocabulary
from minzheng_rules.population.columns import FINDING, Column, Columns, Table
from minzheng_rules.rulebook.rulebook import Rulebook

_FINDING_PLACES = 6


@dataclass
class _Rows:
    """A table being filled."""

    kind: str
    entities: list[Entity] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    known: dict[str, list[bool]] = field(default_factory=dict)


@dataclass
class _Filling:
    vocabulary: Vocabulary
    tables: dict[str, _Rows] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    rows: list[dict[str, tuple[str, int]]] = field(default_factory=list)
    """Per case: by id, where somebody stands."""
    household: dict[str, list[int]] = field(default_factory=dict)

    def enter(self, entity: Entity, path: str, parent: int, case: int) -> None:
        """An entity with everything below it."""
        rows = self.tables[path]
        place = len(rows.entities)
        rows.entities.append(entity)
        rows.parent.append(parent)
        self.household.setdefault(path, []).append(case)
        if entity.id is not None:
            self.rows[case][entity.id] = (path, place)
        for fact in self.vocabulary.kinds[type(entity).kind].facts.values():
            if fact.shape not in ("list", "entity"):
                continue
            items = getattr(entity, fact.id)
            rows.known.setdefault(fact.id, []).append(items is not None)
            if fact.shape == "entity" and items is not None:
                items = (items,)
            for item in items or ():
                self.enter(item, f"{path}.{fact.id}" if path else fact.id, place, case)

    def declare(self, kind: str, path: str) -> None:
        """Every table there can be below a kind."""
        self.tables[path] = _Rows(kind)
        for fact in self.vocabulary.kinds[kind].facts.values():
            if fact.shape in ("list", "entity") and fact.kind is not None:
                self.declare(fact.kind, f"{path}.{fact.id}" if path else fact.id)


def columns_of(cases: Iterable[Case | Entity], rulebook: Rulebook) -> Columns:
    """Several cases as columns, in the rulebook's vocabulary.

    >>> from minzheng_rules import Rulebook
    >>> case = Case.parse({"members": [{"relation": "applicant", "birth_date": "1950-01-02"}]})
    >>> columns = columns_of([case], Rulebook.load(place="haining"))
    >>> columns.tables["members"].columns["birth_date"].values.tolist()
    [711859]
    """
    filling = _Filling(rulebook.vocabulary)
    filling.declare(rulebook.vocabulary.root, "")
    for number, case in enumerate(cases):
        filling.rows.append({})
        filling.enter(case.root if isinstance(case, Case) else case, "", 0, number)
    tables = {path: _table(filling, path, rows) for path, rows in filling.tables.items()}
    return Columns(tables, tuple(filling.texts))


def _table(filling: _Filling, path: str, rows: _Rows) -> Table:
    facts = filling.vocabulary.kinds[rows.kind].facts.values()
    columns: dict[str, Column] = {}
    if rows.entities:
        for fact in facts:
            if fact.shape not in ("list", "entity"):
                columns[fact.id] = _column(filling, path, rows, fact)
        for name in dict.fromkeys(name for entity in rows.entities for name in entity.findings):
            columns[f"{FINDING}{name}"] = _findings(rows, name)
    return Table(
        path,
        rows.kind,
        len(rows.entities),
        np.array(rows.parent, np.int64) if path else None,
        columns,
        {name: np.array(known, bool) for name, known in rows.known.items()},
    )


def _column(filling: _Filling, path: str, rows: _Rows, fact: FactType) -> Column:
    entered = [getattr(entity, fact.id) for entity in rows.entities]
    if fact.shape == "ref":
        return _references(filling, path, entered)
    known = np.array([value is not None for value in entered], bool)
    coded = [0 if value is None else _code(filling, fact, value) for value in entered]
    values: Any = np.array(coded, bool) if fact.shape == "bool" else np.array(coded, np.int64)
    return Column(values, None if known.all() else known, fact.places if fact.shape == "quantity" else 0)


def _code(filling: _Filling, fact: FactType, value: Any) -> int:
    if fact.shape == "enum":
        assert fact.enum is not None
        return list(fact.enum).index(value)
    if fact.shape == "date":
        assert isinstance(value, dt.date)
        return value.toordinal()
    if fact.shape == "text":
        return filling.texts.setdefault(value, len(filling.texts))
    if fact.shape == "bool":
        return int(value)
    return int(Decimal(value).scaleb(fact.places))


def _references(filling: _Filling, path: str, entered: list[str | None]) -> Column:
    """Rows and tables of those referred to; somebody who is not in the case is not known."""
    found = [
        None if id is None else filling.rows[case].get(id)
        for id, case in zip(entered, filling.household[path], strict=True)
    ]
    tables = tuple(dict.fromkeys(where[0] for where in found if where is not None))
    known = np.array([where is not None for where in found], bool)
    rows = np.array([0 if where is None else where[1] for where in found], np.int64)
    which = np.array([0 if where is None else tables.index(where[0]) for where in found], np.int8)
    return Column(rows, None if known.all() else known, 0, tables, which if len(tables) > 1 else None)


def _findings(rows: _Rows, name: str) -> Column:
    entered = [entity.findings.get(name) for entity in rows.entities]
    known = np.array([finding is not None for finding in entered], bool)
    truths = [finding.value for finding in entered if finding is not None]
    if all(isinstance(value, bool) for value in truths):
        return Column(np.array([f is not None and f.value is True for f in entered], bool), known)
    numbers = [0 if f is None else int(Decimal(f.value).scaleb(_FINDING_PLACES)) for f in entered]
    return Column(np.array(numbers, np.int64), known, _FINDING_PLACES)
