"""Federal legal holidays by rule: a return that falls due on one is due on the next business day.

Source: 26 U.S.C. 7503 and 26 CFR 301.7503-1(b): the legal holidays of the District of Columbia (D.C. Code 28-2701),
its Emancipation Day and the day of inauguration among them; 5 U.S.C. 6103 for the others. IRS Publication 509.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6
MONDAY, THURSDAY = 0, 3
LAST = -1
EMANCIPATION_SINCE, JUNETEENTH_SINCE = 2005, 2021
TERM, INAUGURATED = 4, 1
"""Presidents take office every four years, in the year after a leap year's election."""
_DAY = timedelta(days=1)


def is_business_day(day: date, *, district: bool = True) -> bool:
    """Whether a day is neither on a weekend nor a legal holiday.

    Args:
        day: The day.
        district: Whether the holidays of the District of Columbia alone count: they do for federal returns.

    >>> is_business_day(date(2026, 7, 3)), is_business_day(date(2027, 4, 16)), is_business_day(date(2026, 4, 15))
    (False, False, True)
    """
    return day.weekday() < SATURDAY and day not in legal_holidays(day.year, district=district)


def business_day(day: date, *, district: bool = True) -> date:
    """The day, or the next business day.

    >>> business_day(date(2026, 1, 31)).isoformat(), business_day(date(2028, 4, 15)).isoformat()
    ('2026-02-02', '2028-04-18')
    """
    while not is_business_day(day, district=district):
        day += _DAY
    return day


@functools.cache
def legal_holidays(year: int, *, district: bool = True) -> frozenset[date]:
    """The days of a year on which legal holidays are observed: of those on a Saturday Friday, on a Sunday Monday.

    >>> sorted(day.isoformat() for day in legal_holidays(2021) if day.month in (6, 12))
    ['2021-06-18', '2021-12-24', '2021-12-31']
    """
    days = {_observed(day) for one in (year, year + 1) for day in _dates(one, district=district)}
    return frozenset(day for day in days if day.year == year)


def _observed(day: date) -> date:
    return day - _DAY if day.weekday() == SATURDAY else day + _DAY if day.weekday() == SUNDAY else day


def _dates(year: int, *, district: bool) -> Iterator[date]:
    yield date(year, 1, 1)
    yield _nth(year, 1, MONDAY, 3)  # birthday of Martin Luther King, Jr.
    yield _nth(year, 2, MONDAY, 3)  # Washington's birthday
    yield _nth(year, 5, MONDAY, LAST)  # Memorial Day
    if year >= JUNETEENTH_SINCE:
        yield date(year, 6, 19)
    yield date(year, 7, 4)
    yield _nth(year, 9, MONDAY, 1)  # Labor Day
    yield _nth(year, 10, MONDAY, 2)  # Columbus Day
    yield date(year, 11, 11)
    yield _nth(year, 11, THURSDAY, 4)  # Thanksgiving Day
    yield date(year, 12, 25)
    if district and year >= EMANCIPATION_SINCE:
        yield date(year, 4, 16)
    if district and year % TERM == INAUGURATED:
        yield date(year, 1, 20)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """The first, second … or last such weekday of a month."""
    if number == LAST:
        last = date(year + month // 12, month % 12 + 1, 1) - _DAY
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
