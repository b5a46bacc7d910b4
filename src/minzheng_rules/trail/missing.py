"""What would settle an undetermined answer: read off the decisive, undetermined steps of its trail."""

from __future__ import annotations

from minzheng_rules.evaluator.decision import Missing
from minzheng_rules.problems import Words
from minzheng_rules.trail.building.marking import leading
from minzheng_rules.trail.node import Node, NodeKind, State


def missing(root: Node) -> tuple[Missing, ...]:
    """The facts, figures, provisions and findings an undetermined conclusion waits for, each once."""
    found: dict[str, Missing] = {}
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.state is not State.UNDETERMINED and node is not root:
            continue
        below = [child for child in leading(node) if child.state is State.UNDETERMINED]
        # A row is open because of what its table asks about: that is missing, not the row.
        below = [child for child in below if child.kind is not NodeKind.TABLE_ROW] or below
        if node.state is State.UNDETERMINED and not below:
            found.setdefault(node.id, _missing(node))
        stack.extend(reversed(below))
    return tuple(found.values())


def _missing(node: Node) -> Missing:
    origin = node.origin
    kind = "conflict"
    who: tuple[str, ...] = ()
    if node.kind in (NodeKind.FACT, NodeKind.JUDGEMENT):
        kind, who = "fact", origin.departments if origin else ()
    elif node.kind is NodeKind.PARAMETER:
        kind, who = "parameter", origin.setter if origin else ()
    elif node.kind is NodeKind.DELEGATION:
        kind, who = "delegation", origin.setter if origin else ()
    elif node.kind is NodeKind.CONCLUSION or (node.reason is not None and "生效" in node.reason.zh):
        kind = "date"
    return Missing(
        kind=kind,
        words=node.label,
        subject=node.subject,
        subject_en=node.subject_en,
        who=tuple(who),
        why=node.reason or Words("待定", "undetermined"),
        path=node.id.partition("@")[2],
    )
