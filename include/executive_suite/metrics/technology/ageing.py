"""How long findings stay open, how long they took to close, and which are past their limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import SEVERITIES
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient, ratio, rounded
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology import scoring
from executive_suite.metrics.technology.gaps import COLUMNS, SCORED_COLUMNS, Gap, open_gaps

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

CLOSED_WINDOW_MONTHS = 12
WEEKS = 12


def mean_days(days: Sequence[int], otherwise: str) -> Measure:
    """Mean of whole days, to two places.

    >>> mean_days([116, 116, 109, 109, 89, 89], "none").value
    Decimal('104.67')
    """
    return Measure(quotient(sum(days), len(days), CENT_HUNDREDTH)) if days else not_applicable(otherwise)


def median_days(days: Sequence[int], otherwise: str) -> Measure:
    """Median of whole days, to two places."""
    if not days:
        return not_applicable(otherwise)
    return Measure(rounded(Decimal(str(median(days))), CENT_HUNDREDTH))


@metric(
    Definition(
        "finding_age_days_open",
        "Age of open findings",
        "days",
        "Mean days from opening to the report date over open findings that are not accepted; beside it the median, and "
        "by kind. Open findings are right-censored: their age is not a time to close.",
        "Vulnerability ageing practice; survival analysis (right-censoring)",
        "lower",
    ),
    Definition(
        "finding_days_to_close",
        "Days to close a finding",
        "days",
        "Mean days from opening to closing over findings closed in the twelve months before the report date; beside it "
        "the median. Says nothing of those still open.",
        "Mean time to remediate, vulnerability management practice",
        "lower",
    ),
    needs={"finding": COLUMNS},
)
def _ages(context: Context) -> Iterator[Fact]:
    gaps = open_gaps(context)
    yield from _statistics(context, "finding_age_days_open", [g.age_days for g in gaps], "no finding is open")
    for kind in sorted({g.kind for g in gaps}):
        own = [g.age_days for g in gaps if g.kind == kind]
        yield context.fact("finding_age_days_open", mean_days(own, ""), inputs={"finding": len(own)}, kind=kind)
    for gap in gaps:
        age = Measure(gap.age_days)
        yield context.fact(
            "finding_age_days_open",
            age,
            inputs={"finding": 1},
            assumed=gap.assumed,
            finding=gap.finding_id,
            kind=gap.kind,
            stack=gap.stack,
            title=gap.title,
        )
    frame = context.table("finding")
    end = pd.Timestamp(context.report_date)
    start = end - pd.DateOffset(months=CLOSED_WINDOW_MONTHS)
    closed = frame[(frame["closed_on"] >= start) & (frame["closed_on"] < end)]
    days = [int(d) for d in (closed["closed_on"] - closed["opened_on"]).dt.days]
    yield from _statistics(context, "finding_days_to_close", days, "no finding was closed in twelve months")


def _statistics(context: Context, metric_id: str, days: list[int], otherwise: str) -> Iterator[Fact]:
    inputs = {"finding": len(days)}
    yield context.fact(metric_id, mean_days(days, otherwise), inputs=inputs)
    yield context.fact(metric_id, median_days(days, otherwise), inputs=inputs, statistic="median")


@metric(
    Definition(
        "finding_sla_breaches",
        "Findings past their limit",
        "ratio",
        "Open security findings older than the limit for their severity (param finding_sla_days, scope severity) over "
        "those with a limit. Not evaluable without limits.",
        "CISA binding operational directives on remediation time; the limits are parameters",
        "zero",
    ),
    Definition(
        "finding_days_over_limit",
        "Days past the limit",
        "days",
        "Days that an open security finding is older than the limit for its severity. The sum is undivided.",
        "CISA binding operational directives on remediation time; the limits are parameters",
        "lower",
    ),
    needs={"finding": SCORED_COLUMNS},
)
def _breaches(context: Context) -> Iterator[Fact]:
    gaps = open_gaps(context, "security")
    limits = {severity: optional_param(context, "finding_sla_days", severity) for severity in SEVERITIES}
    inputs = {"finding": len(gaps), "param": sum(limit is not None for limit in limits.values())}
    if not any(limits.values()):
        missing = not_evaluable("param finding_sla_days has no value for any severity")
        for metric_id in ("finding_sla_breaches", "finding_days_over_limit"):
            yield context.fact(metric_id, missing, inputs=inputs)
        return
    limited = [(gap, limit) for gap in gaps if (limit := limits[gap.severity]) is not None]
    late = [(gap, gap.age_days - int(limit.value)) for gap, limit in limited if gap.age_days > limit.value]
    assumed = any(limit.assumed for _, limit in limited)
    share = ratio(len(late), len(limited), "no open security finding has a limit")
    yield context.fact("finding_sla_breaches", share, inputs=inputs, assumed=assumed)
    total = Measure(sum(over for _, over in late), reason=f"past their limit: {len(late)}")
    yield context.fact("finding_days_over_limit", total, inputs=inputs, assumed=assumed)
    for gap, over in late:
        measure = Measure(over, reason=f"limit for {gap.severity}")
        one = {"finding": 1, "param": 1}
        yield context.fact("finding_days_over_limit", measure, inputs=one, assumed=assumed, finding=gap.finding_id)


@metric(
    Definition(
        "cvss_exposure_open",
        "CVSS-weighted exposure",
        "points",
        "Sum of CVSS base scores of open security findings, by stack and by week. The scale is ordinal: read it as a "
        "trend, never as risk. Scores of version 3 and version 4 are never added: where both are, each sum stands "
        "apart.",
        "FIRST CVSS v3.1 and v4.0 user guides (severity is not risk)",
        "lower",
    ),
    needs={"finding": SCORED_COLUMNS},
)
def _exposure(context: Context) -> Iterator[Fact]:
    gaps = open_gaps(context, "security")
    yield context.fact(
        "cvss_exposure_open", points(gaps), inputs={"finding": len(gaps)}, assumed=any(g.assumed for g in gaps)
    )
    versions = {g.finding_id: scoring.version(g.vector) for g in gaps if g.score is not None}
    for version in sorted(set(versions.values())) if len(set(versions.values())) > 1 else ():
        own = [g for g in gaps if versions.get(g.finding_id) == version]
        assumed = any(g.assumed for g in own)
        yield context.fact(
            "cvss_exposure_open", points(own), inputs={"finding": len(own)}, assumed=assumed, version=version
        )
    for stack in sorted({g.stack for g in gaps}):
        own = [g for g in gaps if g.stack == stack]
        assumed = any(g.assumed for g in own)
        yield context.fact(
            "cvss_exposure_open", points(own), inputs={"finding": len(own)}, assumed=assumed, stack=stack
        )
    for back in range(WEEKS, -1, -1):
        day = context.report_date - timedelta(weeks=back)
        own = list(open_gaps(context, "security", on=day))
        yield context.fact(
            "cvss_exposure_open", points(own), inputs={"finding": len(own)}, assumed=False, week=day.isoformat()
        )


def points(gaps: Sequence[Gap]) -> Measure:
    """Sum of base scores of one CVSS version; unscored findings are counted apart."""
    scored = [g for g in gaps if g.score is not None]
    versions = {scoring.version(g.vector) for g in scored}
    if len(versions) > 1:
        return not_applicable(f"CVSS versions {', '.join(sorted(versions))} are never added")
    total = sum((g.score for g in scored if g.score is not None), Decimal(0))
    note = f"{len(gaps) - len(scored)} without CVSS vector" if len(scored) < len(gaps) else ""
    return Measure(total, reason=note)
