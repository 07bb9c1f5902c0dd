"""What a reader must know: what happened, what is coming, what is not as it should be; dated, sized, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from executive_suite.facts.findings import Evidence

CASH_OUT = "cliff:group:cash_out"
"""The signal that says when cash runs out on the base case."""

UNDECIDED = frozenset({"", "deferred"})
"""Answers to a decision after which somebody still has to decide."""

Kind = Literal["break", "cliff", "lapse", "streak", "concentration", "conflict", "forecast_miss", "decision_open"]
Urgency = Literal["act", "watch"]
Per = Literal["once", "month", ""]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a signal is about: rows of a table by key, or a metric with what divides it."""

    table: str = ""
    key: Mapping[str, str] = field(default_factory=dict)
    metric_id: str = ""
    dimensions: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The part of the two that is stated."""
        if self.table:
            return {"table": self.table, "key": dict(self.key)}
        return {"metric_id": self.metric_id, "dimensions": dict(self.dimensions)}


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal of a run.

    Attributes:
        signal_id: The same for the same thing in every run ("break:jada:bookings").
        kind: What kind of thing it is.
        entity_id: Whom it concerns; ``group`` when several.
        subject: What it is about.
        headline: The whole of it in one sentence, without a full stop.
        since: ISO date from which it holds; empty when it lies ahead.
        on: ISO date on which it comes; empty when it is there.
        amount_cents: Money it moves; None when unknown.
        per: How often: once or every month; empty without an amount.
        share: Its part of the whole, as a fraction in decimal text; empty when there is none.
        severity: Whether somebody has to act on it.
        readers: The reports that it concerns.
        because_of: Signals and findings that a declared link names as its cause.
        facts: Ids of the facts it rests on (``Fact.fact_id``).
        evidence: Rows it rests on.
        action_id: The action that answers it; empty when there is none.
        action: That action in words.
        owner: Who answers for it.
        due_on: ISO date by which that has to be decided.
        mark: The few words for it on a picture; the headline where there are none.
        name: What its declaration calls it ("bookings"), by which links and consumers know it.
    """

    signal_id: str
    kind: Kind
    entity_id: str
    subject: Subject
    headline: str
    since: str = ""
    on: str = ""
    amount_cents: int | None = None
    per: Per = ""
    share: str = ""
    severity: Urgency = "watch"
    readers: tuple[str, ...] = ()
    because_of: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    action_id: str = ""
    action: str = ""
    owner: str = ""
    due_on: str = ""
    mark: str = ""
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        """The signal as the ``signals`` command prints it: absent values are null."""
        return {
            "signal_id": self.signal_id,
            "kind": self.kind,
            "entity_id": self.entity_id,
            "subject": self.subject.as_json(),
            "since": self.since or None,
            "on": self.on or None,
            "amount_cents": self.amount_cents,
            "per": self.per or None,
            "share": float(self.share) if self.share else None,
            "severity": self.severity,
            "headline": self.headline,
            "readers": list(self.readers),
            "because_of": list(self.because_of),
            "facts": list(self.facts),
            "evidence": [
                {"table": row.table, "source_file": row.file, "source_row": row.row, "key": dict(row.key)}
                for row in self.evidence
            ],
            "action_id": self.action_id or None,
            "action": self.action or None,
            "owner": self.owner or None,
            "due_on": self.due_on or None,
        }


def appeared(now: Iterable[Signal], then: Iterable[Signal]) -> tuple[Signal, ...]:
    """The signals that call for an act now and did not then, in their order.

    >>> from dataclasses import replace
    >>> one = Signal("cliff:jada:document:USCG-1", "cliff", "jada", Subject(), "It expires", severity="act")
    >>> [found.signal_id for found in appeared([one], [replace(one, severity="watch")])], appeared([one], [one])
    (['cliff:jada:document:USCG-1'], ())
    """
    known = {one.signal_id for one in then if one.severity == "act"}
    return tuple(one for one in now if one.severity == "act" and one.signal_id not in known)
