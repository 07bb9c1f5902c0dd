"""The archived reports that one person may read, each with its figures and the rows behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from executive_suite.archive import documents, editions
from executive_suite.archive.editions import Edition
from executive_suite.config import Report
from executive_suite.document import Document
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.reports.selection import Selection
from executive_suite.room import figures as kept
from executive_suite.room import named, report
from executive_suite.room.compare import Side
from executive_suite.room.kept import Kept
from executive_suite.run import clock, owed
from executive_suite.run.deployment import Deployment


class NoAnswerError(Exception):
    """There is nothing to answer with; the message says why, and what there is instead."""


@dataclass(frozen=True)
class Shelf:
    """What one person may read.

    Attributes:
        opened: The group's deployment, for reading.
        reports: Ids of the reports that they may read; None for every report and every figure behind them.
    """

    opened: Deployment
    reports: frozenset[str] | None = None

    def may(self, report_id: str) -> bool:
        """Whether they may read a report."""
        return self.reports is None or report_id in self.reports

    def shows(self, fact: Fact, side: Side) -> bool:
        """Whether they may see a figure: one that the report shows, or any."""
        return self.reports is None or fact.fact_id in side.shown.facts

    def readable(self, report_id: str) -> Report:
        """A report that they may read.

        Raises:
            NoAnswerError: it is none, or they may not.
        """
        known = [one for one in self.opened.config.reports if self.may(one.report)]
        for one in known:
            if one.report == report_id:
                return one
        listed = ", ".join(one.report for one in known) or "none"
        msg = f"{report_id!r} is no report that you may read; you may read {listed}"
        raise NoAnswerError(msg)

    def document(self, report_id: str, day: str) -> tuple[Report, date, Edition, Document]:
        """What is archived of a report at a date, or at the latest that has it.

        Raises:
            NoAnswerError: nothing is, or they may not read it.
        """
        configured = self.readable(report_id)
        records = self.opened.records
        for on in [_date(day)] if day else owed.dates(self.opened, clock.now()):
            edition = editions.latest(records, on, configured.file_name)
            if edition is not None:
                return configured, on, edition, report.document(records, edition.content_digest)
        msg = f"nothing is archived of {configured.title}" + (f" of {day}" if day else "")
        raise NoAnswerError(msg)

    def side(self, report_id: str, day: str) -> tuple[Report, date, Side, Figures]:
        """A report of a date, with its figures and the rows behind them.

        Raises:
            NoAnswerError: there is none, they may not read it, or its figures are of another version.
        """
        configured, on, edition, _ = self.document(report_id, day)
        records, digest = self.opened.records, edition.content_digest
        try:
            lean, shown = kept.of(records, digest), kept.shown(records, digest, configured)
        except kept.UnreadableError as error:
            raise NoAnswerError(str(error)) from None
        return (
            configured,
            on,
            Side(lean, shown, report.told(lean, report_id)),
            _with_sources(Kept(digest, records)),
        )

    def before(self, configured: Report, on: date) -> str:
        """The last date before another at which the report is archived, ISO.

        Raises:
            NoAnswerError: there is none.
        """
        for day in owed.dates(self.opened, clock.now()):
            if day < on and editions.latest(self.opened.records, day, configured.file_name):
                return day.isoformat()
        msg = f"nothing is archived of {configured.title} before {on.isoformat()}"
        raise NoAnswerError(msg)

    def by_label(self, side: Side) -> dict[tuple[str, str], Fact]:
        """The facts that a report shows, by how a change names them; those of page one by its own names."""
        s = Selection(side.figures)
        shown = {fact.fact_id: fact for fact in side.figures.facts if fact.fact_id in side.shown.facts}
        found = {(named.label(s, fact), fact.entity_id): fact for fact in shown.values()}
        every = {fact.fact_id: fact for fact in side.figures.facts}
        for kpi in side.shown.kpis:
            fact = every.get(kpi.fact_id or next(iter(kpi.parts), ""))
            if fact is not None:
                found[kpi.label, fact.entity_id] = fact
        return found


@lru_cache(maxsize=2)
def _with_sources(document: Kept) -> Figures:
    """The figures of a document with the rows behind them, which only an answer about sources needs."""
    return Figures.from_json(document.records.get(documents.figures_key(document.records, document.name)).body)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{text!r:.40} is not a date as YYYY-MM-DD"
        raise NoAnswerError(msg) from None
