"""Restatement of registers, rates and bills: what they said then, what they say now, and which figures that moved.

Expected amounts are sums by hand over the rows of each test.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as any_given
from hypothesis import settings
from hypothesis import strategies as st

from csv_tables import ACCOUNTS, ENTITIES, raw
from executive_suite.cli import restate as cli_restate
from executive_suite.dataset import snapshot
from executive_suite.facts.fact import Value
from executive_suite.restatement import late, restate
from executive_suite.restatement.concern import concerning
from executive_suite.restatement.late import LateRow
from executive_suite.restatement.restate import Change, Restatement
from executive_suite.restatement.view import View

PACIFIC = ZoneInfo("America/Los_Angeles")
JANUARY = date(2026, 1, 1)
MAY = date(2026, 5, 1)
CUT_OFF = datetime(2026, 5, 1, 7, tzinfo=UTC)  # midnight in California, seven hours behind UTC in May

HEAD = "txn_id,line,date,entity_id,account,amount_cents,currency,activity,recorded_at\n"


def compared(path: Path, report_date: date = MAY, known_at: datetime | None = None, **tables: str) -> Restatement:
    return restate.compare(snapshot.read(raw(path, **tables)), report_date, PACIFIC, known_at=known_at)


def moved(found: Restatement, metric_id: str, period: str, entity_id: str = "group") -> Change:
    for one in found.changes:
        fact = one.now or one.then
        assert fact is not None
        if (fact.metric_id, fact.period, fact.entity_id, dict(fact.dimensions)) == (metric_id, period, entity_id, {}):
            return one
    raise AssertionError(metric_id)


def values(change: Change) -> tuple[Value | None, Value | None]:
    return change.then.value if change.then else None, change.now.value if change.now else None


def posting(amount: int, day: str, debit: str, *, txn: str = "T1", currency: str = "USD", recorded: str = "") -> str:
    at = recorded or f"{day}T20:00:00Z"
    return "".join(
        f"{txn},{line},{day},acme,{account},{cents},{currency},operating,{at}\n"
        for line, account, cents in ((1, debit, amount), (2, "1010", -amount))
    )


def accounts(*versions: str) -> str:
    """The chart of accounts, known since 2025, and versions of further accounts."""
    own = [line.strip() for line in ACCOUNTS.strip().splitlines()]
    return "\n".join([f"{own[0]},recorded_at", *(f"{line},2025-01-01T00:00:00Z" for line in own[1:]), *versions]) + "\n"


PREPAID = (
    "1700,Prepaid,asset,debit,false,2025-01-01T00:00:00Z",
    "1700,Prepaid,expense,debit,false,2026-03-15T20:00:00Z",
)


def test_an_account_that_became_an_expense(tmp_path: Path) -> None:
    """120,000 cents spent on December 10 were an asset then, and are an expense since March 15."""
    ledger = HEAD + posting(120_000, "2025-12-10", "1700")
    found = compared(tmp_path, JANUARY, entity=ENTITIES, account=accounts(*PREPAID), ledger=ledger)
    assert found.late_rows == (
        LateRow(
            table="account",
            key={"account": "1700"},
            recorded_at="2026-03-15T20:00:00+00:00",
            source="account.csv, row 6",
            unit="account 1700",
            was={"type": "asset"},
            now={"type": "expense"},
            change="changed",
        ),
    )
    expenses, income = (moved(found, metric, "2025-12") for metric in ("expenses", "net_income"))
    assert (values(expenses), expenses.difference) == ((0, 120_000), 120_000)
    assert (values(income), income.difference) == ((0, -120_000), -120_000)
    for change in found.changes:
        assert (change.causes, change.explained_by) == (("account 1700",), ("account 1700",))
    text = "\n".join(cli_restate.as_text(found))
    assert "account account 1700, recorded 2026-03-15T20:00:00+00:00 (account.csv, row 6): type asset → expense" in text
    assert "because of account 1700 alone" in text


def test_as_known_before_the_change_nothing_changed(tmp_path: Path) -> None:
    ledger = HEAD + posting(120_000, "2025-12-10", "1700")
    before = datetime(2026, 3, 15, tzinfo=UTC)
    found = compared(tmp_path, JANUARY, before, entity=ENTITIES, account=accounts(*PREPAID), ledger=ledger)
    assert (found.changes, found.late_rows) == ((), ())


def test_each_cell_names_the_version_that_gave_it_its_value(tmp_path: Path) -> None:
    """Type in March, name in April; the side was wrong for a day and is as it was."""
    versions = (
        PREPAID[0],
        "1700,Prepaid,expense,credit,false,2026-03-15T20:00:00Z",
        "1700,Insurance,expense,debit,false,2026-04-02T20:00:00Z",
    )
    ledger = HEAD + posting(120_000, "2025-12-10", "1700")
    found = compared(tmp_path, JANUARY, entity=ENTITIES, account=accounts(*versions), ledger=ledger)
    told = [(row.recorded_at[:10], row.source, row.was, row.now) for row in found.late_rows]
    assert told == [
        ("2026-03-15", "account.csv, row 6", {"type": "asset"}, {"type": "expense"}),
        ("2026-04-02", "account.csv, row 7", {"name": "Prepaid"}, {"name": "Insurance"}),
    ]


def test_what_only_moves_a_figure_together_is_named_by_table(tmp_path: Path) -> None:
    """100 came in on an account that was not known to be cash: the receipt and the account's flag both came late."""
    sale = "".join(f"T2,{line},2026-04-10,acme,{account},{cents},USD,operating,2026-06-01T00:00:00Z\n"
                   for line, account, cents in ((1, "1020", 100), (2, "4010", -100)))  # fmt: skip
    till = [
        f"1020,Till,asset,debit,{cash},{at}T00:00:00Z" for cash, at in (("false", "2025-01-01"), ("true", "2026-06-01"))
    ]
    ledger = HEAD + posting(40, "2026-03-02", "6010") + sale
    found = compared(tmp_path, entity=ENTITIES, account=accounts(*till), ledger=ledger)
    cash = moved(found, "cash_balance", "2026-05-01")
    assert (values(cash), cash.alone) == ((-40, 60), False)
    assert cash.causes == ("account (1 late row)", "ledger (2 late rows)")
    text = "\n".join(cli_restate.as_text(found))
    assert "no single change moves it; it rests on account (1 late row), ledger (2 late rows)" in text


def test_a_late_row_brings_the_new_account_that_it_needs(tmp_path: Path) -> None:
    """A bill on an expense account that was added with it; an account that no row uses is not named."""
    late_bill = posting(900, "2026-04-10", "6020", txn="T2", recorded="2026-06-01T00:00:00Z")
    ledger = HEAD + posting(500, "2026-03-02", "6010") + late_bill
    new = "6020,Water,expense,debit,false,2026-06-01T00:00:00Z"
    unused = "6030,Gas,expense,debit,false,2026-06-01T00:00:00Z"
    found = compared(tmp_path, entity=ENTITIES, account=accounts(new, unused), ledger=ledger)
    assert {row.unit for row in found.late_rows} == {"account 6020", "ledger T2"}
    expenses = moved(found, "expenses", "2026-04")
    assert (expenses.difference, expenses.causes, expenses.explained_by) == (900, ("ledger T2",), ("ledger T2",))


def test_changes_that_cancel_or_add_up_each_move_the_figure(tmp_path: Path) -> None:
    """700 more on an expense account, and an asset account of 300 that is an expense: 1,000 in all, neither alone."""
    corrected = posting(1_200, "2026-04-10", "6010", recorded="2026-06-01T00:00:00Z")
    ledger = HEAD + posting(500, "2026-04-10", "6010") + posting(300, "2026-04-11", "1700", txn="T2") + corrected
    found = compared(tmp_path, entity=ENTITIES, account=accounts(*(v.replace("03-15", "05-15") for v in PREPAID)),
                     ledger=ledger)  # fmt: skip
    expenses = moved(found, "expenses", "2026-04")
    assert (values(expenses), expenses.difference) == ((500, 1_500), 1_000)
    assert (expenses.causes, expenses.explained_by, expenses.alone) == (("account 1700", "ledger T1"), (), True)


def test_a_rate_that_was_corrected(tmp_path: Path) -> None:
    """10,000 euro cents at 1.10 were 11,000; at 1.20 they are 12,000."""
    head = "param,scope,valid_from,value,unit,source,recorded_at\n"
    param = head + "fx_EUR,group,2026-01-01,1.10,rate,bank,2026-01-01T00:00:00Z\n"
    param += "fx_EUR,group,2026-01-01,1.20,rate,bank,2026-05-20T00:00:00Z\n"
    ledger = HEAD + posting(10_000, "2026-04-10", "6010", currency="EUR") + posting(70, "2026-04-11", "6010", txn="T2")
    late_line = posting(5, "2026-04-12", "6010", txn="T3", recorded="2026-06-01T00:00:00Z")
    found = compared(tmp_path, entity=ENTITIES, account=accounts(), ledger=ledger + late_line, param=param)
    expenses = moved(found, "expenses", "2026-04")
    assert values(expenses) == (11_070, 12_075)
    assert expenses.causes == ("ledger T3", "param fx_EUR/group/2026-01-01")
    (rate,) = (row for row in found.late_rows if row.table == "param")
    assert (rate.was, rate.now) == ({"value": "1.10"}, {"value": "1.20"})


@pytest.mark.parametrize(
    ("booked", "then", "now"),
    [
        # 22:30 of April 30 in California is 1:30 of May 1 in New York, and the other way round
        ("2026-05-01T05:30:00Z", "America/Los_Angeles", "America/New_York"),
        ("2026-05-01T05:30:00Z", "America/New_York", "America/Los_Angeles"),
    ],
)
def test_an_entity_that_changed_its_zone(tmp_path: Path, booked: str, then: str, now: str) -> None:
    head = "entity_id,kind,name,base_currency,timezone,recorded_at\n"
    entity = head + "group,group,Group,USD,America/Los_Angeles,2025-01-01T00:00:00Z\n"
    entity += "".join(
        f"acme,business,Acme,USD,{zone},{at}T00:00:00Z\n" for zone, at in ((then, "2025-01-01"), (now, "2026-06-01"))
    )
    booking = (
        "booking_id,entity_id,customer_id,channel_id,booked_at,service_start,service_end,units,unit_type,gross_cents,"
        f"discount_cents,status,recorded_at\nB1,acme,c1,web,{booked},2026-06-01T00:00:00Z,2026-06-02T00:00:00Z,1,night,"
        "100,0,confirmed,2026-04-30T00:00:00Z\n"
    )
    channel = (
        "channel_id,valid_from,entity_id,type,status,requires_coi,recorded_at\n"
        "web,2025-01-01,acme,direct,live,false,2025-01-01T00:00:00Z\n"
    )
    found = compared(tmp_path, entity=entity, booking=booking, channel=channel)
    (row,) = found.late_rows
    assert (row.unit, row.was, row.now) == ("entity acme", {"timezone": then}, {"timezone": now})
    changed = {fact.metric_id: one for one in found.changes if (fact := one.now or one.then)}
    assert "channel_bookings" in changed
    assert {one.explained_by for one in found.changes} == {("entity acme",)}


ASSET = "asset_id,entity_id,asset_class,name,acquired_on,cost_cents,useful_life_months,salvage_cents,method,\
book_value_cents,status,recorded_at\n"


def test_of_an_asset_the_cost_is_restated_and_the_value_went_on(tmp_path: Path) -> None:
    """The vessel cost 140,000, not 120,000. That it is worth less a month later says nothing about April."""
    asset = ASSET + "A1,acme,vessel,Boat,2026-01-01,120000,12,0,straight_line,80000,in service,2026-04-30T00:00:00Z\n"
    asset += "A1,acme,vessel,Boat,2026-01-01,140000,12,0,straight_line,70000,sold,2026-05-31T00:00:00Z\n"
    asset += "A1,acme,vessel,Boat,2026-01-01,140000,12,0,straight_line,60000,sold,2026-06-30T00:00:00Z\n"
    found = compared(tmp_path, entity=ENTITIES, asset=asset)
    (row,) = found.late_rows
    assert (row.was, row.now, row.recorded_at[:10]) == (
        {"cost_cents": "120000"},
        {"cost_cents": "140000"},
        "2026-05-31",
    )
    changed = {fact.metric_id for one in found.changes if (fact := one.now or one.then)}
    assert {"fixed_asset_closing", "asset_book_value"} <= changed  # one book value, from cost and life
    assert "asset_market_value" not in changed
    assert [(one.recorded_at[:10], one.was, one.now) for one in found.went_on] == [
        ("2026-05-31", {"status": "in service"}, {"status": "sold"}),
        ("2026-06-30", {"book_value_cents": "80000"}, {"book_value_cents": "60000"}),
    ]
    assert "Recorded since about later days, which restates nothing" in "\n".join(cli_restate.as_text(found))


@pytest.mark.parametrize(
    ("table", "head", "then", "now", "told"),
    [
        # deployed since a day of the period, recorded later; since a later day; and nobody said since when
        ("system", "system_id,category,status,since", "S1,accounting,none,", "S1,accounting,deployed,2026-04-20", True),
        (
            "system",
            "system_id,category,status,since",
            "S1,accounting,none,",
            "S1,accounting,deployed,2026-05-20",
            False,
        ),
        ("system", "system_id,category,status,since", "S1,accounting,none,", "S1,accounting,deployed,", False),
        # a system of another kind than recorded; a new one of the period; a new one of later
        ("system", "system_id,category,status,since", "S1,crm,none,", "S1,accounting,none,", True),
        ("system", "system_id,category,status,since", "", "S2,crm,deployed,2026-04-20", True),
        ("system", "system_id,category,status,since", "", "S2,crm,deployed,2026-05-20", False),
        # a departure in the period that was recorded late; one to come
        ("key_role", "role_id,entity_id,person_id,departure_on", "R1,acme,p1,", "R1,acme,p1,2026-04-20", True),
        ("key_role", "role_id,entity_id,person_id,departure_on", "R1,acme,p1,", "R1,acme,p1,2026-05-20", False),
        # somebody who had unsubscribed by then; somebody who did so later
        (
            "contact",
            "contact_hash,entity_id,consent_status,consent_at",
            "h1,acme,subscribed,2026-01-01T00:00:00Z",
            "h1,acme,unsubscribed,2026-04-20T00:00:00Z",
            True,
        ),
        (
            "contact",
            "contact_hash,entity_id,consent_status,consent_at",
            "h1,acme,subscribed,2026-01-01T00:00:00Z",
            "h1,acme,unsubscribed,2026-05-20T00:00:00Z",
            False,
        ),
        # a lease of the period at another rent; one whose start moved out of the period
        (
            "lease",
            "lease_id,asset_id,unit,kind,start_on,rent_cents,status",
            "L1,a,u,long_term,2026-01-01,100,active",
            "L1,a,u,long_term,2026-01-01,120,active",
            True,
        ),
        (
            "lease",
            "lease_id,asset_id,unit,kind,start_on,rent_cents,status",
            "L1,a,u,long_term,2026-01-01,100,active",
            "L1,a,u,long_term,2026-07-01,100,active",
            True,
        ),
        # the same row again
        ("account", "account,name,type,normal_side,is_cash", "9,x,asset,debit,true", "9,x,asset,debit,true", False),
    ],
)
def test_what_of_a_register_concerns_the_period(
    tmp_path: Path, table: str, head: str, then: str, now: str, *, told: bool
) -> None:
    early = f"{then},2026-01-02T00:00:00Z\n" if then else ""
    written = {"entity": ENTITIES, table: f"{head},recorded_at\n{early}{now},2026-06-01T00:00:00Z\n"}
    found = compared(tmp_path, **written)
    assert bool(found.late_rows) is told
    if not told:
        assert found.changes == ()


def test_crew_of_a_delivery_of_the_period(tmp_path: Path) -> None:
    """Days worked on a delivery that had begun are restated; those planned for a later one are not."""
    delivery = "delivery_id,client_id,origin,destination,nautical_miles,quoted_cents,invoiced_cents,collected_cents,\
planned_start,planned_end,status,recorded_at\n"
    delivery += "".join(
        f"{name},c,a,b,10,100,0,0,{start},{start},planned,2026-01-01T00:00:00Z\n"
        for name, start in (("D1", "2026-04-02"), ("D2", "2026-06-02"))
    )
    crew = "delivery_id,person_id,role,days,day_rate_cents,qualified,recorded_at\n"
    crew += "".join(
        f"{name},p1,captain,{days},100,true,{at}T00:00:00Z\n"
        for name in ("D1", "D2")
        for days, at in (("3", "2026-01-01"), ("4", "2026-06-20"))
    )
    found = compared(tmp_path, entity=ENTITIES, delivery=delivery, delivery_crew=crew)
    assert [(row.unit, row.now) for row in found.late_rows] == [("delivery_crew D1/p1", {"days": "4"})]


def test_a_bill_that_was_loaded_again_row_by_row(tmp_path: Path) -> None:
    """One charge costs more, one is gone, one is new, and one is as it was."""
    head = "BilledCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,\
ChargeCategory,ProviderName,ServiceName,ResourceId,recorded_at\n"

    def charge(cost: str, service: str, recorded: str) -> str:
        month = "2026-03-01T00:00:00Z,2026-04-01T00:00:00Z"
        return f"{cost},USD,{month},{month},Usage,AWS,{service},r1,{recorded}T00:00:00Z\n"

    loads = {"2026-04-02": ("1.5 disk", "2.5 cpu", "4 mail"), "2026-05-06": ("1.5 disk", "3.5 cpu", "0.25 dns")}
    bill = head + "".join(charge(*row.split(), at) for at, rows in loads.items() for row in rows)
    found = compared(tmp_path, entity=ENTITIES, focus_cost=bill)
    told = {(row.change, row.source, row.was.get("BilledCost"), row.now.get("BilledCost")) for row in found.late_rows}
    assert told == {
        ("changed", "focus_cost.csv, row 6", "2.5", "3.5"),
        ("gone", "focus_cost.csv, row 4", None, None),
        ("new", "focus_cost.csv, row 7", None, None),
    }
    assert {row.recorded_at[:10] for row in found.late_rows} == {"2026-05-06"}
    # 1.5 + 2.5 + 4 = 8 then; 1.5 + 3.5 + 0.25 = 5.25 now
    assert moved(found, "cloud_billed_cost", "2026-03").difference == Decimal("-2.75")


def test_the_same_bill_again_changes_nothing(tmp_path: Path) -> None:
    head = "BilledCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ProviderName,recorded_at\n"
    row = "1.5,USD,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,AWS"
    bill = head + "".join(f"{row},{at}T00:00:00Z\n" for at in ("2026-04-02", "2026-04-02", "2026-05-06", "2026-05-06"))
    found = compared(tmp_path, entity=ENTITIES, focus_cost=bill)
    assert (found.late_rows, found.changes) == ((), ())


def test_tables_that_do_not_say_when_are_named(tmp_path: Path) -> None:
    found = compared(tmp_path, entity=ENTITIES, account=ACCOUNTS, ledger=HEAD + posting(5, "2026-04-01", "6010"))
    assert found.undated == ("account", "entity")
    assert "Changes in account, entity cannot be seen" in "\n".join(cli_restate.as_text(found))
    assert found.as_json()["undated"] == ("account", "entity")


def test_a_file_that_was_edited_in_place_has_another_hash(tmp_path: Path) -> None:
    """Nothing says when the type changed; but the dataset is not the one that the report of then names at its foot."""
    ledger = HEAD + posting(5, "2026-04-01", "6010")
    reported = snapshot.build(raw(tmp_path / "then", entity=ENTITIES, account=ACCOUNTS, ledger=ledger), MAY, PACIFIC)
    same = compared(tmp_path / "same", entity=ENTITIES, account=ACCOUNTS, ledger=ledger)
    edited = ACCOUNTS.replace("Rent,expense", "Rent,asset")
    found = compared(tmp_path / "now", entity=ENTITIES, account=edited, ledger=ledger)
    assert same.hash_then == reported.hash
    assert found.hash_then != reported.hash
    assert found.hash_then in "\n".join(cli_restate.as_text(found))


TYPES = st.sampled_from(["asset", "expense", "revenue"])
INSTANTS = ("2026-04-01T00:00:00Z", "2026-05-01T06:59:59Z", "2026-05-01T07:00:00Z", "2026-06-20T00:00:00Z")
HISTORY = st.lists(
    st.tuples(st.sampled_from(INSTANTS), TYPES), min_size=1, max_size=3, unique_by=lambda version: version[0]
)


@settings(max_examples=6, deadline=None)
@any_given(st.lists(HISTORY, min_size=1, max_size=3), st.lists(st.sampled_from(["6010", "A0"]), max_size=2))
def test_changes_applied_one_by_one_end_at_the_new_figures(
    tmp_path_factory: pytest.TempPathFactory, histories: list[list[tuple[str, str]]], bills: list[str]
) -> None:
    """Against a count by hand of what each account's type makes of 100 cents, then and now."""
    versions, types = [], []
    for number, history in enumerate(histories):
        known = [("2025-01-01T00:00:00Z", "asset"), *sorted(history)]
        types.append(([kind for at, kind in known if at < "2026-05-01T07:00:00Z"][-1], known[-1][1]))
        versions += [f"A{number},x,{kind},debit,false,{at}" for at, kind in known]
    ledger = HEAD + "".join(posting(100, "2026-04-10", f"A{n}", txn=f"T{n}") for n in range(len(histories)))
    ledger += "".join(
        posting(7, "2026-04-12", account, txn=f"L{n}", recorded="2026-06-01T00:00:00Z")
        for n, account in enumerate(bills)
    )
    tables = {"entity": ENTITIES, "account": accounts(*versions), "ledger": ledger}
    given = snapshot.read(raw(tmp_path_factory.mktemp("books"), **tables))
    found = restate.compare(given, MAY, PACIFIC)

    changed = {f"account A{n}" for n, (then, now) in enumerate(types) if then != now}
    assert {row.unit for row in found.late_rows} == changed | {f"ledger L{n}" for n in range(len(bills))}
    then = 100 * sum(kind == "expense" for kind, _ in types)
    now = 100 * sum(kind == "expense" for _, kind in types)
    now += 7 * sum(account == "6010" or types[0][1] == "expense" for account in bills)
    if then != now:
        assert moved(found, "expenses", "2026-04").difference == now - then
    if not found.late_rows:
        assert found.changes == ()

    view = View(MAY, PACIFIC, CUT_OFF, restate.EVERYTHING)
    concerned = concerning(given, view)
    applied: set[str] = set()
    steps = []
    for unit in ["", *sorted({row.unit for row in found.late_rows})]:
        applied.add(unit)
        part = late.with_only(concerned, view, lambda _, other: other in applied)
        steps.append(cells(snapshot.build(part, MAY, PACIFIC, known_at=view.end)))
    assert steps[0] == cells(snapshot.build(given, MAY, PACIFIC))
    assert steps[-1] == cells(snapshot.build(concerned, MAY, PACIFIC, known_at=view.end))


def cells(dataset: snapshot.Snapshot) -> dict[str, list[dict[str, Any]]]:
    """What a dataset says, without when and where it was recorded."""
    aside = {"recorded_at", "source_file", "source_row"}
    return {
        name: frame.drop(columns=list(aside & set(frame.columns))).to_dict("records")
        for name, frame in dataset.tables.items()
    }
