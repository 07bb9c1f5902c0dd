"""A recorded decision to replace a report that was sent: it opens the next revision and records what it replaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from executive_suite import canonical
from executive_suite.archive import editions
from executive_suite.mailing.resend import Decision
from executive_suite.outbox.outbox import Outbox
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject
from executive_suite.trail.chain import Chain, Event


class ReviseError(Exception):
    """The report cannot be revised now; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a revision replaces; its first lines say so.

    Attributes:
        revision: The revision that was sent.
        content_digest: Of its document.
        figures: Digest of the figures it was made from; empty if not recorded.
        generated_at: When its bytes were first written.
        sent: Delivery id, message id and time of each mail that was, or may have been, sent from it.
        actor: Who decided to replace it.
        reason: Why.
        at: When.
    """

    revision: int
    content_digest: str
    figures: str
    generated_at: str
    sent: tuple[tuple[str, str, str], ...]
    actor: str
    reason: str
    at: str

    @property
    def sent_at(self) -> str:
        """When the first of its mails was accepted; empty if none is known."""
        return min((moment for _, _, moment in self.sent if moment), default="")

    @property
    def message_ids(self) -> tuple[str, ...]:
        """SES's ids of its mails."""
        return tuple(message_id for _, message_id, _ in self.sent if message_id)


def revise(
    records: ObjectStore,
    report: str,
    file_name: str,
    report_date: date,
    decision: Decision,
    *,
    clock: Callable[[], datetime],
    chain: Chain,
) -> int:
    """Open the next revision of a report; returns its number.

    Raises:
        ReviseError: nothing was sent from the open revision, so new bytes may simply replace it; or somebody else just
            opened the next one.
    """
    revision = editions.open_revision(records, report_date, file_name)
    edition = editions.current_edition(records, report_date, file_name, revision)
    outbox = Outbox(records)
    sent = []
    for delivery_id in editions.deliveries(records, report_date, file_name, revision):
        for generation in outbox.read(delivery_id).generations:
            accepted = generation.accepted_at
            if accepted is not None:
                sent.append((delivery_id, generation.message_id, canonical.instant(accepted)))
            elif generation.state(canonical.END_OF_TIME) == "uncertain":
                sent.append((delivery_id, "", ""))
    if edition is None or not sent:
        msg = (
            f"{report} of {report_date.isoformat()}: nothing was sent from revision {revision}; "
            "new bytes need no revision, just render again"
        )
        raise ReviseError(msg)
    replaced = Replaced(
        revision,
        edition.content_digest,
        edition.figures,
        edition.generated_at,
        tuple(sent),
        decision.actor,
        decision.reason,
        canonical.instant(clock()),
    )
    body = canonical.packed(replaced)
    if not records.create(StoredObject(_key(report_date, file_name, revision + 1), body, "application/json")):
        msg = f"{report} of {report_date.isoformat()}: somebody else just opened revision {revision + 1}"
        raise ReviseError(msg)
    chain.append(
        Event(
            kind="report.revise",
            report=report,
            report_date=report_date.isoformat(),
            digest=edition.content_digest,
            outcome=f"revision {revision + 1} opened",
            actor=decision.actor,
            reason=decision.reason,
        )
    )
    return revision + 1


def replaced_by(records: ObjectStore, report_date: date, file_name: str, revision: int) -> Replaced | None:
    """What a revision replaces; None for the first."""
    try:
        return canonical.unpacked(Replaced, records.get(_key(report_date, file_name, revision)).body)
    except ObjectMissingError:
        return None


def _key(report_date: date, file_name: str, revision: int) -> str:
    return f"editions/{report_date.isoformat()}/{file_name}/revise/r{revision}"
