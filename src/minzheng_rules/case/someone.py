"""People: what every kind of person has, and an ID number that is used once and dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from minzheng_rules.case.entity import Entity, facts_of, refusal
from minzheng_rules.case.identity import read_id_number
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
        written = entered.get("id_number", entered.get("身份证号"))
        identity = read_id_number(written) if isinstance(written, str) else None
        if identity is None:
            return entered
        taken = {}
        for name, value in (("birth_date", identity.birth_date), ("sex", identity.sex)):
            fact = facts_of(cls).get(name)
            if fact is not None and entered.get(name) is None and entered.get(fact.term) is None:
                entered.pop(fact.term, None)
                entered[name] = value
                taken[name] = "id_number"
        if taken:
            entered["origins"] = {**(entered.get("origins") or {}), **taken}
        return entered

    @field_validator("id_number", mode="after")
    @classmethod
    def _use_and_drop(cls, value: str | None, info: ValidationInfo) -> None:
        if value is None:
            return
        identity = read_id_number(value)
        if identity is None:
            raise refusal(
                "bad-id-number",
                Words(
                    "应为十八位身份证号，其出生日期和校验码须正确",
                    "expected an ID number of eighteen digits with a possible birth date and the right check digit",
                ),
            )
        for name, said in (("birth_date", identity.birth_date), ("sex", identity.sex)):
            stated = info.data.get(name)
            if stated is not None and stated != said:
                term = facts_of(cls)[name].term
                raise refusal(
                    "id-number-contradicts",
                    Words(
                        f"与填写的{term}（{getattr(stated, 'term', stated)}）不一致，请核对二者",
                        f"contradicts the {name} that was entered ({getattr(stated, 'value', stated)}); check both",
                    ),
                )
