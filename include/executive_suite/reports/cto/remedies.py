"""The fix of a finding in the CTO's report: the action against it, its owner and date, and the evidence."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import Cell
from executive_suite.reports import lists, phrases
from executive_suite.reports.selection import Selection
from executive_suite.wording import say


def ranked(s: Selection) -> list[Action]:
    """The ranked engineering actions."""
    return lists.agenda(s, "engineering")


def against(s: Selection, finding: str) -> Action | None:
    """The first ranked action against a finding, by its id."""
    return next((action for action in ranked(s) if action.details.get("finding") == finding), None)


def place(s: Selection, finding: str) -> int:
    """The rank of the action against a finding, to sort gaps by; those without one come last."""
    action = against(s, finding)
    return len(ranked(s)) + 1 if action is None else action.rank


def brief(s: Selection, finding: str) -> Cell:
    """The action against a finding with its number in the order of actions; that there is none asks for a decision."""
    action = against(s, finding)
    if action is None:
        return Cell(say("none yet"), tone="watch")
    return Cell(f"{action.rank}. {phrases.capital(action.title)}")


def accepted(fact: Fact) -> str:
    """How many gaps of a kind somebody decided to leave open for a time; empty if none."""
    if not fact.value:
        return ""
    return say("{fact} more {are} accepted until a date.", fact=formats.of(fact), are=phrases.are(fact.value))


def terms(s: Selection, action: Action) -> tuple[str, str]:
    """Owner and date of an action: its own, else those of the thirty-day agenda; empty if neither has them."""
    other, due = lists.thirty_day(s).get(action.action_id), due_on(s, action)
    owner = action.owner or (other.owner if other else "")
    return owner, formats.day(due) if due else ""


def due_on(s: Selection, action: Action) -> str:
    """ISO date of an action: its own, else that of the thirty-day agenda; empty if neither has one."""
    other = lists.thirty_day(s).get(action.action_id)
    return action.due_on or (other.due_on if other else "")


def effort(action: Action, suffix: str = "") -> str:
    """The effort of an action: "2 days"; empty if unknown."""
    if not action.effort_days:
        return ""
    return f"{formats.amount(Decimal(action.effort_days), 'days')}{suffix}"


def closing(s: Selection, finding: str, evidence: str = "") -> str:
    """The fix of a finding, and its evidence.

    Args:
        s: The figures.
        finding: Its id.
        evidence: The finding whose evidence to show, if it is registered under another id.
    """
    action, every = against(s, finding), ranked(s)
    summary = (
        say("none of the {every}", every=formats.counted(len(every), "ranked action"))
        if every
        else say("no ranked action")
    )
    if action is not None:
        named = ", ".join(filter(None, terms(s, action))) or say(lists.NOBODY)
        summary = f"{phrases.capital(action.title)} ({named})"
    basis = next((f.evidence for f in s.figures.findings if f.finding_id == (evidence or finding)), ())
    return say("{summary}. Evidence: {basis}", summary=summary, basis=lists.proof(basis[0])) if basis else f"{summary}."
