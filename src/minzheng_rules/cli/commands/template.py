"""`minzheng template`: a case file to fill in."""

from __future__ import annotations

import click

from minzheng_rules.cli.asking import language_option, output_option, rulebook_option
from minzheng_rules.cli.commanding import Command
from minzheng_rules.cli.files import emit
from minzheng_rules.cli.kinds import book_of, kind_option, model_of
from minzheng_rules.cli.session import current
from minzheng_rules.problems import Words

_WORDS = Words(
    "给出一份可以填写的个案文件：每一项事实、单位、由谁提供。用不到的行删去即可。",
    "Print a case file to fill in: every fact with its unit and who supplies it. Delete the lines you do not need.",
)
_NOTES = Words(
    """例：
  minzheng template --output case.yaml
  minzheng template --case worker""",
    """Examples:
  minzheng template --output case.yaml
  minzheng template --case worker""",
)


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@kind_option
@rulebook_option
@output_option
@language_option
def command(kind: str | None, rulebook: str | None, output: str | None) -> None:
    """Print a case file to fill in."""
    from minzheng_rules.case.template import template

    model, lang = model_of(kind, rulebook), current().lang
    text = template(model, lang) if rulebook is None else template(model, lang, book_of(rulebook, kind).place)
    emit(text.rstrip("\n"), output)
