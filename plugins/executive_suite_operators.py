"""The operators of a lane: archive a report in S3, ask before it is sent, send it through SES."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import BaseOperator, BaseOperatorLink, Param
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import AirflowSkipException

import executive_suite_assets as assets
from executive_suite.run import due
from executive_suite_context import run_of
from executive_suite_places import room
from executive_suite_retries import SendOnce
from executive_suite_steps import environment_of_task, group_of, step

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.types import TaskInstanceKey

    from executive_suite.config import Limits


# Airflow renders it before the task begins, so a lane has its name even while it waits for a person, and again at its
# end, with what the task says of itself.
NAMED_BY_REPORT = "{{ task.work['report'] }}{{ task.said }}"


class ArchivedReport(BaseOperatorLink):
    """Links a task to the report's page in the report room."""

    name = "Archived report"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """The page, by the report and date of the task's work; asked for in the task's own process at its end."""
        work: dict[str, Any] = getattr(operator, "work", {})
        return page_of(work, ti_key.dag_id) if work else ""


def page_of(work: dict[str, Any], dag_id: str) -> str:
    """The address of a report's page in the room, on the host of the UI."""
    return room(group_of(dag_id), f"reports/{work['plan']['report_date']}/{work['report']}")


class _LaneOperator(BaseOperator):
    """One step of a lane; ``work`` is reconcile's result for it: report id, figures, its plan. Ids and digests only."""

    operator_extra_links = (ArchivedReport(),)

    def __init__(self, *, work: dict[str, Any], **options: Any) -> None:
        about = (type(self).__doc__ or "").partition("\n")[0]
        super().__init__(map_index_template=NAMED_BY_REPORT, doc_md=about, **options)
        self.work = work
        self.said = ""

    def say(self, words: str) -> None:
        """Show a few words next to the report's id, wherever Airflow shows the task."""
        from executive_suite.run import label

        self.said = label.said(words)

    def skip(self, why: str) -> NoReturn:
        """End the task as skipped, and say why."""
        self.say(why)
        raise AirflowSkipException(why)


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
        if result["unchanged"]:
            self.say("archived before, unchanged")
        else:
            assets.archived(context, self.work, result["content_digest"])
        self.log.info("%s: %s", "unchanged" if result["unchanged"] else "written", ", ".join(keys))
        return {"content_digest": result["content_digest"], "revision": result["revision"], "keys": keys}


class ApproveReport(_LaneOperator, HITLOperator):
    """Ask a person before a report is sent, if the run or the report requires it; else be skipped, and say why.

    The answer covers one content digest, that of ``archived``, the result of ``ArchiveReport``. Without an answer
    within ``approval_hours`` of the limits the report is held, never sent anyway.
    """

    # Not the base's subject and body: a report's words must never be rendered as a template.
    template_fields: Sequence[str] = ("work", "archived")
    APPROVE, HOLD = "Approve", "Hold"

    def __init__(self, *, work: dict[str, Any], archived: Any, limits: Limits, **options: Any) -> None:
        super().__init__(
            work=work,
            subject="Send this report?",
            options=[self.APPROVE, self.HOLD],
            defaults=self.HOLD,
            response_timeout=timedelta(hours=limits.approval_hours),
            # Airflow itself refuses the answer of anybody else.
            assigned_users=[{"id": one, "name": one} for one in limits.approvers] or None,
            **options,
        )
        # Only this one is on the form: Airflow hands a mapped task the DAG's own parameters as well.
        reason = Param("", type="string", maxLength=500, title="Reason", description="On the record.")
        self.params = ParamsDict({"reason": reason})
        self.archived = archived
        self.four_eyes = limits.four_eyes

    def execute(self, context: Context) -> None:
        """Ask.

        Raises:
            AirflowSkipException: nobody needs to be asked.
        """
        digest = self.archived["content_digest"]
        asked = step("question", plan=self.work["plan"], report=self.work["report"], content_digest=digest)
        if "unasked" in asked:
            self.skip(asked["unasked"])
        self.subject = asked["subject"]
        page = page_of(self.work, context["ti"].dag_id)
        self.body = f"[The whole report, as it will be sent]({page})\n\n{asked['body']}"
        super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:
        """Record the answer, which the send looks up; returns it in words."""
        given = super().execute_complete(context, event)
        person = given["responded_by_user"]
        name = str(person["name"]) if person else "nobody"
        reason = str((given["params_input"] or {}).get("reason", "")) if person else "no answer in time"
        verdict = "approved" if given["chosen_options"] == [self.APPROVE] else "rejected" if person else "not-answered"
        started_by = getattr(context["dag_run"], "triggering_user_name", None)
        if verdict == "approved" and self.four_eyes and name == started_by:
            verdict = "not-answered"
            reason = "whoever started a run does not approve it: clear this task to ask somebody else"
        step(
            "answer",
            plan=self.work["plan"],
            run=run_of(context),
            content_digest=self.archived["content_digest"],
            verdict=verdict,
            actor=name,
            reason=reason,
        )
        words = {"approved": f"approved by {name}", "rejected": f"held by {name}"}
        found = words.get(verdict, f"not approved: {reason}")
        self.say(found)
        return found


class SendReport(_LaneOperator):
    """Send an archived report to its recipients through SES: at most once, whatever is retried or cleared.

    The task has recipient ids; addresses are read from the environment at the last moment and go nowhere else.
    ``archived`` is the result of ``ArchiveReport``. A retry that comes while a claim's lease runs waits for its end.
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
            AirflowSkipException: this run sends no mail, or a person decided to hold it, which is no fault.
            NotSentError: a delivery did not end in "sent"; it names the next step.
        """
        plan = self.work["plan"]
        if not plan["send"]:
            self.skip(plan["why_not"])
        from executive_suite.mailing import approval
        from executive_suite.mailing.errors import NotSentError
        from executive_suite.run import label

        ti = context["ti"]
        try:
            outcomes: list[dict[str, Any]] = step(
                "send",
                plan=plan,
                run=run_of(context),
                content_digest=self.archived["content_digest"],
                revision=self.archived["revision"],
                # After a clear, Airflow continues its numbering and raises the limit: the first try of a series.
                by_hand=ti.try_number == ti.max_tries - self.retries + 1,
            )
        except NotSentError as error:
            if error.code == approval.HELD:
                self.skip(error.text)
            self.say(f"{error.state}: {error.text}")
            raise
        for one in outcomes:
            state = "sent before" if one["already"] else "sent"
            self.log.info("delivery %s generation %d: %s", one["delivery_id"], one["generation"], state)
        self.say(label.of_send(outcomes, due.zone_of(environment_of_task())))
        return outcomes
