"""How near the costs of jobs came to what was estimated when they were quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.delivery.cost import NEEDS_COST, SOURCE, costs
from executive_suite.metrics.delivery.jobs import COMPLETED, NO_JOBS, jobs, spread
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.registry import metric

ACCURACY = Definition(
    "cost_estimate_accuracy",
    "Actual cost against the estimate",
    "x",
    "Actual cost / cost estimated with the quote (delivery.estimated_cost_cents), over the completed jobs that have an "
    "estimate, and per job; actual cost as in the cost per delivery. Above 1 the jobs cost more than reckoned with. No "
    "estimate: not evaluable.",
    SOURCE,
    "lower",
)


@metric(ACCURACY, needs={**NEEDS_COST, "delivery": (*NEEDS_COST["delivery"], "estimated_cost_cents")})
def cost_estimate_accuracy(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _facts(context), ("cost_estimate_accuracy",), NO_JOBS)


def _facts(context: Context) -> Iterator[Fact]:
    register = jobs(context)
    spent = {job: cost.total for job, cost in costs(context, register).items()}
    for entity_id, rows in by_entity(register):
        done = rows[rows["state"] == COMPLETED]
        told = done[done["estimated_cost_cents"].notna()]
        cuts = [(window, part) for window, part in spread(context, done)]
        cuts += [({"delivery": str(job)}, part) for job, part in told.groupby("delivery_id", sort=True)]
        for dimensions, part in cuts:
            yield context.fact(
                "cost_estimate_accuracy",
                _accuracy(part, spent),
                entity_id=entity_id,
                inputs={"delivery": len(part)},
                assumed=any_assumed(part),
                **dimensions,
            )


def _accuracy(done: pd.DataFrame, spent: dict[str, int]) -> Measure:
    told = done[done["estimated_cost_cents"].notna()]
    if done.empty:
        return not_applicable("no job completed")
    if told.empty:
        return not_evaluable("column delivery.estimated_cost_cents is blank for every completed job")
    actual = sum(spent[job] for job in told["delivery_id"])
    left_out = len(done) - len(told)
    measure = ratio(actual, int(told["estimated_cost_cents"].sum()), otherwise="estimated at nothing")
    return qualified(measure, f"no estimate for {left_out} of {len(done)} jobs" if left_out else "")
