"""Deciding a whole population by a rulebook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from minzheng_rules.language.types import Truth
from minzheng_rules.population.answers import Answers
from minzheng_rules.population.columns import FINDING, Column, Columns, Table
from minzheng_rules.problems import CaseProblems, Place, Problem, RequestProblems, Words
from minzheng_rules.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    from minzheng_rules.population.population import Population


def decide_population(population: Population, rulebook: Rulebook, programs: Iterable[str] | None = None) -> Answers:
    """The answers about everybody on the population's day.

    Raises :class:`RequestProblems` if there is no day, or the rulebook decides cases of another kind, and
    :class:`~minzheng_rules.problems.CaseProblems` if a column of findings names no rule, or holds what the rule cannot be.
    """
    day = population.as_of
    if day is None:
        raise _refuse(
            "request.as-of",
            Words("没有基准日：不知道按哪一天的规定裁断", "no date: it is not known by which day's rules to decide"),
            Words(
                "请写 --as-of 2025-06-01，或在 population.yaml 里写 基准日；在 Python 中给 as_of",
                "give --as-of 2025-06-01, or `as_of` in population.yaml or in Python",
            ),
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
    check_findings(population.columns, rulebook)
    from minzheng_rules.population.kernel.engine import Engine

    return Engine(rulebook, day, programs).decide(population.columns)


def check_findings(columns: Columns, rulebook: Rulebook) -> None:
    """Refuse findings that no rule waits for: what somebody found would be left out without a word.

    Raises :class:`~minzheng_rules.problems.CaseProblems` with every such column.
    """
    problems = []
    for table in columns.tables.values():
        for heading, column in table.columns.items():
            stated = table.count > 0 if column.known is None else bool(column.known.any())
            if heading.startswith(FINDING) and stated:
                problems += _wrong_finding(table, heading, column, rulebook)
    if problems:
        raise CaseProblems(problems)


def _wrong_finding(table: Table, heading: str, column: Column, rulebook: Rulebook) -> list[Problem]:
    name = heading.removeprefix(FINDING)
    place = Place(file=table.path or "households", path=heading)
    found = rulebook.names.rule(table.kind, name)
    if found is None:
        what = Words(f"没有“{name}”这条规则，认定结论无处可用", f"there is no rule `{name}` a finding could settle")
        step = Words(
            "改正列名，或用 ignoring（--ignore）略去这一列",
            "correct the heading, or leave the column out with `ignoring` (--ignore)",
        )
        return [Problem("finding.unknown", what, place, step)]
    if (column.places == 0) is isinstance(found[1], Truth):  # a number that was found has places, a yes or no has none
        return []
    said = found[1].say()
    what = Words(f"“{name}”的认定结论应是{said.zh}", f"a finding on `{name}` is {said.en}")
    step = Words("不知道的留空", "leave it empty where nobody knows")
    return [Problem("finding.type", what, place, step)]


def _refuse(code: str, what: Words, step: Words | None = None) -> RequestProblems:
    return RequestProblems([Problem(code, what, Place(), step)])
