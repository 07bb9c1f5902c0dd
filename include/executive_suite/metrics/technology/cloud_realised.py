"""What closed recommendations did save: the resource's bill before, less its bill now."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import any_assumed, rows
from executive_suite.metrics.technology.cloud import COLUMNS, bill, dollars, exact, periods
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

DONE = "done"


def saved(costs: dict[tuple[str, Month], Decimal], resource: str, closed: Month, latest: Month | None) -> Measure:
    """Cost of a resource in the month before the one in which work on it closed, less that of the latest period.

    Args:
        costs: Billed cost by resource and billing period, US dollars; a missing key is zero.
        resource: The resource.
        closed: The month in which the recommendation was carried out.
        latest: The latest complete billing period whose bill names resources.

    >>> costs = {("vm", Month(2026, 1)): Decimal(14), ("vm", Month(2026, 3)): Decimal(4)}
    >>> saved(costs, "vm", Month(2026, 2), Month(2026, 3)).value
    '10.00'
    """
    if latest is None or latest <= closed:
        return not_applicable(f"no billing period after {closed} is complete yet")
    before, now = (costs.get((resource, month), Decimal(0)) for month in (closed + -1, latest))
    return Measure(dollars((before - now) * 100), reason=f"{closed + -1} less {latest}")


@metric(
    Definition(
        "cloud_realised_savings",
        "Realised cloud savings",
        "USD/month",
        "Billed cost of the resource in the month before the one in which its recommendation was carried out, less its "
        "cost in the latest complete billing period whose bill names resources; below zero when it costs more. "
        "Recommendations that name no resource are counted apart: what they saved cannot be told from the bill.",
        "FinOps Framework, Rate Optimization and Usage Optimization",
        "higher",
    ),
    needs={
        "cost_recommendation": ("rec_id", "resource_id", "status", "closed_on"),
        "focus_cost": (*COLUMNS, "ResourceId"),
    },
)
def _realised(context: Context) -> Iterator[Fact]:
    register = context.table("cost_recommendation").sort_values("rec_id")
    done = register[(register["status"] == DONE) & (register["closed_on"] < pd.Timestamp(context.report_date))]
    frame = bill(context)
    named = frame[frame["ResourceId"].notna()]
    months = named["BillingPeriodStart"].dt.strftime("%Y-%m")
    costs = {
        (str(resource), Month(int(str(label)[:4]), int(str(label)[5:]))): exact(charges["BilledCost"])
        for (resource, label), charges in named.groupby(["ResourceId", months])
    }
    # A bill that names no resource says nothing of what one costs now.
    told_of = {month for _, month in costs}
    latest = max((p.month for p in periods(context) if p.complete and p.month in told_of), default=None)
    total, told, known = Decimal(0), 0, {resource for resource, _ in costs}
    for row in rows(done.drop_duplicates("resource_id").dropna(subset=["resource_id"])):
        resource = row.text("resource_id")
        if resource not in known:
            continue
        measure = saved(costs, resource, Month.of(row.on("closed_on")), latest)
        if measure.value is not None:
            told += 1
            total += Decimal(str(measure.value))
        yield context.fact(
            "cloud_realised_savings",
            measure,
            inputs={"cost_recommendation": 1},
            assumed=row.assumed,
            recommendation=row.text("rec_id"),
            resource=resource,
        )
    whole = Measure(dollars(total * 100), reason=f"told for {told} of {len(done)} carried out")
    if done.empty:
        whole = not_applicable("no recommendation was carried out")
    elif not told:
        whole = not_evaluable(
            "no recommendation carried out names a resource whose bill before and after is known "
            "(cost_recommendation.resource_id, focus_cost.ResourceId)"
        )
    inputs = {"cost_recommendation": len(done), "focus_cost": len(named)}
    yield context.fact("cloud_realised_savings", whole, inputs=inputs, assumed=any_assumed(done))
