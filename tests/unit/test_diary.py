"""The calendar file: the report's dates as calendars read them, the same entry from report to report."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from executive_suite.brand import PLAIN
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import CASH_OUT, Signal, Subject
from executive_suite.rendering.blocks import Decision, FindingItem, Page
from executive_suite.reports import diary
from executive_suite.reports.frame import page as framed
from executive_suite.reports.selection import Selection
from report_figures import figures, report

DAY = date(2026, 5, 1)
HOSTILE = 'A, B; C\\ "D"\nBEGIN:VEVENT\r\nUID:x\x00\x07\u2028 \ud800' + "é株🚤" * 40


def signal(on: str, name: str = "cliff:jada:document:USCG-1", **more: object) -> Signal:
    given = {"headline": "JADA: Coast Guard certificate expires May 31", "readers": ("specimen",), **more}
    return Signal(name, "cliff", "jada", Subject("compliance_doc"), on=on, **given)  # type: ignore[arg-type]


def asked(due_on: str, title: str = "Renew JADA's Coast Guard certificate.") -> tuple[Action, Decision]:
    action = Action("act-1", "decisions", 1, title, "", "Operations", due_on, readers=("specimen",))
    return action, Decision(f"{title} (asked twice)", "It expires on May 31.", "Operations", "May 8", "$2,000", "act-1")


def made(*signals: Signal, actions: tuple[tuple[Action, Decision], ...] = (), **changes: object) -> Figures:
    base = replace(figures(), signals=signals, actions=tuple(action for action, _ in actions))
    return replace(base, **changes)  # type: ignore[arg-type]


def page_of(given: Figures, actions: tuple[tuple[Action, Decision], ...] = ()) -> Page:
    shown = framed(given, report(), revision=1, replaces=())
    return replace(shown, decisions=tuple(decision for _, decision in actions))


def body(given: Figures, *, actions: tuple[tuple[Action, Decision], ...] = (), revision: int = 1) -> bytes:
    return diary.file(Selection(given), page_of(given, actions), {}, revision=revision)


def events(file: bytes) -> list[Event]:
    return list(Calendar.from_ical(file).walk("VEVENT"))


def test_a_decision_and_a_deadline_are_whole_days_that_block_no_time() -> None:
    asks = (asked("2026-05-08"),)
    given = made(signal("2026-05-31", amount_cents=200_000, per="once", owner="Operations"), actions=asks)
    decision, deadline = events(body(given, actions=asks))
    assert (decision["dtstart"].dt, decision["dtend"].dt) == (date(2026, 5, 8), date(2026, 5, 9))
    assert (deadline["dtstart"].dt, deadline["dtend"].dt) == (date(2026, 5, 31), date(2026, 6, 1))
    assert decision["summary"] == "Renew JADA's Coast Guard certificate"
    assert str(decision["description"]).splitlines() == [
        "It expires on May 31.",
        "At stake: $2,000",
        "Owner: Operations",
        "More: SPECIMEN report of May 1, 2026, page one",
    ]
    assert "Amount: $2,000" in str(deadline["description"])
    for one in (decision, deadline):
        assert one["transp"] == "TRANSPARENT"
        assert one["dtstamp"].dt == datetime(2026, 5, 1, tzinfo=UTC)  # of the report, no clock


def test_next_month_moves_the_same_entry_and_a_correction_replaces_it() -> None:
    first = made(signal("2026-05-31"))
    later = replace(made(signal("2026-06-30", headline="Renewed until June 30")), report_date=date(2026, 6, 1))
    (was,), (now,), (again,) = events(body(first)), events(body(later)), events(body(first, revision=2))
    assert was["uid"] == now["uid"] == again["uid"]
    assert was["sequence"] < again["sequence"] < now["sequence"]  # RFC 5545, 3.8.7.4: the higher one holds
    assert now["dtstart"].dt == date(2026, 6, 30)


def test_a_decision_its_deadline_and_another_group_are_other_entries() -> None:
    asks = (asked("2026-05-08"),)
    named = (
        replace(asks[0][0], action_id="cliff:jada:document:USCG-1"),
        replace(asks[0][1], item_id="cliff:jada:document:USCG-1"),
    )
    given = made(signal("2026-05-31"), actions=(named,))
    other = replace(given, brand=replace(PLAIN, name="Another group"))
    ids = [str(one["uid"]) for file in (given, other) for one in events(body(file, actions=(named,)))]
    assert len(set(ids)) == 4


def test_what_is_past_undated_or_of_another_reader_is_not_listed() -> None:
    yesterday = (DAY - timedelta(days=1)).isoformat()
    assert body(made(signal(yesterday), signal(""), signal("2026-06-01", readers=("cfo",)))) == b""
    asks = (asked(yesterday),)
    assert body(made(actions=asks), actions=asks) == b""
    assert body(made(signal("9999-12-31"))) == b""  # how records say "never"
    assert events(body(made(signal(DAY.isoformat()))))


def test_the_amount_of_the_end_of_cash_is_a_burn_and_not_told_as_its_own() -> None:
    (one,) = events(body(made(signal("2026-08-05", CASH_OUT, amount_cents=800_000, per="month"))))
    assert "Amount" not in str(one["description"])


def test_the_section_that_lists_it_is_named() -> None:
    given = made(signal("2026-05-31"))
    item = FindingItem("t", "high", "r", "fires", "", "", "", "", (), item_id="cliff:jada:document:USCG-1")
    file = diary.file(Selection(given), page_of(given), {"First": (), "Permits": (item,)}, revision=1)
    assert str(events(file)[0]["description"]).endswith("of May 1, 2026, Permits")


def test_sample_data_says_so() -> None:
    assert "Sample data" in str(events(body(made(signal("2026-05-31"), sample=True)))[0]["description"])


@pytest.mark.parametrize("revision", [1, 2])
def test_hostile_names_stay_text(revision: int) -> None:
    """RFC 5545: lines end with CRLF and have at most 75 octets (3.1); texts are escaped (3.3.11); UTF-8 is whole."""
    asks = (asked("2026-05-08", HOSTILE),)
    given = made(signal("2026-05-31", headline=HOSTILE, action=HOSTILE, owner=HOSTILE), actions=asks)
    file = body(given, actions=asks, revision=revision)
    assert file == body(given, actions=asks, revision=revision)
    assert len(events(file)) == 2
    lines = file.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", file)
    for line in lines:
        line.decode()
    unfolded = file.replace(b"\r\n ", b"")
    assert unfolded.count(b"\r\nBEGIN:VEVENT") == 2
    assert b"\r\nUID:x" not in unfolded
    (decision, _) = events(file)
    assert str(decision["summary"]).startswith('A, B; C\\ "D" BEGIN:VEVENT UID:x')
