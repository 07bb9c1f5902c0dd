"""Mails that were sent for certain, told from a few listings: whoever looks for what waits need not read each of them.

A run's summary says which mails were sent, and an acceptance is never taken back. So a mail is settled if a summary
says that it was sent, the outbox still holds an answer or evidence in that generation, nobody has opened a later
generation, and its revision is still the open one. Any other mail is read in full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from executive_suite.archive import editions
from executive_suite.outbox.outbox import Listed, Outbox, Slot
from executive_suite.run.summary import Summary
from executive_suite.stores.store import ObjectStore


@dataclass(frozen=True, slots=True)
class Settled:
    """What listings and summaries tell.

    Attributes:
        listed: The keys of the outbox.
        revisions: Report date and file name to the open revision, if it is not the first.
        slots: Report, date and recipient to their slots, of every revision and entity.
        sent: Report, date, recipient and revision to the delivery id and the generation that was sent.
    """

    listed: Listed
    revisions: Mapping[tuple[date, str], int]
    slots: Mapping[tuple[str, date, str], tuple[Slot, ...]]
    sent: Mapping[tuple[str, date, str, int], tuple[str, int]]

    def covers(self, report: str, file_name: str, day: date, recipient_ids: Iterable[str]) -> bool:
        """Whether each of these recipients was certainly sent the report of a date in its open revision."""
        revision = self.revisions.get((day, file_name), 1)
        return all(self._sent(report, day, recipient_id, revision) for recipient_id in recipient_ids)

    def _sent(self, report: str, day: date, recipient_id: str, revision: int) -> bool:
        own = [slot for slot in self.slots.get((report, day, recipient_id), ()) if slot.revision == revision]
        if len(own) != 1:  # a report that changed its entity may have two
            return False
        delivery_id, generation = self.sent.get((report, day, recipient_id, revision), ("", 0))
        return self.listed.latest.get(delivery_id) == generation and (delivery_id, generation) in self.listed.proven


def settled(records: ObjectStore, made: Iterable[Summary]) -> Settled:
    """What is settled, by the records and the summaries of all runs."""
    listed = Outbox(records).listed()
    slots: dict[tuple[str, date, str], tuple[Slot, ...]] = defaultdict(tuple)
    for slot in listed.slots:
        slots[slot.report, slot.report_date, slot.recipient_id] += (slot,)
    sent = {
        (lane.report, date.fromisoformat(run.report_date), mail.recipient_id, mail.revision): (
            mail.delivery_id,
            mail.generation,
        )
        for run in made
        for lane in run.lanes
        for mail in lane.deliveries
        if mail.state == "sent"
    }
    return Settled(listed, editions.open_revisions(records), slots, sent)
