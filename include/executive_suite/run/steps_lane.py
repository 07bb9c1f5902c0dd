"""The steps of one lane: a report is archived, then sent to each of its recipients, each on record."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from executive_suite.archive import publication
from executive_suite.document import Document
from executive_suite.mailing import approval, corrections, protocol, variants_documents, variants_plan
from executive_suite.mailing.errors import DeliveryError, RetryableError, UncertainError
from executive_suite.mailing.protocol import Outcome, Request
from executive_suite.run import mailing, owner, summary
from executive_suite.run.deployment import Deployment
from executive_suite.run.mailing import now
from executive_suite.run.plan import Plan
from executive_suite.run.summary import Summary
from executive_suite.ses import pacing
from executive_suite.trail import sealing
from executive_suite.trail.chain import Chain, Event, Run, run_chain

log = logging.getLogger(__name__)


def chain(deployment: Deployment, plan: Plan, lane: str, run: Run) -> Chain:
    """The audit chain of one lane of a run."""
    name = run_chain(date.fromisoformat(plan.report_date), plan.run_id, lane)
    return Chain(deployment.records, name, clock=now, run=run, copy=deployment.audit_copy)


def generated(deployment: Deployment, plan: Plan, run: Run, document: Document) -> str:
    """Put a rendering on record; its content digest."""
    chain(deployment, plan, document.report, run).append(_event("report.generated", document, outcome="rendered"))
    return document.content_digest


def publish(deployment: Deployment, plan: Plan, run: Run, content_digest: str) -> publication.ArchiveResult:
    """Archive a rendered document under its exact keys.

    Raises:
        RevisionRequiredError: something was sent already, and the bytes differ.
        ArchiveError: a person opened the next revision after this was rendered: its first lines would be missing.
    """
    records = deployment.records
    document = publication.load_document(records, content_digest)
    trail = chain(deployment, plan, document.report, run)
    opened = publication.open_revision(records, document.report_date, document.file_name)
    try:
        result = publication.publish(
            deployment.reports,
            records,
            document,
            generated_at=now(),
            revision=corrections.revision_of(records, content_digest) or opened,
        )
    except publication.ArchiveError as error:
        trail.append(_event("report.archived", document, outcome="stopped", error=str(error)))
        raise
    variants_documents.publish(
        deployment.reports, records, content_digest, generated_at=now(), revision=result.revision
    )
    details = tuple((f"{extension}_sha256", digest) for extension, digest in result.digests.items())
    trail.append(
        _event("report.archived", document, outcome="unchanged" if result.unchanged else "written", details=details)
    )
    return result


def send(  # noqa: PLR0913 - a lane, its document and how the task came to run
    deployment: Deployment,
    plan: Plan,
    run: Run,
    content_digest: str,
    *,
    revision: int,
    by_hand: bool,
    only: str = "",
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Outcome, ...]:
    """Send an archived document to every recipient of its report; one call each, one failure holds no other.

    Args:
        deployment: Where.
        plan: What the run is to do.
        run: The task, for the audit trail.
        content_digest: Of the archived document.
        revision: The archived revision.
        by_hand: Whether this try was started by a person or a new run, not by the scheduler's retry.
        only: One recipient id, when a person sends to nobody else.
        sleep: Waits between calls, and after the last one, so that the account's rate is kept.

    Raises:
        DeliveryError: of the recipients that could not be sent to; one whose state a person must settle comes first.
    """
    document = publication.load_document(deployment.records, content_digest)
    report = deployment.config.report(document.report)
    pacer = pacing.Pacer(pacing.spacing_seconds(plan.send_rate), sleep=sleep)
    services = mailing.services(deployment, chain(deployment, plan, document.report, run))
    services = replace(services, ses=pacer.watch(services.ses))
    experiment = variants_plan.current(
        deployment.include / "config", deployment.config, report.report, document.report_date
    )
    readers = variants_plan.addressees(report, experiment, deployment.settings.recipient_hash_key)
    services = replace(services, gates=(*services.gates, mailing.once_an_address(deployment, readers)))
    variants = variants_documents.of(deployment.records, content_digest)
    sent: list[Outcome] = []
    failed: list[DeliveryError] = []
    for reader in (one for one in readers if only in {"", one.recipient_id}):
        digest = variants.get(reader.variant, "") if reader.template else content_digest
        request = Request(
            entity=document.entity,
            report=document.report,
            file_name=document.file_name,
            report_date=document.report_date,
            revision=revision,
            content_digest=digest,
            recipient_id=reader.recipient_id,
            variant=reader.variant,
            template_variant=reader.template is not None,
            backfill=plan.backfill,
            armed=plan.backfill and plan.send,
            dated_by_hand=plan.dated,
            approval_required=plan.approve or report.approval,
            approved_digest=approval.approved_digest(deployment.records, digest, reader.recipient_id),
            retry_refused=by_hand,
        )
        try:
            sent.append(protocol.deliver(request, services))
        except DeliveryError as error:
            # What a person looks for stands in lines of its own: an exception's text runs out of the log's window.
            log.error("%s to %s: %s: %s: %s", report.report, reader.recipient_id, error.state, error.code, error.text)  # noqa: TRY400 - as above
            log.error("next: %s", error.next_step)  # noqa: TRY400 - as above
            failed.append(error)
        finally:
            pacer.rest()
    if failed:
        raise min(failed, key=_urgency)
    return tuple(sent)


def _urgency(error: DeliveryError) -> int:
    """A retryable one first, so that its retry comes: one recipient must not sink another. Then what a person settles.

    A retry sends nothing that is uncertain or refused again, and the last try ends red with them.
    """
    return 0 if isinstance(error, RetryableError) else 1 if isinstance(error, UncertainError) else 2


def close(deployment: Deployment, plan: Plan, run: Run, trouble: Mapping[str, tuple[str, ...]]) -> Summary:
    """Sum a run up, put that on record and seal the audit trail; what did not go out is in the summary.

    Args:
        deployment: Where.
        plan: What the run was to do.
        run: The task, for the audit trail.
        trouble: Report id to the steps of its lane that did not succeed.
    """
    found = summary.of(deployment, plan, trouble, now())
    shortfalls = found.shortfalls()
    details = tuple((f"did_not_go_out_{number}", text) for number, text in enumerate(shortfalls, 1))
    chain(deployment, plan, "run", run).append(
        Event(
            kind="run.closed",
            report_date=plan.report_date,
            outcome="incomplete" if shortfalls else "complete",
            reason=plan.why_not,
            details=details,
        )
    )
    if shortfalls and plan.send:
        owner.tell_of_run(deployment, chain(deployment, plan, "run", run), found)
    anchor = sealing.seal(deployment.records, clock=now, run=run, copy=deployment.audit_copy)
    found = replace(found, anchor=str(anchor))
    summary.keep(deployment.records, found)
    return found


def _event(
    kind: str, document: Document, *, outcome: str, error: str = "", details: tuple[tuple[str, str], ...] = ()
) -> Event:
    return Event(
        kind=kind,
        report=document.report,
        entity=document.entity,
        report_date=document.report_date.isoformat(),
        digest=document.content_digest,
        outcome=outcome,
        error=error,
        details=details,
    )
