"""`minzheng replay`: the same answers from a record, or where they differ."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from minzheng_rules.evaluator.recording import digest
from tests.cli.conftest import Run

NARROWED = ("--overlay", "illustrative", "--program", "dibao")


@pytest.fixture
def kept(run: Run, folder: Path) -> Path:
    """A record of the couple, decided with illustrative figures."""
    assert run("decide", "couple.yaml", *NARROWED, "--record", "kept.json").exit_code == 0
    return folder / "kept.json"


def _altered(kept: Path, amount: str) -> None:
    """A record of another answer, made whole again: what a rulebook that has changed since would leave behind."""
    content: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    del content["digest"]
    content["decision"]["outcomes"][0]["amounts"]["amount"]["value"] = amount
    content["decision"]["rulebook"]["digest"] = "0" * 64
    kept.write_text(json.dumps({**content, "digest": digest(content)}, ensure_ascii=False), encoding="utf-8")


def test_the_same_comes_out(run: Run, kept: Path) -> None:
    said = run("replay", kept.name)
    assert (said.exit_code, said.stdout, said.stderr) == (0, "✓ kept.json：结论相同，规则手册也相同\n", "")
    said = run("replay", kept.name, "--lang", "en")
    assert said.stdout == "✓ kept.json: the same answers by the same rulebook\n"


def test_a_difference_is_a_finding(run: Run, kept: Path) -> None:
    _altered(kept, "799.99")
    said = run("replay", kept.name)
    assert (said.exit_code, said.stderr) == (1, "")
    assert said.stdout == (
        '✗ kept.json：结论不同；规则手册已经改动\n    outcomes[0].amounts.amount.value："799.99" → "800.00"\n'
    )
    said = run("replay", kept.name, "--lang", "en")
    assert said.stdout.startswith("✗ kept.json: other answers; the rulebook has changed since\n")


def test_the_same_answers_by_a_changed_rulebook(run: Run, kept: Path) -> None:
    _altered(kept, "800.00")
    said = run("replay", kept.name)
    assert (said.exit_code, said.stdout) == (0, "✓ kept.json：结论相同；规则手册已经改动\n")


def test_json(run: Run, kept: Path) -> None:
    _altered(kept, "799.99")
    said = run("replay", kept.name, "--json")
    assert said.exit_code == 1
    assert json.loads(said.stdout) == {
        "format": "minzheng-replays/1",
        "replays": [
            {
                "record": "kept.json",
                "same": False,
                "same_rulebook": False,
                "differences": [
                    {"path": "outcomes[0].amounts.amount.value", "recorded": "799.99", "replayed": "800.00"}
                ],
            }
        ],
        "problems": [],
    }


def test_several_records_in_one_file(run: Run, folder: Path) -> None:
    shutil.copyfile("couple.yaml", "again.yaml")
    run("decide", "couple.yaml", "again.yaml", *NARROWED, "--record", "kept.jsonl")
    said = run("replay", "kept.jsonl", "--lang", "en")
    assert said.stdout.splitlines() == [
        "✓ kept.jsonl:1: the same answers by the same rulebook",
        "✓ kept.jsonl:2: the same answers by the same rulebook",
    ]
    assert (folder / "kept.jsonl").exists()


def test_a_record_that_was_indented_or_comes_from_standard_input(run: Run, kept: Path) -> None:
    indented = json.dumps(json.loads(kept.read_text(encoding="utf-8")), ensure_ascii=False, indent=2)
    kept.write_text(indented, encoding="utf-8")
    assert run("replay", kept.name).exit_code == 0
    said = run("replay", "-", input=indented)
    assert (said.exit_code, said.stdout) == (0, "✓ <stdin>：结论相同，规则手册也相同\n")


def test_figures_of_the_call_are_given_again(run: Run) -> None:
    run("decide", "couple.yaml", "--program", "dibao", "--set", "低保标准=1000", "--record", "kept.json")
    said = run("replay", "kept.json", "--lang", "en")
    assert said.exit_code == 3
    assert said.stderr.endswith("  → give the values again with --set\n")
    assert run("replay", "kept.json", "--set", "低保标准=1000").exit_code == 0
    assert run("replay", "kept.json", "--set", "低保标准=1001").exit_code == 1


def test_an_overlay_from_a_file_is_given_again(run: Run, folder: Path) -> None:
    overlay = (
        "overlay: 我的数\nparameters:\n  dibao_standard: {values: {2012-12-12: {value: 900, status: illustrative}}}\n"
    )
    (folder / "mine.yaml").write_text(overlay, encoding="utf-8")
    run("decide", "couple.yaml", "--program", "dibao", "--overlay", "mine.yaml", "--record", "kept.json")
    said = run("replay", "kept.json")
    assert (said.exit_code, said.stdout) == (3, "")
    assert said.stderr == "kept.json：没有“mine”这份补充值\n  → 当时的补充值若是一个文件，请用 --overlay 给出\n"
    assert run("replay", "kept.json", "--overlay", "mine.yaml").exit_code == 0


def test_another_rulebook_with_the_records_overlays(run: Run, kept: Path, rulebook: Path) -> None:
    said = run("replay", kept.name, "--rulebook", rulebook)
    assert (said.exit_code, said.stdout) == (0, "✓ kept.json：结论相同，规则手册也相同\n")


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        ("", "bad.json：里面没有记录\n", "bad.json: it holds no record\n"),
        (
            '{"format": "another"}',
            "bad.json：这不是 minzheng-record/1 格式的记录\n",
            "bad.json: this is not a record of format minzheng-record/1\n",
        ),
        (
            "not json\n",
            "bad.json:1:1：不是裁断记录\n  → 记录由 minzheng decide --record 写下\n",
            "bad.json:1:1: not a record of a decision\n  → records are written by minzheng decide --record\n",
        ),
        (
            "[1, 2]\n",
            "bad.json:1:1：不是裁断记录\n  → 记录由 minzheng decide --record 写下\n",
            "bad.json:1:1: not a record of a decision\n  → records are written by minzheng decide --record\n",
        ),
        (
            '{"format": "minzheng-record/1", "digest": "1"}',
            "bad.json：记录在作成之后被改动过：摘要不符\n",
            "bad.json: the record was altered after it was made: its digest does not match\n",
        ),
    ],
    ids=["empty", "another format", "no JSON", "a list", "altered"],
)
def test_what_is_no_record(run: Run, folder: Path, content: str, zh: str, en: str) -> None:
    (folder / "bad.json").write_text(content, encoding="utf-8")
    for lang, expected in (("zh", zh), ("en", en)):
        said = run("replay", "bad.json", "--lang", lang)
        assert (said.exit_code, said.stdout) == (3, "")
        assert said.stderr == expected


def test_a_record_that_lacks_what_it_needs(run: Run, folder: Path) -> None:
    content = {"format": "minzheng-record/1"}
    (folder / "bad.json").write_text(json.dumps({**content, "digest": digest(content)}), encoding="utf-8")
    said = run("replay", "bad.json")
    assert (said.exit_code, said.stderr) == (3, "bad.json：记录缺少必要的内容\n")


def test_a_missing_or_unreadable_file_and_the_good_one_beside_it(run: Run, kept: Path, folder: Path) -> None:
    (folder / "latin.json").write_bytes(b"\xff\xfe")
    said = run("replay", "missing.json", "latin.json", kept.name)
    assert said.exit_code == 3
    assert said.stdout == "✓ kept.json：结论相同，规则手册也相同\n"
    assert said.stderr.splitlines() == [
        "missing.json：文件打不开：没有这个文件或文件夹",
        "  → 请核对名称和所在的文件夹",
        "latin.json：文件不是 UTF-8 编码",
        "  → 请给 minzheng decide --record 写下的文件",
    ]
