"""Who is owed each report of a date, and the state of each mail: for the report room, and for whoever asks what waits.

A mail is due if a run was to send it, if a worker ever began with it, if somebody was asked to approve it, or if its
deadline has passed. A run without send, or a backfill that is not armed, owes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Self

from executive_suite import canonical, period
from executive_suite.mailing import approval
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import due, standing, summary, watch
from executive_suite.run.deployment import Deployment
from executive_suite.run.standing import Due, Standing
from executive_suite.run.summary import Summary
from executive_suite.stores.listed import Listed
from executive_suite.stores.store import SIDE_BY_SIDE


@dataclass(frozen=True, slots=True)
class Dated:
    """A report date.

    Attributes:
        day: The date.
        runs: The summaries of its runs.
        reports: Its reports in the configuration's order, then whatever else the outbox has, as a mail to the owner.
    """

    day: date
    runs: tuple[Summary, ...]
    reports: tuple[Standing, ...]

    def made(self, deployment: Deployment) -> tuple[Standing, ...]:
        """The configured reports, then those that runs of the date made and nobody configures any more."""
        names = {lane.report for run in self.runs for lane in run.lanes}
        return tuple(one for one in self.reports if one.report in names or deployment.config.find(one.report))


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at reports of several dates: what is asked of the records once for all of them.

    Attributes:
        deployment: Whose.
        now: When.
        entities: Report id to the entities under which the outbox has it.
        deadlines: Report date to its passed deadline.
        briefly: Whether a mail that a summary says was sent is believed, and only its later fate is read.
    """

    deployment: Deployment
    now: datetime
    entities: Mapping[str, frozenset[str]]
    deadlines: Mapping[date, datetime]
    briefly: bool

    @classmethod
    def at(cls, deployment: Deployment, now: datetime, *, briefly: bool) -> Self:
        """Begin a look."""
        entities: dict[str, set[str]] = {}
        for entity, report in Outbox(deployment.records).reports():
            entities.setdefault(report, set()).add(entity)
        known = {report: frozenset(names) for report, names in entities.items()}
        deadlines = {day: at for at, day in watch.due_dates(deployment, now)}
        return cls(deployment, now, known, deadlines, briefly)

    def reports(self, runs: Iterable[Summary]) -> tuple[str, ...]:
        """The reports to look at: whatever is configured, was made by a run, or is in the outbox."""
        configured = (report.report for report in self.deployment.config.reports)
        made = (lane.report for run in runs for lane in run.lanes)
        return tuple(dict.fromkeys(chain(configured, made, sorted(self.entities))))

    def standing(self, day: date, report: str, runs: Sequence[Summary]) -> Standing:
        """A report of a date, of which these are the runs."""
        deployment, records = self.deployment, self.deployment.records
        owed = self._due(day, report, runs)
        moved = len(self.entities.get(report, ())) > 1  # from one entity to another: a mail may have two slots
        sent = standing.sent_by(runs, report) if self.briefly and not moved else {}
        found = standing.standing(deployment, owed, self.now, sent)
        others = set(standing.recipients(deployment, report, day)) - owed.recipient_ids
        if others and found.edition is not None and approval.waits(records, found.edition.content_digest):
            ids = chain.from_iterable(approval.asked(records, found.edition.content_digest).values())
            more = replace(owed, recipient_ids=owed.recipient_ids.union(ids))  # a run that still asks has no summary
            found = standing.standing(deployment, more, self.now, sent)
        return found

    def _due(self, day: date, report: str, runs: Iterable[Summary]) -> Due:
        lanes = (lane for run in runs if run.send for lane in run.lanes if lane.report == report)
        ids = {mail.recipient_id for lane in lanes for mail in lane.deliveries}
        own = self.entities.get(report, frozenset())
        ids.update(slot.recipient_id for slot in Outbox(self.deployment.records).slots_of(own, report, day))
        deadline = self.deadlines.get(day)
        if deadline and report in due.reports_at(self.deployment.config, day):
            ids.update(standing.recipients(self.deployment, report, day))
        return Due(report, day, frozenset(ids), own, canonical.instant(deadline) if deadline else "")


def dates(deployment: Deployment, now: datetime) -> tuple[date, ...]:
    """Every report date with a run, an archived report or a passed deadline, newest first."""
    records = deployment.records
    found = {day for _, day in watch.due_dates(deployment, now)}
    found.update(period.dates(chain(records.folders("runs/"), records.folders("editions/"))))
    return tuple(sorted(found, reverse=True))


def of_dates(
    deployment: Deployment, days: Iterable[date], now: datetime, *, only: str = "", briefly: bool = False
) -> Iterator[Dated]:
    """Some report dates, in their order; their reports are looked up side by side.

    Args:
        deployment: Whose.
        days: The report dates.
        now: When.
        only: Look at one report; at all without one.
        briefly: Believe a run's summary that a mail was sent, and read only its later fate.
    """
    wanted = tuple(days)
    if not wanted:
        return
    deployment = _for_one_look(deployment, wanted)
    look = _Look.at(deployment, now, briefly=briefly)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        every = dict(zip(wanted, pool.map(lambda day: summary.of_date(deployment.records, day), wanted), strict=True))
        places = [(day, report) for day in wanted for report in look.reports(every[day]) if only in ("", report)]
        found = list(pool.map(lambda place: look.standing(place[0], place[1], every[place[0]]), places))
    for day in wanted:
        yield Dated(day, every[day], tuple(one for one in found if one.report_date == day))


def _for_one_look(deployment: Deployment, days: Iterable[date]) -> Deployment:
    """The deployment, with the editions of each date listed once: every report of a date asks for a part of them."""
    places = (f"editions/{day.isoformat()}/" for day in days)
    return deployment.reading(Listed(deployment.records, places))
