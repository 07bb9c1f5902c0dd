"""What closes a finding, in the CTO's report: the action against it, whose it is and until when, and the evidence."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.reports import phrases
from executive_suite.reports.selection import Selection


def ranked(s: Selection) -> list[Action]:
    """The engineering actions that are ranked, the first of them first."""
    return sorted((a for a in s.figures.actions if a.agenda == "engineering"), key=lambda a: (a.rank, a.action_id))


def against(s: Selection, finding: str) -> Action | None:
    """The first ranked action against a finding."""
    return next((a for a in ranked(s) if a.details.get("finding") == finding), None)


def terms(s: Selection, action: Action) -> tuple[str, str]:
    """Owner and day of an action: its own, else those of the thirty-day agenda; blank where nobody is named."""
    other = phrases.agreed(s).get(action.action_id)
    owner = action.owner or (other.owner if other else "")
    due = action.due_on or (other.due_on if other else "")
    return owner, formats.day(due) if due else ""


def closing(s: Selection, finding: str, evidence: str = "") -> str:
    """What closes a finding, and what the finding rests on.

    Args:
        s: The figures.
        finding: Its id.
        evidence: Of whose finding the evidence is, where it is registered under another id.
    """
    action = against(s, finding)
    every = ranked(s)
    said = f"none of the {formats.counted(len(every), 'ranked action')}" if every else "no action: none is ranked"
    if action is not None:
        named = ", ".join(filter(None, terms(s, action))) or "nobody named"
        said = f"{phrases.capital(action.title)} ({named})"
    basis = next((f.evidence for f in s.figures.findings if f.finding_id == (evidence or finding)), ())
    proof = " ".join(filter(None, (basis[0].text, f"({basis[0].source})" if basis[0].source else ""))) if basis else ""
    return f"{said}. Evidence: {proof}" if proof else f"{said}."
