"""Watch: whether due reports were sent by their deadline, from the schedule and the outbox rather than any run.

A run reports its own trouble. The watch finds runs that never happened: the scheduler was down, the DAG was paused or
did not parse, a run got stuck. The schedule says what was due, and the outbox says what was sent.

| object (records bucket) | says |
|---|---|
| ``watch/since/<schedule>`` | since when this schedule is watched; earlier due dates are ignored |
| ``watch/deadlines/<report date>`` | the finding after the deadline: complete, told, told by a run |
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from executive_suite import canonical
from executive_suite.mailing import notice
from executive_suite.mailing.notice import Trouble
from executive_suite.run import clock, due, lane, owner, summary, telling
from executive_suite.run.deployment import Deployment
from executive_suite.run.due import Due
from executive_suite.run.plan import Plan
from executive_suite.stores.store import ObjectMissingError, StoredObject
from executive_suite.trail.chain import Chain, Event, Run

log = logging.getLogger(__name__)

Finding = Literal["complete", "told", "told by a run", "nobody to tell"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One passed deadline.

    Attributes:
        report_date: The report date due.
        at: The deadline, in the group's zone.
        expected: How many deliveries were due.
        missing: The deliveries not sent yet.
    """

    report_date: date
    at: datetime
    expected: int
    missing: tuple[Trouble, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values without any address."""
        missing = [{"report": m.report_id, "recipient_id": m.recipient_id, "state": m.state} for m in self.missing]
        at = self.at.isoformat(timespec="minutes")
        return {"report_date": str(self.report_date), "deadline": at, "expected": self.expected, "missing": missing}

    def __str__(self) -> str:
        sent = f"{self.expected - len(self.missing)} of {self.expected} sent"
        names = ", ".join(f"{one.report_id} to {one.recipient_id}: {one.state}" for one in self.missing)
        return f"{self.report_date}: deadline {self.at.isoformat(timespec='minutes')}: {sent}" + (
            f"; {names}" if names else ""
        )


def watched(deployment: Deployment) -> bool:
    """Whether there is a schedule with a deadline."""
    return bool(_schedule(deployment).cron) and deployment.config.limits.deadline_hours is not None


def passed(deployment: Deployment, now: datetime) -> tuple[Deadline, ...]:
    """Every passed deadline, oldest first, with the missing deliveries; none without a schedule or a deadline.

    Dates beyond the age limit are left out, and so are dates due before the first look at this schedule: a new
    deployment does not owe last month's reports.
    """
    if watched(deployment):
        _begin(deployment, now)
    return tuple(_deadline(deployment, at, day, now) for at, day in due_dates(deployment, now))


def due_dates(deployment: Deployment, now: datetime) -> Iterator[tuple[datetime, date]]:
    """Deadline and report date of everything due since the watch began, oldest first; none before it began."""
    limits, schedule, since = deployment.config.limits, _schedule(deployment), _since(deployment)
    if not schedule.cron or limits.deadline_hours is None or since is None:
        return
    patience = timedelta(hours=limits.deadline_hours)
    begin = max(since, now - timedelta(days=limits.age_limit_days))
    for moment in due.moments(schedule, begin, now - patience):
        yield moment + patience, due.report_date(None, moment, moment, schedule.zone)


def look(deployment: Deployment, run: Run) -> tuple[Deadline, ...]:
    """Check each deadline once and notify the owner of missing deliveries not reported yet; returns the missed ones.

    Raises:
        NotSentError: the notice could not be sent; the next check tries again.
        StoreError, TrailError: it could not be recorded.
    """
    now = clock.now()
    late = []
    for deadline in passed(deployment, now):
        if deadline.missing:
            late.append(deadline)
        if _judged(deployment, deadline.report_date):
            continue
        trail = lane.today(deployment, run)
        finding = _notify(deployment, trail, deadline)
        if finding in {"told", "nobody to tell"}:
            telling.of_deadline(deployment, deadline.report_date, len(deadline.missing), deadline.expected)
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


def _notify(deployment: Deployment, trail: Chain, deadline: Deadline) -> Finding:
    if not deadline.missing:
        return "complete"
    known = owner.named_before(deployment, deadline.report_date)
    if known >= {(one.report_id, one.recipient_id) for one in deadline.missing}:
        return "told by a run"
    document = notice.of_deadline(deadline.report_date, deadline.at, deadline.missing, expected=deadline.expected)
    return "told" if owner.notify(deployment, trail, document, deadline.missing) else "nobody to tell"


def _deadline(deployment: Deployment, at: datetime, report_date: date, now: datetime) -> Deadline:
    expected = due.reports_at(deployment.config, report_date)
    plan = Plan("", report_date.isoformat(), expected, send=True, why_not="", dated=False)
    found = summary.of(deployment, plan, {}, now)
    missing = tuple(one for one in owner.troubles(found) if one.state != "sent")
    return Deadline(report_date, at, sum(len(lane.deliveries) for lane in found.lanes), missing)


def _schedule(deployment: Deployment) -> Due:
    checked = deployment.settings
    names = ("executive_suite_schedule", "executive_suite_timezone", "executive_suite_aws")
    return due.schedule_of(
        deployment.config.schedule, {name.upper(): str(getattr(checked, name) or "") for name in names}
    )


def _begin(deployment: Deployment, now: datetime) -> None:
    """Record when this schedule was first checked."""
    body = canonical.instant(now).encode()
    deployment.records.create(StoredObject(_since_key(_schedule(deployment)), body, "text/plain"))


def _since(deployment: Deployment) -> datetime | None:
    """When this schedule was first checked; None if it never was."""
    try:
        return canonical.moment(deployment.records.get(_since_key(_schedule(deployment))).body.decode())
    except ObjectMissingError:
        return None


def _since_key(schedule: Due) -> str:
    return f"watch/since/{hashlib.sha256(f'{schedule.cron}|{schedule.zone.key}'.encode()).hexdigest()[:16]}"


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
