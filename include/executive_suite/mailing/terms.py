"""The terms of one delivery: what is asked for, what is needed to do it, and what comes back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any

from executive_suite.config import Delivery as Limits
from executive_suite.identity import HashKey
from executive_suite.mailing import message
from executive_suite.mailing.account import Circuit
from executive_suite.mailing.gates import Gate
from executive_suite.mailing.witness import CloudWatchWitness, Witness
from executive_suite.stores.store import ObjectStore
from executive_suite.trail.chain import Chain
from executive_suite.trail.local_copy import Copies
from executive_suite.trail.search_copy import CloudWatchCopy

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom mails come, and who gets the audit copy; addresses are left out of its repr."""

    name: str
    address: str = field(repr=False)
    bcc: tuple[str, ...] = field(default=(), repr=False)
    configuration_set: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One report for one recipient.

    Attributes:
        entity: Entity id of the report.
        report: Report id.
        file_name: Its archive name.
        report_date: Its date.
        revision: The archived revision.
        content_digest: Of the archived document that is to be sent.
        recipient_id: Whom it is for; the address is looked up at the last moment.
        variant: A/B variant; empty without an experiment.
        template_variant: Whether the variant has bytes of its own, kept beside the archive.
        backfill: Whether the run is a backfill.
        armed: Whether the backfill's own configuration arms it.
        dated_by_hand: Whether a manual run named the report date.
        approval_required: Whether the report needs an approval.
        approved_digest: The approved content digest; empty when nothing was approved.
        retry_refused: Whether a person cleared the task, so that a refused delivery is tried again.
    """

    entity: str
    report: str
    file_name: str
    report_date: date
    revision: int
    content_digest: str
    recipient_id: str
    variant: str = ""
    template_variant: bool = False
    backfill: bool = False
    armed: bool = False
    dated_by_hand: bool = False
    approval_required: bool = False
    approved_digest: str = ""
    retry_refused: bool = True

    @property
    def branch(self) -> str:
        """The edition branch that the document is archived in."""
        return self.variant if self.template_variant else ""


def _nothing(point: str) -> None:
    """Where a test may stop a worker; in production nothing happens."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a delivery needs of the world; everything that could differ between two tries is passed in.

    Attributes:
        records: The records bucket.
        ses: An SES v2 client that asks once (``mailer.client``).
        sender: From whom.
        hash_key: Hashes recipients and deliveries.
        limits: Timeouts and lease.
        chain: The audit chain of the lane.
        address_of: Recipient id to address, from the environment or a secrets backend.
        clock: The present moment, aware.
        gates: Asked in order before anything is claimed.
        circuit: Stops every send when SES says that the account is stopped; None for none.
        witness: Knows of claims apart from the ledger, so that a ledger restored from an old copy is noticed; when not
            given it stands in CloudWatch Logs, if the chain has its search copy there.
        link_to: Signs a link to an archive key, for attachments that are too large.
        nonce: Unguessable and new at every call.
        freeze: Makes the mail's bytes.
        dice: Spreads the waits of retries.
        fail_point: Called with the name of each step.
    """

    records: ObjectStore
    ses: SESV2Client
    sender: Sender
    hash_key: HashKey
    limits: Limits
    chain: Chain
    address_of: Callable[[str], str]
    clock: Callable[[], datetime]
    gates: tuple[Gate, ...] = ()
    circuit: Circuit | None = None
    witness: Witness | None = None
    link_to: Callable[[str], str] | None = None
    nonce: Callable[[], str] = lambda: secrets.token_hex(16)
    freeze: Callable[..., bytes] = message.freeze
    dice: Random = field(default_factory=SystemRandom, repr=False)
    fail_point: Callable[[str], None] = _nothing

    @property
    def second_memory(self) -> Witness | None:
        """The witness that is given, else the one beside the search copy of the audit trail; None without either."""
        if self.witness is not None:
            return self.witness
        copy = self.chain.copy
        for part in copy.parts if isinstance(copy, Copies) else (copy,):
            if isinstance(part, CloudWatchCopy):
                return CloudWatchWitness(part, scope=str(getattr(self.records, "name", "records")))
        return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A delivery that SES accepted: "sent" means accepted, not delivered.

    Attributes:
        delivery_id: The delivery.
        generation: The generation that was accepted.
        message_id: SES's id; empty when only evidence without one is known.
        mail_key: The mail's bytes in the records bucket; empty when only evidence is known.
        accepted_at: When, ISO 8601 UTC.
        already: Whether it had been sent before this call, which then sent nothing.
    """

    delivery_id: str
    generation: int
    message_id: str
    mail_key: str
    accepted_at: str
    already: bool

    def as_json(self) -> dict[str, Any]:
        """Plain values without any address."""
        return {"state": "sent", **asdict(self)}
