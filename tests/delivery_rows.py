"""Rows of delivery jobs for tests of their metrics."""

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from typed_tables import Rows, context, facts_of, typed


def job(number: int, first: str, last: str, **more: object) -> dict[str, object]:
    return {
        "delivery_id": f"J{number}",
        "booking_id": None,
        "client_id": f"client-{number}",
        "origin": "San Diego",
        "destination": "Ensenada",
        "nautical_miles": "62",
        "quoted_cents": 500_000,
        "invoiced_cents": 500_000,
        "collected_cents": 500_000,
        "planned_start": first,
        "planned_end": last,
        "actual_start": first,
        "actual_end": last,
        "status": "completed",
        **more,
    }


def hand(number: int, person: str, role: str, days: str, rate: int = 30_000) -> dict[str, object]:
    crew = {"delivery_id": f"J{number}", "person_id": person, "role": role, "days": days}
    return {**crew, "day_rate_cents": rate, "qualified": True}


def free(person: str, role: str, *days: str) -> Rows:
    return [{"person_id": person, "date": day, "role": role, "available": True} for day in days]


def dataset(jobs: Rows, report_date: str = "2026-05-01", **tables: Rows) -> Context:
    return context(
        report_date,
        delivery=typed("delivery", jobs),
        **{name: typed(name, rows) for name, rows in tables.items()},
    )


def fact(data: Context, metric_id: str, period: str = "", entity: str = "group", **dimensions: str) -> Fact:
    (found,) = [
        f
        for f in facts_of(data, "delivery", metric_id)
        if (f.entity_id, f.period) == (entity, period or data.report_date.isoformat()) and f.dimensions == dimensions
    ]
    return found
