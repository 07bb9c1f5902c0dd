"""Rent billed and collected: the part of each invoice that is rent, and the part of the rent that was paid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, qualified
from executive_suite.metrics.accounting.documents import NOT_ISSUED, cash, require_payments
from executive_suite.metrics.arithmetic import ratio, whole_cents
from executive_suite.metrics.cut import Owned, cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.properties import owners, rented
from executive_suite.period import Month

NO_RENT = "table invoice has no rent of a property"


LEASE_COLUMNS = ("lease_id", "asset_id", "start_on", "rent_cents", "security_deposit_cents", "kind")
PAYMENT_COLUMNS = ("invoice_id", "amount_cents")
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


@dataclass(frozen=True, slots=True)
class Bill(Owned):
    """An invoice of a lease or a stay: a row of invoice with the entity that issued it.

    Attributes:
        kind: long_term or short_term.
        billed: Rent, cents.
        collected: Rent paid, cents.
        payments: Payments on it.
    """

    kind: str
    billed: int
    collected: int
    payments: tuple[Any, ...]


def rent_bills(context: Context) -> Iterator[Bill]:
    """The invoices of leases and stays that bill rent.

    Raises:
        MissingInputError: a table or column is absent.
    """
    leases = {let.lease_id: let for let in rented(context, context.rows("lease", *LEASE_COLUMNS))}
    rows = [row for row in context.rows("invoice", *INVOICE_COLUMNS) if row.direction == "ar"]
    issued = [row for row in rows if row.status not in NOT_ISSUED]
    deposits = _deposits(leases.values(), grouped(issued, lambda row: row.contract_id))
    payments = grouped(context.rows("payment", *PAYMENT_COLUMNS), attrgetter("invoice_id"))
    require_payments(context, issued)
    is_stay = _stays(context)
    for row in issued:
        lease, paid = leases.get(row.contract_id), payments.get(row.invoice_id, ())
        billed = row.total_cents - (row.tax_cents or 0) - deposits.get(row.invoice_id, 0)
        # A deposit alone is no rent; a credit note is.
        if billed and row.total_cents and (lease or is_stay(row)):
            received = Fraction(sum(map(cash, paid)))
            collected = whole_cents(received * billed / row.total_cents)
            yield Bill(row, row.entity_id, lease.kind if lease else "short_term", billed, collected, tuple(paid))


def _stays(context: Context) -> Callable[[Any], bool]:
    """Tells the invoices for stays: those of property owners, unless they name a booking of something else.

    What is booked without an asset, or invoiced without a booking, cannot be distinguished from a stay.
    """
    booked = context.has("booking") and "booking_id" in context.table("invoice").columns
    if not context.has("asset") and not booked:
        return lambda _: False
    owning = owners(context)
    bookings = [row for row in context.rows("booking", "booking_id", "asset_id") if row.asset_id] if booked else []
    stays = {stay.booking_id for stay in rented(context, bookings)}
    elsewhere = {row.booking_id for row in bookings} - stays
    return lambda row: row.entity_id in owning and row.get("booking_id") not in elsewhere


def _deposits(leases: Iterable[Any], issued: Mapping[str, Sequence[Any]]) -> Mapping[str, int]:
    """The security deposits in invoices, cents by invoice.

    An invoice does not say what it is for. Up to the end of a lease's first month, an invoice of rent and deposit
    together, or one of exactly the deposit's amount next to another, is where the deposit was asked for.

    Args:
        leases: Rows of table lease.
        issued: Invoices by lease.
    """
    found = {}
    for lease in leases:
        deposit, rent, until = lease.security_deposit_cents or 0, lease.rent_cents, Month.of(lease.start_on) + 1
        early = [row for row in issued.get(lease.lease_id, ()) if row.issued_on < until.first]
        early.sort(key=attrgetter("issued_on"))
        together = [row for row in early if row.total_cents == deposit + rent]
        alone = [row for row in early if row.total_cents == deposit and len(early) > 1]
        for row in (together or alone)[: 1 if deposit else 0]:
            found[row.invoice_id] = deposit
    return found


@metric(
    "rent_billed",
    "rent_collected",
    "rent_collection_rate",
    needs={"lease": LEASE_COLUMNS, "invoice": INVOICE_COLUMNS, "payment": PAYMENT_COLUMNS},
    otherwise=NO_RENT,
)
def _facts(context: Context) -> Iterator[Fact]:
    leases = context.rows("lease")
    for unit in cut(context, "invoice", rent_bills(context)).by_entity():
        for window, _ in unit.windows(attrgetter("issued_on")):
            for bills in (window, *window.by("kind", attrgetter("kind"))):
                billed, collected = bills.sum("billed"), bills.sum("collected")
                due = (bill for bill in bills.rows if bill.due_on < context.report_date)
                arrears = sum(max(bill.billed - bill.collected, 0) for bill in due)
                rate = ratio(collected, billed, otherwise="nothing billed")
                if collected > billed:
                    rate = qualified(rate, "more was received than billed")
                inputs = {
                    "invoice": bills,
                    "lease": leases,
                    "payment": [one for bill in bills for one in bill.payments],
                }
                yield bills.fact("rent_billed", Measure(billed), inputs=inputs)
                yield bills.fact("rent_billed", Measure(arrears), inputs=inputs, part="arrears")
                yield bills.fact("rent_collected", Measure(collected), inputs=inputs)
                yield bills.fact("rent_collection_rate", rate, inputs=inputs)
