"""What a case is asked with: the options that name a rulebook, a place, a day and figures, and the reading of case files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from minzheng_rules.cli.commanding import argument, option
from minzheng_rules.cli.files import read_document
from minzheng_rules.cli.session import set_language
from minzheng_rules.cli.telling import UsageMistake
from minzheng_rules.cli.values import Day, OneOf, Setting
from minzheng_rules.problems import Place, Problem, ProblemsFound, RequestProblems, Words

if TYPE_CHECKING:
    from minzheng_rules.case.case import Case
    from minzheng_rules.case.entity import Entity
    from minzheng_rules.case.reading import Document
    from minzheng_rules.evaluator.decision import Decision
    from minzheng_rules.rulebook.reforming import Reform
    from minzheng_rules.rulebook.rulebook import Rulebook

Command = TypeVar("Command", bound=Callable[..., Any])

_DATE_KEYS: Final = ("as_of", "基准日")
_PLACE_KEYS: Final = ("place", "地点")
_KIND_KEYS: Final = ("case", "案件")
WEAK_STATUSES: Final = ("recalled", "illustrative")

language_option = option(
    "--lang",
    type=OneOf("zh", "en"),
    expose_value=False,
    is_eager=True,
    callback=set_language,
    words=Words("输出的语言", "the language to answer in"),
)
output_option = option(
    "--output",
    "-o",
    metavar="FILE",
    words=Words("写到文件里，不显示", "write to a file instead of the screen"),
)
json_option = option(
    "--json", "as_json", is_flag=True, words=Words("输出 JSON，供别的程序读", "print JSON, for other programs")
)
program_option = option(
    "--program",
    "programs",
    multiple=True,
    metavar="ID",
    words=Words("只看这个项目（编号或名称），可写多次", "only this program, by id or name; may be repeated"),
)
cases_argument = argument(
    "cases",
    nargs=-1,
    required=True,
    metavar="CASE…",
    words=Words("个案文件（YAML 或 JSON），“-”为标准输入", "case files (YAML or JSON); - is standard input"),
)
case_argument = argument(
    "case",
    metavar="CASE",
    words=Words("个案文件（YAML 或 JSON），“-”为标准输入", "a case file (YAML or JSON); - is standard input"),
)
rulebook_option = option(
    "--rulebook",
    metavar="PATH",
    words=Words(
        "另一部规则手册的文件夹（内有 rules/ 和 policies/）",
        "the folder of another rulebook (with rules/ and policies/)",
    ),
)
_FIGURES: Final = (
    option(
        "--overlay",
        "overlays",
        multiple=True,
        metavar="NAME|FILE",
        words=Words(
            "补上未知数字的补充值：名称或文件，可写多次",
            "figures that fill unknown ones: a name or a file; may be repeated",
        ),
    ),
    option(
        "--set",
        "settings",
        multiple=True,
        type=Setting(),
        metavar="NAME=VALUE",
        words=Words(
            "给一个未知的参数填上示例值，如 低保标准=1000",
            "fill one unknown parameter with an illustrative value, as dibao_standard=1000",
        ),
    ),
    option(
        "--accept",
        "accept",
        multiple=True,
        type=OneOf(*WEAK_STATUSES),
        words=Words("也用凭记忆或示例的数字计算", "compute with figures from memory or made up, too"),
    ),
    option(
        "--reform",
        "reforms",
        multiple=True,
        metavar="FILE",
        words=Words(
            "假如采用这份改革方案（YAML）；可写多次，simulate 一次一份",
            "as if this reform (YAML) were adopted; may be repeated, but simulate takes one",
        ),
    ),
    rulebook_option,
)
place_option = option(
    "--place",
    metavar="ID",
    words=Words(
        "适用哪里的规则；不写依个案所写，个案没有写的依手册最后一个",
        "whose rules apply; else the place a case names, else the rulebook's last",
    ),
)
as_of_option = option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    words=Words(
        "按哪一天的规定裁断；不写依个案或表格的基准日",
        "the day to decide on; else that of the case or tables",
    ),
)


def figures_options(command: Command) -> Command:
    """The options that say by which rulebook and figures."""
    for declare in reversed(_FIGURES):
        command = declare(command)
    return command


def asking_options(command: Command) -> Command:
    """The options of a command that decides cases."""
    return place_option(as_of_option(figures_options(program_option(command))))


@dataclass
class Asking:
    """What cases are decided by, as the command line says it; rulebooks are loaded once for each place."""

    place: str | None = None
    as_of: dt.date | None = None
    overlays: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    accept: tuple[str, ...] = ()
    rulebook: str | None = None
    reforms: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    kind: str | None = None
    """The kind of case the rules asked for decide, where no case says it."""
    _loaded: dict[tuple[str | None, str | None], Rulebook | ProblemsFound] = field(default_factory=dict)
    _unreformed: dict[tuple[str | None, str | None], Rulebook] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [name for name, _ in self.settings]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            words = Words(f"--set 给“{twice}”写了两个值", f"--set gives `{twice}` two values")
            raise UsageMistake(words, None, click.get_current_context(silent=True))

    @property
    def chooses_figures(self) -> bool:
        """Whether figures or a rulebook were named."""
        return bool(self.overlays or self.settings or self.rulebook or self.reforms)

    def book(self, place: str | None = None, place_at: Place | None = None, kind: str | None = None) -> Rulebook:
        """The rulebook of a place for a kind of case. ``place_at`` says where the place was named, if not on the command line.

        Raises :class:`ProblemsFound`, each problem at the option, case or file it comes from.
        """
        wanted = self.place or place
        named_at = Place("--place") if self.place or place_at is None else place_at
        key = (wanted, kind or self.kind)
        if key not in self._loaded:
            try:
                self._loaded[key] = self._load(*key)
            except ProblemsFound as wrong:
                self._loaded[key] = wrong
        found = self._loaded[key]
        if isinstance(found, ProblemsFound):
            raise ProblemsFound(_placed(problem, named_at) for problem in found.problems)
        return found

    def books(self) -> Iterator[Rulebook]:
        """The rulebook for the kind of case asked for, or one after the other those for every kind it decides.

        Raises :class:`ProblemsFound`, as :meth:`book`, where the first cannot be loaded.
        """
        first = self.book()
        yield first
        for kind in first.kinds[1:] if self.kind is None else ():
            try:
                yield self.book(kind=kind)
            except ProblemsFound:
                # A figure given that this kind of case knows nothing of; a rulebook that cannot be read is told by `check`.
                continue

    def _load(self, place: str | None, kind: str | None) -> Rulebook:
        from minzheng_rules.rulebook.rulebook import Rulebook

        overlays: list[Any] = [_overlay(overlay) for overlay in self.overlays]
        if self.settings:
            overlays.append(dict(self.settings))
        folder = rulebook_folder(self.rulebook)
        book = Rulebook.load(folder, place=place, overlays=overlays, accept=self.accept, kind=kind)
        problems = [*self._unknown_programs(book)]
        if problems:
            raise RequestProblems(problems)
        self._unreformed[place, kind] = book
        for reform in read_reforms(self.reforms):
            book = book.reform(reform)
        return book

    def baseline(self, place: str | None = None, kind: str | None = None) -> Rulebook:
        """The rulebook of a place without the reforms. Raises :class:`ProblemsFound`, as :meth:`book`."""
        self.book(place, kind=kind)
        return self._unreformed[self.place or place, kind or self.kind]

    def _unknown_programs(self, book: Rulebook) -> Iterator[Problem]:
        for program in self.programs:
            try:
                book.programs_named(program)
            except ProblemsFound as wrong:
                yield from wrong.problems

    def model(self, entered: Mapping[str, Any]) -> type[Entity] | None:
        """The root model of the rulebook's cases; ``None`` if it cannot be loaded, which deciding will say."""
        named = next((entered[key] for key in _PLACE_KEYS if isinstance(entered.get(key), str)), None)
        try:
            return self.book(named, kind=self.kind_of(entered)).model
        except ProblemsFound:
            return None

    def kind_of(self, entered: Mapping[str, Any]) -> str | None:
        """The kind of case entered data names, if it is one that ships with the library."""
        from minzheng_rules.case.kinds import kind_named

        return kind_named(next((entered[key] for key in _KIND_KEYS if key in entered), None))

    def decide(self, case: ReadCase) -> Decision:
        """The decision on a case that was read. Raises :class:`ProblemsFound`."""
        from minzheng_rules.evaluator.deciding import decide
        from minzheng_rules.rulebook.reforming import refuse_without_effect

        written = next((key for key in _PLACE_KEYS if key in case.document.data), _PLACE_KEYS[0])
        kind = self.kind_of(case.document.data)
        book = self.book(case.case.place, case.document.place((written,)) if case.case.place else None, kind)
        if case.case.as_of is None:
            raise RequestProblems([_no_date(case.document.file)])
        if self.reforms:
            refuse_without_effect(self.baseline(case.case.place, kind), book, case.case.as_of)
        return decide(case.case, book, programs=self.programs or None)

    def unused(self, book: Rulebook, decision: Decision) -> Iterator[Problem]:
        """A warning for each value given with ``--set`` that the rulebook has no use for."""
        rules = book.on(decision.as_of)
        for name, written in self.settings:
            parameter = book.parameters.get(book.names.parameters_by_term.get(name, name))
            if parameter is None or parameter.indexes:
                continue
            figure = rules.reading(parameter.id).figure
            if figure is not None and not figure.overlay:
                yield Problem(
                    "request.value-not-used",
                    Words(
                        f"“{parameter.term}”在 {decision.as_of} 已有自己的值，给出的 {written} 没有用上",
                        f"`{parameter.id}` has a value of its own on {decision.as_of}; the {written} given is not used",
                    ),
                    Place("--set"),
                    Words(
                        "示例值只填未知的数；要试另一种规定，请改一份规则手册，用 --rulebook",
                        "values given here only fill unknown figures; to try another rule, change a copy of the rulebook and use --rulebook",
                    ),
                    "warning",
                )


@dataclass(frozen=True)
class ReadCase:
    """A case with the document it was read from, so that problems found later can name their line."""

    case: Case
    document: Document

    @classmethod
    def read(cls, path: str, asking: Asking) -> ReadCase:
        """Read one case file in the rulebook's vocabulary, with the date asked for in place of its own.

        Raises :class:`CaseProblems`.
        """
        from minzheng_rules.case.case import Case

        document = read_document(path)
        entered = document.data
        if asking.as_of is not None:
            entered = {"as_of": asking.as_of, **{key: value for key, value in entered.items() if key not in _DATE_KEYS}}
        return cls(Case.parse(entered, asking.model(entered), locate=document.place, file=document.file), document)


def read_reforms(paths: Iterable[str]) -> Iterator[Reform]:
    """The reforms named on the command line. Raises :class:`RequestProblems`."""
    for path in paths:
        from minzheng_rules.rulebook.reforming import Reform

        yield Reform.read(path)


def rulebook_folder(path: str | None) -> Path | None:
    """The folder of the rulebook asked for; ``None`` is the one that ships with the library.

    Raises :class:`RequestProblems` if it holds no rulebook.
    """
    if path is None:
        return None
    folder = Path(path)
    if not (folder / "rules" / "rulebook.yaml").is_file():
        what = Words("这里没有规则手册", "there is no rulebook here")
        step = Words("应是含有 rules/rulebook.yaml 的文件夹", "name the folder that holds rules/rulebook.yaml")
        raise RequestProblems([Problem("request.rulebook", what, Place(path), step)])
    return folder


def _overlay(overlay: str) -> str | Path:
    return Path(overlay) if Path(overlay).suffix in (".yaml", ".yml") else overlay


_OPTION_OF_CODE: Final = {"request.overlay": "--overlay", "request.program": "--program"}


def _placed(problem: Problem, named_at: Place) -> Problem:
    """A problem at the place it comes from: an option of the command line, or where a case names its place."""
    place = problem.place
    if place.file.startswith("overlay:inline-"):
        return replace(problem, place=replace(place, file="--set", line=0, column=place.column))
    if place.file or place.line:
        return problem
    if problem.code in _OPTION_OF_CODE:
        return replace(problem, place=Place(_OPTION_OF_CODE[problem.code]))
    return replace(problem, place=replace(named_at, path=place.path))


def _no_date(file: str) -> Problem:
    return Problem(
        "request.as-of",
        Words("没有基准日：不知道按哪一天的规定裁断", "no date: it is not known by which day's rules to decide"),
        Place(file),
        Words(
            "请在个案里写 基准日: 2025-06-01，或加 --as-of 2025-06-01",
            "write as_of: 2025-06-01 in the case, or add --as-of 2025-06-01",
        ),
    )


def read_all(paths: Sequence[str], asking: Asking) -> tuple[list[tuple[str, ReadCase]], list[Problem]]:
    """The cases that can be read, and the problems of those that cannot."""
    read: list[tuple[str, ReadCase]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            read.append((path, ReadCase.read(path, asking)))
        except ProblemsFound as wrong:
            problems += _with_file(wrong.problems, path)
    return read, problems


def _with_file(problems: Iterable[Problem], path: str) -> Iterator[Problem]:
    """Every problem with its file, even one that came without a place."""
    for problem in problems:
        yield problem if problem.place.file else replace(problem, place=replace(problem.place, file=path))


def refuse_twice_stdin(paths: Sequence[str]) -> None:
    """Refuse ``- -``: standard input can be read once."""
    if paths.count("-") > 1:
        raise UsageMistake(Words("“-”只能写一次", "- can be given only once"), None, click.get_current_context())
