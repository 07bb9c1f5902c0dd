"""On a phone the first decision is within one and a half screens, and nothing is wider than the screen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from screens import PROGRAMS

from executive_suite import config, reports
from executive_suite.run import pipeline
from group_data import INCLUDE, REPORT_DATE

PROGRAM = next(filter(None, map(shutil.which, PROGRAMS)), None)
WIDE, HIGH = 380, 800
"""Pixels of a small phone's screen."""


@pytest.mark.skipif(PROGRAM is None, reason="no Chromium on PATH")
def test_the_first_decision_is_within_one_and_a_half_screens(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    figures = pipeline.figures_of(INCLUDE / "data", REPORT_DATE, INCLUDE / "config")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=PROGRAM)
        screen = browser.new_page(viewport={"width": WIDE, "height": HIGH})
        for report in config.load(INCLUDE / "config").reports:
            made = reports.build(figures, report.model_copy(update={"formats": ("txt", "html")}))
            page = tmp_path / "page.html"
            page.write_bytes(made.files["html"])
            screen.goto(page.as_uri())
            box = screen.locator(".decisions li").first.bounding_box()
            assert box, report.report
            assert box["y"] + box["height"] <= 1.5 * HIGH, report.report
            assert screen.evaluate("document.documentElement.scrollWidth") <= WIDE, report.report
