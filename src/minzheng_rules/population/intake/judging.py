"""Households the quick checks are not sure of, as the case model sees them: made into cases, or refused in its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from minzheng_rules.case.case import Case
from minzheng_rules.case.outline import outline_of
from minzheng_rules.population.intake.declaring import names_in
from minzheng_rules.population.intake.headers import Given, Headings
from minzheng_rules.population.intake.linking import place_in
from minzheng_rules.population.intake.rebuilding import ids_in
from minzheng_rules.population.intake.rows import Rows
from minzheng_rules.population.intake.values import as_key, plain
from minzheng_rules.problems import CaseProblems, Place, Problem


@dataclass(frozen=True)
class Judge:
    """Makes cases of single households from the cells as they were given."""

    given: Mapping[str, Given]
    headings: Mapping[str, Headings]
    tables: Mapping[str, Rows]
    of_all: Sequence[str]
    as_of: dt.date | None

    def judge(self, household: int) -> Case | list[Problem]:
        """The household's case, or everything that is wrong with it, each in its table, row and column."""
        data = self._row("", household)
        id = self.tables[""].ids[household]
        if id is not None and id not in ids_in(data):
            data["id"] = id
        model = self.tables[""].layout.model
        if self.of_all:
            data["declared_none"] = [*data.get("declared_none", ()), *self._open_for_all(data)]
        if self.as_of is not None:
            data["as_of"] = self.as_of
        try:
            return Case.parse(data, model, locate=lambda keys, _at_key: self._place(household, keys))
        except CaseProblems as wrong:
            return [self._headed(problem) for problem in wrong.problems]

    def _headed(self, problem: Problem) -> Problem:
        """The problem with the heading of its column in place of the path within a case."""
        place = problem.place
        table = next((given for given in self.given.values() if given.label == place.file), None)
        if table is None or not place.column:
            return problem
        return replace(problem, place=replace(place, path=table.frame.columns[place.column - 1].strip()))

    def _open_for_all(self, data: Mapping[str, Any]) -> list[str]:
        """What is declared of all tables, without the root's own facts it states."""
        outline = outline_of(self.tables[""].layout.model)
        return [name for name in self.of_all if data.get(outline.names.get(name, "")) is None]

    def _row(self, path: str, row: int) -> dict[str, Any]:
        rows, table, headings = self.tables[path], self.given[path], self.headings[path]
        source = int(rows.source[row])
        data: dict[str, Any] = {}
        for name, column in headings.used().items():
            value = _cell(table.frame, column, source)
            if value is None or (name == "id" and rows.layout.owner is None):
                continue
            fact = rows.layout.facts.get(name)
            if name == "declared_none":
                value = names_in(value) if isinstance(value, str) else list(value)
            elif name in ("id", "same_as") or (fact is not None and fact.shape == "ref"):
                key = as_key(plain(table.frame[column].slice(source, 1)))[0]
                value = value if key is None else key
            elif fact is not None and fact.whole and isinstance(value, float) and value.is_integer():
                value = int(value)
            data[name] = value
        for id in rows.layout.lists:
            items = self._items(rows, id, row)
            if items is not None:
                data[id] = items
        findings = {name: _cell(table.frame, column, source) for name, column in headings.findings.items()}
        stated = {name: value for name, value in findings.items() if value is not None}
        if stated:
            data["findings"] = stated
        return data

    def _items(self, rows: Rows, field: str, row: int) -> Any:
        below = self.tables.get(rows.layout.below(field))
        places = [] if below is None else self._rows_below(below, row)
        if not places:
            column = self.headings[rows.layout.path].counts.get(field)
            counted = (
                None if column is None else _cell(self.given[rows.layout.path].frame, column, int(rows.source[row]))
            )
            return None if counted is None else []
        assert below is not None
        items = [self._row(below.layout.path, place) for place in places]
        return items[0] if below.layout.single else items

    @staticmethod
    def _rows_below(below: Rows, owner: int) -> list[int]:
        first, last = np.searchsorted(below.owner, [owner, owner + 1]).tolist()
        return list(range(first, last))

    def _place(self, household: int, keys: tuple[str | int, ...]) -> Place:
        """Where what stands under these keys of a case was given."""
        path, row = "", household
        column: str | None = None
        steps = list(keys)
        while steps:
            step = steps.pop(0)
            layout = self.tables[path].layout
            below = layout.below(str(step))
            if step in layout.lists and below in self.tables:
                place = steps.pop(0) if steps and isinstance(steps[0], int) else 0
                places = self._rows_below(self.tables[below], row)
                if not steps and not places:
                    break
                path, row = below, places[min(int(place), len(places) - 1)] if places else row
                if not places:
                    return Place(self.given[below].label)
                continue
            headings = self.headings[path]
            column = headings.used().get(str(step)) or headings.counts.get(str(step))
            if step == "findings" and steps:
                column = headings.findings.get(str(steps[0]))
            break
        return place_in(self.given[path], int(self.tables[path].source[row]), column)


def _cell(frame: pl.DataFrame, column: str, row: int) -> Any:
    """A cell as it was given; of a moment at midnight the day."""
    value = plain(frame[column].slice(row, 1))[0]
    return value.to_list() if isinstance(value, pl.Series) else value
