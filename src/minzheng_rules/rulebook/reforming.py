"""Reforms: what if a figure or a rule were otherwise? Proposed changes as data, laid over a rulebook.

An overlay fills what nobody knows; a reform changes what is known. It becomes a layer of its own below all others, named after
it, so that every figure, trail, record and digest says which reform it comes from. The rulebook it is laid over stays as it is.
"""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from minzheng_rules.language.reading import Document, Listing, Mapping, Reader, Text, Tree, known_keys
from minzheng_rules.language.rules import Declaration, ProgramFile, RuleReader
from minzheng_rules.language.tables import Grid
from minzheng_rules.language.types import Enumeration, Quantity
from minzheng_rules.problems import Place, Problem, RequestProblems, Words, nearest
from minzheng_rules.rulebook.definitions import Definition
from minzheng_rules.rulebook.parameters import Figure, Key, Parameter, ParameterReader
from minzheng_rules.rulebook.resolution import Names, Resolution
from minzheng_rules.rulebook.ruleset import REFORM, Layer, Reading

if TYPE_CHECKING:
    from minzheng_rules.rulebook.rulebook import Rulebook

FILE_KEYS: Final = ("reform", "title", "author", "reference", "baseline", "note", "changes", "rules")
RELATIVE_KEYS: Final = ("add", "times", "status", "source", "note", "until")
ALWAYS: Final = dt.date.min
"""Since when a change without a date holds."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Effect:
    """One thing a reform makes otherwise on a day: a cell of a parameter, or a rule.

    ``before`` and ``after`` are values in the parameter's internal units (fen for money), ``None`` where unknown; for a rule
    they are the terms of the rules that act.
    """

    kind: str
    """``parameter`` or ``rule``."""
    id: str
    term: str
    key: Key
    before: object | None
    after: object | None


@dataclass(frozen=True)
class Reform:
    """A proposed change: of figures, of rules, or of both.

    ``changes`` maps parameters, by id or term, to what they become: one value for every day (``1050``), a value from a day on
    (``{"2025-07-01": 1050}``), a step from the figure in force (``{"add": 50}``, ``{"times": "1.05"}``), or, for a parameter
    that varies, the rows that change (``{"一级护理": 500}``). What a change begins holds until its ``until``, or for good, whatever
    the documents set later. ``rules`` are rule files (paths, or their text) with ``layer: reform``; they may replace, except or
    add, as those of any layer, and need no citation. Figures and rules are illustrative unless the reform says how well known
    they are.

    ``author`` and ``reference`` say who proposes it and where; ``baseline`` what it is compared with. ``id`` is short and stable
    and names the layer; files give it as ``reform:``, else it is the file's name.

    Raises :class:`RequestProblems` if it has no title, or nothing in it.

    >>> from minzheng_rules import Rulebook
    >>> book = Rulebook.load(place="haining", overlays=["illustrative"])
    >>> higher = book.reform(Reform(title="低保标准提高五十元", changes={"低保标准": {"add": 50}}))
    >>> reading = higher.on(dt.date(2025, 6, 1)).reading("dibao_standard")
    >>> reading.value, reading.figure.layer
    (105000, 'reform:inline')
    >>> book.reform(Reform(title="写错了名称", changes={"低保标淮": 1050}))
    Traceback (most recent call last):
    ...
    minzheng_rules.problems.RequestProblems: 改革方案“写错了名称”:1:1：没有“低保标淮”这个参数
        低保标淮: 1050
        ^
      → 您是否想写“低保标准”？
    """

    title: Words
    changes: AnyMapping[str, object]
    author: str
    reference: str
    baseline: str
    note: str
    id: str
    rules: tuple[tuple[str, str], ...]
    """Name and text of each rule file."""
    written: tuple[str, str] | None = field(repr=False)
    """For a reform read from a file, the name and the text of it, so that problems can name its lines."""

    def __init__(
        self,
        *,
        title: str | Words | AnyMapping[str, str],
        changes: AnyMapping[str, object] | None = None,
        rules: Sequence[str | Path] = (),
        author: str = "",
        reference: str = "",
        baseline: str = "",
        note: str = "",
        id: str = "inline",
    ) -> None:
        self._set(
            title=_words(title),
            changes=copy.deepcopy(dict(changes or {})),
            author=author,
            reference=reference,
            baseline=baseline,
            note=note,
            id=id,
            rules=tuple(_rule_text(rule, number) for number, rule in enumerate(rules, 1)),
            written=None,
        )
        problems = list(_incomplete(self, Place()))
        if problems:
            raise RequestProblems(problems)

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def read(cls, path: str | Path) -> Reform:
        """Read a reform from a YAML file; rule files it names are sought beside it.

        Raises :class:`RequestProblems` with everything that is wrong with the file's form. What can only be seen with a
        rulebook at hand is checked when the reform is laid over one.
        """
        reader = Reader()
        tree = reader.read(Path(path), Path(path).name)
        if tree is None:
            raise RequestProblems(reader.problems)
        text = "\n".join(tree.document.lines)
        found = _ReformFile(tree, Path(path), reader.problems).read(cls, text)
        if reader.problems:
            raise RequestProblems(reader.problems)
        return found

    @property
    def layer(self) -> Layer:
        """The layer its figures and rules stand in."""
        title = Words(self.title.zh or self.title.en, self.title.en or self.title.zh)
        return Layer(f"reform:{self.id}", REFORM, Words(f"改革方案“{title.zh}”", f"reform “{title.en}”"), True)

    @property
    def digest(self) -> str:
        """SHA-256 over its changes and rules; the same for the same proposal under another title."""
        content = [_plain(self.changes), [text for _, text in self.rules]]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, object]:
        """What is said of it in a decision's record."""
        return {"id": self.id, "title": {"zh": self.title.zh, "en": self.title.en}, "digest": self.digest}

    def changes_tree(self, problems: list[Problem]) -> Mapping | None:
        """The changes with their places."""
        if self.written is None:
            return _tree_of(self.changes, f"改革方案“{self.title.zh}”", problems)
        tree = Reader(problems).read_text(self.written[1], self.written[0])
        changes = tree.get("changes") if tree is not None else None
        return changes if isinstance(changes, Mapping) else None


# -- reading -----------------------------------------------------------------------------------------------------------


class _ReformFile:
    def __init__(self, tree: Mapping, path: Path, problems: list[Problem]) -> None:
        self.tree, self.path, self.problems = tree, path, problems
        self.texts = RuleReader(problems)

    def read(self, made: type[Reform], text: str) -> Reform:
        known_keys(self.tree, FILE_KEYS, Words("改革方案", "a reform"), self.problems)
        changes = self.tree.get("changes")
        if changes is not None and not isinstance(changes, Mapping):
            what = Words("changes 下面应是“参数: 新值”", "`changes` should hold `parameter: what it becomes`")
            self.problems.append(Problem("reform.changes", what, self.tree.keys["changes"].place(), _A_CHANGE))
        reform = object.__new__(made)
        reform._set(
            title=self._title(),
            changes=_value_of(changes) if isinstance(changes, Mapping) else {},
            author=self._text("author"),
            reference=self._text("reference"),
            baseline=self._text("baseline"),
            note=self._text("note"),
            id=self._text("reform") or re.sub(r"[^a-z0-9_-]+", "_", self.path.stem.lower()).strip("_-") or "reform",
            rules=tuple(self._rules()),
            written=(self.tree.document.name, text),
        )
        self.problems.extend(_incomplete(reform, self.tree.place()))
        return reform

    def _text(self, key: str) -> str:
        found = self.texts.text(self.tree, key)
        return found.value if found is not None else ""

    def _title(self) -> Words:
        said = self.tree.get("title")
        if not isinstance(said, Mapping):
            return _words(self._text("title"))
        known_keys(said, ("zh", "en"), Words("标题", "a title"), self.problems)
        zh, en = self.texts.text(said, "zh"), self.texts.text(said, "en")
        return _words({"zh": zh.value if zh else "", "en": en.value if en else ""})

    def _rules(self) -> Iterator[tuple[str, str]]:
        listed = self.tree.get("rules")
        for named in self.texts.texts(listed) if listed is not None else ():
            try:
                yield named.value, (self.path.parent / named.value).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                what = Words(f"读不了规则文件“{named.value}”", f"cannot read the rule file `{named.value}`")
                step = Words(
                    "路径从改革方案所在的文件夹算起；文件应是 UTF-8",
                    "the path starts at the reform's folder; the file should be UTF-8",
                )
                self.problems.append(Problem("reform.rules", what, named.place(), step))


def _incomplete(reform: Reform, place: Place) -> Iterator[Problem]:
    """What a reform cannot do without."""
    if not (reform.title.zh or reform.title.en):
        step = Words("例如 title: 低保标准提高五十元", "for example `title: dibao standard up by 50 yuan`")
        yield Problem("reform.title", Words("改革方案没有标题", "the reform has no title"), place, step)
    if not _ID.fullmatch(reform.id):
        what = Words(f"改革方案的编号“{reform.id}”不能用", f"`{reform.id}` cannot be a reform's id")
        step = Words("用小写字母、数字、下划线，如 standard_up_50", "use lower-case letters, digits, underscores")
        yield Problem("reform.id", what, place, step)
    if not reform.changes and not reform.rules:
        what = Words("改革方案里没有任何改动", "there is no change in the reform")
        yield Problem("reform.empty", what, place, _A_CHANGE)


def _words(said: str | Words | AnyMapping[str, str]) -> Words:
    if isinstance(said, Words):
        return said
    if isinstance(said, str):
        return Words(said.strip(), said.strip())
    zh, en = said.get("zh", "").strip(), said.get("en", "").strip()
    return Words(zh or en, en or zh)


def _rule_text(rule: str | Path, number: int) -> tuple[str, str]:
    return (rule.name, rule.read_text(encoding="utf-8-sig")) if isinstance(rule, Path) else (f"rules[{number}]", rule)


def _value_of(tree: Tree) -> object:
    """A tree as plain mappings, lists and texts."""
    if isinstance(tree, Text):
        return tree.value
    if isinstance(tree, Listing):
        return [_value_of(item) for item in tree.items]
    return {key: _value_of(item) for key, item in tree.entries.items()}


def _plain(value: object) -> object:
    """A value as it would stand in a file."""
    if isinstance(value, AnyMapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tree_of(values: AnyMapping[str, object], name: str, problems: list[Problem]) -> Mapping:
    """Changes given in Python as if they had been read from a file with one parameter on each line."""
    document = Document(name, [f"{key}: {_plain(value)}" for key, value in values.items()], problems)

    def tree(value: object, line: int, column: int) -> Tree:
        if isinstance(value, dict):
            keys = {key: Text(key, document, line, column) for key in value}
            return Mapping({k: tree(v, line, column) for k, v in value.items()}, keys, document, line, column)
        if isinstance(value, list):
            return Listing(tuple(tree(item, line, column) for item in value), document, line, column)
        return Text(str(value), document, line, column)

    keys = {str(key): Text(str(key), document, line, 1) for line, key in enumerate(values, 1)}
    entries = {
        str(key): tree(_plain(value), line, len(str(key)) + 3) for line, (key, value) in enumerate(values.items(), 1)
    }
    return Mapping(entries, keys, document, 1, 1)


# -- applying ----------------------------------------------------------------------------------------------------------


def with_figures(rulebook: Rulebook, values: AnyMapping[str, object], title: Words, id: str = "figures") -> Rulebook:
    """The rulebook with some figures set to values, on every day, be they those it has or not: for trying many in turn.

    Raises :class:`RequestProblems` as :meth:`Rulebook.reform` does, but not where nothing changes.
    """
    return _applied(rulebook, Reform(title=title, changes=values, id=id))


def reformed(rulebook: Rulebook, reform: Reform) -> Rulebook:
    """See :meth:`Rulebook.reform`."""
    result = _applied(rulebook, reform)
    _refuse_idle(rulebook, result, reform)
    return result


def _applied(rulebook: Rulebook, reform: Reform) -> Rulebook:
    application = _Application(rulebook, reform)
    result = application.apply()
    if application.problems:
        raise RequestProblems(
            sorted(dict.fromkeys(application.problems), key=lambda p: (p.place.file, p.place.line, p.place.column))
        )
    return result


def effects(baseline: Rulebook, changed: Rulebook, day: dt.date) -> tuple[Effect, ...]:
    """What the reforms that ``changed`` has and ``baseline`` has not make otherwise on a day."""
    layers = {layer.id for layer in changed.layers} - {layer.id for layer in baseline.layers}
    return tuple(_effects(baseline, changed, layers, day))


def _effects(baseline: Rulebook, changed: Rulebook, layers: set[str], day: dt.date) -> Iterator[Effect]:
    for id, parameter in changed.parameters.items():
        for key, figures in parameter.figures.items():
            if not any(figure.layer in layers for figure in figures):
                continue
            before, after = _reading(baseline, id, key, day), _reading(changed, id, key, day)
            if not _same(before.value, after.value):
                yield Effect("parameter", id, parameter.term, key, before.value, after.value)
    if not any(d.layer in layers for declared in changed.names.declarations.values() for d in declared):
        return
    rules, known = changed.on(day).rules, baseline.on(day).rules
    for effective_key, rule in rules.items():
        if rule.original.declaration.layer in layers and rule.original.target is not None:
            continue  # it acts where it is linked to
        mine = [d for d in (rule.definition, *rule.exceptions) if d.declaration.layer in layers]
        added = [key for key in rule.additions if any(d.layer in layers for d in changed.names.declarations[key])]
        if mine or added:
            old = known.get(effective_key)
            term = rule.original.declaration.term
            acting = [d.declaration.term for d in mine] + [rules[key].definition.declaration.term for key in added]
            was = None if old is None else old.definition.declaration.term
            yield Effect("rule", effective_key, term, (), was, "、".join(acting))


def _same(before: object, after: object) -> bool:
    if isinstance(before, Grid) and isinstance(after, Grid):
        rows = [[[cell.value for cell in row] for row in (grid.header, *grid.rows)] for grid in (before, after)]
        return rows[0] == rows[1]
    return before == after


def _reading(rulebook: Rulebook, id: str, key: Key, day: dt.date) -> Reading:
    return rulebook.on(day).reading(id, key)


def begins(baseline: Rulebook, changed: Rulebook) -> tuple[dt.date, ...]:
    """The days from which a reform may make something otherwise."""
    layers = {layer.id for layer in changed.layers} - {layer.id for layer in baseline.layers}
    figures = (f for p in changed.parameters.values() for cell in p.figures.values() for f in cell)
    days = {f.since for f in figures if f.layer in layers}
    rules = (d for declared in changed.names.declarations.values() for d in declared if d.layer in layers)
    days |= {declaration.start or ALWAYS for declaration in rules}
    return tuple(sorted(days))


def refuse_without_effect(baseline: Rulebook, changed: Rulebook, day: dt.date) -> tuple[Effect, ...]:
    """What a reform makes otherwise on a day. Raises :class:`RequestProblems` if that is nothing."""
    found = effects(baseline, changed, day)
    if found:
        return found
    reform = changed.reforms[-1]
    days = [d for d in _days(baseline, changed) if effects(baseline, changed, d)]
    later = [d for d in days if d > day]
    step = Words(
        "它写的就是这一天有效的数；请核对数值，或换一个基准日",
        "its figures are those in force on that day; check them, or choose another day",
    )
    if later:
        step = Words(
            f"它到 {later[0]} 才有变化；请换一个基准日，或改方案的日期",
            f"it first changes something on {later[0]}; choose another day, or change the reform's dates",
        )
    raise RequestProblems(
        [
            Problem(
                "reform.without-effect",
                Words(
                    f"改革方案“{reform.title.zh}”在 {day} 没有改变任何东西",
                    f"the reform “{reform.title.en}” changes nothing on {day}",
                ),
                Place(reform.written[0] if reform.written else ""),
                step,
            )
        ]
    )


def _days(baseline: Rulebook, changed: Rulebook) -> Iterator[dt.date]:
    """Days on which a change may first be seen: when the reform begins, and when anything changes after that."""
    first = begins(baseline, changed)
    yield from first
    yield from (day for day in changed.boundaries if first and day > first[0])


def _refuse_idle(baseline: Rulebook, changed: Rulebook, reform: Reform) -> None:
    """Refuse a reform that makes nothing otherwise on any day."""
    if any(effects(baseline, changed, day) for day in _days(baseline, changed)):
        return
    what = Words(
        f"改革方案“{reform.title.zh}”什么也没有改变：写的数值与原来一样，或永远轮不到它",
        f"the reform “{reform.title.en}” changes nothing: its values are those there are, or it never acts",
    )
    step = Words(
        "请核对数值和日期；现在的数值见 minzheng parameters", "check values and dates; `minzheng parameters` shows them"
    )
    open_ = _unknown_throughout(baseline, reform)
    if open_:
        zh, en = "、".join(one.term for one in open_), ", ".join(one.id for one in open_)
        what = Words(
            f"改革方案“{reform.title.zh}”什么也没有改变：{zh}现在未知，在未知的数上增减仍是未知",
            f"the reform “{reform.title.en}” changes nothing: {en} is not known, and a step from an unknown figure is unknown",
        )
        step = Words(
            f"请先补上现在的数，如 --set {open_[0].term}=…，或用 --overlay；也可以在方案里直接写新的数",
            f"give the figure of now first, as in --set {open_[0].id}=…, or an --overlay; or write the new figure into the reform",
        )
    raise RequestProblems(
        [Problem("reform.changes-nothing", what, Place(reform.written[0] if reform.written else ""), step)]
    )


def _unknown_throughout(baseline: Rulebook, reform: Reform) -> list[Parameter]:
    """The figures a reform steps from that are never known."""
    named = (one for one in baseline.parameters.values() if not {one.id, one.term}.isdisjoint(reform.changes))
    return [
        one
        for one in named
        if not one.indexes and all(baseline.on(day).reading(one.id).value is None for day in baseline.boundaries)
    ]


class _Application:
    """Lays one reform over one rulebook."""

    def __init__(self, rulebook: Rulebook, reform: Reform) -> None:
        self.rulebook, self.reform = rulebook, reform
        self.problems: list[Problem] = []
        self.layer = reform.layer

    def apply(self) -> Rulebook:
        book = self.rulebook
        if any(layer.id == self.layer.id for layer in book.layers):
            what = Words(
                f"已经加过编号为“{self.reform.id}”的改革方案",
                f"a reform with the id `{self.reform.id}` is in force already",
            )
            step = Words("请另给一个 id", "give it another `id`")
            raise RequestProblems([Problem("reform.twice", what, Place(), step)])
        names = book.names.copied()
        self._change_parameters(names)
        definitions: AnyMapping[str, Sequence[Definition]] = book.definitions
        if self.reform.rules or self._changes_tables(names):
            self._declare(names, self._files(names))
            resolution = Resolution(names, self.problems)
            definitions = resolution.resolve()
        return book.varied(
            names=names,
            definitions=definitions,
            layers=(*book.layers, self.layer),
            reforms=(*book.reforms, self.reform),
        )

    # -- figures -----------------------------------------------------------------------------------------------------

    def _change_parameters(self, names: Names) -> None:
        tree = self.reform.changes_tree(self.problems)
        reader = _ChangeReader(self.problems, names.enumerations, self.rulebook, self.layer.id, self.reform.reference)
        for name in tree or ():
            assert tree is not None
            parameter = names.parameters.get(names.parameters_by_term.get(name, name))
            if parameter is None:
                self._unknown_parameter(tree.keys[name], names)
                continue
            own = copy.copy(parameter)
            own.figures = {key: list(figures) for key, figures in parameter.figures.items()}
            names.parameters[parameter.id] = own
            reader.change(own, tree.entries[name])

    def _unknown_parameter(self, key: Text, names: Names) -> None:
        near = nearest(key.value, [*names.parameters, *names.parameters_by_term])
        step = (
            Words(f"您是否想写“{near}”？", f"did you mean `{near}`?")
            if near
            else Words("参数的名称见 minzheng parameters", "`minzheng parameters` lists the parameters' names")
        )
        what = Words(f"没有“{key.value}”这个参数", f"there is no parameter `{key.value}`")
        self.problems.append(Problem("reform.unknown-parameter", what, key.place(), step))

    def _changes_tables(self, names: Names) -> bool:
        """Whether a parameter that is a whole table changes, which the rules that look things up in it have to be read for."""
        return any(p.is_table and p is not self.rulebook.parameters[p.id] for p in names.parameters.values())

    # -- rules -------------------------------------------------------------------------------------------------------

    def _files(self, names: Names) -> Iterator[ProgramFile]:
        rules = RuleReader(self.problems)
        for name, text in self.reform.rules:
            tree = Reader(self.problems).read_text(text, name)
            if tree is None:
                continue
            file = rules.read(tree, names.vocabulary.kinds, names.kind_ids)
            if file is None:
                continue
            if file.layer != "reform":
                what = Words(
                    f"改革方案的规则文件应写 layer: reform，这里写着“{file.layer}”",
                    f"a reform's rule file has `layer: reform`, not `{file.layer}`",
                )
                self.problems.append(Problem("reform.layer", what, tree.entries["layer"].place()))
            for heading in ("facts", "decides", "stacking", "checks", "enums"):
                if heading in tree:
                    what = Words(
                        f"改革方案不能带 {heading}：它只能改动手册里已有的项目",
                        f"a reform cannot have `{heading}`: it changes programs the rulebook has",
                    )
                    step = Words(
                        "请写成一部自己的规则手册，用 --rulebook", "write a rulebook of your own, and use --rulebook"
                    )
                    self.problems.append(Problem("reform.heading", what, tree.keys[heading].place(), step))
            yield file

    def _declare(self, names: Names, files: Iterator[ProgramFile]) -> None:
        for file in files:
            for declaration in file.declarations:
                names.declare(
                    declaration.replaced(layer=self.layer.id, status=_status(declaration, file)), self.problems
                )
                self.rulebook.sources.check(declaration.cites, self.problems)


def _status(declaration: Declaration, file: ProgramFile) -> str:
    """A proposed rule is illustrative unless it says otherwise."""
    tree = file.tree.get(declaration.kind) if file.tree is not None else None
    rule = tree.get(declaration.id) if isinstance(tree, Mapping) else None
    said = isinstance(rule, Mapping) and (
        "status" in rule or (isinstance(rule.get("versions"), Mapping) and declaration.status != "verbatim")
    )
    return declaration.status if said or declaration.status != "verbatim" else "illustrative"


class _ChangeReader(ParameterReader):
    """Reads what a parameter becomes, in all the ways it may be written."""

    def __init__(
        self,
        problems: list[Problem],
        enumerations: AnyMapping[str, Enumeration],
        baseline: Rulebook,
        layer: str,
        reference: str,
    ) -> None:
        super().__init__(problems, enumerations)
        self.baseline, self.layer, self.reference = baseline, layer, reference

    def _reference(self, body: Tree) -> Text | None:
        """Where the reform was proposed, as the source of its figures."""
        return Text(self.reference, body.document, body.line, body.column) if self.reference else None

    def change(self, parameter: Parameter, said: Tree) -> None:
        """Add the figures a change says to a parameter."""
        dated = isinstance(said, Mapping) and bool(said.entries) and all(_DATE.fullmatch(key) for key in said)
        if not dated:
            self._change(parameter, said, ALWAYS)
            return
        assert isinstance(said, Mapping)
        for written in said:
            day = self._rules.date(said.keys[written])
            if day is not None:
                self._change(parameter, said.entries[written], day)

    def _change(self, parameter: Parameter, body: Tree, day: dt.date) -> None:
        if isinstance(body, Mapping) and ("add" in body or "times" in body):
            for key in list(parameter.figures):
                self._step(parameter, key, body, day)
            return
        default = ("illustrative", self._reference(body))
        if parameter.is_table:
            self._table(parameter, body, day, self.layer, True, default)
        elif parameter.indexes:
            self._rows(parameter, body, day)
        else:
            figure = self._figure(parameter, body, day, self.layer, True, default)
            if figure is not None:
                self._put(parameter, (), figure)

    def _rows(self, parameter: Parameter, body: Tree, day: dt.date) -> None:
        """The rows that change; the others stay as they are."""
        if isinstance(body, Mapping) and len(parameter.indexes) == 1 and list(body) != ["changes"]:
            steps = {n: b for n, b in body.entries.items() if isinstance(b, Mapping) and ("add" in b or "times" in b)}
            for name, step in steps.items():
                id = self._index(parameter.indexes[0], body.keys[name])
                if id is not None and isinstance(step, Mapping):
                    self._step(parameter, (id,), step, day)
            rest = {name: inner for name, inner in body.entries.items() if name not in steps}
            if steps and not rest:
                return
            body = Mapping(rest, body.keys, body.document, body.line, body.column)
        if not (isinstance(body, Mapping) and list(body) == ["changes"]):
            key = Text("changes", body.document, body.line, body.column)
            body = Mapping({"changes": body}, {"changes": key}, body.document, body.line, body.column)
        self._indexed(parameter, body, day, self.layer, True, ("illustrative", self._reference(body)))

    # -- steps -------------------------------------------------------------------------------------------------------

    def _step(self, parameter: Parameter, key: Key, body: Mapping, day: dt.date) -> None:
        """So much more, or so many times, than the figure in force, from a day on and as that figure goes on changing."""
        known_keys(body, RELATIVE_KEYS, Words("一步改动", "a step"), self.problems)
        if parameter.is_table or not isinstance(parameter.type, Quantity):
            what = Words(
                f"“{parameter.term}”不是数，不能用 add 或 times",
                f"`{parameter.id}` is no number: it takes no `add` or `times`",
            )
            self._add("reform.step", what, body.place(), _A_CHANGE)
            return
        more, times = self._amount(parameter, body), self._factor(body)
        if more is None or times is None:
            return
        ends = self._rules.text(body, "until")
        until = self._rules.date(ends) if ends is not None else None
        for since in self._days(parameter, key, day, until):
            before = self.baseline.on(since).reading(parameter.id, key).value
            value = Fraction(before) * times + more if isinstance(before, int | Fraction) else None
            self._put(parameter, key, self._stepped(parameter, body, value, since, until))

    def _stepped(
        self, parameter: Parameter, body: Mapping, value: Fraction | None, since: dt.date, until: dt.date | None
    ) -> Figure:
        status, note = self._rules.text(body, "status"), self._rules.text(body, "note")
        if value is not None:
            self._check_step(parameter, value, body)
        plain = None if value is None else value.numerator if value.denominator == 1 else value
        return Figure(
            plain,
            "unknown" if value is None else self._rules.status(status) if status is not None else "illustrative",
            *self._cited(body.get("source") or self._reference(body)),
            note.value if note is not None else "",
            self.layer,
            since,
            until,
            body.place(),
            True,
        )

    def _check_step(self, parameter: Parameter, value: Fraction, body: Mapping) -> None:
        """A step must lead to a figure the parameter may have, in whole fen."""
        unit = parameter.type.unit if isinstance(parameter.type, Quantity) else None
        scale = unit.scale if unit is not None else 1
        if scale == 100 and value.denominator != 1:
            what = Words(
                f"这一步得出的“{parameter.term}”不是整分",
                f"the step makes `{parameter.id}` a figure that is no whole fen",
            )
            step = Words("请直接写出新的数值", "write the new figure itself")
            self._add("reform.whole-fen", what, body.place(), step)
            return
        low, high = parameter.low, parameter.high
        if (isinstance(low, int | Fraction) and value < low) or (isinstance(high, int | Fraction) and value > high):
            what = Words(
                f"这一步使“{parameter.term}”超出可能的范围",
                f"the step takes `{parameter.id}` out of the range it can have",
            )
            self._add("reform.out-of-range", what, body.place(), Words("请改小这一步", "take a smaller step"))

    def _days(self, parameter: Parameter, key: Key, day: dt.date, until: dt.date | None) -> list[dt.date]:
        """The day a step begins, and those after it on which the figure it starts from changes."""
        figures = self.baseline.parameters[parameter.id].figures.get(key, ())
        days = {figure.since for figure in figures if figure.since > day}
        days |= {figure.until + dt.timedelta(days=1) for figure in figures if figure.until and figure.until >= day}
        days |= {since for since, _ in parameter.setters if since > day}
        return sorted(d for d in days | {day} if until is None or d <= until)

    def _amount(self, parameter: Parameter, body: Mapping) -> Fraction | None:
        written = self._rules.text(body, "add")
        if written is None:
            return Fraction(0)
        value = self._scalar(parameter.type, written)
        return Fraction(value) if isinstance(value, int | Fraction) else None

    def _factor(self, body: Mapping) -> Fraction | None:
        written = self._rules.text(body, "times")
        if written is None:
            return Fraction(1)
        value = self._scalar(Quantity(None), written)
        return Fraction(value) if isinstance(value, int | Fraction) else None


_A_CHANGE: Final = Words(
    "例如 changes: {低保标准: {2025-07-01: 1050}}，或 {低保标准: {add: 50}}",
    "for example changes: {dibao_standard: {2025-07-01: 1050}}, or {dibao_standard: {add: 50}}",
)
