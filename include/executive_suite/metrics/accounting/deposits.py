"""Deposits of bookings that their invoices do not show: paid already, so owed no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.metrics.bookings import Kind, kind, net_cents
from executive_suite.metrics.cut import grouped

COLUMNS = ("booking_id", "status", "deposit_cents", "gross_cents", "service_start")


def deposits(context: Context, issued: Iterable[Any]) -> Mapping[str, int]:
    """What booking deposits pay of invoices, cents by invoice.

    An invoice that bills the price less the deposit shows it already, and so does a payment of just its amount before
    the service; neither is taken off twice.

    Args:
        context: The run.
        issued: Rows of table invoice: those to customers that were issued.
    """
    if not context.has("booking") or not set(COLUMNS) <= set(context.table("booking").columns):
        return {}
    invoices = [row for row in issued if row.get("booking_id")]
    by_booking = grouped(invoices, attrgetter("booking_id"))
    paid: dict[str | None, list[Any]] = defaultdict(list)
    for payment in context.rows("payment"):
        paid[payment.invoice_id or payment.get("counterparty_id")].append(payment)
    found: dict[str, int] = {}
    for booking in context.rows("booking", *COLUMNS):
        own = by_booking.get(booking.booking_id, ())
        if booking.deposit_cents and own and kind(booking) in (Kind.SOLD, Kind.NO_SHOW):
            parties = (key for row in own for key in (row.invoice_id, row.get("counterparty_id")))
            payments = [payment for key in dict.fromkeys(parties) for payment in paid.get(key, ())]
            if not _paid_before(context, booking, payments):
                found |= _applied(booking, own)
    return found


def _paid_before(context: Context, booking: Any, payments: Iterable[Any]) -> bool:
    """Whether the deposit is among some payments."""
    day = context.local_day(booking.service_start, booking.get("entity_id"))
    return any(payment.amount_cents == booking.deposit_cents and payment.paid_on < day for payment in payments)


def _applied(booking: Any, invoices: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """What the deposit pays of each invoice of its booking, the oldest first."""
    owed = sorted(invoices, key=attrgetter("issued_on", "invoice_id"))
    price = (net_cents(booking) or 0) + (booking.get("tax_cents") or 0)
    billed_too = sum(row.total_cents for row in owed) - (price - booking.deposit_cents)
    left = min(booking.deposit_cents, max(billed_too, 0))
    for row in owed:
        part = min(left, max(row.total_cents, 0))
        left -= part
        yield row.invoice_id, part
