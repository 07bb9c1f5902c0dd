"""Delivered vessels whose owners would charter them out, and the captains who could sail them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.cut import Cut
from executive_suite.metrics.delivery.idle import NEEDS_CHARTERS, Placeable, idle_captains, placeable_in
from executive_suite.metrics.delivery.jobs import COLUMNS, completed, crew_scope, jobs, recent
from executive_suite.metrics.registry import metric

NO_VESSEL = "no vessel of a completed job is recorded (delivery.vessel_id, delivery.charter_days_offered)"


def offers(context: Context) -> Cut:
    """The latest completed job of each vessel in the latest twelve complete months, of those recorded."""
    done = recent(completed(jobs(context)))
    known = [job for job in done.rows if job.vessel_id is not None and job.charter_days_offered is not None]
    latest = {job.vessel_id: job for job in sorted(known, key=lambda job: (job.last, job.delivery_id))}
    return replace(done, rows=tuple(latest.values()), dimensions={})


@metric(
    "charter_vessels_placeable",
    "charter_vessel_days_placeable",
    "charter_vessel_value_placeable",
    needs={**NEEDS_CHARTERS, "delivery": (*COLUMNS, "vessel_id", "charter_days_offered")},
    otherwise=NO_VESSEL,
)
def _facts(context: Context) -> Iterator[Fact]:
    known = offers(context)
    if not len(known):
        return
    idle = idle_captains(context)
    year = next((window for window, _ in idle.windows(lambda day: day.date) if not window.period), None)
    found = placeable_in(year) if year else Placeable(0, 0, 0, ())
    offered = [job.charter_days_offered for job in known.rows if job.charter_days_offered > 0]
    days = min(sum(offered), found.left)
    placeable = Measure(days, reason=f"{sum(offered)} days offered, {found.left} captain-days left")
    if not len(idle):
        placeable = not_evaluable("table crew_availability has no day")
    own = replace(known, entity_id=crew_scope(known))
    for metric_id, measure in (
        ("charter_vessels_placeable", Measure(len(offered), reason=f"of {len(known)} recorded")),
        ("charter_vessel_days_placeable", placeable),
        ("charter_vessel_value_placeable", found.worth(days) if placeable.value is not None else placeable),
    ):
        inputs = {"delivery": known, "crew_availability": idle, "booking": found.charters}
        yield own.fact(metric_id, measure, inputs=inputs)
