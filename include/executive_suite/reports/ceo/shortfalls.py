"""The CEO's sections on critical shortfalls and on the next thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from executive_suite import formats
from executive_suite.facts.findings import Action, Finding
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports import lists, phrases, story
from executive_suite.reports.absence import left, none
from executive_suite.reports.ceo import calendar
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import near, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.rules.agendas.thirty_day import DAYS
from executive_suite.wording import say

KIND = "shortfall"
_MADE = 4
"""Decisions made of a body."""
_MOST = 12
"""Shortfalls of a body: all of a group that is fit to be read about."""


def shortfalls(s: Selection) -> Section:
    """What is broken: title, business unit, money; the evidence behind it."""
    found = sorted(lists.of_kind(s, KIND), key=lambda finding: finding.urgency)
    listed = lists.findings(
        s, "Open shortfalls, worst first, with their evidence", KIND, empty="No critical shortfall is open."
    )
    return section(
        "Critical shortfalls",
        point=_point(s, found),
        covered=bool(lists.of_kind(s, KIND) or lists.of_kind(s, KIND, outcome="clear")),
        rows={"findings": listed},
        **({"short": _table(s, found)} if found else {}),
    )


def _table(s: Selection, found: Sequence[Finding]) -> Table:
    return first(
        table(
            "Open shortfalls, worst first",
            found,
            (
                words("Shortfall", lambda f: Cell(phrases.capital(f.title), assumed=f.assumed)),
                words("Business unit", lambda f: s.entity(f.entity_id)),
                words("At stake", lambda f: formats.stake(f.at_stake_cents, f.at_stake_every)),
            ),
        ),
        most=_MOST,
    )


def _point(s: Selection, found: Sequence[Finding]) -> str:
    """How many are open, as before or not, and the largest known amount."""
    count, before = s.fact("shortfalls_open"), s.prior(s.fact("shortfalls_open"))
    if not found:
        judged = [finding for finding in s.figures.findings if finding.kind == KIND]
        return lists.unjudged(s, KIND) or lists.judged_clear(judged, "No critical shortfall is open.")
    summary = fired(s)
    if before is not None and before.number is not None and count.number is not None:
        summary += (
            say(", the same as in the previous report")
            if before.number == count.number
            else say(", after {before} in the previous report", before=formats.of(before))
        )
    sized = [finding for finding in found if finding.at_stake_cents]
    if not sized:
        return f"{summary}."
    most = max(sized, key=lambda finding: (finding.at_stake_cents or 0, finding.finding_id))
    amount = formats.stake(most.at_stake_cents, most.at_stake_every)
    return say(
        "{summary}. The largest amount at stake is {amount}: {title}.",
        summary=summary,
        amount=amount,
        title=_inside(most.title),
    )


def _inside(title: str) -> str:
    """A title inside a sentence; a name keeps its capital."""
    words_of_it = title.rstrip(".")
    first = words_of_it.split(" ", 1)[0]
    return words_of_it if first[1:] != first[1:].lower() else f"{words_of_it[:1].lower()}{words_of_it[1:]}"


def fired(s: Selection) -> str:
    """How many of the rules for critical shortfalls fire."""
    count = s.fact("shortfalls_open")
    every = sum(finding.kind == KIND for finding in s.figures.findings)
    if count.value is None:
        missing = len(lists.of_kind(s, KIND, outcome="not_evaluable"))
        lacking = (
            say("{missing} of {every} lack data", missing=formats.number(missing), every=formats.counted(every, "rule"))
            if missing
            else ""
        )
        return say("Critical shortfalls could not be evaluated: {value}", value=lacking or count.reason)
    if count.value == every:
        return say("All {every} are open", every=formats.counted(every, "critical shortfall"))
    return say(
        "{count} of {every} {are} open",
        count=formats.of(count),
        every=formats.counted(every, "critical shortfall"),
        are=phrases.are(count.value),
    )


def agenda(s: Selection, report: str) -> Section:
    """What to do within thirty days, in the one order of all reports."""
    last = (s.figures.report_date + timedelta(days=DAYS)).isoformat()
    due = [
        replace(action, rank=place, score=_weight(action))
        for place, action in enumerate((a for a in story.agenda(s, report) if a.due_on <= last), start=1)
    ]
    nothing = lists.unjudged(s, KIND) or none("Nothing is open.", left(due))
    came = calendar.came_of_it(s)
    listed = lists.actions(
        "In the order of all reports: severity and money at stake over effort, and the nearest day",
        due,
        nothing,
        scored=True,
    )
    return section(
        "The next thirty days",
        point=_due(due, last) or nothing,
        covered=bool(due or not lists.unjudged(s, KIND)),
        rows={"actions": listed, "asked": calendar.asked(s), "came": came},
        **({"short": _first(s, due)} if due else {}),
        **({"made": first(came, most=_MADE)} if came.rows else {}),
    )


def _first(s: Selection, due: Sequence[Action]) -> Table:
    return first(
        table(
            "What to do first",
            due,
            (
                words("Action", lambda a: Cell(f"{a.rank}. {phrases.capital(a.title)}", assumed=a.assumed)),
                words("Owner", lambda a: a.owner or say(lists.NOBODY)),
                near("By", lambda a: a.due_on, s.figures.report_date, lists.NO_DATE),
                words("At stake", lambda a: formats.stake(a.at_stake_cents, a.at_stake_every)),
            ),
        ),
    )


def _due(due: Sequence[Action], last: str) -> str:
    """How many actions are due, and how many of them were asked for before."""
    if not due:
        return ""
    again = sum(bool(int(action.details.get("asked") or 0)) for action in due)
    summary = say(
        "{due} {due_2} due by {last}",
        due=formats.counted(len(due), "action"),
        due_2=phrases.are(len(due)),
        last=formats.day(last),
    )
    if not again:
        return f"{summary}."
    asked = say("all of them") if again == len(due) else say("{again} of them", again=formats.number(again))
    return say("{summary}; earlier reports asked for {asked}.", summary=summary, asked=asked)


def _weight(action: Action) -> str:
    """What an action is ranked by, in words: its severity, and the money at stake if it is known."""
    return ", ".join(filter(None, (say("severity ({status})", status=action.status), lists.at_stake(action))))
