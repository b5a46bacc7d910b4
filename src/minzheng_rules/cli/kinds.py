"""The kinds of case the library knows, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from minzheng_rules.cli.commanding import option
from minzheng_rules.cli.values import OneOf
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity
    from minzheng_rules.rulebook.rulebook import Rulebook

KINDS: Final = ("household",)

kind_option = option(
    "--case",
    "kind",
    type=OneOf(*KINDS),
    default=KINDS[0],
    words=Words("哪种个案：household 是家庭", "which kind of case; a household unless said"),
)


def model_of(kind: str, rulebook: str | None = None) -> type[Entity]:
    """The root model of a kind of case, or of the cases a rulebook of one's own decides."""
    if rulebook is not None:
        return book_of(rulebook).model
    from minzheng_rules.case.household import Household

    return {"household": Household}[kind]


def book_of(rulebook: str) -> Rulebook:
    """The rulebook in a folder. Raises :class:`ProblemsFound`."""
    from minzheng_rules.cli.asking import rulebook_folder
    from minzheng_rules.rulebook.rulebook import Rulebook

    return Rulebook.load(rulebook_folder(rulebook))
