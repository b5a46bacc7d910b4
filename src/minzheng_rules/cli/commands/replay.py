"""`minzheng replay`: decide recorded cases again and see whether the same comes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minzheng_rules.cli.asking import Asking, figures_options, json_option, language_option
from minzheng_rules.cli.commanding import Command, argument
from minzheng_rules.cli.files import STDIN, STDIN_NAME
from minzheng_rules.cli.files import as_json as json_text
from minzheng_rules.cli.session import ExitCode, Session, current
from minzheng_rules.cli.telling import severity, tell
from minzheng_rules.problems import Place, Problem, ProblemsFound, RequestProblems, Words, reason_of

if TYPE_CHECKING:
    from minzheng_rules.evaluator.recording import Replay

FORMAT = "minzheng-replays/1"

_WORDS = Words(
    "重放裁断记录：按记录中的个案和日期再裁断一次，比较结论。结论不同时退出码为 1。",
    "Replay records: decide the recorded cases again and compare. The exit code is 1 if an answer differs.",
)
_NOTES = Words(
    """不写 --overlay 等选项时，用记录当时的补充值和随附的规则手册。例：
  minzheng decide case.yaml --overlay illustrative --record case.record.jsonl
  minzheng replay case.record.jsonl""",
    """Without --overlay and the like, the record's overlays and the shipped rulebook
are used. Examples:
  minzheng decide case.yaml --overlay illustrative --record case.record.jsonl
  minzheng replay case.record.jsonl""",
)


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@argument(
    "records",
    nargs=-1,
    required=True,
    metavar="RECORD…",
    words=Words(
        "minzheng decide --record 写下的文件，“-”为标准输入",
        "files that minzheng decide --record wrote; - is standard input",
    ),
)
@figures_options
@json_option
@language_option
def command(records: tuple[str, ...], as_json: bool, **asked: Any) -> int:
    """Replay records."""
    session = current()
    problems: list[Problem] = []
    replayed: list[tuple[str, Replay]] = []
    for path in records:
        try:
            for place, recorded in _records(path):
                replayed.append((place, _replay(recorded, place, Asking(**asked))))
        except ProblemsFound as wrong:
            problems += wrong.problems
    if as_json:
        found = [_plain(place, replay) for place, replay in replayed]
        click.echo(json_text({"format": FORMAT, "replays": found, "problems": [p.to_json() for p in problems]}))
    else:
        for place, replay in replayed:
            click.echo(_said(place, replay, session))
    tell(problems, session)
    differs = any(not replay.same for _, replay in replayed)
    return severity(problems) or (ExitCode.FINDING if differs else ExitCode.DONE)


def _records(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The records of a file, each with the place to name it by: one for the file, or one for each line."""
    name = STDIN_NAME if path == STDIN else path
    text = _text(path, name)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict):
        yield name, whole
        return
    if not lines:
        raise RequestProblems([Problem("record.empty", Words("里面没有记录", "it holds no record"), Place(name))])
    for number, line in lines:
        try:
            recorded = json.loads(line)
        except (ValueError, RecursionError):
            recorded = None
        if not isinstance(recorded, dict):
            what = Words("不是裁断记录", "not a record of a decision")
            step = Words("记录由 minzheng decide --record 写下", "records are written by minzheng decide --record")
            raise RequestProblems([Problem("record.not-json", what, Place(name, number, 1), step)])
        yield f"{name}:{number}", recorded


def _text(path: str, name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        reason = reason_of(error)
        what = Words(f"文件打不开：{reason.zh}", f"the file cannot be opened: {reason.en}")
        step = Words("请核对名称和所在的文件夹", "check its name and the folder it is in")
    except UnicodeDecodeError:
        what = Words("文件不是 UTF-8 编码", "the file is not UTF-8")
        step = Words("请给 minzheng decide --record 写下的文件", "give a file that `minzheng decide --record` wrote")
    raise RequestProblems([Problem("record.unreadable", what, Place(name), step)])


def _replay(recorded: dict[str, Any], place: str, asking: Asking) -> Replay:
    from minzheng_rules.evaluator.recording import replay

    try:
        if not asking.chooses_figures:
            return replay(recorded)
        about = recorded.get("decision", {}).get("rulebook", {})
        if not asking.overlays and not asking.settings:
            asking.overlays = tuple(about.get("overlays", ()))
        asking.accept = asking.accept or tuple(about.get("accept", ()))
        return replay(recorded, asking.book(about.get("place"), Place(place), recorded.get("case", {}).get("case")))
    except ProblemsFound as wrong:
        raise ProblemsFound(_placed(problem, place) for problem in wrong.problems) from None
    except (KeyError, TypeError, AttributeError, ValueError):
        # The digest only shows that a record was not altered; one made elsewhere may still lack what a record needs.
        what = Words("记录缺少必要的内容", "the record lacks what is needed to replay it")
        raise RequestProblems([Problem("record.incomplete", what, Place(place))]) from None


_STEPS: Final = {
    "request.overlay": Words(
        "当时的补充值若是一个文件，请用 --overlay 给出", "if the figures came from a file, give it with --overlay"
    ),
    "record.reform": Words("请用 --reform 给出当时的改革方案", "give that reform with --reform"),
    "record.inline-overlay": Words("请用 --set 再给出当时的值", "give the values again with --set"),
}


def _placed(problem: Problem, place: str) -> Problem:
    """A problem at the record it comes from, with what can be done about it here."""
    if problem.place.file:
        return problem
    return replace(problem, place=Place(place), next_step=_STEPS.get(problem.code, problem.next_step))


def _said(place: str, replay: Replay, session: Session) -> str:
    lines = [f"{'✓' if replay.same else '✗'} {place}{session.say('：', ': ')}{_verdict(replay, session)}"]
    for difference in replay.differences:
        then, now = (json.dumps(value, ensure_ascii=False) for value in (difference.recorded, difference.replayed))
        lines.append(f"    {difference.path}{session.say('：', ': ')}{then} → {now}")
    return "\n".join(lines)


def _verdict(replay: Replay, session: Session) -> str:
    if replay.same and replay.same_rulebook:
        return session.say("结论相同，规则手册也相同", "the same answers by the same rulebook")
    if replay.same:
        return session.say("结论相同；规则手册已经改动", "the same answers; the rulebook has changed since")
    if replay.same_rulebook:
        return session.say("规则手册相同，结论却不同", "other answers, though the rulebook is the same")
    return session.say("结论不同；规则手册已经改动", "other answers; the rulebook has changed since")


def _plain(place: str, replay: Replay) -> dict[str, Any]:
    return {
        "record": place,
        "same": replay.same,
        "same_rulebook": replay.same_rulebook,
        "differences": [{"path": d.path, "recorded": d.recorded, "replayed": d.replayed} for d in replay.differences],
    }
