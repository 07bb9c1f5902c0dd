"""What the tests of deliveries share: a deployment with a mail in every state; they read it and change nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from executive_suite.run import clock as clock_module
from executive_suite.run.deployment import Deployment
from faulted import faulted
from faults.desk import Clock
from ses_stub import SesStub


@pytest.fixture(scope="session")
def built(moto_server: str) -> tuple[Deployment, datetime]:
    """The deployment, and the moment at which everything had happened."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patched, SesStub() as ses:
        return faulted(moto_server, "faulted", ses, patched, clock), clock()


@pytest.fixture
def now(built: tuple[Deployment, datetime], monkeypatch: pytest.MonkeyPatch) -> datetime:
    """That moment, which is the product's as well."""
    monkeypatch.setattr(clock_module, "now", lambda: built[1])
    return built[1]


@pytest.fixture
def everything(built: tuple[Deployment, datetime], now: datetime) -> Deployment:
    """The deployment."""
    return built[0]
