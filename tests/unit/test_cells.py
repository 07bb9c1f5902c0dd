"""Cells: exact values, or the rule that is broken."""

import contextlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.schema.cells import CellError, parse
from executive_suite.schema.tables import Column

CENTS = Column("amount_cents", "integer")
COUNT = Column("line", "integer")
NUMBER = Column("BilledCost", "number")
DAY = Column("date", "date")
WORDS = {True: ("true", "True", "TRUE", "1", "t"), False: ("false", "False", "FALSE", "0", "f")}
ARABIC = "\u0662\u0660\u0662\u0666-\u0660\u0665-\u0660\u0661"
WIDE = "\uff11\uff12"
INSTANT = Column("posted_at", "datetime")
FLAG = Column("is_cash", "boolean")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 3339, section 5.8: each example with the UTC instant that the RFC states for it
        ("1985-04-12T23:20:50.52Z", datetime(1985, 4, 12, 23, 20, 50, 520_000, UTC)),
        ("1996-12-19T16:39:57-08:00", datetime(1996, 12, 20, 0, 39, 57, tzinfo=UTC)),
        ("1937-01-01T12:00:27.87+00:20", datetime(1937, 1, 1, 11, 40, 27, 870_000, UTC)),
        # the forms of PostgreSQL's and BigQuery's exports
        ("2026-05-01 00:00:00-07", datetime(2026, 5, 1, 7, tzinfo=UTC)),
        ("2026-05-01 07:00:00 UTC", datetime(2026, 5, 1, 7, tzinfo=UTC)),
        ("2026-05-01 07:00:00", datetime(2026, 5, 1, 7, tzinfo=UTC)),
    ],
)
def test_instants(text: str, expected: datetime) -> None:
    assert parse(text, INSTANT) == expected


@pytest.mark.parametrize(
    ("text", "leap"),
    # the Gregorian rule: centuries only when divisible by 400
    [("2000-02-29", True), ("1900-02-29", False), ("2024-02-29", True), ("2026-02-29", False)],
)
def test_leap_days(text: str, leap: bool) -> None:
    if leap:
        assert parse(text, DAY) == date.fromisoformat(text)
    else:
        with pytest.raises(CellError, match="day of the calendar"):
            parse(text, DAY)


@pytest.mark.parametrize(
    "text", ["05/01/2026", "2026-5-1", "20260501", "2026-05-01T07:00:00", "2026-05-01T00:00:00Z", "today", ARABIC]
)
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="YYYY-MM-DD"):
        parse(text, DAY)


@pytest.mark.parametrize("text", ["12.5", "12.50", "1,234.567", "1250.00", "1.5e3"])
def test_money_with_decimals_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="whole number of cents, without decimals"):
        parse(text, CENTS)


@pytest.mark.parametrize("text", ["12,34", "1,23,456", "$12", "(12)", "NaN", "1 200", "--1", "0x10", WIDE, "1_000"])
def test_other_amounts_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="whole number of cents"):
        parse(text, CENTS)


# as pandas, MySQL and Oracle write a day that they keep as a time of day
@pytest.mark.parametrize("text", ["2026-05-01", "2026-05-01 00:00:00", "2026-05-01T00:00", "2026-05-01 00:00:00.000"])
def test_a_midnight_without_a_zone_is_its_day(text: str) -> None:
    assert parse(text, DAY) == date(2026, 5, 1)


# the zero of a spreadsheet (30 December 1899), and years cut short
@pytest.mark.parametrize("text", ["1899-12-30", "0026-05-01", "0001-01-01"])
def test_days_before_all_business_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="from 1900 on"):
        parse(text, DAY)
    with pytest.raises(CellError, match="from 1900 on"):
        parse(f"{text}T12:00:00Z", INSTANT)
    assert parse("1900-01-01", DAY) == date(1900, 1, 1)


@pytest.mark.parametrize("text", ["9223372036854775808", "-9223372036854775809"])
def test_integers_beyond_64_bits_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="64 bits"):
        parse(text, COUNT)


@pytest.mark.parametrize("text", ["1000000000000001", "-1000000000000001", "4611686018427387904"])
def test_amounts_whose_sum_could_leave_64_bits_are_refused(text: str) -> None:
    # four times 2^62 is 2^64, which is 0 in 64 bits: such a transaction would seem to balance
    with pytest.raises(CellError, match="at most 1,000,000,000,000,000 cents"):
        parse(text, CENTS)
    assert parse("1000000000000000", CENTS) == 10**15


@pytest.mark.parametrize(("column", "most"), [(COUNT, 2**63 - 1), (CENTS, 10**15)])
@given(st.data())
def test_any_integer_is_read_with_and_without_separators(column: Column, most: int, data: st.DataObject) -> None:
    value = data.draw(st.integers(-most, most))
    assert parse(str(value), column) == value
    assert parse(f"{value:,}", column) == value
    assert parse(f"{value:+}", column) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=10, min_value=-(10**12), max_value=10**12))
def test_any_decimal_keeps_its_value(value: Decimal) -> None:
    for text in (f"{value:f}", f"{value:E}", f"{value:,f}"):
        written = parse(text, NUMBER)
        assert Decimal(str(written)) == value
        assert "E" not in str(written)
        assert "," not in str(written)


@pytest.mark.parametrize("text", ["NaN", "inf", "-Infinity", "", ".", "1e", "1e999", "1,00", "0,5", "1.2.3", "$1"])
def test_what_is_no_decimal_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="decimal number"):
        parse(text, NUMBER)


@pytest.mark.parametrize(
    ("text", "value"),
    # Frictionless Data, Table Schema: default trueValues and falseValues; t and f as PostgreSQL's COPY writes them
    [(text, word) for word, texts in WORDS.items() for text in texts],
)
def test_booleans(text: str, value: bool) -> None:
    assert parse(text, FLAG) is value


@pytest.mark.parametrize("text", ["yes", "no", "maybe", "2", "-1"])
def test_other_booleans_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="true or false"):
        parse(text, FLAG)


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    for column in (CENTS, NUMBER, DAY, INSTANT, FLAG):
        with contextlib.suppress(CellError):  # a value or a fault; anything else would be a traceback
            parse(text, column)


@given(st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC)))
def test_any_instant_comes_back(moment: datetime) -> None:
    assert parse(moment.isoformat(), INSTANT) == moment
    assert parse(moment.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0") + "Z", INSTANT) == moment
