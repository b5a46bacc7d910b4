"""What the fields of records hold, and how what was written becomes a number or a word.

Dates are held as ordinals, money as whole fen, named values by their ids. Nothing is ever a float.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from minzheng_rules.case.identity import holds_id_number
from minzheng_rules.language.types import Day, Enumeration, Named, Quantity, TextType, Truth, Type
from minzheng_rules.language.units import parse_unit
from minzheng_rules.problems import Words

Value = int | str
"""A value as held: a day's ordinal, a number in internal units, 0 or 1, the id of a named value, a text."""

NO_END: Final = dt.date(2199, 12, 31)
"""The last day of what has no end, as in the case model."""
MONTH_UNIT: Final = parse_unit("month")
CALENDAR_MONTH: Final = Enumeration("calendar_month", "年月", ())
"""What ``month_of`` gives: a month of a year, which is later or earlier than another."""
_YES: Final = ("是", "true", "yes", "1")
_NO: Final = ("否", "false", "no", "0")


class UnreadableValue(ValueError):
    """A value that cannot be what its field is; :attr:`words` says what was expected, never what was found."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def read_value(written: object, type_: Type) -> Value:
    """What was written, as it is held. Raises :class:`UnreadableValue`.

    >>> read_value("1820.10", Quantity(parse_unit("yuan"))), read_value("是", Truth())
    (182010, 1)
    """
    if isinstance(type_, Day):
        return read_day(written).toordinal()
    if isinstance(type_, Truth):
        return _read_truth(written)
    if isinstance(type_, Named):
        return _read_named(written, type_.enumeration)
    if isinstance(type_, Quantity):
        return _read_number(written, type_)
    return read_text(written)


def read_day(written: object) -> dt.date:
    """A date: written ``2025-06-01``, ``2025/6/1`` or ``20250601``, or one already."""
    if isinstance(written, dt.datetime):
        return written.date()
    if isinstance(written, dt.date):
        return written
    text = unicodedata.normalize("NFKC", str(written)).strip().replace("/", "-").replace(".", "-")
    parts = text.split("-") if "-" in text else [text[:4], text[4:6], text[6:]] if len(text) == 8 else []
    try:
        year, month, day = (int(part) for part in parts if (part.isascii() and part.isdigit()) or _raise())
        return dt.date(year, month, day)
    except ValueError:
        raise UnreadableValue(Words("应为日期，如 2025-06-01", "expected a date, such as 2025-06-01")) from None


def _raise() -> bool:
    raise ValueError


def _read_truth(written: object) -> int:
    if isinstance(written, bool):
        return int(written)
    text = str(written).strip().lower()
    if text in _YES:
        return 1
    if text in _NO:
        return 0
    raise UnreadableValue(Words("应为 是 或 否", "expected true or false"))


def _read_named(written: object, enumeration: Enumeration) -> str:
    found = enumeration.find(unicodedata.normalize("NFKC", str(written)).strip())
    if found is None:
        zh, en = "、".join(term for _, term in enumeration.values), ", ".join(id for id, _ in enumeration.values)
        raise UnreadableValue(Words(f"应为{enumeration.term}之一：{zh}", f"expected one of {enumeration.id}: {en}"))
    return found


def _read_number(written: object, type_: Quantity) -> int:
    money = type_.unit is not None and type_.unit.is_money
    words = (
        Words("应为元，最多两位小数，不带千分号", "expected yuan with at most two decimals, without separators")
        if money
        else Words("应为整数", "expected a whole number")
    )
    if isinstance(written, bool):
        raise UnreadableValue(words)
    try:
        # A float as a table or JSON gives it is taken as it is written, not as it is held.
        number = Decimal(repr(written) if isinstance(written, float) else str(written).strip())
    except InvalidOperation:
        raise UnreadableValue(words) from None
    scaled = number * (100 if money else 1)
    if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) >= 10**15:
        raise UnreadableValue(words)
    return int(scaled)


def read_text(written: object) -> str:
    """A short text that is no ID number; spaces around it do not count."""
    if not isinstance(written, str | int) or isinstance(written, bool):
        raise UnreadableValue(Words("应为文字", "expected a text"))
    text = unicodedata.normalize("NFKC", str(written)).strip()
    if not text or len(text) > 200:
        raise UnreadableValue(Words("应为 1 到 200 个字的文字", "expected a text of 1 to 200 characters"))
    if holds_id_number(text):
        raise UnreadableValue(
            Words("这里有证件号码，不能留在记录里", "it holds an ID number, which no record may keep")
        )
    return text


def shown(value: Value, type_: Type, lang: str = "zh") -> str:
    """A value as people write it."""
    if isinstance(type_, Day):
        if value == NO_END.toordinal():
            return "长期" if lang == "zh" else "open-ended"
        return dt.date.fromordinal(int(value)).isoformat()
    if isinstance(type_, Truth):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(type_, Named):
        return type_.enumeration.say(str(value), lang)
    if isinstance(type_, Quantity) and type_.unit is not None and type_.unit.is_money:
        return f"{Decimal(int(value)) / 100:,.2f} {type_.unit.say(lang)}"
    if isinstance(type_, Quantity) and type_.unit is not None and type_.unit.powers:
        return f"{value} {type_.unit.after(Fraction(value), lang)}"
    return str(value)


def plain(value: Value, type_: Type) -> object:
    """A value in JSON's terms."""
    if isinstance(type_, Day):
        return dt.date.fromordinal(int(value)).isoformat()
    if isinstance(type_, Truth):
        return bool(value)
    if isinstance(type_, Quantity) and type_.unit is not None and type_.unit.is_money:
        return f"{Decimal(int(value)) / 100:.2f}"
    return value


def type_of(unit: str | None, named: str | None, enumerations: dict[str, Enumeration]) -> Type | None:
    """The type a field declares; ``None`` if there is no such type."""
    if unit is not None:
        return Quantity(parse_unit(unit))
    simple: dict[str, Type] = {"date": Day(), "bool": Truth(), "text": TextType()}
    if named is None or named in simple:
        return simple.get(named or "text")
    return Named(enumerations[named]) if named in enumerations else None
