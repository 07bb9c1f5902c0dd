"""SES events recorded in outbox, suppression list and audit trail: each once, in any order."""

from __future__ import annotations

import contextlib
import hashlib
import operator
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime
from email import message_from_bytes
from email.utils import parseaddr
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from executive_suite.identity import HashKey, without_addresses
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.outbox.outbox import NoEntryError, Outbox
from executive_suite.outbox.state import Evidence
from executive_suite.ses.events import Feedback, UnreadableEventError, parse
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject
from executive_suite.trail.chain import Chain, Event

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of one round of feedback.

    Attributes:
        events: New events.
        known: Events that had arrived before.
        suppressed: Addresses suppressed because of them.
        unreadable: Messages that are not SES events; stored in the records for a person to look at.
    """

    events: int = 0
    known: int = 0
    suppressed: int = 0
    unreadable: int = 0

    def __add__(self, other: Taken) -> Taken:
        """The sum of both."""
        return Taken(*map(operator.add, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class Intake:
    """Records events in the records bucket and in the day's audit chain."""

    records: ObjectStore
    key: HashKey
    chain: Chain
    clock: Callable[[], datetime]

    def take(self, body: str) -> Taken:
        """Record one message; repeating it changes nothing.

        Every step is idempotent, and the mark of completion comes last, so that a message whose worker died is recorded
        again in full.
        """
        try:
            feedback = parse(body)
        except UnreadableEventError as error:
            return self._keep_unreadable(body, str(error))
        mark = f"feedback/{feedback.event_id}"
        if next(self.records.keys(mark), None) is not None:
            return Taken(known=1)
        if feedback.delivery_id:
            self._prove(feedback)
        suppressed = self._suppress(feedback)
        self._record(feedback)
        self.records.create(StoredObject(mark, feedback.kind.encode(), "text/plain"))
        return Taken(events=1, suppressed=suppressed)

    def _prove(self, feedback: Feedback) -> None:
        """Store the event as evidence; what became of the audit copy only proves that SES accepted the mail."""
        outbox = Outbox(self.records)
        kind, detail = feedback.kind, feedback.detail
        reader = self._reader(outbox, feedback)
        if reader and feedback.addresses and reader not in {one.casefold() for one in feedback.addresses}:
            kind, detail = "accepted", f"of the audit copy: {kind}, {detail}".removesuffix(", ")
        proof = Evidence(feedback.event_id, kind, feedback.at, feedback.message_id, detail)
        outbox.add_evidence(feedback.delivery_id, feedback.generation, proof)

    def _reader(self, outbox: Outbox, feedback: Feedback) -> str:
        """The address that the mail was for, from its frozen bytes; empty if they are not on record."""
        generations = {one.number: one for one in outbox.read(feedback.delivery_id).generations}
        claims = generations[feedback.generation].claims if feedback.generation in generations else ()
        try:
            mail = self.records.get(claims[-1].mail_key).body if claims else b""
        except ObjectMissingError:
            return ""
        return parseaddr(str(message_from_bytes(mail)["To"] or ""))[1].casefold()

    def _suppress(self, feedback: Feedback) -> int:
        """Suppress the addresses of a hard bounce or a complaint; a soft bounce passes on its own."""
        if not (feedback.kind == "complained" or (feedback.kind == "bounced" and feedback.permanent)):
            return 0
        reason = "complaint" if feedback.kind == "complained" else "hard bounce"
        recipient_id = ""
        if feedback.delivery_id:
            with contextlib.suppress(NoEntryError):
                recipient_id = Outbox(self.records).find(feedback.delivery_id).slot.recipient_id
        own = SuppressionList(self.records, self.key)
        at = self.clock()
        return sum(
            own.add(address, reason, at, recipient_id=recipient_id, event_id=feedback.event_id)
            for address in feedback.addresses
        )

    def _record(self, feedback: Feedback) -> None:
        self.chain.append(
            Event(
                kind=f"feedback.{feedback.kind}",
                delivery_id=feedback.delivery_id,
                generation=feedback.generation,
                recipient_hash=" ".join(map(self.key.recipient_hash, feedback.addresses)),
                recipient_key_id=self.key.key_id,
                message_id=feedback.message_id,
                outcome=feedback.kind,
                error=feedback.detail,
                details=(("event", feedback.event_id), ("permanent", str(feedback.permanent).lower())),
            )
        )

    def _keep_unreadable(self, body: str, why: str) -> Taken:
        raw = body.encode(errors="surrogatepass")
        name = hashlib.sha256(raw).hexdigest()
        if self.records.create(StoredObject(f"feedback-unreadable/{name}", raw, "text/plain")):
            self.chain.append(Event(kind="feedback.unreadable", digest=name, outcome="kept", error=why))
        return Taken(unreadable=1)


class QueueError(Exception):
    """The queue does not answer or refuses; the text holds no address."""


def poll(sqs: SQSClient, queue_url: str, intake: Intake, *, most: int = 1000) -> Taken:
    """Record the messages of a queue; a message is deleted only after it was recorded.

    Args:
        sqs: An SQS client.
        queue_url: The queue of SES's events.
        intake: Records them.
        most: Maximum number of messages.

    Raises:
        QueueError: the queue does not answer or refuses.
        StoreError, TrailError: a message could not be recorded; it stays in the queue.
    """
    taken, seen = Taken(), 0
    try:
        while seen < most:
            answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            messages = answer.get("Messages", [])
            if not messages:
                break
            for message in messages:
                seen += 1
                taken += intake.take(message["Body"])
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    except (ClientError, BotoCoreError) as error:
        msg = without_addresses(f"queue {queue_url}: {error}")
        raise QueueError(msg) from None
    return taken
