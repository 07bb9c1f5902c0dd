"""Amounts of every table in the reporting currency: at the rate of the row's own day, or refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from csv_tables import ACCOUNTS, raw
from csv_tables import IN_TWO_CURRENCIES as GROUP
from executive_suite.dataset import snapshot
from executive_suite.dataset.foreign_rules import RULES
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
    "rev_schedule": "obligation_id,contract_or_booking_id,entity_id,description,allocated_cents,pattern,start_on,"
    "end_on,currency\nO1,C1,me,retainer,10000,point_in_time,2026-02-01,2026-02-28,{}\n",
    "opportunity": "opp_id,valid_from,entity_id,stage,amount_cents,created_at,currency\n"
    "P1,2026-03-01T12:00Z,me,lead,10000,2026-02-01T12:00Z,{}\n",
    "compliance_doc": "doc_id,entity_id,kind,limit_cents,effective,expires,currency\n"
    "D1,me,coi,10000,2026-03-01,2026-12-31,{}\n",
    "channel": "channel_id,valid_from,entity_id,type,status,requires_coi,exp_monthly_net_cents,currency\n"
    "H1,2026-02-02,me,ota,live,false,10000,{}\n",
    "availability": "asset_id,date,status,asking_cents,currency\nA1,2026-02-01,available,10000,{}\n",
    "campaign_spend": "campaign_id,date,spend_cents,labour_cents,currency\nM1,2026-01-31,10000,2000,{}\n",
    "campaign_scenario": "campaign_id,scenario,delivery_rate_bp,booking_rate_ppm,avg_booking_cents,gross_margin_bp,"
    "currency\nM1,low,10000,1000,10000,5000,{}\n",
    "touchpoint": "visitor_id,at,channel_id,is_conversion,value_cents,currency\n"
    "V1,2026-02-15T12:00Z,H1,true,10000,{}\n",
    "work_log": "work_id,contract_id,date,minutes,rate_cents,billable,currency\nW1,C1,2026-03-02,60,10000,true,{}\n",
    "lease": "lease_id,asset_id,unit,kind,start_on,rent_cents,security_deposit_cents,status,currency\n"
    "L1,A1,1,long_term,2026-02-01,10000,20000,active,{}\n",
    "maintenance": "work_order_id,asset_id,category,opened_on,cost_cents,is_capex,currency\n"
    "X1,A1,hull,2026-01-20,10000,false,{}\n",
    "delivery": "delivery_id,client_id,origin,destination,nautical_miles,quoted_cents,invoiced_cents,collected_cents,"
    "planned_start,planned_end,status,currency\nJ1,ann,A,B,10,10000,20000,0,2026-02-01,2026-02-05,completed,{}\n",
    "delivery_crew": "delivery_id,person_id,role,days,day_rate_cents,qualified,currency\nJ1,bob,mate,2,10000,true,{}\n",
    "deployment_option": "option_id,title,category,cost_cents,exp_monthly_gain_cents,confidence_bp,currency\n"
    "N1,Ads,growth,10000,2000,5000,{}\n",
}
# 1.70 in January, 1.75 in February, 1.80 from March; B1 was booked at 22:00 on January 31 in Toronto
CONVERTED = {
    "invoice": {"total_cents": 382_500, "tax_cents": 170},
    "booking": {"gross_cents": 17_000, "tax_cents": 1_700, "deposit_cents": 340},
    "client_contract": {"mrr_cents": 17_000, "tcv_cents": 204_000},
    "budget": {"amount_cents": 17_500},
    "asset": {"cost_cents": 17_000, "book_value_cents": 15_300, "market_value_cents": 36_000, "lien_cents": 1_800},
    "rev_schedule": {"allocated_cents": 17_500},
    "opportunity": {"amount_cents": 17_500},
    "compliance_doc": {"limit_cents": 18_000},
    "channel": {"exp_monthly_net_cents": 17_500},
    "availability": {"asking_cents": 17_500},
    "campaign_spend": {"spend_cents": 17_000, "labour_cents": 3_400},
    "touchpoint": {"value_cents": 17_500},
    "work_log": {"rate_cents": 18_000},
    "lease": {"rent_cents": 17_500, "security_deposit_cents": 35_000},
    "maintenance": {"cost_cents": 17_000},
    "delivery": {"quoted_cents": 17_500, "invoiced_cents": 35_000, "collected_cents": 0},
    # without a day of their own, nor a campaign or job on record: the last day that the report covers
    "campaign_scenario": {"avg_booking_cents": 18_000},
    "delivery_crew": {"day_rate_cents": 18_000},
    "deployment_option": {"cost_cents": 18_000, "exp_monthly_gain_cents": 3_600},
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
    if ",me," not in text and "\nme," not in text:
        return  # it names no entity
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


OWNERS = {
    "channel": "channel_id,valid_from,entity_id,type,status,requires_coi\nH1,2026-01-01,uk,ota,live,false\n",
    "campaign": "campaign_id,entity_id,channel_id,started_at\nM1,uk,H1,2026-02-10T12:00Z\n",
    "asset": "asset_id,entity_id,class,name,status\nA1,uk,vessel,Boat,active\n",
    "booking": TABLES["booking"].format("").replace(",me,", ",uk,"),
    "rev_schedule": TABLES["rev_schedule"].format("").replace(",me,", ",uk,"),
    "delivery": TABLES["delivery"].format("").replace("client_id,", "booking_id,client_id,").replace("J1,", "J1,B1,"),
}


@pytest.mark.parametrize(
    ("table", "column", "cents"),
    [
        ("campaign_spend", "spend_cents", 17_000),
        ("campaign_scenario", "avg_booking_cents", 17_500),  # the campaign began in February
        ("touchpoint", "value_cents", 17_500),
        ("availability", "asking_cents", 17_500),
        ("lease", "rent_cents", 17_500),
        ("maintenance", "cost_cents", 17_000),
        ("delivery", "quoted_cents", 17_500),
        ("delivery_crew", "day_rate_cents", 17_500),  # the job began in February
        ("client_contract", "mrr_cents", 17_000),  # earned by uk, as the schedule says
        ("work_log", "rate_cents", 18_000),
    ],
)
def test_amounts_that_belong_to_a_british_entity_are_pounds(
    tmp_path: Path, table: str, column: str, cents: int
) -> None:
    contract = {"client_contract": TABLES["client_contract"].format("")}
    given = OWNERS | contract | {table: OWNERS.get(table, TABLES[table].format(""))}
    assert build(tmp_path, **given).tables[table][column].tolist() == [cents]


def test_what_is_earned_on_a_booking_or_contract_is_in_its_currency(tmp_path: Path) -> None:
    for owner in ("booking", "client_contract"):
        named = TABLES["rev_schedule"].format("").replace("C1", "B1" if owner == "booking" else "C1")
        built = build(tmp_path / owner, **{owner: TABLES[owner].format("USD"), "rev_schedule": named})
        assert built.tables["rev_schedule"]["allocated_cents"].tolist() == [14_000]


# Cloud bills are in US dollars, and so is what is saved on them: 1 GBP = 1.70 CAD in January, 1 USD = 1.40 CAD.
@pytest.mark.parametrize(("stated", "cents"), [("", 14_000), ("USD", 14_000), ("GBP", 17_000), ("CAD", 10_000)])
def test_savings_are_in_the_currency_of_the_bill(tmp_path: Path, stated: str, cents: int) -> None:
    register = "rec_id,title,est_monthly_saving_cents,status,opened_on,currency\nR1,Resize,14000,open,2026-01-10,{}\n"
    built = build(tmp_path, cost_recommendation=register.format(stated))
    assert built.tables["cost_recommendation"]["est_monthly_saving_cents"].tolist() == [cents]


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


def test_every_table_with_amounts_has_a_currency_and_a_rule() -> None:
    money = {name for name, table in schema().items() if any(column.money for column in table.columns.values())}
    assert {name for name, table in schema().items() if "currency" in table.columns} == money
    assert money - RULES.keys() == {"ledger", "bank_line"}  # those have modules of their own
    places = list(RULES)
    for name, rule in RULES.items():
        assert {*rule.days, *rule.later} <= schema()[name].columns.keys()
        for owner in rule.owners:
            assert owner.column in schema()[name].columns
            assert {owner.key or owner.column, owner.day or "recorded_at"} <= schema()[owner.table].columns.keys()
            assert owner.table not in RULES or places.index(owner.table) < places.index(name)
        for table, column in rule.named_by:
            assert {column, "entity_id"} <= schema()[table].columns.keys()
