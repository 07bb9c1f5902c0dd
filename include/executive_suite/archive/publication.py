"""The archive: a report's files at their exact keys, and every replaced byte kept.

``editions`` decides which bytes are current; this module makes the keys hold them.

| object | says |
|---|---|
| reports bucket: ``<report date>/<file name>.<extension>`` | the current bytes |
| records bucket: ``revisions/<report date>/r<n>/<file name>.<extension>`` | bytes that were replaced at their key |
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime

from executive_suite import canonical
from executive_suite.archive import documents, editions
from executive_suite.archive.documents import ArchiveError
from executive_suite.archive.editions import Edition
from executive_suite.document import Document
from executive_suite.outbox.outbox import Outbox
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject

CONTENT_TYPES = {
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ContendedError(Exception):
    """A sender was working on the same report at that moment; nothing was changed, and a retry is sensible."""


class RevisionRequiredError(ArchiveError):
    """A mail may have been sent with other bytes: a person must open the next revision."""

    def __init__(self, document: Document, revision: int, deliveries: tuple[str, ...]) -> None:
        super().__init__(
            f"{document.key('*')}: revision {revision} was already sent ({len(deliveries)} deliveries, e.g. "
            f"{deliveries[0][:12] if deliveries else 'unknown'}…) and the new bytes differ. To replace it: "
            f"python -m executive_suite revise --report {document.report} --date {document.report_date.isoformat()} "
            f"--actor NAME --reason TEXT, then clear this lane"
        )


@dataclass(frozen=True, slots=True)
class ArchiveResult:
    """The result of a publication.

    Attributes:
        keys: Extension to key in the reports bucket.
        digests: Extension to SHA-256 of the file.
        content_digest: Of the document that people approve and readers get.
        revision: Of the report.
        generated_at: When the current bytes were first written.
        unchanged: Whether the keys held these bytes already.
        written: Keys that were written.
    """

    keys: dict[str, str]
    digests: dict[str, str]
    content_digest: str
    revision: int
    generated_at: str
    unchanged: bool
    written: tuple[str, ...] = ()


def publish(
    reports: ObjectStore,
    records: ObjectStore,
    document: Document,
    *,
    generated_at: datetime,
    revision: int,
    may_have_sent: Callable[[str], AbstractSet[str]] | None = None,
    variant: str = "",
) -> ArchiveResult:
    """Put a document's files at their keys and the whole document into the records.

    Publishing the same document again changes nothing. New bytes may replace bytes that were never sent; replaced
    bytes move to ``revisions/``.

    Args:
        reports: The reports bucket.
        records: The records bucket.
        document: The rendered report.
        generated_at: Wall clock of the rendering, for metadata and tags.
        revision: The open revision, see ``editions.open_revision``.
        may_have_sent: Delivery id to the content digests that were, or may have been, sent; by default from the outbox.
        variant: A template variant; only the report's own template has files in the reports bucket.

    Raises:
        RevisionRequiredError: a mail may have been sent with other bytes.
        ArchiveError: the revision is not the open one.
        ContendedError: a mail was being sent at the same moment.
    """
    opened = editions.open_revision(records, document.report_date, document.file_name)
    if revision != opened:
        msg = f"{document.key('*')}: revision {revision} given, but {opened} is open; render again"
        raise ArchiveError(msg)
    digest = document.content_digest
    documents.keep(records, document)
    folder = editions.folder_of(document.report_date, document.file_name, revision, variant)
    edition = editions.current(records, folder)
    same = edition is not None and edition.content_digest == digest
    if edition is None or not same:
        edition = editions.propose(
            records,
            folder,
            document,
            revision=revision,
            generated_at=canonical.instant(generated_at),
            figures=documents.figures_digest(records, digest),
        )
        asked = may_have_sent or (lambda delivery: Outbox(records).read(delivery).may_have_sent())
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
        # A faster publisher may have won meanwhile.
        restore(reports, records, document.report_date, document.file_name, written=edition)
    return ArchiveResult(
        {} if variant else {extension: document.key(extension) for extension in sorted(document.files)},
        edition.files,
        digest,
        revision,
        edition.generated_at,
        same and not written,
        written,
    )


def restore(
    reports: ObjectStore, records: ObjectStore, report_date: date, file_name: str, *, written: Edition | None = None
) -> tuple[str, ...]:
    """Make the keys hold the current edition; returns the keys that did not.

    A delayed publisher may write its files after a faster one, and people may edit a bucket by hand. ``written`` is the
    edition that the keys were just made to hold: while that is the current one, nothing needs to be looked at.
    """
    revision = editions.open_revision(records, report_date, file_name)
    repaired: tuple[str, ...] = ()
    for number in range(revision, 0, -1):
        edition = editions.current_edition(records, report_date, file_name, number)
        while edition is not None:
            if edition == written:
                return repaired
            repaired += _write_files(reports, records, documents.load(records, edition.content_digest), edition)
            written, edition = edition, editions.current_edition(records, report_date, file_name, number)
    return repaired


def _write_files(reports: ObjectStore, records: ObjectStore, document: Document, edition: Edition) -> tuple[str, ...]:
    """Make each key hold its file, keeping replaced bytes first; returns the keys that had to change.

    A file in a format that the report no longer has is removed: it would keep showing old figures.
    """
    found = _found(reports, document)
    same = {extension for extension, item in found.items() if document.files.get(extension) == item.body}
    _keep(records, document, {extension: item for extension, item in found.items() if extension not in same})
    labels = {
        "report-type": document.report_type,
        "entity": document.entity,
        "generated-date": edition.generated_at,
    }
    changed = sorted(document.files.keys() - same)
    for extension in changed:
        content_type = CONTENT_TYPES.get(extension, "application/octet-stream")
        reports.put(StoredObject(document.key(extension), document.files[extension], content_type, labels, labels))
    for extension in sorted(found.keys() - document.files.keys()):
        reports.remove(document.key(extension))
    return tuple(document.key(extension) for extension in changed)


def _found(reports: ObjectStore, document: Document) -> dict[str, StoredObject]:
    """What is at the keys of a report's date now, by extension."""
    found: dict[str, StoredObject] = {}
    stem = document.key("")
    for key in reports.keys(stem):
        with contextlib.suppress(ObjectMissingError):  # another publisher was faster
            found[key.removeprefix(stem)] = reports.get(key)
    return found


def _keep(records: ObjectStore, document: Document, replaced: Mapping[str, StoredObject]) -> None:
    """Keep replaced bytes together at the first free ``r<n>``; the same bytes are kept once."""
    for number in itertools.count(1):
        stem = f"revisions/{document.report_date.isoformat()}/r{number}/{document.file_name}"
        kept = (replace(item, key=f"{stem}.{extension}") for extension, item in replaced.items())
        if all(records.create(item) or records.get(item.key).body == item.body for item in kept):
            return
