"""Tables of results as data frames, and all of them as an Excel workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from minzheng_rules.population.simulation.sheets import Sheet

if TYPE_CHECKING:
    import polars as pl

    from minzheng_rules.population.simulation.simulating import Simulation

_SHEET_NAME = 31
"""How long the name of a sheet may be in Excel."""


def frame_of(sheet: Sheet, lang: str = "zh") -> pl.DataFrame:
    """A table as a data frame; amounts are decimals in yuan, and what is open stands beside them."""
    import polars as pl

    header, rows = sheet.flat(lang)
    columns = {name: [row[at] for row in rows] for at, name in enumerate(header)}
    return pl.DataFrame({name: pl.Series(name, values, dtype=_type(values)) for name, values in columns.items()})


def _type(values: Sequence[object]) -> pl.DataType:
    import polars as pl

    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int) for value in known):
        return pl.Int64()
    if known and all(isinstance(value, int | Decimal) for value in known):
        return pl.Decimal(38, 2)
    return pl.String()


def frames_of(simulation: Simulation, by: Sequence[str] | None, lang: str) -> dict[str, pl.DataFrame]:
    """Every table as a data frame, by its id."""
    return {sheet.id: frame_of(sheet, lang) for sheet in simulation.sheets(by)}


def workbook(
    simulation: Simulation,
    by: Sequence[str] | None = None,
    lang: str = "zh",
    about: Sequence[tuple[str, str]] = (),
) -> bytes:
    """An Excel workbook with every table as a sheet, after one that says what the numbers are and rest on."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "#,##0.00"})
        front = book.add_worksheet("说明" if lang == "zh" else "about")
        front.set_column(0, 0, 28)
        front.set_column(1, 1, 90)
        for row, (term, text) in enumerate(about):
            front.write_string(row, 0, term, bold)
            front.write_string(row, 1, text)
        for sheet in simulation.sheets(by):
            _write_sheet(book, sheet, lang, bold, money)
    return content.getvalue()


def _write_sheet(book: object, sheet: Sheet, lang: str, bold: object, money: object) -> None:
    page = book.add_worksheet(_name(sheet.title.say(lang), book))  # type: ignore[attr-defined]  # xlsxwriter ships no types
    header, rows = sheet.flat(lang)
    for column, name in enumerate(header):
        page.write_string(0, column, name, bold)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                # A cell of Excel is a double: sums of yuan with two decimals below ninety million million survive it.
                page.write_number(at, column, float(value), money)
            elif isinstance(value, int):
                page.write_number(at, column, value)
            elif value is not None:
                page.write_string(at, column, value)
    page.set_column(0, 1, 26)
    page.set_column(2, max(len(header), 3), 16)
    page.freeze_panes(1, 0)
    if sheet.note is not None:
        page.write_string(len(rows) + 2, 0, sheet.note.say(lang))


def _name(title: str, book: object) -> str:
    """A name Excel accepts for a sheet, and no other sheet has."""
    plain = "".join(" " if character in "[]:*?/\\：" else character for character in title)[:_SHEET_NAME].strip()
    taken = {page.get_name().lower() for page in book.worksheets()}  # type: ignore[attr-defined]  # xlsxwriter ships no types
    name, number = plain, 2
    while name.lower() in taken:
        name, number = f"{plain[: _SHEET_NAME - 3]} {number}", number + 1
    return name
