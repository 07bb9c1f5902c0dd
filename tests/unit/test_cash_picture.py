"""The cash picture says what happens on its days where page one has room, and shows the days alone where it has not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

from executive_suite import config, formats
from executive_suite.facts.figures import Figures
from executive_suite.rendering import reading
from executive_suite.rendering.blocks import Chart
from executive_suite.reports.build import view_of
from group_data import INCLUDE
from sample_figures import figures

CONFIGURED = config.load(INCLUDE / "config")
LONG = " of the Pacific Coast and all of its Islands and Sons and Daughters and Heirs" * 2


def drawn(found: Figures, report: str) -> Chart:
    with formats.speaking(found.currency, found.locale, found.report_date):
        page = view_of(found, CONFIGURED.report(report)).page
    assert reading.on_page_one(page) <= reading.MOST_ON_PAGE_ONE
    assert page.picture is not None
    assert page.picture.sparing is None, "a page has one picture"
    return page.picture


def labels(chart: Chart) -> list[tuple[str, str]]:
    """Words and look of each label, in both layouts."""
    texts = [
        text
        for svg in (chart.svg, chart.narrow)
        for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    return [(text.text or "", text.attrib["class"]) for text in texts]


# Product statement: on 31 May 2026 all of the revenue ends; a charter sails on 20 May uninsured.
def test_events_say_what_happens_next_to_their_day() -> None:
    for report in ("ceo", "cfo"):
        shown = labels(drawn(figures(date(2026, 5, 1)), report))
        assert shown.count(("All of the revenue ends", "act-text")) == 2
        assert {("May 20", "soft"), ("May 31", "soft"), ("base case", "soft")} <= set(shown)
        assert any("insurance certificate" in words for words, _ in shown)


def test_without_room_the_days_stand_alone_and_no_sentence_is_lost_to_them() -> None:
    found = figures(date(2026, 5, 1))
    long = replace(found, signals=tuple(replace(one, mark=f"{one.mark}{LONG}") for one in found.signals))
    shown = labels(drawn(long, "cfo"))
    assert not any("Islands" in words for words, _ in shown)
    assert ("May 31", "soft") in shown


def test_a_balance_without_postings_since_the_months_end_says_so() -> None:
    assert "after Apr 30" in drawn(figures(date(2026, 5, 15)), "ceo").note
    assert not drawn(figures(date(2026, 5, 1)), "ceo").note
    assert not drawn(figures(date(2025, 9, 15)), "ceo").note
