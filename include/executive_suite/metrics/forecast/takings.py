"""What customers go on paying where only the books tell of sales: a shop, a café, a practice paid at the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.accounting.documents import OPEN_ON
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.book.book import book
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.flows import Series, received, variable_share
from executive_suite.metrics.forecast.invoiced import receivables
from executive_suite.metrics.forecast.path import Item, horizon
from executive_suite.metrics.forecast.rate import Rate, monthly, spread
from executive_suite.metrics.forecast.terms import every_term
from executive_suite.period import Month

REGISTERS = ("booking", "invoice", "opportunity", "rev_schedule")
"""Tables that tell of an entity's sales before they are paid."""
BILLS = "ap"
"""The direction of an invoice of a supplier."""


@per_context
def walk_in(context: Context) -> frozenset[str]:
    """The entities whose sales only the books tell of: they have receipts, and no row in a register of sales.

    An aging tells of what is open, and not of sales. None in a group that records leases or contracts: what ends there
    would go on if one were missing.
    """
    if every_term(context):
        return frozenset()
    told: set[str] = set()
    for name in REGISTERS:
        rows = context.rows(name, "entity_id") if context.has(name) else ()
        told |= {row.entity_id for row in rows if row.get("direction") != BILLS and row.get(OPEN_ON) is None}
    return frozenset(received(context).keys() - told)


def expected(context: Context, series: Mapping[str, Series]) -> dict[str, Mapping[Month, int]]:
    """Their sales in the months ahead, by entity: as the run rate of a cost, by season where there is one.

    Args:
        context: The dataset.
        series: Sales or receipts, cents by entity and month.
    """
    ahead = months_between(context.report_date, Month.of(horizon(context.report_date)))
    found: dict[str, Mapping[Month, int]] = {}
    count = len(window(context).months)
    for entity in sorted(walk_in(context) & series.keys()):
        complete = book(context).complete(entity, context)
        recent = complete[-count:] if count else ()
        if recent:
            found[entity] = monthly(series[entity], complete, recent, ahead)
    return found


@per_context
def takings(context: Context) -> tuple[Item, ...]:
    """What they bring to the horizon, less the costs that vary with them, spread over the days of each month.

    An open invoice stands for what is taken in its month, as far as that goes.
    """
    costs, first = variable_share(context), context.report_date
    owed: Counter[tuple[str, Month]] = Counter()
    for one in receivables(context):
        owed[one.entity_id, Month.of(one.day)] += one.cents
    items: list[Item] = []
    for entity, months in expected(context, received(context)).items():
        left = 1 - costs.get(entity, Fraction(0))
        net = {
            month: max(0, whole_cents(cents * left) - owed[entity, month])
            for month, cents in months.items()
            if cents > 0
        }
        paid = spread(Rate(entity, "", net), {}, first, horizon(first))
        items += [Item(one.day, -one.cents, "takings", entity) for one in paid]
    return tuple(items)
