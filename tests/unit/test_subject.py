"""The subject of a mail: the reader's first signal, in 70 characters, whatever the data holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from executive_suite import config, formats
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Kind, Signal, Subject
from executive_suite.mailing.message import _UNSAFE
from executive_suite.reports import subject
from report_figures import figures, report

LONG = "JADA: no insurance certificate since Oct 31, 2025; 1 service sold for May 20, 2026 without one"


def signal(headline: str, *readers: str, entity_id: str = "group", kind: Kind = "cliff") -> Signal:
    return Signal("cliff:a", kind, entity_id, Subject(), headline, readers=readers or ("specimen",), action_id="a")


def made(*signals: Signal, revision: int = 1, **changes: object) -> str:
    told = replace(figures(), signals=signals, entities={"group": "Group", "jada": "JADA"})
    return subject.of(told, report().model_copy(update={"short_name": "CFO", **changes}), revision)


def test_it_is_the_first_signal_that_the_report_is_read_for() -> None:
    others = signal("Cash runs out on Jun 1, 2026", "ceo")
    assert made(others, signal("The lease ends on May 31, 2026")) == "The lease ends on May 31, 2026 | CFO, May 1, 2026"


def test_without_a_signal_it_is_title_and_date() -> None:
    assert made() == "SPECIMEN report, May 1, 2026"
    assert made(revision=2) == "SPECIMEN report, May 1, 2026 (revision 2)"


def test_a_revision_is_marked_within_the_length() -> None:
    told = made(signal(LONG), revision=3)
    assert told == "JADA: no insurance certificate… | CFO, May 1, 2026 (revision 3)"


def test_two_reports_of_one_date_have_different_subjects() -> None:
    both = signal("Cash runs out on Jun 1, 2026")
    assert made(both, short_name="CEO") != made(both)
    # Without a short name it is the title, or the id if the title would take all the room.
    assert made(both, short_name=None).endswith(" | SPECIMEN report, May 1, 2026")
    assert made(both, short_name=None, title="A title that leaves no room").endswith(" | specimen, May 1, 2026")


def test_a_report_on_one_business_need_not_name_it() -> None:
    about = signal("JADA: lease ends on May 31, 2026", entity_id="jada")
    assert made(about).startswith("JADA: lease")
    assert made(about, entity="jada") == "Lease ends on May 31, 2026 | CFO, May 1, 2026"


def test_what_is_still_open_is_named_before_how_often_it_was_asked() -> None:
    title = "Deploy an accounting system"
    action = Action("a", "decisions", 1, title, "", "", "", "group", "", None, "1")
    told = replace(
        figures(), actions=(action,), signals=(signal(f"Asked 4 times, still open: {title}", kind="decision_open"),)
    )
    assert subject.of(told, report(), 1).startswith(f"Still open: {title} | ")


def test_the_date_is_in_the_groups_locale() -> None:
    with formats.speaking("EUR", "de_DE"):
        assert made(signal("Die Pacht endet")) == "Die Pacht endet | CFO, 1 May 2026"


@pytest.mark.parametrize(
    ("headline", "room", "line"),
    [
        (LONG, 60, "JADA: no insurance certificate since Oct 31, 2025"),  # a clause
        (LONG, 48, "JADA: no insurance certificate…"),  # not within a date, not after "since"
        ("Lease of the flat (top floor, west) ends soon", 30, "Lease of the flat…"),  # not in brackets
        ("9 customers owe us $9,379 in all, some for 90 days", 27, "9 customers owe…"),  # not in an amount
        ("Gesellschaftsvertragsentwurfskommission ends", 20, ""),  # never within a word
        ("Harbor Tours of San Diego: license has lapsed", 35, "Harbor Tours of San Diego: license…"),
    ],
)
def test_it_is_cut_where_words_end(headline: str, room: int, line: str) -> None:
    lead = len("Harbor Tours of San Diego: ") if headline.startswith("Harbor") else 0
    assert subject.shortened(headline, room, lead) == line


def test_a_name_alone_is_no_headline() -> None:
    name = "Gesellschaft für Dienstleistungen: "
    assert subject.shortened(f"{name}lizenzverlängerungspflichtig", 40, len(name)) == ""


WORD = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)


@given(st.lists(WORD, min_size=1, max_size=30), st.integers(5, 80))
def test_a_shortened_line_is_the_beginning_of_the_headline_in_whole_words(words: list[str], room: int) -> None:
    text = " ".join(words)
    line = subject.shortened(text, room)
    assert len(line) <= room
    if line != text:
        begun = line.removesuffix("…")
        assert text.startswith(begun)
        rest = text[len(begun) :]
        assert not line or rest[0] in " ;:,–—→"
        assert not line.endswith("…") or not begun[-1].isdigit()


@given(st.text(max_size=200))
@example("Cash\r\nBcc: thief@example.com ends")
@example("=?utf-8?q?=0ABcc:_thief?= ends =?\u200b=?")
@example("a\u2028b\x85c\x00d")
def test_nothing_of_the_data_can_end_a_header(words: str) -> None:
    told = made(signal(words))
    assert _UNSAFE.search(told) is None
    assert told == told.strip()
    assert len(told) <= 70


def test_every_shipped_report_has_a_short_name_of_its_own() -> None:
    from group_data import INCLUDE

    names = [one.short_name for one in config.load(INCLUDE / "config").reports]
    assert None not in names
    assert len(set(names)) == len(names)
