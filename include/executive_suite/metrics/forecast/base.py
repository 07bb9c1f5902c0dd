"""The one base case of cash: dated items and the run rate together, each amount once."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.book.book import book
from executive_suite.metrics.finance.burn import run_rate
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.dated import dated
from executive_suite.metrics.forecast.flows import variable_share
from executive_suite.metrics.forecast.invoiced import covered
from executive_suite.metrics.forecast.path import Item, daily, first_below, horizon
from executive_suite.metrics.forecast.rate import Rate, rates, running
from executive_suite.metrics.forecast.takings import takings
from executive_suite.period import Month

FLOOR = "runway_floor_months"


@dataclass(frozen=True)
class Base:
    """The base case.

    Attributes:
        first: The report date.
        cash_cents: Cash then.
        items: All that comes and goes until the horizon, in order of day.
        floor_cents: The floor under cash; None without one, or when operations bring cash.
    """

    first: date
    cash_cents: int
    items: tuple[Item, ...]
    floor_cents: int | None

    @property
    def last(self) -> date:
        """The last day of the path."""
        return horizon(self.first)

    @functools.cached_property
    def out(self) -> date | None:
        """The first day at whose end cash is below zero."""
        return self.below(0)

    def below(self, level: int, changes: Mapping[date, int] | None = None) -> date | None:
        """The first day at whose end cash is below a level, with changes of the path by day; None if it never is."""
        moves = (
            self.moves
            if not changes
            else {day: self.moves.get(day, 0) + changes.get(day, 0) for day in self.moves.keys() | changes.keys()}
        )
        if self.cash_cents < level:
            return self.first
        return first_below(self.cash_cents, moves, level, self.first, self.last)

    def closing(self, day: date) -> int:
        """Cash at the end of a day."""
        return self.cash_cents + sum(cents for at, cents in self.moves.items() if self.first <= at <= day)

    @functools.cached_property
    def moves(self) -> Mapping[date, int]:
        """The net of all items by day."""
        return daily(self.items)


@per_context
def base(context: Context) -> Base:
    """The base case of a run.

    Raises:
        MissingInputError: the books or the parameter of the recent months are missing.
    """
    items = [*dated(context), *_sold_costs(context), *takings(context)]
    for rate in uncovered(rates(context), covered(context)):
        items += running(context, rate)
    items.sort(key=lambda item: (item.day, item.kind, item.entity_id, item.key, item.cents))
    return Base(context.report_date, book(context).at_hand().cents, tuple(items), _floor(context))


def _sold_costs(context: Context) -> Iterable[Item]:
    """What sales under client contracts cost: the entity's variable costs as a part of its recent receipts."""
    for item in dated(context):
        if item.kind == "contract" and item.cents > 0:
            part = variable_share(context).get(item.entity_id, Fraction(0))
            if cost := whole_cents(part * item.cents):
                yield Item(item.day, -cost, item.kind, item.entity_id, item.key)


def uncovered(found: Iterable[Rate], bills: Mapping[tuple[str, Month], int]) -> tuple[Rate, ...]:
    """The run rate less what open payables stand for, taken from an entity's largest accounts first.

    >>> may = Month(2026, 5)
    >>> left = uncovered([Rate("a", "6100", {may: 500}), Rate("a", "6400", {may: 300})], {("a", may): 600})
    >>> [sum(rate.months.values()) for rate in left]
    [0, 200]
    """
    left = dict(bills)
    kept: dict[int, dict[Month, int]] = {}
    known = list(found)
    for place in sorted(range(len(known)), key=lambda at: -sum(known[at].months.values())):
        rate = known[place]
        months = {}
        for month, cents in rate.months.items():
            taken = min(cents, left.get((rate.entity_id, month), 0))
            if taken:
                left[rate.entity_id, month] -= taken
            if cents > taken:
                months[month] = cents - taken
        kept[place] = months
    return tuple(Rate(rate.entity_id, rate.account, kept[place]) for place, rate in enumerate(known))


def _floor(context: Context) -> int | None:
    """The floor as cash: the months of parameter runway_floor_months at the mean net burn of the recent months."""
    months = optional_param(context, FLOOR)
    burned = [one.cents for one in window(context).of(run_rate(context)["net_burn"])]
    if months is None or not burned or sum(burned) <= 0:
        return None
    return whole_cents(Decimal(months.value) * sum(burned) / len(burned))
