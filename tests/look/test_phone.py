"""On a phone the first decision is within one and a half screens, and nothing is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from executive_suite import config, reports
from executive_suite.facts.figures import Figures
from group_data import INCLUDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE, HIGH = 380, 800
"""Pixels of a small phone's screen."""
CUT = """() => [...document.querySelectorAll(".scroll")]
    .filter(table => table.checkVisibility() && table.scrollWidth > table.clientWidth)
    .map(table => table.getAttribute("aria-label"))"""
"""Tables of the body of which a column is out of sight; those in closed details are evidence, and scroll."""


@pytest.fixture(scope="module")
def pages(figures: Figures, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for report in config.load(INCLUDE / "config").reports:
        made = reports.build(figures, report.model_copy(update={"formats": ("txt", "html")}))
        found[report.report] = tmp_path_factory.mktemp("pages") / "page.html"
        found[report.report].write_bytes(made.files["html"])
    return found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    screen = browser.new_page(viewport={"width": WIDE, "height": HIGH})
    yield screen
    screen.close()


def test_the_first_decision_is_within_one_and_a_half_screens(phone: Page, pages: dict[str, Path]) -> None:
    for report, page in pages.items():
        phone.goto(page.as_uri())
        box = phone.locator(".decisions li").first.bounding_box()
        assert box, report
        assert box["y"] + box["height"] <= 1.5 * HIGH, report


def test_nothing_is_cut_off_at_the_edge_of_the_screen(phone: Page, pages: dict[str, Path]) -> None:
    for report, page in pages.items():
        phone.goto(page.as_uri())
        assert phone.evaluate("document.documentElement.scrollWidth") <= WIDE, report
        assert phone.evaluate(CUT) == [], report


@pytest.mark.parametrize("report", ["ceo", "rental"])
def test_escape_closes_a_panel_and_gives_the_focus_back_to_what_opened_it(
    phone: Page, pages: dict[str, Path], report: str
) -> None:
    """As the ARIA practices ask of a dialog: focus moves in, Escape closes, focus returns; without any script."""
    phone.goto(pages[report].as_uri())
    for opener in (phone.locator(".decisions .opens").first, phone.locator(".kpi .opens").last):
        opener.focus()
        before = phone.evaluate("scrollY")
        phone.keyboard.press("Enter")
        assert phone.locator(":popover-open").count() == 1
        assert phone.evaluate("document.activeElement.closest(':popover-open') !== null")
        phone.keyboard.press("Escape")
        assert phone.locator(":popover-open").count() == 0
        assert opener.evaluate("button => button === document.activeElement")
        assert phone.evaluate("scrollY") == before
