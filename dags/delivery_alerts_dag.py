"""# Alerts between reports.

Every day before noon the signals of today are compared with those of the last report. What calls for an act and is new
goes to the readers of the reports that it concerns: one line and a link, once for each reader until the next report, by
the same protocol as every mail. Chats hear that there is something, not what. There is no such DAG unless
`delivery.yaml` says `alerts: true`. `python -m executive_suite signals --as-of TODAY --new-since LAST` shows the same
without sending.
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
from executive_suite_retries import FailOnBadData, SendOnce
from executive_suite_steps import access_of, step


def delivery_alerts_of(given: Mapping[str, str], suffix: str = "") -> DAG:
    """The alerts of the group that an environment names."""
    configured = config.load(group_of(given))
    schedule = due.schedule_of(configured.schedule, given)

    @dag(
        dag_id=f"delivery_alerts{suffix}",
        # In the morning reports are made; what they say is no alert.
        schedule=CronTriggerTimetable("40 11 * * *", timezone=schedule.zone.key) if schedule.cron else None,
        start_date=pendulum.datetime(2020, 1, 1, tz=schedule.zone.key),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=6),
        # Whoever turns them on in delivery.yaml need not do so again here.
        is_paused_upon_creation=False,
        doc_md=__doc__,
        description="Tells readers once of what comes up between two reports and calls for an act.",
        tags=["reports", "ses"],
        **head_of(given, suffix, "alerts between reports"),
        access_control=access_of(given),
        default_args={"owner": OWNER, "execution_timeout": timedelta(hours=1), "retries": 2},
    )
    def delivery_alerts() -> None:
        """Find what is new, mail it, and tell the chats."""

        @task(retry_policy=FailOnBadData())
        def appeared() -> str:
            """Compares the signals of today with those of the last report."""
            return step("appeared")

        @task(retry_policy=SendOnce())
        def alert(found: str) -> int:
            """Mails each new signal to its readers, once."""
            return step("alert", run=run_of(get_current_context()), found=found)

        @task
        def tell(found: str) -> bool:
            """Tells the chats that there is something new."""
            return step("alert_chats", found=found)

        found = appeared()
        alert(found)
        tell(found)

    return delivery_alerts()


# Imported by its name, as by the DAG files of many groups or of another project, it only offers the function.
if (
    __name__ != "delivery_alerts_dag"
    and not many.are_many(os.environ)
    and config.load(group_of(os.environ)).limits.alerts
):
    delivery_alerts_of(os.environ)
