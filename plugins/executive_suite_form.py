"""What people read before a run: the form that starts one, and what the DAG's page says that the next one does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Param
from airflow.sdk.configuration import conf

from executive_suite import config, folders
from executive_suite.config import Config
from executive_suite.run import due
from executive_suite_places import room_from_elsewhere
from executive_suite_steps import group_of

OWNER = "reports"
FAR = timedelta(days=5 * 366)


class _Names(list[str]):
    """Names that nobody changes: Airflow copies the form, to the last word of it, for every operator of a DAG."""

    def __deepcopy__(self, _: object) -> _Names:
        return self


class _Titles(dict[str, str]):
    """As names, by what is chosen."""

    def __deepcopy__(self, _: object) -> _Titles:
        return self


def head_of(given: Mapping[str, str], suffix: str, what: str) -> dict[str, Any]:
    """What heads each DAG of a group in the UI: the group's name with what the DAG is for, and a way to the room."""
    name, place = config.group(folders.group_of(given)).name, room_from_elsewhere(group_of(suffix))
    return {
        "dag_display_name": f"{name}: {what}" if name else what.capitalize(),
        "owner_links": {OWNER: place} if place else {},
    }


def params_of(configured: Config) -> dict[str, Param]:
    """The form: the keys of a run's configuration, by titles that people know."""
    titles = _Titles((report.report, report.title) for report in configured.reports)
    names = _Names(titles)
    limit = configured.limits.age_limit_days
    return {
        "report_date": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Report date",
            description="Everything as known at the start of this day. Empty: the day this run is due.",
        ),
        "reports": Param(
            names,
            type="array",
            items={"type": "string", "enum": names},
            examples=names,
            values_display=titles,
            title="Reports",
            description="Which reports to make.",
        ),
        # By the names that the dialog itself has for the two kinds: both switches are in it, whichever is chosen.
        "send": _switch("Mail the reports (single run)", "Off: only make and archive them.", on=True),
        "arm_backfill_send": _switch(
            "Mail the reports (backfill)",
            "Off: a backfill makes and archives reports of past dates and mails nobody. It needs the one above, too.",
        ),
        "approve": _switch(
            "Ask before each mail", "A person sees recipients and changes, and approves or holds. No answer means hold."
        ),
        "old_date": _switch(
            "Old date", f"The report date is more than {limit} days ago, and the reports are to be mailed all the same."
        ),
        "future_date": _switch("Future date", "The report date has not come yet."),
    }


def next_run(configured: Config, schedule: due.Due) -> str:
    """What the next run will do, in one line.

    A DAG whose schedule only serves backfills (``use_job_schedule`` off) starts when a person starts it.
    """
    mails = sum(len(set(report.recipients)) for report in configured.reports)
    readers = len({one for report in configured.reports for one in report.recipients})
    what = f"{_count(len(configured.reports), 'report')}, {_count(mails, 'mail')} to {_count(readers, 'recipient')}"
    if not schedule.cron or not conf.getboolean("scheduler", "use_job_schedule", fallback=True):
        return f"Next: when somebody starts it. {what}."
    now = datetime.now(UTC)
    coming = next(due.moments(schedule, now, now + FAR), None)
    if coming is None:
        return f"Next: never, by the schedule {schedule.cron}. {what}."
    return f"Next: {coming:%B} {coming.day} at {coming.hour}:{coming:%M} ({schedule.zone.key}). {what}."


def _switch(title: str, description: str, *, on: bool = False) -> Param:
    return Param(default=on, type="boolean", title=title, description=description)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s'[: number != 1]}"
