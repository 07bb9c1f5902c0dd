"""The archive: exact keys, older bytes kept, and no bytes replaced that a mail left with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from executive_suite import canonical
from executive_suite.archive import documents, editions, publication
from executive_suite.archive.documents import ArchiveError
from executive_suite.archive.publication import ContendedError, RevisionRequiredError
from executive_suite.document import Document, Part
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject
from faults.desk import MORNING, REPORT_DATE, document

LATER = datetime(2026, 5, 2, 9, tzinfo=UTC)
FOLDER = editions.folder_of(REPORT_DATE, "cfo-report", 1)
NOTHING: frozenset[str] = frozenset()


class Archive:
    """Two buckets, and a ledger that says what it is told to."""

    def __init__(self) -> None:
        self.reports, self.records = MemoryStore(), MemoryStore()
        self.sent: dict[str, set[str]] = {}

    def publish(self, made: Document, *, at: datetime = MORNING, revision: int = 1) -> publication.ArchiveResult:
        return publication.publish(
            self.reports,
            self.records,
            made,
            generated_at=at,
            revision=revision,
            may_have_sent=lambda delivery_id: self.sent.get(delivery_id, NOTHING),
        )

    def send(self, made: Document, delivery_id: str = "d1") -> None:
        editions.announce(self.records, editions.folder_of(REPORT_DATE, made.file_name, 1), delivery_id)
        self.sent.setdefault(delivery_id, set()).add(made.content_digest)

    def bytes_at(self, extension: str) -> bytes:
        return self.reports.get(f"2026-05-01/cfo-report.{extension}").body


@pytest.fixture
def shelf() -> Archive:
    return Archive()


def test_files_stand_at_their_exact_keys_with_metadata_and_tags(shelf: Archive) -> None:
    result = shelf.publish(document())
    assert list(shelf.reports.keys("")) == ["2026-05-01/cfo-report.html", "2026-05-01/cfo-report.txt"]
    labels = {"report-type": "cfo", "entity": "group", "generated-date": "2026-05-01T13:00:00.000000Z"}
    for key in shelf.reports.keys(""):
        found = shelf.reports.get(key)
        assert (found.metadata, found.tags) == (labels, labels)
    assert shelf.reports.get("2026-05-01/cfo-report.txt").content_type == "text/plain; charset=utf-8"
    assert result.keys == {"html": "2026-05-01/cfo-report.html", "txt": "2026-05-01/cfo-report.txt"}
    assert not result.unchanged


def test_the_same_document_again_changes_nothing(shelf: Archive) -> None:
    first = shelf.publish(document())
    again = shelf.publish(document(), at=LATER)
    assert again.unchanged
    assert again.generated_at == first.generated_at
    assert shelf.reports.get("2026-05-01/cfo-report.txt").tags["generated-date"] == "2026-05-01T13:00:00.000000Z"


def test_what_was_never_sent_is_replaced_and_kept(shelf: Archive) -> None:
    shelf.publish(document("first"))
    shelf.publish(document("second"), at=LATER)
    assert shelf.bytes_at("html") == b"second"
    assert shelf.records.get("revisions/2026-05-01/r1/cfo-report.html").body == b"first"
    shelf.publish(document("third"), at=LATER)
    assert shelf.records.get("revisions/2026-05-01/r2/cfo-report.html").body == b"second"
    assert shelf.reports.get("2026-05-01/cfo-report.html").tags["generated-date"] == "2026-05-02T09:00:00.000000Z"


def test_other_bytes_for_what_was_sent_need_a_revision(shelf: Archive) -> None:
    shelf.publish(document("sent"))
    shelf.send(document("sent"))
    with pytest.raises(RevisionRequiredError, match=r"revise --report cfo --date 2026-05-01"):
        shelf.publish(document("other"))
    assert shelf.bytes_at("html") == b"sent"
    assert not list(shelf.records.keys("revisions/"))
    assert shelf.publish(document("sent")).unchanged


def test_a_refused_mail_is_no_sent_mail(shelf: Archive) -> None:
    shelf.publish(document("first"))
    editions.announce(shelf.records, FOLDER, "d1")
    shelf.publish(document("second"))
    assert shelf.bytes_at("html") == b"second"


def test_a_revision_that_a_person_opened_is_published_and_the_sent_bytes_are_kept(shelf: Archive) -> None:
    shelf.publish(document("sent"))
    shelf.send(document("sent"))
    shelf.records.create(StoredObject("editions/2026-05-01/cfo-report/revise/r2", b"{}"))
    with pytest.raises(ArchiveError, match="2 is open"):
        shelf.publish(document("corrected"), revision=1)
    assert shelf.publish(document("corrected"), revision=2).revision == 2
    assert shelf.bytes_at("html") == b"corrected"
    assert shelf.records.get("revisions/2026-05-01/r1/cfo-report.html").body == b"sent"


def test_a_publisher_that_died_half_way_is_finished_by_the_next(shelf: Archive) -> None:
    shelf.publish(document("first"))
    shelf.publish(document("second"))
    shelf.reports.put(StoredObject("2026-05-01/cfo-report.html", b"first"))
    result = shelf.publish(document("second"))
    assert (result.unchanged, result.written) == (False, ("2026-05-01/cfo-report.html",))
    assert shelf.bytes_at("html") == b"second"


def test_bytes_that_were_touched_by_hand_are_restored(shelf: Archive) -> None:
    shelf.publish(document("first"))
    shelf.reports.put(StoredObject("2026-05-01/cfo-report.html", b"by hand"))
    assert publication.restore(shelf.reports, shelf.records, REPORT_DATE, "cfo-report") == (
        "2026-05-01/cfo-report.html",
    )
    assert shelf.bytes_at("html") == b"first"
    assert shelf.records.get("revisions/2026-05-01/r1/cfo-report.html").body == b"by hand"


def test_a_format_that_is_dropped_leaves_no_old_figures_behind(shelf: Archive) -> None:
    """The keys hold the current bytes and nothing else; what stood there is kept like every replaced file."""
    shelf.publish(document(files={"txt": b"old", "html": b"old", "pdf": b"old paper"}))
    shelf.reports.put(StoredObject("2026-05-01/cfo-report-of-another.pdf", b"not ours"))
    shelf.publish(document("newer", files={"txt": b"new", "html": b"new"}))
    assert list(shelf.reports.keys("")) == [
        "2026-05-01/cfo-report-of-another.pdf", "2026-05-01/cfo-report.html", "2026-05-01/cfo-report.txt",
    ]  # fmt: skip
    assert shelf.records.get("revisions/2026-05-01/r1/cfo-report.pdf").body == b"old paper"


def test_a_publisher_that_died_before_it_dropped_a_format_is_finished_by_the_next(shelf: Archive) -> None:
    shelf.publish(document(files={"txt": b"old", "pdf": b"old paper"}))
    newer = document("newer", files={"txt": b"new"})
    shelf.publish(newer)
    shelf.reports.put(StoredObject("2026-05-01/cfo-report.pdf", b"old paper"))
    shelf.publish(newer)
    assert list(shelf.reports.keys("")) == ["2026-05-01/cfo-report.txt"]


def test_a_sender_withdraws_bytes_that_are_only_about_to_be_current(shelf: Archive) -> None:
    shelf.publish(document("first"))
    shelf.records.create(StoredObject("editions/2026-05-01/cfo-report/r1/e2", b"{}"))  # a publisher before it decided
    edition = editions.settled(shelf.records, FOLDER)
    assert edition is not None
    assert edition.content_digest == document("first").content_digest
    assert shelf.records.get("editions/2026-05-01/cfo-report/r1/e2.decision").body == b"withdrawn"


def test_a_publisher_that_was_withdrawn_changes_nothing(shelf: Archive) -> None:
    shelf.publish(document("first"))

    def sender_is_faster(_: str) -> frozenset[str]:
        editions.settled(shelf.records, FOLDER)
        return NOTHING

    editions.announce(shelf.records, FOLDER, "d1")
    with pytest.raises(ContendedError):
        publication.publish(
            shelf.reports,
            shelf.records,
            document("second"),
            generated_at=LATER,
            revision=1,
            may_have_sent=sender_is_faster,
        )
    assert shelf.bytes_at("html") == b"first"


def test_a_template_variant_is_kept_beside_the_archive(shelf: Archive) -> None:
    publication.publish(shelf.reports, shelf.records, document("b"), generated_at=MORNING, revision=1, variant="b")
    assert not list(shelf.reports.keys(""))
    assert editions.current_edition(shelf.records, REPORT_DATE, "cfo-report", 1) is None
    assert editions.current_edition(shelf.records, REPORT_DATE, "cfo-report", 1, variant="b") is not None


def test_a_document_comes_back_byte_for_byte(shelf: Archive) -> None:
    made = document(
        files={"pdf": bytes(range(256))},
        pictures=(Part("a.png", "image/png", b"\x89PNG", "a@suite"),),
        attachments=(Part("ä.xlsx", "application/zip", b"PK\x00"),),
    )
    assert canonical.unpacked(Document, canonical.packed(made)) == made
    shelf.publish(made)
    assert documents.load(shelf.records, made.content_digest) == made


def test_a_document_that_was_changed_is_refused(shelf: Archive) -> None:
    made = document()
    shelf.publish(made)
    key = f"documents/{made.content_digest}/document.json"
    shelf.records.put(StoredObject(key, canonical.packed(replace(made, subject="Cash lasts for ever"))))
    with pytest.raises(ArchiveError, match="bytes were changed"):
        documents.load(shelf.records, made.content_digest)


def test_bytes_that_do_not_say_of_which_date_they_are_are_refused(shelf: Archive) -> None:
    made = document()
    documents.keep(shelf.records, made)
    documents.keep(shelf.records, made)  # the same once more is no other
    with pytest.raises(ArchiveError, match="let the report state its date"):
        documents.keep(shelf.records, replace(made, report_date=REPORT_DATE + timedelta(days=14)))
    assert documents.load(shelf.records, made.content_digest) == made


def test_a_document_that_is_not_there_is_named(shelf: Archive) -> None:
    with pytest.raises(ArchiveError, match="render and archive it again"):
        documents.load(shelf.records, "0" * 64)
