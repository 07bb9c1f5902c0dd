"""The calendar file of a report: a day for each decision that it asks for, and for each of its deadlines ahead.

An entry keeps its id from report to report: the next file moves or rewords it instead of adding another. What is
decided or over is in no later file; its entry stays until its reader deletes it.

Source: RFC 5545 (iCalendar), 3.6.1, 3.8.4.7 (UID) and 3.8.7.4 (SEQUENCE).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event

from executive_suite import formats
from executive_suite.facts.figures import Figures
from executive_suite.facts.signals import CASH_OUT, Signal
from executive_suite.rendering.blocks import Decision, Page
from executive_suite.reports import drill, lists, phrases
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say

EXTENSION, MEDIA_TYPE = "ics", "text/calendar"
YEARS = 10
"""Ahead that days are listed."""
PRODUCT = "-//Executive Suite//Reports//EN"
_FIRST = date(2000, 1, 1)
_MOST_REVISIONS = 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_KINDS = {"decision": noted("Decision"), "deadline": noted("Deadline")}


@dataclass(frozen=True, slots=True)
class Entry:
    """A day of the calendar.

    Attributes:
        kind: Whether something has to be decided by then, or happens then.
        about: Id of the action or the signal.
        day: The day.
        summary: What it is, in a few words.
        lines: The rest: why, the amount, who answers for it, where the report says more.
    """

    kind: Literal["decision", "deadline"]
    about: str
    day: date
    summary: str
    lines: tuple[str, ...]


def file(s: Selection, page: Page, sections: Mapping[str, Sequence[object]], *, revision: int) -> bytes:
    """The file (RFC 5545, UTF-8, CRLF), the same bytes for the same report; empty if it has no dated entry.

    Args:
        s: The figures.
        page: Page one, with what it asks for.
        sections: Heading to the blocks of each section, in the report's order.
        revision: Of the report.
    """
    found = sorted(
        {*_decisions(s, page, sections), *_deadlines(s, page, sections)}, key=lambda e: (e.day, e.about, e.kind)
    )
    if not found:
        return b""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _plain(": ".join(filter(None, (s.figures.brand.name, page.title)))))
    made.add("x-wr-timezone", s.figures.zone)
    for entry in found:
        made.add_component(_event(s.figures, entry, revision))
    return bytes(made.to_ical())


def _event(figures: Figures, entry: Entry, revision: int) -> Event:
    today = figures.report_date
    made = Event()
    made.add("uid", _uid(figures, entry))
    made.add("dtstamp", datetime(today.year, today.month, today.day, tzinfo=UTC))
    made.add("sequence", (today - _FIRST).days * _MOST_REVISIONS + min(revision, _MOST_REVISIONS) - 1)
    made.add("dtstart", entry.day)
    made.add("dtend", entry.day + timedelta(days=1))
    made.add("summary", _plain(entry.summary))
    made.add("description", "\n".join(map(_plain, filter(None, entry.lines))))
    made.add("categories", [say(_KINDS[entry.kind])])
    made.add("transp", "TRANSPARENT")  # a deadline keeps nobody from meeting
    return made


def _uid(figures: Figures, entry: Entry) -> str:
    """The same for the same thing in every report of a group, whatever its date; by the group's name, so no other's."""
    about = f"{figures.brand.name}\0{entry.kind}\0{entry.about}"
    return f"{hashlib.sha256(about.encode()).hexdigest()[:32]}@executive-suite"


def _decisions(s: Selection, page: Page, sections: Mapping[str, Sequence[object]]) -> Iterator[Entry]:
    known = {action.action_id: action for action in lists.agenda(s, lists.EVERYTHING)}
    for asked in (*page.decisions, *page.later):
        action = known.get(asked.item_id)
        day = _ahead(s, action.due_on) if action else None
        if action is None or day is None:
            continue
        marked = say("[assumed]") if action.assumed else ""
        lines = (
            asked.why,
            _at_stake(asked),
            marked,
            _owned(action.owner),
            *_foot(s, page, _place(asked.item_id, sections)),
        )
        yield Entry(
            "decision",
            action.action_id,
            day,
            phrases.capital(action.title.rstrip(".")),
            lines,
        )


def _deadlines(s: Selection, page: Page, sections: Mapping[str, Sequence[object]]) -> Iterator[Entry]:
    for one in s.figures.signals:
        day = _ahead(s, one.on) if page.report in one.readers else None
        if day is None:
            continue
        marked = say("[assumed]") if any(row.assumed for row in one.evidence) else ""
        place = _place(one.signal_id, sections, one.facts)
        lines = (
            phrases.sentence(one.headline),
            _amount(one),
            marked,
            phrases.sentence(one.action),
            _owned(one.owner),
            *_foot(s, page, place),
        )
        yield Entry("deadline", one.signal_id, day, phrases.capital(one.mark or one.headline), lines)


def _ahead(s: Selection, day: str) -> date | None:
    """A day that a calendar is for: from the report date on, and not a date that stands for "never"."""
    found, today = date.fromisoformat(day) if day else date.min, s.figures.report_date
    return found if today <= found <= today.replace(year=today.year + YEARS, day=1) else None


def _at_stake(asked: Decision) -> str:
    return say("At stake: {amount}", amount=asked.stake) if asked.stake else ""


def _amount(signal: Signal) -> str:
    """The money that a deadline moves; when cash runs out, the burn that its amount is says nothing of that day."""
    amount = formats.stake(signal.amount_cents, "" if signal.per == "once" else signal.per)
    return say("Amount: {amount}", amount=amount) if amount and signal.signal_id != CASH_OUT else ""


def _owned(owner: str) -> str:
    return say("Owner: {owner}", owner=owner) if owner else ""


def _place(about: str, sections: Mapping[str, Sequence[object]], facts: Sequence[str] = ()) -> str:
    """The section that lists it or shows one of its facts; else page one."""
    for title, blocks in sections.items():
        if any(getattr(block, "item_id", "") == about for block in blocks):
            return title
    for title, blocks in sections.items():
        if not set(facts).isdisjoint(drill.facts_shown(blocks)):
            return title
    return say("page one")


def _foot(s: Selection, page: Page, place: str) -> Iterator[str]:
    day = formats.day(s.figures.report_date)
    yield say("More: {title} of {day}, {place}", title=page.title, day=day, place=place)
    if s.figures.sample:
        yield say("Sample data")


def _plain(words: str) -> str:
    """Text without what no calendar shows: controls and halves of characters; a line break is a space."""
    return " ".join(_CONTROL.sub(" ", words).split())
