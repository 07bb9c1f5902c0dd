"""The operators of a lane: archive a report in S3, ask before it is sent, send it through SES."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import BaseOperator, BaseOperatorLink, Param
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import AirflowSkipException

from executive_suite.run import many
from executive_suite_context import run_of
from executive_suite_retries import SendOnce
from executive_suite_steps import environment_of_task, step

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.types import TaskInstanceKey

    from executive_suite.config import Limits


# Airflow renders it before the task begins, so a lane has its name even while it waits for a person.
NAMED_BY_REPORT = "{{ task.work['report'] }}"


class ArchivedReport(BaseOperatorLink):
    """Links a task to the page that readers open."""

    name = "Archived report"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """The URL set by ``execute``; asked for in the task's own process after it has ended."""
        return str(getattr(operator, "archived_url", ""))


def page_of(keys: Sequence[str]) -> str:
    """The URL of the archived page: where readers open it, else the bucket's page in the console."""
    given = environment_of_task()
    key = next(key for key in keys if key.endswith(".html"))
    base = given.get(many.PAGES, "").rstrip("/")
    place = f"{given.get('REPORTS_BUCKET', '')}?prefix={given.get(many.PREFIX, '')}{key}"
    return f"{base}/{key}" if base else f"https://s3.console.aws.amazon.com/s3/object/{place}"


class _LaneOperator(BaseOperator):
    """One step of a lane; ``work`` is reconcile's result for it: report id, figures, plan. Ids and digests only."""

    operator_extra_links = (ArchivedReport(),)

    def __init__(self, *, work: dict[str, Any], **options: Any) -> None:
        super().__init__(map_index_template=NAMED_BY_REPORT, **options)
        self.work = work
        self.archived_url = ""


class ArchiveReport(_LaneOperator):
    """Put a rendered report at its exact keys in the reports bucket, with metadata and tags.

    ``document`` is the content digest of the rendered document.
    """

    template_fields: Sequence[str] = ("work", "document")

    def __init__(self, *, work: dict[str, Any], document: str, **options: Any) -> None:
        super().__init__(work=work, **options)
        self.document = document

    def execute(self, context: Context) -> dict[str, Any]:
        """Archive; returns what to send: content digest and revision, and the keys for the UI."""
        result = step("archive", plan=self.work["plan"], run=run_of(context), document=self.document)
        keys = sorted(result["keys"].values())
        self.archived_url = page_of(keys)
        self.log.info("%s: %s", "unchanged" if result["unchanged"] else "written", ", ".join(keys))
        return {"content_digest": result["content_digest"], "revision": result["revision"], "keys": keys}


class ApproveReport(HITLOperator):
    """Ask a person before a report is sent, if the run or the report requires it; else pass at once.

    The answer covers one content digest, that of ``archived``, the result of ``ArchiveReport``. Without an answer
    within ``approval_hours`` of the limits the report is held, never sent anyway.
    """

    # Not the base's subject and body: a report's words must never be rendered as a template.
    template_fields: Sequence[str] = ("work", "archived")
    APPROVE, HOLD = "Approve", "Hold"

    def __init__(self, *, work: dict[str, Any], archived: Any, limits: Limits, **options: Any) -> None:
        super().__init__(
            subject="Send this report?",
            options=[self.APPROVE, self.HOLD],
            defaults=self.HOLD,
            response_timeout=timedelta(hours=limits.approval_hours),
            # Airflow itself refuses the answer of anybody else.
            assigned_users=[{"id": one, "name": one} for one in limits.approvers] or None,
            map_index_template=NAMED_BY_REPORT,
            **options,
        )
        # Only this one is on the form: Airflow hands a mapped task the DAG's own parameters as well.
        reason = Param("", type="string", maxLength=500, title="Reason", description="On the record.")
        self.params = ParamsDict({"reason": reason})
        self.work = work
        self.archived = archived
        self.four_eyes = limits.four_eyes

    def execute(self, context: Context) -> dict[str, Any]:
        """Ask, or pass; returns what the send needs."""
        digest = self.archived["content_digest"]
        asked = step("question", plan=self.work["plan"], report=self.work["report"], content_digest=digest)
        if asked is not None:
            self.subject = asked["subject"]
            self.body = f"{asked['body']}\n\n[The whole report, as archived]({page_of(self.archived['keys'])})"
            super().execute(context)
        return dict(self.archived)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Record the answer, which the send looks up."""
        given = super().execute_complete(context, event)
        person = given["responded_by_user"]
        name = str(person["name"]) if person else "nobody"
        approved = given["chosen_options"] == [self.APPROVE]
        reason = str((given["params_input"] or {}).get("reason", "")) if person else "no answer in time"
        if approved and self.four_eyes and name == getattr(context["dag_run"], "triggering_user_name", None):
            approved, reason = False, "whoever started a run does not approve it: clear this task to ask somebody else"
        step(
            "answer",
            plan=self.work["plan"],
            run=run_of(context),
            content_digest=self.archived["content_digest"],
            verdict="approved" if approved else "rejected",
            actor=name,
            reason=reason,
        )
        return dict(self.archived)


class SendReport(_LaneOperator):
    """Send an archived report to its recipients through SES: at most once, whatever is retried or cleared.

    The task has recipient ids; addresses are read from the environment at the last moment and go nowhere else.
    ``archived`` is the result of ``ArchiveReport``; the retries of ``limits`` must outlast a claim's lease.
    """

    template_fields: Sequence[str] = ("work", "archived")

    def __init__(self, *, work: dict[str, Any], archived: Any, limits: Limits, **options: Any) -> None:
        options.setdefault("retries", limits.retries)
        options.setdefault("retry_delay", timedelta(seconds=limits.first_retry_seconds))
        options.setdefault("retry_policy", SendOnce())
        super().__init__(work=work, **options)
        self.archived = archived

    def execute(self, context: Context) -> list[dict[str, Any]]:
        """Send; returns each delivery's id, generation, message id and state.

        Raises:
            AirflowSkipException: this run sends no mail.
            NotSentError: a delivery did not end in "sent"; it names the next step.
        """
        plan = self.work["plan"]
        self.archived_url = page_of(self.archived["keys"])
        if not plan["send"]:
            raise AirflowSkipException(plan["why_not"])
        ti = context["ti"]
        outcomes: list[dict[str, Any]] = step(
            "send",
            plan=plan,
            run=run_of(context),
            content_digest=self.archived["content_digest"],
            revision=self.archived["revision"],
            # After a clear, Airflow continues its numbering and raises the limit: this is the first try of a series.
            by_hand=ti.try_number == ti.max_tries - self.retries + 1,
        )
        for one in outcomes:
            state = "sent before" if one["already"] else "sent"
            self.log.info("delivery %s generation %d: %s", one["delivery_id"], one["generation"], state)
        return outcomes
