"""The run rate: what operations go on paying every month, by season where the history shows one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import YEAR
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.book.book import book, chart
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.finance.margins import DEPRECIATION
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.flows import Series, classes, operating, over, paid_on_days
from executive_suite.metrics.forecast.path import Item, horizon
from executive_suite.period import Month

SEASONS_FROM = 24
"""Complete months of history needed to tell a season from a trend."""
STEADY = Fraction(1, 10)
"""Months that lie within this part of their mean are steady: they have no season."""
LEAST_SINCE = 3
"""Steady months that make a new level; two, if they are equal and not zero."""
LEAST_BEFORE = 3
"""Steady months before them, so that there was another level."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one entity goes on paying on one account, cents by month: positive.

    Attributes:
        entity_id: Whose.
        account: What for; an account of suppliers where bills are booked before they are paid.
        months: From the month of the report date to the month of the horizon.
    """

    entity_id: str
    account: str
    months: Mapping[Month, int]


def monthly(
    series: Series, history: tuple[Month, ...], recent: tuple[Month, ...], ahead: tuple[Month, ...]
) -> dict[Month, int]:
    """What a cost will be in the months ahead.

    A cost that was steady and is steady at another level since (a rent that rose, a subscription that began or ended)
    goes on at the new level. With a season: the same month a year before, times the recent months over the same months
    a year before. A cost that came now and then a year before and comes now and then still comes in the same months
    again. Everything else goes on at the mean of the recent months: what is steady, new, ending, or too young to have
    a season.

    Args:
        series: Cents by month.
        history: The complete months of the books, oldest first.
        recent: The latest of them that count.
        ahead: Its months.
    """
    stepped = _stepped([series.get(month, 0) for month in history[-SEASONS_FROM:]])
    if stepped is not None:
        return dict.fromkeys(ahead, stepped)
    mean = Fraction(over(series, recent), len(recent))
    before = tuple(month + -YEAR for month in recent)
    year = [series.get(recent[-1] + -back, 0) for back in range(YEAR)]
    seasons = len(history) >= SEASONS_FROM
    if not seasons or _steady(year) or _regular(series, recent) != _regular(series, before):
        return {month: whole_cents(mean) for month in ahead}
    level = Fraction(1)
    if _regular(series, recent):
        level = Fraction(over(series, recent), over(series, before)) if over(series, before) > 0 else Fraction(0)
    return {month: whole_cents(level * series.get(_same(month, recent[-1]), 0)) for month in ahead}


def _stepped(cents: Sequence[int]) -> int | None:
    """The new level of a cost that was steady, and is at another since two equal or three steady months; else None.

    >>> _stepped([1800] * 10 + [2600, 2600]), _stepped([0] * 9 + [500, 510, 490]), _stepped([100] * 6 + [0] * 3)
    (2600, 500, 0)
    >>> _stepped([0, 0, 900, 0, 0, 900, 0, 0]), _stepped([1800] * 12), _stepped([1800] * 11 + [2600])
    (None, None, None)
    """
    for count in range(len(cents) - LEAST_BEFORE, 1, -1):
        since, before = cents[-count:], cents[:-count]
        lasting = _steady(since) and (count >= LEAST_SINCE or (since[0] == since[-1] != 0))
        if lasting and _steady(before) and not _steady([*before, *since]):
            return whole_cents(Fraction(sum(since), count))
    return None


def _same(month: Month, latest: Month) -> Month:
    """The latest complete month of the same name."""
    while month > latest:
        month = month + -YEAR
    return month


def _regular(series: Series, months: tuple[Month, ...]) -> bool:
    return 2 * sum(series.get(month, 0) != 0 for month in months) >= len(months)


def _steady(cents: Sequence[int]) -> bool:
    return (max(cents) - min(cents)) * len(cents) <= STEADY * abs(sum(cents))


@per_context
def rates(context: Context) -> tuple[Rate, ...]:
    """The run rate of every entity and account, in their order; without costs that vary with sales."""
    known, found = classes(context), []
    ahead = months_between(context.report_date, Month.of(horizon(context.report_date)))
    count = len(window(context).months)
    for (entity, account), series in sorted(operating(context).items()):
        if account in known.sales | known.apart | known.variable:
            continue
        complete = book(context).complete(entity, context)
        recent = complete[-count:] if count else ()
        if not recent:
            continue
        expected = monthly(series, complete, recent, ahead)
        if account in known.payable:
            fixed = 1 - _variable_bills(context, entity)
            expected = {month: whole_cents(cents * fixed) for month, cents in expected.items()}
        kept = {month: max(0, cents) for month, cents in expected.items()}
        if any(kept.values()):
            found.append(Rate(entity, account, kept))
    return tuple(found)


def _variable_bills(context: Context, entity: str) -> Fraction:
    """The part of an entity's bills that is for costs that vary with sales: as booked without cash, recent months."""
    recent, sums = window(context), book(context)
    here = recent.inside & sums.of_type("expense") & sums.in_activity("noncash")
    billed = sums.total(here & ~sums.on(_depreciation(context)), entity).cents
    variable = sums.total(here & sums.on(classes(context).variable), entity).cents
    return min(Fraction(1), max(Fraction(0), Fraction(variable, billed))) if billed > 0 else Fraction(0)


def _depreciation(context: Context) -> frozenset[str]:
    return frozenset(row.account for row in chart(context).values() if row.text("subtype") in DEPRECIATION)


def spread(rate: Rate, weights: Mapping[int, int], first: date, last: date) -> Iterator[Item]:
    """The payments of a rate on the days of the month on which its entity paid in the past, exact in total by month.

    Days before ``first`` were paid already; an entity without a past pays every day.

    >>> rate = Rate("a", "6100", {Month(2026, 5): 1_001})
    >>> paid = spread(rate, {5: 1, 31: 1}, date(2026, 5, 1), date(2026, 5, 31))
    >>> [(item.day.day, item.cents) for item in paid]
    [(5, -500), (31, -501)]
    """
    for month, cents in rate.months.items():
        length = ((month + 1).first - month.first).days
        days: dict[int, int] = {}
        for day, weight in (weights or dict.fromkeys(range(1, length + 1), 1)).items():
            days[min(day, length)] = days.get(min(day, length), 0) + weight
        whole, so_far = sum(days.values()), 0
        for day in sorted(days):
            part = cents * (so_far + days[day]) // whole - cents * so_far // whole
            so_far += days[day]
            at = month.first + timedelta(days=day - 1)
            if part and first <= at <= last:
                yield Item(at, -part, "run_rate", rate.entity_id, rate.account)


def running(context: Context, rate: Rate) -> tuple[Item, ...]:
    """The payments of a rate to the horizon."""
    first = context.report_date
    return tuple(spread(rate, paid_on_days(context).get(rate.entity_id, {}), first, horizon(first)))
