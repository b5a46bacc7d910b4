"""Answers that are the same in every setting of a sweep, joined with those that move."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.population.answers import ELIGIBLE, UNDETERMINED, Amounts, Answers, ProgramAnswers, Results
from minzheng_rules.population.columns import Mask

Array = npt.NDArray[Any]


def moved_by(answers: Answers) -> Mask:
    """The households of which some answer is not settled, where figures stand for everything between two values."""
    found = np.zeros(answers.households, bool)
    for program in answers.programs.values():
        open_ = program.status == UNDETERMINED
        for amounts in program.amounts.values():
            open_ = open_ | ~amounts.known
        for results in program.results.values():
            open_ = open_ | ~results.known
        if program.payable_from is not None:
            open_ = open_ | ((program.status == ELIGIBLE) & (program.payable_from == 0))
        found[program.household[open_]] = True
    return found


def joined_answers(base: Answers, moved: Answers, which: Mask) -> Answers:
    """All answers: those of ``moved`` for the households of ``which``, those of ``base`` for the others."""
    programs = {id: _program(program, moved.programs[id], which) for id, program in base.programs.items()}
    return replace(base, programs=programs)


def _program(base: ProgramAnswers, moved: ProgramAnswers, which: Mask) -> ProgramAnswers:
    rows = np.flatnonzero(which[base.household])
    payable = base.payable_from
    if payable is not None and moved.payable_from is not None:
        payable = _put(payable, moved.payable_from, rows)
    return replace(
        base,
        status=_put(base.status, moved.status, rows),
        amounts={name: _amounts(a, moved.amounts[name], rows) for name, a in base.amounts.items()},
        results={name: _results(r, moved.results[name], rows) for name, r in base.results.items()},
        payable_from=payable,
    )


def _amounts(base: Amounts, moved: Amounts, rows: Array) -> Amounts:
    low = _put(base.low, moved.low, rows)
    size = base.low.size
    one = moved.low is moved.high
    scale = _scale(base.low_scale, moved.low_scale, rows, size)
    return replace(
        base,
        low=low,
        high=low if one else _put(base.high, moved.high, rows),
        no_low=_without(moved.no_low, rows, size),
        no_high=_without(moved.no_high, rows, size),
        low_scale=scale,
        high_scale=scale if one else _scale(base.high_scale, moved.high_scale, rows, size),
    )


def _results(base: Results, moved: Results, rows: Array) -> Results:
    return replace(
        base,
        values=_put(base.values, moved.values, rows),
        known=_put(base.known, moved.known, rows),
        scale=_scale(base.scale, moved.scale, rows, base.values.size),
    )


def _put(base: Array, moved: Array, rows: Array) -> Array:
    values = base.astype(np.promote_types(base.dtype, moved.dtype))
    values[rows] = moved
    return values


def _without(moved: Mask | None, rows: Array, size: int) -> Mask | None:
    """What stays out is settled and has bounds."""
    return None if moved is None else _put(np.zeros(size, bool), moved, rows)


def _scale(base: Any, moved: Any, rows: Array, size: int) -> Any:
    if isinstance(base, int) and base == moved:
        return base
    return _put(np.broadcast_to(np.asarray(base, np.int64), (size,)), np.broadcast_to(moved, rows.shape), rows)
