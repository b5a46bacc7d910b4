"""`minzheng simulate`: what a change of a figure or a rule would mean for a whole population."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minzheng_rules.cli.asking import Asking, asking_options, language_option, read_reforms
from minzheng_rules.cli.commanding import Command, argument, option
from minzheng_rules.cli.commands.population import need_extra, read_population, reading_options, say_what_was_read
from minzheng_rules.cli.files import write_whole
from minzheng_rules.cli.session import current
from minzheng_rules.cli.telling import UsageMistake
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.population.population import Population
    from minzheng_rules.population.simulation.simulating import Simulation

FORMAT: Final = "minzheng-simulation/1"
_READING: Final = ("unknown", "declared_none", "ignoring", "encoding", "limit", "set_aside")
_DAY: Final = "2025-06-01"
"""The day of an invented county, unless another is asked for."""

_WORDS = Words(
    "按规则手册算一遍全部家庭；给出改革方案时再按方案算一遍，比较符合的户数和人数、支出、谁增加谁减少。数目精确，待定的不当作零。",
    "Work out every household by the rulebook, and once more under a reform: caseload, spending, who gains and who loses. Numbers "
    "are exact; what is open is never taken for zero.",
)
_NOTES = Words(
    """例：
  minzheng simulate 表格 --reform 方案.yaml --by town --report 报告.html
  minzheng simulate --synthesize 2000 --overlay illustrative \\
    --reform examples/reforms/standard_up_50.yaml --report 报告.html""",
    """Examples:
  minzheng simulate tables --reform reform.yaml --by town --report report.html
  minzheng simulate --synthesize 2000 --overlay illustrative \\
    --reform examples/reforms/standard_up_50.yaml --report report.html""",
)


@click.command(cls=Command, words=_WORDS, notes=_NOTES)
@argument(
    "tables",
    nargs=-1,
    metavar="[TABLES…]",
    words=Words(
        "表格：一个文件夹、Excel 工作簿，或几个文件；用 --synthesize 时不写",
        "tables: a folder, an Excel workbook, or single files; none with --synthesize",
    ),
)
@option(
    "--synthesize",
    "synthesized",
    type=click.IntRange(1),
    metavar="N",
    words=Words("没有数据时，造 N 户虚构的家庭来试", "without data: make up N households to try it on"),
)
@option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    metavar="S",
    words=Words("虚构时的随机种子，不写是 1", "the seed of an invented county; 1 unless said"),
)
@option(
    "--by",
    multiple=True,
    metavar="GROUP",
    words=Words(
        "按什么分组：town 乡镇（街道）、size 家庭人口、type 家庭类型、decile 人均收入十等分；可写多次，不写是全部",
        "how to group: town, size, type (who lives in the household), decile (tenths by income per head); may be repeated, all of "
        "them unless said",
    ),
)
@option(
    "--out", metavar="DIR", words=Words("各表写成 CSV，放进这个文件夹", "write every table as CSV into this folder")
)
@option("--report", "report_file", metavar="FILE", words=Words("写一份 HTML 报告", "write a report in HTML"))
@option("--excel", "excel_file", metavar="FILE", words=Words("写一份 Excel 工作簿", "write a workbook for Excel"))
@reading_options
@asking_options
@language_option
def command(
    tables: tuple[str, ...],
    synthesized: int | None,
    seed: int,
    by: tuple[str, ...],
    out: str | None,
    report_file: str | None,
    excel_file: str | None,
    **given: Any,
) -> None:
    """Simulate a rulebook and a reform of it on a population."""
    need_extra()
    from minzheng_rules.population.simulation.simulating import simulate

    session = current()
    reading = {name: given.pop(name) for name in _READING}
    paths = given.pop("reforms")
    asking = Asking(**given)
    _refuse_mixtures(tables, synthesized, paths)
    reform = next(read_reforms(paths), None)
    book = asking.book()
    population = _population(tables, synthesized, seed, asking, reading)
    say_what_was_read(population, sys.stderr)
    simulation = simulate(population, book, reform, as_of=asking.as_of, programs=asking.programs or None)
    chosen = _groupings(simulation, by)
    said = _typed(synthesized, seed)
    # All is worked out before anything is written: who breaks off meanwhile, or whose disk is full, has nothing or everything.
    write = [
        *(_tables_into(simulation, Path(path), chosen, said) for path in (out,) if path is not None),
        *(_report_into(simulation, Path(path), asking, chosen, said) for path in (report_file,) if path is not None),
        *(_workbook_into(simulation, Path(path), chosen, said) for path in (excel_file,) if path is not None),
    ]
    for write_one in write:
        write_one()
    click.echo(simulation.say(session.lang))
    for id in by:
        from minzheng_rules.population.simulation.tables import by_group

        click.echo("\n" + by_group(simulation, simulation.dimension(id).id).text(session.lang))
    for path in (out, report_file, excel_file):
        if path is not None:
            click.echo(path, err=True)


def _refuse_mixtures(tables: Sequence[str], synthesized: int | None, reforms: Sequence[str]) -> None:
    context = click.get_current_context(silent=True)
    if bool(tables) == (synthesized is not None):
        what = Words(
            "请给出表格，或用 --synthesize 造一个虚构的县：二者必取其一", "give tables, or --synthesize: one of them"
        )
        raise UsageMistake(what, None, context)
    if len(reforms) > 1:
        what = Words("一次只能试一份改革方案", "one reform at a time")
        step = Words("要一起试，请合成一份文件", "to try them together, write them into one file")
        raise UsageMistake(what, step, context)


def _population(
    tables: tuple[str, ...], synthesized: int | None, seed: int, asking: Asking, reading: dict[str, Any]
) -> Population:
    if synthesized is None:
        return read_population(tables, asking.as_of, asking.book(), reading)
    from minzheng_rules.population.population import Population

    return Population.synthesize(synthesized, seed=seed, as_of=asking.as_of or _DAY)


def _groupings(simulation: Simulation, by: Sequence[str]) -> list[str] | None:
    """The groupings asked for, each checked before anything is written; ``None`` where none was named."""
    return [simulation.dimension(name).id for name in by] or None


def _typed(synthesized: int | None, seed: int) -> str:
    """The command as typed, with the seed of an invented county spelt out."""
    arguments = [*current().arguments]
    if synthesized is not None and "--seed" not in arguments:
        arguments += ["--seed", str(seed)]
    return "minzheng " + shlex.join(arguments)


def _tables_into(simulation: Simulation, folder: Path, by: Sequence[str] | None, said: str) -> Callable[[], object]:
    from minzheng_rules.population.outputs.files import write_tables
    from minzheng_rules.population.simulation.standing import provenance
    from minzheng_rules.population.simulation.workbook import frames_of

    facts = json.dumps({"format": FORMAT, **provenance(simulation, said)}, ensure_ascii=False, indent=2) + "\n"
    frames = frames_of(simulation, by, current().lang)
    return lambda: write_tables(frames, folder, "csv", {"simulation.json": facts})


def _report_into(
    simulation: Simulation, path: Path, asking: Asking, by: Sequence[str] | None, said: str
) -> Callable[[], object]:
    program = simulation.programs[0].id if asking.programs else None
    page = simulation.report(program=program, by=by, lang=current().lang, command=said)
    return lambda: write_whole(path, page)


def _workbook_into(simulation: Simulation, path: Path, by: Sequence[str] | None, said: str) -> Callable[[], object]:
    from minzheng_rules.population.outputs.files import write_bytes
    from minzheng_rules.population.simulation.standing import rests_on_illustrative, said_provenance, standings
    from minzheng_rules.population.simulation.workbook import workbook

    session = current()
    about = said_provenance(simulation, said, session.lang)
    if rests_on_illustrative(standings(simulation, [program.id for program in simulation.programs])):
        warning = Words("用了示例数，只作演示，不能作为决策依据", "rests on illustrative figures: decide nothing by it")
        about.insert(0, (session.say("注意", "note"), warning.say(session.lang)))
    if simulation.reform is not None:
        about.insert(0, (session.say("改革方案", "reform"), simulation.reform.title.say(session.lang)))
    if simulation.population.invented is not None:
        about.insert(0, (session.say("注意", "note"), simulation.population.invented.say(session.lang)))
    content = workbook(simulation, by, session.lang, about)
    return lambda: write_bytes(path, content)
