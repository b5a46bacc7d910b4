"""Tables: combinations no row speaks of, rows that contradict each other, rows no case reaches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from minzheng_rules.language.record import Record
from minzheng_rules.language.tables import Grid
from minzheng_rules.problems import Place, Problem, Words
from minzheng_rules.rulebook.checks.boxes import Box, common, uncovered
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.columns import Layout, layouts
from minzheng_rules.rulebook.checks.conditions import Claim, Logic, assumed, fingerprint
from minzheng_rules.rulebook.checks.survey import Findings, Survey, called, dated, listed
from minzheng_rules.rulebook.definitions import Definition, Table, TableParameter, TableRow

MOST_BOXES = 3
"""How many uncovered combinations one message names."""


class Found(Record):
    """A table in force on a stretch: who reads it, where it stands, its boxes, and when it is asked."""

    definition: Definition
    table: Table
    place: Place
    kept: bool
    """Whether it is a parameter: a table an office keeps."""
    layouts: list[Layout]
    logic: Logic
    assumed: Claim

    @property
    def name(self) -> Words:
        """The rule whose table it is, in a message."""
        return called(self.definition.declaration.term, self.definition.declaration.id)

    def possible(self, layout: Layout, box: Box) -> bool:
        """Whether some case that asks the table can lie in a box."""
        return self.logic.possible(self.assumed, layout.holds(box, self.logic))


def _find(survey: Survey) -> Iterator[Problem]:
    findings = Findings(survey)
    reached: dict[int, tuple[Found, set[int]]] = {}
    for index, _ in enumerate(survey.stretches):
        for found in _in_force(survey, index):
            _gaps(found, index, survey, findings)
            if not found.table.first:
                _overlaps(found, index, survey, findings)
            unreached = _unreached(found)
            known = reached.get(id(found.table))
            reached[id(found.table)] = (found, unreached if known is None else known[1] & unreached)
    yield from findings.problems()
    for found, rows in reached.values():
        yield from (_unreachable(found, found.table.rows[row]) for row in sorted(rows))


def _in_force(survey: Survey, index: int) -> Iterator[Found]:
    logic = survey.logic(index)
    for definition in survey.acting[index]:
        found = _table(definition, survey, index)
        if found is None:
            continue
        asked = assumed(definition, logic)
        if logic.possible(asked):
            table, place, kept = found
            yield Found(definition, table, place, kept, layouts(table, logic), logic, asked)


def _table(definition: Definition, survey: Survey, index: int) -> tuple[Table, Place, bool] | None:
    body = definition.body
    written = definition.declaration.table
    if isinstance(body, Table) and written is not None:
        return body, written.place(), False
    if isinstance(body, TableParameter):
        grid = survey.stretches[index].rules.reading(body.parameter).value
        table = body.table(grid)
        if table is not None and isinstance(grid, Grid):
            return table, grid.header[0].place(), True
    return None


# -- gaps ----------------------------------------------------------------------------------------------------------


def _gaps(found: Found, index: int, survey: Survey, findings: Findings) -> None:
    per_layout = [_uncovered(found, layout) for layout in found.layouts]
    if not per_layout or not all(per_layout):
        return
    layout, boxes = found.layouts[0], per_layout[0]
    said = [layout.say(box, survey.names) for box in boxes]
    more = len(said) - MOST_BOXES
    every = listed(
        [Words(f"（{i}）{w.zh}", f"({i}) {w.en}") if len(said) > 1 else w for i, w in enumerate(said, 1)][:MOST_BOXES]
    )
    if more > 0:
        every = Words(f"{every.zh}，另有 {more} 种", f"{every.en}, and {more} more")
    name = found.name

    def make(dates: Words) -> Problem:
        return Problem(
            "table.gap",
            dated(
                Words(f"{name.zh}的表没有说到：{every.zh}", f"the table of {name.en} has no row for: {every.en}"), dates
            ),
            found.place,
            Words(
                "请补上这一行；条文没有规定结果的，结果写“?”（即待定）",
                "add a row for it; where the text gives no answer write `?` (undetermined)",
            ),
            "warning" if found.kept else "error",
        )

    findings.add(("gap", id(found.table), every.en), index, make)


def _uncovered(found: Found, layout: Layout) -> list[Box]:
    candidates = islice(uncovered(layout.boxes, layout.every), 50)
    return [box for box in candidates if found.possible(layout, box)]


# -- overlaps ------------------------------------------------------------------------------------------------------


def _overlaps(found: Found, index: int, survey: Survey, findings: Findings) -> None:
    rows = found.table.rows
    for second in range(len(rows)):
        for first in range(second):
            if _outputs(rows[first]) == _outputs(rows[second]):
                continue
            shared = [
                box
                for layout in found.layouts
                if (box := common(layout.boxes[first], layout.boxes[second])) is not None
                and found.possible(layout, box)
            ]
            if shared and len(shared) == len(found.layouts):
                _overlap(
                    found, rows[first], rows[second], found.layouts[0].say(shared[0], survey.names), index, findings
                )


def _overlap(found: Found, first: TableRow, second: TableRow, case: Words, index: int, findings: Findings) -> None:
    name = found.name

    def make(dates: Words) -> Problem:
        return Problem(
            "table.overlap",
            dated(
                Words(
                    f"{name.zh}的表里，这一行与第 {first.place.line} 行都适用于：{case.zh}；结果却不同",
                    f"in the table of {name.en} this row and the one on line {first.place.line} both fit: {case.en}; yet their results differ",
                ),
                dates,
            ),
            second.place,
            Words(
                "请把两行的条件写得互不相交；若应以先写的一行为准，请写 hit: first",
                "make the conditions of the two rows exclude each other; if the earlier row should win, write `hit: first`",
            ),
        )

    findings.add(("overlap", id(first), id(second)), index, make)


def _outputs(row: TableRow) -> tuple[str, ...]:
    return tuple("?" if output is None else fingerprint(output) for output in row.outputs)


# -- rows no case reaches ------------------------------------------------------------------------------------------


def _unreached(found: Found) -> set[int]:
    """Rows that no case reaches on these days: their own cells exclude each other, or earlier rows take every case."""
    rows = range(len(found.table.rows)) if found.layouts else range(0)
    return {row for row in rows if all(not _reachable(found, layout, row) for layout in found.layouts)}


def _reachable(found: Found, layout: Layout, row: int) -> bool:
    own = layout.boxes[row]
    earlier = [
        layout.boxes[i]
        for i in range(row)
        if found.table.first or _outputs(found.table.rows[i]) == _outputs(found.table.rows[row])
    ]
    return any(found.possible(layout, box) for box in uncovered(earlier, own))


def _unreachable(found: Found, row: TableRow) -> Problem:
    name = found.name
    return Problem(
        "table.unreachable",
        Words(
            f"{name.zh}的表里，这一行永远轮不到：没有情形符合它，或符合它的都已被上面的行说到",
            f"no case ever reaches this row of the table of {name.en}: none fits it, or earlier rows already speak of all that do",
        ),
        row.place,
        Words(
            "请检查这一行的条件和取值范围；若是例外，请移到上面",
            "look at the row's conditions and the ranges of the facts; if it is an exception, move it up",
        ),
        "error" if found.table.first else "warning",
    )


CHECK = Check(
    "tables",
    Words(
        "表有没有漏掉、重叠或永远轮不到的情形", "tables: combinations left out, rows that overlap or are never reached"
    ),
    _find,
)
