"""The periods of the statements: thirteen complete months, the fiscal year to date, the same days a year earlier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from executive_suite.dataset.group import fiscal_year, last_quarter
from executive_suite.period import Month, complete_months, year_before

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

MONTHS = 13
_FOUR = 4
"""Quarters of a year."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some days of the books, with the fiscal year that their last day lies in.

    Attributes:
        name: As the statements print it.
        first: Its first day.
        last: Its last day.
        fiscal_first: The first day of the fiscal year that holds ``last``.
    """

    name: str
    first: date
    last: date
    fiscal_first: date

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.last + timedelta(days=1)


def periods(context: Context) -> tuple[Period, ...]:
    """The latest thirteen complete months in order, the year to date, and the same days a year earlier.

    The year to date runs from the first day of the fiscal year that holds the day before the report date to that day.
    It is named after the calendar year in which that fiscal year ends, and so is the period a year earlier.
    """
    year = fiscal_year(context)
    first, last = year.first.first, context.last_day
    return _spans(
        context,
        *((str(month), month.first, (month + 1).first - timedelta(days=1)) for month in _months(context)),
        (f"{year.name}-YTD", first, last),
        (f"{year.name}-YTD-1", year_before(first), year_before(last)),
    )


def quarters(context: Context) -> tuple[Period, ...]:
    """The latest quarter of the fiscal year that has ended, the one before it, and the same one a year earlier."""
    latest = last_quarter(context)
    chosen = (latest, latest.back(1), latest.back(_FOUR))
    return _spans(context, *((one.name, one.first, one.last) for one in chosen))


def _spans(context: Context, *spans: tuple[str, date, date]) -> tuple[Period, ...]:
    return tuple(Period(name, start, stop, fiscal_year(context, stop).first.first) for name, start, stop in spans)


def _months(context: Context) -> tuple[Month, ...]:
    return complete_months(context.report_date, MONTHS)
