"""What follows with certainty from what was entered, for whole tables at once.

The shipped household fills some things in when a case is made (``knowing``, ``settled``: whether an obligor is a member, the
total of the financial assets …). Here the same is done a column at a time. A vocabulary whose models do such things in ways
that are not known here is settled case by case; see :func:`settles_itself`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from minzheng_rules.case import household as shipped
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.enumerations import RecognitionKind
from minzheng_rules.case.someone import Someone
from minzheng_rules.population.columns import Column
from minzheng_rules.population.intake.layout import TableLayout
from minzheng_rules.population.intake.rows import Cells, Rows
from minzheng_rules.population.intake.values import Mask, Numbers

_KNOWN_HERE = {model for model in vars(shipped).values() if isinstance(model, type) and issubclass(model, Entity)} | {
    Entity,
    Someone,
}
_METHODS = ("flaws", "settled", "knowing", "__init__", "_read")


def settles_itself(tables: Mapping[str, TableLayout]) -> bool:
    """Whether some model checks or completes its cases in a way only the model itself knows.

    >>> from minzheng_rules.case.household import Household
    >>> from minzheng_rules.population.intake.layout import layouts
    >>> settles_itself(layouts(Household))
    False
    """
    return any(_own_ways(layout.model) for layout in tables.values())


def _own_ways(model: type[Entity]) -> bool:
    for base in model.__mro__:
        if base in _KNOWN_HERE or not issubclass(base, Entity):
            continue
        decorators = base.__dict__.get("__pydantic_decorators__")
        inherited = {
            id(decorator.func)
            for known in base.__mro__[1:]
            for kind in ("model_validators", "field_validators")
            for decorator in getattr(known.__dict__.get("__pydantic_decorators__"), kind, {}).values()
        }
        own = {
            id(decorator.func)
            for kind in ("model_validators", "field_validators")
            for decorator in getattr(decorators, kind, {}).values()
        }
        declared = base.__dict__.keys() & set(_METHODS)
        if declared or any(name in base.__dict__ for name in _validators_in(base)) or own - inherited - _of_known():
            return True
    return False


def _validators_in(base: type) -> list[str]:
    return [name for name, value in base.__dict__.items() if type(value).__name__ == "PydanticDescriptorProxy"]


def _of_known() -> set[int]:
    return {
        id(decorator.func)
        for known in _KNOWN_HERE
        for kind in ("model_validators", "field_validators")
        for decorator in getattr(known.__dict__.get("__pydantic_decorators__"), kind, {}).values()
    }


def settled(tables: Mapping[str, Rows], references: Mapping[str, Mapping[str, Column]]) -> dict[str, Rows]:
    """The tables with what follows filled in; the ones given are not changed."""
    found = {path: replace(rows, facts=dict(rows.facts), declared=dict(rows.declared)) for path, rows in tables.items()}
    for path, rows in found.items():
        model = rows.layout.model
        if issubclass(model, shipped.Recognition | shipped.Benefit):
            until = rows.open_cells("until")
            rows.facts["until"] = _filled(until, ~until.known, shipped.NO_END.toordinal())
        if issubclass(model, shipped.Obligor):
            _obligors(rows, references.get(path, {}).get("person"))
        if issubclass(model, shipped.Person):
            _statuses(rows, found.get(rows.layout.below("recognitions")))
        if issubclass(model, shipped.Member):
            until, printed = rows.open_cells("certificate_until"), rows.open_cells("certificate_end_printed")
            rows.facts["certificate_end_printed"] = _filled(printed, until.known & ~printed.known, 1)
            for parent in ("father", "mother"):
                _parent(rows, parent, references.get(path, {}).get(parent))
        if issubclass(model, shipped.Supporter):
            alive, deceased = rows.open_cells("alive"), rows.open_cells("deceased")
            rows.facts["deceased"] = _filled(deceased, alive.known & ~deceased.known, 1 - alive.numbers)
        if issubclass(model, shipped.Household):
            total, known = assets_total(rows, found.get("financial_assets"))
            stated = rows.open_cells("financial_assets_total")
            rows.facts["financial_assets_total"] = _filled(stated, known & ~stated.known, total)
    return found


def assets_total(households: Rows, assets: Rows | None) -> tuple[Numbers, Mask]:
    """The sum of each household's financial assets in fen, and where every item is known."""
    known = households.lists.get("financial_assets", np.zeros(households.count, bool)).copy()
    total = np.zeros(households.count, np.int64)
    if assets is not None and assets.count:
        amounts = assets.open_cells("amount")
        np.add.at(total, assets.owner, amounts.numbers)
        known[assets.owner[~amounts.known]] = False
    return total, known


def _filled(cells: Cells, where: Mask, value: Numbers | int) -> Cells:
    if not where.any():
        return cells
    return Cells(np.where(where, value, cells.numbers), cells.known | where)


def _obligors(rows: Rows, person: Column | None) -> None:
    """Whether the obligor is a member follows from whom the tie refers to."""
    if person is None:
        return
    said = rows.open_cells("in_household")
    refers = np.ones(rows.count, bool) if person.known is None else person.known
    which = np.zeros(rows.count, np.int64) if person.which is None else person.which
    is_member = np.array([path == "members" for path in person.tables])[which]
    rows.facts["in_household"] = _filled(said, refers & ~said.known, is_member.astype(np.int64))


def _parent(rows: Rows, parent: str, person: Column | None) -> None:
    """A parent who is named is identified."""
    if person is None:
        return
    unidentified = rows.open_cells(f"{parent}_unidentified")
    named = np.ones(rows.count, bool) if person.known is None else person.known
    rows.facts[f"{parent}_unidentified"] = _filled(unidentified, named & ~unidentified.known, 0)


def _statuses(rows: Rows, recognitions: Rows | None) -> None:
    """Where being a recipient is read off: the recognitions on record, or what was stated of it."""
    recorded = rows.lists["recognitions"]
    tekun, dibao = rows.open_cells("is_tekun"), rows.open_cells("is_dibao")
    more = np.zeros(rows.count, bool)
    for held, kind in ((tekun, RecognitionKind.TEKUN), (dibao, RecognitionKind.DIBAO)):
        on_record = np.zeros(rows.count, bool)
        if recognitions is not None and recognitions.count:
            kinds = recognitions.open_cells("type")
            on_record[recognitions.owner[kinds.known & (kinds.numbers == list(RecognitionKind).index(kind))]] = True
        more |= recorded & held.known & (held.numbers == 1) & ~on_record
    status = rows.open_cells("status_from_recognitions")
    open_ = ~status.known & ~more
    settled_ = open_ & (recorded | tekun.known | dibao.known)
    rows.facts["status_from_recognitions"] = _filled(status, settled_, recorded.astype(np.int64))
    for name, cells in (("is_tekun", tekun), ("is_dibao", dibao)):
        # Where there is a record, a sweeping "none" adds nothing.
        swept = recorded & rows.declared.get(name, np.zeros(rows.count, bool))
        if swept.any():
            rows.declared[name] = rows.declared[name] & ~swept
            rows.facts[name] = Cells(cells.numbers, cells.known & ~swept)
