"""Example households of a simulation: who enters, who gains most, who loses, whose answer is open; each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.population.answers import ELIGIBLE, INELIGIBLE, UNDETERMINED
from minzheng_rules.population.columns import Integers
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.evaluator.decision import Decision
    from minzheng_rules.population.simulation.simulating import Simulation

ENTERS = Words("新纳入", "enters")
LEAVES = Words("退出", "leaves")
GAINS_MOST = Words("增加最多", "gains most")
LOSES_MOST = Words("减少最多", "loses most")
GAINS = Words("照样享受，金额增加", "stays in, and gets more")
NEAR = Words("只差一条", "one condition short")
OPEN = Words("待定", "undetermined")
REFUSED = Words("前后都不符合", "refused before and after")
STAYS = Words("前后都符合", "eligible before and after")


@dataclass(frozen=True)
class Example:
    """One household, why it was chosen, and what is decided about it before and under the reform."""

    household: int
    id: str
    why: Words
    before: Decision
    after: Decision


def examples(simulation: Simulation, program: str, count: int = 10) -> tuple[Example, ...]:
    """Some households that show what a reform does in one program, each kind in turn; chosen the same way every time."""
    kinds = [(why, list(rows)) for why, rows in _candidates(simulation, program)]
    chosen: dict[int, Words] = {}
    while len(chosen) < count and any(rows for _, rows in kinds):
        for why, rows in kinds:
            while rows and rows[0] in chosen:
                rows.pop(0)
            if rows and len(chosen) < count:
                chosen[rows.pop(0)] = why
    return tuple(_example(simulation, program, household, why) for household, why in chosen.items())


def _example(simulation: Simulation, program: str, household: int, why: Words) -> Example:
    case = simulation.population.case(household)
    before, after = (
        decide(case, rulebook, as_of=simulation.as_of, programs=[program])
        for rulebook in (simulation.rulebook, simulation.reformed)
    )
    return Example(household, str(simulation.population.ids[household]), why, before, after)


def _candidates(simulation: Simulation, program: str) -> Iterator[tuple[Words, list[int]]]:
    """Households of each kind, the most telling first."""
    before, after = simulation.before.programs[program], simulation.after.programs[program]
    household = after.household
    was, now = before.status, after.status
    change = simulation.change((program,))
    sure_gain = np.asarray(change.low > 0, bool) & ~change.no_low
    sure_loss = np.asarray(change.high < 0, bool) & ~change.no_high
    if simulation.reform is not None:
        yield ENTERS, _each(household[(was != ELIGIBLE) & (now == ELIGIBLE)])
        yield LEAVES, _each(household[(was == ELIGIBLE) & (now == INELIGIBLE)])
        gaining = np.flatnonzero(sure_gain)
        yield GAINS_MOST, [int(row) for row in sorted(gaining, key=lambda row: (-change.low[row], row))[:1]]
        losing = np.flatnonzero(sure_loss)
        yield LOSES_MOST, [int(row) for row in sorted(losing, key=lambda row: (change.high[row], row))]
        stays = np.zeros(len(sure_gain), bool)
        stays[household[(was == ELIGIBLE) & (now == ELIGIBLE)]] = True
        yield GAINS, _each(np.flatnonzero(sure_gain & stays))
    else:
        yield STAYS, _each(household[now == ELIGIBLE])
    if after.failing is not None:
        bits = after.failing
        alone = (now == INELIGIBLE) & np.asarray((bits & (bits - 1)) == 0, bool) & np.asarray(bits != 0, bool)
        yield NEAR, _each(household[alone])
    yield OPEN, _each(household[now == UNDETERMINED])
    yield REFUSED, _each(household[(was == INELIGIBLE) & (now == INELIGIBLE)])


def _each(households: Integers) -> list[int]:
    """Households once each, spread over the population so that not all come from one town."""
    rows = np.unique(households)
    spread = [rows[(len(rows) * at) // 10] for at in range(10)] if len(rows) > 10 else list(rows)
    return [int(row) for row in dict.fromkeys(spread)]
