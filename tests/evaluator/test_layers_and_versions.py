"""Who may say what: lists that are open, terms that are left to others, findings of people; and what holds on which day."""

from __future__ import annotations

import datetime as dt

from minzheng_rules import Rulebook
from tests.evaluator.village import DAY, House, Village

STANDARD = "standard: {term: 标准, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {value: 1000}}}\n"
DECIDES = "\ndecides: {eligible: 条件}\n"

DELEGATED = """
house:
  ok: {term: 条件, cite: LAW#1, all: [房屋合规]}
  fit: {term: 房屋合规, cite: LAW#2, delegated_to: {province: LAW#2}}
"""


# -- terms that are left to others -------------------------------------------------------------------------------------


def test_a_term_nobody_filled_is_open_and_says_who_should_fill_it(village: Village) -> None:
    village.rules(DELEGATED + DECIDES)
    outcome = village.outcome(old=False)
    assert outcome.status.value == "undetermined"
    (missing,) = outcome.missing
    assert (missing.kind, missing.words.zh, missing.who) == ("delegation", "房屋合规", ("province",))


def test_the_layer_it_is_left_to_fills_it(village: Village) -> None:
    village.rules(
        DELEGATED + DECIDES, shire="house:\n  by_shire: {term: 省规, cite: LAW#2, fills: 房屋合规, when: not 老宅}\n"
    )
    assert village.status(old=False) == "eligible"
    assert village.status(old=True) == "ineligible"


def test_another_layer_does_not(village: Village) -> None:
    village.rules(
        DELEGATED + DECIDES, town="house:\n  by_town: {term: 县规, cite: LAW#2, fills: 房屋合规, when: not 老宅}\n"
    )
    assert village.status(old=False) == "undetermined"


def test_a_finding_of_the_authority_fills_it_for_one_case(village: Village) -> None:
    village.rules(DELEGATED + DECIDES)
    assert village.status(findings={"房屋合规": True}) == "eligible"
    assert village.status(findings={"fit": False}) == "ineligible"


def test_a_finding_may_be_a_number(village: Village) -> None:
    village.rules(
        """
        house:
          worth: {term: 核定收入, unit: yuan/month, cite: LAW#2, delegated_to: {county: LAW#2}}
          pay: {term: 应发, unit: yuan/month, cite: LAW#1, value: 'max(标准 - 核定收入, 0)'}
        decides: {amount: 应发}
        """,
        figures=STANDARD,
    )
    assert village.paid(findings={"核定收入": "999.50"}) == 0.5
    assert village.missing() == ["核定收入"]


# -- open lists --------------------------------------------------------------------------------------------------------

OPEN_LIST = """
house:
  ok:
    term: 条件
    cite: LAW#1
    any: [贫困]
    open_to: {province: LAW#1}
"""


def test_a_layer_adds_to_a_list_that_is_open_to_it(village: Village) -> None:
    village.rules(OPEN_LIST + DECIDES)
    assert village.status(poor=False, old=True) == "ineligible"
    village.rules(
        OPEN_LIST + DECIDES, shire="house:\n  also: {term: 老宅也可, cite: LAW#1, adds_to: 条件, when: 老宅}\n"
    )
    assert village.status(poor=False, old=True) == "eligible"
    assert village.status(poor=False) == "undetermined"


def test_what_is_added_to_an_unless_bars(village: Village) -> None:
    listed = OPEN_LIST.replace("any: [贫困]", "all: [贫困]\n    unless: [户等级 == 三级]")
    village.rules(
        listed + DECIDES, shire="house:\n  not_old: {term: 老宅不可, cite: LAW#1, adds_to: 条件, when: 老宅}\n"
    )
    assert village.status(poor=True, grade="first", old=False) == "eligible"
    assert village.status(poor=True, grade="first", old=True) == "ineligible"


def test_sums_are_added_to(village: Village) -> None:
    rules = """
    house:
      off: {term: 不计额, unit: yuan/month, cite: LAW#1, sum_of: [], open_to: [province]}
      pay: {term: 应发, unit: yuan/month, cite: LAW#1, value: 'max(标准 - 收入 + 不计额, 0)'}
    decides: {amount: 应发}
    """
    village.rules(rules, figures=STANDARD)
    assert village.paid(income=400) == 600
    village.rules(
        rules,
        figures=STANDARD,
        shire="house:\n  rent_off: {term: 租金不计, unit: yuan/month, cite: LAW#1, adds_to: 不计额, value: per_month(年租金)}\n",
    )
    assert village.paid(income=400, yearly_rent=1200) == 700


# -- replacing ---------------------------------------------------------------------------------------------------------

PLAIN = "house:\n  ok: {term: 条件, cite: LAW#1, when: 贫困}\n"


def test_a_layer_replaces_a_rule_for_its_own_dates(village: Village) -> None:
    village.rules(
        PLAIN + DECIDES,
        shire="house:\n  ours: {term: 省条件, cite: LAW#1, replaces: 条件, when: 老宅, from: 2022-01-01, until: 2023-12-31}\n",
    )
    house = {"poor": True, "old": False}
    assert village.status(dt.date(2021, 12, 31), **house) == "eligible"
    assert village.status(dt.date(2022, 1, 1), **house) == "ineligible"
    assert village.status(dt.date(2023, 12, 31), **house) == "ineligible"
    assert village.status(dt.date(2024, 1, 1), **house) == "eligible"


# -- days --------------------------------------------------------------------------------------------------------------


def test_a_case_is_decided_by_the_version_of_its_day(village: Village) -> None:
    village.rules(
        """
        house:
          ok:
            term: 条件
            versions:
              2020-01-01: {cite: LAW#1, when: 贫困}
              2024-01-01: {cite: NEW#1, when: 老宅}
        decides: {eligible: 条件}
        """
    )
    house = {"poor": True, "old": False}
    assert village.status(dt.date(2019, 12, 31), **house) == "undetermined"
    assert village.status(dt.date(2020, 1, 1), **house) == "eligible"
    assert village.status(dt.date(2023, 12, 31), **house) == "eligible"
    assert village.status(dt.date(2024, 1, 1), **house) == "ineligible"


def test_a_rule_without_dates_holds_while_something_it_cites_does(village: Village) -> None:
    village.rules("house:\n  ok: {term: 条件, cite: OLD#1, when: 贫困}\n" + DECIDES)
    assert village.status(dt.date(2023, 12, 31), poor=True) == "eligible"
    assert village.status(dt.date(2024, 1, 1), poor=True) == "undetermined"


def test_a_figure_has_its_day_too(village: Village) -> None:
    village.rules(
        "house:\n  pay: {term: 应发, unit: yuan/month, cite: LAW#1, value: 标准}\ndecides: {amount: 应发}\n",
        figures="standard: {term: 标准, unit: yuan/month/house, range: [0, 5000], values: "
        "{2021-01-01: {value: 900}, 2025-06-02: {value: 1000}}}",
    )
    assert village.paid(DAY) == 900
    assert village.paid(DAY + dt.timedelta(days=1)) == 1000
    assert village.paid(dt.date(2020, 12, 31)) == (0, 5000)


def test_after_the_last_day_a_rulebook_decides_nothing_is_the_same_for_ever(village: Village) -> None:
    village.rules(PLAIN + DECIDES)
    assert village.status(dt.date(2030, 12, 31), poor=True) == "eligible"
    assert village.status(dt.date(2031, 1, 1), poor=True) == "undetermined"
    (missing,) = village.outcome(dt.date(2031, 1, 1), poor=True).missing
    assert missing.kind == "date"


# -- figures nobody knows ----------------------------------------------------------------------------------------------

UNKNOWN = "standard: {term: 标准, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {status: unknown}}}\n"
PAYS = "house:\n  pay: {term: 应发, unit: yuan/month, cite: LAW#1, value: 标准}\ndecides: {amount: 应发}\n"


def test_an_overlay_fills_what_is_unknown_and_nothing_else(village: Village) -> None:
    village.rules(PAYS, figures=UNKNOWN, overlays=[{"标准": 700}])
    assert village.paid() == 700
    village.rules(PAYS, figures=STANDARD, overlays=[{"标准": 700}])
    assert village.paid() == 1000


def test_a_figure_from_memory_counts_only_if_asked_for(village: Village) -> None:
    recalled = UNKNOWN.replace("{status: unknown}", "{value: 800, status: recalled}")
    village.rules(PAYS, figures=recalled)
    assert village.paid() == (0, 5000)
    village.book = Rulebook.load(village.folder, vocabulary=[House], accept=["recalled"])
    assert village.paid() == 800
    assert village.outcome().weakest == "recalled"
