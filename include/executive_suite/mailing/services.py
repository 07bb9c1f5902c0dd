"""What a delivery needs from the world; whatever could differ between two tries is passed in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from executive_suite.config import Limits
from executive_suite.document import Document
from executive_suite.identity import HashKey
from executive_suite.mailing import message
from executive_suite.mailing.account import Circuit
from executive_suite.mailing.gates import Gate
from executive_suite.mailing.message import Leaving
from executive_suite.mailing.request import Sender
from executive_suite.mailing.signed_links import LinkTo
from executive_suite.mailing.witness import CloudWatchWitness, Witness
from executive_suite.stores.store import ObjectStore
from executive_suite.trail.chain import Chain
from executive_suite.trail.local_copy import Copies
from executive_suite.trail.search_copy import CloudWatchCopy

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client


@dataclass(frozen=True, slots=True)
class Services:
    """Stores, clients and settings of one delivery.

    Attributes:
        records: The records bucket.
        ses: An SES v2 client that calls once (``mailer.client``).
        sender: The sender.
        hash_key: Hashes recipients and deliveries.
        limits: Timeouts and lease.
        chain: The audit chain of the lane.
        address_of: Recipient id to address, from the environment or a secrets backend.
        clock: Returns the current time, aware.
        gates: Asked in order before anything is claimed.
        circuit: Stops every send after SES stopped the account; None for none.
        witness: Remembers claims outside the outbox, so that an outbox restored from an old copy is noticed; by default
            in CloudWatch Logs, if the chain has its search copy there.
        link_to: Signs a link to an archive key; None if this deployment has no such links.
        leaving: How readers leave a series of reports; None for mails that belong to none.
        document_of: The document of a content digest; by default each delivery reads it from the records.
        nonce: Unguessable and new on every call.
        freeze: Makes the mail's bytes.
        dice: Spreads the waits of retries.
        fail_point: Called with the name of each step: where a test may stop a worker.
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
    link_to: LinkTo | None = None
    leaving: Leaving | None = None
    document_of: Callable[[str], Document] | None = None
    nonce: Callable[[], str] = lambda: secrets.token_hex(16)
    freeze: Callable[..., bytes] = message.freeze
    dice: Random = field(default_factory=SystemRandom, repr=False)
    fail_point: Callable[[str], None] = lambda _point: None

    @property
    def second_memory(self) -> Witness | None:
        """The given witness, else the one next to the trail's search copy; None without either."""
        if self.witness is not None:
            return self.witness
        copy = self.chain.copy
        for part in copy.parts if isinstance(copy, Copies) else (copy,):
            if isinstance(part, CloudWatchCopy):
                return CloudWatchWitness(part, scope=str(getattr(self.records, "name", "records")))
        return None
