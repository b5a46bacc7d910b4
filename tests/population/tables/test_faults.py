"""What goes wrong around the population commands: broken tables, a full disk, Ctrl-C. A clean message, and nothing half-written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "population"
DECIDE = ("population", "decide", "county", "--out", "out", "--overlay", "illustrative", "--program", "dibao")
SIMULATE = ("simulate", "county", "--overlay", "illustrative", "--program", "dibao", "--by", "size")
FULL = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
sys.argv = ["minzheng", *sys.argv[1:]]
runpy.run_module("minzheng_rules.cli", run_name="__main__")
"""
"""The command where no file may grow beyond 64 bytes, as on a disk that fills up while it is written to."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example county in it, to be changed and written to."""
    shutil.copytree(EXAMPLE, tmp_path / "county")
    return tmp_path


def ran(folder: Path, *arguments: str, with_code: str | None = None) -> subprocess.CompletedProcess[str]:
    command = ["-m", "minzheng_rules.cli"] if with_code is None else ["-B", "-c", with_code]
    return subprocess.run(
        [sys.executable, *command, *arguments, "--lang", "en"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def left(folder: Path) -> list[str]:
    """What stands beside the county, hidden files included."""
    return sorted(path.name for path in folder.iterdir() if path.name != "county")


@pytest.mark.parametrize("form", ["parquet", "xlsx"])
def test_answers_that_do_not_fit_on_the_disk_are_not_there_at_all(folder: Path, form: str) -> None:
    came = ran(folder, *DECIDE, "--format", form, with_code=FULL)
    assert came.returncode == 3, came.stderr
    assert "it cannot be written" in came.stderr
    assert "Traceback" not in came.stderr
    assert left(folder) == []


def test_answers_from_before_stay_where_new_ones_do_not_fit(folder: Path) -> None:
    assert ran(folder, *DECIDE).returncode == 0
    before = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    assert ran(folder, *DECIDE, "--program", "dibao_edge", with_code=FULL).returncode == 3
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == before
    assert left(folder) == ["out"]


@pytest.mark.parametrize("target", [("--report", "report.html"), ("--excel", "results.xlsx"), ("--out", "tables")])
def test_a_simulation_that_does_not_fit_on_the_disk_leaves_nothing(folder: Path, target: tuple[str, str]) -> None:
    came = ran(folder, *SIMULATE, *target, with_code=FULL)
    assert came.returncode == 3, came.stderr
    assert target[1] in came.stderr
    assert left(folder) == []


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="how far the process is can be seen where there is /proc"
)
@pytest.mark.parametrize("after", [0.4, 1.0])
def test_ctrl_c_is_answered_briefly_and_leaves_nothing(folder: Path, after: float) -> None:
    county = ("--synthesize", "60000", "--overlay", "illustrative", "--out", "tables", "--report", "report.html")
    command = [sys.executable, "-m", "minzheng_rules.cli", "simulate", *county, "--lang", "en"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        _wait_until_used(process, after)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert left(folder) == []


def _wait_until_used(process: subprocess.Popen[str], seconds: float) -> None:
    """Until the process has had so much of the processor: on a busy machine the clock says nothing of how far it is."""
    stat = Path(f"/proc/{process.pid}/stat")
    ticks = seconds * os.sysconf("SC_CLK_TCK")
    while process.poll() is None:
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        if int(user) + int(system) >= ticks:
            return
        time.sleep(0.01)


def test_a_workbook_that_does_not_fit_complains_once(folder: Path) -> None:
    came = ran(folder, "population", "template", "--out", "tables", "--format", "xlsx", with_code=FULL)
    assert (came.returncode, came.stderr.count("tables")) == (3, 1), came.stderr
    assert "Exception" not in came.stderr
    assert left(folder) == []


def test_where_a_file_has_the_folders_name_it_stays(folder: Path) -> None:
    (folder / "out").write_text("mine", encoding="utf-8")
    came = ran(folder, *DECIDE)
    assert came.returncode == 3, came.stderr
    assert "there is a file of this name" in came.stderr
    assert (folder / "out").read_text(encoding="utf-8") == "mine"
    assert left(folder) == ["out"]


WRONG = [
    ("申报成员.csv", "H0000010,M2,", "H0000010,M1,"),
    ("申报成员.工资性收入.csv", "H0000003,M1,", "H0000003,M7,"),
    ("申报成员.残疾.csv", "H0000005,M2,", "H9999999,M2,"),
    ("申报成员.法定义务关系.csv", "H0000005,M1,S1,", "H0000005,M1,S7,"),
    ("申报成员.转移性收入.csv", "143.00", "一百四十三"),
    ("家庭.csv", "1922.50", "1922500000000000"),
    ("房屋.csv", "自住", "自佳"),
]
"""Ids mixed up, rows of nobody, a key twice, cells of a wrong kind, an amount out of range."""


def test_every_mistake_is_told_at_once_with_its_table_and_row_and_nothing_is_decided(folder: Path) -> None:
    for name, old, new in WRONG:
        file = folder / "county" / name
        text = file.read_text(encoding="utf-8-sig")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
    came = ran(folder, *DECIDE)
    assert came.returncode == 3, came.stderr
    for name, _, _ in WRONG:
        assert name in came.stderr
    assert "Traceback" not in came.stderr
    assert left(folder) == []
