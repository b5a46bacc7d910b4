"""Running compiled rules over a population, block by block, on several cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.population.columns import Column, Columns
from minzheng_rules.population.kernel.compiled import Compiled
from minzheng_rules.population.lowering.plan import Node
from minzheng_rules.problems import CaseProblems, Place, Problem, Words

BLOCK = 65_536
"""About how many rows of the largest table a block has: small enough that what is being worked on stays in the cache."""
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """One block after what does not vary was worked out: what is kept of it, and how its rows hang together."""

    bounds: Mapping[str, tuple[int, int]]
    kept: tuple[Any, ...]
    parents: Mapping[str, Array]
    starts: Mapping[str, Array]
    sizes: Mapping[str, int]


def run(
    compiled: Compiled,
    columns: Columns,
    prepared: Any,
    threads: int | None,
    *,
    rows: int = BLOCK,
    hand_on: Callable[[Held], None] | None = None,
) -> tuple[list[Any], list[Held]]:
    """Every output that does not vary, for all rows, and what is kept of each block for those that do.

    With ``hand_on`` what is kept goes there as soon as it is worked out, and is not held. ``rows`` is about how many rows of the
    largest table a block has.

    Raises :class:`~minzheng_rules.problems.CaseProblems` if a column holds what its fact cannot be.
    """
    outputs = [_room(node, columns) for node in compiled.printed.outputs]
    checked = [node for node in compiled.printed.inputs if node.data[0] == "column" and _is_checked(node)]
    wrong: dict[tuple[str, str], Problem] = {}
    held: dict[tuple[int, int], Held] = {}

    def work(block: tuple[int, int]) -> None:
        bounds = columns.bounds(*block)
        wrong.update(_out_of_range(checked, columns, bounds))
        if wrong:
            return
        given, parents, starts, sizes = _block(compiled, columns, bounds)
        found = compiled.block(given, parents, starts, sizes, prepared)
        _put(compiled.printed.outputs, outputs, found, bounds)
        if compiled.varied is not None:
            kept = Held(bounds, found[len(outputs) :], parents, starts, sizes)
            if hand_on is None:
                held[block] = kept
            else:
                hand_on(kept)

    blocks = _blocks(columns, rows)
    each(work, blocks, threads)
    if wrong:
        raise CaseProblems(wrong.values())
    return outputs, [held[block] for block in blocks if block in held]


def run_varied(compiled: Compiled, columns: Columns, held: list[Held], prepared: Any, threads: int | None) -> list[Any]:
    """Every output that varies, from what was kept."""
    outputs = [_room(node, columns) for node in compiled.printed.varied]

    def work(block: Held) -> None:
        found = compiled.varied(block.kept, block.parents, block.starts, block.sizes, prepared)
        _put(compiled.printed.varied, outputs, found, block.bounds)

    each(work, held, threads)
    return outputs


def each(work: Callable[[Any], None], blocks: list[Any], threads: int | None) -> None:
    """Do some work for every block, on several cores: NumPy lets go of the interpreter while it computes."""
    workers = min(threads or os.cpu_count() or 1, len(blocks))
    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, blocks))
    else:
        for block in blocks:
            work(block)


def _room(node: Node, columns: Columns) -> Any:
    """Where an output goes; what is the same for all rows needs no room."""
    return None if node.level is None else np.empty(columns.tables[node.level.path].count, storage_of(node))


def _put(nodes: tuple[Node, ...], outputs: list[Any], found: Any, bounds: Mapping[str, tuple[int, int]]) -> None:
    for place, (node, values) in enumerate(zip(nodes, found, strict=False)):
        if node.level is None:
            outputs[place] = values
        else:
            first, last = bounds[node.level.path]
            outputs[place][first:last] = values


def _blocks(columns: Columns, rows: int) -> list[tuple[int, int]]:
    largest = max((table.count for table in columns.tables.values()), default=1)
    number = max(1, -(-largest // rows))
    return list(columns.blocks(max(1, -(-columns.households // number)))) or [(0, 0)]


def storage_of(node: Node) -> Any:
    """The type in which a node's values are given."""
    if node.truth:
        return np.bool_
    size = max(node.high, -node.low - 1).bit_length()
    return np.int8 if size <= 7 else np.int32 if size <= 31 else np.int64 if size <= 63 else object


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


def _block(
    compiled: Compiled, columns: Columns, bounds: Mapping[str, tuple[int, int]]
) -> tuple[list[Array], dict[str, Array], dict[str, Array], dict[str, int]]:
    """What a block function takes: columns, rows above, where each row's items begin, sizes."""
    given: list[Array] = []
    for node, dtype in zip(compiled.printed.inputs, compiled.printed.types, strict=True):
        kind, path, name = node.data
        if kind == "first":
            above_first, above_last = bounds[columns.tables[path].above]
            given.append(columns.starts(path)[above_first:above_last] - bounds[path][0])
            continue
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
