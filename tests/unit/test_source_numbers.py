"""Amounts as exports write them: every common form has one value, anything else is a fault."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.config import ConfigError
from executive_suite.dataset import snapshot
from executive_suite.schema.cells import CellError
from executive_suite.schema.tables import Column
from executive_suite.sources import config, mapping, numbers, reading
from executive_suite.sources.config import ColumnMapping

AMOUNT = Column("amount_cents", "integer")
NARROW, FIXED, THIN = "\u202f", "\u00a0", "\u2009"


# Unicode CLDR 44, number patterns and symbols: en, de, fr (U+202F), de-CH (U+2019), en-IN (lakh), sv (U+2212, U+00A0).
# Trailing signs: SAP and COBOL reports. Brackets: accounting format of CLDR.
@pytest.mark.parametrize(
    ("text", "decimal", "symbol", "cents"),
    [
        ("1,234.50", ".", "", 123_450),
        ("12,34,567.89", ".", "", 123_456_789),
        ("1'234.50", ".", "", 123_450),
        ("1\u2019234\u2019567.50", ".", "", 123_456_750),
        (f"1{FIXED}234.50", ".", "", 123_450),
        (f"1{NARROW}234,50", ",", "", 123_450),
        (f"1{THIN}234,50", ",", "", 123_450),
        ("1.234.567,5", ",", "", 123_456_750),
        (f"\u22121{FIXED}234,50", ",", "", -123_450),
        ("1,234.56-", ".", "", -123_456),
        ("1234.56+", ".", "", 123_456),
        ("(1,234.56)", ".", "", -123_456),
        ("$(12.34)", ".", "$", -1_234),
        ("($12.34)", ".", "$", -1_234),
        ("-$12.34", ".", "$", -1_234),
        ("$-12.34", ".", "$", -1_234),
        (f"12,34{FIXED}\u20ac", ",", "\u20ac", 1_234),
        ("CHF 1\u2019234.50", ".", "CHF", 123_450),
        ("US$ 0.07", ".", "US$", 7),
        (".5", ".", "", 50),
    ],
)
def test_forms_of_amounts(text: str, decimal: str, symbol: str, cents: int) -> None:
    assert numbers.cents_text(text, decimal, symbol) == str(cents)
    assert Decimal(numbers.exact(text, decimal, symbol)) == Decimal(cents).scaleb(-2)


@pytest.mark.parametrize(
    ("text", "decimal", "symbol"),
    [
        ("CA$100.00", ".", "$"),
        ("$$100.00", ".", "$"),
        ("$100.00", ".", ""),
        ("1.234,50", ".", ""),
        ("1,234.50", ",", ""),
        ("1,23", ".", ""),
        ("12,345,67", ".", ""),
        ("1,234'567.00", ".", ""),
        ("-(5.00)", ".", ""),
        ("--5", ".", ""),
        ("-5-", ".", ""),
        ("-5 CR", ".", ""),
        ("5 USD", ".", "$"),
        ("1 2345.00", ".", ""),
        ("", ".", ""),
    ],
)
def test_what_is_not_an_amount_is_refused(text: str, decimal: str, symbol: str) -> None:
    with pytest.raises(CellError):
        numbers.cents_text(text, decimal, symbol)


@given(st.integers(-(10**15), 10**15), st.sampled_from([",", " ", "'", "\u2019", NARROW, FIXED]))
def test_any_amount_with_any_separator_comes_back(cents: int, mark: str) -> None:
    written = f"{abs(cents) // 100:,}".replace(",", mark) + f".{abs(cents) % 100:02d}"
    for text in (f"-{written}", f"{written}-", f"({written})", f"\u2212{written}"):
        assert numbers.cents_text(text) == str(-abs(cents))


# a ledger's credit is negative, as debit-positive books have it; a bank's credit is money that it received for us
@pytest.mark.parametrize(("table", "sign"), [("ledger", -1), ("budget", -1), ("bank_line", 1)])
def test_credit_and_debit_marks(table: str, sign: int) -> None:
    dollars = ColumnMapping.model_validate({"from": "x", "unit": "dollars"})
    convert = mapping.converter(AMOUNT, dollars, credit=mapping.CREDIT[table])
    assert convert("1,234.50 CR") == convert("cr 1234.50") == str(sign * 123_450)
    assert convert("12.00 Dr.") == str(-sign * 1_200)
    with pytest.raises(CellError, match="one sign"):
        convert("-12.00 CR")
    with pytest.raises(CellError, match="on bank statements only"):
        mapping.converter(AMOUNT, dollars)("12.00 CR")


def test_a_word_may_stand_for_no_amount() -> None:
    dash = ColumnMapping.model_validate({"from": "x", "unit": "dollars", "values": {"-": "0", "n/a": ""}})
    convert = mapping.converter(AMOUNT, dash)
    assert (convert("-"), convert("n/a")) == ("0", "")


BANK = """
- name: bank
  kind: folder
  location: files
  tables:
    ledger:
      file: bank.csv
      columns:
        txn_id: Id
        date: Date
        account: Account
        amount_cents: {from: Amount, unit: dollars}
      constants: {entity_id: me, currency: USD}
"""


def read(path: Path, text: str, sources: str = BANK) -> snapshot.Typed:
    (path / "files").mkdir(exist_ok=True)
    (path / "files" / "bank.csv").write_text(text)
    (path / "sources.yaml").write_text(sources)
    return snapshot.read(reading.read(config.load(path / "sources.yaml")))


def test_two_columns_of_one_name_are_a_fault_only_if_one_is_read(tmp_path: Path) -> None:
    one, other = "Id,Date,Account,Amount,Amount\n1,2025-01-10,Bank,5,7\n", "Id,Date,Account,Amount,Note,Note\n"
    (fault,) = [f for f in read(tmp_path, one).faults if f.column == "Amount"]
    assert (fault.row, fault.value) == (1, "Amount")
    assert "which of them is meant" in fault.advice
    assert not read(tmp_path, other + "1,2025-01-10,Bank,5,a,b\n").faults


def test_two_equal_lines_both_count(tmp_path: Path) -> None:
    # fivetran/dbt_quickbooks#43: a model that grouped lines lost one of two that were the same
    given = read(tmp_path, "Id,Date,Account,Amount\n" + "1,2025-01-10,Costs,5.00\n" * 2 + "1,2025-01-10,Bank,-10.00\n")
    assert not given.faults
    assert given.frames["ledger"]["amount_cents"].tolist() == [500, 500, -1000]


def test_a_header_on_every_page_is_no_record(tmp_path: Path) -> None:
    pages = "Id,Date,Account,Amount\n1,2025-01-10,Bank,-10.00\nId,Date,Account,Amount\n1,2025-01-10,Costs,10.00\n"
    skipping = BANK.replace("file: bank.csv", "file: bank.csv\n      skip: {Date: [Date]}")
    given = read(tmp_path, pages, skipping)
    assert given.frames["ledger"]["amount_cents"].tolist() == [-1000, 1000]
    assert not given.faults
    told = [(f.row, f.column) for f in read(tmp_path, pages).faults]
    assert told == [(4 - 1, "Amount"), (4 - 1, "date")], "without the setting, each cell of that row is a fault"


@pytest.mark.parametrize("day", ["13/01/2025", "2025-01-10", "1/32/2025", "01/10/25 "])
def test_a_day_in_another_form_is_told_with_its_row(tmp_path: Path, day: str) -> None:
    form = BANK.replace("date: Date", 'date: {from: Date, format: "%m/%d/%Y"}')
    given = read(tmp_path, f"Id,Date,Account,Amount\n1,01/10/2025,Bank,-5.00\n1,{day},Costs,5.00\n", form)
    assert [(f.row, f.column, f.value) for f in given.faults] == [(3, "Date", day.strip())]


def test_a_day_has_no_zone(tmp_path: Path) -> None:
    # 2025-01-31 22:30 in Tokyo is 08:30 of the same day in New York, and 23:30 of January 30 is possible as well
    zoned = BANK.replace("date: Date", 'date: {from: Date, format: "%Y-%m-%d %H:%M", zone: Asia/Tokyo}')
    with pytest.raises(ConfigError, match=r"ledger\.date is a day, and a day has no zone"):
        read(tmp_path, "Id,Date,Account,Amount\n", zoned)
    offset = BANK.replace("date: Date", 'date: {from: Date, format: "%Y-%m-%dT%H:%M%z"}')
    given = read(tmp_path, "Id,Date,Account,Amount\n1,2025-01-31T22:30+0900,Bank,5\n", offset)
    assert [(f.row, f.column) for f in given.faults] == [(2, "Date")]
    assert "instant" in given.faults[0].rule
