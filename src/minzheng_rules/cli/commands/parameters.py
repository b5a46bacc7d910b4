"""`minzheng parameters`: the figures a rulebook decides by, and how well each is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from minzheng_rules.cli.asking import Asking, figures_options, json_option, language_option, place_option
from minzheng_rules.cli.commanding import Command, argument, option
from minzheng_rules.cli.files import as_json as json_text
from minzheng_rules.cli.kinds import kind_option
from minzheng_rules.cli.session import Session, current, terminal_width
from minzheng_rules.cli.telling import UsageProblems, did_you_mean
from minzheng_rules.cli.values import Day, OneOf
from minzheng_rules.problems import Place, Problem, Words, nearest
from minzheng_rules.trail.rendering.layout import Span, display_width, pad, wrap

if TYPE_CHECKING:
    from minzheng_rules.language.rules import Cite
    from minzheng_rules.rulebook.parameters import Figure, Key, Parameter
    from minzheng_rules.rulebook.rulebook import Rulebook
    from minzheng_rules.rulebook.ruleset import RuleSet

FORMAT = "minzheng-parameters/1"
Programs = Mapping[str, Mapping[str, Words]]
"""By parameter: the programs that rest on it, by id."""

_MOST_NAMED: Final = 4
STATUSES: Final = ("verbatim", "secondary", "position", "recalled", "illustrative", "derived", "unknown")

_WORDS = Words(
    "列出参数：某一天有效的值、来历、由谁规定。写出名称的，成表的参数逐格列出。",
    "List the parameters: the value in force on a day, how well it is known, who may set it. Of those that are named, every "
    "cell of a table is listed.",
)
_NOTES = Words(
    """例：
  minzheng parameters --status unknown         还有哪些数不知道
  minzheng parameters 低保标准 --as-of 2024-07-01""",
    """Examples:
  minzheng parameters --status unknown         which figures are unknown
  minzheng parameters dibao_standard --as-of 2024-07-01""",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter, or one cell of it, on a day."""

    parameter: Parameter
    cell: Words
    """The index values of the cell; empty for a parameter that has one value, or for all cells together."""
    value: Words
    raw: object
    status: str
    used: bool
    """Whether it is computed with: a figure known from memory only is not, unless it is accepted."""
    figure: Figure | None
    setters: tuple[str, ...]
    open_cells: tuple[Words, ...] = ()
    """Of a table shown in one line: the cells that are not known, where others are."""


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@argument(
    "names",
    nargs=-1,
    metavar="[NAME…]",
    words=Words("只看这些参数（编号或名称）", "only these parameters, by id or term"),
)
@option("--status", type=OneOf(*STATUSES), words=Words("只看这种来历的", "only figures of this status"))
@option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    words=Words("看哪一天有效的值；不写是今天", "the day they are in force on; today unless said"),
)
@kind_option
@place_option
@figures_options
@json_option
@language_option
def command(names: tuple[str, ...], status: str | None, as_of: dt.date | None, as_json: bool, **asked: Any) -> None:
    """List the parameters."""
    books = list(Asking(**asked).books())
    book = books[0]
    # The one place where the command reads a clock; the day is printed above the list.
    day = as_of or dt.datetime.now().astimezone().date()
    rows = [row for of, one in _chosen(books, names) for row in _rows(one, of, of.on(day), day, bool(names))]
    if status is not None:
        # What has ended, or has not begun, is no open question: nothing on that day reads it, and no value is waited for.
        rows = [row for row in rows if row.status == status and row.figure is not None]
    decided = _programs_by_parameter(books, day)
    if as_json:
        click.echo(json_text(_plain(rows, book, day, decided)))
    else:
        click.echo("\n".join(_lines(rows, book, day, decided, current())))


def _programs_by_parameter(books: Sequence[Rulebook], day: dt.date) -> dict[str, dict[str, Words]]:
    """Of each parameter, by id: the programs whose answers on a day may rest on it, by id."""
    from minzheng_rules.population.simulation.dependence import parameters_of

    found: dict[str, dict[str, Words]] = {}
    for book in books:
        for program in book.programs:
            for parameter in parameters_of(book, day, [program.id]):
                found.setdefault(parameter, {}).setdefault(program.id, program.term)
    return found


def _chosen(books: Sequence[Rulebook], names: Sequence[str]) -> list[tuple[Rulebook, Parameter]]:
    """The parameters asked for, each with the first rulebook that has it."""
    known: dict[str, tuple[Rulebook, Parameter]] = {}
    for book in books:
        for parameter in book.parameters.values():
            known.setdefault(parameter.id, (book, parameter))
    if not names:
        return list(known.values())
    by_name = {**{parameter.term: (book, parameter) for book, parameter in known.values()}, **known}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise UsageProblems([_unknown(name, nearest(name, by_name)) for name in unknown])
    return [by_name[name] for name in names]


def _unknown(name: str, near: str | None) -> Problem:
    what = Words(f"没有“{name}”这个参数", f"there is no parameter `{name}`")
    step = did_you_mean(near) if near is not None else None
    return Problem("request.parameter", what, Place(), step)


# -- rows --------------------------------------------------------------------------------------------------------------


def _rows(parameter: Parameter, book: Rulebook, rules: RuleSet, day: dt.date, cells: bool) -> Iterator[Row]:
    setters = parameter.setters_on(day)
    if not parameter.indexes:
        yield _row(parameter, (), book, rules, setters)
        return
    rows = [_row(parameter, key, book, rules, setters) for key in parameter.figures]
    if cells:
        yield from rows
        return
    from minzheng_rules.trail.wording import weakest

    count = len(rows)
    status = weakest([row.status for row in rows]) or "unknown"
    # What is noted with a cell that is as weak as the whole: the others may be sure.
    weak = [row for row in rows if row.status == status]
    figure = next((row.figure for row in weak if row.figure is not None), None)
    open_cells = tuple(row.cell for row in weak if status == "unknown" and len(weak) < count)
    value = Words(f"{count} 个值", f"{count} values")
    used = all(row.used for row in rows)
    yield Row(parameter, Words("", ""), value, None, status, used, figure, setters, open_cells)


def _row(parameter: Parameter, key: Key, book: Rulebook, rules: RuleSet, setters: tuple[str, ...]) -> Row:
    reading = rules.reading(parameter.id, key)
    figure = reading.figure
    said = figure.value if figure is not None else None
    pairs = list(zip(parameter.indexes, key, strict=True))
    cell = Words(*("·".join(index.say(part, lang) for index, part in pairs) for lang in ("zh", "en")))
    status = figure.status if figure is not None and said is not None else "unknown"
    value, raw = _value(said, parameter, book)
    return Row(parameter, cell, value, raw, status, reading.value is not None, figure, setters)


def _value(value: object, parameter: Parameter, book: Rulebook) -> tuple[Words, object]:
    """A figure in words and for JSON."""
    from minzheng_rules.evaluator.printing import json_value, value_words

    if value is None:
        return Words("未知", "unknown"), None
    if parameter.is_table:
        rows = len(value.rows)  # type: ignore[attr-defined]  # the value of a table is a grid
        return Words(f"表，{rows} 行", f"a table of {rows} rows"), None
    return value_words(value, parameter.type, book.names), json_value(value, parameter.type)


# -- printing ----------------------------------------------------------------------------------------------------------


def _lines(rows: Sequence[Row], book: Rulebook, day: dt.date, decided: Programs, session: Session) -> Iterator[str]:
    lang = session.lang
    yield f"{book.name.say(lang)}{session.say('，', ', ')}{day}{session.say('：', ': ')}" + session.say(
        f"{len(rows)} 项", f"{len(rows)} entries"
    )
    if not rows:
        return
    width = min(terminal_width() or 100, 120)
    heads = [
        session.say(*pair)
        for pair in (("参数", "parameter"), ("值", "value"), ("来历", "status"), ("由谁规定", "set by"))
    ]
    cells = [[_name(row, lang), _shown(row, session), _status(row, lang), _setters(row, lang)] for row in rows]
    columns = [min(max(display_width(line[i]) for line in [heads, *cells]), 40) for i in range(4)]
    yield _joined(heads, columns).rstrip()
    for row, line in zip(rows, cells, strict=True):
        yield _joined(line, columns).rstrip()
        programs = decided.get(row.parameter.id, {})
        asked = _asked(row, book, programs) if row.status == "unknown" else None
        for said in (_remark(row), asked.say(lang) if asked is not None else ""):
            room = width - 4
            for part in wrap([Span(said)], room, room) if said else ():
                yield "    " + "".join(span.text for span in part)


def _joined(line: Sequence[str], columns: Sequence[int]) -> str:
    return "  ".join(pad(text, column) for text, column in zip(line, columns, strict=True))


def _name(row: Row, lang: str) -> str:
    name = row.parameter.id if lang == "en" else row.parameter.term
    cell = row.cell.say(lang)
    return f"{name}[{cell}]" if cell else name


def _shown(row: Row, session: Session) -> str:
    value = row.value.say(session.lang)
    return value if row.used or row.raw is None else value + session.say("（不用于计算）", " (not used)")


def _status(row: Row, lang: str) -> str:
    from minzheng_rules.trail.wording import STATUSES as WORDS
    from minzheng_rules.trail.wording import look_up

    return look_up(WORDS, row.status, lang)


def _setters(row: Row, lang: str) -> str:
    from minzheng_rules.trail.wording import LEVELS, listed, look_up

    return listed([look_up(LEVELS, level, lang) for level in row.setters], lang)


def _asked(row: Row, book: Rulebook, programs: Mapping[str, Words]) -> Words:
    """What the office that knows is asked for: in which unit, between which ends or which of the choices, and for what."""
    return Words(*(_question(row, book, programs, lang) for lang in ("zh", "en")))


def _question(row: Row, book: Rulebook, programs: Mapping[str, Words], lang: str) -> str:
    chinese = lang == "zh"
    parts = [("要问：" if chinese else "wanted: ") + _form(row.parameter, book, lang)]
    if row.open_cells:
        cells = ("、" if chinese else ", ").join(cell.say(lang) for cell in row.open_cells)
        parts.append(f"还缺：{cells}" if chinese else f"open: {cells}")
    parts.append(_used_for(list(programs.values()), lang))
    return ("；" if chinese else "; ").join(parts)


def _used_for(programs: Sequence[Words], lang: str) -> str:
    """The programs that wait for a figure: the first few by name, the others by their number."""
    chinese = lang == "zh"
    if not programs:
        return "当日没有项目用到" if chinese else "no program reads it on this day"
    names = ("、" if chinese else ", ").join(term.say(lang) for term in programs[:_MOST_NAMED])
    if len(programs) > _MOST_NAMED:
        names += f"等 {len(programs)} 项" if chinese else f" and {len(programs) - _MOST_NAMED} more"
    return f"用于：{names}" if chinese else f"for: {names}"


def _form(parameter: Parameter, book: Rulebook, lang: str) -> str:
    """What an answer looks like."""
    from minzheng_rules.evaluator.possible import Interval
    from minzheng_rules.evaluator.printing import value_text
    from minzheng_rules.language.types import Named, Quantity

    if isinstance(parameter.type, Named):
        values = parameter.type.enumeration
        choices = [values.say(id, lang) for id, _ in values.values]
        return (
            "、".join(choices[:-1]) + "或" + choices[-1]
            if lang == "zh"
            else ", ".join(choices[:-1]) + " or " + choices[-1]
        )
    if isinstance(parameter.type, Quantity):
        return value_text(Interval(parameter.low, parameter.high), parameter.type, book.names, lang)
    return parameter.type.say().say(lang)


def _remark(row: Row) -> str:
    """Where the figure comes from, and what was noted with it."""
    figure = row.figure
    if figure is None:
        return ""
    cites = ", ".join(_cite(cite) for cite in figure.sources)
    return "；".join(part for part in (cites, figure.source_text, figure.note) if part)


def _cite(cite: Cite) -> str:
    """A citation as rule files write it: ``M57#7.2(1)``."""
    edition = f"@{cite.edition}" if cite.edition else ""
    return f"{cite.instrument}{edition}#{cite.article}"


def _plain(rows: Sequence[Row], book: Rulebook, day: dt.date, decided: Programs) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "rulebook": {"zh": book.name.zh, "en": book.name.en},
        "place": book.place,
        "as_of": day.isoformat(),
        "parameters": [
            {
                "id": row.parameter.id,
                "term": row.parameter.term,
                "cell": row.cell.en or None,
                "cell_term": row.cell.zh or None,
                "value": row.raw,
                "said": {"zh": row.value.zh, "en": row.value.en},
                "status": row.status,
                "used": row.used,
                "set_by": list(row.setters),
                "layer": row.figure.layer if row.figure is not None else None,
                "sources": [_cite(cite) for cite in row.figure.sources] if row.figure is not None else [],
                "source": (row.figure.source_text or None) if row.figure is not None else None,
                "note": (row.figure.note or None) if row.figure is not None else None,
                "open_cells": [{"zh": cell.zh, "en": cell.en} for cell in row.open_cells],
                "programs": list(decided.get(row.parameter.id, {})),
            }
            for row in rows
        ],
    }
