"""Deciding a whole population by a rulebook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from minzheng_rules.population.answers import Answers
from minzheng_rules.problems import Place, Problem, RequestProblems, Words
from minzheng_rules.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    from minzheng_rules.population.population import Population


def decide_population(population: Population, rulebook: Rulebook, programs: Iterable[str] | None = None) -> Answers:
    """The answers about everybody on the population's day.

    Raises :class:`RequestProblems` if there is no day, or the rulebook decides cases of another kind.
    """
    day = population.as_of
    if day is None:
        raise _refuse(
            "request.as-of",
            Words("没有给出基准日（as_of）", "no date to decide on: give `as_of`"),
        )
    if population.model.kind != rulebook.vocabulary.root:
        ours, theirs = population.model.kind, rulebook.vocabulary.root
        raise _refuse(
            "request.case-kind",
            Words(
                f"这部规则手册裁断的是“{theirs}”，给出的是“{ours}”",
                f"this rulebook decides cases of `{theirs}`; these are of `{ours}`",
            ),
        )
    from minzheng_rules.population.kernel.engine import Engine

    return Engine(rulebook, day, programs).decide(population.columns)


def _refuse(code: str, what: Words) -> RequestProblems:
    return RequestProblems([Problem(code, what, Place())])
