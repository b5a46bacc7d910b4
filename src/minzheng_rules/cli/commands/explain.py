"""`minzheng explain`: why a case came out as it did."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minzheng_rules.cli.asking import Asking, ReadCase, asking_options, case_argument, language_option, output_option
from minzheng_rules.cli.commanding import Command, option
from minzheng_rules.cli.files import STDIN, as_json, emit
from minzheng_rules.cli.session import colours, current, terminal_width
from minzheng_rules.cli.shortening import short_text
from minzheng_rules.cli.telling import UsageMistake, tell
from minzheng_rules.cli.values import OneOf, Whole
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.evaluator.decision import Decision
    from minzheng_rules.trail.trail import Trail

_WORDS = Words(
    "说明理由：决定结论的每项条件、其中的数字、依据的条文；加 --full 则列出全部。",
    "Give the reasons: every condition that settles the outcome, with its figures and articles; with --full everything.",
)
_NOTES = Words(
    """例：
  minzheng explain case.yaml --program dibao --depth 4
  minzheng explain case.yaml --full --output case.html""",
    """Examples:
  minzheng explain case.yaml --program dibao --depth 4
  minzheng explain case.yaml --full --output case.html""",
)
_FORMATS: Final = ("text", "markdown", "html", "json")
_BY_SUFFIX: Final = {".md": "markdown", ".html": "html", ".htm": "html", ".json": "json"}


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@case_argument
@asking_options
@option(
    "--format",
    "form",
    type=OneOf(*_FORMATS),
    words=Words("输出的形式；不写则依文件名，再不然是 text", "the form; else as the output's name says, else text"),
)
@option(
    "--full", is_flag=True, words=Words("列出全部，不只是决定结论的", "everything, not only what settles the outcome")
)
@option(
    "--depth",
    type=Whole(1, 50),
    metavar="N",
    words=Words("只列前几层理由（只用于 text）", "only so many levels of reasons (text only)"),
)
@option(
    "--width",
    type=Whole(40, 1000),
    metavar="N",
    words=Words("每行多少列（只用于 text）", "columns in a line (text only)"),
)
@output_option
@language_option
def command(
    case: str,
    form: str | None,
    full: bool,
    depth: int | None,
    width: int | None,
    output: str | None,
    **asked: Any,
) -> int:
    """Give the reasons for a decision."""
    asking = Asking(**asked)
    to_file = output not in (None, STDIN)
    chosen = form or (_BY_SUFFIX.get(Path(output or "").suffix.lower(), "text") if to_file else "text")
    if depth is not None and (full or chosen != "text"):
        words = Words("--depth 只用于不带 --full 的 text", "--depth is for text without --full")
        raise UsageMistake(words, None, click.get_current_context())
    read = ReadCase.read(case, asking)
    decision = asking.decide(read)
    tell(asking.unused(asking.book(read.case.place, kind=asking.kind_of(read.document.data)), decision), current())
    asked_for = decision.only(*asking.programs) if asking.programs else decision
    if chosen == "text":
        emit(_text(asked_for.explain(), full, depth, width, to_file), output)
    else:
        emit(_page(asked_for, chosen, full, to_file), output)
    return 0


def _page(decision: Decision, form: str, full: bool, to_file: bool) -> str:
    lang = current().lang
    match form:
        case "markdown":
            return decision.explain().markdown(lang, full)
        case "html":
            return decision.html(lang, full)
    return as_json(decision.explain().to_json(), to_file)


def _text(trail: Trail, full: bool, depth: int | None, width: int | None, to_file: bool) -> str:
    lang = current().lang
    colour = colours(sys.stdout) and not to_file
    columns = width or (None if to_file else terminal_width()) or 100
    if depth is None:
        return trail.text(lang, full, columns, colour)
    return short_text(trail.roots, depth, lang, columns, colour)
