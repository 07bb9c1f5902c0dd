"""Receivables and payables by party and age, and how they tie to the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from executive_suite.dataset.context import Context
from executive_suite.metrics.accounting.documents import balances
from executive_suite.statements.documents import documents
from executive_suite.statements.report import statements
from statement_books import Accounts, Posted, books, cells_of, differences, entities, of
from typed_tables import context, typed

CHART: Accounts = {
    "1000": ("Cash", "asset", "cash"),
    "1100": ("Receivables", "asset", "receivable"),
    "2000": ("Payables", "liability", "payable"),
    "4000": ("Sales", "revenue"),
    "6000": ("Rent", "expense"),
}
INVOICE = ("invoice_id", "direction", "entity_id", "counterparty_id", "issued_on", "due_on", "total_cents", "status")
PAYMENT = ("payment_id", "invoice_id", "paid_on", "amount_cents", "is_refund", "entity_id", "counterparty_id")
APRIL = "2026-04"
Row = Sequence[object]


def made(
    invoices: Sequence[Row],
    payments: Sequence[Row] = (),
    posted: Sequence[Posted] = (),
    parties: Mapping[str, str] | None = None,
) -> Context:
    """Books at May 1, 2026; invoices as ``INVOICE`` has them, payments as ``PAYMENT`` without their id."""
    paid = [dict(zip(PAYMENT, (f"P{n}", *row), strict=False)) for n, row in enumerate(payments)]
    rows = [{"counterparty_id": party, "kind": kind} for party, kind in (parties or {}).items()]
    return books(
        "2026-05-01",
        CHART,
        posted,
        entity=entities("alpha", "beta"),
        invoice=typed("invoice", [dict(zip(INVOICE, row, strict=True)) for row in invoices], INVOICE),
        payment=typed("payment", paid, PAYMENT),
        counterparty=typed("counterparty", rows, ("counterparty_id", "kind")),
    )


def sale(number: str, due: str, cents: int, status: str = "open", party: str = "c1", owner: str = "alpha") -> Row:
    return (number, "ar", owner, party, "2026-01-01", due, cents, status)


def test_ages_are_counted_from_the_due_day_to_the_end_of_the_period() -> None:
    # Contract of the statements: current, 1-30, 31-60, 61-90, 91+ days past due, at the end of the period.
    days = ["2026-04-30", "2026-04-29", "2026-03-31", "2026-03-30", "2026-03-01", "2026-02-28", "2026-01-30"]
    days += ["2026-01-29"]
    cells = cells_of(made([sale(f"I{n}", day, 10**n) for n, day in enumerate(days)]))
    assert of(cells, "receivables", "alpha", APRIL) == {
        "c1:current": 1,
        "c1:1-30": 110,
        "c1:31-60": 11_000,
        "c1:61-90": 1_100_000,
        "c1:91+": 10_000_000,
        "total_receivables": 11_111_111,
    }
    # At the end of March they were younger: the ones due in April were not due.
    assert of(cells, "receivables", "alpha", "2026-03")["c1:current"] == 111


def test_a_deposit_that_only_the_booking_shows_is_subtracted() -> None:
    invoice = typed(
        "invoice", [dict(zip((*INVOICE, "booking_id"), (*sale("I1", "2026-04-15", 1_000_00), "B1"), strict=True))]
    )
    booking = typed(
        "booking",
        [
            {
                "booking_id": "B1",
                "entity_id": "alpha",
                "status": "completed",
                "gross_cents": 1_000_00,
                "discount_cents": 0,
                "deposit_cents": 300_00,
                "service_start": "2026-03-20T20:00:00Z",
                "service_end": "2026-03-21T20:00:00Z",
            }
        ],
    )
    whole = made([])
    held = replace(whole, tables={**whole.tables, "invoice": invoice, "booking": booking})
    assert of(cells_of(held), "receivables", "group", APRIL) == {"c1:1-30": 700_00, "total_receivables": 700_00}


def test_an_invoice_is_owed_and_a_payment_counts_from_its_own_day() -> None:
    last_day = ("I1", "ar", "alpha", "c1", "2026-03-31", "2026-05-15", 700, "open")
    cells = cells_of(made([last_day], [("I1", "2026-04-30", 200, False)]))
    owed = {
        period: cents for (_, entity, period, line), cents in cells.items() if (entity, line) == ("group", "c1:current")
    }
    assert owed == {"2026-03": 700, APRIL: 500, "2026-YTD": 500}


def test_deposits_and_part_payments_are_subtracted_and_what_is_not_owed_is_out() -> None:
    cells = cells_of(
        made(
            [
                sale("I1", "2026-04-15", 1_000_00),
                sale("I2", "2026-04-15", 500_00, "void"),
                sale("I3", "2026-04-15", 500_00, "draft"),
                sale("I4", "2026-04-15", 500_00, "written_off"),
                sale("I5", "2026-04-15", 500_00, "paid"),
                sale("I6", "2026-04-15", 300_00, party="c2"),
            ],
            [
                ("I1", "2025-12-20", 200_00, False),  # a deposit, before the invoice
                ("I1", "2026-04-10", 300_00, False),
                ("I1", "2026-05-02", 500_00, False),  # after the period
                ("I5", "2026-04-20", 500_00, False),
                ("I6", "2026-04-20", 300_00, False),
                ("I6", "2026-04-21", -50_00, True),  # a refund of a paid invoice makes nothing due again
            ],
        )
    )
    assert of(cells, "receivables", "group", APRIL) == {"c1:1-30": 500_00, "total_receivables": 500_00}


def test_a_payment_without_an_invoice_is_a_credit_of_its_party() -> None:
    cells = cells_of(
        made(
            [
                sale("I1", "2026-02-28", 1_000_00),
                sale("I2", "2026-02-28", 60_00, "void", party="c2"),
                ("B1", "ap", "beta", "v1", "2026-04-01", "2026-05-15", 700_00, "open"),
                ("B2", "ap", "beta", "v2", "2026-04-01", "2026-05-15", 50_00, "open"),
            ],
            [
                (None, "2026-04-10", 400_00, False, "alpha", "c1"),
                (None, "2026-04-11", 100_00, False, None, "v1"),
                (None, "2026-04-11", 20_00, False, None, "v2"),
                (None, "2026-04-11", -30_00, True, None, "v1"),  # refunds of what was paid on account
                (None, "2026-04-12", 900_00, False, None, None),  # of nobody's account
                ("I2", "2026-04-12", 60_00, False, None, None),
            ],
            parties={"c1": "customer", "v1": "vendor"},
        )
    )
    assert of(cells, "receivables", "alpha", APRIL) == {
        "c1:current": -400_00,
        "c1:61-90": 1_000_00,
        "c2:current": -60_00,
        "total_receivables": 540_00,
    }
    assert of(cells, "payables", "beta", APRIL) == {
        "v1:current": 630_00,
        "v2:current": 30_00,
        "total_payables": 660_00,
    }


def test_documents_tie_to_the_accounts_or_say_by_how_much_they_do_not() -> None:
    posted: list[Posted] = [
        ("2026-01-01", "alpha", "noncash", {"1100": 1_000_00, "4000": -1_000_00}),
        ("2026-04-01", "alpha", "noncash", {"6000": 80_00, "2000": -80_00}),
    ]
    tied = made(
        [sale("I1", "2026-04-15", 1_000_00), ("B1", "ap", "alpha", "v1", "2026-04-01", "2026-05-15", 80_00, "open")],
        posted=posted,
    )
    assert not differences(tied)
    found = differences(made([sale("I1", "2026-04-15", 900_00)], posted=posted))
    receivables = "account 1100 $1,000.00, documents $900.00: $100.00"
    payables = "account 2000 $80.00, documents $0.00: $80.00"
    assert found["receivables", "alpha", APRIL] == [(100_00, receivables)]
    assert found["receivables", "group", APRIL] == [(100_00, receivables)]
    assert found["payables", "alpha", APRIL] == [(80_00, payables)]
    assert ("payables", "alpha", "2026-03") not in found


def test_documents_between_entities_are_eliminated() -> None:
    posted: list[Posted] = [
        ("2026-04-01", "alpha", "noncash", {"1100@beta": 80_00, "4000@beta": -80_00}),
        ("2026-04-01", "beta", "noncash", {"6000@alpha": 80_00, "2000@alpha": -80_00}),
    ]
    mutual = made(
        [
            ("I1", "ar", "alpha", "beta", "2026-04-01", "2026-05-15", 80_00, "open"),
            ("B1", "ap", "beta", "alpha", "2026-04-01", "2026-05-15", 80_00, "open"),
        ],
        posted=posted,
    )
    assert not differences(mutual)
    cells = cells_of(mutual)
    assert of(cells, "receivables", "alpha", APRIL) == {"beta:current": 80_00, "total_receivables": 80_00}
    assert of(cells, "receivables", "elimination", APRIL) == {"beta:current": -80_00, "total_receivables": -80_00}
    assert of(cells, "payables", "elimination", APRIL) == {"alpha:current": -80_00, "total_payables": -80_00}
    assert of(cells, "receivables", "group", APRIL) == {}


@pytest.mark.parametrize(
    ("paid", "back"), [(0, 0), (400, 0), (400, -100), (400, -400), (1_000, 0), (1_000, -300), (1_200, -50), (1_200, 0)]
)
def test_open_balances_are_those_of_the_ageing(paid: int, back: int) -> None:
    at = made([sale("I1", "2026-04-15", 1_000)], [("I1", "2026-04-02", paid, False), ("I1", "2026-04-03", back, True)])
    of_metric = sum(one.open_cents for one in balances(at, "ar"))
    assert sum(one.cents for one in documents(at, "ar").open(at.last_day)) == of_metric


def test_without_a_ledger_documents_are_still_listed() -> None:
    whole = made([sale("I1", "2026-04-15", 900_00)])
    bare = context("2026-05-01", invoice=whole.tables["invoice"], payment=whole.tables["payment"])
    assert of(cells_of(bare), "receivables", "group", APRIL) == {"c1:1-30": 900_00, "total_receivables": 900_00}
    assert statements(bare).missing == ("no statement from the ledger: table account is absent",)


def test_without_payments_nobody_knows_what_is_open() -> None:
    whole = made([sale("I1", "2026-04-15", 900_00, "paid")])
    bare = context("2026-05-01", invoice=whole.tables["invoice"])
    assert statements(bare).cells == ()
    assert statements(bare).missing[1] == "no receivables and payables: table payment is absent"
