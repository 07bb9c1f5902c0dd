"""What the accounting function has in place: its system and the milestones of each report's roadmap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from executive_suite.dataset.rows import any_assumed
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

SYSTEM = Definition(
    "accounting_system_deployed",
    "Accounting system deployed",
    "bool",
    "Whether the register of systems has one of category accounting with status deployed.",
    "COSO Internal Control - Integrated Framework (2013), principle 13",
    "higher",
)
DUE = Definition(
    "milestones_due",
    "Milestones on the roadmap",
    "count",
    "Milestones of a report's roadmap; those of the accounting report lead to profitability. Undivided: the "
    "accounting report's.",
    "Milestone plan",
)
SLIPPED = Definition(
    "milestones_slipped",
    "Milestones slipped",
    "count",
    "Milestones due before the report date and not achieved by then.",
    "Milestone plan",
    "zero",
)

STATUS = Definition(
    "milestone_status",
    "Milestone status",
    "text",
    "Achieved (before the report date), slipped (due before the report date and not achieved), or days to go.",
    "Milestone plan",
)

ROADMAP = "accounting"
NEEDS: Mapping[str, tuple[str, ...]] = {"milestone": ("milestone_id", "report", "due_on", "achieved_on")}


@metric(SYSTEM, needs={"system": ("category", "status")})
def _system(context: Context) -> Iterator[Fact]:
    systems = [row for row in context.rows("system") if row.category == "accounting"]
    deployed = any(
        row.status == "deployed" and ((since := row.get("since")) is None or since < context.report_date)
        for row in systems
    )
    yield context.fact("accounting_system_deployed", Measure(deployed), inputs={"system": len(systems)})


@metric(DUE, SLIPPED, needs=NEEDS)
def _milestones(context: Context) -> Iterator[Fact]:
    by_report = grouped(context.rows("milestone"), lambda row: row.report)
    for report, own in ({ROADMAP: ()} | by_report).items():
        slipped = [row for row in own if _slipped(row, context.report_date)]
        for metric_id, rows in (("milestones_due", own), ("milestones_slipped", slipped)):
            yield context.fact(
                metric_id,
                Measure(len(rows)),
                inputs={"milestone": len(own)},
                assumed=any_assumed(own),
                **({} if report == ROADMAP else {"report": report}),
            )


@metric(STATUS, needs={"milestone": (*NEEDS["milestone"], "title")})
def _status(context: Context) -> Iterator[Fact]:
    day = context.report_date
    for row in context.rows("milestone"):
        if _achieved(row, day):
            status = f"achieved {row.achieved_on}"
        elif _slipped(row, day):
            status = f"slipped by {(day - row.due_on).days} days"
        else:
            status = f"{(row.due_on - day).days} days to go"
        yield context.fact(
            "milestone_status",
            Measure(status),
            inputs={"milestone": 1},
            assumed=row.assumed,
            milestone=row.milestone_id,
            report=row.report,
            title=row.title,
            due_on=row.due_on.isoformat(),
            target=f"{row.text('target_metric')} {row.text('target_value')}".strip(),
        )


def _achieved(row: Any, day: date) -> bool:
    return row.achieved_on is not None and row.achieved_on < day


def _slipped(row: Any, day: date) -> bool:
    return row.due_on < day and not _achieved(row, day)
