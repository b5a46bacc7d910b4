"""Loading a bad file: what is said about it, and which lines of the source said it.

Each file of ``bad_files/`` is put into a small rulebook that is otherwise good. Its first lines say where, as comments:

``# as: rules/realm/bad.yaml``
    where the file goes; it may take the place of one of the base's
``# with: table.csv: 'a,=\\n1,2'``
    another file, beside it
``# without: rules/rulebook.yaml``
    a file of the base that is left out
``# load: place=nowhere``
    how the rulebook is loaded: ``place``, ``kind``, ``overlay``, ``set`` (``name:value``); ``program`` is looked up, ``day`` is the day
"""

from __future__ import annotations

import ast
import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from minzheng_rules.case.entity import Entity
from minzheng_rules.problems import Place, Problem, ProblemsFound, Words
from minzheng_rules.rulebook.rulebook import Rulebook

FILES = Path(__file__).parent / "bad_files"
BASE = FILES / "base"
TOY = Path(__file__).parents[1] / "toy"


@dataclass
class Said:
    """What was said about one bad file."""

    problems: tuple[Problem, ...] = ()
    lines: set[tuple[str, int]] = field(default_factory=set)
    """File and line of everything of the library that was running when a problem was made."""

    def text(self) -> str:
        """The messages as they are kept beside the file: Chinese, then English."""
        return "".join(f"[{problem.code}]\n{problem.say('zh')}\n{problem.say('en')}\n\n" for problem in self.problems)


@cache
def said_of(path: Path) -> Said:
    """Load the small rulebook with a bad file in it."""
    orders = list(_orders(path))
    with tempfile.TemporaryDirectory() as made, _noting() as said:
        folder = Path(made)
        shutil.copytree(BASE, folder, dirs_exist_ok=True)
        for order, value in orders:
            if order == "as":
                target = folder / value
                target.parent.mkdir(parents=True, exist_ok=True)  # git keeps no empty folders
                shutil.copyfile(path, target)
            elif order == "with":
                name, _, content = value.partition(": ")
                beside = target.parent / name
                beside.parent.mkdir(parents=True, exist_ok=True)
                beside.write_text(ast.literal_eval(content), encoding="utf-8")
            elif order == "without":
                (folder / value).unlink()
        try:
            load(folder, [value for order, value in orders if order == "load"])
        except ProblemsFound as wrong:
            said.problems = wrong.problems
    return said


def _orders(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        order, _, value = line.removeprefix("# ").partition(": ")
        if line.startswith("# ") and order in ("as", "with", "without", "load"):
            yield order, value


def load(folder: Path, orders: list[str]) -> None:
    """Load the rulebook in a folder as a file's orders say."""
    place, kind, overlays, program, day = None, None, [], None, None
    named = (folder / "rules" / "rulebook.yaml").is_file()
    vocabulary: list[type[Entity]] | None = [toy_model()]
    for order in orders:
        what, _, value = order.partition("=")
        if what == "place":
            place = value
        elif what == "kind":
            kind = value
        elif what == "overlay":
            overlays.append(value)
        elif what == "set":
            name, _, figure = value.partition(":")
            overlays.append({name: figure})
        elif what == "program":
            program = value
        elif what == "day":
            day = dt.date.fromisoformat(value)
        elif what == "vocabulary":
            vocabulary = None
    assert named or not orders
    book = Rulebook.load(folder, place=place, overlays=overlays, vocabulary=vocabulary, kind=kind)
    if program is not None:
        book.program(program)
    if day is not None:
        book.on(day)


@cache
def toy_model() -> type[Entity]:
    """The models of the invented county."""
    return Rulebook.load(TOY).models[0]


@contextmanager
def _noting() -> Iterator[Said]:
    """Note, for each problem that is made, the lines of the library that made it."""
    said, made = Said(), Problem.__init__

    def noting(
        self: Problem,
        code: str,
        what: Words,
        place: Place = Place(),  # noqa: B008  # immutable
        next_step: Words | None = None,
        severity: str = "error",
    ) -> None:
        made(self, code, what, place, next_step, severity)
        frame = sys._getframe(1)
        for _ in range(5):
            said.lines.add((frame.f_code.co_filename, frame.f_lineno))
            if frame.f_back is None:
                break
            frame = frame.f_back

    Problem.__init__ = noting  # type: ignore[method-assign]
    try:
        yield said
    finally:
        Problem.__init__ = made  # type: ignore[method-assign]


# -- every place in the source where a message is made ---------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """One place of the source that makes a message."""

    code: str
    file: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.code} ({Path(self.file).name}:{self.first})"


def sites() -> list[Site]:
    """Every call of the language's and the rulebook's source that is given a problem's code, as it stands there.

    Reforms are no files of a rulebook: ``tests/rulebook/test_reforming.py`` has what is said of theirs.
    """
    source = Path(__file__).parents[2] / "src" / "minzheng_rules"
    found = []
    for path in [*sorted((source / "language").glob("*.py")), *sorted((source / "rulebook").glob("*.py"))]:
        if path.name == "reforming.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for argument in node.args:
                if isinstance(argument, ast.Constant) and _is_code(argument.value):
                    found.append(Site(str(argument.value), str(path), node.lineno, node.end_lineno or node.lineno))
    return found


def _is_code(value: object) -> bool:
    if not isinstance(value, str) or value.endswith((".yaml", ".csv", ".py")):
        return False
    area, dot, rest = value.partition(".")
    return bool(dot) and area.replace("-", "").isalpha() and rest.replace("-", "").replace("8", "").isalpha()


if __name__ == "__main__":
    for bad in sorted(FILES.glob("*.yaml")):
        bad.with_suffix(".txt").write_text(said_of(bad).text(), encoding="utf-8")
