from __future__ import annotations

import re
import time
import unicodedata

import pytest

from minzheng_rules.trail.node import NodeKind, Origin, State
from minzheng_rules.trail.rendering.layout import Span, display_width, pad, paint, wants_colour, wrap
from minzheng_rules.trail.trail import Trail
from tests.trail.expected_outputs import MADE
from tests.trail.hand_made_trails import eligible, node, refusal, undetermined

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [56, 72, 100, 160])
def test_lines_fit(name: str, lang: str, width: int) -> None:
    lines = Trail([MADE[name]()]).text(lang, full=True, width=width, colour=False).splitlines()
    assert max(map(display_width, lines)) <= width
    assert not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize("name", MADE)
def test_colour_changes_nothing_but_the_colour(name: str) -> None:
    trail = Trail([MADE[name]()])
    plain, coloured = (trail.text(full=True, width=80, colour=c) for c in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == plain


def test_colours_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert not wants_colour(None)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert wants_colour(None)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(None)
    assert wants_colour(True)


@pytest.mark.parametrize(
    ("make", "words"),
    [(refusal, {"不符合", "不成立"}), (undetermined, {"待定", "须补"}), (eligible, {"符合", "不适用", "命中", "取整"})],
)
def test_it_is_readable_without_colour_and_marks(make: object, words: set[str]) -> None:
    text = Trail([make()]).text(colour=False)  # type: ignore[operator]
    assert all(word in text for word in words)


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_illustrative_figures_say_so_wherever_they_are_used(name: str, lang: str) -> None:
    word = {"zh": "示例数", "en": "illustrative"}[lang]
    standard = {"zh": "低保标准：", "en": "subsistence standard: "}[lang]
    lines = Trail([MADE[name]()]).text(lang, full=True, width=300, colour=False).splitlines()
    assert word in lines[0]
    said = [line for line in lines if standard in line]
    assert said
    assert all(word in line for line in said)


def test_an_open_amount_rests_on_the_figures_in_its_bounds() -> None:
    """The bounds of an amount may name an invented figure that does not settle the conclusion."""
    figure = node(
        "p", NodeKind.PARAMETER, ("标准", "standard"), State.VALUE, origin=Origin("illustrative"), decisive=False
    )
    amount = node("a", NodeKind.AMOUNT, ("金额", "amount"), State.UNDETERMINED, figure, decisive=False)
    asked = node("f", NodeKind.FACT, ("收入", "income"), State.UNDETERMINED, origin=Origin(how="missing"))
    root = node("r", NodeKind.CONCLUSION, ("低保", "dibao"), State.UNDETERMINED, asked, amount)
    root.leads = [asked]
    assert Trail([root]).text(colour=False).splitlines()[0] == "? 低保：待定〔含示例数〕"
    assert "示例数：标准" in Trail([root]).text(colour=False)
    refused = node("r", NodeKind.CONCLUSION, ("低保", "dibao"), State.FALSE, asked, amount)
    refused.leads = [asked]
    assert "示例数" not in Trail([refused]).text(colour=False)


def test_a_node_is_set_out_once() -> None:
    text = Trail([eligible()]).text(width=100, colour=False)
    assert text.count("家庭月收入：1,894.55 元/月 #1") == 1
    assert text.count("见上 → 家庭月收入：1,894.55 元/月〔h1 张某家〕 #1") == 1
    assert text.count("1,894.55 + 0 + 0") == 1


def test_the_reasons_leave_out_what_settles_nothing() -> None:
    short, full = (Trail([refusal()]).text(full=f, colour=False) for f in (False, True))
    assert "申请地受理" not in short
    assert "申请地受理：成立〔不影响结论〕" in full
    assert "rules/national/dibao.yaml:70:5" in full


def test_names_cannot_repaint_the_terminal() -> None:
    odd = node(
        "f", NodeKind.FACT, ("名\x1b[31m字\n换行\u202e", "n"), State.VALUE, value=("\x07值", "v"), subject="张\x1b[0m"
    )
    text = Trail([odd]).text(colour=False)
    assert not any(unicodedata.category(c).startswith("C") for c in text.replace("\n", ""))
    assert len(text.splitlines()) == 1


def test_a_tree_deeper_than_the_width_still_prints() -> None:
    deep = node("0", NodeKind.CONDITION, ("底", "bottom"), State.TRUE)
    for depth in range(1, 1500):
        label = (f"第 {depth} 层", f"level {depth}")
        deep = node(str(depth), NodeKind.CONDITION, label, State.TRUE, deep, origin=Origin("verbatim"))
    assert "底：成立" in Trail([deep]).text(width=40, colour=False)


def test_no_conclusion() -> None:
    assert Trail([]).text() == "没有可显示的结论。"


def test_rendering_is_quick() -> None:
    """A few milliseconds are meant; the bound leaves room for a busy machine."""
    facts = [node(f"f{i}", NodeKind.FACT, (f"事实{i}", f"fact {i}"), State.VALUE, value=("1", "1")) for i in range(300)]
    root = node("r", NodeKind.CONCLUSION, ("结论", "conclusion"), State.TRUE, *facts)
    best = min(_seconds(root) for _ in range(5))
    assert best < 0.1


def _seconds(root: object) -> float:
    start = time.perf_counter()
    Trail([root]).text(full=True, colour=False)  # type: ignore[list-item]
    return time.perf_counter() - start


# -- layout ----------------------------------------------------------------------------------------------------------


def lines(text: str, width: int) -> list[str]:
    return ["".join(span.text for span in line) for line in wrap([Span(text)], width, width)]


def test_the_quick_width_is_the_right_one() -> None:
    def slow(character: str) -> int:
        return 0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1

    assigned = (chr(c) for c in range(0x20, 0x30000) if not 0xD800 <= c < 0xE000)
    wrong = [c for c in assigned if unicodedata.category(c) != "Cn" and display_width(c) != slow(c)]
    assert wrong == []


@pytest.mark.parametrize("width", range(16, 60))
def test_no_line_begins_or_ends_with_the_wrong_mark(width: int) -> None:
    broken = lines(
        "依据：《社会救助暂行办法》（国务院令第649号）第九条、第十二条，每月 1,100.00 元/月；“低于”不含本数。", width
    )
    assert all(line[0] not in "，。、；：）》”" for line in broken[1:])
    assert all(line[-1] not in "（《“" for line in broken)


def test_words_and_figures_stay_whole() -> None:
    assert lines("income 1,100.00 yuan, art. 7(1) of it", 14) == ["income", "1,100.00 yuan,", "art. 7(1) of", "it"]
    assert lines("共计一千 26.66 元", 12) == ["共计一千", "26.66 元"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert lines("rules/national/dibao.yaml", 10) == ["rules/nati", "onal/dibao", ".yaml"]
    assert lines("低", 1) == ["低"]


def test_styles_survive_wrapping() -> None:
    wrapped = list(wrap([Span("一二三四", "true"), Span("五六七八", "false")], 12, 12))
    assert ["".join(paint([span], True) for span in line) for line in wrapped]
    assert ANSI.sub("", "".join(paint(line, True) for line in wrapped)) == "一二三四五六七八"


def test_padding() -> None:
    assert pad("低保", 3) == "低保"
    assert display_width(pad("低保 A", 9)) == 9
