"""One delivery in progress: what was asked for, what is known, and how it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from executive_suite.archive import editions
from executive_suite.archive.editions import Edition
from executive_suite.mailing.errors import UncertainError
from executive_suite.mailing.gates import Stop
from executive_suite.mailing.request import Request
from executive_suite.mailing.services import Services
from executive_suite.outbox.outbox import Outbox
from executive_suite.outbox.state import Claim
from executive_suite.stores.store import ObjectStore
from executive_suite.trail.chain import Event


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known while one delivery is in progress; the recipient as a hash and the id of its key."""

    request: Request
    services: Services
    outbox: Outbox
    delivery_id: str
    recipient: tuple[str, str]

    def record(self, kind: str, generation: int = 0, **fields: Any) -> None:
        """Record an event.

        Raises:
            TrailError: it could not be written.
        """
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

    def uncertain(self, generation: int, claim: Claim, code: str, text: str, message_id: str = "") -> UncertainError:
        """Why a claim without a certain outcome stops its delivery."""
        return UncertainError(
            self.delivery_id,
            code,
            text,
            generation=generation,
            envelope_digest=claim.envelope_digest,
            message_id=message_id,
        )


def stale(attempt: Attempt, look_up: Callable[[ObjectStore, str], Edition | None]) -> Stop | None:
    """Whether a person opened the next revision, or the archive holds another document by now."""
    request, records = attempt.request, attempt.services.records
    opened = editions.open_revision(records, request.report_date, request.file_name)
    if opened != request.revision:
        return _superseded(f"revision {opened} was opened by a person; this is revision {request.revision}")
    edition = look_up(records, request.edition_folder)
    if edition is not None and edition.content_digest == request.content_digest:
        return None
    found = edition.content_digest[:16] + "…" if edition else "nothing"
    return _superseded(f"the archive holds {found}, not {request.content_digest[:16]}…")


def _superseded(text: str) -> Stop:
    return Stop("superseded", text, refused=True)
