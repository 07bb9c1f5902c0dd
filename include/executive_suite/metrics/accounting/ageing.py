"""Receivables and payables by age, and how long they take to be paid."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from executive_suite.dataset.behind import Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.accounting.documents import NEEDS, OPEN_ON, Balance, balances, issued
from executive_suite.metrics.accounting.unapplied import Credit, unapplied
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.cut import Cut, cut, units
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
    def age(one: Balance | Credit) -> str:
        past_due = (context.report_date - one.invoice.due_on).days if isinstance(one, Balance) else 0
        return bucket(past_due, one.open_cents)

    for direction, metric_id, document in (("ar", "ar_ageing", "invoice"), ("ap", "ap_ageing", "bill")):
        on_account, unknown = _credits(context, direction)
        if not on_account and all(row.direction != direction for row in context.rows("invoice")):
            nothing = not_evaluable(f"no {document} is recorded")
            yield context.fact(metric_id, nothing, inputs={"invoice": 0})
            continue
        known = cut(context, "invoice", (*balances(context, direction), *on_account))
        for unit in known.units():
            still = unit.where(lambda one: one.open_cents != 0)
            for part in (still, *still.by("bucket", age, COLUMNS)):
                lost = unknown if unit.entity_id == GROUP and part is still else 0
                yield part.fact(metric_id, _open(part, lost), inputs=_inputs(part))


def _credits(context: Context, direction: str) -> tuple[tuple[Credit, ...], int]:
    """The unapplied cash of one direction, and how many payments could be of either."""
    found, unknown = unapplied(context)
    return tuple(credit for credit in found if credit.direction == direction), unknown


def _open(part: Cut, unknown: int) -> Measure:
    note = f"payments without invoice and party, left out: {unknown}" if unknown else ""
    return Measure(part.sum("open_cents"), reason=note)


def _inputs(part: Cut) -> dict[str, Behind]:
    """The invoices of a cut, and the payments on account if there are any."""
    billed = part.where(lambda one: not isinstance(one, Credit))
    paid = part.where(lambda one: isinstance(one, Credit))
    return {"invoice": billed} | ({"payment": paid.sum("payments")} if len(paid) else {})


@metric("dso_days", "dpo_days", needs={**NEEDS, "param": ("param", "value")})
def _turnover(context: Context) -> Iterator[Fact]:
    size = param(context, "burn_window_months")
    start = complete_months(context.report_date, size.whole)[0].first
    days = (context.report_date - start).days
    for direction, metric_id in (("ar", "dso_days"), ("ap", "dpo_days")):
        if any(row.get(OPEN_ON) is not None for row in issued(context, direction)):
            only_open = not_evaluable("an aging has only the documents that are still open")
            yield context.fact(metric_id, only_open, inputs={"invoice": len(issued(context, direction))})
            continue
        on_account, _ = _credits(context, direction)
        known: tuple[Balance | Credit, ...] = (*balances(context, direction), *on_account)
        owed = units(context, (one for one in known if one.open_cents))
        for charged in cut(context, "invoice", issued(context, direction)).units():
            still, flow = owed.get(charged.entity_id, ()), charged.where(lambda row: row.issued_on >= start)
            yield flow.fact(
                metric_id,
                days_outstanding(sum(one.open_cents for one in still), flow.sum("total_cents"), days),
                inputs={"invoice": (*still, *flow)},
                assumed=size.assumed,
            )
