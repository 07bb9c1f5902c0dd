"""What the accounting function has in place: its system, and the milestones of the roadmap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
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

ROADMAP = "accounting"


@metric(SYSTEM, needs={"system": ("category", "status")})
def system_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    systems = context.table("system")
    chosen = systems[systems["category"] == "accounting"]
    deployed = chosen["status"] == "deployed"
    if "since" in chosen.columns:
        deployed &= chosen["since"].isna() | (chosen["since"] < pd.Timestamp(context.report_date))
    yield context.fact(
        "accounting_system_deployed", Measure(value=bool(deployed.any())), inputs={"system": len(chosen)}
    )


@metric(DUE, SLIPPED, needs={"milestone": ("milestone_id", "report", "due_on", "achieved_on")})
def milestone_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    milestones = context.table("milestone")
    day = pd.Timestamp(context.report_date)
    achieved = milestones["achieved_on"].notna() & (milestones["achieved_on"] < day)
    slipped = (milestones["due_on"] < day) & ~achieved
    assumed = (
        milestones["assumed"].astype("boolean").fillna(value=False)
        if "assumed" in milestones.columns
        else pd.Series(data=False, index=milestones.index)
    )
    for report in sorted({ROADMAP, *milestones["report"]}):
        own = milestones["report"] == report
        dimensions = {} if report == ROADMAP else {"report": str(report)}
        marked = bool(assumed[own].any())
        for metric_id, count in (("milestones_due", own), ("milestones_slipped", own & slipped)):
            yield context.fact(
                metric_id,
                Measure(int(count.sum())),
                inputs={"milestone": int(own.sum())},
                assumed=marked,
                **dimensions,
            )
