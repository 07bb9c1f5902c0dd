"""The core of the protocol: announce, claim, look once more, call SES once, record the outcome."""

from __future__ import annotations

from datetime import UTC, timedelta

from executive_suite.archive import editions
from executive_suite.mailing import message
from executive_suite.mailing.attempt import Attempt, stale
from executive_suite.mailing.errors import RefusedError, RetryableError
from executive_suite.mailing.request import Outcome
from executive_suite.outbox.state import Answer, Claim, Generation, Result
from executive_suite.ses import mailer, pacing
from executive_suite.ses.failures import Failure
from executive_suite.stores.store import StoreError

LONGEST_WAIT = 3600.0
"""Seconds; the longest back-off, unless the error itself asks for hours."""


def send(attempt: Attempt, generation: Generation, address: str, mail_key: str, mime: bytes) -> Outcome:
    """Claim, look once more, call once, record the outcome.

    Raises:
        ClaimLostError: another worker was faster.
    """
    request, services, outbox = attempt.request, attempt.services, attempt.outbox
    editions.announce(services.records, request.edition_folder, attempt.delivery_id)
    services.fail_point("announced")
    now = services.clock()
    claim = Claim(
        number=1 + max((claim.number for claim in generation.claims), default=0),
        nonce=services.nonce(),
        at=now,
        deadline=now + timedelta(seconds=services.limits.lease_seconds),
        content_digest=request.content_digest,
        envelope_digest=message.envelope_digest(mime),
        mail_key=mail_key,
    )
    outbox.claim(attempt.delivery_id, generation.number, claim)
    services.fail_point("claimed")
    if services.second_memory is not None:
        services.second_memory.saw(attempt.delivery_id, generation.number, claim.number)
    attempt.record("delivery.claimed", generation.number, attempt=claim.number, outcome="claimed")
    result: mailer.Accepted | Failure | None = _withdrawn(attempt, generation, claim)
    if result is None:
        services.fail_point("before-call")
        result = mailer.send(services.ses, mime, _envelope(attempt, generation, address))
        services.fail_point("after-call")
    return _settle(attempt, generation, claim, result)


def _withdrawn(attempt: Attempt, generation: Generation, claim: Claim) -> Failure | None:
    """Why a claim is returned unused: newer bytes were archived, the lease ran out, or a person went ahead."""
    stop = stale(attempt, editions.settled)
    if stop is not None:
        return Failure("retryable", "Superseded", stop.text, stop.next_step)
    if attempt.outbox.read(attempt.delivery_id).latest.number != generation.number:
        return Failure("retryable", "NewGeneration", "a person opened the next generation in the meantime")
    limits = attempt.services.limits
    call = timedelta(seconds=limits.connect_timeout_seconds + limits.read_timeout_seconds)
    if attempt.services.clock() + call > claim.deadline:
        return Failure("retryable", "LeaseLapsed", "the worker was delayed beyond its lease")
    return None


def _envelope(attempt: Attempt, generation: Generation, address: str) -> mailer.Envelope:
    sender = attempt.services.sender
    return mailer.Envelope(
        sender.address,
        address,
        tuple(copy for copy in sender.bcc if copy.lower() != address.lower()),
        sender.configuration_set,
        {"delivery-id": attempt.delivery_id, "generation": str(generation.number)},
    )


def _settle(attempt: Attempt, generation: Generation, claim: Claim, result: mailer.Accepted | Failure) -> Outcome:
    """Record the outcome, first in the outbox, then in the audit trail; then return or raise it."""
    now = attempt.services.clock()
    if isinstance(result, mailer.Accepted):
        answer = Answer(claim.number, claim.nonce, "sent", now, result.message_id)
        _put_on_record(attempt, generation, claim, answer)
        at = now.astimezone(UTC).isoformat()
        return Outcome(attempt.delivery_id, generation.number, result.message_id, claim.mail_key, at, already=False)
    outcome: Result = "uncertain" if result.error_class == "ambiguous" else result.error_class
    answer = Answer(claim.number, claim.nonce, outcome, now, code=result.code, detail=result.detail)
    _put_on_record(attempt, generation, claim, answer, error_class=result.error_class)
    text = f"{result.detail} ({result.hint})" if result.hint else result.detail
    if outcome == "uncertain":
        raise attempt.uncertain(generation.number, claim, result.code, text)
    services = attempt.services
    if result.stops_everything and services.circuit is not None and services.circuit.open(result.code):
        attempt.record("circuit.opened", generation.number, outcome="opened", error_code=result.code)
    if outcome == "refused":
        raise RefusedError(attempt.delivery_id, result.code, text, "fix the cause, then clear this task")
    wait = pacing.delay_seconds(
        claim.number, first_seconds=services.limits.first_retry_seconds, cap_seconds=LONGEST_WAIT, dice=services.dice
    )
    wait += result.delay_seconds or 0.0
    raise RetryableError(attempt.delivery_id, result.code, text, "it is retried automatically", delay_seconds=wait)


def _put_on_record(
    attempt: Attempt, generation: Generation, claim: Claim, answer: Answer, *, error_class: str = ""
) -> None:
    """First in the outbox, which decides; then in the audit trail, which reports."""
    try:
        attempt.outbox.answer(attempt.delivery_id, generation.number, answer)
    except StoreError as error:
        text = f"the call ended as {answer.result}, but the outbox could not be written: {error}"
        code = "outcome-not-recorded"
        raise attempt.uncertain(generation.number, claim, code, text, answer.message_id) from error
    attempt.services.fail_point("recorded")
    attempt.record(
        "delivery.outcome",
        generation.number,
        attempt=claim.number,
        outcome=answer.result,
        message_id=answer.message_id,
        error_class=error_class,
        error_code=answer.code,
        error=answer.detail,
        details=(
            ("envelope_digest", claim.envelope_digest),
            ("audit_copies", str(len(attempt.services.sender.bcc))),
        ),
    )
