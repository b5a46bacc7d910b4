"""What the tests of monitors share: the shipped monitors, and monitors written for a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from minzheng_rules import Rulebook
from minzheng_rules.language.reading import Reader
from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.intake import Intake
from minzheng_rules.monitor.rete import installed
from minzheng_rules.monitor.warnings import EarlyWarning
from minzheng_rules.monitor.watching import watch
from minzheng_rules.problems import Problem, RulebookProblems

needs_durable_rules = pytest.mark.skipif(not installed(), reason="durable_rules 2.0.28 is not installed")
ENGINES = [pytest.param("durable_rules", marks=needs_durable_rules), "matcher"]

Warn = Callable[..., list[EarlyWarning]]


@pytest.fixture(scope="session")
def shipped() -> MonitorBook:
    """The monitors that ship with the library, with illustrative figures, in Haining."""
    return MonitorBook.load(place="haining", overlays=["illustrative"])


@pytest.fixture(scope="session")
def rulebook(shipped: MonitorBook) -> Rulebook:
    """The rulebook whose figures monitors of a test may read."""
    return shipped.rulebook


def read_monitors(text: str, rulebook: Rulebook) -> tuple[MonitorBook, list[Problem]]:
    """Monitors from the text of a file, and what is wrong with them."""
    reader = Reader()
    tree = reader.read_text(text, "monitors.yaml")
    trees = [("zhejiang", tree)] if tree is not None else []
    return MonitorBook.of(trees, rulebook, reader.problems), reader.problems


def written(text: str, rulebook: Rulebook) -> MonitorBook:
    """Monitors from a text in which nothing is wrong."""
    book, problems = read_monitors(text, rulebook)
    if problems:
        raise RulebookProblems(problems)
    return book


def warned(
    book: MonitorBook, rows: list[dict[str, object]], as_of: str | dt.date, engine: str = "matcher"
) -> list[EarlyWarning]:
    """The warnings that records give on a day; every record must be usable."""
    intake = Intake(book)
    intake.table([{"household": "H", "person": "A", **row} for row in rows], "rows")
    assert not intake.set_aside, [problem.say("en") for problem in intake.set_aside]
    day = as_of if isinstance(as_of, dt.date) else dt.date.fromisoformat(as_of)
    return watch(book, intake.holdings, day, engine=engine).warnings
