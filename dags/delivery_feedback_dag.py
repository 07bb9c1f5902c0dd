"""# Delivery feedback.

Takes in what SES says of mails that it accepted: delivered, bounced, complained, rejected. The events come by SNS into
an SQS queue (`EXECUTIVE_SUITE_FEEDBACK_QUEUE`), and go to the ledger, the suppression list and the audit trail. The
same event twice changes nothing, and the order does not matter. A hard bounce or a complaint stops further mail to that
address until a person releases it. Without a queue this DAG has no schedule and nothing to do.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from airflow.sdk import CronTriggerTimetable, dag, task

import executive_suite_tasks as tasks
from executive_suite_retries import FailOnBadData

QUEUE = os.environ.get("EXECUTIVE_SUITE_FEEDBACK_QUEUE", "").strip()


@dag(
    dag_id="delivery_feedback",
    schedule=CronTriggerTimetable("*/15 * * * *", timezone="UTC") if QUEUE else None,
    start_date=pendulum.datetime(2020, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    # Who configures a queue wants bounces to come back; nobody should have to switch that on as well.
    is_paused_upon_creation=False,
    doc_md=__doc__,
    tags=["reports", "ses"],
    default_args={
        "owner": "reports",
        "retries": 3,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2,
        "retry_policy": FailOnBadData(),
    },
)
def delivery_feedback() -> None:
    """One task: what the queue holds."""

    @task
    def take_in() -> dict[str, int]:
        return tasks.take_in_feedback()

    take_in()


delivery_feedback()
