"""The types of what people enter: exact money, whole numbers, rates, yes or no, dates, text.

Nothing is guessed. Each reader takes what a file, a program or a table may hold, returns the exact value, or raises
:class:`UnreadableError` with what was expected. A case model names its facts' types with :data:`Money`, :data:`Rate`,
:data:`Whole`, :data:`Flag`, :data:`Day` and :data:`Text`; :class:`~minzheng_rules.case.entity.Entity` applies the
readers.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, NamedTuple

from minzheng_rules.case.identity import holds_id_number
from minzheng_rules.problems import Words


@dataclass(frozen=True, slots=True)
class Decimals:
    """How many decimals an exact quantity may be written with."""

    places: int


Money = Annotated[Decimal, Decimals(2)]
"""An amount in yuan with at most two decimals, held exactly."""
Rate = Annotated[Decimal, Decimals(6)]
"""A ratio or a measure with at most six decimals, held exactly."""
Whole = int
"""A whole number: a count, months, years."""
Flag = bool
"""Yes or no; absent means unknown."""
Day = dt.date
"""A calendar day."""
Text = str
"""Words; never an ID number."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOST_DIGITS = 18
_FLAGS = {"true": True, "false": False, "是": True, "否": False}


class Expected(NamedTuple):
    """What a reader would have taken: a code for the documentation, and the words."""

    code: str
    words: Words


class UnreadableError(ValueError):
    """A value that is not of the expected kind; :attr:`expected` says what would be."""

    def __init__(self, expected: Expected) -> None:
        self.expected = expected
        super().__init__(expected.words.en)


NOT_MONEY = Expected(
    "not-money",
    Words(
        "应为以元计的金额，至多两位小数，如 1820.10",
        "expected an amount in yuan, at most two decimals, such as 1820.10",
    ),
)
NOT_WHOLE = Expected("not-whole", Words("应为整数，如 3", "expected a whole number, such as 3"))
NOT_FLAG = Expected("not-flag", Words("应为 true 或 false（是、否）", "expected true or false"))
NOT_DAY = Expected(
    "not-date",
    Words("应为写作 年-月-日 的日期，如 1952-03-01", "expected a date written year-month-day, such as 1952-03-01"),
)
NOT_TEXT = Expected("not-text", Words("应为文字", "expected text"))
ID_IN_TEXT = Expected(
    "id-number",
    Words(
        "不得含有身份证号；它只能写在“身份证号”一项，核验后即丢弃",
        "it must not hold an ID number; that may only be given as id_number, where it is checked and dropped",
    ),
)


def read_decimal(value: object, places: int = 2) -> Decimal:
    """An exact number with at most ``places`` decimals, from an int, a Decimal, decimal text or a short float.

    A float is taken as it is written (its ``repr``), and only if it is finite. Thousands separators, sums, exponents,
    ``NaN``, booleans and leading zeros are refused with :class:`UnreadableError`.

    >>> read_decimal("1820.1"), read_decimal(1820.1), read_decimal(7)
    (Decimal('1820.10'), Decimal('1820.10'), Decimal('7.00'))
    >>> try:
    ...     read_decimal("1,820")
    ... except UnreadableError as error:
    ...     print(error.expected.words.en)
    expected an amount in yuan, at most two decimals, such as 1820.10
    """
    refusal = NOT_MONEY if places == 2 else _not_number(places)
    if isinstance(value, bool):
        raise UnreadableError(refusal)
    if isinstance(value, int):
        number = Decimal(value)
    elif isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() >= _MOST_DIGITS:
            raise UnreadableError(refusal)
        number = value
    else:
        if isinstance(value, float):
            if not math.isfinite(value):
                raise UnreadableError(refusal)
            value = float.__repr__(value)
        written = _NUMBER.fullmatch(value) if isinstance(value, str) else None
        if written is None or len(written[0]) > _MOST_DIGITS + places:
            raise UnreadableError(refusal)
        number = Decimal(written[0])
    if number.adjusted() >= _MOST_DIGITS:
        raise UnreadableError(refusal)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -places:
        raise UnreadableError(refusal)
    exact = number.quantize(Decimal(1).scaleb(-places))
    return exact if exact else abs(exact)


def read_whole(value: object) -> int:
    """A whole number, from an int or its text; ``2.7``, ``"2.7"`` and booleans are refused.

    >>> read_whole("12")
    12
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    written = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    if written is None or written[1] is not None or len(written[0]) > _MOST_DIGITS:
        raise UnreadableError(NOT_WHOLE)
    return int(written[0])


def read_flag(value: object) -> bool:
    """Yes or no, from a boolean or from ``true``, ``false``, ``是``, ``否``; ``yes``, ``1`` and the like are refused.

    >>> read_flag("是"), read_flag(False)
    (True, False)
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _FLAGS:
        return _FLAGS[value]
    raise UnreadableError(NOT_FLAG)


def read_day(value: object) -> dt.date:
    """A calendar day, from a date or from text ``YYYY-MM-DD``; a moment (datetime) is refused.

    >>> read_day("1952-03-01")
    datetime.date(1952, 3, 1)
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise UnreadableError(NOT_DAY) from None
    raise UnreadableError(NOT_DAY)


def read_text(value: object) -> str:
    """Text without an ID number in it.

    >>> read_text("海宁市")
    '海宁市'
    """
    if not isinstance(value, str) or not value.strip():
        raise UnreadableError(NOT_TEXT)
    if holds_id_number(value):
        raise UnreadableError(ID_IN_TEXT)
    return str(value).strip()


def _not_number(places: int) -> Expected:
    return Expected(
        "not-number",
        Words(f"应为数，至多 {places} 位小数，如 0.35", f"expected a number, at most {places} decimals, such as 0.35"),
    )
