"""The command ``statements``: what it prints, and what it says on standard error."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from csv_tables import ACCOUNTS, ENTITIES, folder
from executive_suite import __main__ as command_line

LEDGER = """
    txn_id,line,date,entity_id,account,amount_cents,currency,activity
    T1,1,2026-03-01,acme,1010,10000,USD,operating
    T1,2,2026-03-01,acme,4010,-10000,USD,operating
    T2,1,2026-04-10,group,6010,2500,USD,operating
    T2,2,2026-04-10,group,1010,-2500,USD,operating
"""
# The contract of the command: one row per cell with these fields.
FIELDS = ["statement", "entity_id", "period", "line", "label", "amount_cents", "reason"]


@pytest.fixture
def books(tmp_path: Path) -> str:
    return str(folder(tmp_path, entity=ENTITIES, account=ACCOUNTS, ledger=LEDGER))


def run(books: str, *more: str) -> int:
    return command_line.main(["statements", "--data", books, "--as-of", "2026-05-01", *more])


def cells(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_json_has_whole_cents(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(books) == 0
    rows = cells(capsys.readouterr().out)
    assert {tuple(row) for row in rows} == {tuple(FIELDS)}
    assert {type(row["amount_cents"]) for row in rows} == {int}
    own = {
        row["entity_id"]: row["amount_cents"]
        for row in rows
        if row["line"] == "net_income" and "2026-04" in row["period"]
    }
    assert own == {"acme": 0, "parent": -2500, "group": -2500}


def test_csv_and_json_say_the_same(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(books)
    rows = cells(capsys.readouterr().out)
    run(books, "--format", "csv")
    printed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert printed == [{name: str(cell) for name, cell in row.items()} for row in rows]


def test_a_table_for_people_has_amounts_with_cents(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(books, "--format", "table", "--entity", "acme") == 0
    out = capsys.readouterr().out
    assert "100.00" in out
    assert "parent" not in out


def test_one_entity(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(books, "--entity", "parent") == 0
    assert {row["entity_id"] for row in cells(capsys.readouterr().out)} == {"parent"}
    assert run(books, "--entity", "elimination") == 0
    assert cells(capsys.readouterr().out) == []
    assert run(books, "--entity", "nobody") == 2
    assert "acme, parent and group" in capsys.readouterr().err.replace("\n", " ")


def test_the_group_s_own_entity_is_known_by_its_id(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder(Path(books), entity=ENTITIES.replace("group,group", "hq,group"), ledger=LEDGER.replace(",group,", ",hq,"))
    assert run(books, "--entity", "hq") == 0
    assert {row["entity_id"] for row in cells(capsys.readouterr().out)} == {"parent"}


def test_what_does_not_tie_is_counted_and_what_is_absent_is_named(
    books: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(books) == 0
    assert "no receivables and payables: table invoice is absent" in capsys.readouterr().err
    receivable = ACCOUNTS.replace("normal_side", "subtype,normal_side").replace("asset,", "asset,receivable,")
    receivable = receivable.replace("revenue,", "revenue,,").replace("expense,", "expense,,")
    invoice = "invoice_id,direction,entity_id,counterparty_id,issued_on,due_on,total_cents,tax_cents,status\n"
    payment = "payment_id,invoice_id,paid_on,amount_cents,processor_fee_cents,is_refund\n"
    folder(Path(books), account=receivable, invoice=invoice, payment=payment)
    assert run(books, "--entity", "acme") == 0
    captured = capsys.readouterr()
    assert "3 differences" in captured.err  # in March, April and the year to date
    reasons = {row["reason"] for row in cells(captured.out) if row["line"] == "difference"}
    assert reasons == {"account 1010 $100.00, documents $0.00: $100.00"}


def test_an_empty_folder_has_no_statements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(folder(tmp_path))) == 0
    captured = capsys.readouterr()
    assert cells(captured.out) == []
    assert "no statement from the ledger" in captured.err
