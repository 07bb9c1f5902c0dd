"""The operators of a lane: archive a report to S3, ask before it goes, send it by SES."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import BaseOperator, BaseOperatorLink
from airflow.sdk.exceptions import AirflowSkipException

import executive_suite_tasks as tasks
from executive_suite_retries import SendOnce

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.types import TaskInstanceKey

    from executive_suite.config import Delivery


# Airflow renders it before the task begins: so a lane bears its name also while it waits for a person.
NAMED_BY_REPORT = "{{ task.work['report'] }}"


class ArchivedReport(BaseOperatorLink):
    """From a task to the page that readers open."""

    name = "Archived report"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002 - the interface
        """The address that the task found out; asked in the task's own process, when it has ended."""
        return str(getattr(operator, "archived_url", ""))


def page_of(keys: Sequence[str]) -> str:
    """The address of the archived page: where readers get it, else the bucket's page in the console."""
    key = next(key for key in keys if key.endswith(".html"))
    base = os.environ.get("EXECUTIVE_SUITE_REPORTS_URL", "").rstrip("/")
    bucket = os.environ.get("REPORTS_BUCKET", "")
    return f"{base}/{key}" if base else f"https://s3.console.aws.amazon.com/s3/object/{bucket}?prefix={key}"


class _LaneOperator(BaseOperator):
    """One step of a lane; ``work`` is what reconcile handed out: report id, figures, plan. Ids and digests only."""

    operator_extra_links = (ArchivedReport(),)

    def __init__(self, *, work: dict[str, Any], **options: Any) -> None:
        super().__init__(map_index_template=NAMED_BY_REPORT, **options)
        self.work = work
        self.archived_url = ""


class ArchiveReport(_LaneOperator):
    """Put a rendered report at its exact keys in the reports bucket, with metadata and tags.

    Args:
        work: What reconcile handed out.
        document: Content digest of the rendered document.
    """

    template_fields: Sequence[str] = ("work", "document")

    def __init__(self, *, work: dict[str, Any], document: str, **options: Any) -> None:
        super().__init__(work=work, **options)
        self.document = document

    def execute(self, context: Context) -> dict[str, Any]:
        """Archive; what to send: content digest and revision, with the keys for whoever looks."""
        from executive_suite.run import steps_lane  # noqa: PLC0415 - parsing the DAG needs none of this
        from executive_suite.run.plan import Plan  # noqa: PLC0415 - as above

        deployment, plan = tasks.open_deployment("archive"), Plan.from_json(self.work["plan"])
        result = steps_lane.publish(deployment, plan, tasks.audit_run(context), self.document)
        self.archived_url = page_of(list(result.keys.values()))
        self.log.info("%s: %s", "unchanged" if result.unchanged else "written", ", ".join(result.keys.values()))
        return {
            "content_digest": result.content_digest,
            "revision": result.revision,
            "keys": sorted(result.keys.values()),
        }


class ApproveReport(HITLOperator):
    """Ask a person before a report is sent, when the run or the report wants that; else pass at once.

    The answer is bound to the content digest. Without an answer in time it is held: never "send anyway".

    Args:
        work: What reconcile handed out.
        archived: What ``ArchiveReport`` returned.
        limits: ``approval_hours`` is how long an answer is waited for.
    """

    # Not the base's subject and body: a report's words must never be rendered as a template.
    template_fields: Sequence[str] = ("work", "archived")
    APPROVE, HOLD = "Approve", "Hold"

    def __init__(self, *, work: dict[str, Any], archived: Any, limits: Delivery, **options: Any) -> None:
        super().__init__(
            subject="Send this report?",
            options=[self.APPROVE, self.HOLD],
            defaults=self.HOLD,
            response_timeout=timedelta(hours=limits.approval_hours),
            map_index_template=NAMED_BY_REPORT,
            **options,
        )
        self.work = work
        self.archived = archived

    def execute(self, context: Context) -> dict[str, Any]:
        """Ask, or pass; what the send waits for."""
        from executive_suite.run import steps_approval  # noqa: PLC0415 - parsing the DAG needs none of this
        from executive_suite.run.plan import Plan  # noqa: PLC0415 - as above

        asked = steps_approval.question(
            tasks.open_deployment("approve"),
            Plan.from_json(self.work["plan"]),
            self.work["report"],
            self.archived["content_digest"],
        )
        if asked is None:
            return dict(self.archived)
        self.subject = asked.subject
        self.body = f"{asked.body}\n\n[The whole report, as it is archived]({page_of(self.archived['keys'])})"
        super().execute(context)
        return dict(self.archived)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Put the answer on record; the send looks there."""
        from executive_suite.run import steps_approval  # noqa: PLC0415 - parsing the DAG needs none of this
        from executive_suite.run.plan import Plan  # noqa: PLC0415 - as above

        given = super().execute_complete(context, event)
        person = given["responded_by_user"]
        steps_approval.answer(
            tasks.open_deployment("approve"),
            Plan.from_json(self.work["plan"]),
            tasks.audit_run(context),
            self.archived["content_digest"],
            "approved" if given["chosen_options"] == [self.APPROVE] else "rejected",
            actor=str(person["name"]) if person else "nobody",
            reason="" if person else "no answer in time",
        )
        return dict(self.archived)


class SendReport(_LaneOperator):
    """Send an archived report to its recipients through SES: at most once, whatever is retried or cleared.

    The task carries recipient ids; addresses are read from the environment at the last moment and go nowhere else.

    Args:
        work: What reconcile handed out.
        archived: What ``ArchiveReport`` returned.
        limits: The protocol's limits; retries must outlast a claim's lease.
    """

    template_fields: Sequence[str] = ("work", "archived")

    def __init__(self, *, work: dict[str, Any], archived: Any, limits: Delivery, **options: Any) -> None:
        options.setdefault("retries", limits.retries)
        options.setdefault("retry_delay", timedelta(seconds=limits.first_retry_seconds))
        options.setdefault("retry_policy", SendOnce())
        super().__init__(work=work, **options)
        self.archived = archived

    def execute(self, context: Context) -> list[dict[str, Any]]:
        """Send; each delivery's id, generation, message id and state.

        Raises:
            AirflowSkipException: this run mails nobody.
            DeliveryError: a delivery did not end in "sent"; it says what to do.
        """
        from executive_suite.run import steps_lane  # noqa: PLC0415 - parsing the DAG needs none of this
        from executive_suite.run.plan import Plan  # noqa: PLC0415 - as above

        plan = Plan.from_json(self.work["plan"])
        self.archived_url = page_of(self.archived["keys"])
        if not plan.send:
            raise AirflowSkipException(plan.why_not)
        ti = context["ti"]
        outcomes = steps_lane.send(
            tasks.open_deployment("send"),
            plan,
            tasks.audit_run(context),
            self.archived["content_digest"],
            revision=self.archived["revision"],
            # Airflow numbers on after a clear and raises the limit with it: this is the first try of a series.
            by_hand=ti.try_number == ti.max_tries - self.retries + 1,
        )
        for one in outcomes:
            self.log.info(
                "delivery %s generation %d: %s",
                one.delivery_id,
                one.generation,
                "sent before" if one.already else "sent",
            )
        return [one.as_json() for one in outcomes]
