"""Reading a rule or parameter file into a tree whose every part knows its line and column.

Scalars are kept as the text that stands in the file: YAML's own guesses (``no`` is false, ``012`` is ten, ``1:30`` is ninety)
never happen. What YAML turns into something the author did not mean is reported in words that explain it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TypeGuard

import yaml

from minzheng_rules.problems import Place, Problem, RulebookProblems, Words, nearest, reason_of

_OPENING, _CLOSING = "([{", ")]}"
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters YAML has no place for."""


try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml: slower, and the same
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


class _UntypedLoader(_Loader):
    """A loader that does not guess what a scalar is: nobody asks, and the guessing takes most of the time."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:  # noqa: ARG002  # PyYAML's signature
        return "" if kind is yaml.ScalarNode else "tag:yaml.org,2002:map"


@dataclass(slots=True)
class Document:
    """One file being read, and the problems found in it so far."""

    name: str
    lines: list[str]
    problems: list[Problem]
    folder: Path = Path()
    """Where the file lies, for files it names."""

    def place(self, line: int, column: int) -> Place:
        """The place at ``line`` and ``column``, both from 1, with the text of the line."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Place(file=self.name, line=line, column=column, text=text)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A scalar, as written."""

    value: str
    document: Document
    line: int
    column: int
    style: str | None = None

    def place(self, offset: int = 0) -> Place:
        """The place of the character at ``offset`` of the text."""
        line, column = self.position(offset)
        return self.document.place(line, column)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at ``offset``."""
        if self.style == "|":
            before = self.value[:offset]
            line = self.line + 1 + before.count("\n")
            source = self.document.lines[line - 1] if line <= len(self.document.lines) else ""
            indent = len(source) - len(source.lstrip(" "))
            start = before.rfind("\n") + 1
            written = self.value[start:].split("\n", 1)[0]
            extra = len(written) - len(written.lstrip(" "))
            return line, indent - extra + (offset - start) + 1
        start = self.column - 1 + (1 if self.style in ("'", '"') else 0)
        lines = self.document.lines
        if self.style != ">" and self.line <= len(lines) and lines[self.line - 1].startswith(self.value, start):
            return self.line, start + 1 + offset
        return self._found(offset, (self.line, 0) if self.style == ">" else (self.line - 1, start))

    def _found(self, offset: int, start: tuple[int, int]) -> tuple[int, int]:
        """Where a character stands of a text that YAML joined from several lines, or took quotes and escapes from.

        The characters of the text stand in the file in the same order, with other spaces and line ends between them.
        """
        lines = self.document.lines
        row, column = start
        at = start
        for character in self.value[: offset + 1]:
            folded = not character.isspace()
            while row < len(lines):
                rest = lines[row][column:]
                if self._continues(rest):
                    folded = True
                elif (rest and not (folded and rest[0].isspace())) or not folded:
                    break
                row, column = (row, column + 1) if len(rest) > 1 else (row + 1, 0)
            if row >= len(lines):
                break
            at, here = (row, column), lines[row][column : column + 1]
            if not character.isspace() or here.isspace() or here == "\\":
                column += self._width(lines[row][column:])
        if offset >= len(self.value):
            at = (row, column)
        return at[0] + 1, at[1] + 1

    def _continues(self, rest: str) -> bool:
        """Whether a quoted text goes on in the next line."""
        return self.style == '"' and rest == "\\"

    def _width(self, rest: str) -> int:
        """How many characters of the file make the next one of the text."""
        if self.style == "'" and rest.startswith("''"):
            return 2
        if self.style == '"' and rest.startswith("\\"):
            return {"x": 4, "u": 6, "U": 10}.get(rest[1:2], 2)
        return 1


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list."""

    items: tuple[Tree, ...]
    document: Document
    line: int
    column: int

    def place(self) -> Place:
        """Where the list begins."""
        return self.document.place(self.line, self.column)


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A mapping; keys keep their places."""

    entries: dict[str, Tree]
    keys: dict[str, Text]
    document: Document
    line: int
    column: int

    def place(self) -> Place:
        """Where the mapping begins."""
        return self.document.place(self.line, self.column)

    def get(self, key: str) -> Tree | None:
        """What stands under ``key``, if anything."""
        return self.entries.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)


Tree = Text | Listing | Mapping


Shelf = dict[Path, tuple["Mapping | None", tuple[Problem, ...]]]
"""Files already read, with what was wrong in each."""


@dataclass
class Reader:
    """Reads files and collects what is wrong with them.

    >>> reader = Reader()
    >>> tree = reader.read_text("program: dibao", "a.yaml")
    >>> tree.entries["program"].value
    'dibao'
    """

    problems: list[Problem] = field(default_factory=list)
    shelf: Shelf | None = None
    """Where files are kept that several readers read; without one, every reader reads them anew."""

    def read(self, path: Path, name: str | None = None) -> Mapping | None:
        """Read one file; ``None`` if it cannot be read at all (the reason is in :attr:`problems`)."""
        if self.shelf is None:
            return self._read(path, name or path.name)
        kept = self.shelf.get(path)
        if kept is None:
            before = len(self.problems)
            tree = self._read(path, name or path.name)
            self.shelf[path] = tree, tuple(self.problems[before:])
            return tree
        self.problems.extend(kept[1])
        return kept[0]

    def _read(self, path: Path, shown: str) -> Mapping | None:
        try:
            content = path.read_bytes()
        except OSError as error:
            self.problems.append(_unreadable(error, shown))
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self.problems.append(
                Problem(
                    "file.not-utf-8",
                    Words(f"第 {line} 行不是 UTF-8 编码的文字", f"line {line} is not text in UTF-8"),
                    Place(file=shown),
                    Words(
                        "请在编辑器中用“另存为”选 UTF-8（常见的原因是 GBK）",
                        "save the file as UTF-8 in your editor (GBK is a common cause)",
                    ),
                )
            )
            return None
        return self.read_text(text, shown, path.parent)

    def read_text(self, text: str, name: str, folder: Path = Path()) -> Mapping | None:  # immutable
        """Read the text of one file."""
        document = Document(name, text.splitlines(), self.problems, folder)
        try:
            node = yaml.compose(text, Loader=_UntypedLoader)
        except yaml.MarkedYAMLError as error:
            self.problems.append(_explain_syntax(error, document))
            return None
        except yaml.YAMLError:
            self.problems.append(_explain_character(text, document))
            return None
        if node is None:
            self.problems.append(
                Problem(
                    "file.empty",
                    Words("文件里什么也没有", "there is nothing in the file"),
                    Place(file=name),
                    Words("请写上内容，或删去这个文件", "write its content, or delete the file"),
                )
            )
            return None
        tree = self._convert(node, document, in_flow=False, seen=set())
        if not isinstance(tree, Mapping):
            self.problems.append(
                Problem(
                    "file.not-a-mapping",
                    Words("文件应由“键: 值”的行组成", "the file should consist of `key: value` lines"),
                    tree.place(),
                    Words(
                        "规则文件以 program: 开头，参数文件每个参数以其 id 开头",
                        "a rule file begins with `program:`, a parameter file with the id of a parameter",
                    ),
                )
            )
            return None
        return tree

    def _convert(self, node: yaml.Node, document: Document, in_flow: bool, seen: set[int]) -> Tree:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if id(node) in seen:
            self.problems.append(Problem("yaml.alias", _ALIAS[0], document.place(line, column), _ALIAS[1]))
            return Text("", document, line, column)
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return Text(node.value, document, line, column, node.style or None)
        assert isinstance(node, yaml.SequenceNode | yaml.MappingNode)
        flow = in_flow or bool(node.flow_style)
        if isinstance(node, yaml.SequenceNode):
            return Listing(tuple(self._items(node, document, flow, seen)), document, line, column)
        return self._mapping(node, document, flow, seen)

    def _items(self, node: yaml.SequenceNode, document: Document, flow: bool, seen: set[int]) -> Iterator[Tree]:
        waiting = list(node.value)
        while waiting:
            item = waiting.pop(0)
            rest = list(takewhile(_is_plain, waiting)) if flow and _is_plain(item) else []
            pieces = self._cut_short(item, rest, document)
            del waiting[:pieces]
            yield (
                self._convert(item, document, flow, seen)
                if not pieces
                else self._whole(item, rest[pieces - 1], document)
            )

    def _mapping(self, node: yaml.MappingNode, document: Document, flow: bool, seen: set[int]) -> Mapping:
        entries: dict[str, Tree] = {}
        keys: dict[str, Text] = {}
        waiting = list(node.value)
        while waiting:
            key_node, value_node = waiting.pop(0)
            place = document.place(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(
                    Problem(
                        "yaml.key",
                        Words("“:”前面应是一个词", "before the `:` there should be one word"),
                        place,
                        Words(
                            "表达式里含有括号和冒号时，请给整个表达式加引号",
                            "put an expression that holds brackets and a colon in quotes",
                        ),
                    )
                )
                continue
            key = Text(key_node.value, document, place.line, place.column, key_node.style or None)
            if key.value in entries:
                self.problems.append(
                    Problem(
                        "yaml.duplicate-key",
                        Words(
                            f"“{key.value}”写了两次，第一次在第 {keys[key.value].line} 行",
                            f"`{key.value}` is written twice, first on line {keys[key.value].line}",
                        ),
                        place,
                        Words("请删去一个，或改名", "remove one of them, or rename it"),
                    )
                )
                continue
            keys[key.value] = key
            lone = [k for k, _ in takewhile(_is_lone_key, waiting)] if flow and _is_plain(value_node) else []
            pieces = self._cut_short(value_node, lone, document)
            del waiting[:pieces]
            entries[key.value] = (
                self._whole(value_node, lone[pieces - 1], document)
                if pieces
                else self._convert(value_node, document, flow, seen)
            )
        return Mapping(entries, keys, document, node.start_mark.line + 1, node.start_mark.column + 1)

    def _cut_short(self, value: yaml.Node, following: list[yaml.ScalarNode], document: Document) -> int:
        """How many of the pieces that follow belong to a value that commas cut to pieces; reported if there are any."""
        if not following or not isinstance(value, yaml.ScalarNode) or unbalanced(value.value) is None:
            return 0
        for count, last in enumerate(following, 1):
            whole = self._whole(value, last, document)
            if unbalanced(whole.value) is not None:
                continue
            comma = following[0].start_mark
            line = document.lines[comma.line]
            at = line.rfind(",", 0, comma.column)
            self.problems.append(
                Problem(
                    "yaml.brackets",
                    Words(
                        f"行内写法 {{…}}、[…] 里，这个逗号把“{whole.value}”截断了",
                        f"inside {{…}} or […] this comma cuts `{whole.value}` in two",
                    ),
                    document.place(comma.line + 1, at + 1),
                    Words(
                        "请分行写，每个键（每一项）一行；或给整个表达式加引号",
                        "write it on lines of its own, one key or item a line, or put the whole expression in quotes",
                    ),
                )
            )
            return count
        return 0

    def _whole(self, first: yaml.ScalarNode, last: yaml.ScalarNode, document: Document) -> Text:
        """The text from one scalar to another, as it stands in the file."""
        start, end = first.start_mark, last.end_mark
        lines = document.lines[start.line : end.line + 1]
        lines[-1] = lines[-1][: end.column]
        lines[0] = lines[0][start.column :]
        written = " ".join(line.strip() for line in lines)
        return Text(written, document, start.line + 1, start.column + 1)


def _is_plain(node: object) -> TypeGuard[yaml.ScalarNode]:
    return isinstance(node, yaml.ScalarNode) and not node.style


def _is_lone_key(entry: tuple[yaml.Node, yaml.Node]) -> bool:
    """Whether a key of ``{…}`` has no value: what a comma left over."""
    key, value = entry
    return _is_plain(key) and _is_plain(value) and not value.value


def unbalanced(text: str) -> int | None:
    """Where a bracket stands that is not closed, or closes nothing; ``None`` if all is well."""
    opened: list[int] = []
    for at, character in enumerate(text):
        if character in _OPENING:
            opened.append(at)
        elif character in _CLOSING:
            if not opened or _OPENING.index(text[opened[-1]]) != _CLOSING.index(character):
                return at
            opened.pop()
    return opened[-1] if opened else None


_ALIAS = (
    Words(
        "规则文件里不用 YAML 的锚点与别名（& 和 *）", "YAML's anchors and aliases (& and *) are not used in rule files"
    ),
    Words("请把内容写全", "write the content out"),
)


_WIDE_KEY = re.compile(r"\s*(?:-\s+)*(?P<key>[^\s:：#\"'\[\]{},]+)：(?!.*:\s)")


def _unreadable(error: OSError, shown: str) -> Problem:
    reason = reason_of(error)
    what = (
        Words("没有这个文件", "there is no such file")
        if isinstance(error, FileNotFoundError)
        else Words("这是一个文件夹，不是文件", "this is a folder, not a file")
        if isinstance(error, IsADirectoryError)
        else Words(f"读不了这个文件（{reason.zh}）", f"the file cannot be read ({reason.en})")
    )
    step = (
        Words("请核对文件名和所在的文件夹", "check its name and folder")
        if isinstance(error, FileNotFoundError | IsADirectoryError)
        else Words("请核对文件的权限", "check the file's permissions")
    )
    return Problem("file.unreadable", what, Place(file=shown), step)


def _explain_character(text: str, document: Document) -> Problem:
    """Say which character YAML cannot read."""
    found = _NOT_YAML.search(text)
    at = found.start() if found is not None else 0
    sign = text[at : at + 1]
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    code = f"U+{ord(sign):04X}"
    shown = document.place(line, column)
    return Problem(
        "file.not-yaml",
        Words(f"这里有一个看不见的控制字符（{code}）", f"there is an invisible control character here ({code})"),
        Place(shown.file, line, column, shown.text.replace(sign, " ")),
        Words("请删去它；可能是从别处粘贴时混入的", "delete it; it may have come along with pasted text"),
    )


def _explain_syntax(error: yaml.MarkedYAMLError, document: Document) -> Problem:
    """Say what a YAML syntax error most likely is, in the author's terms."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    text = document.lines[line - 1] if line <= len(document.lines) else ""
    said = f"{error.problem or ''} {error.context or ''}"
    begins = re.match(r"\s*(?:-\s+)*(?:[^\s:{\[]+:\s+)?(?:-\s+)*", text)
    value = text[begins.end() :] if begins is not None else text
    opened = error.context_mark
    flow = re.search(r"\[[^\]]*\[", text) is not None and "flow" in said
    wide = _wide_colon(document.lines, line)
    if wide is not None:
        line, column, key = wide
        what = Words(
            f"“{key}”后面是全角冒号“：”，YAML 不把它当作键",
            f"a full-width colon stands after `{key}`, and so YAML does not take it for a key",
        )
        step = Words(f"请写半角冒号加空格：`{key}: …`", f"write an ordinary colon and a space: `{key}: …`")
    elif "\t" in text[: max(column, 1)]:
        what = Words("这一行用制表符缩进", "the line is indented with a tab")
        step = Words("YAML 只许用空格缩进，请换成空格", "YAML is indented with spaces only: put spaces in its place")
    elif flow:
        what = Words(
            "行内列表 […] 里的表达式自己也有方括号，YAML 读不出来",
            "an expression with square brackets of its own stands inside a […] list, which YAML cannot read",
        )
        step = Words("请把每一项另起一行写成 `- 表达式`", "give each item a line of its own: `- expression`")
    elif "quoted scalar" in said and opened is not None:
        line, column = opened.line + 1, opened.column + 1
        what = Words("这里开始的引号没有合上", "the quote that opens here is not closed")
        step = Words("请补上另一半引号", "add the closing quote")
    elif re.match(r"(\"[^\"]*\"|'[^']*')\s*[^\s#]", value):
        column = text.index(value) + 1
        what = Words(
            "值以引号开头，到第二个引号就结束了", "the value begins with a quote, and so ends at the second one"
        )
        step = Words(
            "取值直接写名字，不用引号；整个表达式要加引号时用另一种引号括起来",
            "write the names of values without quotes; to quote the whole expression use the other kind of quote",
        )
    elif value[:1] in ("&", "*"):
        what, step = _ALIAS
    elif value[:1] == "?":
        what = Words("YAML 里“? ”另有含义", "in YAML `? ` means something else")
        step = Words(
            "“?”只写在文本表格的格子里；不知道的参数写 status: unknown",
            "`?` stands in the cells of text tables only; of a parameter that is not known write `status: unknown`",
        )
    elif value[:1] == ">" and "block scalar" in said:
        what = Words("这里的“>”前面没有写比较什么", "the `>` here has nothing on its left to compare")
        step = Words(
            "条件要有左边，例如 年龄 >= 退休年龄；只有文本表格的格子可以单写 >= 60",
            "a condition has a left side, as in `age >= retirement_age`; only a cell of a text table may be just `>= 60`",
        )
    elif value[:1] in ("@", "`", "%", "|", ">", "!"):
        what = Words(
            f"YAML 里以“{value[0]}”开头的值另有含义",
            f"in YAML a value that begins with `{value[0]}` means something else",
        )
        step = Words("请去掉它，或给整个值加引号", "remove it, or put the whole value in quotes")
    elif "mapping values are not allowed" in said:
        what = Words("这里的“: ”让 YAML 以为又开始了一个键", "the `: ` here makes YAML think that another key begins")
        step = Words(
            "值里有冒号加空格时，给整个值加引号；或改用全角冒号",
            "put a value that holds a colon and a space in quotes, or leave the space out",
        )
    elif "flow" in said and opened is not None:
        line, column = opened.line + 1, opened.column + 1
        what = Words("这里开始的括号没有合上", "the bracket that opens here is not closed")
        step = Words(
            "请补上“]”或“}”；区间写作 0..3，不用括号",
            "add the `]` or `}`; a range of numbers is written 0..3, without brackets",
        )
    elif "expected <block end>" in said or "block mapping" in said or "block collection" in said:
        what = Words("缩进与上文对不齐", "the indentation does not line up with what stands above")
        step = Words("同一层的键应从同一列开始", "keys of one level begin in the same column")
    else:
        what = Words("YAML 读到这里读不下去了", "YAML cannot make sense of the text here")
        step = Words("请检查这一行的引号、括号和缩进", "check the quotes, brackets and indentation of this line")
    return Problem("yaml.syntax", what, document.place(line, column), step)


def _wide_colon(lines: list[str], line: int) -> tuple[int, int, str] | None:
    """Where a key was written with a full-width colon, at a line that YAML cannot read or on the one above it."""
    for number in range(line, max(line - 3, 0), -1):
        text = lines[number - 1] if number <= len(lines) else ""
        found = _WIDE_KEY.match(text)
        if found is not None:
            return number, found.end("key") + 1, found["key"]
        if text.strip() and number < line:
            break
    return None


def known_keys(tree: Mapping, known: Iterable[str], what: Words, problems: list[Problem]) -> None:
    """Report keys of ``tree`` that mean nothing in ``what``."""
    allowed = list(known)
    for name, key in tree.keys.items():
        if name not in allowed:
            near = nearest(name, allowed)
            step = (
                Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
                if near
                else Words("可用的键：" + "、".join(allowed), "possible keys: " + ", ".join(allowed))
            )
            problems.append(
                Problem(
                    "file.unknown-key",
                    Words(f"{what.zh}中没有“{name}”这个键", f"{what.en} has no key `{name}`"),
                    key.place(),
                    step,
                )
            )


def raise_problems(problems: list[Problem]) -> None:
    """Raise everything found so far, if there is an error among it."""
    if any(problem.severity == "error" for problem in problems):
        raise RulebookProblems(sorted(problems, key=lambda p: (p.place.file, p.place.line, p.place.column)))
