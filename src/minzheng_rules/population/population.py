"""A population: many households in tables, checked as cases are, with every row ready to be a case again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from minzheng_rules.case.case import Case
from minzheng_rules.case.days import named_day
from minzheng_rules.case.entity import Entity
from minzheng_rules.population.columns import Columns
from minzheng_rules.population.intake.frames import as_frame
from minzheng_rules.population.intake.headers import Declared, Given
from minzheng_rules.population.intake.layout import layouts, nearest_table, table_called
from minzheng_rules.population.intake.rebuilding import entered
from minzheng_rules.population.intake.rows import Rows
from minzheng_rules.population.intake.taking import (
    MOST_PROBLEMS,
    WEIGHT_PLACES,
    Progress,
    SetAside,
    Taken,
    settled_columns,
    take,
    with_cases,
)
from minzheng_rules.population.intake.unpacking import unpack
from minzheng_rules.population.intake.values import Texts
from minzheng_rules.problems import Problem, RequestProblems, Words

if TYPE_CHECKING:
    from minzheng_rules.population.answers import Answers
    from minzheng_rules.population.synthesis import Assumptions
    from minzheng_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True, eq=False)
class Population:
    """Many households with their members and all that belongs to them, as tables.

    Make one with :meth:`from_tables`, :meth:`read`, :meth:`from_cases` or :meth:`synthesize`. It never changes.

    >>> households = {"household_id": ["a", "b"]}
    >>> members = {"household_id": ["a", "b", "b"], "relation": ["applicant", "本人", "spouse"], "lives_here": [True, None, False]}
    >>> people = Population.from_tables(households, members, as_of="2025-06-01", unknown=["rest"])
    >>> len(people), people.persons, people.case("b").root.members[1].lives_here
    (2, 3, False)
    """

    model: type[Entity]
    """The root model of its cases."""
    as_of: dt.date | None
    """The day the tables describe; no date in them lies after it unless it may."""
    columns: Columns
    """What is known of everybody, as numbers."""
    ids: pl.Series
    """The id of each household."""
    weights: NDArray[np.int64] | None
    """For how many households each one stands, times ``10 ** weight_places``; ``None`` where the tables give no weights."""
    weight_places: int
    towns: pl.Series
    """The town of each household, null where it is not known."""
    set_aside: SetAside
    """The households that were left out because something is wrong with them."""
    invented: Words | None = None
    """What to say wherever results show, of a population that is made up."""
    _stated: Mapping[str, Rows] = field(default_factory=dict, repr=False)
    _texts: tuple[str, ...] = field(default=(), repr=False)
    _cases: Mapping[int, Case] = field(default_factory=dict, repr=False)

    @classmethod
    def from_tables(
        cls,
        households: object,
        members: object = None,
        *,
        vocabulary: Rulebook | type[Entity] | None = None,
        as_of: dt.date | str | None = None,
        unknown: Iterable[str] = (),
        declared_none: Iterable[str] = (),
        ignoring: Collection[str] = (),
        set_aside: bool = False,
        limit: int = MOST_PROBLEMS,
        progress: Progress | None = None,
        invented: Words | None = None,
        **lists: object,
    ) -> Population:
        """A population from tables: Polars, pandas, Arrow or anything with the Arrow C interface, or mappings of columns.

        ``households`` has one row per household and ``household_id``; ``members`` one per member, with the ``household_id`` and,
        where other tables speak of members, a ``member_id`` that is unique in the household. Other lists are tables of their own
        by name: ``wages`` (of members, with ``household_id`` and ``member_id``), ``vehicles``, ``supporters`` … ``supporters_wages``.
        Columns are called as the vocabulary calls the facts, in English or Chinese, and so are enumerated values. ``weight`` and
        ``town`` are columns of the households.

        A null is unknown. A column or table that is missing is an error unless its name is in ``unknown`` (``"rest"`` for all
        that is not there) or in ``declared_none``. Nobody's list is empty because it has no rows: a household says so in the
        column ``declared_none`` or with a count (``wages_count`` 0), or the caller says it of all who do not state otherwise
        with ``declared_none=["wages"]``.

        Raises :class:`~minzheng_rules.population.intake.taking.PopulationProblems` with up to ``limit`` problems, each with table,
        row (from 1), column and value. With ``set_aside`` whole households with problems are left out instead and listed in
        :attr:`set_aside`. ``progress`` is told how many of how many doubtful households have been looked at.
        """
        given = {"households": households, "members": members, **lists}
        return cls.from_given(
            {name: table for name, table in given.items() if table is not None},
            vocabulary=vocabulary,
            as_of=as_of,
            unknown=unknown,
            declared_none=declared_none,
            ignoring=ignoring,
            set_aside=set_aside,
            limit=limit,
            progress=progress,
            invented=invented,
        )

    @classmethod
    def from_given(
        cls,
        tables: Mapping[str, object],
        *,
        labels: Mapping[str, tuple[str, int]] | None = None,
        vocabulary: Rulebook | type[Entity] | None = None,
        as_of: dt.date | str | None = None,
        unknown: Iterable[str] = (),
        declared_none: Iterable[str] = (),
        ignoring: Collection[str] = (),
        set_aside: bool = False,
        limit: int = MOST_PROBLEMS,
        progress: Progress | None = None,
        invented: Words | None = None,
    ) -> Population:
        """The same from tables by name; ``labels`` gives what messages call each, and the line of its first row."""
        model = model_of(vocabulary)
        given: dict[str, Given] = {}
        known, problems = layouts(model), []
        for name, table in tables.items():
            layout = known[""] if name == "households" else table_called(name, known)
            if layout is None:
                problems.append(_no_such_table(name, nearest_table(name, known)))
                continue
            if layout.path in given:
                problems.append(_table_twice(name, given[layout.path].label))
                continue
            label, first = (labels or {}).get(name, (layout.name, 1))
            given[layout.path] = Given(layout, as_frame(table, name), label, first)
        if problems:
            raise RequestProblems(problems)
        day = named_day(as_of)
        taken = take(
            given,
            model,
            Declared(_several(unknown), _several(declared_none)),
            day,
            ignoring=_several(ignoring),
            set_aside=set_aside,
            limit=limit,
            progress=progress,
        )
        return cls._of(taken, model, day, invented)

    @classmethod
    def _of(cls, taken: Taken, model: type[Entity], day: dt.date | None, invented: Words | None) -> Population:
        weights, places = _fewest_places(taken.weights)
        return cls(
            model=model,
            as_of=day,
            columns=taken.columns,
            ids=taken.ids,
            weights=weights,
            weight_places=places,
            towns=taken.towns,
            set_aside=taken.set_aside,
            invented=invented,
            _stated=taken.stated,
            _texts=taken.texts,
            _cases=taken.cases,
        )

    @classmethod
    def from_cases(cls, cases: Iterable[Case], *, ids: Sequence[str] | None = None) -> Population:
        """A population of cases that were made already: slow, for tests and small ones. All have one kind and one date.

        >>> case = Case.parse({"members": [{"relation": "applicant"}]})
        >>> Population.from_cases([case, case]).persons
        2
        """
        made = list(cases)
        model = type(made[0].root) if made else model_of(None)
        tables, texts = layouts(model), Texts()
        rows = unpack(((number, case.root) for number, case in enumerate(made)), tables, texts)
        columns = settled_columns(rows, dict(enumerate(made)), texts, tables)
        names = ids if ids is not None else [case.root.id or str(number + 1) for number, case in enumerate(made)]
        return cls(
            model=model,
            as_of=made[0].as_of if made else None,
            columns=columns,
            ids=pl.Series(names, dtype=pl.String),
            weights=None,
            weight_places=0,
            towns=pl.Series([None] * len(made), dtype=pl.String),
            set_aside=SetAside((), ()),
            _stated=rows,
            _texts=tuple(texts.listed()),
            _cases=dict(enumerate(made)),
        )

    @classmethod
    def read(
        cls,
        *paths: str | Path,
        vocabulary: Rulebook | type[Entity] | None = None,
        as_of: dt.date | str | None = None,
        unknown: Iterable[str] = (),
        declared_none: Iterable[str] = (),
        ignoring: Collection[str] = (),
        set_aside: bool = False,
        limit: int = MOST_PROBLEMS,
        progress: Progress | None = None,
        encoding: str | None = None,
    ) -> Population:
        """A population from files: a folder of CSV or Parquet files, an Excel workbook with a sheet per table, or single files.

        Files and sheets are called as their tables (``members.csv``, ``申报成员.csv``). A folder may hold a ``population.yaml`` that says
        ``as_of``, ``unknown``, ``declared_none`` and ``ignoring`` for it, and whether it is ``invented``; what is given here is added.

        CSV files are read as UTF-8, and those that are none as GB18030, which Chinese Excel writes, unless ``encoding`` is given.
        """
        from minzheng_rules.population.intake.files import read_files

        found = read_files([Path(path) for path in paths], encoding)
        unknown, declared_none, ignoring = _several(unknown), _several(declared_none), _several(ignoring)
        return cls.from_given(
            found.tables,
            labels=found.labels,
            vocabulary=vocabulary,
            as_of=as_of if as_of is not None else found.as_of,
            unknown=(*found.unknown, *unknown),
            declared_none=(*found.declared_none, *declared_none),
            ignoring=(*found.ignoring, *ignoring),
            set_aside=set_aside,
            limit=limit,
            progress=progress,
            invented=found.invented,
        )

    @classmethod
    def synthesize(
        cls,
        households: int = 1000,
        seed: int = 1,
        *,
        as_of: dt.date | str = "2025-06-01",
        assumptions: Assumptions | None = None,
    ) -> Population:
        """An invented county; see :mod:`minzheng_rules.population.synthesis` for every assumption it is made by.

        >>> people = Population.synthesize(50, seed=7)
        >>> len(people), people.invented.en[:8]
        (50, 'invented')
        """
        from minzheng_rules.population.synthesis import synthesize

        return synthesize(households, seed, as_of=as_of, assumptions=assumptions)

    def __repr__(self) -> str:
        day = "no date" if self.as_of is None else self.as_of.isoformat()
        made_up = ", invented" if self.invented is not None else ""
        return f"<Population: {len(self):,} households, {self.persons:,} members, {day}{made_up}>"

    def __len__(self) -> int:
        """How many households there are."""
        return self.columns.households

    @property
    def persons(self) -> int:
        """How many members they have."""
        return self.columns.persons()

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {id: number for number, id in enumerate(self.ids.to_list())}

    def number(self, household: int | str) -> int:
        """The number of a household, from its number or its id. Raises :class:`KeyError`."""
        if isinstance(household, int | np.integer):
            if not 0 <= household < len(self):
                raise KeyError(f"there is no household number {household}; there are {len(self)}")
            return int(household)
        if household not in self._numbers:
            raise KeyError(f"there is no household {household}")
        return self._numbers[household]

    def case(self, household: int | str) -> Case:
        """One household as a case, by number (from 0) or id, to be decided and explained."""
        number = self.number(household)
        known = self._cases.get(number)
        if known is not None:
            return known if self.as_of in (None, known.as_of) else known.on(self.as_of)
        return Case.of(self.model.model_validate(entered(self._stated, number, list(self._texts))), as_of=self.as_of)

    def row_ids(self, path: str) -> pl.Series | None:
        """The ids of a table's rows, null where they have none; ``None`` where the table cannot say."""
        rows = self._stated.get(path)
        table = self.columns.tables.get(path)
        if not path:
            return self.ids
        return rows.ids if rows is not None and table is not None and rows.count == table.count else None

    def to_tables(self, lang: str = "en") -> dict[str, pl.DataFrame]:
        """The population as tables again, by name: what was stated, with counts and declarations, headings in a language.

        >>> Population.synthesize(3, seed=1).to_tables()["members"].columns[:3]
        ['household_id', 'member_id', 'birth_date']
        """
        from minzheng_rules.population.outputs.stated import stated_tables

        stated, texts = with_cases(self._stated, self._cases, self._texts, self.model)
        return stated_tables(stated, texts, self.weights, self.weight_places, self.towns, lang)

    def cases(self) -> Iterator[Case]:
        """All households as cases, one after another."""
        return (self.case(number) for number in range(len(self)))

    def on(self, as_of: dt.date | str) -> Population:
        """The same population for another day, checked against it. Raises :class:`PopulationProblems`."""
        from minzheng_rules.population.intake.taking import wrong_on

        day = named_day(as_of)
        if day is not None and day != self.as_of:
            wrong_on(self._stated, day, self.case)
        return replace(self, as_of=day)

    def decide(
        self, rulebook: Rulebook, as_of: dt.date | str | None = None, programs: Iterable[str] | None = None
    ) -> Answers:
        """What a rulebook says about everybody, by the population engine: the same answers, to the fen, as one by one."""
        from minzheng_rules.population.deciding import decide_population

        return decide_population(self if as_of is None else self.on(as_of), rulebook, programs)


def model_of(vocabulary: Rulebook | type[Entity] | None) -> type[Entity]:
    """The root model of a vocabulary: a rulebook's, a model itself, or the shipped household."""
    if vocabulary is None:
        from minzheng_rules.case.household import Household

        return Household
    return vocabulary if isinstance(vocabulary, type) else vocabulary.model


def _several(names: Iterable[str]) -> tuple[str, ...]:
    """Names as a tuple; one name alone is meant as that name, not as its letters."""
    return (names,) if isinstance(names, str) else tuple(names)


def _fewest_places(weights: NDArray[np.int64] | None) -> tuple[NDArray[np.int64] | None, int]:
    """The weights as whole numbers with as few decimals as they need."""
    if weights is None:
        return None, 0
    for places in range(WEIGHT_PLACES):
        by = 10 ** (WEIGHT_PLACES - places)
        if not (weights % by).any():
            return weights // by, places
    return weights, WEIGHT_PLACES


def _no_such_table(name: str, guess: str | None) -> Problem:
    return Problem(
        "table.unknown",
        Words(f"没有“{name}”这张表", f"there is no table {name}"),
        next_step=Words(f"是否指“{guess}”？", f"did you mean {guess}?") if guess else None,
    )


def _table_twice(name: str, first: str) -> Problem:
    return Problem(
        "table.twice",
        Words(f"“{name}”和“{first}”是同一张表", f"{name} and {first} are the same table"),
        next_step=Words("合成一张", "put them together"),
    )
