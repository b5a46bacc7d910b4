"""Which tables a population consists of: one for the root of the cases, one for each list below it.

A table is named by its path, English field names joined by dots: ``members``, ``members.wages``. The last part alone is
enough where it can only mean one table, or where the first that has it is meant (``wages`` are the members' wages). Chinese
names work the same way. Rows find their places by key columns: ``household_id`` in every table, and below the members
``member_id``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from minzheng_rules.case.entity import Entity
from minzheng_rules.case.facts import FactType
from minzheng_rules.case.outline import facts_of
from minzheng_rules.case.someone import Someone
from minzheng_rules.problems import nearest

DECLARED = ("declared_none", "声明为无")
WEIGHT = ("weight", "权重")
TOWN = ("town", "乡镇")
SAME_AS = ("same_as", "同一人")
ID_NUMBER = ("id_number", "身份证号")
FINDING = ("finding:", "认定结论:", "认定结论：")


@dataclass(frozen=True)
class TableLayout:
    """One table: what its rows are, which columns it may have, and by which columns its rows are placed."""

    path: str
    """English field names joined by dots; empty for the root."""
    term: str
    """The same in Chinese terms."""
    model: type[Entity]
    owner: str | None
    """The path of the table each row belongs to; ``None`` for the root."""
    field: str
    """The field of the owner that holds the rows."""
    single: bool = False
    """Whether an owner has at most one row: an entity and not a list of them."""

    @property
    def kind(self) -> str:
        """The id of the kind of its rows."""
        return self.model.kind

    @property
    def name(self) -> str:
        """What the table is called in messages and files: ``households``, ``members``, ``members.wages``."""
        return self.path or root_name(self.model)

    @property
    def is_people(self) -> bool:
        """Whether its rows are persons."""
        return issubclass(self.model, Someone)

    @property
    def key(self) -> tuple[str, str]:
        """The column that names a row, in English and Chinese: ``member_id``, ``成员编号``."""
        return f"{self.kind}_id", f"{self.model.term}编号"

    @property
    def facts(self) -> dict[str, FactType]:
        """The facts that are columns: all but lists and entities."""
        return {id: fact for id, fact in facts_of(self.model).items() if fact.model is None}

    @property
    def lists(self) -> dict[str, FactType]:
        """The facts that are tables of their own."""
        return {id: fact for id, fact in facts_of(self.model).items() if fact.model is not None}

    def below(self, field: str) -> str:
        """The path of the table of one of its lists."""
        return f"{self.path}.{field}".lstrip(".")


def root_name(model: type[Entity]) -> str:
    """What the table of the roots is called: ``households``."""
    return f"{model.kind}s"


def layouts(model: type[Entity]) -> dict[str, TableLayout]:
    """All tables of cases with this root, by path, each after the one its rows belong to.

    >>> from minzheng_rules.case.household import Household
    >>> list(layouts(Household))[:4]
    ['', 'members', 'supporters', 'household_recognitions']
    """
    root = TableLayout("", model.term, model, None, "")
    found = {"": root}
    waiting: list[tuple[TableLayout, tuple[type, ...]]] = [(root, (model,))]
    while waiting:
        owner, above = waiting.pop(0)
        for fact in owner.lists.values():
            below = cast(type[Entity], fact.model)
            if below in above:
                continue  # a kind within itself has no end; such lists cannot be entered as tables
            term = fact.term if not owner.path else f"{owner.term}.{fact.term}"
            path = owner.below(fact.id)
            layout = TableLayout(path, term, below, owner.path, fact.id, single=fact.shape == "entity")
            found[path] = layout
            waiting.append((layout, (*above, below)))
    return found


def table_called(name: str, tables: Mapping[str, TableLayout]) -> TableLayout | None:
    """The table a name means: a path, a path with underscores, its last part, in English or Chinese.

    >>> from minzheng_rules.case.household import Household
    >>> tables = layouts(Household)
    >>> [table_called(name, tables).path for name in ("wages", "supporters_wages", "工资性收入", "申报成员")]
    ['members.wages', 'supporters.wages', 'members.wages', 'members']
    """
    root = tables[""]
    if name in (root.name, root.kind, root.term):
        return root
    wanted = name.strip()
    for layout in tables.values():
        if layout.path and wanted in (layout.path, layout.path.replace(".", "_"), layout.term):
            return layout
    for layout in tables.values():
        if layout.path and wanted in (layout.field, layout.term.rpartition(".")[2]):
            return layout
    return None


def nearest_table(name: str, tables: Mapping[str, TableLayout]) -> str | None:
    """The table name somebody may have meant."""
    known = [word for layout in tables.values() for word in (layout.name, layout.field, layout.term) if word]
    return nearest(name, known)


def keys_of(layout: TableLayout, tables: Mapping[str, TableLayout]) -> Sequence[tuple[str, str]]:
    """The columns that place a row, outermost first, without the one that names the row itself.

    >>> from minzheng_rules.case.household import Household
    >>> tables = layouts(Household)
    >>> keys_of(tables["members.wages"], tables)
    [('household_id', '家庭编号'), ('member_id', '成员编号')]
    """
    keys: list[tuple[str, str]] = []
    owner = layout.owner
    while owner is not None:
        keys.insert(0, tables[owner].key)
        owner = tables[owner].owner
    return keys
