"""`minzheng uses`: where a rule, a parameter or a fact is defined, and where it is read."""

from __future__ import annotations

from typing import Any

import click

from minzheng_rules.cli.asking import Asking, figures_options, json_option, language_option, place_option
from minzheng_rules.cli.commanding import Command, argument
from minzheng_rules.cli.files import as_json as json_text
from minzheng_rules.cli.kinds import kind_option
from minzheng_rules.cli.session import current
from minzheng_rules.cli.telling import did_you_mean
from minzheng_rules.problems import Place, Problem, RequestProblems, Words, nearest

FORMAT = "minzheng-uses/1"

_WORDS = Words(
    "一个名称在哪里定义、被哪些规则引用：规则、参数或事实，编号或中文名都可以。",
    "Where a name is defined and which rules read it: a rule, a parameter or a fact, by id or Chinese term.",
)
_NOTES = Words(
    """例：
  minzheng uses 低保标准
  minzheng uses 计入共同生活""",
    """Examples:
  minzheng uses dibao_standard
  minzheng uses counted""",
)
_HOW = {
    "defined": Words("定义", "defined"),
    "read": Words("引用", "read by"),
    "replaced": Words("被取代", "replaced by"),
    "filled": Words("被填补", "filled by"),
    "added": Words("被增列", "added to by"),
    "excepted": Words("有例外", "excepted by"),
    "answer": Words("作为结论", "answers"),
    "value": Words("赋值", "given in"),
}


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@argument("name", metavar="NAME", words=Words("编号或中文名", "an id or a Chinese term"))
@kind_option
@place_option
@figures_options
@json_option
@language_option
def command(name: str, as_json: bool, **asked: Any) -> None:
    """Print where the name is used."""
    from minzheng_rules.trail.rule_text import uses

    books = list(Asking(**asked).books())
    found = list(dict.fromkeys(use for book in books for use in uses(book, name)))
    if not found:
        book = books[0]
        near = nearest(name, {n for kind in book.vocabulary.kinds for n in book.names.names(kind)})
        what = Words(f"没有“{name}”这个名称", f"there is nothing called `{name}`")
        step = did_you_mean(near) if near is not None else None
        raise RequestProblems([Problem("request.name", what, Place(), step)])
    if as_json:
        plain = [
            {"how": u.how, "by": u.by, "term": u.term, "file": u.file or None, "line": u.line or None} for u in found
        ]
        click.echo(json_text({"format": FORMAT, "name": name, "uses": plain}))
        return
    lang = current().lang
    for use in found:
        at = f"  {use.file}:{use.line}" if use.file else ""
        called = use.term if lang == "zh" or use.how == "value" else use.by
        click.echo(
            f"{_HOW[use.how].say(lang)}  {called}（{use.by}）{at}"
            if lang == "zh"
            else f"{_HOW[use.how].en}  {called}{at}"
        )
