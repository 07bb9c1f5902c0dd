"""What changes between two tries: hash key, address, variant, the outbox itself, another run at the same time."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from executive_suite.identity import HashKey
from executive_suite.mailing.errors import HeldError, NotSentError, RefusedError, UncertainError
from executive_suite.outbox.outbox import Outbox
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.s3 import S3Store
from executive_suite.trail.chain import Chain
from executive_suite.trail.search_copy import CloudWatchCopy
from faults.desk import Desk, client, document
from loopback import PRETENDED
from ses_stub import Do, SesStub


@pytest.fixture
def desk(ses: SesStub) -> Desk:
    made = Desk(client(ses))
    made.publish()
    return made


def test_a_new_hash_key_sends_nothing_again(ses: SesStub, desk: Desk) -> None:
    """Delivery ids are keyed; keys are rotated every quarter; a rerun of last quarter must meet its own record."""
    first = desk.send()
    desk.key = HashKey("n" * 32)
    again = desk.send()
    assert (again.already, again.delivery_id) == (True, first.delivery_id)
    assert len(ses.accepted) == 1


def test_a_reader_who_would_change_variant_gets_no_second_mail(ses: SesStub, desk: Desk) -> None:
    desk.send(variant="a")
    assert desk.send(variant="b").already
    assert len(ses.accepted) == 1


def test_a_variant_that_changed_before_the_send_is_held(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("throttle"))
    with pytest.raises(NotSentError):
        desk.send(variant="a")
    with pytest.raises(HeldError, match="other-variant"):
        desk.send(variant="b")
    assert not desk.send(variant="a").already


def test_a_corrected_address_is_used_by_the_next_try_and_both_mails_are_kept(ses: SesStub, desk: Desk) -> None:
    desk.address = "cf0@example.com"
    ses.script("*", Do("refuse"))
    with pytest.raises(RefusedError):
        desk.send()
    desk.address = "cfo@example.com"
    outcome = desk.send()
    (mail,) = ses.accepted
    assert mail.to == ("cfo@example.com",)
    assert mail.parsed["To"] == "cfo@example.com"
    assert len(list(desk.records.keys("mails/"))) == 2
    assert b"To: cfo@example.com" in desk.records.get(outcome.mail_key).body


def test_a_retry_sends_the_very_bytes_that_were_kept(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("throttle"))
    with pytest.raises(NotSentError):
        desk.send()
    (kept,) = desk.records.keys("mails/")
    before = desk.records.get(kept)
    desk.clock.forward(86_400)
    outcome = desk.send()
    assert outcome.mail_key == kept
    assert ses.accepted[0].parsed["Date"] == "Fri, 01 May 2026 13:00:00 +0000"
    assert desk.records.get(kept) == before


class Memory:
    """A witness that is not restored together with the ledger."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int, int]] = set()

    def claims(self, delivery_id: str) -> frozenset[tuple[int, int]]:
        return frozenset((g, n) for found, g, n in self.seen if found == delivery_id)

    def saw(self, delivery_id: str, generation: int, number: int) -> None:
        self.seen.add((delivery_id, generation, number))


@pytest.mark.parametrize("retries", [1, 3])
def test_a_ledger_restored_from_an_old_copy_sends_nothing_again(ses: SesStub, desk: Desk, retries: int) -> None:
    desk.witness = Memory()
    old = MemoryStore()
    for key in desk.records.keys(""):
        old.put(desk.records.get(key))
    desk.send()
    desk.records = old
    for _ in range(retries):
        with pytest.raises(UncertainError):
            desk.send()
    assert (desk.state(), len(ses.accepted)) == ("uncertain", 1)


def test_the_search_copy_of_the_trail_is_a_witness(
    ses: SesStub, s3_client: Any, bucket: str, moto_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over real endpoints, with nothing configured but the search copy: every object of the bucket goes back."""
    logs = boto3.client("logs", endpoint_url=moto_server, **PRETENDED)
    copy = CloudWatchCopy(logs, lambda: datetime.now(UTC), f"/aws/reports/{bucket}")
    desk = Desk(client(ses), records=S3Store(s3_client, bucket))
    plain = desk.services
    monkeypatch.setattr(desk, "services", lambda: replace(plain(), chain=_copied(plain().chain, copy)))
    desk.publish()
    before = set(desk.records.keys(""))
    desk.send()
    for key in set(desk.records.keys("")) - before:
        s3_client.delete_object(Bucket=bucket, Key=key)
    with pytest.raises(UncertainError):
        desk.send()
    assert len(ses.accepted) == 1


def _copied(chain: Chain, copy: CloudWatchCopy) -> Chain:
    chain.copy = copy
    return chain


def test_without_a_witness_a_restored_ledger_is_believed(ses: SesStub, desk: Desk) -> None:
    """What docs/guarantees.md says is not promised: this is why the witness is there."""
    old = MemoryStore()
    for key in desk.records.keys(""):
        old.put(desk.records.get(key))
    desk.send()
    desk.records = old
    desk.send()
    assert len(ses.accepted) == 2


def test_a_witness_agrees_with_a_ledger_that_was_not_restored(ses: SesStub, desk: Desk) -> None:
    desk.witness = Memory()
    ses.script("*", Do("throttle"), Do("throttle"))
    for _ in range(2):
        with pytest.raises(NotSentError):
            desk.send()
    assert not desk.send().already
    assert desk.send().already
    assert len(desk.witness.seen) == 3


def test_runs_that_race_for_one_period_send_once(ses: SesStub, s3_client: Any, bucket: str) -> None:
    """Two runs, a backfill and a rerun at the same time, each with connections of its own, over S3 and HTTP."""
    ses.script("*", Do(seconds=0.2))
    desks = [Desk(client(ses), records=S3Store(s3_client, bucket)) for _ in range(4)]
    desks[0].publish()
    endings: list[str] = []

    def send(desk: Desk) -> None:
        try:
            endings.append("already" if desk.send(backfill=desk is desks[2], armed=True).already else "sent")
        except NotSentError as error:
            endings.append(error.state)

    threads = [threading.Thread(target=send, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ses.accepted) == 1
    assert endings.count("sent") == 1
    assert set(endings) <= {"sent", "already", "claimed"}


def test_runs_with_different_bytes_send_one_of_them(ses: SesStub, s3_client: Any, bucket: str) -> None:
    records, reports = S3Store(s3_client, bucket), MemoryStore()
    mades = [document(f"bytes {number}") for number in range(3)]
    endings: list[str] = []

    def lane(made: Any) -> None:
        desk = Desk(client(ses), records=records, reports=reports)
        try:
            desk.publish(made)
            desk.send(made=made)
            endings.append("sent")
        except Exception as error:  # noqa: BLE001 - how each lane ended is what is looked at
            endings.append(type(error).__name__)

    threads = [threading.Thread(target=lane, args=(made,)) for made in mades]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ses.accepted) <= 1
    assert set(endings) <= {
        "sent", "ContendedError", "RevisionRequiredError", "RefusedError", "RetryableError", "LeaseRunningError",
    }  # fmt: skip
    if ses.accepted:
        assert reports.get("2026-05-01/cfo-report.html").body == str(ses.accepted[0].parsed["Subject"]).encode()


def test_each_recipient_gets_one_call_and_a_bad_one_sinks_nobody(ses: SesStub, desk: Desk) -> None:
    ses.script("cf0@example.com", Do("refuse"))
    addresses = {"primary": "cfo@example.com", "typo": "cf0@example.com", "board": "board@example.com"}
    for recipient_id, address in addresses.items():
        desk.address = address
        if recipient_id == "typo":
            with pytest.raises(RefusedError):
                desk.send(recipient_id=recipient_id)
        else:
            desk.send(recipient_id=recipient_id)
    assert [mail.to for mail in ses.accepted] == [("cfo@example.com",), ("board@example.com",)]
    assert len(list(Outbox(desk.records).entries())) == 3


def test_more_than_fifty_addresses_are_refused_before_the_call(ses: SesStub, desk: Desk) -> None:
    many = tuple(f"audit{number}@example.com" for number in range(50))
    services = desk.services()
    from executive_suite.mailing import protocol

    with pytest.raises(RefusedError, match="TooManyDestinations"):
        protocol.deliver(desk.request(), replace(services, sender=replace(services.sender, bcc=many)))
    assert not ses.calls


def test_no_address_stands_in_any_key_or_in_the_trail(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("refuse", text="Email address is not verified: cfo@example.com"))
    with pytest.raises(RefusedError) as caught:
        desk.send()
    desk.send()
    assert "@" not in str(caught.value)
    for key in desk.records.keys(""):
        assert "@" not in key
        if not key.startswith("mails/"):
            assert b"@" not in desk.records.get(key).body
