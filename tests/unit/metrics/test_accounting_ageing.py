from decimal import Decimal

import pytest
from finance_rows import fact_of, facts_of, params, value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.accounting.ageing import bucket, days_outstanding
from typed_tables import Rows, context, typed

INVOICE = {"invoice_id": "I1", "direction": "ar", "entity_id": "a", "counterparty_id": "c", "issued_on": "2026-01-02",
           "due_on": "2026-03-31", "total_cents": 1000, "status": "open"}  # fmt: skip
PAYMENT = {"payment_id": "P1", "invoice_id": "I1", "paid_on": "2026-04-10", "amount_cents": 400}

REFUND = PAYMENT | {"payment_id": "P2", "is_refund": True}


def dataset(invoices: Rows = (INVOICE,), payments: Rows = (), window: int = 6) -> Context:
    return context(
        "2026-05-01",
        invoice=typed("invoice", invoices),
        payment=typed("payment", payments, list(payments[-1] if payments else PAYMENT)),
        param=params({"burn_window_months": window}),
    )


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        ("2026-05-01", "current"),
        ("2026-04-30", "1-30"),
        ("2026-04-01", "1-30"),
        ("2026-03-31", "31-60"),
        ("2026-03-02", "31-60"),
        ("2026-03-01", "61-90"),
        ("2026-01-31", "61-90"),
        ("2026-01-30", "90+"),
    ],
)
def test_columns_by_days_past_due(due_on: str, expected: str) -> None:
    # The columns of the catalogue: 0, 1-30, 31-60, 61-90, over 90 days past due; days counted by the calendar.
    data = dataset([INVOICE | {"due_on": due_on}])
    assert value_of(data, "accounting", "ar_ageing", bucket=expected) == 1000
    assert value_of(data, "accounting", "ar_ageing") == 1000


@pytest.mark.parametrize(
    ("invoice", "payments", "expected"),
    [
        ({}, [PAYMENT], 600),
        ({}, [PAYMENT | {"paid_on": "2026-05-01"}], 1000),  # as of the report date it was not paid
        ({}, [PAYMENT, PAYMENT | {"payment_id": "P2", "amount_cents": 700}], -100),  # overpaid
        ({}, [PAYMENT, PAYMENT | {"payment_id": "P2", "amount_cents": -400}], 1000),  # paid back
        # Paid in full, then 300 refunded: ASC 606-10-32-10, the price was lowered; nobody owes the 300 again.
        ({}, [PAYMENT | {"amount_cents": 1000}, REFUND | {"amount_cents": -300}], 0),
        ({}, [PAYMENT | {"amount_cents": 1100}, REFUND | {"amount_cents": -100}], 0),  # the overpayment given back
        ({}, [PAYMENT | {"amount_cents": 1100}, REFUND | {"amount_cents": -30}], -70),
        # A cheque of 1,000 that bounced is no refund: all of it is due again.
        ({}, [PAYMENT | {"amount_cents": 1000}, REFUND | {"amount_cents": -1000, "is_refund": False}], 1000),
        ({"status": "paid"}, [PAYMENT | {"invoice_id": "I2"}], 1000),  # the payments decide, not the mark
        ({"status": "void"}, [], 0),
        ({"status": "draft"}, [], 0),
        ({"status": "written_off"}, [], 0),
        ({"issued_on": "2026-05-01"}, [], 0),
    ],
)
def test_open_balance(invoice: dict[str, object], payments: Rows, expected: int) -> None:
    data = dataset([INVOICE | invoice], payments)
    assert value_of(data, "accounting", "ar_ageing") == expected


def test_without_any_payment_invoices_marked_as_paid_are_not_open() -> None:
    fact, *_ = facts_of(dataset([INVOICE | {"status": "paid"}]), "accounting", "ar_ageing")
    assert (fact.status, fact.reason) == ("not_evaluable", "no payment is recorded, though invoices are marked as paid")


def test_an_overpayment_stands_in_its_own_column() -> None:
    data = dataset(payments=[PAYMENT | {"amount_cents": 1100}])
    assert value_of(data, "accounting", "ar_ageing", bucket="unapplied_credit") == -100
    assert value_of(data, "accounting", "ar_ageing", bucket="31-60") == 0


def test_days_sales_outstanding() -> None:
    # 1 November to 30 April has 181 days; 1,000 open of 4,000 invoiced: 45.25 days.
    paid = [{"payment_id": "P2", "invoice_id": "I2", "paid_on": "2026-02-03", "amount_cents": 3000}]
    data = dataset([INVOICE, INVOICE | {"invoice_id": "I2", "total_cents": 3000}], paid)
    assert value_of(data, "accounting", "dso_days") == Decimal("45.25")
    assert fact_of(data, "accounting", "dpo_days").status == "not_applicable"


def test_what_is_written_off_was_a_sale_and_is_owed_no_more() -> None:
    # 1,000 open; 3,000 of sales, 2,000 of them written off later: 1,000 / 3,000 x 181 days.
    off = INVOICE | {"invoice_id": "I2", "total_cents": 2000, "status": "written_off"}
    assert value_of(dataset([INVOICE, off]), "accounting", "dso_days") == Decimal("60.33")


def test_turnover_in_days() -> None:
    # Definition: balance / flow x days. A tenth of a year's sales open is 36.5 days.
    assert days_outstanding(10, 100, 365).value == Decimal("36.50")
    assert days_outstanding(10, 0, 365).value is None


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 10**6), st.integers(0, 10**6)), max_size=8))
def test_columns_add_up_to_what_is_open(rows: list[tuple[int, int, int]]) -> None:
    invoices = [
        INVOICE | {"invoice_id": f"I{n}", "issued_on": "2025-01-01", "total_cents": total,
                   "due_on": f"2026-0{1 + late % 6}-{1 + late % 28:02d}"}
        for n, (late, total, _) in enumerate(rows)
    ]  # fmt: skip
    payments = [
        PAYMENT | {"payment_id": f"P{n}", "invoice_id": f"I{n}", "amount_cents": p} for n, (*_, p) in enumerate(rows)
    ]
    data = dataset(invoices or (INVOICE | {"status": "void"},), payments)
    names = ("current", "1-30", "31-60", "61-90", "90+", "unapplied_credit")
    columns = [int(str(value_of(data, "accounting", "ar_ageing", bucket=name))) for name in names]
    assert sum(columns) == sum(total - paid for _, total, paid in rows)
    assert all(cents >= 0 for cents in columns[:-1])
    assert columns[-1] <= 0


@given(st.integers(-1000, 1000))
def test_every_age_has_one_column(days: int) -> None:
    assert bucket(days, 1) in {"current", "1-30", "31-60", "61-90", "90+"}
    assert (bucket(days, 1) == "current") == (days <= 0)


# A payment without an invoice, on a voided or an unknown one, is a credit of its party and settles no other invoice.
@pytest.mark.parametrize(
    ("payment", "expected"),
    [
        ({"invoice_id": None, "counterparty_id": "c"}, (600, 1000, -400)),
        ({"invoice_id": "unknown", "counterparty_id": "c"}, (600, 1000, -400)),
        ({"invoice_id": "V", "counterparty_id": None}, (600, 1000, -400)),
        ({"invoice_id": None, "counterparty_id": "vendor"}, (1000, 1000, 0)),
        ({"invoice_id": None, "counterparty_id": None}, (1000, 1000, 0)),
    ],
)
def test_unapplied_cash_is_a_credit_of_its_party(payment: dict[str, object], expected: tuple[int, ...]) -> None:
    void = INVOICE | {"invoice_id": "V", "status": "void"}
    data = dataset([INVOICE, void], [PAYMENT | {"entity_id": "a"} | payment])
    parties = [{"counterparty_id": "c", "kind": "customer"}, {"counterparty_id": "vendor", "kind": "vendor"}]
    data = context("2026-05-01", **data.tables, counterparty=typed("counterparty", parties))
    buckets = [{}, {"bucket": "31-60"}, {"bucket": "unapplied_credit"}]
    assert tuple(value_of(data, "accounting", "ar_ageing", **which) for which in buckets) == expected
    unknown = payment == {"invoice_id": None, "counterparty_id": None}
    reason = "payments without invoice and party, left out: 1" if unknown else ""
    assert fact_of(data, "accounting", "ar_ageing").reason == reason
    paid = -400 if payment["counterparty_id"] == "vendor" else None
    assert value_of(data, "accounting", "ap_ageing") == paid


def test_what_was_paid_on_account_and_given_back_is_no_debt() -> None:
    on_account = PAYMENT | {"invoice_id": None, "counterparty_id": "c"}
    back = on_account | {"payment_id": "P2", "amount_cents": -500, "is_refund": True}
    assert value_of(dataset(payments=[on_account, back]), "accounting", "ar_ageing") == 1000


# What gives money back is marked or negative, whichever its table writes.
@pytest.mark.parametrize("written", [{"amount_cents": -400}, {"amount_cents": 400, "is_refund": True}])
def test_a_refund_is_read_by_its_mark_and_by_its_sign(written: dict[str, object]) -> None:
    assert value_of(dataset(payments=[PAYMENT, REFUND | written]), "accounting", "ar_ageing") == 1000


# A charter of 1,000 with a deposit of 300: 700 are owed, whether the invoice bills the rest, the deposit is a payment
# on it or on account, or only the booking tells of it.
@pytest.mark.parametrize(
    ("total", "payments", "expected"),
    [
        (1000, [], 700),
        (700, [], 700),
        (1000, [{"amount_cents": 300, "paid_on": "2026-02-01"}], 700),
        (1000, [{"amount_cents": 300, "paid_on": "2026-02-01", "invoice_id": None, "counterparty_id": "c"}], 700),
        (1000, [{"amount_cents": 700, "paid_on": "2026-04-10"}], 0),
        (800, [], 700),
    ],
)
def test_a_deposit_is_owed_no_more(total: int, payments: Rows, expected: int) -> None:
    booking = {"booking_id": "B1", "entity_id": "a", "status": "completed", "gross_cents": 1000, "discount_cents": 0,
               "tax_cents": 0, "deposit_cents": 300, "service_start": "2026-03-20T19:00:00Z"}  # fmt: skip
    received = [PAYMENT | {"counterparty_id": None} | payment for payment in payments]
    data = dataset([INVOICE | {"total_cents": total, "booking_id": "B1"}], received)
    assert (
        value_of(context("2026-05-01", **data.tables, booking=typed("booking", [booking])), "accounting", "ar_ageing")
        == expected
    )


def test_without_a_bill_on_record_nothing_is_known_of_payables() -> None:
    found = fact_of(dataset(), "accounting", "ap_ageing")
    assert (found.value, found.status, found.reason) == (None, "not_evaluable", "no bill is recorded")
