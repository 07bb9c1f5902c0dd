"""Results of an experiment: events counted from the outbox, and a comparison that names no winner by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from executive_suite.mailing.variants_plan import Experiment
from executive_suite.outbox.outbox import Outbox
from executive_suite.stores.store import ObjectStore

EVENTS = ("clicked", "opened", "bounced", "complained")

SMALLEST_GROUP = 100
"""With fewer mails in a group, no winner is named: the interval would say next to nothing."""

SMALLEST_COUNT = 10
"""Successes and failures each group needs for the intervals to be valid."""

WEAK = frozenset({"opened"})
"""Opens are counted by a picture that some mail clients always load and others never."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a proportion, or of a difference of two."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two variants compared.

    Attributes:
        event: What was counted, e.g. ``clicked``.
        rates: Variant to successes, mails, rate and its Wilson interval.
        difference: Newcombe's interval of the second rate minus the first; None if a group is empty.
        verdict: The winner's name, or ``no winner``.
        reason: Why, for people.
        weak: Whether the event itself is weak evidence.
    """

    event: str
    rates: Mapping[str, tuple[int, int, float, Interval]]
    difference: Interval | None
    verdict: str
    reason: str
    weak: bool


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a proportion.

    Source: E. B. Wilson, JASA 22 (1927) 209-212; formula as in Newcombe, Statist. Med. 17 (1998) 857-872, method 3.

    Raises:
        ValueError: no trials, or more successes than trials.
    """
    if trials < 1 or not 0 <= successes <= trials:
        msg = f"{successes} successes of {trials}; expected 0 <= successes <= trials, and one trial or more"
        raise ValueError(msg)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = successes / trials
    middle = 2 * successes + z * z
    spread = z * sqrt(z * z + 4 * successes * (1 - p))
    whole = 2 * (trials + z * z)
    return Interval(max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole))


def newcombe(first: tuple[int, int], second: tuple[int, int], confidence: float = 0.95) -> Interval:
    """Newcombe's hybrid score interval of second rate minus first rate (his method 10, signs turned).

    Args:
        first: Successes and trials.
        second: Successes and trials.
        confidence: Of the interval.

    Source: R. G. Newcombe, Statist. Med. 17 (1998) 873-890.
    """
    (x1, n1), (x2, n2) = second, first
    p1, p2 = x1 / n1, x2 / n2
    one, two = wilson(x1, n1, confidence), wilson(x2, n2, confidence)
    difference = p1 - p2
    return Interval(
        difference - sqrt((p1 - one.low) ** 2 + (two.high - p2) ** 2),
        difference + sqrt((one.high - p1) ** 2 + (p2 - two.low) ** 2),
    )


def compare(event: str, first: tuple[str, int, int], second: tuple[str, int, int]) -> Comparison:
    """Compare two variants.

    Args:
        event: What was counted.
        first: Name, successes, mails delivered.
        second: Name, successes, mails delivered.
    """
    rates = {name: (x, n, x / n, wilson(x, n)) for name, x, n in (first, second) if n}
    weak = event in WEAK
    if len(rates) < 2:  # noqa: PLR2004 - a comparison is of two
        return Comparison(event, rates, None, "no winner", "a group has no mails", weak)
    difference = newcombe(first[1:], second[1:])
    verdict, reason = _verdict(first, second, difference)
    if verdict != "no winner" and weak:
        verdict, reason = "no winner", f"{reason}, but opens are weak evidence: check clicks"
    return Comparison(event, rates, difference, verdict, reason, weak)


def _verdict(first: tuple[str, int, int], second: tuple[str, int, int], difference: Interval) -> tuple[str, str]:
    fewest = min(first[2], second[2])
    if fewest < SMALLEST_GROUP:
        return "no winner", f"the smaller group has {fewest} mails; {SMALLEST_GROUP} are needed"
    cell = min(first[1], first[2] - first[1], second[1], second[2] - second[1])
    if cell < SMALLEST_COUNT:
        return "no winner", f"a group has {cell} events of one kind; {SMALLEST_COUNT} are needed"
    if difference.low > 0:
        return second[0], _sentence(difference)
    if difference.high < 0:
        return first[0], _sentence(difference)
    return "no winner", f"{_sentence(difference)}, which includes 0"


def _sentence(difference: Interval) -> str:
    return f"the difference is between {difference.low:+.1%} and {difference.high:+.1%} (95%)"


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
