"""One delivery while it is worked on: what was asked for, what is known, and how it goes on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from executive_suite.archive import publication
from executive_suite.mailing.gates import Stop
from executive_suite.mailing.terms import Request, Services
from executive_suite.outbox.book import Ledger
from executive_suite.trail.chain import Event


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known while one delivery is worked on.

    Attributes:
        request: What was asked for.
        services: What it is done with.
        ledger: Of the records bucket.
        delivery_id: As the slot has it.
        recipient: Hash of the address, and the id of its key.
    """

    request: Request
    services: Services
    ledger: Ledger
    delivery_id: str
    recipient: tuple[str, str]

    def record(self, kind: str, generation: int = 0, **fields: Any) -> None:
        """Put an event on record.

        Raises:
            AuditError: it could not be written.
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


def stale(attempt: Attempt, look: Callable[..., publication.Edition | None]) -> Stop | None:
    """Whether the archive has moved on from the document that is to be sent, or a person from its revision."""
    request = attempt.request
    opened = publication.open_revision(attempt.services.records, request.report_date, request.file_name)
    if opened != request.revision:
        return Stop(
            "superseded",
            f"revision {opened} was opened by a person; this is revision {request.revision}",
            "clear the lane from its render task",
            refused=True,
        )
    edition = look(
        attempt.services.records, request.report_date, request.file_name, request.revision, variant=request.branch
    )
    if edition is not None and edition.content_digest == request.content_digest:
        return None
    found = edition.content_digest[:16] + "…" if edition else "nothing"
    return Stop(
        "superseded",
        f"the archive holds {found}, not {request.content_digest[:16]}…",
        "clear the lane from its render task",
        refused=True,
    )
