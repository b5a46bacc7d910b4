"""Trails for a screen: the first levels of the reasons, with everything that must be known of the conclusion on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from minzheng_rules.trail.node import Node


def short_text(roots: Sequence[Node], depth: int, lang: str, width: int, colour: bool) -> str:
    """The reasons as text, ``depth`` levels of them.

    The notices come from the whole trail: that a result rests on an illustrative figure is said even if the figure itself
    lies too deep to be shown.
    """
    from minzheng_rules.trail.entries import accounts, notices
    from minzheng_rules.trail.rendering.text import account_lines

    blocks = []
    for account, root in zip(accounts(to_depth(roots, depth), lang, full=False), roots, strict=True):
        whole = replace(account, notices=tuple(notices(root, lang)))
        blocks.append("\n".join(account_lines(whole, lang, width, colour)))
    return "\n\n".join(blocks)


def to_depth(roots: Sequence[Node], depth: int) -> list[Node]:
    """The same conclusions with ``depth`` levels of reasons below them; what lies deeper is left out.

    >>> from minzheng_rules.problems import Words
    >>> from minzheng_rules.trail.node import Node, NodeKind, State
    >>> def node(id, *children):
    ...     return Node(id, NodeKind.CONDITION, Words(id, id), State.TRUE, Words("", ""), children=list(children))
    >>> [short] = to_depth([node("a", node("b", node("c")))], 1)
    >>> [found.id for found in short.walk()]
    ['a', 'b']
    """
    return [_cut(root, depth) for root in roots]


def _cut(node: Node, depth: int) -> Node:
    children = [_cut(child, depth - 1) for child in node.children] if depth > 0 else []
    return node.with_children(children)
