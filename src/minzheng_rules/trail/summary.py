"""The overview of a decision: what came out for every program and person, before anybody asks why.

The overview reads a decision by the shape of it alone (the protocols below), so that a recorded one prints as a live one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Final, Protocol

from minzheng_rules.problems import Words
from minzheng_rules.trail import wording
from minzheng_rules.trail.entries import ILLUSTRATIVE, Remark, clean, illustrative_figures, to_bring
from minzheng_rules.trail.node import Node, NodeKind, State
from minzheng_rules.trail.outline import decisive_children
from minzheng_rules.trail.rendering import html
from minzheng_rules.trail.rendering.layout import Span, paint, wanted_width, wants_colour, wrap
from minzheng_rules.trail.wording import colon, listed, look_up, noted, phrase, semicolon, state_word


class StatusLike(Protocol):
    """How a program came out: an enumeration whose value is the id."""

    @property
    def value(self) -> str: ...


class AmountLike(Protocol):
    """An amount, or the bounds it lies between."""

    @property
    def name(self) -> Words: ...
    @property
    def unit(self) -> Words: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def low(self) -> Decimal | None: ...
    @property
    def high(self) -> Decimal | None: ...


class ResultLike(Protocol):
    """Another answer: a grade, a place."""

    @property
    def name(self) -> Words: ...
    @property
    def value(self) -> Words: ...


class MissingLike(Protocol):
    """One thing that keeps an answer open."""

    @property
    def kind(self) -> str: ...
    @property
    def words(self) -> Words: ...
    @property
    def subject(self) -> str: ...
    @property
    def who(self) -> tuple[str, ...]: ...
    @property
    def why(self) -> Words: ...
    def whom(self, lang: str) -> str: ...


class OutcomeLike(Protocol):
    """One program's answer about one subject."""

    @property
    def program_words(self) -> Words: ...
    @property
    def subject_words(self) -> Words: ...
    @property
    def status(self) -> StatusLike: ...
    @property
    def amounts(self) -> Mapping[str, AmountLike]: ...
    @property
    def results(self) -> Mapping[str, ResultLike]: ...
    @property
    def payable_from(self) -> dt.date | None: ...
    @property
    def missing(self) -> Sequence[MissingLike]: ...
    @property
    def weakest(self) -> str: ...
    @property
    def sets_conditions(self) -> bool: ...
    @property
    def trail(self) -> Node: ...


class FindingLike(Protocol):
    """Something the decision noticed."""

    @property
    def what(self) -> Words: ...
    @property
    def subject(self) -> str: ...


class ReformLike(Protocol):
    """A reform laid over the rules."""

    @property
    def title(self) -> Words: ...


class RulebookLike(Protocol):
    """Which rules decided."""

    @property
    def name(self) -> Words: ...
    @property
    def digest(self) -> str: ...
    @property
    def overlays(self) -> tuple[str, ...]: ...
    @property
    def reforms(self) -> Sequence[ReformLike]: ...


class DecisionLike(Protocol):
    """What the overview needs of a decision."""

    @property
    def as_of(self) -> dt.date: ...
    @property
    def place(self) -> str: ...
    @property
    def outcomes(self) -> Sequence[OutcomeLike]: ...
    @property
    def rulebook(self) -> RulebookLike: ...
    @property
    def case_title(self) -> str | None: ...
    @property
    def findings(self) -> Sequence[FindingLike]: ...


def summary_text(decision: DecisionLike, lang: str = "zh", width: int | None = None, colour: bool | None = None) -> str:
    """The overview as lines of text; ``width`` and ``colour`` as for :meth:`Trail.text`."""
    columns, painted = wanted_width(width), wants_colour(colour)
    blocks = [_heading_lines(decision, lang)]
    blocks += _answers_alike(decision.outcomes, lang)
    blocks.append(_idle_lines(decision.outcomes, lang))
    blocks.append([_remark_spans("!", _finding(finding, lang), lang) for finding in decision.findings])
    printed = ["\n".join(_printed(lines, columns, painted)) for lines in blocks if lines]
    return "\n\n".join(printed)


def summary_html(decision: DecisionLike, lang: str = "zh", full: bool = False, page: bool = False) -> str:
    """The overview with the reasons of every conclusion below it, as HTML that needs nothing from elsewhere.

    ``page`` makes a whole page of it; otherwise it is a fragment, as notebooks want it. ``full`` is as for
    :meth:`Trail.html`.
    """
    outcomes = in_order_of_interest(decision.outcomes)
    roots = [outcome.trail for outcome in outcomes]
    body = "".join(
        (
            *_header(decision, lang),
            *_table(outcomes, lang),
            *_missing_list(outcomes, lang),
            *_findings_list(decision.findings, lang),
            *html.sections(roots, lang, full),
            *html.cited_instruments(roots, lang, full),
            html.legend(lang),
        )
    )
    return html.whole_page(_title(decision, lang), body, lang) if page else html.fragment(body, lang)


def in_order_of_interest(outcomes: Iterable[OutcomeLike]) -> list[OutcomeLike]:
    """What is due first, then what is still open, then refusals, then what does not apply; within each as decided."""
    return sorted(outcomes, key=lambda outcome: _ORDER.get(outcome.status.value, len(_ORDER)))


_ORDER: Final = {"eligible": 0, "undetermined": 1, "ineligible": 2, "not_applicable": 3}


# -- words -----------------------------------------------------------------------------------------------------------


def amount_text(amount: AmountLike, lang: str) -> str:
    """An amount with its unit, or the bounds it lies between.

    >>> from types import SimpleNamespace
    >>> bounds = SimpleNamespace(unit=Words("元/月", "yuan/month"), kind="cash",
    ...                          value=None, low=Decimal(0), high=Decimal(86))
    >>> amount_text(bounds, "zh"), amount_text(bounds, "en")
    ('待定（0.00 至 86.00 元/月）', 'undetermined (0.00 to 86.00 yuan/month)')
    """
    unit = amount.unit.say(lang)
    if amount.value is not None:
        said = f"{_money(amount.value)} {unit}".rstrip()
    else:
        bounds = f"{_bounds(amount, lang)} {unit}".strip() if _bounds(amount, lang) else ""
        said = look_up(wording.STATUS_OF_DECISION, "undetermined", lang)
        said += (f" ({bounds})" if lang == "en" else f"（{bounds}）") if bounds else ""
    kind = amount_kind(amount, lang)
    return noted(said, kind, lang) if kind else said


def amount_kind(amount: AmountLike, lang: str) -> str:
    """What an amount that is not plain cash is: a ceiling is never a payment."""
    return "" if amount.kind in ("", "cash") else look_up(wording.AMOUNT_KINDS, amount.kind, lang)


def _money(value: Decimal) -> str:
    """At least two decimals, and no digit lost."""
    exponent = value.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{value:,.{places}f}"


def _bounds(amount: AmountLike, lang: str) -> str:
    low, high = amount.low, amount.high
    if low is not None and high is not None:
        return f"{_money(low)} {'to' if lang == 'en' else '至'} {_money(high)}"
    if low is not None:
        return f"at least {_money(low)}" if lang == "en" else f"不少于 {_money(low)}"
    if high is not None:
        return f"at most {_money(high)}" if lang == "en" else f"不超过 {_money(high)}"
    return ""


def _remarks(outcome: OutcomeLike, lang: str) -> Iterator[Remark]:
    """What is said of an outcome below its line."""
    if _pays(outcome):
        for amount in outcome.amounts.values():
            tone = "plain" if amount.value is not None else "open"
            yield Remark(clean(amount.name.say(lang)), amount_text(amount, lang), tone)
        for row in other_benefits(outcome.trail):
            yield Remark(phrase("reason", lang), clean(row.label.say(lang)))
        if outcome.payable_from is not None:
            yield Remark(phrase("payable_from", lang), outcome.payable_from.isoformat())
        for result in outcome.results.values():
            yield Remark(clean(result.name.say(lang)), clean(result.value.say(lang)))
    for reason in dict.fromkeys(_reason(refusal, lang) for refusal in refusals(outcome.trail)):
        yield Remark(phrase("reason", lang), reason)
    if _is_weak(outcome.weakest):
        yield Remark(phrase("weakest", lang), _standing(outcome.weakest, lang), "weak")
    for missing in outcome.missing:
        whom = "" if missing.subject == outcome.subject_words.zh else missing.whom(lang)
        yield Remark(phrase("missing", lang), _missing(missing, whom, lang), "open")


def other_benefits(root: Node) -> list[Node]:
    """The benefits that take something off an amount of a conclusion, or all of it.

    >>> from minzheng_rules.problems import Words
    >>> from minzheng_rules.trail.node import NodeKind, State
    >>> row = Node("a/stack/0", NodeKind.TABLE_ROW, Words("与“低保金”：不得重复享受", "s"), State.TRUE, Words("", ""))
    >>> amount = Node("a", NodeKind.AMOUNT, Words("补助金", "a"), State.VALUE, Words("0", "0"), children=[row])
    >>> root = Node("r", NodeKind.CONCLUSION, Words("补助", "r"), State.TRUE, Words("", ""), children=[amount])
    >>> [node.label.zh for node in other_benefits(root)]
    ['与“低保金”：不得重复享受']
    """
    rows = [
        row
        for part in root.children
        if part.kind is NodeKind.AMOUNT
        for row in part.children
        if row.kind is NodeKind.TABLE_ROW and row.state is State.TRUE
    ]
    # The row of a decision table says its cells; what another benefit does to an amount has none.
    return [row for row in rows if row.formula is None]


def refusals(root: Node, most: int = 3) -> list[Node]:
    """Why a conclusion is a refusal: the conditions that fail by themselves, not because another one does.

    >>> from minzheng_rules.problems import Words
    >>> from minzheng_rules.trail.node import NodeKind, State
    >>> line = Node("l", NodeKind.COMPARISON, Words("收入低于标准", "l"), State.FALSE, Words("", ""), decisive=True)
    >>> root = Node("r", NodeKind.CONCLUSION, Words("低保", "r"), State.FALSE, Words("", ""), decisive=True, children=[line])
    >>> [node.label.zh for node in refusals(root)]
    ['收入低于标准']
    """
    if root.state is not State.FALSE:
        return []
    found: dict[str, Node] = {}
    stack = [(root, root)]
    while stack and len(found) < most:
        node, named = stack.pop()
        failing = [
            child for child in decisive_children(node) if child.state is State.FALSE and child.kind is not NodeKind.FACT
        ]
        if node.kind is NodeKind.NOT:
            # What bars somebody is what holds.
            failing = [child for child in decisive_children(node) if child.state is State.TRUE]
            found.update((child.id, child) for child in failing[:most])
            continue
        if node.label.zh not in wording.LISTS_THAT_SAY_HOW:
            named = node
        if not failing and node is not root:
            # A list without a name says nothing; the condition it belongs to does.
            said = node if named is root else named
            found.setdefault(said.id, said)
        stack.extend((child, named) for child in reversed(failing))
    return list(found.values())


def _reason(node: Node, lang: str) -> str:
    """A failing condition in a line: what it is, with the numbers in, and by how much."""
    label = clean(node.label.say(lang))
    comparison = node.margin is not None or node.kind is NodeKind.COMPARISON
    filled = clean(node.filled.say(lang)) if node.filled is not None and comparison else ""
    margin = clean(node.margin.say(lang)) if node.margin is not None else ""
    if node.kind is NodeKind.COMPARISON and node.margin is None and node.children:
        # Of named values, what it is instead says more than “A = B” does.
        found = clean(node.children[0].value.say(lang))
        filled = f"it is {found}" if lang == "en" else f"实为“{found}”"
    state = state_word(node.kind, node.state, lang)
    said = f"{label}{colon(lang)}{state}"
    detail = semicolon(lang).join(part for part in (filled, margin) if part)
    return f"{said}{semicolon(lang)}{detail}" if detail else said


def _missing(missing: MissingLike, whom: str, lang: str) -> str:
    what = clean(missing.words.say(lang))
    if whom:
        what += f" ({clean(whom)})" if lang == "en" else f"（{clean(whom)}）"
    sentence = to_bring(missing.kind, what, tuple(missing.who), lang)
    why = clean(missing.why.say(lang))
    # Who can supply it says enough; only where nobody can, the reason must.
    return sentence if missing.who or not why else f"{sentence}{semicolon(lang)}{why}"


def _finding(finding: FindingLike, lang: str) -> Remark:
    subject = clean(finding.subject)
    return Remark(subject or phrase("findings", lang), clean(finding.what.say(lang)), "open")


def _standing(status: str, lang: str) -> str:
    if status == ILLUSTRATIVE:
        # What that means stands on top of the page already.
        return look_up(wording.STATUSES, status, lang)
    words = [look_up(table, status, lang) for table in (wording.STATUSES, wording.STATUS_MEANINGS)]
    return (", " if lang == "en" else "，").join(words)


def _is_weak(status: str) -> bool:
    return status not in ("", "verbatim", "derived")


def _pays(outcome: OutcomeLike) -> bool:
    return outcome.status.value in ("eligible", "undetermined")


def _idle(outcome: OutcomeLike) -> bool:
    """Whether it is told in one line with others: it does not apply, or the day has no rules for it."""
    return _inapplicable(outcome) or _unruled(outcome)


def _inapplicable(outcome: OutcomeLike) -> bool:
    return outcome.status.value == "not_applicable"


def _unruled(outcome: OutcomeLike) -> bool:
    """Whether nothing keeps it open but the day: no rule is in force, or the rulebook does not go so far."""
    undetermined = outcome.status.value == "undetermined" and bool(outcome.missing)
    return undetermined and all(missing.kind == "date" for missing in outcome.missing)


def _state(outcome: OutcomeLike) -> State:
    return wording.DECISION_STATES.get(outcome.status.value, State.UNDETERMINED)


def verdict(outcome: OutcomeLike, lang: str) -> str:
    """How an outcome came out, in a word."""
    status = outcome.status.value
    # A grade or a wage that is worked out for everybody is no right somebody has.
    word = "answered" if status == "eligible" and not outcome.sets_conditions else status
    return look_up(wording.STATUS_OF_DECISION, word, lang)


def _warning(decision: DecisionLike, lang: str) -> str:
    """A decision that rests on an invented figure says so before anything else."""
    named = [outcome.trail for outcome in decision.outcomes if not _idle(outcome)]
    if illustrative_figures(named) or any(outcome.weakest == ILLUSTRATIVE for outcome in decision.outcomes):
        return phrase("illustrative_decision", lang)
    return ""


def _about(decision: DecisionLike, lang: str) -> list[tuple[str, str]]:
    """The circumstances of the decision, as terms and texts."""
    rulebook = decision.rulebook
    said = [
        (phrase("as_of", lang), decision.as_of.isoformat()),
        (phrase("place_of_case", lang), clean(look_up(wording.LAYERS, decision.place, lang))),
        (phrase("rulebook", lang), clean(rulebook.name.say(lang))),
        (
            phrase("overlays", lang),
            clean(listed([look_up(wording.OVERLAYS, o, lang) for o in rulebook.overlays], lang)),
        ),
        (phrase("reforms", lang), clean(listed([reform.title.say(lang) for reform in rulebook.reforms], lang))),
        (phrase("digest", lang), rulebook.digest[:12]),
    ]
    return [(term, text) for term, text in said if text]


def _title(decision: DecisionLike, lang: str) -> str:
    return clean(decision.case_title) if decision.case_title else phrase("decision", lang)


# -- text ------------------------------------------------------------------------------------------------------------


class _Line(tuple[str, str, tuple[Span, ...]]):
    """A line with what stands before it and before its continuation."""

    __slots__ = ()


def _line(own: str, after: str, spans: Iterable[Span]) -> _Line:
    return _Line((own, after, tuple(spans)))


def _printed(lines: Sequence[_Line], width: int, colour: bool) -> Iterator[str]:
    for own, after, spans in lines:
        before = own
        for part in wrap(spans, max(width - len(own), 16), max(width - len(after), 16)):
            yield paint([Span(before), *part], colour).rstrip()
            before = after


def _heading_lines(decision: DecisionLike, lang: str) -> list[_Line]:
    gap = "  " if lang == "en" else "　"
    about = [f"{term} {text}" for term, text in _about(decision, lang)]
    lines = [_line("", "", [Span(_title(decision, lang), "strong")])]
    # The day and the place above, the rules they were decided by below.
    lines += [_line("", "", [Span(gap.join(part), "aside")]) for part in (about[:2], about[2:]) if part]
    warning = _warning(decision, lang)
    if warning:
        lines.append(_line("", "  ", [Span(f"! {warning}", "weak strong")]))
    return lines


def _answers_alike(outcomes: Iterable[OutcomeLike], lang: str) -> Iterator[list[_Line]]:
    """A block for each answer; people of whom a program says the same share one."""
    alike: dict[tuple[str, str, tuple[Remark, ...]], list[OutcomeLike]] = {}
    for outcome in in_order_of_interest(outcomes):
        if not _idle(outcome):
            said = (outcome.program_words.zh, outcome.status.value, tuple(_remarks(outcome, lang)))
            alike.setdefault(said, []).append(outcome)
    for (_, _, remarks), same in alike.items():
        yield list(_outcome_lines(same, remarks, lang))


def _outcome_lines(same: Sequence[OutcomeLike], remarks: Iterable[Remark], lang: str) -> Iterator[_Line]:
    outcome = same[0]
    state = _state(outcome)
    subjects = [clean(each.subject_words.say(lang)) for each in same]
    subject = listed([each for each in subjects if each], lang)
    spans = [
        Span(f"{wording.MARKS[state]} ", state.value),
        Span(f"{clean(outcome.program_words.say(lang))}{colon(lang)}", "strong"),
        Span(verdict(outcome, lang), f"{state.value} strong"),
    ]
    if subject:
        spans.append(Span(noted("", subject, lang)))
    yield _line("", "  ", spans)
    for remark in remarks:
        yield _remark_spans("", remark, lang, "    ")


def _idle_lines(outcomes: Sequence[OutcomeLike], lang: str) -> list[_Line]:
    return [_line("", "  ", [Span(text, "aside")]) for text in _idle_texts(outcomes, lang)]


def _idle_texts(outcomes: Sequence[OutcomeLike], lang: str) -> Iterator[str]:
    """Programs the day has no rules for, and those that do not apply at all, each sort in one line: there may be many.

    Whom they are about is said where it is not everybody.
    """
    every = Counter(outcome.program_words.zh for outcome in outcomes)
    lines: dict[str, dict[str, list[OutcomeLike]]] = {}
    for outcome in [*filter(_unruled, outcomes), *filter(_inapplicable, outcomes)]:
        word = look_up(wording.STATUS_OF_DECISION, outcome.status.value, lang)
        why = listed(list(dict.fromkeys(clean(missing.why.say(lang)) for missing in outcome.missing)), lang)
        head = f"{wording.MARKS[_state(outcome)]} {noted(word, why, lang) if why else word}"
        lines.setdefault(head, {}).setdefault(outcome.program_words.zh, []).append(outcome)
    for head, programs in lines.items():
        said = []
        for program, some in programs.items():
            called = clean(some[0].program_words.say(lang))
            whom = listed([clean(outcome.subject_words.say(lang)) for outcome in some], lang)
            said.append(called if len(some) == every[program] else noted(called, whom, lang))
        yield f"{head}{colon(lang)}{semicolon(lang).join(said)}"


def _remark_spans(sign: str, remark: Remark, lang: str, indent: str = "") -> _Line:
    style = remark.tone if remark.tone != "plain" else ""
    before = f"{sign} " if sign else ""
    spans = [Span(f"{before}{remark.term}{colon(lang)}", style or "aside"), Span(remark.text, style)]
    return _line(indent, indent + "  ", spans)


# -- HTML ------------------------------------------------------------------------------------------------------------


def _header(decision: DecisionLike, lang: str) -> Iterator[str]:
    yield f'<header class="decision">\n<h1>{escape(_title(decision, lang))}</h1>\n<dl class="facts">\n'
    for term, text in _about(decision, lang):
        value = f"<code>{escape(text)}</code>" if term == phrase("digest", lang) else escape(text)
        yield f"<div><dt>{escape(term)}</dt><dd>{value}</dd></div>\n"
    yield "</dl>\n"
    warning = _warning(decision, lang)
    if warning:
        yield f'<p class="banner">{escape(warning)}</p>\n'
    yield "</header>\n"


def _table(outcomes: Sequence[OutcomeLike], lang: str) -> Iterator[str]:
    heads = [_heading(key, lang) for key in ("program", "conclusion", "amount", "payable_from", "weakest")]
    yield f'<section aria-label="{escape(phrase("results", lang))}">\n<div class="scroll"><table>\n<thead><tr>'
    yield "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    yield "</tr></thead>\n<tbody>\n"
    yield from (_row(outcome, lang) for outcome in outcomes if not _idle(outcome))
    yield "</tbody>\n</table></div>\n"
    for idle in _idle_texts(outcomes, lang):
        yield f'<p class="idle-programs">{escape(idle)}</p>\n'
    yield "</section>\n"


def _heading(key: str, lang: str) -> str:
    text = phrase(key, lang)
    return text[:1].upper() + text[1:]


def _row(outcome: OutcomeLike, lang: str) -> str:
    link = escape(html.link(outcome.trail.id))
    subject = clean(outcome.subject_words.say(lang))
    whom = f'<span class="whom">{escape(subject)}</span>' if subject else ""
    begins = outcome.payable_from.isoformat() if outcome.payable_from is not None and _pays(outcome) else ""
    standing = escape(look_up(wording.STATUSES, outcome.weakest, lang))
    if _is_weak(outcome.weakest):
        standing = f'<span class="badge weak">{standing}</span>'
    return (
        f'<tr><th scope="row"><a href="{link}">{escape(clean(outcome.program_words.say(lang)))}</a>{whom}</th>'
        f"<td>{html.pill(verdict(outcome, lang), _state(outcome))}</td>"
        f"<td>{''.join(_cells(outcome, lang))}</td>"
        f"<td>{escape(begins)}</td><td>{standing}</td></tr>\n"
    )


def _cells(outcome: OutcomeLike, lang: str) -> Iterator[str]:
    """Amounts, and under them what else the program answers."""
    several = len(outcome.amounts) > 1
    for amount in outcome.amounts.values() if _pays(outcome) else ():
        name = f"{escape(clean(amount.name.say(lang)))}{colon(lang)}" if several else ""
        yield f"<div>{name}{escape(amount_text(amount, lang))}</div>"
    for row in other_benefits(outcome.trail) if _pays(outcome) else ():
        yield f'<span class="kind">{escape(clean(row.label.say(lang)))}</span>'
    for result in outcome.results.values() if _pays(outcome) else ():
        name, value = clean(result.name.say(lang)), clean(result.value.say(lang))
        yield f'<span class="kind">{escape(name)}{colon(lang)}{escape(value)}</span>'


def _missing_list(outcomes: Sequence[OutcomeLike], lang: str) -> Iterator[str]:
    """What is missing, each thing once, with the programs that wait for it."""
    waiting: dict[str, list[str]] = {}
    for outcome in outcomes:
        for missing in outcome.missing if not _unruled(outcome) else ():
            programs = waiting.setdefault(_missing(missing, missing.whom(lang), lang), [])
            programs.append(clean(outcome.program_words.say(lang)))
    if not waiting:
        return
    yield f'<section>\n<h3>{escape(_heading("missing", lang))}</h3>\n<ul class="list">\n'
    for text, programs in waiting.items():
        named = escape(listed(list(dict.fromkeys(programs)), lang))
        yield f'<li>{escape(text)}<span class="why">{noted("", named, lang)}</span></li>\n'
    yield "</ul>\n</section>\n"


def _findings_list(findings: Sequence[FindingLike], lang: str) -> Iterator[str]:
    if not findings:
        return
    yield f'<section>\n<h3>{escape(_heading("findings", lang))}</h3>\n<ul class="list">\n'
    for finding in findings:
        remark = _finding(finding, lang)
        yield f"<li>{escape(remark.term)}{colon(lang)}{escape(remark.text)}</li>\n"
    yield "</ul>\n</section>\n"
