"""Days, months and instants of the sample group, in its own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from executive_suite.period import Month

ZONE = ZoneInfo("America/Los_Angeles")
NOON = time(12)
EVENING = time(21, 30)


def at(day: date, clock: time = NOON) -> datetime:
    """The instant (UTC) of a local wall-clock time.

    >>> at(date(2025, 7, 4)).isoformat()
    '2025-07-04T19:00:00+00:00'
    """
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def months(first: date, last: date) -> Iterator[Month]:
    """Every month that holds a day from ``first`` to ``last``."""
    month = Month.of(first)
    while month <= Month.of(last):
        yield month
        month += 1


def last_day(month: Month) -> date:
    """The last day of a month."""
    return (month + 1).first - timedelta(days=1)
