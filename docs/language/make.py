"""Keeps the pages about the rule language right: tables come from the readers, results from running the examples.

    python docs/language/make.py

The pages are written by hand, but for three kinds of place that this module fills:

``<!-- made: keys rule -->`` … ``<!-- end -->``
    a table made from what the code knows (see :data:`TABLES`)
``<!-- gives -->`` before a block of text
    what the examples above it come to, for the boat of the examples; what is wrong with them, if they cannot be loaded.
    ``<!-- gives: on=2024-06-01 place=fogshire only=m -->`` names another day, another place, some of the rules
``<!-- prints -->`` before a block of text
    what the commands in the block above it print; ``<!-- prints: 4 -->`` the first four lines, ``-4`` the last

A block of YAML is a file when its first line is a comment with its path, else a part of the example program. A test
makes all pages anew and compares.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from minzheng_rules.case.case import Case
from minzheng_rules.cli import main as command
from minzheng_rules.evaluator.deciding import Run
from minzheng_rules.evaluator.printing import subject_words, value_text
from minzheng_rules.language.resolving import FUNCTIONS
from minzheng_rules.language.rules import LEVELS, STATUSES, WORDINGS
from minzheng_rules.problems import Problem, ProblemsFound, Words
from minzheng_rules.rulebook.resolution import RELATIONS, ROUNDING
from minzheng_rules.rulebook.rulebook import Rulebook
from minzheng_rules.rulebook.schema import KEYS, WORDS
from minzheng_rules.trail.wording import LEVELS as LEVEL_WORDS
from minzheng_rules.trail.wording import STATUS_MEANINGS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOY = ROOT / "tests" / "toy"
HOW_TO = HERE.parent / "how-to"
PAGES = tuple(
    folder / f"{name}{suffix}"
    for folder, name in (
        (HERE, "reference"),
        (HERE, "messages"),
        (HERE, "tutorial"),
        (HOW_TO, "write-your-first-program"),
    )
    for suffix in (".md", ".zh.md")
)
DAY = dt.date(2025, 6, 1)
HEADER = "program: example\nterm: 例\nlayer: realm\nsubject: household\n"
EXAMPLE = "rules/realm/example.yaml"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# ((?:\w+/)*(?:rules|policies|cases)/\S+)\n")


# -- examples ----------------------------------------------------------------------------------------------------------


@dataclass
class Example:
    """Files added to the toy county, and what is asked of them."""

    files: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """The rules the example declares."""

    def add(self, block: str) -> None:
        """Take up a block: a file of its own, or a part of the example program."""
        named = _FILE.match(block)
        if named is not None:
            self.files[named[1]] = self.files.get(named[1], "") + block
        elif re.search(r"^program:", block, re.MULTILINE):
            self.files[EXAMPLE] = block
        else:
            self.files[EXAMPLE] = self.files.get(EXAMPLE, HEADER) + block
        self.names += re.findall(r"^  (\w+):", block, re.MULTILINE)


@cache
def outcome(files: tuple[tuple[str, str], ...], place: str | None) -> Rulebook | tuple[Problem, ...]:
    """The toy county with some files added: loaded, or what is wrong with it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "county"
        shutil.copytree(TOY, folder)
        for name, text in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        try:
            return Rulebook.load(folder, place=place, vocabulary=[model()])
        except ProblemsFound as wrong:
            return wrong.problems


@cache
def model() -> type:
    """The vocabulary of the toy county, without what its programs add."""
    return Rulebook.load(TOY).models[0]


@cache
def boat() -> str:
    """The boat whose people the examples are about."""
    return (HERE / "boat.yaml").read_text(encoding="utf-8")


def given(example: Example, options: dict[str, str], lang: str) -> str:
    """What the rules of an example come to, or what is said of its mistakes."""
    book = outcome(tuple(sorted(example.files.items())), options.get("place"))
    if isinstance(book, tuple):
        return "\n".join(problem.say(lang) for problem in book) + "\n"
    case = Case.read(HERE / "boat.yaml", model=book.model)
    run = Run(book, case.root, dt.date.fromisoformat(options.get("on", DAY.isoformat())))
    wanted = options["only"].split(",") if "only" in options else example.names
    lines: list[str] = []
    for subject in run.root.walk():
        for key, versions in book.definitions.items():
            declared = versions[0].declaration
            if declared.kind not in _kinds(book, subject.kind) or declared.id not in wanted or declared.link:
                continue
            value = run.compiled.value(key, subject)
            shown = value_text(value, book.names.type_of(key), book.names, lang, book.names.dimension(subject.kind))
            whose = "" if subject.parent is None else subject_words(subject, book.names).say(lang)
            term = declared.term if lang == "zh" else f"{declared.term} ({declared.id.replace('_', ' ')})"
            lines.append(f"{term}{f' [{whose}]' if whose else ''}: {shown}")
    assert lines, f"the example gives nothing: {example.names}"
    return "\n".join(lines) + "\n"


def _kinds(book: Rulebook, kind: str) -> list[str]:
    return [other for other in book.vocabulary.kinds if book.names.is_kind(kind, other)]


# -- tables ------------------------------------------------------------------------------------------------------------


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def keys(part: str, lang: str) -> str:
    """The keys of a part of a file, as its reader knows them."""
    header = ("键", "写什么") if lang == "zh" else ("key", "what it says")
    return _table(header, [(f"`{key}`", WORDS[part][key].say(lang)) for key in KEYS[part]])


def wordings(lang: str) -> str:
    """The words of the texts, by the operator they stand for."""
    by_operator: dict[str, list[str]] = {}
    for word, operators in WORDINGS.items():
        by_operator.setdefault(" ".join(f"`{op}`" for op in operators), []).append(word)
    header = ("运算符", "条文的用语") if lang == "zh" else ("operator", "words of the texts")
    return _table(header, [(operator, "、".join(words)) for operator, words in by_operator.items()])


def statuses(lang: str) -> str:
    """How a figure or a text is known, strongest first."""
    header = ("写法", "意思") if lang == "zh" else ("status", "meaning")
    return _table(header, [(f"`{status}`", STATUS_MEANINGS[status].say(lang)) for status in STATUSES])


def levels(lang: str) -> str:
    """The levels of government."""
    header = ("写法", "哪一级") if lang == "zh" else ("level", "who")
    return _table(header, [(f"`{level}`", LEVEL_WORDS[level].say(lang)) for level in LEVELS])


def roundings(lang: str) -> str:
    """The ways of rounding."""
    header = ("值", "id") if lang == "zh" else ("value", "id")
    return _table(header, [(term, f"`{id}`") for id, term in ROUNDING.values])


def relations(lang: str) -> str:
    """What a cell of a stacking table may say."""
    effect = {
        "may_stack": Words("两项都给", "both are paid"),
        "excluded": Words("有了另一项，这一项为零", "with the other, this one is zero"),
        "higher": Words("只给较高的一项", "only the higher is paid"),
        "top_up": Words("只给差额", "only the difference is paid"),
        "unknown": Words("条文没有说：有另一项时待定", "the text is silent: with the other, undetermined"),
    }
    chinese = {id: written for written, id in RELATIONS.items() if written != id}
    header = ("写法", "意思") if lang == "zh" else ("cell", "meaning")
    return _table(header, [(f"{chinese[id]}、`{id}`", effect[id].say(lang)) for id in effect])


FORMS: tuple[tuple[str, Words], ...] = (
    ("年泊位费", Words("事实、规则或参数的名称；中英文都可以", "a fact, rule or parameter by either name")),
    ("0", Words("数字只能写 0 和 1；法定数字是参数", "only 0 and 1 stand as numbers; a legal figure is a parameter")),
    ("基准日", Words("裁断的日期，英文写 as_of", "the date decided on, also `as_of`")),
    ("减半比例 * 年泊位费 + 年泊位费 - 0", Words("四则运算，单位要相合", "arithmetic; units must fit")),
    ("年泊位费 / count(船员名单)", Words("除法；按精确的分数算，不取整", "division, exact and never rounded")),
    ("0 <= 年泊位费 <= 年泊位费", Words("比较，可以连写", "comparisons, which may be chained")),
    ("泊在本港 and not (年泊位费 == 0 or 年泊位费 != 0)", Words("并且、或者、非", "and, or, not")),
    (
        "count(m for m in 船员名单 if m.身份 in [配偶, 子女])",
        Words("取值之一；不是写 not in；count 数有几个", "one of several values, or `not in`; count says how many"),
    ),
    ("count(船员名单)", Words("一个集合有几个", "how many there are")),
    (
        "count(泊在本港, any(m.守灯 for m in 船员名单), all(m.守灯 for m in 船员名单))",
        Words("几个条件中成立几个；any 有一个，all 每一个", "how many of some conditions hold; any, all"),
    ),
    (
        "sum(sum(e.月金额 for e in m.收入) for m in 船员名单)",
        Words("求和；一条规则里至多两层", "a sum; two loops at most in a rule"),
    ),
    ("sum(b.钟声.响亮 for b in 雾钟名单)", Words("某件物的某一项，用点", "a part of a thing, by dots")),
    ("sum(sum(b.钟声) for b in 雾钟名单)", Words("一件物的各项（单位须相同）", "all quantities of one thing")),
    ("min(年泊位费, 年泊位费, 0)", Words("取小；max 取大", "the least")),
    ("max(年泊位费, 0)", Words("取大", "the greatest")),
    (
        "count(m for m in 船员名单 if full_years(m.出生日期, 基准日) < 成年年龄)",
        Words("两个日期之间的整年", "completed years between two dates"),
    ),
    (
        "count(m for m in 船员名单 if full_months(m.出生日期, 基准日) > 0)",
        Words("两个日期之间的整月", "completed months between two dates"),
    ),
    ("per_month(年泊位费)", Words("按年的数化为按月", "a yearly quantity by the month")),
    ("per_year(per_month(年泊位费))", Words("按月的数化为按年", "a monthly quantity by the year")),
    (
        "first_of_month(基准日 + 起发间隔)",
        Words("日期加减期间；当月一日", "a date moved by a duration; first of the month"),
    ),
    ("count(e for e in 口径表 if e.补助 > 0)", Words("表的各行可以当集合数", "the rows of a table, as a collection")),
    ("灯油标准[大灯]", Words("按项取值的参数", "a parameter that varies")),
    ("收入口径[歌会奖金, 雾季补助] == 减半", Words("按两项取值", "one that varies by two")),
)
"""Every form an expression can take, as it is tried on the boat of the examples, and what it is for."""
_FORMS_NEED = """\
catch_table:
  term: 口径表
  source: FOG#7
  columns: {补助: yuan/month/person}
  values:
    2020-01-01: |
      | 航海等级 | = 补助 |
      | 一等    | 8     |
      | 二等, 三等 | 0  |
"""


def expressions(lang: str) -> str:
    """Every form an expression can take, with what it comes to on the boat of the examples."""
    rows = []
    for number, (written, words) in enumerate(FORMS):
        said = _tried(written, number, lang)
        rows.append((f"`{written}`", words.say(lang), said))
    for function in FUNCTIONS:
        assert any(f"{function}(" in written for written, _ in FORMS), function
    header = ("写法", "说明", "例中得") if lang == "zh" else ("written", "what it is", "for the boat")
    return _table(header, rows)


def _tried(written: str, number: int, lang: str) -> str:
    for way in ("when: ", "unit: yuan/year\n    value: ", "unit: yuan/month\n    value: ", *_OTHER_TYPES):
        example = Example({"policies/realm/tried.yaml": _FORMS_NEED})
        lead, _, key = way.rpartition("\n    ")
        body = f"    {lead}\n    {key}{written}\n" if lead else f"    {key}{written}\n"
        example.add(f"household:\n  tried_{number}:\n    term: 试一试\n    cite: FOG#1\n{body}")
        if isinstance(outcome(tuple(sorted(example.files.items())), None), Rulebook):
            return given(example, {}, lang).partition(": ")[2].strip()
    raise AssertionError(written)


_OTHER_TYPES = (
    "unit: person\n    value: ",
    "unit: '1'\n    value: ",
    "unit: yuan/year/person\n    value: ",
    "type: date\n    value: ",
    "unit: point\n    value: ",
    "unit: yuan/month/person\n    value: ",
)


def messages(lang: str) -> str:
    """One example of every message, as the tests provoke it."""
    said: dict[str, str] = {}
    tests = ROOT / "tests"
    files = [*sorted((tests / "language" / "bad_files").glob("*.txt")), tests / "rulebook" / "checks" / "messages.txt"]
    for path in files:
        for code, chinese, english in _said_in(path.read_text(encoding="utf-8")):
            said.setdefault(code, chinese if lang == "zh" else english)
    return "\n".join(f"### `{code}`\n\n```text\n{text}\n```\n" for code, text in sorted(said.items()))


def _said_in(text: str) -> Iterator[tuple[str, str, str]]:
    """The messages kept beside bad files: code, and what is said in Chinese and in English."""
    pattern = r"^(?:\[|=== )([\w.-]+)\]?\n(?:error\n|warning\n|note\n)?(.*?)(?=\n*^(?:\[[\w.-]+\]|=== [\w.-]+)$|\Z)"
    for found in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        lines = found[2].strip("\n").splitlines()
        starts = [at for at, line in enumerate(lines) if line and not line.startswith((" ", "\t"))]
        half = starts[len(starts) // 2]
        yield found[1], "\n".join(lines[:half]), "\n".join(lines[half:])


TABLES: dict[str, Callable[..., str]] = {
    "keys": keys,
    "wordings": wordings,
    "statuses": statuses,
    "levels": levels,
    "roundings": roundings,
    "relations": relations,
    "expressions": expressions,
    "messages": messages,
}
"""What ``<!-- made: … -->`` may ask for."""


def example(name: str, lang: str) -> str:  # noqa: ARG001  # an example reads the same on both pages
    """An example kept in ``examples/``: its blocks, and where it says ``# gives``, a place for what they come to."""
    text = (HERE / "examples" / f"{name}.yaml").read_text(encoding="utf-8")
    parts = re.split(r"^(?:---|# (gives.*))\n", text, flags=re.MULTILINE)
    blocks = [
        f"```yaml\n{block}```\n" if number % 2 == 0 else f"<!-- {block} -->\n```text\n```\n"
        for number, block in enumerate(parts)
        if block
    ]
    return "\n" + "\n".join(blocks) + "\n"


def boat_block(lang: str) -> str:  # noqa: ARG001  # the case reads the same on both pages
    """The boat of the examples, as it is entered."""
    return f"```yaml\n{boat()}```\n"


TABLES |= {"boat": boat_block, "example": example}


# -- pages -------------------------------------------------------------------------------------------------------------


class Page:
    """A page being made: its text, and the files and commands of its examples so far."""

    def __init__(self, path: Path) -> None:
        self.path, self.lang = path, "zh" if path.name.endswith(".zh.md") else "en"
        self.written = path.read_text(encoding="utf-8")

    def made(self) -> str:
        """The page as it should be."""
        text = re.sub(r"(<!-- made: ([\w ]+) -->\n).*?(<!-- end -->)", self._region, self.written, flags=re.DOTALL)
        with tempfile.TemporaryDirectory() as folder:
            return self._answered(text, Path(folder))

    def _region(self, found: re.Match[str]) -> str:
        name, *arguments = found[2].split()
        return f"{found[1]}{TABLES[name](*arguments, self.lang)}{found[3]}"

    def _answered(self, text: str, folder: Path) -> str:
        shutil.copytree(TOY, folder / "county", ignore=shutil.ignore_patterns("*.py[co]", "__pycache__", "test_*.py"))
        pieces: list[str] = []
        tried, answered, printed, at = Example(), False, "", 0
        for block in _BLOCK.finditer(text):
            before, body = text[at : block.start()], block[2]
            asked = re.search(r"<!-- (gives|prints)(?:: (.*?))? -->\n\Z", before)
            if asked is not None and asked[1] == "gives":
                options = dict(option.split("=", 1) for option in (asked[2] or "").split())
                body, answered = given(tried, options, self.lang), True
            elif asked is not None:
                body = _part(printed, asked[2])
            elif block[1] == "yaml" and not before.endswith("<!-- made: boat -->\n"):
                if answered:
                    tried, answered = Example(), False
                tried.add(body)
                self._write(body, folder)
            elif block[1] == "sh":
                printed = self.run(body, folder)
            pieces += [before, f"```{block[1]}\n{body}```"]
            at = block.end()
        return "".join([*pieces, text[at:]])

    def _write(self, block: str, folder: Path) -> None:
        """Write a block that names its file into the reader's folder; one that goes on with a file is put at its end."""
        named = _FILE.match(block)
        if named is None:
            return
        path = folder / named[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")

    def run(self, commands: str, folder: Path) -> str:
        """What the commands of a block print."""
        printed = []
        environment = {"MINZHENG_LANG": self.lang, "NO_COLOR": "1", "COLUMNS": "100"}
        with chdir(folder):
            for line in commands.splitlines():
                shown, _, remark = line.partition("  # ")
                expected = (
                    int(found[1]) if (found := re.search(r"exits (\d+)|退出码 (\d+)", remark)) and found[1] else 0
                )
                if found and not found[1]:
                    expected = int(found[2])
                result = CliRunner().invoke(command, shlex.split(shown)[1:], env=environment, catch_exceptions=False)
                assert result.exit_code == expected, (self.path.name, line, result.output)
                printed.append(result.output)
        return "".join(printed)


def _part(printed: str, lines: str | None) -> str:
    """Some lines of what was printed; … for those left out."""
    every = [line.rstrip() for line in printed.rstrip("\n").splitlines()]
    if lines is not None and len(every) > abs(int(lines)):
        every = [*every[: int(lines)], "…"] if int(lines) > 0 else ["…", *every[int(lines) :]]
    return "\n".join(every) + "\n"


def main() -> int:
    """Write every page anew that is not as it should be."""
    os.environ.pop("MINZHENG_LANG", None)
    wanted = [page for page in PAGES if page.exists() and (not sys.argv[1:] or page.name in sys.argv[1:])]
    for path in wanted:
        page = Page(path)
        made = page.made()
        if made != page.written:
            path.write_text(made, encoding="utf-8")
            print(f"written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
