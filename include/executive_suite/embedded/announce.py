"""What Airflow starts on its own, said on the terminal before it mails: whoever tries the platform may not know."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from executive_suite.config import Config
from executive_suite.embedded.client import AirflowError, Client
from executive_suite.run import due

EVERY_SECONDS = 2.0
"""Far less than the steps before the first send take."""


def schedule(config: Config, given: Mapping[str, str], now: datetime) -> str:
    """That a schedule is on, when it starts a run next, and whom that mails; empty if only people start runs."""
    found = due.schedule_of(config.schedule, given)
    if not found.cron:
        return ""
    coming = next(due.moments(found, now, now + timedelta(days=5 * 366)), None)
    readers = len({recipient_id for report in config.reports for recipient_id in report.recipients})
    mails = sum(len(set(report.recipients)) for report in config.reports)
    when = f"; the next is due {coming.isoformat(sep=' ', timespec='minutes')}" if coming else ""
    return (
        f"The schedule {found.cron!r} ({found.zone.key}) is on: Airflow starts runs on its own, right away the latest "
        f"that was due{when}. Each sends {mails} mails to {readers} recipients. "
        "Leave EXECUTIVE_SUITE_SCHEDULE blank for none."
    )


def follow(client: Client, dag_id: str, say: Callable[[str], None], ended: threading.Event) -> None:
    """Say once of each run that the schedule starts, until ``ended``; needs a logged-in session of its own."""
    told: set[str] = set()
    while not ended.wait(EVERY_SECONDS):
        try:
            runs = client.get(f"/dags/{dag_id}/dagRuns", order_by="-run_after", limit=50)["dag_runs"]
        except (AirflowError, OSError):
            continue  # the platform is starting or ending; the next look tells
        for run in runs:
            name = str(run["dag_run_id"])
            if run["run_type"] == "scheduled" and run["state"] in {"queued", "running"} and name not in told:
                told.add(name)
                say(f"The schedule has started {name}: it makes its reports and mails them.")
