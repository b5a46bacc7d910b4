"""The answers about a population, one household at a time by ``decide()``: slow, and the measure of the engine."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minzheng_rules.case.case import Case
from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.evaluator.decision import Decision, Outcome, Status
from minzheng_rules.evaluator.possible import Interval, bounds, settled
from minzheng_rules.language.types import Enumeration, Quantity, Truth
from minzheng_rules.language.units import Unit
from minzheng_rules.population.answers import STATUSES, Amounts, Answers, ProgramAnswers, Results
from minzheng_rules.population.columns import Columns
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.rulebook import Program, Rulebook


def answers_by_cases(
    cases: Iterable[Case],
    columns: Columns,
    rulebook: Rulebook,
    as_of: dt.date,
    programs: Iterable[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Answers:
    """What :func:`~minzheng_rules.evaluator.deciding.decide` says about every household, put into columns.

    ``cases`` are the households of ``columns`` in their order. Raises what ``decide()`` raises.

    >>> from minzheng_rules import Case, Rulebook
    >>> from minzheng_rules.population.population import Population
    >>> case = Case.parse({"members": [{"relation": "applicant"}]})
    >>> people = Population.from_cases([case])
    >>> answers = answers_by_cases([case], people.columns, Rulebook.load(), dt.date(2025, 6, 1), ["dibao"])
    >>> answers.programs["dibao"].status.tolist()
    [2]
    """
    chosen = rulebook.programs if programs is None else rulebook.chosen(programs)
    ids = [program.id for program in chosen]
    gathered = {program.id: _Gathered() for program in chosen}
    for household, case in enumerate(cases):
        decision = decide(case, rulebook, as_of=as_of, programs=ids)
        for program in chosen:
            gathered[program.id].take(program, household, decision, columns)
        if progress is not None and household % 100 == 0:
            progress(household, columns.households)
    return Answers(
        as_of=as_of,
        place=rulebook.place,
        households=columns.households,
        programs={program.id: gathered[program.id].answers(program, rulebook, columns) for program in chosen},
    )


@dataclass
class _Gathered:
    """What came out for one program, household by household."""

    household: list[int] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    amounts: dict[str, list[Any]] = field(default_factory=dict)
    results: dict[str, list[Any]] = field(default_factory=dict)
    payable: list[int] = field(default_factory=list)

    def take(self, program: Program, household: int, decision: Decision, columns: Columns) -> None:
        for outcome in _outcomes(decision, program.id):
            path, row = _row(outcome._about.path, household, columns)
            self.household.append(household)
            self.tables.append(path)
            self.rows.append(row)
            self.status.append(STATUSES.index(Status(outcome.status)))
            self.payable.append(outcome.payable_from.toordinal() if outcome.payable_from else 0)
            run, about = outcome._run, outcome._about
            for name, key, _ in program.every_amount():
                value = Interval(0, None) if run.too_late else run.compiled.value(key, about)
                self.amounts.setdefault(name, []).append(bounds(value))
            for name, key in program.results:
                self.results.setdefault(name, []).append(run.compiled.value(key, about))

    def answers(self, program: Program, rulebook: Rulebook, columns: Columns) -> ProgramAnswers:
        tables = _tables(program.subject, rulebook, columns, self.tables)
        which = np.array([tables.index(path) for path in self.tables], np.int8)
        payable = np.array(self.payable, np.int64) if program.payable_from is not None else None
        return ProgramAnswers(
            program=program.id,
            subject=program.subject,
            tables=tables,
            rows=np.array(self.rows, np.int64),
            household=np.array(self.household, np.int64),
            status=np.array(self.status, np.int8),
            amounts={
                name: _amounts(key, kind, self.amounts.get(name, []), rulebook)
                for name, key, kind in program.every_amount()
            },
            results={name: _results(key, self.results.get(name, []), rulebook) for name, key in program.results},
            payable_from=payable,
            which=which if which.any() else None,
        )


def _outcomes(decision: Decision, program: str) -> Iterator[Outcome]:
    return (outcome for outcome in decision.outcomes if outcome.program == program)


def _row(path: str, household: int, columns: Columns) -> tuple[str, int]:
    """The table and row of ``members[1].wages[0]``."""
    table, row = "", household
    for step in filter(None, path.split(".")):
        name, _, number = step.rstrip("]").partition("[")
        table = f"{table}.{name}".lstrip(".")
        row = int(columns.starts(table)[row]) + int(number or 0)
    return table, row


def _tables(subject: str, rulebook: Rulebook, columns: Columns, met: Sequence[str]) -> tuple[str, ...]:
    """The tables whose rows are of a kind, and any other that subjects were met in."""
    found = [path for path, table in columns.tables.items() if rulebook.names.is_kind(table.kind, subject)]
    return tuple(dict.fromkeys([*found, *met])) or ("",)


def _amounts(key: str, kind: str, values: list[tuple[Any, Any]], rulebook: Rulebook) -> Amounts:
    type_ = rulebook.names.type_of(key)
    low, low_scale, no_low = _exact([low for low, _ in values])
    high, high_scale, no_high = _exact([high for _, high in values])
    return Amounts(_name(key, rulebook), kind, _unit(type_), low, high, no_low, no_high, low_scale, high_scale)


def _exact(
    numbers: list[int | Fraction | None],
) -> tuple[NDArray[np.int64], int | NDArray[np.int64], NDArray[np.bool_] | None]:
    """Exact numbers as numerators over scales; where there is no bound, zero and marked."""
    exact = [Fraction(0) if number is None else Fraction(number) for number in numbers]
    none = np.array([number is None for number in numbers], bool)
    over = np.array([number.numerator for number in exact], np.int64)
    under = np.array([number.denominator for number in exact], np.int64)
    return over, 1 if (under == 1).all() else under, none if none.any() else None


def _results(key: str, values: list[Any], rulebook: Rulebook) -> Results:
    type_ = rulebook.names.type_of(key)
    known = np.array([settled(value) and value is not None for value in values], bool)
    name = _name(key, rulebook)
    there = [value for value, sure in zip(values, known, strict=True) if sure]
    if isinstance(type_, Truth):
        numbers = [int(value) if sure else 0 for value, sure in zip(values, known, strict=True)]
        return Results(name, "bool", np.array(numbers, np.int64), known)
    if isinstance(type_, Quantity):
        scale = math.lcm(*(Fraction(value).denominator for value in there)) if there else 1
        numbers = [int(value * scale) if sure else 0 for value, sure in zip(values, known, strict=True)]
        return Results(name, "quantity", np.array(numbers, np.int64), known, scale=scale, unit=type_.unit)
    if any(isinstance(value, dt.date) for value in there):
        numbers = [value.toordinal() if sure else 0 for value, sure in zip(values, known, strict=True)]
        return Results(name, "date", np.array(numbers, np.int64), known)
    shape = "enum" if isinstance(type_, Enumeration) else "text"
    labels = list(dict.fromkeys(str(value) for value in there))
    numbers = [labels.index(str(value)) if sure else 0 for value, sure in zip(values, known, strict=True)]
    return Results(name, shape, np.array(numbers, np.int64), known, tuple(labels))


def _unit(type_: object) -> Unit | None:
    return type_.unit if isinstance(type_, Quantity) else None


def _name(key: str, rulebook: Rulebook) -> Words:
    declaration = rulebook.names.declarations[key][0]
    return Words(declaration.term, declaration.id.replace("_", " "))
