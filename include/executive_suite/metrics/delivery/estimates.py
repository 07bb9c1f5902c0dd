"""How close the costs of jobs came to the estimates behind their quotes."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import Cut
from executive_suite.metrics.delivery.cost import NEEDS_COST, NONE, costs, of_recorded, with_cost
from executive_suite.metrics.delivery.jobs import NO_JOBS, completed, jobs, spread
from executive_suite.metrics.registry import metric


@metric(
    "cost_estimate_accuracy",
    needs={**NEEDS_COST, "delivery": (*NEEDS_COST["delivery"], "estimated_cost_cents")},
    otherwise=NO_JOBS,
    classified="all_before",
)
def _facts(context: Context) -> Iterator[Fact]:
    for own in jobs(context).by_entity():
        done = completed(own)
        for part in (*spread(done), *_estimated(done).by("delivery", lambda job: job.delivery_id)):
            yield part.fact("cost_estimate_accuracy", _accuracy(part))


def _estimated(done: Cut) -> Cut:
    return done.where(lambda job: job.estimated_cost_cents is not None)


def _accuracy(done: Cut) -> Measure:
    known = with_cost(_estimated(done))
    if not len(done):
        return not_applicable(NONE)
    if not len(_estimated(done)):
        return not_evaluable("column delivery.estimated_cost_cents is blank for every completed job")
    actual = sum(costs(done.context)[job.delivery_id].total for job in known.rows)
    left_out = len(done) - len(_estimated(done))
    measure = ratio(actual, known.sum("estimated_cost_cents"), otherwise="estimated at nothing")
    measure = of_recorded(measure, known, _estimated(done))
    return qualified(measure, f"no estimate for {left_out} of {len(done)} jobs" if left_out else "")
