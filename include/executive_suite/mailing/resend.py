"""A person's word: send a delivery again, or say that an uncertain one did arrive; always with actor and reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from executive_suite.identity import without_addresses
from executive_suite.outbox.book import Ledger
from executive_suite.outbox.state import Evidence, Opening, State
from executive_suite.stores.store import ObjectMissingError, ObjectStore
from executive_suite.trail.chain import Chain, Event


class ResendError(Exception):
    """The delivery cannot be resent or settled now; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who decided, and why.

    Raises:
        ResendError: one of them is blank, or holds a mail address.
    """

    actor: str
    reason: str

    def __post_init__(self) -> None:
        """Refuse an act that nobody answers for, or that would put an address on record."""
        for name in ("actor", "reason"):
            if not getattr(self, name).strip():
                msg = f"{name}: is blank; a person's decision needs both actor and reason"
                raise ResendError(msg)
            if getattr(self, name) != without_addresses(getattr(self, name)):
                msg = f"{name}: holds a mail address, which the record must not; give a name"
                raise ResendError(msg)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as its slot names it."""

    delivery_id: str
    entity: str
    report: str
    report_date: str
    recipient_id: str
    revision: int
    variant: str = ""


def find(records: ObjectStore, *, report: str, report_date: date, recipient_id: str = "") -> tuple[Delivery, ...]:
    """The deliveries of a report and date, newest revision last; of one recipient when it is named."""
    found = [
        delivery
        for delivery in slots(records)
        if (delivery.report, delivery.report_date) == (report, report_date.isoformat())
        and recipient_id in {"", delivery.recipient_id}
    ]
    return tuple(sorted(found, key=lambda delivery: (delivery.recipient_id, delivery.revision)))


def named(records: ObjectStore, delivery_id: str) -> Delivery:
    """The delivery of that id.

    Raises:
        ResendError: the ledger has no such delivery.
    """
    for delivery in slots(records):
        if delivery.delivery_id == delivery_id:
            return delivery
    msg = f"the ledger has no delivery {delivery_id}"
    raise ResendError(msg)


def open_next(
    records: ObjectStore, delivery: Delivery, act: Act, *, clock: Callable[[], datetime], chain: Chain
) -> int:
    """Open the next generation, so that the send task (or ``resend --now``) sends once more; its number.

    Raises:
        ResendError: nothing was sent yet, a worker is at it right now, or somebody else was faster.
    """
    ledger = Ledger(records)
    now = clock()
    record = ledger.read(delivery.delivery_id)
    state = record.state(now)
    _refuse_unless_settled(delivery, record.latest.number, state)
    number = record.latest.number + 1
    opening = Opening(act.actor, act.reason, now, state)
    if not ledger.open_generation(delivery.delivery_id, number, opening):
        msg = f"delivery {delivery.delivery_id}: generation {number} was opened by somebody else just now"
        raise ResendError(msg)
    chain.append(_event("delivery.resend", delivery, act, number, outcome="opened", was=state))
    return number


def settle(  # noqa: PLR0913 - what is settled, by whom, with which proof
    records: ObjectStore,
    delivery: Delivery,
    act: Act,
    *,
    message_id: str = "",
    clock: Callable[[], datetime],
    chain: Chain,
) -> None:
    """Say that an uncertain mail did arrive: it counts as sent from now on.

    Raises:
        ResendError: the delivery is not uncertain.
    """
    ledger = Ledger(records)
    now = clock()
    record = ledger.read(delivery.delivery_id)
    state = record.state(now)
    if state != "uncertain":
        msg = f"delivery {delivery.delivery_id} is {state}, not uncertain: there is nothing to settle"
        raise ResendError(msg)
    said = hashlib.sha256(f"{act.actor}|{act.reason}".encode()).hexdigest()[:16]
    evidence = Evidence(f"person-{said}", "confirmed", now, message_id, act.reason, act.actor)
    ledger.add_evidence(delivery.delivery_id, record.latest.number, evidence)
    chain.append(
        _event("delivery.settled", delivery, act, record.latest.number, outcome="sent", was=state, proof=message_id)
    )


def _refuse_unless_settled(delivery: Delivery, generation: int, state: State) -> None:
    reasons = {
        "none": "nothing was sent in it yet; clear the send task",
        "retryable": "nothing was accepted yet; clear the send task",
        "claimed": "a worker holds its lease; look again when it is over",
    }
    if state in reasons:
        msg = f"delivery {delivery.delivery_id} generation {generation} is {state}: {reasons[state]}"
        raise ResendError(msg)


def _event(  # noqa: PLR0913 - the fields of the audit trail
    kind: str, delivery: Delivery, act: Act, generation: int, *, outcome: str, was: str, proof: str = ""
) -> Event:
    return Event(
        kind=kind,
        report=delivery.report,
        entity=delivery.entity,
        report_date=delivery.report_date,
        delivery_id=delivery.delivery_id,
        generation=generation,
        message_id=proof,
        outcome=outcome,
        actor=act.actor,
        reason=act.reason,
        details=(("state before", was),),
    )


def slots(records: ObjectStore) -> list[Delivery]:
    """Every delivery of the ledger, in lexical order of its slot."""
    found = []
    for key in records.keys("ledger/slots/"):
        _, _, entity, report, report_date, recipient_id, revision = key.split("/")
        try:
            bound = json.loads(records.get(key).body)
        except ObjectMissingError:
            continue
        number = int(revision.removeprefix("r"))
        found.append(
            Delivery(bound["delivery_id"], entity, report, report_date, recipient_id, number, bound["variant"])
        )
    return found
