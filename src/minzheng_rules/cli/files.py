"""Files the command reads and writes: case files and standard input, and outputs that are whole or not there at all."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from minzheng_rules.problems import CaseProblems, Place, Problem, ProblemsFound, Words, reason_of

if TYPE_CHECKING:
    from minzheng_rules.case.reading import Document

STDIN: Final = "-"
STDIN_NAME: Final = "<stdin>"


class OutputProblems(ProblemsFound):
    """An output cannot be written."""


def read_document(path: str) -> Document:
    """What a case file says; ``-`` is standard input. Raises :class:`CaseProblems`."""
    from minzheng_rules.case.reading import read_file

    return _read_stdin() if path == STDIN else read_file(path)


def _read_stdin() -> Document:
    from minzheng_rules.case.reading import MOST_BYTES, read_json, read_yaml

    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _unreadable(
            "file-too-large", Words("输入超过 2 MB：一次只读一户", "the input is larger than 2 MB: it holds one case")
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("not-utf-8", Words("输入不是 UTF-8 编码", "the input is not UTF-8")) from None
    # JSON with its tabs and escapes is read as JSON; a YAML mapping in braces has no quoted key, or no quote at all.
    looks_like_json = text.lstrip().startswith("{") and text.lstrip()[1:].lstrip()[:1] in ('"', "}")
    return read_json(text, STDIN_NAME) if looks_like_json else read_yaml(text, STDIN_NAME)


def _unreadable(code: str, what: Words) -> CaseProblems:
    return CaseProblems([Problem(code, what, Place(STDIN_NAME))])


# -- writing -----------------------------------------------------------------------------------------------------------


def emit(text: str, output: str | None) -> None:
    """Print a text, or write it to the file asked for; ``-`` is standard output too."""
    if output is None or output == STDIN:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        write_whole(Path(output), text if text.endswith("\n") else text + "\n")


def as_json(data: Any, to_file: bool = False) -> str:
    """JSON as the command writes it: indented, Chinese as Chinese unless the terminal cannot show it."""
    utf8 = to_file or (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    return json.dumps(data, ensure_ascii=not utf8, indent=2)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever finds half of it; what was there before stays until all is written.

    Raises :class:`OutputProblems` if it cannot be written.
    """
    try:
        with _replacing(path) as file:
            file.write(text)
    except OSError as error:
        reason = reason_of(error)
        raise OutputProblems(
            [
                Problem(
                    "output.unwritable",
                    Words(f"写不了这个文件：{reason.zh}", f"the file cannot be written: {reason.en}"),
                    Place(str(path)),
                    Words("请换一个地方写，或先把这里准备好", "write it elsewhere, or make the place ready first"),
                )
            ]
        ) from None


@contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    """A file beside the one asked for, which takes its place when it is complete."""
    # A link keeps pointing where it points; a device or pipe is written to as it is.
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8") as device:
            yield device
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
