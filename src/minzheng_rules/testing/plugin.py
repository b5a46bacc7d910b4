"""The pytest plugin: worked cases in YAML are collected and run like tests.

Installed with the library. It looks only into the folders named by the ini option ``minzheng_cases`` (``tests/cases`` if
nothing is said), so that other YAML files of a project are left alone::

    [tool.pytest.ini_options]
    minzheng_cases = ["tests/cases"]
    minzheng_rulebook = "."              # a folder with rules/ and policies/; the shipped rulebook without it

The form of a file is described in :mod:`minzheng_rules.testing.worked`.
"""

# This module is imported at the start of every pytest run of every project that has the library installed, so what it
# needs is imported when the first worked case is met.
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from minzheng_rules.testing.runner import CaseResult, Shelf
    from minzheng_rules.testing.worked import WorkedCase

_SHELF: pytest.StashKey[Shelf] = pytest.StashKey()
_SUFFIXES = (".yaml", ".yml", ".json")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    parser.addini("minzheng_cases", "folders of worked cases (default: tests/cases)", type="paths", default=[])
    parser.addini(
        "minzheng_rulebook", "the rulebook's folder (default: the one that ships with the library)", default=""
    )
    parser.addini("minzheng_language", "the language of failures: zh or en", default="zh")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> WorkedCaseFile | None:
    """A file of worked cases, if it lies in one of the folders."""
    if file_path.suffix not in _SUFFIXES:
        return None
    folders = parent.config.getini("minzheng_cases") or [parent.config.rootpath / "tests" / "cases"]
    if any(file_path.is_relative_to(folder) for folder in folders):
        return WorkedCaseFile.from_parent(parent, path=file_path)
    return None


class WorkedCaseFile(pytest.File):
    """One file of worked cases: its own case and the variants."""

    def collect(self) -> Iterator[WorkedCaseItem]:
        """One test for each of them, named by what it is about."""
        from minzheng_rules.problems import ProblemsFound
        from minzheng_rules.testing.worked import read_worked_cases

        try:
            cases = read_worked_cases(self.path)
        except ProblemsFound as wrong:
            raise self.CollectError(wrong.say(self.config.getini("minzheng_language"))) from None
        seen: dict[str, int] = {}
        for worked in cases:
            count = seen[worked.about] = seen.get(worked.about, 0) + 1
            name = worked.about if count == 1 else f"{worked.about} ({count})"
            yield WorkedCaseItem.from_parent(self, name=name, worked=worked)


class WorkedCaseItem(pytest.Item):
    """One worked case as a test."""

    def __init__(self, *, worked: WorkedCase, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.worked = worked

    def runtest(self) -> None:
        """Decide the case and compare."""
        from minzheng_rules.testing.runner import run

        result = run(self.worked, _shelf(self.config))
        if not result.passed:
            raise UnexpectedOutcome(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected, what came out, and why."""
        if isinstance(excinfo.value, UnexpectedOutcome):
            return excinfo.value.result.say(self.config.getini("minzheng_language"))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands, and what it is about."""
        return self.path, max(self.worked.line - 1, 0), self.worked.about


class UnexpectedOutcome(Exception):  # it says what happened: the outcome, not the program, is at fault
    """A worked case came out otherwise than expected, or could not be run as it is written."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result.say())
        self.result = result


def _shelf(config: pytest.Config) -> Shelf:
    """The rulebooks of this run, each loaded once."""
    from minzheng_rules.testing.runner import Shelf

    if _SHELF not in config.stash:
        folder = config.getini("minzheng_rulebook")
        config.stash[_SHELF] = Shelf(config.rootpath / folder if folder else None)
    return config.stash[_SHELF]
