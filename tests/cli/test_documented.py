"""docs/how-to/command-line.md: every command it shows works as it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from minzheng_rules.cli import main
from minzheng_rules.cli.session import ExitCode
from tests.cli.conftest import Run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "command-line.md"
_LINE = re.compile(r"^(?P<command>minzheng .*?)(?: < (?P<input>\S+))?(?:\s+# (?P<remark>.*))?$")


def _shown() -> list[re.Match[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found = [_LINE.match(line) for block in blocks for line in block.splitlines()]
    assert all(found)
    return [match for match in found if match is not None]


def test_every_command_of_the_page_works(
    run: Run, folder: Path, rulebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked = folder / "worked"
    worked.mkdir()
    (worked / "couple.yaml").write_text(
        "about: x\nfile: ../couple.yaml\nexpect: {dibao: {status: undetermined}}\n", encoding="utf-8"
    )
    for shown in _shown():
        arguments = shlex.split(shown["command"])[1:]
        monkeypatch.chdir(rulebook if arguments == ["check", "."] else folder)
        given = (folder / shown["input"]).read_text(encoding="utf-8") if shown["input"] else None
        said = run(*arguments, input=given)
        expected = re.search(r"exits (\d+)", shown["remark"] or "")
        assert said.exit_code == (int(expected[1]) if expected else 0), (shown[0], said.stderr)


def test_every_command_and_every_exit_code_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert {shlex.split(shown["command"])[1] for shown in _shown()} == set(main.commands_in)
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert codes == {int(code) for code in ExitCode}
    for option in ("--place", "--overlay", "--set", "--accept", "--rulebook"):
        assert f"| `{option} " in text
