"""The command as a process of its own: what it imports, terminals, pipes, interruption."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from minzheng_rules.cli import main

COUPLE = Path(__file__).with_name("cases") / "couple.yaml"
COMMAND = [sys.executable, "-m", "minzheng_rules.cli"]
NARROWED = ["--overlay", "illustrative", "--program", "dibao"]
HEAVY = ["pydantic", "yaml", "hypothesis", "numpy", "polars", "stdnum", "dateutil"]


def _environment(**changes: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MINZHENG_LANG", "NO_COLOR", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8", "PYTHONUNBUFFERED")
    }
    return {**kept, "PYTHONIOENCODING": "utf-8", **changes}


def _run(*arguments: str | Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=_environment(**changes),
        stdin=subprocess.DEVNULL,
        check=False,
    )


def _loaded(*arguments: str) -> set[str]:
    """The top-level modules in memory after a run of the command."""
    program = (
        "import json, sys\nfrom minzheng_rules.cli import main\n"
        "main(json.loads(sys.argv[1]), standalone_mode=False)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, json.dumps(arguments)],
        capture_output=True,
        encoding="utf-8",
        env=_environment(),
        check=True,
    )
    return set(json.loads(ran.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in main.commands_in)])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert not _loaded(*arguments) & set(HEAVY)


def test_deciding_imports_only_what_it_needs() -> None:
    assert not _loaded("decide", str(COUPLE), *NARROWED) & {"hypothesis", "numpy", "polars", "pytest", "jsonschema"}


def test_the_entry_point_is_installed() -> None:
    script = Path(sys.executable).with_name("minzheng")
    ran = subprocess.run([script, "--version"], capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("minzheng_rules ")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["decide", COUPLE], 0),
        (["decide", COUPLE, "--place", "x"], 2),
        (["decide", "missing.yaml"], 3),
        (["nothing"], 2),
    ],
)
def test_exit_codes_reach_the_shell(arguments: list[str | Path], code: int) -> None:
    ran = _run(*arguments)
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr


# -- terminals ---------------------------------------------------------------------------------------------------------


def _on_a_terminal(columns: int, *arguments: str | Path, **changes: str) -> str:
    """What a terminal of some width is sent."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdin=terminal, stdout=terminal, stderr=terminal, env=_environment(**changes)
    )
    os.close(terminal)
    sent = b""
    while True:
        try:
            chunk = os.read(controller, 65536)
        except OSError:  # Linux answers so when the last writer has gone
            break
        if not chunk:
            break
        sent += chunk
    os.close(controller)
    process.wait()
    return sent.decode()


def test_colours_on_a_terminal_unless_they_are_not_wanted() -> None:
    asked = ("decide", COUPLE, *NARROWED)
    assert "\x1b[" in _on_a_terminal(100, *asked, TERM="xterm")
    assert "\x1b" not in _on_a_terminal(100, *asked, TERM="xterm", NO_COLOR="1")
    assert "\x1b" not in _on_a_terminal(100, *asked, TERM="dumb")
    assert "\x1b[" in _on_a_terminal(100, "decide", "missing.yaml", TERM="xterm")
    assert "\x1b" not in _on_a_terminal(100, "decide", "missing.yaml", TERM="xterm", NO_COLOR="1")


def test_lines_are_as_wide_as_the_terminal() -> None:
    from minzheng_rules.trail.rendering.layout import display_width

    for columns in (80, 120):
        sent = _on_a_terminal(columns, "explain", COUPLE, *NARROWED, "--depth", "3", NO_COLOR="1")
        assert columns - 12 <= max(display_width(line) for line in sent.splitlines()) <= columns


def test_a_terminal_without_chinese_still_shows_something() -> None:
    ran = _run("decide", "missing.yaml", PYTHONIOENCODING="latin-1")
    assert ran.returncode == 3
    assert ran.stderr.startswith("missing.yaml\\uff1a")
    ran = _run("decide", COUPLE, *NARROWED, "--json", PYTHONIOENCODING="latin-1")
    assert ran.stdout.isascii()
    assert json.loads(ran.stdout)["decisions"][0]["decision"]["case_title"] == "夫妻二人"


# -- pipes and interruption --------------------------------------------------------------------------------------------


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    process = subprocess.Popen(
        [*COMMAND, "explain", COUPLE, "--full"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 141
    assert said == b""


def test_an_interruption_ends_it_without_a_traceback() -> None:
    process = subprocess.Popen(
        [*COMMAND, "decide", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(MINZHENG_LANG="en"),
    )
    assert process.stdin is not None
    process.stdin.write(b"members:\n")
    process.stdin.flush()
    _wait_until_read(process.stdin.fileno())
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert said.decode().strip() == "interrupted"


def test_an_interruption_inside_generated_code_has_the_same_exit_code(tmp_path: Path) -> None:
    """Ctrl-C while an import makes a dataclass: CPython would end the process by the signal, our message notwithstanding."""
    (tmp_path / "interrupted.py").write_text(
        "from minzheng_rules.cli import application\n"
        "application.main.resolve_command = lambda *_: exec('raise KeyboardInterrupt')\n"
        "application.main()\n"
    )
    process = subprocess.run(
        [sys.executable, "-m", "interrupted", "decide"],
        cwd=tmp_path,
        capture_output=True,
        env=_environment(MINZHENG_LANG="en"),
        check=False,
    )
    assert process.returncode == 130
    assert process.stderr.decode().strip() == "interrupted"


def _wait_until_read(pipe: int) -> None:
    """Until the process has taken what lies in the pipe, and so waits for more."""
    for _ in range(600):
        waiting = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, struct.pack("i", 0)))[0]
        if waiting == 0:
            return
        select.select([], [], [], 0.05)
    raise AssertionError("the command never read its standard input")


def test_a_clock_is_not_asked_for_a_decision() -> None:
    first = _run("decide", COUPLE, *NARROWED, "--json")
    time.sleep(0.01)
    assert _run("decide", COUPLE, *NARROWED, "--json", TZ="Asia/Shanghai").stdout == first.stdout
