"""The marketing plan's milestones in buckets of thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("milestone_id", "report", "due_on", "achieved_on")
REPORT = "cmo"
BUCKETS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone of the marketing plan at the report date.

    Attributes:
        milestone_id: Its id.
        title: In a reader's words.
        due_on: The day it is due.
        days: Days from the report date to then; below zero when past.
        state: done, late or on track.
        target: The metric and the value that it is measured by.
        assumed: Whether the row is marked so.
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
        MissingInputError: the table or a column of it is absent.
    """
    frame = context.table("milestone", *COLUMNS)
    found = []
    for row in rows(frame[frame["report"] == REPORT].sort_values(["due_on", "milestone_id"])):
        achieved, due = row.day("achieved_on"), row.on("due_on")
        done = achieved is not None and achieved < context.report_date
        state = "done" if done else "late" if due < context.report_date else "on track"
        found.append(
            Milestone(
                row.text("milestone_id"),
                row.text("title"),
                due,
                (due - context.report_date).days,
                state,
                f"{row.text('target_metric')} {row.text('target_value')}".strip(),
                row.assumed,
            )
        )
    return tuple(found)


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
    plan = milestones(context)
    pending = [m for m in plan if m.state != "done" and m.days <= BUCKETS[-1]]
    inputs = {"milestone": len(plan)}

    def fact(chosen: list[Milestone], **dimensions: str) -> Fact:
        assumed = any(m.assumed for m in chosen)
        return context.fact(
            "marketing_milestones_due", Measure(len(chosen)), inputs=inputs, assumed=assumed, **dimensions
        )

    yield fact(pending)
    for limit in BUCKETS:
        yield fact([m for m in pending if m.bucket == str(limit)], bucket=str(limit))
    for state in ("done", "late", "on track"):
        yield fact([m for m in plan if m.state == state], state=state)
    for milestone in plan:
        yield context.fact(
            "marketing_milestone_days",
            Measure(milestone.days),
            inputs={"milestone": 1},
            assumed=milestone.assumed,
            milestone=milestone.milestone_id,
            title=milestone.title,
            due_on=milestone.due_on.isoformat(),
            state=milestone.state,
            target=milestone.target,
        )
