"""Receivables and payables by age, and how long they take to be paid."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.accounting.documents import NEEDS, Balance, balances, issued
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.cut import cut, units
from executive_suite.metrics.registry import metric
from executive_suite.period import complete_months

CURRENT = "current"
CREDIT = "unapplied_credit"
BUCKETS: tuple[tuple[str, int], ...] = (("1-30", 30), ("31-60", 60), ("61-90", 90))
OLDEST = "90+"
COLUMNS = (CURRENT, *(name for name, _ in BUCKETS), OLDEST, CREDIT)


def bucket(days_past_due: int, open_cents: int) -> str:
    """The column of an open balance.

    >>> bucket(0, 100), bucket(1, 100), bucket(30, 100), bucket(31, 100), bucket(90, 100), bucket(91, 100)
    ('current', '1-30', '1-30', '31-60', '61-90', '90+')
    >>> bucket(400, -5)
    'unapplied_credit'
    """
    if open_cents < 0:
        return CREDIT
    if days_past_due <= 0:
        return CURRENT
    return next((name for name, last in BUCKETS if days_past_due <= last), OLDEST)


def days_outstanding(open_cents: int, flow_cents: int, days: int) -> Measure:
    """Balance divided by flow, times the days in which the flow came about.

    Source: OpenStax, Principles of Accounting 1, 9.5: number of days' sales in receivables.

    >>> days_outstanding(300_000, 3_650_000, 365).value
    Decimal('30.00')
    """
    if flow_cents <= 0:
        return not_applicable("nothing invoiced in the period")
    return Measure(quotient(Decimal(open_cents) * days, flow_cents, CENT_HUNDREDTH))


@metric("ar_ageing", "ap_ageing", needs=NEEDS)
def _ageing(context: Context) -> Iterator[Fact]:
    def age(one: Balance) -> str:
        return bucket((context.report_date - one.invoice.due_on).days, one.open_cents)

    for direction, metric_id in (("ar", "ar_ageing"), ("ap", "ap_ageing")):
        for unit in cut(context, "invoice", balances(context, direction)).units():
            still = unit.where(lambda one: one.open_cents != 0)
            for part in (still, *still.by("bucket", age, COLUMNS)):
                yield part.fact(metric_id, Measure(part.sum("open_cents")))


@metric("dso_days", "dpo_days", needs={**NEEDS, "param": ("param", "value")})
def _turnover(context: Context) -> Iterator[Fact]:
    size = param(context, "burn_window_months")
    start = complete_months(context.report_date, size.whole)[0].first
    days = (context.report_date - start).days
    for direction, metric_id in (("ar", "dso_days"), ("ap", "dpo_days")):
        owed = units(one for one in balances(context, direction) if one.open_cents)
        for charged in cut(context, "invoice", issued(context, direction)).units():
            still, flow = owed.get(charged.entity_id, ()), charged.where(lambda row: row.issued_on >= start)
            yield flow.fact(
                metric_id,
                days_outstanding(sum(one.open_cents for one in still), flow.sum("total_cents"), days),
                inputs={"invoice": len(still) + len(flow)},
                assumed=size.assumed,
            )
