"""The shelf: report dates by reports, each in its state by our own record of deliveries."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from executive_suite.config import ConfigError
from executive_suite.mailing import approval
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import due as schedule
from executive_suite.run import standing, summary, watch
from executive_suite.run.deployment import Deployment
from executive_suite.run.periods import Cell, Period, state_of_report
from executive_suite.run.standing import Due
from executive_suite.run.summary import Summary
from executive_suite.stores.store import SIDE_BY_SIDE


def dates(deployment: Deployment, now: datetime) -> tuple[date, ...]:
    """Every report date with a run, an archived report or a passed deadline, newest first."""
    records = deployment.records
    found = {day for _, day in watch.due_dates(deployment, now)}
    for name in chain(records.folders("runs/"), records.folders("editions/")):
        try:
            found.add(date.fromisoformat(name))
        except ValueError:
            continue  # no report date of ours
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

    ``at_work`` are the reports of dates that a run is at work on: what is not sent yet is being made. ``only`` names
    one report.
    """
    entities = _entities(deployment)
    deadlines = {day: deadline for deadline, day in watch.due_dates(deployment, now)}
    wanted = tuple(days)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        runs = dict(zip(wanted, pool.map(lambda day: summary.of_date(deployment.records, day), wanted), strict=True))
        places = [(day, report) for day in wanted for report in _reports(deployment, runs[day]) if only in {"", report}]

        def found(place: tuple[date, str]) -> Cell:
            day, report = place
            late = deadlines[day].isoformat() if day in deadlines else ""
            found = _cell(deployment, _due(deployment, day, report, runs[day], entities, late), runs[day], now)
            waits = found.state in {"archived", "not made", "not sent"} and (day, report) in at_work
            return replace(found, state="making", why="") if waits else found

        cells = list(zip(places, pool.map(found, places), strict=True))
    return tuple(Period(day, tuple(one for (its, _), one in cells if its == day)) for day in wanted)


def cell(deployment: Deployment, day: date, report: str, now: datetime) -> Cell:
    """One report of one date."""
    runs = summary.of_date(deployment.records, day)
    late = next((at.isoformat() for at, due in watch.due_dates(deployment, now) if due == day), "")
    return _cell(deployment, _due(deployment, day, report, runs, _entities(deployment), late), runs, now)


def _entities(deployment: Deployment) -> Mapping[str, frozenset[str]]:
    """Report id to the entities under which the outbox has it."""
    found: dict[str, set[str]] = {}
    for entity, report in Outbox(deployment.records).reports():
        found.setdefault(report, set()).add(entity)
    return {report: frozenset(names) for report, names in found.items()}


def _reports(deployment: Deployment, runs: Iterable[Summary]) -> tuple[str, ...]:
    """The configured reports, then those that runs of the date made and nobody configures any more."""
    made = (lane.report for run in runs for lane in run.lanes)
    return tuple(dict.fromkeys([*(report.report for report in deployment.config.reports), *made]))


def _due(
    deployment: Deployment,
    day: date,
    report: str,
    runs: Iterable[Summary],
    entities: Mapping[str, frozenset[str]],
    deadline: str,
) -> Due:
    owed = {
        mail.recipient_id
        for run in runs
        if run.send
        for lane in run.lanes
        if lane.report == report
        for mail in lane.deliveries
    }
    own = entities.get(report, frozenset())
    owed.update(slot.recipient_id for slot in Outbox(deployment.records).slots_of(own, report, day))
    if deadline and report in schedule.reports_at(deployment.config, day):
        owed.update(standing.recipients(deployment, report, day))
    return Due(report, day, frozenset(owed), own, deadline)


def _cell(deployment: Deployment, due: Due, runs: Iterable[Summary], now: datetime) -> Cell:
    found = standing.standing(deployment, due, now)
    others = set(standing.recipients(deployment, due.report, due.report_date)) - due.recipient_ids
    if others and found.edition is not None:
        digest = found.edition.content_digest
        if approval.waits(deployment.records, digest):  # a run that still asks has no summary
            ids = chain.from_iterable(approval.asked(deployment.records, digest).values())
            found = standing.standing(deployment, replace(due, recipient_ids=due.recipient_ids.union(ids)), now)
    why = next((run.why_not for run in runs if not run.send and run.why_not), "") if not found.mails else ""
    revision = found.edition.revision if found.edition else 0
    if not found.mails and not revision:
        why = _left_out(deployment, due.report, due.report_date) or why
    return Cell(due.report, _title(deployment, due.report), state_of_report(found), found.mails, revision, why)


def _left_out(deployment: Deployment, report: str, day: date) -> str:
    """Why a date does without a report; empty if it does not."""
    configured = next((one for one in deployment.config.reports if one.report == report), None)
    if configured is None or report in schedule.reports_at(deployment.config, day):
        return ""
    return schedule.left_out(deployment.config, configured, day)


def _title(deployment: Deployment, report: str) -> str:
    try:
        configured = deployment.config.report(report)
    except ConfigError:
        return report
    return configured.short_name or configured.title
