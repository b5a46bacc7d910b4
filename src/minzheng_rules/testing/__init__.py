"""Testing rulebooks: cases that Hypothesis makes up, and worked cases in YAML.

Needs the extra ``minzheng_rules[testing]``; running worked cases (:func:`run_paths`) does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minzheng_rules.testing.runner import CaseResult as CaseResult
    from minzheng_rules.testing.runner import run_paths as run_paths
    from minzheng_rules.testing.strategies import cases as cases
    from minzheng_rules.testing.strategies import simplest as simplest
    from minzheng_rules.testing.strategies import with_gaps as with_gaps

_HOMES = {
    "CaseResult": "runner",
    "cases": "strategies",
    "run_paths": "runner",
    "simplest": "strategies",
    "with_gaps": "strategies",
}
__all__ = [*_HOMES]  # the names are strings


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the pytest plugin must not import Hypothesis."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
