"""One embedded platform for all scenarios: real scheduler, PostgreSQL, the endpoint, and an SES that tests direct."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.suite import Suite, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
# A scenario waits for a scheduler on whatever machine it runs; the bound is for one that hangs.
PATIENCE_SECONDS = 1200


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the scenarios: they take longest."""
    mine = [item for item in items if item.path.is_relative_to(HERE)]
    for item in mine:
        item.add_marker(pytest.mark.timeout(PATIENCE_SECONDS))
    items[:] = mine + [item for item in items if item not in set(mine)]


@pytest.fixture(scope="package")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The platform, started once; scenarios use report dates or reports of their own and so share it.

    It stops with the last of them: an idle scheduler would take its share of a core from the tests that follow.
    """
    with started(tmp_path_factory.mktemp("suite") / "a checkout") as platform:
        yield platform


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real browser; without one, what is clicked is skipped."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=program)
