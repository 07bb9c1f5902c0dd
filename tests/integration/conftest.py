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
    """Keep the scenarios that share the platform on one worker, and begin with all scenarios: they take longest.

    Those that start a platform of their own go to the other worker meanwhile.
    """
    mine = [item for item in items if item.path.is_relative_to(HERE)]
    for item in mine:
        shared = "suite" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("airflow" if shared else item.path.stem))
        item.add_marker(pytest.mark.timeout(PATIENCE_SECONDS))
    items[:] = mine + [item for item in items if item not in set(mine)]


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The platform, started once; scenarios use report dates or reports of their own and so share it."""
    with started(tmp_path_factory.mktemp("suite") / "a checkout") as platform:
        yield platform
