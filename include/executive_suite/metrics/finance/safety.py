"""How far sales may fall before a month makes a loss, and how hard income answers to sales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import RATIO, quotient, ratio
from executive_suite.metrics.book.book import NEEDS, as_index, book
from executive_suite.metrics.finance.break_even import NO_MARGIN
from executive_suite.metrics.finance.burn import too_few, window
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

SALES = Definition(
    "break_even_sales",
    "Break-even sales by the income statement",
    "cents/month",
    "Fixed operating expense a month divided by the contribution margin ratio of operating revenue, over the latest "
    "complete months (param burn_window_months), rounded up to the cent; by the accounts' cost behaviour. Accounts of "
    "function nonop are not operating. n/a when contribution is zero or negative.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.2",
    "lower",
)
SAFETY = Definition(
    "margin_of_safety",
    "Margin of safety",
    "ratio",
    "Operating revenue less break-even sales, divided by operating revenue, over the latest complete months: by how "
    "much sales may fall before they make a loss; one over the degree of operating leverage. Below zero: sales short.",
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


@dataclass(frozen=True, slots=True)
class Operations:
    """The income statement of a group's operations by cost behaviour, cents.

    Attributes:
        sales: Operating revenue.
        variable: Operating expense that varies with it.
        fixed: Operating expense that does not.
        lines: Ledger lines behind them.
        unknown: Lines on expense accounts that are neither.
    """

    sales: int
    variable: int
    fixed: int
    lines: int
    unknown: int

    @property
    def contribution(self) -> int:
        """Contribution margin."""
        return self.sales - self.variable

    @property
    def break_even(self) -> Fraction | None:
        """Sales at which contribution covers fixed expense, exact; None when contribution is zero or negative."""
        return Fraction(self.fixed * self.sales, self.contribution) if self.contribution > 0 else None


def operations(context: Context, months: Sequence[Month]) -> Operations:
    """The group's operations in the months.

    Raises:
        MissingInputError: ledger, account or one of their columns is absent.
    """
    sums = book(context)
    inside = sums.cells["month"].isin([as_index(month) for month in months]) & (sums.attribute("function") != "nonop")
    expense, behaviour = inside & sums.of_type("expense"), sums.attribute("cost_behaviour")
    revenue = -sums.total(inside & sums.of_type("revenue"))
    fixed, variable = (sums.total(expense & (behaviour == name)) for name in ("fixed", "variable"))
    every = sums.total(expense).lines
    unknown = every - fixed.lines - variable.lines
    return Operations(revenue.cents, variable.cents, fixed.cents, revenue.lines + every, unknown)


@metric(SALES, SAFETY, LEVERAGE, needs={**NEEDS, "param": ("param", "value")})
def safety_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    complete = book(context).complete(GROUP, context)
    months = window(complete, size.whole)
    if months is None:
        found, used = (too_few(len(complete), size.whole),) * 3, 0
    else:
        trade = operations(context, months)
        found, used = _measures(trade, len(months)), trade.lines
    for definition, measure in zip((SALES, SAFETY, LEVERAGE), found, strict=True):
        yield context.fact(definition.metric_id, measure, inputs={"ledger": used}, assumed=size.assumed)


def _measures(trade: Operations, months: int) -> tuple[Measure, Measure, Measure]:
    if trade.unknown:
        reason = f"{trade.unknown} expense lines are on accounts that are neither fixed nor variable"
        return (not_evaluable(reason),) * 3
    needed = trade.break_even
    never = not_applicable(NO_MARGIN if trade.sales > 0 else "no sales")
    return (
        never if needed is None else Measure(-(-needed // months)),
        never if needed is None else margin_of_safety(trade.sales, needed),
        operating_leverage(trade.contribution, trade.contribution - trade.fixed),
    )
