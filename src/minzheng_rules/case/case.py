"""A case: one root entity, the date it is decided for, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from minzheng_rules.case.about import ABOUT, FORMAT
from minzheng_rules.case.checks import settle
from minzheng_rules.case.choices import Choice
from minzheng_rules.case.entity import Entity, Flaw
from minzheng_rules.case.identity import holds_id_number
from minzheng_rules.case.quantities import ID_IN_TEXT, UnreadableError, read_day, read_text
from minzheng_rules.case.reading import read_file, read_json
from minzheng_rules.case.refusals import Locate, in_reading_order, nowhere, problem_of, problems_of, shown
from minzheng_rules.problems import CaseProblems, Place, Problem, Words


@dataclass(frozen=True)
class Case:
    """One case to decide: a root entity, such as a household, with the date and the place.

    A case is checked as a whole when it is made: ids are unique and references meet somebody, a household has
    one applicant, nobody is born after the date of the case. :class:`~minzheng_rules.problems.CaseProblems` lists
    all that is wrong. Two appearances of one person (``same_as``) are joined: each gets the facts of the other.

    >>> case = Case.parse({"基准日": "2025-06-01", "申报成员": [{"关系": "本人", "出生日期": "1950-01-02"}]})
    >>> case.as_of, case.root.members[0].birth_date
    (datetime.date(2025, 6, 1), datetime.date(1950, 1, 2))
    """

    root: Entity
    as_of: dt.date | None = None
    """The date the case is decided for, unless another is asked for."""
    place: str | None = None
    """The id of the place whose rules apply, such as ``haining``."""
    title: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        root, flaws = settle(self.root, self.as_of)
        flaws = [*flaws, *self._flaws_of_words()]
        if flaws:
            raise FlawedCaseProblems(flaws, type(self.root))
        object.__setattr__(self, "root", root)

    @classmethod
    def of(
        cls,
        root: Entity,
        *,
        as_of: dt.date | str | None = None,
        place: str | None = None,
        title: str = "",
        note: str = "",
    ) -> Case:
        """A case around an entity made in Python; ``as_of`` may be text such as ``"2025-06-01"``."""
        return cls(root, None if as_of is None else _day(as_of), place, title, note)

    @classmethod
    def parse(
        cls, entered: Mapping[str, Any], model: type[Entity] | None = None, *, locate: Locate = nowhere, file: str = ""
    ) -> Case:
        """A case from plain data: the facts of the root entity, and beside them ``as_of``, ``place``, ``title``,
        ``note``.

        Keys may be English or Chinese. ``model`` is the root's model; if none is given, that of the kind the data
        names (``case: worker``), and a household if it names none. Raises
        :class:`~minzheng_rules.problems.CaseProblems` with everything that is wrong, each problem with its path,
        the value and what was expected.

        >>> try:
        ...     Case.parse({"members": [{"relation": "applicant", "wages": [{"amount": "1,820"}]}]})
        ... except CaseProblems as wrong:
        ...     print(wrong.problems[0].what.en)
        amount cannot be "1,820": expected an amount in yuan, at most two decimals, such as 1820.10
        """
        if model is None:
            model = _model_named(entered)
        if not isinstance(entered, Mapping):
            said = shown(entered)
            what = Words(
                f"案件不能是{said.zh}：应为一组键值",
                f"a case cannot be {said.en}: expected a mapping of facts to values",
            )
            raise CaseProblems([Problem("not-a-mapping", what, Place(file))])
        about, facts, problems = _divided(entered, model, locate)
        root: Entity | None = None
        try:
            root = model.model_validate(facts)
        except ValidationError as error:
            problems += problems_of(error, model, entered, locate)
        if root is not None and not problems:
            try:
                return cls(root, **about)
            except FlawedCaseProblems as found:
                problems = [problem_of(flaw, model, entered, locate) for flaw in found.flaws]
        raise CaseProblems(in_reading_order(problems))

    @classmethod
    def read(cls, path: str | Path, model: type[Entity] | None = None) -> Case:
        """A case from a YAML or JSON file; problems name line and column. See :meth:`parse`."""
        document = read_file(path)
        return cls.parse(document.data, model, locate=document.place, file=document.file)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str, model: type[Entity] | None = None) -> Case:
        """A case from what :meth:`to_json` gave, as a mapping or as JSON text."""
        return cls.parse(read_json(data).data if isinstance(data, str) else data, model)

    def to_json(self) -> dict[str, Any]:
        """The canonical form: English keys in order, money as decimal text, what is unknown left out, no ID number.

        >>> from minzheng_rules.case.household import Household, Member
        >>> Case.of(Household(members=[Member(id="甲", relation="applicant")]), as_of="2025-06-01").to_json()["members"]
        [{'id': '甲', 'relation': 'applicant'}]
        """
        about = {
            "format": FORMAT,
            "case": self.root.kind,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "place": self.place,
            "title": self.title or None,
            "note": self.note or None,
        }
        said = {key: value for key, value in about.items() if value is not None}
        return dict(sorted({**said, **_plain(self.root)}.items()))

    def on(self, as_of: dt.date | str) -> Case:
        """The same case for another date, checked against it."""
        return replace(self, as_of=_day(as_of))

    def with_root(self, root: Entity) -> Case:
        """The same case with other facts, checked again."""
        return replace(self, root=root)

    def _flaws_of_words(self) -> list[Flaw]:
        said = (("place", self.place), ("title", self.title), ("note", self.note))
        return [
            Flaw(
                (name,),
                ID_IN_TEXT.code,
                Words(f"“{ABOUT[name]}”{ID_IN_TEXT.words.zh}", f"{name} {ID_IN_TEXT.words.en}"),
            )
            for name, text in said
            if text and holds_id_number(text)
        ]


class FlawedCaseProblems(CaseProblems):
    """A case whose facts do not fit together. Keeps the flaws by path, so that each can be put in its line."""

    def __init__(self, flaws: list[Flaw], model: type[Entity]) -> None:
        self.flaws = flaws
        super().__init__(problem_of(flaw, model, {}) for flaw in flaws)


def _day(written: dt.date | str) -> dt.date:
    try:
        return read_day(written)
    except UnreadableError as error:
        said, expected = shown(written), error.expected.words
        what = Words(f"“基准日”不能是{said.zh}：{expected.zh}", f"as_of cannot be {said.en}: {expected.en}")
        raise CaseProblems([Problem(error.expected.code, what, Place(path="as_of"))]) from None


def _model_named(entered: object) -> type[Entity]:
    """The model of the kind of case that entered data names."""
    from minzheng_rules.case.kinds import KINDS, kind_named

    named = entered.get("case", entered.get("案件")) if isinstance(entered, Mapping) else None
    return KINDS[kind_named(named) or "household"].load()


def _divided(
    entered: Mapping[str, Any], model: type[Entity], locate: Locate
) -> tuple[dict[str, Any], dict[Any, Any], list[Problem]]:
    """What is said about the case, the facts of its root, and what is wrong with the former."""
    names = {written: id for id, term in ABOUT.items() for written in (id, term)}
    about: dict[str, Any] = {}
    facts: dict[Any, Any] = {}
    problems: list[Problem] = []
    for key, value in entered.items():
        name = names.get(key)
        if name is None:
            facts[key] = value
        elif name in about and value is not None:
            twice = Words(
                f"“{ABOUT[name]}”填了两次：中文一次，英文一次", f"{name} is stated twice, in Chinese and in English"
            )
            problems.append(_about_problem(name, key, "stated-twice", twice, locate))
        elif value is not None:
            try:
                about[name] = read_day(value) if name == "as_of" else read_text(value)
            except UnreadableError as error:
                said, expected = shown(value), error.expected.words
                zh = f"“{ABOUT[name]}”不能是{said.zh}：{expected.zh}"
                problems.append(
                    _about_problem(
                        name, key, error.expected.code, Words(zh, f"{name} cannot be {said.en}: {expected.en}"), locate
                    )
                )
    problems += _problems_of_form(about, entered, model, locate)
    about.pop("format", None)
    about.pop("case", None)
    return about, facts, problems


def _about_problem(
    name: str, key: str, code: str, what: Words, locate: Locate, next_step: Words | None = None
) -> Problem:
    place = locate((key,), False)
    return Problem(code, what, Place(place.file, place.line, place.column, place.text, name), next_step)


def _problems_of_form(
    about: Mapping[str, Any], entered: Mapping[str, Any], model: type[Entity], locate: Locate
) -> list[Problem]:
    from minzheng_rules.case.kinds import KINDS, kind_named

    problems = []
    kind, form = about.get("case"), about.get("format")
    if form is not None and form != FORMAT:
        said = shown(form)
        what = Words(f"“格式”不能是{said.zh}：应为 {FORMAT}", f"format cannot be {said.en}: expected {FORMAT}")
        problems.append(
            _about_problem("format", "format" if "format" in entered else "格式", "unknown-format", what, locate)
        )
    if kind is not None and kind not in (model.kind, model.term):
        said = shown(kind)
        shipped = model.kind in KINDS and issubclass(model, KINDS[model.kind].load())
        expected = (
            {model.kind: model.term}
            if kind_named(kind) or not shipped
            else {id: known.term for id, known in KINDS.items()}
        )
        one_of = ("", "") if len(expected) == 1 else (" 之一", "one of ")
        what = Words(
            f"“案件”不能是{said.zh}：应为 " + "、".join(f"{id}（{term}）" for id, term in expected.items()) + one_of[0],
            f"case cannot be {said.en}: expected {one_of[1]}{', '.join(expected)}",
        )
        problems.append(_about_problem("case", "case" if "case" in entered else "案件", "unknown-case", what, locate))
    return problems


def _plain(value: Any) -> Any:
    """A value of the model in JSON's terms, keys sorted, nothing that is unknown or empty of meaning."""
    if isinstance(value, BaseModel):
        plain = {
            name: _plain(item)
            for name, field in type(value).model_fields.items()
            if not field.exclude and (item := getattr(value, name)) is not None
        }
        for name in ("declared_none", "findings", "origins"):
            if not plain.get(name, True):
                del plain[name]
        return dict(sorted(plain.items()))
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Choice):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, dt.date) else value
