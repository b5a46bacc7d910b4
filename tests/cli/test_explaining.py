"""`minzheng explain`: the reasons in every form, to the screen and to files."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.trail.rendering.layout import display_width
from tests.cli.conftest import Run

NARROWED = ("--overlay", "illustrative", "--program", "dibao")


def test_gives_the_deciding_reasons(run: Run) -> None:
    said = run("explain", "couple.yaml", *NARROWED)
    assert (said.exit_code, said.stderr) == (0, "")
    assert said.stdout.startswith("✓ 最低生活保障：符合")
    assert "1,200.00 元/月 < 1,000.00 元/月/人 × 2 人" in said.stdout
    trail = decide(Case.read("couple.yaml"), Rulebook.load(overlays=["illustrative"])).explain("dibao")
    assert said.stdout == trail.text("zh", width=100, colour=False) + "\n"


def test_english(run: Run) -> None:
    said = run("explain", "couple.yaml", *NARROWED, "--lang", "en", "--width", "300")
    assert said.stdout.startswith("✓ ")
    assert "1,200.00 yuan/month < 1,000.00 yuan/month/person" in said.stdout


def test_width(run: Run) -> None:
    said = run("explain", "couple.yaml", *NARROWED, "--depth", "3", "--width", "60")
    assert 50 <= max(display_width(line) for line in said.stdout.splitlines()) <= 60


def test_full_shows_more(run: Run) -> None:
    short, full = (run("explain", "couple.yaml", *NARROWED, *more).stdout for more in ((), ("--full",)))
    assert len(full) > len(short)


def test_depth_shows_less_and_keeps_what_must_be_known(run: Run) -> None:
    whole, short = (run("explain", "couple.yaml", *NARROWED, *more).stdout for more in ((), ("--depth", "1")))
    assert len(short.splitlines()) < len(whole.splitlines()) / 5
    assert "示例数：低保标准" in short, "the figure lies deeper than is shown"
    notices = [line for line in whole.splitlines() if line.startswith("  ! ")]
    assert notices
    assert [line for line in short.splitlines() if line.startswith("  ! ")] == notices


def test_all_programs_unless_some_are_named(run: Run) -> None:
    every = run("explain", "couple.yaml", "--format", "json")
    some = run("explain", "couple.yaml", "--format", "json", "--program", "dibao", "--program", "最低生活保障边缘家庭")
    assert len(json.loads(every.stdout)["roots"]) > len(json.loads(some.stdout)["roots"]) == 2


def test_markdown_html_and_json(run: Run) -> None:
    dibao = decide(Case.read("couple.yaml"), Rulebook.load(overlays=["illustrative"])).only("dibao")
    trail = dibao.explain()
    for form, expected in (("markdown", trail.markdown()), ("html", dibao.html())):
        said = run("explain", "couple.yaml", *NARROWED, "--format", form)
        assert (said.exit_code, said.stdout) == (0, expected + ("" if expected.endswith("\n") else "\n"))
    said = run("explain", "couple.yaml", *NARROWED, "--format", "json")
    assert json.loads(said.stdout) == trail.to_json()


@pytest.mark.parametrize(
    ("name", "begins"), [("a.html", "<!"), ("a.htm", "<!"), ("a.md", "#"), ("a.json", "{"), ("a.txt", "✓")]
)
def test_the_files_name_gives_the_form(run: Run, folder: Path, name: str, begins: str) -> None:
    said = run("explain", "couple.yaml", *NARROWED, "--output", name)
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", "")
    text = (folder / name).read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert text.endswith("\n")


def test_the_form_asked_for_wins_over_the_name(run: Run, folder: Path) -> None:
    run("explain", "couple.yaml", *NARROWED, "-o", "a.html", "--format", "json")
    assert json.loads((folder / "a.html").read_text(encoding="utf-8"))


def test_a_dash_is_standard_output(run: Run, folder: Path) -> None:
    assert run("explain", "couple.yaml", *NARROWED, "-o", "-").stdout.startswith("✓")
    assert not (folder / "-").exists()


def test_a_case_from_standard_input(run: Run, folder: Path) -> None:
    said = run("explain", "-", *NARROWED, input=(folder / "couple.yaml").read_text(encoding="utf-8"))
    assert said.exit_code == 0


def test_problems_are_those_of_deciding(run: Run) -> None:
    said = run("explain", "undated.yaml", "--lang", "en")
    assert said.exit_code == 3
    assert said.stderr.startswith("undated.yaml: no date")
    assert run("explain", "couple.yaml", "--place", "x").exit_code == 2


# -- writing files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "zh", "en"),
    [
        ("nowhere/a.html", "没有这个文件或文件夹", "there is no such file or folder"),
        (".", "这是一个文件夹", "it is a folder"),
        ("couple.yaml/a.html", "路径中有一段不是文件夹", "a part of the path is no folder"),
        ("a" * 300 + ".html", "名称过长", "the name is too long"),
    ],
)
def test_an_output_that_cannot_be_written(run: Run, target: str, zh: str, en: str) -> None:
    said = run("explain", "couple.yaml", *NARROWED, "-o", target)
    assert (said.exit_code, said.stdout) == (3, "")
    assert said.stderr == f"{target}：写不了这个文件：{zh}\n  → 请换一个地方写，或先把这里准备好\n"
    said = run("explain", "couple.yaml", *NARROWED, "-o", target, "--lang", "en")
    assert said.stderr == (
        f"{target}: the file cannot be written: {en}\n  → write it elsewhere, or make the place ready first\n"
    )


def test_what_was_there_stays_when_writing_fails(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.md").write_text("older", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    said = run("explain", "couple.yaml", *NARROWED, "-o", "a.md", "--lang", "en")
    assert said.exit_code == 3
    assert said.stderr.startswith("a.md: the file cannot be written: the disk is full\n")
    assert (folder / "a.md").read_text(encoding="utf-8") == "older"
    assert list(folder.glob(".*")) == []


def test_a_link_keeps_pointing_where_it_points(run: Run, folder: Path) -> None:
    (folder / "real.md").write_text("older", encoding="utf-8")
    (folder / "link.md").symlink_to("real.md")
    run("explain", "couple.yaml", *NARROWED, "-o", "link.md")
    assert (folder / "link.md").is_symlink()
    assert (folder / "real.md").read_text(encoding="utf-8").startswith("#")


def test_a_device_is_written_to_as_it_is(run: Run) -> None:
    assert run("explain", "couple.yaml", *NARROWED, "-o", "/dev/null").exit_code == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_page_says_which_decision_it_explains(run: Run) -> None:
    page = run("explain", "couple.yaml", "--overlay", "illustrative", "--format", "html").stdout
    decision = decide(Case.read("couple.yaml"), Rulebook.load(overlays=["illustrative"]))
    assert decision.as_of.isoformat() in page
    assert decision.rulebook.digest[:12] in page
    states = [outcome.state.value for outcome in decision.explain().roots]
    assert states == sorted(states, key=["true", "undetermined", "false", "untouched"].index)
