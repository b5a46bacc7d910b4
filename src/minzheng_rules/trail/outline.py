"""Which nodes of a trail are shown, in which order, and where one stands in for another.

All renderings print the same outline. A trail is a graph: a figure that several conditions use is set out once, where
it first decides something, and referred to everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minzheng_rules.trail.node import Node, NodeKind, State


@dataclass(slots=True)
class Step:
    """One line of an outline: a node at its place in the tree."""

    node: Node
    depth: int
    decisive: bool
    """Whether the node settles the conclusion as seen from the step above."""
    rails: tuple[bool, ...]
    """For each level from the first to this one: whether a further sibling follows there (a tree line goes on)."""
    refers: str = ""
    """``above`` or ``below`` when the node is set out elsewhere, empty when it is set out here."""
    tag: int = 0
    """The number by which a node that is referred to is found; 0 if nothing refers to it."""
    has_children: bool = False
    turns: bool = False
    """Whether this is where a branch stops being decisive, so that it is said once and not on every line below."""
    subject: str = ""
    """Whom the node speaks of, where that is somebody else than in the step above."""
    above: Node | None = None
    folded: tuple[Node, ...] = ()
    """Steps that only name this node again with an article of their own; they are said on its line."""
    condensed: tuple[Node, ...] = ()
    """What is left out below: all of it goes back to entries declared to be none."""


def decisive_children(node: Node) -> list[Node]:
    """The children that settle a node.

    A child may be decisive for another step and not for this one: what this node itself says (``leads``) comes first.
    """
    if node.leads is None:
        return [child for child in node.children if child.decisive]
    leading = {child.id for child in node.leads}
    return [child for child in node.children if child.decisive and child.id in leading]


def declared_none(node: Node) -> bool:
    """Whether the node is an entry that the applicant declared to be none.

    Of a finding nobody had to make, that is all there is to say: it was declared, not judged.
    """
    entered = node.kind in (NodeKind.FACT, NodeKind.JUDGEMENT)
    return entered and node.origin is not None and node.origin.how == "declared_none"


def outline(roots: Sequence[Node], full: bool = False, condense: bool = True) -> list[Step]:
    """The steps of a trail from top to bottom: the decisive ones, or with ``full`` all of them.

    With ``condense`` the short view says in one line what goes back to nothing but entries declared to be none, as the
    income of a class of which there is none.

    >>> from minzheng_rules.problems import Words
    >>> from minzheng_rules.trail.node import NodeKind, State
    >>> def node(id, *children, decisive=True):
    ...     return Node(id, NodeKind.CONDITION, Words(id, id), State.TRUE, Words("", ""),
    ...                 decisive=decisive, children=list(children))
    >>> shared = node("shared")
    >>> root = node("root", node("idle", shared, decisive=False), node("first", shared), node("second", shared))
    >>> [(step.node.id, step.refers) for step in outline([root])]
    [('root', ''), ('first', ''), ('shared', ''), ('second', ''), ('shared', 'above')]
    >>> [(step.node.id, step.refers) for step in outline([root], full=True)][:4]
    [('root', ''), ('idle', ''), ('shared', 'below'), ('first', '')]
    """
    deciding = _deciding(roots)
    nothing = _nothing_below(roots) if condense and not full else set()
    # A conclusion another one rests on is set out under its own heading.
    headed = {root.id for root in roots}
    steps: list[Step] = []
    set_out: dict[str, Step] = {}
    # Explicit stack: a trail is as deep as its rules, which is not for Python's recursion limit to judge.
    stack = [_Visit(root, None, True, ()) for root in reversed(roots)]
    while stack:
        visit = stack.pop()
        folded, node = _unfolded(visit.node) if visit.above is not None else ((), visit.node)
        decisive = visit.decisive
        inside = visit.above is not None
        elsewhere = node.id in set_out or (inside and (node.id in headed or (not decisive and node.id in deciding)))
        step = Step(node, len(visit.rails), decisive, visit.rails)
        step.turns = not decisive and visit.parent_decisive
        step.subject = node.subject if node.subject != visit.subject else ""
        step.above, step.folded = visit.above, folded
        steps.append(step)
        if elsewhere:
            step.refers = "above" if node.id in set_out else "below"
            continue
        set_out[node.id] = step
        if inside and node.id in nothing and decisive_children(node):
            step.condensed = tuple(_below(node))
            continue
        leading = {child.id for child in decisive_children(node)} if decisive else set()
        shown = [child for child in _once(node.children) if full or child.id in leading]
        step.has_children = bool(shown)
        for index in range(len(shown) - 1, -1, -1):
            child = shown[index]
            more = index < len(shown) - 1
            subject = node.subject or visit.subject
            stack.append(_Visit(child, node, child.id in leading, (*visit.rails, more), decisive, subject))
    _number(steps, set_out)
    return steps


@dataclass(slots=True)
class _Visit:
    node: Node
    above: Node | None
    decisive: bool
    rails: tuple[bool, ...]
    parent_decisive: bool = True
    subject: str = ""
    """Whom the nodes above speak of."""


def _unfolded(node: Node) -> tuple[tuple[Node, ...], Node]:
    """The nodes that do nothing but name the one below them, and that one.

    >>> from minzheng_rules.problems import Words
    >>> from minzheng_rules.trail.node import NodeKind, State
    >>> rule = Node("rule", NodeKind.CONDITION, Words("未成年", "minor"), State.TRUE, Words("", ""))
    >>> item = Node("item", NodeKind.CONDITION, Words("未成年", "minor"), State.TRUE, Words("", ""), children=[rule])
    >>> [node.id for node in _unfolded(item)[0]], _unfolded(item)[1].id
    (['item'], 'rule')
    """
    folded: list[Node] = []
    while len(node.children) == 1 and _only_names(node, node.children[0]):
        folded.append(node)
        node = node.children[0]
    return tuple(folded), node


def _only_names(node: Node, child: Node) -> bool:
    says_nothing = node.origin is None and node.reason is None and node.formula is None and node.filled is None
    return (
        says_nothing
        and node.kind is NodeKind.CONDITION
        and node.state is child.state
        and node.label.say("zh") == child.label.say("zh")
    )


def _deciding(roots: Sequence[Node]) -> set[str]:
    """The ids reached from the conclusions by decisive steps alone: these are set out there and nowhere else."""
    seen: set[str] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node.id not in seen:
            seen.add(node.id)
            stack.extend(decisive_children(node))
    return seen


def _nothing_below(roots: Sequence[Node]) -> set[str]:
    """The ids of steps that rest on entries declared to be none and on nothing else a reader would want to see."""
    verdicts: dict[str, bool | None] = {}
    for node in _children_first(roots):
        below = [verdicts[child.id] for child in decisive_children(node)]
        verdicts[node.id] = _own_verdict(node) if not below else _joined(node, below)
    return {id for id, verdict in verdicts.items() if verdict}


def _own_verdict(node: Node) -> bool | None:
    """Of a step with nothing below it: declared to be none (true), to be shown (false), of no matter here (none)."""
    if declared_none(node):
        return True
    illustrative = node.origin is not None and node.origin.status == "illustrative"
    if node.state is State.UNDETERMINED or node.kind in _ALWAYS_SHOWN or illustrative:
        return False
    return False if node.kind is NodeKind.FACT else None


def _joined(node: Node, below: Sequence[bool | None]) -> bool | None:
    if False in below or _own_verdict(node) is False:
        return False
    return True if True in below else None


_ALWAYS_SHOWN = frozenset(
    {
        NodeKind.CONCLUSION,
        NodeKind.AMOUNT,
        NodeKind.ROUNDING,
        NodeKind.MEMBERSHIP,
        NodeKind.JUDGEMENT,
        NodeKind.DELEGATION,
    }
)


def _children_first(roots: Sequence[Node]) -> Iterator[Node]:
    """The decisive steps, each once, after all that they rest on."""
    entered: set[str] = set()
    stack = [(root, False) for root in roots]
    while stack:
        node, left = stack.pop()
        if left:
            yield node
        elif node.id not in entered:
            entered.add(node.id)
            stack.append((node, True))
            stack.extend((child, False) for child in decisive_children(node))


def _below(node: Node) -> Iterator[Node]:
    """The decisive steps under a node, each once, in the order of printing."""
    seen: set[str] = set()
    stack = decisive_children(node)[::-1]
    while stack:
        step = stack.pop()
        if step.id not in seen:
            seen.add(step.id)
            yield step
            stack.extend(reversed(decisive_children(step)))


def _once(children: Sequence[Node]) -> Iterator[Node]:
    """The children without repetition: ``a + a`` has one operand to explain."""
    yield from {child.id: child for child in children}.values()


def _number(steps: Sequence[Step], set_out: dict[str, Step]) -> None:
    """Give a number to what is referred to, in the order of printing."""
    wanted = {step.node.id for step in steps if step.refers and set_out[step.node.id].has_children}
    count = 0
    for step in steps:
        if not step.refers and step.node.id in wanted:
            count += 1
            step.tag = count
    for step in steps:
        if step.refers:
            step.tag = set_out[step.node.id].tag
