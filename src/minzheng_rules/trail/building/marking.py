"""Which steps settle an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from minzheng_rules.trail.node import UNDETERMINED, Node, State


def mark(roots: Iterable[Node], marked: tuple[set[Node], set[Node]] | None = None) -> None:
    """Mark the steps that settle the roots. ``marked`` holds those that are marked already: one graph has many roots."""
    for node in settling(roots, marked):
        node.decisive = True


def settling(roots: Iterable[Node], seen: tuple[set[Node], set[Node]] | None = None) -> list[Node]:
    """The steps that settle the roots, whatever other conclusions they settle as well.

    An undetermined step below a settled one matters for its bounds, and those rest on everything in it: it may come twice,
    as such and for the bounds. ``seen`` holds what need not be looked at again, in these two ways.
    """
    plain, bounding = seen if seen is not None else (set(), set())
    found: list[Node] = []
    waiting, settled = list(roots), []
    # Both of these grow while they are gone through.
    for node in waiting:
        if node.state is not UNDETERMINED:
            if node not in bounding:
                bounding.add(node)
                settled.append(node)
        elif node not in plain:
            plain.add(node)
            found.append(node)
            waiting += leading(node)
    for node in settled:
        leads = None if node.state is UNDETERMINED else node.leads
        for child in node.children if leads is None else leads:
            if child not in bounding:
                bounding.add(child)
                settled.append(child)
    found += settled
    return found


def leading(node: Node) -> Sequence[Node]:
    """The children that settle a node."""
    leads = node.leads
    return leads if leads is not None else leading_of(node, node.children)


def leading_of(node: Node, candidates: Sequence[Node]) -> Sequence[Node]:
    """Of an undetermined node the undetermined ones among the candidates, else all of them."""
    if node.state is UNDETERMINED:
        open_ = [child for child in candidates if child.state is UNDETERMINED]
        return open_ or candidates
    return candidates


def leads_of_list(wanted: State, items: Sequence[Node]) -> Sequence[Node]:
    """What settles a list that one ``wanted`` item settles: those, else what is open, else all.

    A false item settles an ``all``, a true one an ``any``.
    """
    chosen, open_ = [], []
    for item in items:
        state = item.state
        if state is wanted:
            chosen.append(item)
        elif state is UNDETERMINED:
            open_.append(item)
    return chosen or open_ or items


def unique(nodes: Sequence[Node]) -> Sequence[Node]:
    """Each node once, in order."""
    return nodes if len(nodes) < 2 or len(set(nodes)) == len(nodes) else list(dict.fromkeys(nodes))
