"""How long findings stay open, how long they took to close, and which are past their limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from executive_suite.dataset.behind import Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import SEVERITIES
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, median, quotient, ratio
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology.gaps import COLUMNS, SCORED_COLUMNS, Gap, open_gaps
from executive_suite.period import year_before

WEEKS = 12


def mean_days(days: Sequence[int], otherwise: str) -> Measure:
    """Mean of whole days, to two places.

    >>> mean_days([116, 116, 109, 109, 89, 89], "none").value
    Decimal('104.67')
    """
    return Measure(quotient(sum(days), len(days), CENT_HUNDREDTH)) if days else not_applicable(otherwise)


@metric("finding_age_days_open", "finding_days_to_close", needs={"finding": COLUMNS})
def _ages(context: Context) -> Iterator[Fact]:
    gaps = cut(context, "finding", open_gaps(context))
    yield from _statistics(
        context, "finding_age_days_open", gaps.rows, [g.age_days for g in gaps.rows], "no finding is open"
    )
    for own in gaps.by("kind", lambda gap: gap.kind):
        mean = mean_days([g.age_days for g in own.rows], "")
        yield own.fact("finding_age_days_open", mean, assumed=False)
        for one in own.by("finding", lambda gap: gap.finding_id):
            (gap,) = one.rows
            yield one.fact("finding_age_days_open", Measure(gap.age_days), stack=gap.stack, title=gap.title)
    first, end = year_before(context.report_date), context.report_date
    closed = [row for row in context.rows("finding") if row.closed_on is not None and first <= row.closed_on < end]
    days = [(row.closed_on - row.opened_on).days for row in closed]
    yield from _statistics(context, "finding_days_to_close", closed, days, "no finding was closed in twelve months")


def _statistics(context: Context, metric_id: str, rows: Behind, days: list[int], otherwise: str) -> Iterator[Fact]:
    inputs = {"finding": rows}
    yield context.fact(metric_id, mean_days(days, otherwise), inputs=inputs)
    middle = Measure(median(days)) if days else not_applicable(otherwise)
    yield context.fact(metric_id, middle, inputs=inputs, statistic="median")


@metric("finding_sla_breaches", "finding_days_over_limit", needs={"finding": SCORED_COLUMNS})
def _breaches(context: Context) -> Iterator[Fact]:
    gaps = open_gaps(context, "security")
    stated = ((severity, optional_param(context, "finding_sla_days", severity)) for severity in SEVERITIES)
    limits = {severity: limit for severity, limit in stated if limit is not None}
    inputs = {"finding": gaps, "param": limits.values()}
    limited = [gap for gap in gaps if gap.severity in limits]
    assumed = any(limits[gap.severity].assumed for gap in limited)
    over = {gap: gap.age_days - int(limits[gap.severity].value) for gap in limited}
    late = {gap: days for gap, days in over.items() if gap.age_days > limits[gap.severity].value}
    share = ratio(len(late), len(limited), "no open security finding has a limit")
    total = Measure(sum(late.values()), reason=f"past their limit: {len(late)}")
    if not limits:
        share = total = not_evaluable("param finding_sla_days has no value for any severity")
    yield context.fact("finding_sla_breaches", share, inputs=inputs, assumed=assumed)
    yield context.fact("finding_days_over_limit", total, inputs=inputs, assumed=assumed)
    for gap, days in late.items():
        measure, one = (
            Measure(days, reason=f"limit for {gap.severity}"),
            {"finding": (gap,), "param": (limits[gap.severity],)},
        )
        yield context.fact("finding_days_over_limit", measure, inputs=one, assumed=assumed, finding=gap.finding_id)


@metric("cvss_exposure_open", needs={"finding": SCORED_COLUMNS})
def _exposure(context: Context) -> Iterator[Fact]:
    gaps = cut(context, "finding", open_gaps(context, "security"))
    versions = tuple(gaps.by("version", lambda gap: None if gap.score is None else gap.version))
    for own in (gaps, *(versions if len(versions) > 1 else ()), *gaps.by("stack", lambda gap: gap.stack)):
        yield own.fact("cvss_exposure_open", points(own.rows))
    for back in range(WEEKS + 1):
        day = context.report_date - timedelta(weeks=back)
        then = cut(context, "finding", open_gaps(context, "security", on=day))
        yield then.fact("cvss_exposure_open", points(then.rows), assumed=False, week=day.isoformat())


def points(gaps: Sequence[Gap]) -> Measure:
    """Sum of base scores of one CVSS version; unscored findings are counted apart."""
    scores = [g.score for g in gaps if g.score is not None]
    versions = sorted({g.version for g in gaps if g.score is not None})
    if len(versions) > 1:
        return not_applicable(f"CVSS versions {', '.join(versions)} are never added")
    note = f"{len(gaps) - len(scores)} without CVSS vector" if len(scores) < len(gaps) else ""
    return Measure(sum(scores, Decimal(0)), reason=note)
