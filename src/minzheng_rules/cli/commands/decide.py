"""`minzheng decide`: decide one or more cases."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minzheng_rules.cli.asking import (
    Asking,
    asking_options,
    cases_argument,
    json_option,
    language_option,
    read_all,
    refuse_twice_stdin,
)
from minzheng_rules.cli.commanding import Command, option
from minzheng_rules.cli.files import as_json as json_text
from minzheng_rules.cli.files import write_whole
from minzheng_rules.cli.session import colours, current, terminal_width
from minzheng_rules.cli.telling import severity, tell
from minzheng_rules.problems import Problem, ProblemsFound, Words
from minzheng_rules.trail.rendering.layout import Span, paint

if TYPE_CHECKING:
    from minzheng_rules.evaluator.decision import Decision

FORMAT = "minzheng-decisions/1"

_WORDS = Words(
    "裁断个案：每个项目符合、不符合还是待定，金额多少，还缺什么。几份个案可以一起裁断；有问题的说明问题，其余照常裁断。",
    "Decide cases: for each program whether it is due, how much, and what is still missing. Of several cases, those that "
    "cannot be used are told about and the others are decided.",
)
_NOTES = Words(
    """例：
  minzheng decide case.yaml --as-of 2025-06-01
  minzheng decide cases/*.yaml --overlay illustrative --json
  minzheng decide case.yaml --set 低保标准=1000 --record case.record.jsonl""",
    """Examples:
  minzheng decide case.yaml --as-of 2025-06-01
  minzheng decide cases/*.yaml --overlay illustrative --json
  minzheng decide case.yaml --set dibao_standard=1000 --record case.record.jsonl""",
)


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@cases_argument
@asking_options
@json_option
@option(
    "--record",
    "record_file",
    metavar="FILE",
    words=Words(
        "留存裁断记录，每份个案一行，供 minzheng replay 重放",
        "keep records, one line for each case, for minzheng replay",
    ),
)
@language_option
def command(cases: tuple[str, ...], as_json: bool, record_file: str | None, **asked: Any) -> int:
    """Decide cases."""
    refuse_twice_stdin(cases)
    session, asking = current(), Asking(**asked)
    read, problems = read_all(cases, asking)
    decided: list[tuple[str, Decision]] = []
    for path, case in read:
        try:
            decision = asking.decide(case)
            problems += asking.unused(asking.book(case.case.place, kind=asking.kind_of(case.document.data)), decision)
            decided.append((path, decision))
        except ProblemsFound as wrong:
            problems += wrong.problems
    if record_file is not None and decided:
        _keep(Path(record_file), [decision for _, decision in decided])
    if as_json:
        click.echo(_json(decided, problems))
    else:
        _show(decided, alone=len(cases) == 1)
    tell(problems, session)
    return severity(problems)


def _show(decided: list[tuple[str, Decision]], alone: bool) -> None:
    from minzheng_rules.trail.summary import summary_text

    session, colour = current(), colours(sys.stdout)
    for number, (path, decision) in enumerate(decided):
        if number:
            click.echo("")
        if not alone:
            click.echo(paint([Span(f"== {path}", "strong")], colour), color=colour)
        click.echo(summary_text(decision, session.lang, terminal_width(), colour), color=colour)


def _json(decided: list[tuple[str, Decision]], problems: list[Problem]) -> str:
    return json_text(
        {
            "format": FORMAT,
            "decisions": [{"file": path, "decision": decision.to_json()} for path, decision in decided],
            "problems": [problem.to_json() for problem in dict.fromkeys(problems)],
        }
    )


def _keep(path: Path, decisions: list[Decision]) -> None:
    """Write the records, one on each line: a file with one record is plain JSON, one with several is JSON Lines."""
    from minzheng_rules.evaluator.recording import record

    lines = [json.dumps(record(decision), ensure_ascii=False, separators=(",", ":")) for decision in decisions]
    write_whole(path, "\n".join(lines) + "\n")
