"""Everything that waits for a person or for time, over all periods: from the records, not from any run.

A mail is due if a run was to send it, if a worker ever began with it, if somebody was asked to approve it, or if its
deadline has passed. Whatever is due and not sent is outstanding. A run without send, or a backfill that is not armed,
owes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

from executive_suite import canonical
from executive_suite.archive import documents
from executive_suite.mailing import approval
from executive_suite.run import standing, summary, watch
from executive_suite.run.deployment import Deployment
from executive_suite.run.due import reports_at
from executive_suite.run.settled import Settled, settled
from executive_suite.run.standing import Due, Mail
from executive_suite.run.summary import Summary
from executive_suite.stores.store import SIDE_BY_SIDE


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A report of a date with its recipients, its entities (now and when it was sent) and its passed deadlines."""

    report: str
    report_date: date
    recipient_ids: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    deadlines: set[str] = field(default_factory=set)

    def due(self) -> Due:
        """What was gathered."""
        sets = frozenset(self.recipient_ids), frozenset(self.entities)
        return Due(self.report, self.report_date, *sets, max(self.deadlines, default=""))


def outstanding(
    deployment: Deployment, now: datetime, *, first: date | None = None, last: date | None = None
) -> tuple[Mail, ...]:
    """Everything that waits ``now``, in order of report date (from ``first`` to ``last``), report and recipient."""
    made = tuple(summary.kept(deployment.records))
    known = settled(deployment.records, made)
    every = _due(deployment, made, known, now)
    wanted = [
        every[key].due()
        for key in sorted(every)
        if (first or key[0]) <= key[0] <= (last or key[0]) and not _is_settled(deployment, every[key], known)
    ]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        found = pool.map(lambda due: standing.standing(deployment, due, now), wanted)
        return tuple(one for report in found for one in report.mails if one.state != "sent")


def _is_settled(deployment: Deployment, one: _Gathered, known: Settled) -> bool:
    """Whether every mail of a report that is still configured was certainly sent."""
    configured = deployment.config.find(one.report)
    return configured is not None and known.covers(one.report, configured.file_name, one.report_date, one.recipient_ids)


def _due(
    deployment: Deployment, runs: Iterable[Summary], known: Settled, now: datetime
) -> dict[tuple[date, str], _Gathered]:
    found: dict[tuple[date, str], _Gathered] = {}

    def due(report: str, day: date) -> _Gathered:
        return found.setdefault((day, report), _Gathered(report, day))

    records = deployment.records
    for made in runs:
        for lane in made.lanes if made.send else ():
            readers = {one.recipient_id for one in lane.deliveries}
            due(lane.report, date.fromisoformat(made.report_date)).recipient_ids.update(readers)
    for slot in known.listed.slots:
        one = due(slot.report, slot.report_date)
        one.recipient_ids.add(slot.recipient_id)
        one.entities.add(slot.entity)
    for digest in approval.unanswered(records):
        document = documents.load(records, digest)
        for ids in approval.asked(records, digest).values():
            due(document.report, document.report_date).recipient_ids.update(ids)
    for deadline, day in watch.due_dates(deployment, now):
        for report in reports_at(deployment.config, day):
            one = due(report, day)
            one.recipient_ids.update(standing.recipients(deployment, report, day))
            one.deadlines.add(canonical.instant(deadline))
    return found
