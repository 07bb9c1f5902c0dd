"""Monthly revenue targets: what the units of sale must bring in to cover cost and a profit, by season."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

from executive_suite.dataset.parameters import Parameter, optional_param, param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import RATIO, quotient
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, Sum, as_index, as_month, book
from executive_suite.metrics.finance.break_even import NO_MARGIN, Bundle, FixedCost, bundle, ceiling, fixed_cost
from executive_suite.metrics.finance.burn import too_few
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

PROFIT = "target_profit_month_cents"
YEAR = 12
LEAST_MONTHS = 24
EVEN = "no seasonality: fewer than 24 complete months of sales before the year"

TARGET = Definition(
    "revenue_target",
    "Revenue target",
    "cents/month",
    "Residual fixed cost (mean of the complete months before the month, net of all other income) plus target profit "
    "(param target_profit_month_cents), divided by the contribution margin ratio, times the month's seasonal index; "
    "rounded up to the cent. A month's target is set from the months before it, at the prices of its first day, with "
    "the index that was known when the year began, so past targets stay. It is the revenue that the units of sale must "
    "bring; through December of the report date's year.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.2; classical decomposition",
)
INDEX = Definition(
    "revenue_seasonal_index",
    "Seasonal index of revenue",
    "index",
    "Mean revenue of the units' entities in a calendar month, over the months from the first sale to the year shown, "
    "divided by the mean of the months shown, so that their mean is 1; 1 throughout when there are fewer than 24 "
    "months.",
    "NIST/SEMATECH e-Handbook of Statistical Methods, 6.4.4.3, seasonality",
)
UNIT_REVENUE = Definition(
    "unit_revenue",
    "Revenue of the units of sale",
    "cents",
    "Revenue of the entities whose units of sale the revenue target is for, by complete month.",
    "Double-entry bookkeeping; income statement",
    "higher",
)


def seasonal_index(sales: Mapping[Month, int], shown: Sequence[Month], last: Month) -> dict[Month, Decimal]:
    """The index of each month shown, mean 1.

    Args:
        sales: Revenue by complete month, cents; a month without an entry had none.
        shown: The months to give an index for.
        last: The latest month that counts.

    Returns:
        Index by month; 1 throughout when sales go back fewer than 24 months or the months shown never had any.

    >>> history = {Month(2024, m): m for m in range(1, 13)} | {Month(2025, m): m for m in range(1, 13)}
    >>> index = seasonal_index(history, [Month(2026, 1), Month(2026, 3)], Month(2025, 12))
    >>> [str(value) for value in index.values()]
    ['0.5', '1.5']
    """
    even = dict.fromkeys(shown, Decimal(1))
    if not sales or not shown or as_index(last) - as_index(min(sales)) + 1 < LEAST_MONTHS:
        return even
    seen: dict[int, list[int]] = {}
    for place in range(as_index(min(sales)), as_index(last) + 1):
        month = as_month(place)
        seen.setdefault(month.month, []).append(sales.get(month, 0))
    usual = {number: Fraction(sum(cents), len(cents)) for number, cents in seen.items()}
    total = sum(usual[month.month] for month in shown)
    if total <= 0 or min(usual.values()) < 0:
        return even
    return {month: _decimal(usual[month.month] * len(shown) / total) for month in shown}


def _decimal(exact: Fraction) -> Decimal:
    with localcontext() as wide:
        wide.prec = 40
        return Decimal(exact.numerator) / exact.denominator


def revenue_target(
    fixed_cents: Decimal, target_cents: Decimal, price_cents: Decimal, variable_cents: Decimal, index: Decimal
) -> Measure:
    """Revenue that covers fixed cost and target profit, cents, rounded up.

    Source: OpenStax, Principles of Accounting 2, 3.2: Hicks, ($18,000 + $16,000) / 80 % = $42,500 (425 birdbaths).

    >>> revenue_target(Decimal(1_800_000), Decimal(1_600_000), Decimal(10_000), Decimal(2_000), Decimal(1)).value
    4250000
    """
    margin = price_cents - variable_cents
    if margin <= 0:
        return not_applicable(NO_MARGIN)
    return Measure(max(0, ceiling((fixed_cents + target_cents) * price_cents * index, margin)))


@metric(TARGET, INDEX, UNIT_REVENUE, needs={**NEEDS_ACTIVITY, "param": ("param", "scope", "value")})
def target_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    sold = bundle(context)
    if sold is None:
        missing = not_evaluable("param unit_price_cents has no value")
        for metric_id in ("revenue_target", "revenue_seasonal_index", "unit_revenue"):
            yield context.fact(metric_id, missing, inputs={"param": 0})
        return
    sums = book(context)
    last = last_complete_month(context.report_date)
    monthly = sums.monthly(sums.of_type("revenue"))
    own = {month: _of(monthly, sold.entities, month) for month in sums.months(GROUP, last)}
    for month, sales in own.items():
        yield context.fact("unit_revenue", Measure(sales.cents), inputs={"ledger": sales.lines}, period=str(month))
    year = Month(context.report_date.year, 1)
    shown = [as_month(i) for i in range(as_index(year), _end(context) + 1)]
    started = {month: sales.cents for month, sales in own.items() if month >= _first_sale(own)}
    # A season told from the running year would move the targets of its past months.
    index = seasonal_index({m: cents for m, cents in started.items() if m < year}, shown, year + -1)
    even = EVEN if all(value == 1 for value in index.values()) else ""
    sold_in = {month: _sold_in(context, month, sold) for month in shown}
    costs = {sellers: fixed_cost(context, sellers) for sellers in {then.entities for then in sold_in.values()}}
    for month, then in sold_in.items():
        profit = _profit(context, month)
        marked = size.assumed or then.assumed or (profit is not None and profit.assumed)
        known = [cost for name, cost in costs[then.entities].items() if name < str(month)][-size.whole :]
        inputs = {"ledger": sum(cost.lines for cost in known), "param": 2 * len(then.parts) + 2}
        if profit is None:
            measure = not_evaluable("param target_profit_month_cents has no value")
        elif len(known) < size.whole:
            measure = too_few(len(known), size.whole)
        else:
            found = revenue_target(
                FixedCost(tuple(known)).mean, profit.value, then.price_cents, then.variable_cents, index[month]
            )
            measure = Measure(found.value, found.status, found.reason or even)
        yield context.fact("revenue_target", measure, inputs=inputs, assumed=marked, period=str(month))
        yield context.fact(
            "revenue_seasonal_index",
            Measure(quotient(index[month], 1, RATIO), reason=even),
            inputs={"ledger": sum(sales.lines for before, sales in own.items() if before < year)},
            period=str(month),
        )


def _sold_in(context: Context, month: Month, now: Bundle) -> Bundle:
    """What was sold when a past month began, at the prices of that day; where none are recorded, what is sold now."""
    if month.first >= context.report_date:
        return now
    try:
        return bundle(context, on=month.first) or now
    except MissingInputError:
        return now


def _profit(context: Context, month: Month) -> Parameter | None:
    """The target profit that held when the month began; where none is recorded, today's."""
    day = min(month.first, context.report_date)
    return optional_param(context, PROFIT, on=day) or optional_param(context, PROFIT)


def _of(monthly: Mapping[tuple[str, Month], Sum], entities: Sequence[str], month: Month) -> Sum:
    return sum((-monthly.get((entity, month), Sum()) for entity in entities), Sum())


def _first_sale(own: Mapping[Month, Sum]) -> Month:
    return min((month for month, sales in own.items() if sales.lines), default=Month(9999, 12))


def _end(context: Context) -> int:
    """The last month of the targets: param revenue_target_last_month (YYYYMM), else December of the year."""
    chosen = optional_param(context, "revenue_target_last_month")
    if chosen is None:
        return as_index(Month(context.report_date.year, YEAR))
    return as_index(Month(*divmod(chosen.whole, 100)))
