"""A person's decision, with actor and reason: send a delivery again, or confirm that an uncertain mail arrived."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from executive_suite.identity import without_addresses
from executive_suite.outbox.outbox import Entry, Outbox
from executive_suite.outbox.state import Evidence, Opening
from executive_suite.stores.store import ObjectStore
from executive_suite.trail.chain import Chain, Event

NOT_YET = {
    "none": "nothing was sent in it yet; clear the send task",
    "retryable": "nothing was accepted yet; clear the send task",
    "claimed": "a worker holds its lease; look again after the lease",
}
"""Why a delivery in such a state cannot be resent."""


class DecisionError(ValueError):
    """Actor or reason is blank or holds a mail address."""


class ResendError(Exception):
    """The delivery cannot be resent or settled now; the message says why and what to do instead."""


def accountable(name: str, value: str) -> str:
    """An actor or a reason, as it may be recorded.

    Raises:
        DecisionError: it is blank or holds a mail address.
    """
    if not value.strip():
        msg = f"{name}: is blank; a person's decision needs both actor and reason"
        raise DecisionError(msg)
    if value != without_addresses(value):
        msg = f"{name}: holds a mail address, which must not be recorded; give a name"
        raise DecisionError(msg)
    return value


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, and why.

    Raises:
        DecisionError: one of them is blank or holds a mail address.
    """

    actor: str
    reason: str

    def __post_init__(self) -> None:
        """Refuse a decision without a name or reason, or with an address."""
        accountable("actor", self.actor)
        accountable("reason", self.reason)


def open_next(
    records: ObjectStore, entry: Entry, decision: Decision, *, clock: Callable[[], datetime], chain: Chain
) -> int:
    """Open the next generation, so that the send task (or ``resend --now``) sends once more; returns its number.

    Raises:
        ResendError: nothing was sent yet, a worker is sending right now, or somebody else was faster.
    """
    outbox, now = Outbox(records), clock()
    record = outbox.read(entry.delivery_id)
    state = record.state(now)
    if state in NOT_YET:
        msg = f"delivery {entry.delivery_id} generation {record.latest.number} is {state}: {NOT_YET[state]}"
        raise ResendError(msg)
    number = record.latest.number + 1
    if not outbox.open_generation(entry.delivery_id, number, Opening(decision.actor, decision.reason, now, state)):
        msg = f"delivery {entry.delivery_id}: somebody else just opened generation {number}"
        raise ResendError(msg)
    chain.append(_event("delivery.resend", entry, decision, number, outcome="opened", was=state))
    return number


def settle(
    records: ObjectStore,
    entry: Entry,
    decision: Decision,
    *,
    message_id: str = "",
    clock: Callable[[], datetime],
    chain: Chain,
) -> None:
    """Confirm that an uncertain mail arrived: from now on it counts as sent.

    Raises:
        ResendError: the delivery is not uncertain.
    """
    outbox, now = Outbox(records), clock()
    record = outbox.read(entry.delivery_id)
    state, number = record.state(now), record.latest.number
    if state != "uncertain":
        msg = f"delivery {entry.delivery_id} is {state}, not uncertain: there is nothing to settle"
        raise ResendError(msg)
    name = hashlib.sha256(f"{decision.actor}|{decision.reason}".encode()).hexdigest()[:16]
    evidence = Evidence(f"person-{name}", "confirmed", now, message_id, decision.reason, decision.actor)
    outbox.add_evidence(entry.delivery_id, number, evidence)
    chain.append(_event("delivery.settled", entry, decision, number, outcome="sent", was=state, proof=message_id))


def _event(
    kind: str, entry: Entry, decision: Decision, generation: int, *, outcome: str, was: str, proof: str = ""
) -> Event:
    return Event(
        kind=kind,
        report=entry.slot.report,
        entity=entry.slot.entity,
        report_date=entry.slot.report_date.isoformat(),
        delivery_id=entry.delivery_id,
        generation=generation,
        message_id=proof,
        outcome=outcome,
        actor=decision.actor,
        reason=decision.reason,
        details=(("state before", was),),
    )
