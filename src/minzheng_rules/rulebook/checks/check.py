"""A check: what it is called, what it looks for, and how it finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from minzheng_rules.language.record import Record
from minzheng_rules.problems import Problem, Words
from minzheng_rules.rulebook.checks.survey import Survey


class Check(Record):
    """One check of a rulebook; ``find`` returns everything it finds."""

    id: str
    looks_for: Words
    find: Callable[[Survey], Iterable[Problem]]
    whole: bool = False
    """Whether it says something about the rulebook as a whole, and so waits until every file can be read."""
