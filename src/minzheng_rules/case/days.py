"""The day callers name, as a date or as text."""

from __future__ import annotations

import datetime as dt

from minzheng_rules.problems import Place, Problem, RequestProblems, Words


def named_day(as_of: dt.date | str | None) -> dt.date | None:
    """The day of a date or its text; ``None`` where none is given. Raises :class:`RequestProblems` for what is no day.

    >>> named_day("2025-06-01")
    datetime.date(2025, 6, 1)
    """
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, dt.date):
        return as_of
    try:
        return dt.date.fromisoformat(as_of)
    except (TypeError, ValueError):
        what = Words(f"基准日不能是“{as_of}”", f"`as_of` cannot be {as_of}")
        step = Words("请写成 年-月-日，如 2025-06-01", "write it as year-month-day, such as 2025-06-01")
        raise RequestProblems([Problem("request.as-of", what, Place(), step)]) from None
