"""Monthly revenue targets: what the units of sale must bring in to cover cost and a profit, by season."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import fiscal_year
from executive_suite.dataset.parameters import Parameter, optional_param, param
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import RATIO, rounded
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, book
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.finance.break_even import break_even_revenue, fixed_cost
from executive_suite.metrics.finance.units import NO_PRICE, Bundle, bundle
from executive_suite.metrics.finance.window import SIZE, too_few
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

PROFIT = "target_profit_month_cents"
LEAST_MONTHS = 24
EVEN = "no seasonality: fewer than 24 complete months of sales before the year"


def seasonal_index(sales: Mapping[Month, int], shown: Sequence[Month], last: Month) -> dict[Month, Fraction]:
    """The index of each month shown, mean 1.

    Args:
        sales: Revenue by complete month, cents; a month without an entry had none.
        shown: The months to give an index for.
        last: The latest month that counts.

    Returns:
        Index by month; 1 throughout if sales go back fewer than 24 months or the months shown never had any.

    >>> history = {Month(2024, m): m for m in range(1, 13)} | {Month(2025, m): m for m in range(1, 13)}
    >>> index = seasonal_index(history, [Month(2026, 1), Month(2026, 3)], Month(2025, 12))
    >>> [float(value) for value in index.values()]
    [0.5, 1.5]
    """
    even = dict.fromkeys(shown, Fraction(1))
    past = months_between(min(sales).first, last) if sales else ()
    if not shown or len(past) < LEAST_MONTHS:
        return even
    seen: dict[int, list[int]] = {}
    for month in past:
        seen.setdefault(month.month, []).append(sales.get(month, 0))
    usual = {number: Fraction(sum(cents), len(cents)) for number, cents in seen.items()}
    total = sum(usual[month.month] for month in shown)
    if total <= 0 or min(usual.values()) < 0:
        return even
    return {month: usual[month.month] * len(shown) / total for month in shown}


@metric(
    "revenue_target",
    "revenue_seasonal_index",
    "unit_revenue",
    needs={**NEEDS_ACTIVITY, "param": ("param", "scope", "value")},
    classified="all_before",
)
def _targets(context: Context) -> Iterator[Fact]:
    size, sold = param(context, SIZE), bundle(context)
    if sold is None:
        names = ("revenue_target", "revenue_seasonal_index", "unit_revenue")
        yield from context.facts(dict.fromkeys(names, not_evaluable(NO_PRICE)), inputs={"param": 0})
        return
    sums = book(context)
    complete = sums.complete(GROUP, context)
    own = -sums.monthly(sums.of_type("revenue") & sums.owned_by(*sold.entities))
    yield from own.facts(context, "unit_revenue", GROUP, complete)
    year = fiscal_year(context, context.report_date).first
    shown = months_between(year.first, _end(context))
    begun = min((month for month in complete if own[GROUP, month].lines), default=year)
    # A season that took in the running year would move the targets of its past months.
    known = [month for month in complete if month < year]
    index = seasonal_index({m: own[GROUP, m].cents for m in known if m >= begun}, shown, year + -1)
    even = EVEN if all(value == 1 for value in index.values()) else ""
    for month in shown:
        yield _target(context, month, _sold_in(context, month, sold), size, index[month], even)
        yield context.fact(
            "revenue_seasonal_index",
            Measure(rounded(index[month], RATIO), reason=even),
            inputs={"ledger": own.over(GROUP, known)},
            period=str(month),
        )


def _target(context: Context, month: Month, sold: Bundle, size: Parameter, index: Fraction, even: str) -> Fact:
    """The target of one month, from the complete months before it."""
    # The target profit when the month began; if none is recorded, today's.
    begun = min(month.first, context.report_date)
    profit = optional_param(context, PROFIT, on=begun) or optional_param(context, PROFIT)
    before = [one for one in book(context).complete(GROUP, context) if one < month][-size.whole :]
    to_come = month.first >= context.report_date
    costs = fixed_cost(context, sold.entities, going_on=to_come).over(GROUP, before)
    if profit is None:
        measure = not_evaluable(f"param {PROFIT} has no value")
    elif len(before) < size.whole:
        measure = too_few(len(before), size.whole)
    else:
        fixed = Fraction(costs.cents, len(before))
        found = break_even_revenue(fixed, sold.price_cents, sold.variable_cents, profit.value, index)
        measure = found if found.reason else replace(found, reason=even)
    return context.fact(
        "revenue_target",
        measure,
        inputs={"ledger": costs, "param": (*sold.rows, size, profit)},
        assumed=size.assumed or sold.assumed or (profit is not None and profit.assumed),
        period=str(month),
    )


def _sold_in(context: Context, month: Month, now: Bundle) -> Bundle:
    """The units sold when a past month began, at the prices of that day; those of today if none are recorded."""
    if month.first >= context.report_date:
        return now
    try:
        return bundle(context, on=month.first) or now
    except MissingInputError:
        return now


def _end(context: Context) -> Month:
    """The last month of the targets: param revenue_target_last_month (YYYYMM), else that of the fiscal year."""
    chosen = optional_param(context, "revenue_target_last_month")
    return fiscal_year(context, context.report_date).last if chosen is None else Month(*divmod(chosen.whole, 100))
