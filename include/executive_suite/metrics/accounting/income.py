"""The income statement and the change in cash, by entity and month, exact to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.book.book import NEEDS, MonthlySums, book
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

INCOMPLETE = "month to date, incomplete"

REVENUE = Definition(
    "revenue",
    "Revenue",
    "cents",
    "Minus the sum of a month's ledger lines on revenue accounts (credits are revenue). A month without postings is 0; "
    "months before the entity's first posting are not reported; the month of the report date is to date, incomplete.",
    "Double-entry bookkeeping; income statement",
    "higher",
)
EXPENSES = Definition(
    "expenses",
    "Expenses",
    "cents",
    "Sum of a month's ledger lines on expense accounts (debits are expenses). Months as for revenue.",
    "Double-entry bookkeeping; income statement",
    "lower",
)
NET_INCOME = Definition(
    "net_income",
    "Net income",
    "cents",
    "Revenue less expenses of a month. Months as for revenue.",
    "Double-entry bookkeeping; income statement",
    "higher",
)
NET_CASH_CHANGE = Definition(
    "net_cash_change",
    "Net change in cash",
    "cents",
    "Sum of a month's ledger lines on cash accounts, of every activity. Months as for revenue.",
    "ASC 230-10-45-24, net change in cash",
    "higher",
)


@per_context
def income_statement(context: Context) -> Mapping[str, MonthlySums]:
    """Revenue, expenses, net income and change in cash by entity and month.

    Raises:
        MissingInputError: ledger, account or a column that they need is absent.
    """
    sums = book(context)
    revenue, expenses = -sums.monthly(sums.of_type("revenue")), sums.monthly(sums.of_type("expense"))
    return {
        "revenue": revenue,
        "expenses": expenses,
        "net_income": revenue + -expenses,
        "net_cash_change": sums.monthly(sums.cash),
    }


@metric(REVENUE, EXPENSES, NET_INCOME, NET_CASH_CHANGE, needs=NEEDS)
def _income(context: Context) -> Iterator[Fact]:
    sums, statement = book(context), income_statement(context)
    current = Month.of(context.report_date)
    for entity in sums.entities:
        for month in sums.months(entity, current):
            reason = INCOMPLETE if month == current else ""
            for metric_id, monthly in statement.items():
                cell = monthly[entity, month]
                yield context.fact(
                    metric_id,
                    Measure(cell.cents, reason=reason),
                    inputs={"ledger": cell.lines},
                    entity_id=entity,
                    period=str(month),
                )
