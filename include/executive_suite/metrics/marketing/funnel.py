"""The funnel, step by step and month by month: where people stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import YEAR, Cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months, last_complete_month

COLUMNS = ("entity_id", "step_no", "step", "date", "count")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an entity's funnel in one month.

    Attributes:
        count: People who took it.
        previous: People who took the step before; None for the first step.
        previous_step: Name of the step before; empty for the first.
    """

    entity_id: str
    month: Month
    step_no: int
    step: str
    count: int
    previous: int | None
    previous_step: str
    rows: tuple[Any, ...]


def steps(context: Context, month: Month) -> tuple[Step, ...]:
    """The steps of every funnel in a month, by entity and place.

    A step that the entity's funnel had in the month before, or has in this one, belongs to it: exports leave out days
    without visitors, so a step without a row counts 0, as long as another step of the entity has rows.
    """
    months = _months(context)
    now, before = months.get(str(month), ()), months.get(str(month + -1), ())
    entities = {row.entity_id for row in now}
    places: dict[tuple[str, int], list[Any]] = {}
    for row in (*(row for row in before if row.entity_id in entities), *now):
        places.setdefault((row.entity_id, row.step_no), []).append(row)
    found: list[Step] = []
    for (entity, number), rows in sorted(places.items()):
        previous = found[-1] if found and found[-1].entity_id == entity else None
        counted = [row for row in rows if row.date >= month.first]
        found.append(
            Step(
                entity_id=entity,
                month=month,
                step_no=number,
                step=rows[-1].step,
                count=sum(row.count for row in counted),
                previous=previous.count if previous else None,
                previous_step=previous.step if previous else "",
                rows=tuple(counted),
            )
        )
    return tuple(found)


@per_context
def _months(context: Context) -> Mapping[str, tuple[Any, ...]]:
    return grouped(context.rows("funnel_event", *COLUMNS), lambda row: f"{row.date:%Y-%m}")


def last_month(context: Context) -> tuple[Step, ...]:
    """The steps of the last complete month."""
    return steps(context, last_complete_month(context.report_date))


@metric("funnel_step_conversion", "funnel_step_count", needs={"funnel_event": COLUMNS})
def _conversion(context: Context) -> Iterator[Fact]:
    for month in complete_months(context.report_date, YEAR):
        for entity, path in grouped(steps(context, month), lambda step: step.entity_id).items():
            own = Cut(context, "funnel_event", path, entity, str(month))
            first, last = path[0], path[-1]
            whole = ratio(last.count, first.count, f"nobody took the first step ({first.step})")
            inputs = {"funnel_event": [row for step in path for row in step.rows]}
            yield own.fact("funnel_step_conversion", whole, inputs=inputs, assumed=False)
            for step in path:
                inputs, of = {"funnel_event": step.rows}, {"step": step.step, "step_no": str(step.step_no)}
                yield own.fact("funnel_step_count", Measure(step.count), inputs=inputs, assumed=False, **of)
                if step.previous is not None:
                    rate = ratio(step.count, step.previous, f"nobody took the step before ({step.previous_step})")
                    yield own.fact("funnel_step_conversion", rate, inputs=inputs, assumed=False, **of)
