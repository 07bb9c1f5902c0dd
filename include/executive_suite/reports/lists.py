"""Findings and ranked actions as lists, with owner and date."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.findings import Action, Evidence, Finding
from executive_suite.rendering.blocks import ActionItem, ActionList, FindingItem, FindingList
from executive_suite.reports.absence import clear, left, none
from executive_suite.reports.phrases import capital, sentence
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say

THIRTY_DAY = "thirty_day"
EVERYTHING = "decisions"
"""The one list of what to do, of which each report shows its share."""
NOBODY = noted("not assigned")
NO_DATE = noted("no date")
_MOST_EVIDENCE = 8


def of_kind(s: Selection, *kinds: str, outcome: str = "fires") -> list[Finding]:
    """The findings of some kinds with one outcome."""
    return [finding for finding in s.figures.findings if finding.kind in kinds and finding.outcome == outcome]


def findings(
    s: Selection,
    title: str,
    *kinds: str,
    ids: Collection[str] = (),
    empty: str = noted("No findings."),
    most: int = 40,
) -> FindingList:
    """The findings of some kinds, or of single rules, that fire or lack an input, worst first; the rest is counted."""
    chosen = [f for f in s.figures.findings if f.outcome != "clear" and (f.kind in kinds or f.finding_id in ids)]
    items = tuple(item(s, f) for f in sorted(chosen, key=lambda f: f.urgency)[:most])
    more = say("{count} more are in the fact table.", count=len(chosen) - most) if len(chosen) > most else ""
    judged = [f for f in s.figures.findings if f.kind in kinds or f.finding_id in ids]
    return FindingList(say(title), items, judged_clear(judged, empty), more)


def judged_clear(judged: Collection[Finding], words: str) -> str:
    """That rules find nothing; where the group has no such rule, that."""
    if judged:
        return none(words, clear(judged))
    return none("The rules of this group check nothing of this kind.", left(judged))


def unjudged(s: Selection, *kinds: str) -> str:
    """Why a list of actions is empty although rules lack an input; empty if every rule could be judged."""
    missing = of_kind(s, *kinds, outcome="not_evaluable")
    return say("Not available: {reason}.", reason=missing[0].reason.rstrip(".")) if missing else ""


def agenda(s: Selection, name: str) -> list[Action]:
    """A ranked agenda, the first action first; the thirty-day agenda in the order of the one list of all readers."""
    chosen = sorted((a for a in s.figures.actions if a.agenda == name), key=lambda a: (a.rank, a.action_id))
    if name != THIRTY_DAY:
        return chosen
    places = {action.action_id: action.rank for action in s.figures.actions if action.agenda == EVERYTHING}
    chosen.sort(key=lambda action: places.get(action.action_id, len(places) + 1))
    return [replace(action, rank=place) for place, action in enumerate(chosen, start=1)]


def thirty_day(s: Selection) -> dict[str, Action]:
    """The thirty-day agenda by the id of its finding."""
    return {action.action_id: action for action in agenda(s, "thirty_day")}


def actions(title: str, chosen: Iterable[Action], empty: str, *, scored: bool = False) -> ActionList:
    """Some ranked actions as a list.

    Args:
        title: Of the list.
        chosen: The actions, in order.
        empty: Printed if there is none.
        scored: Whether the score names severity and money already, so that they are not repeated.
    """
    items = tuple(action_item(action) for action in chosen)
    if scored:
        items = tuple(replace(item, status="", at_stake="") for item in items)
    return ActionList(say(title), items, none(empty, left(items)))


def action_item(action: Action) -> ActionItem:
    """An action as a reader sees it."""
    return ActionItem(
        action.rank,
        capital(action.title),
        action.score,
        action.owner or say(NOBODY),
        formats.day(action.due_on) if action.due_on else say(NO_DATE),
        action.status,
        formats.stake(action.at_stake_cents, action.at_stake_every),
        action.assumed,
        action.action_id,
    )


def answers(s: Selection, found: Iterable[Finding]) -> list[Action]:
    """The actions of the thirty-day agenda against some findings, or against a gap in their evidence, in order."""
    given = tuple(found)
    ids = {finding.finding_id for finding in given}
    gaps = {row.key["finding_id"] for finding in given for row in finding.evidence if "finding_id" in row.key}
    ids |= {a.action_id for a in agenda(s, "engineering") if a.details.get("finding") in gaps}
    return [action for action in agenda(s, "thirty_day") if action.action_id in ids]


def answering(s: Selection, title: str, found: Iterable[Finding], empty: str) -> ActionList:
    """The actions of the thirty-day agenda against some findings, as a list."""
    chosen = [replace(action, rank=rank) for rank, action in enumerate(answers(s, found), start=1)]
    return actions(title, chosen, empty, scored=True)


def lent(item: ActionItem, action: Action, other: Action) -> ActionItem:
    """An action with owner and date of the thirty-day agenda if it has none, so that all reports agree."""
    return replace(
        item,
        owner=item.owner if action.owner else other.owner,
        due=item.due if action.due_on else formats.day(other.due_on),
    )


def at_stake(finding: Finding | Action) -> str:
    """Money at stake, in words; empty if unknown."""
    amount = formats.stake(finding.at_stake_cents, finding.at_stake_every)
    return say("{amount} at stake", amount=amount) if amount else ""


def evidence_in_short(finding: Finding) -> str:
    """The evidence of a finding if it is one row, else its reason."""
    return sentence(finding.evidence[0].text) if len(finding.evidence) == 1 else finding.reason


def proof(row: Evidence) -> str:
    """A row of evidence with its source."""
    return " ".join(filter(None, (row.text, f"({row.source})" if row.source else "")))


def item(s: Selection, finding: Finding) -> FindingItem:
    """A finding as a reader sees it, with the rows of its evidence that have words."""
    shown = [row for row in finding.evidence if row.text]
    rows = tuple(f"{proof(row)}{' [assumed]' if row.assumed else ''}" for row in shown[:_MOST_EVIDENCE])
    more = len(shown) - _MOST_EVIDENCE
    return FindingItem(
        capital(finding.title),
        finding.severity,
        finding.reason,
        finding.outcome,
        formats.stake(finding.at_stake_cents, finding.at_stake_every),
        finding.owner,
        finding.score,
        s.entity(finding.entity_id),
        (*rows, say("and {more}", more=formats.counted(more, "more row"))) if more > 0 else rows,
        finding.assumed,
        finding.finding_id,
    )
