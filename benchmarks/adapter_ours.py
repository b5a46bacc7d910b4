"""minzheng_rules on the side-by-side benchmark: the same rules in our YAML (rulebook/), the same household, exact to the fen."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path

# The harness runs in a copy of the benchmark's folder; our files stay where they are.
HERE = Path(os.environ.get("MINZHENG_BENCHMARKS", Path(__file__).resolve().parent))
NAME = "minzheng_rules"
_GRADES = ("none", "first", "second", "third", "fourth")
_TYPES = ("none", "sight", "hearing", "speech", "limbs", "intellectual", "mental", "multiple")
_CARE = ("none", "first", "second", "third")
_NAMED = {"disability_grade": _GRADES, "disability_type": _TYPES, "care_grade": _CARE}


def load():
    """Import the library, read the rulebook."""
    sys.path.insert(0, str(HERE))
    from models import Household

    from minzheng_rules import Rulebook

    return Rulebook.load(HERE / "rulebook", vocabulary=[Household])


def _coded(person):
    """The benchmark's whole-number codes as our named values; anything else goes through as it is and is refused there."""
    return {
        key: _NAMED[key][value] if key in _NAMED and type(value) is int and 0 <= value < len(_NAMED[key]) else value
        for key, value in person.items()
    }


def case_of(case, period):
    """The benchmark's case (yuan floats) as ours."""
    from models import Household

    from minzheng_rules import Case

    entered = {**case["household"], "as_of": f"{period}-01"}
    entered["persons"] = [{"id": name, **_coded(person)} for name, person in case["persons"].items()]
    return Case.parse(entered, Household)


def single(system, case, period, trace=False):
    """One household; every answer must be settled, else the benchmark has nothing to compare."""
    from minzheng_rules import decide

    decision = decide(case_of(case, period), system)
    household = decision.outcome("assistance")
    persons = [outcome for outcome in decision.outcomes if outcome.program == "subsidies"]
    for outcome in (household, *persons):
        if outcome.status.value == "undetermined" or any(a.value is None for a in outcome.amounts.values()):
            wanting = "; ".join(f"{m.path or 'household'}.{m.words.en}: {m.why.en}" for m in outcome.missing)
            raise Undetermined(f"undetermined: {wanting}")
    result = {
        "eligible": [household.status.value == "eligible"],
        "topup": [household.amounts["topup"].value],
        "total": [household.amounts["total"].value],
        "living": [outcome.amounts["living"].value for outcome in persons],
        "nursing": [outcome.amounts["nursing"].value for outcome in persons],
    }
    if trace:
        result["_trace"] = decision.explain().text(lang="zh")
    return result


_MONEY = ("wage", "business", "property_income", "transfer", "disregard")
PHASES = {}


def population(system, d, period):
    """All households at once, from integer-fen arrays: the columnar engine."""
    started = time.perf_counter()
    from minzheng_rules.population.columns import Column, Columns, Table
    from minzheng_rules.population.kernel.engine import Engine

    facts = {name: Column(d[name], places=2) for name in _MONEY} | {name: Column(d[name]) for name in _NAMED}
    owned = {"assets": Column(d["assets"], places=2), "cars": Column(d["cars"])}
    households = Table("", "household", d["size"].size, columns=owned)
    persons = Table("persons", "person", d["hh_id"].size, parent=d["hh_id"], columns=facts)
    columns = Columns({"": households, "persons": persons})
    engine = Engine(system, dt.date.fromisoformat(f"{period}-01"))
    built = time.perf_counter()
    answers = engine.decide(columns, reasons=False)
    household, person = answers.programs["assistance"], answers.programs["subsidies"]
    for program in (household, person):
        if (program.status == UNDETERMINED).any():
            raise Undetermined(f"{program.program}: undetermined")
    out = {"eligible": household.status == ELIGIBLE}
    for program, names in ((household, ("topup", "total")), (person, ("living", "nursing"))):
        for name in names:
            out[name] = program.amounts[name].settled_fen / 100
    PHASES.update(build=0.0, inputs=built - started, rules=time.perf_counter() - built)
    return out


ELIGIBLE, UNDETERMINED = 0, 2
"""The codes of these statuses."""


class Undetermined(Exception):
    """The answer is open; the message names what is missing."""
