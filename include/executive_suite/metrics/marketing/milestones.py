"""The marketing plan's milestones in buckets of thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric

COLUMNS = ("milestone_id", "report", "due_on", "achieved_on")
REPORT = "cmo"
BUCKETS = (30, 60, 90)
STATES = ("done", "late", "on track")


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone of the marketing plan at the report date.

    Attributes:
        milestone_id: Its id.
        title: In a reader's words.
        due_on: The day it is due.
        days: Days from the report date to that day; below zero when past.
        state: done, late or on track.
        target: The metric and the value that it is measured by.
        assumed: Whether the row is marked ``assumed``.
    """

    milestone_id: str
    title: str
    due_on: date
    days: int
    state: str
    target: str
    assumed: bool

    @property
    def bucket(self) -> str:
        """The thirty days in which it falls due; ``later`` beyond ninety, empty when past."""
        if self.days < 0:
            return ""
        return next((str(limit) for limit in BUCKETS if self.days <= limit), "later")


def milestones(context: Context) -> tuple[Milestone, ...]:
    """The milestones of the marketing report, by due date and id.

    Raises:
        MissingInputError: the table or a column is absent.
    """
    today = context.report_date
    found = []
    for row in context.rows("milestone", *COLUMNS):
        if row.report == REPORT:
            done = row.achieved_on is not None and row.achieved_on < today
            state = "done" if done else "late" if row.due_on < today else "on track"
            target = f"{row.text('target_metric')} {row.text('target_value')}".strip()
            days = (row.due_on - today).days
            found.append(Milestone(row.milestone_id, row.text("title"), row.due_on, days, state, target, row.assumed))
    return tuple(sorted(found, key=lambda milestone: (milestone.due_on, milestone.milestone_id)))


@metric(
    Definition(
        "marketing_milestones_due",
        "Marketing milestones due",
        "count",
        "Milestones of the marketing plan that are not achieved and fall due within ninety days of the report date or "
        "are late; by bucket of thirty days, and by state (done, late, on track).",
        "Milestone planning, 30/60/90 days",
    ),
    Definition(
        "marketing_milestone_days",
        "Days to a marketing milestone",
        "days",
        "Days from the report date to the day the milestone is due; below zero when that has passed.",
        "Milestone planning, 30/60/90 days",
    ),
    needs={"milestone": COLUMNS},
)
def _due(context: Context) -> Iterator[Fact]:
    plan = cut(context, "milestone", milestones(context))
    pending = plan.where(lambda m: m.state != "done" and m.days <= BUCKETS[-1])
    inputs = {"milestone": len(plan)}
    buckets = pending.by("bucket", lambda m: m.bucket or None, map(str, BUCKETS))
    for own in (pending, *buckets, *plan.by("state", lambda m: m.state, STATES)):
        yield own.fact("marketing_milestones_due", Measure(len(own)), inputs=inputs)
    for milestone in plan.rows:
        yield replace(plan, rows=(milestone,)).fact(
            "marketing_milestone_days",
            Measure(milestone.days),
            milestone=milestone.milestone_id,
            title=milestone.title,
            due_on=milestone.due_on.isoformat(),
            state=milestone.state,
            target=milestone.target,
        )
