"""What is wrong with an entered case, in our own words: each refusal names path, value and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError

from minzheng_rules.case.about import ABOUT
from minzheng_rules.case.choices import Choice
from minzheng_rules.case.entity import Entity, Finding, Flaw
from minzheng_rules.case.identity import mask_id_numbers
from minzheng_rules.case.outline import facts_of, names_of
from minzheng_rules.problems import Place, Problem, Words, nearest

Path: TypeAlias = tuple[str | int, ...]
"""Where something is in a case: English field names and list positions."""
Keys: TypeAlias = tuple[str | int, ...]
"""The same, in the keys that were actually written."""
Locate: TypeAlias = Callable[[Keys, bool], Place]
"""Finds what was written: the value under the keys, or (``True``) the last key itself."""

_LONGEST_SHOWN = 40
_COLON = Words("冒号要用半角，后面空一格（关系: 本人）", "write a plain colon and a space (relation: applicant)")


def nowhere(_keys: Keys, _at_key: bool) -> Place:
    """The place of a case that was not read from a file."""
    return Place()


def problems_of(
    error: ValidationError, model: type[Entity], entered: object, locate: Locate = nowhere
) -> list[Problem]:
    """Every refusal in a validation error, in our own words and in their places."""
    problems = [_problem(refused, model, entered, locate) for refused in error.errors(include_url=False)]
    return in_reading_order(problems)


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as they stand in the file; without a file, as they were found."""
    return sorted(problems, key=lambda problem: (problem.place.line, problem.place.column))


def problem_of(flaw: Flaw, model: type[Entity], entered: object, locate: Locate = nowhere) -> Problem:
    """A flaw of the whole case as a problem, placed where it was written."""
    written = _written(flaw.path, model, entered)
    return Problem(flaw.code, flaw.what, _placed(locate(written, False), flaw.path), flaw.next_step)


def shown(value: object) -> Words:
    """A value as a message shows it: short, and never an ID number.

    >>> shown("1,820").zh, shown(-500.0).en, shown("110101190001010000").zh
    ('“1,820”', '-500.0', '“******************”')
    """
    if value is None:
        return Words("空", "empty")
    if isinstance(value, bool):
        return Words(str(value).lower(), str(value).lower())
    if isinstance(value, Choice):
        return Words(f"“{value.term}”", f'"{value.value}"')
    if isinstance(value, Mapping):
        return Words("一组键值", "a mapping")
    if isinstance(value, list | tuple):
        return Words("一个列表", "a list") if value else Words("空列表", "an empty list")
    if isinstance(value, BaseModel):
        return Words("一个对象", f"a {type(value).__name__}")
    written = mask_id_numbers(" ".join(str(value).split()))
    if len(written) > _LONGEST_SHOWN:
        written = written[: _LONGEST_SHOWN - 1] + "…"
    return Words(f"“{written}”", f'"{written}"') if isinstance(value, str) else Words(written, written)


def path_text(path: Iterable[str | int]) -> str:
    """A path as messages write it.

    >>> path_text(("members", 0, "wages", 1, "amount"))
    'members[0].wages[1].amount'
    """
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return mask_id_numbers(text)


# --- placing ---


def _placed(place: Place, path: Path) -> Place:
    return Place(place.file, place.line, place.column, place.text, path_text(path))


def _written(path: Path, model: type[Entity], entered: object) -> Keys:
    """The keys under which a path was written: Chinese or English, as far as anything was written there at all."""
    keys: list[str | int] = []
    current: object = entered
    kind: type[BaseModel] | None = model
    for step in path:
        key: str | int = step
        field = kind.model_fields.get(step) if kind is not None and isinstance(step, str) else None
        if field is not None and field.alias and isinstance(current, Mapping) and field.alias in current:
            key = field.alias
        if isinstance(current, Mapping) and key in current:
            current = current[key]
        elif isinstance(current, list | tuple) and isinstance(key, int):
            current = current[key] if key < len(current) else None
        else:
            break
        keys.append(key)
        kind = _model_of(kind, step)
    return tuple(keys)


def _model_of(model: type[BaseModel] | None, name: str | int) -> type[BaseModel] | None:
    """The model of what a field holds; of anything else, the model itself."""
    if model is None or not issubclass(model, Entity) or not isinstance(name, str):
        return model
    if name == "findings":
        return Finding
    fact = facts_of(model).get(name)
    return None if fact is None else fact.model


def _owner(path: Path, root: type[Entity]) -> type[BaseModel]:
    """The model whose field the last step of the path is."""
    owner: type[BaseModel] = root
    for step in path[:-1]:
        owner = _model_of(owner, step) or owner
    return owner


# --- wording ---


def _problem(refused: Any, model: type[Entity], entered: object, locate: Locate) -> Problem:
    path: Path = (*refused["loc"], *(refused.get("ctx") or {}).get("below", ()))
    code, what, next_step = _worded(refused, path, model)
    at_key = refused["type"] == "extra_forbidden"
    written = (*_written(path[:-1], model, entered), path[-1]) if at_key else _written(path, model, entered)
    return Problem(code, what, _placed(locate(written, at_key), path), next_step)


def _worded(refused: Any, path: Path, root: type[Entity]) -> tuple[str, Words, Words | None]:
    kind, value = refused["type"], refused["input"]
    context: dict[str, Any] = refused.get("ctx") or {}
    name = _name(path, root)
    if kind == "extra_forbidden":
        return _unknown_key(str(path[-1]), path, root)
    if kind == "invalid_key":
        return "bad-key", Words("键应为文字", "a key must be text"), None
    if kind == "missing":
        return "missing", Words(f"缺少{name.zh}", f"{name.en} is missing"), None
    if kind == "enum":
        return _not_a_choice(value, path, root, name)
    if "zh" in context and "en" in context:
        expected, code = Words(context["zh"], context["en"]), kind
    elif kind in ("model_type", "dict_type", "model_attributes_type"):
        code, expected = "not-a-mapping", Words("应为一组键值", "expected a mapping of facts to values")
    elif kind in ("tuple_type", "list_type"):
        code, expected = "not-a-list", Words("应为列表", "expected a list")
    elif kind == "string_type":
        code, expected = "not-text", Words("应为文字", "expected text")
    elif kind in ("value_error", "assertion_error"):
        # A caller's own model may check more than we know of; its words are the author's, not pydantic's.
        words = mask_id_numbers(str(context.get("error", "")))
        code, expected = "refused", Words(words, words)
    else:
        code, expected = "refused", Words("不能这样填", "cannot be entered like this")
    if path and path[-1] == "id_number":
        return code, Words(f"{name.zh}不能用：{expected.zh}", f"{name.en} cannot be used: {expected.en}"), None
    if code in ("cannot-be-none", "declared-but-stated"):
        return code, expected, None
    said = shown(value)
    what = Words(f"{name.zh}不能是{said.zh}：{expected.zh}", f"{name.en} cannot be {said.en}: {expected.en}")
    return code, what, _COLON if code == "not-a-mapping" and "：" in str(value) else None


def _name(path: Path, root: type[Entity]) -> Words:
    """What a message calls the thing at the end of a path: 月金额, the second of wages …"""
    if not path:
        return Words(root.term, root.kind)
    last, owner = path[-1], _owner(path, root)
    if isinstance(last, int):
        of = _name(path[:-1], root)
        return Words(f"{of.zh}第 {last + 1} 项", f"item {last + 1} of {of.en}")
    field = owner.model_fields.get(last)
    if field is None or not field.alias:
        return Words(f"“{last}”", last)
    return Words(f"“{field.alias}”", last)


def _unknown_key(key: str, path: Path, root: type[Entity]) -> tuple[str, Words, Words | None]:
    owner = _owner(path, root)
    names = {name: name for name in owner.model_fields}
    names.update({field.alias: name for name, field in owner.model_fields.items() if field.alias})
    said = shown(key)
    if key in names:
        term = owner.model_fields[names[key]].alias
        what = Words(
            f"“{term}”填了两次：中文一次，英文（{names[key]}）一次",
            f"{names[key]} is stated twice, in Chinese and in English",
        )
        return "stated-twice", what, Words("只留一处", "keep one of them")
    kind, kind_term = getattr(owner, "kind", ""), getattr(owner, "term", "")
    what = Words(f"{kind_term}没有{said.zh}这一项", f"a {kind} has no fact called {said.en}")
    return "unknown-fact", what, _what_was_meant(key, names, path, root)


def _what_was_meant(key: str, names: dict[str, str], path: Path, root: type[Entity]) -> Words:
    terms = {name: term for term, name in names.items() if term != name}
    if len(path) == 1:
        terms = {**terms, **ABOUT}
    partner = {**terms, **{term: name for name, term in terms.items()}}
    guess = nearest(key, partner)
    if guess is not None:
        return Words(f"是否指“{guess}”（{partner[guess]}）？", f"did you mean {guess} ({partner[guess]})?")
    if key.isdecimal():
        return Words(
            "数字里不写千位逗号，逗号会断开前一项", "write numbers without commas: a comma ends the item before it"
        )
    holder = _holder_of(key, root)
    if holder is not None:
        return Words(
            f"这一项属于“{holder.term}”（{holder.kind}）", f"that fact belongs to a {holder.kind} ({holder.term})"
        )
    return Words("可填的各项见 minzheng template", "see `minzheng template` for all that can be entered")


def _holder_of(key: str, model: type[Entity], seen: tuple[type, ...] = ()) -> type[Entity] | None:
    """The kind below the root that does have a fact of this name."""
    for fact in facts_of(model).values():
        below = fact.model
        if below is None or below in seen or not issubclass(below, Entity):
            continue
        if key in names_of(below):
            return below
        found = _holder_of(key, below, (*seen, model))
        if found is not None:
            return found
    return None


def _not_a_choice(value: object, path: Path, root: type[Entity], name: Words) -> tuple[str, Words, Words | None]:
    owner, said = _owner(path, root), shown(value)
    fact = facts_of(owner).get(str(path[-1])) if issubclass(owner, Entity) else None
    if fact is None or fact.enum is None:
        return "not-a-choice", Words(f"{name.zh}不能是{said.zh}", f"{name.en} cannot be {said.en}"), None
    terms = "、".join(choice.term for choice in fact.enum)
    ids = ", ".join(choice.value for choice in fact.enum)
    what = Words(
        f"{name.zh}不能是{said.zh}：应为 {terms} 之一", f"{name.en} cannot be {said.en}: expected one of {ids}"
    )
    covering = fact.enum.covering(value) if isinstance(value, str) else None
    if covering is not None:
        step = Words(
            f"{said.zh}在这里填作“{covering.term}”（{covering.value}）",
            f"{said.en} is entered here as {covering.value} ({covering.term})",
        )
        return "not-a-choice", what, step
    by_word = {word: choice for choice in fact.enum for word in (choice.value, choice.term)}
    guess = nearest(value, by_word) if isinstance(value, str) else None
    if guess is None:
        return "not-a-choice", what, None
    choice = by_word[guess]
    return (
        "not-a-choice",
        what,
        Words(f"是否指“{choice.term}”（{choice.value}）？", f"did you mean {choice.value} ({choice.term})?"),
    )
