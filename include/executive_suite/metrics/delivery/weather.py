"""Days that jobs lost to weather, and what went wrong under way."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import ratio, rounded
from executive_suite.metrics.cut import Cut
from executive_suite.metrics.delivery.jobs import COLUMNS, NO_JOBS, done_by_entity
from executive_suite.metrics.delivery.quality import FEWEST
from executive_suite.metrics.registry import metric

NONE = "no job completed"


def incident_rate(incidents: int, done: int) -> Measure:
    """Incidents per job; for few jobs the counts instead.

    >>> incident_rate(2, 8).value
    Decimal('0.2500000000')
    >>> incident_rate(1, 4).reason
    'incidents: 1, jobs: 4; fewer than 5 completed jobs'
    """
    counts = f"incidents: {incidents}, jobs: {done}"
    if done < FEWEST:
        return not_applicable(f"{counts}; fewer than {FEWEST} completed jobs")
    return qualified(ratio(incidents, done, otherwise=""), counts)


@metric(
    "delivery_weather_days", "delivery_weather_share", needs={"delivery": (*COLUMNS, "weather_days")}, otherwise=NO_JOBS
)
def _weather(context: Context) -> Iterator[Fact]:
    for done in done_by_entity(context):
        known = done.where(lambda job: job.weather_days is not None)
        lost = known.sum("weather_days")
        timed = known.where(lambda job: job.days is not None)
        share = ratio(timed.sum("weather_days"), timed.sum("days"), otherwise="no job has its first and last day")
        days = Measure(rounded(lost, 1))
        yield known.fact("delivery_weather_days", _of_known(days, known, done, "weather_days"))
        yield known.fact("delivery_weather_share", _of_known(share, known, done, "weather_days"))


@metric("delivery_incident_rate", needs={"delivery": (*COLUMNS, "incidents")}, otherwise=NO_JOBS)
def _incidents(context: Context) -> Iterator[Fact]:
    for done in done_by_entity(context):
        known = done.where(lambda job: job.incidents is not None)
        rate = incident_rate(known.sum("incidents"), len(known))
        yield known.fact("delivery_incident_rate", _of_known(rate, known, done, "incidents"))


def _of_known(measure: Measure, known: Cut, done: Cut, column: str) -> Measure:
    """The measure with the number of jobs that it leaves out; none when nothing is recorded."""
    if not len(done):
        return not_applicable(NONE)
    if not len(known):
        return not_evaluable(f"column delivery.{column} is blank for every completed job")
    left_out = len(done) - len(known)
    return qualified(measure, f"not recorded for {left_out} of {len(done)} jobs" if left_out else "")
