"""The rulebook: everything a place's cases are decided by, loaded once and never changed."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from minzheng_rules.case.vocabulary import Vocabulary
from minzheng_rules.language.record import Record
from minzheng_rules.language.rules import Cite
from minzheng_rules.problems import Place, Problem, RequestProblems, Words, nearest
from minzheng_rules.rulebook.definitions import Definition, Expected, Stack
from minzheng_rules.rulebook.parameters import Parameter
from minzheng_rules.rulebook.resolution import Names
from minzheng_rules.rulebook.ruleset import Layer, RuleSet
from minzheng_rules.rulebook.sources import Sources

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity
    from minzheng_rules.rulebook.reforming import Reform


class Program(Record):
    """A program: whom it is about and which rules answer for it."""

    id: str
    term: Words
    subject: str
    eligible: str | None
    applies: str | None
    amounts: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]
    other_amounts: tuple[tuple[str, str, str], ...]
    """Name, rule and kind of amounts that are no cash payment."""
    payable_from: str | None
    also: tuple[str, ...] = ()
    """Other names by which people ask for it, such as 低保 for 最低生活保障."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it is found by: its id, its term, and the others."""
        return (self.id, self.term.zh, *self.also)

    def goes_by(self, name: str) -> bool:
        """Whether it is called so, or is one of several answers of what is called so.

        >>> living = Rulebook.load(place="haining").program("disability_subsidies.living")
        >>> living.goes_by("生活补贴"), living.goes_by("残疾人两项补贴"), living.goes_by("disability_subsidies")
        (True, True, True)
        """
        return name in self.names or name in (self.id.partition(".")[0], self.term.zh.partition("·")[0])

    def every_amount(self) -> tuple[tuple[str, str, str], ...]:
        """Name, rule and kind of all its amounts."""
        return (*((name, key, "cash") for name, key in self.amounts), *self.other_amounts)


class NotEncoded(Record):
    """A provision that is left out on purpose, with the reason and the rule it may affect."""

    program: str
    cites: tuple[Cite, ...]
    why: str
    of: str


class Rulebook:
    """All rules and parameters for one place, compiled once.

    Load one with :meth:`load`; it never changes afterwards. :meth:`on` gives what is in force on a day.

    >>> book = Rulebook.load(place="haining")
    >>> book.place, [layer.id for layer in book.layers]
    ('haining', ['national', 'zhejiang', 'jiaxing', 'haining'])
    """

    def __repr__(self) -> str:
        laid_over = "".join(f", {name}" for name in (*self.overlays, *(reform.title.zh for reform in self.reforms)))
        return f"<Rulebook: {self.name.zh}, {self.place}{laid_over}, {self.digest[:12]}>"

    def __init__(
        self,
        *,
        name: Words,
        place: str,
        layers: tuple[Layer, ...],
        overlays: tuple[str, ...],
        decides_through: date | None,
        vocabulary: Vocabulary,
        names: Names,
        definitions: AnyMapping[str, Sequence[Definition]],
        sources: Sources,
        programs: tuple[Program, ...],
        accept: frozenset[str],
        models: tuple[type[Entity], ...],
        kinds: tuple[str, ...] = (),
        stacks: AnyMapping[str, Sequence[Stack]] | None = None,
        expected: tuple[Expected, ...] = (),
        not_encoded: tuple[NotEncoded, ...] = (),
        warnings: tuple[Problem, ...] = (),
        reforms: tuple[Reform, ...] = (),
    ) -> None:
        self.name, self.place, self.layers, self.overlays = name, place, layers, overlays
        self.decides_through, self.vocabulary, self.names = decides_through, vocabulary, names
        self.definitions, self.sources, self.programs = definitions, sources, programs
        self.accept, self.models, self.warnings = accept, models, warnings
        self.kinds = kinds or (vocabulary.root,)
        self.stacks, self.expected = stacks or {}, expected
        self.not_encoded, self.reforms = not_encoded, reforms
        self._segments: dict[int, RuleSet] = {}
        self.compiled: dict[int | str, object] = {}

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        place: str | None = None,
        overlays: Sequence[str | Path | AnyMapping[str, object]] = (),
        vocabulary: Sequence[type[Entity]] | None = None,
        accept: Iterable[str] = (),
        kind: str | None = None,
    ) -> Rulebook:
        """Read, check and compile a rulebook.

        ``path`` is a folder with ``rules/`` and ``policies/``; without it, the rulebook that ships with the library.
        ``place`` is the id of the lowest layer that applies (``"haining"``); without it, the last one of the manifest.
        ``overlays`` fill figures that are unknown: names of the rulebook's own overlays, files, or mappings of parameter names
        to values. ``vocabulary`` gives the case's root model where it is not the shipped household. ``accept`` lists
        statuses of figures (``"recalled"``, ``"illustrative"``) that may be computed with. ``kind`` is the kind of case it is to
        decide where the rulebook knows several: the shipped one decides ``"household"`` (unless said), ``"worker"``,
        ``"assessment"``, ``"estate"`` and ``"indicators"`` cases, each by rules of its own.

        A rulebook is a great many objects that all stay. A process that decides many cases by it does well to call
        ``gc.freeze()`` after the first of them: the collector of garbage then looks through none of it again.

        Raises :class:`RulebookProblems` with everything that is wrong in the files, and :class:`RequestProblems` for a place
        or overlay that does not exist.
        """
        from minzheng_rules.rulebook.loading import load

        # One name alone is meant as that name, not as its letters.
        overlays = [overlays] if isinstance(overlays, str) else overlays
        accept = [accept] if isinstance(accept, str) else accept
        return load(path, place=place, overlays=overlays, vocabulary=vocabulary, accept=accept, kind=kind)

    def reform(self, reform: Reform) -> Rulebook:
        """This rulebook with a reform laid over it; this one stays as it is.

        The result's digest, decisions and trails say which reform. Several may be laid one over another, if their ids differ.

        Raises :class:`RequestProblems` with everything that is wrong with it: a parameter or rule that does not exist, a value
        out of range, a reform that changes nothing on any day.

        >>> from minzheng_rules import Reform
        >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
        >>> higher = book.reform(Reform(title="低保标准提高五十元", changes={"低保标准": {"add": 50}}))
        >>> higher.reforms[0].title.zh, higher.digest == book.digest
        ('低保标准提高五十元', False)
        """
        from minzheng_rules.rulebook.reforming import reformed

        return reformed(self, reform)

    def with_programs(self, programs: Iterable[Program]) -> Rulebook:
        """The same rules with other programs: to ask for what no program of its own answers, such as incomes."""
        other = self.varied(
            names=self.names,
            definitions=self.definitions,
            layers=self.layers,
            reforms=self.reforms,
            programs=tuple(programs),
        )
        other.compiled.update({day: rules for day, rules in self.compiled.items() if isinstance(day, int)})
        return other

    def varied(
        self,
        *,
        names: Names,
        definitions: AnyMapping[str, Sequence[Definition]],
        layers: tuple[Layer, ...],
        reforms: tuple[Reform, ...],
        programs: tuple[Program, ...] | None = None,
    ) -> Rulebook:
        """The same rulebook with other names, rules, layers or programs."""
        other = Rulebook(
            name=self.name,
            place=self.place,
            layers=layers,
            overlays=self.overlays,
            decides_through=self.decides_through,
            vocabulary=self.vocabulary,
            names=names,
            definitions=definitions,
            sources=self.sources,
            programs=self.programs if programs is None else programs,
            accept=self.accept,
            models=self.models,
            kinds=self.kinds,
            stacks=self.stacks,
            expected=self.expected,
            not_encoded=self.not_encoded,
            warnings=self.warnings,
            reforms=reforms,
        )
        if "intake" in self.compiled:
            other.compiled["intake"] = self.compiled["intake"]
        return other

    # -- days ----------------------------------------------------------------------------------------------------

    @cached_property
    def boundaries(self) -> tuple[date, ...]:
        """Every day on which some rule or parameter begins or has just ended, in order."""
        days: set[date] = set()
        for versions in self.definitions.values():
            for definition in versions:
                declaration = definition.declaration
                if declaration.start is not None:
                    days.add(declaration.start)
                if declaration.end is not None:
                    days.add(date.fromordinal(declaration.end.toordinal() + 1))
                days |= self.sources.boundaries(declaration.cites)
        for stacks in self.stacks.values():
            for stack in stacks:
                days |= self.sources.boundaries(stack.cites)
        for parameter in self.parameters.values():
            days |= parameter.boundaries()
        return tuple(sorted(days))

    @property
    def model(self) -> type[Entity]:
        """The root model of the cases it decides, with the facts its programs add."""
        return self.vocabulary.kinds[self.vocabulary.root].model

    @property
    def parameters(self) -> dict[str, Parameter]:
        """All parameters by id."""
        return self.names.parameters

    def segment(self, day: date) -> int:
        """Which stretch of days without any change a day lies in."""
        return bisect_right(self.boundaries, day)

    def on(self, day: date) -> RuleSet:
        """The rules and parameters in force on a day."""
        segment = self.segment(day)
        found = self._segments.get(segment)
        if found is None:
            first = self.boundaries[segment - 1] if segment else date.min
            found = self._segments[segment] = RuleSet(
                max(first, date.min),
                self.definitions,
                self.parameters,
                self.sources,
                self.layers,
                self.accept,
                self.stacks,
            )
        return found

    def program(self, id: str) -> Program:
        """The program of that id, Chinese term or other name.

        >>> Rulebook.load(place="haining").program("低保").id
        'dibao'
        """
        for program in self.programs:
            if id in program.names:
                return program
        raise self._no_program(id)

    def programs_named(self, name: str) -> tuple[Program, ...]:
        """The programs that go by a name: one, or the several answers of one file.

        >>> [program.id for program in Rulebook.load(place="haining").programs_named("残疾人两项补贴")]
        ['disability_subsidies.living', 'disability_subsidies.nursing']
        """
        found = tuple(program for program in self.programs if program.goes_by(name))
        if not found:
            raise self._no_program(name)
        return found

    def chosen(self, names: Iterable[str]) -> tuple[Program, ...]:
        """The programs that go by some names, each once, in the order they are named."""
        names = [names] if isinstance(names, str) else names
        return tuple(dict.fromkeys(program for name in names for program in self.programs_named(name)))

    def _no_program(self, name: str) -> RequestProblems:
        near = nearest(name, [known for p in self.programs for known in p.names])
        return RequestProblems(
            [
                Problem(
                    "request.program",
                    Words(f"没有“{name}”这个项目", f"there is no program `{name}`"),
                    Place(),
                    Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                    if near
                    else Words(
                        "可选：" + "、".join(p.id for p in self.programs),
                        "possible: " + ", ".join(p.id for p in self.programs),
                    ),
                )
            ]
        )

    @cached_property
    def digest(self) -> str:
        """A SHA-256 over everything that can change a decision: rules, parameters, citations in force, layers, vocabulary.

        Names, notes, comments and the order of files do not change it.
        """
        from minzheng_rules.rulebook.digest import canonical

        return hashlib.sha256("\n".join(canonical(self)).encode()).hexdigest()
