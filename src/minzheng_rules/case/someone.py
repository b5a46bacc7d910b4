"""People: what every kind of person has, and an ID number that is used once and dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import Field, field_validator, model_validator

from minzheng_rules.case.entity import Entity, refusal
from minzheng_rules.case.facts import FactType
from minzheng_rules.case.identity import mask_id_numbers, read_id_number
from minzheng_rules.case.outline import facts_of
from minzheng_rules.case.quantities import read_day
from minzheng_rules.problems import Words


class Someone(Entity):
    """The base of kinds that are people.

    ``id_number`` (身份证号) is checked, gives ``birth_date`` and ``sex`` where they are not stated, contradicts them
    where they differ, and is dropped: it is never kept, shown or written. ``same_as`` (同一人) names another appearance
    of the same person in the case, by id.
    """

    same_as: str | None = Field(default=None, alias="同一人")
    id_number: str | None = Field(default=None, alias="身份证号", exclude=True, repr=False)

    @model_validator(mode="before")
    @classmethod
    def _take_birth_and_sex(cls, data: object) -> object:
        """Read off the ID number what is not stated; the field itself reports what is wrong with the number."""
        if not isinstance(data, Mapping):
            return data
        entered: dict[Any, Any] = dict(data)
        key = next((key for key in ("身份证号", "id_number") if entered.get(key) is not None), None)
        identity = read_id_number(entered[key]) if key is not None and isinstance(entered[key], str) else None
        if key is None or identity is None:
            return entered
        entered[key] = None
        taken = {}
        for name, value in (("birth_date", identity.birth_date), ("sex", identity.sex)):
            fact = facts_of(cls).get(name)
            if fact is None:
                continue
            stated = entered.get(name) if entered.get(fact.term) is None else entered[fact.term]
            if stated is None:
                entered.pop(fact.term, None)
                entered[name] = value
                taken[name] = "id_number"
            elif _differs(fact, stated, value):
                entered[key] = _Contradiction(fact, stated)
        if taken:
            entered["origins"] = {**(entered.get("origins") or {}), **taken}
        return entered

    @field_validator("id_number", mode="before")
    @classmethod
    def _use_and_drop(cls, value: object) -> None:
        if isinstance(value, _Contradiction):
            fact, stated = value.fact, mask_id_numbers(str(getattr(value.stated, "value", value.stated)))
            raise refusal(
                "id-number-contradicts",
                Words(
                    f"与填写的{fact.term}（{stated}）不一致，请核对二者",
                    f"it contradicts the {fact.id} that was entered ({stated}); check both",
                ),
            )
        # A good number was used and taken out already.
        if value is not None:
            raise refusal(
                "bad-id-number",
                Words(
                    "应为十八位身份证号，其出生日期和校验码须正确",
                    "expected an ID number of eighteen digits with a possible birth date and the right check digit",
                ),
            )


class _Contradiction(NamedTuple):
    """What stands in for an ID number that says something else than a stated fact."""

    fact: FactType
    stated: object


def _differs(fact: FactType, stated: object, read: object) -> bool:
    """Whether what was stated is a proper value, and another one than was read off the number."""
    try:
        return (read_day(stated) if fact.enum is None else fact.enum(stated)) != read  # type: ignore[call-arg, arg-type]
    except ValueError:
        return False
