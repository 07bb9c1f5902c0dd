"""Whether what was due has gone out by its deadline: seen from the schedule and the ledger, not from any run.

A run tells of its own trouble. This tells of runs that never were: a scheduler that stood still, a DAG that was
switched off or could not be read, a run that got stuck. The schedule says what was due, the ledger what was sent.

| object (records bucket) | says |
|---|---|
| ``watch/since/<schedule>`` | since when this schedule is watched; what was due before is nobody's business |
| ``watch/deadlines/<report date>`` | what was found when it had passed: complete, told, told by a run |
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from executive_suite import canonical
from executive_suite.mailing import notice
from executive_suite.mailing.notice import Trouble
from executive_suite.run import due, mailing, owner, summary
from executive_suite.run.deployment import Deployment
from executive_suite.run.due import Due
from executive_suite.run.plan import Plan
from executive_suite.stores.store import ObjectMissingError, StoredObject
from executive_suite.trail.chain import Chain, Event, Run, day_chain

log = logging.getLogger(__name__)

Finding = Literal["complete", "told", "told by a run", "nobody to tell"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline that has passed.

    Attributes:
        report_date: What was due.
        at: When it passed, in the group's zone.
        expected: How many deliveries there were to be.
        missing: Those that are not sent now.
    """

    report_date: date
    at: datetime
    expected: int
    missing: tuple[Trouble, ...]

    def __str__(self) -> str:
        sent = f"{self.expected - len(self.missing)} of {self.expected} sent"
        names = ", ".join(f"{one.report_id} to {one.recipient_id}: {one.state}" for one in self.missing)
        return f"{self.report_date}: deadline {self.at.isoformat(timespec='minutes')}: {sent}" + (
            f"; {names}" if names else ""
        )


def passed(deployment: Deployment, now: datetime) -> tuple[Deadline, ...]:
    """Every deadline that has passed, oldest first, and what is missing; none without a schedule or a deadline.

    What is older than the age limit is past help and left out. So is what was due before this schedule was first
    looked at: a new deployment owes nobody the reports of last month.
    """
    limits, schedule = deployment.config.delivery, _schedule(deployment)
    if not schedule.cron or limits.deadline_hours is None:
        return ()
    patience = timedelta(hours=limits.deadline_hours)
    begin = max(_since(deployment, schedule, now), now - timedelta(days=limits.age_limit_days))
    return tuple(
        _deadline(deployment, moment + patience, due.report_date(None, moment, moment, schedule.zone), now)
        for moment in due.moments(schedule, begin, now - patience)
    )


def look(deployment: Deployment, run: Run) -> tuple[Deadline, ...]:
    """Look at each deadline once, and tell the owner what is missing and nobody told yet; those with something missing.

    Raises:
        DeliveryError: the notice could not be sent; it is tried again by the next look.
        StoreError, AuditError: it could not be kept.
    """
    now = mailing.now()
    late = []
    for deadline in passed(deployment, now):
        if deadline.missing:
            late.append(deadline)
        if _judged(deployment, deadline.report_date):
            continue
        trail = Chain(deployment.records, day_chain(now.date()), clock=mailing.now, run=run, copy=deployment.audit_copy)
        finding = _tell(deployment, trail, deadline)
        log.log(logging.WARNING if deadline.missing else logging.INFO, "%s (%s)", deadline, finding)
        trail.append(
            Event(
                kind="delivery.deadline",
                report_date=deadline.report_date.isoformat(),
                outcome=finding,
                details=tuple(
                    (f"missing_{n}", f"{one.report_id}: {one.state}") for n, one in enumerate(deadline.missing, 1)
                ),
            )
        )
        if finding != "nobody to tell":
            _keep(deployment, deadline, finding, now)
    return tuple(late)


def _tell(deployment: Deployment, trail: Chain, deadline: Deadline) -> Finding:
    if not deadline.missing:
        return "complete"
    known = owner.told_before(deployment, deadline.report_date)
    if known >= {(one.report_id, one.recipient_id) for one in deadline.missing}:
        return "told by a run"
    told = notice.of_deadline(deadline.report_date, deadline.at, deadline.missing, expected=deadline.expected)
    return "told" if owner.tell(deployment, trail, told, deadline.missing) else "nobody to tell"


def _deadline(deployment: Deployment, at: datetime, report_date: date, now: datetime) -> Deadline:
    every = tuple(report.report for report in deployment.config.reports)
    plan = Plan("", report_date.isoformat(), every, send=True, why_not="", dated=False)
    found = summary.of(deployment, plan, {}, now)
    missing = tuple(one for one in owner.troubles(found) if one.state != "sent")
    return Deadline(report_date, at, sum(len(lane.deliveries) for lane in found.lanes), missing)


def _schedule(deployment: Deployment) -> Due:
    checked = deployment.settings
    names = ("executive_suite_schedule", "executive_suite_timezone", "executive_suite_aws")
    return due.schedule_of(
        deployment.config.schedule, {name.upper(): str(getattr(checked, name) or "") for name in names}
    )


def _since(deployment: Deployment, schedule: Due, now: datetime) -> datetime:
    """When this schedule was looked at for the first time."""
    name = hashlib.sha256(f"{schedule.cron}|{schedule.zone.key}".encode()).hexdigest()[:16]
    item = StoredObject(f"watch/since/{name}", canonical.instant(now).encode(), "text/plain")
    if deployment.records.create(item):
        return now
    return canonical.moment(deployment.records.get(item.key).body.decode())


def _judged(deployment: Deployment, report_date: date) -> bool:
    try:
        return bool(json.loads(deployment.records.get(_key(report_date)).body))
    except ObjectMissingError:
        return False


def _keep(deployment: Deployment, deadline: Deadline, finding: Finding, now: datetime) -> None:
    body = canonical.dumps(
        {
            "at": canonical.instant(now),
            "deadline": canonical.instant(deadline.at),
            "finding": finding,
            "missing": [[one.report_id, one.recipient_id, one.state] for one in deadline.missing],
        }
    )
    deployment.records.create(StoredObject(_key(deadline.report_date), body, "application/json"))


def _key(report_date: date) -> str:
    return f"watch/deadlines/{report_date.isoformat()}"
