"""Days as whole numbers: what the plan needs to bound them, one day at a time."""

from __future__ import annotations

import datetime as dt

FIRST_MONTH, LAST_MONTH = 12, 9999 * 12 + 11
"""The first and the last month of the calendar, as ``year * 12 + month - 1``."""


def packed(ordinal: int) -> int:
    """A day as ``(year * 12 + month - 1) * 32 + day``: full years are differences divided by ``12 * 32``, rounded down.

    >>> (packed(dt.date(2025, 2, 28).toordinal()) - packed(dt.date(1964, 2, 29).toordinal())) // (12 * 32)
    60
    """
    day = dt.date.fromordinal(ordinal)
    return (day.year * 12 + day.month - 1) * 32 + day.day


def month_starts(month: int) -> int:
    """The ordinal of the first day of a month, held to the calendar.

    >>> dt.date.fromordinal(month_starts(2025 * 12 + 1))
    datetime.date(2025, 2, 1)
    """
    month = max(FIRST_MONTH, min(LAST_MONTH, month))
    return dt.date(month // 12, month % 12 + 1, 1).toordinal()
