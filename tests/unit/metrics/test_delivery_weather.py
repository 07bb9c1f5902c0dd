"""Weather, incidents, estimates and vessels of delivery jobs, each worked by hand."""

from decimal import Decimal

import pytest

from delivery_rows import dataset, fact, free, hand, job
from executive_suite.dataset.context import Context
from typed_tables import Rows, context

CREW: Rows = [hand(n, "c", "captain", "5", 10_000) for n in range(1, 6)]
ACCOUNTS: Rows = [{"account": "5400", "name": "Job costs", "type": "expense"}]


def five(**more: object) -> list[dict[str, object]]:
    """Five jobs of five days each, 25 days under way."""
    return [job(n, f"2026-04-{5 * n - 4:02d}", f"2026-04-{5 * n:02d}", **more) for n in range(1, 6)]


# 1.5 + 0 + 0.5 + 0 + 0 days lost in 25 under way: 2 days, 8 %; three incidents on five jobs: 0.6 a job.
def test_weather_days_and_incidents() -> None:
    jobs = five(weather_days="0", incidents=0)
    jobs[0] |= {"weather_days": "1.5", "incidents": 2}
    jobs[2] |= {"weather_days": "0.5", "incidents": 1}
    data = dataset(jobs)
    assert fact(data, "delivery_weather_days").value == 2
    assert fact(data, "delivery_weather_share").value == Decimal("0.08")
    assert fact(data, "delivery_incident_rate").value == Decimal("0.6")


def test_jobs_without_a_record_are_left_out_and_counted_and_few_have_no_rate() -> None:
    jobs = five(weather_days=None, incidents=None)
    jobs[0] |= {"weather_days": "1", "incidents": 1}
    data = dataset(jobs)
    share = fact(data, "delivery_weather_share")
    assert (share.value, share.reason) == (Decimal("0.2"), "not recorded for 4 of 5 jobs")
    rate = fact(data, "delivery_incident_rate")
    assert (rate.value, rate.status) == (None, "not_applicable")
    assert rate.reason.startswith("incidents: 1, jobs: 1")


@pytest.mark.parametrize(
    ("metric_id", "column"),
    [
        ("delivery_weather_days", "weather_days"),
        ("delivery_incident_rate", "incidents"),
        ("cost_estimate_accuracy", "estimated_cost_cents"),
        ("charter_vessels_placeable", "vessel_id"),
    ],
)
def test_a_register_without_the_column_names_it(metric_id: str, column: str) -> None:
    tables: dict[str, Rows] = {"delivery_crew": CREW, "ledger": [LINE], "account": ACCOUNTS, "asset": [VESSEL]}
    data = dataset(five(), **tables, crew_availability=free("c", "captain", "2026-04-01"), booking=[trip("2026-04-01")])
    found = fact(data, metric_id)
    assert found.status == "not_evaluable"
    assert f"delivery.{column}" in found.reason
    blank = dataset(
        [row | {column: None} for row in five(charter_days_offered=1 if column == "vessel_id" else None)],
        **tables,
        crew_availability=free("c", "captain", "2026-04-01"),
        booking=[trip("2026-04-01")],
    )
    assert fact(blank, metric_id).status == "not_evaluable"
    assert f"delivery.{column}" in fact(blank, metric_id).reason


LINE = {
    "txn_id": "T1",
    "entity_id": "boats",
    "account": "5400",
    "amount_cents": 40_000,
    "project_id": "J1",
    "memo": "fuel",
}


# Job order costing: each job has five captain-days of 100.00; J1 also 400.00 of fuel: 900.00 and four times 500.00.
# Estimated at 800.00 for J1 and 500.00 for J2 the two came to 1,400.00 of 1,300.00.
def test_actual_cost_against_the_estimate() -> None:
    jobs = five(estimated_cost_cents=None)
    jobs[0]["estimated_cost_cents"], jobs[1]["estimated_cost_cents"] = 80_000, 50_000
    data = dataset(jobs, delivery_crew=CREW, ledger=[LINE], account=ACCOUNTS)
    found = fact(data, "cost_estimate_accuracy")
    assert (found.value, found.reason) == (Decimal("1.0769230769"), "no estimate for 3 of 5 jobs")
    assert fact(data, "cost_estimate_accuracy", delivery="J1").value == Decimal("1.125")


VESSEL = {"asset_id": "A", "entity_id": "boats", "asset_class": "vessel"}


LESS = dict.fromkeys(("discount_cents", "platform_fee_cents", "variable_cost_cents"), 0)


def trip(day: str) -> dict[str, object]:
    at = {"service_start": f"{day}T18:00:00Z", "service_end": f"{day}T22:00:00Z", "status": "completed"}
    return {"booking_id": f"B-{day}", "entity_id": "boats", **at, "gross_cents": 150_000, **LESS}


def fleet(**offers: tuple[str, int | None]) -> Context:
    """A captain who is free on ten days of April and on jobs on none; one charter sails on one of those days."""
    jobs = [
        job(n, first, first, vessel_id=vessel, charter_days_offered=days)
        for n, (vessel, (first, days)) in enumerate(offers.items(), 1)
    ]
    return dataset(
        jobs,
        delivery_crew=[hand(1, "other", "captain", "1")],
        crew_availability=free("c", "captain", *(f"2026-04-{day:02d}" for day in range(1, 11))),
        asset=[VESSEL],
        booking=[trip("2026-04-03")],
    )


def test_vessels_that_could_charter_take_no_captain_day_twice() -> None:
    # ten idle captain-days, one of them placeable on the group's own charter: nine are left for 4 + 8 days offered
    data = fleet(sloop=("2026-03-02", 4), ketch=("2026-03-09", 8), yawl=("2026-03-16", 0))
    vessels = fact(data, "charter_vessels_placeable")
    assert (vessels.value, vessels.reason) == (2, "of 3 recorded")
    assert fact(data, "charter_days_placeable").value == 1
    assert fact(data, "charter_vessel_days_placeable").value == 9
    assert fact(data, "charter_vessel_value_placeable").value == 9 * 150_000
    few = fleet(sloop=("2026-03-02", 4))
    assert fact(few, "charter_vessel_days_placeable").value == 4


def test_the_latest_job_of_a_vessel_says_what_its_owner_offers_and_old_jobs_say_nothing() -> None:
    jobs = [
        job(1, "2025-04-30", "2025-04-30", vessel_id="old", charter_days_offered=30),
        job(2, "2026-02-01", "2026-02-02", vessel_id="sloop", charter_days_offered=9),
        job(3, "2026-04-01", "2026-04-02", vessel_id="sloop", charter_days_offered=2),
    ]
    data = dataset(
        jobs,
        delivery_crew=[hand(1, "other", "captain", "1")],
        crew_availability=free("c", "captain", *(f"2026-04-{day:02d}" for day in range(1, 11))),
        asset=[VESSEL],
        booking=[trip("2026-04-30")],
    )
    assert fact(data, "charter_vessels_placeable").value == 1
    assert fact(data, "charter_vessel_days_placeable").value == 2


def test_without_a_register_the_table_is_named() -> None:
    assert fact(context("2026-05-01"), "delivery_weather_days").reason == "table delivery is absent"
