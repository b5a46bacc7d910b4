"""Cells into exact numbers, a column at a time.

Each reader takes what :mod:`minzheng_rules.case.quantities` takes cell by cell, and marks every cell it is not sure of. What
is marked is read again by the case model itself, which has the last word and the words; so a reader here may mark too
much, never too little.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from minzheng_rules.case.facts import FactType
from minzheng_rules.case.identity import holds_id_number

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]

EPOCH = dt.date(1970, 1, 1).toordinal()
_NUMBER = r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,%d})?$"
_WHOLE = r"^-?(?:0|[1-9][0-9]{0,15})$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAYS_OF_SPREADSHEETS = (
    r"^([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})$",
    r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$",
    r"^([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})$",
    r"^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日$",
)
"""Days with the year first, as Chinese spreadsheets write them; with the year last nobody knows which is the month."""
_MIDNIGHT = r"[ T]+0{1,2}:00(:00(\.0+)?)?$"
_WIDE_DIGITS = r"[０-９]"
# Wider than an ID number: what is found is looked at again.
_MAYBE_ID = r"[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]{2}"
_MOST = 10**15 - 1
"""Up to fifteen digits a decimal number and the float nearest to it stand for one another."""
_LEAST = 1e-4
"""Below it Python writes a float with an exponent, which no quantity is written with."""


@dataclass(frozen=True)
class Cells:
    """A column of exact numbers: what it says, where it is known, and which cells could not be read for sure."""

    numbers: Numbers
    known: Mask
    doubtful: Mask


@dataclass
class Texts:
    """The texts of a population, each with a number; equal texts have the same."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """The number of a text, a new one if it was not there."""
        return self.numbers.setdefault(text, len(self.numbers))

    def __getitem__(self, number: int) -> str:
        return list(self.numbers)[number]

    def listed(self) -> list[str]:
        """All of them, in the order of their numbers."""
        return list(self.numbers)


def plain(column: pl.Series) -> pl.Series:
    """A column in a type Python knows: categories as text, moments at midnight as days."""
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    if isinstance(column.dtype, pl.Datetime):
        there = column.drop_nulls()
        if column.dtype.time_zone is None and (there.dt.date().cast(there.dtype) == there).all():
            return column.dt.date()
    if column.dtype == pl.Null:
        return column.cast(pl.String)
    return column


def as_written(fact: FactType, column: pl.Series) -> pl.Series:
    """A fact's column as it would be written in a case: without blanks around, digits as digits, days as ``1952-03-01``.

    What is not surely one of these forms stays as it was entered, for the case model to refuse.

    >>> from minzheng_rules.case.household import Member
    >>> from minzheng_rules.case.outline import facts_of
    >>> birth = facts_of(Member)["birth_date"]
    >>> as_written(birth, pl.Series(["1952/3/1", "1952年3月1日", "1952-03-01 00:00:00", "3/1/1952"])).to_list()
    ['1952-03-01', '1952-03-01', '1952-03-01', '3/1/1952']
    """
    if column.dtype != pl.String:
        return column
    stripped = column.str.strip_chars()
    if (stripped != column).any():
        column = stripped.set(stripped == "", None) if (stripped == "").any() else stripped
    if fact.shape not in ("date", "quantity"):
        return column
    if column.str.contains(_WIDE_DIGITS).any():
        column = column.str.normalize("NFKC")
    return _days_as_written(column) if fact.shape == "date" else column


def _days_as_written(column: pl.Series) -> pl.Series:
    if column.str.contains(_DAY).fill_null(True).all():
        return column
    entered = pl.col(column.name)
    day = entered.str.replace(_MIDNIGHT, "")
    forms = [pl.format("{}-{}-{}", *_parts(day, form)) for form in _DAYS_OF_SPREADSHEETS]
    return column.to_frame().select(pl.coalesce(*forms, entered).alias(column.name)).to_series()


def _parts(day: pl.Expr, form: str) -> list[pl.Expr]:
    """Year, month and day, with as many digits as they have in a date; null where the form is another."""
    return [day.str.extract(form, part).str.zfill(4 if part == 1 else 2) for part in (1, 2, 3)]


def whole_where_whole(column: pl.Series) -> pl.Series:
    """A column of floats that are all whole, as whole numbers: pandas has no other way to leave a cell open."""
    if column.dtype in (pl.Float32, pl.Float64):
        there = column.drop_nulls()
        if (there.is_finite() & (there == there.floor()) & (there.abs() < 2**53)).all():
            return column.cast(pl.Int64)
    return column


def as_key(column: pl.Series) -> pl.Series:
    """A column of ids as text without blanks around it; whole numbers are written out. Anything else is null."""
    column = whole_where_whole(plain(column))
    if column.dtype.is_integer():
        return column.cast(pl.String)
    if column.dtype != pl.String:
        return pl.Series(column.name, [None] * len(column), dtype=pl.String)
    stripped = column.str.strip_chars()
    return stripped.set(stripped == "", None) if (stripped == "").any() else stripped


def read(fact: FactType, column: pl.Series, texts: Texts) -> Cells:
    """A fact's column."""
    match fact.shape:
        case "bool":
            return _flags(column)
        case "enum":
            return _choices(fact, column)
        case "date":
            return _days(fact, column)
        case "quantity":
            return _quantities(fact, column)
    return _words(fact, column, texts)


def ids_held(column: pl.Series) -> Mask:
    """Where text holds something shaped like an ID number."""
    maybe = column.str.contains(_MAYBE_ID) | (column.str.len_bytes() != column.str.len_chars())
    found = np.zeros(len(column), dtype=bool)
    places = maybe.fill_null(False).arg_true().to_numpy()
    if len(places):
        several = column.gather(places)
        bad = {text for text in several.unique().to_list() if holds_id_number(text)}
        if bad:
            found[places] = several.is_in(list(bad)).to_numpy()
    return found


# --- readers ---


def _cells(numbers: pl.Series, column: pl.Series, doubtful: Mask | None = None) -> Cells:
    """Numbers with nulls where they could not be read, beside the column they come from."""
    there, read_ = column.is_not_null().to_numpy(), numbers.is_not_null().to_numpy()
    values = numbers.fill_null(0).cast(pl.Int64).to_numpy()
    wrong = there & ~read_
    if doubtful is not None:
        wrong = wrong | (there & doubtful)
    known = there & ~wrong
    return Cells(np.where(known, values, 0) if wrong.any() else values, known, wrong)


def _nothing(column: pl.Series) -> pl.Series:
    return pl.Series([None] * len(column), dtype=pl.Int64)


def _flags(column: pl.Series) -> Cells:
    if column.dtype == pl.Boolean:
        return _cells(column.cast(pl.Int8), column)
    if column.dtype != pl.String:
        return _cells(_nothing(column), column)
    said = {"true": 1, "false": 0, "是": 1, "否": 0}
    return _cells(column.replace_strict(said, default=None, return_dtype=pl.Int8), column)


def _choices(fact: FactType, column: pl.Series) -> Cells:
    assert fact.enum is not None
    if column.dtype != pl.String:
        return _cells(_nothing(column), column)
    said = {word: place for place, choice in reversed(list(enumerate(fact.enum))) for word in (choice.term,)}
    said |= {choice.value: place for place, choice in enumerate(fact.enum)}
    return _cells(column.replace_strict(said, default=None, return_dtype=pl.Int16), column)


def _days(fact: FactType, column: pl.Series) -> Cells:
    if column.dtype == pl.String:
        looks = column.str.contains(_DAY).fill_null(False)
        days = column.str.to_date("%Y-%m-%d", strict=False)
        days = (
            days.zip_with(looks, pl.Series([None], dtype=pl.Date).extend_constant(None, len(days) - 1))
            if len(days)
            else days
        )
    elif column.dtype == pl.Date:
        days = column
    else:
        return _cells(_nothing(column), column)
    ordinals = days.cast(pl.Int32).cast(pl.Int64) + EPOCH
    assert isinstance(fact.low, dt.date)
    assert isinstance(fact.high, dt.date)
    outside = ((ordinals < fact.low.toordinal()) | (ordinals > fact.high.toordinal())).fill_null(False)
    return _cells(ordinals, column, outside.to_numpy())


def _quantities(fact: FactType, column: pl.Series) -> Cells:
    places = fact.places
    if fact.whole:
        if column.dtype == pl.String:
            numbers = _matching(column, _WHOLE).cast(pl.Int64, strict=False)
        elif column.dtype in (pl.Float32, pl.Float64):
            numbers = _exact(
                column.cast(pl.Float64), 1
            )  # pandas has no other way to leave a cell of whole numbers open
        elif column.dtype.is_integer():
            numbers = column.cast(pl.Int64, strict=False)
        else:
            return _cells(_nothing(column), column)
    else:
        exact = scaled(column, places)
        if exact is None:
            return _cells(_nothing(column), column)
        numbers = exact
    assert isinstance(fact.low, Fraction)
    assert isinstance(fact.high, Fraction)
    low, high = fact.low * 10**places, fact.high * 10**places
    outside = (
        (numbers < -(-low.numerator // low.denominator)) | (numbers > high.numerator // high.denominator)
    ).fill_null(False)
    return _cells(numbers, column, outside.to_numpy())


def scaled(column: pl.Series, places: int) -> pl.Series | None:
    """Exact numbers times ``10 ** places``, null where that is no whole number; ``None`` for a column of no numbers."""
    by = 10**places
    if column.dtype.is_integer():
        numbers = column.cast(pl.Int64, strict=False)
        multiplied: pl.Series = numbers * by
        return multiplied.set((numbers.abs() > _MOST // by).fill_null(False), None)
    if isinstance(column.dtype, pl.Decimal):
        # A decimal written out has all digits of its scale; closing noughts say nothing.
        written = column.cast(pl.String)
        column = written.str.strip_chars_end("0").str.strip_chars_end(".") if column.dtype.scale else written
        column = column.set((column == "").fill_null(False), "0").set((column == "-").fill_null(False), "0")
    if column.dtype == pl.String:
        floats = _matching(column, _NUMBER % places if places else _WHOLE).cast(pl.Float64, strict=False)
    elif column.dtype in (pl.Float32, pl.Float64):
        floats = column.cast(pl.Float64)
    else:
        return None
    return _exact(floats, by)


def _exact(floats: pl.Series, by: int) -> pl.Series:
    """Floats as whole multiples of ``1 / by``: those that are the nearest float to one, and few enough digits to be sure."""
    numbers = floats.to_numpy()
    with np.errstate(all="ignore"):
        nearest = np.rint(numbers * by)
        sure = np.isfinite(numbers) & (np.abs(nearest) <= _MOST) & (nearest / by == numbers)
        sure &= (numbers == 0) | (np.abs(numbers) >= _LEAST)
        whole = np.where(sure, nearest, 0).astype(np.int64)
    found = pl.Series(whole)
    return found if sure.all() else found.set(pl.Series(~sure), None)


def _matching(column: pl.Series, pattern: str) -> pl.Series:
    """The text where it matches, null elsewhere."""
    misses = ~column.str.contains(pattern).fill_null(False)
    return column.set(misses, None) if misses.any() else column


def _words(fact: FactType, column: pl.Series, texts: Texts) -> Cells:
    """Text and references: texts by their numbers."""
    if fact.shape == "ref":
        column = as_key(column) if column.dtype.is_numeric() else column
    if column.dtype != pl.String:
        return _cells(_nothing(column), column)
    stripped = column.str.strip_chars()
    different = stripped.unique().drop_nulls()
    said: dict[str, int] = {}
    for text, held in zip(different.to_list(), ids_held(different).tolist(), strict=True):
        if text and not held and (not fact.endings or text.endswith(fact.endings)):
            said[text] = texts.number(text)
    if not said:
        return _cells(_nothing(column), column)
    known = pl.DataFrame(
        {"text": list(said), "number": list(said.values())}, schema={"text": pl.String, "number": pl.Int64}
    )
    numbers = stripped.to_frame("text").join(known, on="text", how="left", maintain_order="left")["number"]
    return _cells(numbers, column)


def number_of(fact: FactType, value: Any, texts: Texts) -> int:
    """One value of a case as the number it has in a column."""
    match fact.shape:
        case "bool":
            return int(value)
        case "enum":
            assert fact.enum is not None
            return list(fact.enum).index(value)
        case "date":
            return int(value.toordinal())
        case "quantity":
            return int(value * 10**fact.places)
    return texts.number(value)
