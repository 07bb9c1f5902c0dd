"""How far sales may fall before a month makes a loss, and how hard income answers to sales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite.facts import GROUP, Fact
from executive_suite.metrics.finance.book import NEEDS_ACTIVITY, Sum, as_index, book
from executive_suite.metrics.finance.break_even import FixedCost, bundle, bundle_revenue, fixed_cost
from executive_suite.metrics.finance.burn import too_few, window
from executive_suite.metrics.finance.measures import RATIO, quotient, ratio
from executive_suite.metrics.finance.parameters import param
from executive_suite.metrics.registry import Definition, Measure, metric, not_applicable, not_evaluable
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.metrics.context import Context

SAFETY = Definition(
    "margin_of_safety",
    "Margin of safety",
    "ratio",
    "Sales less break-even sales, divided by sales: by how much sales may fall before the month makes a loss. Sales "
    "are the mean monthly revenue of the units' entities over the latest complete months. Below zero: sales short.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.5",
    "higher",
)
LEVERAGE = Definition(
    "operating_leverage",
    "Degree of operating leverage",
    "x",
    "Total contribution margin divided by operating income: how many per cent income moves when sales move by one per "
    "cent. Taken over the latest complete months; n/a when operating income is zero or negative.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.5",
)


def margin_of_safety(sales_cents: int | Decimal, break_even_cents: int | Decimal) -> Measure:
    """Share of sales above break-even sales.

    Source: OpenStax, Principles of Accounting 2, 3.5: (sales - break-even sales) / sales.

    >>> margin_of_safety(8_000, 6_000).value
    Decimal('0.2500000000')
    """
    return ratio(Decimal(sales_cents) - break_even_cents, sales_cents, "no sales")


def operating_leverage(contribution_cents: int | Decimal, income_cents: int | Decimal) -> Measure:
    """Contribution margin divided by operating income.

    Source: OpenStax, Principles of Accounting 2, 3.5: contribution margin / net operating income.

    >>> operating_leverage(8_000_000, 2_000_000).value
    Decimal('4.0000000000')
    """
    if income_cents <= 0:
        return not_applicable("operating income is zero or negative")
    return Measure(quotient(contribution_cents, income_cents, RATIO))


@metric(SAFETY, LEVERAGE, needs={**NEEDS_ACTIVITY, "param": ("param", "scope", "value")})
def safety_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    sums = book(context)
    months = window(sums.complete(GROUP, context), size.whole)
    sold = bundle(context)
    if months is None or sold is None:
        missing = (
            too_few(len(sums.complete(GROUP, context)), size.whole)
            if months is None
            else not_evaluable("param unit_price_cents has no value")
        )
        for metric_id in ("margin_of_safety", "operating_leverage"):
            yield context.fact(metric_id, missing, inputs={"ledger": 0})
        return
    revenue = sums.monthly(sums.of_type("revenue"))
    sales = sum((-revenue.get((e, m), Sum()) for e in sold.entities for m in months), Sum())
    fixed = FixedCost(tuple(fixed_cost(context, sold.entities).values())[-len(months) :])
    needed = bundle_revenue(fixed.mean, sold)
    safety = (
        margin_of_safety(Decimal(sales.cents) / len(months), needed.value) if isinstance(needed.value, int) else needed
    )
    marked = size.assumed or sold.assumed
    yield context.fact("margin_of_safety", safety, inputs={"ledger": sales.lines + fixed.lines}, assumed=marked)
    yield _leverage(context, months, assumed=size.assumed)


def _leverage(context: Context, months: Sequence[Month], *, assumed: bool) -> Fact:
    sums = book(context)
    inside = sums.cells["month"].isin([as_index(month) for month in months])
    operating = inside & (sums.cells["function"] != "nonop")
    revenue = -sums.total(operating & sums.of_type("revenue"))
    expense = operating & sums.of_type("expense")
    behaviour = sums.cells["cost_behaviour"]
    unknown = sums.total(expense & ~behaviour.isin(["fixed", "variable"]))
    inputs = {"ledger": revenue.lines + sums.total(expense).lines}
    if unknown.lines:
        reason = f"{unknown.lines} expense lines are on accounts that are neither fixed nor variable"
        return context.fact("operating_leverage", not_evaluable(reason), inputs=inputs, assumed=assumed)
    contribution = revenue.cents - sums.total(expense & (behaviour == "variable")).cents
    income = revenue.cents - sums.total(expense).cents
    return context.fact("operating_leverage", operating_leverage(contribution, income), inputs=inputs, assumed=assumed)
