"""Days that jobs lost to weather, and what went wrong under way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import exact, ratio, rounded
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.delivery.jobs import COLUMNS, COMPLETED, NO_JOBS, jobs, spread
from executive_suite.metrics.delivery.quality import FEWEST
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.registry import metric

NONE = "no job completed"

WEATHER_DAYS = Definition(
    "delivery_weather_days",
    "Weather days",
    "days",
    "Days that completed jobs lost to weather (delivery.weather_days), in all and over the latest twelve complete "
    "months. Jobs for which nothing is recorded are left out and counted.",
    "Marine transport practice (weather delay)",
    "lower",
)
WEATHER_SHARE = Definition(
    "delivery_weather_share",
    "Share of days lost to weather",
    "ratio",
    "Weather days / days under way (first to last, both in), over the same jobs.",
    "Marine transport practice (weather delay)",
    "lower",
)
INCIDENT_RATE = Definition(
    "delivery_incident_rate",
    "Incident rate",
    "ratio",
    "Incidents (damage, injury, breakdown: delivery.incidents) / completed jobs for which they are recorded. Fewer "
    "than 5 such jobs: n/a, with the counts instead.",
    "Operations practice (incident rate per job)",
    "lower",
)


def incident_rate(incidents: int, done: int) -> Measure:
    """Incidents a job; the counts instead of a rate when there are few jobs.

    >>> incident_rate(2, 8).value
    Decimal('0.2500000000')
    >>> incident_rate(1, 4).reason
    'incidents: 1, jobs: 4; fewer than 5 completed jobs'
    """
    counts = f"incidents: {incidents}, jobs: {done}"
    if done < FEWEST:
        return not_applicable(f"{counts}; fewer than {FEWEST} completed jobs")
    return qualified(ratio(incidents, done, otherwise=""), counts)


@metric(WEATHER_DAYS, WEATHER_SHARE, needs={"delivery": (*COLUMNS, "weather_days")})
def weather(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _weather(context), ("delivery_weather_days", "delivery_weather_share"), NO_JOBS)


def _weather(context: Context) -> Iterator[Fact]:
    for entity_id, rows in by_entity(jobs(context)):
        for window, done in spread(context, rows[rows["state"] == COMPLETED]):
            told = done[done["weather_days"].notna()]
            lost = sum((exact(text) for text in told["weather_days"]), exact(0))
            under_way = int(((told["actual_end"] - told["actual_start"]).dt.days + 1).sum())
            days, share = Measure(rounded(lost, 1)), ratio(lost, under_way, otherwise=NONE)
            for metric_id, measure in (("delivery_weather_days", days), ("delivery_weather_share", share)):
                yield context.fact(
                    metric_id,
                    _told(measure, told, done, "weather_days"),
                    entity_id=entity_id,
                    inputs={"delivery": len(told)},
                    assumed=any_assumed(told),
                    **window,
                )


@metric(INCIDENT_RATE, needs={"delivery": (*COLUMNS, "incidents")})
def incidents(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _incidents(context), ("delivery_incident_rate",), NO_JOBS)


def _incidents(context: Context) -> Iterator[Fact]:
    for entity_id, rows in by_entity(jobs(context)):
        for window, done in spread(context, rows[rows["state"] == COMPLETED]):
            told = done[done["incidents"].notna()]
            rate = incident_rate(int(told["incidents"].sum()), len(told))
            yield context.fact(
                "delivery_incident_rate",
                _told(rate, told, done, "incidents"),
                entity_id=entity_id,
                inputs={"delivery": len(told)},
                assumed=any_assumed(told),
                **window,
            )


def _told(measure: Measure, told: pd.DataFrame, done: pd.DataFrame, column: str) -> Measure:
    """The measure with the jobs that it leaves out; none when nothing is recorded."""
    if done.empty:
        return not_applicable(NONE)
    if told.empty:
        return not_evaluable(f"column delivery.{column} is blank for every completed job")
    left_out = len(done) - len(told)
    return qualified(measure, f"not recorded for {left_out} of {len(done)} jobs" if left_out else "")
