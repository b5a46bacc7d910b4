"""One or two figures taken through many values; and the value at which a goal is met.

Only the programs the figures can reach are asked anew; the rest of the answers is worked out once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np

from minzheng_rules.language.types import Quantity
from minzheng_rules.population.answers import Answers
from minzheng_rules.population.kernel.engine import WORTH_LEAVING_OUT, Engine, HeldPopulation, Settings
from minzheng_rules.population.kernel.grouping import Group, grouped
from minzheng_rules.population.kernel.joining import moved_by
from minzheng_rules.population.kernel.running import each
from minzheng_rules.population.simulation.answering import answer
from minzheng_rules.population.simulation.dependence import reached
from minzheng_rules.population.simulation.exact import Total, Weights, number
from minzheng_rules.population.simulation.figures import Figures, Line, figures, figures_of, lines, lines_of
from minzheng_rules.population.simulation.groups import everybody
from minzheng_rules.population.simulation.sheets import Cell, Sheet
from minzheng_rules.population.simulation.simulating import day_of, weights_of
from minzheng_rules.problems import Place, Problem, RequestProblems, Words, nearest
from minzheng_rules.rulebook.parameters import Parameter
from minzheng_rules.rulebook.reforming import with_figures
from minzheng_rules.rulebook.rulebook import Program, Rulebook

if TYPE_CHECKING:
    from minzheng_rules.population.population import Population

Value = int | Decimal | Fraction | str
MOST_POINTS: Final = 2_000
_MANY: Final = 6
"""From so many points on it pays to find out first whom they move."""
_SCANNED: Final = 64
"""So many steps or fewer are all tried; of more, so many spread evenly, and then those between two that lie on either side."""


@dataclass(frozen=True)
class Point:
    """What the programs come to at one value of each figure."""

    values: tuple[Decimal, ...]
    figures: Mapping[str, Figures]
    """By program."""

    def spending(self, program: str) -> Total:
        """What a program pays in the period it pays by."""
        return self.figures[program].spending


@dataclass(frozen=True, eq=False)
class Sweep:
    """What the programs that depend on one or two figures come to at each of their values, in the order of the values."""

    parameters: tuple[Parameter, ...]
    programs: tuple[Program, ...]
    """Those the figures can reach; the others come to the same at every value."""
    points: tuple[Point, ...]
    baseline: Point
    """At the figures in force; its values are those, where they are known."""
    as_of: dt.date
    rulebook: Rulebook = field(repr=False)

    def sheet(self) -> Sheet:
        """One line for each point and program."""
        rows: list[tuple[Cell, ...]] = []
        paying = {program.id for program in self.programs if _line_told(program, self.rulebook) is not None}
        for point in self.points:
            for program in self.programs:
                found = point.figures[program.id]
                spending = found.spending if program.id in paying else None
                rows.append((*point.values, program.term, found.eligible, found.undetermined, spending))
        heads = [Words(p.term, p.id.replace("_", " ")) for p in self.parameters]
        columns = (
            *heads,
            Words("项目", "program"),
            Words("符合", "eligible"),
            Words("待定", "undetermined"),
            Words("金额（元）", "amount (yuan)"),
        )
        return Sheet("sweep", Words("不同标准下的结果", "At other values"), columns, tuple(rows))

    def _repr_html_(self) -> str:
        return self.sheet()._repr_html_()

    def __str__(self) -> str:
        return self.sheet().text()


def sweep(
    population: Population,
    rulebook: Rulebook,
    values: Mapping[str, Iterable[Value]],
    *,
    as_of: dt.date | str | None = None,
    programs: Sequence[str] | None = None,
    weights: Weights | Sequence[object] | None = None,
) -> Sweep:
    """Take one or two figures through values, given in the unit they are written in (yuan), and see what the programs come to.

    >>> from minzheng_rules import Rulebook
    >>> from minzheng_rules.population.population import Population
    >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
    >>> county = Population.synthesize(20, seed=1)
    >>> curve = sweep(county, book, {"低保标准": [900, 1000, 1100]}, programs=["dibao"])
    >>> [str(point.values[0]) for point in curve.points]
    ['900', '1000', '1100']

    Raises :class:`RequestProblems` for a figure that does not exist, or is a table, for values it cannot have, and for too many.
    """
    trial = Trial(population, rulebook, list(values), as_of, programs, weights)
    tried = [[_decimal(value) for value in given] for given in values.values()]
    count = 1
    for one in tried:
        count *= len(one)
    if not 1 <= len(tried) <= 2 or not 1 <= count <= MOST_POINTS:
        what = Words(
            f"可以变一个或两个数，共 1 到 {MOST_POINTS} 种取值；这里是 {len(tried)} 个数、{count} 种",
            f"one or two figures, with 1 to {MOST_POINTS} values together; here are {len(tried)} with {count}",
        )
        raise RequestProblems([Problem("simulation.sweep", what, Place())])
    return Sweep(
        parameters=trial.parameters,
        programs=trial.programs,
        points=trial.over(list(product(*tried))),
        baseline=trial.baseline,
        as_of=trial.as_of,
        rulebook=rulebook,
    )


# -- goals -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crossing:
    """Two neighbouring values, both decided at: at the one the goal is surely met, at the other it is not, or not surely."""

    met: Point
    not_met: Point


@dataclass(frozen=True, eq=False)
class GoalSeek:
    """At which value of a figure a goal is met, every answer verified by deciding at the value and at its neighbour.

    A spending goal is met where the program surely pays no more, a caseload where surely so many are eligible.
    """

    parameter: Parameter
    program: Program
    goal: Fraction
    """In fen for spending, else a number of subjects."""
    of: str
    """``spending`` or ``caseload``."""
    step: Decimal
    exact: tuple[Point, ...]
    """Values at which the goal is met to the fen, or to the head."""
    crossings: tuple[Crossing, ...]
    tried: tuple[Point, ...]
    """Every value that was decided at, in order."""
    complete: bool
    """Whether every step was tried; else one that goes up and down again between two that were tried may be missed."""

    @property
    def value(self) -> Decimal | None:
        """The one answer: the last value at which the goal is still met, or the first at which it is.

        ``None`` where no value tried meets it, where all do, or where it is passed more than once.
        """
        return self.crossings[0].met.values[0] if len(self.crossings) == 1 else None

    def say(self, lang: str = "zh") -> str:
        """The answer in words."""
        return _said(self, lang)

    def __str__(self) -> str:
        return self.say("zh")


def goal_seek(
    population: Population,
    rulebook: Rulebook,
    parameter: str,
    program: str,
    *,
    spending: Value | None = None,
    caseload: Value | None = None,
    more: Value | None = None,
    between: tuple[Value, Value],
    step: Value = 1,
    as_of: dt.date | str | None = None,
    weights: Weights | Sequence[object] | None = None,
) -> GoalSeek:
    """The value of a figure at which one program pays so much, has so many eligible, or reaches so many more than now.

    ``spending`` is in yuan for the period the program pays by (a month, for most; a twelfth of a yearly budget). Values are
    tried in whole steps between the two given. Where answers are open, a goal counts as met only where it surely is: spending
    counts at the most it can be, a caseload at the least.

    Raises :class:`RequestProblems` if not one goal is given, or the program does not depend on the figure.

    >>> from minzheng_rules import Rulebook
    >>> from minzheng_rules.population.population import Population
    >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
    >>> county = Population.synthesize(20, seed=1)
    >>> goal_seek(county, book, "低保标准", "dibao", spending=0, between=(1, 3)).of
    'spending'
    """
    goals = [
        (name, goal)
        for name, goal in (("spending", spending), ("caseload", caseload), ("more", more))
        if goal is not None
    ]
    if len(goals) != 1:
        what = Words("请只给一个目标：spending、caseload 或 more", "give one goal: `spending`, `caseload` or `more`")
        raise RequestProblems([Problem("simulation.goal", what, Place())])
    trial = Trial(population, rulebook, [parameter], as_of, [program], weights)
    found = rulebook.program(program)
    if found.id not in {p.id for p in trial.programs}:
        what = Words(
            f"“{found.term.zh}”与“{trial.parameters[0].term}”无关：改它什么也不会变",
            f"`{found.id}` does not depend on `{trial.parameters[0].id}`: it would change nothing",
        )
        raise RequestProblems([Problem("simulation.goal", what, Place())])
    if spending is not None and _line_told(found, rulebook) is None:
        what = Words(
            f"“{found.term.zh}”不发钱，没有支出可算", f"`{found.id}` pays nothing: there is no spending to meet"
        )
        instead = Words("请改用 caseload 或 more", "give `caseload` or `more` instead")
        raise RequestProblems([Problem("simulation.goal", what, Place(), instead)])
    (name, given), of = goals[0], "caseload" if spending is None else "spending"
    goal = Fraction(_decimal(given)) * (100 if of == "spending" else 1)
    if name == "more":
        goal += trial.baseline.figures[found.id].eligible
    search = _Search(trial, found.id, of, goal, _steps(between, step))
    return search.run(trial.parameters[0], found, _decimal(step))


def _steps(between: tuple[Value, Value], step: Value) -> list[Decimal]:
    low, high, by = _decimal(between[0]), _decimal(between[1]), _decimal(step)
    if by <= 0 or high < low:
        what = Words("between 应由小到大，step 应大于零", "`between` goes from less to more, and `step` is above zero")
        raise RequestProblems([Problem("simulation.goal", what, Place())])
    return [low + by * at for at in range(int((high - low) / by) + 1)]


class _Search:
    """Finds where a measure passes a goal, over whole steps."""

    def __init__(self, trial: Trial, program: str, of: str, goal: Fraction, steps: list[Decimal]) -> None:
        self.trial, self.program, self.of, self.goal, self.steps = trial, program, of, goal, steps
        self.points: dict[int, Point] = {}

    def run(self, parameter: Parameter, program: Program, step: Decimal) -> GoalSeek:
        last = len(self.steps) - 1
        complete = last < _SCANNED
        tried = list(range(last + 1)) if complete else sorted({last * at // (_SCANNED - 1) for at in range(_SCANNED)})
        met = [self.met(at) for at in tried]
        crossings = [
            self.narrow(left, right)
            for left, right, a, b in zip(tried, tried[1:], met, met[1:], strict=False)
            if a is not b
        ]
        points = [point for _, point in sorted(self.points.items())]
        return GoalSeek(
            parameter=parameter,
            program=program,
            goal=self.goal,
            of=self.of,
            step=step,
            exact=tuple(point for point in points if self.measure(point) == (self.goal, self.goal)),
            crossings=tuple(crossings),
            tried=tuple(points),
            complete=complete,
        )

    def narrow(self, left: int, right: int) -> Crossing:
        """Two neighbouring steps between which the goal is passed."""
        at_left = self.met(left)
        while right - left > 1:
            middle = (left + right) // 2
            if self.met(middle) is at_left:
                left = middle
            else:
                right = middle
        met, other = (left, right) if at_left else (right, left)
        return Crossing(self.points[met], self.points[other])

    def met(self, at: int) -> bool:
        """Whether the goal is surely met at a step."""
        if at not in self.points:
            self.points[at] = self.trial.at((self.steps[at],))
        low, high = self.measure(self.points[at])
        if self.of == "spending":
            return high is not None and high <= self.goal
        return low is not None and low >= self.goal

    def measure(self, point: Point) -> tuple[Fraction | None, Fraction | None]:
        found = point.figures[self.program]
        if self.of == "spending":
            return found.spending.low, found.spending.high
        return found.eligible, found.most


# -- trying ------------------------------------------------------------------------------------------------------------


class Trial:
    """A population asked again and again about the programs that some figures can reach, as a slider does.

    What does not depend on the figures is worked out once, so that each further answer comes at once.

    >>> from minzheng_rules import Rulebook
    >>> from minzheng_rules.population.population import Population
    >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
    >>> trial = Trial(Population.synthesize(20, seed=1), book, ["低保标准"], programs=["dibao"])
    >>> trial.at([1000]).figures == trial.baseline.figures
    True
    """

    def __init__(
        self,
        population: Population,
        rulebook: Rulebook,
        names: Sequence[str],
        as_of: dt.date | str | None = None,
        programs: Sequence[str] | None = None,
        weights: Weights | Sequence[object] | None = None,
    ) -> None:
        self.as_of = day_of(population, as_of)
        self.population, self.rulebook = population.on(self.as_of), rulebook
        self.parameters = tuple(_parameter(rulebook, name) for name in names)
        touched = reached(rulebook, self.as_of, [parameter.id for parameter in self.parameters])
        chosen = rulebook.programs if programs is None else list(rulebook.chosen(programs))
        self.programs = tuple(program for program in chosen if program.id in touched)
        self.weights = Weights.of(weights, len(population)) if weights is not None else weights_of(population)
        self.dimension = everybody(len(population))
        self._baseline: Point | None = None

    def over(self, points: Sequence[Sequence[Decimal]]) -> tuple[Point, ...]:
        """The same as :meth:`at` for each of several points, sooner where there are many.

        Where the rules can be followed along the values, everything is worked out once for all of them. Elsewhere nothing is worked
        out again of whom nothing changes anywhere between the least and the greatest values.
        """
        engine = self._engine if len(points) >= _MANY else None
        if engine is None:
            return tuple(self.at(point) for point in points)
        settings = [self._settings(point) for point in points]
        beside = self._in_force
        if self._baseline is None and beside is not None and _lies_between(beside, settings):
            # One more point: sooner than deciding at the figures in force apart.
            settings.append(beside)
        found = self._along(engine, settings) or self._group_by_group(engine, settings)
        if not found:
            return tuple(self.at(point) for point in points)
        if len(settings) > len(points):
            self._baseline = Point(self._values_in_force, found[-1])
        return tuple(Point(tuple(point), figures) for point, figures in zip(points, found, strict=False))

    def _along(self, engine: Engine, settings: Sequence[Settings]) -> list[dict[str, Figures]]:
        """What the programs come to in each setting, worked out once for all; nothing where that cannot be done."""
        if self.weights.values.dtype == object:
            return []
        weights = self.weights.values.astype(np.int64) if self.weights.given else None
        amounts = {id: () if line is None else line.amounts for id, line in self._lines_told.items()}
        found = engine.tally(self.population.columns, settings, amounts, weights)
        group = self.dimension.labels[0]
        return [{id: figures_of(tally, group, self.weights.scale) for id, tally in one.items()} for one in found or ()]

    def _group_by_group(self, engine: Engine, settings: Sequence[Settings]) -> list[dict[str, Figures]]:
        """The same, worked out at each value for those whom some value moves; nothing where that does not pay."""
        columns = self.population.columns
        spanned = engine.between(columns, settings)
        between = None if spanned is None else spanned.answers
        moving = None if between is None else moved_by(between)
        if spanned is None or between is None or moving is None or moving.mean() > WORTH_LEAVING_OUT:
            return []
        still = {p.id: self._of(between, p.id, self.weights.of_only(~moving)) for p in self.programs}
        tables = {path: table.count for path, table in columns.tables.items()}
        # Group by group, so that what is being worked on stays in the cache.
        names = [parameter.id for parameter in self.parameters]
        parts: list[list[dict[str, Figures]]] = []

        def work(group: Group) -> None:
            mine = columns.take(group.rows)
            held = engine.hold(mine, names, parameters=settings[0], settled=group.settled, threads=1)
            unmoved = _Unmoved(self, self.weights.of_some(group.rows))
            parts.append([unmoved.at(held.decide(setting)) for setting in settings])

        # A core for each group: its households stay in the cache from value to value.
        each(work, grouped(spanned.unsettled(), tables, moving), None)
        return [
            {id: sum((part[id] for part in of_point), start=rest) for id, rest in still.items()}
            for of_point in zip(*parts, strict=True)
        ]

    def at(self, given: Sequence[Value]) -> Point:
        """What the programs come to at some values, one for each figure, in the unit they are written in (yuan)."""
        values = [_decimal(value) for value in given]
        if self._held is None:
            changes = {parameter.id: value for parameter, value in zip(self.parameters, values, strict=True)}
            return Point(tuple(values), self._figures(with_figures(self.rulebook, changes, Words("试算", "a trial"))))
        return Point(tuple(values), self._figures_of(self._held.decide(self._settings(values))))

    def _settings(self, values: Sequence[Decimal]) -> Settings:
        return {p.id: _internal(p, value) for p, value in zip(self.parameters, values, strict=True)}

    @cached_property
    def _held(self) -> HeldPopulation | None:
        """The population with everything worked out that does not depend on the figures; ``None`` where one is not known now."""
        if self._engine is None:
            return None
        return self._engine.hold(self.population.columns, [parameter.id for parameter in self.parameters])

    @cached_property
    def _engine(self) -> Engine | None:
        """The programs, asked for nothing but what is told of them; ``None`` where a figure is not known now.

        An engine that was made for a figure that is wanting has no place to put one in.
        """
        if not self.programs:
            return None
        engine = Engine(self.rulebook, self.as_of, [program.id for program in self.programs])
        if any((parameter.id, ()) not in engine.figures for parameter in self.parameters):
            return None
        return engine.narrowed({id: () if line is None else line.amounts for id, line in self._lines_told.items()})

    @cached_property
    def _lines_told(self) -> dict[str, Line | None]:
        """Of each program, which amounts are told."""
        return {program.id: _line_told(program, self.rulebook) for program in self.programs}

    @property
    def baseline(self) -> Point:
        """At the figures in force."""
        if self._baseline is None:
            self._baseline = Point(self._values_in_force, self._figures(self.rulebook))
        return self._baseline

    @cached_property
    def _in_force(self) -> Settings | None:
        """The figures in force, in internal units; ``None`` where one is not known."""
        rules = self.rulebook.on(self.as_of)
        found = {parameter.id: rules.reading(parameter.id).value for parameter in self.parameters}
        known: Settings = {id: value for id, value in found.items() if isinstance(value, int | Fraction)}
        return known if len(known) == len(found) else None

    @property
    def _values_in_force(self) -> tuple[Decimal, ...]:
        """The same in the units they are written in; no number where one is not known."""
        rules, values = self.rulebook.on(self.as_of), []
        for parameter in self.parameters:
            value = rules.reading(parameter.id).value
            scale = getattr(getattr(parameter.type, "unit", None), "scale", 1)
            exact = Fraction(value) / scale if isinstance(value, int | Fraction) else None
            values.append(Decimal("NaN") if exact is None else Decimal(exact.numerator) / Decimal(exact.denominator))
        return tuple(values)

    def _figures(self, rulebook: Rulebook) -> dict[str, Figures]:
        if not self.programs:
            return {}
        return self._figures_of(answer(self.population, rulebook, self.as_of, [p.id for p in self.programs]))

    def _figures_of(self, answers: Answers) -> dict[str, Figures]:
        return {program.id: self._of(answers, program.id, self.weights) for program in self.programs}

    def _of(self, answers: Answers, program: str, weights: Weights) -> Figures:
        everyone = self.dimension if len(self.dimension.codes) == answers.households else everybody(answers.households)
        return next(iter(figures(answers, program, _told(lines(answers.programs[program])), everyone, weights)))


class _Unmoved:
    """What the programs come to for some households from value to value; of what stays as it was, it is not added up again."""

    def __init__(self, trial: Trial, weights: Weights) -> None:
        self.trial, self.weights = trial, weights
        self._last: dict[str, tuple[list[object], Figures]] = {}

    def at(self, answers: Answers) -> dict[str, Figures]:
        """What each program comes to at one value."""
        return {program.id: self._of(answers, program.id) for program in self.trial.programs}

    def _of(self, answers: Answers, program: str) -> Figures:
        found = answers.programs[program]
        looked_at: list[object] = [found.status]
        for a in found.amounts.values():
            looked_at += [a.low, a.high, a.no_low, a.no_high, a.low_scale, a.high_scale]
        last = self._last.get(program)
        if last is None or any(one is not other for one, other in zip(last[0], looked_at, strict=True)):
            last = self._last[program] = looked_at, self.trial._of(answers, program, self.weights)
        return last[1]


def _lies_between(one: Settings, many: Sequence[Settings]) -> bool:
    """Whether each figure lies between its least and its greatest of many settings."""
    return all(
        min(setting[id] for setting in many) <= value <= max(setting[id] for setting in many)
        for id, value in one.items()
    )


def _line_told(program: Program, rulebook: Rulebook) -> Line | None:
    """Which of a program's amounts are told, before anything is worked out; ``None`` where it pays nothing."""
    return _told(lines_of(program, rulebook.names))


def _told(every: Sequence[Line]) -> Line | None:
    """Which of a program's amounts are told: what is paid, in cash and by the month before others."""
    paid = [line for line in every if line.paid]
    return min(paid, key=lambda line: (line.kind != "cash", line.period != "month")) if paid else None


def _parameter(rulebook: Rulebook, name: str) -> Parameter:
    found = rulebook.parameters.get(rulebook.names.parameters_by_term.get(name, name))
    if found is None:
        near = nearest(name, [*rulebook.parameters, *rulebook.names.parameters_by_term])
        what = Words(f"没有“{name}”这个参数", f"there is no parameter `{name}`")
        step = Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None
        raise RequestProblems([Problem("reform.unknown-parameter", what, Place(), step)])
    if found.indexes or found.is_table:
        what = Words(
            f"“{found.term}”是一张表，不能当一个数来变", f"`{found.id}` is a table and cannot be swept as one figure"
        )
        step = Words("请写成改革方案，逐份比较", "write reforms, and compare them")
        raise RequestProblems([Problem("simulation.sweep", what, Place(), step)])
    return found


def _internal(parameter: Parameter, value: Decimal) -> int | Fraction:
    """A value in internal units, if the parameter can have it. Raises :class:`RequestProblems` if not."""
    unit = parameter.type.unit if isinstance(parameter.type, Quantity) else None
    exact = Fraction(value) * (unit.scale if unit is not None else 1)
    low, high = parameter.low, parameter.high
    outside = (isinstance(low, int | Fraction) and exact < low) or (isinstance(high, int | Fraction) and exact > high)
    if outside or (unit is not None and unit.is_money and exact.denominator != 1):
        what = Words(f"“{parameter.term}”不能是 {value}", f"`{parameter.id}` cannot be {value}")
        step = Words("请核对范围；钱至多两位小数", "check its range; money has at most two decimals")
        raise RequestProblems([Problem("simulation.value", what, Place(), step)])
    return exact.numerator if exact.denominator == 1 else exact


def _decimal(value: Value) -> Decimal:
    try:
        if isinstance(value, Fraction):
            return Decimal(value.numerator) / Decimal(value.denominator)
        return Decimal(str(value))
    except ArithmeticError:
        what = Words(f"“{value}”不是数", f"`{value}` is no number")
        raise RequestProblems([Problem("simulation.value", what, Place())]) from None


# -- words -------------------------------------------------------------------------------------------------------------


def _said(found: GoalSeek, lang: str) -> str:
    zh = lang == "zh"
    term = found.parameter.term if zh else found.parameter.id.replace("_", " ")
    program = found.program.term.say(lang)
    goal = _measured(found, found.goal, lang)
    lines = [f"{program}：{goal}" if zh else f"{program}: {goal}"]
    for one in found.crossings:
        met, other = (_at(found, point, term, lang) for point in (one.met, one.not_met))
        exact = one.met in found.exact
        if zh:
            lines.append(f"{term} {one.met.values[0]}：{'恰好达到' if exact else '达到'}（{met}；相邻的{other}）")
        else:
            lines.append(
                f"{term} {one.met.values[0]}: met{' exactly' if exact else ''} ({met}; its neighbour, {other})"
            )
    if not found.crossings:
        lines.append(_everywhere_or_nowhere(found, term, lang))
    if len(found.crossings) > 1:
        lines.append("目标不止一次被越过，请逐一看" if zh else "the goal is passed more than once")
    if not found.complete:
        tried = len(found.tried)
        lines.append(
            f"试了 {tried} 个值；若结果在相邻两个之间先升后降，可能漏掉"
            if zh
            else f"{tried} values were tried; one between two of them where the result turns back may be missed"
        )
    return "\n".join(lines)


def _everywhere_or_nowhere(found: GoalSeek, term: str, lang: str) -> str:
    ends = [_at(found, point, term, lang) for point in (found.tried[0], found.tried[-1])]
    one = found.tried[0].figures[found.program.id]
    high, low = one.spending.high, one.eligible
    all_met = (high is not None and high <= found.goal) if found.of == "spending" else low >= found.goal
    if all_met:
        said = Words("试过的值都达到目标，请扩大范围", "every value tried meets the goal: widen the range")
    elif any(_open(found, point) for point in found.tried):
        said = Words(
            "没有一个试过的值能确定达到目标（有待定的答案）", "no value tried surely meets the goal (answers are open)"
        )
    else:
        said = Words("试过的值都达不到目标", "no value tried meets the goal")
    return f"{said.zh}（{'；'.join(ends)}）" if lang == "zh" else f"{said.en} ({'; '.join(ends)})"


def _open(found: GoalSeek, point: Point) -> bool:
    one = point.figures[found.program.id]
    return not one.spending.settled if found.of == "spending" else bool(one.undetermined)


def _at(found: GoalSeek, point: Point, term: str, lang: str) -> str:
    one = point.figures[found.program.id]
    colon = "：" if lang == "zh" else ": "
    if found.of == "spending":
        return f"{term} {point.values[0]}{colon}{one.spending.say(lang)}{' 元' if lang == 'zh' else ' yuan'}"
    to = (
        ""
        if not one.undetermined
        else f"（另有待定 {number(one.undetermined)}）"
        if lang == "zh"
        else f" (+{number(one.undetermined)} open)"
    )
    return f"{term} {point.values[0]}{colon}{number(one.eligible)}{to}"


def _measured(found: GoalSeek, goal: Fraction, lang: str) -> str:
    if found.of == "spending":
        said = Total(goal, goal).say(lang)
        return f"支出不超过 {said} 元" if lang == "zh" else f"no more than {said} yuan"
    return f"符合的至少 {number(goal)}" if lang == "zh" else f"at least {number(goal)} eligible"
