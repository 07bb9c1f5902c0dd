"""How punctual jobs were, and how close to their quotes."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.delivery.jobs import COLUMNS, NO_JOBS, done_by_entity
from executive_suite.metrics.registry import metric

# Below this many jobs a percentage says less than the counts.
FEWEST = 5


def on_time(in_time: int, finished: int) -> Measure:
    """On-time rate; for few jobs the counts instead.

    >>> on_time(4, 5).value
    Decimal('0.8000000000')
    >>> on_time(3, 4).reason
    '3 of 4 on time; fewer than 5 completed jobs'
    """
    if finished < FEWEST:
        return not_applicable(f"{in_time} of {finished} on time; fewer than {FEWEST} completed jobs")
    counts = Qualifier(Why.COUNTED, in_time, finished)
    return qualified(ratio(in_time, finished, otherwise=""), f"{in_time} of {finished}", counts)


@metric(
    "on_time_rate",
    "quote_accuracy",
    needs={"delivery": (*COLUMNS, "quoted_cents", "invoiced_cents")},
    otherwise=NO_JOBS,
)
def _facts(context: Context) -> Iterator[Fact]:
    for done in done_by_entity(context):
        billed = done.where(lambda job: job.invoiced_cents > 0 and job.quoted_cents > 0)
        none = "no completed job was quoted and invoiced"
        timed = done.where(lambda job: job.days is not None and job.days_planned is not None)
        took, meant = timed.sum("days"), timed.sum("days_planned")
        in_time = sum(job.actual_end <= job.planned_end for job in done.rows)
        yield done.fact("on_time_rate", on_time(in_time, len(done)))
        held = ratio(billed.sum("invoiced_cents"), billed.sum("quoted_cents"), otherwise=none)
        yield done.fact("quote_accuracy", held)
        yield done.fact("quote_accuracy", ratio(took, meant, otherwise="no job completed"), of="duration")
