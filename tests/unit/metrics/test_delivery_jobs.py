from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_rows import dataset, fact, job
from executive_suite.metrics import compute
from executive_suite.metrics.delivery.jobs import jobs
from executive_suite.metrics.delivery.quality import on_time
from typed_tables import Rows, context

JOBS: Rows = [
    job(1, "2026-03-10", "2026-03-12"),
    job(2, "2026-04-01", "2026-04-01", destination="La Paz", nautical_miles="880.5"),
    job(3, "2026-04-28", "2026-05-03", actual_end=None, status="under way"),
    job(4, "2026-06-01", "2026-06-02", actual_start=None, actual_end=None, status="planned"),
    job(5, "2026-04-02", "2026-04-03", actual_start=None, actual_end=None, status="cancelled"),
]


def test_the_register_by_state_with_cancelled_jobs_apart() -> None:
    data = dataset(JOBS)
    assert fact(data, "delivery_jobs").value == 4
    states = ("planned", "in_progress", "completed", "cancelled")
    assert [fact(data, "delivery_jobs", state=state).value for state in states] == [1, 1, 2, 1]
    assert fact(data, "delivery_jobs", lane="San Diego - Ensenada").value == 3
    assert fact(data, "delivery_jobs", "2026-04").value == 2


def test_a_job_that_ends_on_the_report_date_is_under_way() -> None:
    data = dataset([job(1, "2026-04-29", "2026-05-01")])
    assert fact(data, "delivery_jobs", state="in_progress").value == 1


# 10, 11 and 12 March are three days, 1 April is one: mean 2.
def test_miles_and_days_of_what_was_completed() -> None:
    data = dataset(JOBS)
    assert fact(data, "delivery_nautical_miles").value == Decimal("942.5")
    assert fact(data, "delivery_days").value == 2


def test_a_job_belongs_to_the_entity_of_its_booking_or_project() -> None:
    booked = job(1, "2026-04-01", "2026-04-02", booking_id="B1")
    data = dataset(
        [booked, job(2, "2026-04-05", "2026-04-06")],
        booking=[{"booking_id": "B1", "entity_id": "boats"}],
    )
    assert fact(data, "delivery_jobs", entity="boats").value == 2
    two = dataset(
        [booked, job(2, "2026-04-05", "2026-04-06")],
        booking=[{"booking_id": "B1", "entity_id": "boats"}],
        ledger=[{"project_id": "J2", "entity_id": "others"}],
    )
    assert fact(two, "delivery_jobs", entity="boats").value == 1
    assert fact(two, "delivery_jobs", entity="others").value == 1


def test_without_a_register_the_reason_is_given() -> None:
    (found,) = [f for f in compute(context("2026-05-01"), "delivery") if f.metric_id == "delivery_jobs"]
    assert (found.value, found.status, found.reason) == (None, "not_evaluable", "table delivery is absent")


# The catalogue of metrics: on time / completed; with fewer than five jobs the counts.
def test_few_jobs_have_counts_and_no_rate() -> None:
    found = fact(dataset([job(1, "2026-04-01", "2026-04-05"), job(2, "2026-04-07", "2026-04-09")]), "on_time_rate")
    assert (found.value, found.status) == (None, "not_applicable")
    assert found.reason.startswith("2 of 2 on time")


def test_punctuality_of_five_jobs() -> None:
    late = job(5, "2026-04-01", "2026-04-05", actual_end="2026-04-06")
    data = dataset([*(job(n, "2026-04-01", "2026-04-05") for n in range(1, 5)), late])
    assert fact(data, "on_time_rate").value == Decimal("0.8000000000")
    assert fact(data, "quote_accuracy", of="duration").value == Decimal("1.0400000000")  # 26 days of 25


@given(st.integers(0, 400), st.integers(0, 400))
def test_on_time_is_a_share_or_counts(in_time: int, finished: int) -> None:
    in_time = min(in_time, finished)
    found = on_time(in_time, finished)
    assert f"{in_time} of {finished}" in found.reason
    assert (found.value is None) == (finished < 5)
    assert found.value is None or 0 <= Decimal(str(found.value)) <= 1


def test_how_near_the_quotes_were() -> None:
    data = dataset(
        [
            job(1, "2026-04-01", "2026-04-02", quoted_cents=400_000, invoiced_cents=500_000),
            job(2, "2026-04-05", "2026-04-06", invoiced_cents=0),
        ]
    )
    assert fact(data, "quote_accuracy").value == Decimal("1.2500000000")


# Quoted 5,000: billed 4,500 and 4,000 collected; never billed; billed 200 above the quote; in dispute.
GAPS: Rows = [
    job(1, "2026-04-01", "2026-04-02", invoiced_cents=450_000, collected_cents=400_000),
    job(2, "2026-04-03", "2026-04-04", invoiced_cents=0, collected_cents=0),
    job(3, "2026-04-05", "2026-04-06", invoiced_cents=520_000, collected_cents=520_000),
    job(4, "2026-04-07", "2026-04-08", collected_cents=100_000, status="disputed"),
    job(5, "2026-06-07", "2026-06-08", actual_start=None, actual_end=None, invoiced_cents=0, status="planned"),
]


@pytest.mark.parametrize(
    ("dimensions", "cents"),
    [
        ({}, 50_000 + 500_000),
        ({"gap": "invoiced_not_collected"}, 50_000),
        ({"gap": "completed_not_invoiced"}, 500_000),
        ({"gap": "invoiced_above_quote"}, 20_000),
        ({"gap": "disputed"}, 400_000),
        ({"delivery": "J1"}, 50_000),
    ],
)
def test_billing_gaps(dimensions: dict[str, str], cents: int) -> None:
    assert fact(dataset(GAPS), "delivery_billing_gap", **dimensions).value == cents


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 9**7), st.integers(0, 9**7)), min_size=1, max_size=6))
def test_gap_and_overbilling_are_the_difference(cells: list[tuple[int, int]]) -> None:
    data = dataset(
        [
            job(n, "2026-04-01", "2026-04-02", quoted_cents=quoted, invoiced_cents=billed, collected_cents=billed)
            for n, (quoted, billed) in enumerate(cells)
        ]
    )
    short = fact(data, "delivery_billing_gap").value
    above = fact(data, "delivery_billing_gap", gap="invoiced_above_quote").value
    assert short - above == sum(quoted - billed for quoted, billed in cells)


# Ended on 2 April, invoiced on 12 April: 10 days; ended on 4 April and not invoiced: 27 days by 1 May.
def test_days_to_the_first_invoice() -> None:
    bill = {"direction": "ar", "status": "open", "booking_id": "B1"}
    data = dataset(
        [
            job(1, "2026-04-01", "2026-04-02", booking_id="B1"),
            job(2, "2026-04-03", "2026-04-04", booking_id="B2"),
        ],
        invoice=[
            {**bill, "issued_on": "2026-04-20"},
            {**bill, "issued_on": "2026-04-12"},
            {**bill, "issued_on": "2026-04-05", "status": "void"},
        ],
    )
    assert fact(data, "days_to_invoice").value == 10
    assert fact(data, "days_to_invoice", state="not_invoiced").value == 27


def test_a_job_invoiced_before_it_ended_does_not_hide_the_wait_for_another() -> None:
    # J1 was billed ten days after it ended, J2 as an advance ten days before: (10 + 0) / 2, not (10 - 10) / 2
    jobs = [job(n, "2026-04-11", "2026-04-11", booking_id=f"B{n}") for n in (1, 2)]
    bills = [
        {"direction": "ar", "issued_on": day, "status": "open", "booking_id": f"B{n}"}
        for n, day in ((1, "2026-04-21"), (2, "2026-04-01"))
    ]
    assert fact(dataset(jobs, invoice=bills), "days_to_invoice").value == 5


# A job that nobody began is not planned any more once its booking was canceled; one that sailed did sail.
def test_a_canceled_booking_cancels_a_job_that_was_not_begun() -> None:
    later = {"actual_start": None, "actual_end": None, "status": "planned"}
    begun = job(2, "2026-04-01", "2026-04-02", booking_id="B1")
    booking = {"booking_id": "B1", "entity_id": "yachts", "status": "cancelled", "cancelled_at": None}
    data = dataset([job(1, "2026-05-10", "2026-05-12", booking_id="B1", **later), begun], booking=[booking])
    assert [row.state for row in jobs(data).rows] == ["cancelled", "completed"]
