"""Parts that the audits share: the entity audited, and what the rules found."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.facts.findings import Finding
from executive_suite.rendering.blocks import ActionItem, ActionList, Decision, FindingItem, FindingList
from executive_suite.reports.selection import Selection

MOST_DECISIONS = 5
MOST_EVIDENCE = 8

# Decisions on page one; the agenda has all actions.
GRAVE = ("critical", "high")

# Days until a decision without a date is due, as on the thirty-day agenda.
AGENDA_DAYS = 30


def whose(s: Selection, metric_id: str) -> str:
    """The entity an audit is about: the only one with figures of this metric, or the group when there are several."""
    entities = s.entities(metric_id)
    return entities[0] if len(entities) == 1 else GROUP


def firing(s: Selection, kind: str) -> tuple[Finding, ...]:
    """The concerns of an audit that the rules found: worst first, then by money at stake."""
    found = (finding for finding in s.figures.findings if finding.kind == kind and finding.outcome == "fires")
    return tuple(sorted(found, key=lambda finding: finding.urgency))


def judged_by(s: Selection, finding_id: str, name: str) -> Decimal | None:
    """A limit or figure by which a rule was judged; None where it has no value."""
    found = next((f.judged_by.get(name, "") for f in s.figures.findings if f.finding_id == finding_id), "")
    return Decimal(found) if found else None


def listed(s: Selection, kind: str, reader: str) -> FindingList:
    """The concerns, then the rules that could not be evaluated, which is no pass; the reader answers for them."""
    items = tuple(
        FindingItem(
            title=finding.title,
            severity=finding.severity,
            reason=finding.reason,
            at_stake="" if finding.at_stake_cents is None else formats.money(finding.at_stake_cents),
            owner=reader,
            evidence=tuple(row.text for row in finding.evidence if row.text)[:MOST_EVIDENCE],
            assumed=finding.assumed,
        )
        for finding in firing(s, kind)
    )
    unknown = tuple(
        FindingItem(
            title=f"Not checked: {', '.join(names)}",
            severity="medium",
            reason=f"{reason[:1].upper()}{reason[1:]}.",
            outcome="not_evaluable",
            owner=reader,
        )
        for reason, names in _not_checked(s, kind).items()
    )
    return FindingList(
        "What the figures of this date call for, worst first",
        items + unknown,
        empty="No rule of this audit fires on the figures of this date.",
    )


def _not_checked(s: Selection, kind: str) -> dict[str, list[str]]:
    """Why rules could not be evaluated, and what they are called."""
    found: dict[str, list[str]] = {}
    for finding in s.figures.findings:
        if finding.kind == kind and finding.outcome == "not_evaluable":
            names = found.setdefault(finding.reason, [])
            names += [] if finding.title in names else [finding.title]
    return found


def lead(s: Selection, kind: str, *said: str, first: str = "") -> str:
    """The second line of a message: the worst concern in its figures, or how many rules could be checked.

    Args:
        s: The figures.
        kind: Of the audit's findings.
        said: Findings of which the first line speaks.
        first: The finding that comes before any other.
    """
    found = [finding for finding in firing(s, kind) if finding.finding_id not in said]
    if found:
        return min(found, key=lambda finding: finding.finding_id != first).reason
    rules = sum(finding.kind == kind for finding in s.figures.findings)
    unknown = sum(len(names) for names in _not_checked(s, kind).values())
    if unknown:
        return f"{unknown} of the {rules} rules of this audit could not be checked."
    return f"None of the {rules} rules of this audit calls for anything else."


def decisions(s: Selection, kind: str) -> tuple[Decision, ...]:
    """What the reader is asked to decide, in the order of the concerns: what is grave; without that, the first."""
    asked = [finding for finding in firing(s, kind) if finding.action]
    grave = [finding for finding in asked if finding.severity in GRAVE]
    shown = (grave or asked[:1])[:MOST_DECISIONS]
    return tuple(Decision(finding.action, due=formats.day(_due(s, finding))) for finding in shown)


def _due(s: Selection, finding: Finding) -> date:
    """The date in the records, else thirty days from now."""
    if finding.due_on:
        return date.fromisoformat(finding.due_on)
    return s.figures.report_date + timedelta(days=AGENDA_DAYS)


def agenda(s: Selection, kind: str, reader: str) -> ActionList:
    """What to do about the concerns, in their order, with the day by which; theirs, else thirty days from now."""
    unknown = sum(len(names) for names in _not_checked(s, kind).values())
    nothing = f"Nothing is asked; {unknown} rules could not be checked." if unknown else "Nothing is asked."
    asked = [finding for finding in firing(s, kind) if finding.action]
    items = tuple(
        ActionItem(
            rank=place,
            title=finding.action.rstrip("."),
            score=f"severity ({finding.severity})"
            + ("" if finding.at_stake_cents is None else f", {formats.money(finding.at_stake_cents)} at stake"),
            owner=reader,
            due=formats.day(_due(s, finding)),
            assumed=finding.assumed,
        )
        for place, finding in enumerate(asked, start=1)
    )
    return ActionList("What to do about it, by severity and money at stake", items, nothing)
