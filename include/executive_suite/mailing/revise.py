"""A recorded decision to replace a report that was sent: it opens the next revision, and says what it replaces."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from executive_suite import canonical
from executive_suite.archive import publication
from executive_suite.mailing.resend import Act
from executive_suite.outbox.book import Ledger
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject
from executive_suite.trail.chain import Chain, Event


class ReviseError(Exception):
    """There is nothing to revise; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a revision replaces, as its first lines say it.

    Attributes:
        revision: The revision that was sent.
        content_digest: Of its document.
        figures: Digest of the figures it was made from; empty when not told.
        generated_at: Of its bytes.
        sent: Delivery id, message id and moment of each mail that was, or may have been, sent from it.
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
        """When the first of its mails was accepted; empty when none is known to have been."""
        return min((moment for _, _, moment in self.sent if moment), default="")

    @property
    def message_ids(self) -> tuple[str, ...]:
        """SES's ids of its mails."""
        return tuple(message_id for _, message_id, _ in self.sent if message_id)


def revise(  # noqa: PLR0913 - which report, who, why, when, on which record
    records: ObjectStore,
    report: str,
    file_name: str,
    report_date: date,
    act: Act,
    *,
    clock: Callable[[], datetime],
    chain: Chain,
) -> int:
    """Open the next revision of a report of a date; its number.

    Raises:
        ReviseError: nothing was sent from the open revision, so new bytes may simply replace it.
    """
    revision = publication.open_revision(records, report_date, file_name)
    edition = publication.current_edition(records, report_date, file_name, revision)
    ledger = Ledger(records)
    sent = []
    for delivery_id in publication.deliveries(records, report_date, file_name, revision):
        for generation in ledger.read(delivery_id).generations:
            accepted = generation.accepted_at
            if accepted is not None:
                sent.append((delivery_id, generation.message_id, canonical.instant(accepted)))
            elif generation.state(canonical.END_OF_TIME) == "uncertain":
                sent.append((delivery_id, "", ""))
    if edition is None or not sent:
        msg = (
            f"{report} of {report_date.isoformat()}: nothing was sent from revision {revision}; "
            "new bytes replace it without a revision, just render again"
        )
        raise ReviseError(msg)
    replaced = Replaced(
        revision,
        edition.content_digest,
        edition.figures,
        edition.generated_at,
        tuple(sent),
        act.actor,
        act.reason,
        canonical.instant(clock()),
    )
    body = canonical.dumps(asdict(replaced))
    if not records.create(StoredObject(_key(report_date, file_name, revision + 1), body, "application/json")):
        msg = f"{report} of {report_date.isoformat()}: revision {revision + 1} was opened by somebody else just now"
        raise ReviseError(msg)
    chain.append(
        Event(
            kind="report.revise",
            report=report,
            report_date=report_date.isoformat(),
            digest=edition.content_digest,
            outcome=f"revision {revision + 1} opened",
            actor=act.actor,
            reason=act.reason,
        )
    )
    return revision + 1


def replaced_by(records: ObjectStore, report_date: date, file_name: str, revision: int) -> Replaced | None:
    """What a revision replaces; None for the first."""
    try:
        record = json.loads(records.get(_key(report_date, file_name, revision)).body)
    except ObjectMissingError:
        return None
    return Replaced(**{**record, "sent": tuple((d, m, a) for d, m, a in record["sent"])})


def _key(report_date: date, file_name: str, revision: int) -> str:
    return f"editions/{report_date.isoformat()}/{file_name}/revise/r{revision}"
