"""One cluster for all scenarios, started once; each has a report date of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.cluster import Cluster, started
from engine.scenario import Scenario

HERE = Path(__file__).parent
PATIENCE_SECONDS = 1800
"""A scenario waits for time-outs of Airflow on whatever machine it runs; the bound is for one that hangs."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.engine)
            item.add_marker(pytest.mark.timeout(PATIENCE_SECONDS))


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster") / "checkout") as found:
        yield found


@pytest.fixture(scope="package")
def dates() -> Iterator[str]:
    return ((date(2026, 5, 1) - timedelta(weeks=week)).isoformat() for week in range(52))


@pytest.fixture
def scenario(cluster: Cluster, dates: Iterator[str]) -> Scenario:
    return Scenario(cluster, next(dates), cluster.mails())
