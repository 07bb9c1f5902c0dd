"""Opened mails of the latest report dates, as SES's events tell: weak evidence, for the figures of a later date."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from executive_suite.config import Config
from executive_suite.facts.readership import Opens
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.outbox.state import Record
from executive_suite.stores.store import SIDE_BY_SIDE, ObjectStore

DATES = 3
"""Report dates that are looked at: each costs some requests for each of its mails."""


def of(records: ObjectStore, config: Config, report_date: date, until: datetime) -> tuple[Opens, ...]:
    """The opened mails of the report dates before one, by what was known ``until``; nothing if none was opened.

    A recipient who got a report twice counts once.
    """
    titles = {report.report: report.title for report in config.reports}
    outbox = Outbox(records)
    slots = [slot for slot in _latest(outbox, report_date) if slot.report in titles]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        known = list(zip(slots, pool.map(lambda slot: _known(outbox, slot, until), slots), strict=True))
    found = []
    for day, report in sorted({(slot.report_date, slot.report) for slot in slots}):
        own = [(slot, one) for slot, one in known if (slot.report_date, slot.report) == (day, report)]
        mailed = {slot.recipient_id for slot, (sent, _) in own if sent}
        opened = {slot.recipient_id for slot, (_, seen) in own if seen}
        if mailed:
            found.append(Opens(report, titles[report], day, len(opened), len(mailed)))
    order = list(titles)
    found.sort(key=lambda one: (one.report_date, order.index(one.report)))
    return tuple(found) if any(one.opened for one in found) else ()


def opened(record: Record) -> bool:
    """Whether SES ever said that a mail's pictures were loaded, in any of its generations."""
    return any(one.kind == "opened" for made in record.generations for one in made.evidence)


def _latest(outbox: Outbox, report_date: date) -> Iterator[Slot]:
    places = [(place, day) for place in outbox.reports() for day in outbox.dates(*place) if day < report_date]
    latest = sorted({day for _, day in places})[-DATES:]
    for (entity, report), day in places:
        if day in latest:
            yield from outbox.slots_of((entity,), report, day)


def _known(outbox: Outbox, slot: Slot, until: datetime) -> tuple[bool, bool]:
    """Whether the mail of a slot was sent, and whether it was opened, before a moment."""
    entry = outbox.entry(slot)
    record = outbox.read(entry.delivery_id) if entry else None
    if record is None:
        return False, False
    sent = any(made.accepted_at is not None and made.accepted_at < until for made in record.generations)
    proofs = (one for made in record.generations for one in made.evidence)
    return sent, sent and any(one.kind == "opened" and one.at < until for one in proofs)
