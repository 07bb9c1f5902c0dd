"""Cash at the end of the latest complete weeks: what the 13-week forecasts before them are held against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.metrics.book.book import NEEDS, book
from executive_suite.metrics.book.chosen import balances
from executive_suite.metrics.registry import metric

WEEKS_BACK = 4
WEEK = timedelta(days=7)


def complete_weeks(report_date: date, count: int) -> tuple[date, ...]:
    """The Sundays of the latest ``count`` weeks that ended before a date, oldest first.

    >>> [day.isoformat() for day in complete_weeks(date(2026, 5, 1), 2)]
    ['2026-04-19', '2026-04-26']
    """
    last = report_date - timedelta(days=report_date.isoweekday())
    return tuple(last - back * WEEK for back in range(count - 1, -1, -1))


@metric("cash_week_end", needs=NEEDS, classified="nothing")
def _week_ends(context: Context) -> Iterator[Fact]:
    weeks = complete_weeks(context.report_date, WEEKS_BACK)
    for ends, cash in balances(context, book(context).cash_accounts, weeks).items():
        year, number, _ = ends.isocalendar()
        yield cash.fact(context, "cash_week_end", week=f"{year}-W{number:02d}", ends=ends.isoformat())
