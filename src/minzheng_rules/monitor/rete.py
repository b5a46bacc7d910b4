"""durable_rules 2.0.28 behind every guard it needs. To be run in a process of its own: see :mod:`.worker`.

The library is frozen C code that crashes on ordinary data when it is used as its documentation shows. Each guard here answers
one measured defect:

G1  no background threads: the stock host walks freed memory after ``delete_state``, and has a limit of 1024 sessions
G2  one session, wiped after every household: ids of sessions collide by hash, and each live one costs 100 KiB
G3  no two names or ids with the same hash: names of fields, types and rules, and ids of facts, are chosen so
G4  whole numbers below 2**63 only: larger ones saturate, fractions crash joins, text is compared as something else
G5  at most 16 patterns; ``none`` last and never first; only six operators, no division, no regular expression
G6  an action never raises into the engine, which would swallow it: errors are kept and raised after the call
G7  facts, not events (an event met by two rules reaches one of them); one a call (a bad one in a batch drops the rest)
G8  the engine's definitions are ours alone: it takes the actions out of them
G9  a join ends with an equality that is true: the engine runs past the end of conditions whose last one is false
G10 the clock comes after all records, and absence is of records only: what fired for an absence is never taken back
G11 a session fires one idle rule first: wiping a session in which nothing ever fired frees memory never allocated
G12 every pattern begins with the type and never meets the engine's own state fact, which would fire it for ever
G13 a fact that lacks a field is kept from every pattern that reads it: a join with it is an error of the engine (311)
"""

from __future__ import annotations

import importlib
import importlib.metadata
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from minzheng_rules.monitor.plan import (
    CLOCK,
    LARGEST,
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

VERSION: Final = "2.0.28"
_RULESET: Final = "m"
_SENTINEL: Final = "z"
_TYPE: Final = "t"
_PRIME: Final = "prime"
_OPERATORS: Final = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_RESERVED: Final = ("sid", "id", "$s", "mid", _SENTINEL, _TYPE)


class ReteError(RuntimeError):
    """The engine cannot be used, or did something it should not; the matcher takes over."""


def fnv1a32(text: str) -> int:
    """The 32-bit hash by which the engine knows names and ids, as its C code computes it (with signed bytes)."""
    found = 0x811C9DC5
    for byte in text.encode():
        found ^= byte if byte < 128 else (byte - 256) & 0xFFFFFFFF
        found = (found * 16777619) & 0xFFFFFFFF
    return found


class _Names:
    """Short names for things, no two of which have the same hash (G3)."""

    def __init__(self, prefix: str, taken: set[int]) -> None:
        self._prefix, self._taken, self._count = prefix, taken, 0
        self._names: dict[str, str] = {}
        self._in_order: list[str] = []

    def of(self, thing: str) -> str:
        """The name of a thing, the same every time."""
        if thing not in self._names:
            self._names[thing] = self._next()
        return self._names[thing]

    def numbered(self, number: int) -> str:
        """The name of the thing of that number, from 0."""
        while len(self._in_order) <= number:
            self._in_order.append(self._next())
        return self._in_order[number]

    def _next(self) -> str:
        while True:
            name = f"{self._prefix}{self._count}"
            self._count += 1
            hashed = fnv1a32(name)
            if hashed not in self._taken:
                self._taken.add(hashed)
                return name


def installed() -> bool:
    """Whether the library is there, in the one version the guards are for."""
    try:
        return importlib.metadata.version("durable-rules") == VERSION
    except importlib.metadata.PackageNotFoundError:
        return False


def _quiet_host() -> Any:
    """The library's host without its threads (G1). Raises :class:`ReteError` if the library cannot be used."""
    if not installed():
        raise ReteError(f"durable_rules {VERSION} is not installed")
    before = threading.active_count()
    try:
        engine = importlib.import_module("durable.engine")
    except ImportError as error:
        raise ReteError(f"durable_rules cannot be imported: {error}") from None
    host = type("QuietHost", (engine.Host,), {"_run": lambda _: None})
    if threading.active_count() != before:
        raise ReteError("durable_rules started a thread on import")
    return host, engine


class Rete:
    """Matches the facts of one household at a time against a plan, in C.

    The same answers as :class:`~minzheng_rules.monitor.matcher.Matcher`, which says what they mean.
    """

    def __init__(self, plan: Plan) -> None:
        check_plan(plan)
        host, self._engine = _quiet_host()
        self._plan = plan
        taken = {fnv1a32(name) for name in _RESERVED}
        self._fields, self._types, self._aliases = _Names("f", taken), _Names("k", taken), _Names("a", taken)
        self._ids = _Names("", set(taken))
        self._errors: list[BaseException] = []
        self._begin()
        self._read = types_read(plan)
        self._complete: dict[str, dict[frozenset[str], str]] = {}
        rules = _Names("r", taken)
        definition: dict[str, Any] = {"prime": {"all": [{"m": {_TYPE: _PRIME}}], "run": lambda _: None}}  # G11
        for place, planned in enumerate(plan):
            definition[rules.numbered(place)] = {
                "all": list(self._patterns(planned)),
                "run": self._action(place, planned),
            }
        self._host = host({_RULESET: definition})  # G8: nobody else holds the definition
        self._host.get_ruleset(_RULESET)

    def match(self, facts: Iterable[Fact]) -> list[Firing]:
        """Every firing, in order of monitor and ids; a fact with an id that was there already is ignored."""
        self._begin()
        try:
            self._post({_TYPE: _PRIME, "id": "prime"})  # G11
            # G10: by type, so that the clock is last whatever the order of the records.
            for fact in sorted(facts, key=lambda fact: (fact[1] == CLOCK, fact[0])):
                self._assert(fact)
                while self._waiting:
                    self._assert(self._waiting.pop(0))
        finally:
            self._host.delete_state(_RULESET, "0")  # G2
        return sorted(self._firings)

    # -- one household -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._by_engine_id: dict[str, str] = {}
        self._seen: dict[str, Fact] = {}
        self._firings: set[Firing] = set()
        self._waiting: list[Fact] = []

    def _assert(self, fact: Fact) -> None:
        id, type_, fields = fact
        if id in self._seen or type_ not in self._read:
            return
        self._seen[id] = fact
        engine_id = self._ids.numbered(len(self._by_engine_id))  # G3
        self._by_engine_id[engine_id] = id
        message: dict[str, Any] = {"id": engine_id, _TYPE: self._types.of(type_), _SENTINEL: 0}
        for field, value in fields.items():
            if type(value) is not int or abs(value) > LARGEST:  # G4
                raise ReteError(f"{field} is not a whole number the engine can hold")
            message[self._fields.of(field)] = value
        for needed, flag in self._complete.get(type_, {}).items():
            message[flag] = int(needed <= fields.keys())
        self._call(self._host.assert_fact, message)

    def _post(self, message: dict[str, Any]) -> None:
        self._call(self._host.post, message)

    def _call(self, function: Callable[[str, dict[str, Any]], object], message: dict[str, Any]) -> None:
        try:
            function(_RULESET, message)
        except self._engine.MessageNotHandledException:
            pass  # a fact that no pattern meets
        except self._engine.MessageObservedException:
            raise ReteError("the engine takes two different facts for the same") from None
        if self._errors:  # G6
            raise self._errors.pop(0)

    # -- rules ---------------------------------------------------------------------------------------------------

    def _patterns(self, planned: PlannedMonitor) -> Iterator[dict[str, Any]]:
        needed = fields_needed(planned)
        for place, pattern in enumerate(planned.patterns):
            yield {self._aliases.numbered(place): self._conditions(pattern, needed[place])}
        if planned.absent is not None:  # G5: last, and check_plan makes sure that it is not first
            alias = self._aliases.numbered(len(planned.patterns))
            yield {f"{alias}$not": self._conditions(planned.absent, needed[-1])}

    def _conditions(self, pattern: Pattern, needed: frozenset[str]) -> dict[str, Any]:
        conditions: list[dict[str, Any]] = [{_TYPE: self._types.of(pattern.type)}]  # G12
        if needed:
            conditions.append({self._flag(pattern.type, needed): 1})  # G13
        conditions += [_condition(self._fields.of(t.field), t.operator, t.value) for t in pattern.tests]
        for join in pattern.joins:
            other = {self._aliases.numbered(join.other): self._fields.of(join.other_field)}
            conditions.append(_condition(self._fields.of(join.field), join.operator, other))
        if pattern.joins:
            conditions.append({_SENTINEL: {self._aliases.numbered(pattern.joins[0].other): _SENTINEL}})  # G9
        return conditions[0] if len(conditions) == 1 else {"$and": conditions}

    def _flag(self, type_: str, needed: frozenset[str]) -> str:
        """The field that says of a fact that it has everything a pattern reads (G13)."""
        flags = self._complete.setdefault(type_, {})
        return flags.setdefault(needed, self._fields.of(f"complete: {type_} {sorted(needed)}"))

    def _action(self, place: int, planned: PlannedMonitor) -> Callable[[Any], None]:
        aliases = [self._aliases.numbered(number) for number in range(len(planned.patterns))]

        def run(context: Any) -> None:
            try:
                found = context._m
                # A rule of one pattern gets its fact under the name `m`.
                met = tuple(self._by_engine_id[(found[a] if a in found else found["m"])["id"]] for a in aliases)
                self._fired(place, planned, met)
            except BaseException as error:  # G6
                self._errors.append(error)

        return run

    def _fired(self, place: int, planned: PlannedMonitor, met: tuple[str, ...]) -> None:
        self._firings.add((place, met))
        if planned.type in self._read:
            facts = [self._seen[id] for id in met]
            fields = {given.field: facts[given.pattern][2][given.source] for given in planned.gives}
            self._waiting.append((derived_id(place, planned, facts), planned.type, fields))


def _condition(field: str, operator: str, value: object) -> dict[str, Any]:
    return {field: value} if operator == "==" else {_OPERATORS[operator]: {field: value}}
