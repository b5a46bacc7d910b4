"""`minzheng show`: a program's rules in sentences, as they stand on a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from minzheng_rules.cli.asking import Asking, figures_options, language_option, place_option
from minzheng_rules.cli.commanding import Command, argument, option
from minzheng_rules.cli.kinds import kind_option
from minzheng_rules.cli.session import current
from minzheng_rules.cli.values import Day
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.rulebook.rulebook import Rulebook

_WORDS = Words(
    "把一个项目的规则读成句子：条款、依据、例外和当天的参数，便于同文件核对。",
    "Read a program's rules out in sentences: conditions, citations, exceptions, the figures of the day, to be checked against "
    "the official text.",
)
_NOTES = Words(
    """例：
  minzheng show dibao
  minzheng show 最低生活保障 --as-of 2026-07-01 --overlay illustrative""",
    """Examples:
  minzheng show dibao
  minzheng show dibao --as-of 2026-07-01 --overlay illustrative""",
)


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@argument("program", metavar="PROGRAM", words=Words("项目的编号或名称", "a program, by id or term"))
@option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    words=Words("看哪一天的规则；不写是今天", "the day whose rules are shown; today unless said"),
)
@kind_option
@place_option
@figures_options
@language_option
def command(program: str, as_of: dt.date | None, **asked: Any) -> None:
    """Print the rules."""
    from minzheng_rules.trail.rule_text import show

    book = _book_of(program, Asking(**asked))
    # Reading a clock is for people at a terminal; the day is printed in the first line.
    day = as_of or dt.datetime.now().astimezone().date()
    click.echo(show(book, program, day, current().lang))


def _book_of(program: str, asking: Asking) -> Rulebook:
    """The rulebook the program belongs to; the first, which knows a near name, where none has it."""
    books = asking.books()
    first = next(books)
    return next((book for book in (first, *books) if any(known.goes_by(program) for known in book.programs)), first)
