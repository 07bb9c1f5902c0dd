"""The CEO's section on deadlines, and the table of decisions that were asked for before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.signals import UNDECIDED
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports import phrases, pictures_calendar
from executive_suite.reports.absence import left, none
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import day, near, near_day, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.rules.sentences import DOCUMENTS
from executive_suite.wording import say

_HORIZON_DAYS = 90
_MOST = 8
_MOST_NAMED = 3
_DIVIDED = ("document", "kind", "expires", "renew_by", "needed_on")
DECIDED = ("decision", "title", "asked", "answer", "due", "decided", "by", "metric", "action")


def calendar(s: Selection) -> Section:
    """The compliance calendar: what lapsed, and what has to be renewed or paid within ninety days."""
    ahead = pictures_calendar.cliffs(s, "ceo")
    due = sorted(_due(s), key=lambda item: (not item.lapsed, item.act_by, item.what, item.entity_id))
    return section(
        "Compliance calendar",
        point=_point(s, due),
        covered=bool(due or s.facts("document_days_left", *_DIVIDED)),
        rows={"documents": _documents(s)},
        **({"ahead": ahead} if ahead.svg else {}),
        **({"due": _ninety_days(s, due)} if due else {}),
    )


@dataclass(frozen=True, slots=True)
class _Duty:
    """Something to renew or to pay.

    Attributes:
        what: In words.
        entity_id: Whose.
        on: ISO date on which it expires or falls due.
        act_by: ISO date by which to act.
        lapsed: Whether that date has passed.
    """

    what: str
    entity_id: str
    on: str
    act_by: str
    lapsed: bool = False


def _due(s: Selection) -> Iterator[_Duty]:
    """Documents that lapsed or have to be renewed, and taxes with an amount, within the horizon."""
    last = (s.figures.report_date + timedelta(days=_HORIZON_DAYS)).isoformat()
    for fact in s.facts("document_days_left", *_DIVIDED):
        of, lapsed = fact.dimensions, cents(fact) < 0
        act_by = _again_by(s, fact) if lapsed else of["renew_by"] or of["expires"]
        if lapsed or act_by <= last or of["expires"] <= last:
            what = phrases.capital(_named(of["kind"]))
            yield _Duty(what, fact.entity_id, of["expires"], act_by, lapsed)
    for fact in s.facts("tax_due", "kind", "due"):
        if fact.number and fact.number > 0 and "" < fact.dimensions["due"] <= last:
            kind = fact.dimensions["kind"]
            # An information return reports what was paid to others; nothing is owed with it.
            owed = "" if kind == "nec_1099" else f", {formats.of(fact)}"
            what = f"{phrases.tax_name(kind)}{owed}"
            yield _Duty(what, fact.entity_id, fact.dimensions["due"], fact.dimensions["due"])


def _named(kind: str) -> str:
    """A kind of document as readers know it."""
    return say(DOCUMENTS.get(kind, kind))


def _again_by(s: Selection, document: Fact) -> str:
    """The day by which to ask for a lapsed document, ISO: what renewing takes before it is needed, else at once."""
    of, today = document.dimensions, s.figures.report_date
    if not of["needed_on"] or not of["renew_by"]:
        return today.isoformat()
    lead = date.fromisoformat(of["expires"]) - date.fromisoformat(of["renew_by"])
    return max(today, date.fromisoformat(of["needed_on"]) - lead).isoformat()


def _point(s: Selection, due: Sequence[_Duty]) -> str:
    """What lapsed, and how many more duties the next ninety days hold."""
    if not due:
        documents, taxes = s.facts("document_days_left", *_DIVIDED), s.facts("tax_due", "kind", "due")
        if not documents:
            return none(
                "No licenses, certificates or permits are recorded. Add them with the day on which each expires.",
                left(documents),
            )
        if not taxes or any(fact.value is None for fact in taxes):
            return none(
                "No document has lapsed or has to be renewed within {horizon_days} days; which taxes fall due is not "
                "known.",
                left(due, *documents),
                horizon_days=_HORIZON_DAYS,
            )
        return none(
            "Nothing has lapsed, and nothing has to be renewed or paid within {horizon_days} days.",
            left(due, *documents, *taxes),
            horizon_days=_HORIZON_DAYS,
        )
    lapsed = [duty for duty in due if duty.lapsed]
    ahead = [duty for duty in due if not duty.lapsed]
    summary = ""
    if lapsed:
        names = [
            say(
                "{entity_id}'s {lower} (since {on})",
                entity_id=s.entity(duty.entity_id),
                lower=duty.what.lower(),
                on=formats.day(duty.on),
            )
            for duty in lapsed
        ]
        summary = say("Lapsed: {names}.", names=phrases.some(names, _MOST_NAMED))
    if ahead:
        falls = phrases.are(len(ahead), "falls", "fall")
        count = formats.counted(
            len(ahead), say("renewal or payment") if len(ahead) == 1 else say("renewals or payment")
        )
        summary += say(
            " {count} {falls} due within {horizon_days} days, the first by {act_by}.",
            count=count,
            falls=falls,
            horizon_days=_HORIZON_DAYS,
            act_by=formats.day(ahead[0].act_by),
        )
    return summary.strip()


def _ninety_days(s: Selection, due: Sequence[_Duty]) -> Table:
    return first(
        table(
            say("What to renew or pay within {horizon_days} days", horizon_days=_HORIZON_DAYS),
            due,
            (
                words("What", lambda duty: duty.what),
                words("Business unit", lambda duty: s.entity(duty.entity_id)),
                near("Ends or due", lambda duty: duty.on, s.figures.report_date),
                words(
                    "Act by",
                    lambda duty: (
                        Cell("now")
                        if duty.act_by <= s.figures.report_date.isoformat()
                        else Cell(near_day(duty.act_by, s.figures.report_date))
                    ),
                    tone=lambda duty: "act" if duty.lapsed else "neutral",
                ),
            ),
        ),
        most=_MOST,
    )


def _documents(s: Selection) -> Table:
    return table(
        "Documents by the day they expire",
        sorted(s.facts("document_days_left", *_DIVIDED), key=lambda f: (f.dimensions["expires"], f.sort_key)),
        (
            words("Document", lambda f: phrases.capital(_named(f.dimensions["kind"]))),
            words("Business unit", lambda f: s.entity(f.entity_id)),
            words("State", _state, tone=lambda f: "act" if cents(f) < 0 else "neutral"),
            day("Expires", lambda f: f.dimensions["expires"]),
            day("Renew by", lambda f: f.dimensions["renew_by"]),
            day("First needed without it", lambda f: f.dimensions["needed_on"], say("not yet")),
        ),
        empty=phrases.missing(
            s.fact("document_days_left"), "Add licenses, certificates and permits.", "No documents are recorded."
        ),
    )


def _state(fact: Fact) -> str:
    days = cents(fact)
    return (
        say("lapsed {days} ago", days=formats.counted(-days, "day"))
        if days < 0
        else say("in force, {days} left", days=formats.counted(days, "day"))
    )


def asked(s: Selection) -> Table:
    """Decisions that were asked for and not made, overdue before others; those put off are open."""
    return table(
        "Decisions asked for and not made",
        sorted(
            _waiting(s),
            key=lambda f: (not _overdue(s, f), f.dimensions["asked"], f.dimensions["decision"]),
        ),
        (
            words("Decision", lambda f: f.dimensions["title"]),
            day("Asked on", lambda f: f.dimensions["asked"]),
            words("Answer", lambda f: f.dimensions["answer"] or "open"),
            words(
                "Due",
                lambda f: Cell(f.dimensions["due"], "date") if f.dimensions["due"] else Cell(say("no date")),
                tone=lambda f: "act" if _overdue(s, f) else "neutral",
            ),
        ),
        empty=phrases.unless(s.fact("decision_age_days"), "No decision is open.", left(_waiting(s))),
    )


def _waiting(s: Selection) -> list[Fact]:
    return [fact for fact in s.facts("decision_age_days", *DECIDED) if _open(fact)]


def came_of_it(s: Selection) -> Table:
    """Decisions that were made, the latest first, each with its figure in the month before it and in the latest."""
    made = [fact for fact in s.facts("decision_age_days", *DECIDED) if not _open(fact)]
    return table(
        "Decisions made, and what came of them",
        sorted(made, key=lambda f: (f.dimensions["decided"], f.dimensions["decision"]), reverse=True),
        (
            words("Decision", lambda f: f.dimensions["title"]),
            words("Decided", _decided_on),
            words("By", lambda f: f.dimensions["by"]),
            words("Before and since", lambda f: Cell(_effect(s, f))),
        ),
        empty=phrases.unless(s.fact("decision_age_days"), "No decision on record was made.", left(made)),
    )


def _open(decision: Fact) -> bool:
    """Whether somebody still has to decide: putting off is no decision, whatever day it was put off on."""
    return decision.dimensions["answer"] in UNDECIDED


def _decided_on(decision: Fact) -> Cell:
    on = decision.dimensions["decided"]
    answered = decision.dimensions["answer"]
    when = formats.day(on) if on else say("not recorded")
    return Cell(f"{answered}, {when}")


def _overdue(s: Selection, decision: Fact) -> bool:
    """Whether it is open past the day by which it was due."""
    return _open(decision) and "" < decision.dimensions["due"] < s.figures.report_date.isoformat()


def _effect(s: Selection, decision: Fact) -> str:
    """The figure that a decision names, in the month before it and in the last complete month."""
    metric_id, on = decision.dimensions["metric"], decision.dimensions["decided"]
    if not metric_id or not on:
        return say("no figure was named for it")
    months = s.months(metric_id, 36, decision.entity_id)
    before = [fact for fact in months if fact.period < on[:7]]
    if not before or months[-1].period <= before[-1].period:
        return say("too early to say")
    return say(
        "{before} before, {months} in {period}",
        before=formats.of(before[-1]),
        months=formats.of(months[-1]),
        period=formats.month(months[-1].period),
    )
