"""From the arrays a plan gives to answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.population.answers import Amounts, ProgramAnswers, Results
from minzheng_rules.population.columns import Columns
from minzheng_rules.population.kernel.compiled import Compiled
from minzheng_rules.population.kernel.running import storage_of
from minzheng_rules.population.lowering.plan import Node
from minzheng_rules.population.lowering.programs import PlannedProgram
from minzheng_rules.problems import Place, Problem, RequestProblems, Words
from minzheng_rules.rulebook.rulebook import Program

Array = npt.NDArray[Any]


def answers_of(
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
        return np.broadcast_to(np.asarray(values, storage_of(node)), (table.count,))

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
        labels = (*columns.texts, *compiled.texts) if r.shape == "text" else r.labels
        results[r.name] = Results(r.words, r.shape, column(r.value), column(r.known), labels, scale(r.scale), r.unit)
    status = column(planned.status).astype(np.int8, copy=False)
    failing = column(planned.failing) if reasons and planned.failing is not None else None
    return ProgramAnswers(
        planned.program.id,
        planned.program.subject,
        (planned.path,),
        None,
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
