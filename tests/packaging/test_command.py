"""The `minzheng` command of an installed wheel, run in a folder of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.packaging.environments import Installed

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("wheel")  # built and installed once, whatever the number of processes


def test_the_demo_runs(installed: Installed) -> None:
    ran = installed.run("minzheng", "demo")
    assert ran.returncode == 0, ran.stderr
    assert "最低生活保障" in ran.stdout
    assert "示例" in ran.stdout, "every invented figure is called one"


def test_decides_a_case_file(installed: Installed) -> None:
    case = installed.elsewhere / "case.yaml"
    shutil.copyfile(REPOSITORY / "examples" / "cases" / "two_elderly_on_a_pension.yaml", case)
    ran = installed.run("minzheng", "decide", case.name, "--overlay", "illustrative")
    assert ran.returncode == 0, ran.stderr
    assert "86.00" in ran.stdout
    ran = installed.run("minzheng", "decide", case.name, "--overlay", "illustrative", "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)


def test_says_its_version_and_checks_its_rulebook(installed: Installed) -> None:
    assert installed.run("minzheng", "--version").stdout.startswith("minzheng_rules ")
    ran = installed.run("minzheng", "check")
    assert ran.returncode == 0, ran.stdout + ran.stderr
