"""Resident identity numbers: recognised so that they can be refused or used once, and never kept.

An ID number may be given in one place only, a person's ``id_number``. There it is checked, yields the birth date and
the sex, and is dropped. Anywhere else text shaped like one is refused, and messages show it masked.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import NamedTuple

# Eighteen or fifteen digits, also in the groups people write them in: 6-8-4 and 6-6-3.
_SHAPE = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{6}[ -]?[0-9]{8}[ -]?[0-9]{3}[0-9Xx]|[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]{3})(?![0-9A-Za-z])",
    re.ASCII,
)
# What a message hides is wider than what is refused, so that a mistyped number is not shown either.
_MASKED = re.compile(r"[0-9](?:[ -]?[0-9]){11,}[Xx]?", re.ASCII)


class Identity(NamedTuple):
    """What an ID number says of its holder."""

    birth_date: dt.date
    sex: str
    """``"male"`` or ``"female"``."""


def holds_id_number(text: str) -> bool:
    """Whether some part of the text is shaped like an ID number, in half- or full-width digits.

    >>> holds_id_number("110101 19000101 0000"), holds_id_number("电话 13800000000")
    (True, False)
    """
    return _SHAPE.search(unicodedata.normalize("NFKC", text)) is not None


def mask_id_numbers(text: str) -> str:
    """The text with every long run of digits replaced by stars of the same length.

    >>> mask_id_numbers("编号: 110101190001010000")
    '编号: ******************'
    """
    plain = "".join(
        unicodedata.normalize("NFKC", c) if unicodedata.normalize("NFKC", c) in "0123456789Xx" else c for c in text
    )
    return _MASKED.sub(lambda found: "*" * len(found[0]), plain)


def read_id_number(text: str) -> Identity | None:
    """What an eighteen-digit ID number says, or ``None`` if its date or check digit is wrong.

    The region is not checked: codes were abolished and renumbered over the years.

    >>> read_id_number("990000195203010017")
    Identity(birth_date=datetime.date(1952, 3, 1), sex='male')
    """
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    number = ric.compact(text).upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII):
        return None
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        return None
    if ric.calc_check_digit(number) != number[-1]:
        return None
    return Identity(born, "male" if int(number[16]) % 2 else "female")
