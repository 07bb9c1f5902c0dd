"""Known dated items: leases, contracts, bookings, receivables, payables, taxes, loans and planned capital."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.arithmetic import median
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.forecast.invoiced import invoices, paid_on, payables, receivables
from executive_suite.metrics.forecast.owed import capital, loans, taxes
from executive_suite.metrics.forecast.path import Item, horizon
from executive_suite.metrics.forecast.sold import booked
from executive_suite.metrics.forecast.terms import terms
from executive_suite.period import Month


@per_context
def dated(context: Context) -> tuple[Item, ...]:
    """Every dated item from the report date to the horizon, in order of day.

    An installment of a lease or contract is left out where an invoice covers its month, and a booking where an
    invoice or a lease covers it: each amount comes once.
    """
    first, last = context.report_date, horizon(context.report_date)
    found = (
        *_installments(context),
        *_deposits_back(context),
        *receivables(context),
        *booked(context),
        *payables(context),
        *taxes(context),
        *loans(context),
        *capital(context),
    )
    kept = (item for item in found if item.cents and first <= item.day <= last)
    return tuple(sorted(kept, key=lambda item: (item.day, item.kind, item.entity_id, item.key, item.cents)))


def _installments(context: Context) -> Iterator[Item]:
    issued = invoices(context)
    billed = {(row.get("contract_id"), Month.of(row.issued_on)) for row in issued}
    habits: dict[str, list[int]] = defaultdict(list)
    for row in issued:
        if row.get("contract_id") and row.invoice_id in paid_on(context):
            begun = Month.of(row.issued_on).first
            habits[row.contract_id].append(max(0, (paid_on(context)[row.invoice_id] - begun).days))
    for term in terms(context):
        wait = math.ceil(median(habits[term.key])) if habits.get(term.key) else 0
        for month in months_between(context.report_date, Month.of(horizon(context.report_date))):
            if term.pays_in(month) and (term.key, month) not in billed:
                due = max(month.first, term.starts) + timedelta(days=wait)
                yield Item(due, term.monthly_cents, term.kind, term.entity_id, term.key)


def _deposits_back(context: Context) -> Iterator[Item]:
    """Security deposits of leases that run now, given back on their last day."""
    for term in terms(context):
        if term.deposit_cents and term.ends and term.starts < context.report_date:
            yield Item(term.ends, -term.deposit_cents, "lease", term.entity_id, term.key)
