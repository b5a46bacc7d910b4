from __future__ import annotations

import pytest

from minzheng_rules.trail.node import Citation, Node, NodeKind, Origin, State
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
    both.leads = [false]
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


def _entry(id: str, how: str = "declared_none", kind: NodeKind = NodeKind.FACT) -> Node:
    return node(id, kind, (id, id), State.VALUE, value=("无", "none"), origin=Origin(departments=("社保",), how=how))


def _sum(id: str, *children: Node) -> Node:
    return node(id, NodeKind.DEFINITION, (id, id), State.VALUE, *children, value=("0.00 元/月", "0.00 yuan/month"))


def test_what_goes_back_to_nothing_is_said_in_one_line() -> None:
    """Of incomes declared to be none, the short view gives the total; the full view and the record give all."""
    from tests.trail.hand_made_trails import m57

    wages = _sum("工资", _entry("各项工资"))
    wages.citations = (m57("13.1(1)"),)
    root = condition("root", _sum("收入", wages, _sum("转移", _entry("各项转移"))), _entry("车辆"))
    trail = Trail([root])
    assert trail.text(colour=False).splitlines() == [
        "✓ root：成立",
        "├─ · 收入：0.00 元/月〔已声明没有〕",
        "│    依据：《最低生活保障审核确认办法》第十三条第一款第一项",
        "└─ · 车辆：无〔来源：已声明没有〕",
    ]
    assert "各项工资" in trail.text(full=True, colour=False)
    assert "各项工资" in {n.id for n in trail.decisive()}


@pytest.mark.parametrize(
    "shown_child",
    [
        _entry("given", "given"),
        node("open", NodeKind.FACT, ("未填", "open"), State.UNDETERMINED, origin=Origin(how="missing")),
        node("figure", NodeKind.PARAMETER, ("标准", "standard"), State.VALUE, origin=Origin("illustrative")),
        _entry("found", "found", NodeKind.JUDGEMENT),
    ],
    ids=lambda child: child.id,
)
def test_anything_else_below_is_shown(shown_child: Node) -> None:
    root = condition("root", _sum("收入", _entry("none"), shown_child))
    assert shown_child.id in {step.node.id for step in outline([root])}


def test_a_finding_declared_to_be_none_was_judged_by_nobody() -> None:
    text = Trail([condition("root", _entry("扣减", kind=NodeKind.JUDGEMENT))]).text(colour=False)
    assert "人工认定" not in text
    assert "扣减：无〔来源：已声明没有〕" in text


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
