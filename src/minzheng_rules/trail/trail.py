"""A trail: the reasons of one or more conclusions, to be printed, searched or kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from minzheng_rules.trail.node import Node


class Trail:
    """Why something was decided: one root for each program and subject.

    Every rendering takes ``lang`` (``"zh"`` or ``"en"``) and ``full``: without it only the steps that settle the
    conclusion are printed (理由), with it everything that was looked at (全文), with the exceptions that did not apply
    and the rows that were not reached.

    >>> from minzheng_rules.problems import Words
    >>> from minzheng_rules.trail.node import NodeKind, State
    >>> root = Node("dibao", NodeKind.CONCLUSION, Words("最低生活保障", "subsistence allowance"),
    ...             State.FALSE, Words("不符合", "not eligible"), decisive=True)
    >>> print(Trail([root]).text(colour=False))
    ✗ 最低生活保障：不符合
    >>> print(Trail([root]).text("en", colour=False))
    ✗ subsistence allowance: not eligible
    """

    __slots__ = ("roots",)

    def __init__(self, roots: Iterable[Node]) -> None:
        self.roots: tuple[Node, ...] = tuple(roots)

    def text(self, lang: str = "zh", full: bool = False, width: int | None = None, colour: bool | None = None) -> str:
        """The trail as a tree of lines.

        ``width`` is in columns, of which a Chinese character takes two; left out, it is that of the terminal, or 100.
        ``colour`` left out means colours on a terminal, unless ``NO_COLOR`` is set.
        """
        from minzheng_rules.trail.rendering.text import render

        return render(self.roots, lang, full, width, colour)

    def markdown(self, lang: str = "zh", full: bool = False) -> str:
        """The trail as Markdown: a heading for each conclusion and a list of its reasons."""
        from minzheng_rules.trail.rendering.markdown import render

        return render(self.roots, lang, full)

    def html(self, lang: str = "zh", full: bool = False, page: bool = True) -> str:
        """The trail as HTML that needs nothing from elsewhere: no script, no font, no picture.

        ``page=False`` gives a fragment for a page of your own, with its style inside.
        """
        from minzheng_rules.trail.rendering.html import render

        return render(self.roots, lang, full, page)

    def to_json(self) -> dict[str, Any]:
        """The whole graph in plain JSON types, each node once; see :mod:`minzheng_rules.trail.rendering.as_json`."""
        from minzheng_rules.trail.rendering.as_json import write

        return write(self.roots)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Trail:
        """The trail that :meth:`to_json` wrote down; it prints as the original did.

        Raises :class:`~minzheng_rules.problems.RequestProblems` if the data is not such a trail.
        """
        from minzheng_rules.trail.rendering.as_json import read

        return cls(read(data))

    def nodes(self) -> Iterator[Node]:
        """All nodes, each once, parents first."""
        seen: set[str] = set()
        for root in self.roots:
            for node in root.walk():
                if node.id not in seen:
                    seen.add(node.id)
                    yield node

    def decisive(self) -> Iterator[Node]:
        """The nodes that settle the conclusions, each once: what the short view prints."""
        from minzheng_rules.trail.outline import outline

        for step in outline(self.roots, condense=False):
            yield from step.folded
            if not step.refers:
                yield step.node

    def find(self, id: str) -> Node:
        """The node with this id. Raises :class:`KeyError`, naming the nearest id there is."""
        from minzheng_rules.problems import nearest

        nodes = {node.id: node for node in self.nodes()}
        if id not in nodes:
            near = nearest(id, nodes)
            raise KeyError(f"no node {id!r} in this trail" + (f"; did you mean {near!r}?" if near else ""))
        return nodes[id]

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Trail of {len(self.roots)} conclusions, {sum(1 for _ in self.nodes())} nodes>"

    def _repr_html_(self) -> str:
        return self.html(page=False)

    def _repr_markdown_(self) -> str:
        return self.markdown()
