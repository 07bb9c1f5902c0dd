"""MACRS depreciation by the percentage tables of the IRS, which ``macrs.csv`` holds.

Source: IRS Publication 946, appendix A, 3-, 5-, 7-, 10-, 15- and 20-year property: Table A-1 (half-year convention) and
Tables A-2 to A-5 (mid-quarter convention, by quarter); Table A-6 (residential rental property, 27.5 years) and A-7a
(nonresidential real property, 39 years, both mid-month). Months and quarters are those of the tax year.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib import resources

from executive_suite.period import Month

YEAR, QUARTER = 12, 3
"""Months."""
LAST_QUARTER = 4
HALF = Fraction(1, 2)
MID_MONTH = 330
"""Recovery periods from this one on, in months, are those of buildings: mid-month convention."""
MOST_IN_LAST_QUARTER = Fraction(2, 5)
"""A year with more than this part of its purchases in the last quarter has the mid-quarter convention."""

Tables = Mapping[tuple[int, int, int], Sequence[Fraction]]


def _tables() -> Tables:
    """Percentages by tax year, by recovery period in months, month and quarter of placing in service (0: any)."""
    text = resources.files(__package__).joinpath("macrs.csv").read_text(encoding="utf-8")
    _, *rows = csv.reader(text.splitlines())
    return {
        (int(life), int(month or 0), int(quarter or 0)): tuple(map(Fraction, years.split()))
        for _, life, month, quarter, years in rows
    }


TABLES = _tables()


def covers(life_months: int) -> bool:
    """Whether the tables have a recovery period."""
    return any(life == life_months for life, *_ in TABLES)


def tax_month(day: date, first_month: int) -> Month:
    """The tax year, by the calendar year in which it begins, and the month within it that hold a day.

    >>> tax_month(date(2026, 2, 1), 7)
    Month(year=2025, month=8)
    """
    return Month.of(day) + (1 - first_month)


def quarter_of(month: int) -> int:
    """The quarter that holds a month of the year, 1 to 4."""
    return (month - 1) // QUARTER + 1


@dataclass(frozen=True, slots=True)
class Property:
    """What is depreciated.

    Attributes:
        life_months: The recovery period, one of the tables'.
        placed: Day of placing in service.
        mid_quarter: Whether the mid-quarter convention counts, not the half-year convention. Not for buildings.
        first_month: The first month of the tax year, 1 to 12.
    """

    life_months: int
    placed: date
    mid_quarter: bool = False
    first_month: int = 1

    def taken(self, day: date, disposed: date | None = None) -> Fraction:
        """The share of the cost that is depreciated at the start of a day.

        A tax year's percentage is spread evenly over the months of that year in service, and counts for those that are
        over. In the year of disposal the mid-month convention leaves the months to the middle of the last, the
        half-year convention half of the year and the mid-quarter convention the time to the middle of the quarter; what
        is disposed of in its first year takes none.

        Args:
            day: The day.
            disposed: Day of disposal, if before ``day``.

        >>> five, house = Property(60, date(2025, 8, 20)), Property(330, date(2025, 7, 1))
        >>> float(five.taken(date(2026, 1, 1))), float(house.taken(date(2026, 1, 1)))
        (0.2, 0.01667)
        >>> float(Property(60, date(2025, 10, 20), mid_quarter=True).taken(date(2026, 1, 1)))
        0.05
        """
        start, now = tax_month(self.placed, self.first_month), tax_month(day, self.first_month)
        left = None if disposed is None else tax_month(disposed, self.first_month)
        found = Fraction(0)
        for index, percent in enumerate(self._years):
            first = start.month if index == 0 else 1
            if left is not None and left.year == start.year + index:
                return found + (self._of_last_year(index, left.month) / 100 if index else 0)
            served = [
                HALF if self._mid_month and index == 0 and month == first else Fraction(1)
                for month in range(first, YEAR + 1)
            ]
            over = YEAR if start.year + index < now.year else now.month - 1 if start.year + index == now.year else 0
            found += percent * sum(served[: max(over - first + 1, 0)], Fraction(0)) / sum(served) / 100
        return found

    @property
    def _mid_month(self) -> bool:
        return self.life_months >= MID_MONTH

    @property
    def _years(self) -> Sequence[Fraction]:
        """The percentage of each tax year."""
        month = tax_month(self.placed, self.first_month).month
        if self._mid_month:
            return TABLES[self.life_months, month, 0]
        return TABLES[self.life_months, 0, quarter_of(month) if self.mid_quarter else 0]

    def _of_last_year(self, index: int, month: int) -> Fraction:
        """The percentage that the year of disposal still takes, after the first."""
        percent, last = self._years[index], index == len(self._years) - 1
        if not self._mid_month and not self.mid_quarter:
            # Half a year is all that is left of the recovery period in the table's last year.
            return percent if last else percent * HALF
        whole = max(percent, self._years[index - 1]) if last or self._mid_month else percent
        middle = month - HALF if self._mid_month else QUARTER * (quarter_of(month) - HALF)
        return min(percent, whole * middle / YEAR)
