"""Which rule acts on which day: versions, layers, what replaces, fills, adds to and excepts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from minzheng_rules.case.case import Case
from minzheng_rules.evaluator.deciding import decide
from minzheng_rules.problems import RulebookProblems
from minzheng_rules.rulebook.rulebook import Rulebook
from minzheng_rules.rulebook.ruleset import Effective

Load = Callable[..., Rulebook]


def _realm(*rules: str, kind: str = "member") -> str:
    head = "program: boats\nterm: 船\nlayer: realm\nsubject: member\n"
    return head + f"{kind}:\n" + "".join(f"  {rule}\n" for rule in rules) + "decides: {eligible: 上船}\n"


def _layer(layer: str, *rules: str) -> str:
    return f"program: boats\nlayer: {layer}\nmember:\n" + "".join(f"  {rule}\n" for rule in rules)


ABOARD = "aboard: {term: 上船, cite: FOG#1, any: [守灯], open_to: [province]}"


def _rule(book: Rulebook, day: str, key: str = "member.aboard") -> Effective | None:
    return book.on(dt.date.fromisoformat(day)).rules.get(key)


def _acts(book: Rulebook, day: str, key: str = "member.aboard") -> str | None:
    found = _rule(book, day, key)
    return None if found is None else found.definition.declaration.id


def _status(book: Rulebook, day: str, **facts: object) -> str:
    case = Case.parse({"members": [{"id": "A", **facts}]}, book.model)
    return decide(case, book, as_of=dt.date.fromisoformat(day)).outcomes[0].status.value


# -- dates -------------------------------------------------------------------------------------------------------------


def test_a_rule_without_dates_is_in_force_while_something_it_cites_is(load: Load) -> None:
    book = load(
        {
            "rules/realm/a.yaml": _realm(
                "aboard: {term: 上船, cite: [OLD#1, NEW#1], when: 守灯}", "old: {term: 旧, cite: OLD#2, when: 守灯}"
            )
        }
    )
    assert _acts(book, "2019-12-31") is None
    assert _acts(book, "2022-12-31") == _acts(book, "2023-01-01") == "aboard"
    assert _acts(book, "2022-12-31", "member.old") == "old"
    assert _acts(book, "2023-01-01", "member.old") is None
    found = _rule(book, "2023-01-01")
    assert found is not None
    cites = book.on(dt.date(2023, 1, 1)).citations(found.definition.declaration.cites)
    assert [cite.instrument for cite in cites] == ["NEW"], "only what is in force is cited"


def test_a_cited_edition_stands_until_the_next(load: Load) -> None:
    book = load({"rules/realm/a.yaml": _realm("aboard: {term: 上船, cite: NEW@2023#1, when: 守灯}")})
    assert [_acts(book, day) for day in ("2022-12-31", "2023-01-01", "2025-01-01")] == [None, "aboard", None]


def test_versions_follow_each_other(load: Load) -> None:
    book = load(
        {
            "rules/realm/a.yaml": _realm(
                "aboard: {term: 上船, versions: {2020-01-01: {cite: FOG#1, when: 守灯}, 2024-01-01: {cite: FOG#2, when: 独臂}}}"
            )
        }
    )
    assert _status(book, "2023-12-31", keeps_lamp=True, one_armed=False) == "eligible"
    assert _status(book, "2024-01-01", keeps_lamp=True, one_armed=False) == "ineligible"


# -- replaces ----------------------------------------------------------------------------------------------------------


def test_what_replaces_acts_within_its_own_dates(load: Load) -> None:
    book = load(
        {
            "rules/realm/a.yaml": _realm(ABOARD),
            "rules/fogshire/a.yaml": _layer(
                "fogshire",
                "shire: {term: 省里上船, cite: FOG#2, from: 2021-01-01, until: 2022-12-31, replaces: 上船, when: 独臂}",
            ),
        }
    )
    days = ("2020-12-31", "2021-01-01", "2022-12-31", "2023-01-01")
    assert [_acts(book, day) for day in days] == ["aboard", "shire", "shire", "aboard"]
    original = _rule(book, "2021-06-01")
    assert original is not None
    assert original.original.declaration.id == "aboard"


def test_the_lowest_layer_replaces_last(load: Load) -> None:
    book = load(
        {
            "rules/realm/a.yaml": _realm(ABOARD),
            "rules/fogshire/a.yaml": _layer("fogshire", "shire: {term: 省里, cite: FOG#2, replaces: 上船, when: 独臂}"),
            "rules/lampwick/a.yaml": _layer("lampwick", "wick: {term: 县里, cite: FOG#3, replaces: 上船, when: 守灯}"),
        }
    )
    assert _acts(book, "2024-01-01") == "wick"
    assert _acts(load({}, place="fogshire"), "2024-01-01") == "shire"
    assert _acts(load({}, place="realm"), "2024-01-01") == "aboard"


# -- fills -------------------------------------------------------------------------------------------------------------

HULL = "aboard: {term: 上船, cite: FOG#1, delegated_to: province}"


def test_a_delegated_rule_is_open_until_it_is_filled_or_found(load: Load) -> None:
    book = load({"rules/realm/a.yaml": _realm(HULL)})
    assert _status(book, "2024-01-01") == "undetermined"
    assert _status(book, "2024-01-01", findings={"上船": True}) == "eligible"
    assert _status(book, "2024-01-01", findings={"aboard": False}) == "ineligible"


@pytest.mark.parametrize(("layer", "fills"), [("fogshire", True), ("lampwick", False), ("realm", False)])
def test_only_the_level_it_is_left_to_may_fill_it(load: Load, layer: str, fills: bool) -> None:
    filler = "filler: {term: 填补, cite: FOG#2, fills: 上船, when: 守灯}"
    files = {"rules/realm/a.yaml": _realm(HULL)}
    files[f"rules/{layer}/b.yaml"] = _layer(layer, filler)
    book = load(files)
    rule = _rule(book, "2024-01-01")
    assert rule is not None
    assert (rule.definition.declaration.id == "filler") is fills
    assert [d.declaration.id for d in rule.unentitled] == ([] if fills else ["filler"])
    assert _status(book, "2024-01-01", keeps_lamp=True) == ("eligible" if fills else "undetermined")


# -- adds_to -----------------------------------------------------------------------------------------------------------


def test_what_is_added_joins_an_any_list(load: Load) -> None:
    book = load(
        {
            "rules/realm/a.yaml": _realm(ABOARD),
            "rules/fogshire/a.yaml": _layer(
                "fogshire", "more: {term: 更多, cite: FOG#2, from: 2021-01-01, adds_to: 上船, when: 独臂}"
            ),
        }
    )
    facts = {"keeps_lamp": False, "one_armed": True}
    assert _status(book, "2020-06-01", **facts) == "ineligible", "before its day it is not in the list"
    assert _status(book, "2021-06-01", **facts) == "eligible"


def test_what_is_added_to_a_rule_with_unless_joins_that_list(load: Load) -> None:
    book = load(
        {
            "rules/realm/a.yaml": _realm(
                "aboard: {term: 上船, cite: FOG#1, when: 守灯, unless: [无故拒航], open_to: province}"
            ),
            "rules/fogshire/a.yaml": _layer("fogshire", "more: {term: 更多, cite: FOG#2, adds_to: 上船, when: 独臂}"),
        }
    )
    assert _status(book, "2024-01-01", keeps_lamp=True, refuses_sailing=False, one_armed=True) == "ineligible"
    assert _status(book, "2024-01-01", keeps_lamp=True, refuses_sailing=False, one_armed=False) == "eligible"


def test_a_closed_list_cannot_be_added_to_from_below_but_by_its_own_layer(load: Load) -> None:
    more = "more: {term: 更多, cite: FOG#2, adds_to: 上船, when: 独臂}"
    assert _acts(
        load({"rules/realm/a.yaml": _realm(ABOARD), "rules/realm/b.yaml": _layer("realm", more)}), "2024-01-01"
    )
    with pytest.raises(RulebookProblems) as refused:
        load({"rules/lampwick/a.yaml": _layer("lampwick", more.replace("more", "most").replace("更多", "最多"))})
    assert [problem.code for problem in refused.value.problems] == ["rule.closed-list"]


# -- exceptions --------------------------------------------------------------------------------------------------------

PAY = (
    "aboard: {term: 上船, cite: FOG#1, when: 守灯}",
    "pay: {term: 工钱, unit: yuan/month, cite: FOG#1, value: 日钱}",
    "first: {term: 甲例外, cite: FOG#2, exception_to: 工钱, when: 独臂, value: 0}",
)
FIGURES = {
    "policies/realm/f.yaml": "day_pay: {term: 日钱, unit: yuan/month/person, range: [0, 9], values: {2020-01-01: 7}}"
}


def _pay(book: Rulebook, **facts: object) -> tuple[object, object, object]:
    case = Case.parse({"members": [facts]}, book.model)
    amount = decide(case, book, as_of=dt.date(2024, 1, 1)).outcomes[0].amounts["amount"]
    return amount.value, amount.low, amount.high


def _pays(*more: str) -> dict[str, str]:
    return {**FIGURES, "rules/realm/a.yaml": _realm(*PAY, *more).replace("eligible: 上船", "amount: 工钱")}


def test_an_exception_takes_the_rules_place_when_it_holds(load: Load) -> None:
    book = load(_pays())
    assert _pay(book, one_armed=False)[0] == 7
    assert _pay(book, one_armed=True)[0] == 0
    assert _pay(book) == (None, 0, 7), "not knowing gives what either would"


def test_two_exceptions_that_hold_settle_nothing_unless_one_goes_first(load: Load) -> None:
    second = "second: {term: 乙例外, cite: FOG#3, exception_to: 工钱, when: 无故拒航, value: 日钱 + 日钱}"
    assert _pay(load(_pays(second)), one_armed=True, refuses_sailing=True)[0] is None
    ordered = load(_pays(second.replace("when", "over: 甲例外, when")))
    assert _pay(ordered, one_armed=True, refuses_sailing=True)[0] == 14
    assert _pay(ordered, one_armed=True, refuses_sailing=False)[0] == 0


# -- circles -----------------------------------------------------------------------------------------------------------


def test_rules_that_need_each_other_are_refused_on_the_days_they_do(load: Load) -> None:
    book = load(
        {
            "rules/realm/a.yaml": _realm(
                "aboard: {term: 上船, versions: {2020-01-01: {cite: FOG#1, when: 守灯}, 2024-01-01: {cite: FOG#1, when: 下船}}}",
                "ashore: {term: 下船, cite: FOG#1, when: not 上船}",
            )
        }
    )
    assert _acts(book, "2023-12-31") == "aboard"
    with pytest.raises(RulebookProblems, match="循环"):
        book.on(dt.date(2024, 1, 1))
