"""Notices to the owner about unsent reports: once per run, preflight and missed deadline; readers never get them.

| object (records bucket) | says |
|---|---|
| ``notices/<report date>/<notice>`` | which deliveries a notice named, when, and its SES id; none for a chat's |
"""

from __future__ import annotations

import json
import logging
from datetime import date

from executive_suite import canonical
from executive_suite.archive.documents import ArchiveError
from executive_suite.archive.publication import ContendedError
from executive_suite.document import Document
from executive_suite.mailing import notice
from executive_suite.mailing.errors import NotSentError
from executive_suite.mailing.notice import Trouble
from executive_suite.run import clock, services
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.run.summary import Summary
from executive_suite.stores.store import StoredObject, StoreError
from executive_suite.trail.chain import Chain, TrailError

log = logging.getLogger(__name__)

FAILURES = (NotSentError, StoreError, TrailError, ArchiveError, ContendedError)
"""How a notice may fail; its run must be closed and sealed all the same."""


def troubles(found: Summary) -> tuple[Trouble, ...]:
    """The shortfalls of a summary, one per recipient; what a person decided to hold is none."""
    return tuple(
        Trouble(
            lane.title, one.recipient_id, one.state, one.why or "; ".join(lane.trouble), one.delivery_id, lane.report
        )
        for lane in found.lanes
        for one in lane.deliveries
        if (one.state != "sent" and not one.held_by) or lane.trouble or not lane.keys
    )


def notify_of_run(deployment: Deployment, trail: Chain, found: Summary) -> None:
    """Send one mail per run; a failure is logged and stops nothing."""
    day, named = date.fromisoformat(found.report_date), troubles(found)
    _try_to_notify(deployment, trail, notice.of_run(day, found.run_id, named), named)


def notify_of_preflight(deployment: Deployment, trail: Chain, plan: Plan, faults: tuple[str, ...]) -> None:
    """Send one mail per run that stopped before it began; a failure, which what stopped it may cause, is logged."""
    document = notice.of_preflight(date.fromisoformat(plan.report_date), plan.run_id, faults)
    _try_to_notify(deployment, trail, document, ())


def _try_to_notify(deployment: Deployment, trail: Chain, document: Document, named: tuple[Trouble, ...]) -> None:
    try:
        notify(deployment, trail, document, named)
    except FAILURES as error:
        log.warning("the owner was not notified: %s", error)


def notify(deployment: Deployment, trail: Chain, document: Document, named: tuple[Trouble, ...]) -> bool:
    """Send a notice and record what it named; returns whether there is an owner.

    Raises:
        NotSentError: the notice was not sent.
        StoreError, TrailError, ArchiveError, ContendedError: it could not be recorded.
    """
    recipient_id = deployment.config.limits.owner
    if recipient_id is None:
        log.warning("nobody was notified: delivery.yaml names no owner")
        return False
    sent = notice.send(document, recipient_id, services.for_notices(deployment, trail))
    body = canonical.dumps(
        {
            "at": canonical.instant(clock.now()),
            "message_id": sent.message_id if sent else "",
            "named": sorted([one.report_id, one.recipient_id] for one in named),
        }
    )
    key = f"{_folder(document.report_date)}{document.file_name}"
    deployment.records.create(StoredObject(key, body, "application/json"))
    return True


def named_before(deployment: Deployment, report_date: date) -> frozenset[tuple[str, str]]:
    """Report id and recipient id of everything any notice named for a report date."""
    found: set[tuple[str, str]] = set()
    for key in deployment.records.keys(_folder(report_date)):
        record = json.loads(deployment.records.get(key).body)
        found |= {(report, recipient_id) for report, recipient_id in record["named"]}
    return frozenset(found)


def _folder(report_date: date) -> str:
    return f"notices/{report_date.isoformat()}/"
