"""The income statement and the change in cash, by entity and month, exact to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.metrics.book.book import NEEDS, MonthlySums, book
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

INCOMPLETE = "month to date, incomplete"


@per_context
def income_statement(context: Context) -> Mapping[str, MonthlySums]:
    """Revenue, expenses and net income by entity and month; the group's without charges between its entities."""
    sums = book(context)
    revenue, expenses = -sums.monthly(sums.of_type("revenue")), sums.monthly(sums.of_type("expense"))
    return {"revenue": revenue, "expenses": expenses, "net_income": revenue + -expenses}


@metric("revenue", "expenses", "net_income", needs=NEEDS)
def _income(context: Context) -> Iterator[Fact]:
    yield from _by_month(context, income_statement(context))
    yield from _consolidation(context)


@metric("net_cash_change", needs=NEEDS, classified="nothing")
def _cash_change(context: Context) -> Iterator[Fact]:
    sums = book(context)
    yield from _by_month(context, {"net_cash_change": sums.monthly(sums.cash)})


def _by_month(context: Context, statement: Mapping[str, MonthlySums]) -> Iterator[Fact]:
    sums, current = book(context), Month.of(context.report_date)
    for entity in sums.entities:
        for month in sums.months(entity, sums.last_of(entity, current)):
            reason = INCOMPLETE if month == current else ""
            for metric_id, monthly in statement.items():
                cell, about = monthly[entity, month], {"entity_id": entity, "period": str(month)}
                yield cell.fact(context, metric_id, reason=reason, **about)


def _consolidation(context: Context) -> Iterator[Fact]:
    """What lies between the sum of the entities and the group: the group's own postings, and what is eliminated."""
    sums = book(context)
    for part, chosen, sign in (
        ("parent", sums.entity.among((GROUP,)), 1),
        ("elimination", sums.eliminated, -1),
    ):
        for kind, metric_id, side in (("revenue", "revenue", -sign), ("expense", "expenses", sign)):
            of_group = sums.booked.monthly(sums.of_type(kind) & chosen)
            for (entity, month), total in sorted(of_group.items()):
                if entity == GROUP:
                    cents = total if side > 0 else -total
                    yield cents.fact(context, metric_id, period=str(month), part=part)
