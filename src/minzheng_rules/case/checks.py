"""What must hold of a case as a whole: ids, references, dates, and one person stated in two places.

Each check is a function that returns all its findings. Only what is certainly wrong is one: a fact that is merely
unlikely is for a person to look at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple, cast

from minzheng_rules.case.entity import Entity, Flaw
from minzheng_rules.case.outline import facts_of, outline_of
from minzheng_rules.case.refusals import Path, path_text, shown
from minzheng_rules.case.someone import Someone
from minzheng_rules.problems import Words, nearest


class Found(NamedTuple):
    """An entity in a case: where, which, and the birth date of the person it belongs to."""

    path: Path
    entity: Entity
    born: dt.date | None


def settle(root: Entity, as_of: dt.date | None) -> tuple[Entity, list[Flaw]]:
    """The case's root with appearances joined and certain consequences filled in, and everything that is wrong."""
    everything = list(walk(root))
    flaws = [*duplicate_ids(everything), *unknown_references(everything), *dates_out_of_order(everything, as_of)]
    joined = root
    if not flaws:
        joined, flaws = join_appearances(root, everything)
    for found in everything if joined is root else walk(joined):
        for flaw in found.entity.flaws():
            flaws.append(Flaw((*found.path, *flaw.path), flaw.code, flaw.what, flaw.next_step))
    return (joined if flaws else joined.settled()), flaws


def walk(entity: Entity, path: Path = (), born: dt.date | None = None) -> Iterator[Found]:
    """The entity and everything below it, each with its path."""
    born = getattr(entity, "birth_date", None) or born
    yield Found(path, entity, born)
    for fact in outline_of(type(entity)).below:
        below = getattr(entity, fact.id)
        if below is None:
            continue
        if fact.shape == "list":
            for place, item in enumerate(below):
                yield from walk(item, (*path, fact.id, place), born)
        else:
            yield from walk(below, (*path, fact.id), born)


def duplicate_ids(everything: list[Found]) -> Iterator[Flaw]:
    """Ids that stand for two things."""
    first: dict[str, Path] = {}
    for found in everything:
        id = found.entity.id
        if id is None:
            continue
        if id in first:
            said, where = shown(id), path_text(first[id]) or "…"
            yield Flaw(
                (*found.path, "id"),
                "duplicate-id",
                Words(f"编号{said.zh}重复：{where} 已用", f"id {said.en} is used twice, first for {where}"),
                Words(
                    "换一个编号；若是同一人，第二处写“同一人: …”",
                    "use another id; if it is the same person, write `same_as` in the second place",
                ),
            )
        else:
            first[id] = found.path


def unknown_references(everything: list[Found]) -> Iterator[Flaw]:
    """References to nobody, to the wrong kind of thing, or to oneself."""
    by_id = {found.entity.id: found.entity for found in everything if found.entity.id is not None}
    owner: Entity | None = None
    for found in everything:
        references = [(fact.id, fact.term, fact.kind) for fact in outline_of(type(found.entity)).refs]
        if isinstance(found.entity, Someone):
            owner = found.entity
            references.append(("same_as", "同一人", None))
        for name, term, kind in references:
            id = getattr(found.entity, name)
            flaw = None if id is None else _flaw_of_reference(id, kind, by_id, owner, name, term)
            if flaw is not None:
                yield Flaw((*found.path, name), *flaw)


def _flaw_of_reference(
    id: str, kind: str | None, by_id: dict[str, Entity], owner: Entity | None, name: str, term: str
) -> tuple[str, Words, Words | None] | None:
    said = shown(id)
    target = by_id.get(id)
    if target is None:
        people = [known for known, entity in by_id.items() if isinstance(entity, Someone)]
        guess = nearest(id, people)
        step = Words(f"是否指“{guess}”？", f"did you mean {guess}?") if guess else None
        if guess is None:
            known = Words("、".join(people) or "无", ", ".join(people) or "none")
            step = Words(f"已有的编号：{known.zh}", f"ids there are: {known.en}")
        return (
            "unknown-id",
            Words(f"“{term}”{said.zh}：案件中没有这个编号", f"{name} {said.en}: no such id in the case"),
            step,
        )
    kinds = {base.__dict__["kind"] for base in type(target).__mro__ if "kind" in base.__dict__}
    if not isinstance(target, Someone) if kind is None else kind not in kinds:
        wanted = Words("人", "person") if kind is None else _called(kind)
        is_now = _called(target.kind)
        return (
            "wrong-kind",
            Words(
                f"“{term}”{said.zh}是{is_now.zh}，应为{wanted.zh}",
                f"{name} {said.en} is a {is_now.en}, expected a {wanted.en}",
            ),
            None,
        )
    if target is owner:
        return "refers-to-self", Words(f"“{term}”不能是本人自己", f"{name} cannot be the person themself"), None
    return None


def _called(kind: str) -> Words:
    """What a kind of entity is called."""
    models = [Entity]
    for model in models:
        if model.__dict__.get("kind") == kind:
            return Words(model.term, kind.replace("_", " "))
        models += model.__subclasses__()
    return Words(kind, kind)


def dates_out_of_order(everything: list[Found], as_of: dt.date | None) -> Iterator[Flaw]:
    """Dates after the date of the case, before birth, or ending before they begin."""
    for path, entity, born in everything:
        for fact in outline_of(type(entity)).dates:
            day: dt.date | None = getattr(entity, fact.id)
            if day is None:
                continue
            if as_of is not None and day > as_of and not fact.may_be_future:
                yield Flaw(
                    (*path, fact.id),
                    "date-in-future",
                    Words(
                        f"“{fact.term}”{day} 晚于基准日 {as_of}",
                        f"{fact.id} {day} is after the date of the case, {as_of}",
                    ),
                )
            if born is not None and day < born and (as_of is None or born <= as_of):
                yield Flaw(
                    (*path, fact.id),
                    "date-before-birth",
                    Words(
                        f"“{fact.term}”{day} 早于出生日期 {born}", f"{fact.id} {day} is before the birth date, {born}"
                    ),
                )
        yield from _ending_before_it_begins(path, entity)


def _ending_before_it_begins(path: Path, entity: Entity) -> Iterator[Flaw]:
    facts = facts_of(type(entity))
    if "since" not in facts or "until" not in facts:
        return
    since, until = (getattr(entity, name) for name in ("since", "until"))
    if since is not None and until is not None and until < since:
        yield Flaw(
            (*path, "until"),
            "ends-before-it-begins",
            Words(
                f"“{facts['until'].term}”{until} 早于“{facts['since'].term}”{since}",
                f"until {until} is before since {since}",
            ),
        )


# --- one person in two places ---


def join_appearances(root: Entity, everything: list[Found]) -> tuple[Entity, list[Flaw]]:
    """The root with every appearance of a person given what was stated for the others, and the disagreements."""
    groups = _appearances(everything)
    if not groups:
        return root, []
    flaws: list[Flaw] = []
    changed: dict[Path, Entity] = {}
    for group in groups:
        twice = list(_twice_in_one_list(group))
        flaws += twice
        if twice:
            continue
        shared = set.intersection(*(set(facts_of(type(found.entity))) for found in group))
        stated: dict[str, Found] = {}
        for found in group:
            for name in shared:
                value = _stated(found.entity, name)
                if value is None:
                    continue
                if name not in stated:
                    stated[name] = found
                elif _stated(stated[name].entity, name) != value:
                    flaws.append(_disagreement(found, stated[name], name))
        for found in group:
            changed[found.path] = _completed(found.entity, shared, stated)
    return (_replaced(root, (), changed) if not flaws else root), flaws


def _appearances(everything: list[Found]) -> list[list[Found]]:
    people = [found for found in everything if isinstance(found.entity, Someone)]
    if not any(cast(Someone, found.entity).same_as for found in people):
        return []
    by_id = {found.entity.id: number for number, found in enumerate(people) if found.entity.id is not None}
    group = list(range(len(people)))
    for number, found in enumerate(people):
        wanted = cast(Someone, found.entity).same_as
        other = None if wanted is None else by_id.get(wanted)
        if other is not None:
            first, second = group[number], group[other]
            group = [min(first, second) if member in (first, second) else member for member in group]
    gathered: dict[int, list[Found]] = {}
    for number, found in enumerate(people):
        gathered.setdefault(group[number], []).append(found)
    return [together for together in gathered.values() if len(together) > 1]


def _twice_in_one_list(group: list[Found]) -> Iterator[Flaw]:
    seen: dict[Path, Found] = {}
    for found in group:
        if found.path[:-1] in seen:
            first = path_text(seen[found.path[:-1]].path)
            yield Flaw(
                (*found.path, "same_as"),
                "person-twice",
                Words(
                    f"同一人在同一名单中出现两次，另一处是 {first}",
                    f"the same person is twice in one list, also as {first}",
                ),
                Words("删去一处", "remove one of them"),
            )
        seen[found.path[:-1]] = found


def _disagreement(found: Found, first: Found, name: str) -> Flaw:
    fact = facts_of(type(found.entity))[name]
    here, there = shown(getattr(found.entity, name)), shown(getattr(first.entity, name))
    where = path_text(first.path)
    return Flaw(
        (*found.path, name),
        "appearances-disagree",
        Words(
            f"同一人的“{fact.term}”两处不一致：这里是{here.zh}，{where} 是{there.zh}",
            f"{name} differs between two appearances of the same person: {here.en} here, {there.en} in {where}",
        ),
        Words("只填一处，另一处会照此补上", "state it once; the other appearance takes it over"),
    )


def _stated(entity: Entity, name: str) -> object:
    """What was stated here; what was taken over from another appearance earlier is taken over again, if it still is."""
    return None if entity.origins.get(name) == "same_as" else getattr(entity, name)


def _completed(entity: Entity, shared: set[str], stated: dict[str, Found]) -> Entity:
    """The appearance with what is stated elsewhere in place of what it does not state itself."""
    open_ = [name for name in sorted(shared) if _stated(entity, name) is None]
    taken = {name: stated[name].entity for name in open_ if name in stated}
    origins = {name: origin for name, origin in entity.origins.items() if name not in open_}
    declared = [name for name in entity.declared_none if name not in open_]
    return entity.model_copy(
        update={
            **{name: getattr(taken[name], name) if name in taken else None for name in open_},
            "origins": {**origins, **dict.fromkeys(taken, "same_as")},
            "declared_none": (*declared, *(name for name, other in taken.items() if other.declared(name))),
        }
    )


def _replaced(entity: Entity, path: Path, changed: dict[Path, Entity]) -> Entity:
    entity = changed.get(path, entity)
    update: dict[str, object] = {}
    for fact in outline_of(type(entity)).below:
        name, value = fact.id, getattr(entity, fact.id)
        if fact.shape == "list" and value:
            update[name] = tuple(_replaced(item, (*path, name, place), changed) for place, item in enumerate(value))
        elif fact.shape == "entity" and value is not None:
            update[name] = _replaced(value, (*path, name), changed)
    return entity.model_copy(update=update) if update else entity
