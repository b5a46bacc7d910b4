"""Tables taken in: headings, keys, cells, declarations, checks, consequences, and what is wrong with all of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from minzheng_rules.case.case import Case
from minzheng_rules.case.entity import Entity
from minzheng_rules.population.columns import Columns
from minzheng_rules.population.intake.checking import check, resolve
from minzheng_rules.population.intake.declaring import declare
from minzheng_rules.population.intake.filling import Doubts, fill_facts, fill_lists, of_rows
from minzheng_rules.population.intake.headers import Declared, Given, Headings, headings, misnamed, missing
from minzheng_rules.population.intake.judging import Judge
from minzheng_rules.population.intake.layout import TableLayout, layouts
from minzheng_rules.population.intake.linking import Linked, link, place_in
from minzheng_rules.population.intake.rows import Rows, chosen, columns_of, joined
from minzheng_rules.population.intake.settling import settled, settles_itself
from minzheng_rules.population.intake.unpacking import unpack
from minzheng_rules.population.intake.values import Mask, Numbers, Texts, as_written, plain, scaled
from minzheng_rules.problems import Problem, ProblemsFound, Words

MOST_PROBLEMS = 100
"""How many problems are told at once, unless another limit is asked for."""

WEIGHT_PLACES = 6
Progress = Callable[[int, int], None]
"""Told how many of how many households have been looked at one by one."""


class PopulationProblems(ProblemsFound):
    """Tables that cannot be used; :attr:`problems` lists what is wrong, up to the limit."""


@dataclass(frozen=True)
class SetAside:
    """Whole households that were left out because something is wrong with them."""

    ids: tuple[str, ...]
    problems: tuple[tuple[str, Problem], ...]
    """With the id of the household; empty for rows that belong to none."""
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Their rows as they were given, without ID numbers, by table."""

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Taken:
    """What came of the tables."""

    columns: Columns
    stated: Mapping[str, Rows]
    texts: tuple[str, ...]
    cases: Mapping[int, Case]
    """Households the case model itself had to settle, by their number."""
    ids: pl.Series
    weights: np.ndarray[tuple[int], np.dtype[np.int64]] | None
    """Times ``10 ** WEIGHT_PLACES``; ``None`` where no weights were given."""
    towns: pl.Series
    set_aside: SetAside


def take(
    given: Mapping[str, Given],
    model: type[Entity],
    declared: Declared,
    as_of: dt.date | None,
    *,
    ignoring: Collection[str] = (),
    set_aside: bool = False,
    limit: int = MOST_PROBLEMS,
    progress: Progress | None = None,
) -> Taken:
    """Take tables in. Raises :class:`PopulationProblems` with what is wrong unless ``set_aside``."""
    tables = layouts(model)
    problems = list(misnamed(declared, tables))
    ordered = {path: given[path] for path in tables if path in given}
    found = {path: headings(table, tables, ignoring, problems) for path, table in ordered.items()}
    problems += missing(ordered, found, tables, declared)
    problems += _without_owner(ordered, tables)
    if problems:
        raise PopulationProblems(problems[:limit] + _rest(len(problems) - limit, 0))
    ordered = {path: _as_written(table, found[path]) for path, table in ordered.items()}
    linked = link(ordered, found, tables)
    texts = Texts()
    doubts = Doubts(np.zeros(len(linked.ids), bool), linked.broken, list(linked.problems))
    for path, rows in linked.tables.items():
        fill_facts(ordered[path], found[path], rows, texts, doubts)
    fill_lists(ordered, found, linked.tables, doubts)
    declare(ordered, found, linked.tables, declared.none, doubts)
    check(linked.tables, as_of, doubts)
    resolve(linked.tables, texts, doubts)
    weights = _weights(ordered[""], found[""].weight, linked.tables[""], doubts)
    if settles_itself(tables):
        doubts.look[:] = True
    judge = Judge(ordered, found, linked.tables, declared.none, as_of)
    cases = _judged(judge, doubts, limit, set_aside, progress)
    if doubts.problems and not set_aside:
        raise PopulationProblems(_told(doubts, ordered, limit))
    aside = _set_aside(doubts, linked, ordered, found)
    keep = ~doubts.broken
    return _finished(
        linked, keep, cases, texts, weights, _towns(ordered[""], found[""].town, linked, texts), aside, tables
    )


def _as_written(given: Given, headings_: Headings) -> Given:
    """The table with its facts in the forms in which cases write them."""
    changed = []
    for id, column in headings_.facts.items():
        entered = given.frame[column]
        written = as_written(given.layout.facts[id], entered)
        if written is not entered:
            changed.append(written.alias(column))
    return replace(given, frame=given.frame.with_columns(changed)) if changed else given


def _without_owner(given: Mapping[str, Given], tables: Mapping[str, TableLayout]) -> list[Problem]:
    return [
        Problem(
            "table.no-owner",
            Words(
                f"有“{table.layout.term}”表，却没有它所属的“{tables[table.layout.owner or ''].term}”表",
                f"there is a table {table.layout.name}, but none of {tables[table.layout.owner or ''].name}, which it belongs to",
            ),
        )
        for table in given.values()
        if table.layout.owner is not None and table.layout.owner not in given
    ]


def _judged(judge: Judge, doubts: Doubts, limit: int, all_of_them: bool, progress: Progress | None) -> dict[int, Case]:
    """The doubtful households one by one, until there are problems enough to tell."""
    waiting = np.flatnonzero(doubts.look & ~doubts.broken).tolist()
    cases: dict[int, Case] = {}
    for done, household in enumerate(waiting):
        if not all_of_them and len(doubts.problems) >= limit:
            # Nothing will be computed: what is left is only counted.
            doubts.broken[waiting[done:]] = True
            break
        judged = judge.judge(household)
        if isinstance(judged, Case):
            cases[household] = judged
        else:
            for problem in judged:
                doubts.refuse(household, problem)
        if progress is not None and (done + 1) % 200 == 0:
            progress(done + 1, len(waiting))
    if progress is not None and waiting:
        progress(len(waiting), len(waiting))
    return cases


def _told(doubts: Doubts, given: Mapping[str, Given], limit: int) -> list[Problem]:
    order = {table.label: place for place, table in enumerate(given.values())}
    problems = [problem for _, problem in doubts.problems]
    problems.sort(key=lambda problem: (order.get(problem.place.file, 99), problem.place.line, problem.place.column))
    problems = _alike_together(problems)
    return problems[:limit] + _rest(len(problems) - limit, int(doubts.broken.sum()))


_ALIKE = 3


def _alike_together(problems: list[Problem]) -> list[Problem]:
    """The problems, of those that say the same of one column only the first few, with the rows of the others."""
    rows: dict[tuple[str, int, Words], list[int]] = {}
    for problem in problems:
        rows.setdefault((problem.place.file, problem.place.column, problem.what), []).append(problem.place.line)
    told: list[Problem] = []
    met: dict[tuple[str, int, Words], int] = {}
    for problem in problems:
        key = (problem.place.file, problem.place.column, problem.what)
        met[key] = met.get(key, 0) + 1
        more = rows[key][_ALIKE:]
        if met[key] <= _ALIKE or len(more) == 1:
            told.append(problem)
        elif met[key] == _ALIKE + 1:
            some = ", ".join(map(str, more[:8])) + (" …" if len(more) > 8 else "")
            what = Words(f"同样的问题还有 {len(more)} 行：{some}", f"the same in {len(more)} more rows: {some}")
            place = replace(problem.place, line=0, column=0)
            told.append(Problem(problem.code, what, place, severity="note"))
    return told


def _rest(more: int, households: int) -> list[Problem]:
    if more <= 0:
        return []
    return [
        Problem(
            "table.more-problems",
            Words(
                f"还有至少 {more} 处问题没有列出；有问题的共约 {households} 户",
                f"at least {more} more are not listed; about {households} households are concerned",
            )
            if households
            else Words(f"还有 {more} 处问题没有列出", f"{more} more are not listed"),
            severity="note",
        )
    ]


# --- weights and towns ---


def _weights(
    table: Given, column: str | None, rows: Rows, doubts: Doubts
) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    """For how many households each row stands: above nought, at most six decimals, never missing."""
    if column is None:
        return None
    entered = of_rows(table.frame[column], rows)
    numbers = scaled(entered, WEIGHT_PLACES)
    found = np.zeros(rows.count, np.int64) if numbers is None else numbers.fill_null(0).to_numpy()
    for row in np.flatnonzero(found <= 0).tolist():
        problem = Problem(
            "table.weight",
            Words(
                "权重应是大于零、至多六位小数的数，不能空着",
                "a weight is a number above zero with at most six decimals, and never empty",
            ),
            place_in(table, row, column),
            Words("改正这一格；不加权就删去整列", "correct it; leave the column out if nothing is weighted"),
        )
        doubts.refuse(row, problem)
    return found


def _towns(table: Given, column: str | None, linked: Linked, texts: Texts) -> pl.Series:
    """The town of each household: as stated, else where its applicant lives, else where the applicant is registered."""
    if column is not None:
        towns = plain(table.frame[column]).cast(pl.String).str.strip_chars()
        return towns.alias("town")
    codes = np.full(linked.tables[""].count, -1, np.int64)
    members = linked.tables.get("members")
    for fact in ("hukou_town", "lives_in_town"):
        cells = None if members is None else members.cells(fact)
        relation = None if members is None else members.cells("relation")
        if members is not None and cells is not None and relation is not None:
            of = cells.known & relation.known & (relation.numbers == 0)
            codes[members.household[of]] = cells.numbers[of]
    listed = pl.Series("town", [*texts.listed(), None], dtype=pl.String)
    return listed.gather(np.where(codes < 0, len(listed) - 1, codes))


# --- setting aside ---


def _set_aside(doubts: Doubts, linked: Linked, given: Mapping[str, Given], found: Mapping[str, Headings]) -> SetAside:
    numbers = np.flatnonzero(doubts.broken)
    if not len(numbers) and not doubts.problems:
        return SetAside((), ())
    names = linked.ids.to_list() if len(linked.ids) < 10_000 else None
    tell = [
        ("" if number < 0 else str((names[number] if names else linked.ids[number]) or ""), problem)
        for number, problem in doubts.problems
    ]
    frames = {}
    for path, rows in linked.tables.items():
        table, id_number = given[path], found[path].id_number
        sources = rows.source[doubts.broken[rows.household]]
        strays = linked.strays.get(path)
        if strays is not None:
            sources = np.concatenate([sources, strays.to_numpy()])
        if len(sources):
            frame = table.frame.with_row_index("_row", offset=table.first_line)[np.sort(sources).tolist()]
            frames[path] = frame if id_number is None else frame.drop(id_number)
    ids = tuple(str(id or "") for id in linked.ids.gather(numbers).to_list())
    return SetAside(_masked(ids), tuple((_mask(id), problem) for id, problem in tell), frames)


def _masked(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(_mask(id) for id in ids)


def _mask(id: str) -> str:
    from minzheng_rules.case.identity import mask_id_numbers

    return mask_id_numbers(id)


# --- finishing ---


def _finished(
    linked: Linked,
    keep: Mask,
    cases: Mapping[int, Case],
    texts: Texts,
    weights: np.ndarray[tuple[int], np.dtype[np.int64]] | None,
    towns: pl.Series,
    aside: SetAside,
    tables: Mapping[str, TableLayout],
) -> Taken:
    new = np.cumsum(keep) - 1
    kept = {int(new[household]): case for household, case in cases.items() if keep[household]}
    stated = chosen(linked.tables, keep)
    columns = settled_columns(stated, kept, texts, tables)
    everything = bool(keep.all())
    rows = np.flatnonzero(keep)
    return Taken(
        columns,
        stated,
        tuple(texts.listed()),
        kept,
        linked.ids if everything else linked.ids.gather(rows),
        weights if weights is None or everything else weights[rows],
        towns if everything else towns.gather(rows),
        aside,
    )


def settled_columns(
    stated: Mapping[str, Rows], cases: Mapping[int, Case], texts: Texts, tables: Mapping[str, TableLayout]
) -> Columns:
    """The finished columns: the tables settled at once, and among them the households that were settled as cases."""
    if not cases:
        references = resolve(stated, texts, None)
        return columns_of(settled(stated, references), references, texts)
    others, numbers = _without(stated, cases)
    others = settled(others, resolve(others, texts, None))
    together = joined(_renumbered(others, numbers), _unpacked(cases, stated, texts, tables))
    return columns_of(together, resolve(together, texts, None), texts)


def with_cases(
    stated: Mapping[str, Rows], cases: Mapping[int, Case], listed: Sequence[str], model: type[Entity]
) -> tuple[Mapping[str, Rows], tuple[str, ...]]:
    """What was stated, with the households that were settled as cases as they came out of it."""
    if not cases or (stated[""].source == -1).all():
        return stated, tuple(listed)
    texts = Texts({text: number for number, text in enumerate(listed)})
    others, numbers = _without(stated, cases)
    together = joined(_renumbered(others, numbers), _unpacked(cases, stated, texts, layouts(model)))
    return together, tuple(texts.listed())


def _without(stated: Mapping[str, Rows], cases: Mapping[int, Case]) -> tuple[dict[str, Rows], Numbers]:
    """The other households, and the number each had."""
    one_by_one = np.zeros(stated[""].count, bool)
    one_by_one[list(cases)] = True
    return chosen(stated, ~one_by_one), np.flatnonzero(~one_by_one)


def _renumbered(tables: Mapping[str, Rows], numbers: Numbers) -> dict[str, Rows]:
    return {path: replace(rows, household=numbers[rows.household]) for path, rows in tables.items()}


def _unpacked(
    cases: Mapping[int, Case], stated: Mapping[str, Rows], texts: Texts, tables: Mapping[str, TableLayout]
) -> dict[str, Rows]:
    rows = unpack(sorted((household, case.root) for household, case in cases.items()), tables, texts)
    # A household whose id a person has too has no id as a case; in the tables it keeps its own.
    rows[""] = replace(rows[""], ids=stated[""].ids.gather(rows[""].household))
    return {path: table for path, table in rows.items() if path in stated or table.count}


def unpacked_columns(roots: Iterable[Entity], model: type[Entity]) -> tuple[Columns, tuple[str, ...]]:
    """The columns of settled cases, built one by one: slow, and the measure of everything else here."""
    tables, texts = layouts(model), Texts()
    rows = unpack(enumerate(roots), tables, texts)
    return columns_of(rows, resolve(rows, texts, None), texts), tuple(texts.listed())


def wrong_on(stated: Mapping[str, Rows], day: dt.date, case: Callable[[int], Case], limit: int = MOST_PROBLEMS) -> None:
    """Refuse a day before dates the tables hold. Raises :class:`PopulationProblems`."""
    from minzheng_rules.population.intake.checking import check_dates
    from minzheng_rules.problems import CaseProblems

    count = stated[""].count
    doubts = Doubts(np.zeros(count, bool), np.zeros(count, bool))
    check_dates(stated, day, doubts)
    problems: list[Problem] = []
    for household in np.flatnonzero(doubts.look).tolist():
        if len(problems) >= limit:
            break
        try:
            case(household).on(day)
        except CaseProblems as wrong:
            problems += wrong.problems
    if problems:
        raise PopulationProblems(problems)
