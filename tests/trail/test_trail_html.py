from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from minzheng_rules.trail.node import NodeKind, Origin, State
from minzheng_rules.trail.summary import summary_html
from minzheng_rules.trail.trail import Trail
from tests.trail import hand_made_decisions as decisions
from tests.trail.expected_outputs import MADE
from tests.trail.hand_made_trails import eligible, node, refusal

NASTY = '<script>alert("x")</script> & "quoted" \'single\''


def page(html: str) -> ElementTree.Element:
    """The page, if it is well-formed."""
    return ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>\n"))


def all_pages() -> list[object]:
    made = [
        pytest.param(Trail([make()]).html(lang, full), id=f"{name}-{lang}-{full}")
        for name, make in MADE.items()
        for lang in ("zh", "en")
        for full in (False, True)
    ]
    made += [
        pytest.param(summary_html(decision, lang, full=True, page=True), id=f"summary-{name}-{lang}")
        for name, decision in (("mixed", decisions.mixed()), ("empty", decisions.empty()))
        for lang in ("zh", "en")
    ]
    return made


@pytest.mark.parametrize("html", all_pages())
def test_well_formed_and_on_its_own(html: str) -> None:
    root = page(html)
    names = {element.tag for element in root.iter()}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not re.search(r"https?:|//[a-z]|@import|url\(|javascript:", html)
    assert not [name for e in root.iter() for name in e.attrib if name.startswith("on") or name in ("src", "style")]


@pytest.mark.parametrize("html", all_pages())
def test_every_link_leads_to_one_place(html: str) -> None:
    root = page(html)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    links = [unquote(element.attrib["href"]) for element in root.iter("a")]
    assert all(link.startswith("#") and link[1:] in ids for link in links)


@pytest.mark.parametrize("html", all_pages())
def test_headings_begin_with_the_first(html: str) -> None:
    root = page(html)
    assert root.attrib["lang"] in ("zh-Hans", "en")
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch("h[1-6]", element.tag)]
    assert not levels or levels[0] == 1
    assert root.find("head/title").text  # type: ignore[union-attr]


def test_everything_is_escaped() -> None:
    fact = node(
        "f <b>", NodeKind.FACT, (NASTY, NASTY), State.UNDETERMINED, value=(NASTY, NASTY), subject=NASTY,
        reason=(NASTY, NASTY), formula=(NASTY, "f"), filled=(NASTY, "g"), margin=(NASTY, "m"), wording=NASTY,
        origin=Origin(NASTY, NASTY, NASTY, NASTY, (NASTY,), NASTY, (NASTY,)),
    )  # fmt: skip
    odd = node("r", NodeKind.CONCLUSION, (NASTY, NASTY), State.FALSE, fact, subject=NASTY)
    html = Trail([odd]).html(full=True)
    assert "<script" not in html
    assert any(NASTY in (element.text or "") for element in page(html).iter())


def test_deciding_branches_are_open_and_the_others_closed() -> None:
    items = {li.attrib.get("id"): li for li in page(Trail([refusal()]).html(full=True)).iter("li")}
    assert "open" in items["n-income_below_standard"].find("details").attrib  # type: ignore[union-attr]
    assert items["n-accepted"].attrib["class"] == "idle"
    assert "open" not in items["n-accepted"].find("details").attrib  # type: ignore[union-attr]


def test_a_figure_used_twice_is_linked() -> None:
    html = Trail([eligible()]).html()
    assert html.count('id="n-income"') == 1
    assert '见上 → <a href="#n-income">家庭月收入</a>' in html


def test_a_fragment_brings_its_style_and_disturbs_nothing() -> None:
    fragment = Trail([refusal()])._repr_html_()
    assert fragment.startswith('<div class="mz" lang="zh-Hans">')
    assert "<html" not in fragment
    style = re.search("<style>(.*?)</style>", fragment, re.S)
    assert style is not None
    selectors = re.findall(r"^\s*([^@{}\s][^{}]*?)\s*\{", re.sub(r"@media[^{]*\{", "", style[1]), re.M)
    assert selectors
    assert all(part.strip().startswith(".mz") for selector in selectors for part in selector.split(","))


def test_the_page_adapts() -> None:
    html = Trail([refusal()]).html()
    for wanted in ("prefers-color-scheme: dark", "@media print", "max-width: 40rem", "focus-visible"):
        assert wanted in html
