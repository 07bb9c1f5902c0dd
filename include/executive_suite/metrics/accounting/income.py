"""The income statement and the change in cash, by entity and month, exact to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Fact
from executive_suite.metrics.book.book import NEEDS, MonthlySums, book
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

INCOMPLETE = "month to date, incomplete"


@per_context
def income_statement(context: Context) -> Mapping[str, MonthlySums]:
    """Revenue, expenses, net income and change in cash by entity and month."""
    sums = book(context)
    revenue, expenses = -sums.monthly(sums.of_type("revenue")), sums.monthly(sums.of_type("expense"))
    return {
        "revenue": revenue,
        "expenses": expenses,
        "net_income": revenue + -expenses,
        "net_cash_change": sums.monthly(sums.cash),
    }


@metric("revenue", "expenses", "net_income", "net_cash_change", needs=NEEDS)
def _income(context: Context) -> Iterator[Fact]:
    sums, statement = book(context), income_statement(context)
    current = Month.of(context.report_date)
    for entity in sums.entities:
        for month in sums.months(entity, current):
            reason = INCOMPLETE if month == current else ""
            for metric_id, monthly in statement.items():
                cell, about = monthly[entity, month], {"entity_id": entity, "period": str(month)}
                yield cell.fact(context, metric_id, reason=reason, **about)
