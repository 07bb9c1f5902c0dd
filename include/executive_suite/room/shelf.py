"""The shelf: report dates by reports, each in its state by our own record of deliveries."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime

from executive_suite.run import due as schedule
from executive_suite.run import owed
from executive_suite.run.deployment import Deployment
from executive_suite.run.periods import Cell, Period, state_of_report
from executive_suite.run.standing import Standing
from executive_suite.run.summary import Summary

AtWork = Container[tuple[date, str]]
"""The reports of dates that a run is at work on: what is not sent yet is being made."""


def periods(
    deployment: Deployment,
    days: Iterable[date],
    now: datetime,
    at_work: AtWork = (),
    *,
    only: str = "",
    briefly: bool = False,
) -> tuple[Period, ...]:
    """The shelf for some report dates, in their order.

    Args:
        deployment: Whose.
        days: The report dates.
        now: When.
        at_work: What runs are at work on.
        only: Look at one report; at all without one.
        briefly: The states only: what a run says was sent has no time.
    """
    return tuple(
        Period(dated.day, tuple(_cell(deployment, found, dated.runs, at_work) for found in dated.made(deployment)))
        for dated in owed.of_dates(deployment, days, now, only=only, briefly=briefly)
    )


def cell(deployment: Deployment, day: date, report: str, now: datetime, at_work: AtWork = ()) -> Cell:
    """One configured report of one date."""
    (period,) = periods(deployment, [day], now, at_work, only=report)
    return period.cells[0]


def _cell(deployment: Deployment, found: Standing, runs: Sequence[Summary], at_work: AtWork) -> Cell:
    """A report of a date, of which these are the runs."""
    day, report = found.report_date, found.report
    configured = deployment.config.find(report)
    title = configured.called if configured else report
    state = state_of_report(found)
    if state in {"archived", "not made", "not sent"} and (day, report) in at_work:
        return Cell(report, title, "making", found.mails, found.revision)
    why = next((run.why_not for run in runs if not run.send and run.why_not), "") if not found.mails else ""
    nothing = not found.mails and not found.revision
    if nothing and configured and report not in schedule.reports_at(deployment.config, day):
        why = schedule.left_out(deployment.config, configured, day) or why
    return Cell(report, title, state, found.mails, found.revision, why)
