"""# Executive Suite.

Eight reports, each written for one reader, made from one frozen dataset, archived, and sent once.

**preflight** checks environment, configuration, buckets and sender, and settles what this run is to do.
**extract** keeps what the sources hold; **validate** lets nothing faulty pass and freezes the dataset as it was known
at the report date. **compute** works out every figure, field by field; **reconcile** stops the run when two figures
disagree. Then one **lane** a report: render, archive, approve (when asked for), send; a failing lane holds no other.
**close** always runs, says plainly what did not go out, and is red unless everything that was to go out is sent.

* *A past date*: start a run with its report date. Only what had been recorded by then is used.
* *Look before sending*: start a run with "send" off. Later a run with "send" on mails the archived bytes.
* *A failed send*: mend the cause, clear that one `send` with its downstream `close`. Nobody gets a second copy.
* *A backfill* mails nobody unless it was created with `--dag-run-conf '{"arm_backfill_send": true}'`.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import CronDataIntervalTimetable, Param, TriggerRule, dag, task, task_group

import executive_suite_tasks as tasks
from executive_suite import config
from executive_suite.metrics import FIELDS
from executive_suite.run import due
from executive_suite.run.deployment import INCLUDE
from executive_suite_operators import ApproveReport, ArchiveReport, SendReport
from executive_suite_retries import FailOnBadData

CONFIG = config.load(INCLUDE / "config")
REPORTS = [report.report for report in CONFIG.reports]
SCHEDULE = due.schedule_of(CONFIG.schedule, os.environ)
# As many slots as the account's rate allows sends at once; a pool that nobody made would never let a send begin.
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
            description="Everything as it was known at the start of this day. Empty: the day that this run is due.",
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
            description="Mail them. Off: they are made and archived only.",
        ),
        "approve": Param(
            default=False,
            type="boolean",
            title="Approve",
            description="Ask before each mail: a person sees what goes to whom and what changed. No answer means hold.",
        ),
    },
)
def executive_suite() -> None:
    """What runs, in which order."""

    @task
    def preflight(**context: Any) -> dict[str, Any]:
        return tasks.preflight(context)

    @task
    def extract(plan: dict[str, Any]) -> str:
        return tasks.extract(plan)

    @task
    def validate(plan: dict[str, Any], raw: str) -> str:
        return tasks.validate(plan, raw)

    @task(map_index_template="{{ task.op_kwargs['field'] }}")
    def compute(field: str, snapshot: str) -> str:
        return tasks.compute(field, snapshot)

    @task
    def reconcile(plan: dict[str, Any], snapshot: str, facts: list[str]) -> list[dict[str, Any]]:
        return tasks.reconcile(plan, snapshot, list(facts))

    @task_group
    def lane(work: dict[str, Any]) -> None:
        @task(map_index_template="{{ task.op_kwargs['work']['report'] }}")
        def render(work: dict[str, Any]) -> str:
            return tasks.render(work)

        archive = ArchiveReport(task_id="archive", work=work, document=render(work=work))
        approve = ApproveReport(task_id="approve", work=work, archived=archive.output, limits=CONFIG.delivery)
        SendReport(task_id="send", work=work, archived=approve.output, limits=CONFIG.delivery, pool=POOL)

    @task(trigger_rule=TriggerRule.ALL_DONE, retries=0)
    def close(**context: Any) -> str:
        return tasks.close(context)

    plan = preflight()
    snapshot = validate(plan, extract(plan))
    facts = compute.partial(snapshot=snapshot).expand(field=list(FIELDS))
    lane.expand(work=reconcile(plan, snapshot, facts)) >> close()


executive_suite()
