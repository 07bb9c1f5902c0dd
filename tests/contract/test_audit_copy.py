"""The search copy in CloudWatch Logs, against a real endpoint (moto's server): taken, refused, replayed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from executive_suite.mailing.witness import CloudWatchWitness
from executive_suite.stores.memory import MemoryStore
from executive_suite.trail import search_copy
from executive_suite.trail.chain import Chain, Event
from executive_suite.trail.search_copy import CloudWatchCopy
from faults.desk import Clock
from loopback import PRETENDED

CHAIN = "runs/2026-05-01/0123456789abcdef/cfo"


@pytest.fixture
def logs(moto_server: str) -> Any:
    return boto3.client("logs", endpoint_url=moto_server, **PRETENDED)


@pytest.fixture
def copy(logs: Any, request: pytest.FixtureRequest) -> Iterator[CloudWatchCopy]:
    from datetime import UTC, datetime

    group = f"/aws/reports/{request.node.name[:60].replace('[', '-').replace(']', '')}-{os.getpid()}"
    yield CloudWatchCopy(logs, lambda: datetime.now(UTC), group)
    if any(found["logGroupName"] == group for found in logs.describe_log_groups()["logGroups"]):
        logs.delete_log_group(logGroupName=group)


def test_events_arrive_in_a_stream_of_their_chain(copy: CloudWatchCopy) -> None:
    chain = Chain(MemoryStore(), CHAIN, clock=Clock(), copy=copy)
    chain.append(Event(kind="delivery.claimed"))
    chain.append(Event(kind="delivery.outcome", outcome="sent"))
    found = list(copy.events(CHAIN))
    assert [event["type"] for event in found] == [
        "executive_suite.delivery.claimed",
        "executive_suite.delivery.outcome",
    ]
    assert found[0]["time"] == "2026-05-01T13:00:00.000000Z"  # its own time, not that of the copy
    assert copy.refused == 0


def test_a_copy_that_is_not_there_stops_nothing_and_is_replayed(copy: CloudWatchCopy) -> None:
    store = MemoryStore()
    nowhere = boto3.client("logs", endpoint_url="http://127.0.0.1:9", **PRETENDED)
    broken = CloudWatchCopy(nowhere, copy._clock, copy._group)  # noqa: SLF001 - the same group, another endpoint
    Chain(store, CHAIN, clock=Clock(), copy=broken).append(Event(kind="delivery.claimed"))
    Chain(store, CHAIN, clock=Clock(), copy=copy).append(Event(kind="delivery.outcome"))
    assert broken.refused == 1
    assert [search_copy.replay(store, copy), search_copy.replay(store, copy)] == [1, 0]
    assert {event["id"] for event in copy.events(CHAIN)} == {f"{CHAIN}/1", f"{CHAIN}/2"}


def test_what_cloudwatch_answers_success_to_and_drops_is_counted(logs: Any, copy: CloudWatchCopy) -> None:
    """Events older than 14 days are dropped with HTTP 200; only ``rejectedLogEventsInfo`` says so."""
    old = CloudWatchCopy(logs, Clock(), copy._group)  # noqa: SLF001 - the same group, under a clock long ago
    Chain(MemoryStore(), CHAIN, clock=Clock(), copy=old).append(Event(kind="delivery.claimed"))
    assert (old.refused, list(copy.events(CHAIN))) == (1, [])


# the three indexes of rejectedLogEventsInfo, CloudWatch Logs API reference: ends are exclusive, the start inclusive
@pytest.mark.parametrize(
    ("info", "lost"),
    [
        ({}, 0),
        ({"tooOldLogEventEndIndex": 3}, 3),
        ({"expiredLogEventEndIndex": 2}, 2),
        ({"tooNewLogEventStartIndex": 8}, 2),
        ({"tooOldLogEventEndIndex": 3, "expiredLogEventEndIndex": 2, "tooNewLogEventStartIndex": 8}, 5),
        ({"tooOldLogEventEndIndex": 10, "tooNewLogEventStartIndex": 0}, 10),
        ({"tooOldLogEventEndIndex": 0}, 1),  # moto gives the last index itself
    ],
)
def test_rejections_are_counted(info: dict[str, int], lost: int) -> None:
    assert search_copy.rejected_count(info, 10) == lost


def test_more_events_than_one_call_takes(copy: CloudWatchCopy) -> None:
    store = MemoryStore()
    chain = Chain(store, CHAIN, clock=Clock())
    for number in range(search_copy.BATCH + 5):
        chain.append(Event(kind="feedback.delivered", attempt=number))
    assert search_copy.replay(store, copy, "runs/") == search_copy.BATCH + 5
    assert copy.known(CHAIN) == {f"{CHAIN}/{number}" for number in range(1, search_copy.BATCH + 6)}


def test_a_witness_remembers_claims(copy: CloudWatchCopy) -> None:
    witness = CloudWatchWitness(copy, scope="records")
    assert witness.claims("a" * 52) == frozenset()
    witness.saw("a" * 52, 1, 1)
    witness.saw("a" * 52, 1, 2)
    witness.saw("b" * 52, 1, 1)
    assert witness.claims("a" * 52) == {(1, 1), (1, 2)}
    assert CloudWatchWitness(copy, scope="another-bucket").claims("a" * 52) == frozenset()


def test_a_witness_that_cannot_be_asked_knows_nothing(copy: CloudWatchCopy) -> None:
    nowhere = boto3.client("logs", endpoint_url="http://127.0.0.1:9", **PRETENDED)
    witness = CloudWatchWitness(CloudWatchCopy(nowhere, copy._clock), scope="records")  # noqa: SLF001 - the same clock
    witness.saw("a" * 52, 1, 1)
    assert witness.claims("a" * 52) == frozenset()
