"""Verification: does the archive match its records, and do the same rows and figures still give the same report?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from executive_suite import config
from executive_suite.archive import documents, editions
from executive_suite.archive.editions import Edition
from executive_suite.dataset import snapshot
from executive_suite.document import Document
from executive_suite.facts import table as facts
from executive_suite.facts.figures import Figures
from executive_suite.metrics import tracing
from executive_suite.rules import rulebook
from executive_suite.rules.judgement import Judgement
from executive_suite.rules.rulebook import Rules
from executive_suite.stores.store import ObjectMissingError, ObjectStore

Build = Callable[[Figures, config.Report, int], Document]
LABELS = ("report-type", "entity")
"""Metadata and tags that identify an object; ``generated-date`` says when its bytes were first written."""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison.

    Attributes:
        report: Report id, with the variant if any.
        what: archive, document, render or dataset.
        holds: Whether both sides agree.
        text: What was compared, with both digests if they differ.
    """

    report: str
    what: str
    holds: bool
    text: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A document that some readers got instead of the report's own template.

    Attributes:
        name: Of the arm.
        content_digest: Of its document.
        build: Renders it again; None if its template is no longer configured.
    """

    name: str
    content_digest: str
    build: Build | None


@dataclass(frozen=True)
class Archive:
    """An archive and its records, compared link by link.

    The keys hold the bytes of the current edition, correctly labeled, and nothing else; the document that was approved
    and sent is whole and holds those bytes; rendering its figures again gives the same content digest; computing the
    facts from the frozen dataset again gives the same facts.

    Attributes:
        reports: The reports bucket.
        records: The records bucket.
        rules: The group's rules; None for the shipped ones.
    """

    reports: ObjectStore
    records: ObjectStore
    rules: Rules | None = None
    _figures: dict[str, Figures | None] = field(default_factory=dict, compare=False)
    _datasets: dict[str, Check] = field(default_factory=dict, compare=False)

    def has(self, configured: config.Report, report_date: date) -> bool:
        """Whether a report of a date is archived."""
        return editions.latest(self.records, report_date, configured.file_name) is not None

    def verify(
        self,
        configured: config.Report,
        report_date: date,
        build: Build,
        variants: Callable[[str], Iterable[Variant]] = lambda _content_digest: (),
    ) -> Iterator[Check]:
        """Compare one archived report.

        Args:
            configured: The report.
            report_date: Its date.
            build: Renders figures as a report of a revision.
            variants: From a content digest to the variants of that document.
        """
        name = configured.report
        edition = editions.latest(self.records, report_date, configured.file_name)
        if edition is None:
            yield Check(name, "archive", holds=False, text=f"nothing archived for {report_date.isoformat()}")
            return
        yield from self._files(configured, f"{report_date.isoformat()}/{configured.file_name}", edition)
        yield self._kept(name, edition.content_digest, edition.files)
        key = documents.figures_key(self.records, edition.content_digest)
        figures = self._load_figures(key)
        if figures is None:
            text = f"cannot be rendered again: its figures ({key or 'none on record'}) are missing or damaged"
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
            yield replace(self._dataset(figures, key), report=name)

    def strangers(self, configured: Iterable[config.Report], report_date: date) -> Iterator[Check]:
        """Objects of a date that belong to no report: the archive holds only reports."""
        known: set[str] = set()
        for report in configured:
            edition = editions.latest(self.records, report_date, report.file_name)
            known |= {f"{report_date.isoformat()}/{report.file_name}.{e}" for e in (edition.files if edition else ())}
        for key in self.reports.keys(f"{report_date.isoformat()}/"):
            if key not in known:
                yield Check("archive", "archive", holds=False, text=f"{key} belongs to no report")

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
            text = f"{key} {digest}" + ("" if found == digest else f", the bucket holds {found}")
            for what, stated in (("metadata", item.metadata), ("tags", item.tags)):
                if wrong := [f"{name} {stated.get(name)!r}" for name in LABELS if stated.get(name) != labels[name]]:
                    text += f", its {what} say {' and '.join(wrong)}"
            yield Check(configured.report, "archive", holds=text == f"{key} {digest}", text=text)

    def _kept(self, name: str, content_digest: str, files: Mapping[str, str] | None) -> Check:
        """Whether the document in the records, which mails are made from, is whole and holds the archived bytes."""
        try:
            document = documents.load(self.records, content_digest)
        except documents.ArchiveError as error:
            return Check(name, "document", holds=False, text=str(error))
        except (KeyError, TypeError, ValueError):
            return Check(name, "document", holds=False, text=f"document {content_digest} is unreadable")
        found = {extension: hashlib.sha256(body).hexdigest() for extension, body in document.files.items()}
        holds = files is None or found == dict(files)
        difference = "" if holds else ", its files are not those of the edition"
        return Check(name, "document", holds=holds, text=f"document {content_digest}{difference}")

    def _load_figures(self, key: str) -> Figures | None:
        """One run's figures serve all of its reports: they are loaded once."""
        if key not in self._figures:
            try:
                self._figures[key] = Figures.from_json(self.records.get(key).body if key else b"")
            except (KeyError, TypeError, ValueError):  # missing, or changed beyond reading
                self._figures[key] = None
        return self._figures[key]

    def _dataset(self, figures: Figures, key: str) -> Check:
        """One dataset serves all reports of a run: its facts are computed once."""
        if key not in self._datasets:
            check = self._computed(figures)
            if not key.endswith(f"/{figures.digest}.json"):
                check = replace(check, holds=False, text=f"{key} holds other figures, {figures.digest}; {check.text}")
            self._datasets[key] = check
        return self._datasets[key]

    def _computed(self, figures: Figures) -> Check:
        key = f"snapshots/{figures.report_date.isoformat()}/{figures.dataset_hash}/manifest.json"
        try:
            dataset = snapshot.load(self.records, key)
        except (ObjectMissingError, snapshot.SnapshotError) as error:
            return Check("", "dataset", holds=False, text=str(error))
        stated = facts.digest(figures.facts)
        in_force = Judgement(self.rules or rulebook.shipped())
        context = replace(dataset.context, rules=in_force, earlier=figures.earlier)
        computed, sources = tracing.traced(context, figures.sources.facts.keys())
        again = facts.digest(computed)
        difference = "" if stated == again else f", computed again {again}"
        if sources != figures.sources:
            difference += ", the rows behind its figures are others"
        return Check("", "dataset", not difference, f"dataset {figures.dataset_hash}, facts {stated}{difference}")


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
