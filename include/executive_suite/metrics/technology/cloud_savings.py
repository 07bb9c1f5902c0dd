"""What open recommendations would save, and what those carried out saved: the bill before, less the bill now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology.cloud import COLUMNS, bill, complete_periods, periods, plain
from executive_suite.period import Month


def dollars(cents: Decimal) -> str:
    """Cents as dollars with two places.

    >>> dollars(Decimal(2500))
    '25.00'
    """
    return plain((cents / 100).quantize(Decimal("0.01"), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Saving:
    """What one recommendation, or the largest of several for one resource, would save per month.

    Attributes:
        cents: Counted saving.
        note: Why it is less than estimated; empty when it is not.
    """

    rec_id: str
    title: str
    cents: Decimal
    note: str
    assumed: bool


def _resource_costs(context: Context) -> Mapping[str, Decimal]:
    """Billed cost of each resource in the latest complete period, dollars; empty when the bill names none."""
    try:
        latest = complete_periods(context)[-1:]
    except MissingInputError:
        return {}
    return latest[0].resources if latest else {}


def open_savings(context: Context) -> tuple[Saving, ...]:
    """Open recommendations, one per known resource, each capped by what that resource costs; largest first."""
    day, costs = context.report_date, _resource_costs(context)
    register = [
        row
        for row in context.rows("cost_recommendation", "rec_id", "est_monthly_saving_cents", "status", "opened_on")
        # One closed on the report date or later was still open on it.
        if (row.status == "open" or (row.get("closed_on") or date.min) >= day) and row.opened_on < day
    ]
    found: list[Saving] = []
    first: dict[str, str] = {}
    for row in sorted(register, key=lambda row: (-row.est_monthly_saving_cents, row.rec_id)):
        resource, cents, note = row.get("resource_id"), Decimal(row.est_monthly_saving_cents), ""
        if resource is not None and first.setdefault(resource, row.rec_id) != row.rec_id:
            cents, note = Decimal(0), f"overlaps {first[resource]} on the same resource"
        elif resource in costs and (cap := max(costs[resource] * 100, Decimal(0))) < cents:
            cents, note = cap, "capped at the cost of the resource"
        found.append(Saving(row.rec_id, row.text("title") or row.rec_id, cents, note, row.assumed))
    return tuple(sorted(found, key=lambda saving: (-saving.cents, saving.rec_id)))


@metric(
    "cloud_open_savings", needs={"cost_recommendation": ("rec_id", "est_monthly_saving_cents", "status", "opened_on")}
)
def _savings(context: Context) -> Iterator[Fact]:
    savings = cut(context, "cost_recommendation", open_savings(context))
    total = sum((saving.cents for saving in savings.rows), Decimal(0))
    yield savings.fact("cloud_open_savings", Measure(dollars(total)))
    for own in savings.by("recommendation", lambda saving: saving.rec_id):
        (saving,) = own.rows
        yield own.fact("cloud_open_savings", Measure(dollars(saving.cents), reason=saving.note), title=saving.title)


def saved(costs: Mapping[Month, Decimal], closed: Month, latest: Month | None) -> Measure:
    """Cost of a resource in the month before the one in which work on it closed, less that of the latest period.

    Args:
        costs: Billed cost of the resource by billing period, US dollars; a missing period is zero.
        closed: The month in which the recommendation was carried out.
        latest: The latest complete billing period whose bill names resources.

    >>> saved({Month(2026, 1): Decimal(14), Month(2026, 3): Decimal(4)}, Month(2026, 2), Month(2026, 3)).value
    '10.00'
    """
    if latest is None or latest <= closed:
        return not_applicable(f"no billing period after {closed} is complete yet")
    before = closed + -1
    difference = costs.get(before, Decimal(0)) - costs.get(latest, Decimal(0))
    return Measure(dollars(difference * 100), reason=f"{before} less {latest}")


@metric(
    "cloud_realised_savings",
    needs={
        "cost_recommendation": ("rec_id", "resource_id", "status", "closed_on"),
        "focus_cost": (*COLUMNS, "ResourceId"),
    },
)
def _realised(context: Context) -> Iterator[Fact]:
    register = sorted(context.rows("cost_recommendation"), key=lambda row: row.rec_id)
    done = cut(
        context,
        "cost_recommendation",
        (r for r in register if r.status == "done" and r.closed_on is not None and r.closed_on < context.report_date),
    )
    billed = {period.month: period.resources for period in periods(context)}
    # A bill that names no resource does not show what one costs now.
    latest = max((p.month for p in periods(context) if p.complete and billed[p.month]), default=None)
    known = {resource for resources in billed.values() for resource in resources}
    total, measured = Decimal(0), 0
    first = {row.resource_id: row for row in reversed(done.rows)}
    for resource in sorted(known & first.keys()):
        costs = {month: resources[resource] for month, resources in billed.items() if resource in resources}
        measure = saved(costs, Month.of(first[resource].closed_on), latest)
        if measure.value is not None:
            measured += 1
            total += Decimal(str(measure.value))
        own = cut(context, "cost_recommendation", (first[resource],))
        yield own.fact("cloud_realised_savings", measure, recommendation=first[resource].rec_id, resource=resource)
    whole = Measure(dollars(total * 100), reason=f"told for {measured} of {len(done)} carried out")
    if not len(done):
        whole = not_applicable("no recommendation was carried out")
    elif not measured:
        whole = not_evaluable(
            "no recommendation carried out names a resource whose bill before and after is known "
            "(cost_recommendation.resource_id, focus_cost.ResourceId)"
        )
    named = sum(charge.ResourceId is not None for charge in bill(context))
    inputs = {"cost_recommendation": done, "focus_cost": named}
    yield done.fact("cloud_realised_savings", whole, inputs=inputs)
