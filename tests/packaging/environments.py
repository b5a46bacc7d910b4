"""The Pythons found on this machine, and what it is to have the wheel installed for one of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")


def interpreters() -> dict[str, Path]:
    """A working interpreter for each supported version that is present: always the one that runs the tests."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": Path(sys.executable)}
    for version in VERSIONS:
        on_path = shutil.which(f"python{version}")
        kept_by_pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        for candidate in [*([Path(on_path)] if on_path else []), *kept_by_pyenv]:
            if version not in found and _is(candidate, version):
                found[version] = candidate
    return found


def _is(python: Path, version: str) -> bool:
    """Whether it runs (a pyenv shim may not) and can make environments."""
    asked = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == version


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment that holds nothing but what the wheel asks for."""

    environment: Path
    elsewhere: Path
    """An empty folder outside the work tree to run in."""

    def run(self, command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of the environment's commands as a stranger would: no PYTHONPATH, not in the repository."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
        return subprocess.run(
            [self.environment / "bin" / command, *arguments],
            cwd=self.elsewhere,
            env={**clean, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def python(self, program: str) -> str:
        """What a Python program prints."""
        ran = self.run("python", "-c", program)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout
