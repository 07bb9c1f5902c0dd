"""Rental figures outside of their domain: whatever the records hold, a figure is in its range or has a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import definition_of
from executive_suite.metrics.rental.nights import nights
from typed_tables import Rows, computed, context, typed

FIRST = date(2026, 2, 1)
HOUSES = ("H1", "H2")
STATUSES = ("available", "booked", "owner_block", "out_of_order")
BOOKED = ("inquiry", "quoted", "confirmed", "completed", "cancelled", "no_show")


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


bookings = st.lists(
    st.builds(
        lambda house, first, length, status, gross, discount, order: {
            "entity_id": "homes",
            "asset_id": house,
            "booked_at": f"2026-01-01T{order:02d}:00:00Z",
            "service_start": f"{day(first)}T23:00:00Z",
            "service_end": f"{day(first + length)}T18:00:00Z",
            "status": status,
            "gross_cents": gross,
            "discount_cents": min(discount, gross),
            "tax_cents": 0,
            "cancelled_at": None,
        },
        st.sampled_from(HOUSES),
        st.integers(-5, 90),
        st.integers(0, 40),
        st.sampled_from(BOOKED),
        st.integers(0, 10**6),
        st.sampled_from([0, 5_000, 10**6]),
        st.integers(0, 23),
    ),
    max_size=6,
)
leases = st.lists(
    st.builds(
        lambda house, first, length, kind, status: {
            "asset_id": house,
            "unit": "A",
            "kind": kind,
            "start_on": day(first),
            "end_on": None if length is None else day(first + length),
            "rent_cents": 200_000,
            "status": status,
        },
        st.sampled_from(HOUSES),
        st.integers(-40, 80),
        st.one_of(st.none(), st.integers(1, 60)),
        st.sampled_from(["long_term", "short_term"]),
        st.sampled_from(["active", "ended", "draft"]),
    ),
    max_size=3,
)
calendars = st.lists(st.sampled_from(STATUSES), min_size=0, max_size=100)


def numbered(rows: Rows, key: str) -> Rows:
    return [{key: f"{key}{number}", **row} for number, row in enumerate(rows)]


def dataset(listed: list[str], booked: Rows, let: Rows) -> Context:
    house = {"entity_id": "homes", "asset_class": "property", "name": "House", "status": "in_use"}
    calendar = [
        {"asset_id": name, "date": day(number), "status": status}
        for name in HOUSES
        for number, status in enumerate(listed)
    ]
    columns: Mapping[str, tuple[str, ...]] = {
        "availability": ("asset_id", "date", "status"),
        "booking": ("booking_id", "entity_id", "asset_id", "booked_at", "service_start", "service_end", "status",
                    "gross_cents", "discount_cents", "tax_cents", "cancelled_at"),
        "lease": ("lease_id", "asset_id", "unit", "kind", "start_on", "end_on", "rent_cents", "status"),
    }  # fmt: skip
    rows = {"availability": calendar, "booking": numbered(booked, "booking_id"), "lease": numbered(let, "lease_id")}
    tables = {name: typed(name, own, columns[name]) for name, own in rows.items()}
    return context("2026-05-01", asset=typed("asset", [{**house, "asset_id": name} for name in HOUSES]), **tables)


@settings(max_examples=30)
@given(calendars, bookings, leases)
def test_every_figure_is_in_its_range_or_has_a_reason(listed: list[str], booked: Rows, let: Rows) -> None:
    data = dataset(listed, booked, let)
    for fact in computed(data, "rental"):
        assert (fact.value is None) == (fact.status != "ok")
        assert fact.value is not None or fact.reason
        assert fact.number is None or definition_of(fact.metric_id).possible(fact.number)


@settings(max_examples=30)
@given(calendars, bookings, leases)
def test_a_night_is_one_thing(listed: list[str], booked: Rows, let: Rows) -> None:
    data = dataset(listed, booked, let)
    for night in nights(data):
        assert night.inventory or not night.sold
        assert not night.let or not (night.inventory or night.offered or night.sold)
        # Money for a night comes from who sleeps there, and once; a fee of a no-show comes besides.
        assert sum(stay.cents > 0 for stay in night.stays if stay.kind == "sold") <= 1


@settings(max_examples=30)
@given(calendars, bookings, leases)
def test_revenue_per_night_is_occupancy_times_rate(listed: list[str], booked: Rows, let: Rows) -> None:
    facts = {
        (fact.metric_id, fact.period): Decimal(str(fact.value))
        for fact in computed(dataset(listed, booked, let), "rental")
        if fact.entity_id == "homes" and not fact.dimensions and fact.number is not None
    }
    for (metric_id, period), rate in facts.items():
        if metric_id == "adr":
            product = rate * facts["occupancy", period]
            assert abs(product - facts["revpar", period]) <= Decimal("0.011") + rate / 10**10
