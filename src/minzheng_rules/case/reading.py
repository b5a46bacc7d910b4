"""Reading case files: YAML with every scalar as text, and JSON with exact numbers, both with positions.

YAML 1.1 would turn ``no``, ``012``, ``1:30`` and ``1820.10`` into other things, so nothing is typed here: the case
model types every value. Files that could do harm or be misread are refused: anchors and aliases, tags, several
documents, duplicate keys, more than two megabytes, other encodings than UTF-8, deep nesting.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import yaml

from minzheng_rules.case.identity import mask_id_numbers
from minzheng_rules.problems import CaseProblems, Place, Problem, Words, reason_of

MOST_BYTES = 2_000_000
DEEPEST = 20
_LONGEST_QUOTED = 160
# What YAML takes for the end of a line.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The C parser is ten times as fast; a build of PyYAML without it still works.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Spot:
    """Where a value stands in a file, and where the keys and values within it stand (lines and columns from 0)."""

    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    within: dict[str | int, Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where it says it."""

    data: dict[str, Any]
    file: str
    lines: tuple[str, ...]
    find_spots: Callable[[], Spot | None]
    """Finds the positions; only asked when there is something to report."""

    def place(self, keys: tuple[str | int, ...], at_key: bool = False) -> Place:
        """The place of the value under these keys (of the last key itself with ``at_key``), as near as it is known."""
        spot = self.find_spots()
        if spot is None:
            return Place(file=self.file)
        line, column = spot.line, spot.column
        for number, key in enumerate(keys):
            if spot is None:
                break
            last = number == len(keys) - 1
            if isinstance(key, str) and key in spot.keys and (at_key or key not in spot.within) and last:
                line, column = spot.keys[key]
                break
            spot = spot.within.get(key)
            if spot is not None:
                line, column = spot.line, spot.column
        return _place(self.file, self.lines, line, column)


def read_file(path: str | Path) -> Document:
    """What a case file says; a name ending in ``.json`` is read as JSON, anything else as YAML.

    Raises :class:`~minzheng_rules.problems.CaseProblems` for a file that cannot be opened or must not be trusted.
    """
    path = Path(path)
    file = str(path)
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        reason = reason_of(error)
        words = Words(f"文件打不开：{reason.zh}", f"the file cannot be opened: {reason.en}")
        step = Words("请核对名称和所在的文件夹", "check its name and the folder it is in")
        _refuse("unreadable-file", words, Place(file), step)
    if len(content) > MOST_BYTES:
        _refuse(
            "file-too-large",
            Words("文件超过 2 MB：一份案件文件只写一户", "the file is larger than 2 MB: a case file holds one case"),
            Place(file),
            Words("成批的数据请用 minzheng simulate", "for many cases use `minzheng simulate`"),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        _refuse(
            "not-utf-8",
            Words(f"文件不是 UTF-8 编码（第 {line} 行起）", f"the file is not UTF-8 (from line {line} on)"),
            Place(file),
            Words("另存为 UTF-8 编码后再试", "save it as UTF-8 and try again"),
        )
    return read_json(text, file) if path.suffix.lower() == ".json" else read_yaml(text, file)


def read_yaml(text: str, file: str = "") -> Document:
    """What a YAML text says, every scalar as text; ``null``, ``~`` and nothing at all are ``None``.

    >>> read_yaml("wage: 1820.10\\nno: 012").data
    {'wage': '1820.10', 'no': '012'}
    """
    reader = _YamlReader(text, file)
    data, spot = reader.read()
    return Document(_a_mapping(data, file), file, reader.lines, lambda: spot)


def read_json(text: str, file: str = "") -> Document:
    """What a JSON text says, numbers exact.

    >>> read_json('{"wage": 1820.10}').data
    {'wage': Decimal('1820.10')}
    """
    lines = tuple(_LINE_END.split(text))
    try:
        data = json.loads(text, parse_float=_exact, parse_constant=str, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        place = _place(file, lines, error.lineno - 1, error.colno - 1)
        _refuse("not-json", Words("不是有效的 JSON", "not valid JSON"), place)
    except RecursionError:
        _refuse("too-deep", Words("嵌套过深", "nested too deeply"), Place(file))
    except ValueError:
        # Python refuses to convert a whole number of thousands of digits.
        _refuse("not-json", Words("含有过长的数字", "holds an endless number"), Place(file))
    _check_depth(data, file)
    repeated = next(_repeated(data), None)
    if repeated is not None:
        _positions(text, file)
        what = Words(f"“{repeated}”写了两次", f'"{repeated}" is written twice')
        _refuse("duplicate-key", what, Place(file), Words("只留一处", "keep one of them"))
    return Document(_a_mapping(_plain(data), file), file, lines, lambda: _positions_if_any(text, file))


def _place(file: str, lines: tuple[str, ...], line: int, column: int) -> Place:
    """A place from line and column counted from 0; a line too long to read is not quoted."""
    text = lines[line] if line < len(lines) and len(lines[line]) <= _LONGEST_QUOTED else ""
    return Place(file, line + 1, column + 1, mask_id_numbers(text))


def _refuse(code: str, what: Words, place: Place, next_step: Words | None = None) -> NoReturn:
    raise CaseProblems([Problem(code, what, place, next_step)]) from None


def _a_mapping(data: object, file: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        _refuse(
            "not-a-mapping",
            Words("案件应为一组键值，如“申报成员: …”", "a case is a mapping of facts to values, such as `members: …`"),
            Place(file),
            Words("minzheng template 给出样式", "`minzheng template` shows the form"),
        )
    return data


class _YamlReader:
    """One pass over the parser's events: data, positions, and every refusal at once where reading can go on."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = tuple(_LINE_END.split(text))
        self.problems: list[Problem] = []
        self.events: Iterator[Any] = yaml.parse(text, Loader=_Loader)

    def read(self) -> tuple[Any, Spot | None]:
        try:
            data, spot = self._documents()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = self._place(mark.line, mark.column) if mark is not None else Place(self.file)
            self._note(
                "not-yaml",
                Words("不是有效的 YAML：从这里起读不下去", "not valid YAML: it cannot be read from here on"),
                place,
                Words(
                    "检查缩进、括号和引号；冒号要用半角，后面空一格（关系: 本人）",
                    "check indentation, brackets and quotes; a colon is followed by a space (relation: applicant)",
                ),
            )
            data, spot = None, None
        except yaml.YAMLError:
            # A character YAML does not allow; the parser does not tell its line.
            line = next((n for n, text in enumerate(self.lines) if _NOT_ALLOWED.search(text)), 0)
            found = _NOT_ALLOWED.search(self.lines[line])
            place = Place(self.file, line + 1, found.start() + 1 if found else 1)
            self._note("not-yaml", Words("含有不可见的控制字符", "holds a control character"), place)
            data, spot = None, None
        if self.problems:
            raise CaseProblems(self.problems) from None
        return data, spot

    def _documents(self) -> tuple[Any, Spot | None]:
        data: Any = None
        spot: Spot | None = None
        count = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count > 1:
                    mark: Any = event.start_mark
                    self._note(
                        "several-documents",
                        Words("一个文件只写一份案件，这里又开始一份", "a file holds one case, and here another begins"),
                        self._place(mark.line, mark.column),
                    )
                    return None, None
                data, spot = self._node(next(self.events), 0)
        return data, spot

    def _node(self, event: Any, depth: int) -> tuple[Any, Spot]:
        mark = event.start_mark
        spot = Spot(mark.line, mark.column)
        if isinstance(event, yaml.AliasEvent):
            self._note(
                "alias",
                Words("案件文件不用别名（*）", "a case file uses no aliases (*)"),
                self._place(mark.line, mark.column),
                Words("把内容直接写在这里", "write the content here"),
            )
            return None, spot
        if event.anchor is not None:
            self._note(
                "alias",
                Words("案件文件不用锚点（&）", "a case file uses no anchors (&)"),
                self._place(mark.line, mark.column),
                Words("删去它", "remove it"),
            )
        if event.tag is not None:
            self._note(
                "tag",
                Words("案件文件不用类型标签（!）", "a case file uses no tags (!)"),
                self._place(mark.line, mark.column),
                Words("删去它；各项的类型由词汇表决定", "remove it; the vocabulary types every value"),
            )
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0]
            return (None if plain and event.value in ("", "~", "null") else event.value), spot
        if depth >= DEEPEST:
            raise CaseProblems(
                [
                    *self.problems,
                    Problem("too-deep", Words("嵌套过深", "nested too deeply"), self._place(mark.line, mark.column)),
                ]
            )
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(spot, depth), spot
        return self._mapping(spot, depth), spot

    def _sequence(self, spot: Spot, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item, within = self._node(event, depth + 1)
            spot.within[len(items)] = within
            items.append(item)
        return items

    def _mapping(self, spot: Spot, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            mark = event.start_mark
            place = (mark.line, mark.column)
            key, _ = self._node(event, depth + 1)
            value, within = self._node(next(self.events), depth + 1)
            if not isinstance(key, str):
                self._note("bad-key", Words("键应为文字", "a key must be text"), self._place(*place))
                continue
            if key in mapping:
                first = spot.keys[key][0] + 1
                said = mask_id_numbers(key)
                self._note(
                    "duplicate-key",
                    Words(
                        f"“{said}”写了两次，第一次在第 {first} 行", f'"{said}" is written twice, first on line {first}'
                    ),
                    self._place(*place),
                    Words("只留一处", "keep one of them"),
                )
                continue
            mapping[key] = value
            spot.keys[key] = place
            spot.within[key] = within
        return mapping

    def _note(self, code: str, what: Words, place: Place, next_step: Words | None = None) -> None:
        self.problems.append(Problem(code, what, place, next_step))

    def _place(self, line: int, column: int) -> Place:
        return _place(self.file, self.lines, line, column)


# --- JSON ---


class _Pairs(list[tuple[str, Any]]):
    """A JSON object before duplicate keys are looked for."""


def _exact(written: str) -> Decimal | str:
    """A number as it is written; one with an exponent stays text, which no quantity accepts."""
    return written if "e" in written.lower() else Decimal(written)


def _repeated(data: Any) -> Iterator[str]:
    if isinstance(data, _Pairs):
        seen: set[str] = set()
        for key, value in data:
            if key in seen:
                yield mask_id_numbers(key)
            seen.add(key)
            yield from _repeated(value)
    elif isinstance(data, list):
        for item in data:
            yield from _repeated(item)


def _plain(data: Any) -> Any:
    if isinstance(data, _Pairs):
        return {key: _plain(value) for key, value in data}
    return [_plain(item) for item in data] if isinstance(data, list) else data


def _check_depth(data: Any, file: str, depth: int = 0) -> None:
    if depth > DEEPEST:
        _refuse("too-deep", Words("嵌套过深", "nested too deeply"), Place(file))
    for item in (value for _, value in data) if isinstance(data, _Pairs) else data if isinstance(data, list) else ():
        _check_depth(item, file, depth + 1)


def _positions(text: str, file: str) -> Spot | None:
    """Where everything stands in a JSON text, which is YAML too; the json module does not tell."""
    return _YamlReader(text, file).read()[1]


def _positions_if_any(text: str, file: str) -> Spot | None:
    try:
        return _positions(text, file)
    except CaseProblems:
        return None
