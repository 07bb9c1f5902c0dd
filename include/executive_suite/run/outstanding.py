"""Everything that waits for a person or for time, over all periods: seen from the records, not from any run.

A mail is due if a run was to send it, if a worker ever began with it, if somebody was asked to approve it, or if its
deadline has passed. Whatever is due and not sent is outstanding. A run without send, or a backfill that is not armed,
owes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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
    state: State
    cause: str
    text: str
    since: str
    next_step: str
    delivery_id: str = ""


@dataclass(frozen=True, slots=True)
class _Due:
    """One report of a date with the slots that are due.

    Attributes:
        report: Report id.
        report_date: Its date.
        recipient_ids: The recipients.
        entities: The report's entity, now and when it was sent.
        since: Passed deadlines; empty if it was not due by the schedule.
    """

    report: str
    report_date: date
    recipient_ids: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    since: set[str] = field(default_factory=set)


def outstanding(
    deployment: Deployment, now: datetime, *, first: date | None = None, last: date | None = None
) -> tuple[Waiting, ...]:
    """Everything that waits, by report date, report and recipient.

    Args:
        deployment: The deployment.
        now: Tells a running lease from an expired one, and a passed deadline from one to come.
        first: Only report dates from here.
        last: Only report dates up to here.
    """
    wanted = [
        due
        for (day, _), due in sorted(_due(deployment, now).items())
        if (first is None or day >= first) and (last is None or day <= last)
    ]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        found = pool.map(lambda due: tuple(_waiting(deployment, due, now)), wanted)
        return tuple(one for part in found for one in part)


def _due(deployment: Deployment, now: datetime) -> dict[tuple[date, str], _Due]:
    """Report and date to the slots that are due."""
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
            one.since.add(canonical.instant(deadline))
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
    current = _recipient_ids(deployment, due.report, due.report_date)
    edition, revision = None, 1
    if current:
        configured = deployment.config.report(due.report)
        due.entities.add(configured.entity)
        revision = editions.open_revision(deployment.records, due.report_date, configured.file_name)
        edition = editions.current_edition(deployment.records, due.report_date, configured.file_name, revision)
    stops: dict[str, _Why] | None = None
    outbox = Outbox(deployment.records)
    for recipient_id in sorted(due.recipient_ids):
        slots = (Slot(entity, due.report, due.report_date, recipient_id, revision) for entity in sorted(due.entities))
        entry = next((one for slot in slots if (one := outbox.entry(slot)) is not None), None)
        generation = outbox.read(entry.delivery_id).latest if entry else Generation(1)
        state = generation.state(now)
        # Whoever no longer gets the report is owed nothing; what may have been sent still has to be settled.
        if state == "sent" or (recipient_id not in current and state not in {"claimed", "uncertain"}):
            continue
        if state == "none" and stops is None:
            stops = _stops(deployment.records, due)
        stopped = (stops or {}).get(entry.delivery_id) if entry and state == "none" else None
        why = stopped or _explained(deployment.records, due, generation, state, edition)
        yield Waiting(
            due.report_date.isoformat(),
            due.report,
            recipient_id,
            why.state,
            why.cause,
            why.text,
            why.since,
            why.next_step,
            entry.delivery_id if entry else "",
        )


@dataclass(frozen=True, slots=True)
class _Why:
    """Why one mail waits."""

    state: State
    cause: str
    text: str
    since: str
    next_step: str


def _explained(records: ObjectStore, due: _Due, generation: Generation, state: str, edition: Edition | None) -> _Why:
    """Why a mail waits that no gate stopped, from the outbox and the archive."""
    last = generation.answers[-1] if generation.answers else None
    if state == "none" and generation.opening is not None:
        text = f"{generation.opening.actor} opened generation {generation.number}: {generation.opening.reason}"
        return _Why("not sent", state, text, canonical.instant(generation.opening.at), "clear the send task")
    if state == "none" and edition is None:
        since = max(due.since, default="") or _closed(records, due.report_date)
        return _Why("failed", "not archived", "nothing is archived", since, NEXT_STEPS["not archived"])
    if state == "none" and edition is not None:
        if approval.waits(records, edition.content_digest):
            step = "approve the report in the run's approval task"
            return _Why("not approved", "not-approved", "nobody has answered yet", edition.generated_at, step)
        return _Why("not sent", state, "archived and not sent", edition.generated_at, NEXT_STEPS["none"])
    since = canonical.instant(generation.claims[-1].at)
    if state in {"refused", "retryable"} and last is not None:
        return _Why("failed", state, f"{last.code}: {last.detail}", canonical.instant(last.at), NEXT_STEPS[state])
    text = "a worker is sending" if state == "claimed" else "SES may have accepted it"
    return _Why("uncertain" if state == "uncertain" else "not sent", state, text, since, NEXT_STEPS[state])


def _stops(records: ObjectStore, due: _Due) -> dict[str, _Why]:
    """Delivery id to the gate that stopped it, in any run, unless it passed later."""
    latest: dict[str, dict[str, Any]] = {}
    for event in _events(records, due.report_date, due.report, "delivery.gate"):
        name = event["data"]["delivery_id"]
        if name not in latest or latest[name]["time"] <= event["time"]:
            latest[name] = event
    return {name: _stop(event) for name, event in latest.items() if event["data"]["outcome"] == "stopped"}


def _stop(event: dict[str, Any]) -> _Why:
    data = event["data"]
    code, step = data["error_code"], data["details"].get("next_step") or NEXT_STEPS["held"]
    return _Why("not approved" if code in APPROVALS else "held", code, data["reason"], event["time"], step)


def _closed(records: ObjectStore, day: date) -> str:
    """When the last run of a date closed; empty if none did."""
    return max((str(event["time"]) for event in _events(records, day, "run", "run.closed")), default="")


def _events(records: ObjectStore, day: date, lane: str, kind: str) -> Iterator[dict[str, Any]]:
    """The events of a kind in one lane of every run of a date."""
    for key in records.keys(f"audit/runs/{day.isoformat()}/"):
        if key.split("/")[4] == lane:
            event: dict[str, Any] = json.loads(records.get(key).body)
            if event["type"] == f"executive_suite.{kind}":
                yield event
