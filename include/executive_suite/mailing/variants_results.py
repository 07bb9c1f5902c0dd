"""What became of an experiment: mails, deliveries, clicks and bounces of each variant, from the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from executive_suite.mailing.resend import slots
from executive_suite.mailing.variants import Comparison, compare
from executive_suite.mailing.variants_plan import Experiment
from executive_suite.outbox.book import Ledger
from executive_suite.stores.store import ObjectStore

EVENTS = ("clicked", "opened", "bounced", "complained")


@dataclass(frozen=True, slots=True)
class Results:
    """The counts of an experiment.

    Attributes:
        sent: Variant to mails that SES accepted.
        counts: Variant and event to the number of mails that had that event, once a mail.
        comparisons: Each event, the first two variants side by side.
    """

    sent: Mapping[str, int]
    counts: Mapping[tuple[str, str], int]
    comparisons: tuple[Comparison, ...]


def collect(records: ObjectStore, experiment: Experiment) -> Results:
    """Count what the ledger knows of an experiment's mails.

    A mail counts once for each event, however often it was opened; a resend of the same report to the same reader is
    the same reader, and counts once.
    """
    ledger = Ledger(records)
    sent: Counter[str] = Counter({arm.name: 0 for arm in experiment.arms})
    counts: Counter[tuple[str, str]] = Counter()
    for slot in slots(records):
        day = date.fromisoformat(slot.report_date)
        if slot.report != experiment.report or not experiment.first <= day <= experiment.last:
            continue
        record = ledger.read(slot.delivery_id)
        if slot.variant not in sent or not any(g.accepted_at for g in record.generations):
            continue
        sent[slot.variant] += 1
        for kind in {proof.kind for g in record.generations for proof in g.evidence}:
            counts[slot.variant, kind] += 1
    one, two = experiment.arms[0].name, experiment.arms[1].name
    comparisons = tuple(
        compare(event, (one, counts[one, event], sent[one]), (two, counts[two, event], sent[two])) for event in EVENTS
    )
    return Results(sent, counts, comparisons)
