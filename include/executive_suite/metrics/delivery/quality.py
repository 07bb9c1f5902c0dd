"""How punctual the jobs were, and how near to their quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.delivery.jobs import COLUMNS, COMPLETED, NO_JOBS, jobs, spread
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.registry import metric

# Below this many jobs a percentage says less than the counts.
FEWEST = 5

ON_TIME_RATE = Definition(
    "on_time_rate",
    "On-time rate",
    "ratio",
    "Completed jobs that ended on or before their planned last day / completed jobs. Fewer than 5: n/a, with the "
    "counts instead.",
    "Operations practice (schedule adherence)",
    "higher",
)
QUOTE_ACCURACY = Definition(
    "quote_accuracy",
    "Quote accuracy",
    "x",
    "Invoiced / quoted, over the completed jobs that were invoiced: 1 is a quote that held, above 1 the client paid "
    "more than quoted. With of duration: actual / planned days. No such job: n/a.",
    "Operations practice (estimate accuracy)",
)


def on_time(in_time: int, finished: int) -> Measure:
    """On-time rate; the counts instead of a rate when there are few.

    >>> on_time(4, 5).value
    Decimal('0.8000000000')
    >>> on_time(3, 4).reason
    '3 of 4 on time; fewer than 5 completed jobs'
    """
    if finished < FEWEST:
        return not_applicable(f"{in_time} of {finished} on time; fewer than {FEWEST} completed jobs")
    counts = Qualifier(Why.COUNTED, in_time, finished)
    return qualified(ratio(in_time, finished, otherwise=""), f"{in_time} of {finished}", counts)


@metric(ON_TIME_RATE, QUOTE_ACCURACY, needs={"delivery": (*COLUMNS, "quoted_cents", "invoiced_cents")})
def quality(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _facts(context), ("on_time_rate", "quote_accuracy"), NO_JOBS)


def _facts(context: Context) -> Iterator[Fact]:
    for entity_id, rows in by_entity(jobs(context)):
        for window, done in spread(context, rows[rows["state"] == COMPLETED]):
            billed = done[done["invoiced_cents"] > 0]
            held = ratio(
                int(billed["invoiced_cents"].sum()),
                int(billed["quoted_cents"].sum()),
                otherwise="no completed job was quoted and invoiced",
            )
            took = int(((done["actual_end"] - done["actual_start"]).dt.days + 1).sum())
            meant = int(((done["planned_end"] - done["planned_start"]).dt.days + 1).sum())
            for metric_id, measure, dimensions in (
                ("on_time_rate", on_time(int((done["actual_end"] <= done["planned_end"]).sum()), len(done)), {}),
                ("quote_accuracy", held, {}),
                ("quote_accuracy", ratio(took, meant, otherwise="no job completed"), {"of": "duration"}),
            ):
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    inputs={"delivery": len(done)},
                    assumed=any_assumed(done),
                    **window,
                    **dimensions,
                )
