"""A small invented county, a reform of the standard, and what both come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from minzheng_rules import Reform, Rulebook
from minzheng_rules.population.population import Population
from minzheng_rules.population.simulation.simulating import Simulation, simulate
from tests.population.simulation.asked import PROGRAMS


@pytest.fixture(scope="session")
def reforms() -> Path:
    return Path(__file__).parents[3] / "examples" / "reforms"


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The shipped rulebook, with illustrative figures where nobody knows."""
    return Rulebook.load(place="haining", overlays=["illustrative"])


@pytest.fixture(scope="session")
def county() -> Population:
    return Population.synthesize(80, seed=3)


@pytest.fixture(scope="session")
def reform(reforms: Path) -> Reform:
    return Reform.read(reforms / "standard_up_50.yaml")


@pytest.fixture(scope="session")
def simulation(county: Population, book: Rulebook, reform: Reform) -> Simulation:
    return simulate(county, book, reform, programs=PROGRAMS)
