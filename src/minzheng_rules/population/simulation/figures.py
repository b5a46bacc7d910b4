"""What a program comes to for groups of households: caseload, spending, entries and exits, gains and losses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from minzheng_rules.language.types import Quantity
from minzheng_rules.language.units import Unit
from minzheng_rules.population.answers import (
    ELIGIBLE,
    INELIGIBLE,
    NOT_APPLICABLE,
    STATUSES,
    UNDETERMINED,
    Answers,
    ProgramAnswers,
)
from minzheng_rules.population.columns import Mask
from minzheng_rules.population.kernel.curves.tallying import Tally
from minzheng_rules.population.simulation.exact import NOTHING, Bounds, Total, Weights, add_up, counts, tally
from minzheng_rules.population.simulation.groups import Dimension
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.resolution import Names
from minzheng_rules.rulebook.rulebook import Program

PERIODS = {"month": Words("每月", "a month"), "year": Words("每年", "a year"), "once": Words("按次", "each time")}
KINDS = {
    "cash": Words("现金", "cash"),
    "service": Words("服务", "service"),
    "voucher": Words("代金券", "voucher"),
    "ceiling": Words("限额，不是给付", "a ceiling, not a payment"),
    "guide_wage": Words("指导价，不是给付", "a guide wage, not a payment"),
}


@dataclass(frozen=True)
class Line:
    """Amounts of one program that may be added up: of one kind (cash, service …) and one period."""

    program: str
    kind: str
    period: str
    amounts: tuple[str, ...]

    @property
    def paid(self) -> bool:
        """Whether it is money or its worth; a ceiling or a guide wage is never added up."""
        return self.kind in ("cash", "service", "voucher")

    def bounds(self, answers: Answers) -> Bounds:
        """The sum of its amounts for each subject."""
        program = answers.programs[self.program]
        total = add_up([Bounds.of(program.amounts[name]) for name in self.amounts], len(program.status))
        # Whom a program does not concern gets nothing from it, even where its amount is not known of anybody.
        return total.but_nothing_for(program.status == NOT_APPLICABLE)

    def per_household(self, answers: Answers) -> Bounds:
        """The same for each household."""
        program = answers.programs[self.program]
        return self.bounds(answers).grouped(program.household, answers.households)


@dataclass(frozen=True)
class Figures:
    """What a program comes to for one group. Counts are of its subjects, weighted; ``households`` of households with one that is eligible."""

    group: Words
    eligible: Fraction
    ineligible: Fraction
    undetermined: Fraction
    not_applicable: Fraction
    households: Fraction
    spending: Total

    @property
    def most(self) -> Fraction:
        """The caseload if everything that is open came out as eligible."""
        return self.eligible + self.undetermined

    def __add__(self, others: Figures) -> Figures:
        """With those of other households of the group."""
        return Figures(
            self.group,
            self.eligible + others.eligible,
            self.ineligible + others.ineligible,
            self.undetermined + others.undetermined,
            self.not_applicable + others.not_applicable,
            self.households + others.households,
            self.spending + others.spending,
        )


@dataclass(frozen=True)
class Moves:
    """How the answers about one group change: who enters, who leaves, and of whom it cannot be told."""

    group: Words
    enter: Fraction
    leave: Fraction
    stay: Fraction
    """Eligible before and after."""
    settled: Fraction
    """Undetermined before, and settled after."""
    opened: Fraction
    """Settled before, and undetermined after."""


@dataclass(frozen=True)
class Gains:
    """How much the households of one group gain and lose a month.

    A household gains if it surely gets more, loses if it surely gets less; of those whose amounts are open it may not be
    possible to tell.
    """

    group: Words
    gaining: Fraction
    losing: Fraction
    unchanged: Fraction
    open: Fraction
    gained: Total
    """What those who gain get more."""
    lost: Total
    """What those who lose get less, as a number below zero."""
    total: Total
    """The change over all households of the group."""


def lines(answers: ProgramAnswers) -> list[Line]:
    """What of a program's amounts may be added up."""
    return _lines(answers.program, ((name, amount.kind, amount.unit) for name, amount in answers.amounts.items()))


def lines_of(program: Program, names: Names) -> list[Line]:
    """The same, before anything is worked out."""
    types = ((name, kind, names.type_of(key)) for name, key, kind in program.every_amount())
    return _lines(program.id, ((name, kind, type_.unit) for name, kind, type_ in types if isinstance(type_, Quantity)))


def _lines(program: str, amounts: Iterable[tuple[str, str, Unit | None]]) -> list[Line]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, kind, unit in amounts:
        if unit is not None and unit.is_money:
            found.setdefault((kind, period_of(unit)), []).append(name)
    return [Line(program, kind, period, tuple(names)) for (kind, period), names in found.items()]


def period_of(unit: Unit) -> str:
    """Whether an amount is paid by month, by year, or once."""
    return next((period for period in ("month", "year") if unit.power(period) < 0), "once")


def figures(
    answers: Answers, program: str, line: Line | None, dimension: Dimension, weights: Weights
) -> Iterator[Figures]:
    """What a program comes to, group by group."""
    found = answers.programs[program]
    groups = len(dimension.labels)
    codes = dimension.codes[found.household] if groups > 1 else np.broadcast_to(np.int64(0), found.household.shape)
    weight = weights.of_rows(found.household)
    by_status = tally(found.status, len(STATUSES), weight, weights.scale, codes, groups)
    due = found.status == ELIGIBLE
    if found.tables != ("",):
        due = np.zeros(answers.households, bool)
        due[found.household[found.status == ELIGIBLE]] = True
    households = counts(due, weights.values, weights.scale, dimension.codes, groups)
    totals = (
        line.bounds(answers).totals(weight, weights.scale, codes, groups) if line is not None else [NOTHING] * groups
    )
    for at, label in enumerate(dimension.labels):
        yield Figures(
            label,
            by_status[ELIGIBLE][at],
            by_status[INELIGIBLE][at],
            by_status[UNDETERMINED][at],
            by_status[NOT_APPLICABLE][at],
            households[at],
            totals[at],
        )


def figures_of(tally: Tally, group: Words, scale: int) -> Figures:
    """What a program comes to for one group, from what was counted with whole weights that are divided by ``scale``."""
    counted = [Fraction(count, scale) for count in tally.statuses]
    low, high = (None if bound is None else bound / scale for bound in (tally.low, tally.high))
    return Figures(
        group,
        counted[ELIGIBLE],
        counted[INELIGIBLE],
        counted[UNDETERMINED],
        counted[NOT_APPLICABLE],
        Fraction(tally.households, scale),
        Total(low, high, Fraction(tally.open, scale)),
    )


def moves(before: Answers, after: Answers, program: str, dimension: Dimension, weights: Weights) -> Iterator[Moves]:
    """Who enters and who leaves a program, group by group."""
    old, new = before.programs[program], after.programs[program]
    groups, codes, weight = len(dimension.labels), dimension.codes[old.household], weights.values[old.household]
    was, is_ = old.status == ELIGIBLE, new.status == ELIGIBLE
    was_open, is_open = old.status == UNDETERMINED, new.status == UNDETERMINED

    def count(chosen: Mask) -> list[Fraction]:
        return counts(chosen, weight, weights.scale, codes, groups)

    columns = [
        count(~was & ~was_open & is_),
        count(was & ~is_ & ~is_open),
        count(was & is_),
        count(was_open & ~is_open),
        count(~was_open & is_open),
    ]
    for at, label in enumerate(dimension.labels):
        yield Moves(label, *(column[at] for column in columns))


def change(before: Answers, after: Answers, chosen: Sequence[Line]) -> Bounds:
    """By how much each household's amounts change, in fen."""
    differences = [line.per_household(after) - line.per_household(before) for line in chosen]
    return add_up(differences, before.households)


def gains(change_of: Bounds, dimension: Dimension, weights: Weights) -> Iterator[Gains]:
    """Who gains and who loses, group by group."""
    groups = len(dimension.labels)
    gaining: Mask = np.asarray(change_of.low > 0, bool) & ~change_of.no_low
    losing: Mask = np.asarray(change_of.high < 0, bool) & ~change_of.no_high
    same: Mask = ~change_of.open & np.asarray(change_of.low == 0, bool)
    more, less, equal, open_ = (
        counts(chosen, weights.values, weights.scale, dimension.codes, groups)
        for chosen in (gaining, losing, same, ~(gaining | losing | same))
    )
    gained, lost, total = (
        _only(change_of, chosen).totals(weights.values, weights.scale, dimension.codes, groups)
        for chosen in (gaining, losing, np.ones(len(same), bool))
    )
    for at, label in enumerate(dimension.labels):
        yield Gains(label, more[at], less[at], equal[at], open_[at], gained[at], lost[at], total[at])


def _only(bounds: Bounds, chosen: Mask) -> Bounds:
    """The bounds of the rows chosen, and nothing for the others."""
    return Bounds(
        np.where(chosen, bounds.low, 0),
        np.where(chosen, bounds.high, 0),
        bounds.no_low & chosen,
        bounds.no_high & chosen,
    )


@dataclass(frozen=True)
class Hurdle:
    """A condition, how many it keeps out of a program, and how many it alone."""

    condition: Words
    alone: Fraction
    """Subjects refused of whom nothing else is known to stand in the way."""
    among_others: Fraction
    """Subjects refused of whom this condition fails, among others or alone."""


def hurdles(answers: Answers, program: str, weights: Weights) -> list[Hurdle]:
    """Which conditions keep people out, the one that does so alone most often first."""
    found = answers.programs[program]
    if found.failing is None:
        return []
    refused = found.status == INELIGIBLE
    weight = weights.values[found.household]
    zero = np.zeros(len(found.status), np.int64)
    result = []
    for number, label in enumerate(found.labels):
        bit = np.asarray(found.failing & (1 << number), bool) & refused
        alone = bit & np.asarray(found.failing == (1 << number), bool)
        counted = [counts(chosen, weight, weights.scale, zero, 1)[0] for chosen in (alone, bit)]
        if counted[1]:
            result.append(Hurdle(label, *counted))
    return sorted(result, key=lambda hurdle: (-hurdle.alone, -hurdle.among_others))
