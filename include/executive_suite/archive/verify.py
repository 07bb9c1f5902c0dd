"""Verification: is the archive what the records say, and do the same figures and rows still give the same report?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from executive_suite import config, facts, metrics
from executive_suite.archive import editions
from executive_suite.archive.editions import Edition
from executive_suite.dataset import snapshot
from executive_suite.document import Document
from executive_suite.figures import Figures
from executive_suite.rules.rulebook import Rules
from executive_suite.stores.store import ObjectMissingError, ObjectStore

Build = Callable[[Figures, config.Report, int], Document]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was compared.

    Attributes:
        report: Report id.
        what: archive, render or dataset.
        holds: Whether both sides agree.
        text: What was compared, with both digests where they differ.
    """

    report: str
    what: str
    holds: bool
    text: str


def verify(  # noqa: PLR0913 - a link is between that many things
    reports: ObjectStore,
    records: ObjectStore,
    configured: config.Report,
    report_date: date,
    build: Build,
    *,
    rules: Rules | None = None,
) -> Iterator[Check]:
    """Compare one archived report with the records it was made from, link by link.

    Three links, each checked by itself: the files at their keys are the bytes of the current edition; rendering the
    edition's figures again gives its content digest; computing the facts from the frozen dataset again gives the
    figures' facts.

    Args:
        reports: The reports bucket.
        records: The records bucket.
        configured: The report.
        report_date: Its date.
        build: Renders figures as a report of a revision.
        rules: The rules of the group in force; default those that ship.
    """
    name = configured.report
    edition = _edition(records, report_date, configured.file_name)
    if edition is None:
        yield Check(name, "archive", holds=False, text=f"nothing archived for {report_date.isoformat()}")
        return
    yield from _files(reports, name, f"{report_date.isoformat()}/{configured.file_name}", edition)
    key = f"figures/{report_date.isoformat()}/{edition.figures}.json"
    try:
        figures = Figures.from_json(records.get(key).body)
    except ObjectMissingError:
        yield Check(name, "render", holds=False, text=f"{key} is missing from the records: cannot be rendered again")
        return
    document = build(figures, configured, edition.revision)
    same = document.content_digest == edition.content_digest and figures.digest == edition.figures
    text = f"content digest {edition.content_digest}"
    if not same:
        found = {extension: hashlib.sha256(body).hexdigest() for extension, body in document.files.items()}
        differ = sorted(extension for extension in found if found[extension] != edition.files.get(extension))
        where = f"files {', '.join(differ)}" if differ else "the mail"
        text += f", rendered again {document.content_digest} ({where} differ)"
    yield Check(name, "render", holds=same, text=text)
    yield _dataset(records, name, figures, rules)


def _edition(records: ObjectStore, report_date: date, file_name: str) -> Edition | None:
    """The current edition of the open revision, or of the last one that was published."""
    for revision in range(editions.open_revision(records, report_date, file_name), 0, -1):
        edition = editions.current_edition(records, report_date, file_name, revision)
        if edition is not None:
            return edition
    return None


def _files(reports: ObjectStore, name: str, stem: str, edition: Edition) -> Iterator[Check]:
    for extension, digest in sorted(edition.files.items()):
        key = f"{stem}.{extension}"
        try:
            found = hashlib.sha256(reports.get(key).body).hexdigest()
        except ObjectMissingError:
            found = "nothing"
        told = f"{key} {digest}" + ("" if found == digest else f", the bucket holds {found}")
        yield Check(name, "archive", found == digest, told)


def _dataset(records: ObjectStore, name: str, figures: Figures, rules: Rules | None) -> Check:
    key = f"snapshots/{figures.report_date.isoformat()}/{figures.dataset_hash}/manifest.json"
    try:
        dataset = snapshot.load(records, key)
    except (ObjectMissingError, snapshot.SnapshotError) as error:
        return Check(name, "dataset", holds=False, text=str(error))
    computed = metrics.compute_all(replace(dataset.context, rules=rules))
    stated, again = facts.digest(figures.facts), facts.digest(computed)
    text = f"dataset {figures.dataset_hash}, facts {stated}" + ("" if stated == again else f", computed again {again}")
    return Check(name, "dataset", stated == again, text)
