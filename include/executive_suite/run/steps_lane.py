"""The steps of one lane: a report is archived, then sent to each of its recipients, each on record."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from executive_suite.archive import publication
from executive_suite.audit import sealing
from executive_suite.audit.chain import Chain, Event, Run, run_chain
from executive_suite.delivery import (
    account,
    approval,
    gates,
    mailer,
    notice,
    protocol,
    signed_links,
    suppression,
    variants_documents,
    variants_plan,
)
from executive_suite.delivery.account import Circuit
from executive_suite.delivery.errors import DeliveryError, RetryableError, UncertainError
from executive_suite.delivery.protocol import Outcome, Request, Sender, Services
from executive_suite.delivery.suppression import SuppressionList
from executive_suite.document import Document
from executive_suite.identity import HashKey
from executive_suite.run import summary
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.run.summary import Summary
from executive_suite.stores.store import StoreError

log = logging.getLogger(__name__)


def now() -> datetime:
    """The present moment; everything below the steps is given it."""
    return datetime.now(UTC)


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
    """
    records = deployment.records
    document = publication.load_document(records, content_digest)
    trail = chain(deployment, plan, document.report, run)
    try:
        result = publication.publish(
            deployment.reports,
            records,
            document,
            generated_at=now(),
            revision=publication.open_revision(records, document.report_date, document.file_name),
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
    deployment: Deployment, plan: Plan, run: Run, content_digest: str, *, revision: int, by_hand: bool
) -> tuple[Outcome, ...]:
    """Send an archived document to every recipient of its report; one call each, one failure holds no other.

    Args:
        deployment: Where.
        plan: What the run is to do.
        run: The task, for the audit trail.
        content_digest: Of the archived document.
        revision: The archived revision.
        by_hand: Whether this try was started by a person or a new run, not by the scheduler's retry.

    Raises:
        DeliveryError: of the recipients that could not be sent to; one whose state a person must settle comes first.
    """
    document = publication.load_document(deployment.records, content_digest)
    report = deployment.config.report(document.report)
    services = _services(deployment, chain(deployment, plan, document.report, run))
    sent: list[Outcome] = []
    failed: list[DeliveryError] = []
    experiment = variants_plan.current(
        deployment.include / "config", deployment.config, report.report, document.report_date
    )
    variants = variants_documents.of(deployment.records, content_digest)
    for reader in variants_plan.addressees(report, experiment, deployment.settings.recipient_hash_key):
        digest = variants[reader.variant] if reader.template else content_digest
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
            approved_digest=approval.approved_digest(deployment.records, digest),
            retry_refused=by_hand,
        )
        try:
            sent.append(protocol.deliver(request, services))
        except DeliveryError as error:
            failed.append(error)
    if failed:
        raise min(failed, key=_urgency)
    return tuple(sent)


def _urgency(error: DeliveryError) -> int:
    """An uncertain one first: a person must act. A retryable one next, so that the retry comes."""
    return 0 if isinstance(error, UncertainError) else 1 if isinstance(error, RetryableError) else 2


def _services(deployment: Deployment, trail: Chain) -> Services:
    checked, limits = deployment.settings, deployment.config.delivery
    key = HashKey(checked.recipient_hash_key)
    circuit = Circuit(deployment.records, now, lambda: account.look(deployment.ses))
    return Services(
        records=deployment.records,
        ses=mailer.client(
            checked.aws_ses_region,
            connect_timeout_seconds=limits.connect_timeout_seconds,
            read_timeout_seconds=limits.read_timeout_seconds,
        ),
        sender=Sender(
            checked.aws_ses_from_name,
            checked.aws_ses_from_address,
            (checked.aws_bcc_email,),
            checked.aws_ses_configuration_set,
        ),
        hash_key=key,
        limits=limits,
        chain=trail,
        address_of=lambda recipient_id: address_of(deployment, recipient_id, os.environ),
        clock=now,
        gates=(
            gates.backfill_guard,
            gates.approval,
            gates.not_from_the_future(checked.zone, now),
            gates.age_limit(limits.age_limit_days, checked.zone, now),
            gates.allowed_domains(limits.allowed_domains),
            SuppressionList(deployment.records, key).gate,
            suppression.account_gate(deployment.ses),
            circuit.gate,
        ),
        circuit=circuit,
        link_to=signed_links.by_s3(deployment.s3, checked.reports_bucket, life=signed_links.S3_LIMIT),
    )


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
        _tell_owner(deployment, plan, run, found)
    anchor = sealing.seal(deployment.records, clock=now, run=run, copy=deployment.audit_copy)
    found = replace(found, anchor=str(anchor))
    summary.keep(deployment.records, found)
    return found


def _tell_owner(deployment: Deployment, plan: Plan, run: Run, found: Summary) -> None:
    """One mail to the owner, once a run; that it could not be sent is in the log, and holds nothing up."""
    owner = deployment.config.delivery.owner
    if owner is None:
        return
    troubles = tuple(
        notice.Trouble(lane.title, one.recipient_id, one.state, "; ".join(lane.trouble), one.delivery_id)
        for lane in found.lanes
        for one in lane.deliveries
        if one.state != "sent" or lane.trouble
    )
    try:
        told = notice.document(date.fromisoformat(plan.report_date), plan.run_id, troubles, late_since=None)
        notice.send(told, owner, _services(deployment, chain(deployment, plan, "run", run)))
    except (DeliveryError, StoreError) as error:
        log.warning("the owner was not told: %s", error)


def address_of(deployment: Deployment, recipient_id: str, environment: Mapping[str, str]) -> str:
    """The address of a recipient, from the variable that the configuration names; looked up at the last moment.

    Raises:
        LookupError: the variable is missing or blank; the message names it.
    """
    name = deployment.config.recipient(recipient_id).address_from
    address = environment.get(name, "").strip()
    if not address:
        msg = f"{name}: is missing or blank, and holds the address of recipient {recipient_id}"
        raise LookupError(msg)
    return address


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
