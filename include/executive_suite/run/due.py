"""When reports are due: the schedule of a deployment, and the report date of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from executive_suite.config import Schedule
from executive_suite.settings import Settings

DEFAULT_ZONE = str(Settings.model_fields["executive_suite_timezone"].default)


@dataclass(frozen=True, slots=True)
class Due:
    """A schedule.

    Attributes:
        cron: Five fields; empty when only people start runs.
        zone: In which zone they are read.
    """

    cron: str
    zone: ZoneInfo


def schedule_of(schedule: Schedule, environment: Mapping[str, str]) -> Due:
    """The schedule of a deployment: of its environment, else of its configuration.

    The embedded run has none unless its environment sets one, because a scheduled DAG starts a run by itself as soon as
    it is switched on.
    """
    given = environment.get("EXECUTIVE_SUITE_SCHEDULE", "").strip()
    embedded = environment.get("EXECUTIVE_SUITE_AWS", "embedded") == "embedded"
    zone = ZoneInfo(environment.get("EXECUTIVE_SUITE_TIMEZONE", "").strip() or DEFAULT_ZONE)
    return Due(given or ("" if embedded else schedule.cron), zone)


def report_date(given: str | None, interval_end: datetime | None, run_after: datetime, zone: ZoneInfo) -> date:
    """The report date of a run: the one that it names, else the local day that it is due.

    Args:
        given: The run's parameter, ``YYYY-MM-DD``.
        interval_end: The end of a scheduled run's data interval: the moment that it is for.
        run_after: When the run could start; a manual run may have nothing else.
        zone: The group's time zone.

    Raises:
        ValueError: ``given`` is no date.

    >>> from datetime import UTC
    >>> report_date(None, datetime(2026, 5, 1, 13, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC),
    ...             ZoneInfo("America/Los_Angeles")).isoformat()
    '2026-05-01'
    """
    if given:
        try:
            return date.fromisoformat(given)
        except ValueError:
            msg = f"report date {given!r} is not a date like 2026-05-01"
            raise ValueError(msg) from None
    return (interval_end or run_after).astimezone(zone).date()
