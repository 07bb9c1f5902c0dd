"""Demand by month and by source: leads, bookings, and what the bookings are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.between import of_group
from executive_suite.metrics.bookings import net_cents, sales
from executive_suite.metrics.cut import YEAR, Cut, complete_months_since, cut, for_group_too
from executive_suite.metrics.registry import metric
from executive_suite.metrics.sales.pipeline import latest

_YEARS = 2
"""The latest twelve complete months, and the same months a year earlier."""
UNKNOWN = ""
"""The channel of what no channel is recorded for."""


@metric(
    "bookings_sold",
    "bookings_value",
    needs={"booking": ("booking_id", "channel_id", "booked_at", "status", "gross_cents")},
)
def _booked(context: Context) -> Iterator[Fact]:
    facts = _bookings(context)
    yield from for_group_too(context, facts, ("bookings_sold", "bookings_value"), "no complete month has a booking")


def _bookings(context: Context) -> Iterator[Fact]:
    def day(booking: Any) -> date:
        return context.local_day(booking.booked_at, booking.get("entity_id"))

    for own in _monthly(context, cut(context, "booking", of_group(context, sales(context))), day):
        yield own.fact("bookings_sold", Measure(len(own)))
        yield own.fact("bookings_value", Measure(sum(net_cents(row) or 0 for row in own.rows)))


@metric("leads", needs={"opportunity": ("opp_id", "valid_from", "entity_id", "stage", "created_at")})
def _asked(context: Context) -> Iterator[Fact]:
    yield from for_group_too(context, _leads(context), ("leads",), "no complete month has a lead")


def _leads(context: Context) -> Iterator[Fact]:
    def day(lead: Any) -> date:
        return context.local_day(lead.created_at, lead.entity_id)

    for own in _monthly(context, cut(context, "opportunity", latest(context)), day):
        yield own.fact("leads", Measure(len(own)))


def _monthly(context: Context, whole: Cut, day: Callable[[Any], date]) -> Iterator[Cut]:
    """Each of the latest months since the first row, then those of its channels that have rows in it."""
    months = complete_months_since(context, map(day, whole.rows))[-_YEARS * YEAR :]
    for own in whole.by_month(day, months):
        yield own
        yield from own.by("channel", lambda row: row.text("channel_id") or UNKNOWN)
