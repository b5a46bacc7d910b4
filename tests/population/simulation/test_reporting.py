"""The report, the workbook and the files of a simulation: whole, offline, and saying what they rest on."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from minzheng_rules import Reform, Rulebook
from minzheng_rules.population.outputs.files import write_bytes, write_tables
from minzheng_rules.population.population import Population
from minzheng_rules.population.simulation.examples import examples
from minzheng_rules.population.simulation.report import curve_around
from minzheng_rules.population.simulation.simulating import Simulation, simulate
from minzheng_rules.population.simulation.standing import (
    data_digest,
    provenance,
    rests_on_illustrative,
    said_provenance,
    standings,
)
from minzheng_rules.population.simulation.workbook import frame_of, frames_of, workbook
from minzheng_rules.problems import ProblemsFound


@pytest.fixture(scope="module")
def pages(simulation: Simulation) -> dict[str, str]:
    return {lang: simulation.report(by=["town"], lang=lang, command="minzheng simulate …") for lang in ("zh", "en")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_needs_nothing_from_elsewhere(pages: dict[str, str], lang: str) -> None:
    page = pages[lang]
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', page.replace('xlink:href="#', 'href="#'))
    assert "<script" not in page
    assert "@import" not in page
    assert "url(" not in page.replace("url(#", "")
    ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_links_of_a_report_lead_to_one_place(pages: dict[str, str], lang: str) -> None:
    ids = Counter(re.findall(r' id="(x?\d*-?n-[^"]+|[a-z_]+)"', pages[lang]))
    assert [id for id, count in ids.items() if count > 1] == []
    sections = set(re.findall(r'<a href="#([a-z_]+)">', pages[lang]))
    assert sections <= set(ids)
    assert {"changes", "headline", "by_town", "gains", "curve", "examples", "standing", "repeat"} <= sections


def test_a_report_says_loudly_what_it_rests_on(pages: dict[str, str], simulation: Simulation) -> None:
    banners = re.findall(r'<p class="banner">([^<]*)</p>', pages["zh"])
    assert any("虚构人口" in banner for banner in banners)
    assert any("示例数" in banner for banner in banners)
    for digest in (
        simulation.rulebook.digest,
        simulation.reformed.digest,
        data_digest(simulation.population.columns, simulation.rulebook.vocabulary),
    ):
        assert digest in pages["zh"]
    assert "minzheng simulate …" in pages["zh"]


def test_a_report_shows_the_numbers_of_the_simulation(pages: dict[str, str], simulation: Simulation) -> None:
    now, then = simulation.caseload("dibao", baseline=True), simulation.caseload("dibao")
    assert f'<div class="value">{then.eligible}</div><span>现在 {now.eligible}，' in pages["zh"]
    assert "1,050.00 元/月/人" in pages["zh"]
    assert pages["zh"].count('<details class="example">') == 10
    assert pages["zh"].count("<svg") >= 5


def test_english_reports_have_no_chinese_but_names(pages: dict[str, str]) -> None:
    headings = re.findall(r"<h2>([^<]*)</h2>", pages["en"])
    assert headings
    assert not [heading for heading in headings if re.search("[一-鿿]", heading)]


def test_example_households_show_each_kind_and_are_the_same_every_time(simulation: Simulation) -> None:
    chosen = examples(simulation, "dibao", 6)
    assert [one.household for one in chosen] == [one.household for one in examples(simulation, "dibao", 6)]
    assert len({one.household for one in chosen}) == 6
    enters = next(one for one in chosen if one.why.en == "enters")
    assert enters.before.outcome("dibao").status.value != "eligible"
    assert enters.after.outcome("dibao").status.value == "eligible"


def test_the_curve_has_both_the_figure_now_and_that_of_the_reform(simulation: Simulation) -> None:
    curve = curve_around(simulation, "dibao")
    assert curve is not None
    at = {str(point.values[0]): point for point in curve.points}
    assert at["1050"].figures["dibao"] == simulation.caseload("dibao")
    assert at["1000"].figures["dibao"] == simulation.caseload("dibao", baseline=True)


def test_the_data_digest_is_that_of_the_facts(book: Rulebook) -> None:
    counties = [Population.synthesize(20, seed=seed) for seed in (1, 1, 2)]
    first, again, other = (data_digest(county.columns, book.vocabulary) for county in counties)
    assert first == again != other


def test_provenance_names_everything_needed_to_repeat(simulation: Simulation) -> None:
    found = provenance(simulation, "the command")
    assert {"as_of", "rulebook", "reform", "reformed_rulebook", "data", "invented", "numpy", "command"} <= set(found)


def test_people_are_told_the_same_in_their_language(simulation: Simulation, pages: dict[str, str]) -> None:
    said = dict(said_provenance(simulation, "the command", "zh"))
    assert said["加权"] == "否"
    assert said["人口来历"].startswith("虚构人口")
    assert len(said) == len(provenance(simulation, "the command"))
    repeat = pages["zh"].partition('<section id="repeat">')[2]
    assert "<code>no</code>" not in repeat
    assert all(f"<th>{name}</th>" in repeat for name in said if name != "命令")


def test_a_heading_says_its_unit_once(simulation: Simulation) -> None:
    header, _ = simulation.overview().flat("zh")
    assert [name for name in header if "金额" in name] == [
        "金额种类",
        *(f"{name}（{part}）" for name in ("金额", "金额增减") for part in ("至少，元", "至多，元", "待定项数")),
    ]
    header, _ = simulation.winners().flat("en")
    assert "gained, at least (yuan/month)" in header


def test_files_hold_exact_decimals_and_what_is_open(simulation: Simulation, tmp_path: Path) -> None:
    frames = frames_of(simulation, ["town"], "zh")
    written = write_tables(frames, tmp_path / "out", "csv", {"simulation.json": "{}"})
    assert {path.name for path in written} >= {"overview.csv", "by_town.csv", "gains.csv", "simulation.json"}
    with (tmp_path / "out" / "overview.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["项目"]: row for row in csv.DictReader(file)}
    spending = simulation.spending("dibao")
    dibao = rows["最低生活保障"]
    assert dibao["金额（至少，元）"] == str(spending.at_least)
    assert dibao["金额（至多，元）"] == str(spending.at_most)
    assert dibao["金额（待定项数）"] == str(spending.open)


def test_a_workbook_opens_with_a_sheet_for_each_table(simulation: Simulation, tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    write_bytes(path, workbook(simulation, ["town"], "zh", [("注意", "示例")]))
    sheets = pl.read_excel(path, sheet_id=0)
    assert list(sheets)[:3] == ["说明", "改了什么", "符合的户数人数和金额"]
    own = simulation.overview()
    assert sheets["符合的户数人数和金额"]["项目"].to_list()[: len(own.rows)] == frame_of(own)["项目"].to_list()
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound):
        write_bytes(tmp_path / "nowhere" / "a.xlsx", b"a workbook")
    (tmp_path / "taken.xlsx").mkdir()
    with pytest.raises(ProblemsFound):
        write_bytes(tmp_path / "taken.xlsx", b"a workbook")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.xlsx"]


def test_a_report_without_a_reform(county: Population, book: Rulebook) -> None:
    page = simulate(county, book, programs=["dibao", "dibao_edge"]).report(by=["size"])
    assert "现行规则的测算" in page
    assert 'id="gains"' not in page
    ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))


def test_charts_say_whether_they_count_households_or_persons(pages: dict[str, str]) -> None:
    assert "符合（户）" in pages["zh"]
    assert "eligible (households)" in pages["en"]
    assert "人次" not in pages["zh"]


def test_a_printed_report_has_the_reasons_of_those_households_only_that_were_opened(pages: dict[str, str]) -> None:
    printed = pages["zh"].rpartition("@media print")[2]
    assert "details:not([open])::details-content { content-visibility: hidden" in printed


def test_amounts_of_example_households_have_their_unit(pages: dict[str, str]) -> None:
    changes = re.findall(r'<span class="change">([^<]*)</span>', pages["zh"])
    assert len(changes) == 10
    assert all(change.endswith(" 元/月") for change in changes)


def test_a_reform_of_a_countys_own_standard_is_a_proposal_and_no_invention(county: Population, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "低保标准: {values: {2024-07-01: {value: 1100, status: verbatim, source: 某通知}}}\n", encoding="utf-8"
    )
    for overlays, made_up in (([own], False), (["illustrative"], True)):
        book = Rulebook.load(place="haining", overlays=overlays)
        reform = Reform(title="提高五十元", changes={"低保标准": {"add": 50}})
        found = standings(simulate(county, book, reform, programs=["dibao"]), ["dibao"])
        assert rests_on_illustrative(found) == made_up
        (standard,) = (one for one in found if one.parameter.id == "dibao_standard")
        assert standard.status == ("illustrative" if made_up else "proposed")


def test_a_step_from_a_figure_nobody_knows_is_told_as_that(county: Population) -> None:
    with pytest.raises(ProblemsFound) as found:
        simulate(county, Rulebook.load(place="haining"), Reform(title="提高五十元", changes={"低保标准": {"add": 50}}))
    (problem,) = found.value.problems
    assert problem.code == "reform.changes-nothing"
    assert "低保标准现在未知" in problem.what.zh
    assert problem.next_step is not None
    assert "--set 低保标准=" in problem.next_step.zh
