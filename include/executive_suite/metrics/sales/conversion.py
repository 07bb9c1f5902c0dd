"""How often and how fast opportunities are won, by the date on which they closed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, ratio, rounded
from executive_suite.metrics.frames import local_days_of
from executive_suite.metrics.registry import metric
from executive_suite.metrics.sales.pipeline import CLOSED, latest

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

WINDOW_MONTHS = 12
LEAST_CLOSED = 5
"""Fewer closed opportunities than this are shown as counts: a rate of three says nothing."""


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


def cycle(days: list[int]) -> Measure:
    """Median days from creation to close; not applicable below five closed.

    >>> cycle([10, 20, 30, 41, 100, 50]).value
    Decimal('35.50')
    """
    if len(days) < LEAST_CLOSED:
        return not_applicable(f"{len(days)} closed: fewer than {LEAST_CLOSED}")
    return Measure(rounded(Decimal(str(median(days))), CENT_HUNDREDTH))


@metric(
    Definition(
        "win_rate",
        "Win rate",
        "ratio",
        "Won over won and lost, of opportunities that closed in the twelve months before the report date; open "
        "ones are left out. Below five closed only the counts are shown.",
        "Sales-operations convention (close-date cohort)",
        "higher",
    ),
    Definition(
        "sales_cycle_days",
        "Sales cycle",
        "days",
        "Median days from creation to close, of opportunities that closed in the twelve months before the report date. "
        "Below five closed only the count is shown.",
        "Sales-operations convention (close-date cohort)",
        "lower",
    ),
    needs={"opportunity": ("opp_id", "valid_from", "stage", "created_at")},
)
def _conversion(context: Context) -> Iterator[Fact]:
    frame, days = _closed(context)
    entities = sorted(set(frame["entity_id"].dropna()) - {GROUP}) if "entity_id" in frame.columns else []
    for entity in (GROUP, *entities):
        own = frame if entity == GROUP else frame[frame["entity_id"] == entity]
        own_days = days[own.index]
        is_won = own["stage"] == "won"
        won, lost = int(is_won.sum()), int((~is_won).sum())
        inputs = {"opportunity": len(own)}
        yield context.fact("win_rate", win_rate(won, lost), inputs=inputs, entity_id=entity)
        yield context.fact("sales_cycle_days", cycle([int(d) for d in own_days]), inputs=inputs, entity_id=entity)
        if entity == GROUP:
            for stage, those in (("won", own_days[is_won]), ("lost", own_days[~is_won])):
                inputs = {"opportunity": len(those)}
                measure = cycle([int(d) for d in those])
                yield context.fact("sales_cycle_days", measure, inputs=inputs, stage=stage)


def _closed(context: Context) -> tuple[pd.DataFrame, pd.Series[int]]:
    """Opportunities that closed in the twelve months before the report date, and the days that each took."""
    frame = latest(context)
    closed_on = local_days_of(context, frame, "valid_from")
    first = pd.Timestamp(context.report_date) - pd.DateOffset(months=WINDOW_MONTHS)
    chosen = frame["stage"].isin(CLOSED) & (closed_on >= first)
    frame, closed_on = frame[chosen], closed_on[chosen]
    return frame, (closed_on - local_days_of(context, frame, "created_at")).dt.days


def won_in_days(context: Context) -> Decimal | None:
    """Median days in which the opportunities of the last twelve months were won; None below five.

    Raises:
        MissingInputError: opportunity or a column of it is absent.
    """
    context.table("opportunity", "opp_id", "valid_from", "stage", "created_at")
    frame, days = _closed(context)
    measure = cycle([int(d) for d in days[frame["stage"] == "won"]])
    return measure.value if isinstance(measure.value, Decimal) else None
