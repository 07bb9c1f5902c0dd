"""The delivery protocol: at most one acceptance by SES per delivery and generation without a person's decision.

bind → read → gates → freeze → announce → claim → look again → one call → outcome. Every step leaves a
create-only object, so a worker may die after any of them and the next one knows what it may do.
``docs/guarantees.md`` states the promise and the reason for the order.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial

from executive_suite.archive import documents, editions
from executive_suite.identity import without_addresses
from executive_suite.mailing import call, message
from executive_suite.mailing.attempt import Attempt, stale
from executive_suite.mailing.errors import HeldError, LeaseRunningError, RefusedError, RetryableError
from executive_suite.mailing.gates import Stop, first_stop
from executive_suite.mailing.request import Outcome, Request
from executive_suite.mailing.services import Services
from executive_suite.mailing.witness import remember
from executive_suite.outbox.outbox import ClaimLostError, Outbox, Slot
from executive_suite.outbox.state import Generation
from executive_suite.stores.store import ObjectMissingError, StoredObject

_RACES = 10
"""How often the state is read again after losing a claim to another worker."""


def deliver(request: Request, services: Services) -> Outcome:
    """Send one report to one recipient, unless it was sent already; any other ending is raised.

    Returns:
        The acceptance, this call's or an earlier one's.

    Raises:
        LeaseRunningError: another worker may be sending; look again after its lease.
        RetryableError: nothing was accepted, and a retry is sensible.
        RefusedError: nothing was accepted, and a retry would not change that.
        HeldError: a gate stopped it; nothing was claimed.
        UncertainError: SES may have accepted it; only evidence or a person can settle it.
        StoreError, TrailError: it could not be recorded; nothing is sent without a record.
    """
    key = services.hash_key
    address, unknown = _address(request, services)
    outbox = Outbox(services.records)
    slot = Slot(request.entity, request.report, request.report_date, request.recipient_id, request.revision)
    entry = outbox.bind(slot, key.delivery_id(**asdict(slot), variant=request.variant), request.variant)
    delivery_id = entry.delivery_id
    attempt = Attempt(request, services, outbox, delivery_id, (key.recipient_hash(address), key.key_id))
    for _ in range(_RACES):
        if services.second_memory is not None:
            remember(outbox, services.second_memory, delivery_id, services.clock)
        generation = outbox.read(delivery_id).latest
        done = _decided(attempt, generation)
        if done is not None:
            return done
        if entry.variant != request.variant:
            text = f"this recipient has variant {entry.variant!r} of this report, not {request.variant!r}"
            stop = Stop("other-variant", text)
            _record_stop(attempt, stop)
            raise HeldError(delivery_id, stop.code, stop.text, stop.next_step)
        _pass_gates(attempt, address, unknown)
        mail_key, mime = _frozen(attempt, generation, address)
        try:
            return call.send(attempt, generation, address, mail_key, mime)
        except ClaimLostError:
            continue
    text = f"{_RACES} claims were lost to other workers"
    raise RetryableError(delivery_id, "contended", text, "it is retried automatically")


def _decided(attempt: Attempt, generation: Generation) -> Outcome | None:
    """The acceptance, if any; None if a mail may be sent; raises otherwise."""
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
        left = max((claim.deadline - now).total_seconds() for claim in generation.claims)
        wait = min(left, attempt.services.limits.lease_seconds) + 1  # a clock may be ahead by a lease; look in between
        attempt.record("delivery.found", generation.number, attempt=last.number, outcome="claimed")
        raise LeaseRunningError(
            attempt.delivery_id,
            "lease-running",
            f"another worker holds claim {last.number} until {last.deadline.isoformat()}",
            "it is looked at again after the lease",
            delay_seconds=wait,
        )
    if state == "uncertain" and last is not None:
        attempt.record("delivery.found", generation.number, attempt=last.number, outcome="uncertain")
        text = f"claim {last.number} of {last.at.isoformat()} has no certain outcome"
        raise attempt.uncertain(generation.number, last, "no-outcome", text)
    if state == "refused" and not attempt.request.retry_refused:
        answer = generation.answers[-1]
        raise RefusedError(attempt.delivery_id, answer.code, answer.detail, "fix the cause, then clear this task")
    return None


def _address(request: Request, services: Services) -> tuple[str, Stop | None]:
    """The address; a recipient without one stops only its own delivery."""
    try:
        return services.address_of(request.recipient_id), None
    except LookupError as error:
        text = without_addresses(str(error.args[0] if error.args else error))
        return "", Stop("no-address", text)


def _pass_gates(attempt: Attempt, address: str, unknown: Stop | None) -> None:
    request, services = attempt.request, attempt.services
    stop = unknown or first_stop(services.gates, request, address) or stale(attempt, editions.current)
    services.fail_point("gates")
    if stop is None:
        attempt.record("delivery.gate", outcome="passed")
        return
    _record_stop(attempt, stop)
    parts = (attempt.delivery_id, stop.code, stop.text, stop.next_step)
    if stop.delay_seconds is not None:
        raise RetryableError(*parts, delay_seconds=stop.delay_seconds)
    raise RefusedError(*parts) if stop.refused else HeldError(*parts)


def _record_stop(attempt: Attempt, stop: Stop, generation: int = 0) -> None:
    """Record what stopped a mail: commands and the room read there why it waits."""
    step = (("next_step", stop.next_step),)
    attempt.record("delivery.gate", generation, outcome="stopped", error_code=stop.code, reason=stop.text, details=step)


def _frozen(attempt: Attempt, generation: Generation, address: str) -> tuple[str, bytes]:
    """The mail's bytes, stored before they are sent; a retry sends the stored bytes.

    A mail frozen for another document, sender or address stays where it is, and the new one gets a key of its own: the
    claim says which one was sent.
    """
    request, services = attempt.request, attempt.services
    load = services.document_of or partial(documents.load, services.records)
    document = load(request.content_digest)
    sender = services.sender
    first = f"mails/{attempt.delivery_id}/g{generation.number}.eml"
    try:
        stored = services.records.get(first).body
    except ObjectMissingError:
        stored = b""
    at = message.date_of(stored) if stored else None

    def freeze(at: datetime) -> bytes:
        labels = message.Labels(attempt.delivery_id, generation.number, at)
        ways = {"link_to": services.link_to, "leaving": services.leaving}
        return services.freeze(document, sender.name, sender.address, address, labels, **ways)

    try:
        mime = freeze(at or services.clock())
    except message.MessageError as error:
        stop = Stop("message", str(error))
        _record_stop(attempt, stop, generation.number)
        raise RefusedError(attempt.delivery_id, stop.code, stop.text, stop.next_step) from error
    if mime == stored:
        return first, mime
    key = first if not stored else f"{first.removesuffix('.eml')}-{message.envelope_digest(mime)[:16]}.eml"
    metadata = {"sha256": message.envelope_digest(mime)}
    item = StoredObject(key, mime, "message/rfc822", metadata)
    if not services.records.create(item) and services.records.get(key).body != mime:
        # Another worker froze the same mail at another moment: only one of the two is sent.
        return _frozen(attempt, generation, address)
    services.fail_point("frozen")
    return key, mime


def _accepted_mail(generation: Generation) -> str:
    """The key of the accepted mail's bytes: of the accepted claim, else of the only possible one."""
    acceptance = generation.acceptance
    number = acceptance.number if acceptance else None
    held = [claim.mail_key for claim in generation.claims if number is None or claim.number == number]
    return held[-1] if held else ""
