"""The archive: a report's files at their exact keys, older bytes kept, and the document whole for the send.

Which bytes are current is decided by create-only *editions* in the records bucket, not by what happens to stand at
a key, because a publisher and a sender may race. Each raises its own flag before it looks for the other's: the
publisher creates an edition, then looks for claims on other bytes, then has the edition decided; the sender claims,
has every undecided edition withdrawn, then looks which one stands. A decision is one create-only object, so that
both agree on it. So a mail never leaves from bytes that are being replaced, and bytes that a mail left from are
never replaced without a recorded ``revise``.

| object (records bucket) | says |
|---|---|
| ``documents/<content digest>/document.json`` | the document, losslessly |
| ``editions/<report date>/<file name>/r<revision>/e<n>`` | the n-th bytes of a revision are about to be current |
| ``editions/…/e<n>.decision`` | whether they are: ``current`` or ``withdrawn`` |
| ``editions/…/deliveries/<delivery id>`` | a delivery that may have been made from this revision |
| ``editions/<report date>/<file name>/revise/r<revision>`` | a person opened this revision: who, why |
| ``revisions/<report date>/r<n>/<file name>.<extension>`` | bytes that no longer stand at their key |
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import date, datetime

from executive_suite import canonical
from executive_suite.document import Document
from executive_suite.document_codec import decode, encode
from executive_suite.ledger import Ledger
from executive_suite.store import ObjectMissingError, ObjectStore, StoredObject

CONTENT_TYPES = {
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_EDITION = re.compile(r".*/r(?P<revision>\d+)/e(?P<number>\d+)(?P<decision>\.decision)?")
_REVISED = re.compile(r".*/revise/r(?P<revision>\d+)")


class ArchiveError(Exception):
    """What the archive holds is not what its records say."""


class ContendedError(ArchiveError):
    """Another publisher or a sender was at the same report; nothing was changed, try again."""


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
class Edition:
    """One set of bytes of a report and revision.

    Attributes:
        revision: From 1.
        number: From 1 within the revision.
        content_digest: Of the document.
        generated_at: Wall clock, as in the objects' metadata.
        files: Extension to SHA-256 of the archived file.
        figures: Digest of the figures it was made from; empty when not told.
    """

    revision: int
    number: int
    content_digest: str
    generated_at: str
    files: dict[str, str]
    figures: str = ""


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
        may_have_sent: Whether a delivery id was or may have been sent ; the ledger's word when not given.
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
    folder = _folder(document.report_date, document.file_name, revision, variant)
    edition = _standing(records, folder, _decisions(records, folder))
    stood = edition is not None and edition.content_digest == digest
    if edition is None or not stood:
        edition = _new_edition(
            records, folder, document, revision=revision, generated_at=canonical.instant(generated_at), figures=figures
        )
        asked = may_have_sent or Ledger(records).may_have_sent
        sent = tuple(delivery for delivery in _deliveries(records, folder) if asked(delivery) - {digest})
        decided = _decide(records, folder, edition.number, "withdrawn" if sent else "current")
        if sent:
            raise RevisionRequiredError(document, revision, sent)
        if decided != "current":
            msg = f"{document.key('*')}: a mail was being sent at the same moment; try again"
            raise ContendedError(msg)
    written = [] if variant else _write_files(reports, records, document, edition)
    return ArchiveResult(
        {} if variant else {extension: document.key(extension) for extension in sorted(document.files)},
        edition.files,
        digest,
        revision,
        edition.generated_at,
        stood and not written,
        tuple(written),
    )


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


def open_revision(records: ObjectStore, report_date: date, file_name: str) -> int:
    """The revision that a rendering of this report belongs to: 1, or what a recorded ``revise`` opened last."""
    prefix = f"editions/{report_date.isoformat()}/{file_name}/revise/"
    numbers = [int(match["revision"]) for key in records.keys(prefix) if (match := _REVISED.fullmatch(key))]
    return max(numbers, default=1)


def current_edition(
    records: ObjectStore, report_date: date, file_name: str, revision: int, *, variant: str = ""
) -> Edition | None:
    """The edition of a revision that stands; None before the first."""
    folder = _folder(report_date, file_name, revision, variant)
    return _standing(records, folder, _decisions(records, folder))


def settled_edition(
    records: ObjectStore, report_date: date, file_name: str, revision: int, *, variant: str = ""
) -> Edition | None:
    """The edition that stands, after every one that is not decided yet was withdrawn: for a sender with a claim."""
    folder = _folder(report_date, file_name, revision, variant)
    decisions = _decisions(records, folder)
    for number, decision in decisions.items():
        if not decision:
            decisions[number] = _decide(records, folder, number, "withdrawn")
    return _standing(records, folder, decisions)


def announce(  # noqa: PLR0913 - an edition and the delivery that will be made from it
    records: ObjectStore, delivery_id: str, *, report_date: date, file_name: str, revision: int, variant: str = ""
) -> None:
    """Say, before the claim, that a delivery may be made from this revision."""
    folder = _folder(report_date, file_name, revision, variant)
    records.create(StoredObject(f"{folder}/deliveries/{delivery_id}", b"{}", "application/json"))


def deliveries(records: ObjectStore, report_date: date, file_name: str, revision: int) -> tuple[str, ...]:
    """Every delivery announced from a revision, all variants."""
    prefix = f"editions/{report_date.isoformat()}/{file_name}/r{revision}"
    return tuple(
        sorted(
            {
                key.rsplit("/", 1)[1]
                for key in records.keys(prefix)
                if "/deliveries/" in key and re.match(rf"{re.escape(prefix)}(-[^/]+)?/", key)
            }
        )
    )


def _deliveries(records: ObjectStore, folder: str) -> tuple[str, ...]:
    return tuple(key.rsplit("/", 1)[1] for key in records.keys(f"{folder}/deliveries/"))


def _decisions(records: ObjectStore, folder: str) -> dict[int, str]:
    """Edition number to its decision, newest first; empty text for one that is not decided."""
    numbers: dict[int, str] = {}
    decided = []
    for key in records.keys(f"{folder}/e"):
        if match := _EDITION.fullmatch(key):
            if match["decision"]:
                decided.append(int(match["number"]))
            else:
                numbers.setdefault(int(match["number"]), "")
    for number in decided:
        numbers[number] = records.get(f"{folder}/e{number}.decision").body.decode()
    return dict(sorted(numbers.items(), reverse=True))


def _standing(records: ObjectStore, folder: str, decisions: Mapping[int, str]) -> Edition | None:
    for number, decision in decisions.items():
        if decision == "current":
            return Edition(**json.loads(records.get(f"{folder}/e{number}").body))
    return None


def _decide(records: ObjectStore, folder: str, number: int, decision: str) -> str:
    """Decide an edition, unless it is decided; what it is now."""
    key = f"{folder}/e{number}.decision"
    if records.create(StoredObject(key, decision.encode(), "text/plain")):
        return decision
    return records.get(key).body.decode()


def _new_edition(  # noqa: PLR0913 - what an edition is
    records: ObjectStore, folder: str, document: Document, *, revision: int, generated_at: str, figures: str
) -> Edition:
    """Raise the publisher's flag: the next free edition number, taken by creating it."""
    files = {extension: hashlib.sha256(body).hexdigest() for extension, body in sorted(document.files.items())}
    number = 1 + max(
        (int(m["number"]) for key in records.keys(f"{folder}/e") if (m := _EDITION.fullmatch(key))), default=0
    )
    while True:
        edition = Edition(revision, number, document.content_digest, generated_at, files, figures)
        body = canonical.dumps(asdict(edition))
        if records.create(StoredObject(f"{folder}/e{number}", body, "application/json")):
            return edition
        number += 1


def _write_files(reports: ObjectStore, records: ObjectStore, document: Document, edition: Edition) -> list[str]:
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
    _keep(records, document, {extension: item for extension, item in changed.items() if item is not None})
    labels = {
        "report-type": document.report_type,
        "entity": document.entity,
        "generated-date": edition.generated_at,
    }
    for extension in changed:
        content_type = CONTENT_TYPES.get(extension, "application/octet-stream")
        reports.put(StoredObject(document.key(extension), document.files[extension], content_type, labels, labels))
    return [document.key(extension) for extension in changed]


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


def _folder(report_date: date, file_name: str, revision: int, variant: str) -> str:
    branch = f"-{variant}" if variant else ""
    return f"editions/{report_date.isoformat()}/{file_name}/r{revision}{branch}"


def _document_key(content_digest: str) -> str:
    return f"documents/{content_digest}/document.json"
