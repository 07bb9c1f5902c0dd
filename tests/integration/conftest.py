"""One embedded platform for all scenarios: real scheduler, PostgreSQL, the endpoint, and an SES that tests direct."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.suite import Suite, started

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
