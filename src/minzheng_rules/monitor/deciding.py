"""Deciding an affected household again: what the records change in its case, and what comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from minzheng_rules.case.case import Case
from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.evaluator.decision import Amount, Decision, Outcome, Status
from minzheng_rules.evaluator.possible import full_months
from minzheng_rules.monitor.book import MonitorBook
from minzheng_rules.monitor.declarations import FULL_MONTHS, Change, FieldRef
from minzheng_rules.monitor.records import DepartmentRecord
from minzheng_rules.monitor.values import plain
from minzheng_rules.problems import Place, Problem, ProblemsFound, Words

STATUS_WORDS: Final = {
    Status.ELIGIBLE: Words("符合", "eligible"),
    Status.INELIGIBLE: Words("不符合", "not eligible"),
    Status.UNDETERMINED: Words("待定", "undetermined"),
    Status.NOT_APPLICABLE: Words("不涉及", "not applicable"),
}


@dataclass(frozen=True)
class EntitlementChange:
    """How one program comes out before and after the records."""

    program: str
    words: Words
    subject: str
    subject_words: Words
    before: Status | None
    """``None`` where there was no such subject."""
    after: Status | None
    amounts: tuple[tuple[Words, Amount | None, Amount | None], ...]
    """Name, before and after of each amount that changes."""
    since: dt.date
    """The first day of the month from which the records change the answer. What is paid changes by decision, not by itself."""

    def differences(self) -> list[tuple[Words, Decimal | None]]:
        """By how much each amount changes, in yuan; ``None`` where one of the two is not settled."""
        found = []
        for name, before, after in self.amounts:
            one, other = _settled(before), _settled(after)
            found.append((name, None if one is None or other is None else other - one))
        return found

    def to_json(self) -> dict[str, Any]:
        """The change in plain types."""
        return {
            "program": self.program,
            "term": self.words.zh,
            "subject": self.subject,
            "before": self.before.value if self.before else None,
            "after": self.after.value if self.after else None,
            "since": self.since.isoformat(),
            "amounts": [
                {
                    "name": name.en,
                    "unit": (after or before).unit.en if (after or before) is not None else "",  # type: ignore[union-attr]
                    "before": _bounds(before),
                    "after": _bounds(after),
                    "difference": None if difference is None else format(difference, "f"),
                }
                for (name, before, after), (_, difference) in zip(self.amounts, self.differences(), strict=True)
            ],
        }


@dataclass(frozen=True)
class Redecided:
    """A household decided before and after its records."""

    household: str
    before: Decision | None
    after: Decision | None
    """``None`` where nobody is left, or the case has to be entered anew."""
    changes: tuple[EntitlementChange, ...]
    applied: tuple[DepartmentRecord, ...]
    """The records that changed the case."""
    problems: tuple[Problem, ...] = ()
    """Why a record could not be applied, or the case not be decided."""

    def to_json(self) -> dict[str, Any]:
        """The comparison in plain types, without the trails."""
        return {
            "format": "minzheng-redecided/1",
            "household": self.household,
            "applied": [f"{record.type}/{record.id}" for record in self.applied],
            "changes": [change.to_json() for change in self.changes],
            "before": self.before.to_json() if self.before else None,
            "after": self.after.to_json() if self.after else None,
            "problems": [problem.to_json() for problem in self.problems],
        }


class _NotApplied(Exception):
    def __init__(self, words: Words, step: Words | None = None) -> None:
        super().__init__(words.en)
        self.words, self.step = words, step


def redecide(
    household: str,
    case: Case,
    records: Sequence[DepartmentRecord],
    book: MonitorBook,
    as_of: dt.date,
    programs: Iterable[str] = (),
) -> Redecided:
    """Decide a household as its case stands, and with what the records say since; never raises for a valid case.

    Records about days up to the case's own date are taken to be in it already.
    """
    since = case.as_of or dt.date.min
    bearing = [
        r for r in records if book.types[r.type].changes and r.date > since.toordinal() and r.date <= as_of.toordinal()
    ]
    chosen = list(programs) or None
    problems: list[Problem] = []
    try:
        before = decide(case.on(as_of), book.rulebook, programs=chosen)
    except ProblemsFound as found:
        return Redecided(household, None, None, (), (), tuple(found.problems))
    changed = _Changing(case, book, as_of)
    applied = changed.apply(bearing, problems)
    if not applied:
        return Redecided(household, before, before, (), (), tuple(problems))
    after = changed.decided(chosen, problems)
    if after is None and not changed.nobody_left:
        return Redecided(household, before, None, (), tuple(applied), tuple(problems))
    months = sorted({_month_of(record.date) for record in applied})
    changes = tuple(_compared(before, after, lambda key: _first_month(key, case, applied, months, book, as_of, chosen)))
    return Redecided(household, before, after, changes, tuple(applied), tuple(problems))


@dataclass
class _Changing:
    """A case in plain form that records are applied to."""

    case: Case
    book: MonitorBook
    as_of: dt.date
    plain: dict[str, Any] = field(default_factory=dict)
    nobody_left: bool = False

    def __post_init__(self) -> None:
        self.plain = self.case.to_json()

    def apply(self, records: Iterable[DepartmentRecord], problems: list[Problem]) -> list[DepartmentRecord]:
        """Apply records in order; those that could be."""
        applied = []
        for record in sorted(records, key=lambda r: r.order):
            if self.nobody_left:
                break
            try:
                for change in self.book.types[record.type].changes:
                    self._change(record, change)
                applied.append(record)
            except _NotApplied as reason:
                place = Place(path=f"{record.type}/{record.id}")
                problems.append(Problem("monitor.not-applied", reason.words, place, reason.step, "warning"))
        return applied

    def decided(self, programs: list[str] | None, problems: list[Problem]) -> Decision | None:
        """The decision on the case as changed."""
        if self.nobody_left:
            return None
        try:
            rulebook = self.book.rulebook
            case = Case.from_json({**self.plain, "as_of": self.as_of.isoformat()}, rulebook.model)
            return decide(case, rulebook, programs=programs)
        except ProblemsFound as found:
            problems += found.problems
            return None

    def _change(self, record: DepartmentRecord, change: Change) -> None:
        if change.when is not None and record.fields.get(change.when[0]) != change.when[1]:
            return
        if change.action == "forget":
            findings = self.plain.get("findings", {})
            names = self.book.names_of_finding(change.fact)
            self.plain["findings"] = {name: value for name, value in findings.items() if name not in names}
            return
        if change.action == "leave":
            self._leave(self._member(record))
            return
        target = self.plain if change.of == "household" else self._member(record)
        if change.action == "set":
            value = self._value(record, change.values[0][1])
            if value is None:
                return
            if change.where_none and target.get(change.where_none) != []:
                target.pop(change.fact, None)
            else:
                target[change.fact] = value
        else:
            item = {name: value for name, part in change.values if (value := self._value(record, part)) is not None}
            before = target.get(change.fact)
            if change.action == "add" and before is None:
                # What else there is nobody said: the list stays unknown, one more does not make it known.
                return
            target[change.fact] = [*(before or []), item] if change.action == "add" else [item]
        _no_longer_none(target, change.fact)

    def _value(self, record: DepartmentRecord, part: object) -> object | None:
        if isinstance(part, FieldRef):
            value = record.fields.get(part.field)
            declared = self.book.types[record.type].field(part.field)
            return None if value is None or declared is None else plain(value, declared.type)
        if part == FULL_MONTHS[0]:
            return max(full_months(dt.date.fromordinal(record.date), self.as_of), 0)
        return part

    def _member(self, record: DepartmentRecord) -> dict[str, Any]:
        wanted = record.fields.get("person")
        for member in (*self.plain.get("members", ()), *self.plain.get("supporters", ())):
            if member.get("id") == wanted:
                found: dict[str, Any] = member
                return found
        raise _NotApplied(
            Words(f"个案里没有“{wanted}”这个人", f"nobody in the case is called `{wanted}`"),
            Words("个案里人员的编号应与记录一致", "the ids of persons in the case should be those of the records"),
        )

    def _leave(self, member: dict[str, Any]) -> None:
        members = self.plain.get("members", [])
        if member not in members:
            return
        if len(members) == 1:
            self.nobody_left = True
            return
        if member.get("relation") == "applicant":
            raise _NotApplied(
                Words(
                    "申请人死亡，其余成员与申请人的关系要重新填写",
                    "the applicant died; what the others are to the applicant has to be entered anew",
                ),
                Words(
                    "请由另一名成员作申请人，重新填写个案后裁断",
                    "enter the case again with another member as the applicant, and decide that",
                ),
            )
        members.remove(member)
        from minzheng_rules.case.household import Supporter

        kept = {name: value for name, value in member.items() if name in Supporter.model_fields}
        if "declared_none" in kept:
            kept["declared_none"] = [name for name in kept["declared_none"] if name in Supporter.model_fields]
        if self.plain.get("supporters") is not None or any(_refers(other, member.get("id")) for other in members):
            self.plain["supporters"] = [*(self.plain.get("supporters") or []), kept]


def _refers(other: Mapping[str, Any], id: object) -> bool:
    ties = [tie.get("person") for tie in other.get("obligors") or ()]
    return id is not None and id in (
        other.get("father"),
        other.get("mother"),
        other.get("guardian"),
        other.get("same_as"),
        *ties,
    )


def _no_longer_none(target: dict[str, Any], fact: str) -> None:
    """A fact that was declared none, and is not so any more."""
    if fact in target.get("declared_none", ()):
        target["declared_none"] = [name for name in target["declared_none"] if name != fact]


# -- comparing ---------------------------------------------------------------------------------------------------------

_Key = tuple[str, str]


def _compared(before: Decision, after: Decision | None, since: Any) -> Iterable[EntitlementChange]:
    one = {(o.program, o.subject): o for o in before.outcomes}
    other = {(o.program, o.subject): o for o in after.outcomes} if after is not None else {}
    for key in dict.fromkeys([*one, *other]):
        then, now = one.get(key), other.get(key)
        amounts = tuple(_amounts_changed(then, now))
        if (then.status if then else None) == (now.status if now else None) and not amounts:
            continue
        if all(each is None or each.status is Status.NOT_APPLICABLE for each in (then, now)):
            continue
        about = now or then
        assert about is not None
        yield EntitlementChange(
            program=about.program,
            words=about.program_words,
            subject=about.subject,
            subject_words=about.subject_words,
            before=then.status if then else None,
            after=now.status if now else None,
            amounts=amounts,
            since=since(key),
        )


def _amounts_changed(then: Outcome | None, now: Outcome | None) -> Iterable[tuple[Words, Amount | None, Amount | None]]:
    one, other = then.amounts if then else {}, now.amounts if now else {}
    for name in dict.fromkeys([*one, *other]):
        before, after = one.get(name), other.get(name)
        if _bounds(before) != _bounds(after):
            about = after or before
            assert about is not None
            yield about.name, before, after


def _first_month(
    key: _Key,
    case: Case,
    applied: Sequence[DepartmentRecord],
    months: Sequence[dt.date],
    book: MonitorBook,
    as_of: dt.date,
    programs: list[str] | None,
) -> dt.date:
    """The first month that comes out otherwise: month M is decided on its first day, with the facts of that day."""
    for month in months:
        if month >= as_of:
            return month
        changing = _Changing(case, book, month)
        changing.apply([r for r in applied if r.date <= month.toordinal()], [])
        try:
            before = decide(case.on(month), book.rulebook, programs=programs)
        except ProblemsFound:
            continue
        after = changing.decided(programs, [])
        then = {(o.program, o.subject): o for o in before.outcomes}.get(key)
        now = {(o.program, o.subject): o for o in after.outcomes}.get(key) if after is not None else None
        if (then.status if then else None) != (now.status if now else None) or list(_amounts_changed(then, now)):
            return month
    return _month_of(as_of.toordinal())


def _month_of(day: int) -> dt.date:
    """The first month decided with what happened on a day: that month if it is its first day, else the next."""
    date = dt.date.fromordinal(day)
    if date.day == 1:
        return date
    return dt.date(date.year + date.month // 12, date.month % 12 + 1, 1)


def _settled(amount: Amount | None) -> Decimal | None:
    """The amount in yuan; what is not there is nothing, what is open is not known."""
    return Decimal(0) if amount is None else amount.value


def _bounds(amount: Amount | None) -> list[str | None]:
    if amount is None:
        return ["0", "0"]
    low, high = (amount.value, amount.value) if amount.value is not None else (amount.low, amount.high)
    return [None if value is None else format(value.normalize(), "f") for value in (low, high)]
