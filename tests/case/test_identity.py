"""ID numbers are checked, give birth date and sex, and leave no trace. All numbers here are invented: no region is 99."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import traceback
from pathlib import Path

import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.case.enumerations import Sex
from minzheng_rules.case.household import Household, Member
from minzheng_rules.case.identity import holds_id_number, mask_id_numbers, read_id_number
from minzheng_rules.problems import CaseProblems

MAN = "990000195203010017"
WOMAN = "990000198507140025"
WITH_X = "99000020100315003X"


def problems(entered: dict[str, object]) -> str:
    with pytest.raises(CaseProblems) as refused:
        Case.parse(entered)
    return refused.value.say("zh")


def member(**facts: object) -> dict[str, object]:
    return {"members": [{"relation": "applicant", **facts}]}


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        (MAN, dt.date(1952, 3, 1), "male"),
        (WOMAN, dt.date(1985, 7, 14), "female"),
        (WITH_X, dt.date(2010, 3, 15), "male"),
        (WITH_X.lower(), dt.date(2010, 3, 15), "male"),
    ],
)
def test_what_a_number_says(number: str, born: dt.date, sex: str) -> None:
    assert read_id_number(number) == (born, sex)


@pytest.mark.parametrize("number", [MAN[:-1] + "8", "990000195202300010", "9900001952030100", "", "甲" * 18, MAN + "1"])
def test_wrong_numbers_say_nothing(number: str) -> None:
    assert read_id_number(number) is None


def test_birth_date_and_sex_come_from_the_number() -> None:
    entered = Case.parse(member(id_number=MAN)).root
    assert isinstance(entered, Household)
    assert entered.members is not None
    person = entered.members[0]
    assert (person.birth_date, person.sex) == (dt.date(1952, 3, 1), Sex.MALE)
    assert (person.origin("birth_date"), person.origin("性别")) == ("id_number", "id_number")


def test_stated_facts_that_agree_stay_stated() -> None:
    person = Member(身份证号=WOMAN, 出生日期="1985-07-14", sex="女")
    assert (person.origin("birth_date"), person.origin("sex")) == ("stated", "stated")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (
            {"birth_date": "1952-03-02"},
            "members[0].id_number：“身份证号”不能用：与填写的出生日期（1952-03-02）不一致，请核对二者",
        ),
        ({"性别": "女"}, "members[0].id_number：“身份证号”不能用：与填写的性别（女）不一致，请核对二者"),
    ],
)
def test_a_contradiction_is_an_error(facts: dict[str, object], message: str) -> None:
    assert problems(member(id_number=MAN, **facts)) == message


def test_an_unreadable_birth_date_beside_a_number_is_only_that() -> None:
    assert problems(member(id_number=MAN, birth_date="1952-03")) == (
        "members[0].birth_date：“出生日期”不能是“1952-03”：应为写作 年-月-日 的日期，如 1952-03-01"
    )


@pytest.mark.parametrize("number", [MAN[:-1] + "8", "990000520301001", 990000195203010017, "护照", ["x"]])
def test_a_wrong_number_is_refused_without_being_shown(number: object) -> None:
    said = problems(member(id_number=number))
    assert said == "members[0].id_number：“身份证号”不能用：应为十八位身份证号，其出生日期和校验码须正确"


def test_the_number_leaves_no_trace() -> None:
    case = Case.parse(member(id="甲", id_number=MAN))
    everything = [repr(case), str(case.root), json.dumps(case.to_json(), ensure_ascii=False)]
    assert not any(MAN in text or MAN[6:14] + "001" in text for text in everything)
    assert MAN.encode() not in pickle.dumps(case)
    again = Case.from_json(case.to_json())
    assert again == case
    assert again.root.members[0].origin("birth_date") == "id_number"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "entered",
    [
        member(id=MAN),
        member(id=f"张{MAN}号"),
        member(id="990000-19520301-0017"),
        member(id="９９００００１９５２０３０１００１７"),
        member(id="990000520301001"),
        member(guardian=MAN),
        member(same_as=MAN),
        member(hukou_town=MAN),
        member(**{MAN: 3}),
        member(findings={MAN: True}),
        member(findings={"x": {"value": True, "basis": MAN}}),
        member(declared_none=[MAN]),
        member(relation=MAN),
        member(wages=[{"amount": MAN}]),
        {**member(), "title": MAN},
        {**member(), "note": MAN},
        {**member(), "place": MAN},
        {**member(), "as_of": MAN},
        member(id_number=MAN, birth_date=MAN),
    ],
)
def test_anywhere_else_a_number_is_refused_and_masked(entered: dict[str, object]) -> None:
    with pytest.raises(CaseProblems) as refused:
        Case.parse(entered)
    shown = (
        refused.value.say("zh")
        + refused.value.say("en")
        + json.dumps([problem.to_json() for problem in refused.value.problems], ensure_ascii=False)
    )
    assert "19520301" not in shown
    assert "520301001" not in shown
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_a_quoted_line_is_masked_too(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(f"members:\n  - {{relation: applicant, id: '{MAN}', wage: 3}}\n", encoding="utf-8")
    with pytest.raises(CaseProblems) as refused:
        Case.read(file)
    assert MAN not in refused.value.say("zh")
    assert "'******************'" in refused.value.problems[0].place.text


def test_python_objects_keep_nothing_either() -> None:
    with pytest.raises(CaseProblems) as refused:
        Member(id_number=MAN, birth_date="1952-03-02")
    assert refused.value.__context__ is None
    assert MAN not in "".join(traceback.format_exception(refused.value))


def test_shapes() -> None:
    assert holds_id_number(f"见{WITH_X}。")
    assert not holds_id_number("13800000000")
    assert not holds_id_number("6222020000000000000")
    assert not holds_id_number("2025-06-01")
    assert mask_id_numbers(f"编号: {WITH_X} 甲") == "编号: ****************** 甲"
