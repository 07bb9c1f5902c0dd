"""Verification: is the archive what the records say, and do the same figures and rows still give the same report?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from executive_suite import config, metrics
from executive_suite.archive import editions, publication
from executive_suite.archive.editions import Edition
from executive_suite.dataset import snapshot
from executive_suite.document import Document
from executive_suite.facts import table as facts
from executive_suite.facts.figures import Figures
from executive_suite.rules import rulebook
from executive_suite.rules.judgement import Judgement
from executive_suite.rules.rulebook import Rules
from executive_suite.stores.store import ObjectMissingError, ObjectStore

Build = Callable[[Figures, config.Report, int], Document]
LABELS = ("report-type", "entity")
"""Metadata and tags that say what an object is; ``generated-date`` is of whenever its bytes were first written."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was compared.

    Attributes:
        report: Report id, with the variant where it is one.
        what: archive, document, render or dataset.
        holds: Whether both sides agree.
        text: What was compared, with both digests where they differ.
    """

    report: str
    what: str
    holds: bool
    text: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A document that some readers got instead of the report's own.

    Attributes:
        name: Of the arm.
        content_digest: Of its document.
        build: Renders it again; None where its template is not configured any more.
    """

    name: str
    content_digest: str
    build: Build | None


def none(_content_digest: str) -> tuple[Variant, ...]:
    """No variants."""
    return ()


@dataclass(frozen=True)
class Archive:
    """An archive and the records that it was made from, compared link by link, each link by itself.

    The files at their keys are the bytes of the current edition, labelled as what they are, and nothing else stands
    there; the document that was approved and sent is kept whole and holds those bytes; rendering the edition's figures
    again gives its content digest; computing the facts from the frozen dataset again gives the figures' facts.

    Attributes:
        reports: The reports bucket.
        records: The records bucket.
        rules: The rules of the group in force; None for those that ship.
    """

    reports: ObjectStore
    records: ObjectStore
    rules: Rules | None = None
    _datasets: dict[str, Check] = field(default_factory=dict, compare=False)

    def verify(
        self,
        configured: config.Report,
        report_date: date,
        build: Build,
        variants: Callable[[str], Iterable[Variant]] = none,
    ) -> Iterator[Check]:
        """Compare one archived report.

        Args:
            configured: The report.
            report_date: Its date.
            build: Renders figures as a report of a revision.
            variants: From a content digest to the variants of that document.
        """
        name = configured.report
        edition = _edition(self.records, report_date, configured.file_name)
        if edition is None:
            yield Check(name, "archive", holds=False, text=f"nothing archived for {report_date.isoformat()}")
            return
        yield from self._files(configured, f"{report_date.isoformat()}/{configured.file_name}", edition)
        yield self._kept(name, edition.content_digest, edition.files)
        figures = self._figures(report_date, edition)
        if figures is None:
            text = f"figures {edition.figures} are missing from the records or damaged: cannot be rendered again"
            yield Check(name, "render", holds=False, text=text)
        else:
            yield _rendered(name, edition.content_digest, build(figures, configured, edition.revision), edition.files)
        for variant in variants(edition.content_digest):
            own = f"{name}, variant {variant.name}"
            yield self._kept(own, variant.content_digest, None)
            if figures is not None and variant.build is not None:
                again = variant.build(figures, configured, edition.revision)
                yield _rendered(own, variant.content_digest, again, None)
        if figures is not None:
            yield replace(self._dataset(figures, edition), report=name)

    def strangers(self, configured: Iterable[config.Report], report_date: date) -> Iterator[Check]:
        """Objects of a date that belong to no report: the archive holds reports and nothing else."""
        known: set[str] = set()
        for report in configured:
            edition = _edition(self.records, report_date, report.file_name)
            known |= {f"{report_date.isoformat()}/{report.file_name}.{e}" for e in (edition.files if edition else ())}
        for key in self.reports.keys(f"{report_date.isoformat()}/"):
            if key not in known:
                yield Check("archive", "archive", holds=False, text=f"{key} stands there and belongs to no report")

    def _files(self, configured: config.Report, stem: str, edition: Edition) -> Iterator[Check]:
        labels = {"report-type": configured.report_type, "entity": configured.entity}
        for extension, digest in sorted(edition.files.items()):
            key = f"{stem}.{extension}"
            try:
                item = self.reports.get(key)
            except ObjectMissingError:
                yield Check(configured.report, "archive", holds=False, text=f"{key} {digest}, the bucket holds nothing")
                continue
            found = hashlib.sha256(item.body).hexdigest()
            told = f"{key} {digest}" + ("" if found == digest else f", the bucket holds {found}")
            for what, stated in (("metadata", item.metadata), ("tags", item.tags)):
                if wrong := [f"{name} {stated.get(name)!r}" for name in LABELS if stated.get(name) != labels[name]]:
                    told += f", its {what} say {' and '.join(wrong)}"
            yield Check(configured.report, "archive", holds=told == f"{key} {digest}", text=told)

    def _kept(self, name: str, content_digest: str, files: Mapping[str, str] | None) -> Check:
        """The document in the records, from which mails are made, is whole and holds the archived bytes."""
        try:
            document = publication.load_document(self.records, content_digest)
        except publication.ArchiveError as error:
            return Check(name, "document", holds=False, text=str(error))
        except (KeyError, TypeError, ValueError):
            return Check(name, "document", holds=False, text=f"document {content_digest} cannot be read any more")
        found = {extension: hashlib.sha256(body).hexdigest() for extension, body in document.files.items()}
        holds = files is None or found == dict(files)
        told = "" if holds else ", its files are not those of the edition"
        return Check(name, "document", holds=holds, text=f"document {content_digest}{told}")

    def _figures(self, report_date: date, edition: Edition) -> Figures | None:
        try:
            return Figures.from_json(self.records.get(f"figures/{report_date.isoformat()}/{edition.figures}.json").body)
        except (KeyError, TypeError, ValueError):  # missing, or changed beyond reading
            return None

    def _dataset(self, figures: Figures, edition: Edition) -> Check:
        """One dataset stands behind all reports of a run: it is computed again once."""
        digest = figures.digest
        if digest not in self._datasets:
            self._datasets[digest] = self._computed(figures)
        check = self._datasets[digest]
        if digest == edition.figures:
            return check
        return replace(check, holds=False, text=f"figures {edition.figures} hold other figures, {digest}; {check.text}")

    def _computed(self, figures: Figures) -> Check:
        key = f"snapshots/{figures.report_date.isoformat()}/{figures.dataset_hash}/manifest.json"
        try:
            dataset = snapshot.load(self.records, key)
        except (ObjectMissingError, snapshot.SnapshotError) as error:
            return Check("", "dataset", holds=False, text=str(error))
        stated = facts.digest(figures.facts)
        in_force = Judgement(self.rules or rulebook.shipped())
        again = facts.digest(metrics.compute_all(replace(dataset.context, rules=in_force)))
        told = "" if stated == again else f", computed again {again}"
        return Check("", "dataset", stated == again, f"dataset {figures.dataset_hash}, facts {stated}{told}")


def _rendered(name: str, content_digest: str, again: Document, files: Mapping[str, str] | None) -> Check:
    text = f"content digest {content_digest}"
    same = again.content_digest == content_digest
    if not same:
        text += f", rendered again {again.content_digest}"
        found = {extension: hashlib.sha256(body).hexdigest() for extension, body in again.files.items()}
        if files is not None:
            differ = sorted(extension for extension in found if found[extension] != files.get(extension))
            where = f"files {', '.join(differ)}" if differ else "the mail"
            text += f" ({where} differ)"
    return Check(name, "render", same, text)


def _edition(records: ObjectStore, report_date: date, file_name: str) -> Edition | None:
    """The current edition of the open revision, or of the last one that was published."""
    for revision in range(editions.open_revision(records, report_date, file_name), 0, -1):
        edition = editions.current_edition(records, report_date, file_name, revision)
        if edition is not None:
            return edition
    return None
