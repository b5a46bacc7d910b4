"""What a trail says in English is English: what stays Chinese is what the case says, and what is marked as Chinese."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from minzheng_rules import Case, Rulebook, decide
from minzheng_rules.rulebook.sources import Source
from minzheng_rules.trail.citing import number_in_english
from minzheng_rules.trail.summary import summary_text

ROOT = Path(__file__).parents[2]
CASES = [
    *sorted((ROOT / "examples" / "cases").rglob("*.yaml")),
    ROOT / "benchmarks" / "five_people_with_supporters.yaml",
]
GRADES = ROOT / "policies" / "haining" / "worker" / "pay_scheme_8_3_3.csv"
"""Names of grades are text in a table, and have no English."""
PLACES = {"浙江省", "嘉兴市", "海宁市"}
"""Names entered as facts, and what stands beside them as an example."""
COLUMNS = {"岗", "级", "序", "名称", "方案", "等级", "等级数", "档"}
"""Columns of kept tables have one name, the author's."""
_CHINESE = re.compile("[\u4e00-\u9fff]+")
_ORIGINAL = re.compile(r"the text says “[^”]+” \([^)]+\)")
_MARKED = re.compile(r"(note|why), in Chinese: .*")


def _unexpected(said: str, entered: str) -> set[str]:
    left = _MARKED.sub("", _ORIGINAL.sub("", said))
    return {word for word in _CHINESE.findall(left) if word not in entered and word not in PLACES | COLUMNS}


@cache
def _book(kind: str) -> Rulebook:
    return Rulebook.load(place="haining", kind=kind, overlays=["illustrative"])


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return _book("household")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_english_trails_and_overviews_are_english(path: Path) -> None:
    case = Case.read(path)
    decision = decide(case, _book(case.root.kind))
    entered = path.read_text(encoding="utf-8") + GRADES.read_text(encoding="utf-8")
    for full in (False, True):
        assert _unexpected(decision.explain().text("en", full, 10_000, False), entered) == set()
    assert _unexpected(summary_text(decision, "en", width=10_000), entered) == set()


def test_every_instrument_has_a_number_in_english(book: Rulebook) -> None:
    sources: list[Source] = list(book.sources.by_id.values())
    assert {s.number: said for s in sources if _CHINESE.search(said := number_in_english(s.number))} == {}


@pytest.mark.parametrize(
    ("number", "english"),
    [
        ("国务院令第586号（2010年修订）", "State Council Decree No. 586, revised 2010"),
        (
            "2014年7月31日浙江省人大常委会通过，2020年9月24日修正",
            "adopted by the Standing Committee of the Zhejiang People’s Congress, 2014-7-31, amended 2020-9-24",
        ),
        ("浙江省，二〇二四年", "Zhejiang, 2024"),
        ("民政部2024年（文号未见）", "Ministry of Civil Affairs, 2024, number not seen"),
        ("民发〔2009〕26号、民发〔2009〕78号", "Min Fa [2009] No. 26, Min Fa [2009] No. 78"),
        ("云间府第三谕，二〇二四年", "云间府第三谕，二〇二四年"),
    ],
)
def test_numbers_with_dates_and_issuers(number: str, english: str) -> None:
    """What is not understood to the last piece is printed as it was written."""
    assert number_in_english(number) == english


def test_a_note_that_is_chinese_says_so(book: Rulebook) -> None:
    said = decide(Case.read(ROOT / "examples" / "cases" / "single_mother.yaml"), book).explain().text("en", True)
    assert "note, in Chinese: " in said
    assert not re.search("note: [\u4e00-\u9fff]", said)
