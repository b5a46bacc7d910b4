"""The kinds of case the library knows, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from minzheng_rules.cli.commanding import option
from minzheng_rules.cli.values import OneOf
from minzheng_rules.problems import Words

if TYPE_CHECKING:
    from minzheng_rules.case.entity import Entity

KINDS: Final = ("household",)

kind_option = option(
    "--case",
    "kind",
    type=OneOf(*KINDS),
    default=KINDS[0],
    words=Words("哪种个案：household 是家庭", "which kind of case; a household unless said"),
)


def model_of(kind: str) -> type[Entity]:
    """The root model of a kind of case."""
    from minzheng_rules.case.household import Household

    return {"household": Household}[kind]
