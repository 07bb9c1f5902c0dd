"""# Executive Suite.

Eight reports, each written for one reader, made from one frozen dataset, archived, and sent once.

**preflight** checks environment, configuration, buckets and sender, and settles the plan of this run.
**extract** stores what the sources hold; **validate** refuses faulty data and freezes the dataset as known at the
report date. **compute** computes every figure; **reconcile** stops the run if two figures disagree.
Then each report has a **lane**: render, archive, approve (skipped unless somebody is asked), send; a failing lane stops
no other. **close** always runs, names every report that was not sent, and is red unless everything due was sent or a
person decided to hold it. The run's note has its report date and its outcome.

* *The reports themselves*: the report room, in the navigation; each task's link *Archived report* leads to its page.
* *A past date*: start a run with its report date. It only uses what had been recorded by then.
* *Look before sending*: start a run with "Mail the reports" off. A later one with it on mails the archived bytes.
* *A failed send*: fix the cause, then clear that one `send` with its downstream `close`. Nobody gets a second copy.
* *A backfill* mails nobody unless its own switch is on (`--dag-run-conf '{"arm_backfill_send": true}'`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import DAG, CronDataIntervalTimetable, TriggerRule, dag, get_current_context, task, task_group

from executive_suite import config
from executive_suite.folders import group_of
from executive_suite.run import due, many
from executive_suite_assets import dataset_of, frozen, reports_of
from executive_suite_context import checked, closed, run_of
from executive_suite_form import OWNER, head_of, next_run, params_of
from executive_suite_operators import ApproveReport, ArchiveReport, SendReport
from executive_suite_retries import FailOnBadData
from executive_suite_steps import access_of, step

HEAD = "# Executive Suite."
# A step that takes longer hangs. A send may be 50 calls, each as long as its timeouts.
STEP_TIMEOUT, SEND_TIMEOUT = timedelta(hours=1), timedelta(hours=2)


def executive_suite_of(given: Mapping[str, str], suffix: str = "", **more: Any) -> DAG:
    """The reports of the group that an environment names.

    Args:
        given: The environment.
        suffix: Keeps the DAGs of many groups apart.
        more: Of Airflow's own arguments of a DAG: callbacks, notifiers among them.
    """
    configured = config.load(group_of(given))
    limits, schedule = configured.limits, due.schedule_of(configured.schedule, given)
    coming = next_run(configured, schedule)
    # As many slots as the account's rate allows parallel sends; in a missing pool no send would ever begin.
    pool = given.get("EXECUTIVE_SUITE_SEND_POOL", "").strip() or "default_pool"

    dag_id = f"executive_suite{suffix}"

    @dag(
        dag_id=dag_id,
        schedule=CronDataIntervalTimetable(schedule.cron, timezone=schedule.zone.key) if schedule.cron else None,
        start_date=pendulum.datetime(2020, 1, 1, tz=schedule.zone.key),
        catchup=False,
        max_active_runs=3,
        # A person's answer, and a day's quota that comes back between retries.
        dagrun_timeout=timedelta(hours=limits.approval_hours, days=2),
        description=coming,
        doc_md=__doc__.replace(HEAD, f"{HEAD}\n\n**{coming}**", 1),
        tags=["reports", "finance", "ses"],
        **head_of(given, suffix, "reports"),
        access_control=access_of(given),
        default_args={
            "owner": OWNER,
            "execution_timeout": STEP_TIMEOUT,
            # With their waits they outlast a restart of whatever a step needs: 140 seconds at least, 210 on average.
            "retries": 3,
            "retry_delay": timedelta(seconds=20),
            "retry_exponential_backoff": 2,
            "max_retry_delay": timedelta(minutes=10),
            "retry_policy": FailOnBadData(),
        },
        params=params_of(configured),
        **more,
    )
    def executive_suite() -> None:
        """The steps and their order."""

        @task
        def preflight(**context: Any) -> dict[str, Any]:
            """Checks settings, configuration, buckets, sender and quota, and settles what this run does."""
            return checked(context)

        @task
        def extract(plan: dict[str, Any]) -> str:
            """Stores what the sources hold."""
            return step("extract", plan=plan)

        @task(outlets=[dataset_of(dag_id)])
        def validate(plan: dict[str, Any], raw: str) -> str:
            """Refuses faulty data, and freezes the dataset as known at the report date."""
            key: str = step("validate", plan=plan, raw=raw)
            frozen(get_current_context(), plan, key)
            return key

        @task
        def compute(snapshot: str) -> str:
            """Computes every figure."""
            return step("compute", snapshot=snapshot)

        @task
        def reconcile(plan: dict[str, Any], snapshot: str, facts: str) -> list[dict[str, Any]]:
            """Stops the run if two figures disagree; then opens a lane for each report."""
            return step("reconcile", plan=plan, snapshot=snapshot, facts=facts)

        @task_group(tooltip="Once for each report. A lane that fails stops no other.")
        def lane(work: dict[str, Any]) -> None:
            @task(map_index_template="{{ task.op_kwargs['work']['report'] }}")
            def render(work: dict[str, Any]) -> str:
                """Makes the report in all of its formats."""
                return step("render", run=run_of(get_current_context()), **work)

            outlets = [reports_of(dag_id)]
            archive = ArchiveReport(task_id="archive", work=work, document=render(work=work), outlets=outlets)
            approve = ApproveReport(task_id="approve", work=work, archived=archive.output, limits=limits)
            # An approval that nobody was asked for is skipped, and the report is sent all the same.
            send = SendReport(
                task_id="send",
                work=work,
                archived=archive.output,
                limits=limits,
                pool=pool,
                execution_timeout=SEND_TIMEOUT,
                trigger_rule=TriggerRule.NONE_FAILED,
            )
            approve >> send

        @task(trigger_rule=TriggerRule.ALL_DONE)
        def close(**context: Any) -> str:
            """Sums the run up; red unless everything due was sent or a person held it. Its log says what to do."""
            return closed(context)

        plan = preflight()
        snapshot = validate(plan, extract(plan))
        facts = compute(snapshot)
        lane.expand(work=reconcile(plan, snapshot, facts)) >> close()

    return executive_suite()


# Imported by its name, as by the DAG files of many groups or of another project, it only offers the function.
if __name__ != "executive_suite_dag" and not many.are_many(os.environ):
    executive_suite_of(os.environ)
