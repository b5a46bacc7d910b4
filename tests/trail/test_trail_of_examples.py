"""The shipped examples, decided by the shipped rulebook: every form holds on real trails."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from minzheng_rules import Case, Decision, Rulebook, decide
from minzheng_rules.trail.node import NodeKind
from minzheng_rules.trail.rendering.layout import display_width
from minzheng_rules.trail.summary import summary_html, summary_text
from minzheng_rules.trail.trail import Trail

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "cases").glob("*.yaml"))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(place="haining", overlays=["illustrative"])


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def decision(request: pytest.FixtureRequest, book: Rulebook) -> Decision:
    return decide(Case.read(request.param), book)


def test_an_id_names_one_step(decision: Decision) -> None:
    nodes = {id(node): node for root in decision.explain().roots for node in root.walk()}
    by_id: dict[str, set[tuple[str, str]]] = {}
    for node in nodes.values():
        by_id.setdefault(node.id, set()).add((node.kind.value, node.label.say("zh")))
    assert {name: said for name, said in by_id.items() if len(said) > 1} == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("full", [False, True])
def test_a_recorded_trail_prints_as_the_live_one(decision: Decision, lang: str, full: bool) -> None:
    live = decision.explain()
    recorded = Trail.from_json(json.loads(json.dumps(live.to_json())))
    text = live.text(lang, full, 100, False)
    assert recorded.text(lang, full, 100, False) == text
    assert recorded.markdown(lang, full) == live.markdown(lang, full)
    assert max(map(display_width, text.splitlines())) <= 100


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_whole(decision: Decision, lang: str) -> None:
    html = summary_html(decision, lang, full=True, page=True)
    page = ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>\n"))
    ids = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert "http" not in html


def test_other_benefits_have_english_names(decision: Decision) -> None:
    for root in decision.explain().roots:
        for node in root.walk():
            if "/stack/" in node.id and node.kind is NodeKind.TABLE_ROW:
                assert node.label.en.isascii(), node.label


def test_the_overview_names_no_rows_of_tables(decision: Decision) -> None:
    assert not re.search(r"第 \d+ 行|\brow \d+", summary_text(decision, colour=False) + summary_text(decision, "en"))


def test_illustrative_figures_are_announced(decision: Decision) -> None:
    """Every example is decided with the demonstration's standards, be it only for the bounds of an amount."""
    assert "只作演示" in summary_text(decision, colour=False)
