"""Rent billed and collected: what of each invoice is rent, and what of it came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, qualified
from executive_suite.metrics.arithmetic import ratio, whole_cents
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import by_entity, by_month, complete_months_since
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.properties import property_entities, rented
from executive_suite.period import complete_months

# An invoice that was never sent, or was taken back, bills nothing. One written off did bill and was not collected.
NOT_BILLED = ("draft", "void")
NO_RENT = "table invoice has no rent of a property"
TRAILING_MONTHS = 12

SOURCE = "ASC 842-30 (lessor); ASC 606 for stays"

RENT_BILLED = Definition(
    "rent_billed",
    "Rent billed",
    "cents",
    "Invoices of leases and stays by month of issue, without tax and without the security deposit, which is a "
    "liability; drafts and voided invoices bill nothing. Arrears are the part that is due and not paid. "
    "At the report date: the latest twelve complete months.",
    SOURCE,
    "higher",
)
RENT_COLLECTED = Definition(
    "rent_collected",
    "Rent collected",
    "cents",
    "Payments less refunds known at the cut-off, on the rent billed in that month: rent paid ahead counts for the "
    "month that it was billed in. Tax and deposit take their share of each payment.",
    SOURCE,
    "higher",
)
COLLECTION_RATE = Definition(
    "rent_collection_rate",
    "Rent collection rate",
    "ratio",
    "Rent collected / rent billed. Nothing billed: n/a.",
    SOURCE,
    "higher",
)

INVOICE_COLUMNS = (
    "invoice_id",
    "direction",
    "entity_id",
    "issued_on",
    "due_on",
    "total_cents",
    "tax_cents",
    "status",
    "contract_id",
)


def rent_invoices(context: Context) -> pd.DataFrame:
    """One row an invoice of a lease or stay.

    Returns:
        Columns ``invoice_id``, ``entity_id``, ``kind`` (long_term, short_term), ``issued_on``, ``due_on``, ``billed``
        (rent, cents) and ``collected`` (its share of the payments, cents).

    Raises:
        MissingInputError: a table or column is absent.
    """
    invoice = context.table("invoice", *INVOICE_COLUMNS)
    lease = rented(
        context,
        context.table("lease", "lease_id", "asset_id", "start_on", "rent_cents", "security_deposit_cents", "kind"),
    )
    rows = invoice[(invoice["direction"] == "ar") & ~invoice["status"].isin(NOT_BILLED)].reset_index(drop=True)
    contract = rows["contract_id"]
    of_lease = contract.isin(lease["lease_id"])
    rows = rows.assign(lease_id=contract.where(of_lease))[of_lease | _of_stays(context, rows)]
    kinds = dict(zip(lease["lease_id"], lease["kind"], strict=True))
    rows["kind"] = rows["lease_id"].map(kinds).fillna("short_term")
    rows["billed"] = rows["total_cents"] - rows["tax_cents"].fillna(0) - _deposits(rows, lease)
    rows = rows[(rows["billed"] != 0) & (rows["total_cents"] != 0)]  # a deposit alone is no rent; a credit note is
    paid = context.table("payment", "invoice_id", "amount_cents").groupby("invoice_id")["amount_cents"].sum()
    received = rows["invoice_id"].map(paid).fillna(0).astype("int64")
    rows["collected"] = [
        whole_cents(Fraction(int(got)) * int(billed) / int(total))
        for got, billed, total in zip(received, rows["billed"], rows["total_cents"], strict=True)
    ]
    return rows[["invoice_id", "entity_id", "kind", "issued_on", "due_on", "billed", "collected"]]


def _of_stays(context: Context, invoices: pd.DataFrame) -> pd.Series:
    """Which invoices are for stays: their booking is of a property; without bookings, their entity owns one."""
    booked = context.has("booking") and "booking_id" in invoices.columns
    if not context.has("asset") and not booked:
        return pd.Series(data=False, index=invoices.index)
    owned = invoices["entity_id"].isin(property_entities(context))
    if not booked:
        return owned
    bookings = context.table("booking", "booking_id", "asset_id").dropna(subset=["asset_id"])
    stays = rented(context, bookings)
    # An owner of property may sell other things; what is booked without an asset cannot be told from a stay.
    elsewhere = invoices["booking_id"].isin(
        bookings.loc[~bookings["booking_id"].isin(stays["booking_id"]), "booking_id"]
    )
    return owned & ~elsewhere


def _deposits(rows: pd.DataFrame, lease: pd.DataFrame) -> pd.Series:
    """The security deposit in each invoice, cents.

    An invoice does not say what it is for. Up to the end of a lease's first month, one invoice of exactly the
    deposit's amount beside another, or one of rent and deposit together, is where the deposit was asked for.
    """
    deposits = pd.Series(0, index=rows.index, dtype="int64")
    for let in lease.dropna(subset=["security_deposit_cents"]).to_dict("records"):
        deposit, rent = int(let["security_deposit_cents"]), int(let["rent_cents"])
        month_end = let["start_on"] + pd.offsets.MonthEnd(0)
        early = rows[(rows["lease_id"] == let["lease_id"]) & (rows["issued_on"] <= month_end)].sort_values("issued_on")
        together = early[early["total_cents"] == deposit + rent]
        alone = early[early["total_cents"] == deposit]
        if deposit and not together.empty:
            deposits[together.index[0]] = deposit
        elif deposit and not alone.empty and len(early) > 1:
            deposits[alone.index[0]] = deposit
    return deposits


@metric(
    RENT_BILLED,
    RENT_COLLECTED,
    COLLECTION_RATE,
    needs={
        "lease": ("lease_id", "asset_id", "start_on", "rent_cents", "security_deposit_cents", "kind"),
        "invoice": INVOICE_COLUMNS,
        "payment": ("invoice_id", "amount_cents"),
    },
)
def rent(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _facts(context), ("rent_billed", "rent_collected", "rent_collection_rate"), NO_RENT)


@dataclass(frozen=True, slots=True)
class _Bill:
    """An invoice of rent.

    Attributes:
        kind: long_term or short_term.
        billed: Rent, cents.
        collected: What of it came in, cents.
        due: Whether it fell due before the report date.
        payments: Payments on it.
    """

    kind: str
    billed: int
    collected: int
    due: bool
    payments: int


def _facts(context: Context) -> Iterable[Fact]:
    found = rent_invoices(context)
    paid = context.tables["payment"]["invoice_id"].value_counts()
    leases = len(context.tables["lease"])
    for entity_id, rows in by_entity(found):
        months = by_month(rows, "issued_on", complete_months_since(context, rows["issued_on"]))
        issued = {month: _bills(context, part, paid) for month, part in months}
        windows = [(str(month), bills) for month, bills in issued.items()]
        if issued:
            latest = complete_months(context.report_date, TRAILING_MONTHS)
            windows.append(("", [bill for month in latest for bill in issued.get(month, [])]))
        for period, bills in windows:
            for kind in (None, *sorted({bill.kind for bill in bills})):
                part = [bill for bill in bills if kind in (None, bill.kind)]
                inputs = {"invoice": len(part), "lease": leases, "payment": sum(bill.payments for bill in part)}
                by_kind = {} if kind is None else {"kind": kind}
                for metric_id, measure, more in _measures(part):
                    yield context.fact(
                        metric_id,
                        measure,
                        entity_id=entity_id,
                        period=period,
                        inputs=inputs,
                        assumed=False,
                        **by_kind,
                        **more,
                    )


def _bills(context: Context, rows: pd.DataFrame, paid: pd.Series) -> list[_Bill]:
    due = rows["due_on"] < pd.Timestamp(context.report_date)
    payments = rows["invoice_id"].map(paid).fillna(0).astype("int64")
    cells = zip(rows["kind"], rows["billed"], rows["collected"], due, payments, strict=True)
    return [_Bill(str(kind), int(b), int(c), bool(late), int(n)) for kind, b, c, late, n in cells]


def _measures(bills: Iterable[_Bill]) -> list[tuple[str, Measure, dict[str, str]]]:
    billed, collected = sum(bill.billed for bill in bills), sum(bill.collected for bill in bills)
    arrears = sum(max(bill.billed - bill.collected, 0) for bill in bills if bill.due)
    rate = ratio(collected, billed, otherwise="nothing billed")
    if collected > billed:
        rate = qualified(rate, "more was received than billed")
    return [
        ("rent_billed", Measure(billed), {}),
        ("rent_billed", Measure(arrears), {"part": "arrears"}),
        ("rent_collected", Measure(collected), {}),
        ("rent_collection_rate", rate, {}),
    ]
