"""The population engine: the rules of a day, run on columns with the same answers as :func:`~minzheng_rules.decide`."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from types import CodeType
from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.evaluator.deciding import compiled_on
from minzheng_rules.population.answers import Amounts, Answers, ProgramAnswers, Results
from minzheng_rules.population.columns import Column, Columns
from minzheng_rules.population.kernel import support
from minzheng_rules.population.kernel.printing import Printed, Printer
from minzheng_rules.population.lowering.lowering import Lowering
from minzheng_rules.population.lowering.plan import Node
from minzheng_rules.population.lowering.profile import (
    Cell,
    ColumnShape,
    Figures,
    Profile,
    TableShape,
    figures_of,
    shapes_of,
)
from minzheng_rules.population.lowering.programs import PlannedProgram, ProgramLowering
from minzheng_rules.population.lowering.values import NotLowered
from minzheng_rules.problems import CaseProblems, Place, Problem, RequestProblems, Words
from minzheng_rules.rulebook.rulebook import Program, Rulebook

BLOCK = 65_536
"""About how many rows of the largest table a block has: small enough that what is being worked on stays in the cache."""
Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Compiled:
    """Rules compiled for one profile: what comes out, the source, and the functions made of it."""

    programs: tuple[PlannedProgram, ...]
    printed: Printed
    prepare: Any
    block: Any
    texts: tuple[str, ...]
    parents: frozenset[str]
    starts: frozenset[str]
    place: Mapping[int, int]
    """By node: its place among what the block function gives."""


class Engine:
    """A rulebook's rules on one day, for whole populations.

    ``programs`` narrows what is worked out. A rule that has no columnar form is refused when the engine is first used, with a
    :class:`~minzheng_rules.problems.RequestProblems` that names the rule and says why.

    >>> import datetime as dt
    >>> from minzheng_rules import Case, Rulebook
    >>> from minzheng_rules.population.cases import columns_of
    >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
    >>> case = Case.parse({"members": [{"relation": "本人", "declared_none": ["income"]}]})
    >>> engine = Engine(book, dt.date(2025, 6, 1), programs=["dibao"])
    >>> answers = engine.decide(columns_of([case], book))
    >>> answers.row(0)["dibao"][0]["status"]
    'undetermined'
    """

    def __init__(self, rulebook: Rulebook, as_of: dt.date, programs: Iterable[str] | None = None) -> None:
        self.rulebook, self.as_of = rulebook, as_of
        self.rules = compiled_on(rulebook, as_of).rules
        self.programs: tuple[Program, ...] = (
            rulebook.programs if programs is None else tuple(rulebook.program(name) for name in programs)
        )
        self.figures: dict[Cell, int | Fraction] = figures_of(self.rules)
        """The numbers among the parameters, by parameter and key, in internal units (fen): what ``parameters`` may replace."""
        kept = rulebook.compiled.setdefault("population", {})
        assert isinstance(kept, dict)
        self._compiled: dict[Any, Compiled] = kept
        self.source = ""
        """The NumPy source of the last run, to be read."""

    @property
    def too_late(self) -> bool:
        """Whether the day lies after the last one the rulebook decides."""
        through = self.rulebook.decides_through
        return through is not None and self.as_of > through

    def decide(
        self,
        columns: Columns,
        parameters: Mapping[str | Cell, int | Fraction] | None = None,
        *,
        reasons: bool = True,
        threads: int | None = None,
    ) -> Answers:
        """The answers for every household.

        ``parameters`` gives other figures than the rulebook's, by id (or id and key), in internal units: money in fen.
        ``reasons`` says whether what stands in the way is worked out too.

        Raises :class:`~minzheng_rules.problems.CaseProblems` if a column holds what its fact cannot be.
        """
        figures = self._replaced(parameters)
        compiled = self.compiled(columns, figures, reasons)
        self.source = compiled.printed.source
        given = self._given(compiled, columns, figures)
        prepared = compiled.prepare(given)
        outputs = self._run(compiled, columns, prepared, threads)
        found = {}
        for program in self.programs:
            planned = [p for p in compiled.programs if p.program is program]
            found[program.id] = _answers(program, planned, columns, outputs, compiled, reasons)
        return Answers(self.as_of, self.rulebook.place, columns.households, found)

    # -- compiling -----------------------------------------------------------------------------------------------

    def compiled(self, columns: Columns, figures: dict[Cell, int | Fraction], reasons: bool = True) -> Compiled:
        """The rules compiled for a population like this one; kept with the rulebook, so that the next run finds them."""
        profile = profile_of(columns)
        shapes = shapes_of(self.rules, figures)
        segment = self.rulebook.segment(self.as_of)
        key = (segment, self.too_late, tuple(p.id for p in self.programs), profile, shapes, reasons)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compile(profile, shapes, reasons)
        return found

    def _compile(self, profile: Profile, shapes: Figures, reasons: bool) -> Compiled:
        lowering = Lowering(self.rules, self.rulebook.names, profile, shapes)
        programs, problems = [], []
        planner = ProgramLowering(lowering, self.too_late)
        for program in self.programs:
            for path in self._paths(profile, program.subject):
                try:
                    programs.append(planner.program(program, path))
                except NotLowered as why:
                    problems.append(_not_lowered(program, why))
        if problems:
            raise RequestProblems(problems)
        nodes: dict[int, Node] = {}
        for planned in programs:
            nodes.update((node.number, node) for node in planned.nodes(reasons))
        printed = Printer(lowering.plan, list(nodes.values()), profile.columns).printed()
        code: CodeType = compile(printed.source, f"<population rules of {self.as_of}>", "exec")
        room: dict[str, Any] = {"np": np, **{name: getattr(support, name) for name in _HELPERS}}
        if "PACKED" in printed.source or "MONTH_" in printed.source:
            room["PACKED"], room["MONTH_STARTS"], room["MONTH_LENGTHS"] = support.calendar()
        exec(code, room)  # the source is made here, of nothing but the plan
        return Compiled(
            tuple(programs),
            printed,
            room["prepare"],
            room["block"],
            tuple(lowering.texts),
            frozenset(re.findall(r"parents\['([^']*)'\]", printed.source)),
            frozenset(re.findall(r"starts\['([^']*)'\]", printed.source)),
            {number: place for place, number in enumerate(nodes)},
        )

    def _paths(self, profile: Profile, kind: str) -> list[str]:
        names = self.rulebook.names
        return [path for path, shape in profile.tables if shape.kind == kind or names.is_kind(shape.kind, kind)]

    def _replaced(self, parameters: Mapping[str | Cell, int | Fraction] | None) -> dict[Cell, int | Fraction]:
        figures = dict(self.figures)
        for name, value in (parameters or {}).items():
            cell: Cell = (name, ()) if isinstance(name, str) else name
            if cell[0] not in self.rules.parameters or cell[1] not in self.rules.parameters[cell[0]].figures:
                raise RequestProblems(
                    [
                        Problem(
                            "population.parameter",
                            Words(f"没有参数“{cell[0]}”的这一格", f"there is no such cell of a parameter: {cell}"),
                            Place(),
                        )
                    ]
                )
            figures[cell] = value
        return figures

    # -- running -------------------------------------------------------------------------------------------------

    def _given(self, compiled: Compiled, columns: Columns, figures: dict[Cell, int | Fraction]) -> list[int]:
        """What is the same for all rows, in the order in which the plan asks for it."""
        places = {text: place for place, text in enumerate(columns.texts)} if compiled.texts else {}
        shapes = shapes_of(self.rules, figures).by_cell
        given = []
        for node in compiled.printed.scalars:
            kind, *rest = node.data
            if kind == "as_of":
                given.append(self.as_of.toordinal())
            elif kind == "text":
                given.append(places.get(rest[0], -1))
            else:
                cell = (rest[0], rest[1])
                given.append(int(Fraction(figures[cell]) * shapes[cell].scale))
        return given

    def _run(self, compiled: Compiled, columns: Columns, prepared: Any, threads: int | None) -> list[Any]:
        """Every block, into one array per output."""
        outputs: list[Any] = []
        for node in compiled.printed.outputs:
            rows = 0 if node.level is None else columns.tables[node.level.path].count
            outputs.append(node if node.level is None else np.empty(rows, _storage(node)))
        blocks = self._blocks(columns)

        checked = [node for node in compiled.printed.inputs if node.data[0] == "column" and _is_checked(node)]
        wrong: dict[tuple[str, str], Problem] = {}

        def work(block: tuple[int, int]) -> None:
            bounds = columns.bounds(*block)
            wrong.update(_out_of_range(checked, columns, bounds))
            if wrong:
                return
            found = compiled.block(*_block(compiled, columns, bounds), prepared)
            for node, place, values in zip(compiled.printed.outputs, outputs, found, strict=True):
                if node.level is not None:
                    first, last = bounds[node.level.path]
                    place[first:last] = values

        workers = min(threads or os.cpu_count() or 1, len(blocks))
        if workers > 1:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(work, blocks))
        else:
            for block in blocks:
                work(block)
        if wrong:
            raise CaseProblems(wrong.values())
        if any(node.level is None for node in compiled.printed.outputs):
            outputs = self._same_for_all(compiled, columns, prepared, outputs)
        return outputs

    def _same_for_all(self, compiled: Compiled, columns: Columns, prepared: Any, outputs: list[Any]) -> list[Any]:
        """What is the same for all rows, from a block without rows."""
        bounds = columns.bounds(0, 0)
        found = compiled.block(*_block(compiled, columns, bounds), prepared)
        return [
            values if node.level is None else place
            for node, place, values in zip(compiled.printed.outputs, outputs, found, strict=True)
        ]

    def _blocks(self, columns: Columns) -> list[tuple[int, int]]:
        largest = max((table.count for table in columns.tables.values()), default=1)
        number = max(1, -(-largest // BLOCK))
        return list(columns.blocks(max(1, -(-columns.households // number))))


_HELPERS = ("totals", "counts", "some", "fetched", "wide", "truths", "joined")


def profile_of(columns: Columns) -> Profile:
    """What a plan for a population depends on."""
    tables = []
    for path, table in columns.tables.items():
        if table.count == 0:
            continue
        most = 1
        if path:
            starts = columns.starts(path)
            most = _bucket(int(np.diff(starts).max(initial=1)))
        shapes = tuple(
            (name, ColumnShape(not column.has_unknowns, column.places, column.tables, str(column.values.dtype)))
            for name, column in sorted(table.columns.items())
            if column.known is None or bool(column.known.any())
        )
        lists = {name: _listed(known) for name, known in table.lists.items()}
        for other in columns.tables.values():
            if other.path and other.above == path:
                lists.setdefault(other.name, "all")
        tables.append((path, TableShape(table.kind, most, shapes, tuple(sorted(lists.items())))))
    return Profile(tuple(tables))


def _bucket(most: int) -> int:
    """How many items there may be, rounded up, so that a few more need no new plan."""
    return max(8, 1 << (most - 1).bit_length())


def _listed(known: npt.NDArray[np.bool_] | None) -> str:
    if known is None or bool(known.all()):
        return "all"
    return "some" if bool(known.any()) else "none"


def _is_checked(node: Node) -> bool:
    return not node.truth and node.high < 2**62


def _out_of_range(
    checked: list[Node], columns: Columns, bounds: Mapping[str, tuple[int, int]]
) -> dict[tuple[str, str], Problem]:
    """The columns that hold what their facts cannot be: nothing is computed beyond what overflow was excluded for."""
    problems = {}
    for node in checked:
        _, path, name = node.data
        column, rows = columns.tables[path].columns[name], slice(*bounds[path])
        values: Any = column.values[rows]
        if column.known is not None:
            values = values[column.known[rows]]
        if values.size:
            low, high = int(values.min()), int(values.max())
            if low < node.low or high > node.high:
                value = low if low < node.low else high
                problems[path, name] = _problem_of_range(path, name, column, node, value)
    return problems


def _storage(node: Node) -> Any:
    if node.truth:
        return np.bool_
    size = max(node.high, -node.low - 1).bit_length()
    return np.int8 if size <= 7 else np.int32 if size <= 31 else np.int64 if size <= 63 else object


def _block(
    compiled: Compiled, columns: Columns, bounds: Mapping[str, tuple[int, int]]
) -> tuple[list[Array], dict[str, Array], dict[str, Array], dict[str, int]]:
    """What a block function takes: columns, rows above, where each row's items begin, sizes."""
    given: list[Array] = []
    for node, dtype in zip(compiled.printed.inputs, compiled.printed.types, strict=True):
        kind, path, name = node.data
        table, (first, last) = columns.tables[path], bounds[path]
        if kind == "listed":
            known = table.lists[name]
            assert known is not None
            given.append(known[first:last])
            continue
        column = table.columns[name]
        if kind == "known":
            assert column.known is not None
            given.append(column.known[first:last])
        elif kind == "which":
            given.append(np.zeros(last - first, np.int8) if column.which is None else column.which[first:last])
        elif column.tables:
            given.append(_references(column, slice(first, last), bounds))
        else:
            given.append(column.values[first:last].astype(dtype, copy=False))
    parents: dict[str, Array] = {}
    starts: dict[str, Array] = {}
    for path in compiled.parents:
        table, (first, last) = columns.tables[path], bounds[path]
        assert table.parent is not None
        parents[path] = table.parent[first:last] - bounds[table.above][0]
    for path in compiled.starts:
        table = columns.tables[path]
        above_first, above_last = bounds[table.above]
        starts[path] = columns.starts(path)[above_first : above_last + 1] - bounds[path][0]
    return given, parents, starts, {path: last - first for path, (first, last) in bounds.items()}


def _references(column: Column, rows: slice, bounds: Mapping[str, tuple[int, int]]) -> Array:
    firsts = np.array([bounds[path][0] for path in column.tables], np.int64)
    values: Array = column.values[rows].astype(np.int64, copy=False)
    return values - (firsts[0] if column.which is None else firsts[column.which[rows]])


def _answers(
    program: Program,
    planned: list[PlannedProgram],
    columns: Columns,
    outputs: list[Any],
    compiled: Compiled,
    reasons: bool,
) -> ProgramAnswers:
    """One program's answers; its subjects household by household."""
    parts = [_of_table(p, columns, outputs, compiled, reasons) for p in planned]
    if not parts:
        nobody = np.zeros(0, np.int64)
        return ProgramAnswers(program.id, program.subject, (), nobody, nobody, nobody.astype(np.int8))
    if len(parts) == 1:
        return parts[0]
    raise RequestProblems(
        [
            Problem(
                "population.several-tables",
                Words(
                    f"“{program.term.zh}”的对象分在几张表中，尚不支持",
                    f"`{program.id}` is about a kind entered in several lists, which is not supported yet",
                ),
                Place(),
            )
        ]
    )


def _of_table(
    planned: PlannedProgram, columns: Columns, outputs: list[Any], compiled: Compiled, reasons: bool
) -> ProgramAnswers:
    table = columns.tables[planned.path]

    def column(node: Node) -> Array:
        values = outputs[compiled.place[node.number]]
        if isinstance(values, np.ndarray):
            return values
        return np.broadcast_to(np.asarray(values, _storage(node)), (table.count,))

    def mask(node: Node) -> Array | None:
        return None if node.constant == 0 else column(node)

    def scale(node: Node) -> Any:
        return node.constant if node.constant is not None else column(node)

    amounts = {}
    for a in planned.amounts:
        low = column(a.value.low.number)
        same = a.value.low.number is a.value.high.number
        amounts[a.name] = Amounts(
            a.words,
            a.kind,
            a.unit,
            low,
            low if same else column(a.value.high.number),
            mask(a.value.no_low),
            mask(a.value.no_high),
            scale(a.low_scale),
            scale(a.high_scale),
        )
    results = {}
    for r in planned.results:
        labels = columns.texts if r.shape == "text" else r.labels
        results[r.name] = Results(r.words, r.shape, column(r.value), column(r.known), labels, scale(r.scale), r.unit)
    status = column(planned.status).astype(np.int8, copy=False)
    failing = column(planned.failing) if reasons and planned.failing is not None else None
    return ProgramAnswers(
        planned.program.id,
        planned.program.subject,
        (planned.path,),
        np.arange(table.count, dtype=np.int64),
        columns.household_of(planned.path),
        status,
        amounts,
        results,
        None if planned.payable_from is None else column(planned.payable_from),
        None if failing is None else _first_reason(failing, status),
        failing,
        planned.labels,
    )


def _first_reason(failing: Array, status: Array) -> Array:
    """The place of the first failing condition of who is ineligible; -1 for everybody else."""
    first = np.full(failing.shape, -1, np.int8)
    refused = (status == 1) & (failing != 0)
    lowest = failing[refused]
    first[refused] = np.log2((lowest & -lowest).astype(np.float64)).astype(np.int8)
    return first


def _not_lowered(program: Program, why: NotLowered) -> Problem:
    return Problem(
        "population.not-lowered",
        Words(
            f"“{program.term.zh}”不能成批计算：{why.zh}",
            f"`{program.id}` cannot be worked out for populations: {why.en}",
        ),
        Place(),
        Words("请改写这条规则，或用 programs 选别的项目", "rewrite the rule, or choose other programs"),
    )


def _problem_of_range(path: str, name: str, column: Column, node: Node, value: int) -> Problem:
    places = 10**column.places
    low, high, said = (f"{Fraction(n, places)}" for n in (node.low, node.high, value))
    return Problem(
        "population.out-of-range",
        Words(
            f"表 {path or 'households'} 的 {name} 中有 {said}，应在 {low} 至 {high} 之间",
            f"{name} of the table {path or 'households'} holds {said}; expected between {low} and {high}",
        ),
        Place(path=f"{path}.{name}".lstrip(".")),
    )
