"""Editions: which bytes of a report are current, agreed on by publishers and senders that may race.

Create-only *editions* in the records bucket decide which bytes are current, not whatever a key happens to hold,
because a publisher and a sender may race. Each raises its own flag before it looks for the other's: the publisher
creates an edition, looks for claims on other bytes, then decides the edition; the sender claims, withdraws every
undecided edition, then looks up the current one. A decision is one create-only object, so both agree on it. Hence
no mail is sent from bytes that are being replaced, and sent bytes are never replaced without a recorded ``revise``.

| object (records bucket) | says |
|---|---|
| ``editions/<report date>/<file name>/r<revision>/e<n>`` | the n-th bytes of a revision are about to be current |
| ``editions/…/e<n>.decision`` | the decision: ``current`` or ``withdrawn`` |
| ``editions/…/deliveries/<delivery id>`` | a delivery that may have been made from this revision |
| ``editions/<report date>/<file name>/revise/r<revision>`` | a person opened this revision: who, why |
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from executive_suite import canonical
from executive_suite.document import Document
from executive_suite.stores.store import ObjectStore, StoredObject

_EDITION = re.compile(r".*/r(?P<revision>\d+)(-[^/]+)?/e(?P<number>\d+)(?P<decision>\.decision)?")
_REVISED = re.compile(r".*/revise/r(?P<revision>\d+)")


@dataclass(frozen=True, slots=True)
class Edition:
    """One set of bytes of a report and revision.

    Attributes:
        revision: From 1.
        number: From 1 within the revision.
        content_digest: Of the document.
        generated_at: Wall clock, as in the objects' metadata.
        files: Extension to SHA-256 of the archived file.
        figures: Digest of the figures it was made from; empty if not recorded.
    """

    revision: int
    number: int
    content_digest: str
    generated_at: str
    files: dict[str, str]
    figures: str = ""


def open_revision(records: ObjectStore, report_date: date, file_name: str) -> int:
    """The revision a new rendering belongs to: 1, or the last one that a recorded ``revise`` opened."""
    prefix = f"editions/{report_date.isoformat()}/{file_name}/revise/"
    numbers = [int(match["revision"]) for key in records.keys(prefix) if (match := _REVISED.fullmatch(key))]
    return max(numbers, default=1)


def current_edition(
    records: ObjectStore, report_date: date, file_name: str, revision: int, *, variant: str = ""
) -> Edition | None:
    """The current edition of a revision; None before the first."""
    return current(records, folder_of(report_date, file_name, revision, variant))


def latest(records: ObjectStore, report_date: date, file_name: str) -> Edition | None:
    """The current edition of the open revision, else of the last published one; None if nothing is archived."""
    for revision in range(open_revision(records, report_date, file_name), 0, -1):
        edition = current_edition(records, report_date, file_name, revision)
        if edition is not None:
            return edition
    return None


def shown(records: ObjectStore, report_date: date, file_name: str, revision: int = 0) -> Edition | None:
    """The last current edition of a revision that may have been replaced; of the latest one for 0."""
    if revision:
        return current_edition(records, report_date, file_name, revision)
    return latest(records, report_date, file_name)


def current(records: ObjectStore, folder: str) -> Edition | None:
    """The current edition in a folder; None before the first."""
    return _newest(records, folder, _decisions(records, folder))


def settled(records: ObjectStore, folder: str) -> Edition | None:
    """The current edition, after withdrawing every undecided one: for a sender that holds a claim."""
    found = _decisions(records, folder)
    for number, decision in found.items():
        if not decision:
            found[number] = decide(records, folder, number, "withdrawn")
    return _newest(records, folder, found)


def announce(records: ObjectStore, folder: str, delivery_id: str) -> None:
    """Record, before the claim, that a delivery may be made from the editions in a folder."""
    records.create(StoredObject(f"{folder}/deliveries/{delivery_id}", b"{}", "application/json"))


def deliveries(records: ObjectStore, report_date: date, file_name: str, revision: int) -> tuple[str, ...]:
    """Every delivery announced from a revision, in all variants."""
    prefix = folder_of(report_date, file_name, revision)
    form = re.compile(rf"{re.escape(prefix)}(-[^/]+)?/deliveries/(?P<delivery>.+)")
    return tuple(sorted({match["delivery"] for key in records.keys(prefix) if (match := form.fullmatch(key))}))


def announced(records: ObjectStore, folder: str) -> tuple[str, ...]:
    """The deliveries announced from one branch of a revision."""
    return tuple(key.rsplit("/", 1)[1] for key in records.keys(f"{folder}/deliveries/"))


def _decisions(records: ObjectStore, folder: str) -> dict[int, str]:
    """Edition number to its decision, newest first; empty while undecided."""
    found = [match for key in records.keys(f"{folder}/e") if (match := _EDITION.fullmatch(key))]
    numbers = sorted({int(match["number"]) for match in found}, reverse=True)
    decided = {int(match["number"]) for match in found if match["decision"]}
    return {n: records.get(f"{folder}/e{n}.decision").body.decode() if n in decided else "" for n in numbers}


def _newest(records: ObjectStore, folder: str, decided: Mapping[int, str]) -> Edition | None:
    """The newest edition decided to be current."""
    for number, decision in decided.items():
        if decision == "current":
            return canonical.unpacked(Edition, records.get(f"{folder}/e{number}").body)
    return None


def decide(records: ObjectStore, folder: str, number: int, decision: str) -> str:
    """Decide an edition unless it is decided already; returns the decision in force."""
    key = f"{folder}/e{number}.decision"
    if records.create(StoredObject(key, decision.encode(), "text/plain")):
        return decision
    return records.get(key).body.decode()


def propose(
    records: ObjectStore, folder: str, document: Document, *, revision: int, generated_at: str, figures: str
) -> Edition:
    """Raise the publisher's flag: take the next free edition number by creating it."""
    files = {extension: hashlib.sha256(body).hexdigest() for extension, body in sorted(document.files.items())}
    number = 1 + max(
        (int(m["number"]) for key in records.keys(f"{folder}/e") if (m := _EDITION.fullmatch(key))), default=0
    )
    while True:
        edition = Edition(revision, number, document.content_digest, generated_at, files, figures)
        if records.create(StoredObject(f"{folder}/e{number}", canonical.packed(edition), "application/json")):
            return edition
        number += 1


def folder_of(report_date: date, file_name: str, revision: int, variant: str = "") -> str:
    """The folder of a revision's editions (of one template variant)."""
    branch = f"-{variant}" if variant else ""
    return f"editions/{report_date.isoformat()}/{file_name}/r{revision}{branch}"
