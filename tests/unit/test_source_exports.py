"""Exports of bookkeeping programs, read by configuration alone: layouts as the programs write them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import yaml

from executive_suite import __main__ as command_line
from executive_suite.cli import data_options
from executive_suite.dataset import snapshot
from executive_suite.folders import INCLUDE
from executive_suite.schema.cells import CellError
from executive_suite.schema.quality import Fault
from executive_suite.sources import config, numbers, reading

APRIL = date(2026, 4, 1)

# the report "Journal" of QuickBooks Online as CSV: title rows, a first column for totals, date and memo once a
# transaction, no number of its own, a sum below each, debits and credits apart
JOURNAL = """\
Harbor Cafe LLC
Journal
"January - April, 2026"

,Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit
,01/02/2026,Deposit,,Owner,,Checking,"$10,000.00",
,,,,,,Owner's Equity,,"10,000.00"
,,,,,,,"$10,000.00","$10,000.00"
,,,,,,,,
,01/31/2026,Sales Receipt,1001,Walk-in,January takings,Checking,"8,250.55",
,,,,,,Sales:Food,,"6,250.55"
,,,,,,Sales:Drinks,,"2,000.00"
,,,,,,,"$8,250.55","$8,250.55"
,,,,,,,,
,01/31/2026,Expense,,Baker & Co,Bread,Cost of Goods Sold,"2,100.10",
,,,,,,Checking,,"2,100.10"
,,,,,,,"$2,100.10","$2,100.10"
,,,,,,,,
TOTAL,,,,,,,"$20,350.65","$20,350.65"
"""

CHART = """\
Harbor Cafe LLC
Account List

Account,Type,Detail type,Description,Balance
Checking,Bank,Checking,,"16,150.45"
Owner's Equity,Equity,Owner's Equity,,"10,000.00"
Sales:Food,Income,Sales of Product Income,,
Sales:Drinks,Income,Sales of Product Income,,
Cost of Goods Sold,Cost of Goods Sold,Supplies & Materials - COGS,,
"""

QUICKBOOKS = """
- name: quickbooks
  kind: folder
  location: exports
  tables:
    ledger:
      file: Journal*.csv
      header: 5
      skip: {Account: [""]}
      fill: [Date, Memo/Description]
      numbered: {txn_id: Date}
      columns:
        date: {from: Date, format: "%m/%d/%Y"}
        account: Account
        amount_cents: {debit: Debit, credit: Credit, unit: dollars, symbol: $}
        memo: Memo/Description
      constants: {entity_id: cafe, currency: USD}
    account:
      file: Accounts*.csv
      header: 4
      columns:
        account: Account
        name: Account
        type:
          from: Type
          values:
            Bank: asset
            Accounts receivable (A/R): asset
            Other Current Assets: asset
            Fixed Assets: asset
            Other Assets: asset
            Accounts payable (A/P): liability
            Credit Card: liability
            Other Current Liabilities: liability
            Long Term Liabilities: liability
            Equity: equity
            Income: revenue
            Other Income: revenue
            Cost of Goods Sold: expense
            Expenses: expense
            Other Expense: expense
        subtype:
          from: Type
          values:
            Bank: bank
            Accounts receivable (A/R): receivable
            Accounts payable (A/P): payable
            Fixed Assets: fixed_asset
            Long Term Liabilities: long_term_debt
            "*": ""
        normal_side:
          from: Type
          values:
            Bank: debit
            Accounts receivable (A/R): debit
            Other Current Assets: debit
            Fixed Assets: debit
            Other Assets: debit
            Cost of Goods Sold: debit
            Expenses: debit
            Other Expense: debit
            "*": credit
        is_cash: {from: Type, values: {Bank: "true", "*": "false"}}
  activity: {Equity: financing, long_term_debt: financing, fixed_asset: investing}
"""

# an export of a German program: Windows-1252, semicolons, decimal commas, days as day.month.year
BUCHUNGEN = """\
Belegnummer;Datum;Konto;Betrag;Text
R-1;31.01.2026;1800;1.190,00;Übersetzung
R-1;31.01.2026;4400;-1.000,00;Übersetzung
R-1;31.01.2026;3806;190,00-;Umsatzsteuer
"""

DATEV = """
- name: buchhaltung
  kind: folder
  location: exports
  delimiter: ";"
  encoding: cp1252
  decimal: ","
  tables:
    ledger:
      file: buchungen.csv
      columns:
        txn_id: Belegnummer
        date: {from: Datum, format: "%d.%m.%Y"}
        account: Konto
        amount_cents: {from: Betrag, unit: main}
        memo: Text
      constants: {entity_id: lingua, currency: EUR}
"""


def read(path: Path, sources: str, files: Mapping[str, bytes]) -> snapshot.Typed:
    (path / "exports").mkdir(exist_ok=True)
    for name, body in files.items():
        (path / "exports" / name).write_bytes(body)
    (path / "sources.yaml").write_text(sources)
    return snapshot.read(reading.read(config.load(path / "sources.yaml")))


def quickbooks(path: Path, journal: str = JOURNAL, sources: str = QUICKBOOKS) -> snapshot.Typed:
    return read(path, sources, {"Journal.csv": journal.encode(), "Accounts.csv": CHART.encode()})


def places(given: snapshot.Typed) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.value) for fault in given.faults]


def test_a_journal_of_quickbooks_becomes_the_ledger(tmp_path: Path) -> None:
    given = quickbooks(tmp_path)
    assert not given.faults
    ledger = given.frames["ledger"]
    # rows as a spreadsheet numbers them; the three transactions in the order of the file
    assert list(
        zip(ledger["source_row"], ledger["txn_id"], ledger["account"], ledger["amount_cents"], strict=True)
    ) == [
        (6, "000001", "Checking", 1_000_000),
        (7, "000001", "Owner's Equity", -1_000_000),
        (10, "000002", "Checking", 825_055),
        (11, "000002", "Sales:Food", -625_055),
        (12, "000002", "Sales:Drinks", -200_000),
        (15, "000003", "Cost of Goods Sold", 210_010),
        (16, "000003", "Checking", -210_010),
    ]
    assert [str(day.date()) for day in ledger["date"]] == ["2026-01-02"] * 2 + ["2026-01-31"] * 5
    assert ledger["memo"].tolist()[2:5] == ["January takings"] * 3
    accounts = given.frames["account"].set_index("account")
    assert dict(accounts["type"]) == {
        "Checking": "asset",
        "Owner's Equity": "equity",
        "Sales:Food": "revenue",
        "Sales:Drinks": "revenue",
        "Cost of Goods Sold": "expense",
    }
    assert accounts.index[accounts["is_cash"]].tolist() == ["Checking"]
    # 16,150.45 is the balance that QuickBooks' own account list states for Checking
    assert ledger.loc[ledger["account"] == "Checking", "amount_cents"].sum() == 1_615_045
    notes = [(note.table, note.rows) for note in given.notes if "not records" in note.text]
    assert notes == [("ledger", 4)], "three sums and one total; rows without any cell are no rows"


def test_the_command_line_reads_it(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    quickbooks(tmp_path)
    for path in data_options.CONFIG.glob("*.yaml"):
        if path.name != "sources.yaml":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert command_line.main(["metrics", "--config", str(tmp_path), "--as-of", "2026-03-01"]) == 0
    facts = json.loads(capsysbinary.readouterr().out)
    plain = {
        (f["metric_id"], f["period"]): f["value"] for f in facts if f["entity_id"] == "group" and not f["dimensions"]
    }
    # 6,250.55 + 2,000.00 of sales less 2,100.10 of goods
    assert plain["net_income", "2026-01"] == 615_045
    assert plain["cash_balance", "2026-03-01"] == 1_615_045


# "Export Transactions to CSV" of GnuCash: day, number and text stand in the first line of a transaction only
GNUCASH = """\
"Date","Transaction ID","Number","Description","Memo","Full Account Name","Amount With Sym","Amount Num.","Reconcile"
"04/01/2026","a1b2","","Charter, half day","","Assets:Checking","$1,234.50","1,234.50","n"
"","","","","","Income:Charters","-$1,234.50","-1,234.50","n"
"04/02/2026","a1b3","7","Diesel","","Expenses:Fuel","$50.05","50.05","n"
"","","","","","Assets:Checking","-$50.05","-50.05","n"
"""
# the report "Balance" of Stripe
STRIPE = """\
id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Description
txn_1,charge,ch_1,"1,300.00",65.50,"1,234.50",usd,2026-04-01 17:05,Charter
txn_2,payout,po_1,-50.00,0.00,-50.00,usd,2026-04-02 01:00,STRIPE PAYOUT
"""
LEDGER_AND_BANK = """\
- name: books
  kind: folder
  location: exports
  tables:
    ledger:
      file: transactions.csv
      fill: [Date, Transaction ID, Description]
      columns:
        txn_id: Transaction ID
        date: {from: Date, format: "%m/%d/%Y"}
        account: Full Account Name
        amount_cents: {from: Amount Num., unit: dollars}
        memo: Description
    bank_line:
      file: balance*.csv
      columns:
        bank_line_id: id
        date: {from: Created (UTC), format: "%Y-%m-%d %H:%M"}
        amount_cents: {from: Net, unit: dollars}
        description: Description
      constants: {account: Stripe}
"""


def test_gnucash_and_stripe_are_read_by_configuration(tmp_path: Path) -> None:
    given = read(tmp_path, LEDGER_AND_BANK, {"transactions.csv": GNUCASH.encode(), "balance-1.csv": STRIPE.encode()})
    assert not given.faults
    ledger, lines = given.frames["ledger"], given.frames["bank_line"]
    assert list(zip(ledger["txn_id"], ledger["account"], ledger["amount_cents"], strict=True)) == [
        ("a1b2", "Assets:Checking", 123_450),
        ("a1b2", "Income:Charters", -123_450),
        ("a1b3", "Expenses:Fuel", 5_005),
        ("a1b3", "Assets:Checking", -5_005),
    ]
    assert [str(day.date()) for day in ledger["date"]] == ["2026-04-01"] * 2 + ["2026-04-02"] * 2
    assert ledger["memo"].tolist() == ["Charter, half day"] * 2 + ["Diesel"] * 2
    assert list(zip(lines["bank_line_id"], lines["amount_cents"], lines["account"], strict=True)) == [
        ("txn_1", 123_450, "Stripe"),
        ("txn_2", -5_000, "Stripe"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"6,250.55"', '"6,250.555"', (11, "Credit", "6,250.555")),
        ("01/31/2026,Expense", "31/01/2026,Expense", (15, "Date", "31/01/2026")),
        ('"8,250.55",\n,,,,,,Sales:Food', '"8.250,55",\n,,,,,,Sales:Food', (10, "Debit", "8.250,55")),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_as_the_export_calls_it(
    tmp_path: Path, old: str, new: str, place: tuple[int, str, str]
) -> None:
    assert old in JOURNAL
    assert place in places(quickbooks(tmp_path, JOURNAL.replace(old, new, 1)))


@pytest.mark.parametrize("setting", ["header: 5", "skip: {Account", "fill: [Date,", "numbered: {txn_id: Date}"])
def test_a_layout_that_is_not_the_exports_is_told(tmp_path: Path, setting: str) -> None:
    wrong = setting.replace("5", "3").replace("Account", "Konto").replace("Date", "Datum")
    given = quickbooks(tmp_path, sources=QUICKBOOKS.replace(setting, wrong, 1))
    assert given.faults
    assert all(isinstance(fault, Fault) and fault.file == "Journal.csv" for fault in given.faults)


def test_an_export_in_another_encoding_with_decimal_commas(tmp_path: Path) -> None:
    given = read(tmp_path, DATEV, {"buchungen.csv": BUCHUNGEN.encode("cp1252")})
    assert not given.faults
    ledger = given.frames["ledger"]
    assert ledger["amount_cents"].tolist() == [119_000, -100_000, -19_000]
    assert ledger["memo"].tolist() == ["Übersetzung", "Übersetzung", "Umsatzsteuer"]
    assert snapshot.build(given, APRIL, ZoneInfo("Europe/Berlin")).coverage == {"ledger": 3}


def test_a_point_among_decimal_commas_is_told(tmp_path: Path) -> None:
    body = BUCHUNGEN.replace("-1.000,00", "-1000.00").encode("cp1252")
    given = read(tmp_path, DATEV, {"buchungen.csv": body})
    assert places(given) == [(3, "Betrag", "-1000.00")]


# CLDR's number patterns for de, fr, de-CH and es; brackets and a minus behind are what accountants write
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u2019234,50", "1234.50"),
        ("1234", "1234"),
        ("-0,07", "-0.07"),
        ("0,07-", "-0.07"),
        ("(1.234,50)", "-1234.50"),
    ],
)
def test_decimal_commas(text: str, expected: str) -> None:
    assert numbers.exact(text, ",") == expected


@pytest.mark.parametrize(
    "text", ["1,234.50", "1.23,4", "1.2345,00", "(1,00", "-(1,00)", "-1,00-", "", ",", "1,2,3", "1e3"]
)
def test_what_is_no_decimal_comma_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="decimal comma"):
        numbers.exact(text, ",")


@pytest.mark.parametrize("text", ["1.250", "12.500", "-1.250"])
def test_a_point_that_may_separate_thousands_is_no_decimal_point(text: str) -> None:
    # 1.250 is one thousand two hundred and fifty where German is written
    with pytest.raises(CellError, match="at most two decimals"):
        numbers.cents_text(text)


def test_columns_of_a_database_may_have_a_scale(tmp_path: Path) -> None:
    """NUMERIC(12,4) and DECIMAL(12,3) come with trailing zeros that nobody wrote."""
    from decimal import Decimal

    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "exports").mkdir()
    amounts = pa.array([Decimal("1.250"), Decimal("-7.000"), Decimal("0.120")])
    pq.write_table(pa.table({"txn_id": ["A", "B", "C"], "amount": amounts}), tmp_path / "exports" / "ledger.parquet")
    sources = (
        DATEV[: DATEV.index("  delimiter")]
        + "  tables: {ledger: {columns: {amount_cents: {from: amount, unit: dollars}}}}\n"
    )
    given = read(tmp_path, sources, {})
    assert not given.faults
    assert given.frames["ledger"]["amount_cents"].tolist() == [125, -700, 12]


def test_debits_and_credits_in_cents(tmp_path: Path) -> None:
    columns = "{txn_id: T, amount_cents: {debit: Dr, credit: Cr}}"
    sources = f"- {{name: x, kind: folder, location: exports, tables: {{ledger: {{columns: {columns}}}}}}}"
    body = b'T,Dr,Cr\nA,"1,000",\nA,,"1,000"\nB,5,7\nC,,\nD,12.5,\n'
    given = read(tmp_path, sources, {"ledger.csv": body})
    assert given.frames["ledger"]["amount_cents"].fillna(0).tolist() == [1000, -1000, -2, 0, 0]
    assert sorted(places(given)) == [(5, "amount_cents", ""), (6, "amount_cents", "12.5")]


def test_two_columns_may_be_made_from_one(tmp_path: Path) -> None:
    sources = (
        "- {name: x, kind: folder, location: exports, tables: {system: {columns: {system_id: Name, category: Name}}}}"
    )
    frame = read(tmp_path, sources, {"system.csv": b"Name\nemail\n"}).frames["system"]
    assert frame[["system_id", "category"]].to_numpy().tolist() == [["email", "email"]]
    assert isinstance(frame, pd.DataFrame)


def test_the_documentation_shows_what_is_tested() -> None:
    text = (INCLUDE.parent / "docs" / "data.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in text.split("```yaml\n")[1:]]
    stated = [source for block in blocks for source in yaml.safe_load(block) if isinstance(source, dict)]
    (tested,) = yaml.safe_load(QUICKBOOKS)
    (shown,) = [source for source in stated if source["name"] == "quickbooks"]
    assert {**shown, "location": ""} == {**tested, "location": ""}
    for source in stated:
        config.Sources.model_validate({"sources": [source]})


def test_signs_by_nature_defaults_and_hashes_as_documented(tmp_path: Path) -> None:
    """Expected by hand: a sale of 100.00 paid into the bank, and rent of 40.00; debits are positive in the ledger."""
    text = (INCLUDE.parent / "docs" / "data.md").read_text(encoding="utf-8")
    (shown,) = [block for block in text.split("```yaml\n") if block.startswith("- name: practice")]
    exports = {
        "ledger.csv": b"txn_id,line,date,account,Amount\n1,1,2026-01-05,Bank,100.00\n1,2,2026-01-05,Fees,100.00\n"
        b"2,1,2026-01-06,Rent,40.00\n2,2,2026-01-06,Bank,-40.00\n3,1,2026-01-07,Bank,9.00\n3,2,2026-01-07,Loan,9.00\n",
        "account.csv": b"account,name,type,normal_side,is_cash\nBank,Bank,asset,debit,true\n"
        b"Rent,Rent,expense,debit,false\nFees,Fees,revenue,credit,false\nLoan,Loan,liability,credit,false\n",
        "payment.csv": b"payment_id,paid_on,Paid,Fee\n1,2026-01-05,100.00,2.90\n2,2026-01-06,50.00,\n",
        "contact.csv": b"E-mail,Newsletter\nAnn@Example.com,yes\nbea@example.com,\n",
    }
    given = read(tmp_path, shown.partition("```")[0], exports)
    assert not given.faults
    ledger = given.frames["ledger"]
    assert ledger["amount_cents"].tolist() == [10_000, -10_000, 4_000, -4_000, 900, -900]
    assert given.frames["payment"]["processor_fee_cents"].tolist() == [290, 0]
    contacts = given.frames["contact"]
    assert contacts["consent_status"].tolist() == ["subscribed", "never"]
    assert contacts["contact_hash"].tolist() == [
        hashlib.sha256(address).hexdigest()[:16] for address in (b"ann@example.com", b"bea@example.com")
    ]


def test_an_account_of_no_known_nature_is_refused(tmp_path: Path) -> None:
    sources = "- {name: x, kind: folder, location: exports, natural: true}"
    head = b"txn_id,line,date,entity_id,account,amount_cents,currency\n"
    body = head + b"1,1,2026-01-05,a,Bank,1,USD\n1,2,2026-01-05,a,Fees,1,USD\n"
    chart = b"account,name,type,normal_side,is_cash\nBank,Bank,asset,debit,true\n"
    given = read(tmp_path, sources, {"ledger.csv": body, "account.csv": chart})
    assert (3, "account", "Fees") in places(given)


# the fifteen account types of QuickBooks Online, by the statement that each is on (Intuit's help on account types)
TYPES = {
    "asset": ["Bank", "Accounts receivable (A/R)", "Other Current Assets", "Fixed Assets", "Other Assets"],
    "liability": ["Accounts payable (A/P)", "Credit Card", "Other Current Liabilities", "Long Term Liabilities"],
    "equity": ["Equity"],
    "revenue": ["Income", "Other Income"],
    "expense": ["Cost of Goods Sold", "Expenses", "Other Expense"],
}


def test_every_account_type_of_quickbooks_is_named(tmp_path: Path) -> None:
    rows = [(kind, name) for kind, names in TYPES.items() for name in names]
    assert len(rows) == 15
    chart = CHART.partition("Checking,Bank")[0] + "".join(f"{name} account,{name},,,\n" for _, name in rows)
    given = read(tmp_path, QUICKBOOKS, {"Journal.csv": JOURNAL.encode(), "Accounts.csv": chart.encode()})
    assert not given.faults
    accounts = given.frames["account"]
    assert accounts["type"].tolist() == [kind for kind, _ in rows]
    debit = accounts["type"].isin(["asset", "expense"])
    assert accounts["normal_side"].tolist() == ["debit" if on else "credit" for on in debit]
    assert accounts.loc[accounts["is_cash"], "account"].tolist() == ["Bank account"]


def test_an_account_type_that_quickbooks_adds_is_refused(tmp_path: Path) -> None:
    chart = CHART + "Estimates,Non-Posting,,,\n"
    given = read(tmp_path, QUICKBOOKS, {"Journal.csv": JOURNAL.encode(), "Accounts.csv": chart.encode()})
    assert places(given) == [(10, "type", "Non-Posting")]


def test_what_the_owner_puts_in_is_financing(tmp_path: Path) -> None:
    ledger = quickbooks(tmp_path).frames["ledger"]
    assert dict(zip(ledger["txn_id"], ledger["activity"], strict=True)) == {
        "000001": "financing",
        "000002": "operating",
        "000003": "operating",
    }
