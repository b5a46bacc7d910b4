"""Files: every scalar as text, positions, and what must not be read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.case.reading import DEEPEST, MOST_BYTES, read_file, read_json, read_yaml
from minzheng_rules.problems import CaseProblems


def refusal(text: str, read: object = read_yaml) -> CaseProblems:
    with pytest.raises(CaseProblems) as refused:
        read(text, "案.yaml")  # type: ignore[operator]
    return refused.value


def test_scalars_stay_as_they_are_written() -> None:
    text = "a: no\nb: 012\nc: 1:30\nd: 1820.10\ne: 2025-06-01\nf: on\ng: 0x1F\nh: 1_000\ni: .inf\nj: '~'\nk: 'null'\n"
    assert read_yaml(text).data == {
        "a": "no",
        "b": "012",
        "c": "1:30",
        "d": "1820.10",
        "e": "2025-06-01",
        "f": "on",
        "g": "0x1F",
        "h": "1_000",
        "i": ".inf",
        "j": "~",
        "k": "null",
    }


def test_nothing_is_unknown() -> None:
    assert read_yaml("a:\nb: ~\nc: null\nd: ''\n").data == {"a": None, "b": None, "c": None, "d": ""}


def test_json_numbers_are_exact() -> None:
    document = read_json('{"a": 1820.10, "b": 3, "c": 1e3, "d": NaN, "e": true, "f": null}')
    assert document.data == {"a": Decimal("1820.10"), "b": 3, "c": "1e3", "d": "NaN", "e": True, "f": None}


def test_the_two_languages_of_files_agree(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"members": [{"relation": "本人", "wages": [{"amount": 1820.10}]}]}')
    (tmp_path / "a.yaml").write_text("申报成员:\n- 关系: applicant\n  工资性收入: [{月金额: 1820.1}]\n")
    assert Case.read(tmp_path / "a.json") == Case.read(tmp_path / "a.yaml")


def test_positions() -> None:
    document = read_yaml("甲:\n  - {乙: 1, 丙: [x, 2]}\n  - 丁:\n", "案.yaml")
    assert str(document.place(("甲", 0, "丙", 1))) == "案.yaml:2:19"
    assert str(document.place(("甲", 0, "丙"), True)) == "案.yaml:2:12"
    assert str(document.place(("甲", 1, "丁"))) == "案.yaml:3:7"
    assert document.place(("甲", 0, "丙", 1)).text == "  - {乙: 1, 丙: [x, 2]}"
    # What was not written is placed at what it is missing from.
    assert str(document.place(("甲", 1, "戊"))) == "案.yaml:3:5"


def test_aliases_and_anchors_are_refused_before_they_can_grow() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30)]
    refused = refusal("\n".join(lines))
    assert refused.problems[0].say("zh") == (
        "案.yaml:1:5：案件文件不用锚点（&）\n    a0: &a0 [x, x]\n        ^\n  → 删去它"
    )
    assert {problem.code for problem in refused.problems} == {"alias"}


def test_merge_keys_need_an_alias() -> None:
    assert refusal("a: &a {b: c}\nd:\n  <<: *a\n").problems[1].what.zh == "案件文件不用别名（*）"


def test_duplicate_keys() -> None:
    assert refusal("a: 1\nb: 2\na: 3\n").say("en") == (
        '案.yaml:3:1: "a" is written twice, first on line 1\n    a: 3\n    ^\n  → keep one of them'
    )
    assert refusal('{"a": 1,\n "a": 2}', read_json).say("zh") == (
        '案.yaml:2:2：“a”写了两次，第一次在第 1 行\n     "a": 2}\n     ^\n  → 只留一处'
    )


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: !!python/object/apply:os.system [x]", "tag", 1),
        ("a: !!int 3", "tag", 1),
        ("a: 1\n---\nb: 2\n", "several-documents", 2),
        ("a: [1, 2\n", "not-yaml", 2),
        ("a: 1\n b: 2\n", "not-yaml", 2),
        ("关系：本人\n出生日期: 1952-03-01\n", "not-yaml", 2),
        ("a: '\x07'\n", "not-yaml", 1),
        ("a: 1\nb: \x07\n", "not-yaml", 2),
        ("[1]: 2\n", "bad-key", 1),
        ("- a\n- b\n", "not-a-mapping", 0),
        ("", "not-a-mapping", 0),
        ("甲", "not-a-mapping", 0),
        ("[" * 2000, "too-deep", 1),
        ("{a: " * 50, "too-deep", 1),
    ],
)
def test_what_cannot_be_read(text: str, code: str, line: int) -> None:
    refused = refusal(text)
    assert (refused.problems[0].code, refused.problems[0].place.line) == (code, line)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": [}', "not-json"),
        ("[" * 100_000, "too-deep"),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "too-deep"),
        ('{"a": ' + "9" * 10_000 + "}", "not-json"),
        ("[1]", "not-a-mapping"),
        ("", "not-json"),
    ],
)
def test_what_cannot_be_read_as_json(text: str, code: str) -> None:
    assert refusal(text, read_json).problems[0].code == code


def test_files(tmp_path: Path) -> None:
    def said(name: str, content: bytes) -> str:
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(CaseProblems) as refused:
            read_file(file)
        return refused.value.say("zh").replace(str(tmp_path), "")

    assert said("big.yaml", b"a" * 10_000_000) == (
        "/big.yaml：文件超过 2 MB：一份案件文件只写一户\n  → 成批的数据请用 minzheng simulate"
    )
    assert said("gbk.yaml", "甲: 1\n关系: 本人\n".encode("gbk")) == (
        "/gbk.yaml：文件不是 UTF-8 编码（第 1 行起）\n  → 另存为 UTF-8 编码后再试"
    )
    with pytest.raises(CaseProblems) as missing:
        read_file(tmp_path / "none.yaml")
    assert missing.value.problems[0].code == "unreadable-file"
    assert missing.value.problems[0].what == (
        "文件打不开：没有这个文件或文件夹",
        "the file cannot be opened: there is no such file or folder",
    )
    with pytest.raises(CaseProblems):
        read_file(tmp_path)


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "bom.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + "关系: 本人\r\n学段: 无\r\n".encode())
    assert read_file(file).data == {"关系": "本人", "学段": "无"}


def test_a_long_line_is_not_quoted() -> None:
    assert read_yaml("a: {b: " + "x" * 5000 + "}").place(("a", "b")).text == ""


def test_the_limit_is_generous(tmp_path: Path) -> None:
    file = tmp_path / "near.yaml"
    file.write_text("note: " + "x" * (MOST_BYTES - 10))
    assert len(read_file(file).data["note"]) == MOST_BYTES - 10
