"""What printed plans call: sums over rows that lie together, the calendar as tables, rows paired with items."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.population.lowering.calendar import FIRST_MONTH, LAST_MONTH
from minzheng_rules.population.lowering.plan import LAST_DAY

Array = npt.NDArray[Any]
_DENSE = 6
"""Where more than one of so many rows is true, counting all is faster than going to each."""


def totals(values: Array, starts: Array) -> Array:
    """The sum of each stretch of rows. Differences of a running sum: exact even where the running sum itself wraps around.

    >>> totals(np.array([1, 2, 3]), np.array([0, 2, 2, 3])).tolist()
    [3, 0, 3]
    """
    running = np.empty(values.size + 1, object if values.dtype == object else np.int64)
    running[0] = 0
    np.cumsum(values, out=running[1:])
    at: Array = running.take(starts)
    return at[1:] - at[:-1]


def counts(truths: Array, starts: Array) -> Array:
    """How many of each stretch of rows are true.

    >>> counts(np.array([True, False, True]), np.array([0, 2, 2, 3])).tolist()
    [1, 0, 1]
    """
    running = np.empty(truths.size + 1, np.int32)
    running[0] = 0
    np.cumsum(truths, out=running[1:])
    at: Array = running.take(starts)
    return at[1:] - at[:-1]


def some(truths: Array, owners: Array, starts: Array) -> Array:
    """For each owner, whether one of its stretch of rows is true.

    >>> some(np.array([True, False, True]), np.array([0, 0, 2]), np.array([0, 2, 2, 3])).tolist()
    [True, False, True]
    """
    if np.count_nonzero(truths) * _DENSE > truths.size:
        return counts(truths, starts) > 0
    found = np.zeros(starts.size - 1, np.bool_)
    found[owners.take(truths.nonzero()[0])] = True
    return found


def fetched(values: Array, rows: Array) -> Array:
    """The values at some rows; of rows that are nowhere (nobody is referred to) anything."""
    if values.size == 0:
        return np.zeros(rows.size, values.dtype)
    return values.take(rows, mode="clip")


def wide(values: Any) -> Any:
    """Numbers of any size, where the machine's are too small."""
    return values.astype(object) if isinstance(values, np.ndarray) else int(values)


def truths(values: Any) -> Array:
    """A comparison of numbers of any size, as truths."""
    return np.asarray(values, np.bool_)


def joined(owners: Array, starts: Array) -> tuple[Array, Array, Array]:
    """For rows that each point to an owner, every item of that owner: the row, the item, and where each row's stretch begins.

    >>> [part.tolist() for part in joined(np.array([1, 0]), np.array([0, 2, 3]))]
    [[0, 1, 1], [2, 0, 1], [0, 1, 3]]
    """
    first = fetched(starts[:-1], owners)
    size = fetched(np.diff(starts), owners)
    begins = np.zeros(owners.size + 1, np.int64)
    np.cumsum(size, out=begins[1:])
    context = np.repeat(np.arange(owners.size), size)
    item = np.arange(int(begins[-1])) + (first - begins[:-1]).take(context)
    return context, item, begins


@lru_cache(maxsize=1)
def calendar() -> tuple[Array, Array, Array]:
    """Every day packed (see :data:`~minzheng_rules.population.lowering.plan.YEAR`), every month's first day, every month's length."""
    months = np.arange(FIRST_MONTH, LAST_MONTH + 1)
    since = np.datetime64("1970-01-01", "D").astype(np.int64) - dt.date(1970, 1, 1).toordinal()
    firsts = (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - since
    lengths = np.diff(np.append(firsts, LAST_DAY + 1))
    packed = np.zeros(LAST_DAY + 1, np.int32)
    day_of_month = np.arange(1, LAST_DAY + 1) - np.repeat(firsts, lengths) + 1
    packed[1:] = np.repeat(months, lengths) * 32 + day_of_month
    starts = np.zeros(LAST_MONTH + 1, np.int32)
    starts[FIRST_MONTH:] = firsts
    length = np.full(LAST_MONTH + 1, 31, np.int8)
    length[FIRST_MONTH:] = lengths
    return packed, starts, length
