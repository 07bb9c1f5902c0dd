"""What became of a booking means one thing, and every figure that counts bookings reads it alike."""

from __future__ import annotations

import pytest
from finance_rows import value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.dataset.rows import rows_of
from executive_suite.metrics.bookings import Kind, double_booked, kind, overlaps
from executive_suite.rules import judgement, rulebook
from typed_tables import context, typed

STAY: dict[str, object] = {
    "booking_id": "B1",
    "entity_id": "homes",
    "asset_id": "H1",
    "customer_id": "c",
    "channel_id": "ota",
    "booked_at": "2026-01-01T20:00:00Z",
    "service_start": "2026-03-01T23:00:00Z",
    "service_end": "2026-03-04T18:00:00Z",
    "status": "confirmed",
    "gross_cents": 30_000,
    "discount_cents": 0,
    "cancelled_at": None,
}


def booked(*changes: dict[str, object]) -> Context:
    rows = [STAY | {"booking_id": f"B{number}"} | change for number, change in enumerate(changes, 1)]
    house = {"asset_id": "H1", "entity_id": "homes", "asset_class": "property", "name": "House", "status": "in_use"}
    channel = {"channel_id": "ota", "valid_from": "2020-01-01", "entity_id": "homes", "type": "ota", "status": "live"}
    return context(
        "2026-05-01",
        booking=typed("booking", rows),
        asset=typed("asset", [house]),
        channel=typed("channel", [channel]),
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "inquiry"}, Kind.ASKED),
        ({"status": "quoted", "discount_cents": 30_000}, Kind.ASKED),
        ({"status": "confirmed"}, Kind.SOLD),
        ({"status": "completed"}, Kind.SOLD),
        ({"status": "completed", "discount_cents": 30_000}, Kind.COMPLIMENTARY),
        ({"status": "confirmed", "gross_cents": 0}, Kind.COMPLIMENTARY),
        ({"status": "no_show"}, Kind.NO_SHOW),
        ({"status": "no_show", "cancelled_at": "2026-03-02T20:00:00Z"}, Kind.NO_SHOW),
        ({"status": "cancelled"}, Kind.CANCELED),
        ({"status": "confirmed", "cancelled_at": "2026-02-02T20:00:00Z"}, Kind.CANCELED),
    ],
)
def test_kinds(change: dict[str, object], expected: Kind) -> None:
    (row,) = rows_of(typed("booking", [STAY | change]), "booking")
    assert kind(row) is expected


# The night of March 3 is in both; a departure and an arrival on one day are not.
@pytest.mark.parametrize(
    ("other", "second"),
    [
        ({"service_start": "2026-03-03T23:00:00Z", "service_end": "2026-03-06T18:00:00Z"}, "B2"),
        ({"booked_at": "2025-12-01T20:00:00Z"}, "B1"),
        ({"service_start": "2026-03-04T18:00:00Z", "service_end": "2026-03-06T18:00:00Z"}, None),
        ({"asset_id": "H2"}, None),
        ({"status": "cancelled"}, None),
        ({"status": "no_show"}, None),
        ({"status": "quoted"}, None),
        ({"discount_cents": 30_000}, "B2"),  # a guest who pays nothing takes the house as well
        ({"service_start": "2026-03-02T08:00:00Z", "service_end": "2026-03-02T08:00:00Z"}, "B2"),  # a day without hours
    ],
)
def test_the_booking_made_first_holds_the_asset(other: dict[str, object], second: str | None) -> None:
    assert double_booked(booked({}, other)) == frozenset({second} - {None})


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 5)), max_size=8))
def test_what_holds_an_asset_never_overlaps(spans: list[tuple[int, int]]) -> None:
    rows = [
        {"service_start": f"2026-03-{first:02d}T23:00:00Z", "service_end": f"2026-03-{first + nights:02d}T18:00:00Z"}
        for first, nights in spans
    ]
    data = booked(*rows) if rows else booked({})
    twice = double_booked(data)
    held = [(first, first + nights) for number, (first, nights) in enumerate(spans, 1) if f"B{number}" not in twice]
    assert all(one is other or one[1] <= other[0] or other[1] <= one[0] for one in held for other in held)
    # No booking is left out without one that it overlaps.
    assert {overlap.second.booking_id for overlap in overlaps(data)} == twice


def test_a_double_booking_is_a_finding_and_no_second_sale() -> None:
    data = booked({}, {"booked_at": "2026-01-02T20:00:00Z", "gross_cents": 33_000})
    found = {one.finding_id: one for one in judgement.evaluate(data, (), rulebook.shipped())}
    finding = found["stays_double_booked"]
    assert (finding.outcome, finding.severity, finding.at_stake_cents) == ("fires", "high", 33_000)
    assert finding.reason == "Sold twice: House on Mar 1, 2026."

    assert value_of(data, "marketing", "channel_bookings", channel="ota") == 1


# A share of the agencies counts sales: what was sold for money, each once.
@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 2),
        ({"status": "no_show"}, 1),
        ({"status": "cancelled"}, 1),
        ({"discount_cents": 30_000}, 1),
        ({"status": "quoted"}, 1),
        ({"service_start": "2026-03-01T23:00:00Z", "service_end": "2026-03-02T18:00:00Z"}, 1),
    ],
)
def test_what_a_channel_sold(change: dict[str, object], count: int) -> None:
    later = {"service_start": "2026-03-10T23:00:00Z", "service_end": "2026-03-12T18:00:00Z"}
    data = booked({}, later | {"booked_at": "2026-01-02T20:00:00Z"} | change)
    assert value_of(data, "marketing", "channel_bookings") == count


def test_no_booking_on_record_is_no_channel_with_none() -> None:
    data = booked({})
    empty = context("2026-05-01", **{**data.tables, "booking": data.tables["booking"].head(0)})
    assert value_of(empty, "marketing", "channel_bookings") is None
