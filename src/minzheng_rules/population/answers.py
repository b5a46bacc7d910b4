"""What came out for a whole population: per program and subject a status, exact amounts, results and what stood in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from minzheng_rules.evaluator.decision import Status
from minzheng_rules.evaluator.printing import yuan
from minzheng_rules.language.units import Unit
from minzheng_rules.population.columns import Integers, Mask
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.evaluator.decision import Decision

STATUSES = tuple(Status)
"""The statuses in the order of their codes."""
ELIGIBLE, INELIGIBLE, UNDETERMINED, NOT_APPLICABLE = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """One amount of every subject, or the bounds it lies between.

    ``low`` and ``high`` are exact: an amount is the whole number divided by the ``scale``; with scale 1 it is in fen (in units, where the
    amount is no money). Where the amount is settled both are equal. ``no_low`` and ``no_high`` say of which rows there is no
    bound; ``None`` means everybody has one.
    """

    name: Words
    kind: str
    """``cash``, ``service``, ``voucher``, ``ceiling`` …"""
    unit: Unit | None
    low: Integers
    high: Integers
    no_low: Mask | None = None
    no_high: Mask | None = None
    low_scale: int | Integers = 1
    high_scale: int | Integers = 1

    @property
    def known(self) -> Mask:
        """Of whom the amount is settled."""
        same: Mask = (
            np.ones(self.low.shape, bool)
            if self.low is self.high
            else self.low * self.high_scale == self.high * self.low_scale
        )
        for without in (self.no_low, self.no_high):
            if without is not None:
                same = same & ~without
        return same

    @property
    def settled_fen(self) -> Integers:
        """The settled amounts in fen, and zero where the amount is open: for sums that state beside them how many are open.

        Raises :class:`ValueError` if an amount is not whole fen.
        """
        if isinstance(self.low_scale, int) and self.low_scale == 1:
            settled = self.low is self.high and self.no_low is None and self.no_high is None
            return self.low if settled else self.low * self.known
        whole, rest = np.divmod(self.low, self.low_scale)
        if bool((rest[self.known] != 0).any()):
            raise ValueError(f"{self.name.en} is not whole fen")
        return whole * self.known

    def exact(self, row: int) -> tuple[Fraction | None, Fraction | None]:
        """The bounds of one subject in internal units (fen); ``None`` is no bound."""
        low = (
            None
            if self.no_low is not None and self.no_low[row]
            else Fraction(int(self.low[row]), _at(self.low_scale, row))
        )
        high = (
            None
            if self.no_high is not None and self.no_high[row]
            else Fraction(int(self.high[row]), _at(self.high_scale, row))
        )
        return low, high

    def shown(self, row: int) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Value, low and high of one subject in the written unit (yuan), as a Decision's amount gives them."""
        low, high = (None if bound is None else yuan(_plain(bound), self.unit) for bound in self.exact(row))
        value = low if low is not None and self.exact(row)[0] == self.exact(row)[1] else None
        return value, low, high


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """One other answer of every subject: ``values`` is read where ``known``.

    ``shape`` says how: ``enum`` (place in ``labels``), ``bool`` (0, 1), ``date`` (ordinal), ``quantity`` (divided by ``scale``, in
    internal units), ``text`` (place in ``labels``).
    """

    name: Words
    shape: str
    values: Integers
    known: Mask
    labels: tuple[str, ...] = ()
    scale: int | Integers = 1
    unit: Unit | None = None

    def raw(self, row: int) -> object:
        """The answer of one subject as a Decision's result gives it; ``None`` if it is open."""
        if not self.known[row]:
            return None
        value = int(self.values[row])
        if self.shape == "bool":
            return bool(value)
        if self.shape in ("enum", "text"):
            return self.labels[value]
        if self.shape == "date":
            return dt.date.fromordinal(value).isoformat()
        from minzheng_rules.evaluator.printing import json_value
        from minzheng_rules.language.types import Quantity

        return json_value(_plain(Fraction(value, _at(self.scale, row))), Quantity(self.unit))


@dataclass(frozen=True, slots=True, eq=False)
class ProgramAnswers:
    """What one program came to for all its subjects, in the order of ``decide()``: household by household, as entered."""

    program: str
    subject: str
    """The kind the program is about."""
    tables: tuple[str, ...]
    """The tables its subjects stand in: one, unless a kind is entered in several lists."""
    rows: npt.NDArray[np.int64] | None
    """The row of each subject in its table; ``None`` where the subjects are all its rows, in order."""
    household: npt.NDArray[np.int64]
    """The household of each subject; ascending."""
    status: npt.NDArray[np.int8]
    """Codes in the order of :class:`~minzheng_rules.evaluator.decision.Status`."""
    amounts: Mapping[str, Amounts] = field(default_factory=dict)
    results: Mapping[str, Results] = field(default_factory=dict)
    payable_from: Integers | None = None
    """Ordinals; 0 where there is none or it is open. ``None`` if the program states none."""
    reasons: Integers | None = None
    """Place in ``labels`` of the first condition that surely fails, of who is ineligible; -1 for everybody else."""
    failing: Integers | None = None
    """All conditions that surely fail, as bits: bit ``i`` is condition ``i`` of ``labels``."""
    labels: tuple[Words, ...] = ()
    """The program's conditions in words, in the order in which they are asked."""
    which: npt.NDArray[np.int8] | None = None
    """The place in ``tables`` of each subject's table; ``None`` is the first for all."""

    def count(self, status: Status) -> int:
        """How many subjects came out so."""
        return int((self.status == STATUSES.index(status)).sum())


@dataclass(frozen=True, eq=False)
class Answers:
    """Everything a rulebook says about a population on one day."""

    as_of: dt.date
    place: str
    households: int
    programs: Mapping[str, ProgramAnswers]

    def household_totals(self, program: str, amount: str | None = None) -> npt.NDArray[np.int64]:
        """Per household, in fen, what is settled of a program's cash amounts (or of the amount named)."""
        answers = self.programs[program]
        total = np.zeros(self.households, np.int64)
        for name, amounts in answers.amounts.items():
            if amount == name or (amount is None and amounts.kind == "cash"):
                # Whole numbers below 2**53 go through bincount's floats unharmed; anything greater is added one by one.
                fen = np.asarray(amounts.settled_fen, np.int64)
                if fen.size and int(np.abs(fen).sum()) < 2**53:
                    total += np.bincount(answers.household, fen, self.households).astype(np.int64)
                else:
                    np.add.at(total, answers.household, fen)
        return total

    def row(self, household: int) -> dict[str, list[dict[str, Any]]]:
        """The answers about one household, by program, one entry per subject."""
        found: dict[str, list[dict[str, Any]]] = {}
        for id, answers in self.programs.items():
            first, last = np.searchsorted(answers.household, [household, household + 1])
            found[id] = [_outcome(answers, at) for at in range(int(first), int(last))]
        return found

    def differences(self, decision: Decision, household: int) -> list[str]:
        """Every cell in which one household's answers are not those of its Decision; empty if they agree."""
        expected: dict[str, list[dict[str, Any]]] = {id: [] for id in self.programs}
        for outcome in decision.outcomes:
            if outcome.program in expected:
                expected[outcome.program].append(
                    {
                        "status": outcome.status.value,
                        "amounts": {name: (a.value, a.low, a.high) for name, a in outcome.amounts.items()},
                        "results": {name: _comparable(r.raw) for name, r in outcome.results.items()},
                        "payable_from": outcome.payable_from,
                    }
                )
        found = []
        for id, ours in self.row(household).items():
            theirs = expected[id]
            if len(ours) != len(theirs):
                found.append(f"{id}: {len(ours)} subjects, decide() has {len(theirs)}")
                continue
            for number, (mine, his) in enumerate(zip(ours, theirs, strict=True)):
                found += [
                    f"{id}[{number}].{key}: {mine[key]!r}, decide() says {his[key]!r}"
                    for key in his
                    if mine[key] != his[key]
                ]
        return found


def _outcome(answers: ProgramAnswers, at: int) -> dict[str, Any]:
    start = 0 if answers.payable_from is None else int(answers.payable_from[at])
    return {
        "status": STATUSES[answers.status[at]].value,
        "amounts": {name: amounts.shown(at) for name, amounts in answers.amounts.items()},
        "results": {name: results.raw(at) for name, results in answers.results.items()},
        "payable_from": dt.date.fromordinal(start) if start else None,
    }


def _comparable(raw: object) -> object:
    """What a Decision says of a result; everything that is open compares as ``None``."""
    return raw.isoformat() if isinstance(raw, dt.date) else raw


def _at(scale: int | Integers, row: int) -> int:
    return scale if isinstance(scale, int) else int(scale[row])


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number
