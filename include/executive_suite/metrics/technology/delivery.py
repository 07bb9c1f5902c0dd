"""How software is delivered: the five measures of DORA over the latest twelve weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient, ratio
from executive_suite.metrics.registry import metric
from executive_suite.period import cut_off

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("deploy_id", "commit_at", "deployed_at", "failed", "recovered_at", "is_unplanned_rework")
WEEKS = 12
_HOUR = 3600

_SOURCE = "DORA, software delivery performance metrics (dora.dev)"
_WINDOW = f"over the {WEEKS} weeks before the report date"


def median_hours(seconds: list[int], otherwise: str) -> Measure:
    """Median of durations, hours to two places.

    >>> median_hours([3600, 7200, 18000, 36000], "none").value
    Decimal('3.50')
    """
    if not seconds:
        return not_applicable(otherwise)
    ordered = sorted(seconds)
    middle = ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]
    return Measure(quotient(middle, 2 * _HOUR, CENT_HUNDREDTH))


def _seconds(later: pd.Series[Any], earlier: pd.Series[Any]) -> list[int]:
    return [int(s) for s in (later - earlier).dt.total_seconds()]


@metric(
    Definition(
        "deployment_frequency",
        "Deployment frequency",
        "per week",
        f"Deployments a week {_WINDOW}; 0 when there were none.",
        _SOURCE,
        "higher",
    ),
    Definition(
        "change_lead_time_hours",
        "Change lead time",
        "hours",
        f"Median hours from commit to deployment {_WINDOW}; n/a without deployments.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "change_fail_rate",
        "Change fail rate",
        "ratio",
        f"Failed deployments over deployments {_WINDOW}; n/a without deployments.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "failed_deployment_recovery_hours",
        "Failed deployment recovery time",
        "hours",
        f"Median hours from a failed deployment to recovery {_WINDOW}; those not recovered yet are left out of the "
        "median and counted.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "rework_rate",
        "Deployment rework rate",
        "ratio",
        f"Deployments that were unplanned rework over deployments {_WINDOW}; n/a without deployments.",
        _SOURCE,
        "lower",
    ),
    needs={"deployment": COLUMNS},
)
def _dora(context: Context) -> Iterator[Fact]:
    frame = context.table("deployment")
    end = pd.Timestamp(cut_off(context.report_date, context.zone))
    start = pd.Timestamp(cut_off(context.report_date - timedelta(weeks=WEEKS), context.zone))
    frame = frame[(frame["deployed_at"] >= start) & (frame["deployed_at"] < end)]
    # What was mended only later was not mended yet.
    frame = frame.assign(recovered_at=frame["recovered_at"].where(frame["recovered_at"] < end))
    yield from _measures(context, frame)
    if "stack" in frame.columns:
        for stack, own in frame.groupby("stack", observed=True):
            yield from _measures(context, own, stack=str(stack))


def _measures(context: Context, frame: pd.DataFrame, **dimensions: str) -> Iterator[Fact]:
    count = len(frame)
    failed = frame[frame["failed"].astype("boolean").fillna(value=False)]
    recovered = failed[failed["recovered_at"].notna()]
    open_failures = len(failed) - len(recovered)
    rework = int(frame["is_unplanned_rework"].astype("boolean").fillna(value=False).sum())
    none = f"no deployment in {WEEKS} weeks"
    recovery = median_hours(_seconds(recovered["recovered_at"], recovered["deployed_at"]), "no failure recovered")
    note = f"{open_failures} not recovered yet" if open_failures else ""
    if not len(failed):
        recovery = not_applicable("no failed deployment" if count else none)
    for metric_id, measure in (
        ("deployment_frequency", Measure(quotient(Decimal(count), WEEKS, CENT_HUNDREDTH))),
        ("change_lead_time_hours", median_hours(_seconds(frame["deployed_at"], frame["commit_at"]), none)),
        ("change_fail_rate", ratio(len(failed), count, none)),
        (
            "failed_deployment_recovery_hours",
            Measure(recovery.value, recovery.status, "; ".join(filter(None, (recovery.reason, note)))),
        ),
        ("rework_rate", ratio(rework, count, none)),
    ):
        yield context.fact(metric_id, measure, inputs={"deployment": count}, assumed=False, **dimensions)
