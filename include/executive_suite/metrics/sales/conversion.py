"""How often and how fast opportunities are won, by the date on which they closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import median, ratio
from executive_suite.metrics.cut import units
from executive_suite.metrics.registry import metric
from executive_suite.metrics.sales.pipeline import CLOSED, latest
from executive_suite.period import year_before

NEEDS = ("opp_id", "valid_from", "entity_id", "stage", "created_at")
LEAST_CLOSED = 5
"""Fewer closed opportunities are shown as counts: a rate of three would mean little."""


@dataclass(frozen=True, slots=True)
class Closed:
    """An opportunity that was won or lost.

    Attributes:
        days: From creation to close.
    """

    entity_id: str
    stage: str
    days: int
    row: Any = field(default=None, compare=False, repr=False)


def closed(context: Context) -> tuple[Closed, ...]:
    """Opportunities that closed in the twelve months before the report date."""
    context.table("opportunity", *NEEDS)
    found = []
    for row in latest(context):
        closed_on = context.local_day(row.valid_from, row.entity_id)
        if row.stage in CLOSED and closed_on >= year_before(context.report_date):
            days = (closed_on - context.local_day(row.created_at, row.entity_id)).days
            found.append(Closed(row.entity_id, row.stage, days, row))
    return tuple(found)


def win_rate(won: int, lost: int) -> Measure:
    """Won over won and lost; not applicable below five closed.

    Source: sales-operations convention.

    >>> win_rate(3, 9).value
    Decimal('0.2500000000')
    >>> win_rate(1, 2).reason
    '1 won of 3 closed: fewer than 5'
    """
    if won + lost < LEAST_CLOSED:
        return not_applicable(f"{won} won of {won + lost} closed: fewer than {LEAST_CLOSED}")
    return ratio(won, won + lost, "none closed")


def cycle(deals: Iterable[Closed], *stages: str) -> Measure:
    """Median days from creation to close of the deals in some stages; not applicable below five."""
    days = [deal.days for deal in deals if deal.stage in stages]
    if len(days) < LEAST_CLOSED:
        return not_applicable(f"{len(days)} closed: fewer than {LEAST_CLOSED}")
    return Measure(median(days))


def won_in_days(context: Context) -> Decimal | None:
    """Median days in which the opportunities of the last twelve months were won; None below five."""
    value = cycle(closed(context), "won").value
    return value if isinstance(value, Decimal) else None


@metric("win_rate", "sales_cycle_days", needs={"opportunity": NEEDS})
def _conversion(context: Context) -> Iterator[Fact]:
    for entity, deals in units(context, closed(context)).items():
        won = sum(deal.stage == "won" for deal in deals)
        yield from context.facts(
            {"win_rate": win_rate(won, len(deals) - won), "sales_cycle_days": cycle(deals, *CLOSED)},
            inputs={"opportunity": deals},
            entity_id=entity,
        )
        for stage in CLOSED if entity == GROUP else ():
            inputs = {"opportunity": [deal for deal in deals if deal.stage == stage]}
            yield context.fact("sales_cycle_days", cycle(deals, stage), inputs=inputs, stage=stage)
