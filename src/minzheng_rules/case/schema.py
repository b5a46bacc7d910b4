"""The JSON Schema of a case, for editors and for other programs.

It says what :meth:`~minzheng_rules.case.case.Case.parse` accepts, in English and in Chinese keys, except what a schema
cannot say: that ids are unique, that references meet somebody, that dates lie in order.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from minzheng_rules.case.about import ABOUT, FORMAT
from minzheng_rules.case.entity import Entity
from minzheng_rules.case.units import unit_words
from minzheng_rules.case.vocabulary import FactType, Kind, Vocabulary, describe

_ID = "^(?!.*[0-9]{15})"


def case_schema(model: type[Entity]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of case files whose root entity is ``model``.

    Each fact stands under its English name with its term, unit, range, supplying departments and note, and again under
    its Chinese term as a reference to the same.

    >>> from minzheng_rules.case.household import Household
    >>> case_schema(Household)["$defs"]["member"]["properties"]["birth_date"]["title"]
    '出生日期'
    """
    vocabulary = describe(model)
    entities = {kind.id: _entity_schema(kind) for kind in vocabulary.kinds.values()}
    root = entities[vocabulary.root]
    about = {id: _about_schema(id, vocabulary) for id in ABOUT}
    properties = {**about, **_in_both_languages(about, ABOUT, "#/properties/"), **root["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{model.term} · {model.kind}",
        "description": (model.__doc__ or "").strip().split("\n")[0],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": {**entities, "finding": _FINDING},
    }


def _entity_schema(kind: Kind) -> dict[str, Any]:
    facts = {fact.id: _fact_schema(fact) for fact in kind.facts.values()}
    terms = {fact.id: fact.term for fact in kind.facts.values()}
    carried = dict(_CARRIED)
    for name, field in kind.model.model_fields.items():
        if name in _ABOUT_PERSONS:
            carried[name] = _ABOUT_PERSONS[name]
        if name in carried:
            terms[name] = field.alias or name
    properties = {**carried, **facts}
    both = _in_both_languages(properties, terms, f"#/$defs/{kind.id}/properties/")
    return {
        "title": f"{kind.term} · {kind.id}",
        "description": (kind.model.__doc__ or "").strip().split("\n")[0],
        "type": "object",
        "properties": {**properties, **both},
        "additionalProperties": False,
    }


def _in_both_languages(properties: dict[str, Any], terms: dict[str, str], at: str) -> dict[str, Any]:
    return {terms[name]: {"$ref": f"{at}{name}"} for name in properties if name in terms}


def _fact_schema(fact: FactType) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": fact.term, **_value_schema(fact)}
    described = _description(fact)
    if described:
        schema["description"] = described
    extra = {
        "x-unit": fact.unit,
        "x-sources": list(fact.sources) or None,
        "x-judgement": fact.judgement,
        "x-refers-to": fact.kind if fact.shape == "ref" else None,
    }
    return {**schema, **{key: value for key, value in extra.items() if value is not None}}


def _value_schema(fact: FactType) -> dict[str, Any]:
    """What the value may be; ``null`` is allowed everywhere and says: unknown."""
    match fact.shape:
        case "bool":
            return {"enum": [True, False, "true", "false", "是", "否", None]}
        case "text" | "ref":
            ending = f".*({'|'.join(fact.endings)})$" if fact.endings else ""
            return {"type": ["string", "null"], "minLength": 1, "pattern": _ID + ending}
        case "date":
            return {"type": ["string", "null"], "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        case "enum":
            assert fact.enum is not None
            words = [word for choice in fact.enum for word in (choice.value, choice.term)]
            return {"enum": [*dict.fromkeys(words), None]}
        case "list":
            least = {"minItems": fact.at_least} if fact.at_least else {}
            return {"type": ["array", "null"], "items": {"$ref": f"#/$defs/{fact.kind}"}, **least}
        case "entity":
            return {"anyOf": [{"$ref": f"#/$defs/{fact.kind}"}, {"type": "null"}]}
    decimals = "" if fact.whole else rf"(\.[0-9]{{1,{fact.places}}})?"
    return {
        "type": ["integer" if fact.whole else "number", "string", "null"],
        "pattern": rf"^-?(0|[1-9][0-9]*){decimals}$",
        "minimum": _number(fact.low),
        "maximum": _number(fact.high),
    }


def _number(bound: Fraction | dt.date | None) -> int | float | None:
    if not isinstance(bound, Fraction):
        return None
    return bound.numerator if bound.denominator == 1 else float(bound)


def _description(fact: FactType) -> str:
    parts = []
    if fact.unit not in (None, "1"):
        words = unit_words(fact.unit)
        parts.append(f"单位 {words.zh} ({words.en})")
    if fact.sources:
        parts.append("来源：" + "、".join(fact.sources))
    if fact.judgement:
        parts.append(f"由{fact.judgement}认定 (a judgement)")
    if fact.note is not None:
        parts.append(f"{fact.note.zh} ({fact.note.en})")
    return "；".join(parts)


def _about_schema(id: str, vocabulary: Vocabulary) -> dict[str, Any]:
    title = {"title": ABOUT[id]}
    if id == "as_of":
        return {**title, "type": ["string", "null"], "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    if id == "format":
        return {**title, "enum": [FORMAT, None]}
    if id == "case":
        return {**title, "enum": [vocabulary.root, vocabulary.kinds[vocabulary.root].term, None]}
    return {**title, "type": ["string", "null"]}


_CARRIED: dict[str, Any] = {
    "id": {"title": "编号", "type": ["string", "null"], "minLength": 1, "pattern": _ID},
    "declared_none": {
        "title": "声明为无",
        "description": "申请人声明没有的各项 (facts the applicant declares to be none)",
        "type": ["array", "null"],
        "items": {"type": "string"},
    },
    "findings": {
        "title": "认定结论",
        "description": "有权机关对法律交由其认定的事项所作的结论 (findings on terms the law delegates)",
        "type": ["object", "null"],
        "additionalProperties": {"$ref": "#/$defs/finding"},
    },
    "origins": {"title": "事实来历", "type": ["object", "null"], "additionalProperties": {"type": "string"}},
}
_ABOUT_PERSONS: dict[str, Any] = {
    "same_as": {
        "title": "同一人",
        "description": "本案中同一人的另一处编号 (the id of the same person's other appearance)",
        "type": ["string", "null"],
        "pattern": _ID,
    },
    "id_number": {
        "title": "身份证号",
        "description": "只用于核验并得出出生日期和性别，随即丢弃 (checked, then dropped)",
        "type": ["string", "null"],
        "pattern": "^[0-9]{17}[0-9Xx]$",
    },
}
_FINDING_VALUE = {"title": "结论", "type": ["boolean", "number", "string"]}
_FINDING: dict[str, Any] = {
    "anyOf": [
        {"type": ["boolean", "number", "string"]},
        {
            "type": "object",
            "properties": {
                "value": _FINDING_VALUE,
                "by": {"title": "认定机关", "type": ["string", "null"]},
                "on": {"title": "认定日期", "type": ["string", "null"], "format": "date"},
                "basis": {"title": "依据", "type": ["string", "null"]},
                "结论": {"$ref": "#/$defs/finding/anyOf/1/properties/value"},
                "认定机关": {"$ref": "#/$defs/finding/anyOf/1/properties/by"},
                "认定日期": {"$ref": "#/$defs/finding/anyOf/1/properties/on"},
                "依据": {"$ref": "#/$defs/finding/anyOf/1/properties/basis"},
            },
            "anyOf": [{"required": ["value"]}, {"required": ["结论"]}],
            "additionalProperties": False,
        },
    ]
}
