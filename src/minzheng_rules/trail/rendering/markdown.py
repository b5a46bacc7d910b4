"""A trail as Markdown: headings, nested lists, nothing a plain CommonMark reader does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from minzheng_rules.trail.entries import Account, Entry, Remark, accounts, instruments
from minzheng_rules.trail.node import Node
from minzheng_rules.trail.wording import bracketed, colon, phrase, semicolon

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&])")


def render(roots: Sequence[Node], lang: str = "zh", full: bool = False) -> str:
    """The trail as Markdown: a heading and a list for each conclusion, then the instruments cited."""
    blocks = ["\n".join(_account(account, lang)) for account in accounts(roots, lang, full)]
    if not blocks:
        return escape(phrase("nothing", lang)) + "\n"
    cited = [_instrument(remark, lang) for remark in instruments(roots, lang, full)]
    if cited:
        blocks.append("\n".join([f"### {phrase('instruments', lang)}", "", *cited]))
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    r"""Text in which nothing is taken for markup.

    >>> print(escape("a*b <script> [x]"))
    a\*b \<script\> \[x\]
    """
    return _SPECIAL.sub(r"\\\1", text)


def _account(account: Account, lang: str) -> Iterator[str]:
    root, *below = account.entries
    yield f"## {_headline(root, lang)}"
    notes = [*account.notices, *root.remarks]
    if notes:
        yield ""
        # A line of its own for each: a quotation joins lines that are not broken.
        yield "\\\n".join(f"> {_remark(remark, lang)}" for remark in notes)
    if below:
        yield ""
    for entry in below:
        yield _item(entry, lang)


def _item(entry: Entry, lang: str) -> str:
    indent = "  " * (entry.step.depth - 1)
    lines = [_headline(entry, lang), *(_remark(remark, lang) for remark in entry.remarks)]
    return f"{indent}- " + f"\\\n{indent}  ".join(lines)


def _headline(entry: Entry, lang: str) -> str:
    step = entry.step
    refers = f"*{phrase(f'see_{step.refers}', lang)}* " if step.refers else ""
    outcome = f"{colon(lang)}**{escape(entry.outcome)}**" if entry.outcome else ""
    notes = [bracketed(escape(text), lang) for text in (entry.subject, *(b.text for b in entry.badges)) if text]
    if lang == "en":
        # Brackets as such would begin a link.
        notes = [rf"\{note[:-1]}\]" for note in notes]
    tag = [rf"\#{step.tag}"] if step.tag else []
    # A space after the emphasis, or ** before 〔 would not end it in every reader.
    return " ".join([f"{entry.mark} {refers}{escape(entry.label)}{outcome}", *notes, *tag])


def _remark(remark: Remark, lang: str) -> str:
    text = f"**{escape(remark.text)}**" if remark.tone == "open" else escape(remark.text)
    return f"*{escape(remark.term)}*{colon(lang)}{text}"


def _instrument(remark: Remark, lang: str) -> str:
    return f"- {escape(remark.term)}" + (f"{semicolon(lang)}{escape(remark.text)}" if remark.text else "")
