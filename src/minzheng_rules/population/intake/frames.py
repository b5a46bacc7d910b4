"""Whatever a caller brings, as Polars frames: Polars, pandas, Arrow and its C interface, plain lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from minzheng_rules.problems import Problem, RequestProblems, Words


def as_frame(table: Any, name: str) -> pl.DataFrame:
    """A table as a Polars frame; what it holds is not touched.

    Takes Polars frames (lazy ones are collected), pandas frames, anything with the Arrow C interface (Arrow tables and
    record batches, DuckDB relations …), mappings of columns and lists of mappings. Raises :class:`RequestProblems` for
    anything else.

    >>> as_frame({"household_id": [1, 2]}, "households").shape
    (2, 1)
    """
    if isinstance(table, pl.DataFrame):
        return table
    if isinstance(table, pl.LazyFrame):
        return table.collect()
    if type(table).__module__.partition(".")[0] == "pandas":
        return _from_pandas(table)
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        return pl.DataFrame(table)
    if isinstance(table, Mapping):
        return pl.DataFrame({str(key): _series(values) for key, values in table.items()})
    if isinstance(table, Sequence) and all(isinstance(row, Mapping) for row in table):
        names = dict.fromkeys(str(key) for row in table for key in row)
        return pl.DataFrame({name: _series([row.get(name) for row in table]) for name in names})
    said = type(table).__name__
    raise RequestProblems(
        [
            Problem(
                "table.not-a-table",
                Words(f"“{name}”不是一张表，而是 {said}", f"{name} is no table but a {said}"),
                next_step=Words(
                    "请给 Polars、pandas 或 Arrow 的表，或列名到列表的映射",
                    "give a Polars, pandas or Arrow table, or a mapping of column names to lists",
                ),
            )
        ]
    )


def _series(values: Any) -> pl.Series:
    if isinstance(values, pl.Series):
        return values
    kept = list(values)
    try:
        return pl.Series(kept)
    except (TypeError, pl.exceptions.PolarsError):
        # A column of several types: each cell is shown as it was entered.
        return pl.Series([None if value is None else str(value) for value in kept], dtype=pl.String)


def _from_pandas(table: Any) -> pl.DataFrame:
    """A pandas frame without the help of pyarrow. What pandas calls missing is null."""
    columns = []
    for place, name in enumerate(table.columns):
        column = table.iloc[:, place]
        missing = column.isna().to_numpy(dtype=bool)
        kind = getattr(column.dtype, "kind", "O")
        if kind in "iufb" and hasattr(column.dtype, "itemsize") and not missing.any():
            columns.append(pl.Series(str(name), column.to_numpy()))
            continue
        if kind == "M" and getattr(column.dtype, "tz", None) is None:
            days = pl.Series(str(name), column.to_numpy().astype("datetime64[us]"))
            columns.append(days.set(pl.Series(missing), None) if missing.any() else days)
            continue
        if kind == "f" and str(column.dtype).startswith("float"):
            numbers = pl.Series(str(name), column.to_numpy(), nan_to_null=True)
            columns.append(numbers)
            continue
        values = [None if gone else value for value, gone in zip(column.tolist(), missing.tolist(), strict=True)]
        columns.append(_series(values).alias(str(name)))
    return pl.DataFrame(columns)
