"""The tables of a simulation's results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from minzheng_rules.language.types import Quantity, Type
from minzheng_rules.population.simulation.exact import Total, number, yuan_of
from minzheng_rules.population.simulation.figures import KINDS, PERIODS, Line
from minzheng_rules.population.simulation.sheets import Cell, Sheet, Signed
from minzheng_rules.population.simulation.unknowns import KINDS as WANTING
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.population.simulation.figures import Gains
    from minzheng_rules.population.simulation.simulating import Simulation
    from minzheng_rules.rulebook.reforming import Effect
    from minzheng_rules.rulebook.rulebook import Program, Rulebook

MONEY = Words("金额（元）", "amount (yuan)")
PROGRAM = Words("项目", "program")
UNKNOWN = Words("未知", "unknown")


def every(simulation: Simulation, by: Sequence[str]) -> Iterator[Sheet]:
    """All tables, the most general first."""
    if simulation.reform is not None:
        yield changes(simulation)
    yield overview(simulation)
    if simulation.reform is not None:
        yield entries_and_exits(simulation)
    for name in by:
        yield by_group(simulation, name)
    if simulation.reform is not None and simulation.monthly_lines:
        yield winners_by_program(simulation)
        for name in by:
            yield winners(simulation, name)
    yield standing_in_the_way(simulation)
    yield wanting(simulation)


# -- what changes ------------------------------------------------------------------------------------------------------


def changes(simulation: Simulation) -> Sheet:
    """What the reform makes otherwise on the day."""
    rows = tuple(
        (
            _named(simulation, effect),
            _value(simulation, effect, effect.before),
            _value(simulation, effect, effect.after),
        )
        for effect in simulation.effects
    )
    columns = (
        Words("改动的参数或规则", "figure or rule changed"),
        Words("现在", "now"),
        Words("方案", "under the reform"),
    )
    return Sheet("changes", Words("改了什么", "What changes"), columns, rows)


def _named(simulation: Simulation, effect: Effect) -> Words:
    english = effect.id.rpartition(".")[2].replace("_", " ")
    if not effect.key:
        return Words(effect.term, english)
    indexes = simulation.rulebook.parameters[effect.id].indexes
    said = [[index.say(part, lang) for index, part in zip(indexes, effect.key, strict=True)] for lang in ("zh", "en")]
    return Words(f"{effect.term}（{'，'.join(said[0])}）", f"{english} ({', '.join(said[1])})")


def _value(simulation: Simulation, effect: Effect, value: object) -> Words:
    if value is None:
        return UNKNOWN if effect.kind == "parameter" else Words("没有", "none")
    if effect.kind != "parameter":
        return Words(str(value), str(value))
    return figure_words(value, simulation.rulebook.parameters[effect.id].type)


def figure_words(value: object, type_: Type) -> Words:
    """A parameter's value with its unit."""
    if isinstance(type_, Quantity) and isinstance(value, int | Fraction):
        unit = type_.unit
        if unit is None:
            return Words(number(value), number(value))
        exact = Fraction(value) / unit.scale
        plain = f"{yuan_of(Fraction(value)):,}" if unit.is_money else number(exact)
        return Words(*(f"{plain} {unit.after(exact, lang)}".strip() for lang in ("zh", "en")))
    from minzheng_rules.language.types import Named

    if isinstance(type_, Named):
        term = next((term for id, term in type_.enumeration.values if id == value), str(value))
        return Words(term, str(value).replace("_", " "))
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    return Words("一张表", "a table") if not isinstance(value, str) else Words(str(value), str(value))


# -- caseload and spending ---------------------------------------------------------------------------------------------


def overview(simulation: Simulation) -> Sheet:
    """One line for each program that answers about somebody: caseload and spending, and how they change."""
    reformed = simulation.reform is not None
    rows: list[tuple[Cell, ...]] = []
    for program in simulation.programs:
        now, then = simulation.caseload(program.id, baseline=True), simulation.caseload(program.id)
        if not (now.most or then.most):
            continue
        line = simulation.line(program.id)
        row: list[Cell] = [program.term, counted_in(simulation.rulebook, program), then.eligible]
        if reformed:
            row.append(Signed(then.eligible - now.eligible))
        row += [then.undetermined, _period(line), then.spending if line is not None else None]
        if reformed:
            row.append(spending_change(simulation, program.id) if line is not None else None)
        rows.append(tuple(row))
    columns = [PROGRAM, Words("按", "counted in"), Words("符合", "eligible")]
    columns += [Words("增减", "change")] if reformed else []
    columns += [Words("待定", "undetermined"), Words("金额种类", "amounts"), MONEY]
    columns += [Words("金额增减（元）", "change (yuan)")] if reformed else []
    title = Words("符合的户数人数和金额", "Caseload and spending")
    return Sheet("overview", title, tuple(columns), tuple(rows), _OPEN)


def counted_in(rulebook: Rulebook, program: Program) -> Words:
    """Whether a program counts households or persons."""
    kind = program.subject
    if kind == rulebook.vocabulary.root:
        return Words("户", "households")
    return Words("人", "persons") if rulebook.names.is_kind(kind, "person") else Words("件", kind)


def _period(line: Line | None) -> Words | None:
    if line is None:
        return None
    period, kind = PERIODS[line.period], KINDS.get(line.kind, Words(line.kind, line.kind))
    return Words(f"{kind.zh}，{period.zh}", f"{kind.en}, {period.en}")


def spending_change(simulation: Simulation, program: str, by: str = "all", group: int = 0) -> Total:
    """How one program's spending changes, subject by subject; nothing where the reform cannot reach it, however open it is."""
    line = simulation.line(program)
    dimension = simulation.dimension(by)
    if line is None or program not in simulation.touched:
        return Total(Fraction(0), Fraction(0))
    found = simulation.before.programs[program]
    difference = line.bounds(simulation.after) - line.bounds(simulation.before)
    weight = simulation.weights.values[found.household]
    codes = dimension.codes[found.household]
    return difference.totals(weight, simulation.weights.scale, codes, len(dimension.labels))[group]


def by_group(simulation: Simulation, by: str) -> Sheet:
    """Caseload and spending by one grouping: a line for each group and program."""
    dimension = simulation.dimension(by)
    rows: list[tuple[Cell, ...]] = []
    for program in shown_programs(simulation):
        now = simulation.figures(program.id, by, baseline=True)
        then = simulation.figures(program.id, by)
        line = simulation.line(program.id)
        for before, after in zip(now, then, strict=True):
            row: list[Cell] = [program.term, after.group, after.eligible]
            if simulation.reform is not None:
                row.append(Signed(after.eligible - before.eligible))
            row += [after.undetermined, after.spending if line is not None else None]
            rows.append(tuple(row))
    columns = [PROGRAM, dimension.words, Words("符合", "eligible")]
    columns += [Words("增减", "change")] if simulation.reform is not None else []
    columns += [Words("待定", "undetermined"), MONEY]
    title = Words(f"按{dimension.words.zh}", f"By {dimension.words.en}")
    return Sheet(f"by_{by}", title, tuple(columns), tuple(rows), _OPEN)


def shown_programs(simulation: Simulation) -> tuple[Program, ...]:
    """The programs worth a table of their own: those the reform reaches, all if there is none; with somebody in them."""
    wanted = simulation.changed_programs if simulation.reform is not None else simulation.programs
    return tuple(
        program
        for program in wanted
        if simulation.caseload(program.id).most or simulation.caseload(program.id, baseline=True).most
    )


def entries_and_exits(simulation: Simulation) -> Sheet:
    """Who enters and who leaves each program the reform reaches."""
    rows = []
    for program in shown_programs(simulation):
        (one,) = simulation.moves(program.id)
        rows.append(
            (
                program.term,
                counted_in(simulation.rulebook, program),
                one.enter,
                one.leave,
                one.stay,
                one.settled,
                one.opened,
            )
        )
    columns = (
        PROGRAM,
        Words("按", "counted in"),
        Words("新纳入", "enter"),
        Words("退出", "leave"),
        Words("前后都符合", "in before and after"),
        Words("由待定变明确", "settled by it"),
        Words("由明确变待定", "opened by it"),
    )
    return Sheet("moves", Words("纳入和退出", "Entries and exits"), columns, tuple(rows))


def winners_by_program(simulation: Simulation) -> Sheet:
    """Which households gain and lose monthly cash, in each program the reform reaches and in all of them together."""
    rows: list[tuple[Cell, ...]] = []
    for program in shown_programs(simulation):
        if simulation.lines_of((program.id,)):
            (one,) = simulation.gains(programs=(program.id,))
            rows.append((program.term, *_gained(one)))
    (every_program,) = simulation.gains()
    rows.append((Words("各项目合计", "all together"), *_gained(every_program)))
    title = Words("谁增加、谁减少", "Who gains and who loses")
    return Sheet("gains", title, (PROGRAM, *_GAINS), tuple(rows), _SURE)


def _gained(one: Gains) -> tuple[Cell, ...]:
    return (one.gaining, one.losing, one.unchanged, one.open, one.gained, one.lost)


def winners(simulation: Simulation, by: str, programs: Sequence[str] | None = None) -> Sheet:
    """Which households gain and lose monthly cash, by one grouping: in some programs, or all the reform reaches."""
    dimension = simulation.dimension(by)
    rows = tuple((one.group, *_gained(one)) for one in simulation.gains(by, programs=programs))
    title = Words(f"谁增加、谁减少：按{dimension.words.zh}", f"Who gains and who loses, by {dimension.words.en}")
    return Sheet(f"gains_{by}", title, (dimension.words, *_GAINS), rows, _SURE)


_GAINS = (
    Words("增加（户）", "gain (households)"),
    Words("减少（户）", "lose (households)"),
    Words("不变（户）", "unchanged (households)"),
    Words("不能确定（户）", "cannot be told (households)"),
    Words("增加额（元/月）", "gained (yuan/month)"),
    Words("减少额（元/月）", "lost (yuan/month)"),
)
_SURE = Words(
    "只计每月的现金；金额待定的家庭，方向能确定的才计入增加或减少。",
    "Monthly cash only; a household whose amounts are open counts as gaining or losing only where that is sure.",
)


def standing_in_the_way(simulation: Simulation) -> Sheet:
    """For each program, which conditions keep people out, and how often one alone does."""
    rows: list[tuple[Cell, ...]] = []
    for program in simulation.programs:
        for hurdle in simulation.hurdles(program.id)[:8]:
            rows.append((program.term, hurdle.condition, hurdle.alone, hurdle.among_others))
    columns = (
        PROGRAM,
        Words("条件", "condition"),
        Words("只差这一条", "this alone stands in the way"),
        Words("这一条不满足", "this one fails"),
    )
    note = Words(
        "“只差这一条”指已知不满足的只有这一条；别的条件可能还待定。",
        "“Alone” means that nothing else is known to fail; other conditions may still be open.",
    )
    return Sheet("hurdles", Words("不符合的人差在哪里", "What stands in the way"), columns, tuple(rows), note)


_LOOKED_AT = 12
"""How many open answers of each program are looked at one by one for a table; a trail takes its time."""


def wanting(simulation: Simulation) -> Sheet:
    """What open answers wait for, in each program worth a table: counted among those looked at one by one."""
    rows: list[tuple[Cell, ...]] = []
    for program in shown_programs(simulation):
        found = simulation.unknowns(program.id, _LOOKED_AT)
        for one in found.wanting[:8]:
            rows.append((program.term, found.open, one.words, WANTING[one.kind], one.answers, found.looked_at))
    columns = (
        PROGRAM,
        Words("待定", "undetermined"),
        Words("缺什么", "what is wanting"),
        Words("种类", "kind"),
        Words("缺这一项的", "answers that want it"),
        Words("逐一看过的", "answers looked at"),
    )
    note = Words(
        "从待定的里均匀挑出若干，逐一裁断，看各缺什么；一个答案可能缺几项。",
        "Of the open answers some, evenly spread, were decided one by one; an answer may want several things.",
    )
    return Sheet("wanting", Words("待定的缺什么", "What open answers wait for"), columns, tuple(rows), note)


def summary(simulation: Simulation, lang: str) -> str:
    """The overview as text: what is asked, of whom, and what came out."""
    zh = lang == "zh"
    head = [
        f"{'审核基准日' if zh else 'as of'} {simulation.as_of}",
        f"{number(simulation.weights.total)} {'户' if zh else 'households'}"
        + (f"（{len(simulation.population):,} 行，加权）" if simulation.weights.given and zh else ""),
        f"{'规则' if zh else 'rulebook'} {simulation.rulebook.digest[:12]}",
    ]
    lines = [("　" if zh else "  ").join(head)]
    if simulation.population.invented is not None:
        lines.append("! " + simulation.population.invented.say(lang))
    if simulation.reform is not None:
        lines.append(f"{'改革方案' if zh else 'reform'}{'：' if zh else ': '}{simulation.reform.title.say(lang)}")
        lines.append(changes(simulation).text(lang))
    lines.append("")
    lines.append(overview(simulation).text(lang))
    if simulation.reform is not None and simulation.monthly_lines:
        lines += ["", winners_by_program(simulation).text(lang)]
    return "\n".join(lines)


_OPEN = Words(
    "待定的不当作零：金额从最少写到最多，并注明待定几项。",
    "What is open is not taken for zero: amounts say from at least to at most, and how many are open.",
)
