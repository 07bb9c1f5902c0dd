"""Report dates, cut-offs and complete months, always in the group's time zone and never from the clock."""

from __future__ import annotations

import calendar
import contextlib
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that holds ``day``."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    def __add__(self, months: int) -> Month:
        """The month that many months later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        """As facts name it: ``YYYY-MM``."""
        return f"{self.year:04d}-{self.month:02d}"


def dates(names: Iterable[str]) -> Iterator[date]:
    """The days among some names, such as those of folders.

    >>> list(dates(["2026-05-01", "notes", "2026-02-30"]))
    [datetime.date(2026, 5, 1)]
    """
    for name in names:
        with contextlib.suppress(ValueError):
            yield date.fromisoformat(name)


@functools.cache
def time_zones() -> frozenset[str]:
    """Every IANA time zone on this machine; its files are searched once per process."""
    return frozenset(available_timezones())


def cut_off(report_date: date, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) after what a report knows: the start of its report date in ``zone``.

    >>> cut_off(date(2026, 5, 1), ZoneInfo("America/Los_Angeles")).isoformat()
    '2026-05-01T07:00:00+00:00'
    """
    return datetime.combine(report_date, time.min, tzinfo=zone).astimezone(UTC)


def months_later(day: date, months: int) -> date:
    """The same day of the month that many months later (earlier when negative), or that month's last.

    >>> months_later(date(2024, 1, 31), 1), months_later(date(2024, 2, 29), -12)
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28))
    """
    month = Month.of(day) + months
    return month.first.replace(day=min(day.day, calendar.monthrange(month.year, month.month)[1]))


def last_complete_month(report_date: date) -> Month:
    """The latest month that ended before ``report_date``.

    >>> str(last_complete_month(date(2026, 4, 30))), str(last_complete_month(date(2026, 5, 1)))
    ('2026-03', '2026-04')
    """
    return Month.of(report_date) + -1


def complete_months(report_date: date, count: int) -> tuple[Month, ...]:
    """The latest ``count`` complete months, oldest first."""
    last = last_complete_month(report_date)
    return tuple(last + -back for back in range(count - 1, -1, -1))


def year_before(day: date) -> date:
    """The same day a year earlier; February 28 for February 29."""
    return months_later(day, -12)
