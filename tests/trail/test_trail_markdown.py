from __future__ import annotations

from minzheng_rules.trail.node import NodeKind, State
from minzheng_rules.trail.trail import Trail
from tests.trail.hand_made_trails import node


def test_nothing_is_taken_for_markup() -> None:
    odd = node("r", NodeKind.CONCLUSION, ("a*b_c [x](y) <b> `z` # $1$", "r"), State.TRUE, subject="|管道|")
    assert Trail([odd]).markdown() == (
        "## ✓ a\\*b\\_c \\[x\\](y) \\<b\\> \\`z\\` \\# \\$1\\$：**成立** 〔\\|管道\\|〕\n"
    ).replace("成立", "符合")


def test_nesting_follows_the_tree() -> None:
    leaf = node("leaf", NodeKind.FACT, ("叶", "leaf"), State.VALUE, value=("1", "1"))
    root = node(
        "root",
        NodeKind.CONCLUSION,
        ("根", "root"),
        State.TRUE,
        node("mid", NodeKind.ANY, ("中", "mid"), State.TRUE, leaf),
    )
    assert Trail([root]).markdown().splitlines() == [
        "## ✓ 根：**符合**",
        "",
        "- ✓ 中：**成立** 〔有一即可〕",
        "  - · 叶：**1**",
    ]


def test_brackets_in_english_begin_no_link() -> None:
    root = node("root", NodeKind.ANY, ("根", "root"), State.TRUE, subject="h1")
    assert Trail([root]).markdown("en") == "## ✓ root: **holds** \\[h1\\] \\[any suffices\\]\n"


def test_no_conclusion() -> None:
    assert Trail([]).markdown("en") == "There is no conclusion to show.\n"
