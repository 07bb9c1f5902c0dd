"""# Delivery watch.

Looks every hour whether what was due has gone out by its deadline (`deadline_hours` of `delivery.yaml`). It asks the
schedule and the ledger, not the runs of `executive_suite`: so it also notices that there was no run at all, because the
DAG was switched off, could not be read, or got stuck. The owner gets one mail a deadline, naming each report, its state
and the next step; what a run told already is not told again, and readers are never told.

When Airflow itself stands still, so does this DAG. Let the cron of another machine start
`python -m executive_suite watch --tell`, which does the same. Without a schedule nothing is due and nothing is watched.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from airflow.sdk import CronTriggerTimetable, dag, task

import executive_suite_tasks as tasks
from executive_suite import config
from executive_suite.run import due
from executive_suite.run.deployment import INCLUDE
from executive_suite_retries import SendOnce

CONFIG = config.load(INCLUDE / "config")
WATCHED = bool(due.schedule_of(CONFIG.schedule, os.environ).cron) and CONFIG.delivery.deadline_hours is not None


@dag(
    dag_id="delivery_watch",
    schedule=CronTriggerTimetable("25 * * * *", timezone="UTC") if WATCHED else None,
    start_date=pendulum.datetime(2020, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    # A watch that somebody must remember to switch on is none.
    is_paused_upon_creation=False,
    doc_md=__doc__,
    tags=["reports", "ses"],
    default_args={
        "owner": "reports",
        "retries": CONFIG.delivery.retries,
        "retry_delay": timedelta(seconds=CONFIG.delivery.first_retry_seconds),
        "retry_policy": SendOnce(),
    },
)
def delivery_watch() -> None:
    """One task: the deadlines that have passed."""

    @task
    def look() -> list[str]:
        return tasks.look_for_late()

    look()


delivery_watch()
