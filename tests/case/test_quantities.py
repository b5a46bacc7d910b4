"""What each kind of value may be written as, and everything that is refused."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minzheng_rules.case.quantities import (
    UnreadableError,
    read_day,
    read_decimal,
    read_flag,
    read_text,
    read_whole,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1820.10", "1820.10"),
        ("0", "0.00"),
        ("-500", "-500.00"),
        ("-0", "0.00"),
        (7, "7.00"),
        (Decimal("1E+3"), "1000.00"),
        (Decimal("12.5"), "12.50"),
        (1820.1, "1820.10"),
        (0.07, "0.07"),
        (-500.0, "-500.00"),
    ],
)
def test_money_is_exact(written: object, meant: str) -> None:
    read = read_decimal(written)
    assert str(read) == meant
    assert read == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    [
        "1,820",
        "1820 + 100",
        "1820元",
        "",
        " 5",
        "5 ",
        "+5",
        ".5",
        "5.",
        "012",
        "00",
        "1e3",
        "1E+3",
        "1_000",
        "0x10",
        "１８２０",
        "一千",
        "NaN",
        "inf",
        "-Infinity",
        "1.005",
        "1.000",
        "9" * 40,
        True,
        False,
        None,
        [],
        {},
        b"5",
        float("nan"),
        math.inf,
        0.1 + 0.2,
        1.005,
        1e22,
        1e-7,
        10**30,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1.005"),
        Decimal("1E+40"),
        Fraction(1, 2),
        dt.date(2025, 1, 1),
    ],
)
def test_money_refuses(written: object) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_decimal(written)
    assert refused.value.expected.code == "not-money"


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_every_amount_in_fen_survives_being_written(fen: int) -> None:
    amount = Decimal(fen).scaleb(-2)
    assert read_decimal(str(amount)) == read_decimal(amount) == amount
    if abs(fen) < 10**13:
        assert read_decimal(float(amount)) == amount


def test_rates_have_more_decimals() -> None:
    assert read_decimal("0.123456", 6) == Decimal("0.123456")
    with pytest.raises(UnreadableError) as refused:
        read_decimal("0.1234567", 6)
    assert refused.value.expected.words == (
        "应为数，至多 6 位小数，如 0.35",
        "expected a number, at most 6 decimals, such as 0.35",
    )


@pytest.mark.parametrize(("written", "meant"), [(3, 3), ("3", 3), ("-1", -1), (0, 0)])
def test_whole_numbers(written: object, meant: int) -> None:
    assert read_whole(written) == meant


@pytest.mark.parametrize("written", [2.7, 2.0, "2.7", "2.0", True, "012", "1:30", "", None, Decimal(2), "二", "9" * 40])
def test_whole_numbers_refuse(written: object) -> None:
    with pytest.raises(UnreadableError):
        read_whole(written)


@pytest.mark.parametrize(
    ("written", "meant"), [(True, True), (False, False), ("true", True), ("false", False), ("是", True), ("否", False)]
)
def test_flags(written: object, meant: bool) -> None:
    assert read_flag(written) is meant


@pytest.mark.parametrize("written", ["yes", "no", "on", "off", "True", "TRUE", "1", 1, 0, "", None, "有", "Y"])
def test_flags_refuse(written: object) -> None:
    with pytest.raises(UnreadableError):
        read_flag(written)


def test_days() -> None:
    assert read_day("1952-03-01") == read_day(dt.date(1952, 3, 1)) == dt.date(1952, 3, 1)


@pytest.mark.parametrize(
    "written",
    [
        "1952-3-1",
        "1952/03/01",
        "19520301",
        "1952-02-30",
        "1952-13-01",
        "1952年3月1日",
        "1952-03",
        "1952-03-01T00:00",
        "１９５２-03-01",
        19520301,
        1952,
        dt.datetime(1952, 3, 1, tzinfo=dt.UTC),
        None,
        "",
    ],
)
def test_days_refuse(written: object) -> None:
    with pytest.raises(UnreadableError):
        read_day(written)


def test_text() -> None:
    assert read_text(" 海宁市 ") == "海宁市"
    for written in ("", "  ", 3, None, True):
        with pytest.raises(UnreadableError):
            read_text(written)
    with pytest.raises(UnreadableError) as refused:
        read_text("990000195203010017")
    assert refused.value.expected.code == "id-number"
