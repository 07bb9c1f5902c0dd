"""The marketing plan's milestones in buckets of thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Why
from executive_suite.facts.measure import Measure
from executive_suite.metrics.accounting.roadmap import NEEDS, progress
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric

REPORT = "cmo"
BUCKETS = (30, 60, 90)
STATES = {Why.ACHIEVED: "done", Why.SLIPPED: "late", Why.AHEAD: "not due yet"}


def state(milestone: Any, day: date) -> str:
    """done, late or not due yet on a day; that it is not late is no praise, so no state says more."""
    return STATES[progress(milestone, day).why]


def bucket(days: int) -> str | None:
    """The thirty days in which a milestone falls due that is due in so many days; None when past or beyond ninety.

    >>> bucket(30), bucket(31), bucket(91), bucket(-1)
    ('30', '60', None, None)
    """
    return next((str(limit) for limit in BUCKETS if 0 <= days <= limit), None)


@metric("marketing_milestones_due", "marketing_milestone_days", needs=NEEDS)
def _due(context: Context) -> Iterator[Fact]:
    day = context.report_date
    plan = cut(context, "milestone", (row for row in context.rows("milestone") if row.report == REPORT))
    if not len(plan):
        return
    pending = plan.where(lambda m: state(m, day) != "done" and (m.due_on - day).days <= BUCKETS[-1])
    buckets = pending.by("bucket", lambda m: bucket((m.due_on - day).days), map(str, BUCKETS))
    for own in (pending, *buckets, *plan.by("state", lambda m: state(m, day), STATES.values())):
        yield own.fact("marketing_milestones_due", Measure(len(own)), inputs={"milestone": plan})
    for own in plan.by("milestone", lambda m: m.milestone_id):
        (milestone,) = own.rows
        yield own.fact(
            "marketing_milestone_days",
            Measure((milestone.due_on - day).days),
            title=milestone.text("title"),
            due_on=milestone.due_on.isoformat(),
            state=state(milestone, day),
            target=f"{milestone.text('target_metric')} {milestone.text('target_value')}".strip(),
        )
