"""# Delivery feedback.

Records SES events about accepted mails: delivered, bounced, complained, rejected. SNS puts the events into an SQS queue
(`EXECUTIVE_SUITE_FEEDBACK_QUEUE`), and this DAG records them in the outbox, the suppression list and the audit trail.
Repeated events change nothing, and the order does not matter. A hard bounce or a complaint stops further mail to that
address until a person releases it. Without a queue this DAG has no schedule and nothing to do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta

import pendulum
from airflow.sdk import DAG, CronTriggerTimetable, dag, get_current_context, task

from executive_suite.run import many
from executive_suite_context import run_of
from executive_suite_form import OWNER, head_of
from executive_suite_retries import FailOnBadData
from executive_suite_steps import access_of, step


def delivery_feedback_of(given: Mapping[str, str], suffix: str = "") -> DAG:
    """The events about mails of the group that an environment names; one of many has a queue of its own."""
    queue_url = given.get("EXECUTIVE_SUITE_FEEDBACK_QUEUE", "").strip()

    @dag(
        dag_id=f"delivery_feedback{suffix}",
        schedule=CronTriggerTimetable("*/15 * * * *", timezone="UTC") if queue_url else None,
        start_date=pendulum.datetime(2020, 1, 1, tz="UTC"),
        catchup=False,
        max_active_runs=1,
        # The next run looks at everything again.
        dagrun_timeout=timedelta(hours=1),
        # A configured queue is enough: nobody should have to unpause the DAG as well.
        is_paused_upon_creation=False,
        doc_md=__doc__,
        description="Records what SES says of accepted mails: delivered, bounced, complained.",
        tags=["reports", "ses"],
        **head_of(given, suffix, "bounces and complaints"),
        access_control=access_of(given),
        default_args={
            "owner": OWNER,
            "execution_timeout": timedelta(minutes=30),
            "retries": 3,
            "retry_delay": timedelta(minutes=1),
            "retry_exponential_backoff": 2,
            "retry_policy": FailOnBadData(),
        },
    )
    def delivery_feedback() -> None:
        """One task: record the events in the queue."""

        @task
        def take_in() -> dict[str, int]:
            """Records the events in the queue, each once."""
            return step("feedback", queue=queue_url, run=run_of(get_current_context()))

        take_in()

    return delivery_feedback()


# Imported by its name, as by the DAG files of many groups or of another project, it only offers the function.
if __name__ != "delivery_feedback_dag" and not many.are_many(os.environ):
    delivery_feedback_of(os.environ)
