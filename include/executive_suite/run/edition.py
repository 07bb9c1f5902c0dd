"""The editions of a month: by the group's schedule, a later one follows an earlier one, and holds what has changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from executive_suite import config
from executive_suite.run import due

_ANY = ZoneInfo("UTC")
"""A schedule's days are those of the wall clock, in every zone the same."""


def before(report_date: date, folder: Path) -> date | None:
    """The report date before this one in the same month; None for the month's first, and off the schedule.

    >>> from executive_suite.folders import SHIPPED
    >>> before(date(2026, 5, 15), SHIPPED), before(date(2026, 5, 1), SHIPPED), before(date(2026, 5, 10), SHIPPED)
    (datetime.date(2026, 5, 1), None, None)
    """
    cron = config.load(folder).schedule.cron
    if not cron:
        return None
    begins = datetime.combine(report_date.replace(day=1), time.min, _ANY) - timedelta(microseconds=1)
    ends = datetime.combine(report_date, time.max, _ANY)
    days = sorted({moment.date() for moment in due.moments(due.Due(cron, _ANY), begins, ends)})
    return days[-2] if len(days) > 1 and days[-1] == report_date else None
