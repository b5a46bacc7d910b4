"""minzheng_rules: what a household in Chinese civil affairs (民政) is entitled to, exactly to the fen, and why.

from minzheng_rules import Case, Rulebook, decide

book = Rulebook.load(place="haining", overlays=["illustrative"])
decision = decide(Case.read("case.yaml"), book)
print(decision)                      # the overview
print(decision.explain("dibao"))     # the reasons, article by article
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from minzheng_rules.case.case import Case as Case
    from minzheng_rules.case.choices import Choice as Choice
    from minzheng_rules.case.entity import Entity as Entity
    from minzheng_rules.case.facts import fact as fact
    from minzheng_rules.evaluator.deciding import decide as decide
    from minzheng_rules.evaluator.decision import Decision as Decision
    from minzheng_rules.evaluator.decision import Outcome as Outcome
    from minzheng_rules.evaluator.decision import Status as Status
    from minzheng_rules.evaluator.recording import record as record
    from minzheng_rules.evaluator.recording import replay as replay
    from minzheng_rules.monitor.book import MonitorBook as MonitorBook
    from minzheng_rules.monitor.intake import Intake as Intake
    from minzheng_rules.monitor.watching import watch as watch
    from minzheng_rules.monitor.watching import watch_days as watch_days
    from minzheng_rules.population.population import Population as Population
    from minzheng_rules.population.simulation import charts as charts
    from minzheng_rules.population.simulation.simulating import simulate as simulate
    from minzheng_rules.population.simulation.sweeping import Trial as Trial
    from minzheng_rules.population.simulation.sweeping import goal_seek as goal_seek
    from minzheng_rules.population.simulation.sweeping import sweep as sweep
    from minzheng_rules.problems import (
        CaseProblems as CaseProblems,
    )
    from minzheng_rules.problems import (
        MinzhengError as MinzhengError,
    )
    from minzheng_rules.problems import (
        Problem as Problem,
    )
    from minzheng_rules.problems import (
        RequestProblems as RequestProblems,
    )
    from minzheng_rules.problems import (
        RulebookProblems as RulebookProblems,
    )
    from minzheng_rules.rulebook.reforming import Reform as Reform
    from minzheng_rules.rulebook.rulebook import Rulebook as Rulebook

_HOMES = {
    "Case": "case.case",
    "CaseProblems": "problems",
    "Choice": "case.choices",
    "Decision": "evaluator.decision",
    "Entity": "case.entity",
    "Intake": "monitor.intake",
    "MinzhengError": "problems",
    "MonitorBook": "monitor.book",
    "Outcome": "evaluator.decision",
    "Population": "population.population",
    "Problem": "problems",
    "Reform": "rulebook.reforming",
    "RequestProblems": "problems",
    "Rulebook": "rulebook.rulebook",
    "RulebookProblems": "problems",
    "Status": "evaluator.decision",
    "Trial": "population.simulation.sweeping",
    "charts": "population.simulation.charts:",
    "decide": "evaluator.deciding",
    "fact": "case.facts",
    "goal_seek": "population.simulation.sweeping",
    "record": "evaluator.recording",
    "replay": "evaluator.recording",
    "simulate": "population.simulation.simulating",
    "sweep": "population.simulation.sweeping",
    "watch": "monitor.watching",
    "watch_days": "monitor.watching",
}
"""Where each public name lives; with a colon, it is the module itself."""
# `from minzheng_rules import *` works without the extras; what needs them is asked for by name.
__all__ = ["__version__", *(name for name, home in _HOMES.items() if not home.startswith("population."))]


def __dir__() -> list[str]:
    """What can be asked for by name, those that need the extras among them."""
    return sorted({*_HOMES, "__version__", *globals()} - {"Any", "TYPE_CHECKING", "annotations"})


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that importing the package costs nothing."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        module = import_module(f"{__name__}.{home.removesuffix(':')}")
        value = module if home.endswith(":") else getattr(module, name)
    except ModuleNotFoundError as missing:
        if not home.startswith("population.") or (missing.name or "").startswith(__name__):
            raise
        needed = f"{name} needs {missing.name}: pip install 'minzheng_rules[population]'"
        raise ImportError(needed, name=missing.name) from None
    globals()[name] = value
    return value
