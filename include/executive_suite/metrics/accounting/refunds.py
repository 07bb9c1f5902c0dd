"""Refunds that lower the price of a booking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.accounting.documents import NOT_OWED, cash, is_refund
from executive_suite.metrics.bookings import net_cents
from executive_suite.metrics.straight_line import share


@per_context
def _refunded(context: Context) -> Mapping[str | None, tuple[int, int]]:
    """Cents paid, and cents given back, by booking before the report date."""
    try:
        invoices = context.rows("invoice", "invoice_id", "direction", "status", "booking_id")
        payments = context.rows("payment", "invoice_id", "paid_on", "amount_cents")
    except MissingInputError:
        return {}
    sold = {row.invoice_id: row.booking_id for row in invoices if row.direction == "ar" and row.status not in NOT_OWED}
    found: dict[str | None, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for payment in payments:
        booking = sold.get(payment.invoice_id)
        if booking and payment.paid_on < context.report_date:
            paid, back = found[booking]
            given = -cash(payment) if is_refund(payment) else 0
            found[booking] = (paid + cash(payment) + given, back + given)
    return found


def price_cents(context: Context, booking: Any) -> int:
    """What a booking costs without tax, cents: gross less discount and refunds.

    Giving back an overpayment lowers no price, and the tax takes its share of any other refund. Where no invoice or
    payment is on record, nothing was refunded.
    """
    net, tax = net_cents(booking) or 0, booking.get("tax_cents") or 0
    paid, back = _refunded(context).get(booking.get("booking_id"), (0, 0))
    lowered = min(max(back - max(paid - net - tax, 0), 0), net + tax)
    return net - (share(lowered, net, net + tax) if lowered > 0 else 0)
