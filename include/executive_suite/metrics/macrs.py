"""MACRS depreciation by the percentage tables of the IRS, which ``macrs.csv`` holds.

Source: IRS Publication 946, appendix A: Table A-1 (3-, 5-, 7-, 10-, 15- and 20-year property, half-year convention),
A-6 (residential rental property, 27.5 years) and A-7a (nonresidential real property, 39 years, both mid-month). The
mid-quarter convention (Tables A-2 to A-5), which a year with more than two fifths of its purchases in the last quarter
calls for, is not applied.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from importlib import resources

YEAR = 12
"""Months of a tax year, which is the calendar year."""
HALF = Fraction(1, 2)
MID_MONTH = 330
"""Recovery periods from this one on, in months, are those of buildings: mid-month convention."""

Tables = Mapping[tuple[int, int], Sequence[Fraction]]


def _tables() -> Tables:
    """Percentages by tax year, by recovery period in months and month of placing in service (0: any)."""
    text = resources.files(__package__).joinpath("macrs.csv").read_text(encoding="utf-8")
    _, *rows = csv.reader(text.splitlines())
    return {(int(life), int(month or 0)): tuple(map(Fraction, years.split())) for _, life, month, years in rows}


TABLES = _tables()


def covers(life_months: int) -> bool:
    """Whether the tables have a recovery period."""
    return any(life == life_months for life, _ in TABLES)


def taken(life_months: int, placed: date, day: date, disposed: date | None = None) -> Fraction:
    """The share of the cost that is depreciated at the start of a day.

    A tax year's percentage is spread evenly over the months of that year in service, and counts for those that are
    over. In the year of disposal the half-year convention leaves half of it, the mid-month convention the months to the
    middle of the last; what is disposed of in its first year takes none.

    Args:
        life_months: The recovery period, one of the tables'.
        placed: Day of placing in service.
        day: The day.
        disposed: Day of disposal, if before ``day``.

    >>> float(taken(60, date(2025, 8, 20), date(2026, 1, 1))), float(taken(330, date(2025, 7, 1), date(2026, 1, 1)))
    (0.2, 0.01667)
    """
    mid_month = life_months >= MID_MONTH
    years = TABLES[life_months, placed.month if mid_month else 0]
    found = Fraction(0)
    for index, percent in enumerate(years):
        year = placed.year + index
        first = placed.month if index == 0 else 1
        if disposed is not None and disposed.year == year:
            return (
                found
                + (Fraction(0) if index == 0 else _of_last_year(years, index, disposed, mid_month=mid_month)) / 100
            )
        served = [
            HALF if mid_month and index == 0 and month == first else Fraction(1) for month in range(first, YEAR + 1)
        ]
        over = YEAR if year < day.year else day.month - 1 if year == day.year else 0
        found += percent * sum(served[: max(over - first + 1, 0)], Fraction(0)) / sum(served) / 100
    return found


def _of_last_year(years: Sequence[Fraction], index: int, disposed: date, *, mid_month: bool) -> Fraction:
    """The percentage that the year of disposal still takes, after the first."""
    percent = years[index]
    if mid_month:
        whole = max(percent, years[1])  # the last years of the table are parts of one
        return min(percent, whole * (disposed.month - HALF) / YEAR)
    # Half a year is all that is left of the recovery period in the table's last year.
    return percent if index == len(years) - 1 else percent * HALF
