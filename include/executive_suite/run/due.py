"""When reports are due: the schedule of a deployment, and the report date of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

from executive_suite.config import Config, Report, Schedule
from executive_suite.dataset.group import quarter_before
from executive_suite.settings import Settings

DEFAULT_ZONE = str(Settings.model_fields["executive_suite_timezone"].default)


@dataclass(frozen=True, slots=True)
class Due:
    """A schedule.

    Attributes:
        cron: Five fields; empty if only people start runs.
        zone: Time zone of the fields.
    """

    cron: str
    zone: ZoneInfo


def schedule_of(schedule: Schedule, environment: Mapping[str, str]) -> Due:
    """The schedule of a deployment, from its environment, else from its configuration.

    The embedded platform has none unless its environment sets one, because a scheduled DAG starts a run on its own as
    soon as it is unpaused.
    """
    given = environment.get("EXECUTIVE_SUITE_SCHEDULE", "").strip()
    embedded = environment.get("EXECUTIVE_SUITE_AWS", "embedded") == "embedded"
    return Due(given or ("" if embedded else schedule.cron), zone_of(environment))


def zone_of(environment: Mapping[str, str]) -> ZoneInfo:
    """The time zone of a deployment, from its environment."""
    return ZoneInfo(environment.get("EXECUTIVE_SUITE_TIMEZONE", "").strip() or DEFAULT_ZONE)


def moments(due: Due, after: datetime, until: datetime) -> Iterator[datetime]:
    """When reports were due, after ``after`` and up to ``until``; aware, in the schedule's zone.

    >>> from datetime import UTC
    >>> [moment.isoformat() for moment in moments(Due("0 6 1,15 * *", ZoneInfo("America/Los_Angeles")),
    ...     datetime(2026, 3, 1, 14, tzinfo=UTC), datetime(2026, 4, 1, 13, tzinfo=UTC))]
    ['2026-03-15T06:00:00-07:00', '2026-04-01T06:00:00-07:00']
    """
    # As the scheduler does: a cron expression means wall-clock time, before and after a daylight-saving change.
    wall = croniter(due.cron, after.astimezone(due.zone).replace(tzinfo=None))
    while True:
        moment = wall.get_next(datetime).replace(tzinfo=due.zone)
        if moment > until:
            return
        if moment > after:
            yield moment


def reports_at(config: Config, day: date) -> tuple[str, ...]:
    """Ids of the reports that are due at a report date, in the configuration's order: a quarterly one is not always."""
    return tuple(report.report for report in config.reports if report.every is None or _first_of_quarter(config, day))


def next_from(config: Config, day: date) -> date:
    """The day after the running quarter of the fiscal year: from then on a quarterly report is due again."""
    running = quarter_before(day, config.schedule.fiscal_year_first_month).back(-1)
    return running.last + timedelta(days=1)


def left_out(config: Config, report: Report, day: date) -> str:
    """Why a quarterly report is not made at a report date, in one sentence without its full stop."""
    begins = next_from(config, day)
    return f"{report.title} is made once a quarter, and next from {begins:%B} {begins.day}, {begins.year} on"


def _first_of_quarter(config: Config, day: date) -> bool:
    """Whether no report date of the schedule lies between the end of the last quarter and a day.

    Without a schedule, the first month of a quarter counts: nobody knows which date will be the only one.
    """
    begins = quarter_before(day, config.schedule.fiscal_year_first_month).last + timedelta(days=1)
    if not config.schedule.cron:
        return (begins.year, begins.month) == (day.year, day.month)
    wall = Due(config.schedule.cron, ZoneInfo("UTC"))  # a schedule's days are the same in every zone
    start, end = (datetime.combine(one, time.min, wall.zone) - timedelta(microseconds=1) for one in (begins, day))
    return next(moments(wall, start, end), None) is None


def report_date(given: str | None, interval_end: datetime | None, run_after: datetime, zone: ZoneInfo) -> date:
    """The report date of a run: the one it names as ``YYYY-MM-DD``, else the group's local day it is due.

    A scheduled run is for the end of its data interval; a manual run may only have the time at which it could start.

    Raises:
        ValueError: ``given`` is not a date.

    >>> from datetime import UTC
    >>> report_date(None, datetime(2026, 5, 1, 13, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC),
    ...             ZoneInfo("America/Los_Angeles")).isoformat()
    '2026-05-01'
    """
    if given is not None:
        try:
            return date.fromisoformat(given)
        except ValueError:
            msg = f"report date {given!r} is not a date like 2026-05-01"
            raise ValueError(msg) from None
    return (interval_end or run_after).astimezone(zone).date()
