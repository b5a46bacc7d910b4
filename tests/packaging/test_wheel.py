"""The wheel as a stranger meets it: an empty environment, another folder, nothing but what it asks for."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.packaging.environments import Installed

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("wheel")  # built and installed once, whatever the number of processes
HEAVY = ["hypothesis", "jsonschema", "matplotlib", "mypy", "numpy", "polars", "pytest", "rich", "durable"]
DECIDES = """
import datetime
from minzheng_rules import Case, Rulebook, decide
book = Rulebook.load(place="haining", overlays=["illustrative"])
case = Case.parse({"members": [{"relation": "本人", "declared_none": ["income"]}]})
decision = decide(case, book, as_of=datetime.date(2025, 6, 1))
print(decision.outcome("dibao").status.value)
"""


def test_carries_the_whole_rulebook_and_nothing_of_the_work_tree(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        f"minzheng_rules/shipped/{path.relative_to(REPOSITORY).as_posix()}"
        for folder in ("rules", "policies", "examples/cases")
        for path in (REPOSITORY / folder).rglob("*.yaml")
    }
    assert shipped
    assert shipped <= held
    assert {"minzheng_rules/__init__.py", "minzheng_rules/py.typed"} <= held
    assert {name.split("/")[0] for name in held if ".dist-info/" not in name} == {"minzheng_rules"}


def test_carries_its_licence_and_says_what_it_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (licence,) = (name for name in archive.namelist() if name.endswith("licenses/LICENSE"))
    (metadata,) = (name for name in archive.namelist() if name.endswith("METADATA"))
    assert "Apache License" in archive.read(licence).decode()
    said = archive.read(metadata).decode()
    assert "License-Expression: Apache-2.0" in said
    assert "# minzheng_rules" in said, "the README is the page a registry shows"


def test_needs_nothing_the_tests_need(installed: Installed) -> None:
    names = "import importlib.metadata, json; print(json.dumps([d.name for d in importlib.metadata.distributions()]))"
    found = {name.lower().replace("-", "_") for name in json.loads(installed.python(names))}
    assert "minzheng_rules" in found
    assert not found & {*HEAVY, "ruff", "hatchling", "pip"}


@pytest.mark.parametrize("program", ["import minzheng_rules", DECIDES], ids=["importing", "deciding"])
def test_loads_nothing_heavy(installed: Installed, program: str) -> None:
    loaded = installed.python(f"{program}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))").splitlines()[-1]
    assert not set(HEAVY) & set(json.loads(loaded))


def test_decides_a_case_by_the_rulebook_inside_it(installed: Installed) -> None:
    assert installed.python(DECIDES).strip() in {"eligible", "ineligible", "undetermined"}
    where = installed.python("from minzheng_rules.rulebook.loading import shipped_folder; print(shipped_folder())")
    assert where.strip().endswith("minzheng_rules/shipped")
