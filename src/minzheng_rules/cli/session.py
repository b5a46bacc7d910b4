"""What every command knows of whoever called it: the language to answer in, and how the terminal is."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import click

LANGUAGES: Final = ("zh", "en")
LANGUAGE_VARIABLE: Final = "MINZHENG_LANG"


class ExitCode(IntEnum):
    """What the command's exit code says; documented in docs/how-to/command-line.md."""

    DONE = 0
    FINDING = 1
    """The command did its work and found something: a rulebook with mistakes, a failed case, a replay that differs."""
    USAGE = 2
    """The command line itself cannot be used."""
    UNUSABLE = 3
    """A file cannot be used: a case, rulebook or record with mistakes, or an output that cannot be written."""
    DEFECT = 70
    """Our own mistake."""
    INTERRUPTED = 130
    BROKEN_PIPE = 141


@dataclass(slots=True)
class Session:
    """One run of the command."""

    lang: str = "zh"
    chosen: bool = False
    """Whether somebody asked for the language; help is in both if nobody did."""
    debug: bool = False
    arguments: tuple[str, ...] = ()
    """What was typed after the command's name."""

    @classmethod
    def begin(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> Session:
        """A session in the language asked for anywhere on the command line, so that even a mistake there is told in it."""
        asked = ""
        for argument, following in zip(arguments, (*arguments[1:], ""), strict=False):
            if argument == "--":
                break
            if argument == "--lang":
                asked = following
            elif argument.startswith("--lang="):
                asked = argument.removeprefix("--lang=")
        for lang in (asked, environment.get(LANGUAGE_VARIABLE, "")):
            if lang in LANGUAGES:
                return cls(lang, True, arguments=tuple(arguments))
        return cls(arguments=tuple(arguments))

    def say(self, zh: str, en: str) -> str:
        """One of two texts, by the session's language."""
        return en if self.lang == "en" else zh

    @property
    def help_languages(self) -> tuple[str, ...]:
        """The languages help is printed in."""
        return (self.lang,) if self.chosen else LANGUAGES


def current() -> Session:
    """The session of the command that is running."""
    context = click.get_current_context(silent=True)
    found = context.find_object(Session) if context is not None else None
    return found if found is not None else Session()


def set_language(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Make a language the session's."""
    session = ctx.ensure_object(Session)
    if value is not None:
        session.lang, session.chosen = value, True


def colours(stream: object) -> bool:
    """Whether to use colours on a stream: only on a terminal, and never against ``NO_COLOR``."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(getattr(stream, "isatty", lambda: False)())


def terminal_width() -> int | None:
    """The width to print in: the terminal's, or none in particular when the output goes elsewhere."""
    if not getattr(sys.stdout, "isatty", lambda: False)():
        return None
    import shutil

    return max(shutil.get_terminal_size((100, 24)).columns, 40)
