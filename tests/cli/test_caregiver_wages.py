"""docs/how-to/caregiver-wages.md: every command it shows works, and its files are read as it says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "caregiver-wages.md").read_text(encoding="utf-8")
COMMANDS = [
    line for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the page's files and the example's worker."""
    published, levels = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "published.yaml").write_text(published, encoding="utf-8")
    (tmp_path / "levels.yaml").write_text(levels, encoding="utf-8")
    shutil.copy(ROOT / "policies" / "haining" / "worker" / "pay_scheme_8_3_3.csv", tmp_path / "levels.csv")
    shutil.copy(ROOT / "examples" / "cases" / "worker" / "carer_with_a_new_certificate.yaml", tmp_path / "carer.yaml")
    shutil.copy(ROOT / "examples" / "care_wages" / "coefficients.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_of_the_page_works(run: Run, office: Path) -> None:
    for command in COMMANDS:
        said = run(*shlex.split(command)[1:])
        assert said.exit_code == 0, (command, said.stderr)
    assert (office / "worker.yaml").exists()


def test_a_cell_of_the_page_s_table_is_used_and_the_others_stay_as_they_are(run: Run, office: Path) -> None:
    (laid_over,) = [command for command in COMMANDS if "coefficients.yaml --overlay published.yaml" in command]
    arguments = shlex.split(laid_over)[1:]
    fourth = run(*arguments).stdout
    # 1.15 times 2,260, three years of 50 yuan, a tenth of 2,599 for performance, rounded to ten yuan.
    assert "3,010.00" in fourth
    carer = (office / "carer.yaml").read_text(encoding="utf-8")
    (office / "carer.yaml").write_text(
        carer.replace("issued_on: 2024-10-15", "issued_on: 2025-06-02"), encoding="utf-8"
    )
    fifth = run(*arguments).stdout
    # The certificate of grade four comes a day too late: 3,300 as published, 150, and 330.
    assert "3,780.00" in fifth


def test_the_columns_the_page_names_are_those_of_the_scheme() -> None:
    header = (
        (ROOT / "policies" / "haining" / "worker" / "pay_scheme_8_3_3.csv").read_text(encoding="utf-8").splitlines()[0]
    )
    asked = [cell for cell in header.split(",") if not cell.startswith("=") and cell not in ("工资岗位", "note")]
    assert all(name in PAGE for name in asked)
