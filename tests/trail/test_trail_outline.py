from __future__ import annotations

import pytest

from minzheng_rules.trail.node import Citation, Node, NodeKind, State
from minzheng_rules.trail.outline import decisive_children, outline
from minzheng_rules.trail.trail import Trail
from tests.trail.hand_made_trails import eligible, node, refusal


def condition(id: str, *children: Node, decisive: bool = True, state: State = State.TRUE, **more: object) -> Node:
    return node(id, NodeKind.CONDITION, (id, id), state, *children, decisive=decisive, **more)


def shown(roots: list[Node], full: bool = False) -> list[tuple[str, str]]:
    return [(step.node.id, step.refers) for step in outline(roots, full)]


def test_what_a_node_itself_says_settles_it() -> None:
    """A true item that decides something else is no reason for a false list."""
    true, false = condition("true"), condition("false", state=State.FALSE)
    both = condition("both", true, false, state=State.FALSE)
    both.leads = lambda: [false]
    root = condition("root", both, condition("other", true))
    assert decisive_children(both) == [false]
    assert shown([root]) == [("root", ""), ("both", ""), ("false", ""), ("other", ""), ("true", "")]


def test_a_deciding_step_is_set_out_where_it_decides() -> None:
    shared = condition("shared", condition("leaf"))
    idle = condition("idle", shared, decisive=False)
    root = condition("root", idle, condition("first", shared), condition("second", shared))
    steps = outline([root], full=True)
    assert [(step.node.id, step.refers, step.tag) for step in steps] == [
        ("root", "", 0),
        ("idle", "", 0),
        ("shared", "below", 1),
        ("first", "", 0),
        ("shared", "", 1),
        ("leaf", "", 0),
        ("second", "", 0),
        ("shared", "above", 1),
    ]
    assert [step.node.id for step in steps if step.turns] == ["idle"]


def test_a_conclusion_is_set_out_under_its_own_heading() -> None:
    edge = condition("edge", condition("leaf"))
    dibao = condition("dibao", edge)
    assert shown([dibao, edge]) == [("dibao", ""), ("edge", "below"), ("edge", ""), ("leaf", "")]


def test_one_node_built_twice_is_one_node() -> None:
    assert shown([condition("a", condition("x")), condition("b", condition("x"))])[-1] == ("x", "above")


def test_an_operand_named_twice_is_explained_once() -> None:
    leaf = condition("leaf")
    assert shown([condition("root", leaf, leaf)]) == [("root", ""), ("leaf", "")]


def test_an_item_that_only_names_a_rule_is_said_on_its_line() -> None:
    from tests.trail.hand_made_trails import m57

    rule = node("rule", NodeKind.CONDITION, ("未成年", "minor"), State.TRUE, condition("age"))
    item = node("item", NodeKind.CONDITION, ("未成年", "minor"), State.TRUE, rule, citations=(m57("7.1(2)"),))
    trail = Trail([condition("root", item)])
    assert shown(list(trail.roots)) == [("root", ""), ("rule", ""), ("age", "")]
    assert "第七条第一款第二项" in trail.text(colour=False)
    assert [n.id for n in trail.decisive()] == ["root", "item", "rule", "age"]


def test_a_reference_keeps_the_article_that_names_it() -> None:
    from tests.trail.hand_made_trails import m57

    def item(number: str, rule: Node) -> Node:
        articles: tuple[Citation, ...] = (m57(number),)
        return node(f"item {number}", NodeKind.CONDITION, ("未成年", "minor"), State.TRUE, rule, citations=articles)

    rule = node("rule", NodeKind.CONDITION, ("未成年", "minor"), State.TRUE, condition("age"))
    text = Trail([condition("root", item("7.1(2)", rule), item("8", rule))]).text(colour=False)
    assert "第七条第一款第二项" in text
    assert "第八条" in text


def test_finding_nodes() -> None:
    trail = Trail([refusal()])
    assert trail.find("income").label.zh == "家庭月收入"
    assert {n.id for n in trail.decisive()} < {n.id for n in trail.nodes()}
    assert len({n.id for n in trail.nodes()}) == len(list(trail.nodes()))
    with pytest.raises(KeyError, match="did you mean 'income'"):
        trail.find("incme")


def test_it_says_what_it_is() -> None:
    trail = Trail([refusal(), eligible()])
    assert repr(trail) == f"<Trail of 2 conclusions, {len(list(trail.nodes()))} nodes>"
    assert str(trail) == trail.text()
    assert trail._repr_markdown_() == trail.markdown()
