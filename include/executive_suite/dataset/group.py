"""The group: which entities are its own, how long each belongs to it, and its fiscal year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import GROUP
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

YEAR = 12
"""Months."""
QUARTER = 3
"""Months, too."""
FISCAL_YEAR = "fiscal_year_first_month"


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """Twelve months of books, from the first month on.

    >>> year = FiscalYear(Month(2025, 7))
    >>> year.name, str(year.last), len(year.months)
    (2026, '2026-06', 12)
    """

    first: Month

    @property
    def last(self) -> Month:
        """Its last month."""
        return self.first + (YEAR - 1)

    @property
    def months(self) -> tuple[Month, ...]:
        """All twelve, in order."""
        return tuple(self.first + index for index in range(YEAR))

    @property
    def name(self) -> int:
        """The calendar year in which it ends."""
        return self.last.year


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a fiscal year.

    Attributes:
        year: The fiscal year that holds it.
        number: Which of its four quarters.

    >>> quarter = Quarter(FiscalYear(Month(2025, 7)), 3)
    >>> quarter.name, quarter.first.isoformat(), quarter.last.isoformat(), quarter.back(3).name
    ('2026-Q3', '2026-01-01', '2026-03-31', '2025-Q4')
    """

    year: FiscalYear
    number: int

    @property
    def months(self) -> tuple[Month, ...]:
        """All three, in order."""
        return self.year.months[QUARTER * (self.number - 1) : QUARTER * self.number]

    @property
    def first(self) -> date:
        """Its first day."""
        return self.months[0].first

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.months[-1] + 1).first - timedelta(days=1)

    @property
    def name(self) -> str:
        """After the calendar year in which its fiscal year ends: ``2026-Q3``."""
        return f"{self.year.name}-Q{self.number}"

    def back(self, quarters: int) -> Quarter:
        """The one that many quarters before."""
        return Quarter(*_placed(self.months[0] + -QUARTER * quarters, self.year.first.month))


def quarter_before(day: date, first_month: int) -> Quarter:
    """The latest quarter that ended before a day, of fiscal years that begin in ``first_month`` (1-12).

    >>> quarter_before(date(2026, 4, 1), 1).name, quarter_before(date(2026, 3, 31), 7).name
    ('2026-Q1', '2026-Q2')
    """
    running = Month.of(day)
    return Quarter(*_placed(running + -((running.month - first_month) % QUARTER) + -QUARTER, first_month))


def _placed(first: Month, first_month: int) -> tuple[FiscalYear, int]:
    """The fiscal year of the quarter that begins with a month, and its number."""
    gone = (first.month - first_month) % YEAR
    return FiscalYear(first + -gone), gone // QUARTER + 1


def last_quarter(context: Context) -> Quarter:
    """The latest quarter of the fiscal year that has ended at the report date."""
    return quarter_before(context.report_date, fiscal_year(context).first.month)


def fiscal_year(context: Context, on: date | None = None) -> FiscalYear:
    """The fiscal year that holds a day (default: the last day that the report covers).

    Its first month is parameter fiscal_year_first_month (1-12) of the group as valid on that day; without it January.
    """
    day = on or context.last_day
    stated = optional_param(context, FISCAL_YEAR, on=day)
    number = stated.whole if stated else 1
    return FiscalYear(Month(day.year if day.month >= number else day.year - 1, number))


@per_context
def affiliates(context: Context) -> frozenset[str]:
    """Every entity of the group, the group's own among them: a counterparty with such an id is one of us.

    Lines with one of them as counterparty are eliminated in figures of the group, on whatever account but cash.
    """
    if not context.has("entity"):
        return frozenset()
    return frozenset(row.entity_id for row in context.rows("entity", "entity_id"))


@per_context
def ends(context: Context) -> Mapping[str, date]:
    """The last day of each entity that no longer belongs to the group at the report date."""
    rows = context.rows("entity", "entity_id") if context.has("entity") else ()
    return {
        row.entity_id: row.get("ended_on")
        for row in rows
        if row.entity_id != GROUP and row.get("ended_on") is not None and row.get("ended_on") < context.report_date
    }
