"""What came of a run: for each report where it is archived and how each of its deliveries stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Self

from executive_suite import canonical
from executive_suite.archive import publication
from executive_suite.mailing import approval, variants_plan
from executive_suite.outbox.book import Ledger, Slot
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject
from executive_suite.trail.chain import run_chain


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one delivery stands, in the ledger's words, or ``held`` when a gate of this run stopped it.

    Attributes:
        recipient_id: Whom it is for.
        delivery_id: The delivery; empty when it was never tried.
        generation: The open one; 0 when it was never tried.
        state: How it stands.
        message_id: SES's, when it was accepted.
        mail_key: The mail's bytes in the records bucket.
        why: Which gate stopped it, and why.
    """

    recipient_id: str
    delivery_id: str
    generation: int
    state: str
    message_id: str
    mail_key: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """What came of one report.

    Attributes:
        report: Its id.
        title: As readers know it.
        keys: Archive keys.
        deliveries: One a recipient.
        trouble: The steps of the lane that did not succeed in this run, as ``step: state``.
    """

    report: str
    title: str
    keys: tuple[str, ...]
    deliveries: tuple[Delivered, ...]
    trouble: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run.

    Attributes:
        run_id: The scheduler's name of it.
        report_date: ISO date.
        send: Whether its reports were to be mailed.
        why_not: Why not, when they were not.
        lanes: One a report.
        anchor: Number and hash of the audit trail's closing manifest; whoever keeps it can tell a rewrite later.
    """

    run_id: str
    report_date: str
    send: bool
    why_not: str
    lanes: tuple[Lane, ...]
    anchor: str = ""

    def shortfalls(self) -> tuple[str, ...]:
        """What did not go out, one sentence a report; empty when everything did that was to."""
        return tuple(text for lane in self.lanes if (text := _shortfall(lane, send=self.send)))

    def to_json(self) -> bytes:
        """Canonical JSON."""
        return canonical.dumps(asdict(self))

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """The summary that ``to_json`` wrote."""
        record = json.loads(body)
        lanes = tuple(
            Lane(
                lane["report"],
                lane["title"],
                tuple(lane["keys"]),
                tuple(Delivered(**one) for one in lane["deliveries"]),
                tuple(lane["trouble"]),
            )
            for lane in record["lanes"]
        )
        return cls(record["run_id"], record["report_date"], record["send"], record["why_not"], lanes, record["anchor"])


def of(deployment: Deployment, plan: Plan, trouble: Mapping[str, tuple[str, ...]], now: datetime) -> Summary:
    """The summary of a run, from what archive and ledger hold now.

    Args:
        deployment: Where.
        plan: What the run was to do.
        trouble: Report id to the steps of its lane that did not succeed.
        now: Tells a running lease from one that is over.
    """
    lanes = tuple(_lane(deployment, plan, report, trouble.get(report, ()), now) for report in plan.reports)
    return Summary(plan.run_id, plan.report_date, plan.send, plan.why_not, lanes)


def keep(records: ObjectStore, summary: Summary) -> str:
    """Write a run's summary; its key. A run that is cleared and runs again replaces its own."""
    where = key(summary.report_date, summary.run_id)
    records.put(StoredObject(where, summary.to_json(), "application/json"))
    return where


def key(report_date: str, run_id: str) -> str:
    """Where a run's summary stands."""
    return f"runs/{report_date}/{hashlib.sha256(run_id.encode()).hexdigest()[:16]}/summary.json"


def _lane(deployment: Deployment, plan: Plan, report: str, trouble: tuple[str, ...], now: datetime) -> Lane:
    configured = deployment.config.report(report)
    day = date.fromisoformat(plan.report_date)
    revision = publication.open_revision(deployment.records, day, configured.file_name)
    edition = publication.current_edition(deployment.records, day, configured.file_name, revision)
    keys = (
        tuple(f"{plan.report_date}/{configured.file_name}.{extension}" for extension in edition.files)
        if edition
        else ()
    )
    experiment = variants_plan.current(deployment.include / "config", deployment.config, report, day)
    deliveries = tuple(
        _delivered(deployment, Slot(configured.entity, report, day, recipient_id, revision), now)
        for recipient_id in variants_plan.recipient_ids(configured, experiment)
    )
    if any(one.state == "none" for one in deliveries):
        stopped = _stopped(deployment.records, run_chain(day, plan.run_id, report))
        waits = edition is not None and approval.waits(deployment.records, edition.content_digest)
        waiting = "waiting for approval: nobody has answered yet" if waits else ""
        deliveries = tuple(_held(one, stopped.get(one.delivery_id, waiting)) for one in deliveries)
    return Lane(report, configured.title, keys, deliveries, trouble)


def _held(one: Delivered, why: str) -> Delivered:
    """The same, with what holds it; the ledger knows only that nothing was claimed."""
    return replace(one, state="held", why=why) if one.state == "none" and why else one


def _stopped(records: ObjectStore, chain: str) -> dict[str, str]:
    """Delivery id to why a gate stopped it, from a lane's audit chain; not those that passed afterwards."""
    found: dict[str, str] = {}
    for where in records.keys(f"audit/{chain}/"):
        event = json.loads(records.get(where).body)
        if event["type"] == "executive_suite.delivery.gate":
            data = event["data"]
            found.pop(data["delivery_id"], None)
            if data["outcome"] == "stopped":
                found[data["delivery_id"]] = f"{data['error_code']}: {data['reason']}"
    return found


def _delivered(deployment: Deployment, slot: Slot, now: datetime) -> Delivered:
    try:
        bound = json.loads(deployment.records.get(slot.key).body)
    except ObjectMissingError:
        return Delivered(slot.recipient_id, "", 0, "none", "", "")
    latest = Ledger(deployment.records).read(bound["delivery_id"]).latest
    mail = latest.claims[-1].mail_key if latest.claims else ""
    return Delivered(slot.recipient_id, bound["delivery_id"], latest.number, latest.state(now), latest.message_id, mail)


def _shortfall(lane: Lane, *, send: bool) -> str:
    unsent = [one for one in lane.deliveries if one.state != "sent"] if send else []
    if not lane.trouble and not unsent and lane.keys:
        return ""
    told = (f"{one.recipient_id}: {one.state}" + (f" ({one.why})" if one.why else "") for one in unsent)
    parts = [*lane.trouble, *told]
    if not lane.keys:
        parts.append("not archived")
    return f"{lane.title} ({lane.report}): " + ", ".join(parts)
