"""Records: what was decided, from what, by what; and replaying them to see that the same comes out again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.evaluator.decision import Decision
from minzheng_rules.problems import Place, Problem, RequestProblems, Words
from minzheng_rules.rulebook.rulebook import Rulebook

FORMAT = "minzheng-record/1"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a replay came out otherwise than the record."""

    path: str
    recorded: object
    replayed: object


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcome of replaying a record.

    ``same`` is true when every answer came out as recorded; ``same_rulebook`` when the rulebook is the one that decided then.
    """

    same: bool
    same_rulebook: bool
    differences: tuple[Difference, ...]
    decision: Decision


def record(decision: Decision) -> dict[str, Any]:
    """Everything needed to repeat a decision, in plain JSON types: case, date, rulebook digest, library version, results.

    The record carries its own SHA-256 under ``digest``. It never holds an ID number: those were dropped when the case was read.

    >>> import datetime as dt
    >>> from minzheng_rules import Case, Rulebook, decide
    >>> book = Rulebook.load(place="haining")
    >>> case = Case.parse({"members": [{"relation": "applicant"}]})
    >>> replay(record(decide(case, book, as_of=dt.date(2025, 6, 1))), book).same
    True
    """
    from minzheng_rules import __version__
    from minzheng_rules.case.case import Case

    root = decision._run.root.entity
    case = Case.of(root, as_of=decision.as_of, place=decision.place, title=decision.case_title or "")
    content: dict[str, Any] = {
        "format": FORMAT,
        "library": __version__,
        "case": case.to_json(),
        "programs": list(dict.fromkeys(outcome.program for outcome in decision.outcomes)),
        "decision": decision.to_json(),
    }
    return {**content, "digest": digest(content)}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 over a mapping's canonical JSON text."""
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def replay(recorded: Mapping[str, Any], rulebook: Rulebook | None = None) -> Replay:
    """Decide a recorded case again and compare.

    Without ``rulebook`` the shipped one is loaded for the place, overlays and accepted statuses of the record.

    Raises :class:`RequestProblems` if the record is not one of this library's, was altered after it was made, or needs
    overlays that were given as values and not by name.
    """
    from minzheng_rules.case.case import Case

    content = {key: value for key, value in recorded.items() if key != "digest"}
    if recorded.get("format") != FORMAT:
        raise _refuse("record.format", Words(f"这不是 {FORMAT} 格式的记录", f"this is not a record of format {FORMAT}"))
    if recorded.get("digest") != digest(content):
        raise _refuse(
            "record.altered",
            Words(
                "记录在作成之后被改动过：摘要不符",
                "the record was altered after it was made: its digest does not match",
            ),
        )
    then = recorded["decision"]
    about = then["rulebook"]
    if rulebook is None:
        if about.get("reforms"):
            raise _refuse(
                "record.reform",
                Words(
                    "这份记录是按改革方案裁断的，重放时请一并给出加了方案的规则手册",
                    "this record was decided under a reform; pass the rulebook with the reform to replay it",
                ),
            )
        inline = [name for name in about["overlays"] if name.startswith("inline-")]
        if inline:
            raise _refuse(
                "record.inline-overlay",
                Words(
                    "这份记录用了调用时给出的数值，重放时请一并给出规则手册",
                    "this record used values given by the caller; pass the rulebook to replay it",
                ),
            )
        rulebook = Rulebook.load(
            place=about["place"],
            overlays=about["overlays"],
            accept=about["accept"],
            kind=recorded["case"].get("case"),
        )
    model = rulebook.vocabulary.kinds[rulebook.vocabulary.root].model
    case = Case.from_json(recorded["case"], model)
    decision = decide(case, rulebook, as_of=dt.date.fromisoformat(then["as_of"]), programs=recorded["programs"])
    now = decision.to_json()
    differences = tuple(
        _differences(
            {k: v for k, v in then.items() if k != "rulebook"}, {k: v for k, v in now.items() if k != "rulebook"}, ""
        )
    )
    return Replay(not differences, about["digest"] == rulebook.digest, differences, decision)


def _differences(then: object, now: object, path: str) -> list[Difference]:
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        found = []
        for key in [*then, *(k for k in now if k not in then)]:
            found += _differences(then.get(key), now.get(key), f"{path}.{key}" if path else str(key))
        return found
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [d for i, (a, b) in enumerate(zip(then, now, strict=True)) for d in _differences(a, b, f"{path}[{i}]")]
    return [] if then == now else [Difference(path, then, now)]


def _refuse(code: str, what: Words) -> RequestProblems:
    return RequestProblems([Problem(code, what, Place())])
