"""What is said when something entered cannot be used: problems, in Chinese and English.

A problem names the place (a file position, or a path within a case), what is wrong with the value found there, what was
expected, and the next step. Problems are collected and reported together, never one at a time.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, cast


class Words(NamedTuple):
    """One text in the two languages of this library.

    >>> Words("待定", "undetermined").say("en")
    'undetermined'
    """

    zh: str
    en: str

    def say(self, lang: str) -> str:
        """The text in ``lang``: ``"zh"`` or ``"en"``."""
        return self.en if lang == "en" else self.zh


class Lazy(Words):
    """Words that are put together only when somebody reads them.

    A trail has far more texts than are ever shown; each is a function here, called with what is given and the language.

    >>> Lazy(lambda lang: f"said in {lang}").zh, Lazy(lambda number, lang: f"{number} in {lang}", 3).en
    ('said in zh', '3 in en')
    """

    # A tuple of the function and its arguments: making thousands of closures and dictionaries takes longer than deciding.
    __slots__ = ()

    def __new__(cls, make: Callable[..., str], *given: Any) -> Lazy:
        return tuple.__new__(cls, (make, given))

    @property
    def zh(self) -> str:
        return self.say("zh")

    @property
    def en(self) -> str:
        return self.say("en")

    def say(self, lang: str) -> str:
        make, given = cast("tuple[Callable[..., str], tuple[Any, ...]]", tuple(self))
        return make(*given, "en" if lang == "en" else "zh")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: a file with line and column (both from 1), a path within a case, or both."""

    file: str = ""
    line: int = 0
    column: int = 0
    text: str = ""
    """The source line, for the caret."""
    path: str = ""
    """The path within a case, such as ``members[0].wages[1].amount``."""

    def __str__(self) -> str:
        position = self.file + (f":{self.line}:{self.column}" if self.line else "")
        return " ".join(part for part in (position, self.path) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what to do next.

    ``code`` is stable and can be searched for in the documentation; ``severity`` is ``"error"``, ``"warning"``, or
    ``"note"`` for what is not wrong but good to know.
    """

    code: str
    what: Words
    place: Place = field(default_factory=Place)
    next_step: Words | None = None
    severity: str = "error"

    def say(self, lang: str = "zh") -> str:
        """The whole message: place, what is wrong, the line with a caret, the next step."""
        where = str(self.place)
        colon = ": " if lang == "en" else "："
        lines = [f"{where}{colon}{self.what.say(lang)}" if where else self.what.say(lang)]
        if self.place.text:
            lines.append("    " + self.place.text.rstrip())
            lines.append("    " + _caret_padding(self.place.text, self.place.column) + "^")
        if self.next_step is not None:
            lines.append(f"  → {self.next_step.say(lang)}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """A plain mapping for ``--json`` outputs."""
        place = self.place
        return {
            "code": self.code,
            "severity": self.severity,
            "file": place.file or None,
            "line": place.line or None,
            "column": place.column or None,
            "path": place.path or None,
            "message": {"zh": self.what.zh, "en": self.what.en},
            "next_step": None if self.next_step is None else {"zh": self.next_step.zh, "en": self.next_step.en},
        }


class MinzhengError(Exception):
    """The root of every error this library raises on purpose."""


class ProblemsFound(MinzhengError):
    """Something entered cannot be used; :attr:`problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.say("zh"))

    def say(self, lang: str = "zh") -> str:
        """All problems in one language, one after another."""
        return "\n".join(problem.say(lang) for problem in self.problems)


class CaseProblems(ProblemsFound):
    """A case cannot be read: see :attr:`problems`."""


class RulebookProblems(ProblemsFound):
    """A rulebook cannot be loaded: see :attr:`problems`."""


class RequestProblems(ProblemsFound):
    """A request makes no sense: an unknown place, program or overlay, a missing date."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word the author may have meant, if one is near.

    >>> nearest("wagge", ["wage", "assets"])
    'wage'
    """
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6 if len(word) > 3 else 0.5)
    return found[0] if found else None


_REASONS: Mapping[int, Words] = MappingProxyType(
    {
        errno.ENOENT: Words("没有这个文件或文件夹", "there is no such file or folder"),
        errno.EACCES: Words("没有权限", "permission is refused"),
        errno.EPERM: Words("没有权限", "permission is refused"),
        errno.EEXIST: Words("这个名称已经有一个文件", "there is a file of this name"),
        errno.EISDIR: Words("这是一个文件夹", "it is a folder"),
        errno.ENOTDIR: Words("路径中有一段不是文件夹", "a part of the path is no folder"),
        errno.ENOSPC: Words("磁盘已满", "the disk is full"),
        errno.EROFS: Words("磁盘只读", "the disk can only be read"),
        errno.ENAMETOOLONG: Words("名称过长", "the name is too long"),
        errno.EIO: Words("磁盘读写出错", "the disk failed"),
        errno.ELOOP: Words("链接绕成了一圈", "links lead round in a circle"),
    }
)


def reason_of(error: OSError) -> Words:
    """Why the system refused to read or write, in words.

    >>> reason_of(FileNotFoundError(errno.ENOENT, "No such file or directory")).zh
    '没有这个文件或文件夹'
    """
    said = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, Words(said, said))


def _caret_padding(text: str, column: int) -> str:
    """Spaces as wide as what stands before ``column``: Chinese characters take two cells on a terminal."""
    import unicodedata

    return "".join(
        "\t" if c == "\t" else "　" if unicodedata.east_asian_width(c) in "WF" else " " for c in text[: column - 1]
    )
