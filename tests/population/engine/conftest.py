"""Rulebooks the engine is held against the evaluator with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from minzheng_rules import Rulebook

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def shipped() -> Rulebook:
    """The shipped rulebook with illustrative figures, so that amounts come out."""
    return Rulebook.load(place="haining", overlays=["illustrative"])


@pytest.fixture(scope="session")
def unfilled() -> Rulebook:
    """The shipped rulebook as it is: many figures of Haining are unknown."""
    return Rulebook.load(place="haining")


@pytest.fixture(scope="session")
def benchmark_book() -> Rulebook:
    """The benchmark's rules."""
    sys.path.insert(0, str(REPOSITORY / "benchmarks"))
    try:
        from models import Household
    finally:
        sys.path.remove(str(REPOSITORY / "benchmarks"))
    return Rulebook.load(REPOSITORY / "benchmarks" / "rulebook", vocabulary=[Household])


@pytest.fixture(scope="session")
def toy() -> Rulebook:
    """The invented county, which uses every feature of the language."""
    return Rulebook.load(REPOSITORY / "tests" / "toy")
