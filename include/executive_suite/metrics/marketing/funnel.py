"""The funnel, step by step and month by month: where people stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months, last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("entity_id", "step_no", "step", "date", "count")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an entity's funnel in one month.

    Attributes:
        entity_id: Whose funnel.
        month: Complete calendar month.
        step_no: Place in the funnel, from 1.
        step: Its name.
        count: People who took it.
        previous: People who took the step before; None for the first step.
        previous_step: Name of the step before; empty for the first.
        rows: Input rows.
    """

    entity_id: str
    month: Month
    step_no: int
    step: str
    count: int
    previous: int | None
    previous_step: str
    rows: int

    @property
    def broken(self) -> bool:
        """Nobody took it although somebody took the step before."""
        return self.count == 0 and self.previous is not None and self.previous > 0


def steps(context: Context, month: Month) -> tuple[Step, ...]:
    """The steps of every funnel in a month, by entity and place.

    A step that the entity's funnel had in the month before, or has in this one, is in it: exports leave out days on
    which nobody came, so one without a row counts nobody, as long as another step of the entity has rows.

    Raises:
        MissingInputError: the table or a column is absent.
    """
    frame = context.table("funnel_event", *COLUMNS)
    first, after = pd.Timestamp(month.first), pd.Timestamp((month + 1).first)
    before = frame[(frame["date"] >= pd.Timestamp((month + -1).first)) & (frame["date"] < first)]
    frame = frame[(frame["date"] >= first) & (frame["date"] < after)]
    silent = before[before["entity_id"].isin(frame["entity_id"])].assign(count=0, rows=0)
    counted = pd.concat([silent, frame.assign(rows=1)], ignore_index=True)
    found: list[Step] = []
    for (entity, number), own in counted.groupby(["entity_id", "step_no"], sort=True, observed=True):
        previous = found[-1] if found and found[-1].entity_id == entity else None
        found.append(
            Step(
                entity_id=str(entity),
                month=month,
                step_no=int(str(number)),
                step=str(own["step"].iloc[-1]),
                count=int(own["count"].sum()),
                previous=previous.count if previous else None,
                previous_step=previous.step if previous else "",
                rows=int(own["rows"].sum()),
            )
        )
    return tuple(found)


def last_month(context: Context) -> tuple[Step, ...]:
    """The steps of the last complete month."""
    return steps(context, last_complete_month(context.report_date))


@metric(
    Definition(
        "funnel_step_conversion",
        "Funnel step conversion",
        "ratio",
        "People who took a step over people who took the step before, by complete month; not applicable when nobody "
        "took the step before. The undivided figure is the last step over the first.",
        "Standard funnel analysis",
        "higher",
    ),
    Definition(
        "funnel_step_count",
        "People in a funnel step",
        "count",
        "People who took a step of the funnel, by complete month.",
        "Standard funnel analysis",
        "higher",
    ),
    needs={"funnel_event": COLUMNS},
)
def _conversion(context: Context) -> Iterator[Fact]:
    for month in complete_months(context.report_date, MONTHS):
        own = steps(context, month)
        for step in own:
            measures = [("funnel_step_count", Measure(step.count))]
            if step.previous is not None:
                rate = ratio(step.count, step.previous, f"nobody took the step before ({step.previous_step})")
                measures.append(("funnel_step_conversion", rate))
            for metric_id, measure in measures:
                yield context.fact(
                    metric_id,
                    measure,
                    inputs={"funnel_event": step.rows},
                    entity_id=step.entity_id,
                    period=str(month),
                    step=step.step,
                    step_no=str(step.step_no),
                )
        for entity in sorted({s.entity_id for s in own}):
            path = [s for s in own if s.entity_id == entity]
            measure = ratio(path[-1].count, path[0].count, f"nobody took the first step ({path[0].step})")
            yield context.fact(
                "funnel_step_conversion",
                measure,
                inputs={"funnel_event": sum(s.rows for s in path)},
                entity_id=entity,
                period=str(month),
            )
