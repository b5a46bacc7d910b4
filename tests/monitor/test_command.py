"""`minzheng monitor` as its users meet it, with the invented county of the examples."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from minzheng_rules.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "monitor"
PAGE = ROOT / "docs" / "how-to" / "monitor-records.md"
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["monitor", *(str(a) for a in arguments)], catch_exceptions=False)

    return invoke


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """The invented county: one run of the command, with everything it writes."""
    out = tmp_path_factory.mktemp("county")
    arguments = [
        "monitor", "--records", EXAMPLES / "records", "--cases", EXAMPLES / "cases", "--overlay", "illustrative",
        "--as-of", "2025-06-30", "--since", "2025-01-01", "--out", out,
    ]  # fmt: skip
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False), out


def test_the_county_is_summed_up_on_the_terminal(county: tuple[Result, Path]) -> None:
    result, _ = county
    assert result.exit_code == 0
    for said in (
        "20 条预警",
        "[红]",
        "死亡后仍发放：QX-001，老伴",
        "没有采用 3 条",
        "43.00 元/月（-43.00），自 2025-04",
        "只作演示",
        "互斥待遇：特困供养金，低保金，不得同享",
        "〔取一种解释〕",
    ):
        assert said in result.stdout


def test_warnings_are_written_with_evidence_articles_and_deadlines(county: tuple[Result, Path]) -> None:
    warnings = _lines(county[1] / "warnings.jsonl")
    assert len(warnings) == 20
    first = warnings[0]
    assert (first["monitor"], first["level"], first["due"], first["overdue"]) == (
        "paid_after_death",
        "red",
        "2025-06-06",
        True,
    )
    assert next(record["id"] for record in first["evidence"]) == "sw-001"
    assert first["cites"][0]["cite"] == "M83#1(3)"
    assert first["figures"] == [
        {"id": "death_review_months", "term": "死亡核查期限", "value": 3, "status": "verbatim", "source": "M83#1(3)"}
    ]
    assert all(warning["evidence"] and warning["cites"] and warning["steps"] for warning in warnings)
    assert [w["level"] for w in warnings] == sorted(
        (w["level"] for w in warnings), key=["red", "orange", "yellow"].index
    )


def test_affected_households_are_decided_again(county: tuple[Result, Path]) -> None:
    decided = {one["household"]: one for one in _lines(county[1] / "redecided.jsonl")}
    assert set(decided) == {"QX-001", "QX-002", "QX-003", "QX-004"}
    dibao = next(c for c in decided["QX-003"]["changes"] if c["program"] == "dibao")
    assert dibao["amounts"][0] == {
        "name": "monthly dibao",
        "unit": "yuan/month",
        "before": ["600", "600"],
        "after": ["100", "100"],
        "difference": "-500.00",
    }
    assert {path.stem for path in (county[1] / "trails").iterdir()} == {"QX-001", "QX-002", "QX-003"}


def test_the_replay_has_the_day_each_warning_was_given(county: tuple[Result, Path]) -> None:
    raised = _lines(county[1] / "replay.jsonl")
    by_monitor = {(one["monitor"], one["household"]): one for one in raised}
    paid = by_monitor["paid_after_death", "QX-001"]
    # The payment of 10 April was made after the death of 6 March became known on 2 April.
    assert (paid["raised_on"], paid["cleared_on"]) == ("2025-04-10", None)
    assert by_monitor["review_after_death", "QX-001"]["raised_on"] == "2025-04-02"
    overdue = by_monitor["half_yearly_review_overdue", "QX-002"]
    assert (overdue["raised_on"], overdue["cleared_on"]) == ("2025-03-02", "2025-03-03")
    standing = {one["id"] for one in raised if one["cleared_on"] is None}
    assert standing == {warning["id"] for warning in _lines(county[1] / "warnings.jsonl")}


def test_what_was_set_aside_is_listed_without_what_stood_there(county: tuple[Result, Path]) -> None:
    text = (county[1] / "set_aside.csv").read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 4
    assert "departments.jsonl,19,record.value" in text
    assert "2025-02-30" not in text


def test_the_workbook_opens_with_a_sheet_for_each_kind(county: tuple[Result, Path]) -> None:
    pytest.importorskip("xlsxwriter", reason="xlsxwriter is not installed")
    polars = pytest.importorskip("polars", reason="polars is not installed")
    pytest.importorskip("fastexcel", reason="fastexcel is not installed")
    sheets = polars.read_excel(county[1] / "warnings.xlsx", sheet_id=0)
    assert list(sheets) == ["预警", "待遇变化", "未采用的记录"]
    assert sheets["预警"].height == 20
    assert sheets["未采用的记录"].height == 3


def test_a_run_in_english_is_english(run: Run) -> None:
    result = run("--records", EXAMPLES / "records", "--as-of", "2025-06-30", "--lang", "en")
    assert result.exit_code == 0
    assert "households" in result.stdout
    assert "paid after death: QX-001" in result.stdout
    # Without made-up figures four monitors cannot act, and say why.
    assert "`large_medical_spending` did not act: the parameter `illness_warning_line` is not known" in result.stdout


def test_json_for_other_programs(run: Run) -> None:
    result = run("--records", EXAMPLES / "records", "--as-of", "2025-06-30", "--engine", "matcher", "--json")
    report = json.loads(result.stdout)
    assert report["engine"]["households_by_matcher"] == report["households"] == 12
    assert report["set_aside"] == 3
    assert report["duplicates"] == 1


def test_a_new_monitor_is_tried_over_the_past(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        """
layer: haining
monitors:
  any_death: {term: 有人去世, cite: M57#30, level: 黄, when: {死亡: {record: 死亡登记}}, do: [{step: 看, step_en: look}]}
""",
        encoding="utf-8",
    )
    asked = (
        "--records",
        EXAMPLES / "records",
        "--since",
        "2025-01-01",
        "--as-of",
        "2025-06-30",
        "--out",
        tmp_path / "o",
    )
    assert run(*asked, "--with", tmp_path / "mine.yaml").exit_code == 0
    found = [one for one in _lines(tmp_path / "o" / "replay.jsonl") if one["monitor"] == "any_death"]
    assert [(one["household"], one["raised_on"]) for one in found] == [("QX-001", "2025-04-02")]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--records", EXAMPLES / "records"), 2, "--as-of"),
        (("--records", EXAMPLES / "records", "--as-of", "2025-01-01", "--since", "2025-02-01"), 2, "--since"),
        (("--records", "nowhere", "--as-of", "2025-01-01"), 3, "没有记录文件"),
        (("--records", EXAMPLES / "records", "--cases", "nowhere", "--as-of", "2025-01-01"), 3, "没有这个文件夹"),
        (("--records", EXAMPLES / "records", "--roster", "nowhere", "--as-of", "2025-01-01"), 3, "没有这个文件"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: tuple[object, ...], code: int, said: str, run: Run) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert said in result.stderr


def test_the_python_of_the_page_runs_as_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    exec(compile(block, str(PAGE), "exec"), {})
    (expected,) = re.findall(r"# → (.*)$", block, re.MULTILINE)
    assert expected in capsys.readouterr().out
