"""Text on a terminal: how wide it is, where it may break, and its colours."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

DEFAULT_WIDTH: Final = 100
LEAST_TEXT: Final = 16
"""However deep the tree, so many columns are left to the words; the line then grows beyond the width asked for."""

_NOT_AT_START = frozenset("/，。、；：！？）〕】》〉」』”’％%,.;:!?)]}…")
_NOT_AT_END = frozenset("/（〔【《〈「『“‘([{")
_NARROW = r"[^\s\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]"
# “art.” stays with its number, a figure with its unit; words and figures are not broken at all.
_PIECE = re.compile(rf"\b(?:arts?|No|para)\. {_NARROW}+|[\d.,]+ (?=[元人月年日岁户倍分])|\s+|{_NARROW}+|.")
_WIDE = re.compile("[^\x00-\u02ff]")
# What nearly every text of a trail is made of: characters of two columns (Chinese, its punctuation, full-width forms),
# and characters of one (Latin, quotation marks, arrows, signs, tree lines). The rest is looked up one by one.
_TWO = "\u2e80-\u2e99\u3000-\u3029\u3030-\u303e\u3041-\u3096\u30a0-\u30ff\u3400-\u4dbf\u4e00-\ua48c\uff01-\uff60"
_TWO_COLUMNS = re.compile(f"[{_TWO}]")
_LOOKED_UP = re.compile(f"[^\x00-\u02ff\u2010-\u2027\u2032-\u203a\u2190-\u22ff\u2500-\u257f\u2713\u2717{_TWO}]")


class Span(NamedTuple):
    """A stretch of text in one style."""

    text: str
    style: str = ""


_CODES: Final[Mapping[str, str]] = {
    "true": "32",
    "false": "31",
    "undetermined": "33",
    "untouched": "2",
    "value": "",
    "strong": "1",
    "aside": "2",
    "kind": "2",
    "weak": "35",
    "open": "33",
    "plain": "",
    "rail": "2",
    "": "",
}


def display_width(text: str) -> int:
    """How many columns a terminal gives the text: a Chinese character takes two.

    >>> display_width("低保 A1"), display_width("e\\u0301")
    (7, 1)
    """
    if text.isascii():
        return len(text)
    width = len(text) + len(_TWO_COLUMNS.findall(text))
    return width + sum(_columns(character) - 1 for character in _LOOKED_UP.findall(text))


def pad(text: str, width: int) -> str:
    """The text with spaces after it, up to a width in columns.

    >>> pad("低保", 6) + "|"
    '低保  |'
    """
    return text + " " * max(0, width - display_width(text))


def wrap(spans: Sequence[Span], first: int, rest: int) -> Iterator[list[Span]]:
    """Break styled text into lines of at most ``first`` and then ``rest`` columns.

    Chinese may break between any two characters, but no line begins with a closing mark or ends with an opening one;
    words and figures stay whole unless they alone are wider than a line.

    >>> ["".join(span.text for span in line) for line in wrap([Span("家庭月收入低于标准，不予确认。")], 20, 20)]
    ['家庭月收入低于标准，', '不予确认。']
    """
    if _width(spans) <= first:
        yield list(spans)
        return
    line: list[Span] = []
    gap: list[Span] = []
    used, room = 0, first
    for piece in _pieces(spans):
        if piece[0].text.isspace():
            gap = piece if line else []
            continue
        width = _width(piece)
        if line and used + _width(gap) + width > room:
            yield line
            line, used, room = [], 0, rest
        elif line:
            line, used = line + gap, used + _width(gap)
        gap = []
        while not line and width > room:
            head, piece = _cut(piece, room)
            yield head
            room, width = rest, _width(piece)
        line, used = line + piece, used + width
    if line:
        yield line


def paint(spans: Sequence[Span], colour: bool) -> str:
    """One line, with ANSI colours if asked for.

    >>> paint([Span("符合", "true")], True), paint([Span("符合", "true")], False)
    ('\\x1b[32m符合\\x1b[0m', '符合')
    """
    if not colour:
        return "".join(span.text for span in spans)
    return "".join(_painted(text, style) for text, style in _merged(spans))


def wants_colour(colour: bool | None) -> bool:
    """What was asked for; else whether standard output is a terminal that shows colours (``NO_COLOR`` forbids)."""
    if colour is not None:
        return colour
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return _is_terminal()


def wanted_width(width: int | None) -> int:
    """What was asked for; else the terminal's width, or 100 columns when the output goes elsewhere."""
    if width is not None:
        return max(width, LEAST_TEXT)
    if not _is_terminal():
        return DEFAULT_WIDTH
    return max(shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns, 40)


def _is_terminal() -> bool:
    return bool(getattr(sys.stdout, "isatty", lambda: False)())


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The text in stretches between which a line may break."""
    piece: list[Span] = []
    for before, token in pairwise([Span(" "), *_tokens(spans)]):
        if piece and _may_break(before.text, token.text):
            yield piece
            piece = []
        piece.append(token)
    if piece:
        yield piece


def _tokens(spans: Sequence[Span]) -> Iterator[Span]:
    for text, style in spans:
        for found in _PIECE.finditer(text):
            yield Span(found[0], style)


def _may_break(before: str, after: str) -> bool:
    if before.isspace() or after.isspace():
        return True
    if before[-1] == " " or before[-1] in _NOT_AT_END or after[0] in _NOT_AT_START:
        return False
    # Two stretches of Latin text without a space between them are one word in two styles.
    return bool(_WIDE.match(before[-1]) or _WIDE.match(after[0]))


def _width(spans: Sequence[Span]) -> int:
    return sum(display_width(span.text) for span in spans)


def _cut(piece: Sequence[Span], room: int) -> tuple[list[Span], list[Span]]:
    """A piece too wide for a line, in two: what fits (at least one character), and the rest."""
    for index, (text, style) in enumerate(piece):
        for at, character in enumerate(text):
            room -= _columns(character)
            if room < 0 and (index or at):
                return [*piece[:index], Span(text[:at], style)], [Span(text[at:], style), *piece[index + 1 :]]
    return list(piece), []


def _merged(spans: Sequence[Span]) -> Iterator[Span]:
    """Neighbours of one style together, so that there are no more escape sequences than changes of colour."""
    text, style = "", ""
    for span in spans:
        if span.style != style and text:
            yield Span(text, style)
            text = ""
        text, style = text + span.text, span.style
    if text:
        yield Span(text, style)


def _painted(text: str, style: str) -> str:
    codes = ";".join(code for code in (_CODES.get(part, "") for part in style.split()) if code)
    return f"\x1b[{codes}m{text}\x1b[0m" if codes else text
