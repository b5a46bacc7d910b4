"""The values a figure is taken through, and truths at all of them: one whole number for each row, with a bit for each value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Words = npt.NDArray[np.unsignedinteger[Any]]
"""For each row, at which values something is so: the bit at ``i`` says it of the value at ``i``."""

MOST_VALUES = 64
"""As many as the machine's widest whole numbers have bits."""
_WIDTHS = (8, 16, 32, 64)
_MOST_PLACES = 1 << 16
_LIMB = 26
"""So many bits are added up at once: of a hundred million rows the sum is still exact in a float."""
_LOWER = (1 << _LIMB) - 1
_FLOATS = 2**53


class Values:
    """Up to 64 values in ascending order, counted in steps from the least: what depends on a figure is told along these steps.

    >>> values = Values([0, 1, 3])
    >>> values.since(np.array([0, 1, 2, 4])).tolist()
    [7, 6, 4, 0]
    >>> values.counted(values.words(np.array([True, False, True])), None)
    [2, 2, 2]
    """

    def __init__(self, steps: Sequence[int]) -> None:
        self.steps: Array = np.array(steps, np.int64)
        self.count, self.span = len(steps), int(steps[-1])
        width = next(width for width in _WIDTHS if self.count <= width)
        self.type: Any = np.dtype(f"uint{width}").type
        self.full = self.type((1 << self.count) - 1)
        self._bits: Array = np.array([1 << place for place in range(self.count)], self.type)
        self._from: Array = np.array([int(self.full) >> place << place for place in range(self.count + 1)], self.type)

    # -- making --------------------------------------------------------------------------------------------------

    def words(self, truths: Any) -> Any:
        """Truths that are the same at every value."""
        return np.multiply(truths, self.full)

    def since(self, steps: Array) -> Words:
        """The values from so many steps on, up to one step beyond the last."""
        places = np.searchsorted(self.steps, steps) if self._places is None else self._places.take(steps)
        return self._from.take(places)

    @cached_property
    def _places(self) -> Array | None:
        """For so many steps, how many values are before them; ``None`` where there are too many to have them at hand."""
        if self.span > _MOST_PLACES:
            return None
        return np.searchsorted(self.steps, np.arange(self.span + 2))

    def packed(self, truths: Array) -> Words:
        """Truths, a row for each row and a column for each value, as bits."""
        wide = np.zeros((len(truths), self.type().itemsize * 8), np.bool_)
        wide[:, : self.count] = truths
        words: Words = np.packbits(wide, axis=1, bitorder="little").view(self.type).reshape(len(truths))
        return words

    def unpacked(self, words: Words) -> Array:
        """The truths again."""
        truths: Array = (words[:, None] & self._bits) != 0
        return truths

    # -- counting ------------------------------------------------------------------------------------------------

    def counted(self, words: Words, weights: Array | None) -> list[int]:
        """Of how many rows it is so at each value; each as often as its weight says, if weights are given."""
        return self.spread(words, [weights])[0]

    def spread(self, words: Words, numbers: Sequence[Array | None]) -> list[list[int]]:
        """Numbers of rows, each list added up at those values at which the row's bit is set; ``None`` counts the rows.

        Only where a row's bits change is anything done: the sums are those of what is gained and lost from value to value.
        """
        gained: list[Array] = [np.zeros(self.count, object) for _ in numbers]
        changes = (words ^ (words << self.type(1))) & self.full
        rows: Any = np.flatnonzero(changes != 0)
        changes = changes[rows]
        while rows.size:
            lowest = changes & (~changes + self.type(1))
            place = _place_of(lowest)
            sign = np.where((words[rows] & lowest) != 0, np.int64(1), np.int64(-1))
            for total, values in zip(gained, numbers, strict=True):
                total += binned(place, sign if values is None else values[rows] * sign, self.count)
            changes = changes ^ lowest
            left = np.flatnonzero(changes != 0)
            rows, changes = rows[left], changes[left]
        return [np.cumsum(total).tolist() for total in gained]


def binned(places: Array, numbers: Array, count: int) -> list[int]:
    """Whole numbers added up by place, exactly.

    >>> binned(np.array([0, 2, 2]), np.array([2**60, 5, -7]), 3)
    [1152921504606846976, 0, -2]
    """
    most = max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))
    if most * numbers.size < _FLOATS:
        return [int(total) for total in np.bincount(places, numbers, count)]
    if (most >> _LIMB) * numbers.size < _FLOATS and numbers.size < _FLOATS >> _LIMB:
        upper, lower = (binned(places, limb, count) for limb in (numbers >> _LIMB, numbers & _LOWER))
        return [(above << _LIMB) + below for above, below in zip(upper, lower, strict=True)]
    found = np.zeros(count, object)
    np.add.at(found, places, numbers.astype(object))
    return [int(total) for total in found]


def added(numbers: Array) -> int:
    """The exact sum of whole numbers.

    >>> added(np.array([2**62, 2**62, -1]))
    9223372036854775807
    """
    return (int((numbers >> _LIMB).sum()) << _LIMB) + int((numbers & _LOWER).sum())


def _place_of(bits: Words) -> Array:
    """The place of the only bit of each."""
    return (bits.astype(np.float64).view(np.int64) >> 52) - 1023
