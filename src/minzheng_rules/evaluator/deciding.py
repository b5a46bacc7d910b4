"""Deciding a case: the pure function from a case and a rulebook to a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from minzheng_rules.case.days import named_day
from minzheng_rules.case.entity import Entity
from minzheng_rules.evaluator.compiling import AS_OF, Compiled
from minzheng_rules.evaluator.decision import Amount, Decision, FindingNote, Outcome, Result, RulebookInfo, Status
from minzheng_rules.evaluator.possible import MAYBE, Crowd, Interval, bounds, settled
from minzheng_rules.evaluator.printing import json_value, subject_words, unit_words, value_words, yuan
from minzheng_rules.evaluator.subjects import Intake, Subject
from minzheng_rules.language.types import Quantity, Truth, Type
from minzheng_rules.language.units import Unit
from minzheng_rules.problems import CaseProblems, Place, Problem, RequestProblems, Words, nearest
from minzheng_rules.rulebook.definitions import Delegated
from minzheng_rules.rulebook.rulebook import Program, Rulebook

if TYPE_CHECKING:
    from minzheng_rules.case.case import Case
    from minzheng_rules.rulebook.resolution import Names
    from minzheng_rules.trail.node import Node


_NO_UNIT = Words("", "")


def decide(
    case: Case | Entity,
    rulebook: Rulebook,
    *,
    as_of: dt.date | str | None = None,
    programs: Iterable[str] | None = None,
) -> Decision:
    """Decide what a case is entitled to on a day, by the rules in force that day.

    ``as_of``, a date or its text as in ``2025-06-01``, defaults to the case's own date; a case without one needs it. ``programs`` narrows the answer to some programs.
    The function is pure: it reads no clock, file, network or global, and the same inputs give the same decision.

    Raises :class:`CaseProblems` if the case cannot be right on that day (somebody not yet born), :class:`RequestProblems` if the date is missing, a program does not exist, or the case is of a kind the rulebook
    does not decide. A case whose facts do not settle an answer is no error: the answer is undetermined, with what to bring.

    >>> from minzheng_rules import Case, Rulebook
    >>> book = Rulebook.load(place="haining", overlays=[{"低保标准": 1000}])
    >>> case = Case.parse({"members": [{"relation": "本人", "declared_none": ["income"]}]})
    >>> decide(case, book, as_of=dt.date(2025, 6, 1)).outcome("dibao").status.value
    'undetermined'
    """
    root, title, day = _case(case, as_of)
    if type(root).kind != rulebook.vocabulary.root:
        wanted = rulebook.vocabulary.root
        raise _refuse(
            "request.case-kind",
            Words(
                f"这部规则手册裁断的是“{wanted}”，给出的案件是“{type(root).kind}”",
                f"this rulebook decides cases of `{wanted}`; the case is of `{type(root).kind}`",
            ),
            _other_kind(type(root).kind, rulebook),
        )
    run = Run(rulebook, root, day)
    run.check_findings()
    chosen = rulebook.programs if programs is None else rulebook.chosen(programs)
    outcomes = tuple(outcome for program in chosen for outcome in run.outcomes(program))
    return Decision(
        as_of=day,
        place=rulebook.place,
        outcomes=outcomes,
        rulebook=RulebookInfo(rulebook),
        case_title=title,
        findings=run.findings(),
        _run=run,
    )


def _case(case: Case | Entity, as_of: dt.date | str | None) -> tuple[Entity, str | None, dt.date]:
    root, title, own = (case, None, None) if isinstance(case, Entity) else (case.root, case.title, case.as_of)
    day = (named_day(as_of) if isinstance(as_of, str) else as_of) or own
    if day is None:
        raise _refuse(
            "request.as-of",
            Words(
                "没有给出基准日（as_of）：案件里没有，调用时也没有",
                "no date to decide on: neither the case nor the call gives `as_of`",
            ),
            Words(
                "请在案件中写 基准日: 2025-06-01，或调用时给 as_of",
                "write `as_of: 2025-06-01` in the case, or pass `as_of`",
            ),
        )
    if isinstance(day, dt.datetime) or not isinstance(day, dt.date):
        raise _refuse(
            "request.as-of", Words(f"基准日应是日期，得到的是 {day!r}", f"`as_of` should be a date, not {day!r}")
        )
    if isinstance(case, Entity):
        # A case is checked as a whole when it is made; facts handed over bare are no less.
        from minzheng_rules.case.case import Case

        return Case.of(root, as_of=day).root, None, day
    return (root if day == own else case.on(day).root), title, day


def _other_kind(kind: str, rulebook: Rulebook) -> Words | None:
    if kind not in rulebook.kinds:
        return None
    call = f'Rulebook.load(place="{rulebook.place}", kind="{kind}")'
    return Words(f"请载入这种个案的规则：{call}", f"load the rules for that kind of case: {call}")


def _refuse(code: str, what: Words, step: Words | None = None) -> RequestProblems:
    return RequestProblems([Problem(code, what, Place(), step)])


class Run:
    """One case being decided on one day: its subjects and everything worked out about them."""

    everybody: Sequence[Subject] = ()
    """Everybody and everything in the case, in the order entered."""
    _builder: Any = None

    def __init__(self, rulebook: Rulebook, root: Entity, day: dt.date) -> None:
        self.rulebook, self.day, self.names = rulebook, day, rulebook.names
        self.compiled = compiled_on(rulebook, day)
        self.rules = self.compiled.rules
        self.root = intake_of(rulebook).subject(root)
        self.root.memo[AS_OF] = day
        self.everybody = tuple(self.root.walk())
        through = rulebook.decides_through
        self.too_late = through is not None and day > through
        """Whether the day lies after the last one the rulebook decides."""
        self._of_kind: dict[str, list[Subject]] = {}
        self._called: dict[Subject, Words] = {}

    def __del__(self) -> None:
        """Undo what refers to each other, so that it is given back at once and not when the collector of garbage comes by.

        Answers and the roots of trails keep their run. A step that somebody took out of a trail before letting go of it keeps
        what it is about; what it has not opened yet is made anew.
        """
        for subject in self.everybody:
            subject.steps.clear()
            if self._builder is None:
                subject.facts.clear()
                subject.memo.clear()
                del subject.case

    def outcomes(self, program: Program) -> list[Outcome]:
        """A program's answers, one for each subject it is about."""
        return [self._outcome(program, subject) for subject in self.subjects(program.subject)]

    def subjects(self, kind: str) -> list[Subject]:
        """Everybody and everything of a kind in the case, in the order entered."""
        found = self._of_kind.get(kind)
        if found is None:
            there = [self.root] if self.root.kind == kind else self.everybody
            found = self._of_kind[kind] = [s for s in there if self.names.is_kind(s.kind, kind)]
        return found

    def called(self, subject: Subject) -> Words:
        """How a person or thing of the case is called."""
        found = self._called.get(subject)
        if found is None:
            found = self._called[subject] = subject_words(subject, self.names)
        return found

    def check_findings(self) -> None:
        """Refuse findings that name no rule about their subject, or whose value the rule cannot have."""
        problems = []
        for subject in self.everybody:
            for name, entered in subject.entity.findings.items():
                place = Place(path=f"{subject.path}.findings.{name}".lstrip("."))
                found = self.names.rule(subject.kind, name)
                if found is None:
                    delegated = [
                        n
                        for e in self.rules.rules.values()
                        if e.original.declaration.delegated_to
                        and self.names.is_kind(subject.kind, e.original.declaration.kind)
                        for n in (e.original.declaration.id, e.original.declaration.term)
                    ]
                    near = nearest(name, delegated)
                    problems.append(
                        Problem(
                            "finding.unknown",
                            Words(
                                f"没有“{name}”这条规则，认定结论无处可用",
                                f"there is no rule `{name}` a finding could settle",
                            ),
                            place,
                            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else None,
                        )
                    )
                elif isinstance(entered.value, bool) is not isinstance(found[1], Truth):
                    problems.append(
                        Problem(
                            "finding.type",
                            Words(
                                f"“{name}”的认定结论应是{found[1].say().zh}，不能是 {entered.value}",
                                f"a finding on `{name}` is {found[1].say().en}; it cannot be {entered.value}",
                            ),
                            place,
                        )
                    )
        if problems:
            raise CaseProblems(problems)

    def findings(self) -> tuple[FindingNote, ...]:
        """What ought to hold by the rulebook's checks and does not; findings the rules do not wait for."""
        notes = self._idle_findings()
        for check in self.rulebook.expected:
            if self.too_late or (
                check.cites and not any(self.rules.sources.in_force(c, self.day) for c in check.cites)
            ):
                continue
            for subject in self.subjects(check.kind):
                if self.compiled.closure(check.expression)(subject, None, None) is False:
                    who = self.called(subject)
                    about = Words(f"（{who.zh}）", f" ({who.en})") if subject.parent is not None else Words("", "")
                    cites = "、".join(f"{c.instrument}#{c.article}" for c in self.rules.citations(check.cites))
                    notes.append(
                        FindingNote(
                            f"check.{check.id}",
                            Words(
                                f"不符：{check.term}{about.zh}（{cites}）",
                                f"does not hold: {check.id.replace('_', ' ')}{about.en} ({cites})",
                            ),
                            subject.id,
                        )
                    )
        return tuple(notes)

    def _idle_findings(self) -> list[FindingNote]:
        notes = []
        for subject in self.everybody:
            for name in subject.entity.findings:
                found = self.names.rule(subject.kind, name)
                effective = self.rules.rules.get(found[0]) if found is not None else None
                if effective is not None and isinstance(effective.definition.body, Delegated):
                    continue
                who = self.called(subject)
                notes.append(
                    FindingNote(
                        "finding.not-used",
                        Words(
                            f"认定结论“{name}”没有用到：这一天它有规定，或不由人认定",
                            f"the finding on {name} was not used: that day it is laid down, or not for a person to find",
                        ),
                        who.zh if subject.parent is not None else "",
                    )
                )
        return notes

    def value(self, key: str | None, subject: Subject) -> Any:
        """What a rule yields, or not settled where nothing can be decided."""
        return MAYBE if key is None else self.compiled.value(key, subject)

    def _outcome(self, program: Program, subject: Subject) -> Outcome:
        answers = self._answers(program, subject.kind)
        amounts = {said.id: self._amount(said, subject) for said in answers.amounts}
        results = {said.id: self._result(said, subject) for said in answers.results}
        status = Status.UNDETERMINED if self.too_late else self._status(program, subject, amounts, results)
        payable = None
        if program.payable_from is not None and status in (Status.ELIGIBLE, Status.UNDETERMINED) and not self.too_late:
            start = self.value(program.payable_from, subject)
            payable = start if isinstance(start, dt.date) else None
        return Outcome(
            program=program.id,
            program_words=program.term,
            subject=subject.id or program.subject,
            subject_words=self.called(subject),
            status=status,
            amounts=amounts,
            results=results,
            payable_from=payable,
            _run=self,
            _program=program,
            _about=subject,
        )

    def _status(
        self, program: Program, subject: Subject, amounts: dict[str, Amount], results: dict[str, Result]
    ) -> Status:
        if program.applies is not None:
            applies = self.value(program.applies, subject)
            if applies is not True:
                return Status.NOT_APPLICABLE if applies is False else Status.UNDETERMINED
        if program.eligible is not None:
            eligible = self.value(program.eligible, subject)
            return (
                Status.ELIGIBLE if eligible is True else Status.INELIGIBLE if eligible is False else Status.UNDETERMINED
            )
        if amounts:
            if any(a.low is not None and a.low > 0 for a in amounts.values()):
                return Status.ELIGIBLE
            return Status.INELIGIBLE if all(a.value == 0 for a in amounts.values()) else Status.UNDETERMINED
        open_ = any(isinstance(r.raw, dict | None) and r.raw is None for r in results.values())
        return Status.UNDETERMINED if open_ else Status.ELIGIBLE

    def _amount(self, said: _Said, subject: Subject) -> Amount:
        value: Any = Interval(0, None) if self.too_late else self.compiled.value(said.key, subject)
        if settled(value):
            amount = yuan(value, said.unit)
            return Amount(said.name, said.unit_words, said.kind, amount, amount, amount)
        low, high = (None if bound is None else yuan(bound, said.unit) for bound in bounds(value))
        return Amount(said.name, said.unit_words, said.kind, None, low, high)

    def _result(self, said: _Said, subject: Subject) -> Result:
        value = self.compiled.value(said.key, subject)
        shown = value_words(value, said.type, self.names, said.dimension)
        if isinstance(value, Subject | tuple | Crowd):
            # Whom it names has to be said while the run knows of them.
            shown = Words(shown.zh, shown.en)
        return Result(said.name, shown, json_value(value, said.type) if settled(value) else None)

    def _answers(self, program: Program, kind: str) -> _Answers:
        """What a program answers about subjects of a kind; found once for all cases."""
        kept = self.compiled.kept
        found = kept.get((_Answers, program.id, kind))
        if found is None:
            amounts = [_Said.of(self.names, name, key, kind, what) for name, key, what in program.every_amount()]
            results = [_Said.of(self.names, name, key, kind) for name, key in program.results]
            found = kept[_Answers, program.id, kind] = _Answers(amounts, results)
        assert isinstance(found, _Answers)
        return found

    def explain(self, program: Program, subject: Subject, outcome: Outcome) -> Node:
        """The explanation of one answer."""
        if self._builder is None:
            from minzheng_rules.trail.building.building import Builder

            self._builder = Builder(self)
        built: Node = self._builder.conclusion(program, subject, outcome)
        return built


class _Said(NamedTuple):
    """How one answer about subjects of a kind is said."""

    id: str
    """Its name within the program."""
    key: str
    """The rule that gives it."""
    kind: str
    """Of an amount, what it is: cash or something else."""
    name: Words
    type: Type
    unit: Unit | None
    unit_words: Words
    dimension: str

    @classmethod
    def of(cls, names: Names, id: str, key: str, about: str, kind: str = "") -> _Said:
        """What is said of a rule's answers about subjects of a kind."""
        declaration, type_, dimension = names.declarations[key][0], names.type_of(key), names.dimension(about)
        unit = type_.unit if isinstance(type_, Quantity) else None
        name = Words(declaration.term, declaration.id.replace("_", " "))
        shown = _NO_UNIT if unit is None else unit_words(unit, dimension)
        return cls(id, key, kind, name, type_, unit, shown, dimension)


class _Answers(NamedTuple):
    """What a program answers about subjects of a kind, beside who is eligible."""

    amounts: list[_Said]
    results: list[_Said]


def compiled_on(rulebook: Rulebook, day: dt.date) -> Compiled:
    """The rulebook's rules for the stretch of days a day lies in, compiled once."""
    segment = rulebook.segment(day)
    found = rulebook.compiled.get(segment)
    if found is None:
        found = rulebook.compiled[segment] = Compiled(rulebook.on(day), rulebook.names)
    assert isinstance(found, Compiled)
    return found


def intake_of(rulebook: Rulebook) -> Intake:
    """How the rulebook's cases are taken in, prepared once."""
    found = rulebook.compiled.get("intake")
    if found is None:
        found = rulebook.compiled["intake"] = Intake(rulebook.vocabulary)
    assert isinstance(found, Intake)
    return found
