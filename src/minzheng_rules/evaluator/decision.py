"""A decision: what came out for every program and subject, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from minzheng_rules.language.rules import STATUSES
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.evaluator.deciding import Run
    from minzheng_rules.rulebook.reforming import Reform
    from minzheng_rules.rulebook.rulebook import Program, Rulebook
    from minzheng_rules.trail.node import Node
    from minzheng_rules.trail.trail import Trail


_T = TypeVar("_T")


class _Once(Generic[_T]):
    """As :func:`functools.cached_property`, whose lock lets one thread work at a time before Python 3.12."""

    def __init__(self, work: Callable[[Any], _T]) -> None:
        self.work, self.name, self.__doc__ = work, work.__name__, work.__doc__

    def __get__(self, outcome: Outcome | None, owner: type | None = None) -> _T:
        if outcome is None:
            return self  # type: ignore[return-value]  # asked of the class, as help() does
        found = outcome.__dict__[self.name] = self.work(outcome)
        return found


class Status(str, Enum):
    """How a program came out for a subject."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Amount:
    """What is payable, in yuan: ``value`` when it is settled, else the bounds it lies between (``None`` is no bound)."""

    name: Words
    unit: Words
    kind: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Result:
    """Something else a program answers: a grade, a place, an interval."""

    name: Words
    value: Words
    raw: object


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps an answer open, and who can supply it.

    ``kind`` is ``fact``, ``parameter``, ``delegation``, ``judgement``, ``date`` or ``conflict``.
    """

    kind: str
    words: Words
    subject: str
    who: tuple[str, ...]
    why: Words
    path: str
    subject_en: str = ""

    def whom(self, lang: str) -> str:
        """Whose fact it is, in a language."""
        return self.subject_en or self.subject if lang == "en" else self.subject


@dataclass(frozen=True, init=False)
class Outcome:
    """One program's answer about one subject. Its explanation is built when first asked for."""

    program: str
    program_words: Words
    subject: str
    """The id entered for the subject, or its path within the case."""
    subject_words: Words
    status: Status
    amounts: Mapping[str, Amount]
    results: Mapping[str, Result]
    payable_from: dt.date | None
    _run: Run
    _program: Program
    _about: Any

    def __init__(self, **said: Any) -> None:
        # All at once: a frozen class takes several times as long over one attribute after the other.
        self.__dict__.update(said)

    @_Once
    def trail(self) -> Node:
        """Why: the root of the explanation.

        Keep it, the answer or the decision while its steps are read. A step kept by itself stays whole, but what it has not
        opened yet is made anew, without the marks.
        """
        return self._run.explain(self._program, self._about, self)

    @_Once
    def missing(self) -> tuple[Missing, ...]:
        """What would have to be known to settle the answer; empty when it is settled, amount included."""
        from minzheng_rules.trail.missing import missing

        return missing(self.trail)

    @_Once
    def weakest(self) -> str:
        """The weakest status among the figures and rule texts the answer rests on; see DESIGN: verbatim is strongest."""
        from minzheng_rules.trail.building.marking import settling

        # Not the marks: those of a step that this answer shares with others say that it settles one of them.
        bearing = list(settling([self.trail]))
        # The bounds of an open amount rest on every figure in it, not only on what keeps it open.
        for node in self.trail.children:
            if self.amounts and node.state.value == "undetermined":
                bearing += node.walk()
        # A figure that is not computed with, being recalled or illustrative, lends nothing to the answer.
        used = (node for node in bearing if node.kind != "parameter" or node.state.value != "undetermined")
        statuses = {node.origin.status for node in used if node.origin is not None}
        ranked = [status for status in STATUSES if status in statuses and status != "unknown"]
        return ranked[-1] if ranked else "verbatim"

    @property
    def amount(self) -> Amount | None:
        """The amount, where the program pays exactly one."""
        return next(iter(self.amounts.values())) if len(self.amounts) == 1 else None

    @property
    def sets_conditions(self) -> bool:
        """Whether somebody may be eligible or not; what has no conditions, as a grade, only gives its answers."""
        return self._program.eligible is not None

    def goes_by(self, name: str) -> bool:
        """Whether it answers for the program of that id, Chinese term or other name."""
        return self._program.goes_by(name)

    def to_json(self) -> dict[str, Any]:
        """The outcome without its trail, in plain JSON types."""
        return {
            "program": self.program,
            "subject": self.subject,
            "status": self.status.value,
            "amounts": {
                name: {
                    "unit": amount.unit.en,
                    "kind": amount.kind,
                    "value": _text(amount.value),
                    "low": _text(amount.low),
                    "high": _text(amount.high),
                }
                for name, amount in self.amounts.items()
            },
            "results": {name: result.raw for name, result in self.results.items()},
            "payable_from": self.payable_from.isoformat() if self.payable_from else None,
            "missing": [
                {
                    "kind": m.kind,
                    "term": m.words.zh,
                    "id": m.words.en,
                    "subject": m.subject,
                    "who": list(m.who),
                    "path": m.path,
                }
                for m in self.missing
            ],
            "weakest_status": self.weakest,
        }


class RulebookInfo:
    """Which rulebook decided: its name, place, overlays, and the digest of everything in it that can change a decision."""

    __slots__ = ("_rulebook",)

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    @property
    def name(self) -> Words:
        """The rulebook's name."""
        return self._rulebook.name

    @property
    def digest(self) -> str:
        """SHA-256 over its canonical content."""
        return self._rulebook.digest

    @property
    def place(self) -> str:
        """The lowest layer that applied."""
        return self._rulebook.place

    @property
    def overlays(self) -> tuple[str, ...]:
        """The overlays that filled unknown figures."""
        return self._rulebook.overlays

    @property
    def accept(self) -> tuple[str, ...]:
        """The statuses of figures that were accepted."""
        return tuple(sorted(self._rulebook.accept))

    @property
    def reforms(self) -> tuple[Reform, ...]:
        """The reforms laid over it: what it would decide if they were law."""
        return self._rulebook.reforms

    def to_json(self) -> dict[str, Any]:
        """What a record says of the rulebook."""
        about: dict[str, Any] = {
            "name": {"zh": self.name.zh, "en": self.name.en},
            "digest": self.digest,
            "place": self.place,
            "overlays": list(self.overlays),
            "accept": list(self.accept),
        }
        return about | ({"reforms": [reform.to_json() for reform in self.reforms]} if self.reforms else {})


@dataclass(frozen=True, slots=True)
class FindingNote:
    """Something the decision noticed that somebody should look at."""

    code: str
    what: Words
    subject: str


@dataclass(frozen=True)
class Decision:
    """Everything a rulebook says about one case on one day.

    Printing it gives the overview; :meth:`explain` gives the reasons; in a notebook it shows itself as HTML.
    """

    as_of: dt.date
    place: str
    outcomes: tuple[Outcome, ...]
    rulebook: RulebookInfo
    case_title: str | None
    findings: tuple[FindingNote, ...]
    _run: Run

    def outcome(self, program: str, subject: str | None = None) -> Outcome:
        """The answer of one program; ``subject`` (id or path) where it is about several.

        Raises :class:`KeyError` naming what there is.
        """
        found = [
            o
            for o in self.outcomes
            if o.goes_by(program) and (subject is None or subject in (o.subject, o.subject_words.zh))
        ]
        if len(found) == 1:
            return found[0]
        there = ", ".join(f"{o.program}@{o.subject}" for o in (found or self.outcomes))
        raise KeyError(
            f"{program}{'@' + subject if subject else ''}: {'several' if found else 'none'}; there is {there}"
        )

    def only(self, *programs: str) -> Decision:
        """The same decision with the answers of some programs, by id or name, and no others."""
        return replace(self, outcomes=tuple(o for o in self.outcomes if any(o.goes_by(name) for name in programs)))

    def explain(self, program: str | None = None) -> Trail:
        """The reasons, for one program or all: of what is due first, of what does not apply last."""
        from minzheng_rules.trail.summary import in_order_of_interest
        from minzheng_rules.trail.trail import Trail

        chosen = [o for o in self.outcomes if program is None or o.goes_by(program)]
        return Trail([o.trail for o in in_order_of_interest(chosen)])

    def html(self, lang: str = "zh", full: bool = False) -> str:
        """A page to keep or to print: the overview, what is missing, and the reasons; it needs nothing from elsewhere.

        ``full`` gives every condition, not only those that settle an outcome.
        """
        from minzheng_rules.trail.summary import summary_html

        return summary_html(self, lang, full, page=True)

    def to_json(self) -> dict[str, Any]:
        """The decision in its versioned JSON form, without the trail."""
        return {
            "format": "minzheng-decision/1",
            "as_of": self.as_of.isoformat(),
            "place": self.place,
            "case_title": self.case_title,
            "rulebook": self.rulebook.to_json(),
            "outcomes": [outcome.to_json() for outcome in self.outcomes],
            "findings": [
                {"code": f.code, "zh": f.what.zh, "en": f.what.en, "subject": f.subject} for f in self.findings
            ],
        }

    def __str__(self) -> str:
        from minzheng_rules.trail.summary import summary_text

        return summary_text(self)

    def _repr_html_(self) -> str:
        from minzheng_rules.trail.summary import summary_html

        return summary_html(self)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
