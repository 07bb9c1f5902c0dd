"""Ten thousand small worlds in which everything fails, and the usual ways of doing it, which the same worlds break."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ReadTimeoutError

from executive_suite.archive import documents
from executive_suite.mailing import message, protocol
from executive_suite.mailing.errors import LeaseRunningError
from executive_suite.mailing.request import Request
from executive_suite.mailing.services import Services
from executive_suite.outbox.outbox import Outbox
from executive_suite.outbox.state import Answer, Claim
from executive_suite.ses import mailer
from executive_suite.ses.failures import Failure
from executive_suite.stores.store import ObjectMissingError, StoredObject
from faults.schedules import DELIVERY_ID, Deliver, World, search

SCHEDULES = 10_000
PART = 1_250
"""Schedules per test, so that every core searches."""


@pytest.mark.parametrize("first", range(0, SCHEDULES, PART))
def test_no_schedule_breaks_the_protocol(first: int) -> None:
    assert list(itertools.islice(search(range(first, first + PART)), 5)) == []


def test_the_worlds_are_rough() -> None:
    """A search in which nothing happens finds nothing: these are the things that must happen in it."""
    worlds = [World(seed) for seed in range(300)]
    for world in worlds:
        world.run()
    endings = {ending for world in worlds for ending in world.finished}
    assert endings >= {
        "sent",
        "StoreError",
        "LeaseRunningError",
        "UncertainError",
        "RefusedError",
        "RetryableError",
        "RevisionRequiredError",
        "ResendError",
    }
    assert any(world.dead for world in worlds)
    assert {sum(world.accepted.values()) for world in worlds} >= {0, 1, 2}


def send_then_record(request: Request, services: Services) -> None:
    """The naive way: look whether it was sent, send, write down that it was."""
    try:
        services.records.get("sent")
    except ObjectMissingError:
        _call(request, services, 1)
        services.records.put(StoredObject("sent", b""))


def lock_with_a_lease(request: Request, services: Services) -> None:
    """The usual way: a lock that runs out; when its holder said nothing in time, the next one sends."""
    ledger = Outbox(services.records)
    latest = ledger.read(DELIVERY_ID).latest
    now = services.clock()
    state = latest.state(now)
    if state == "sent":
        return
    if state == "claimed":
        raise LeaseRunningError(DELIVERY_ID, "lease", "is running", "wait", delay_seconds=1)
    deadline = now + timedelta(seconds=services.limits.lease_seconds)
    claim = Claim(len(latest.claims) + 1, services.nonce(), now, deadline, request.content_digest, "", "")
    ledger.claim(DELIVERY_ID, latest.number, claim)
    result = _call(request, services, latest.number)
    if isinstance(result, mailer.Accepted):
        ledger.answer(DELIVERY_ID, latest.number, Answer(claim.number, claim.nonce, "sent", now, result.message_id))


def a_retry_by_the_sdk(request: Request, services: Services) -> None:
    """Our own protocol with a client that repeats a call whose answer was lost, as boto3 does by default."""

    class Repeating:
        def send_email(self, **call: object) -> object:
            for _ in range(2):
                try:
                    return services.ses.send_email(**call)  # type: ignore[arg-type]
                except ReadTimeoutError:
                    continue
            return services.ses.send_email(**call)  # type: ignore[arg-type]

    protocol.deliver(request, replace(services, ses=Repeating()))  # type: ignore[arg-type]


@pytest.mark.parametrize("deliver", [send_then_record, lock_with_a_lease, a_retry_by_the_sdk])
def test_the_search_breaks_the_usual_ways(deliver: Deliver) -> None:
    found = next((text for _, text in search(range(1000), deliver) if "mails accepted in generation" in text), None)
    assert found is not None


def _call(request: Request, services: Services, generation: int) -> mailer.Accepted | Failure:
    made = documents.load(services.records, request.content_digest)
    labels = message.Labels(DELIVERY_ID, generation, services.clock())
    mime = services.freeze(made, "Executive Suite", "reports@example.com", "cfo@example.com", labels)
    return mailer.send(services.ses, mime, mailer.Envelope("reports@example.com", "cfo@example.com"))
