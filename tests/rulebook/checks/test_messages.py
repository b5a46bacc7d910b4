"""Every message of the checks, whole: one small bad rulebook each (bad_rulebooks.py), its message in messages.txt."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from minzheng_rules.problems import Problem

HERE = Path(__file__).parent
SOURCE = Path(__file__).resolve().parents[3] / "src" / "minzheng_rules" / "rulebook" / "checks"
SAID_ELSEWHERE = {"cite.unknown"}
"""Codes whose message is made where rules are loaded."""


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BAD: dict[str, dict[str, Any]] = _module("bad_rulebooks").BAD


def written(problems: list[Problem]) -> str:
    """Problems as messages.txt has them: severity, and the whole message in both languages."""
    return "\n".join(f"{problem.severity}\n{problem.say('zh')}\n{problem.say('en')}" for problem in problems)


def expected() -> dict[str, str]:
    """The messages by name."""
    text = (HERE / "messages.txt").read_text(encoding="utf-8")
    parts = re.split(r"^=== (.*)\n", text, flags=re.MULTILINE)
    return {name: body.rstrip("\n") for name, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("name", BAD)
def test_whole_message(name: str, checked: Any) -> None:
    code = name.partition(",")[0]
    found = [problem for problem in checked(**BAD[name]) if problem.code == code]
    assert written(found) == expected()[name]


@pytest.mark.parametrize("name", BAD)
def test_nothing_else_is_wrong(name: str, checked: Any) -> None:
    found = {problem.code for problem in checked(**{**BAD[name], "notes": False})}
    assert found <= {name.partition(",")[0]}


def test_every_code_has_its_bad_rulebook() -> None:
    codes = {
        code
        for path in SOURCE.glob("*.py")
        for code in re.findall(r'Problem\(\s*"([a-z-]+\.[a-z-]+)"', path.read_text(encoding="utf-8"))
    }
    named = {name.partition(",")[0] for name in BAD}
    assert codes <= named
    assert named - codes == SAID_ELSEWHERE | {"rule.circular"}


def test_every_message_ends_with_a_next_step(checked: Any) -> None:
    for name in BAD:
        for problem in checked(**BAD[name]):
            assert problem.next_step is not None, name
