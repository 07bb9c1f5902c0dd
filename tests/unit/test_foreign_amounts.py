"""Amounts of every table in the reporting currency: at the rate of the row's own day, or refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from csv_tables import ACCOUNTS, raw
from csv_tables import IN_TWO_CURRENCIES as GROUP
from executive_suite.dataset import snapshot
from executive_suite.dataset.rates import Rates
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.schema.quality import Fault, QualityError
from executive_suite.schema.tables import schema

TORONTO = ZoneInfo("America/Toronto")
MAY = date(2026, 5, 1)

# chosen so that every product is a whole number of cents
RATES = """
    param,scope,valid_from,valid_to,value,unit,source
    fx_GBP,group,2026-01-01,2026-01-31,1.70,rate,bank
    fx_GBP,group,2026-02-01,2026-02-28,1.75,rate,bank
    fx_GBP,group,2026-03-01,,1.80,rate,bank
    fx_USD,group,2026-01-01,,1.40,rate,bank
"""
TABLES = {
    "invoice": "invoice_id,direction,entity_id,counterparty_id,issued_on,due_on,total_cents,tax_cents,status,currency\n"
    "I1,ar,me,ann,2026-01-05,2026-02-05,225000,100,open,{}\n",
    "booking": "booking_id,entity_id,booked_at,service_start,service_end,status,gross_cents,tax_cents,deposit_cents,"
    "currency\n"
    "B1,me,2026-02-01T03:00Z,2026-03-01T20:00Z,2026-03-02T20:00Z,completed,10000,1000,200,{}\n",
    "client_contract": "contract_id,valid_from,client_id,tier,mrr_cents,tcv_cents,start_on,auto_renew,status,currency\n"
    "C1,2026-03-01,ann,gold,10000,120000,2026-01-15,true,active,{}\n",
    "budget": "entity_id,month,account,amount_cents,version,currency\nme,2026-02-01,4010,10000,v1,{}\n",
    "asset": "asset_id,entity_id,class,name,acquired_on,valued_on,cost_cents,book_value_cents,market_value_cents,"
    "lien_cents,currency\nA1,me,vessel,Boat,2026-01-10,2026-03-10,10000,9000,20000,1000,{}\n",
}
# 1.70 in January, 1.75 in February, 1.80 from March; B1 was booked at 22:00 on January 31 in Toronto
CONVERTED = {
    "invoice": {"total_cents": 382_500, "tax_cents": 170},
    "booking": {"gross_cents": 17_000, "tax_cents": 1_700, "deposit_cents": 340},
    "client_contract": {"mrr_cents": 17_000, "tcv_cents": 204_000},
    "budget": {"amount_cents": 17_500},
    "asset": {"cost_cents": 17_000, "book_value_cents": 15_300, "market_value_cents": 36_000, "lien_cents": 1_800},
}


def build(path: Path, **tables: str) -> snapshot.Snapshot:
    files = {"entity": GROUP, "account": ACCOUNTS, "param": RATES} | tables
    return snapshot.build(raw(path, **{name: text for name, text in files.items() if text}), MAY, TORONTO)


def refused(path: Path, **tables: str) -> tuple[Fault, ...]:
    with pytest.raises(QualityError) as caught:
        build(path, **tables)
    return caught.value.faults


@pytest.mark.parametrize("stated", ["GBP", "gbp", "£"])
@pytest.mark.parametrize("table", TABLES)
def test_every_amount_of_a_row_is_converted_on_its_own_day(tmp_path: Path, table: str, stated: str) -> None:
    frame = build(tmp_path, **{table: TABLES[table].format(stated)}).tables[table]
    assert {name: int(frame[name].iloc[0]) for name in CONVERTED[table]} == CONVERTED[table]
    assert frame["currency"].tolist() == ["CAD"]
    dtypes = {str(frame[name].dtype) for name in CONVERTED[table]}
    assert dtypes <= {"int64", "Int64"}


@pytest.mark.parametrize("table", TABLES)
def test_a_currency_without_a_rate_is_refused(tmp_path: Path, table: str) -> None:
    (fault,) = refused(tmp_path, **{table: TABLES[table].format("EUR")})
    assert (fault.file, fault.row, fault.column, fault.value) == (f"{table}.csv", 2, "currency", "EUR")
    assert "fx_EUR" in fault.advice


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("column", ["there", "not there"])
def test_a_blank_currency_is_the_entitys(tmp_path: Path, table: str, column: str) -> None:
    text = TABLES[table].format("")
    if column == "not there":
        text = text.replace(",currency", "").replace(",\n", "\n")
    own = {name: int(value) for name, value in _first(build(tmp_path / "me", **{table: text}), table).items()}
    plain = _first(build(tmp_path / "plain", **{table: TABLES[table].format("CAD")}), table)
    assert own == {name: int(value) for name, value in plain.items()}
    if table == "client_contract":
        return  # a contract names no entity
    british = text.replace(",me,", ",uk,").replace("\nme,", "\nuk,")
    assert {name: int(value) for name, value in _first(build(tmp_path / "uk", **{table: british}), table).items()} == (
        # the booking of 03:00 UTC is of February 1 in London
        CONVERTED[table] if table != "booking" else {"gross_cents": 17_500, "tax_cents": 1_750, "deposit_cents": 350}
    )


def _first(built: snapshot.Snapshot, table: str) -> dict[str, object]:
    return {name: built.tables[table][name].iloc[0] for name in CONVERTED[table]}


LEDGER = """
    txn_id,line,date,entity_id,account,amount_cents{0}
    T,1,2026-02-03,uk,1010,10000{1}
    T,2,2026-02-03,uk,4010,-10000{1}
"""


@pytest.mark.parametrize(("column", "cell"), [("", ""), (",currency", ","), (",currency", ",GBP"), (",currency", ",£")])
def test_a_ledger_without_a_currency_is_in_the_entitys_too(tmp_path: Path, column: str, cell: str) -> None:
    ledger = build(tmp_path, ledger=LEDGER.format(column, cell)).tables["ledger"]
    assert ledger["amount_cents"].tolist() == [17_500, -17_500]
    assert ledger["currency"].tolist() == ["CAD", "CAD"]


PAYMENTS = "payment_id,invoice_id,entity_id,paid_on,amount_cents,processor_fee_cents,is_refund,currency\n"


@pytest.mark.parametrize(
    ("row", "amount"),
    [
        # paid in full: nothing may be left open, although the pound rose from 1.70 to 1.80 (IAS 21.28: a difference in
        # rates is a gain or loss of its own)
        ("P,I1,,2026-03-05,225000,0,false,GBP", 382_500),
        ("P,I1,,2026-03-05,225000,0,false,", 382_500),
        ("P,I1,,2026-03-05,300000,0,false,USD", 420_000),
        ("P,I1,,2026-03-05,400000,0,false,CAD", 400_000),
        ("P,,me,2026-03-05,1000,0,false,GBP", 1_800),
        ("P,,uk,2026-03-05,1000,0,false,", 1_800),
        ("P,,me,2026-03-05,1000,0,false,", 1_000),
    ],
)
def test_a_payment_closes_what_it_pays(tmp_path: Path, row: str, amount: int) -> None:
    built = build(tmp_path, invoice=TABLES["invoice"].format("GBP"), payment=f"{PAYMENTS}{row}\n")
    assert built.tables["payment"]["amount_cents"].tolist() == [amount]


def test_rows_that_belong_to_another_have_its_currency(tmp_path: Path) -> None:
    built = build(
        tmp_path,
        asset=TABLES["asset"].format("GBP"),
        client_contract=TABLES["client_contract"].format("GBP"),
        lease="lease_id,asset_id,unit,kind,start_on,rent_cents,security_deposit_cents,status\n"
        "L1,A1,1,long_term,2026-02-01,100000,0,active\nL2,other,1,long_term,2026-02-01,100000,0,active\n",
        work_log="work_id,contract_id,date,minutes,rate_cents,billable\nW1,C1,2026-03-02,60,10000,true\n",
        rev_schedule="obligation_id,entity_id,contract_id,allocated_cents,start_on,end_on,method\n"
        "O1,uk,X,10000,2026-01-01,2026-12-31,straight_line\n",
    )
    assert built.tables["lease"]["rent_cents"].tolist() == [175_000, 100_000]
    assert built.tables["work_log"]["rate_cents"].tolist() == [18_000]
    assert built.tables["rev_schedule"]["allocated_cents"].tolist() == [17_000]


def test_an_amount_without_a_day_cannot_be_converted(tmp_path: Path) -> None:
    asset = TABLES["asset"].format("GBP").replace("2026-01-10,2026-03-10", ",")
    (fault,) = refused(tmp_path, asset=asset)
    assert (fault.row, fault.column) == (2, "acquired_on")
    assert "acquired_on or valued_on" in fault.rule


@pytest.mark.parametrize(
    ("stated", "base", "own", "code"),
    [
        ("$", "CAD", "", "CAD"),
        ("$", "USD", "", "USD"),
        ("$", "EUR", "", "$"),
        ("$", "EUR", "AUD", "AUD"),
        ("$", "CAD", "EUR", "CAD"),
        ("$", "", "", "USD"),
        ("€", "USD", "", "EUR"),
        ("£", "USD", "", "GBP"),
        ("£", "EGP", "", "EGP"),
        ("¥", "CNY", "", "CNY"),
        ("¥", "USD", "", "¥"),
        ("usd", "EUR", "", "USD"),
        (None, "CAD", "GBP", "GBP"),
        (None, "CAD", "", "CAD"),
    ],
)
def test_whose_dollar_it_is(stated: str | None, base: str, own: str, code: str) -> None:
    rates = Rates(base, (), {"e": own} if own else {})
    assert rates.currency(stated, "e") == code


@pytest.mark.parametrize("unit", ["FUND", "C$", "US$"])
def test_units_that_are_no_currency_are_refused(tmp_path: Path, unit: str) -> None:
    faults = refused(tmp_path, ledger=LEDGER.format(",currency", f",{unit}"))
    assert [(fault.row, fault.value) for fault in faults] == [(2, unit), (3, unit)]
    assert "`symbols`" in faults[0].advice
    assert "price" in faults[0].advice


def test_a_sign_of_several_currencies_is_refused(tmp_path: Path) -> None:
    euros = GROUP.replace("CAD", "EUR").replace("GBP", "EUR")
    faults = refused(tmp_path, entity=euros, ledger=LEDGER.format(",currency", ",$"))
    assert [(fault.row, fault.value) for fault in faults] == [(2, "$"), (3, "$")]
    assert "symbols" in faults[0].advice


def test_two_currencies_without_a_reporting_currency_are_refused(tmp_path: Path) -> None:
    tables = {"entity": "", "param": "", "ledger": LEDGER.format(",currency", ",GBP")}
    built = build(tmp_path / "one", **tables)
    assert reporting_currency(built.tables) == "GBP"
    faults = refused(tmp_path / "two", **tables, budget=TABLES["budget"].format("USD"))
    assert {fault.value for fault in faults} == {"GBP", "USD"}


def test_every_table_with_a_currency_has_a_rule() -> None:
    from executive_suite.dataset.foreign import RULES

    stating = {name for name, table in schema().items() if "currency" in table.columns}
    assert stating - RULES.keys() == {"ledger", "bank_line"}  # those have modules of their own
    for name, rule in RULES.items():
        assert {*rule.days, *rule.later} <= schema()[name].columns.keys()
        assert any(column.money for column in schema()[name].columns.values())
