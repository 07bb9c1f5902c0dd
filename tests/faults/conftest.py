"""After every fault the room says what the command line says; no scenario has to remember it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from agreement import disagreements
from executive_suite.run import clock
from executive_suite.run.deployment import Deployment, from_environment
from faults.desk import Desk
from faults.lanes import like
from open_deployment import ADDRESSES


@pytest.fixture(scope="session")
def room_of_desks() -> Deployment:
    """A deployment whose configuration is that of a ``Desk``; its records are those of the desk that is looked at."""
    return from_environment(
        {
            **ADDRESSES,
            "AWS_SES_FROM_NAME": "Reports",
            "REPORTS_BUCKET": "reports",
            "RECORDS_BUCKET": "records",
            "RECIPIENT_HASH_KEY": "k" * 32,
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_ENDPOINT_URL_SESV2": "http://127.0.0.1:9",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",  # pragma: allowlist secret
        }
    )


@pytest.fixture(autouse=True)
def _the_room_agrees(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, room_of_desks: Deployment
) -> Iterator[None]:
    """Look at every desk and deployment of a test when it is over."""
    seen = [request.getfixturevalue("opened")] if "opened" in request.fixturenames else []
    desks: list[Desk] = []
    made = Desk.__init__

    def noted(self: Desk, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        desks.append(self)

    monkeypatch.setattr(Desk, "__init__", noted)
    yield
    for one in seen:
        assert disagreements(one, clock.now()) == []
    for desk in desks:
        assert disagreements(_over(desk, room_of_desks), desk.clock()) == []


def _over(desk: Desk, room: Deployment) -> Deployment:
    """The same deployment over the records of a desk."""
    made = like(room)
    made.__dict__["records"] = desk.records
    return made
