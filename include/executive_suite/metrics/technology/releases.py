"""How software is released: the five measures of DORA over the latest twelve weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, median, quotient, ratio
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric
from executive_suite.period import cut_off

COLUMNS = ("deploy_id", "commit_at", "deployed_at", "failed", "recovered_at", "is_unplanned_rework")
WEEKS = 12


def median_hours(durations: list[timedelta], otherwise: str) -> Measure:
    """Median of durations, hours to two places.

    >>> median_hours([timedelta(hours=1), timedelta(hours=2), timedelta(hours=5), timedelta(hours=10)], "none").value
    Decimal('3.50')
    """
    hours = [Fraction(int(duration.total_seconds()), 3600) for duration in durations]
    return Measure(median(hours)) if hours else not_applicable(otherwise)


@metric(
    "deployment_frequency",
    "change_lead_time_hours",
    "change_fail_rate",
    "failed_deployment_recovery_hours",
    "rework_rate",
    needs={"deployment": COLUMNS},
)
def _dora(context: Context) -> Iterator[Fact]:
    end = cut_off(context.report_date, context.zone)
    start = cut_off(context.report_date - timedelta(weeks=WEEKS), context.zone)
    deployments = cut(context, "deployment", (d for d in context.rows("deployment") if start <= d.deployed_at < end))
    first = min((d.deployed_at for d in context.rows("deployment")), default=start)
    begun = f"the first deployment on record is of {context.local_day(first).isoformat()}" if first > start else ""
    for own in (deployments, *deployments.by("stack", lambda d: d.get("stack"))):
        count, failed = len(own), [d for d in own.rows if d.failed]
        # A failure recovered only after the cut-off was still open at it.
        recovered = [d for d in failed if d.recovered_at is not None and d.recovered_at < end]
        none = f"no deployment in {WEEKS} weeks"
        frequency = qualified(Measure(quotient(count, WEEKS, CENT_HUNDREDTH)), begun)
        recovery = median_hours([d.recovered_at - d.deployed_at for d in recovered], "no failure recovered")
        if not failed:
            recovery = not_applicable("no failed deployment" if count else none)
        if still_open := len(failed) - len(recovered):
            recovery = qualified(recovery, f"{still_open} not recovered yet")
        for metric_id, measure in (
            ("deployment_frequency", frequency),
            ("change_lead_time_hours", median_hours([d.deployed_at - d.commit_at for d in own.rows], none)),
            ("change_fail_rate", ratio(len(failed), count, none)),
            ("failed_deployment_recovery_hours", recovery),
            ("rework_rate", ratio(sum(bool(d.is_unplanned_rework) for d in own.rows), count, none)),
        ):
            yield own.fact(metric_id, measure)
