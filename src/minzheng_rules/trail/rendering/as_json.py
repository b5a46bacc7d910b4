"""A trail as JSON, and back.

The form is versioned::

    {"format": "minzheng-trail/1",
     "roots": [id, …],
     "nodes": [{"id", "kind", "label", "state", "value", "decisive", "children": [id, …], …}, …]}

The nodes stand in one flat list, parents before what they first refer to, each once, so that the graph is kept as it
is. Texts are given in both languages. What a node does not have is left out. ``settled_by`` names the children that
settle a node where these are not simply the decisive ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final

from minzheng_rules.problems import Place, Problem, RequestProblems, Words
from minzheng_rules.trail.node import Citation, Node, NodeKind, Origin, State

FORMAT: Final = "minzheng-trail/1"
_WORDS = ("unit", "formula", "filled", "margin", "reason")
_TEXTS = ("wording", "subject", "subject_en")


def write(roots: Sequence[Node]) -> dict[str, Any]:
    """The trail in plain JSON types: the same trail always gives the same text."""
    nodes: dict[str, Node] = {}
    decisive: set[str] = set()
    for root in roots:
        for node in root.walk():
            nodes.setdefault(node.id, node)
            if node.decisive:
                decisive.add(node.id)
    return {
        "format": FORMAT,
        "roots": [root.id for root in roots],
        "nodes": [_written(node, node.id in decisive) for node in nodes.values()],
    }


def read(data: Mapping[str, Any]) -> list[Node]:
    """The roots of a trail that :func:`write` wrote down."""
    if data.get("format") != FORMAT:
        raise _unreadable(
            f"这不是 {FORMAT} 格式的说明，而是“{data.get('format')}”",
            f"this is not a trail in the form {FORMAT} but `{data.get('format')}`",
        )
    try:
        nodes = {entry["id"]: _read(entry) for entry in data["nodes"]}
        for entry in data["nodes"]:
            node = nodes[entry["id"]]
            for name in _WORDS:
                if name in entry:
                    setattr(node, name, _said(entry[name]))
            node.children = [nodes[id] for id in entry["children"]]
            if "settled_by" in entry:
                node.leads = [nodes[id] for id in entry["settled_by"]]
        roots = [nodes[id] for id in data["roots"]]
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(f"说明文件残缺：{error}", f"the trail is damaged: {error}") from error
    _refuse_circles(nodes)
    return roots


def _written(node: Node, decisive: bool) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": node.id,
        "kind": node.kind.value,
        "label": _words(node.label),
        "state": node.state.value,
        "value": _words(node.value),
        "decisive": decisive,
        "children": _ids(node.children),
    }
    if node.leads is not None:
        written["settled_by"] = _ids(node.leads)
    raw = plain(node.raw)
    if raw is not None:
        written["raw"] = raw
    for name in _WORDS:
        words = getattr(node, name)
        if words is not None:
            written[name] = _words(words)
    written |= {name: getattr(node, name) for name in _TEXTS if getattr(node, name)}
    written |= _dates(node)
    if node.citations:
        written["citations"] = [_citation(citation) for citation in node.citations]
    if node.place is not None and str(node.place):
        written["place"] = {"file": node.place.file, "line": node.place.line, "column": node.place.column}
    if node.origin is not None:
        written["origin"] = {name: plain(value) for name, value in _fields(node.origin).items() if value}
    return written


def plain(value: object) -> Any:
    """A value in plain JSON types: exact numbers and dates as text.

    >>> from decimal import Decimal
    >>> plain({"low": Decimal("0.10"), "high": None})
    {'low': '0.10', 'high': None}
    """
    make = getattr(value, "make", None)
    if callable(make):
        value = make()
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return str(value)
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case frozenset() | set():
            return sorted(plain(item) for item in value)
        case list() | tuple():
            return [plain(item) for item in value]
    return str(value)


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.say("zh"), "en": words.say("en")}


def _ids(nodes: Sequence[Node]) -> list[str]:
    return list(dict.fromkeys(node.id for node in nodes))


def _dates(holder: Node | Citation) -> dict[str, str]:
    pairs = (("since", holder.since), ("until", holder.until))
    return {name: day.isoformat() for name, day in pairs if day is not None}


def _citation(citation: Citation) -> dict[str, Any]:
    written: dict[str, Any] = {
        "instrument": citation.instrument,
        "article": citation.article,
        "title": _words(citation.title),
    }
    if citation.number:
        written["number"] = citation.number
    return written | _dates(citation)


def _fields(origin: Origin) -> dict[str, Any]:
    return {name: getattr(origin, name) for name in Origin.__dataclass_fields__}


def _read(entry: Mapping[str, Any]) -> Node:
    place, origin = entry.get("place"), entry.get("origin")
    return Node(
        id=str(entry["id"]),
        kind=NodeKind(entry["kind"]),
        label=_said(entry["label"]),
        state=State(entry["state"]),
        value=_said(entry["value"]),
        raw=entry.get("raw"),
        wording=str(entry.get("wording", "")),
        subject=str(entry.get("subject", "")),
        subject_en=str(entry.get("subject_en", "")),
        citations=tuple(_cited(citation) for citation in entry.get("citations", ())),
        place=None if place is None else Place(**place),
        since=_day(entry.get("since")),
        until=_day(entry.get("until")),
        origin=None if origin is None else _origin(origin),
        decisive=bool(entry["decisive"]),
    )


def _origin(entry: Mapping[str, Any]) -> Origin:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return Origin(**fields)


def _said(words: Mapping[str, str]) -> Words:
    return Words(str(words["zh"]), str(words["en"]))


def _cited(entry: Mapping[str, Any]) -> Citation:
    return Citation(
        instrument=entry["instrument"],
        article=entry["article"],
        title=_said(entry["title"]),
        number=entry.get("number", ""),
        since=_day(entry.get("since")),
        until=_day(entry.get("until")),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _refuse_circles(nodes: Mapping[str, Node]) -> None:
    """A trail whose steps rest on themselves explains nothing, and would be printed for ever."""
    waiting = {id: len({child.id for child in node.children}) for id, node in nodes.items()}
    users: dict[str, list[str]] = {}
    for node in nodes.values():
        for child in {child.id for child in node.children}:
            users.setdefault(child, []).append(node.id)
    ready = [id for id, count in waiting.items() if count == 0]
    done = 0
    while ready:
        done += 1
        for user in users.get(ready.pop(), ()):
            waiting[user] -= 1
            if waiting[user] == 0:
                ready.append(user)
    if done != len(nodes):
        raise _unreadable("说明中有步骤以自身为依据", "a step of the trail rests on itself")


def _unreadable(zh: str, en: str) -> RequestProblems:
    return RequestProblems([Problem("trail.format", Words(zh, en))])
