"""The difference of two trails: which deciding steps came out otherwise, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minzheng_rules.problems import Words
from minzheng_rules.trail.entries import outcome_text
from minzheng_rules.trail.node import Node
from minzheng_rules.trail.outline import decisive_children

_ABSENT = Words("（没有这一步）", "(no such step)")


@dataclass(frozen=True, slots=True)
class Change:
    """A step that decides in one of two trails and is not the same in the other."""

    label: Words
    subject: str
    before: Words
    after: Words
    subject_en: str = ""
    """Whom it is about, in English; empty where both read alike."""

    def say(self, lang: str = "zh") -> str:
        """The change in one line, its two sides joined by an arrow."""
        who = (
            ""
            if not self.subject
            else f" ({self.subject_en or self.subject})"
            if lang == "en"
            else f"（{self.subject}）"
        )
        colon = ": " if lang == "en" else "："
        return f"{self.label.say(lang)}{who}{colon}{self.before.say(lang)} → {self.after.say(lang)}"


def changes(before: Sequence[Node], after: Sequence[Node]) -> list[Change]:
    """The deciding steps that came out otherwise in the later trail, causes after what they cause.

    A step is the same step where its id is the same. One that decides in either trail is compared with what it was in the
    other, where it may not have decided anything, or not have been there at all.
    """
    deciding = list(dict.fromkeys([*_deciding(after), *_deciding(before)]))
    old, new = _all(before), _all(after)
    found: dict[Change, None] = {}
    for id in deciding:
        was, now = old.get(id), new.get(id)
        node = now or was
        assert node is not None
        said_before, said_after = _said(was), _said(now)
        if said_before != said_after:
            # A condition and the item that names it read the same; once is enough.
            label = Words(node.label.zh, node.label.en)
            found.setdefault(Change(label, node.subject, said_before, said_after, node.subject_en))
    return list(found)


def _said(node: Node | None) -> Words:
    return _ABSENT if node is None else Words(outcome_text(node, "zh"), outcome_text(node, "en"))


def _deciding(roots: Sequence[Node]) -> list[str]:
    """The ids of the deciding steps, from the conclusions downwards."""
    found: dict[str, None] = {}
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node.id not in found:
            found[node.id] = None
            stack.extend(reversed(decisive_children(node)))
    return list(found)


def _all(roots: Sequence[Node]) -> dict[str, Node]:
    return {node.id: node for root in roots for node in root.walk()}
