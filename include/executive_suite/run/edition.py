"""The editions of a month: by the group's schedule, a later one follows an earlier one, and holds what has changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from croniter import croniter

from executive_suite import config


def before(report_date: date, folder: Path) -> date | None:
    """The report date before this one in the same month; None for the month's first, and off the schedule.

    >>> from executive_suite.folders import SHIPPED
    >>> before(date(2026, 5, 15), SHIPPED), before(date(2026, 5, 1), SHIPPED), before(date(2026, 5, 10), SHIPPED)
    (datetime.date(2026, 5, 1), None, None)
    """
    cron = config.load(folder).schedule.cron
    if not cron:
        return None
    moments = croniter(cron, datetime.combine(report_date + timedelta(days=1), time.min))
    if moments.get_prev(datetime).date() != report_date:
        return None
    earlier = datetime.combine(report_date, time.min)
    day: date = croniter(cron, earlier).get_prev(datetime).date()
    return day if day.replace(day=1) == report_date.replace(day=1) else None
