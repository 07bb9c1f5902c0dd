"""Sales not made yet that the records support: apart from the base case, and part of what we expect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import YEAR
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.book.book import book
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast import takings
from executive_suite.metrics.forecast.dated import dated
from executive_suite.metrics.forecast.flows import Series, over, received, variable_part
from executive_suite.metrics.forecast.path import horizon
from executive_suite.metrics.forecast.sold import confirmed
from executive_suite.metrics.forecast.terms import every_term, recurring
from executive_suite.period import Month

RECENT_MONTHS = 3
"""Months in which sales must still come."""
MOST_OF = Fraction(2, 3)
"""In how many of them."""


def supported(sales: Series, latest: Month, month: Month) -> int:
    """Sales of a month ahead that the records support, cents.

    The same month of the year before, at the pace of the recent months against the same months a year before; never
    at a faster pace. Nothing if that month, or most of the recent months, brought no sale.

    Args:
        sales: Cents by month, without what leases and contracts brought.
        latest: The last complete month.
        month: A month ahead.
    """
    recent = tuple(latest + -back for back in range(RECENT_MONTHS))
    before = tuple(one + -YEAR for one in recent)
    same = month + -YEAR
    while same > latest:
        same = same + -YEAR
    alive = sum(sales.get(one, 0) > 0 for one in recent) >= MOST_OF * RECENT_MONTHS
    if not alive or sales.get(same, 0) <= 0 or over(sales, before) <= 0:
        return 0
    return whole_cents(min(Fraction(1), Fraction(over(sales, recent), over(sales, before))) * sales[same])


@per_context
def unsold(context: Context) -> Mapping[tuple[str, Month], int]:
    """Cash that sales not made yet would bring, after what they cost, by entity and month of the path, cents.

    From the cash that customers paid before, less what the path holds already: rents and fees, bookings, receivables.
    """
    sold: dict[tuple[str, Month], int] = defaultdict(int)
    for item in dated(context):
        if item.cents > 0:
            sold[item.entity_id, Month.of(item.day)] += item.cents
    costs = variable_part(context, book(context).complete(GROUP, context)[-YEAR:])
    found = {}
    for (entity, month), cents in _expected(context, _without_terms(context, received(context))).items():
        if entity in takings.walk_in(context):
            continue  # the path has what they take
        rest = cents - sold[entity, month]
        if rest > 0:
            found[entity, month] = whole_cents(rest * (1 - costs.get(entity, Fraction(0))))
    return found


@per_context
def expected_revenue(context: Context) -> Mapping[Month, int]:
    """The group's revenue in the months ahead: rents, fees, and per entity the larger of sold and supported."""
    ahead = _ahead(context)
    sums = book(context)
    booked = sums.monthly(sums.of_type("revenue"))
    series: dict[str, Series] = {
        entity: {month: -booked[entity, month].cents for month in sums.complete(entity, context)}
        for entity in sums.entities[1:]
    }
    told = _expected(context, _without_terms(context, series))
    for entity, months in takings.expected(context, series).items():
        told |= {(entity, month): max(0, cents) for month, cents in months.items()}
    sold: dict[tuple[str, Month], int] = defaultdict(int)
    for row, day in confirmed(context):
        sold[row.get("entity_id") or GROUP, Month.of(day)] += row.gross_cents - (row.discount_cents or 0)
    names = {entity for entity, _ in (*told, *sold)}
    return {
        month: sum(max(told.get((name, month), 0), sold.get((name, month), 0)) for name in names)
        + sum(recurring(context, name, month) for name in {*sums.entities, *names})
        for month in ahead
    }


def _ahead(context: Context) -> tuple[Month, ...]:
    return months_between(context.report_date, Month.of(horizon(context.report_date)))


def _without_terms(context: Context, series: Mapping[str, Series]) -> dict[str, dict[Month, int]]:
    """Sales less what leases and contracts brought in the months of their term, past ones included."""
    found = {}
    for entity, sales in series.items():
        found[entity] = {month: max(0, cents - _brought(context, entity, month)) for month, cents in sales.items()}
    return found


def _brought(context: Context, entity: str, month: Month) -> int:
    return sum(one.monthly_cents for one in every_term(context) if one.entity_id == entity and one.pays_in(month))


def _expected(context: Context, series: Mapping[str, Series]) -> dict[tuple[str, Month], int]:
    latest = window(context).months[-1:] or ()
    found: dict[tuple[str, Month], int] = {}
    for entity, sales in series.items():
        for month in _ahead(context) if latest else ():
            if cents := supported(sales, latest[0], month):
                found[entity, month] = cents
    return found
