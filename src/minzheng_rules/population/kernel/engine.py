"""The population engine: the rules of a day, run on columns with the same answers as :func:`~minzheng_rules.decide`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.evaluator.deciding import compiled_on
from minzheng_rules.population.answers import Answers
from minzheng_rules.population.columns import Columns
from minzheng_rules.population.kernel.answering import answers_of
from minzheng_rules.population.kernel.compiled import Compiled, compiled
from minzheng_rules.population.kernel.curves.curve import NotStraight
from minzheng_rules.population.kernel.curves.runs import runs_of
from minzheng_rules.population.kernel.curves.tallying import Tally, tallies_along
from minzheng_rules.population.kernel.joining import joined_answers, moved_by
from minzheng_rules.population.kernel.printing import Printer
from minzheng_rules.population.kernel.profiling import profile_of
from minzheng_rules.population.kernel.running import Held, run, run_varied
from minzheng_rules.population.lowering.lowering import Lowering, RuleAt
from minzheng_rules.population.lowering.plan import Node
from minzheng_rules.population.lowering.profile import Cell, Figures, Profile, figures_of, fits, shapes_of, widened
from minzheng_rules.population.lowering.programs import PlannedProgram, ProgramLowering
from minzheng_rules.population.lowering.values import NotLowered
from minzheng_rules.problems import Place, Problem, RequestProblems, Words
from minzheng_rules.rulebook.rulebook import Program, Rulebook

Named = tuple[tuple[str, tuple[str, ...]], ...]
"""By program some of its amounts."""
Settings = Mapping[str | Cell, int | Fraction]
"""Other figures than the rulebook's, by parameter id, or by id and key; in internal units: money in fen."""


WORTH_LEAVING_OUT = 0.7
"""Up to which share of households it pays to set apart those whose answers move."""


class Engine:
    """A rulebook's rules on one day, for whole populations.

    ``programs`` narrows what is worked out. A rule that has no columnar form is refused when the engine is first used, with a
    :class:`~minzheng_rules.problems.RequestProblems` that names the rule and says why.

    >>> import datetime as dt
    >>> from minzheng_rules import Case, Rulebook
    >>> from minzheng_rules.population.cases import columns_of
    >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
    >>> case = Case.parse({"members": [{"relation": "本人", "declared_none": ["income"]}]})
    >>> engine = Engine(book, dt.date(2025, 6, 1), programs=["dibao"])
    >>> answers = engine.decide(columns_of([case], book))
    >>> answers.row(0)["dibao"][0]["status"]
    'undetermined'
    """

    def __init__(self, rulebook: Rulebook, as_of: dt.date, programs: Iterable[str] | None = None) -> None:
        self.rulebook, self.as_of = rulebook, as_of
        self.rules = compiled_on(rulebook, as_of).rules
        self.programs: tuple[Program, ...] = rulebook.programs if programs is None else rulebook.chosen(programs)
        self.figures: dict[Cell, int | Fraction] = figures_of(self.rules)
        """The numbers among the parameters, by parameter and key, in internal units (fen): what settings may replace."""
        kept = rulebook.compiled.setdefault("population", {})
        assert isinstance(kept, dict)
        self._compiled: dict[Any, Compiled] = kept
        self.source = ""
        """The NumPy source of the last run, to be read."""

    @property
    def too_late(self) -> bool:
        """Whether the day lies after the last one the rulebook decides."""
        through = self.rulebook.decides_through
        return through is not None and self.as_of > through

    def decide(
        self,
        columns: Columns,
        parameters: Settings | None = None,
        *,
        reasons: bool = True,
        threads: int | None = None,
    ) -> Answers:
        """The answers for every household.

        ``parameters`` gives other figures than the rulebook's; nothing is compiled anew for them. ``reasons`` says whether what
        stands in the way is worked out too. ``threads`` is on how many cores; all, if nothing is said.

        Raises :class:`~minzheng_rules.problems.CaseProblems` if a column holds what its fact cannot be.
        """
        figures = self._replaced(parameters)
        made = self.compiled(profile_of(columns), shapes_of(self.rules, figures), reasons)
        outputs, _ = run(made, columns, made.prepare(self._given(made, columns, figures)), threads)
        return self._answers(made, columns, outputs, reasons)

    def hold(
        self,
        columns: Columns,
        varying: Iterable[str | Cell],
        *,
        reasons: bool = False,
        threads: int | None = None,
        parameters: Settings | None = None,
        settled: frozenset[RuleAt] = frozenset(),
    ) -> HeldPopulation:
        """Everything that does not depend on some figures, worked out once: answers for other figures then come quickly.

        ``varying`` names the parameters; of one with several cells all vary, unless cells are named. ``settled`` are rules of
        which it is known that they come to the same for every row here, at ``parameters`` and at every setting asked for.
        """
        cells = frozenset(cell for name in varying for cell in self._cells(name))
        figures = self._replaced(parameters)
        return _held(self, columns, cells, figures, shapes_of(self.rules, figures), reasons, threads, settled)

    def sweep(
        self, columns: Columns, settings: Sequence[Settings], *, reasons: bool = False, threads: int | None = None
    ) -> Iterator[Answers]:
        """The answers for each of several settings of figures; what depends on none of them is worked out once."""
        names = list(dict.fromkeys(name for setting in settings for name in setting))
        spanned = None if reasons else self.between(columns, settings, threads)
        base = None if spanned is None else spanned.answers
        moving = None if base is None else moved_by(base)
        if base is None or moving is None or moving.mean() > WORTH_LEAVING_OUT:
            held = self.hold(columns, names, reasons=reasons, threads=threads)
            yield from map(held.decide, settings)
            return
        held = self.hold(columns.take(np.flatnonzero(moving)), names, threads=threads)
        for setting in settings:
            yield joined_answers(base, held.decide(setting), moving)

    def narrowed(self, amounts: Mapping[str, Collection[str]]) -> Engine:
        """The same, asked for nothing but the statuses of its programs and, of each, the amounts named.

        A program without conditions is decided by its amounts, or results: those it keeps.
        """
        engine = copy(self)
        engine.programs = tuple(_narrowed(program, amounts.get(program.id, ())) for program in self.programs)
        return engine

    def between(self, columns: Columns, settings: Sequence[Settings], threads: int | None = None) -> Spanned | None:
        """The answers where each figure is anything between its least and its greatest: what is settled then is so in every
        setting, and need not be worked out again. ``None`` where a setting leaves a figure unknown."""
        replaced = [self._replaced(setting) for setting in settings]
        cells = self._known_cells(settings, replaced)
        if not cells:
            return None
        figures = {**self.figures, **{cell: min(r[cell] for r in replaced) for cell in cells}}
        highs = {cell: max(r[cell] for r in replaced) for cell in cells}
        shapes = self._wide_enough(replaced, cells)
        made = self.compiled(profile_of(columns), shapes, False, spanning=cells)
        outputs, _ = run(made, columns, made.prepare(self._given(made, columns, figures, highs)), threads)
        settled = {rule: outputs[made.place[node.number]] for rule, node in made.settling}
        return Spanned(self._answers(made, columns, outputs, False), columns, settled)

    def tally(
        self,
        columns: Columns,
        settings: Sequence[Settings],
        amounts: Mapping[str, Collection[str]],
        weights: npt.NDArray[np.int64] | None = None,
        threads: int | None = None,
    ) -> list[dict[str, Tally]] | None:
        """What each program comes to over all households in each of several settings, and the sum of those of its amounts that are named.

        ``weights`` says of each household how many it stands for. Everything is worked out once for all settings, along a figure
        that goes up; ``None`` where that cannot be done, or does not pay.
        """
        replaced = [self._replaced(setting) for setting in settings]
        cells = self._known_cells(settings, replaced)
        if not cells:
            return None
        shapes = self._wide_enough(replaced, cells)
        named = tuple((program.id, tuple(amounts.get(program.id, ()))) for program in self.programs)
        runs = runs_of([{cell: figures[cell] for cell in cells} for figures in replaced], shapes)
        if not runs:
            return None
        try:
            made = self.compiled(profile_of(columns), shapes, False, cells, tallied=named)
            given = self._given(made, columns, self.figures)
            prepared = [
                (run.values, [made.prepare(self._given_with(made, given, one)) for one in run.settings]) for run in runs
            ]
            found = tallies_along(made, columns, prepared, weights, threads)
        except (NotStraight, NotLowered):
            return None
        by_place = {
            place: tally
            for run, tallies in zip(runs, found, strict=True)
            for places, tally in zip(run.places, tallies, strict=True)
            for place in places
        }
        return [by_place[place] for place in range(len(settings))]

    # -- compiling -----------------------------------------------------------------------------------------------

    def compiled(
        self,
        profile: Profile,
        shapes: Figures,
        reasons: bool = True,
        varying: frozenset[Cell] = frozenset(),
        spanning: frozenset[Cell] = frozenset(),
        settled: frozenset[RuleAt] = frozenset(),
        tallied: Named | None = None,
    ) -> Compiled:
        """The rules compiled for populations of a profile; kept with the rulebook, so that the next run finds them.

        With ``tallied`` nothing comes out but what is counted, and the sums of the amounts named for each program.
        """
        segment = self.rulebook.segment(self.as_of)
        asked = tuple((p.id, p.every_amount(), p.results, p.payable_from) for p in self.programs)
        key = (segment, self.too_late, asked, profile, shapes, reasons, varying, spanning, settled, tallied)
        found = self._compiled.get(key)
        if found is None:
            if tallied is not None:
                found = self._compile_tallies(profile, shapes, varying, dict(tallied))
            else:
                found = self._compile(profile, shapes, reasons, varying, spanning, settled)
            self._compiled[key] = found
        self.source = found.printed.source
        return found

    def _compile(
        self,
        profile: Profile,
        shapes: Figures,
        reasons: bool,
        varying: frozenset[Cell],
        spanning: frozenset[Cell],
        settled: frozenset[RuleAt],
    ) -> Compiled:
        lowering = Lowering(self.rules, self.rulebook.names, profile, shapes, spanning)
        programs = self._lowered(lowering, profile)
        nodes: dict[int, Node] = {}
        for planned in programs:
            nodes.update((node.number, node) for node in planned.nodes(reasons))
        settling = lowering.settling() if spanning else ()
        nodes.update((node.number, node) for _, node in settling)
        known = lowering.settled_at(settled)
        printed = Printer(lowering.plan, list(nodes.values()), profile.columns, varying, known).printed()
        title = f"population rules of {self.as_of}"
        return compiled(printed, programs, shapes, tuple(lowering.texts), title, settling)

    def _compile_tallies(
        self, profile: Profile, shapes: Figures, varying: frozenset[Cell], amounts: Mapping[str, Collection[str]]
    ) -> Compiled:
        """A plan of which nothing comes out but what is counted and added up."""
        lowering = Lowering(self.rules, self.rulebook.names, profile, shapes)
        planner, tallies = ProgramLowering(lowering, self.too_late), []
        for program in self.programs:
            paths = self._paths(profile, program.subject)
            if len(paths) != 1:
                raise NotLowered("对象不在一张表中", "subjects that do not stand in one table")
            tallies.append(planner.tally(program, paths[0], amounts[program.id]))
        nodes = {node.number: node for one in tallies for node, _ in (*one.truths(), *one.numbers())}
        printed = Printer(lowering.plan, list(nodes.values()), profile.columns, varying).printed()
        title = f"tallies of the population rules of {self.as_of}"
        return compiled(printed, (), shapes, tuple(lowering.texts), title, tallies=tuple(tallies))

    def _lowered(self, lowering: Lowering, profile: Profile) -> tuple[PlannedProgram, ...]:
        """Every program for every table its subjects stand in; all that cannot be lowered is told together."""
        planner = ProgramLowering(lowering, self.too_late)
        programs, problems = [], []
        for program in self.programs:
            for path in self._paths(profile, program.subject):
                try:
                    programs.append(planner.program(program, path))
                except NotLowered as why:
                    problems.append(_not_lowered(program, why))
        if problems:
            raise RequestProblems(problems)
        return tuple(programs)

    def _paths(self, profile: Profile, kind: str) -> list[str]:
        names = self.rulebook.names
        return [path for path, shape in profile.tables if shape.kind == kind or names.is_kind(shape.kind, kind)]

    # -- figures -------------------------------------------------------------------------------------------------

    def _cells(self, name: str | Cell) -> list[Cell]:
        """The cells a name stands for."""
        if not isinstance(name, str):
            return [name]
        return [cell for cell in self.figures if cell[0] == name] or [(name, ())]

    def _known_cells(
        self, settings: Sequence[Settings], replaced: Sequence[Mapping[Cell, int | Fraction]]
    ) -> frozenset[Cell]:
        """The cells that settings name; none where a setting leaves one of them unknown."""
        cells = frozenset(cell for setting in settings for name in setting for cell in self._cells(name))
        return cells if all(cell in figures for cell in cells for figures in replaced) else frozenset()

    def _wide_enough(self, replaced: Sequence[dict[Cell, int | Fraction]], cells: Collection[Cell]) -> Figures:
        """The form in which every value of some figures goes into one plan."""
        least = {**self.figures, **{cell: min(figures[cell] for figures in replaced) for cell in cells}}
        shapes = shapes_of(self.rules, least)
        for cell, value in ((cell, figures[cell]) for figures in replaced for cell in cells):
            shapes = shapes if fits(shapes, cell, value) else widened(shapes, cell, value)
        return shapes

    def _replaced(self, settings: Settings | None) -> dict[Cell, int | Fraction]:
        """The rulebook's figures with others in their place."""
        figures, problems = dict(self.figures), []
        for name, value in (settings or {}).items():
            cell: Cell = (name, ()) if isinstance(name, str) else name
            parameter = self.rules.parameters.get(cell[0])
            if parameter is None or cell[1] not in parameter.figures:
                problems.append(_no_such_cell(cell))
            figures[cell] = value
        if problems:
            raise RequestProblems(problems)
        return figures

    def _given(
        self,
        made: Compiled,
        columns: Columns,
        figures: Mapping[Cell, int | Fraction],
        highs: Mapping[Cell, int | Fraction] | None = None,
    ) -> list[int]:
        """What is the same for all rows, in the order in which the plan asks for it."""
        places = {text: place for place, text in enumerate(columns.texts)} if made.texts else {}
        given = []
        for node in made.printed.scalars:
            kind, *rest = node.data
            if kind == "as_of":
                given.append(self.as_of.toordinal())
            elif kind == "text":
                # A text nobody has stated stands behind those of the population.
                given.append(places.get(rest[0], len(columns.texts) + made.texts.index(rest[0])))
            else:
                cell = (rest[0], rest[1])
                source = (highs or {}) if kind == "figure_high" else figures
                given.append(int(Fraction(source[cell]) * made.figures.by_cell[cell].scale))
        return given

    def _given_with(self, made: Compiled, given: list[int], setting: Mapping[Cell, int | Fraction]) -> list[int]:
        """The same with other figures."""
        return [
            int(Fraction(setting[rest[0], rest[1]]) * made.figures.by_cell[rest[0], rest[1]].scale)
            if kind == "figure" and (rest[0], rest[1]) in setting
            else before
            for (kind, *rest), before in zip((node.data for node in made.printed.scalars), given, strict=True)
        ]

    def _answers(self, made: Compiled, columns: Columns, outputs: list[Any], reasons: bool) -> Answers:
        found = {}
        for program in self.programs:
            planned = [p for p in made.programs if p.program.id == program.id]
            found[program.id] = answers_of(program, planned, columns, outputs, made, reasons)
        return Answers(self.as_of, self.rulebook.place, columns.households, found)


@dataclass(frozen=True, eq=False)
class Spanned:
    """The answers where figures stand for everything between two values, and of which rows each rule is settled then."""

    answers: Answers
    columns: Columns
    settled: Mapping[RuleAt, npt.NDArray[np.bool_]]

    def unsettled(self) -> dict[RuleAt, npt.NDArray[np.bool_]]:
        """For each rule, the households with somebody or something of whom it is not settled."""
        found = {}
        for (key, path), settled in self.settled.items():
            households = found[key, path] = np.zeros(self.columns.households, bool)
            if path:
                households[self.columns.household_of(path)[~settled]] = True
            else:
                np.logical_not(settled, out=households)
        return found


@dataclass(frozen=True, eq=False)
class HeldPopulation:
    """A population of which everything is worked out that does not depend on figures that vary; see :meth:`Engine.hold`."""

    engine: Engine
    columns: Columns
    varying: frozenset[Cell]
    figures: Mapping[Cell, int | Fraction]
    made: Compiled
    fixed: list[Any]
    blocks: list[Held]
    reasons: bool
    threads: int | None

    def decide(self, settings: Settings | None = None, threads: int | None = None) -> Answers:
        """The answers with other figures, which must be among those that vary; on so many cores, where it is said here.

        Raises :class:`~minzheng_rules.problems.RequestProblems` for a figure that was held fixed.
        """
        engine = self.engine
        figures = {**self.figures, **{(n, ()) if isinstance(n, str) else n: v for n, v in (settings or {}).items()}}
        changed = [cell for cell, value in figures.items() if value != self.figures.get(cell)]
        fixed = [cell for cell in changed if cell not in self.varying]
        if fixed:
            raise RequestProblems([_held_fixed(cell) for cell in fixed])
        shapes = self.made.figures
        if not all(fits(shapes, cell, figures[cell]) for cell in changed):
            # Outside what overflow was excluded for, or with more decimals: compiled anew for the wider form.
            for cell in changed:
                shapes = widened(shapes, cell, figures[cell])
            wider = _held(engine, self.columns, self.varying, figures, shapes, self.reasons, self.threads)
            return wider.decide()
        prepared = self.made.prepare(engine._given(self.made, self.columns, figures))
        outputs = run_varied(self.made, self.columns, self.blocks, prepared, threads or self.threads)
        return engine._answers(self.made, self.columns, [*self.fixed, *outputs], self.reasons)


def _held(
    engine: Engine,
    columns: Columns,
    varying: frozenset[Cell],
    figures: Mapping[Cell, int | Fraction],
    shapes: Figures,
    reasons: bool,
    threads: int | None,
    settled: frozenset[RuleAt] = frozenset(),
) -> HeldPopulation:
    made = engine.compiled(profile_of(columns), shapes, reasons, varying, settled=settled)
    fixed, blocks = run(made, columns, made.prepare(engine._given(made, columns, figures)), threads)
    return HeldPopulation(engine, columns, varying, figures, made, fixed, blocks, reasons, threads)


def _narrowed(program: Program, amounts: Collection[str]) -> Program:
    """A program with nothing but what decides its status, and some amounts."""
    if program.eligible is None:
        return program.replaced(results=() if program.every_amount() else program.results, payable_from=None)
    return program.replaced(
        amounts=tuple(amount for amount in program.amounts if amount[0] in amounts),
        other_amounts=tuple(amount for amount in program.other_amounts if amount[0] in amounts),
        results=(),
        payable_from=None,
    )


def _not_lowered(program: Program, why: NotLowered) -> Problem:
    return Problem(
        "population.not-lowered",
        Words(
            f"“{program.term.zh}”不能成批计算：{why.zh}",
            f"`{program.id}` cannot be worked out for populations: {why.en}",
        ),
        Place(),
        Words("请改写这条规则，或用 programs 选别的项目", "rewrite the rule, or choose other programs"),
    )


def _no_such_cell(cell: Cell) -> Problem:
    said = f"{cell[0]}[{', '.join(cell[1])}]" if cell[1] else cell[0]
    return Problem(
        "population.parameter",
        Words(f"没有参数“{said}”", f"there is no parameter `{said}`"),
        Place(),
        Words("参数的名称见 policies/", "the parameters' names are in policies/"),
    )


def _held_fixed(cell: Cell) -> Problem:
    return Problem(
        "population.held-fixed",
        Words(f"参数“{cell[0]}”没有列入变动的参数", f"the parameter `{cell[0]}` is not among those that vary"),
        Place(),
        Words("请在 hold 的 varying 中写上它", "name it in `varying` of `hold`"),
    )
