"""Whatever is left behind and whoever takes: the parts are the whole, to the fen, and exactly as the law orders them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minzheng_rules import Case, Decision, Reform, Rulebook, Status, decide

DAY = dt.date(2025, 6, 1)
FEN = Decimal("0.01")
PARTS = ("debts", "agreements", "wills", "heirs", "discretionary", "public", "indivisible")
TAKERS = ("heir", "representation", "further_representation", "agreed", "willed", "discretionary")


@pytest.fixture(scope="module", params=["按比例分担", "不分担"])
def book(request: pytest.FixtureRequest) -> Rulebook:
    """The shipped rulebook, with either reading of whether agreements bear debts."""
    book = Rulebook.load(place="haining", kind="estate")
    if request.param == "按比例分担":
        return book
    return book.reform(Reform(title="协议受遗赠人不分担债务", changes={"协议受遗赠人分担债务": request.param}))


def money(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most * 100).map(lambda fen: str(Decimal(fen) / 100))


truth = st.booleans()
parts = st.tuples(st.integers(1, 3), st.integers(3, 7))


def _kin(extra: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    facts = {
        "继承开始时在世": truth,
        "放弃继承": st.sampled_from([False, False, True]),
        "丧失继承权": st.sampled_from([False, False, False, True]),
        "缺乏劳动能力": truth,
        "没有生活来源": truth,
        "必要保留额": money(30),
    }
    return st.fixed_dictionaries(facts | extra)


further = _kin({})
descendant = _kin({"再晚辈": st.lists(further, max_size=2)})
relative = _kin(
    {
        "亲属身份": st.sampled_from(
            ["配偶", "子女", "子女", "父母", "兄弟姐妹", "兄弟姐妹", "祖父母", "其他亲属", "丧偶儿媳女婿"]
        ),
        "尽了主要赡养义务": truth,
        "有能力而不尽扶养义务": truth,
        "分得份数": st.integers(1, 4),
        "晚辈": st.lists(descendant, max_size=2),
    }
)


def _share(under: str, extra: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return parts.map(
        lambda p: (
            extra
            | {
                "所依" + under: under,
                ("协议" if under == "协议" else under) + "份额分子": p[0],
                ("协议" if under == "协议" else under) + "份额分母": p[1],
            }
        )
    )


item = st.fixed_dictionaries(
    {
        "财产类别": st.just("房屋"),
        "权属": st.sampled_from(["属本人", "属本人", "属他人"]),
        "本人部分价值": money(100),
        "协议处分": st.lists(_share("协议", {}), max_size=2),
        "遗嘱处分": st.lists(_share("遗嘱", {"接受": True}), max_size=2),
    }
)
claimant = st.fixed_dictionaries({"是继承人": truth, "依靠被继承人扶养": truth, "酌给数额": money(40)})
estate = st.fixed_dictionaries(
    {
        "案件": st.just("estate"),
        "死亡日期": st.just("2025-03-01"),
        "是特困人员": truth,
        "是集体所有制组织成员": truth,
        "不均等分配": truth,
        "应缴税款和债务": money(120),
        "丧葬费用": money(10),
        "继承人推选了遗产管理人": truth,
        "声明为无": st.just(["依法不得继承", "对被继承人扶养较多"]),
        "遗赠扶养协议": st.just([{"编号": "协议", "扶养人是法定继承人": False, "协议履行情况": "已履行"}]),
        "遗嘱": st.just([{"编号": "遗嘱", "遗嘱有效": True, "指定了遗嘱执行人": False}]),
        "财产": st.lists(item, min_size=1, max_size=2),
        "亲属": st.lists(relative, max_size=4),
        "酌分请求人": st.lists(claimant, max_size=2),
    }
)


def _amounts(decision: Decision, answer: str) -> list[Decimal]:
    """The amounts of all who were asked about."""
    about = [one for one in decision.outcomes if one.program == f"succession.{answer}"]
    return [one.amount.value for one in about if one.status is Status.ELIGIBLE and one.amount is not None]


def _parts(decision: Decision) -> dict[str, Decimal]:
    results = decision.outcome("succession.whole").results
    return {name: Decimal(str(results[name].raw)) for name in ("total", *PARTS)}


@settings(max_examples=60)
@given(entered=estate)
def test_the_parts_are_the_whole_to_the_fen(book: Rulebook, entered: dict[str, Any]) -> None:
    decision = decide(Case.parse(entered), book, as_of=DAY)
    whole = _parts(decision)
    paid = {answer: _amounts(decision, answer) for answer in TAKERS}
    assert sum(whole[name] for name in PARTS) == whole["total"]
    assert all(amount >= 0 for amount in whole.values())
    heirs = paid["heir"] + paid["representation"] + paid["further_representation"]
    assert sum(heirs) == whole["heirs"]
    assert sum(paid["agreed"]) == whole["agreements"]
    assert sum(paid["willed"]) == whole["wills"]
    assert sum(paid["discretionary"]) == whole["discretionary"]
    shares = sum(len(amounts) for amounts in paid.values()) + 1
    assert whole["indivisible"] < FEN * shares


@settings(max_examples=40)
@given(entered=estate)
def test_heirs_and_the_public_do_not_both_take(book: Rulebook, entered: dict[str, Any]) -> None:
    decision = decide(Case.parse(entered), book, as_of=DAY)
    whole = decision.outcome("succession.whole").results
    heirs = [
        one
        for one in decision.outcomes
        if one.program.removeprefix("succession.") in ("heir", "representation", "further_representation")
        and one.status is Status.ELIGIBLE
    ]
    assert (whole["goes_to"].raw == "heirs") == bool(heirs)
    if heirs:
        assert Decimal(str(whole["public"].raw)) == 0


@settings(max_examples=40)
@given(entered=estate)
def test_lines_of_equal_standing_take_exact_shares_of_the_whole(book: Rulebook, entered: dict[str, Any]) -> None:
    """Shares are exact fractions: they add up to one, and thirds stay thirds."""
    decision = decide(Case.parse(entered), book, as_of=DAY)
    lines = [one.results["share"].raw for one in decision.outcomes if one.program == "succession.heir"]
    total = sum((Fraction(str(share)) for share in lines), Fraction(0))
    assert total == (1 if decision.outcome("succession.whole").results["goes_to"].raw == "heirs" else 0)


@settings(max_examples=40)
@given(entered=estate, data=st.data())
def test_what_is_not_known_never_contradicts_what_is(book: Rulebook, entered: dict[str, Any], data: Any) -> None:
    """With the heirs left out, nobody is told that the public takes all: the true end stays possible."""
    known = _parts(decide(Case.parse(entered), book, as_of=DAY))
    left_out = data.draw(st.sampled_from(["亲属", "酌分请求人", "应缴税款和债务"]))
    open_ = decide(Case.parse({key: value for key, value in entered.items() if key != left_out}), book, as_of=DAY)
    for name, result in open_.outcome("succession.whole").results.items():
        if name in known and result.raw is not None:
            assert Decimal(str(result.raw)) == known[name], name
