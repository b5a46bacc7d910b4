"""The wheel, built once, and an empty environment for each Python found on this machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.environments import Installed, interpreters

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _checked([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)])
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session", params=interpreters().items(), ids=lambda found: f"python{found[0]}")
def installed(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    version, python = request.param
    environment = tmp_path_factory.mktemp(f"python{version}") / "environment"
    # Without pip: the tests' own pip installs from outside, and the environment stays truly empty.
    _checked([str(python), "-m", "venv", "--without-pip", str(environment)])
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python")]
    pinned = ["--constraint", str(REPOSITORY / "constraints.txt")]
    _checked([*pip, "install", "-qq", "--disable-pip-version-check", *pinned, str(wheel)])
    return Installed(environment, tmp_path_factory.mktemp("elsewhere"))


def _checked(command: list[str]) -> None:
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}\n{ran.stderr}"
