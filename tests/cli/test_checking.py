"""`minzheng check`, `minzheng test`, `minzheng parameters`: what there is to say of a rulebook."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

from minzheng_rules import Rulebook
from minzheng_rules.cli.commands.check import _different
from minzheng_rules.trail.rendering.layout import display_width
from tests.cli.conftest import Run

REPOSITORY = Path(__file__).resolve().parents[2]


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# -- check -------------------------------------------------------------------------------------------------------------


def test_the_shipped_rulebook_has_no_mistakes(run: Run) -> None:
    said = run("check", "--json")
    assert said.exit_code == 0
    found = json.loads(said.stdout)
    assert found["errors"] == 0
    assert found["places"] == ["national", "zhejiang", "jiaxing", "haining"]
    assert "illustrative" in found["overlays"]
    boundaries = {day.isoformat() for day in Rulebook.load().boundaries}
    assert boundaries < set(found["days"])
    assert {problem["severity"] for problem in found["problems"]} <= {"warning"}
    assert {problem["severity"] for problem in json.loads(run("check", "--json", "--notes").stdout)["problems"]} >= {
        "note"
    }


def test_every_mistake_is_told_at_once_each_in_its_line(run: Run, rulebook: Path) -> None:
    _change(
        rulebook / "rules/national/dibao.yaml", "家庭月收入 < 低保标准 * 家庭人口", "家庭月收入 < 低保标准准 * 家庭人口"
    )
    _change(rulebook / "policies/haining/dibao.yaml", "status: unknown", "satus: unknown")
    said = run("check", rulebook)
    assert (said.exit_code, said.stderr) == (1, "")
    assert "rules/national/dibao.yaml:" in said.stdout
    assert "低保标准准" in said.stdout
    assert "policies/haining/dibao.yaml:" in said.stdout
    assert said.stdout.count("低保标准准 * 家庭人口") == 1, "four places share the file; it is told once"
    assert said.stdout.splitlines()[-1].startswith("✗ ")
    assert json.loads(run("check", rulebook, "--json").stdout)["errors"] >= 2


def test_a_mistake_in_an_overlay_is_found(run: Run, rulebook: Path) -> None:
    (rulebook / "policies/overlays/mine.yaml").write_text(
        "overlay: 我的数\nparameters:\n  dibao_standard: {values: {2012-12-12: {value: 1 000, status: illustrative}}}\n",
        encoding="utf-8",
    )
    said = run("check", rulebook)
    assert said.exit_code == 1
    assert "policies/overlays/mine.yaml:3:" in said.stdout


def test_a_circle_that_shows_on_some_days_only_is_found(run: Run, rulebook: Path) -> None:
    rules = rulebook / "rules/haining"
    rules.mkdir(exist_ok=True)
    (rules / "circle.yaml").write_text(
        "program: circle\nterm: 循环\nlayer: haining\nhousehold:\n"
        "  one: {term: 甲规则, cite: LAW26#23, when: 乙规则}\n  two: {term: 乙规则, cite: LAW26#23, when: 甲规则}\n",
        encoding="utf-8",
    )
    said = run("check", rulebook)
    assert said.exit_code == 1
    assert "rules/haining/circle.yaml:" in said.stdout


def test_a_manifest_without_places(run: Run, rulebook: Path) -> None:
    (rulebook / "rules/rulebook.yaml").write_text("name: x\n", encoding="utf-8")
    said = run("check", rulebook)
    assert said.exit_code == 1
    assert "rulebook.yaml" in said.stdout


def test_no_rulebook_there(run: Run) -> None:
    said = run("check", "nowhere", "--lang", "en")
    assert (said.exit_code, said.stdout) == (3, "")
    assert said.stderr == ("nowhere: there is no rulebook here\n  → name the folder that holds rules/rulebook.yaml\n")


# -- test --------------------------------------------------------------------------------------------------------------

WORKED = """\
source: 手算
about: 夫妻二人
parameters: {低保标准: 1000}
file: couple.yaml
expect:
  dibao: {eligible: true, amount: 800.00}
variants:
  - about: 标准九百元
    parameters: {低保标准: 900}
    expect:
      dibao: {eligible: true, amount: EXPECTED}
"""


def test_worked_cases_that_hold(run: Run, folder: Path) -> None:
    (folder / "worked.yaml").write_text(WORKED.replace("EXPECTED", "600.00"), encoding="utf-8")
    said = run("test", "worked.yaml")
    assert (said.exit_code, said.stdout, said.stderr) == (0, "2 个算例：2 个通过\n", "")
    said = run("test", "worked.yaml", "--lang", "en", "--verbose")
    assert said.stdout.splitlines() == [
        "✓ worked.yaml:2 夫妻二人",
        "✓ worked.yaml:8 标准九百元",
        "2 worked cases: 2 passed",
    ]


def test_a_worked_case_that_differs_is_a_finding_with_reasons(run: Run, folder: Path) -> None:
    (folder / "worked.yaml").write_text(WORKED.replace("EXPECTED", "601.00"), encoding="utf-8")
    said = run("test", "worked.yaml")
    assert (said.exit_code, said.stderr) == (1, "")
    assert said.stdout.startswith("✗ worked.yaml:8 标准九百元\n")
    assert "601.00" in said.stdout
    assert said.stdout.endswith("2 个算例：1 个通过，1 个不符\n")
    assert run("test", "worked.yaml", "--lang", "en").stdout.endswith("2 worked cases: 1 passed, 1 differed\n")
    found = json.loads(run("test", "worked.yaml", "--json").stdout)
    assert (found["format"], found["passed"], found["failed"]) == ("minzheng-test/1", 1, 1)
    (mismatch,) = found["results"][1]["mismatches"]
    assert mismatch["program"] == "dibao"
    assert "601.00" in mismatch["zh"]
    assert "601.00" in mismatch["en"]


def test_a_worked_case_that_cannot_be_run(run: Run, folder: Path) -> None:
    (folder / "worked.yaml").write_text("about: x\n", encoding="utf-8")
    said = run("test", "worked.yaml")
    assert said.exit_code == 3
    assert said.stdout.endswith("1 个算例：0 个通过，1 个不能运行\n")
    assert run("test", "missing.yaml").exit_code == 3


def test_worked_cases_are_looked_for_in_the_usual_place(run: Run, folder: Path) -> None:
    said = run("test")
    assert (said.exit_code, said.stdout) == (3, "")
    assert said.stderr == "tests/cases：没有找到算例\n  → 请写出算例所在的文件或文件夹\n"
    (folder / "empty").mkdir()
    said = run("test", "empty", "--lang", "en")
    assert said.stderr == "empty: there are no worked cases\n  → name the files or folders they lie in\n"
    shutil.copytree(folder, folder / "tests" / "cases", ignore=shutil.ignore_patterns("*.yaml", "tests"))
    (folder / "tests/cases/worked.yaml").write_text(
        WORKED.replace("EXPECTED", "600.00").replace("couple.yaml", "../../couple.yaml"), encoding="utf-8"
    )
    assert run("test").stdout == "2 个算例：2 个通过\n"


def test_worked_cases_with_another_rulebook(run: Run, folder: Path, rulebook: Path) -> None:
    (folder / "worked.yaml").write_text(WORKED.replace("EXPECTED", "600.00"), encoding="utf-8")
    assert run("test", "worked.yaml", "--rulebook", rulebook).exit_code == 0
    assert run("test", "worked.yaml", "--rulebook", "nowhere").exit_code == 3


# -- parameters --------------------------------------------------------------------------------------------------------


def test_parameters_of_a_day(run: Run) -> None:
    said = run("parameters", "--as-of", "2025-06-01")
    assert said.exit_code == 0
    assert said.stdout.splitlines()[0].startswith("民政待遇规则（浙江省海宁市），2025-06-01：")
    assert "低保标准  " in said.stdout
    assert max(display_width(line) for line in said.stdout.splitlines()) <= 120
    assert said.stdout == run("parameters", "--as-of", "2025-06-01").stdout


def test_parameters_named_and_in_english(run: Run) -> None:
    said = run("parameters", "低保标准", "--as-of", "2025-06-01", "--lang", "en")
    lines = said.stdout.splitlines()
    assert lines[0] == "Civil-affairs benefit rules (Haining, Zhejiang), 2025-06-01: 1 entries"
    assert lines[1].split() == ["parameter", "value", "status", "set", "by"]
    assert lines[2].split()[:3] == ["dibao_standard", "unknown", "unknown"]


def test_parameters_of_one_status(run: Run) -> None:
    listed = json.loads(run("parameters", "--status", "unknown", "--as-of", "2025-06-01", "--json").stdout)
    assert (listed["format"], listed["as_of"], listed["place"]) == ("minzheng-parameters/1", "2025-06-01", "haining")
    assert {entry["status"] for entry in listed["parameters"]} == {"unknown"}
    entry = next(entry for entry in listed["parameters"] if entry["id"] == "dibao_standard")
    assert (entry["term"], entry["value"], entry["used"]) == ("低保标准", None, False)
    assert "province" in entry["set_by"]


def test_what_to_ask_the_office_that_knows(run: Run) -> None:
    """In which form, between which ends, for which programs; and nothing that has ended."""
    said = run("parameters", "--status", "unknown", "--as-of", "2026-08-01").stdout
    assert "要问：不计、按低保标准或按核定；用于：刚性支出困难家庭" in said
    assert "按月核查间隔" not in said  # of the measures that ended in 2021
    english = run("parameters", "渐退期", "--as-of", "2026-08-01", "--lang", "en").stdout
    assert "wanted: 0 to 6 months; for: review of dibao, gradual exit from dibao" in english
    listed = json.loads(run("parameters", "--status", "unknown", "--as-of", "2026-08-01", "--json").stdout)
    assert all(entry["set_by"] or entry["note"] for entry in listed["parameters"])
    (voucher,) = (entry for entry in listed["parameters"] if entry["id"] == "service_voucher_share")
    assert [cell["zh"] for cell in voucher["open_cells"]] == ["日间照料", "居家上门"]
    assert voucher["programs"] == ["service_voucher"]


def test_parameters_with_figures_filled_in(run: Run) -> None:
    for figures in (("--overlay", "illustrative"), ("--set", "低保标准=1000")):
        said = run("parameters", "dibao_standard", "--as-of", "2025-06-01", "--json", *figures)
        (entry,) = json.loads(said.stdout)["parameters"]
        assert (entry["value"], entry["status"], entry["used"]) == ("1000", "illustrative", True)


def test_a_table_is_one_entry_unless_it_is_named(run: Run) -> None:
    every = json.loads(run("parameters", "--as-of", "2025-06-01", "--json").stdout)["parameters"]
    assert len([entry for entry in every if entry["id"] == "income_treatment" or entry["term"] == "收入口径"]) == 1
    named = json.loads(run("parameters", "收入口径", "--as-of", "2025-06-01", "--json").stdout)["parameters"]
    assert len(named) > 1
    assert all(entry["cell"] and entry["cell_term"] for entry in named)
    said = run("parameters", "收入口径", "--as-of", "2025-06-01").stdout
    assert "收入口径[" in said


def test_today_unless_a_day_is_named(run: Run) -> None:
    before = dt.datetime.now().astimezone().date()
    said = run("parameters", "dibao_standard", "--json")
    assert json.loads(said.stdout)["as_of"] in {before.isoformat(), dt.datetime.now().astimezone().date().isoformat()}


def test_unknown_parameters_are_told_together(run: Run) -> None:
    said = run("parameters", "低保标住", "xyz")
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr == "没有“低保标住”这个参数\n  → 您是否想写 低保标准？\n没有“xyz”这个参数\n"
    said = run("parameters", "dibao_standrd", "--lang", "en")
    assert said.stderr == "there is no parameter `dibao_standrd`\n  → did you mean dibao_standard?\n"


def test_a_place_that_adds_nothing_is_looked_at_with_the_place_below_it(tmp_path: Path) -> None:
    """The county has rules of its own, the city has none: two different rulebooks, not three."""
    for layer in ("national", "county"):
        (tmp_path / "rules" / layer / "worker").mkdir(parents=True)
        (tmp_path / "rules" / layer / "a.yaml").write_text("", encoding="utf-8")
    places = {"national": "", "city": "national", "county": "city"}
    kinds = ("household", "worker")
    assert _different(tmp_path, places, "household", kinds) == ["city", "county"]
    assert _different(tmp_path, places, "worker", kinds) == ["county"], "nobody says anything of workers"
