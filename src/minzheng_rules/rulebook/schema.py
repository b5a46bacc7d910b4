"""What may stand in a rulebook's files, key by key: the JSON Schemas for editors, and the tables of the language reference.

The schemas lie in ``minzheng_rules/language/schemas/``; ``python -m minzheng_rules.rulebook.schema`` writes them anew. An
editor uses one through the first line of a file::

    # yaml-language-server: $schema=…/rule-file.schema.json
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from minzheng_rules.language.rules import (
    CASE_KEYS,
    CHECK_KEYS,
    DECIDES_ABOUT,
    DECIDES_KEYS,
    FACT_KEYS,
    FILE_KEYS,
    ITEM_KEYS,
    LEVELS,
    NOT_ENCODED_KEYS,
    RULE_KEYS,
    STACKING_KEYS,
    STATUSES,
    WORDINGS,
)
from minzheng_rules.problems import Words
from minzheng_rules.rulebook.manifest import LAYER_KEYS, MANIFEST_KEYS
from minzheng_rules.rulebook.parameters import FIGURE_KEYS, INDEX_KEYS
from minzheng_rules.rulebook.parameters import KEYS as PARAMETER_KEYS
from minzheng_rules.rulebook.sources import EDITION_KEYS
from minzheng_rules.rulebook.sources import KEYS as SOURCE_KEYS

FOLDER = Path(__file__).resolve().parent.parent / "language" / "schemas"
Schema = dict[str, Any]

_TERM = Words("中文名称，表达式里使用的名字", "the Chinese name, as used in expressions")
_CITE = Words(
    "出处：文件编号#条，如 M57#13.1(4)；可有几处",
    "the citation, instrument#article, as M57#13.1(4); there may be several",
)
_NOTE = Words("说明，给读者看，不影响结果", "a remark for readers; it changes nothing")
_STATUS = Words("怎样得知：" + "、".join(STATUSES), "how it is known: " + ", ".join(STATUSES))
_WORDING = Words("条文里表示比较的用语，如 低于、以上", "the text's own word for a comparison, such as 低于 or 以上")
_ENGLISH = Words("英文名称；不写则用 id", "the English name; the id where none is given")
_ALSO = Words("别的名称，如 低保；命令和程序里也可以用", "other names, such as 低保, that may be used to ask for it")
_SUBJECT = Words("对谁裁断：一类人或物", "whom it is about: a kind of person or thing")

WORDS: dict[str, dict[str, Words]] = {
    "file": {
        "program": Words(
            "项目的 id；几个文件可以同属一个项目", "the program's id; several files may belong to one program"
        ),
        "term": _TERM,
        "english": _ENGLISH,
        "also": _ALSO,
        "layer": Words("所在的层，与 rules/ 下的文件夹同名", "its layer, named like its folder under rules/"),
        "subject": _SUBJECT,
        "decides": Words(
            "这个项目答复什么；几样答复时各起一个名字", "what the program answers; several answers each have a name"
        ),
        "not_encoded": Words("有意没有编写的条文，各附理由", "provisions left out on purpose, each with its reason"),
        "enums": Words("取值：{id: {term, values: {id: 名称}}}", "named values: {id: {term, values: {id: name}}}"),
        "note": _NOTE,
        "overlay": Words(
            "补充值的中文名（只在 policies/overlays/ 下）", "an overlay's Chinese name (only under policies/overlays/)"
        ),
        "overlay_en": Words("补充值的英文名", "an overlay's English name"),
        "stacking": Words("待遇之间的关系：表", "how benefits go together: tables"),
        "checks": Words(
            "应当成立的条件：不成立时提示，不影响结论",
            "conditions that ought to hold: noted where they do not, and nothing else changes",
        ),
        "facts": Words("项目自己加的事实，按类列出", "facts the program adds, by kind"),
    },
    "rule": {
        "term": _TERM,
        "cite": _CITE,
        "unit": Words(
            "数的单位；金额和人数不写“每”时，按所在的那类人或物计",
            "the unit of a quantity; money and head counts without a “per” are per whatever the rule is about",
        ),
        "type": Words(
            "不是数时的类型：bool、date、text 或一组取值",
            "the type of what is no quantity: bool, date, text or named values",
        ),
        "from": Words(
            "自哪一天起；不写时依所引文件的施行期间",
            "the first day it is in force; else while an instrument it cites is",
        ),
        "until": Words("到哪一天为止（含）", "the last day it is in force"),
        "status": _STATUS,
        "note": _NOTE,
        "wording": _WORDING,
        "versions": Words(
            "按日期分的版本：{日期: 内容}，每一版到下一版为止",
            "dated versions, {date: body}; each lasts until the next",
        ),
        "when": Words("条件", "a condition"),
        "all": Words("都成立", "all of these hold"),
        "any": Words("有一项成立", "any of these holds"),
        "value": Words("数额或其他值", "a quantity or another value"),
        "cases": Words("分情形取值，最后是 otherwise", "the value case by case, ending in `otherwise`"),
        "table": Words("文本表格，或参数表的名称", "a text table, or the name of a table parameter"),
        "sum_of": Words("几项之和；可由别处增加", "the sum of several; others may add to it"),
        "those": Words(
            "集合中的一部分：某 for 某 in 集合 if 条件", "some of a collection: `x for x in collection if condition`"
        ),
        "unless": Words("除外：有一项成立就不成立", "exceptions to a condition: where any of these holds it does not"),
        "given": Words("前提：不成立时为零，并且先看它", "a condition asked first: where it fails the amount is zero"),
        "needs": Words("缺一不算的事实", "facts without which nothing is worked out"),
        "round": Words("怎样取整：一个取整方式参数", "how it is rounded: a parameter of type rounding"),
        "hit": Words("表的取法：unique（默认）或 first", "how a table is read: unique (unless said) or first"),
        "open_to": Words("可由哪一级增加（可以，不是必须）", "which level may add to the list (may, not must)"),
        "delegated_to": Words(
            "留给哪一级规定（必须；没有规定时待定，或由人认定）",
            "which level has to say it (until then it is undetermined, or found by a person)",
        ),
        "replaces": Words("取代哪条规则", "the rule whose place it takes"),
        "fills": Words("填补哪条留给下级的规则", "the delegated rule it fills"),
        "adds_to": Words("加到哪条开放的规则里", "the open list it adds to"),
        "exception_to": Words(
            "是哪条规则的例外；when 说何时取代", "the rule it is an exception to; `when` says in which case"
        ),
        "over": Words("与哪条例外同时成立时，以本条为准", "the exceptions it goes before where both hold"),
    },
    "item": {
        "when": Words("条件", "a condition"),
        "all": Words("都成立", "all of these hold"),
        "any": Words("有一项成立", "any of these holds"),
        "cite": _CITE,
        "wording": _WORDING,
        "status": _STATUS,
        "note": _NOTE,
    },
    "case": {
        "when": Words("条件", "a condition"),
        "value": Words("这种情形下的值", "the value in this case"),
        "otherwise": Words("其余情形的值", "the value in all other cases"),
        "cite": _CITE,
        "wording": _WORDING,
    },
    "decides": {
        "eligible": Words("符合条件与否：一条规则", "whether it is due: a rule"),
        "amount": Words("金额：一条规则，或几项各起名字", "the amount: a rule, or several under names of their own"),
        "voucher": Words("以券发给的金额", "an amount paid in vouchers"),
        "service": Words("以服务给付的金额", "an amount given as a service"),
        "ceiling": Words("上限，不是给付", "a ceiling, which is no payment"),
        "recommends": Words("建议的金额，不是给付", "an amount that is recommended and not paid"),
        "result": Words("其他答复：等级、地点、间隔等", "other answers: a grade, a place, an interval"),
        "from": Words("自哪一天起发", "from which day it is payable"),
        "applies": Words(
            "是否适用；不成立为“不适用”，而不是“不符合”",
            "whether it applies at all; else the answer is “not applicable”",
        ),
        "subject": _SUBJECT,
        "term": _TERM,
        "english": _ENGLISH,
        "also": _ALSO,
    },
    "stacking": {
        "term": _TERM,
        "cite": _CITE,
        "table": Words(
            "第一列是另一待遇，其余各列是金额", "the first column names the other benefit, the others amounts"
        ),
        "status": _STATUS,
        "note": _NOTE,
    },
    "check": {
        "term": _TERM,
        "cite": _CITE,
        "expect": Words("应当成立的条件", "the condition that ought to hold"),
        "wording": _WORDING,
        "note": _NOTE,
        "subject": _SUBJECT,
    },
    "not_encoded": {
        "cite": _CITE,
        "why": Words("为什么没有编写", "why it is left out"),
        "of": Words("可能影响哪条规则", "the rule it may affect"),
    },
    "fact": {
        "term": _TERM,
        "type": Words("bool、date、text 或一组取值；数不写", "bool, date, text or named values; not for a quantity"),
        "unit": Words("数的单位", "the unit of a quantity"),
        "range": Words("可能的最小值和最大值", "the least and the greatest it can be"),
        "source": Words("由哪个部门或表格提供", "which department or form supplies it"),
        "judgement": Words("须由人判断的，由谁判断", "of what only a person can settle, who settles it"),
        "note": _NOTE,
    },
    "parameter": {
        "term": _TERM,
        "unit": Words("单位；写明按什么计", "the unit; it says per what"),
        "type": Words("不是数时的类型", "the type of what is no quantity"),
        "by": Words(
            "按什么取值：一组取值，或按数分段 {term, unit}",
            "what it varies by: named values, or bands of a number {term, unit}",
        ),
        "range": Words("可能的最小值和最大值", "the least and the greatest it can be"),
        "set_by": Words("哪一级可以设定；可按日期分", "which levels may set it, by date where that changed"),
        "status": _STATUS,
        "source": _CITE,
        "note": _NOTE,
        "values": Words("按生效日期列出的值", "its values by the first day they are in force"),
        "columns": Words("参数表的几项结果及其单位或类型", "the outputs of a table, with their units or types"),
    },
    "figure": {
        "value": Words("值", "the value"),
        "status": _STATUS,
        "source": _CITE,
        "note": _NOTE,
        "until": Words("到哪一天为止（含）", "the last day it is in force"),
        "changes": Words("只写有变的行，其余照旧", "only the rows that change; the others continue"),
        "file": Words("表在另一份 CSV 里", "the table is in a CSV file"),
    },
    "index": {"term": _TERM, "unit": Words("数的单位", "the unit of the number")},
    "source": {
        "title": Words("全称", "the full name"),
        "title_en": Words("英文名", "its name in English"),
        "number": Words("文号", "its number"),
        "issuer": Words("制定机关", "who issued it"),
        "rank": Words("效力层级", "its rank"),
        "from": Words("施行日期", "the first day it is in force"),
        "until": Words("失效前的最后一天", "the last day it is in force"),
        "editions": Words("历次版本：[{id, from}]", "its editions: [{id, from}]"),
        "articles": Words("共有几条，或条目列表", "how many articles it has, or a list of them"),
        "seen": Words("读到的程度：verbatim、secondary、recalled", "how it was read: verbatim, secondary, recalled"),
        "note": _NOTE,
    },
    "edition": {
        "id": Words("版本的名称，引用时写 @名称", "its name, cited as @name"),
        "from": Words("施行日期", "its first day"),
    },
    "manifest": {
        "name": Words("规则手册的名称", "the rulebook's name"),
        "vocabulary": Words(
            "案件的模型：models.py:Household 或 模块:类", "the model of cases: models.py:Household or module:Class"
        ),
        "decides_through": Words(
            "裁断到哪一天为止，其后一律待定", "the last day it decides; after it everything is undetermined"
        ),
        "layers": Words("规则的各层，从国家到县", "the layers of rules, from the State to the county"),
        "note": _NOTE,
    },
    "layer": {
        "id": Words("层的 id，也是文件夹名", "its id, and the name of its folders"),
        "level": Words("哪一级：" + "、".join(LEVELS), "which level: " + ", ".join(LEVELS)),
        "within": Words("上一层", "the layer above"),
        "term": _TERM,
    },
}
"""What each key says, by the part of a file it stands in."""

KEYS: dict[str, tuple[str, ...]] = {
    "file": FILE_KEYS,
    "rule": RULE_KEYS,
    "item": ITEM_KEYS,
    "case": CASE_KEYS,
    "decides": (*DECIDES_KEYS, *DECIDES_ABOUT),
    "stacking": STACKING_KEYS,
    "check": CHECK_KEYS,
    "not_encoded": NOT_ENCODED_KEYS,
    "fact": FACT_KEYS,
    "parameter": PARAMETER_KEYS,
    "figure": (*FIGURE_KEYS, "changes", "file"),
    "index": INDEX_KEYS,
    "source": SOURCE_KEYS,
    "edition": EDITION_KEYS,
    "manifest": MANIFEST_KEYS,
    "layer": LAYER_KEYS,
}
"""Which keys each part of a file may have, as the readers know them."""

_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_SCALARS: Schema = {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]}
_DATED = r"^\d{4}-\d{2}-\d{2}$"
_ID = r"^[a-z][a-z0-9_]*$"
_NAME = r"^[^\s]+$"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _part(part: str, shapes: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with the keys of a part of a file and no others."""
    properties = {
        key: {**shapes.get(key, _SCALAR), "description": f"{WORDS[part][key].zh} / {WORDS[part][key].en}"}
        for key in KEYS[part]
    }
    return {"type": "object", "properties": properties, "required": sorted(required), "additionalProperties": False}


def _named(pattern: str, inner: Schema) -> Schema:
    return {"type": "object", "patternProperties": {pattern: inner}, "additionalProperties": False}


def _enum(values: Iterable[str]) -> Schema:
    return {"enum": list(values)}


_COMMON: dict[str, Schema] = {
    "items": {"type": "array", "items": _ref("item")},
    "item": {
        "anyOf": [
            _SCALAR,
            _part("item", {"all": _ref("items"), "any": _ref("items"), "cite": _SCALARS, "status": _enum(STATUSES), "wording": _enum(WORDINGS)}),
        ]
    },
    "levels": {
        "anyOf": [
            _enum(LEVELS),
            {"type": "array", "items": _enum(LEVELS)},
            {"type": "object", "properties": dict.fromkeys(LEVELS, _SCALARS), "additionalProperties": False},
        ]
    },
    "enums": _named(_NAME, {"type": "object", "properties": {"term": _SCALAR, "values": {"anyOf": [{"type": "array", "items": _SCALAR}, {"type": "object", "additionalProperties": _SCALAR}]}}, "required": ["term", "values"], "additionalProperties": False}),
}  # fmt: skip


def rule_file() -> Schema:
    """The schema of a file under ``rules/<layer>/``. Headings other than its own keys are kinds, which only a vocabulary knows."""
    case = _part("case", {"when": _ref("item"), "cite": _SCALARS, "wording": _enum(WORDINGS)})
    body = {
        "cite": _SCALARS,
        "status": _enum(STATUSES),
        "wording": _enum(WORDINGS),
        "when": _ref("item"),
        "all": _ref("items"),
        "any": _ref("items"),
        "unless": _ref("items"),
        "cases": {"type": "array", "items": case, "minItems": 1},
        "sum_of": _SCALARS,
        "needs": _SCALARS,
        "over": _SCALARS,
        "hit": _enum(("unique", "first")),
        "open_to": _ref("levels"),
        "delegated_to": _ref("levels"),
    }
    version = _part("rule", {**body, "versions": {"not": {}}})
    rule = _part("rule", {**body, "versions": _named(_DATED, _ref("version"))})
    named = {"anyOf": [_SCALAR, {"type": "object", "additionalProperties": _SCALAR}]}
    answers = {key: named for key in DECIDES_KEYS if key not in ("eligible", "applies", "from")}
    decides = _part("decides", {**answers, "also": _SCALARS})
    file = _part(
        "file",
        {
            "also": _SCALARS,
            "decides": {"anyOf": [_ref("decides"), _named(_NAME, _ref("decides"))]},
            "not_encoded": {"type": "array", "items": _part("not_encoded", {"cite": _SCALARS}, ("cite", "why"))},
            "enums": _ref("enums"),
            "stacking": _named(_NAME, _part("stacking", {"cite": _SCALARS, "status": _enum(STATUSES)}, ("table",))),
            "checks": _named(_NAME, _part("check", {"cite": _SCALARS, "wording": _enum(WORDINGS)}, ("expect",))),
            "facts": _named(_NAME, _named(_ID, _part("fact", {"range": _pair(), "source": _SCALARS}, ("term",)))),
        },
        ("program", "layer"),
    )
    file["additionalProperties"] = _named(_ID, _ref("rule"))
    return _schema("rule-file", "规则文件 / a rule file", file, rule=rule, version=version, decides=decides)


def parameter_file() -> Schema:
    """The schema of a file under ``policies/``."""
    figure = _part("figure", {"source": _SCALARS, "status": _enum(STATUSES), "changes": {"type": ["string", "object"]}})
    by_index = {
        "type": "object",
        "propertyNames": {"not": _enum(KEYS["figure"])},
        "additionalProperties": {"anyOf": [_SCALAR, figure]},
    }
    value = {"anyOf": [_SCALAR, figure, by_index]}
    index = {"anyOf": [_SCALAR, _part("index", {}, ("term",))]}
    parameter = _part(
        "parameter",
        {
            "by": {"anyOf": [index, {"type": "array", "items": index}]},
            "range": _pair(),
            "set_by": {"anyOf": [_ref("levels"), _named(_DATED, _ref("levels"))]},
            "status": _enum(STATUSES),
            "source": _SCALARS,
            "values": _named(_DATED, value),
            "columns": {"type": "object", "additionalProperties": _SCALAR},
        },
    )
    special = {"enums": _ref("enums"), "overlay": _SCALAR, "overlay_en": _SCALAR, "note": _SCALAR, "layer": _SCALAR}
    file = {
        "type": "object",
        "properties": {**special, "parameters": {"type": "object", "additionalProperties": _ref("parameter")}},
        "additionalProperties": _ref("parameter"),
    }
    return _schema("parameter-file", "参数文件 / a parameter file", file, parameter=parameter)


def sources_file() -> Schema:
    """The schema of ``rules/sources.yaml``."""
    edition = _part("edition", {}, ("id", "from"))
    shapes = {"editions": {"type": "array", "items": edition}, "articles": _SCALARS}
    source = _part("source", shapes, ("title",))
    return _schema("sources", "文件登记 / registered instruments", {"type": "object", "additionalProperties": source})


def manifest_file() -> Schema:
    """The schema of ``rules/rulebook.yaml``."""
    layers = {"type": "array", "items": _part("layer", {"level": _enum(LEVELS)}, ("id", "level")), "minItems": 1}
    name = {
        "anyOf": [
            _SCALAR,
            {"type": "object", "properties": {"zh": _SCALAR, "en": _SCALAR}, "additionalProperties": False},
        ]
    }
    vocabulary = {"anyOf": [_SCALAR, {"type": "object", "additionalProperties": _SCALAR, "minProperties": 1}]}
    return _schema(
        "manifest",
        "规则手册的清单 / a manifest",
        _part("manifest", {"layers": layers, "name": name, "vocabulary": vocabulary}, ("layers",)),
    )


def _pair() -> Schema:
    return {"type": "array", "items": _SCALAR, "minItems": 2, "maxItems": 2}


def _schema(name: str, title: str, file: Schema, **definitions: Schema) -> Schema:
    written = json.dumps([file, definitions])
    used = {key: inner for key, inner in _COMMON.items() if f'"#/$defs/{key}"' in written}
    if "item" in used or "items" in used:
        used |= {key: _COMMON[key] for key in ("item", "items")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"minzheng_rules/{name}.schema.json",
        "title": title,
        **file,
        "$defs": {**definitions, **used},
    }


SCHEMAS = {
    "rule-file": rule_file,
    "parameter-file": parameter_file,
    "sources": sources_file,
    "manifest": manifest_file,
}
"""The schemas by name; each lies in :data:`FOLDER` as ``<name>.schema.json``."""


def schema_for(path: str) -> str | None:
    """Which schema a file of a rulebook has, by its path within the rulebook's folder.

    >>> schema_for("rules/national/dibao.yaml"), schema_for("policies/overlays/illustrative/household.yaml")
    ('rule-file', 'parameter-file')
    """
    parts = Path(path).parts
    if parts[0] == "rules" and "monitors" in parts[1:-1]:
        return None
    if parts[0] == "rules":
        return {"rulebook.yaml": "manifest", "sources.yaml": "sources"}.get("/".join(parts[1:]), "rule-file")
    return "parameter-file" if parts[0] == "policies" else None


def written(schema: Schema) -> str:
    """A schema as it lies in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for schema_name, make in SCHEMAS.items():
        (FOLDER / f"{schema_name}.schema.json").write_text(written(make()), encoding="utf-8")
