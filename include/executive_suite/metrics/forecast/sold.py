"""Confirmed bookings on the path."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.bookings import double_booked, holds
from executive_suite.metrics.forecast.invoiced import invoices, is_ours
from executive_suite.metrics.forecast.path import Item
from executive_suite.metrics.forecast.terms import terms


def booked(context: Context) -> Iterator[Item]:
    """Balances and variable costs of confirmed bookings still to come, on the day of service."""
    for booking, day in confirmed(context):
        less = ("discount_cents", "platform_fee_cents", "deposit_cents")
        due = booking.gross_cents - sum(getattr(booking, column) or 0 for column in less)
        whose = booking.get("entity_id") or GROUP
        yield Item(day, max(0, due), "booking", whose, booking.booking_id)
        yield Item(day, -(booking.variable_cost_cents or 0), "booking", whose, booking.booking_id)


@per_context
def confirmed(context: Context) -> tuple[tuple[Any, date], ...]:
    """Confirmed bookings of the days ahead that no invoice and no lease covers, with their day of service."""
    if not context.has("booking"):
        return ()
    invoiced = {row.get("booking_id") for row in invoices(context)}
    columns = ("booking_id", "status", "service_start", "gross_cents", "discount_cents")
    needed = (*columns, "platform_fee_cents", "deposit_cents", "variable_cost_cents")
    found = []
    for row in context.rows("booking", *needed):
        sold = row.status == "confirmed" and holds(row) and row.booking_id not in double_booked(context)
        if sold and row.booking_id not in invoiced and is_ours(context, row, "customer_id"):
            day = context.local_day(row.service_start, row.get("entity_id"))
            if day >= context.report_date and not _let(context, row.get("asset_id"), day):
                found.append((row, day))
    return tuple(found)


def _let(context: Context, asset_id: str | None, day: date) -> bool:
    """Whether a lease of the same asset holds on that day: then the booking is the lease."""
    return bool(asset_id) and any(
        one.asset_id == asset_id and one.starts <= day and (one.ends is None or one.ends >= day)
        for one in terms(context)
    )
