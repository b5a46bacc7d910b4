"""Worked cases: a case with the answers somebody worked out by hand, and variants of it.

A file states one case, what each program should answer, and any number of variants that change a few facts::

    source: facts §11 (E1), R649#9
    about: 三口之家，全家每月二千四百元
    parameters: {低保标准: 1000}           # fill figures the rulebook does not know
    case: {…}                             # in the form of a case file, or `file: path`
    expect:
      dibao: {eligible: true, amount: 600.00}
    variants:
      - about: 恰好等于标准
        change:
          申报成员[0].工资性收入[0].月金额: 3000
        expect: {dibao: {eligible: false}}

``reform:`` tries other figures or rules than those there are: a reform's file, or its changes. ``warns: [id]`` names the rulebook's checks that should notice something. Nothing is guessed: a key that means nothing, an expectation about nobody, a case that expects nothing are problems with
their line.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from minzheng_rules.case.about import ABOUT
from minzheng_rules.case.case import Case
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.kinds import kind_named
from minzheng_rules.case.outline import facts_of, names_of
from minzheng_rules.case.quantities import UnreadableError, read_day, read_decimal, read_flag
from minzheng_rules.case.reading import Document, read_file
from minzheng_rules.case.refusals import Keys, Locate, shown
from minzheng_rules.language.rules import STATUSES
from minzheng_rules.problems import CaseProblems, Place, Problem, RequestProblems, Words, nearest
from minzheng_rules.rulebook.reforming import Reform

DAY: Final = dt.date(2025, 6, 1)
"""The date worked cases are decided for unless they say another."""
SETTING: Final = ("place", "as_of", "parameters", "overlays", "accept", "reform")
FILE_KEYS: Final = ("source", "about", "note", *SETTING, "case", "file", "expect", "warns", "variants")
VARIANT_KEYS: Final = ("source", "about", "note", *SETTING, "change", "expect", "warns")
EXPECT_KEYS: Final = (
    "eligible",
    "status",
    "amount",
    "amounts",
    "low",
    "high",
    "missing",
    "missing_exactly",
    "result",
    "from",
    "weakest",
)
ANSWERS: Final = {
    "eligible": "符合",
    "ineligible": "不符合",
    "undetermined": "待定",
    "not_applicable": "不适用",
}
"""How a program may come out: id and term."""


class _Unsaid:
    """Nothing is expected of it; ``None`` would be an expectation."""

    def __repr__(self) -> str:
        return "UNSAID"


UNSAID: Final = _Unsaid()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one program should answer about one subject; only what is stated is compared."""

    program: str
    subject: str | None
    keys: Keys
    """Where it stands in the file."""
    status: str | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    """By the amount's name; the empty name is the only amount there is."""
    low: Decimal | _Unsaid | None = UNSAID
    high: Decimal | _Unsaid | None = UNSAID
    missing: tuple[str, ...] | None = None
    missing_exactly: bool = False
    results: Mapping[str, str] = field(default_factory=dict)
    payable_from: dt.date | _Unsaid | None = UNSAID
    weakest: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a worked case is decided by: the place, the day, and figures that fill what the rulebook does not know."""

    place: str | None = None
    as_of: dt.date | None = None
    overlays: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    accept: tuple[str, ...] = ()
    parameters_at: Keys = ()
    """Where the parameters stand in the file."""
    reform: Reform | None = None
    """What is tried: figures or rules in place of those there are."""


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One case to decide and compare: the case of a file, or a variant of it."""

    document: Document
    keys: Keys
    """Where it stands in the file; empty for the file's own case."""
    about: str
    source: str
    setting: Setting
    expectations: tuple[Expectation, ...]
    stated: Mapping[str, Any]
    stated_at: Locate
    warns: tuple[str, ...] | None = None
    """The checks that should notice something, by id or term, and no others; ``None`` where nothing is said of them."""
    changes: tuple[tuple[str, Any], ...] = ()
    base: WorkedCase | None = None
    """For a variant, the case it is a variant of."""

    @property
    def kind(self) -> str | None:
        """The kind of case it names; ``None`` for the rulebook's first."""
        return kind_named(self.stated.get("case", self.stated.get("案件")))

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.document.file

    @property
    def line(self) -> int:
        """The line its description stands in, from 1."""
        return self.document.place((*self.keys, "about")).line

    def place(self, keys: Keys, at_key: bool = False) -> Place:
        """Where something stands in the file."""
        return self.document.place(keys, at_key)

    def case(self, model: type[Entity]) -> Case:
        """The case with the changes made. Raises :class:`CaseProblems`, each problem in its line."""
        entered, moved = _with_changes(self, model)
        written = next((key for key in ("as_of", ABOUT["as_of"]) if entered.get(key) is not None), None)
        if self.setting.as_of is not None or written is None:
            entered[written or "as_of"] = self.setting.as_of or DAY

        def locate(keys: Keys, at_key: bool) -> Place:
            for path in sorted(moved, key=len, reverse=True):
                if keys[: len(path)] == path:
                    return self.document.place((*moved[path], *keys[len(path) :]), at_key)
            return self.stated_at(keys, at_key)

        return Case.parse(entered, model, locate=locate, file=self.file)


def read_worked_cases(path: str | Path) -> list[WorkedCase]:
    """The case of a file and its variants, in order.

    Raises :class:`CaseProblems` with everything that is wrong with the file's form. What can only be seen with a rulebook
    at hand (programs, members, facts) is checked when the case is run.
    """
    return _Form(read_file(path), Path(path).parent).read()


class _Form:
    """Reads one file; problems are collected and reported together."""

    def __init__(self, document: Document, folder: Path) -> None:
        self.document, self.folder = document, folder
        self.problems: list[Problem] = []

    def read(self) -> list[WorkedCase]:
        data = self.document.data
        self._known((), data, FILE_KEYS, Words("一份演算例", "a worked case"))
        stated, stated_at = self._stated(data)
        setting = self._setting((), data, Setting())
        base = WorkedCase(
            document=self.document,
            keys=(),
            about=self._about((), data),
            source=self._text((), data, "source") or "",
            setting=setting,
            expectations=self._expect((), data),
            stated=stated,
            stated_at=stated_at,
            warns=self._warns((), data),
        )
        found = [base]
        variants = data.get("variants")
        if variants is not None and not isinstance(variants, list):
            self._add("variants", Words("variants 应为列表", "`variants` should be a list"), ("variants",))
            variants = None
        for number, variant in enumerate(variants or ()):
            keys: Keys = ("variants", number)
            if isinstance(variant, dict):
                found.append(self._variant(keys, variant, base))
            else:
                what = Words(
                    "每个变例应是一组键值：about、change、expect", "a variant is a mapping: about, change, expect"
                )
                self._add("variant", what, keys)
        if self.problems:
            raise CaseProblems(self.problems)
        return found

    def _variant(self, keys: Keys, data: dict[str, Any], base: WorkedCase) -> WorkedCase:
        self._known(keys, data, VARIANT_KEYS, Words("变例", "a variant"))
        change = data.get("change") or {}
        if not isinstance(change, dict):
            what = Words("change 应是“路径: 值”", "`change` should hold `path: value`")
            self._add("change", what, (*keys, "change"), _PATH_EXAMPLE)
            change = {}
        return WorkedCase(
            document=self.document,
            keys=keys,
            about=self._about(keys, data),
            source=self._text(keys, data, "source") or base.source,
            setting=self._setting(keys, data, base.setting),
            expectations=self._expect(keys, data),
            stated=base.stated,
            stated_at=base.stated_at,
            warns=self._warns(keys, data),
            changes=tuple(change.items()),
            base=base,
        )

    # -- the case ----------------------------------------------------------------------------------------------------

    def _stated(self, data: Mapping[str, Any]) -> tuple[Mapping[str, Any], Locate]:
        here: Locate = lambda keys, at_key: self.document.place(("case", *keys), at_key)  # noqa: E731  # a partial
        stated, file = data.get("case"), data.get("file")
        if (stated is None) == (file is None):
            what = Words(
                "案件写在 case 下，或用 file 指出文件，二者必取其一",
                "state the case under `case`, or name a `file`: one of them",
            )
            self._add("no-case", what, ("file",) if file is not None else ())
        elif isinstance(file, str):
            try:
                document = read_file(self.folder / file)
            except CaseProblems as wrong:
                self.problems.extend(wrong.problems)
            else:
                return document.data, document.place
        elif isinstance(stated, dict):
            return stated, here
        else:
            self._add("no-case", Words("案件应是一组键值", "a case is a mapping of facts to values"), ("case",))
        return {}, here

    def _about(self, keys: Keys, data: Mapping[str, Any]) -> str:
        about = self._text(keys, data, "about")
        if not about:
            what = Words("缺少 about：这个例子说的是什么", "`about` is missing: what does this case show?")
            self._add("no-about", what, keys)
        return about or ""

    # -- what it is decided by ---------------------------------------------------------------------------------------

    def _setting(self, keys: Keys, data: Mapping[str, Any], above: Setting) -> Setting:
        day = above.as_of
        if data.get("as_of") is not None:
            try:
                day = read_day(data["as_of"])
            except UnreadableError as error:
                self._refuse(error, (*keys, "as_of"), data["as_of"])
        parameters, at = above.parameters, above.parameters_at
        if "parameters" in data:
            at = (*keys, "parameters")
            parameters = tuple(self._pairs(at, data["parameters"] or {}))
        return Setting(
            place=self._text(keys, data, "place") or above.place,
            as_of=day,
            overlays=self._texts(keys, data, "overlays") if "overlays" in data else above.overlays,
            parameters=parameters,
            accept=self._statuses(keys, data) if "accept" in data else above.accept,
            parameters_at=at,
            reform=self._reform((*keys, "reform"), data["reform"]) if "reform" in data else above.reform,
        )

    def _reform(self, keys: Keys, said: object) -> Reform | None:
        """A reform's file, by its path from here, or its changes; nothing ends that of the case above."""
        if not said:
            return None
        try:
            if isinstance(said, str):
                return Reform.read(self.folder / said)
            if isinstance(said, dict):
                return Reform(title=Words("演算例里的改动", "the worked case's own change"), changes=said)
        except RequestProblems as wrong:
            self.problems.extend(wrong.problems)
            return None
        what = Words(
            "reform 应是改革方案的文件，或“参数: 新值”", "`reform` names a reform's file, or holds `parameter: value`"
        )
        self._add("reform", what, keys)
        return None

    def _pairs(self, keys: Keys, values: object) -> Iterator[tuple[str, str]]:
        if not isinstance(values, dict):
            what = Words("parameters 应是“参数名: 值”", "`parameters` should hold `name: value`")
            self._add("parameters", what, keys)
            return
        for name, value in values.items():
            if isinstance(value, str):
                yield name, value
            elif value is not None:
                step = Words(
                    "整张表请写成一份补充值文件，列入 overlays",
                    "put a whole table into an overlay file and list it under `overlays`",
                )
                what = Words(f"“{name}”应是一个值", f"`{name}` should be one value")
                self._add("parameters", what, (*keys, name), step)

    def _statuses(self, keys: Keys, data: Mapping[str, Any]) -> tuple[str, ...]:
        chosen = self._texts(keys, data, "accept")
        for number, status in enumerate(chosen):
            if status not in STATUSES:
                what = Words(f"“{status}”不是一种可信程度", f"`{status}` is not a status")
                self._add("status", what, (*keys, "accept", number), _meant(status, STATUSES))
        return chosen

    # -- expectations ------------------------------------------------------------------------------------------------

    def _expect(self, keys: Keys, data: Mapping[str, Any]) -> tuple[Expectation, ...]:
        at: Keys = (*keys, "expect")
        expect = data.get("expect")
        if expect is None and data.get("warns") is not None:
            return ()
        if not expect or not isinstance(expect, dict):
            what = Words("没有写期望的结果（expect）", "nothing is expected (`expect`)")
            step = Words(
                "写作 expect: {dibao: {eligible: true, amount: 600.00}}",
                "write expect: {dibao: {eligible: true, amount: 600.00}}",
            )
            self._add("no-expectation", what, at if expect is not None else keys, step)
            return ()
        return tuple(e for program, said in expect.items() for e in self._program(program, said, (*at, program)))

    def _warns(self, keys: Keys, data: Mapping[str, Any]) -> tuple[str, ...] | None:
        return self._texts(keys, data, "warns") if data.get("warns") is not None else None

    def _program(self, program: str, said: object, keys: Keys) -> Iterator[Expectation]:
        if not isinstance(said, dict) or not said:
            what = Words(f"“{program}”下面应写期望什么", f"say what is expected of `{program}`")
            self._add("no-expectation", what, keys, _possible(EXPECT_KEYS))
        elif all(isinstance(inner, dict) for inner in said.values()) and not set(said) & set(EXPECT_KEYS):
            for subject, inner in said.items():
                at: Keys = (*keys, subject)
                if not inner:
                    what = Words(f"没有写对“{subject}”期望什么", f"nothing is expected of `{subject}`")
                    self._add("no-expectation", what, at, _possible(EXPECT_KEYS))
                yield self._expectation(program, subject, inner, at)
        else:
            yield self._expectation(program, None, said, keys)

    def _expectation(self, program: str, subject: str | None, said: Mapping[str, Any], keys: Keys) -> Expectation:
        self._known(keys, said, EXPECT_KEYS, Words("期望", "an expectation"))
        if "eligible" in said and "status" in said:
            what = Words("eligible 与 status 只写一个", "state `eligible` or `status`, not both")
            self._add("two-answers", what, (*keys, "status"))
        if "missing" in said and "missing_exactly" in said:
            what = Words("missing 与 missing_exactly 只写一个", "state `missing` or `missing_exactly`, not both")
            self._add("two-answers", what, (*keys, "missing"))
        exactly = "missing_exactly" in said
        return Expectation(
            program=program,
            subject=subject,
            keys=keys,
            status=self._status(keys, said),
            amounts=self._amounts(keys, said),
            low=self._amount(keys, said, "low") if "low" in said else UNSAID,
            high=self._amount(keys, said, "high") if "high" in said else UNSAID,
            missing=self._texts(keys, said, "missing_exactly" if exactly else "missing")
            if exactly or "missing" in said
            else None,
            missing_exactly=exactly,
            results=self._results(keys, said),
            payable_from=self._payable_from(keys, said),
            weakest=self._weakest(keys, said),
        )

    def _status(self, keys: Keys, said: Mapping[str, Any]) -> str | None:
        if "eligible" in said:
            try:
                return "eligible" if read_flag(said["eligible"]) else "ineligible"
            except UnreadableError as error:
                self._refuse(error, (*keys, "eligible"), said["eligible"])
        elif "status" in said:
            status = said["status"]
            for id, term in ANSWERS.items():
                if status in (id, term):
                    return id
            what = Words(f"status 不能是{shown(status).zh}", f"status cannot be {shown(status).en}")
            self._add("status", what, (*keys, "status"), _meant(str(status), [*ANSWERS, *ANSWERS.values()]))
        return None

    def _amounts(self, keys: Keys, said: Mapping[str, Any]) -> dict[str, Decimal]:
        amounts: dict[str, Decimal | None] = {}
        if "amount" in said:
            amounts[""] = self._amount(keys, said, "amount")
        named = said.get("amounts")
        if isinstance(named, dict):
            amounts.update({name: self._amount((*keys, "amounts"), named, name) for name in named})
        elif named is not None:
            what = Words("amounts 应是“名称: 金额”", "`amounts` should hold `name: amount`")
            self._add("amounts", what, (*keys, "amounts"))
        return {name: amount for name, amount in amounts.items() if amount is not None}

    def _amount(self, keys: Keys, said: Mapping[str, Any], key: str) -> Decimal | None:
        written = said[key]
        if written is None and key in ("low", "high"):
            return None
        try:
            return read_decimal(written, places=6)
        except UnreadableError as error:
            self._refuse(error, (*keys, key), written)
            return None

    def _results(self, keys: Keys, said: Mapping[str, Any]) -> dict[str, str]:
        results = said.get("result")
        if results is None:
            return {}
        if not isinstance(results, dict) or not all(isinstance(value, str) for value in results.values()):
            what = Words("result 应是“名称: 值”", "`result` should hold `name: value`")
            self._add("result", what, (*keys, "result"))
            return {}
        return dict(results)

    def _payable_from(self, keys: Keys, said: Mapping[str, Any]) -> dt.date | _Unsaid | None:
        if "from" not in said:
            return UNSAID
        if said["from"] is None:
            return None
        try:
            return read_day(said["from"])
        except UnreadableError as error:
            self._refuse(error, (*keys, "from"), said["from"])
            return UNSAID

    def _weakest(self, keys: Keys, said: Mapping[str, Any]) -> str | None:
        weakest = said.get("weakest")
        if weakest is not None and weakest not in STATUSES:
            what = Words(f"weakest 不能是{shown(weakest).zh}", f"weakest cannot be {shown(weakest).en}")
            self._add("status", what, (*keys, "weakest"), _meant(str(weakest), STATUSES))
            return None
        return weakest

    # -- small things ------------------------------------------------------------------------------------------------

    def _text(self, keys: Keys, data: Mapping[str, Any], key: str) -> str | None:
        value = data.get(key)
        if value is None or isinstance(value, str):
            return value
        self._add("not-text", Words(f"{key} 应是一行文字", f"`{key}` should be a line of text"), (*keys, key))
        return None

    def _texts(self, keys: Keys, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = data[key]
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        what = Words(f"{key} 应是列表，写作 [甲, 乙]", f"`{key}` should be a list, written [a, b]")
        self._add("not-a-list", what, (*keys, key))
        return ()

    def _known(self, keys: Keys, data: Mapping[str, Any], allowed: Iterable[str], what: Words) -> None:
        possible = list(allowed)
        for name in data:
            if name not in possible:
                said = Words(f"{what.zh}里没有“{name}”这一项", f"{what.en} has no key `{name}`")
                self._add("unknown-key", said, (*keys, name), _meant(name, possible), at_key=True)

    def _refuse(self, error: UnreadableError, keys: Keys, value: object) -> None:
        said, expected = shown(value), error.expected.words
        name = keys[-1]
        what = Words(f"{name} 不能是{said.zh}：{expected.zh}", f"{name} cannot be {said.en}: {expected.en}")
        self._add(error.expected.code, what, keys)

    def _add(self, code: str, what: Words, keys: Keys, step: Words | None = None, at_key: bool = False) -> None:
        self.problems.append(Problem(f"worked.{code}", what, self.document.place(keys, at_key), step))


# -- changes -----------------------------------------------------------------------------------------------------------

_STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[([^\[\]]+)\]")
_PATH_EXAMPLE = Words(
    "路径写作 申报成员[0].工资性收入[0].月金额，成员也可用编号：申报成员[父]",
    "write a path as members[0].wages[0].amount; a member may be named by id: members[A]",
)


def _with_changes(worked: WorkedCase, model: type[Entity]) -> tuple[dict[str, Any], dict[Keys, Keys]]:
    """What is stated with the changes made, and where in the file each changed part stands."""
    entered: dict[str, Any] = copy.deepcopy(dict(worked.stated))
    moved: dict[Keys, Keys] = {}
    problems: list[Problem] = []
    for path, value in worked.changes:
        at: Keys = (*worked.keys, "change", path)
        steps = _steps(path)
        found = None if steps is None else _put(entered, model, steps, copy.deepcopy(value))
        if found is None:
            what = Words(f"路径“{path}”在案件中找不到", f"the path `{path}` leads nowhere in the case")
            problems.append(Problem("worked.path", what, worked.place(at, True), _PATH_EXAMPLE))
        else:
            moved[found] = at
    if problems:
        raise CaseProblems(problems)
    return entered, moved


def _steps(path: str) -> list[tuple[bool, str]] | None:
    """The steps of a path, each with whether it stands in brackets; ``None`` if it cannot be read.

    >>> _steps("members[0].wages")
    [(False, 'members'), (True, '0'), (False, 'wages')]
    """
    found = list(_STEP.finditer(path))
    if not found or "".join(match[0] for match in found) != path:
        return None
    return [(match[1] is None, (match[1] or match[2]).strip()) for match in found]


def _put(entered: dict[str, Any], model: type[Entity], steps: list[tuple[bool, str]], value: Any) -> Keys | None:
    """Set a value deep inside what is entered, and say under which keys; ``None`` where the path leads nowhere."""
    current: Any = entered
    kind: type[Entity] | None = model
    keys: list[str | int] = []
    for number, (bracketed, name) in enumerate(steps):
        key = _item(current, name) if bracketed else _key(current, name, kind)
        if key is None:
            return None
        keys.append(key)
        last = number == len(steps) - 1
        following: Any = value if last else [] if steps[number + 1][0] else {}
        if isinstance(current, list) and key == len(current):
            current.append(following)
        elif last or (isinstance(current, dict) and current.get(str(key)) is None):
            current[key] = following
        current = current[key]
        if not bracketed:
            kind = _kind_below(kind, name)
    return tuple(keys)


def _item(current: Any, name: str) -> int | None:
    """Which item of a list is meant: by its place, one past the last, or by the id entered for it."""
    if not isinstance(current, list):
        return None
    if name.isdecimal():
        return int(name) if int(name) <= len(current) else None
    ids = [item.get("id", item.get("编号")) if isinstance(item, dict) else None for item in current]
    return ids.index(name) if name in ids else None


def _key(current: Any, name: str, kind: type[Entity] | None) -> str | None:
    """The key a fact was stated with, English or Chinese; as written if it was not stated."""
    if not isinstance(current, dict):
        return None
    if name in current or kind is None:
        return name
    names = names_of(kind)
    return next((other for other in current if other in names and names[other] == names.get(name)), name)


def _kind_below(kind: type[Entity] | None, name: str) -> type[Entity] | None:
    if kind is None:
        return None
    fact = facts_of(kind).get(names_of(kind).get(name, name))
    return fact.model if fact is not None and fact.model is not None and issubclass(fact.model, Entity) else None


# -- hints -------------------------------------------------------------------------------------------------------------


def _meant(word: str, known: Iterable[str]) -> Words:
    possible = list(known)
    near = nearest(word, possible)
    return Words(f"您是否想写“{near}”？", f"did you mean `{near}`?") if near else _possible(possible)


def _possible(known: Iterable[str]) -> Words:
    listed = list(known)
    return Words("可写：" + "、".join(listed), "possible: " + ", ".join(listed))
