"""Column mapping: other names, units, signs, formats, constants; exact, or a fault."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csv_tables import folder
from executive_suite.dataset import snapshot
from executive_suite.schema.cells import CellError
from executive_suite.schema.tables import Column
from executive_suite.sources import files, mapping, numbers
from executive_suite.sources.config import UNMAPPED, ColumnMapping, TableMapping
from executive_suite.sources.place import Folder
from executive_suite.sources.raw import RawTables

AMOUNT = Column("amount_cents", "integer")
POSTED = Column("posted_at", "datetime")
DAY = Column("date", "date")


def column(**fields: object) -> ColumnMapping:
    return ColumnMapping.model_validate({"from": "x", **fields})


@pytest.mark.parametrize(
    ("text", "cents"),
    [("12.5", "1250"), ("1,234.50", "123450"), ("-0.01", "-1"), ("(1,234.50)", "-123450"), ("7", "700"), ("0", "0")],
)
def test_dollars_become_cents(text: str, cents: str) -> None:
    assert numbers.cents_text(text) == cents


@pytest.mark.parametrize("text", ["0.001", "1,234.567", "1.005"])
def test_amounts_with_more_than_two_decimals_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="at most two decimals"):
        numbers.cents_text(text)


@given(st.integers(-(10**15), 10**15))
def test_any_amount_of_cents_comes_back(cents: int) -> None:
    dollars = Decimal(cents).scaleb(-2)
    for text in (f"{dollars:.2f}", f"{dollars:,.2f}", f"({-dollars:,.2f})" if cents < 0 else f"{dollars:f}"):
        assert numbers.cents_text(text) == str(cents)


@pytest.mark.parametrize(
    ("fields", "of", "text", "expected"),
    [
        ({"unit": "dollars", "negate": True}, AMOUNT, "(5.00)", "500"),
        ({"negate": True}, AMOUNT, "1,250", "-1250"),
        ({"format": "%m/%d/%Y"}, DAY, "02/29/2024", "2024-02-29"),
        ({"values": {"Y": "true", "N": "false"}}, Column("is_cash", "boolean"), "Y", "true"),
        # Pacific time: UTC-8 in winter, UTC-7 in summer; the clocks of 2026 change on 8 March and 1 November
        ({"zone": "America/Los_Angeles"}, POSTED, "2026-01-15 12:00:00", "2026-01-15T20:00:00+00:00"),
        ({"zone": "America/Los_Angeles"}, POSTED, "2026-07-15T12:00:00", "2026-07-15T19:00:00+00:00"),
        ({"zone": "America/Los_Angeles"}, POSTED, "2026-07-15T12:00:00Z", "2026-07-15T12:00:00+00:00"),
        ({"zone": "America/Los_Angeles"}, POSTED, "2026-11-01 01:30:00", "2026-11-01T08:30:00+00:00"),
        (
            {"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"},
            POSTED,
            "01.05.2026 09:00",
            "2026-05-01T07:00:00+00:00",
        ),
    ],
)
def test_cells_are_converted(fields: dict[str, object], of: Column, text: str, expected: str) -> None:
    assert mapping.converter(of, column(**fields))(text) == expected


def test_a_time_that_clocks_skip_is_refused() -> None:
    with pytest.raises(CellError, match="clocks went forward"):
        mapping.converter(POSTED, column(zone="America/Los_Angeles"))("2026-03-08 02:30:00")


EXPORT = """
    Trans #,Date,Account,Amount,Memo,Balance
    17,04/30/2026,Checking,"1,250.00",charter,9
    17,04/30/2026,Sales,"(1,250.00)",charter,9
"""
BOOKS = TableMapping.model_validate(
    {
        "file": "gl-*.csv",
        "columns": {
            "txn_id": "Trans #",
            "date": {"from": "Date", "format": "%m/%d/%Y"},
            "account": {"from": "Account", "values": {"Checking": "1010", "Sales": "4010"}},
            "amount_cents": {"from": "Amount", "unit": "dollars"},
            "memo": "Memo",
        },
        "constants": {"entity_id": "acme", "currency": "USD"},
    }
)


def books(table: str) -> TableMapping:
    return BOOKS if table == "ledger" else UNMAPPED


def export(path: Path, text: str = EXPORT) -> RawTables:
    return files.read(Folder(folder(path, **{"gl-2026": text})), books)


def test_an_export_of_a_bookkeeping_program_needs_no_code(tmp_path: Path) -> None:
    given = export(tmp_path)
    assert not given.faults
    frame = snapshot.read(given).frames["ledger"]
    assert frame[["txn_id", "account", "amount_cents", "entity_id", "currency", "source_row"]].to_numpy().tolist() == [
        ["17", "1010", 125_000, "acme", "USD", 2],
        ["17", "4010", -125_000, "acme", "USD", 3],
    ]
    assert [str(day.date()) for day in frame["date"]] == ["2026-04-30", "2026-04-30"]
    assert given.notes[0].text.endswith("Balance")


def test_a_cell_that_cannot_be_converted_is_told_by_its_own_header(tmp_path: Path) -> None:
    faults = export(
        tmp_path, EXPORT.replace("(1,250.00)", "1.255").replace("04/30/2026,Sales", "30/04/2026,Sales")
    ).faults
    assert {(fault.file, fault.row, fault.column, fault.value) for fault in faults} == {
        ("gl-2026.csv", 3, "Amount", "1.255"),
        ("gl-2026.csv", 3, "Date", "30/04/2026"),
    }


def test_a_column_or_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "Amount not found" in export(tmp_path / "a", EXPORT.replace("Amount", "Betrag")).faults[0].rule
    (found,) = files.read(Folder(folder(tmp_path / "b", entity="entity_id\n")), books).faults
    assert "gl-*.csv" in found.rule
