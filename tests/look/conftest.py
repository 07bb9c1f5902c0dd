"""The system's Chromium and the sample's figures, once for a module of tests.

Not longer: Playwright leaves an event loop running for as long as it is there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from screens import PROGRAMS

import sample_figures
from executive_suite.facts.figures import Figures
from group_data import REPORT_DATE

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium on PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=program)


@pytest.fixture(scope="module")
def figures(browser: Browser) -> Figures:
    """Computed only where there is a browser to show them."""
    del browser
    return sample_figures.figures(REPORT_DATE)
