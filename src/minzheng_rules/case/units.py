"""Units in words."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from minzheng_rules.problems import Words

_CHINESE = {
    "yuan": "元",
    "month": "月",
    "year": "年",
    "day": "日",
    "person": "人",
    "household": "户",
    "time": "次",
    "hour": "小时",
    "square_metre": "平方米",
    "point": "分",
    "ratio": "比例",
    "multiple": "倍",
    "1": "",
}


def unit_words(unit: str | None) -> Words:
    """A unit such as ``yuan/month`` in both languages.

    >>> unit_words("yuan/month").zh
    '元/月'
    """
    if unit in (None, "1"):
        return Words("", "")
    parts = str(unit).split("/")
    chinese = "/".join(_CHINESE.get(part, part) for part in parts)
    # A count of months is 个月; a month something is paid per is 月.
    return Words("个月" if unit == "month" else chinese, str(unit).replace("_", " "))


def in_unit(number: Fraction | dt.date, unit: str | None) -> Words:
    """A bound with its unit, for messages.

    >>> in_unit(Fraction(10000), "yuan/month").en
    '10000 yuan/month'
    """
    if isinstance(number, dt.date):
        return Words(number.isoformat(), number.isoformat())
    written = str(number.numerator) if number.denominator == 1 else str(float(number))
    words = unit_words(unit)
    return Words(f"{written} {words.zh}".rstrip(), f"{written} {words.en}".rstrip())
