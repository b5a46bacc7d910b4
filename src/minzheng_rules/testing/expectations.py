"""Comparing what was expected with what came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from minzheng_rules.evaluator.decision import Amount, Decision, Outcome, Result
from minzheng_rules.problems import Problem, Words, nearest
from minzheng_rules.rulebook.rulebook import Program, Rulebook
from minzheng_rules.testing.worked import ANSWERS, UNSAID, Expectation, WorkedCase


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that came out otherwise than expected."""

    what: Words
    """What was looked at: the status, an amount, what is missing …"""
    expected: Words
    got: Words

    def say(self, lang: str = "zh") -> str:
        """The mismatch in one line."""
        what, expected, got = (words.say(lang) for words in (self.what, self.expected, self.got))
        return f"{what}: expected {expected}, got {got}" if lang == "en" else f"{what}：应为 {expected}，得到 {got}"


@dataclass(frozen=True, slots=True)
class Failure:
    """An outcome that is not as expected, with all its mismatches."""

    outcome: Outcome
    mismatches: tuple[Mismatch, ...]


def outcome_of(expectation: Expectation, decision: Decision) -> Outcome | None:
    """The outcome an expectation speaks of, if the decision has it."""
    program, subject = expectation.program, expectation.subject
    found = [o for o in decision.outcomes if program in (o.program, o.program_words.zh)]
    if subject is not None:
        found = [o for o in found if subject in (o.subject, o.subject_words.zh, o.subject_words.en)]
    return found[0] if len(found) == 1 else None


def unmet(expectation: Expectation, outcome: Outcome) -> tuple[Mismatch, ...]:
    """Everything in which an outcome differs from what is expected of it."""
    return tuple(_unmet(expectation, outcome))


def unwarned(worked: WorkedCase, decision: Decision) -> Iterator[Mismatch]:
    """The difference between the checks that should notice something and those that did."""
    if worked.warns is None:
        return
    came = [note.what for note in decision.findings]
    unexpected = list(decision.findings)
    silent = []
    for wanted in worked.warns:
        heard = [n for n in decision.findings if n.code in (wanted, f"check.{wanted}") or wanted in n.what.zh]
        unexpected = [note for note in unexpected if note not in heard]
        silent += [] if heard else [wanted]
    if silent or unexpected:
        yield Mismatch(Words("提示", "warnings"), _listed(worked.warns), _listed_words(came))


def misdirected(worked: WorkedCase, decision: Decision, rulebook: Rulebook) -> Iterator[Problem]:
    """Expectations that speak of nothing: of no program, nobody, an amount or result the program does not have."""
    for expectation in worked.expectations:
        program = _program(expectation.program, rulebook)
        if program is None:
            known = [name for p in rulebook.programs for name in p.names]
            yield _nothing(worked, expectation, expectation.program, Words("项目", "program"), known)
            continue
        there = [o for o in decision.outcomes if o.program == program.id]
        if outcome_of(expectation, decision) is None:
            subjects = [o.subject for o in there]
            named = expectation.subject
            if named is None:
                what = Words(
                    f"“{program.term.zh}”逐人裁断，期望要写明是谁",
                    f"`{program.id}` is decided for each of them: say of whom this is expected",
                )
                step = Words("可写：" + "、".join(subjects), "possible: " + ", ".join(subjects))
                yield Problem("worked.subject", what, worked.place(expectation.keys, True), step)
            else:
                yield _nothing(worked, expectation, named, Words("对象", "subject"), subjects)
            continue
        yield from _unknown_answers(worked, expectation, program)


def _unknown_answers(worked: WorkedCase, expectation: Expectation, program: Program) -> Iterator[Problem]:
    amounts = [name for name, _, _ in program.every_amount()]
    results = [name for name, _ in program.results]
    bounded = expectation.low is not UNSAID or expectation.high is not UNSAID
    if ("" in expectation.amounts or bounded) and len(amounts) != 1:
        what = (
            Words(
                f"“{program.term.zh}”有几项金额，请用 amounts 写明",
                f"`{program.id}` has several amounts: use `amounts`",
            )
            if amounts
            else Words(f"“{program.term.zh}”没有金额", f"`{program.id}` pays no amount")
        )
        yield Problem("worked.amount", what, worked.place(expectation.keys, True))
    for name in expectation.amounts:
        if name and name not in amounts:
            yield _nothing(worked, expectation, name, Words("金额", "amount"), amounts)
    for name in expectation.results:
        if name not in results:
            yield _nothing(worked, expectation, name, Words("结果", "result"), results)


def _program(name: str, rulebook: Rulebook) -> Program | None:
    return next((p for p in rulebook.programs if name in p.names), None)


def _nothing(worked: WorkedCase, expectation: Expectation, name: str, kind: Words, known: Iterable[str]) -> Problem:
    possible = list(known)
    near = nearest(name, possible)
    what = Words(
        f"期望里写的“{name}”不是这里的{kind.zh}", f"`{name}`, of which something is expected, is no {kind.en} here"
    )
    step = (
        Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
        if near
        else Words("有的是：" + "、".join(possible), "there is: " + ", ".join(possible))
        if possible
        else None
    )
    return Problem("worked.nothing", what, worked.place(expectation.keys, True), step)


# -- one outcome -------------------------------------------------------------------------------------------------------


def _unmet(expectation: Expectation, outcome: Outcome) -> Iterator[Mismatch]:
    if expectation.status is not None and outcome.status.value != expectation.status:
        yield Mismatch(Words("结论", "status"), _answer(expectation.status), _answer(outcome.status.value))
    for name, amount in expectation.amounts.items():
        came = outcome.amount if not name else outcome.amounts[name]
        if came is None or came.value != amount:
            yield Mismatch(_named(Words("金额", "amount"), name), _bound(amount), _amount(came))
    for bound, said in (("low", expectation.low), ("high", expectation.high)):
        if said is UNSAID or outcome.amount is None:
            continue
        came_bound: Decimal | None = getattr(outcome.amount, bound)
        if came_bound != said:
            what = Words("金额下限", "least amount") if bound == "low" else Words("金额上限", "greatest amount")
            yield Mismatch(what, _bound(said), _bound(came_bound))
    for name, value in expectation.results.items():
        result = outcome.results[name]
        if not _is(value, result):
            yield Mismatch(_named(Words("结果", "result"), name), _same(value), _result(result))
    if expectation.payable_from is not UNSAID and outcome.payable_from != expectation.payable_from:
        yield Mismatch(Words("起发日", "from"), _day(expectation.payable_from), _day(outcome.payable_from))
    yield from _unmet_missing(expectation, outcome)
    if expectation.weakest is not None and outcome.weakest != expectation.weakest:
        yield Mismatch(Words("依据最弱处", "weakest"), _same(expectation.weakest), _same(outcome.weakest))


def _unmet_missing(expectation: Expectation, outcome: Outcome) -> Iterator[Mismatch]:
    if expectation.missing is None:
        return
    came = [m.words for m in outcome.missing]
    lacking = [term for term in expectation.missing if not any(_names(term, words) for words in came)]
    beyond = [words for words in came if not any(_names(term, words) for term in expectation.missing)]
    if lacking or (expectation.missing_exactly and beyond):
        yield Mismatch(Words("缺少的事项", "missing"), _listed(expectation.missing), _listed_words(came))


def _names(term: str, words: Words) -> bool:
    return term in (words.zh, words.en) or term.replace("_", " ") == words.en


def _is(value: str, result: Result) -> bool:
    if value in (result.value.zh, result.value.en) or value == str(result.raw):
        return True
    if isinstance(result.raw, bool):
        return value == str(result.raw).lower()
    try:
        return isinstance(result.raw, str) and Decimal(value) == Decimal(result.raw)
    except InvalidOperation:
        return False


# -- words -------------------------------------------------------------------------------------------------------------


def _answer(status: str) -> Words:
    return Words(ANSWERS[status], status)


def _amount(amount: Amount | None) -> Words:
    if amount is None:
        return Words("无", "none")
    if amount.value is not None:
        return Words(f"{amount.value} {amount.unit.zh}", f"{amount.value} {amount.unit.en}")
    low, high = _bound(amount.low), _bound(amount.high)
    return Words(f"待定（{low.zh} 至 {high.zh}）", f"undetermined ({low.en} to {high.en})")


def _bound(bound: object) -> Words:
    if bound is None:
        return Words("不限", "no bound")
    yuan = bound.quantize(Decimal("0.01")) if isinstance(bound, Decimal) else bound
    return _same(yuan if yuan == bound else bound)


def _day(day: object) -> Words:
    return Words("无", "none") if day is None else _same(day)


def _result(result: Result) -> Words:
    raw = "" if result.raw is None or str(result.raw) in (result.value.zh, result.value.en) else f" ({result.raw})"
    return Words(result.value.zh + raw, result.value.en + raw)


def _same(value: object) -> Words:
    return Words(str(value), str(value))


def _named(what: Words, name: str) -> Words:
    return what if not name else Words(f"{what.zh} {name}", f"{what.en} {name}")


def _listed(terms: Iterable[str]) -> Words:
    listed = list(terms)
    return Words("、".join(listed) or "无", ", ".join(listed) or "nothing")


def _listed_words(words: Iterable[Words]) -> Words:
    unique = dict.fromkeys((each.zh, each.en) for each in words)
    return Words("、".join(zh for zh, _ in unique) or "无", ", ".join(en for _, en in unique) or "nothing")
