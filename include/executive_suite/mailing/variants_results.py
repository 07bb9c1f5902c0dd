"""Results of an experiment: mails, clicks, opens and bounces of each variant, from the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from executive_suite.mailing.variants import Comparison, compare
from executive_suite.mailing.variants_plan import Experiment
from executive_suite.outbox.outbox import Outbox
from executive_suite.stores.store import ObjectStore

EVENTS = ("clicked", "opened", "bounced", "complained")


@dataclass(frozen=True, slots=True)
class Results:
    """The counts of an experiment.

    Attributes:
        sent: Variant to mails accepted by SES.
        counts: Variant and event to the number of mails with that event, each mail once.
        comparisons: The first two variants compared by each event.
    """

    sent: Mapping[str, int]
    counts: Mapping[tuple[str, str], int]
    comparisons: tuple[Comparison, ...]


def collect(records: ObjectStore, experiment: Experiment) -> Results:
    """Count the events of an experiment's mails.

    A mail counts once per event, however often it was opened; a resend of the same report to the same reader counts
    once.
    """
    outbox = Outbox(records)
    sent: Counter[str] = Counter({arm.name: 0 for arm in experiment.arms})
    counts: Counter[tuple[str, str]] = Counter()
    for entry in outbox.entries():
        slot = entry.slot
        if slot.report != experiment.report or not experiment.first <= slot.report_date <= experiment.last:
            continue
        record = outbox.read(entry.delivery_id)
        if entry.variant not in sent or not any(g.accepted_at for g in record.generations):
            continue
        sent[entry.variant] += 1
        for kind in {proof.kind for g in record.generations for proof in g.evidence}:
            counts[entry.variant, kind] += 1
    one, two = experiment.arms[0].name, experiment.arms[1].name
    comparisons = tuple(
        compare(event, (one, counts[one, event], sent[one]), (two, counts[two, event], sent[two])) for event in EVENTS
    )
    return Results(sent, counts, comparisons)
