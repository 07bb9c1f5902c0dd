"""The delivery protocol: at most one acceptance by SES per delivery and generation without a person's word.

freeze the mail → gates → announce → claim → look at the edition again → one call → outcome. Every step leaves a
create-only object, so that a worker may die after any of them and the next one knows what it may do.
``docs/guarantees.md`` says what is promised and why each step stands where it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from executive_suite import archive, delivery_pacing, mailer, message
from executive_suite.audit import Event
from executive_suite.delivery_errors import (
    HeldError,
    LeaseRunningError,
    RefusedError,
    RetryableError,
    UncertainError,
)
from executive_suite.delivery_gates import Intent, Stop, first_stop
from executive_suite.delivery_terms import Outcome, Request, Sender, Services
from executive_suite.delivery_witness import remember
from executive_suite.errors_ses import Failure
from executive_suite.ledger import ClaimLostError, Ledger, Slot
from executive_suite.ledger_state import Answer, Claim, Generation, Result
from executive_suite.store import ObjectMissingError, StoredObject, StoreError

__all__ = ["Outcome", "Request", "Sender", "Services", "deliver"]

LONGEST_WAIT = 3600.0
"""Seconds; no back-off waits longer, unless the error itself asks for hours."""

_RACES = 10
"""How often the state is read again after a claim was lost to another worker."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What is known while one delivery is worked on."""

    request: Request
    services: Services
    ledger: Ledger
    delivery_id: str
    recipient: tuple[str, str]

    def record(self, kind: str, generation: int = 0, **fields: Any) -> None:
        request = self.request
        self.services.chain.append(
            Event(
                kind=kind,
                report=request.report,
                entity=request.entity,
                report_date=request.report_date.isoformat(),
                digest=request.content_digest,
                delivery_id=self.delivery_id,
                generation=generation,
                recipient_hash=self.recipient[0],
                recipient_key_id=self.recipient[1],
                **fields,
            )
        )


def deliver(request: Request, services: Services) -> Outcome:
    """Send one report to one recipient, unless it was sent; what could not end in "sent" is raised.

    Returns:
        The acceptance, this call's or an earlier one's.

    Raises:
        LeaseRunningError: another worker may be at it; look again after its lease.
        RetryableError: nothing was accepted, another try is sensible.
        RefusedError: nothing was accepted, and trying again changes nothing.
        HeldError: a gate said no; nothing was claimed.
        UncertainError: SES may have accepted; only evidence or a person can settle it.
        StoreError, AuditError: the record could not be kept; nothing is sent without one.
    """
    key = services.hash_key
    address = services.address_of(request.recipient_id)
    ledger = Ledger(services.records)
    slot = Slot(request.entity, request.report, request.report_date, request.recipient_id, request.revision)
    own_id = key.delivery_id(
        entity=request.entity,
        report=request.report,
        report_date=request.report_date,
        recipient_id=request.recipient_id,
        variant=request.variant,
        revision=request.revision,
    )
    delivery_id, variant = ledger.bind(slot, own_id, request.variant)
    attempt = _Attempt(request, services, ledger, delivery_id, (key.recipient_hash(address), key.key_id))
    for _ in range(_RACES):
        if services.second_memory is not None:
            remember(ledger, services.second_memory, delivery_id, services.clock)
        generation = ledger.read(delivery_id).latest
        done = _decided(attempt, generation)
        if done is not None:
            return done
        if variant != request.variant:
            text = f"the slot belongs to variant {variant!r}, not {request.variant!r}"
            raise HeldError(delivery_id, "other-variant", text, "keep a recipient's variant while a period is open")
        _pass_gates(attempt, address)
        mail_key, mime = _frozen(attempt, generation, address)
        try:
            return _send(attempt, generation, address, mail_key, mime)
        except ClaimLostError:
            continue
    text = f"{_RACES} claims were lost to other workers"
    raise RetryableError(delivery_id, "contended", text, "it is tried again")


def _decided(attempt: _Attempt, generation: Generation) -> Outcome | None:
    """The acceptance when there is one; None when a mail may be sent; raises otherwise."""
    now = attempt.services.clock()
    state = generation.state(now)
    last = generation.claims[-1] if generation.claims else None
    if state == "sent":
        outcome = Outcome(
            attempt.delivery_id,
            generation.number,
            generation.message_id,
            _accepted_mail(generation),
            generation.accepted_at.isoformat() if generation.accepted_at else "",
            already=True,
        )
        attempt.record("delivery.found", generation.number, outcome="sent", message_id=outcome.message_id)
        return outcome
    if state == "claimed" and last is not None:
        wait = max((claim.deadline - now).total_seconds() for claim in generation.claims) + 1
        attempt.record("delivery.found", generation.number, attempt=last.number, outcome="claimed")
        raise LeaseRunningError(
            attempt.delivery_id,
            "lease-running",
            f"another worker holds claim {last.number} until {last.deadline.isoformat()}",
            "it is looked at again when the lease is over",
            delay_seconds=wait,
        )
    if state == "uncertain" and last is not None:
        attempt.record("delivery.found", generation.number, attempt=last.number, outcome="uncertain")
        text = f"claim {last.number} of {last.at.isoformat()} has no outcome that is certain"
        raise UncertainError(
            attempt.delivery_id,
            "no-outcome",
            text,
            generation=generation.number,
            envelope_digest=last.envelope_digest,
        )
    if state == "refused" and not attempt.request.retry_refused:
        answer = generation.answers[-1]
        raise RefusedError(attempt.delivery_id, answer.code, answer.detail, "mend the cause, then clear this task")
    return None


def _pass_gates(attempt: _Attempt, address: str) -> None:
    request, services = attempt.request, attempt.services
    intent = Intent(
        request.report,
        request.report_date,
        request.content_digest,
        request.recipient_id,
        address,
        request.backfill,
        request.armed,
        request.dated_by_hand,
        request.approval_required,
        request.approved_digest,
    )
    stop = first_stop(services.gates, intent) or _stale(attempt, archive.current_edition)
    services.fail_point("gates")
    if stop is None:
        attempt.record("delivery.gate", outcome="passed")
        return
    attempt.record("delivery.gate", outcome="stopped", error_code=stop.code, reason=stop.text)
    parts = (attempt.delivery_id, stop.code, stop.text, stop.next_step)
    if stop.delay_seconds is not None:
        raise RetryableError(*parts, delay_seconds=stop.delay_seconds)
    raise RefusedError(*parts) if stop.refused else HeldError(*parts)


def _stale(attempt: _Attempt, look: Callable[..., archive.Edition | None]) -> Stop | None:
    """Whether the archive has moved on from the document that is to be sent."""
    request = attempt.request
    edition = look(
        attempt.services.records, request.report_date, request.file_name, request.revision, variant=request.branch
    )
    if edition is not None and edition.content_digest == request.content_digest:
        return None
    found = edition.content_digest[:16] + "…" if edition else "nothing"
    return Stop(
        "superseded",
        f"the archive holds {found}, not {request.content_digest[:16]}…",
        "clear the lane from its render task",
        refused=True,
    )


def _frozen(attempt: _Attempt, generation: Generation, address: str) -> tuple[str, bytes]:
    """The mail's bytes, kept before they are sent; a retry sends the very bytes that were kept.

    A mail that was frozen for another document, sender or address is left where it is, and a new one is kept
    beside it: the claim says which one was sent.
    """
    request, services = attempt.request, attempt.services
    document = archive.load_document(services.records, request.content_digest)
    sender = services.sender
    first = f"mails/{attempt.delivery_id}/g{generation.number}.eml"
    try:
        standing = services.records.get(first).body
    except ObjectMissingError:
        standing = b""
    at = message.date_of(standing) if standing else None

    def freeze(at: datetime) -> bytes:
        labels = message.Labels(attempt.delivery_id, generation.number, at)
        return services.freeze(document, sender.name, sender.address, address, labels, link_to=services.link_to)

    try:
        mime = freeze(at or services.clock())
    except message.MessageError as error:
        attempt.record("delivery.gate", generation.number, outcome="stopped", error_code="message", reason=str(error))
        raise RefusedError(
            attempt.delivery_id, "message", str(error), "correct the named field, then clear the lane"
        ) from error
    if standing and mime == standing:
        return first, standing
    key = first if not standing else f"{first.removesuffix('.eml')}-{message.envelope_digest(mime)[:16]}.eml"
    metadata = {"sha256": message.envelope_digest(mime)}
    if not services.records.create(StoredObject(key, mime, "message/rfc822", metadata)):
        kept = services.records.get(key).body
        if kept != mime:  # another worker froze the same mail at another moment: one of the two is sent, not both
            return _frozen(attempt, generation, address)
    services.fail_point("frozen")
    return key, mime


def _send(attempt: _Attempt, generation: Generation, address: str, mail_key: str, mime: bytes) -> Outcome:
    """Claim, look once more, call once, write down what came of it.

    Raises:
        ClaimLostError: another worker was faster.
    """
    request, services, ledger = attempt.request, attempt.services, attempt.ledger
    archive.announce(
        services.records,
        attempt.delivery_id,
        report_date=request.report_date,
        file_name=request.file_name,
        revision=request.revision,
        variant=request.branch,
    )
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
    ledger.claim(attempt.delivery_id, generation.number, claim)
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


def _withdrawn(attempt: _Attempt, generation: Generation, claim: Claim) -> Failure | None:
    """Why a claim is given back unused: newer bytes were archived, the lease ran out, a person went ahead."""
    stop = _stale(attempt, archive.settled_edition)
    if stop is not None:
        return Failure("retryable", "Superseded", stop.text, stop.next_step)
    if attempt.ledger.read(attempt.delivery_id).latest.number != generation.number:
        return Failure("retryable", "NewGeneration", "a person opened the next generation meanwhile")
    limits = attempt.services.limits
    call = timedelta(seconds=limits.connect_timeout_seconds + limits.read_timeout_seconds)
    if attempt.services.clock() + call > claim.deadline:
        return Failure("retryable", "LeaseLapsed", "the worker was held up for longer than its lease allows")
    return None


def _envelope(attempt: _Attempt, generation: Generation, address: str) -> mailer.Envelope:
    sender = attempt.services.sender
    return mailer.Envelope(
        sender.address,
        address,
        tuple(copy for copy in sender.bcc if copy.lower() != address.lower()),
        sender.configuration_set,
        {"delivery-id": attempt.delivery_id, "generation": str(generation.number)},
    )


def _settle(attempt: _Attempt, generation: Generation, claim: Claim, result: mailer.Accepted | Failure) -> Outcome:
    """Write the outcome down, first in the ledger, then in the audit trail; then return or raise it."""
    now = attempt.services.clock()
    if isinstance(result, mailer.Accepted):
        answer = Answer(claim.number, claim.nonce, "sent", now, result.message_id)
        _write_answer(attempt, generation, claim, answer)
        attempt.services.fail_point("recorded")
        attempt.record(
            "delivery.outcome",
            generation.number,
            attempt=claim.number,
            outcome="sent",
            message_id=result.message_id,
            details=(("envelope_digest", claim.envelope_digest),),
        )
        return Outcome(
            attempt.delivery_id,
            generation.number,
            result.message_id,
            claim.mail_key,
            now.astimezone(UTC).isoformat(),
            already=False,
        )
    told: Result = "uncertain" if result.error_class == "ambiguous" else result.error_class
    answer = Answer(claim.number, claim.nonce, told, now, code=result.code, detail=result.detail)
    _write_answer(attempt, generation, claim, answer)
    attempt.services.fail_point("recorded")
    attempt.record(
        "delivery.outcome",
        generation.number,
        attempt=claim.number,
        outcome=told,
        error_class=result.error_class,
        error_code=result.code,
        error=result.detail,
        details=(("envelope_digest", claim.envelope_digest),),
    )
    text = f"{result.detail} ({result.hint})" if result.hint else result.detail
    if told == "uncertain":
        raise UncertainError(
            attempt.delivery_id,
            result.code,
            text,
            generation=generation.number,
            envelope_digest=claim.envelope_digest,
        )
    if result.stops_everything and attempt.services.circuit is not None:
        attempt.services.circuit.open(result.code)
    if told == "refused":
        raise RefusedError(attempt.delivery_id, result.code, text, "mend the cause, then clear this task")
    raise RetryableError(
        attempt.delivery_id, result.code, text, "it is tried again", delay_seconds=_wait(attempt, claim, result)
    )


def _wait(attempt: _Attempt, claim: Claim, result: Failure) -> float:
    """Seconds until the next try: full jitter over what doubles with each claim, on top of what the error asks for."""
    services = attempt.services
    jitter = delivery_pacing.delay_seconds(
        claim.number, first_seconds=services.limits.first_retry_seconds, cap_seconds=LONGEST_WAIT, dice=services.dice
    )
    return (result.delay_seconds or 0.0) + jitter


def _write_answer(attempt: _Attempt, generation: Generation, claim: Claim, answer: Answer) -> None:
    try:
        attempt.ledger.answer(attempt.delivery_id, generation.number, answer)
    except StoreError as error:
        raise UncertainError(
            attempt.delivery_id,
            "outcome-not-recorded",
            f"the call ended as {answer.result}, but the ledger could not be written: {error}",
            generation=generation.number,
            envelope_digest=claim.envelope_digest,
            message_id=answer.message_id,
        ) from error


def _accepted_mail(generation: Generation) -> str:
    """Where the accepted mail's bytes are kept: of the accepted claim, else of the only one that can have been."""
    acceptance = generation.acceptance
    number = acceptance.number if acceptance else None
    held = [claim.mail_key for claim in generation.claims if number is None or claim.number == number]
    return held[-1] if held else ""
