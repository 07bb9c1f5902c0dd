"""Whole documents by content digest: what people approve, what is archived and mailed, and what it was made from.

| object (records bucket) | says |
|---|---|
| ``documents/<content digest>/document.json`` | the document, lossless |
| ``documents/<content digest>/figures`` | the key of the figures it was made from |
| ``documents/<content digest>/revision`` | the revision it was rendered as |
"""

from __future__ import annotations

from executive_suite import canonical
from executive_suite.document import Document
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject


class ArchiveError(Exception):
    """The archive does not hold what its records say, or may not be changed as asked."""


def keep(records: ObjectStore, document: Document) -> None:
    """Store a document under its content digest; storing it again changes nothing.

    Raises:
        ArchiveError: the report has the very same bytes at another date, so that one record of origin would stand for
            both. Notices to the owner may say the same of different runs.
    """
    key = f"documents/{document.content_digest}/document.json"
    there = key in records.keys(key)  # megabytes that are there already are not sent again
    if there or not records.create(StoredObject(key, canonical.packed(document), "application/json")):
        first = load(records, document.content_digest)
        if first.report == document.report and first.report_date != document.report_date:
            msg = (
                f"{document.report} of {document.report_date}: its bytes are those of {first.report_date}, "
                "so nothing in them says which it is; let the report state its date"
            )
            raise ArchiveError(msg)


def load(records: ObjectStore, content_digest: str) -> Document:
    """The document with that content digest, checked against it.

    Raises:
        ArchiveError: the document is missing, or its bytes were changed.
    """
    try:
        body = records.get(f"documents/{content_digest}/document.json").body
    except ObjectMissingError:
        msg = f"document {content_digest} is not in the records: render and archive it again"
        raise ArchiveError(msg) from None
    document = canonical.unpacked(Document, body)
    if document.content_digest != content_digest:
        msg = f"document {content_digest}: its bytes were changed, their digest is now {document.content_digest}"
        raise ArchiveError(msg)
    return document


def keep_origin(records: ObjectStore, content_digest: str, figures_key: str, revision: int) -> None:
    """Record the figures and the revision of a rendering.

    The figures let ``verify`` render it again and a correction name what changed; the revision keeps bytes rendered
    as one revision from being archived as another.
    """
    records.create(StoredObject(f"documents/{content_digest}/figures", figures_key.encode(), "text/plain"))
    records.create(StoredObject(f"documents/{content_digest}/revision", str(revision).encode(), "text/plain"))


def figures_key(records: ObjectStore, content_digest: str) -> str:
    """The key of the figures a document was made from; empty if it is not on record."""
    return _recorded(records, f"documents/{content_digest}/figures")


def figures_digest(records: ObjectStore, content_digest: str) -> str:
    """SHA-256 of the figures a document was made from; empty if it is not on record."""
    return figures_key(records, content_digest).rpartition("/")[2].removesuffix(".json")


def revision_of(records: ObjectStore, content_digest: str) -> int | None:
    """The revision a document was rendered as; None if it is not on record."""
    recorded = _recorded(records, f"documents/{content_digest}/revision")
    return int(recorded) if recorded else None


def _recorded(records: ObjectStore, key: str) -> str:
    try:
        return records.get(key).body.decode()
    except ObjectMissingError:
        return ""
