"""Who owes us and whom we owe, by age, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.accounting.documents import NEEDS, charged, entities, invoices, of_entity
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.registry import metric
from executive_suite.period import complete_months

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

CURRENT = "current"
CREDIT = "unapplied_credit"
BUCKETS: tuple[tuple[str, int], ...] = (("1-30", 30), ("31-60", 60), ("61-90", 90))
OLDEST = "90+"

_AGEING = (
    "Open balances of issued invoices by days past due at the report date: not yet due, 1-30, 31-60, 61-90, over 90; "
    "payments count when dated before the report date. A refund on a paid invoice makes nothing due again. Overpaid "
    "ones are unapplied credits in a column of their own. Undivided: the sum of all columns."
)

AR_AGEING = Definition("ar_ageing", "Receivables by age", "cents", _AGEING, "ASC 326-20-55-37, ageing schedule")
AP_AGEING = Definition("ap_ageing", "Payables by age", "cents", _AGEING, "Ageing schedule of accounts payable", "lower")
DSO = Definition(
    "dso_days",
    "Days sales outstanding",
    "days",
    "Open receivables at the report date divided by the sales invoiced since the start of the window (param "
    "burn_window_months of complete months), times the days of that period; n/a without invoiced sales.",
    "Receivables turnover in days; OpenStax, Principles of Accounting 1, 9.5",
    "lower",
)
DPO = Definition(
    "dpo_days",
    "Days payables outstanding",
    "days",
    "Open payables at the report date divided by the purchases invoiced since the start of the window, times the days "
    "of that period; n/a without invoiced purchases.",
    "Payables turnover in days; cash conversion cycle",
)


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


@metric(AR_AGEING, AP_AGEING, needs=NEEDS)
def ageing_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    day = pd.Timestamp(context.report_date)
    names = (CURRENT, *(name for name, _ in BUCKETS), OLDEST, CREDIT)
    for direction, metric_id in (("ar", "ar_ageing"), ("ap", "ap_ageing")):
        rows = invoices(context, direction)
        still = rows[rows["open_cents"] != 0]
        past_due = (day - still["due_on"]).dt.days
        columns = [bucket(int(d), int(c)) for d, c in zip(past_due, still["open_cents"], strict=True)]
        found: dict[tuple[str, str], list[int]] = {}
        for owner, name, cents in zip(still["entity_id"], columns, still["open_cents"], strict=True):
            for entity in {str(owner), GROUP}:
                found.setdefault((entity, name), []).append(int(cents))
        for entity in entities(rows):
            parts = {name: found.get((entity, name), []) for name in names}
            whole = Measure(sum(map(sum, parts.values())))
            count = sum(map(len, parts.values()))
            yield context.fact(metric_id, whole, inputs={"invoice": count}, entity_id=entity)
            for name, part in parts.items():
                inputs = {"invoice": len(part)}
                yield context.fact(metric_id, Measure(sum(part)), inputs=inputs, entity_id=entity, bucket=name)


@metric(DSO, DPO, needs={**NEEDS, "param": ("param", "value")})
def turnover_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    start = pd.Timestamp(complete_months(context.report_date, size.whole)[0].first)
    days = (pd.Timestamp(context.report_date) - start).days
    for direction, metric_id in (("ar", "dso_days"), ("ap", "dpo_days")):
        rows, sales = invoices(context, direction), charged(context, direction)
        for entity in entities(sales):
            own = of_entity(rows, entity)
            still = own[own["open_cents"] != 0]
            flow = of_entity(sales[sales["issued_on"] >= start], entity)
            yield context.fact(
                metric_id,
                days_outstanding(int(still["open_cents"].sum()), int(flow["total_cents"].sum()), days),
                inputs={"invoice": len(still) + len(flow)},
                entity_id=entity,
                assumed=size.assumed,
            )
