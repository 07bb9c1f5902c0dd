"""The system's Chromium and the sample's figures, once for all tests of how pages look and behave."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from screens import PROGRAMS

from executive_suite.facts.figures import Figures
from executive_suite.run import pipeline
from group_data import INCLUDE, REPORT_DATE

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium on PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=program)


@pytest.fixture(scope="session")
def figures(browser: Browser) -> Figures:
    """Computed only where there is a browser to show them."""
    del browser
    return pipeline.figures_of(INCLUDE / "data", REPORT_DATE, INCLUDE / "config")
