"""How far sales may fall before a month makes a loss, and how strongly income responds to sales."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import RATIO, ceiling, quotient, ratio
from executive_suite.metrics.book.book import NEEDS, book
from executive_suite.metrics.finance.break_even import NO_MARGIN
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.registry import metric


def margin_of_safety(sales_cents: int, break_even_cents: int | Fraction) -> Measure:
    """Share of sales above break-even sales, to ten places.

    Source: OpenStax, Principles of Accounting 2, 3.5: (sales - break-even sales) / sales.

    >>> margin_of_safety(8_000, 6_000).value
    Decimal('0.2500000000')
    """
    short = sales_cents - Fraction(break_even_cents)
    return ratio(short.numerator, short.denominator * sales_cents, "no sales")


def operating_leverage(contribution_cents: int | Decimal, income_cents: int | Decimal) -> Measure:
    """Contribution margin divided by operating income.

    Source: OpenStax, Principles of Accounting 2, 3.5: contribution margin / net operating income.

    >>> operating_leverage(8_000_000, 2_000_000).value
    Decimal('4.0000000000')
    """
    if income_cents <= 0:
        return not_applicable("operating income is zero or negative")
    return Measure(quotient(contribution_cents, income_cents, RATIO))


@metric(
    "break_even_sales",
    "margin_of_safety",
    "operating_leverage",
    needs={**NEEDS, "param": ("param", "value")},
    classified="window",
)
def _safety(context: Context) -> Iterator[Fact]:
    own, sums = window(context), book(context)
    operating = ~sums.having("function", "nonop")
    revenue, every = own.revenue(operating), own.expense(operating)
    variable, fixed = (own.expense(operating, sums.having("cost_behaviour", name)) for name in ("variable", "fixed"))
    if unknown := every.lines - fixed.lines - variable.lines:
        lacking = not_evaluable(f"{unknown} expense lines are on accounts that are neither fixed nor variable")
        own = replace(own, missing=lacking)
    for metric_id, measure in _measures(revenue.cents, variable.cents, fixed.cents, len(own.months)).items():
        yield own.fact(metric_id, measure, revenue, every)


def _measures(sales: int, variable: int, fixed: int, months: int) -> dict[str, Measure]:
    contribution = sales - variable
    needed = safe = not_applicable(NO_MARGIN if sales > 0 else "no sales")
    if contribution > 0:
        break_even = Fraction(fixed * sales, contribution)
        needed, safe = Measure(ceiling(break_even, months)), margin_of_safety(sales, break_even)
    return {
        "break_even_sales": needed,
        "margin_of_safety": safe,
        "operating_leverage": operating_leverage(contribution, contribution - fixed),
    }
