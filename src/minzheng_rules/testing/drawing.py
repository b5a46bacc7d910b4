"""Drawing the entities of a case from a vocabulary, fact by fact, with Hypothesis.

Most facts of most people are plain: no disability, no business, not in prison. So an entity begins plain and a few of its
facts are drawn anew, rather those that rules ask for. That makes cases that look like cases, and small counterexamples.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeVar, cast

from hypothesis import strategies as st

from minzheng_rules.case.outline import NONE_OF
from minzheng_rules.case.vocabulary import FactType, Kind, Vocabulary
from minzheng_rules.language.types import Quantity, Truth
from minzheng_rules.rulebook.rulebook import Rulebook
from minzheng_rules.testing.lines import Delegation, FactKey, Lines, Span, lines_of

Drawn = TypeVar("Drawn")
Draw = Callable[[st.SearchStrategy[Any]], Any]
"""What Hypothesis hands to a composite strategy."""
Data = dict[str, Any]
"""An entity in plain Python terms, by English field names."""

_EVERY_FACT_UP_TO = 12
_DEEPEST = 4
_LONGEST_LIFE = 110
_TEXTS = ("甲", "乙", "丙")


class Scene:
    """A rulebook as the strategies see it. What depends on the rules of a day and not on the draw is worked out once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.vocabulary: Vocabulary = rulebook.vocabulary
        self._known: dict[tuple[object, ...], Any] = {}

    @classmethod
    def of(cls, rulebook: Rulebook) -> Scene:
        """The scene of a rulebook, kept with what else was worked out for it: strategies are often made anew."""
        found = rulebook.compiled.setdefault("testing", cls(rulebook))
        assert isinstance(found, Scene)
        return found

    def once(self, make: Callable[[], Drawn], *key: object) -> Drawn:
        """What ``make`` gives, made once for the key."""
        if key not in self._known:
            self._known[key] = make()
        return cast(Drawn, self._known[key])

    def lines(self, day: dt.date) -> Lines:
        """The lines of a day."""
        return self.once(lambda: lines_of(self.rulebook, day), "lines", self.segment(day))

    def segment(self, day: dt.date) -> int:
        """Days with the same rules and figures have the same."""
        return self.rulebook.segment(day)

    def keys(self, kind: str, fact: str) -> tuple[FactKey, ...]:
        """Under which kinds rules may speak of a fact: the kind itself and those it is."""
        bases = self.vocabulary.kinds[kind].bases
        return self.once(lambda: tuple((name, fact) for name in (kind, *bases)), "keys", kind, fact)

    def days(self) -> st.SearchStrategy[dt.date]:
        """Days to decide on: where something changes, a day to either side, and any other."""
        turns = sorted(self.rulebook.boundaries, reverse=True)
        through = self.rulebook.decides_through
        near = [day + dt.timedelta(days=by) for day in turns for by in (0, -1, 1)]
        if through is not None:
            near = [day for day in near if day <= through] + [through, through + dt.timedelta(days=1)]
        near = list(dict.fromkeys(near)) or [dt.date(2025, 6, 1)]
        return st.one_of(
            st.sampled_from(near[: max(len(near) // 2, 1)]), st.sampled_from(near), st.dates(min(near), max(near))
        )

    def strategy(self, day: dt.date, kind: str, fact: FactType) -> st.SearchStrategy[Any]:
        """Interesting values of a quantity or an enumerated, yes-or-no or text fact on a day."""
        return self.once(lambda: self._strategy(day, kind, fact), "values", self.segment(day), kind, fact.id)

    def _strategy(self, day: dt.date, kind: str, fact: FactType) -> st.SearchStrategy[Any]:
        if fact.shape == "bool":
            return st.booleans()
        if fact.shape == "enum":
            assert fact.enum is not None
            return st.sampled_from([choice.value for choice in fact.enum])
        if fact.shape == "text":
            return st.sampled_from(_TEXTS)
        near = steps_near(fact, self.landings(day, kind, fact.id))
        low, high = step_bounds(fact)
        far = min(high, max([2 * abs(n) for n in near] + [low + 1000]))
        return st.one_of(st.sampled_from(near), st.integers(low, far)).map(lambda n: in_steps(fact, n))

    def landings(self, day: dt.date, kind: str, fact: str) -> list[Fraction]:
        """The lines of a quantity."""
        found = self.lines(day).quantities
        return list(dict.fromkeys(value for key in self.keys(kind, fact) for value in found.get(key, ())))

    def read(self, day: dt.date, kind: str) -> list[str]:
        """The facts of a kind that some rule in force asks for, in declared order."""
        return self.once(lambda: self._read(day, kind), "read", self.segment(day), kind)

    def _read(self, day: dt.date, kind: str) -> list[str]:
        asked = self.lines(day).read
        return [
            name for name in self.vocabulary.kinds[kind].facts if any(key in asked for key in self.keys(kind, name))
        ]

    def handfuls(self, day: dt.date, kind: str) -> st.SearchStrategy[list[str]]:
        """A few facts of a kind, rather those that rules ask for."""
        return self.once(lambda: self._handfuls(day, kind), "handfuls", self.segment(day), kind)

    def _handfuls(self, day: dt.date, kind: str) -> st.SearchStrategy[list[str]]:
        facts = self.vocabulary.kinds[kind].facts
        names = [name for name in self.read(day, kind) if facts[name].shape != "ref"] * 3
        return st.lists(
            st.sampled_from(names + [fact.id for fact in facts.values() if fact.shape != "ref"]), max_size=5
        )

    def sizes(self, day: dt.date, kind: str, fact: str) -> st.SearchStrategy[int]:
        """How many items a list may have: seldom many, now and then as many as some rule counts to."""
        return self.once(lambda: self._sizes(day, kind, fact), "sizes", self.segment(day), kind, fact)

    def _sizes(self, day: dt.date, kind: str, fact: str) -> st.SearchStrategy[int]:
        sizes = self.lines(day).sizes
        counted = [n + by for key in self.keys(kind, fact) for n in sizes.get(key, ()) for by in (0, -1, 1)]
        # What the root lists is what a case is about: rarely nobody.
        usual = [1, 2, 3, 2, 4, 0] if kind == self.vocabulary.root else [1, 2, 0, 1]
        return st.sampled_from([*usual, *(n for n in counted if n >= 0)])

    def delegations(self, day: dt.date, kind: str) -> tuple[Delegation, ...]:
        """The terms that may be found of an entity of a kind."""
        return self.once(lambda: tuple(self._delegations(day, kind)), "delegations", self.segment(day), kind)

    def _delegations(self, day: dt.date, kind: str) -> list[Delegation]:
        of = (kind, *self.vocabulary.kinds[kind].bases)
        terms = [d for d in self.lines(day).delegations if d.kind in of and isinstance(d.type, Truth | Quantity)]
        return sorted(terms, key=lambda d: d.id)

    def denied(self, day: dt.date, kind: str) -> st.SearchStrategy[list[str]]:
        """The terms that are found not to be so."""
        ids = [term.id for term in self.delegations(day, kind)]
        return self.once(lambda: st.lists(st.sampled_from(ids), max_size=2), "denied", self.segment(day), kind)


@dataclass
class Maker:
    """Makes one case: draws, and remembers what later draws depend on."""

    draw: Draw
    scene: Scene
    day: dt.date
    sparse: bool = False
    """Whether what is not drawn anew is left out rather than plain."""
    declares: bool = False
    """Whether plain facts are declared to be none rather than stated."""
    dates: dict[FactKey, list[dt.date]] = field(default_factory=dict)

    @property
    def vocabulary(self) -> Vocabulary:
        """The kinds and facts there are."""
        return self.scene.vocabulary

    def root(self) -> Data:
        """The facts of the root entity, with everything below it."""
        data = self.entity(self.vocabulary.root)
        self.refer(data)
        return data

    # -- entities --------------------------------------------------------------------------------------------------------

    def entity(self, kind_id: str, *, born: dt.date | None = None, depth: int = 0) -> Data:
        """An entity of a kind: plain facts, some of them drawn anew."""
        kind = self.vocabulary.kinds[kind_id]
        lively = self.lively(kind, depth)
        data: Data = {}
        plain: list[str] = []
        for fact in kind.facts.values():
            if fact.shape == "ref":
                continue
            if fact.id in lively:
                value = self.value(kind_id, fact, born=born, depth=depth)
            elif self.sparse and not self.always(kind_id, fact):
                continue
            else:
                value = self.plain(kind_id, fact, born=born, depth=depth)
                plain.append(fact.id)
            if value is not None:
                data[fact.id] = value
            if fact.id == "birth_date" and fact.shape == "date":
                born = cast("dt.date | None", value) or born
        _in_time_order(data)
        self.adjust(kind_id, data)
        if self.declares:
            _declare(kind, data, plain)
        findings = self.findings(kind_id)
        if findings:
            data["findings"] = findings
        return data

    def lively(self, kind: Kind, depth: int) -> set[str]:
        """Which facts are drawn anew: all of a kind with few, a handful of one with many, rather those rules ask for."""
        facts = [fact for fact in kind.facts.values() if fact.shape != "ref"]
        if len(facts) <= _EVERY_FACT_UP_TO:
            return {fact.id for fact in facts}
        always = {fact.id for fact in facts if depth == 0 and fact.shape == "list" and self.expected_at_root(fact)}
        return always | set(self.draw(self.scene.handfuls(self.day, kind.id)))

    def expected_at_root(self, fact: FactType) -> bool:
        """Whether a list of the root is what a case is about, so that it is always drawn."""
        return any(key in self.scene.lines(self.day).read for key in self.scene.keys(self.vocabulary.root, fact.id))

    def always(self, kind: str, fact: FactType) -> bool:  # noqa: ARG002  # for subclasses
        """Whether a fact is stated even in a sparse case."""
        return False

    def adjust(self, kind: str, data: Data) -> None:
        """A place for what single facts cannot know of each other."""

    def findings(self, kind: str) -> Data:
        """Findings on the terms the law leaves to an authority: as a rule favourable ones."""
        terms = self.scene.delegations(self.day, kind)
        if not terms:
            return {}
        unusual = set(self.draw(self.scene.denied(self.day, kind)))
        found: Data = {}
        for term in terms:
            if isinstance(term.type, Quantity):
                found[term.id] = Decimal(self.draw(st.integers(0, 2000)))
            elif term.id in unusual:
                found[term.id] = False
            elif not self.sparse:
                found[term.id] = True
        return found

    def refer(self, data: Data) -> None:
        """Enter references to people and things of the case, now that it is known who is there."""
        everything = list(walk(self.vocabulary, data))
        for owner, item in _with_owners(everything):
            for fact in self.vocabulary.kinds[item.kind].facts.values():
                if fact.shape != "ref" or fact.kind is None:
                    continue
                wanted = fact.kind
                there = [
                    other
                    for other in everything
                    if self._is(other.kind, wanted) and other.data is not item.data and other.data is not owner
                ]
                if there and not (self.sparse and self.draw(st.booleans())):
                    chosen = self.draw(st.sampled_from(range(len(there))))
                    item.data[fact.id] = _id_of(there[chosen])

    def _is(self, kind: str, wanted: str) -> bool:
        return wanted in (kind, *self.vocabulary.kinds[kind].bases)

    # -- values ----------------------------------------------------------------------------------------------------------

    def plain(self, kind: str, fact: FactType, *, born: dt.date | None, depth: int) -> Any:
        """The value of a fact nobody would remark on."""
        match fact.shape:
            case "bool":
                return False
            case "quantity":
                low, _ = step_bounds(fact)
                return in_steps(fact, max(low, 0))
            case "list":
                return []
            case "enum":
                assert fact.enum is not None
                return next(iter(fact.enum)).value
            case "text":
                return _TEXTS[0]
        return self.value(kind, fact, born=born, depth=depth)

    def value(self, kind: str, fact: FactType, *, born: dt.date | None, depth: int) -> Any:
        """A value of a fact, drawn."""
        match fact.shape:
            case "date":
                return self.date(kind, fact, born)
            case "list":
                return self.items(kind, fact, born, depth)
            case "entity":
                return self.entity(fact.kind, born=born, depth=depth + 1) if fact.kind and depth < _DEEPEST else None
        return self.draw(self.scene.strategy(self.day, kind, fact))

    def items(self, kind: str, fact: FactType, born: dt.date | None, depth: int) -> list[Data]:
        """A list of drawn items."""
        if fact.kind is None or depth >= _DEEPEST:
            return []
        size = self.draw(self.scene.sizes(self.day, kind, fact.id))
        return [self.entity(fact.kind, born=born, depth=depth + 1) for _ in range(size)]

    def date(self, kind: str, fact: FactType, born: dt.date | None) -> dt.date | None:
        """A date: where some span ends today or on another such date, a day to either side, or any."""
        first, last = self.reach(fact, born)
        if last < first:
            return None
        earlier = self.dates.setdefault((kind, fact.id), [])
        marks = dict.fromkeys(self._near(kind, fact, [self.day, *earlier]))
        near = [day for day in marks if first <= day <= last] or [last]
        found: dt.date = self.draw(st.one_of(st.sampled_from(near), st.dates(first, last)))
        earlier.append(found)
        return found

    def reach(self, fact: FactType, born: dt.date | None) -> tuple[dt.date, dt.date]:
        """The earliest and latest day a date may be."""
        assert isinstance(fact.low, dt.date)
        assert isinstance(fact.high, dt.date)
        oldest = dt.date(max(self.day.year - _LONGEST_LIFE, 1), 1, 1)
        last = self.day.replace(year=self.day.year + 2, day=1) if fact.may_be_future else self.day
        return max(fact.low, born or oldest), min(fact.high, last)

    def _near(self, kind: str, fact: FactType, ends: list[dt.date]) -> Iterator[dt.date]:
        lines = self.scene.lines(self.day)
        keys = self.scene.keys(kind, fact.id)
        spans = [span for key in keys for span in lines.spans.get(key, ())] or [Span("day", 0)]
        marks = [day for end in ends for span in spans if (day := span.before(end)) is not None]
        marks += [day for key in keys for day in lines.days.get(key, ())]
        for mark in marks:
            for by in (0, -1, 1):
                yield mark + dt.timedelta(days=by)


# -- walking what was drawn --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """An entity of a drawn case: where it is, of which kind, and its facts."""

    path: str
    kind: str
    data: Data


def walk(vocabulary: Vocabulary, data: Data) -> Iterator[Item]:
    """The root and everything below it, parents first."""
    stack = [Item("", vocabulary.root, data)]
    while stack:
        item = stack.pop()
        yield item
        below: list[Item] = []
        for fact in vocabulary.kinds[item.kind].facts.values():
            value = item.data.get(fact.id)
            if fact.kind is None or value is None:
                continue
            prefix = f"{item.path}." if item.path else ""
            if fact.shape == "list":
                below += [Item(f"{prefix}{fact.id}[{n}]", fact.kind, inner) for n, inner in enumerate(value)]
            elif fact.shape == "entity":
                below.append(Item(f"{prefix}{fact.id}", fact.kind, value))
        stack.extend(reversed(below))


def _with_owners(items: list[Item]) -> Iterator[tuple[Data, Item]]:
    """Each entity with the outermost entity below the root it belongs to: a person, for what is said of the person."""
    owner: Data = {}
    outermost = ""
    for item in items:
        if not outermost or not item.path.startswith(f"{outermost}."):
            outermost, owner = item.path, item.data
        yield owner, item


def _id_of(item: Item) -> str:
    return cast(str, item.data.setdefault("id", item.path.replace("[", "-").replace("]", "").replace(".", "-")))


def _declare(kind: Kind, data: Data, plain: list[str]) -> None:
    """Declare to be none what is plainly none."""
    none = [name for name in plain if _is_none(kind.facts[name], data.get(name))]
    for name in none:
        del data[name]
    if none:
        data["declared_none"] = none


def _is_none(fact: FactType, value: Any) -> bool:
    return fact.shape in NONE_OF and value is not None and not isinstance(value, str) and not value


def _in_time_order(data: Data) -> None:
    since, until = data.get("since"), data.get("until")
    if isinstance(since, dt.date) and isinstance(until, dt.date) and until < since:
        data["since"], data["until"] = until, since


# -- numbers in steps --------------------------------------------------------------------------------------------------


def in_steps(fact: FactType, steps: int) -> int | Decimal:
    """A quantity from a number of its smallest steps: fen, tenths, whole months."""
    return steps if fact.whole else Decimal(steps).scaleb(-fact.places)


def step_bounds(fact: FactType) -> tuple[int, int]:
    """The least and greatest number of steps."""
    assert isinstance(fact.low, Fraction)
    assert isinstance(fact.high, Fraction)
    return ceil(fact.low * 10**fact.places), floor(fact.high * 10**fact.places)


def steps_near(fact: FactType, lines: list[Fraction]) -> list[int]:
    """Numbers of steps at some lines, just under and just over them; the least of all first."""
    low, high = step_bounds(fact)
    near = [max(low, 0)]
    for line in lines:
        scaled = line * 10**fact.places
        near += [floor(scaled), ceil(scaled), ceil(scaled) - 1, floor(scaled) + 1]
    return [n for n in dict.fromkeys(near) if low <= n <= high] or [low]
