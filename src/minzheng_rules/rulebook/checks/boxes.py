"""Boxes: combinations of values, one set for each of several axes, and what a list of boxes leaves out.

An axis is cut into numbered pieces; a box says for each axis which pieces it takes. Nothing here knows what the pieces stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Box = tuple[frozenset[int], ...]


def uncovered(boxes: Sequence[Box], within: Box) -> Iterator[Box]:
    """Boxes that between them hold exactly the combinations of ``within`` that none of ``boxes`` holds.

    >>> list(uncovered([(frozenset({0}), frozenset({0, 1}))], (frozenset({0, 1}), frozenset({0, 1}))))
    [(frozenset({1}), frozenset({0, 1}))]
    """
    if any(not pieces for pieces in within) or any(_holds(box, within) for box in boxes):
        return
    if not boxes or not within:
        yield within
        return
    first, rest = within[0], within[1:]
    alike: dict[tuple[int, ...], set[int]] = {}
    for piece in sorted(first):
        alike.setdefault(tuple(i for i, box in enumerate(boxes) if piece in box[0]), set()).add(piece)
    left: dict[Box, set[int]] = {}
    for those, pieces in alike.items():
        for remaining in uncovered([boxes[i][1:] for i in those], rest):
            left.setdefault(remaining, set()).update(pieces)
    for remaining, pieces in left.items():
        yield (frozenset(pieces), *remaining)


def common(a: Box, b: Box) -> Box | None:
    """The combinations two boxes share; ``None`` if they share none.

    >>> common((frozenset({0, 1}),), (frozenset({1, 2}),))
    (frozenset({1}),)
    """
    shared = tuple(x & y for x, y in zip(a, b, strict=True))
    return shared if all(shared) else None


def _holds(outer: Box, inner: Box) -> bool:
    return all(pieces >= wanted for pieces, wanted in zip(outer, inner, strict=True))
