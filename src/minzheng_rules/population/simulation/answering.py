"""Asking for the answers about a population: by the population engine where it is there, else one household after another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from minzheng_rules.population.answers import Answers
from minzheng_rules.rulebook.reforming import Effect, effects
from minzheng_rules.rulebook.rulebook import Program, Rulebook

from .dependence import reached

if TYPE_CHECKING:
    from minzheng_rules.population.population import Population


def answer(population: Population, rulebook: Rulebook, as_of: dt.date, programs: Sequence[str]) -> Answers:
    """What a rulebook says about everybody in some programs."""
    return population.on(as_of).decide(rulebook, programs=list(programs))


def answer_all(population: Population, rulebook: Rulebook, as_of: dt.date) -> Answers:
    """What a rulebook says about everybody in all its programs."""
    return answer(population, rulebook, as_of, [program.id for program in rulebook.programs])


def programs_reached(
    baseline: Rulebook, changed: Rulebook, as_of: dt.date, found: Sequence[Effect] | None = None
) -> frozenset[str]:
    """The programs whose answers a reform may change on a day; nobody's answer in any other can."""
    effective = effects(baseline, changed, as_of) if found is None else found
    parameters = [effect.id for effect in effective if effect.kind == "parameter"]
    rules = [effect.id for effect in effective if effect.kind == "rule"]
    return reached(baseline, as_of, parameters, rules) | reached(changed, as_of, parameters, rules)


def answer_changed(
    population: Population, changed: Rulebook, as_of: dt.date, before: Answers, touched: frozenset[str]
) -> Answers:
    """The answers under a reform: asked anew in the programs it can reach, the others as they were."""
    asked = [program for program in before.programs if program in touched]
    if not asked:
        return before
    anew = answer(population, changed, as_of, asked)
    merged = {id: anew.programs.get(id, answers) for id, answers in before.programs.items()}
    return replace(before, programs=merged)


def chosen_programs(rulebook: Rulebook, wanted: Sequence[str] | None) -> tuple[Program, ...]:
    """The programs asked for, all if none is named. Raises :class:`RequestProblems` for one that does not exist."""
    return rulebook.programs if wanted is None else rulebook.chosen(wanted)


def only(answers: Answers, programs: Mapping[str, object] | Sequence[str]) -> Answers:
    """The answers of some programs."""
    return replace(answers, programs={id: answers.programs[id] for id in programs if id in answers.programs})
