"""What all checks look at: a rulebook on every stretch of days on which nothing in it changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property

from minzheng_rules.language import ir
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import Cite, Declaration, Item
from minzheng_rules.problems import Problem, RulebookProblems, Words
from minzheng_rules.rulebook.checks.conditions import Logic
from minzheng_rules.rulebook.definitions import Definition, TableParameter
from minzheng_rules.rulebook.parameters import Figure, Key, Parameter
from minzheng_rules.rulebook.rulebook import Rulebook
from minzheng_rules.rulebook.ruleset import Layer, RuleSet

NOTHING = Words("", "")
LEVEL_NAMES = {
    "national": Words("国家", "the State"),
    "province": Words("省", "the province"),
    "city": Words("设区的市", "the city"),
    "county": Words("县（市、区）", "the county"),
}


class Stretch(Record):
    """Days on which nothing changes, and what is in force on them. ``last`` is ``None`` where nothing ends it.

    ``rules.day`` may be earlier than ``first``: the rules were the same then, only some item's citation was not.
    """

    first: date
    last: date | None
    rules: RuleSet


class WithCircles(RuleSet):
    """Rules that may refer to each other in a circle: the check of circles reports them all, with their dates."""

    def _refuse_circles(self) -> None:
        return


class Survey:
    """A rulebook, stretch by stretch, with what several checks ask of it."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook, self.names = rulebook, rulebook.names
        self._logic: dict[int, Logic] = {}
        self._rules_read: dict[int, tuple[ir.RuleOf, ...]] = {}
        self._parameters_read: dict[int, frozenset[str]] = {}
        self._covered: dict[tuple[str, Key], list[int]] = {}

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Every stretch from the first date on which something begins to the last day the rulebook decides."""
        through = self.rulebook.decides_through
        days = [day for day in self.rulebook.boundaries if through is None or day <= through] or [date.min]
        starts = sorted({*days, *(day for day in self._inner_days() if days[0] < day <= (through or date.max))})
        ends: list[date | None] = [*(day - timedelta(days=1) for day in starts[1:]), through]
        return tuple(Stretch(first, last, self._rules_on(first)) for first, last in zip(starts, ends, strict=True))

    def _inner_days(self) -> set[date]:
        """The days on which what an item of a rule cites begins or ends, where the rule itself goes on unchanged."""
        return self.rulebook.sources.boundaries(
            cite for definition in self.definitions for cite in cites_within(definition.declaration)
        )

    def _rules_on(self, day: date) -> RuleSet:
        try:
            return self.rulebook.on(day)
        except RulebookProblems:
            book = self.rulebook
            return WithCircles(
                day, book.definitions, book.parameters, book.sources, book.layers, book.accept, book.stacks
            )

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Every definition of every rule."""
        return tuple(definition for versions in self.rulebook.definitions.values() for definition in versions)

    @cached_property
    def acting(self) -> tuple[tuple[Definition, ...], ...]:
        """For each stretch the definitions that are computed with, each once."""
        result = []
        for stretch in self.stretches:
            found: dict[int, Definition] = {}
            for effective in stretch.rules.rules.values():
                for definition in (effective.definition, *effective.exceptions):
                    found[id(definition)] = definition
            result.append(tuple(found.values()))
        return tuple(result)

    def logic(self, stretch: int) -> Logic:
        """What can hold together on a stretch of days."""
        found = self._logic.get(stretch)
        if found is None:
            found = self._logic[stretch] = Logic(self.stretches[stretch].rules)
        return found

    def rules_read(self, definition: Definition) -> tuple[ir.RuleOf, ...]:
        """Where a definition reads other rules."""
        found = self._rules_read.get(id(definition))
        if found is None:
            parts = (part for expression in definition.expressions() for part in expression.walk())
            found = self._rules_read[id(definition)] = tuple(part for part in parts if isinstance(part, ir.RuleOf))
        return found

    def parameters_read(self, definition: Definition) -> frozenset[str]:
        """The ids of the parameters a definition reads."""
        found = self._parameters_read.get(id(definition))
        if found is None:
            names = {name for name, _ in parameters_read(definition.expressions())}
            if isinstance(definition.body, TableParameter):
                names.add(definition.body.parameter)
            if definition.rounding is not None:
                names.add(definition.rounding)
            found = self._parameters_read[id(definition)] = frozenset(names)
        return found

    @cached_property
    def layers(self) -> dict[str, Layer]:
        """The layers by id."""
        return {layer.id: layer for layer in self.rulebook.layers}

    def in_force(self, definition: Definition) -> list[int]:
        """The stretches in which a definition is in force."""
        return [i for i, stretch in enumerate(self.stretches) if stretch.rules.in_force(definition)]

    def covered(self, parameter: Parameter, key: Key) -> list[int]:
        """The stretches on which some layer has a figure for a cell of a parameter, known or unknown."""
        found = self._covered.get((parameter.id, key))
        if found is None:
            figures = parameter.figures.get(key, ())
            found = [i for i, s in enumerate(self.stretches) if any(current(figure, s.first) for figure in figures)]
            self._covered[parameter.id, key] = found
        return found

    def rule(self, key: str) -> Words:
        """A rule as a message names it: 中文名 and id."""
        declared = self.names.declarations.get(key)
        return called(declared[0].term if declared else key.partition(".")[2], key.partition(".")[2])

    def level(self, layer: str) -> Words:
        """A layer as a message names it."""
        found = self.layers.get(layer)
        return found.term if found is not None else Words(layer, layer)


def called(term: str, id: str) -> Words:
    """A rule, parameter or fact in a message."""
    return Words(f"“{term}”", f"`{id}`")


def parameter_called(parameter: Parameter) -> Words:
    """A parameter in a message."""
    return called(parameter.term, parameter.id)


def listed(words: Iterable[Words], last_en: str = "and") -> Words:
    """Several things in a sentence.

    >>> listed([Words("甲", "A"), Words("乙", "B"), Words("丙", "C")]).en
    'A, B and C'
    """
    every = list(words)
    english = [word.en for word in every]
    said = english[0] if len(english) == 1 else ", ".join(english[:-1]) + f" {last_en} " + english[-1]
    return Words("、".join(word.zh for word in every), said)


def levels_named(levels: Iterable[str]) -> Words:
    """Levels of government in a sentence."""
    return listed((LEVEL_NAMES.get(level, Words(level, level)) for level in levels), "or")


def current(figure: Figure, day: date) -> bool:
    """Whether a figure's dates hold a day."""
    return figure.since <= day and (figure.until is None or figure.until >= day)


# -- dates ---------------------------------------------------------------------------------------------------------


def period(first: date, last: date | None) -> Words:
    """A stretch of days in words.

    >>> period(date(2020, 1, 1), None)
    Words(zh='2020-01-01 起', en='from 2020-01-01')
    """
    if first == date.min:
        return NOTHING if last is None else Words(f"{last} 以前", f"until {last}")
    if last is None:
        return Words(f"{first} 起", f"from {first}")
    if first == last:
        return Words(f"{first} 这一天", f"on {first}")
    return Words(f"{first} 至 {last}", f"from {first} to {last}")


class Findings:
    """Findings of one check by what they are about; those that differ by date only become one, with its dates."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._found: dict[Hashable, tuple[Callable[[Words], Problem], list[int]]] = {}

    def add(self, key: Hashable, stretch: int, make: Callable[[Words], Problem]) -> None:
        """Note a finding in one stretch; ``make`` gets the dates in words once all are known."""
        found = self._found.setdefault(key, (make, []))
        if stretch not in found[1]:
            found[1].append(stretch)

    def problems(self) -> Iterator[Problem]:
        """The findings, with their dates."""
        for make, stretches in self._found.values():
            yield make(self._dates(sorted(stretches)))

    def _dates(self, stretches: list[int]) -> Words:
        if len(stretches) == len(self._survey.stretches):
            return NOTHING
        runs: list[list[int]] = []
        for index in stretches:
            if runs and runs[-1][-1] == index - 1:
                runs[-1].append(index)
            else:
                runs.append([index])
        every = self._survey.stretches
        last = len(every) - 1
        spans = [period(every[run[0]].first, None if run[-1] == last else every[run[-1]].last) for run in runs]
        return listed([span for span in spans if span != NOTHING] or [NOTHING])


def dated(words: Words, dates: Words) -> Words:
    """A sentence with the dates it is true of, if it is not true of all."""
    return words if dates == NOTHING else Words(f"{words.zh}（{dates.zh}）", f"{words.en} ({dates.en})")


# -- what a declaration holds --------------------------------------------------------------------------------------


def items_of(declaration: Declaration) -> Iterator[Item]:
    """Every condition of a declaration, with the conditions inside it."""
    first = () if declaration.when is None else (declaration.when,)
    cases = tuple(case.when for case in declaration.cases if case.when is not None)
    waiting = [*first, *declaration.items, *declaration.unless, *cases]
    while waiting:
        item = waiting.pop(0)
        yield item
        waiting = [*item.items, *waiting]


def cites_within(declaration: Declaration) -> Iterator[Cite]:
    """Every citation inside a declaration, other than those of the rule itself."""
    for item in items_of(declaration):
        yield from item.cites
    for case in declaration.cases:
        if case.when is None or case.cites != case.when.cites:
            yield from case.cites
    for _, cites in (*declaration.open_to, *declaration.delegated_to):
        yield from cites


def parameters_read(expressions: Iterable[ir.Expression]) -> Iterator[tuple[str, ir.Expression]]:
    """The parameters that expressions read, each with the place where it is read."""
    for expression in expressions:
        for part in expression.walk():
            if isinstance(part, ir.ParameterAt | ir.TableRows):
                yield part.name, part
