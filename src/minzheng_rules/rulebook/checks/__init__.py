"""Checking a rulebook before any case is seen: every finding at once, on every date on which anything changes.

Each check is a named object in a module of its own kind; :data:`CHECKS` lists them, :func:`check` runs them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from minzheng_rules.problems import Problem
from minzheng_rules.rulebook.checks import (
    circles,
    citations,
    divisions,
    exceptions,
    figures,
    layers,
    tables,
    unused,
    versions,
    wordings,
)
from minzheng_rules.rulebook.checks.check import Check
from minzheng_rules.rulebook.checks.survey import Survey
from minzheng_rules.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity

__all__ = ["CHECKS", "NOTES", "Check", "check", "check_files", "check_read"]

CHECKS: tuple[Check, ...] = (
    circles.CHECK,
    *versions.CHECKS,
    *figures.CHECKS,
    tables.CHECK,
    exceptions.CHECK,
    *citations.CHECKS,
    *layers.CHECKS,
    wordings.CHECK,
    divisions.CHECK,
    *unused.CHECKS,
)
"""What every check of a rulebook looks for."""
NOTES: tuple[Check, ...] = (layers.UNFILLED, unused.FACTS)
"""What is not wrong but good to know; findings of severity ``"note"``."""
_SEVERITIES = ("error", "warning", "note")


def check(rulebook: Rulebook, *, notes: bool = False) -> tuple[Problem, ...]:
    """Everything the checks find in a loaded rulebook, errors and warnings in the order of the files.

    With ``notes``, what is merely worth knowing as well: terms left to another authority that nobody has filled yet, facts
    that no rule reads (severity ``"note"``).

    >>> from minzheng_rules.rulebook.rulebook import Rulebook
    >>> [problem.code for problem in check(Rulebook.load()) if problem.severity == "error"]
    []
    """
    return _run(rulebook, (*CHECKS, *NOTES) if notes else CHECKS)


def check_files(
    path: str | Path | None = None,
    *,
    place: str | None = None,
    overlays: Sequence[str | Path] = (),
    vocabulary: Sequence[type[Entity]] | None = None,
    kind: str | None = None,
    notes: bool = False,
) -> tuple[Problem, ...]:
    """Everything wrong in a rulebook's files: what cannot be read, and what the checks find in all the rest.

    Rules that cannot be read are left out of the checks, and so are checks that say something of the rulebook as a whole (what
    is unused, what is not in force) until everything can be read.
    """
    from minzheng_rules.rulebook.loading import read_through

    rulebook, found = read_through(path, place=place, overlays=overlays, vocabulary=vocabulary, kind=kind)
    return check_read(rulebook, found, notes=notes)


def check_read(rulebook: Rulebook | None, found: Sequence[Problem], *, notes: bool = False) -> tuple[Problem, ...]:
    """What :func:`check_files` says of a rulebook that has been read through already."""
    if rulebook is None:
        return _sorted(found)
    if not any(problem.severity == "error" for problem in found):
        return check(rulebook, notes=notes)
    return _run(rulebook, tuple(one for one in CHECKS if not one.whole), found)


def _run(rulebook: Rulebook, checks: Iterable[Check], found: Iterable[Problem] = ()) -> tuple[Problem, ...]:
    survey = Survey(rulebook)
    return _sorted([*rulebook.warnings, *found, *(problem for one in checks for problem in one.find(survey))])


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by file and line; what has no place of its own last."""

    def order(problem: Problem) -> tuple[object, ...]:
        place = problem.place
        return (not place.file, place.file, place.line, place.column, _SEVERITIES.index(problem.severity), problem.code)

    return tuple(sorted(dict.fromkeys(problems), key=order))
