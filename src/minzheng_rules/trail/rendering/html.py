"""A trail as HTML: a tree that opens and closes without a script, with the deciding branches open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote

from minzheng_rules.trail.entries import Account, Entry, Remark, accounts, clean, instruments
from minzheng_rules.trail.node import Node, NodeKind, State
from minzheng_rules.trail.rendering.style import PAGE_STYLE, STYLE
from minzheng_rules.trail.wording import MARKS, colon, phrase, state_word

# “art.” and its number stay on one line.
_NUMBERED = re.compile(r"\b(arts?\.|No\.) ")
# Written out, so that the page is well-formed XML as well.
_OPEN = ' open=""'
_LANGUAGES = {"zh": "zh-Hans", "en": "en"}


def render(roots: Sequence[Node], lang: str = "zh", full: bool = False, page: bool = True) -> str:
    """The trail as a page of its own, or as a fragment to put into one."""
    heading = f"<h1>{escape(phrase('everything' if full else 'reasons', lang))}</h1>\n" if page else ""
    body = heading + "".join(sections(roots, lang, full)) + "".join(cited_instruments(roots, lang, full)) + legend(lang)
    if not roots:
        body = f"<p>{escape(phrase('nothing', lang))}</p>"
    if not page:
        return fragment(body, lang)
    title = "；".join(dict.fromkeys(root.label.say(lang) for root in roots)) or phrase("reasons", lang)
    return whole_page(f"{clean(title)} · {phrase('everything' if full else 'reasons', lang)}", body, lang)


def whole_page(title: str, body: str, lang: str) -> str:
    """A page that needs nothing from elsewhere."""
    return (
        f'<!DOCTYPE html>\n<html lang="{_LANGUAGES[lang]}">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        '<meta name="color-scheme" content="light dark"/>\n'
        f"<title>{escape(title)}</title>\n<style>{PAGE_STYLE}{STYLE}</style>\n</head>\n"
        f'<body>\n<main class="mz">\n{body}</main>\n</body>\n</html>\n'
    )


def fragment(body: str, lang: str) -> str:
    """The same for a notebook or a page of your own, with the style inside."""
    return f'<div class="mz" lang="{_LANGUAGES[lang]}">\n<style>{STYLE}</style>\n{body}</div>\n'


def sections(roots: Sequence[Node], lang: str, full: bool) -> Iterator[str]:
    """One section for each conclusion."""
    for account in accounts(roots, lang, full):
        yield from _section(account, lang)


def anchor(id: str) -> str:
    """The name by which a node is linked to within the page.

    >>> anchor("household.income@h1 张")
    'n-household.income@h1_张'
    """
    return "n-" + re.sub(r"\s", "_", id)


def link(id: str) -> str:
    """The address of a node within the page.

    >>> link("dibao@h1 张")
    '#n-dibao%40h1_%E5%BC%A0'
    """
    return "#" + quote(anchor(id))


def pill(text: str, state: State) -> str:
    """An outcome that stands out."""
    return f'<span class="pill {state.value}">{MARKS[state]} {escape(text)}</span>'


def legend(lang: str) -> str:
    """What the marks mean, for who cannot tell by the colour."""
    states = (State.TRUE, State.FALSE, State.UNDETERMINED, State.UNTOUCHED)
    said = [f"{MARKS[state]} {escape(_state(state, lang))}" for state in states]
    return f'<p class="legend">{"　".join(said)}</p>\n'


def _state(state: State, lang: str) -> str:
    return state_word(NodeKind.CONDITION, state, lang)


def cited_instruments(roots: Sequence[Node], lang: str, full: bool) -> Iterator[str]:
    """The instruments cited, with number and dates."""
    cited = instruments(roots, lang, full)
    if not cited:
        return
    yield f'<section class="instruments">\n<h3>{escape(phrase("instruments", lang))}</h3>\n<ul class="cited">\n'
    for remark in cited:
        dates = f" <span>{escape(remark.text)}</span>" if remark.text else ""
        yield f"<li>{escape(remark.term)}{dates}</li>\n"
    yield "</ul>\n</section>\n"


def _section(account: Account, lang: str) -> Iterator[str]:
    root, *below = account.entries
    step = root.step
    whom = f'<span class="whom">{escape(root.subject)}</span>' if root.subject else ""
    badges = "".join(_badges(root))
    yield (
        f'<section class="account" id="{escape(anchor(step.node.id))}">\n<header><h2>{escape(root.label)} '
        f"{pill(root.outcome, step.node.state)} {whom}{badges}</h2></header>\n"
    )
    yield from _definitions("notices", [*account.notices, *root.remarks])
    if below:
        yield '<ul class="tree">\n'
        yield from _items(below, lang)
        yield "</ul>\n"
    yield "</section>\n"


def _items(entries: Sequence[Entry], lang: str) -> Iterator[str]:
    """The steps as nested lists; each ``<li>`` is closed when a step of its own depth or less follows."""
    open_steps: list[Entry] = []
    for entry in entries:
        while open_steps and open_steps[-1].step.depth >= entry.step.depth:
            yield _closing(open_steps.pop())
        yield from _opening(entry, lang)
        open_steps.append(entry)
    while open_steps:
        yield _closing(open_steps.pop())


def _opening(entry: Entry, lang: str) -> Iterator[str]:
    step = entry.step
    own = "" if step.refers else f' id="{escape(anchor(step.node.id))}"'
    idle = "" if step.decisive else ' class="idle"'
    state = entry.tone.value
    yield f"<li{own}{idle}>"
    if step.has_children:
        yield f'<details{_OPEN if step.decisive else ""}><summary class="{state}">{_headline(entry, lang)}</summary>\n'
    else:
        yield f'<div class="line {state}">{_headline(entry, lang)}</div>\n'
    yield from _definitions("remarks", entry.remarks)
    if step.has_children:
        yield "<ul>\n"


def _closing(entry: Entry) -> str:
    return "</ul>\n</details></li>\n" if entry.step.has_children else "</li>\n"


def _headline(entry: Entry, lang: str) -> str:
    step = entry.step
    label = f'<span class="label">{escape(entry.label)}</span>'
    if step.refers:
        href = escape(link(step.node.id))
        label = f'{escape(phrase(f"see_{step.refers}", lang))} <a href="{href}">{escape(entry.label)}</a>'
    outcome = ""
    if entry.outcome:
        outcome = f'{colon(lang)}<span class="outcome {entry.tone.value}">{escape(entry.outcome)}</span>'
    mark = f'<span class="mark" aria-hidden="true">{entry.mark}</span>'
    return f"{mark}{label}{outcome}{''.join(_badges(entry))}"


def _badges(entry: Entry) -> Iterator[str]:
    if entry.subject and entry.step.depth:
        yield f' <span class="badge subject">{escape(entry.subject)}</span>'
    for badge in entry.badges:
        yield f' <span class="badge {badge.tone}">{escape(badge.text)}</span>'
    if entry.step.tag:
        yield f' <span class="badge tag">#{entry.step.tag}</span>'


def _definitions(kind: str, remarks: Sequence[Remark]) -> Iterator[str]:
    if not remarks:
        return
    yield f'<dl class="{kind}">\n'
    for remark in remarks:
        text = _NUMBERED.sub("\\1\u00a0", escape(remark.text))
        yield f'<dt class="{remark.tone}">{escape(remark.term)}</dt><dd class="{remark.tone}">{text}</dd>\n'
    yield "</dl>\n"
