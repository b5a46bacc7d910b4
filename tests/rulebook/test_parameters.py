"""Figures: which layer's acts on which day, what an overlay fills, what a later date changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules.language.types import Quantity
from minzheng_rules.rulebook.parameters import Band
from minzheng_rules.rulebook.rulebook import Rulebook

Load = Callable[..., Rulebook]
REALM = "policies/realm/figures.yaml"
FOGSHIRE = "policies/fogshire/figures.yaml"
LAMPWICK = "policies/lampwick/figures.yaml"
STANDARD = """
    standard:
      term: 标准
      unit: yuan/month/person
      range: [0, 1000]
      set_by: {2020-01-01: [province, county], 2024-01-01: [province]}
      values:
        2020-01-01: {status: unknown, note: 由省定}
"""


def _value(book: Rulebook, name: str, day: str, *key: str) -> object:
    return book.on(dt.date.fromisoformat(day)).reading(name, key).value


def _reason(book: Rulebook, name: str, day: str, *key: str) -> str:
    reason = book.on(dt.date.fromisoformat(day)).reading(name, key).reason
    return "" if reason is None else reason.en


def test_the_lowest_layer_that_may_set_it_does(load: Load) -> None:
    book = load(
        {
            REALM: STANDARD,
            FOGSHIRE: "standard: {values: {2021-01-01: 311}}",
            LAMPWICK: "standard: {values: {2022-01-01: 333}}",
        }
    )
    assert _value(book, "standard", "2020-06-01") is None
    assert _reason(book, "standard", "2020-06-01") == "由省定"
    assert _value(book, "standard", "2021-06-01") == 31100
    assert _value(book, "standard", "2023-06-01") == 33300
    assert _value(book, "standard", "2024-06-01") == 31100, "from 2024 the county may not set it"


def test_a_value_by_a_layer_that_may_not_set_it_is_shown_and_not_used(load: Load) -> None:
    book = load({REALM: STANDARD, LAMPWICK: "standard: {values: {2024-01-01: 333}}"})
    reading = book.on(dt.date(2024, 6, 1)).reading("standard")
    assert reading.value is None
    assert reading.figure is not None
    assert reading.figure.layer == "realm"
    assert [figure.value for figure in reading.others] == [33300]


def test_the_layer_that_declares_a_parameter_may_always_set_it(load: Load) -> None:
    book = load({LAMPWICK: "fee: {term: 泊费, unit: yuan/person, set_by: province, values: {2020-01-01: 5}}"})
    assert _value(book, "fee", "2024-06-01") == 500


def test_a_value_ends_with_its_last_day_or_with_the_next(load: Load) -> None:
    book = load(
        {
            REALM: "fee: {term: 泊费, unit: yuan/person, values: {2020-01-01: 5, 2021-01-01: {value: 6, until: 2021-06-30}}}"
        }
    )
    assert [_value(book, "fee", day) for day in ("2020-12-31", "2021-01-01", "2021-06-30")] == [500, 600, 600]
    assert _value(book, "fee", "2021-07-01") is None
    assert _reason(book, "fee", "2019-12-31") == "no value is in force on 0001-01-01" or _reason(
        book, "fee", "2019-12-31"
    )


def test_an_overlay_fills_only_what_is_unknown(load: Load) -> None:
    files = {
        REALM: STANDARD + "\n    fee: {term: 泊费, unit: yuan/person, values: {2020-01-01: 5}}",
        "policies/overlays/show.yaml": """
            overlay: 演示
            parameters:
              standard: {values: {2022-01-01: 400}}
              fee: {values: {2020-01-01: 9}}
        """,
    }
    book = load(files, overlays=["show"])
    assert _value(book, "standard", "2021-06-01") is None, "before the overlay's own date"
    assert _value(book, "standard", "2023-06-01") == 40000
    assert _value(book, "fee", "2023-06-01") == 500
    figure = book.on(dt.date(2023, 6, 1)).reading("standard").figure
    assert figure is not None
    assert (figure.status, figure.layer, figure.overlay) == ("illustrative", "overlay:show", True)


def test_figures_given_by_the_caller_fill_at_all_times(load: Load) -> None:
    book = load({REALM: STANDARD}, overlays=[{"标准": "400.5"}])
    assert _value(book, "standard", "1950-01-01") == 40050


@pytest.mark.parametrize(("accept", "expected"), [((), None), (("recalled",), 500), (("illustrative",), None)])
def test_a_figure_from_memory_counts_only_where_it_is_accepted(
    load: Load, accept: tuple[str, ...], expected: int | None
) -> None:
    text = "fee: {term: 泊费, unit: yuan/person, status: recalled, values: {2020-01-01: 5}}"
    assert _value(load({REALM: text}, accept=accept), "fee", "2024-01-01") == expected


COUNTING = """
    enums: {counting: {term: 口径, values: {counted: 计入, not_counted: 不计入}}, what: {term: 项目, values: {a: 甲, b: 乙}}}
    counted:
      term: 收入口径
      type: 口径
      by: [收入类别, 项目]
      values:
        2020-01-01: |
          | 收入类别 | 甲   | 乙     | status |
          | 卖鱼    | 计入 | 不计入 |        |
          | 摆渡    | 计入 | ?      |        |
        2024-01-01:
          changes: |
            | 收入类别 | 甲     | 乙   | status   |
            | 卖鱼    | 不计入 | 计入 | position |
        2026-01-01: |
          | 收入类别 | 甲   | 乙   |
          | 卖鱼    | 计入 | 计入 |
"""


def test_changes_change_their_rows_and_a_whole_table_all(load: Load) -> None:
    book = load({REALM: COUNTING})
    assert _value(book, "counted", "2023-01-01", "fish", "a") == "counted"
    assert _value(book, "counted", "2024-01-01", "fish", "a") == "not_counted"
    assert _value(book, "counted", "2024-01-01", "ferrying", "a") == "counted", "a row that does not change continues"
    assert _value(book, "counted", "2026-01-01", "ferrying", "a") is None, "a whole table leaves nothing of the last"
    assert _value(book, "counted", "2023-01-01", "ferrying", "b") is None
    figure = book.on(dt.date(2024, 1, 1)).reading("counted", ("fish", "a")).figure
    assert figure is not None
    assert figure.status == "position"


def test_one_index_may_be_a_mapping_and_several_a_column_each(load: Load) -> None:
    book = load(
        {
            REALM: """
                oil: {term: 灯油, unit: yuan/month/person, by: 灯级, values: {2020-01-01: {大灯: 91.7, small: 44, 烛灯: {status: unknown}}}}
                both:
                  term: 两项
                  unit: yuan/month/person
                  by: [灯级, {term: 年龄, unit: year}]
                  values:
                    2020-01-01: |
                      | 灯级 | 年龄  | =  | note |
                      | 大灯 | ..59 | 1  |      |
                      | 大灯 | 60.. | 2  | 老灯 |
            """
        }
    )
    assert [_value(book, "oil", "2024-01-01", lamp) for lamp in ("great", "small", "candle")] == [9170, 4400, None]
    both = book.parameters["both"]
    assert both.matching(("great", 60)) == [("great", "60..")]
    assert both.matching(("great", 59)) == [("great", "..59")]
    assert both.matching(("small", 59)) == []
    figure = book.on(dt.date(2024, 1, 1)).reading("both", ("great", "60..")).figure
    assert figure is not None
    assert figure.note == "老灯"


def test_a_table_may_be_a_file_beside_it(load: Load) -> None:
    book = load(
        {
            REALM: "oil: {term: 灯油, unit: yuan/month/person, by: 灯级, values: {2020-01-01: {file: 表/oil.csv}}}",
            "policies/realm/表/oil.csv": '灯级,=,note\n大灯,91.70,"亮,很亮"\n\n"小灯",44,\n',
        }
    )
    assert _value(book, "oil", "2024-01-01", "great") == 9170
    figure = book.on(dt.date(2024, 1, 1)).reading("oil", ("great",)).figure
    assert figure is not None
    assert figure.note == "亮,很亮"
    assert (figure.place.file, figure.place.line, figure.place.column) == ("policies/realm/表/oil.csv", 2, 4)


@pytest.mark.parametrize(
    ("unit", "written", "internal"),
    [
        ("yuan/person", "0.30", 30),
        ("yuan/person", "5", 500),
        ("ratio", "0.30", Fraction(3, 10)),
        ("1", "012", 12),
        ("year", "17", 17),
    ],
)
def test_numbers_are_exact(load: Load, unit: str, written: str, internal: object) -> None:
    text = f"fee: {{term: 泊费, unit: '{unit}', range: [0, 100], values: {{2020-01-01: {written}}}}}"
    assert _value(load({REALM: text}), "fee", "2024-01-01") == internal


def test_a_lower_layer_may_restate_a_parameter(load: Load) -> None:
    book = load({REALM: STANDARD, FOGSHIRE: "标准: {unit: 元/月/人, values: {2020-01-01: 311}}"})
    assert isinstance(book.parameters["standard"].type, Quantity)
    assert _value(book, "standard", "2020-06-01") == 31100


def test_every_day_a_figure_changes_is_a_boundary(load: Load) -> None:
    book = load({REALM: "fee: {term: 泊费, unit: yuan/person, values: {2020-03-01: {value: 5, until: 2021-06-30}}}"})
    assert book.boundaries == (dt.date(2020, 3, 1), dt.date(2021, 7, 1))


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_a_band_holds_what_lies_between_its_ends(low: int, high: int, value: int) -> None:
    band = Band("age", "年龄", None)
    assert band.holds(f"{low}..{high}", value) == (low <= value <= high)
    assert band.holds(f"{low}..", value) == (low <= value)
    assert band.holds(f"..{high}", value) == (value <= high)
    assert band.holds(str(low), value) == (low == value)
