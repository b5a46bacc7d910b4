"""Reading a rule or parameter file into a tree whose every part knows its line and column.

Scalars are kept as the text that stands in the file: YAML's own guesses (``no`` is false, ``012`` is ten, ``1:30`` is ninety)
never happen. What YAML turns into something the author did not mean is reported in words that explain it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from minzheng_rules.problems import Place, Problem, RulebookProblems, Words, nearest

_OPENING, _CLOSING = "([{", ")]}"
PROSE = ("note", "why", "source", "title", "title_en", "number", "issuer", "zh", "en", "overlay", "overlay_en")
"""Keys under which people write sentences, whose brackets are their own affair."""


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

    @property
    def block(self) -> bool:
        """Whether it is a ``|`` or ``>`` block, whose text begins on the following line."""
        return self.style in ("|", ">")

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


@dataclass
class Reader:
    """Reads files and collects what is wrong with them.

    >>> reader = Reader()
    >>> tree = reader.read_text("program: dibao", "a.yaml")
    >>> tree.entries["program"].value
    'dibao'
    """

    problems: list[Problem] = field(default_factory=list)

    def read(self, path: Path, name: str | None = None) -> Mapping | None:
        """Read one file; ``None`` if it cannot be read at all (the reason is in :attr:`problems`)."""
        shown = name or path.name
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.problems.append(
                Problem(
                    "file.not-utf-8",
                    Words(
                        f"文件不是 UTF-8 编码（第 {error.start + 1} 字节处）",
                        f"not UTF-8 text (byte {error.start + 1})",
                    ),
                    Place(file=shown),
                    Words("请在编辑器中“另存为”UTF-8", "save the file as UTF-8 in your editor"),
                )
            )
            return None
        except OSError as error:
            self.problems.append(
                Problem(
                    "file.unreadable",
                    Words(f"无法读取文件（{error.strerror}）", f"cannot read the file ({error.strerror})"),
                    Place(file=shown),
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
        except yaml.YAMLError as error:
            self.problems.append(
                Problem(
                    "file.not-yaml",
                    Words("文件中有 YAML 不允许的字符", "the file holds a character YAML does not allow"),
                    Place(file=name),
                    Words(
                        "请检查是否混入了二进制内容", f"look for stray control characters ({error.__class__.__name__})"
                    ),
                )
            )
            return None
        if node is None:
            self.problems.append(Problem("file.empty", Words("文件是空的", "the file is empty"), Place(file=name)))
            return None
        tree = self._convert(node, document, in_flow=False, seen=set())
        if not isinstance(tree, Mapping):
            self.problems.append(
                Problem(
                    "file.not-a-mapping",
                    Words("文件应以“键: 值”开头", "the file should consist of `key: value` lines"),
                    document.place(1, 1),
                )
            )
            return None
        return tree

    def _convert(self, node: yaml.Node, document: Document, in_flow: bool, seen: set[int], prose: bool = False) -> Tree:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if id(node) in seen:
            self.problems.append(
                Problem(
                    "yaml.alias",
                    Words("不支持 YAML 锚点与别名（& 和 *）", "YAML anchors and aliases (& and *) are not used here"),
                    document.place(line, column),
                    Words("请把内容写全", "write the content out"),
                )
            )
            return Text("", document, line, column)
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            text = Text(node.value, document, line, column, node.style)
            if node.style is None and (in_flow or not prose):
                self._balanced(text, in_flow)
            return text
        if isinstance(node, yaml.SequenceNode):
            flow = in_flow or bool(node.flow_style)
            items = tuple(self._convert(item, document, flow, seen) for item in node.value)
            return Listing(items, document, line, column)
        assert isinstance(node, yaml.MappingNode)
        entries: dict[str, Tree] = {}
        keys: dict[str, Text] = {}
        flow = in_flow or bool(node.flow_style)
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(
                    Problem(
                        "yaml.key",
                        Words("键应是一个词", "a key should be one word"),
                        document.place(key_node.start_mark.line + 1, key_node.start_mark.column + 1),
                        Words(
                            "表达式里含有括号时，请另起一行写成 `- …`",
                            "an expression with brackets needs a line of its own, begun with `- `",
                        ),
                    )
                )
                continue
            key_line, key_column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            key = Text(key_node.value, document, key_line, key_column, key_node.style)
            if (
                flow
                and _unbalanced(key.value) is not None
                and isinstance(value_node, yaml.ScalarNode)
                and not value_node.value
            ):
                continue  # the other half of a value that a comma ended: reported where it began
            if key.value in entries:
                first = keys[key.value]
                self.problems.append(
                    Problem(
                        "yaml.duplicate-key",
                        Words(
                            f"“{key.value}”写了两次，第一次在第 {first.line} 行",
                            f"`{key.value}` is written twice, first on line {first.line}",
                        ),
                        document.place(key_line, key_column),
                        Words("请删去一个，或改名", "remove one of them, or rename it"),
                    )
                )
                continue
            keys[key.value] = key
            entries[key.value] = self._convert(value_node, document, flow, seen, key.value in PROSE)
        return Mapping(entries, keys, document, line, column)

    def _balanced(self, text: Text, in_flow: bool) -> None:
        at = _unbalanced(text.value)
        if at is None:
            return
        if in_flow:
            what = Words(
                f"“{text.value}”里的括号没有合上：行内写法 {{…}} 中的逗号把值截断了",
                f"the brackets of `{text.value}` do not close: inside {{…}} a comma ends the value",
            )
            step = Words(
                "请把这条规则分行写，每个键一行；或给整个表达式加引号",
                "put this rule on lines of its own, one key a line, or put the expression in quotes",
            )
        elif text.value[at] in _OPENING:
            what = Words(
                f"“{text.value}”里的“{text.value[at]}”没有合上",
                f"the `{text.value[at]}` of `{text.value}` is not closed",
            )
            closing = _CLOSING[_OPENING.index(text.value[at])]
            step = Words(f"请补上“{closing}”", f"add the missing `{closing}`")
        else:
            what = Words(
                f"“{text.value}”里多了一个“{text.value[at]}”",
                f"`{text.value}` has a `{text.value[at]}` that closes nothing",
            )
            step = Words("请删去它，或补上与它成对的括号", "remove it, or add the bracket it should close")
        self.problems.append(Problem("yaml.brackets", what, text.place(at), step))


def _unbalanced(text: str) -> int | None:
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


def _explain_syntax(error: yaml.MarkedYAMLError, document: Document) -> Problem:
    """Say what a YAML syntax error most likely is, in the author's terms."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    text = document.lines[line - 1] if line <= len(document.lines) else ""
    said = f"{error.problem or ''} {error.context or ''}"
    stripped = text.strip()
    if "\t" in text[: max(column, 1)]:
        what = Words("行首用了制表符", "the line is indented with a tab")
        step = Words("YAML 只许用空格缩进", "indent with spaces")
    elif re.search(r"\[[^\]]*\[", text) and ("flow sequence" in said or "flow" in said):
        what = Words(
            "行内列表 […] 中的表达式含有方括号，YAML 读不出来",
            "an expression with square brackets stands inside a […] list, which YAML cannot read",
        )
        step = Words("请把每一项另起一行写成 `- 表达式`", "give each item a line of its own: `- expression`")
    elif re.match(r"^(-\s+|[^:]+:\s+)?[>|?@`%&*!]", stripped):
        sign = next(c for c in stripped if c in ">|?@`%&*!")
        what = Words(
            f"YAML 里以“{sign}”开头的值另有含义", f"in YAML a value that begins with `{sign}` means something else"
        )
        step = Words("请把它放进 `|` 文本表格，或加引号", "put it in a `|` text table, or in quotes")
    elif "mapping values are not allowed" in said:
        what = Words("这里多了一个“: ”", "there is a `: ` that should not be here")
        step = Words(
            "值里含有冒号加空格时请加引号；并检查上一行的缩进",
            "quote a value that holds `: `, and check the indentation of the line above",
        )
    elif "expected <block end>" in said or "block mapping" in said or "block collection" in said:
        what = Words("缩进与上文对不齐", "the indentation does not line up with what stands above")
        step = Words("同一层的键应从同一列开始", "keys of one level begin in the same column")
    elif "undefined alias" in said or "anchor" in said:
        what = Words("不支持 YAML 锚点与别名（& 和 *）", "YAML anchors and aliases (& and *) are not used here")
        step = Words("请把内容写全", "write the content out")
    else:
        what = Words("YAML 读到这里不成句", "YAML cannot make sense of the text here")
        step = Words("请检查这一行的引号、括号和缩进", "check the quotes, brackets and indentation of this line")
    return Problem("yaml.syntax", what, document.place(line, column), step)


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
