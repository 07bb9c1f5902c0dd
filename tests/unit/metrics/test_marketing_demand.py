"""Demand by month: what was asked and booked in each month, through which channel, and what it is worth."""

from __future__ import annotations

from executive_suite.dataset.context import Context
from typed_tables import context, facts_of, typed

BOOKING = ("booking_id", "entity_id", "channel_id", "booked_at", "status", "gross_cents", "discount_cents")
LEAD = ("opp_id", "valid_from", "entity_id", "channel_id", "stage", "created_at")


def booked(*rows: tuple[str, str, str, int, int]) -> Context:
    """Day, channel, status, gross and discount."""
    made = [
        {
            "booking_id": f"B{number}",
            "entity_id": "co",
            "channel_id": channel,
            "booked_at": f"{day}T20:00:00Z",
            "status": status,
            "gross_cents": gross,
            "discount_cents": discount,
        }
        for number, (day, channel, status, gross, discount) in enumerate(rows)
    ]
    return context("2026-05-01", booking=typed("booking", made, BOOKING))


def by_month(run: Context, metric_id: str, channel: str | None = None) -> dict[str, object]:
    wanted = {} if channel is None else {"channel": channel}
    return {f.period: f.value for f in facts_of(run, "marketing", metric_id) if f.dimensions == wanted}


def test_bookings_count_in_the_month_in_which_they_were_made_and_canceled_ones_do_not() -> None:
    run = booked(
        ("2026-02-10", "site", "completed", 10_000, 1_000),
        ("2026-02-28", "phone", "confirmed", 5_000, 0),
        ("2026-04-30", "site", "confirmed", 7_000, 0),
        ("2026-04-02", "site", "cancelled", 9_000, 0),
        ("2026-04-02", "site", "quoted", 9_000, 0),
    )
    assert by_month(run, "bookings_sold") == {"2026-02": 2, "2026-03": 0, "2026-04": 1}
    assert by_month(run, "bookings_value") == {"2026-02": 14_000, "2026-03": 0, "2026-04": 7_000}
    assert by_month(run, "bookings_sold", "site") == {"2026-02": 1, "2026-04": 1}
    assert by_month(run, "bookings_value", "phone") == {"2026-02": 5_000}


def test_the_channels_of_a_month_are_all_of_it() -> None:
    run = booked(*((f"2026-0{1 + n % 4}-05", f"c{n % 3}", "confirmed", 1_000 + n, 0) for n in range(20)))
    for metric_id in ("bookings_sold", "bookings_value"):
        for month, whole in by_month(run, metric_id).items():
            parts = [by_month(run, metric_id, f"c{n}").get(month, 0) for n in range(3)]
            assert sum(parts) == whole  # type: ignore[arg-type]


def test_a_lead_counts_once_in_the_month_in_which_it_came() -> None:
    rows = [
        ("O1", "2026-02-03", "lead", "2026-02-03", "site"),
        ("O1", "2026-03-09", "lost", "2026-02-03", "site"),
        ("O2", "2026-04-01", "won", "2026-03-20", None),
    ]
    made = [
        {
            "opp_id": opp,
            "valid_from": f"{since}T20:00:00Z",
            "entity_id": "co",
            "channel_id": channel,
            "stage": stage,
            "created_at": f"{created}T20:00:00Z",
        }
        for opp, since, stage, created, channel in rows
    ]
    run = context("2026-05-01", opportunity=typed("opportunity", made, LEAD))
    assert by_month(run, "leads") == {"2026-02": 1, "2026-03": 1, "2026-04": 0}
    assert by_month(run, "leads", "site") == {"2026-02": 1}
    assert by_month(run, "leads", "") == {"2026-03": 1}


def test_no_booking_on_record_is_no_month_without_one() -> None:
    run = context("2026-05-01", booking=typed("booking", [], BOOKING))
    (fact,) = facts_of(run, "marketing", "bookings_sold")
    assert fact.value is None
    assert fact.status == "not_evaluable"
