"""The shelf: report dates by reports, each in its state by our own record of deliveries."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Self

from executive_suite import period
from executive_suite.mailing import approval
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import due as schedule
from executive_suite.run import standing, summary, watch
from executive_suite.run.deployment import Deployment
from executive_suite.run.periods import Cell, Period, state_of_report
from executive_suite.run.standing import Due
from executive_suite.run.summary import Summary
from executive_suite.stores.listed import Listed
from executive_suite.stores.store import SIDE_BY_SIDE


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at reports of several dates: what is asked of the records once for all of them.

    Attributes:
        deployment: Whose.
        now: When.
        at_work: The reports of dates that a run is at work on: what is not sent yet is being made.
        entities: Report id to the entities under which the outbox has it.
        deadlines: Report date to its passed deadline.
    """

    deployment: Deployment
    now: datetime
    at_work: Container[tuple[date, str]]
    entities: Mapping[str, frozenset[str]]
    deadlines: Mapping[date, datetime]

    @classmethod
    def at(cls, deployment: Deployment, now: datetime, at_work: Container[tuple[date, str]]) -> Self:
        """Begin a look."""
        entities: dict[str, set[str]] = {}
        for entity, report in Outbox(deployment.records).reports():
            entities.setdefault(report, set()).add(entity)
        known = {report: frozenset(names) for report, names in entities.items()}
        return cls(deployment, now, at_work, known, {day: at for at, day in watch.due_dates(deployment, now)})

    def cell(self, day: date, report: str, runs: Sequence[Summary]) -> Cell:
        """A report of a date, of which these are the runs."""
        deployment = self.deployment
        due = self._due(day, report, runs)
        found = standing.standing(deployment, due, self.now)
        others = set(standing.recipients(deployment, report, day)) - due.recipient_ids
        if others and found.edition is not None:
            digest = found.edition.content_digest
            if approval.waits(deployment.records, digest):  # a run that still asks has no summary
                ids = chain.from_iterable(approval.asked(deployment.records, digest).values())
                more = replace(due, recipient_ids=due.recipient_ids.union(ids))
                found = standing.standing(deployment, more, self.now)
        configured = deployment.config.find(report)
        title = configured.called if configured else report
        revision = found.edition.revision if found.edition else 0
        state = state_of_report(found)
        if state in {"archived", "not made", "not sent"} and (day, report) in self.at_work:
            return Cell(report, title, "making", found.mails, revision)
        why = next((run.why_not for run in runs if not run.send and run.why_not), "") if not found.mails else ""
        nothing = not found.mails and not revision
        if nothing and configured and report not in schedule.reports_at(deployment.config, day):
            why = schedule.left_out(deployment.config, configured, day) or why
        return Cell(report, title, state, found.mails, revision, why)

    def _due(self, day: date, report: str, runs: Iterable[Summary]) -> Due:
        lanes = (lane for run in runs if run.send for lane in run.lanes if lane.report == report)
        owed = {mail.recipient_id for lane in lanes for mail in lane.deliveries}
        own = self.entities.get(report, frozenset())
        owed.update(slot.recipient_id for slot in Outbox(self.deployment.records).slots_of(own, report, day))
        deadline = self.deadlines.get(day)
        if deadline and report in schedule.reports_at(self.deployment.config, day):
            owed.update(standing.recipients(self.deployment, report, day))
        return Due(report, day, frozenset(owed), own, deadline.isoformat() if deadline else "")


def dates(deployment: Deployment, now: datetime) -> tuple[date, ...]:
    """Every report date with a run, an archived report or a passed deadline, newest first."""
    records = deployment.records
    found = {day for _, day in watch.due_dates(deployment, now)}
    found.update(period.dates(chain(records.folders("runs/"), records.folders("editions/"))))
    return tuple(sorted(found, reverse=True))


def periods(
    deployment: Deployment,
    days: Iterable[date],
    now: datetime,
    at_work: Container[tuple[date, str]] = (),
    *,
    only: str = "",
) -> tuple[Period, ...]:
    """The shelf for some report dates, in their order; all looked up side by side.

    Args:
        deployment: Whose.
        days: The report dates.
        now: When.
        at_work: The reports of dates that a run is at work on: what is not sent yet is being made.
        only: Look at one report; at all without one.
    """
    wanted = tuple(days)
    deployment = _for_one_look(deployment, wanted)
    look = _Look.at(deployment, now, at_work)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        runs = dict(zip(wanted, pool.map(lambda day: summary.of_date(deployment.records, day), wanted), strict=True))
        places = [(day, report) for day in wanted for report in _reports(deployment, runs[day]) if only in ("", report)]
        cells = list(pool.map(lambda place: look.cell(place[0], place[1], runs[place[0]]), places))
    found = list(zip(places, cells, strict=True))
    return tuple(Period(day, tuple(cell for (its, _), cell in found if its == day)) for day in wanted)


def cell(
    deployment: Deployment, day: date, report: str, now: datetime, at_work: Container[tuple[date, str]] = ()
) -> Cell:
    """One report of one date."""
    deployment = _for_one_look(deployment, (day,))
    return _Look.at(deployment, now, at_work).cell(day, report, summary.of_date(deployment.records, day))


def _for_one_look(deployment: Deployment, days: Iterable[date]) -> Deployment:
    """The deployment, with the editions of each date listed once: every report of a date asks for a part of them."""
    places = (f"editions/{day.isoformat()}/" for day in days)
    return deployment.reading(Listed(deployment.records, places))


def _reports(deployment: Deployment, runs: Iterable[Summary]) -> tuple[str, ...]:
    """The configured reports, then those that runs of the date made and nobody configures any more."""
    made = (lane.report for run in runs for lane in run.lanes)
    return tuple(dict.fromkeys([*(report.report for report in deployment.config.reports), *made]))
