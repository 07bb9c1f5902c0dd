"""Cash that is due: receipts from customers on a known day, and our open payables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.metrics.accounting.documents import Balance, agreed, balances
from executive_suite.metrics.bookings import holds
from executive_suite.metrics.cut import months_between
from executive_suite.period import Month

DOUBTFUL_DAYS = 90
"""Receivables more days past due, the last column of the aging, are not expected to be paid."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Cash in (positive) or out (negative) on a day, cents."""

    day: date
    cents: int


def usual_delay(context: Context, receivable: Iterable[Balance]) -> int:
    """How many days after the due date customers pay: the mean over settled receivables, at least 0, rounded up."""
    paid: dict[str, date] = {}
    for payment in context.rows("payment", "invoice_id", "paid_on", "amount_cents"):
        if payment.amount_cents > 0:
            paid[payment.invoice_id] = max(payment.paid_on, paid.get(payment.invoice_id, date.min))
    settled = [one.invoice for one in receivable if one.open_cents <= 0 and one.invoice.invoice_id in paid]
    late = [(paid[invoice.invoice_id] - invoice.due_on).days for invoice in settled]
    return max(0, math.ceil(Fraction(sum(late), len(late)))) if late else 0


def receipts_due(context: Context, last: date) -> tuple[Flow, ...]:
    """Receivables, balances of confirmed bookings, rents and retainers from the report date to ``last``."""
    first, receivable = context.report_date, balances(context, "ar")
    delay = timedelta(days=usual_delay(context, receivable))
    invoices = [one.invoice for one in receivable]
    flows = [
        Flow(max(first, one.invoice.due_on + delay), one.open_cents)
        for one in receivable
        if one.open_cents > 0 and (first - one.invoice.due_on).days <= DOUBTFUL_DAYS
    ]
    flows += _bookings(context, {invoice.get("booking_id") for invoice in invoices})
    billed = {(invoice.get("contract_id"), Month.of(invoice.issued_on)) for invoice in invoices}
    flows += _monthly(context, last, billed)
    return tuple(flow for flow in flows if first <= flow.day <= last and flow.cents)


def payments_due(context: Context) -> tuple[Flow, ...]:
    """Open payables on their due date; overdue ones, on the report date."""
    return tuple(
        Flow(max(context.report_date, one.invoice.due_on), -one.open_cents)
        for one in balances(context, "ap")
        if one.open_cents > 0
    )


def _bookings(context: Context, invoiced: set[str | None]) -> Iterator[Flow]:
    """Balances and variable costs of confirmed bookings still to come that no invoice covers, on the day of service."""
    less = ("discount_cents", "platform_fee_cents", "deposit_cents")
    needed = ("booking_id", "status", "service_start", "gross_cents", *less, "variable_cost_cents")
    for booking in context.rows("booking", *needed):
        if booking.status == "confirmed" and holds(booking) and booking.booking_id not in invoiced:
            day = context.local_day(booking.service_start, booking.get("entity_id"))
            yield Flow(day, max(0, booking.gross_cents - sum(getattr(booking, column) or 0 for column in less)))
            yield Flow(day, -(booking.variable_cost_cents or 0))


def _monthly(context: Context, last: date, billed: set[tuple[str | None, Month]]) -> Iterator[Flow]:
    """Rents and retainers on the first of each month of their term that no invoice covers."""
    terms = []
    if context.has("lease"):
        leases = context.rows("lease", "lease_id", "start_on", "end_on", "rent_cents")
        terms += [(lease.lease_id, lease, lease.rent_cents) for lease in leases if agreed(lease)]
    if context.has("client_contract"):
        columns = ("contract_id", "status", "start_on", "end_on", "mrr_cents")
        contracts = context.rows_in_force("client_contract", *columns)
        terms += [(one.contract_id, one, one.mrr_cents) for one in contracts if one.status == "active"]
    for name, term, cents in terms:
        for month in months_between(context.report_date, Month.of(last)):
            runs = term.start_on <= month.first and (term.end_on is None or term.end_on >= month.first)
            if runs and (name, month) not in billed:
                yield Flow(month.first, cents or 0)
