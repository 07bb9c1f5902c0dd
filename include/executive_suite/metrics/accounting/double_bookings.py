"""Double bookings: sales of an asset at a time at which another booking holds it."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.bookings import double_booked
from executive_suite.metrics.cut import Cut, grouped
from executive_suite.metrics.registry import metric

NEEDS = {"booking": ("booking_id", "entity_id", "asset_id", "status", "service_start", "service_end")}


@metric("double_bookings", needs=NEEDS)
def _double_bookings(context: Context) -> Iterator[Fact]:
    twice = double_booked(context)
    on_assets = tuple(row for row in context.rows("booking") if row.asset_id is not None)
    # One of two guests has no place to stay, also where the other is an entity of the group.
    for entity_id, rows in (grouped(on_assets, lambda row: row.entity_id) | {GROUP: on_assets}).items():
        unit = Cut(context, "booking", rows, entity_id)
        yield unit.fact("double_bookings", Measure(sum(row.booking_id in twice for row in unit.rows)))
