"""The meaning of a plan, in a page of Python: the engine where the C engine is absent, and what that is tested against."""

from __future__ import annotations

from collections.abc import Iterable

from minzheng_rules.monitor.plan import (
    OPERATORS,
    Fact,
    Firing,
    Pattern,
    Plan,
    PlannedMonitor,
    check_plan,
    derived_id,
    fields_needed,
    types_read,
)

_ByType = dict[str, list[Fact]]


class Matcher:
    """Matches the facts of one household at a time against a plan.

    >>> from minzheng_rules.monitor.plan import Join
    >>> died = Pattern("death")
    >>> paid = Pattern("payment", joins=(Join("day", ">", 0, "day"),))
    >>> matcher = Matcher((PlannedMonitor((died, paid), None, ((0, ""),), "paid_after_death"),))
    >>> facts = [("a", "death", {"day": 5}), ("b", "payment", {"day": 4}), ("c", "payment", {"day": 6})]
    >>> matcher.match(facts)
    [(0, ('a', 'c'))]
    """

    def __init__(self, plan: Plan) -> None:
        check_plan(plan)
        self._plan = plan
        self._needed = [fields_needed(planned) for planned in plan]
        self._read = types_read(plan)

    def match(self, facts: Iterable[Fact]) -> list[Firing]:
        """Every firing, in order of monitor and ids; a fact with an id that was there already is ignored."""
        by_type: _ByType = {}
        ids: set[str] = set()
        for fact in facts:
            if fact[0] not in ids:
                ids.add(fact[0])
                if fact[1] in self._read:
                    by_type.setdefault(fact[1], []).append(fact)
        firings: list[Firing] = []
        for place, planned in enumerate(self._plan):
            for met in self._met(place, planned, by_type):
                names = tuple(fact[0] for fact in met)
                firings.append((place, names))
                id = derived_id(place, planned, met)
                if planned.type in self._read and id not in ids:
                    ids.add(id)
                    fields = {given.field: met[given.pattern][2][given.source] for given in planned.gives}
                    by_type.setdefault(planned.type, []).append((id, planned.type, fields))
        return sorted(firings)

    def _met(self, place: int, planned: PlannedMonitor, by_type: _ByType) -> list[list[Fact]]:
        """Every way to meet all patterns with different facts while nothing meets the absent one."""
        if any(pattern.type not in by_type for pattern in planned.patterns):
            return []
        needed = self._needed[place]
        candidates = [_passing(p, needed[i], by_type) for i, p in enumerate(planned.patterns)]
        if not all(candidates):
            return []
        found: list[list[Fact]] = [[]]
        for pattern, facts in zip(planned.patterns, candidates, strict=True):
            of = _Index(pattern, facts)
            found = [[*met, fact] for met in found for fact in of.near(met) if _joins(pattern, fact, met)]
        if planned.absent is not None and found:
            of = _Index(planned.absent, _passing(planned.absent, needed[-1], by_type))
            found = [met for met in found if not any(_joins(planned.absent, fact, met) for fact in of.near(met))]
        return found


class _Index:
    """Facts by the field that a pattern's first equality compares: a large household is not gone through for every pair."""

    def __init__(self, pattern: Pattern, facts: list[Fact]) -> None:
        self._facts = facts
        self._join = next((join for join in pattern.joins if join.operator == "=="), None)
        self._by_value: dict[int, list[Fact]] = {}
        if self._join is not None:
            for fact in facts:
                self._by_value.setdefault(fact[2][self._join.field], []).append(fact)

    def near(self, met: list[Fact]) -> list[Fact]:
        """The facts that can go with those met so far."""
        if self._join is None:
            return self._facts
        return self._by_value.get(met[self._join.other][2][self._join.other_field], [])


def _passing(pattern: Pattern, needed: frozenset[str], by_type: _ByType) -> list[Fact]:
    """The facts of a pattern's type that have what is needed of them and pass its tests."""
    return [
        fact
        for fact in by_type.get(pattern.type, ())
        if needed <= fact[2].keys() and all(OPERATORS[t[1]](fact[2][t[0]], t[2]) for t in pattern.tests)
    ]


def _joins(pattern: Pattern, fact: Fact, met: list[Fact]) -> bool:
    """Whether a fact goes with those met so far, and is none of them."""
    fields = fact[2]
    for field, operator, other, other_field in pattern.joins:
        if not OPERATORS[operator](fields[field], met[other][2][other_field]):
            return False
    return all(fact is not other_fact for other_fact in met)
