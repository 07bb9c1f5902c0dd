"""# Delivery watch.

Checks every hour whether due reports were sent by their deadline (`deadline_hours` of `delivery.yaml`). It compares the
schedule with the outbox, not with the runs of `executive_suite`, so it also notices if there was no run at all: the DAG
was paused, did not parse, or got stuck. The owner gets one mail per missed deadline with each report, its state and the
next step; what a run reported already is not repeated, and readers are never notified.

With access logs (`EXECUTIVE_SUITE_ACCESS_LOGS`) it also counts which reports were read.

When Airflow itself is down, so is this DAG. Let the cron of another machine start
`python -m executive_suite watch --tell`, which does the same. Without a schedule nothing is due and nothing is watched.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta

import pendulum
from airflow.sdk import DAG, CronTriggerTimetable, dag, get_current_context, task

from executive_suite import config
from executive_suite.folders import group_of
from executive_suite.run import due, many
from executive_suite_context import run_of
from executive_suite_form import OWNER, head_of
from executive_suite_retries import SendOnce
from executive_suite_steps import access_of, step


def delivery_watch_of(given: Mapping[str, str], suffix: str = "") -> DAG:
    """The watch over the deadlines of the group that an environment names."""
    configured = config.load(group_of(given))
    limits = configured.limits
    watched = bool(due.schedule_of(configured.schedule, given).cron) and limits.deadline_hours is not None

    @dag(
        dag_id=f"delivery_watch{suffix}",
        schedule=CronTriggerTimetable("25 * * * *", timezone="UTC") if watched else None,
        start_date=pendulum.datetime(2020, 1, 1, tz="UTC"),
        catchup=False,
        max_active_runs=1,
        # The next run looks at everything again.
        dagrun_timeout=timedelta(hours=1),
        # A watchdog you must enable is no watchdog.
        is_paused_upon_creation=False,
        doc_md=__doc__,
        description="Tells the owner about reports that were not sent by their deadline.",
        tags=["reports", "ses"],
        **head_of(given, suffix, "missed deadlines"),
        access_control=access_of(given),
        default_args={
            "owner": OWNER,
            "execution_timeout": timedelta(minutes=30),
            "retries": limits.retries,
            "retry_delay": timedelta(seconds=limits.first_retry_seconds),
            "retry_policy": SendOnce(),
        },
    )
    def delivery_watch() -> None:
        """Check the passed deadlines; where access logs are named, count which reports were read."""

        @task
        def look() -> list[str]:
            """Checks each passed deadline once, and mails the owner what no run reported."""
            return step("look", run=run_of(get_current_context()))

        @task
        def count_reads() -> list[str]:
            return step("count_reads")

        look()
        if given.get("EXECUTIVE_SUITE_ACCESS_LOGS", "").strip():
            count_reads()

    return delivery_watch()


# Imported by its name, as by the DAG files of many groups or of another project, it only offers the function.
if __name__ != "delivery_watch_dag" and not many.are_many(os.environ):
    delivery_watch_of(os.environ)
