"""`minzheng population`: tables of many households: check them, begin them, make them up, decide them."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minzheng_rules.cli.asking import Asking, asking_options, language_option, rulebook_option
from minzheng_rules.cli.commanding import Command, Group, argument, option
from minzheng_rules.cli.kinds import model_of
from minzheng_rules.cli.session import ExitCode, Session, current
from minzheng_rules.cli.telling import UsageMistake, did_you_mean, one_of
from minzheng_rules.cli.values import Day, OneOf
from minzheng_rules.problems import Place, Problem, RequestProblems, Words, nearest

if TYPE_CHECKING:
    import polars as pl

    from minzheng_rules.population.intake.taking import SetAside
    from minzheng_rules.population.population import Population
    from minzheng_rules.rulebook.rulebook import Rulebook

_FORMATS: Final = ("csv", "parquet", "xlsx")
_EXTRA: Final = ("numpy", "polars", "fastexcel", "xlsxwriter")

tables_argument = argument(
    "tables",
    nargs=-1,
    required=True,
    metavar="TABLES…",
    words=Words(
        "表格：一个文件夹（households.csv、members.csv……）、Excel 工作簿，或几个文件",
        "tables: a folder (households.csv, members.csv …), an Excel workbook, or single files",
    ),
)
out_option = option(
    "--out", "out", required=True, metavar="DIR", words=Words("写到哪个文件夹", "the folder to write to")
)
format_option = option(
    "--format",
    "format_",
    type=OneOf(*_FORMATS),
    default="csv",
    words=Words("文件格式，不写是 csv", "the kind of files; csv unless said"),
)
_READING: Final = (
    option(
        "--unknown",
        "unknown",
        multiple=True,
        metavar="NAME",
        words=Words(
            "没有人知道、所以没有列的事实或表；“其余”为其余全部。可写多次",
            "a fact or table that nobody knows and that is not there; rest for all of them. May be repeated",
        ),
    ),
    option(
        "--declared-none",
        "declared_none",
        multiple=True,
        metavar="NAME",
        words=Words(
            "没有填写的即为没有，可写多次",
            "what everybody who does not state it has declared to be none; may be repeated",
        ),
    ),
    option(
        "--ignore",
        "ignoring",
        multiple=True,
        metavar="COLUMN",
        words=Words("不用的列，可写多次", "a column of no use; may be repeated"),
    ),
    option(
        "--encoding",
        "encoding",
        metavar="NAME",
        words=Words(
            "CSV 的编码；不写则自动辨认 UTF-8 和 GB18030",
            "the encoding of CSV files; unless said, UTF-8 and GB18030 are told apart",
        ),
    ),
    option(
        "--limit",
        "limit",
        type=click.IntRange(1),
        default=100,
        metavar="N",
        words=Words("最多列出多少处问题，不写是 100", "how many problems to tell at most; 100 unless said"),
    ),
    option(
        "--set-aside",
        "set_aside",
        metavar="DIR",
        words=Words(
            "有问题的户整户搁置，连同原因写到这个文件夹，其余照常",
            "leave out households with problems, write them with the reasons to this folder, and go on with the others",
        ),
    ),
)


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that reads tables."""
    for declare in reversed(_READING):
        command = declare(command)
    return command


class _Family(Group):
    """The commands below `minzheng population`, which are few and stand here."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """The command of that name."""
        return _BELOW.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command asked for; a word that is none gets the nearest that is."""
        if args[0] in self.commands_in:
            return super().resolve_command(ctx, args)
        near = nearest(args[0], self.commands_in)
        step = did_you_mean(f"{ctx.command_path} {near}") if near is not None else one_of(self.commands_in)
        what = Words(f"没有“{args[0]}”这个命令", f'there is no command "{args[0]}"')
        raise UsageMistake(what, step, ctx)


_COMMANDS: Final = {
    "check": ("", Words("检查表格", "check tables")),
    "template": ("", Words("一套可以填写的空表", "empty tables to fill in")),
    "synthesize": ("", Words("造一个虚构的县", "make up a county")),
    "decide": ("", Words("裁断表格里的每一户", "decide every household of the tables")),
}


@click.group(
    cls=_Family,
    name="population",
    words=Words("成批的家庭：表格进，表格出。", "Many households at once: tables in, tables out."),
    notes=Words(
        """例：
  minzheng population template --out 表格 --table 申报成员 --table 工资性收入
  minzheng population check examples/population
  minzheng population decide 表格 --overlay illustrative --out 结果""",
        """Examples:
  minzheng population template --out tables --table members --table wages
  minzheng population check examples/population
  minzheng population decide tables --overlay illustrative --out results""",
    ),
    home="",
    commands_in=_COMMANDS,
    subcommand_metavar="COMMAND …",
)
@language_option
def command() -> None:
    """Many households at once."""
    need_extra()


def need_extra() -> None:
    """Refuse in words what cannot work because the extra is not installed."""
    for module in _EXTRA:
        _need(module)


def _need(module: str) -> None:
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise RequestProblems(
            [
                Problem(
                    "request.extra",
                    Words(f"没有安装 {module}", f"{module} is not installed"),
                    Place("--"),
                    Words("pip install 'minzheng_rules[population]'", "pip install 'minzheng_rules[population]'"),
                )
            ]
        )


# --- check ---


@click.command(
    cls=Command,
    name="check",
    words=Words(
        "检查表格：列名、编号、每一格的值、户内是否讲得通。问题一次说全，写明表、行、列和值。",
        "Check tables: headings, ids, every cell, and whether each household makes sense. All problems at once, with table, row, "
        "column and value.",
    ),
    notes=Words(
        """例：
  minzheng population check 表格
  minzheng population check 一县.xlsx --as-of 2025-06-01 --unknown 其余
  minzheng population check 表格 --set-aside 搁置

退出码：0 没有问题；1 有户搁置；3 有问题，什么也没有算。""",
        """Examples:
  minzheng population check tables
  minzheng population check county.xlsx --as-of 2025-06-01 --unknown rest
  minzheng population check tables --set-aside aside

Exit codes: 0 in order; 1 households were set aside; 3 there are problems.""",
    ),
)
@tables_argument
@option(
    "--as-of",
    "as_of",
    type=Day(),
    metavar="DATE",
    words=Words(
        "表格说的是哪一天；不写依 population.yaml", "the day the tables describe; else as population.yaml says"
    ),
)
@reading_options
@rulebook_option
@language_option
def check(tables: tuple[str, ...], as_of: dt.date | None, rulebook: str | None, **reading: Any) -> int:
    """Check tables."""
    population = read_population(tables, as_of, model_of(None, rulebook) if rulebook else None, reading)
    say_what_was_read(population, sys.stdout)
    return ExitCode.FINDING if len(population.set_aside) else ExitCode.DONE


# --- template ---


@click.command(
    cls=Command,
    name="template",
    words=Words(
        "写下一套空表：每张表一个文件，第一行是列名；另有一份列的说明。",
        "Write empty tables: one file each with the headings, and a list that explains every column.",
    ),
    notes=Words(
        """例：
  minzheng population template --out 表格 --table 申报成员 --table 工资性收入
  minzheng population template --out 表格 --format xlsx""",
        """Examples:
  minzheng population template --out tables --table members --table wages
  minzheng population template --out tables --format xlsx""",
    ),
)
@out_option
@format_option
@option(
    "--table",
    "wanted",
    multiple=True,
    metavar="NAME",
    words=Words("只要这张表，可写多次；不写是全部", "only this table; may be repeated, all of them unless said"),
)
@rulebook_option
@language_option
def template(out: str, format_: str, wanted: tuple[str, ...], rulebook: str | None) -> None:
    """Write empty tables."""
    from minzheng_rules.population.outputs.files import write_tables
    from minzheng_rules.population.outputs.template import empty_tables

    written = write_tables(empty_tables(model_of(None, rulebook), wanted, current().lang), Path(out), format_)
    for path in written:
        click.echo(str(path))


# --- synthesize ---


@click.command(
    cls=Command,
    name="synthesize",
    words=Words(
        "造一个虚构的县：各户、成员、收入和困难都是按写明的假设编出来的，同样的种子得出同样的县。不代表任何地方。",
        "Make up a county: households, members, incomes and hardship drawn from stated assumptions; the same seed gives the same "
        "county. It describes no place.",
    ),
    notes=Words(
        """例：
  minzheng population synthesize --households 2000 --seed 7 --out 一县
  minzheng simulate 一县 --overlay illustrative --program 低保""",
        """Examples:
  minzheng population synthesize --households 2000 --seed 7 --out county
  minzheng simulate county --overlay illustrative --program dibao""",
    ),
)
@option(
    "--households",
    "households",
    type=click.IntRange(1),
    default=1000,
    metavar="N",
    words=Words("多少户，不写是 1000", "how many households; 1000 unless said"),
)
@option(
    "--seed",
    "seed",
    type=click.IntRange(0),
    default=1,
    metavar="S",
    words=Words("随机种子，不写是 1", "the seed; 1 unless said"),
)
@option(
    "--as-of",
    "as_of",
    type=Day(),
    default="2025-06-01",
    metavar="DATE",
    words=Words("哪一天的县，不写是 2025-06-01", "the day it is the county of; 2025-06-01 unless said"),
)
@out_option
@format_option
@language_option
def synthesize(households: int, seed: int, as_of: dt.date, out: str, format_: str) -> None:
    """Make up a county."""
    from minzheng_rules.population.outputs.files import write_tables
    from minzheng_rules.population.outputs.template import manifest
    from minzheng_rules.population.synthesis import INVENTED, county, in_chinese

    session = current()
    made = county(households, seed, as_of=as_of)
    tables = in_chinese(made.tables) if session.lang == "zh" else made.tables
    remade = (
        f"minzheng population synthesize --households {households} --seed {seed} --as-of {as_of} --lang {session.lang}"
    )
    text = manifest(made, INVENTED.say(session.lang), remade, session.lang)
    for path in write_tables(tables, Path(out), format_, {"population.yaml": text}):
        click.echo(str(path))
    click.echo(INVENTED.say(session.lang))


# --- decide ---


@click.command(
    cls=Command,
    name="decide",
    words=Words(
        "裁断表格里的每一户：每户、每人一行，写明结论、金额、不符合的条件和尚缺什么。",
        "Decide every household of the tables: one row per household and per member, with status, amounts, the condition that "
        "fails, and what is missing.",
    ),
    notes=Words(
        """例：
  minzheng population decide 表格 --out 结果 --program 低保
  minzheng population decide 表格 --out 结果 --format xlsx --overlay illustrative""",
        """Examples:
  minzheng population decide tables --out answers --program dibao
  minzheng population decide tables --out answers --format xlsx \\
    --overlay illustrative""",
    ),
)
@tables_argument
@out_option
@format_option
@option(
    "--explained",
    "explained",
    type=click.IntRange(0),
    default=500,
    metavar="N",
    words=Words(
        "最多给多少户写明尚缺什么，不写是 500", "for how many households to say what is missing; 500 unless said"
    ),
)
@reading_options
@asking_options
@language_option
def decide(
    tables: tuple[str, ...],
    out: str,
    format_: str,
    explained: int,
    limit: int,
    encoding: str | None,
    unknown: tuple[str, ...],
    declared_none: tuple[str, ...],
    ignoring: tuple[str, ...],
    set_aside: str | None,
    **asked: Any,
) -> None:
    """Decide every household of the tables."""
    from minzheng_rules.population.outputs.answers import answer_tables
    from minzheng_rules.population.outputs.files import write_tables

    session, asking = current(), Asking(**asked)
    book = asking.book()
    reading = {
        "unknown": unknown,
        "declared_none": declared_none,
        "ignoring": ignoring,
        "encoding": encoding,
        "limit": limit,
        "set_aside": set_aside,
    }
    population = read_population(tables, asking.as_of, book, reading)
    say_what_was_read(population, sys.stderr)
    answers = population.decide(book, programs=asking.programs or None)
    with _bar(Words("说明尚缺什么", "what is missing")) as progress:
        frames = answer_tables(population, answers, book, session.lang, explained=explained, progress=progress)
    for path in write_tables(frames, Path(out), format_):
        click.echo(str(path))


_BELOW: Final[Mapping[str, click.Command]] = {
    "check": check,
    "template": template,
    "synthesize": synthesize,
    "decide": decide,
}


# --- what they share ---


def read_population(
    tables: tuple[str, ...], as_of: dt.date | None, vocabulary: Rulebook | type[Any] | None, reading: Mapping[str, Any]
) -> Population:
    """The tables as a population, with what is wrong in them told or set aside as asked."""
    from minzheng_rules.population.population import Population

    with _bar(Words("逐户核看", "looking at single households")) as progress:
        population = Population.read(
            *tables,
            vocabulary=vocabulary,
            as_of=as_of,
            unknown=reading["unknown"],
            declared_none=reading["declared_none"],
            ignoring=reading["ignoring"],
            encoding=reading["encoding"],
            limit=reading["limit"],
            set_aside=reading["set_aside"] is not None,
            progress=progress,
        )
    if reading["set_aside"] is not None and (len(population.set_aside) or population.set_aside.problems):
        _write_set_aside(population.set_aside, population.model, Path(reading["set_aside"]))
    return population


@contextmanager
def _bar(label: Words) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, begun when there is something to wait for; only on a terminal."""
    bars: list[Any] = []

    def progress(done: int, of: int) -> None:
        if not sys.stderr.isatty():
            return
        if not bars:
            bars.append(click.progressbar(length=of, label=label.say(current().lang), file=sys.stderr))
            bars[0].__enter__()
        bars[0].update(done - bars[0].pos)

    try:
        yield progress
    finally:
        for bar in bars:
            bar.__exit__(None, None, None)


def say_what_was_read(population: Population, stream: Any) -> None:
    """How many were read, how many set aside, and whether they are invented."""
    from minzheng_rules.population.outputs.answers import weight_total

    session = current()
    many = population.persons
    click.echo(
        session.say(f"{len(population)} 户，{many} 人", f"{len(population)} households, {many} members")
        + (
            ""
            if population.weights is None
            else session.say(
                f"，加权 {weight_total(population)} 户", f", {weight_total(population)} households by weight"
            )
        ),
        file=stream,
    )
    aside = population.set_aside
    if len(aside) or aside.problems:
        click.echo(
            session.say(
                f"搁置 {len(aside)} 户，共 {len(aside.problems)} 处问题",
                f"{len(aside)} households set aside, with {len(aside.problems)} problems",
            ),
            file=stream,
        )
    if population.invented is not None:
        click.echo(population.invented.say(session.lang), file=stream)


def _write_set_aside(aside: SetAside, model: type[Any], folder: Path) -> None:
    """The households left out, table by table, and the reasons."""
    from minzheng_rules.population.intake.layout import layouts
    from minzheng_rules.population.outputs.files import write_tables

    session = current()
    known = layouts(model)
    name, row = session.say("搁置.", "set_aside."), session.say("行", "row")
    frames: dict[str, pl.DataFrame] = {
        name + session.say(known[path].term, known[path].name): frame.rename({"_row": row})
        if row not in frame.columns
        else frame
        for path, frame in aside.tables.items()
    }
    frames[name + session.say("原因", "reasons")] = _reasons(aside, session)
    write_tables(frames, folder, "csv")


def _reasons(aside: SetAside, session: Session) -> pl.DataFrame:
    import polars as pl

    rows = [
        (
            id,
            problem.place.file,
            problem.place.line or None,
            problem.place.path,
            problem.code,
            problem.what.say(session.lang),
        )
        for id, problem in aside.problems
    ]
    names = (
        ("household_id", "table", "row", "column", "code", "problem")
        if session.lang == "en"
        else ("家庭编号", "表", "行", "列", "代码", "问题")
    )
    types = [pl.String, pl.String, pl.Int64, pl.String, pl.String, pl.String]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")
