"""Mails as people may look at them: which were made for whom, and what each says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from executive_suite import canonical
from executive_suite.document import Document
from executive_suite.mailing import archived_page
from executive_suite.outbox.outbox import Outbox
from executive_suite.run.frozen_mail import Read, with_pictures
from executive_suite.stores.store import ObjectStore

MOST = 32
"""Mails that are kept between looks: some 0.3 MB each."""


@dataclass(frozen=True, slots=True)
class Made:
    """The bytes of a mail that was made for a recipient.

    Attributes:
        generation: Of the delivery.
        at: When the right to send it was taken.
        mail_key: Where its bytes are.
        digest: Of those bytes.
        accepted: Whether SES accepted one of this generation.
    """

    generation: int
    at: datetime
    mail_key: str
    digest: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class _Frozen:
    """A mail by the digest of its bytes, and how to have it read the first time."""

    digest: str
    recipient_id: str
    fetch: Callable[[], Any] = field(compare=False, repr=False)


def page_one(document: Document) -> str:
    """The mail of a document as its reader sees it; its way to the archived page leads nowhere."""
    pictures = {part.content_id: (part.media_type, part.body) for part in document.pictures}
    return with_pictures(archived_page.linked(document, "#").mail_html, pictures)


def deliveries(records: ObjectStore, report: str, day: date, revision: int) -> dict[str, str]:
    """Recipient id to the delivery of a revision, which may have been replaced since."""
    outbox = Outbox(records)
    entities = {entity for entity, name in outbox.reports() if name == report}
    slots = (slot for slot in outbox.slots_of(entities, report, day) if slot.revision == revision)
    entries = (entry for slot in slots if (entry := outbox.entry(slot)) is not None)
    return {entry.slot.recipient_id: entry.delivery_id for entry in entries}


def made(records: ObjectStore, delivery_id: str) -> tuple[Made, ...]:
    """The mails of a delivery, the latest first: of each generation the last one that was tried."""
    found = Outbox(records).read(delivery_id).generations if delivery_id else ()
    return tuple(
        Made(
            one.number,
            one.claims[-1].at,
            one.claims[-1].mail_key,
            one.claims[-1].envelope_digest,
            one.acceptance is not None or bool(one.evidence),
        )
        for one in reversed(found)
        if one.claims
    )


def read(mail: Made, recipient_id: str, fetch: Callable[[], Any]) -> Read:
    """What a mail says; ``fetch`` has a step read it, which is asked once."""
    return _read(_Frozen(mail.digest, recipient_id, fetch))


@lru_cache(maxsize=MOST)
def _read(frozen: _Frozen) -> Read:
    found: Read = canonical.restored(Read, frozen.fetch())
    return found
