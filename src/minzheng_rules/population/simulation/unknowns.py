"""What keeps answers open: the facts, figures and provisions that are wanting, and how often each is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.evaluator.decision import Missing, Status
from minzheng_rules.population.answers import UNDETERMINED
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.case.vocabulary import Vocabulary
    from minzheng_rules.population.simulation.simulating import Simulation
    from minzheng_rules.rulebook.rulebook import Program

KINDS = {
    "fact": Words("事实", "a fact"),
    "parameter": Words("数字", "a figure"),
    "delegation": Words("下级规定", "a provision"),
    "judgement": Words("认定", "a judgement"),
    "date": Words("没有生效的规定", "no provision in force"),
    "conflict": Words("规定冲突", "conflicting provisions"),
}


@dataclass(frozen=True)
class Wanting:
    """One thing that is wanting, and of how many of the answers looked at."""

    kind: str
    words: Words
    who: tuple[str, ...]
    answers: int


@dataclass(frozen=True)
class Unknowns:
    """Why answers of one program are open.

    ``open`` is how many are, weighted; ``looked_at`` of ``subjects`` open ones were decided one by one to see what they wait for, evenly
    spread over the population: ``wanting`` counts among those.
    """

    open: Fraction
    subjects: int
    looked_at: int
    wanting: tuple[Wanting, ...]

    @property
    def complete(self) -> bool:
        """Whether every open answer was looked at."""
        return self.looked_at == self.subjects


def unknowns(simulation: Simulation, program: Program, most: int) -> Unknowns:
    """See :meth:`Simulation.unknowns`."""
    found = simulation.after.programs[program.id]
    rows = np.flatnonzero(found.status == UNDETERMINED)
    weight = simulation.weights.values[found.household[rows]]
    open_ = Fraction(int(weight.sum()), simulation.weights.scale)
    households = np.unique(found.household[rows])
    if len(households) > most:
        households = households[(np.arange(most) * len(households)) // most]
    counted: dict[tuple[str, Words, tuple[str, ...]], int] = {}
    looked = 0
    for household in households:
        for missing in _missing(simulation, program, int(household)):
            looked += 1
            for key in dict.fromkeys(
                (one.kind, _said(simulation.rulebook.vocabulary, one), one.who) for one in missing
            ):
                counted[key] = counted.get(key, 0) + 1
    wanting = [Wanting(kind, words, who, count) for (kind, words, who), count in counted.items()]
    return Unknowns(open_, len(rows), looked, tuple(sorted(wanting, key=lambda one: -one.answers)))


def _said(vocabulary: Vocabulary, missing: Missing) -> Words:
    """What is wanting, with the list it stands in: an amount alone may be that of a wage or of a pension."""
    kind, fact = vocabulary.root, None
    names = [re.sub(r"\[.*\]$", "", part) for part in missing.path.split(".") if part]
    for name in names:
        fact = vocabulary.kinds[kind].facts.get(name) if kind in vocabulary.kinds else None
        if fact is None:
            return missing.words
        kind = fact.kind or ""
    if fact is None or len(names) < 2:
        return missing.words
    return Words(f"{fact.term}的{missing.words.zh}", f"{missing.words.en} of {fact.id.replace('_', ' ')}")


def _missing(simulation: Simulation, program: Program, household: int) -> Iterator[tuple[Missing, ...]]:
    case = simulation.population.case(household)
    decision = decide(case, simulation.reformed, as_of=simulation.as_of, programs=[program.id])
    for outcome in decision.outcomes:
        if outcome.status is Status.UNDETERMINED:
            yield tuple(
                Missing(one.kind, Words(one.words.zh, one.words.en), one.subject, one.who, one.why, one.path)
                for one in outcome.missing
            )
