"""The board's section on decisions: what was asked during the quarter, and the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.signals import UNDECIDED
from executive_suite.rendering.blocks import Section, section
from executive_suite.reports import lists, phrases
from executive_suite.reports.absence import left, none
from executive_suite.reports.board import quarter
from executive_suite.reports.ceo.calendar import DECIDED
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import day, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.wording import say, say_many

_IN_BODY = 7


@dataclass(frozen=True, slots=True)
class _Asked:
    """Something that was asked during the quarter.

    Attributes:
        action_id: Of the action or signal; of the record where it names none.
        title: In words.
        since: ISO date on which it was first asked; empty if before the quarter's first report date on record.
        state: ``decided``, ``open`` or ``gone``.
        outcome: The outcome, in words.
    """

    action_id: str
    title: str
    since: str
    state: str
    outcome: str


def decisions(s: Selection) -> Section:
    """The section on decisions."""
    known = list(_asked(s))
    if not known:
        return section(
            "Decisions asked in the quarter",
            point=none("No decision of the quarter is on record.", left(known)),
            covered=False,
        )
    made = table(
        "Asked in the quarter, and the outcome",
        known,
        (
            words("Decision", lambda one: phrases.sentence(one.title)),
            day("Asked since", lambda one: one.since),
            words("Outcome", lambda one: one.outcome),
        ),
    )
    return section(
        "Decisions asked in the quarter",
        point=_point(known),
        rows={"asked_whole": made} if len(made.rows) > _IN_BODY else {},
        asked=first(made, _IN_BODY),
    )


def _point(known: list[_Asked]) -> str:
    count = {state: sum(one.state == state for one in known) for state in ("decided", "open", "gone")}
    asked = say_many(
        "{count} decision was asked", "{count} decisions were asked", len(known), count=formats.number(len(known))
    )
    return say(
        "{asked}: {decided} decided, {gone} fell away, {open} still open.",
        asked=asked,
        decided=formats.number(count["decided"]),
        gone=formats.number(count["gone"]),
        open=formats.number(count["open"]),
    )


def _asked(s: Selection) -> Iterator[_Asked]:
    """Those on record first, then what reports asked for: what was decided before what is open."""
    recorded = {fact.dimensions["action"] or fact.dimensions["decision"]: fact for fact in _recorded(s)}
    found = [_on_record(name, fact) for name, fact in recorded.items()]
    found += (one for one in _by_reports(s) if one.action_id not in recorded)
    places = {"decided": 0, "gone": 1, "open": 2}
    yield from sorted(found, key=lambda one: places[one.state])


def _recorded(s: Selection) -> list[Fact]:
    """Decisions that were asked, answered or open during the quarter."""
    now = quarter.latest(s)
    first_day, last = now.first.isoformat(), now.last.isoformat()
    rows = [fact for fact in s.facts("decision_age_days", *DECIDED) if fact.dimensions["asked"] <= last]
    rows = [f for f in rows if f.dimensions["answer"] in UNDECIDED or (f.dimensions["decided"] or last) >= first_day]
    return sorted(rows, key=lambda fact: (fact.dimensions["asked"], fact.dimensions["decision"]))


def _on_record(name: str, fact: Fact) -> _Asked:
    of = fact.dimensions
    if of["answer"] in UNDECIDED:
        return _Asked(name, of["title"], of["asked"], "open", of["answer"] or say("open"))
    when = formats.day(of["decided"]) if of["decided"] else say("not recorded")
    who = say(" by {name}", name=of["by"]) if of["by"] else ""
    return _Asked(
        name, of["title"], of["asked"], "decided", say("{answer}, {when}{who}", answer=of["answer"], when=when, who=who)
    )


def _by_reports(s: Selection) -> Iterator[_Asked]:
    """What the reports of the quarter asked for: still on the one list, or asked as it began and no longer."""
    now = quarter.latest(s)
    listed = {action.action_id: action for action in lists.agenda(s, lists.EVERYTHING)}
    within = [one for one in s.figures.earlier.asked if now.first <= one.made_on <= now.last]
    for name, action in listed.items():
        days = [one.made_on for one in within if not {name, *action.answers}.isdisjoint(one.action_ids)]
        if days:
            count = formats.number(max(len(days), int(action.details.get("asked") or 0)) + 1)
            yield _Asked(
                name,
                action.title,
                _since(days, action.details.get("asked_since", "")),
                "open",
                say("open, asked {count} times", count=count),
            )
    for began in s.figures.earlier.began:
        for name, title in began.asked.items():
            if name not in listed:
                yield _Asked(name, title, began.made_on.isoformat(), "gone", say("fell away with its cause"))


def _since(days: list[date], stated: str) -> str:
    """The first day on which it was asked, as far back as that is on record."""
    return min(filter(None, (stated, min(days).isoformat())))
