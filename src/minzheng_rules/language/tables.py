"""Text tables: the ``| … |`` blocks in which rules and parameters are written as they stand in the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from minzheng_rules.language import ir
from minzheng_rules.language.reading import Text
from minzheng_rules.language.record import Record
from minzheng_rules.language.resolving import Resolver, UnresolvedError, adapted, unknown_value
from minzheng_rules.language.types import TRUTH, Named, Quantity, Truth
from minzheng_rules.problems import Place, Problem, Words

NOTES = ("cite", "status", "source", "note", "出处", "状态", "说明")
"""Columns that say something about a row and take no part in it."""
_NOTE_IDS = {"出处": "cite", "状态": "status", "说明": "note"}
YES, NO = ("是", "true", "yes"), ("否", "false", "no")


class Grid(Record):
    """A table as written: header cells and rows of cells, each with its place; note columns are set apart."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    notes: tuple[dict[str, Text], ...]


def is_table(text: Text) -> bool:
    """Whether a scalar holds a table rather than a name."""
    return text.value.lstrip().startswith("|")


def read_grid(text: Text, problems: list[Problem]) -> Grid | None:
    """Split the text of a table into cells; ``None`` (with a problem) if the rows do not line up."""
    rows: list[tuple[Text, ...]] = []
    offset = 0
    for line in text.value.split("\n"):
        start, offset = offset, offset + len(line) + 1
        body = line.strip()
        if not body or re.fullmatch(r"[|\s:-]+", body):
            continue
        if not (body.startswith("|") and body.endswith("|") and len(body) > 1):
            at = start + len(line) - len(line.lstrip()) if not body.startswith("|") else start + len(line.rstrip())
            problems.append(
                Problem(
                    "table.row",
                    Words("表格的每一行都要以“|”开头和结尾", "every line of a table begins and ends with `|`"),
                    text.place(at),
                    Words("请在这里补上“|”", "add the `|` here"),
                )
            )
            return None
        rows.append(tuple(_cells(text, body[1:-1], start + line.index("|") + 1)))
    return grid_of(rows, text.place(), problems)


def _cells(text: Text, body: str, at: int) -> Iterator[Text]:
    """The cells between the outer bars of a line, ``at`` being where the first begins."""
    for raw in body.split("|"):
        value = raw.strip()
        line, column = text.position(at + len(raw) - len(raw.lstrip()) if value else at)
        yield Text(value, text.document, line, column)
        at += len(raw) + 1


def grid_of(rows: Sequence[tuple[Text, ...]], place: Place, problems: list[Problem]) -> Grid | None:
    """A table of rows of cells, the first being the header; ``None`` (with a problem) if they do not line up."""
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            problems.append(
                Problem(
                    "table.columns",
                    Words(
                        f"表头有 {len(rows[0])} 列，这一行有 {len(row)} 列",
                        f"the header has {len(rows[0])} columns, this line {len(row)}",
                    ),
                    row[0].place(),
                    Words(
                        "空着的格子也要留一对“|”；什么都可以的格子写“-”",
                        "keep the `|` of an empty cell; write `-` where anything will do",
                    ),
                )
            )
            return None
    if len(rows) < 2:
        problems.append(
            Problem(
                "table.empty",
                Words("表格至少要有表头和一行", "a table needs a header and at least one row"),
                place,
                Words("表头之下每行一种情形", "below the header, write one line for each case"),
            )
        )
        return None
    kept = [i for i, cell in enumerate(rows[0]) if cell.value not in NOTES]
    noted = [i for i, cell in enumerate(rows[0]) if cell.value in NOTES]
    return Grid(
        header=tuple(rows[0][i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in rows[1:]),
        notes=tuple(
            {_NOTE_IDS.get(rows[0][i].value, rows[0][i].value): row[i] for i in noted if row[i].value}
            for row in rows[1:]
        ),
    )


def outputs(grid: Grid) -> list[tuple[int, str]]:
    """Which columns are outputs, with their names (empty for a single ``=``)."""
    return [(i, cell.value[1:].strip()) for i, cell in enumerate(grid.header) if cell.value.startswith("=")]


def cell_condition(cell: Text, item: ir.Expression, resolver: Resolver) -> ir.Expression | None:
    """What a cell asks of its column's expression; ``None`` for ``-``, which anything satisfies."""
    text = cell.value
    if text == "-":
        return None
    if text == "":
        raise UnresolvedError(
            Problem(
                "table.blank",
                Words("格子是空的", "this cell is empty"),
                cell.place(),
                Words("什么都可以时写“-”", "write `-` where anything will do"),
            )
        )
    if isinstance(item.type, Named):
        negated = text.startswith("not ")
        names = [part.strip() for part in (text[4:] if negated else text).split(",")]
        ids = tuple(_value(cell, name, item.type) for name in names)
        return ir.OneOf(TRUTH, cell.place(), item, ids, negated)
    if isinstance(item.type, Truth):
        if text in YES:
            return item
        if text in NO:
            return ir.Not(TRUTH, cell.place(), item)
        raise UnresolvedError(
            Problem(
                "table.truth",
                Words(f"这一格应写“是”或“否”，现在是“{text}”", f"this cell should be `true` or `false`, not `{text}`"),
                cell.place(),
                Words("什么都可以时写“-”", "write `-` where anything will do"),
            )
        )
    if isinstance(item.type, Quantity):
        return _quantity_condition(cell, item, resolver)
    raise UnresolvedError(
        Problem(
            "table.column",
            Words(
                f"表头这一列是{item.type.say().zh}，不能逐格写条件",
                f"the heading of this column is {item.type.say().en}, which cells cannot ask about",
            ),
            item.place,
            Words(
                "表的条件列可以是是非、取值或数；日期请先化为年数、月数",
                "columns of conditions are about true or false, named values or quantities; turn a date into years or months first",
            ),
        )
    )


def _value(cell: Text, name: str, type_: Named) -> str:
    found = type_.enumeration.find(name)
    if found is None:
        what, step = unknown_value(name, type_.enumeration)
        raise UnresolvedError(
            Problem("expression.unknown-value", what, cell.place(max(cell.value.find(name), 0)), step)
        )
    return found


def _quantity_condition(cell: Text, item: ir.Expression, resolver: Resolver) -> ir.Expression:
    text = cell.value
    span = re.fullmatch(r"(.*?)\s*\.\.\s*(.*)", text)
    compared = re.fullmatch(r"(<=|>=|<|>)\s*(.+)", text)
    if span and (span[1] or span[2]):
        bounds: list[tuple[str, str, int]] = []
        if span[1]:
            bounds.append((">=", span[1], span.start(1)))
        if span[2]:
            bounds.append(("<=", span[2], span.start(2)))
    elif compared:
        bounds = [(compared[1], compared[2], compared.start(2))]
    else:
        bounds = [("==", text, 0)]
    parts = tuple(_bound(cell, item, op, written, at, resolver) for op, written, at in bounds)
    return parts[0] if len(parts) == 1 else ir.AllOf(TRUTH, cell.place(), parts)


def _bound(cell: Text, item: ir.Expression, op: str, written: str, at: int, resolver: Resolver) -> ir.Expression:
    line, column = cell.position(at)
    limit = resolver.expression(Text(written, cell.document, line, column))
    assert isinstance(item.type, Quantity)
    if not isinstance(limit.type, Quantity) or (limit.type.unit is not None and limit.type != item.type):
        raise UnresolvedError(
            Problem(
                "expression.units",
                Words(
                    f"“{written}”与这一列的单位不合：这一列是{item.type.say().zh}",
                    f"`{written}` does not fit the unit of this column, which is {item.type.say().en}",
                ),
                cell.place(at),
                Words(
                    "请检查参数的 unit，或这一列的表头", "check the parameter's `unit`, or the heading of the column"
                ),
            )
        )
    return ir.Compare(TRUTH, cell.place(), op, item, adapted(limit, item.type))


def band(text: str) -> tuple[int | None, int | None] | None:
    """Read a whole-number band: ``0..5``, ``60..``, ``..29``, ``7``.

    >>> band("60.."), band("7"), band("x")
    ((60, None), (7, 7), None)
    """
    if re.fullmatch(r"\d+", text):
        return int(text), int(text)
    span = re.fullmatch(r"(\d*)\s*\.\.\s*(\d*)", text)
    if span is None or not (span[1] or span[2]):
        return None
    return (int(span[1]) if span[1] else None, int(span[2]) if span[2] else None)
