"""The archive: a report's files at their exact keys, older bytes kept, and the document whole for the send.

Which bytes are current is decided in ``editions``; this module makes the keys hold them.

| object | says |
|---|---|
| reports bucket: ``<report date>/<file name>.<extension>`` | the current bytes |
| records bucket: ``documents/<content digest>/document.json`` | the document, losslessly |
| records bucket: ``revisions/<report date>/r<n>/<file name>.<extension>`` | bytes that no longer stand at their key |
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from executive_suite import canonical
from executive_suite.archive import editions
from executive_suite.archive.document_codec import decode, encode
from executive_suite.archive.editions import (
    Edition,
    announce,
    current_edition,
    deliveries,
    open_revision,
    settled_edition,
)
from executive_suite.document import Document
from executive_suite.outbox.book import Ledger
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject

__all__ = [
    "ArchiveError",
    "ArchiveResult",
    "ContendedError",
    "Edition",
    "RevisionRequiredError",
    "announce",
    "current_edition",
    "deliveries",
    "load_document",
    "open_revision",
    "publish",
    "restore",
    "settled_edition",
]

CONTENT_TYPES = {
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ArchiveError(Exception):
    """What the archive holds is not what its records say."""


class ContendedError(Exception):
    """A sender was at the same report at the same moment; nothing was changed, and another try is sensible."""


class RevisionRequiredError(ArchiveError):
    """A mail may have left with other bytes: a person must open the next revision.

    Attributes:
        report_date: Of the report.
        file_name: Of the report.
        revision: The one that was sent from.
        deliveries: Those that were, or may have been, made from it.
    """

    def __init__(self, document: Document, revision: int, deliveries: tuple[str, ...]) -> None:
        self.report_date = document.report_date
        self.file_name = document.file_name
        self.revision = revision
        self.deliveries = deliveries
        super().__init__(
            f"{document.key('*')}: revision {revision} was already sent ({len(deliveries)} deliveries, e.g. "
            f"{deliveries[0][:12] if deliveries else 'unknown'}…) and the new bytes differ. If they are to replace it: "
            f"python -m executive_suite revise --report {document.report} --date {document.report_date.isoformat()} "
            f"--actor NAME --reason TEXT, then clear this lane"
        )


@dataclass(frozen=True, slots=True)
class ArchiveResult:
    """What a publication did.

    Attributes:
        keys: Extension to key in the reports bucket.
        digests: Extension to SHA-256 of the file.
        content_digest: Of the document; what is approved and sent.
        revision: Of the report.
        generated_at: Of the bytes that stand there now.
        unchanged: Whether the very bytes stood there already.
        written: Keys that were written.
    """

    keys: dict[str, str]
    digests: dict[str, str]
    content_digest: str
    revision: int
    generated_at: str
    unchanged: bool
    written: tuple[str, ...] = ()


def publish(  # noqa: PLR0913 - two buckets, the document, and what the run knows of it
    reports: ObjectStore,
    records: ObjectStore,
    document: Document,
    *,
    generated_at: datetime,
    revision: int,
    may_have_sent: Callable[[str], AbstractSet[str]] | None = None,
    figures: str = "",
    variant: str = "",
) -> ArchiveResult:
    """Put a document's files at their keys, and the whole document into the records.

    The same document again changes nothing. Other bytes replace what was never sent; what they replace goes to
    ``revisions/``.

    Args:
        reports: The reports bucket.
        records: The records bucket.
        document: What was rendered.
        generated_at: Wall clock of the rendering, for metadata and tags.
        revision: The open revision, see ``open_revision``.
        may_have_sent: Content digests that a delivery was, or may have been, sent with; the ledger's word when not
            given.
        figures: Digest of the figures that the document was made from.
        variant: A template variant; other variants than the first are kept in the records only.

    Raises:
        RevisionRequiredError: a mail may have left with other bytes.
        ArchiveError: the revision is not the open one.
    """
    opened = open_revision(records, document.report_date, document.file_name)
    if revision != opened:
        msg = f"{document.key('*')}: revision {revision} given, but {opened} is open; render again"
        raise ArchiveError(msg)
    digest = document.content_digest
    records.create(StoredObject(_document_key(digest), encode(document), "application/json"))
    folder = editions.folder_of(document.report_date, document.file_name, revision, variant)
    edition = editions.standing(records, folder, editions.decisions(records, folder))
    stood = edition is not None and edition.content_digest == digest
    if edition is None or not stood:
        edition = editions.propose(
            records, folder, document, revision=revision, generated_at=canonical.instant(generated_at), figures=figures
        )
        asked = may_have_sent or Ledger(records).may_have_sent
        sent = tuple(delivery for delivery in editions.announced(records, folder) if asked(delivery) - {digest})
        decided = editions.decide(records, folder, edition.number, "withdrawn" if sent else "current")
        if sent:
            if not variant:
                restore(reports, records, document.report_date, document.file_name)
            raise RevisionRequiredError(document, revision, sent)
        if decided != "current":
            msg = f"{document.key('*')}: a mail was being sent at the same moment; try again"
            raise ContendedError(msg)
    written: tuple[str, ...] = ()
    if not variant:
        written = _write_files(reports, records, document, edition)
        restore(reports, records, document.report_date, document.file_name)  # a faster publisher may have won meanwhile
    return ArchiveResult(
        {} if variant else {extension: document.key(extension) for extension in sorted(document.files)},
        edition.files,
        digest,
        revision,
        edition.generated_at,
        stood and not written,
        written,
    )


def restore(reports: ObjectStore, records: ObjectStore, report_date: date, file_name: str) -> tuple[str, ...]:
    """Make the keys hold the edition that stands; the keys that did not.

    A publisher that was held up may write its files after a faster one, and a bucket may be touched by hand.
    """
    revision = open_revision(records, report_date, file_name)
    mended: tuple[str, ...] = ()
    for number in range(revision, 0, -1):
        edition = current_edition(records, report_date, file_name, number)
        while edition is not None:
            mended += _write_files(reports, records, load_document(records, edition.content_digest), edition)
            again = current_edition(records, report_date, file_name, number)
            if again == edition:
                return mended
            edition = again
    return mended


def load_document(records: ObjectStore, content_digest: str) -> Document:
    """The document of a content digest, checked against it.

    Raises:
        ArchiveError: it is missing, or its bytes were changed.
    """
    try:
        document = decode(records.get(_document_key(content_digest)).body)
    except ObjectMissingError:
        msg = f"document {content_digest} is not in the records: render and archive it again"
        raise ArchiveError(msg) from None
    if document.content_digest != content_digest:
        msg = f"document {content_digest}: its bytes were changed, they now have digest {document.content_digest}"
        raise ArchiveError(msg)
    return document


def _write_files(reports: ObjectStore, records: ObjectStore, document: Document, edition: Edition) -> tuple[str, ...]:
    """Make each key hold its file; the keys whose bytes had to change. What stood there is kept first."""
    changed: dict[str, StoredObject | None] = {}
    for extension, body in sorted(document.files.items()):
        try:
            standing = reports.get(document.key(extension))
        except ObjectMissingError:
            changed[extension] = None
        else:
            if standing.body != body:
                changed[extension] = standing
    dropped = _dropped(reports, document)
    _keep(records, document, {**{e: item for e, item in changed.items() if item is not None}, **dropped})
    labels = {
        "report-type": document.report_type,
        "entity": document.entity,
        "generated-date": edition.generated_at,
    }
    for extension in changed:
        content_type = CONTENT_TYPES.get(extension, "application/octet-stream")
        reports.put(StoredObject(document.key(extension), document.files[extension], content_type, labels, labels))
    for extension in dropped:
        reports.remove(document.key(extension))
    return tuple(document.key(extension) for extension in changed)


def _dropped(reports: ObjectStore, document: Document) -> dict[str, StoredObject]:
    """Files of formats that the report is not made in any more: they would go on showing old figures."""
    found: dict[str, StoredObject] = {}
    stem = document.key("")
    for key in reports.keys(stem):
        if key.removeprefix(stem) not in document.files:
            with contextlib.suppress(ObjectMissingError):  # another publisher was faster
                found[key.removeprefix(stem)] = reports.get(key)
    return found


def _keep(records: ObjectStore, document: Document, replaced: Mapping[str, StoredObject]) -> None:
    """Keep replaced bytes together at the first ``r<n>`` that holds nothing else; the same bytes are kept once."""
    number = 1
    while True:
        folder = f"revisions/{document.report_date.isoformat()}/r{number}"
        free = True
        for extension, item in replaced.items():
            key = f"{folder}/{document.file_name}.{extension}"
            kept = StoredObject(key, item.body, item.content_type, item.metadata, item.tags)
            if not records.create(kept) and records.get(key).body != item.body:
                free = False
                break
        if free:
            return
        number += 1


def _document_key(content_digest: str) -> str:
    return f"documents/{content_digest}/document.json"
