from datetime import date, timedelta

import pytest
from finance_rows import CHART, Transaction, fact_of, facts_of, ledger, params, value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.straight_line import straight_line
from typed_tables import Rows, context, typed

OBLIGATION = {
    "obligation_id": "O1",
    "contract_or_booking_id": "B1",
    "entity_id": "boats",
    "description": "charter, four hours",
    "allocated_cents": 200_000,
    "pattern": "point_in_time",
    "start_on": "2026-05-10",
    "end_on": "2026-05-10",
    "satisfied_on": "2026-05-10",
    "is_principal": True,
}
INVOICE = {
    "invoice_id": "I1",
    "direction": "ar",
    "entity_id": "boats",
    "counterparty_id": "c",
    "issued_on": "2026-05-01",
    "due_on": "2026-05-15",
    "total_cents": 200_000,
    "status": "paid",
    "booking_id": "B1",
    "contract_id": None,
}
PAYMENT = {"payment_id": "P1", "invoice_id": "I1", "paid_on": "2026-05-10", "amount_cents": 200_000, "method": "card"}


def dataset(
    obligations: Rows = (OBLIGATION,),
    payments: Rows = (PAYMENT,),
    report_date: str = "2026-07-01",
    rows: list[Transaction] | None = None,
    contracts: dict[int, str] | None = None,
) -> Context:
    return context(
        report_date,
        rev_schedule=typed("rev_schedule", obligations, list(OBLIGATION)),
        invoice=typed("invoice", [INVOICE]),
        payment=typed("payment", payments, list(payments[-1] if payments else PAYMENT)),
        ledger=ledger(rows or [], contracts),
        account=CHART,
        param=params({"burn_window_months": 2}),
    )


def recognised(data: Context) -> dict[str, object]:
    return {
        fact.period: fact.value
        for fact in facts_of(data, "accounting", "revenue_recognised")
        if fact.entity_id == "group" and len(fact.period) == 7 and not fact.dimensions
    }


def test_a_refund_hits_its_own_month() -> None:
    # Worked answer refund_same_contract: 2,000 earned in May, 600 refunded in June: May 2,000, June -600.
    refund = PAYMENT | {"payment_id": "P2", "paid_on": "2026-06-09", "amount_cents": -60_000}
    assert recognised(dataset(payments=[PAYMENT, refund])) == {"2026-05": 200_000, "2026-06": -60_000}


def test_a_payment_that_bounced_takes_nothing_from_revenue() -> None:
    # ASC 606-10-25: the service was rendered; that the customer's cheque was returned is a matter of collection.
    bounced = PAYMENT | {"payment_id": "P2", "paid_on": "2026-06-09", "amount_cents": -200_000, "is_refund": False}
    data = dataset(payments=[PAYMENT | {"is_refund": False}, bounced])
    assert recognised(data) == {"2026-05": 200_000}


def test_a_refund_of_what_is_not_earned_yet_is_no_revenue() -> None:
    # ASC 606-10-45-2: the deposit was a contract liability; paying it back takes nothing from revenue.
    ahead = OBLIGATION | {"satisfied_on": None}
    deposit = PAYMENT | {"paid_on": "2026-05-02", "amount_cents": 50_000}
    refund = PAYMENT | {"payment_id": "P2", "paid_on": "2026-06-09", "amount_cents": -50_000}
    assert recognised(dataset([ahead], [deposit, refund])) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"2026-05": 200_000}),
        ({"satisfied_on": None}, {}),  # a deposit is no revenue before the service
        ({"satisfied_on": "2026-07-01"}, {}),  # not before the report date
        ({"pattern": "over_time_input", "satisfied_on": None}, {}),
        ({"pattern": "over_time_straight", "start_on": "2026-05-01", "end_on": "2026-07-31", "satisfied_on": None},
         {"2026-05": 67_391, "2026-06": 65_218}),  # 31 and 61 of 92 days in running totals
        ({"pattern": "over_time_straight", "start_on": "2026-05-01", "end_on": "2026-08-31",
          "satisfied_on": "2026-06-20"}, {"2026-05": 50_407, "2026-06": 149_593}),  # 31 of 123 days, then the rest
    ],
)  # fmt: skip
def test_patterns(change: dict[str, object], expected: dict[str, int]) -> None:
    assert recognised(dataset([OBLIGATION | change])) == expected


# ASC 606-10-55-17, time elapsed, by days over the days of the term: 17 of 365 days of a year's 1,200.00 are 55.89
# (billwerk+, revenue recognition, actual/365); a stay of four nights for 400.00 across a month's end is 200.00 in each.
@pytest.mark.parametrize(
    ("cents", "start", "end", "expected"),
    [
        (120_000, "2026-01-15", "2027-01-14", {"2026-01": 5_589, "2026-02": 9_206}),  # 147.95 by the end of February
        (40_000, "2026-01-30", "2026-02-02", {"2026-01": 20_000, "2026-02": 20_000}),
        (10_000, "2026-02-27", "2026-03-01", {"2026-02": 6_667, "2026-03": 3_333}),
    ],
)
def test_a_term_is_earned_by_its_days(cents: int, start: str, end: str, expected: dict[str, int]) -> None:
    term = {"pattern": "over_time_straight", "satisfied_on": None, "allocated_cents": cents}
    found = recognised(dataset([OBLIGATION | term | {"start_on": start, "end_on": end}], ()))
    assert {month: found[month] for month in expected} == expected


# A booking that nobody is served under earns nothing as time passes: it was canceled on the 16th of 31 days, nobody
# came, or another holds its asset. A fee that is kept counts when its obligation says so.
@pytest.mark.parametrize(
    ("change", "satisfied", "expected"),
    [
        ({}, None, {"2026-05": 31_000}),
        ({"status": "cancelled", "cancelled_at": "2026-05-16T19:00:00Z"}, None, {"2026-05": 15_000}),
        ({"status": "cancelled", "cancelled_at": "2026-04-16T19:00:00Z"}, None, {}),
        ({"status": "no_show"}, None, {}),
        ({"status": "no_show"}, "2026-05-02", {"2026-05": 31_000}),
        ({"booked_at": "2026-04-09T19:00:00Z"}, None, {}),
    ],
)
def test_time_earns_nothing_that_nobody_is_served(
    change: dict[str, object], satisfied: str | None, expected: dict[str, int]
) -> None:
    term = {"pattern": "over_time_straight", "start_on": "2026-05-01", "end_on": "2026-05-31"}
    booking = {"booking_id": "B1", "entity_id": "boats", "asset_id": "A1", "booked_at": "2026-04-01T19:00:00Z",
               "service_start": "2026-05-01T19:00:00Z", "service_end": "2026-06-01T19:00:00Z", "status": "confirmed",
               "gross_cents": 31_000, "discount_cents": 0, "cancelled_at": None}  # fmt: skip
    first = booking | {"booking_id": "B0", "booked_at": "2026-04-08T19:00:00Z", "service_end": "2026-05-02T19:00:00Z"}
    data = dataset([OBLIGATION | term | {"allocated_cents": 31_000, "satisfied_on": satisfied}], ())
    rows = [booking | change, *([first] if "booked_at" in change else [])]
    tables = {**data.tables, "booking": typed("booking", rows)}
    assert recognised(Context(tables, data.report_date, data.zone)) == expected


def test_streams_are_named_by_the_obligation() -> None:
    data = dataset()
    assert value_of(data, "accounting", "revenue_recognised", period="2026-05", stream="charter") == 200_000


# ASC 606-10-55-38: an agent's revenue is its fee. Of 2,000 earned as principal and 150 as agent, 150 stand by role; who
# sells nothing for others has no such part.
def test_what_is_earned_as_an_agent_is_shown_apart() -> None:
    fee = OBLIGATION | {"obligation_id": "O2", "contract_or_booking_id": "B2", "allocated_cents": 15_000}
    columns = list(OBLIGATION)
    rows = [OBLIGATION | {"is_principal": True}, fee | {"is_principal": False}]
    data = dataset()
    data = Context({**data.tables, "rev_schedule": typed("rev_schedule", rows, columns)}, data.report_date, data.zone)
    assert value_of(data, "accounting", "revenue_recognised", period="2026-05") == 215_000
    assert value_of(data, "accounting", "revenue_recognised", period="2026-05", role="agent") == 15_000
    assert not [f for f in facts_of(dataset(), "accounting", "revenue_recognised") if "role" in f.dimensions]


spans = st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 1200), st.integers(-50, 1300))


@given(cents=st.integers(0, 10**9), span=spans)
def test_straight_line_never_falls_and_ends_with_the_whole(cents: int, span: tuple[date, int, int]) -> None:
    start, length, seen = span
    end, until = start + timedelta(days=length), start + timedelta(days=seen)
    earned = straight_line(cents, start, end, until)
    assert 0 <= earned <= cents
    assert straight_line(cents, start, end, end) == cents
    assert straight_line(cents, start, end, until + timedelta(days=1)) >= earned


# Contracts without an end are often given one in the year 9999: 7,976 years with 1,934 leap days are 2,913,174 days, of
# which 2024 has 366.
def test_a_service_that_never_ends_earns_its_share() -> None:
    assert straight_line(100_000_000, date(2024, 1, 1), date(9999, 12, 31), date(2024, 12, 31)) == 12_564


def test_deposits_roll_forward_to_the_ledger() -> None:
    # By hand: 500 of deposit in April, 1,500 more and the service in May, 300 for another booking in May.
    rows: list[Transaction] = [
        ("2026-04-20", "boats", "operating", {"1010": 50_000, "2300": -50_000}),
        ("2026-05-10", "boats", "operating", {"1010": 150_000, "2300": -150_000}),
        ("2026-05-10", "boats", "noncash", {"2300": 200_000, "4100": -200_000}),
        ("2026-05-30", "boats", "operating", {"1010": 30_000, "2300": -30_000}),
        ("2026-06-02", "boats", "operating", {"2300": 10_000, "1010": -10_000}),
    ]
    data = dataset(rows=rows, contracts={0: "B1", 1: "B1", 2: "B1", 3: "B9", 4: "B9"})
    parts = {
        metric_id: [
            value_of(data, "accounting", f"deferred_revenue_{metric_id}", period=f"2026-0{n}") for n in (4, 5, 6)
        ]
        for metric_id in ("opening", "received", "released", "refunded", "closing")
    }
    assert parts == {
        "opening": [0, 50_000, 30_000],
        "received": [50_000, 180_000, 0],
        "released": [0, 200_000, 0],
        "refunded": [0, 0, 10_000],
        "closing": [50_000, 30_000, 20_000],
    }
    assert value_of(data, "accounting", "deferred_revenue_closing") == 20_000
    assert value_of(data, "accounting", "deferred_revenue_difference") == 0
    assert value_of(data, "accounting", "revenue_recognition_difference") == 0


def test_a_refund_of_earned_revenue_is_no_deferred_revenue() -> None:
    # Worked answer refund_same_contract, paid in advance: 2,000 received in April, earned in May; 600 of it paid back
    # in June out of revenue. Nothing is owed in service at any time after May.
    rows: list[Transaction] = [
        ("2026-04-20", "boats", "operating", {"1010": 200_000, "2300": -200_000}),
        ("2026-05-10", "boats", "noncash", {"2300": 200_000, "4100": -200_000}),
        ("2026-06-09", "boats", "operating", {"4100": 60_000, "1010": -60_000}),
    ]
    payments = [
        PAYMENT | {"paid_on": "2026-04-20"},
        PAYMENT | {"payment_id": "P2", "paid_on": "2026-06-09", "amount_cents": -60_000},
    ]
    data = dataset(payments=payments, rows=rows, contracts={0: "B1", 1: "B1", 2: "B1"})
    assert value_of(data, "accounting", "deferred_revenue_closing") == 0
    assert value_of(data, "accounting", "deferred_revenue_difference") == 0
    assert value_of(data, "accounting", "revenue_recognition_difference") == 0


def test_an_advance_after_service_on_credit_is_deferred_in_full() -> None:
    # One contract: 1,000 in advance, 2,000 of service in May (1,000 of it on credit), 700 in advance in June for July.
    # ASC 606-10-45-2: the 700 are a contract liability; the receivable of May is another asset and offsets nothing.
    rows: list[Transaction] = [
        ("2026-04-20", "boats", "operating", {"1010": 100_000, "2300": -100_000}),
        ("2026-05-10", "boats", "noncash", {"2300": 100_000, "1200": 100_000, "4100": -200_000}),
        ("2026-06-20", "boats", "operating", {"1010": 70_000, "2300": -70_000}),
    ]
    data = dataset(payments=(), rows=rows, contracts={0: "B1", 1: "B1", 2: "B1"})
    assert value_of(data, "accounting", "deferred_revenue_closing") == 70_000
    assert value_of(data, "accounting", "deferred_revenue_difference") == 0


def test_revenue_released_too_early_in_the_ledger_breaks_the_tie() -> None:
    rows: list[Transaction] = [
        ("2026-04-20", "boats", "operating", {"1010": 50_000, "2300": -50_000}),
        ("2026-04-21", "boats", "noncash", {"2300": 50_000, "4100": -50_000}),
    ]
    data = dataset([OBLIGATION | {"satisfied_on": None}], rows=rows, contracts={0: "B1", 1: "B1"})
    assert value_of(data, "accounting", "deferred_revenue_difference") == 50_000


def test_without_a_schedule_nothing_is_said() -> None:
    data = context("2026-07-01", ledger=ledger([]), account=CHART, param=params({"burn_window_months": 2}))
    assert fact_of(data, "accounting", "revenue_recognised").reason == "table rev_schedule is absent"
