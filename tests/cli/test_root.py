"""The command itself: help, version, languages, and words it does not know."""

from __future__ import annotations

import pytest
from click.testing import Result

from minzheng_rules import __version__
from minzheng_rules.cli import main
from minzheng_rules.trail.rendering.layout import display_width
from tests.cli.conftest import Run

COMMANDS = list(main.commands_in)


def test_help_is_in_both_languages_and_lists_every_command(run: Run) -> None:
    said = run("--help")
    assert said.exit_code == 0
    assert "按规则手册裁断家庭能享受的民政待遇" in said.stdout
    assert "Decide what a household is entitled to" in said.stdout
    for name in COMMANDS:
        assert f"\n  {name} " in said.stdout
    assert {"demo", "decide", "explain", "template", "schema", "parameters", "replay", "check", "test"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("lang", "heading"), [("zh", "用法："), ("en", "Usage: ")])
def test_every_command_has_help_in_the_language_asked_for(run: Run, command: str, lang: str, heading: str) -> None:
    said = run(command, "--lang", lang, "--help")
    assert said.exit_code == 0
    assert said.stdout.startswith(f"{heading}minzheng {command} ")
    assert ("显示这份说明" in said.stdout) == (lang == "zh")
    assert ("show this help" in said.stdout) == (lang == "en")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_screen_of_eighty_columns(run: Run, command: str) -> None:
    said = run(*([command] if command else []), "--help")
    assert [line for line in said.stdout.splitlines() if display_width(line) > 80] == []


def test_every_option_says_what_it_does_in_both_languages(run: Run) -> None:
    said = run("decide", "--help").stdout.splitlines()
    at = next(number for number, line in enumerate(said) if line.startswith("  --as-of"))
    assert said[at] == "  --as-of DATE            按哪一天的规定裁断；不写依个案或表格的基准日"
    assert said[at + 1] == "                          the day to decide on; else that of the case or tables"


def test_without_a_command_it_shows_its_help(run: Run) -> None:
    said = run()
    assert said.exit_code == 2
    assert said.stdout == run("--help").stdout


def test_says_its_version(run: Run) -> None:
    said = run("--version")
    assert (said.exit_code, said.stdout) == (0, f"minzheng_rules {__version__}\n")


# -- what is not understood --------------------------------------------------------------------------------------------


def _refused(said: Result) -> str:
    assert said.exit_code == 2
    assert said.stdout == ""
    return said.stderr


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (
            ["decied"],
            "没有“decied”这个命令\n  → 您是否想写 minzheng decide？\n  → 用法见 minzheng --help\n",
            'there is no command "decied"\n  → did you mean minzheng decide?\n  → for help: minzheng --help\n',
        ),
        (
            ["xyz"],
            f"没有“xyz”这个命令\n  → 可选：{'、'.join(COMMANDS)}\n  → 用法见 minzheng --help\n",
            f'there is no command "xyz"\n  → possible: {", ".join(COMMANDS)}\n  → for help: minzheng --help\n',
        ),
        (
            ["decide"],
            "缺少 CASE\n  → 用法见 minzheng decide --help\n",
            "CASE is missing\n  → for help: minzheng decide --help\n",
        ),
        (
            ["decide", "couple.yaml", "--plce", "x"],
            "没有 --plce 这个选项\n  → 您是否想写 --place？\n  → 用法见 minzheng decide --help\n",
            "there is no option --plce\n  → did you mean --place?\n  → for help: minzheng decide --help\n",
        ),
        (
            ["decide", "couple.yaml", "--place"],
            "--place 后面要写一个值\n",
            "--place needs a value after it\n",
        ),
        (["decide", "couple.yaml", "--json=yes"], "--json 后面不带值\n", "--json does not take a value\n"),
        (["template", "x"], "多出了 x\n", "x is one too many\n"),
        (
            ["decide", "couple.yaml", "--as-of", "2025-6-1"],
            "--as-of 不能是“2025-6-1”：应为日期\n  → 请写作 2025-06-01\n",
            '--as-of cannot be "2025-6-1": expected a date\n  → write it as 2025-06-01\n',
        ),
        (
            ["decide", "couple.yaml", "--as-of", "20250601"],
            "--as-of 不能是“20250601”：应为日期\n",
            '--as-of cannot be "20250601": expected a date\n',
        ),
        (
            ["decide", "couple.yaml", "--set", "低保标准"],
            "--set 不能是“低保标准”：应为 参数=值\n  → 请写作 --set 低保标准=1000\n",
            '--set cannot be "低保标准": expected name=value\n  → write it as --set dibao_standard=1000\n',
        ),
        (
            ["decide", "couple.yaml", "--set", "低保标准=1", "--set", "低保标准=2"],
            "--set 给“低保标准”写了两个值\n",
            "--set gives `低保标准` two values\n",
        ),
        (
            ["decide", "couple.yaml", "--accept", "recaled"],
            "--accept 不能是“recaled”\n  → 您是否想写 recalled？\n",
            '--accept cannot be "recaled"\n  → did you mean recalled?\n',
        ),
        (
            ["explain", "couple.yaml", "--format", "pdf"],
            "--format 不能是“pdf”\n  → 可选：text、markdown、html、json\n",
            '--format cannot be "pdf"\n  → possible: text, markdown, html, json\n',
        ),
        (
            ["explain", "couple.yaml", "--width", "3"],
            "--width 不能是“3”：应为 40 至 1000 的整数\n",
            '--width cannot be "3": expected a whole number from 40 to 1000\n',
        ),
        (
            ["explain", "couple.yaml", "--depth", "3", "--full"],
            "--depth 只用于不带 --full 的 text\n",
            "--depth is for text without --full\n",
        ),
        (["decide", "-", "-"], "“-”只能写一次\n", "- can be given only once\n"),
        (
            ["schema", "cas"],
            "WHAT 不能是“cas”\n  → 您是否想写 case？\n",
            'WHAT cannot be "cas"\n  → did you mean case?\n',
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_on_the_command_line_is_told_with_the_next_step(
    run: Run, arguments: list[str], zh: str, en: str
) -> None:
    assert _refused(run(*arguments)).startswith(zh)
    assert _refused(run("--lang", "en", *arguments)).startswith(en)


def test_an_unknown_language_is_told_in_chinese(run: Run) -> None:
    expected = "--lang 不能是“fr”\n  → 可选：zh、en\n"
    assert _refused(run("--lang", "fr", "demo")).startswith(expected)
    assert _refused(run("demo", "--lang=fr")).startswith(expected)
    assert _refused(run("schema", env={"MINZHENG_LANG": "fr"})).startswith(expected)


def test_the_language_may_stand_anywhere_or_in_the_environment(run: Run) -> None:
    wanted = "undated.yaml: no date: it is not known by which day's rules to decide\n"
    for arguments, env in (
        (["--lang", "en", "decide", "undated.yaml"], {}),
        (["decide", "--lang=en", "undated.yaml"], {}),
        (["decide", "undated.yaml"], {"MINZHENG_LANG": "en"}),
        (["--lang", "zh", "decide", "undated.yaml", "--lang", "en"], {}),
        (["decide", "undated.yaml", "--lang", "en"], {"MINZHENG_LANG": "zh"}),
    ):
        said = run(*arguments, env=env)
        assert said.exit_code == 3
        assert said.stderr.startswith(wanted), arguments


def test_the_language_before_the_command_wins_over_the_environment(run: Run) -> None:
    said = run("--lang", "zh", "decide", "undated.yaml", env={"MINZHENG_LANG": "en"})
    assert said.stderr.startswith("undated.yaml：没有基准日")


# -- our own mistakes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "said", "step"),
    [
        ("zh", "程序自身出错了，这不是您的输入造成的（ZeroDivisionError: by nothing）", "请加上 --debug 再运行一次"),
        (
            "en",
            "the program itself failed; this is our defect, not yours (ZeroDivisionError: by nothing)",
            "run it again",
        ),
    ],
)
def test_an_unexpected_failure_is_ours_and_shows_no_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, lang: str, said: str, step: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("minzheng_rules.case.template.template", fail)
    failed = run("--lang", lang, "template")
    assert failed.exit_code == 70
    assert failed.stdout == ""
    assert failed.stderr.startswith(f"{said}\n  → {step}")
    assert "Traceback" not in failed.stderr
    shown = run("--debug", "--lang", lang, "template")
    assert shown.exit_code == 70
    assert "Traceback" in shown.stderr
    assert shown.stderr.endswith(f"{said}\n")


def test_an_interruption_has_an_exit_code_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("minzheng_rules.case.template.template", interrupt)
    stopped = run("template", "--lang", "en")
    assert stopped.exit_code == 130
    assert stopped.stderr.strip() == "interrupted"
