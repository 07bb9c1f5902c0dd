"""Send: an archived report to each of its recipients."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

from executive_suite.archive import documents
from executive_suite.mailing import approval, protocol, variants_documents, variants_plan
from executive_suite.mailing.errors import HeldError, NotSentError, RetryableError, UncertainError
from executive_suite.mailing.request import Outcome, Request
from executive_suite.run import clock, closed_dates, lane, services
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.ses import pacing
from executive_suite.trail.chain import Run

log = logging.getLogger(__name__)


def send(
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
    """Send an archived document to every recipient of its report: one call each, and no failure holds up another.

    The try is ``by_hand`` if a person or a new run started it, not the scheduler's retry. ``only`` is the single
    recipient id if a person sends to nobody else. ``sleep`` waits between calls and after the last one, to keep within
    the account's rate.

    Raises:
        NotSentError: for the recipients that could not be sent to; see ``_urgency`` for which one.
    """
    document_of = cache(partial(documents.load, deployment.records))  # what has a digest never changes
    document = document_of(content_digest)
    report = deployment.config.report(document.report)
    closed_dates.begun(deployment, document.report_date, clock.now())
    experiment = variants_plan.current(deployment.config_folder, deployment.config, report.report, document.report_date)
    readers = variants_plan.addressees(report, experiment, deployment.settings.recipient_hash_key)
    pacer = pacing.Pacer(pacing.spacing_seconds(plan.send_rate), sleep=sleep)
    needed = services.for_reports(deployment, lane.chain(deployment, plan, document.report, run))
    gates = (*needed.gates, services.one_mail_per_address(deployment, readers))
    needed = replace(needed, ses=pacer.watch(needed.ses), gates=gates, document_of=document_of)
    variants = variants_documents.of(deployment.records, content_digest)
    sent: list[Outcome] = []
    failed: list[NotSentError] = []
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
            sent.append(protocol.deliver(request, needed))
        except NotSentError as error:
            # Logged in lines of their own: the text of an exception runs out of the log's window.
            level = logging.INFO if _decided(error) else logging.ERROR
            log.log(
                level, "%s to %s: %s: %s: %s", report.report, reader.recipient_id, error.state, error.code, error.text
            )
            log.log(level, "next: %s", error.next_step)
            failed.append(error)
        finally:
            pacer.rest()
    if failed:
        raise min(failed, key=_urgency)
    return tuple(sent)


def _decided(error: NotSentError) -> bool:
    """Whether a person decided that it is not sent."""
    return isinstance(error, HeldError) and error.code == approval.HELD


def _urgency(error: NotSentError) -> int:
    """A retryable error first, so that its retry comes; then what a person must settle.

    A retry never resends an uncertain or refused mail, and the last try ends red with them. A person's decision to hold
    it comes last: alone, it is no fault.
    """
    if _decided(error):
        return 3
    return 0 if isinstance(error, RetryableError) else 1 if isinstance(error, UncertainError) else 2
