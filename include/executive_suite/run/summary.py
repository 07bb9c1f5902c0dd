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
from executive_suite.stores.store import ObjectStore, StoredObject
from executive_suite.trail.chain import place_of, run_chain

MADE, NOT_MADE = "report.generated", "report.not_made"
"""Events of a lane that rendered its report, or found that it has nothing to tell."""


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
    """

    recipient_id: str
    delivery_id: str
    generation: int
    state: str
    message_id: str
    mail_key: str
    why: str = ""
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """The result of one report.

    Attributes:
        report: Its id.
        title: As readers know it.
        keys: Archive keys.
        deliveries: One per recipient; none of a report that was not made.
        trouble: The steps of the lane that did not succeed in this run, as ``step: state``.
        not_made: What the report needs, in a sentence, if it has nothing to tell and nothing of it was archived.
    """

    report: str
    title: str
    keys: tuple[str, ...]
    deliveries: tuple[MailStatus, ...]
    trouble: tuple[str, ...]
    not_made: str = ""


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
        closed_at: When it was summed up, ISO 8601 UTC.
    """

    run_id: str
    report_date: str
    send: bool
    why_not: str
    lanes: tuple[Lane, ...]
    anchor: str = ""
    closed_at: str = ""

    def shortfalls(self) -> tuple[str, ...]:
        """What was not made or not sent, one sentence per report; empty if all went well."""
        return tuple(text for lane in self.lanes if (text := _shortfall(lane, send=self.send)))

    def not_made(self) -> tuple[str, ...]:
        """What reports need that have nothing to tell, one sentence per report: nobody waits for them."""
        return tuple(lane.not_made for lane in self.lanes if lane.not_made)

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
    return Summary(plan.run_id, plan.report_date, plan.send, plan.why_not, lanes, closed_at=canonical.instant(now))


def keep(records: ObjectStore, summary: Summary) -> str:
    """Store a run's summary; returns its key. A cleared run replaces its own."""
    mark = hashlib.sha256(summary.run_id.encode()).hexdigest()[:16]
    where = f"runs/{summary.report_date}/{mark}/summary.json"
    records.put(StoredObject(where, summary.to_json(), "application/json"))
    return where


def kept(records: ObjectStore, report_date: date | None = None) -> Iterator[Summary]:
    """Every stored summary, by report date; or those of one date."""
    for where in records.keys(f"runs/{report_date.isoformat()}/" if report_date else "runs/"):
        if where.endswith("/summary.json"):
            yield Summary.from_json(records.get(where).body)


def left_out(found: Iterable[Summary]) -> dict[tuple[str, str], str]:
    """Report date and report id to what a report needs, where the last of some runs that had it did not make it."""
    last = {
        (one.report_date, lane.report): lane.not_made
        for one in sorted(found, key=lambda one: one.closed_at)
        for lane in one.lanes
    }
    return {key: needs for key, needs in last.items() if needs}


def begun(records: ObjectStore, report_date: date, file_name: str) -> bool:
    """Whether a report of a date was archived, or a person opened a revision of it: from then on it is made."""
    revision = editions.open_revision(records, report_date, file_name)
    return revision > 1 or editions.current_edition(records, report_date, file_name, revision) is not None


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
    own = f"audit/{run_chain(day, plan.run_id, report)}/"
    needs = "" if edition or revision > 1 else _needs(deployment.records, deployment.records.keys(own))
    if needs:
        return Lane(report, configured.title, (), (), trouble, needs)
    experiment = variants_plan.current(deployment.config_folder, deployment.config, report, day)
    deliveries = tuple(
        _mail_status(deployment.records, Slot(configured.entity, report, day, recipient_id, revision), now)
        for recipient_id in variants_plan.recipient_ids(configured, experiment)
    )
    if any(one.state == "none" for one in deliveries):
        stopped = stops(events(deployment.records, deployment.records.keys(own), "delivery.gate"))
        holds = {name: f"{event['data']['error_code']}: {event['data']['reason']}" for name, event in stopped.items()}
        waits = edition is not None and approval.waits(deployment.records, edition.content_digest)
        waiting = "waiting for approval: nobody has answered yet" if waits else ""
        # The outbox only knows that nothing was claimed.
        deliveries = tuple(
            replace(one, state="held", why=why)
            if one.state == "none" and (why := holds.get(one.delivery_id, waiting))
            else one
            for one in deliveries
        )
    return Lane(report, configured.title, keys, deliveries, trouble)


def _needs(records: ObjectStore, chain: Iterable[str]) -> str:
    """What the last rendering of a lane found its report to need; nothing if it made the report, or never ran."""
    found = [event["data"] for event in events(records, chain, MADE, NOT_MADE)]
    return str(found[-1]["reason"]) if found and found[-1]["outcome"] == "unmade" else ""


def events(records: ObjectStore, keys: Iterable[str], *kinds: str) -> Iterator[dict[str, Any]]:
    """The audit events of some kinds among those at some keys, in their order."""
    for where in filter(place_of, keys):  # `audit verify` names what else is there
        event: dict[str, Any] = json.loads(records.get(where).body)
        if event["type"].removeprefix("executive_suite.") in kinds:
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
    unsent = [one for one in lane.deliveries if one.state != "sent"] if send else []
    if not lane.trouble and not unsent and (lane.keys or lane.not_made):
        return ""
    mails = (f"{one.recipient_id}: {one.state}" + (f" ({one.why})" if one.why else "") for one in unsent)
    parts = [*lane.trouble, *mails]
    if not lane.keys and not lane.not_made:
        parts.append("not archived")
    return f"{lane.title} ({lane.report}): " + ", ".join(parts)
