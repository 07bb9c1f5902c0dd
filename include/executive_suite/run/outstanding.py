"""Everything that waits for a person or for time, over all periods: from the records, not from any run.

A mail is due if a run was to send it, if a worker ever began with it, if somebody was asked to approve it, or if its
deadline has passed. Whatever is due and not sent is outstanding. A run without send, or a backfill that is not armed,
owes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from executive_suite import canonical
from executive_suite.archive import documents, editions
from executive_suite.archive.editions import Edition
from executive_suite.config import ConfigError
from executive_suite.mailing import approval, variants_plan
from executive_suite.mailing.notice import NEXT_STEPS
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.outbox.state import Generation
from executive_suite.run import summary, watch
from executive_suite.run.deployment import Deployment
from executive_suite.stores.store import SIDE_BY_SIDE, ObjectStore

State = Literal["held", "failed", "uncertain", "not sent", "not approved"]
APPROVALS = frozenset({"not-approved", "approval-mismatch", "rejected"})
"""Gates that wait for a person's approval."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mail that waits.

    Attributes:
        report_date: ISO date.
        report: Report id.
        recipient_id: The recipient; never an address.
        state: held, failed, uncertain, not sent or not approved.
        cause: The state in the outbox, or the gate that stopped it: a row of ``docs/runbook.md``.
        text: What happened.
        since: When, ISO 8601 UTC; empty if unknown.
        next_step: What to do.
        delivery_id: The delivery; empty if it was never tried.
    """

    report_date: str
    report: str
    recipient_id: str
    state: State = "not sent"
    cause: str = "none"
    text: str = ""
    since: str = ""
    next_step: str = NEXT_STEPS["none"]
    delivery_id: str = ""


@dataclass(frozen=True, slots=True)
class _Due:
    """A report of a date with its recipients, its entities (now and when it was sent) and its passed deadlines."""

    report: str
    report_date: date
    recipient_ids: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    deadlines: set[str] = field(default_factory=set)


def outstanding(
    deployment: Deployment, now: datetime, *, first: date | None = None, last: date | None = None
) -> tuple[Waiting, ...]:
    """Everything that waits ``now``, in order of report date (from ``first`` to ``last``), report and recipient."""
    every = _due(deployment, now)
    wanted = [every[key] for key in sorted(every) if (first or key[0]) <= key[0] <= (last or key[0])]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return tuple(one for found in pool.map(lambda due: [*_waiting(deployment, due, now)], wanted) for one in found)


def _due(deployment: Deployment, now: datetime) -> dict[tuple[date, str], _Due]:
    found: dict[tuple[date, str], _Due] = {}

    def due(report: str, day: date) -> _Due:
        return found.setdefault((day, report), _Due(report, day))

    records = deployment.records
    for made in summary.kept(records):
        for lane in made.lanes if made.send else ():
            readers = {one.recipient_id for one in lane.deliveries}
            due(lane.report, date.fromisoformat(made.report_date)).recipient_ids.update(readers)
    for slot in Outbox(records).slots():
        one = due(slot.report, slot.report_date)
        one.recipient_ids.add(slot.recipient_id)
        one.entities.add(slot.entity)
    for digest in approval.unanswered(records):
        document = documents.load(records, digest)
        for ids in approval.asked(records, digest).values():
            due(document.report, document.report_date).recipient_ids.update(ids)
    for deadline, day in watch.due_dates(deployment, now):
        for report in deployment.config.reports:
            one = due(report.report, day)
            one.recipient_ids.update(_recipient_ids(deployment, report.report, day))
            one.deadlines.add(canonical.instant(deadline))
    return found


def _recipient_ids(deployment: Deployment, report: str, day: date) -> tuple[str, ...]:
    """Who gets a report by today's configuration; nobody if it is no longer configured."""
    try:
        configured = deployment.config.report(report)
    except ConfigError:
        return ()
    experiment = variants_plan.current(deployment.config_folder, deployment.config, report, day)
    return variants_plan.recipient_ids(configured, experiment)


def _waiting(deployment: Deployment, due: _Due, now: datetime) -> Iterator[Waiting]:
    records, day = deployment.records, due.report_date
    current = _recipient_ids(deployment, due.report, day)
    edition, revision = None, 1
    if current:
        configured = deployment.config.report(due.report)
        due.entities.add(configured.entity)
        revision = editions.open_revision(records, day, configured.file_name)
        edition = editions.current_edition(records, day, configured.file_name, revision)
    stops: dict[str, dict[str, Any]] | None = None
    outbox = Outbox(records)
    for recipient_id in sorted(due.recipient_ids):
        slots = (Slot(entity, due.report, day, recipient_id, revision) for entity in sorted(due.entities))
        entry = next((found for slot in slots if (found := outbox.entry(slot)) is not None), None)
        generation = outbox.read(entry.delivery_id).latest if entry else Generation(1)
        state = generation.state(now)
        # Whoever no longer gets the report is owed nothing; what may have been sent still has to be settled.
        if state == "sent" or (recipient_id not in current and state not in {"claimed", "uncertain"}):
            continue
        if state == "none" and stops is None:
            gates = sorted(_events(records, day, due.report, "delivery.gate"), key=lambda event: str(event["time"]))
            stops = summary.stops(gates)
        delivery_id = entry.delivery_id if entry else ""
        one = Waiting(day.isoformat(), due.report, recipient_id, delivery_id=delivery_id)
        if state != "none":
            yield _tried(one, generation, state)
        elif stops and delivery_id in stops:
            yield _stopped(one, stops[delivery_id])
        else:
            yield _untried(one, records, due, generation, edition)


def _tried(one: Waiting, generation: Generation, state: str) -> Waiting:
    """A mail whose send began and did not end well."""
    since, next_step = canonical.instant(generation.claims[-1].at), NEXT_STEPS[state]
    if state == "claimed":
        return replace(one, cause=state, text="a worker is sending it", since=since, next_step=next_step)
    answer = generation.answers[-1] if generation.answers else None
    text = f"{answer.code}: {answer.detail}" if answer and answer.code else "SES may have accepted it"
    ending: State = "uncertain" if state == "uncertain" else "failed"
    return replace(one, state=ending, cause=state, text=text, since=since, next_step=next_step)


def _stopped(one: Waiting, event: dict[str, Any]) -> Waiting:
    """A mail that a gate stopped."""
    data, at = event["data"], event["time"]
    code, step = data["error_code"], data["details"].get("next_step") or NEXT_STEPS["held"]
    state: State = "not approved" if code in APPROVALS else "held"
    return replace(one, state=state, cause=code, text=data["reason"], since=at, next_step=step)


def _untried(one: Waiting, records: ObjectStore, due: _Due, generation: Generation, edition: Edition | None) -> Waiting:
    """A mail that nothing stopped and no worker claimed."""
    opening = generation.opening
    if opening is not None:
        text = f"{opening.actor} opened generation {generation.number}: {opening.reason}"
        return replace(one, text=text, since=canonical.instant(opening.at), next_step="clear the send task")
    if edition is None:
        closed = (str(event["time"]) for event in _events(records, due.report_date, "run", "run.closed"))
        since, step = max(due.deadlines, default="") or max(closed, default=""), NEXT_STEPS["not archived"]
        text = "nothing is archived"
        return replace(one, state="failed", cause="not archived", text=text, since=since, next_step=step)
    if approval.waits(records, edition.content_digest):
        text, step = "nobody has answered yet", "approve the report in the run's approval task"
        since = edition.generated_at
        return replace(one, state="not approved", cause="not-approved", text=text, since=since, next_step=step)
    return replace(one, text="archived and not sent", since=edition.generated_at)


def _events(records: ObjectStore, day: date, lane: str, kind: str) -> Iterator[dict[str, Any]]:
    """The events of a kind in one lane of every run of a date."""
    keys = (key for key in records.keys(f"audit/runs/{day.isoformat()}/") if key.split("/")[4] == lane)
    return summary.events(records, keys, kind)
