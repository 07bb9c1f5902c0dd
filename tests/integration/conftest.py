"""One embedded platform for all scenarios: real scheduler, PostgreSQL, the endpoint, and an SES that tests direct."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integration.suite import Suite, started


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The platform, started once; scenarios use report dates or reports of their own and so share it."""
    with started(tmp_path_factory.mktemp("suite") / "a checkout") as platform:
        yield platform
