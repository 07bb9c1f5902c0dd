"""The owner is told what did not go out: once a run, and once when a deadline passed; never the readers.

| object (records bucket) | says |
|---|---|
| ``notices/<report date>/<notice>`` | which deliveries a notice named, when, and SES's id of it |
"""

from __future__ import annotations

import json
import logging
from datetime import date

from executive_suite import canonical
from executive_suite.archive.publication import ArchiveError, ContendedError
from executive_suite.document import Document
from executive_suite.mailing import notice
from executive_suite.mailing.errors import DeliveryError
from executive_suite.mailing.notice import Trouble
from executive_suite.run import mailing
from executive_suite.run.deployment import Deployment
from executive_suite.run.summary import Summary
from executive_suite.stores.store import StoredObject, StoreError
from executive_suite.trail.chain import AuditError, Chain

log = logging.getLogger(__name__)

FAILURES = (DeliveryError, StoreError, AuditError, ArchiveError, ContendedError)
"""How telling may fail; the run that it is about must be closed and sealed all the same."""


def troubles(found: Summary) -> tuple[Trouble, ...]:
    """What a summary says did not go out, a recipient each."""
    return tuple(
        Trouble(
            lane.title, one.recipient_id, one.state, one.why or "; ".join(lane.trouble), one.delivery_id, lane.report
        )
        for lane in found.lanes
        for one in lane.deliveries
        if one.state != "sent" or lane.trouble or not lane.keys
    )


def tell_of_run(deployment: Deployment, trail: Chain, found: Summary) -> None:
    """One mail, once a run; that it could not be sent is in the log, and holds nothing up."""
    day = date.fromisoformat(found.report_date)
    try:
        named = troubles(found)
        tell(deployment, trail, notice.of_run(day, found.run_id, named), named)
    except FAILURES as error:
        log.warning("the owner was not told: %s", error)


def tell(deployment: Deployment, trail: Chain, told: Document, named: tuple[Trouble, ...]) -> bool:
    """Send a notice and keep what it named; whether there is an owner to tell.

    Raises:
        DeliveryError: as every delivery; the notice is then what did not go out.
        StoreError, AuditError, ArchiveError, ContendedError: it could not be kept.
    """
    recipient_id = deployment.config.delivery.owner
    if recipient_id is None:
        log.warning("nobody was told: delivery.yaml names no owner")
        return False
    sent = notice.send(told, recipient_id, mailing.for_notices(deployment, trail))
    body = canonical.dumps(
        {
            "at": canonical.instant(mailing.now()),
            "message_id": sent.message_id if sent else "",
            "named": sorted([one.report_id, one.recipient_id] for one in named),
        }
    )
    key = f"{_folder(told.report_date)}{told.file_name}"
    deployment.records.create(StoredObject(key, body, "application/json"))
    return True


def told_before(deployment: Deployment, report_date: date) -> frozenset[tuple[str, str]]:
    """Report id and recipient id of what the owner was told of a report date by any notice."""
    found: set[tuple[str, str]] = set()
    for key in deployment.records.keys(_folder(report_date)):
        record = json.loads(deployment.records.get(key).body)
        found |= {(report, recipient_id) for report, recipient_id in record["named"]}
    return frozenset(found)


def _folder(report_date: date) -> str:
    return f"notices/{report_date.isoformat()}/"
