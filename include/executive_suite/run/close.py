"""Close: sum the run up, seal the audit trail, and fail unless everything due was sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from executive_suite.run import clock, closed_dates, lane, mirror, outstanding, owner, summary, telling
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan, Request
from executive_suite.run.plan import of as plan_of
from executive_suite.run.summary import Summary
from executive_suite.trail import sealing
from executive_suite.trail.chain import Event, Run

log = logging.getLogger(__name__)

ENDINGS = {"failed": "failed", "upstream_failed": "not reached"}
"""Airflow's states of tasks that did not end well, in our words."""


class IncompleteError(Exception):
    """The run did not send everything it should have; the message says what is missing.

    Attributes:
        outcome: The run's result in a few words.
    """

    outcome = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """A run that ended well.

    Attributes:
        anchor: Of the audit trail.
        outcome: The run's result in a few words.
    """

    anchor: str
    outcome: str


def close(deployment: Deployment, plan: Plan, run: Run, states: Mapping[str, str]) -> Closed:
    """Sum a run up from Airflow's states by task id, and mirror it where people of this machine look.

    Raises:
        IncompleteError: a report was not made or not sent.
    """
    found = sum_up(deployment, plan, run, troubled(plan.reports, states))
    mirror.mirror(deployment, found)
    shortfalls = found.shortfalls()
    for text in shortfalls:
        log.error("not sent: %s", text)
    if shortfalls:
        msg = f"{len(shortfalls)} of {len(found.lanes)} reports were not sent: " + "; ".join(shortfalls)
        error = IncompleteError(msg)
        error.outcome = found.outcome()
        raise error
    for text in found.holds():
        log.info("held: %s", text)
    log.info(found.outcome())
    return Closed(found.anchor, found.outcome())


def unstarted(deployment: Deployment, request: Request, run: Run, faults: tuple[str, ...]) -> None:
    """Tell the owner of a run that preflight stopped, once per run: nobody else would before the deadline.

    What a person asked for and cannot have is no such fault: that person is told, in the task's log.

    Raises:
        RequestError, ConfigError: the request cannot be met.
    """
    plan = plan_of(request, deployment.config, deployment.settings)
    if plan.send:
        owner.notify_of_preflight(deployment, lane.chain(deployment, plan, "run", run), plan, faults)


def sum_up(deployment: Deployment, plan: Plan, run: Run, trouble: Mapping[str, tuple[str, ...]]) -> Summary:
    """Record and store a run's summary, notify the owner of shortfalls, seal the audit trail, tell the chats.

    ``trouble`` maps report ids to the steps of the lane that did not succeed.
    """
    found = summary.of(deployment, plan, trouble, clock.now())
    shortfalls = found.shortfalls()
    trail = lane.chain(deployment, plan, "run", run)
    trail.append(
        Event(
            kind="run.closed",
            report_date=plan.report_date,
            outcome="incomplete" if shortfalls else "complete",
            reason=plan.why_not,
            details=(
                *((f"did_not_go_out_{number}", text) for number, text in enumerate(shortfalls, 1)),
                *((f"held_{number}", text) for number, text in enumerate(found.holds(), 1)),
            ),
        )
    )
    if shortfalls and plan.send:
        owner.notify_of_run(deployment, trail, found)
    anchor = sealing.seal(deployment.records, clock=clock.now, run=run, copy=deployment.trail_copy)
    found = replace(found, anchor=str(anchor))
    summary.keep(deployment.records, found)
    if plan.send:
        closed_dates.begun(deployment, date.fromisoformat(plan.report_date), clock.now())
    outstanding.close_dates(deployment, clock.now())
    telling.of_run(deployment, found)
    return found


def troubled(reports: tuple[str, ...], states: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Report to the steps that did not end well, from Airflow's states (``lane.send_3``: failed).

    The failed steps; only if none failed, those that were not reached, because they follow from others.

    >>> troubled(("ceo", "cto"), {"lane.send_0": "failed", "lane.archive_1": "success"})
    {'ceo': ('send: failed',), 'cto': ()}
    """
    found: dict[str, dict[str, list[str]]] = {report: {state: [] for state in ENDINGS} for report in reports}
    for task, state in states.items():
        if state not in ENDINGS:
            continue
        step, concerned = task.removeprefix("lane."), reports
        name, _, index = step.rpartition("_")
        if task.startswith("lane.") and index.isdigit() and int(index) < len(reports):
            step, concerned = name, (reports[int(index)],)
        for report in concerned:
            found[report][state].append(f"{step}: {ENDINGS[state]}")
    return {report: tuple(steps["failed"] or steps["upstream_failed"]) for report, steps in found.items()}
