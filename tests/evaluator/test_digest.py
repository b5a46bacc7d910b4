"""The digest of a rulebook changes with everything that can change a decision, and with nothing else."""

from __future__ import annotations

import pytest

from tests.evaluator.village import Village

RULES = """
# 户的补助
house:
  pay: {term: 应发, unit: yuan/month, cite: LAW#1, given: 条件, value: 'max(标准 - 收入, 0)', round: 取整}
  ok:
    term: 条件
    cite: LAW#1
    note: 住满即可
    all:
      - {when: 收入 < 标准, wording: 低于}
      - 住满月数 >= 期限
    unless: [户等级 == 三级]
  old_half: {term: 老宅减半, unit: yuan/month, cite: LAW#2, exception_to: 应发, when: 老宅, value: 半数}
decides: {eligible: 条件, amount: 应发}
"""
FIGURES = """
standard: {term: 标准, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {value: 1000, note: 初次}}}
half: {term: 半数, unit: yuan/month/house, range: [0, 5000], values: {2020-01-01: {value: 500}}}
months: {term: 期限, unit: month, range: [0, 99], values: {2020-01-01: {value: 6}}}
rounding: {term: 取整, type: 取整方式, values: {2020-01-01: {value: 四舍五入到分}}}
"""

INDIFFERENT = {
    "a comment": ("# 户的补助", "# 给户的补助，改了说法"),
    "a note": ("note: 住满即可", "note: 住满期限即可"),
    "a term": ("条件", "发放条件"),
    "another name of a figure": ("标准", "发放标准"),
    "quotes": ("'max(标准 - 收入, 0)'", '"max(标准 - 收入, 0)"'),
    "spaces": ("max(标准 - 收入, 0)", "max( 标准-收入, 0 )"),
}
DIFFERENT = {
    "a figure": ("value: 1000", "value: 1000.01"),
    "the day of a figure": ("{2020-01-01: {value: 1000", "{2020-01-02: {value: 1000"),
    "the range of a figure": ("range: [0, 99]", "range: [0, 98]"),
    "the status of a figure": ("{value: 500}", "{value: 500, status: secondary}"),
    "an operator": ("{when: 收入 < 标准, wording: 低于}", "{when: 收入 <= 标准, wording: 以下}"),
    "a formula": ("max(标准 - 收入, 0)", "max(标准 - 收入, 1)"),
    "what is asked first": ("given: 条件, ", ""),
    "an exception's condition": ("when: 老宅", "when: not 老宅"),
    "what bars": ("户等级 == 三级", "户等级 == 二级"),
    "the way of rounding": ("四舍五入到分", "见分进元"),
    "a citation": ("cite: LAW#2", "cite: LAW#3"),
    "what is decided": ("{eligible: 条件, amount: 应发}", "{eligible: 条件}"),
    "the English id of a rule": ("old_half:", "old_house:"),
}


def _digest(village: Village, change: tuple[str, str] = ("", "")) -> str:
    old, new = change
    assert old in RULES + FIGURES
    return village.rules(
        RULES.replace(old, new) if old else RULES, figures=FIGURES.replace(old, new) if old else FIGURES
    ).digest


@pytest.mark.parametrize("change", INDIFFERENT.values(), ids=INDIFFERENT.keys())
def test_what_changes_no_decision_leaves_no_mark(village: Village, change: tuple[str, str]) -> None:
    assert _digest(village, change) == _digest(village)


@pytest.mark.parametrize("change", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_may_change_a_decision_changes_it(village: Village, change: tuple[str, str]) -> None:
    assert _digest(village, change) != _digest(village)


def test_the_order_of_rules_and_figures_does_not_matter(village: Village) -> None:
    before = _digest(village)
    figures = "\n".join(reversed(FIGURES.strip().splitlines()))
    half, rest = RULES.index("  old_half"), RULES.index("decides:")
    turned = RULES.replace(RULES[half:rest], "").replace("house:\n", "house:\n" + RULES[half:rest])
    assert village.rules(turned, figures=figures).digest == before


def test_figures_given_by_hand_are_part_of_it(village: Village) -> None:
    unknown = FIGURES.replace("{value: 500}", "{status: unknown}")
    plain = village.rules(RULES, figures=unknown).digest
    given = village.rules(RULES, figures=unknown, overlays=[{"半数": 500}]).digest
    other = village.rules(RULES, figures=unknown, overlays=[{"半数": 501}]).digest
    assert len({plain, given, other}) == 3


def test_it_is_the_same_for_the_same_files(village: Village) -> None:
    assert _digest(village) == _digest(village)
