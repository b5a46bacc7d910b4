"""Tables into files that are whole or not there at all: CSV, Parquet, Excel."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from minzheng_rules.problems import Place, Problem, ProblemsFound, RequestProblems, Words, reason_of

FORMATS: Final = ("csv", "parquet", "xlsx")
_MOST_EXCEL_ROWS: Final = 1_048_575


class TableOutputProblems(ProblemsFound):
    """Tables cannot be written."""


def write_tables(
    tables: Mapping[str, pl.DataFrame],
    target: Path,
    format: str = "csv",
    texts: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write tables into a folder, one file each; for ``xlsx`` into one workbook ``population.xlsx`` with a sheet each.

    All are written beside their place first and put there together, so that nobody finds half of them; what was there before
    stays if anything goes wrong, Ctrl-C and a full disk included. ``texts`` are small files that go along, by name.
    Raises :class:`TableOutputProblems`.
    """
    try:
        return _write(tables, target, format, texts or {})
    except Exception as error:
        if (refused := refused_by_the_system(error)) is None:
            raise
        raise unwritable(refused, target) from None


def refused_by_the_system(error: BaseException) -> OSError | None:
    """What the system said when it refused to write, however the library that wrote has wrapped it; ``None`` if it did not.

    >>> refused_by_the_system(RuntimeError("parquet: No space left on device (os error 28)")).errno
    28
    """
    if isinstance(error, OSError) and error.errno is not None:
        return error
    said = re.search(r"\(os error (\d+)\)|\[Errno (\d+)\]", str(error))
    if said is not None:
        number = int(said[1] or said[2])
        return OSError(number, os.strerror(number))
    behind = error.__cause__ or error.__context__
    found = None if behind is None else refused_by_the_system(behind)
    return error if found is None and isinstance(error, OSError) else found


def unwritable(error: OSError, target: Path) -> TableOutputProblems:
    """The problem that something cannot be written, and why."""
    reason = reason_of(error)
    what = Words(f"写不了：{reason.zh}", f"it cannot be written: {reason.en}")
    step = Words("请换一个地方写，或先把这里准备好", "write it elsewhere, or make the place ready first")
    return TableOutputProblems([Problem("output.unwritable", what, Place(str(target)), step)])


def write_bytes(target: Path, content: bytes) -> None:
    """Write one file so that nobody ever finds half of it. Raises :class:`TableOutputProblems`."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        try:
            beside.write_bytes(content)
            _to_disk(beside)
            beside.replace(target)
        finally:
            if beside.exists():
                beside.unlink()
    except OSError as error:
        raise unwritable(error, target) from None


def _write(tables: Mapping[str, pl.DataFrame], target: Path, format: str, texts: Mapping[str, str]) -> list[Path]:
    if format == "xlsx":
        _check_fits(tables)
    if target.exists() and not target.is_dir():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    with _beside(target) as work:
        names = []
        if format == "xlsx":
            _write_workbook(tables, work / "population.xlsx")
            names.append("population.xlsx")
        for name, frame in tables.items() if format != "xlsx" else ():
            file = work / f"{name}.{format}"
            if format == "csv":
                # Excel takes a CSV file for UTF-8 only if it begins with this mark.
                frame.write_csv(file, include_bom=True)
            else:
                frame.write_parquet(file)
            names.append(file.name)
        for name, text in texts.items():
            (work / name).write_text(text, encoding="utf-8")
            names.append(name)
        for name in names:
            _to_disk(work / name)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            (work / name).replace(target / name)
    return [target / name for name in names]


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder on the same disk to write in, gone afterwards."""
    parent = target.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    work = parent / f".{target.name}.{os.getpid()}.tmp"
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _to_disk(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _check_fits(tables: Mapping[str, pl.DataFrame]) -> None:
    for name, frame in tables.items():
        if frame.height > _MOST_EXCEL_ROWS:
            raise RequestProblems(
                [
                    Problem(
                        "output.too-many-rows",
                        Words(
                            f"“{name}”有 {frame.height} 行，一张 Excel 表至多 {_MOST_EXCEL_ROWS} 行",
                            f"{name} has {frame.height} rows; a sheet of Excel holds {_MOST_EXCEL_ROWS}",
                        ),
                        next_step=Words("请写成 Parquet 或 CSV", "write Parquet or CSV"),
                    )
                ]
            )


def _write_workbook(tables: Mapping[str, pl.DataFrame], file: Path) -> None:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

    # Put together in memory: a workbook that cannot be written complains a second time when it is thrown away.
    content = io.BytesIO()
    with Workbook(content) as book:
        for name, frame in tables.items():
            # A sheet's cell holds a float, which two decimals survive; it is shown with as many as it had.
            decimals = {column: kind for column, kind in frame.schema.items() if isinstance(kind, pl.Decimal)}
            shown = frame.with_columns(pl.col(column).cast(pl.Float64) for column in decimals)
            shown.write_excel(
                book,
                worksheet=name[:31],
                column_formats={
                    column: "0." + "0" * kind.scale if kind.scale else "0" for column, kind in decimals.items()
                },
                table_style=None,
                autofilter=False,
            )
    file.write_bytes(content.getvalue())
