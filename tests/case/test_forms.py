"""The canonical form, the JSON Schema, the template: three ways of writing the same case."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.case.household import Household
from minzheng_rules.case.reading import read_yaml
from minzheng_rules.case.schema import case_schema
from minzheng_rules.case.template import template
from minzheng_rules.case.vocabulary import describe
from minzheng_rules.problems import CaseProblems

FULL: dict[str, Any] = {
    "案件": "家庭",
    "基准日": "2025-06-01",
    "地点": "haining",
    "标题": "示例",
    "说明": "虚构",
    "申报成员": [
        {
            "编号": "甲",
            "关系": "本人",
            "出生日期": "1952-03-01",
            "残疾": [{"残疾类别": "肢体", "残疾等级": "二级"}],
            "工资性收入": [{"月金额": "1820.1", "必要就业成本": 0}],
            "在监狱服刑": "否",
            "认定结论": {
                "长期共同居住": True,
                "比例": {"结论": "0.350", "认定机关": "民政局", "认定日期": "2025-05-01"},
            },
        }
    ],
    "机动车": [],
    "声明为无": ["房屋"],
}


def test_the_canonical_form() -> None:
    assert json.dumps(Case.parse(FULL).to_json(), ensure_ascii=False, indent=1) == (
        """{
 "as_of": "2025-06-01",
 "case": "household",
 "declared_none": [
  "houses"
 ],
 "format": "minzheng-case/1",
 "houses": [],
 "members": [
  {
   "birth_date": "1952-03-01",
   "disabilities": [
    {
     "grade": "second",
     "type": "physical"
    }
   ],
   "findings": {
    "比例": {
     "basis": null,
     "by": "民政局",
     "on": "2025-05-01",
     "value": "0.35"
    },
    "长期共同居住": {
     "value": true
    }
   },
   "id": "甲",
   "in_prison": false,
   "relation": "applicant",
   "wages": [
    {
     "amount": "1820.10",
     "work_cost": "0.00"
    }
   ]
  }
 ],
 "note": "虚构",
 "place": "haining",
 "title": "示例",
 "vehicles": []
}""".replace('     "basis": null,\n', "")
    )


def test_round_trips() -> None:
    case = Case.parse(FULL)
    written = case.to_json()
    assert Case.from_json(written) == case
    assert Case.from_json(json.dumps(written)) == case
    assert Case.from_json(written).to_json() == written


def test_the_canonical_form_does_not_depend_on_how_it_was_written() -> None:
    english = {
        "vehicles": (),
        "title": "示例",
        "note": "虚构",
        "place": "haining",
        "members": [
            {
                "findings": {
                    "比例": {"value": 0.35, "by": "民政局", "on": "2025-05-01"},
                    "长期共同居住": {"value": "true"},
                },
                "wages": [{"work_cost": 0.0, "amount": 1820.1}],
                "relation": "applicant",
                "in_prison": False,
                "disabilities": [{"grade": "second", "type": "physical"}],
                "birth_date": "1952-03-01",
                "id": "甲",
            }
        ],
        "houses": [],
        "declared_none": ["houses"],
        "as_of": "2025-06-01",
    }
    assert json.dumps(Case.parse(english).to_json()) == json.dumps(Case.parse(FULL).to_json())


def test_text_that_is_no_json() -> None:
    with pytest.raises(CaseProblems):
        Case.from_json("{")


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = case_schema(Household)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_schema_accepts_what_we_accept(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(FULL)
    validator.validate(Case.parse(FULL).to_json())


@pytest.mark.parametrize(
    "wrong",
    [
        {"wagge": 3},
        {"members": {}},
        {"members": [{"关系": "配隅"}]},
        {"members": [{"wages": [{"amount": "1,820"}]}]},
        {"members": [{"wages": [{"月金额": -1}]}]},
        {"members": [{"wages": [{"amount": "1.005"}]}]},
        {"members": [{"months_away": 2.7}]},
        {"members": [{"months_away": "2.7"}]},
        {"members": [{"in_prison": "yes"}]},
        {"members": [{"birth_date": "1952/3/1"}]},
        {"members": [{"户籍省": "浙江"}]},
        {"members": [{"id": "990000195203010017"}]},
        {"case": "boat"},
    ],
)
def test_the_schema_refuses_what_we_refuse(validator: jsonschema.Draft202012Validator, wrong: dict[str, Any]) -> None:
    assert not validator.is_valid(wrong)
    with pytest.raises(CaseProblems):
        Case.parse(wrong)


def test_the_schema_documents_every_fact_in_both_languages() -> None:
    schema = case_schema(Household)
    for kind in describe(Household).kinds.values():
        properties = schema["$defs"][kind.id]["properties"]
        for fact in kind.facts.values():
            assert properties[fact.id]["title"] == fact.term
            assert properties[fact.term] == {"$ref": f"#/$defs/{kind.id}/properties/{fact.id}"}
    assert json.dumps(schema)


def switched_on(text: str) -> str:
    return "\n".join(re.sub(r"^# ", "", line) for line in text.splitlines())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_is_a_valid_case(lang: str) -> None:
    case = Case.parse(read_yaml(template(Household, lang)).data)
    assert set(case.to_json()) == {"as_of", "case", "format", "members", "place"}


def test_a_template_switched_on_states_every_fact_and_is_valid() -> None:
    chinese, english = (Case.parse(read_yaml(switched_on(template(Household, lang))).data) for lang in ("zh", "en"))
    for case in (chinese, english):
        stated = case.to_json()
        for kind in ("members", "supporters"):
            facts = describe(Household).kinds[kind.removesuffix("s")].facts
            assert set(facts) <= set(stated[kind][0])
        assert set(describe(Household).kinds["household"].facts) <= set(stated)


def test_a_template_names_unit_source_and_accepted_values() -> None:
    chinese = template(Household, "zh")
    assert "#     出生日期: 1952-03-01  # 来源：公安" in chinese
    assert (
        "#       - 月金额: 0  # 元/月 0..1000000；来源：税务、社保、申报；含奖金、津贴、补贴等全部劳动报酬" in chinese
    )
    assert "#     学习形式: 非全日制  # 全日制 | 非全日制；来源：教育" in chinese
    assert "#     study_mode: part_time  # 学习形式; full_time | part_time; source: 教育" in template(Household, "en")
