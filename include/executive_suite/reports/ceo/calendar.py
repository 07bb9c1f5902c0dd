"""The CEO's sections on deadlines and on decisions that were asked for before."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import day, table, words
from executive_suite.rules.sentences import DOCUMENTS

_DIVIDED = ("document", "kind", "expires", "renew_by", "needed_on")
_DECIDED = ("decision", "title", "asked", "answer", "decided", "by", "metric", "action")


def calendar(s: Selection) -> Section:
    """The compliance calendar: what lapsed, what expires, and by when to renew it."""
    return section("Compliance calendar", documents=_documents(s))


def _documents(s: Selection) -> Table:
    return table(
        "Documents by the day they expire",
        sorted(s.facts("document_days_left", *_DIVIDED), key=lambda f: (f.dimensions["expires"], f.sort_key)),
        (
            words("Document", lambda f: phrases.capital(DOCUMENTS.get(f.dimensions["kind"], f.dimensions["kind"]))),
            words("Business unit", lambda f: s.entity(f.entity_id)),
            words("State", _state, tone=lambda f: "act" if cents(f) < 0 else "neutral"),
            day("Expires", lambda f: f.dimensions["expires"]),
            day("Renew by", lambda f: f.dimensions["renew_by"]),
            day("First needed without it", lambda f: f.dimensions["needed_on"], "not yet"),
        ),
        empty=phrases.missing(
            s.fact("document_days_left"), "Add licenses, certificates and permits.", "No documents are recorded."
        ),
    )


def _state(fact: Fact) -> str:
    days = cents(fact)
    return (
        f"lapsed {formats.counted(-days, 'day')} ago" if days < 0 else f"in force, {formats.counted(days, 'day')} left"
    )


def decided(s: Selection) -> Section:
    """Decisions that were asked for: still open, or their outcome."""
    return section("Decisions asked for before", decisions=_decided(s))


def _decided(s: Selection) -> Table:
    return table(
        "Decisions on record, open ones first",
        sorted(
            s.facts("decision_age_days", *_DECIDED),
            key=lambda f: (bool(f.dimensions["decided"]), f.dimensions["asked"]),
        ),
        (
            words("Decision", lambda f: f.dimensions["title"]),
            day("Asked on", lambda f: f.dimensions["asked"]),
            words("Answer", lambda f: f.dimensions["answer"] or "open"),
            day("Decided on", lambda f: f.dimensions["decided"], "not yet"),
            words("By", lambda f: f.dimensions["by"]),
            words("Effect", lambda f: Cell(_effect(s, f))),
        ),
        empty=phrases.unless(s.fact("decision_age_days"), "No decisions are on record."),
    )


def _effect(s: Selection, decision: Fact) -> str:
    """The figure that a decision names, in the month before it and in the last complete month."""
    metric_id, on = decision.dimensions["metric"], decision.dimensions["decided"]
    if not metric_id or not on:
        return ""
    months = s.months(metric_id, 36, decision.entity_id)
    before = [fact for fact in months if fact.period < on[:7]]
    if not before or months[-1].period <= before[-1].period:
        return "too early to say"
    return f"{formats.of(before[-1])} before, {formats.of(months[-1])} in {formats.month(months[-1].period)}"
