"""minzheng_rules on the side-by-side benchmark: the same rules in our YAML (rulebook/), the same household, exact to the fen."""

from __future__ import annotations

import datetime as dt
import os
import sys
from decimal import Decimal
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


def population(system, d, period):
    """One household after another: the columnar engine has not been built yet."""
    import numpy as np
    from models import Household

    from minzheng_rules import decide

    day = dt.date.fromisoformat(f"{period}-01")
    money = [d[key].tolist() for key in ("wage", "business", "property_income", "transfer", "disregard")]
    named = [[names[code] for code in d[key].tolist()] for key, names in _NAMED.items()]
    keys = ("wage", "business", "property_income", "transfer", "disregard", *_NAMED)
    rows = [
        dict(zip(keys, (*(Decimal(v) / 100 for v in values[:5]), *values[5:]), strict=True))
        for values in zip(*money, *named, strict=True)
    ]
    out = {key: [] for key in ("eligible", "topup", "living", "nursing", "total")}
    at = 0
    for size, assets, cars in zip(d["size"].tolist(), d["assets"].tolist(), d["cars"].tolist(), strict=True):
        entity = Household.model_validate(
            {"assets": Decimal(assets) / 100, "cars": cars, "persons": rows[at : at + size]}
        )
        at += size
        decision = decide(entity, system, as_of=day)
        household, *persons = decision.outcomes
        out["eligible"].append(household.status.value == "eligible")
        out["topup"].append(float(household.amounts["topup"].value))
        out["total"].append(float(household.amounts["total"].value))
        out["living"] += [float(p.amounts["living"].value) for p in persons]
        out["nursing"] += [float(p.amounts["nursing"].value) for p in persons]
    return {key: np.array(values) for key, values in out.items()}


class Undetermined(Exception):
    """The answer is open; the message names what is missing."""
