"""The group: which entities are its own, how long each belongs to it, and its fiscal year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import GROUP
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

YEAR = 12
"""Months."""
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
