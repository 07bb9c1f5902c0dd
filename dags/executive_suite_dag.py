"""# Executive Suite.

Eight reports, each written for one reader, made from one frozen dataset, archived, and sent once.

**preflight** checks environment, configuration, buckets and sender, and settles the plan of this run.
**extract** stores what the sources hold; **validate** refuses faulty data and freezes the dataset as known at the
report date. **compute** computes every figure; **reconcile** stops the run if two figures disagree.
Then each report has a **lane**: render, archive, approve (if required), send; a failing lane stops no other.
**close** always runs, names every report that was not sent, and is red unless everything due was sent.

* *A past date*: start a run with its report date. It only uses what had been recorded by then.
* *Look before sending*: start a run with "send" off. A later run with "send" on mails the archived bytes.
* *A failed send*: fix the cause, then clear that one `send` with its downstream `close`. Nobody gets a second copy.
* *A backfill* sends no mail unless it was created with `--dag-run-conf '{"arm_backfill_send": true}'`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import DAG, CronDataIntervalTimetable, Param, TriggerRule, dag, get_current_context, task, task_group

from executive_suite import config
from executive_suite.folders import group_of
from executive_suite.run import due, many
from executive_suite_context import plan_of, request_of, run_of, states_of
from executive_suite_operators import ApproveReport, ArchiveReport, SendReport
from executive_suite_retries import FailOnBadData
from executive_suite_steps import access_of, step

# A step that takes longer hangs. A send may be 50 calls, each as long as its timeouts.
STEP_TIMEOUT, SEND_TIMEOUT = timedelta(hours=1), timedelta(hours=2)


def executive_suite_of(given: Mapping[str, str], suffix: str = "") -> DAG:
    """The reports of the group that an environment names; ``suffix`` keeps the DAGs of many groups apart."""
    configured = config.load(group_of(given))
    reports = [report.report for report in configured.reports]
    schedule = due.schedule_of(configured.schedule, given)
    limits = configured.limits
    # As many slots as the account's rate allows parallel sends; in a missing pool no send would ever begin.
    pool = given.get("EXECUTIVE_SUITE_SEND_POOL", "").strip() or "default_pool"

    @dag(
        dag_id=f"executive_suite{suffix}",
        schedule=CronDataIntervalTimetable(schedule.cron, timezone=schedule.zone.key) if schedule.cron else None,
        start_date=pendulum.datetime(2020, 1, 1, tz=schedule.zone.key),
        catchup=False,
        max_active_runs=3,
        # A person's answer, and a day's quota that comes back between retries.
        dagrun_timeout=timedelta(hours=limits.approval_hours, days=2),
        doc_md=__doc__,
        tags=["reports", "finance", "ses"],
        access_control=access_of(given),
        default_args={
            "owner": "reports",
            "execution_timeout": STEP_TIMEOUT,
            "retries": 2,
            "retry_delay": timedelta(seconds=20),
            "retry_exponential_backoff": 2,
            "max_retry_delay": timedelta(minutes=10),
            "retry_policy": FailOnBadData(),
        },
        params={
            "report_date": Param(
                None,
                type=["null", "string"],
                format="date",
                title="Report date",
                description="Everything as known at the start of this day. Empty: the day this run is due.",
            ),
            "reports": Param(
                reports,
                type="array",
                items={"type": "string", "enum": reports},
                examples=reports,
                title="Reports",
                description="Which reports to make.",
            ),
            "send": Param(
                default=True,
                type="boolean",
                title="Send",
                description="Mail the reports. Off: only make and archive them.",
            ),
            "approve": Param(
                default=False,
                type="boolean",
                title="Approve",
                description="Ask before each mail: a person sees recipients and changes. No answer means hold.",
            ),
            "future_date": Param(
                default=False,
                type="boolean",
                title="Future date",
                description="Allow a report date that has not come yet.",
            ),
        },
    )
    def executive_suite() -> None:
        """The steps and their order."""

        @task
        def preflight(**context: Any) -> dict[str, Any]:
            return step("preflight", request=request_of(context).to_json())

        @task
        def extract(plan: dict[str, Any]) -> str:
            return step("extract", plan=plan)

        @task
        def validate(plan: dict[str, Any], raw: str) -> str:
            return step("validate", plan=plan, raw=raw)

        @task
        def compute(snapshot: str) -> str:
            return step("compute", snapshot=snapshot)

        @task
        def reconcile(plan: dict[str, Any], snapshot: str, facts: str) -> list[dict[str, Any]]:
            return step("reconcile", plan=plan, snapshot=snapshot, facts=facts)

        @task_group
        def lane(work: dict[str, Any]) -> None:
            @task(map_index_template="{{ task.op_kwargs['work']['report'] }}")
            def render(work: dict[str, Any]) -> str:
                return step("render", run=run_of(get_current_context()), **work)

            archive = ArchiveReport(task_id="archive", work=work, document=render(work=work))
            approve = ApproveReport(task_id="approve", work=work, archived=archive.output, limits=limits)
            SendReport(
                task_id="send",
                work=work,
                archived=approve.output,
                limits=limits,
                pool=pool,
                execution_timeout=SEND_TIMEOUT,
            )

        @task(trigger_rule=TriggerRule.ALL_DONE, retries=0)
        def close(**context: Any) -> str:
            return step("close", plan=plan_of(context), run=run_of(context), states=states_of(context))

        plan = preflight()
        snapshot = validate(plan, extract(plan))
        facts = compute(snapshot)
        lane.expand(work=reconcile(plan, snapshot, facts)) >> close()

    return executive_suite()


# Imported by its name, as by the DAG files of many groups or of another project, it only offers the function.
if __name__ != "executive_suite_dag" and many.GROUPS not in os.environ:
    executive_suite_of(os.environ)
