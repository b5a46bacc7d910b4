"""The kinds of case the library knows, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minzheng_rules.case.kinds import KINDS
from minzheng_rules.cli.commanding import option
from minzheng_rules.cli.values import OneOf
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity
    from minzheng_rules.rulebook.rulebook import Rulebook

kind_option = option(
    "--case",
    "kind",
    type=OneOf(*KINDS),
    words=Words(
        "哪种个案，不写是家庭：" + "、".join(f"{id} {kind.term}" for id, kind in KINDS.items()),
        "which kind of case; a household unless said",
    ),
)


def model_of(kind: str | None, rulebook: str | None = None) -> type[Entity]:
    """The root model of a kind of case, or of the cases a rulebook of one's own decides."""
    if rulebook is not None:
        return book_of(rulebook, kind).model
    return KINDS[kind or "household"].load()


def book_of(rulebook: str, kind: str | None = None) -> Rulebook:
    """The rulebook in a folder, for a kind of case. Raises :class:`ProblemsFound`."""
    from minzheng_rules.cli.asking import rulebook_folder
    from minzheng_rules.rulebook.rulebook import Rulebook

    return Rulebook.load(rulebook_folder(rulebook), kind=kind)
