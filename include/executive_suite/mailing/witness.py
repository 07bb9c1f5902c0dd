"""A second memory of claims, apart from the ledger: a records bucket that was restored from an old copy is noticed.

Without it a restored ledger would say "none" of a delivery that was sent, and the next run would send it again.
The witness stands in CloudWatch Logs, one stream a delivery, and hears of a claim before the call to SES is made.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from executive_suite.outbox.book import ClaimLostError, Ledger
from executive_suite.outbox.state import Claim
from executive_suite.trail.search_copy import CloudWatchCopy

_log = logging.getLogger(__name__)


class Witness(Protocol):
    """A second memory of claims."""

    def claims(self, delivery_id: str) -> frozenset[tuple[int, int]]:
        """Generation and number of each claim that it saw; empty when it knows of none or cannot be asked."""
        ...

    def saw(self, delivery_id: str, generation: int, number: int) -> None:
        """Remember a claim; raises nothing."""
        ...


class CloudWatchWitness:
    """A witness in CloudWatch Logs.

    Args:
        copy: The log group, as the search copy of the audit trail uses it.
        scope: The records bucket's name: another bucket is another ledger, with deliveries of its own.
    """

    def __init__(self, copy: CloudWatchCopy, *, scope: str) -> None:
        self._copy = copy
        self._scope = scope

    def claims(self, delivery_id: str) -> frozenset[tuple[int, int]]:
        """The claims in the delivery's stream."""
        try:
            seen = list(self._copy.events(self._stream(delivery_id)))
        except (ClientError, BotoCoreError) as error:
            _log.warning("witness of delivery %s cannot be asked: %s", delivery_id, type(error).__name__)
            return frozenset()
        return frozenset((int(event["generation"]), int(event["number"])) for event in seen)

    def saw(self, delivery_id: str, generation: int, number: int) -> None:
        """Put a claim into the delivery's stream."""
        event = {"id": f"{generation}/{number}", "generation": generation, "number": number}
        self._copy.send(self._stream(delivery_id), [event])

    def _stream(self, delivery_id: str) -> str:
        return f"deliveries/{self._scope}/{delivery_id}"


def remember(ledger: Ledger, witness: Witness, delivery_id: str, clock: Callable[[], datetime]) -> None:
    """Put claims that only the witness knows back into the ledger, as claims without an outcome: uncertain.

    The witness is asked before the ledger is read: a claim is in the ledger before the witness hears of it, so that
    what the ledger lacks afterwards was lost.
    """
    seen = witness.claims(delivery_id)
    if not seen:
        return
    known = {
        (generation.number, claim.number)
        for generation in ledger.read(delivery_id).generations
        for claim in generation.claims
    }
    for generation, number in sorted(seen - known):
        now = clock()
        _log.error("delivery %s: claim %d of generation %d was lost from the ledger", delivery_id, number, generation)
        lost = Claim(number, "lost from the ledger", now, now, "", "", "")
        try:
            ledger.claim(delivery_id, generation, lost)
        except ClaimLostError:
            continue
