"""What a rulebook comes to for a whole population, and what a reform would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from minzheng_rules.case.days import named_day
from minzheng_rules.population.answers import Answers
from minzheng_rules.population.simulation.answering import (
    answer,
    answer_changed,
    chosen_programs,
    programs_reached,
)
from minzheng_rules.population.simulation.exact import Bounds, Total, Weights
from minzheng_rules.population.simulation.figures import (
    Figures,
    Gains,
    Hurdle,
    Line,
    Moves,
    change,
    figures,
    gains,
    hurdles,
    lines,
    moves,
)
from minzheng_rules.population.simulation.groups import Dimension, dimension_called, dimensions, measuring
from minzheng_rules.population.simulation.sheets import Sheet
from minzheng_rules.problems import Place, Problem, RequestProblems, Words
from minzheng_rules.rulebook.reforming import Effect, Reform, refuse_without_effect
from minzheng_rules.rulebook.rulebook import Program, Rulebook

if TYPE_CHECKING:
    from minzheng_rules.population.population import Population
    from minzheng_rules.population.simulation.examples import Example
    from minzheng_rules.population.simulation.unknowns import Unknowns


def simulate(
    population: Population,
    rulebook: Rulebook,
    reform: Reform | None = None,
    *,
    as_of: dt.date | str | None = None,
    programs: Sequence[str] | None = None,
    by: Mapping[str, Sequence[object]] | None = None,
    weights: Weights | Sequence[object] | None = None,
) -> Simulation:
    """What a rulebook comes to for a population on a day, and what a reform of it would change.

    ``as_of`` defaults to the day of the population. ``programs`` narrows the answer; ``by`` adds groupings to those of the data
    (``town``, ``size``, ``type``, ``decile``): a name, and one label for each household. ``weights`` are those of the
    population unless others are given, one for each household.

    Every number is exact. What is not settled is never counted as zero: caseloads and amounts are stated from at least to at
    most, with how many answers are open.

    Raises :class:`RequestProblems` if there is no date, or the reform changes nothing on that day.

    >>> from minzheng_rules import Rulebook
    >>> from minzheng_rules.population.population import Population
    >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
    >>> higher = Reform(title="低保标准提高五十元", changes={"低保标准": {"add": 50}})
    >>> county = Population.synthesize(40, seed=1)
    >>> simulation = simulate(county, book, higher, programs=["dibao"])
    >>> [effect.term for effect in simulation.effects]
    ['低保标准']
    >>> simulation.moves("dibao")[0].leave
    Fraction(0, 1)
    """
    if reform is not None and not isinstance(reform, Reform):
        said = type(reform).__name__
        what = Words(f"改革方案应是 Reform，这里是 {said}", f"a reform is a `Reform`, not a {said}")
        step = Words("文件请用 Reform.read(…) 读入", "read a file with `Reform.read(…)`")
        raise RequestProblems([Problem("simulation.reform", what, Place(), step)])
    day = day_of(population, as_of)
    population = population.on(day)
    chosen = chosen_programs(rulebook, programs)
    if not chosen:
        raise RequestProblems(
            [
                Problem(
                    "simulation.programs",
                    Words("没有要算的项目", "no program is asked for"),
                    Place(),
                    Words(
                        "请在 programs 中写出项目；不写就算全部",
                        "name some in `programs`; without it all are worked out",
                    ),
                )
            ]
        )
    weighing = Weights.of(weights, len(population)) if weights is not None else weights_of(population)
    measured = measuring(rulebook)
    measures = answer(population, measured, day, [p.id for p in measured.programs]) if measured.programs else None
    before = answer(population, rulebook, day, [program.id for program in chosen])
    changed, after = rulebook, before
    found: tuple[Effect, ...] = ()
    touched: frozenset[str] = frozenset()
    if reform is not None:
        changed = rulebook.reform(reform)
        found = refuse_without_effect(rulebook, changed, day)
        touched = programs_reached(rulebook, changed, day, found)
        after = answer_changed(population, changed, day, before, touched)
    return Simulation(
        population=population,
        rulebook=rulebook,
        reformed=changed,
        reform=reform,
        as_of=day,
        programs=chosen,
        before=before,
        after=after,
        touched=touched,
        effects=found,
        weights=weighing,
        dimensions=dimensions(population, rulebook, day, measures, weighing, by),
    )


def weights_of(population: Population) -> Weights:
    """The weights a population has; every household stands for itself where it has none."""
    if population.weights is None:
        return Weights.of(None, len(population))
    return Weights(population.weights, 10**population.weight_places)


def day_of(population: Population, as_of: dt.date | str | None) -> dt.date:
    """The day asked for, else the population's own. Raises :class:`RequestProblems` if there is none."""
    day = named_day(as_of) or population.as_of
    if day is None:
        what = Words("没有基准日：不知道按哪一天的规定裁断", "no date: it is not known by which day's rules to decide")
        step = Words("请给 as_of，例如 2025-06-01", "give `as_of`, as in 2025-06-01")
        raise RequestProblems([Problem("request.as-of", what, Place(), step)])
    return day


@dataclass(frozen=True, eq=False)
class Simulation:
    """What came out: for every program the caseload and the spending, and under a reform who enters, leaves, gains and loses.

    The numbers are worked out when asked for. :meth:`sheets` has them all as tables; printing the simulation gives the
    overview, :meth:`report` a page for somebody who decides.
    """

    population: Population = field(repr=False)
    rulebook: Rulebook
    reformed: Rulebook
    """The rulebook under the reform; the same as ``rulebook`` where there is none."""
    reform: Reform | None
    as_of: dt.date
    programs: tuple[Program, ...]
    before: Answers = field(repr=False)
    after: Answers = field(repr=False)
    touched: frozenset[str]
    """The programs the reform can reach; nobody's answer in any other can change."""
    effects: tuple[Effect, ...]
    weights: Weights = field(repr=False)
    dimensions: Mapping[str, Dimension] = field(repr=False)

    # -- numbers -----------------------------------------------------------------------------------------------------

    def figures(self, program: str, by: str = "all", *, baseline: bool = False) -> tuple[Figures, ...]:
        """Caseload and spending of one program by groups: under the reform, or before it."""
        found = self.program(program)
        answers = self.before if baseline else self.after
        return tuple(figures(answers, found.id, self.line(found.id), self.dimension(by), self.weights))

    def caseload(self, program: str, *, baseline: bool = False) -> Figures:
        """How many are eligible in one program, and what it costs, over all households."""
        return self.figures(program, baseline=baseline)[0]

    def spending(self, program: str, *, baseline: bool = False) -> Total:
        """What one program pays in the period it pays by, over all households."""
        return self.caseload(program, baseline=baseline).spending

    def moves(self, program: str, by: str = "all") -> tuple[Moves, ...]:
        """Who enters and who leaves one program, by groups."""
        return tuple(moves(self.before, self.after, self.program(program).id, self.dimension(by), self.weights))

    def gains(self, by: str = "all", *, programs: Sequence[str] | None = None) -> tuple[Gains, ...]:
        """Which households gain and lose cash a month, by groups: in some programs, or all the reform reaches together."""
        return tuple(gains(self.change(programs), self.dimension(by), self.weights))

    def hurdles(self, program: str, *, baseline: bool = False) -> list[Hurdle]:
        """Which conditions stand between those refused and one program, and how often one of them alone does."""
        return hurdles(self.before if baseline else self.after, self.program(program).id, self.weights)

    def unknowns(self, program: str, most: int = 40) -> Unknowns:
        """What keeps answers of one program open: read off the decisions of up to ``most`` of them."""
        from minzheng_rules.population.simulation.unknowns import unknowns

        return unknowns(self, self.program(program), most)

    def change(self, programs: Sequence[str] | None = None) -> Bounds:
        """By how much each household's monthly cash changes, in fen: in some programs, or all the reform reaches together."""
        chosen = self.monthly_lines if programs is None else self.lines_of(programs)
        return change(self.before, self.after, chosen)

    @cached_property
    def monthly_lines(self) -> tuple[Line, ...]:
        """The monthly cash amounts of the programs the reform reaches."""
        return self.lines_of([id for id in self.before.programs if id in self.touched])

    def lines_of(self, programs: Sequence[str]) -> tuple[Line, ...]:
        """The monthly cash amounts of some programs; nothing of one the reform cannot reach, where nothing changes."""
        asked = [self.program(name).id for name in programs]
        found = [line for id in asked if id in self.touched for line in lines(self.before.programs[id])]
        return tuple(line for line in found if line.kind == "cash" and line.period == "month")

    def line(self, program: str) -> Line | None:
        """What is added up as a program's spending: its cash, else its worth in services or vouchers, else nothing."""
        found = [line for line in lines(self.before.programs[program]) if line.paid]
        return min(found, key=lambda line: (line.kind != "cash", line.period != "month")) if found else None

    def program(self, name: str) -> Program:
        """One of the programs simulated, by id or name."""
        found = self.rulebook.program(name)
        if found not in self.programs:
            what = Words(f"这次没有算“{found.term.zh}”", f"`{found.id}` was not simulated")
            step = Words("请把它写进 simulate 的 programs", "name it in the `programs` of simulate()")
            raise RequestProblems([Problem("simulation.program", what, Place(), step)])
        return found

    def dimension(self, by: str) -> Dimension:
        """A grouping, by id or word."""
        return dimension_called(by, self.dimensions)

    @property
    def groupings(self) -> tuple[str, ...]:
        """The ids of the groupings there are, without that of all."""
        return tuple(id for id in self.dimensions if id != "all")

    @property
    def changed_programs(self) -> tuple[Program, ...]:
        """The programs the reform reaches, of those simulated."""
        return tuple(program for program in self.programs if program.id in self.touched)

    # -- tables ------------------------------------------------------------------------------------------------------

    def overview(self) -> Sheet:
        """One line for each program: caseload and spending, and how they change."""
        from minzheng_rules.population.simulation.tables import overview

        return overview(self)

    def sheets(self, by: Sequence[str] | None = None) -> tuple[Sheet, ...]:
        """Every table of results; ``by`` names the groupings, all there are if it is not given."""
        from minzheng_rules.population.simulation.tables import every

        return tuple(every(self, self.groupings if by is None else by))

    def winners(self) -> Sheet:
        """Who gains and who loses in each program: how many households, and how much."""
        from minzheng_rules.population.simulation.tables import winners_by_program

        return winners_by_program(self)

    def examples(self, program: str, count: int = 10) -> tuple[Example, ...]:
        """Households worth looking at, each decided before and after with its reasons: who enters, leaves, gains, loses."""
        from minzheng_rules.population.simulation.examples import examples

        return examples(self, self.program(program).id, count)

    def report(
        self, *, program: str | None = None, by: Sequence[str] | None = None, lang: str = "zh", command: str = ""
    ) -> str:
        """An HTML page for somebody who decides: self-contained, offline, with charts and example households."""
        from minzheng_rules.population.simulation.report import report

        return report(self, program=program, by=by, lang=lang, command=command)

    def __repr__(self) -> str:
        asked = "the rules in force" if self.reform is None else self.reform.title.zh
        return (
            f"<Simulation: {asked}, {self.as_of}, {len(self.population):,} households, {len(self.programs)} programs>"
        )

    def __str__(self) -> str:
        from minzheng_rules.population.simulation.tables import summary

        return summary(self, "zh")

    def say(self, lang: str = "zh") -> str:
        """The overview as text."""
        from minzheng_rules.population.simulation.tables import summary

        return summary(self, lang)

    def _repr_html_(self) -> str:
        return self.overview()._repr_html_()
