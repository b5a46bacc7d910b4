"""A trail as a tree of lines, for a terminal or a plain file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from minzheng_rules.trail.entries import Account, Entry, Remark, accounts, instruments
from minzheng_rules.trail.node import Node
from minzheng_rules.trail.rendering.layout import (
    LEAST_TEXT,
    Span,
    display_width,
    paint,
    wanted_width,
    wants_colour,
    wrap,
)
from minzheng_rules.trail.wording import bracketed, colon, phrase


def render(
    roots: Sequence[Node],
    lang: str = "zh",
    full: bool = False,
    width: int | None = None,
    colour: bool | None = None,
) -> str:
    """The trail as text; ``width`` in columns, ``colour`` with ANSI codes (``None``: as the terminal has it)."""
    columns, painted = wanted_width(width), wants_colour(colour)
    blocks = ["\n".join(account_lines(account, lang, columns, painted)) for account in accounts(roots, lang, full)]
    if not blocks:
        return phrase("nothing", lang)
    if full:
        blocks.append("\n".join(_instrument_lines(roots, lang, columns, painted)))
    return "\n\n".join(block for block in blocks if block)


def account_lines(account: Account, lang: str, width: int, colour: bool) -> Iterator[str]:
    """One conclusion: its heading, what must be known of it, and the tree of its reasons."""
    root, *below = account.entries
    yield from _wrapped(headline(root, lang), "", "  ", width, colour)
    for remark in account.notices:
        yield from _wrapped(_remark(remark, lang, "! "), "  ", "    ", width, colour)
    yield from _remark_lines(root, lang, width, colour)
    for entry in below:
        own, after = _rails(entry)
        yield from _wrapped(headline(entry, lang), own, after, width, colour)
        yield from _remark_lines(entry, lang, width, colour)


def headline(entry: Entry, lang: str) -> list[Span]:
    """The line of a step: mark, label, outcome, and the remarks that belong beside them."""
    step = entry.step
    state = entry.tone.value
    weight = " aside" if not step.decisive else ""
    spans = [Span(f"{entry.mark} ", state)]
    if step.refers:
        spans.append(Span(phrase(f"see_{step.refers}", lang) + " ", "aside"))
    label = "strong" if step.depth == 0 else weight.strip()
    spans.append(Span(entry.label, label))
    if entry.outcome:
        spans += [Span(colon(lang), label), Span(entry.outcome, state + (" strong" if step.depth == 0 else ""))]
    # 〔 brings its own white space.
    gap = [Span(" ")] if lang == "en" else []
    notes = [(entry.subject, "")] if entry.subject else []
    notes += [(badge.text, badge.tone) for badge in entry.badges]
    for text, style in notes:
        spans += [*gap, Span(bracketed(text, lang), style)]
    if step.tag:
        spans.append(Span(f" #{step.tag}", "aside"))
    return spans


def _remark_lines(entry: Entry, lang: str, width: int, colour: bool) -> Iterator[str]:
    _, after = _rails(entry)
    rail = "│ " if entry.step.has_children else "  "
    for remark in entry.remarks:
        yield from _wrapped(_remark(remark, lang), after + rail, after + rail + "  ", width, colour)


def _remark(remark: Remark, lang: str, sign: str = "") -> list[Span]:
    style = {"aside": "aside", "weak": "weak", "open": "open"}.get(remark.tone, "")
    return [Span(f"{sign}{remark.term}{colon(lang)}", style if style else "aside"), Span(remark.text, style)]


def _rails(entry: Entry) -> tuple[str, str]:
    """The tree lines before a step's own line, and before the lines that continue it."""
    if not entry.step.rails:
        return "", ""
    *above, more = entry.step.rails
    stem = "".join("│  " if goes_on else "   " for goes_on in above)
    return stem + ("├─ " if more else "└─ "), stem + ("│  " if more else "   ")


def _wrapped(spans: Iterable[Span], own: str, after: str, width: int, colour: bool) -> Iterator[str]:
    """Lines with a hanging indent: ``own`` before the first, ``after`` before the others."""
    first = max(width - display_width(own), LEAST_TEXT)
    rest = max(width - display_width(after), LEAST_TEXT)
    before = own
    for line in wrap(list(spans), first, rest):
        yield paint([Span(before, "rail"), *line], colour)
        before = after


def _instrument_lines(roots: Sequence[Node], lang: str, width: int, colour: bool) -> Iterator[str]:
    cited = instruments(roots, lang, full=True)
    if not cited:
        return
    yield paint([Span(phrase("instruments", lang), "strong")], colour)
    for remark in cited:
        text = f"{remark.term}{'; ' if lang == 'en' else '；'}{remark.text}" if remark.text else remark.term
        yield from _wrapped([Span(text)], "  ", "    ", width, colour)
