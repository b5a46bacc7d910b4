"""`minzheng test`: run worked cases and compare with what is expected of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minzheng_rules.cli.asking import json_option, language_option, rulebook_folder, rulebook_option
from minzheng_rules.cli.commanding import Command, argument, option
from minzheng_rules.cli.files import as_json as json_text
from minzheng_rules.cli.session import ExitCode, Session, current, terminal_width
from minzheng_rules.problems import Place, Problem, RequestProblems, Words

if TYPE_CHECKING:
    from minzheng_rules.testing.runner import CaseResult

FORMAT = "minzheng-test/1"
_USUAL: Final = "tests/cases"

_WORDS = Words(
    "运行算例：裁断每个算例，与应得的结论比较；不同时列出相差之处和理由，退出码为 1。",
    "Run worked cases: decide each and compare with the answer worked out for it; where they differ, show the difference "
    "and the reasons, with exit code 1.",
)
_NOTES = Words(
    """例：
  minzheng test                          当前文件夹下的 tests/cases
  minzheng test my-cases --rulebook .    用正在编写的规则手册""",
    """Examples:
  minzheng test                          tests/cases in the current folder
  minzheng test my-cases --rulebook .    with the rulebook being written""",
)


@click.command(cls=Command, name="test", words=_WORDS, notes=_NOTES)
@argument(
    "paths",
    nargs=-1,
    metavar="[PATH…]",
    words=Words(f"算例文件或文件夹；不写是 {_USUAL}", f"files or folders of worked cases; {_USUAL} unless said"),
)
@rulebook_option
@option("--verbose", "-v", is_flag=True, words=Words("通过的也逐个列出", "list those that passed, too"))
@json_option
@language_option
def command(paths: tuple[str, ...], rulebook: str | None, verbose: bool, as_json: bool) -> int:
    """Run worked cases."""
    from minzheng_rules.testing.runner import run_paths

    session = current()
    results = run_paths(_existing(paths), rulebook_folder(rulebook))
    if not results:
        raise RequestProblems([_none(paths)])
    if as_json:
        click.echo(json_text(_plain(results)))
    else:
        _show(results, verbose, session)
    if any(result.failures for result in results):
        return ExitCode.FINDING
    return ExitCode.UNUSABLE if any(not result.passed for result in results) else ExitCode.DONE


def _existing(paths: Sequence[str]) -> list[str]:
    if paths:
        return list(paths)
    if not Path(_USUAL).is_dir():
        raise RequestProblems([_none(())])
    return [_USUAL]


def _none(paths: Sequence[str]) -> Problem:
    where = ", ".join(paths) or _USUAL
    return Problem(
        "request.no-worked-cases",
        Words("没有找到算例", "there are no worked cases"),
        Place(where),
        Words("请写出算例所在的文件或文件夹", "name the files or folders they lie in"),
    )


def _show(results: Sequence[CaseResult], verbose: bool, session: Session) -> None:
    for result in results:
        if verbose or not result.passed:
            click.echo(result.say(session.lang, terminal_width() or 110))
    failed = sum(1 for result in results if result.failures)
    unusable = sum(1 for result in results if not result.passed) - failed
    passed = len(results) - failed - unusable
    zh = f"{len(results)} 个算例：{passed} 个通过"
    en = f"{len(results)} worked cases: {passed} passed"
    if failed:
        zh, en = f"{zh}，{failed} 个不符", f"{en}, {failed} differed"
    if unusable:
        zh, en = f"{zh}，{unusable} 个不能运行", f"{en}, {unusable} could not be run"
    click.echo(session.say(zh, en))


def _plain(results: Sequence[CaseResult]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "passed": sum(1 for result in results if result.passed),
        "failed": sum(1 for result in results if not result.passed),
        "results": [
            {
                "file": result.file,
                "line": result.line,
                "about": result.about,
                "passed": result.passed,
                "mismatches": [
                    {
                        "program": failure.outcome.program,
                        "subject": failure.outcome.subject,
                        "zh": mismatch.say("zh"),
                        "en": mismatch.say("en"),
                    }
                    for failure in result.failures
                    for mismatch in failure.mismatches
                ],
                "problems": [problem.to_json() for problem in result.problems],
            }
            for result in results
        ],
    }
