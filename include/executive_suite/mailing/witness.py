"""A second memory of claims outside the outbox, so that a records bucket restored from an old copy is noticed.

Without it a restored outbox would report "none" for a delivery that was sent, and the next run would send it again.
The witness lives in CloudWatch Logs, one stream per delivery, and learns of a claim before SES is called.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from executive_suite.outbox.outbox import ClaimLostError, Outbox
from executive_suite.outbox.state import Claim
from executive_suite.trail.search_copy import CloudWatchCopy

_log = logging.getLogger(__name__)


LOST = "lost from the ledger"
"""The nonce of a claim that only the witness knew."""


class Witness(Protocol):
    """A second memory of claims."""

    def claims(self, delivery_id: str) -> frozenset[tuple[int, int]]:
        """Generation and number of each claim it saw; empty if it knows none or does not answer."""
        ...

    def saw(self, delivery_id: str, generation: int, number: int) -> None:
        """Remember a claim; raises nothing."""
        ...


class CloudWatchWitness:
    """A witness in CloudWatch Logs.

    Args:
        copy: The log group of the trail's search copy.
        scope: The records bucket's name: another bucket is another outbox with its own deliveries.
    """

    def __init__(self, copy: CloudWatchCopy, *, scope: str) -> None:
        self._copy = copy
        self._scope = scope

    def claims(self, delivery_id: str) -> frozenset[tuple[int, int]]:
        """The claims in the delivery's stream."""
        try:
            seen = list(self._copy.events(self._stream(delivery_id)))
        except (ClientError, BotoCoreError) as error:
            _log.warning("the witness of delivery %s does not answer: %s", delivery_id, type(error).__name__)
            return frozenset()
        return frozenset((int(event["generation"]), int(event["number"])) for event in seen)

    def saw(self, delivery_id: str, generation: int, number: int) -> None:
        """Put a claim into the delivery's stream."""
        event = {"id": f"{generation}/{number}", "generation": generation, "number": number}
        self._copy.send(self._stream(delivery_id), [event])

    def _stream(self, delivery_id: str) -> str:
        return f"deliveries/{self._scope}/{delivery_id}"


def remember(outbox: Outbox, witness: Witness, delivery_id: str, clock: Callable[[], datetime]) -> None:
    """Put claims that only the witness knows back into the outbox, without an outcome: uncertain.

    The witness is asked before the outbox is read: the outbox has a claim before the witness learns of it, so a claim
    missing afterwards was lost.
    """
    seen = witness.claims(delivery_id)
    if not seen:
        return
    known = {
        (generation.number, claim.number)
        for generation in outbox.read(delivery_id).generations
        for claim in generation.claims
    }
    for generation, number in sorted(seen - known):
        now = clock()
        _log.error("delivery %s: claim %d of generation %d was lost from the outbox", delivery_id, number, generation)
        lost = Claim(number, LOST, now, now, "", "", "")
        try:
            outbox.claim(delivery_id, generation, lost)
        except ClaimLostError:
            continue
