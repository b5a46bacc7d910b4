"""Households set apart by which rules can still come out one way or another, so that for each group only those are worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.population.columns import Mask
from minzheng_rules.population.lowering.lowering import RuleAt

Array = npt.NDArray[Any]
_MOST_PATTERNS = 48
_AT_ONCE = 40
"""So many rules as bits beside a pattern's number, of which there are fewer than 2**22 before them."""
_A_GROUP_COSTS = 20_000
"""What working out one more group takes beside its households, as so many households more."""


@dataclass(frozen=True, eq=False)
class Group:
    """Some households, and the rules that are settled for all of them."""

    rows: Array
    settled: frozenset[RuleAt]


def grouped(unsettled: Mapping[RuleAt, Mask], tables: Mapping[str, int], which: Mask) -> list[Group]:
    """The households of ``which``, in groups that together take the least to work out.

    ``unsettled`` says of each rule for which households it is not settled, ``tables`` how many rows each table has. One group,
    with no rule taken as settled, is what comes out where setting apart does not pay.

    >>> income, tekun = ("household.income", ""), ("member.tekun", "members")
    >>> many, few = np.repeat([True, False], [90_000, 10_000]), np.repeat([False, True], [90_000, 10_000])
    >>> found = grouped({income: many, tekun: few}, {"": 100_000, "members": 250_000}, many | few)
    >>> [(len(group.rows), sorted(group.settled)) for group in found]
    [(90000, [('member.tekun', 'members')]), (10000, [('household.income', '')])]
    """
    rows = np.flatnonzero(which)
    rules = [rule for rule, households in unsettled.items() if bool(households[rows].any())]
    if not rules or len(rows) < _A_GROUP_COSTS:
        return [Group(rows, frozenset())]
    open_ = np.stack([unsettled[rule][rows] for rule in rules])
    first, pattern = _patterns(open_)
    merged = _merged(open_[:, first].T, np.bincount(pattern), np.array([tables[path] for _, path in rules]) / len(rows))
    if len(merged) == 1:
        return [Group(rows, frozenset())]
    found = []
    for patterns in merged:
        chosen = np.isin(pattern, patterns)
        still_open = np.flatnonzero(open_[:, first[patterns]].any(axis=1))
        asked = {rules[at] for at in still_open}
        found.append(Group(rows[chosen], frozenset(rule for rule in unsettled if rule not in asked)))
    return found


def _patterns(open_: Array) -> tuple[Array, Array]:
    """Households with the same rules open: of each such pattern the first, and of each household its pattern."""
    count = open_.shape[1]
    first, code = np.zeros(1, np.int64), np.zeros(count, np.int64)
    for start in range(0, len(open_), _AT_ONCE):
        for rule in open_[start : start + _AT_ONCE]:
            code = code * 2 + rule
        _, first, code = np.unique(code, return_index=True, return_inverse=True)
    return first, code


def _merged(open_: Array, households: Array, rows: Array) -> list[list[int]]:
    """Patterns put together as long as that makes them cheaper: each with its rules open, ``rows`` to work out for each rule."""
    order = np.argsort(-households, kind="stable")
    groups = [[int(at)] for at in order[:_MOST_PATTERNS]]
    groups[-1] += [int(at) for at in order[_MOST_PATTERNS:]]
    rules = np.array([open_[group].any(axis=0) for group in groups])
    counts = np.array([int(households[group].sum()) for group in groups])
    while len(groups) > 1:
        alone = (rules @ rows) * (counts + _A_GROUP_COSTS)
        together = ((rules[:, None] | rules) @ rows) * (counts[:, None] + counts + _A_GROUP_COSTS)
        saved = alone[:, None] + alone - together
        np.fill_diagonal(saved, -1)
        one, other = sorted(divmod(int(saved.argmax()), len(groups)))
        if saved[one, other] < 0:
            break
        groups[one] += groups.pop(other)
        rules[one] |= rules[other]
        counts[one] += counts[other]
        rules, counts = np.delete(rules, other, axis=0), np.delete(counts, other)
    return groups
