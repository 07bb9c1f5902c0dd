"""One report of one date, part by part: what its reader must know, its workbook, where it came from."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from python_calamine import CalamineWorkbook

from executive_suite.archive import documents, editions
from executive_suite.archive.editions import Edition
from executive_suite.config import Report
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal
from executive_suite.mailing import revise
from executive_suite.mailing.revise import Replaced
from executive_suite.reports import story
from executive_suite.reports.selection import Selection
from executive_suite.room.kept import Kept
from executive_suite.run import standing
from executive_suite.stores.store import ObjectMissingError, ObjectStore

FIRST_ROWS = 8
"""Of a sheet."""
MOST_DOCUMENTS = 12
"""Documents kept between looks: some 3 MB each."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name, how many rows it has, and the first of them as text."""

    name: str
    rows: int
    first: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader is told: signals and actions that concern them, in the one order of all reports."""

    signals: tuple[Signal, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class File:
    """What was read of one table: the file, the hash of its bytes, its rows, and how many of the table were used."""

    table: str
    name: str
    sha256: str
    rows: int
    used: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a run did for the report: from the audit trail.

    Attributes:
        at: ISO 8601.
        what: ``generated`` or ``archived``.
        outcome: A single word.
        run_id: Airflow's.
        version: Of the code.
        digest: Of the document.
    """

    at: str
    what: str
    outcome: str
    run_id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: its current bytes, and, from the second on, what it replaced and why."""

    number: int
    edition: Edition | None
    replaced: Replaced | None


@dataclass(frozen=True, slots=True)
class Past:
    """A revision that was replaced, by which one and from when on; its own time began when it was written.

    Attributes:
        revision: Its number.
        written_at: ISO 8601.
        replaced: When, by whom and why it was replaced.
        successor: The number of the revision that did.
        successor_at: When that one was written; empty while it is not, and this one is still what readers have.
    """

    revision: int
    written_at: str
    replaced: Replaced
    successor: int
    successor_at: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a report came from.

    Attributes:
        steps: What runs did for it, oldest first.
        revisions: The latest first.
        dataset_hash: Of the frozen dataset; empty if the figures are not on record.
        cut_off: First instant not known to it.
        files: What was read, by table.
        figures: Digest of the figures.
    """

    steps: tuple[Step, ...]
    revisions: tuple[Revision, ...]
    dataset_hash: str = ""
    cut_off: str = ""
    files: tuple[File, ...] = ()
    figures: str = ""


def document(records: ObjectStore, content_digest: str) -> Document:
    """A document, checked against its digest.

    Raises:
        ArchiveError: it is missing, or its bytes were changed.
    """
    return _loaded(Kept(content_digest, records))


@lru_cache(maxsize=MOST_DOCUMENTS)
def _loaded(kept: Kept) -> Document:
    return documents.load(kept.records, kept.name)


def told(figures: Figures, report: str) -> Told:
    """The signals and actions that concern the reader of a report."""
    signals = tuple(one for one in figures.signals if report in one.readers)
    return Told(signals, tuple(story.agenda(Selection(figures), report)))


def sheets(workbook: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook, in its order."""
    opened = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    found = []
    for name in opened.sheet_names:
        rows = opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
        first = tuple(tuple(map(_cell, row)) for row in islice(rows, FIRST_ROWS))
        found.append(Sheet(name, len(rows), first))
    return tuple(found)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return str(value)


def origin(records: ObjectStore, day: date, report: Report, figures: Figures | None, digest: str) -> Origin:
    """Where a report came from; ``figures`` are those it was made from, None if they cannot be had."""
    steps = tuple(sorted(_steps(records, day, report.report), key=lambda one: one.at))
    revisions = tuple(_revisions(records, day, report.file_name))
    if figures is None:
        return Origin(steps, revisions)
    return Origin(
        steps,
        revisions,
        figures.dataset_hash,
        figures.cut_off,
        tuple(_files(records, figures)),
        documents.figures_digest(records, digest),
    )


def _steps(records: ObjectStore, day: date, report: str) -> Iterator[Step]:
    for kind in ("generated", "archived"):
        for event in standing.events(records, day, report, f"report.{kind}"):
            data = event["data"]
            yield Step(event["time"], kind, data["outcome"], data["run"], data["code_version"], data["digest"])


def past(records: ObjectStore, day: date, file_name: str, edition: Edition) -> Past | None:
    """Since when an edition's revision is replaced; None if it is the open one."""
    number = edition.revision + 1
    replaced = revise.replaced_by(records, day, file_name, number)
    if replaced is None:
        return None
    successor = editions.current_edition(records, day, file_name, number)
    at = successor.generated_at if successor else ""
    return Past(edition.revision, edition.generated_at, replaced, number, at)


def _revisions(records: ObjectStore, day: date, file_name: str) -> Iterator[Revision]:
    for number in range(editions.open_revision(records, day, file_name), 0, -1):
        edition = editions.current_edition(records, day, file_name, number)
        yield Revision(number, edition, revise.replaced_by(records, day, file_name, number))


def _files(records: ObjectStore, figures: Figures) -> Iterator[File]:
    """What the frozen dataset says that it was read from."""
    key = f"snapshots/{figures.report_date.isoformat()}/{figures.dataset_hash}/manifest.json"
    with suppress(ObjectMissingError):
        for one in json.loads(records.get(key).body)["files"]:
            yield File(one["table"], one["name"], one["sha256"], one["rows"], figures.coverage.get(one["table"], 0))
