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
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import CronDataIntervalTimetable, Param, TriggerRule, dag, get_current_context, task, task_group

from executive_suite import config
from executive_suite.folders import group_of
from executive_suite.run import due
from executive_suite.run.deployment import for_step
from executive_suite.run.plan import Plan
from executive_suite_context import plan_of, request_of, run_of, states_of
from executive_suite_operators import ApproveReport, ArchiveReport, SendReport
from executive_suite_retries import FailOnBadData

CONFIG = config.load(group_of(os.environ))
REPORTS = [report.report for report in CONFIG.reports]
SCHEDULE = due.schedule_of(CONFIG.schedule, os.environ)
# The pool has as many slots as the account's rate allows parallel sends; in a missing pool no send would ever begin.
POOL = os.environ.get("EXECUTIVE_SUITE_SEND_POOL", "").strip() or "default_pool"


@dag(
    dag_id="executive_suite",
    schedule=CronDataIntervalTimetable(SCHEDULE.cron, timezone=SCHEDULE.zone.key) if SCHEDULE.cron else None,
    start_date=pendulum.datetime(2020, 1, 1, tz=SCHEDULE.zone.key),
    catchup=False,
    doc_md=__doc__,
    tags=["reports", "finance", "ses"],
    default_args={
        "owner": "reports",
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
            REPORTS,
            type="array",
            items={"type": "string", "enum": REPORTS},
            examples=REPORTS,
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
        from executive_suite.run import preflight as step

        return step.preflight(for_step("preflight"), request_of(context))

    @task
    def extract(plan: dict[str, Any]) -> str:
        from executive_suite.run import extract as step

        return step.extract(for_step("extract"), Plan.from_json(plan))

    @task
    def validate(plan: dict[str, Any], raw: str) -> str:
        from executive_suite.run import validate as step

        return step.validate(for_step("validate"), Plan.from_json(plan), raw)

    @task
    def compute(snapshot: str) -> str:
        from executive_suite.run import compute as step

        return step.compute(for_step("compute"), snapshot)

    @task
    def reconcile(plan: dict[str, Any], snapshot: str, facts: str) -> list[dict[str, Any]]:
        from executive_suite.run import reconcile as step

        return step.reconcile(for_step("reconcile"), Plan.from_json(plan), snapshot, facts)

    @task_group
    def lane(work: dict[str, Any]) -> None:
        @task(map_index_template="{{ task.op_kwargs['work']['report'] }}")
        def render(work: dict[str, Any]) -> str:
            from executive_suite.run import render as step

            plan, run = Plan.from_json(work["plan"]), run_of(get_current_context())
            return step.render(for_step("render"), plan, run, work["report"], work["figures"])

        archive = ArchiveReport(task_id="archive", work=work, document=render(work=work))
        approve = ApproveReport(task_id="approve", work=work, archived=archive.output, limits=CONFIG.limits)
        SendReport(task_id="send", work=work, archived=approve.output, limits=CONFIG.limits, pool=POOL)

    @task(trigger_rule=TriggerRule.ALL_DONE, retries=0)
    def close(**context: Any) -> str:
        from executive_suite.run import close as step

        plan = plan_of(context)
        return step.close(for_step("close"), plan, run_of(context), states_of(context))

    plan = preflight()
    snapshot = validate(plan, extract(plan))
    facts = compute(snapshot)
    lane.expand(work=reconcile(plan, snapshot, facts)) >> close()


executive_suite()
