"""What the audits share: whose figures they show, and what calls for attention by a stated rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP
from executive_suite.facts.findings import SEVERITIES, Severity
from executive_suite.rendering.blocks import ActionItem, ActionList, Decision, FindingItem, FindingList
from executive_suite.reports.selection import Selection

MOST_DECISIONS = 5

# What page one asks about; what is less grave stands in the agenda.
GRAVE = ("critical", "high")

# How far ahead an audit looks for what falls due: the quarter that its reader plans.
LOOK_AHEAD_DAYS = 90

# When a decision is due that has no day of its own, in days: as on the group's agenda.
AGENDA_DAYS = 30


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that calls for attention, found by a rule over facts.

    Attributes:
        title: What it is.
        severity: How bad it is.
        reason: Why, with the figures.
        decision: What the reader is asked to decide about it, with its figure; empty when nothing.
        at_stake: Money at stake, cents.
        evidence: The facts it rests on, in words.
        due: The day by which it has to be decided, where the records name one.
        assumed: Whether one of them rests on rows marked ``assumed``.
    """

    title: str
    severity: Severity
    reason: str
    decision: str = ""
    at_stake: int | None = None
    evidence: tuple[str, ...] = ()
    due: date | None = None
    assumed: bool = False


def whose(s: Selection, metric_id: str) -> str:
    """The entity an audit is about: the only one with figures of this metric, or the group when there are several."""
    entities = s.entities(metric_id)
    return entities[0] if len(entities) == 1 else GROUP


def ordered(found: Iterable[Concern | None]) -> tuple[Concern, ...]:
    """The concerns that there are, worst first, then by money at stake."""
    there = [concern for concern in found if concern is not None]
    return tuple(sorted(there, key=lambda c: (SEVERITIES.index(c.severity), -(c.at_stake or 0), c.title)))


def listed(s: Selection, who: str, concerns: Sequence[Concern], reader: str, needs: Sequence[str]) -> FindingList:
    """The concerns as findings, then what the rules could not look at; whoever reads the audit answers for them.

    Args:
        s: The figures.
        who: The entity that the audit is about.
        concerns: What the rules found.
        reader: Whom the audit is for.
        needs: The metrics that the rules look at; those that are not evaluable are named, because that is no pass.
    """
    items = tuple(
        FindingItem(
            title=concern.title,
            severity=concern.severity,
            reason=concern.reason,
            at_stake="" if concern.at_stake is None else formats.money(concern.at_stake),
            owner=reader,
            evidence=concern.evidence,
            assumed=concern.assumed,
        )
        for concern in concerns
    )
    unknown = tuple(
        FindingItem(
            title=f"Not checked: {', '.join(names)}",
            severity="medium",
            reason=f"{reason[:1].upper()}{reason[1:]}.",
            outcome="not_evaluable",
            owner=reader,
        )
        for reason, names in _unknown(s, who, needs).items()
    )
    return FindingList(
        "What the figures of this date call for, worst first",
        items + unknown,
        empty="No rule of this audit fires on the figures of this date.",
    )


def _unknown(s: Selection, who: str, needs: Sequence[str]) -> dict[str, list[str]]:
    """Why metrics are not evaluable, and their names."""
    found: dict[str, list[str]] = {}
    divided = {fact.metric_id for fact in s.figures.facts if fact.entity_id == who and fact.dimensions}
    for metric_id in needs:
        fact = s.fact(metric_id, who)
        # A metric that only exists by kind has no undivided figure, and is told all the same.
        if fact.status == "not_evaluable" and (fact.inputs or metric_id not in divided):
            found.setdefault(fact.reason, []).append(definition_of(metric_id).name)
    return found


def lead(s: Selection, who: str, concerns: Sequence[Concern], needs: Sequence[str]) -> str:
    """The second line of a message: the worst concern in its figures, or how much could be looked at."""
    if concerns:
        return concerns[0].reason
    unknown = sum(len(names) for names in _unknown(s, who, needs).values())
    if unknown:
        return f"{unknown} of the {len(needs)} figures that this audit's rules look at could not be calculated."
    return f"No rule fires on the {len(needs)} figures that this audit looks at."


def decisions(s: Selection, concerns: Sequence[Concern]) -> tuple[Decision, ...]:
    """What the reader is asked to decide, in the order of the concerns: what is grave; without that, the first."""
    asked = [concern for concern in concerns if concern.decision]
    grave = [concern for concern in asked if concern.severity in GRAVE]
    shown = (grave or asked[:1])[:MOST_DECISIONS]
    return tuple(Decision(concern.decision, due=formats.day(_due(s, concern))) for concern in shown)


def _due(s: Selection, concern: Concern) -> date:
    """The day that the records name; else thirty days from now."""
    return concern.due or s.figures.report_date + timedelta(days=AGENDA_DAYS)


def agenda(s: Selection, who: str, concerns: Sequence[Concern], reader: str, needs: Sequence[str]) -> ActionList:
    """What to do about the concerns, in their order, with the day by which; theirs, else thirty days from now."""
    unknown = sum(len(names) for names in _unknown(s, who, needs).values())
    nothing = (
        f"Nothing is asked; {unknown} of {len(needs)} figures could not be calculated."
        if unknown
        else "Nothing is asked."
    )
    asked = [concern for concern in concerns if concern.decision]
    items = tuple(
        ActionItem(
            rank=place,
            title=concern.decision.rstrip("."),
            score=f"severity ({concern.severity})"
            + ("" if concern.at_stake is None else f", {formats.money(concern.at_stake)} at stake"),
            owner=reader,
            due=formats.day(_due(s, concern)),
            assumed=concern.assumed,
        )
        for place, concern in enumerate(asked, start=1)
    )
    return ActionList("What to do about it, by severity and money at stake", items, nothing)
