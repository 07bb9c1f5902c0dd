"""A records bucket that fails at any one of its operations, in every way: counted at SES, and the trail verified."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import boto3
import pytest

from executive_suite.archive.publication import ArchiveError, ContendedError
from executive_suite.mailing.errors import NotSentError
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.s3 import S3Store
from executive_suite.stores.store import StoredObject, StoreError
from executive_suite.trail import verification
from executive_suite.trail.chain import TrailError
from faults.desk import Desk, client
from loopback import PRETENDED
from ses_stub import SesStub

How = Literal["fails", "answer lost", "own write met"]
RED = (NotSentError, StoreError, TrailError, ArchiveError, ContendedError)


@dataclass
class Failing(MemoryStore):
    """Fails at its n-th operation, once; "answer lost" means that a write landed all the same."""

    at: int = -1
    how: How = "fails"
    count: int = 0
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def _now(self, what: str) -> bool:
        self.count += 1
        if self.count == self.at:
            self.done.append(what)
            return True
        return False

    def create(self, item: StoredObject) -> bool:
        if self._now(f"create {item.key}"):
            if self.how != "fails":
                super().create(item)
            if self.how == "own write met":  # the SDK repeats a write whose answer was lost, and is told no
                return False
            msg = f"create {item.key}: 503 Slow Down"
            raise StoreError(msg)
        return super().create(item)

    def get(self, key: str) -> StoredObject:
        if self._now(f"get {key}"):
            msg = f"get {key}: 500 Internal Error"
            raise StoreError(msg)
        return super().get(key)

    def keys(self, prefix: str) -> Iterator[str]:
        if self._now(f"list {prefix}"):
            msg = f"list {prefix}: read timeout"
            raise StoreError(msg)
        return super().keys(prefix)


@pytest.fixture(scope="module")
def ses() -> Iterator[SesStub]:
    with SesStub() as stub:
        yield stub


@pytest.mark.parametrize("how", ["fails", "answer lost", "own write met"])
def test_a_bucket_that_fails_at_any_one_operation_never_makes_a_second_mail(ses: SesStub, how: How) -> None:
    sender, at, stopped = client(ses), 0, 0
    while True:
        at += 1
        ses.reset()
        desk = Desk(sender, records=Failing(how=how))
        desk.publish()
        records: Any = desk.records
        records.at = records.count + at
        try:
            desk.send()
        except RED:
            stopped += 1
        if not records.done:
            records.at = -1
            break  # the whole delivery has fewer operations
        for _ in range(3):
            desk.clock.forward(3600)
            with contextlib.suppress(*RED):
                desk.send()
        ended = (desk.state(), len(ses.accepted))
        assert ended in {("sent", 1), ("uncertain", 1), ("uncertain", 0)}, records.done
        assert verification.verify(verification.stored(records)).faults == (), records.done
    assert at > 20  # a delivery has that many operations; each of them failed once
    assert stopped > 10 or how == "own write met"


class Lossy:
    """A botocore hook: a write that S3 has served already ends in a 500 for the caller."""

    def __init__(self, s3: Any, times: int) -> None:
        self.left = times
        s3.meta.events.register("needs-retry.s3.PutObject", self._lose, unique_id=f"lossy{id(self)}")

    def _lose(self, response: Any, **_: Any) -> None:
        if self.left and response is not None and response[0].status_code == 200:
            self.left -= 1
            response[0].status_code = 500
            response[1]["Error"] = {"Code": "InternalError", "Message": "We encountered an internal error."}
            response[1]["ResponseMetadata"]["HTTPStatusCode"] = 500


@pytest.mark.parametrize("times", [1, 2, 4])
def test_s3_that_served_a_write_and_said_500_is_met_again_by_the_sdk(
    ses: SesStub, moto_server: str, bucket: str, times: int
) -> None:
    """The SDK repeats the conditional write and gets 412 for its own: over HTTP, with the SDK's own retries on."""
    ses.reset()
    s3: Any = boto3.client("s3", endpoint_url=moto_server, **PRETENDED)
    desk = Desk(client(ses), records=S3Store(s3, bucket))
    desk.publish()
    Lossy(s3, times)
    for _ in range(2):
        try:
            desk.send()
        except RED:
            desk.clock.forward(3600)
    assert len(ses.accepted) <= 1
    assert desk.state() in {"sent", "uncertain"}
    assert verification.verify(verification.stored(desk.records)).faults == ()


def test_a_bucket_that_was_deleted_sends_nothing(ses: SesStub, s3_client: Any, bucket: str) -> None:
    ses.reset()
    desk = Desk(client(ses), records=S3Store(s3_client, bucket))
    desk.publish()
    made = S3Store(s3_client, f"{bucket}-gone")
    desk.records = made
    with pytest.raises(StoreError, match="NoSuchBucket"):
        desk.send()
    assert not ses.calls


@pytest.mark.parametrize("lock", [False, True])
def test_a_versioned_or_locked_bucket_is_a_bucket_like_any_other(
    ses: SesStub, s3_client: Any, bucket: str, *, lock: bool
) -> None:
    ses.reset()
    name = f"{bucket}-kept"
    s3_client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)
    s3_client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if lock:
        rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}
        s3_client.put_object_lock_configuration(
            Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
        )
    desk = Desk(client(ses), records=S3Store(s3_client, name))
    desk.publish()
    assert [desk.send().already, desk.send().already] == [False, True]
    assert len(ses.accepted) == 1


def test_a_refusal_of_aws_shows_no_address_that_a_session_is_called_by(s3_client: Any, bucket: str) -> None:
    def refuse(**_: Any) -> Any:
        response = type("Response", (), {"status_code": 403, "headers": {}, "content": b"", "raw": None})()
        text = "User: arn:aws:sts::123456789012:assumed-role/suite/ann@example.com is not authorized"
        return response, {
            "Error": {"Code": "AccessDenied", "Message": text},
            "ResponseMetadata": {"HTTPStatusCode": 403},
        }

    s3_client.meta.events.register("before-call.s3", refuse)
    store = S3Store(s3_client, bucket)
    for act in (lambda: store.get("k"), lambda: list(store.keys("k")), lambda: store.create(StoredObject("k", b""))):
        with pytest.raises(StoreError, match="AccessDenied") as caught:
            act()
        assert "@" not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
