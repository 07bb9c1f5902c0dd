"""The summary of a run: for each report where it is archived, and the state of each of its mails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from pydantic import TypeAdapter

from executive_suite import canonical
from executive_suite.archive import editions
from executive_suite.mailing import approval, variants_plan
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.stores.store import ObjectStore, StoredObject, read_all
from executive_suite.trail.chain import place_of, run_chain


@dataclass(frozen=True, slots=True)
class MailStatus:
    """The state of one delivery, as the outbox names it, or ``held`` if a gate of the run stopped it.

    Attributes:
        recipient_id: The recipient.
        delivery_id: The delivery; empty if it was never tried.
        generation: The open one; 0 if it was never tried.
        state: The state.
        message_id: SES's, if accepted.
        mail_key: The mail's bytes in the records bucket.
        why: Which gate stopped it, and why.
        revision: Of the report.
        held_by: The person who decided to hold it; empty if nobody did.
    """

    recipient_id: str
    delivery_id: str
    generation: int
    state: str
    message_id: str
    mail_key: str
    why: str = ""
    revision: int = 1
    held_by: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The result of one report.

    Attributes:
        report: Its id.
        title: As readers know it.
        keys: Archive keys.
        deliveries: One per recipient.
        trouble: The steps of the lane that did not succeed in this run, as ``step: state``.
    """

    report: str
    title: str
    keys: tuple[str, ...]
    deliveries: tuple[MailStatus, ...]
    trouble: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The result of a run.

    Attributes:
        run_id: Airflow's id of the run.
        report_date: ISO date.
        send: Whether its reports were to be mailed.
        why_not: Why not, if they were not.
        lanes: One per report.
        anchor: Number and hash of the audit trail's closing manifest, by which a later rewrite is detected.
    """

    run_id: str
    report_date: str
    send: bool
    why_not: str
    lanes: tuple[Lane, ...]
    anchor: str = ""

    def shortfalls(self) -> tuple[str, ...]:
        """What was not made or not sent, one sentence per report; empty if all went well.

        What a person decided to hold is no shortfall.
        """
        return tuple(text for lane in self.lanes if (text := _shortfall(lane, send=self.send)))

    def holds(self) -> tuple[str, ...]:
        """What a person decided to hold, one sentence per mail."""
        return tuple(
            f"{lane.title} ({lane.report}): {one.recipient_id}: held by {one.held_by}"
            for lane in self.lanes
            for one in lane.deliveries
            if one.held_by and self.send
        )

    def outcome(self) -> str:
        """The result in a few words: ``7 of 8 reports sent, 1 held by admin``."""
        count = len(self.lanes)
        if not self.send:
            made = sum(bool(lane.keys) for lane in self.lanes)
            return f"{made} of {count} reports archived, none mailed: {self.why_not}"
        sent = sum(all(one.state == "sent" for one in lane.deliveries) and bool(lane.keys) for lane in self.lanes)
        holders = {lane.report: one.held_by for lane in self.lanes for one in lane.deliveries if one.held_by}
        people = ", ".join(sorted(set(holders.values())))
        missing = len(self.shortfalls())
        parts = [f"{sent} of {count} reports sent"]
        parts += [f"{len(holders)} held by {people}"] if holders else []
        parts += [f"{missing} incomplete"] if missing else []
        return ", ".join(parts)

    def to_json(self) -> bytes:
        """Canonical JSON."""
        return canonical.dumps(asdict(self))

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """The summary that ``to_json`` wrote."""
        return TypeAdapter(cls).validate_json(body)


def of(deployment: Deployment, plan: Plan, trouble: Mapping[str, tuple[str, ...]], now: datetime) -> Summary:
    """The summary of a run, from archive and outbox as they are ``now``, when some leases have expired.

    ``trouble`` maps report ids to the steps of the lane that did not succeed.
    """
    lanes = tuple(_lane(deployment, plan, report, trouble.get(report, ()), now) for report in plan.reports)
    return Summary(plan.run_id, plan.report_date, plan.send, plan.why_not, lanes)


def keep(records: ObjectStore, summary: Summary) -> str:
    """Store a run's summary; returns its key. A cleared run replaces its own."""
    mark = hashlib.sha256(summary.run_id.encode()).hexdigest()[:16]
    where = f"runs/{summary.report_date}/{mark}/summary.json"
    records.put(StoredObject(where, summary.to_json(), "application/json"))
    return where


def kept(records: ObjectStore) -> Iterator[Summary]:
    """Every stored summary, by report date."""
    return _below(records, "runs/")


def of_date(records: ObjectStore, report_date: date) -> tuple[Summary, ...]:
    """The summaries of the runs of a report date."""
    return tuple(_below(records, f"runs/{report_date.isoformat()}/"))


def _below(records: ObjectStore, prefix: str) -> Iterator[Summary]:
    found = (where for where in records.keys(prefix) if where.endswith("/summary.json"))
    for item in read_all(records, found):
        yield Summary.from_json(item.body)


def _lane(deployment: Deployment, plan: Plan, report: str, trouble: tuple[str, ...], now: datetime) -> Lane:
    configured = deployment.config.report(report)
    day = date.fromisoformat(plan.report_date)
    revision = editions.open_revision(deployment.records, day, configured.file_name)
    edition = editions.current_edition(deployment.records, day, configured.file_name, revision)
    keys = (
        tuple(f"{plan.report_date}/{configured.file_name}.{extension}" for extension in edition.files)
        if edition
        else ()
    )
    experiment = variants_plan.current(deployment.config_folder, deployment.config, report, day)
    deliveries = tuple(
        _mail_status(deployment.records, Slot(configured.entity, report, day, recipient_id, revision), now)
        for recipient_id in variants_plan.recipient_ids(configured, experiment)
    )
    if any(one.state == "none" for one in deliveries):
        chain = deployment.records.keys(f"audit/{run_chain(day, plan.run_id, report)}/")
        stopped = stops(events(deployment.records, chain, "delivery.gate"))
        holds = {name: f"{event['data']['error_code']}: {event['data']['reason']}" for name, event in stopped.items()}
        verdict = approval.latest(deployment.records, edition.content_digest) if edition else None
        person = verdict.actor if verdict and verdict.answer == "rejected" else ""
        waits = edition is not None and approval.waits(deployment.records, edition.content_digest)
        waiting = f"{approval.HELD}: held by {person}" if person else ""
        waiting = "waiting for approval: nobody has answered yet" if waits else waiting
        # The outbox only knows that nothing was claimed.
        deliveries = tuple(
            replace(one, state="held", why=why, held_by=person)
            if one.state == "none" and (why := holds.get(one.delivery_id, waiting))
            else one
            for one in deliveries
        )
    return Lane(report, configured.title, keys, deliveries, trouble)


def events(records: ObjectStore, keys: Iterable[str], *kinds: str) -> Iterator[dict[str, Any]]:
    """The audit events at some keys, in their order: those of some kinds, or all."""
    wanted = {f"executive_suite.{kind}" for kind in kinds}
    for item in read_all(records, filter(place_of, keys)):  # `audit verify` names what else is there
        event: dict[str, Any] = json.loads(item.body)
        if not wanted or event["type"] in wanted:
            yield event


def stops(gates: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Delivery id to the event of the gate that stopped it, unless it passed later; from events in order."""
    latest = {event["data"]["delivery_id"]: event for event in gates}
    return {name: event for name, event in latest.items() if event["data"]["outcome"] == "stopped"}


def _mail_status(records: ObjectStore, slot: Slot, now: datetime) -> MailStatus:
    outbox = Outbox(records)
    entry = outbox.entry(slot)
    if entry is None:
        return MailStatus(slot.recipient_id, "", 0, "none", "", "", revision=slot.revision)
    latest = outbox.read(entry.delivery_id).latest
    mail = latest.claims[-1].mail_key if latest.claims else ""
    return MailStatus(
        slot.recipient_id,
        entry.delivery_id,
        latest.number,
        latest.state(now),
        latest.message_id,
        mail,
        revision=slot.revision,
    )


def _shortfall(lane: Lane, *, send: bool) -> str:
    unsent = [one for one in lane.deliveries if one.state != "sent" and not one.held_by] if send else []
    if not lane.trouble and not unsent and lane.keys:
        return ""
    mails = (f"{one.recipient_id}: {one.state}" + (f" ({one.why})" if one.why else "") for one in unsent)
    parts = [*lane.trouble, *mails]
    if not lane.keys:
        parts.append("not archived")
    return f"{lane.title} ({lane.report}): " + ", ".join(parts)
