"""SES events about accepted mails: event publishing and feedback notifications, inside an SNS envelope or bare."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from executive_suite import canonical
from executive_suite.identity import without_addresses
from executive_suite.outbox.state import EvidenceKind

DELIVERY_HEADER = "X-Executive-Suite-Delivery"
"""Our header that SES returns with its events: the delivery id and its generation."""

KINDS: Mapping[str, EvidenceKind] = {
    "Send": "accepted",
    "Delivery": "delivered",
    "Bounce": "bounced",
    "Complaint": "complained",
    "Reject": "rejected",
    "DeliveryDelay": "delayed",
    "Open": "opened",
    "Click": "clicked",
}
"""SES's name of an event to ours; each one proves that SES accepted the mail."""

_DELIVERY_ID = re.compile(r"[a-z2-7]{52}")


class UnreadableEventError(ValueError):
    """The message is not an SES event; the text names what is missing and holds no address."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One SES event.

    Attributes:
        event_id: The same event always has the same id, however often and by whichever way it arrives.
        kind: What happened.
        at: When, according to SES.
        message_id: SES's id of the mail.
        delivery_id: Of our delivery; empty if the event lacks it.
        generation: Of our delivery; 0 if the event lacks it.
        permanent: Whether a bounce is hard.
        detail: Bounce or complaint type and diagnostic, without addresses.
        addresses: The addresses concerned; not in the repr.
    """

    event_id: str
    kind: EvidenceKind
    at: datetime
    message_id: str
    delivery_id: str
    generation: int
    permanent: bool
    detail: str
    addresses: tuple[str, ...] = field(default=(), repr=False)


def parse(body: str) -> Feedback:
    """Read an event as SQS delivers it.

    Raises:
        UnreadableEventError: it is not an event, or not in SES's form.
    """
    try:
        return _parsed(body)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, UnreadableEventError):
            raise
        msg = f"does not have the form of an SES event ({type(error).__name__})"
        raise UnreadableEventError(msg) from None


def _parsed(body: str) -> Feedback:
    event = _unwrapped(body)
    name = str(event.get("eventType") or event.get("notificationType") or "")
    mail = event.get("mail")
    if name not in KINDS or not isinstance(mail, dict) or "messageId" not in mail:
        msg = f"event type {name!r:.40}; expected one of {', '.join(KINDS)}, with mail.messageId"
        raise UnreadableEventError(msg)
    details = event.get(name[0].lower() + name[1:]) or {}
    delivery_id, generation = _delivery(mail)
    stamp = str(details.get("timestamp") or mail.get("timestamp") or "")
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        msg = f"timestamp {stamp!r:.40}; expected ISO 8601"
        raise UnreadableEventError(msg) from None
    addresses = tuple(sorted(_addresses(name, details)))
    detail = without_addresses(_detail(details))[:300]
    identity = [name, str(mail["messageId"]), canonical.instant(at), list(addresses)]
    canonical.dumps([identity, detail])  # an event must be recordable
    return Feedback(
        hashlib.sha256(canonical.dumps(identity)).hexdigest()[:32],
        KINDS[name],
        at,
        str(mail["messageId"]),
        delivery_id,
        generation,
        details.get("bounceType") == "Permanent",
        detail,
        addresses,
    )


def _unwrapped(body: str) -> dict[str, Any]:
    """The event inside its SNS envelope, or bare (raw message delivery)."""
    try:
        event = json.loads(body)
        if isinstance(event, dict) and isinstance(event.get("Message"), str):
            event = json.loads(event["Message"])
    except ValueError:
        msg = "is not JSON"
        raise UnreadableEventError(msg) from None
    if not isinstance(event, dict):
        msg = f"is a JSON {type(event).__name__}; expected an object"
        raise UnreadableEventError(msg)
    return event


def _delivery(mail: Mapping[str, Any]) -> tuple[str, int]:
    """The mail's delivery and generation, from its tags, else from its header."""
    tags = mail.get("tags") or {}
    delivery_id = str(next(iter(tags.get("delivery-id") or []), ""))
    generation = str(next(iter(tags.get("generation") or []), ""))
    for header in mail.get("headers") or []:
        if not delivery_id and header.get("name") == DELIVERY_HEADER:
            delivery_id, _, generation = str(header.get("value", "")).partition("; generation=")
    if not _DELIVERY_ID.fullmatch(delivery_id) or re.fullmatch(r"[1-9][0-9]{0,5}", generation) is None:
        return "", 0
    return delivery_id, int(generation)


def _addresses(name: str, details: Mapping[str, Any]) -> Iterator[str]:
    lists = {"Bounce": "bouncedRecipients", "Complaint": "complainedRecipients"}
    for recipient in details.get(lists.get(name, ""), []):
        address = parseaddr(str(recipient.get("emailAddress", "")))[1].strip().lower()
        if address:
            yield address


def _detail(details: Mapping[str, Any]) -> str:
    parts = [
        str(details[name])
        for name in ("bounceType", "bounceSubType", "complaintFeedbackType", "reason", "delayType")
        if details.get(name)
    ]
    parts += [str(r["diagnosticCode"]) for r in details.get("bouncedRecipients", []) if r.get("diagnosticCode")]
    return "; ".join(parts)
