"""Who gets no mail, and until when."""

from __future__ import annotations

import boto3
import pytest

from executive_suite.identity import HashKey
from executive_suite.mailing.errors import RefusedError
from executive_suite.mailing.request import Request
from executive_suite.mailing.suppression import SuppressionList, account_gate
from executive_suite.stores.memory import MemoryStore
from faults.desk import MORNING, Desk, client
from loopback import PRETENDED
from ses_stub import SesStub

KEY, NEW_KEY = HashKey("k" * 32), HashKey("n" * 32)


def asked(address: str = "cfo@example.com", recipient_id: str = "primary") -> tuple[Request, str]:
    return Request("group", "cfo", "cfo-report", MORNING.date(), 1, "digest", recipient_id), address


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_a_suppressed_address_gets_nothing_in_any_spelling(store: MemoryStore) -> None:
    own = SuppressionList(store, KEY)
    assert own.gate(*asked()) is None
    own.add("CFO@Example.com", "hard bounce", MORNING)
    stop = own.gate(*asked("cfo@example.COM"))
    assert stop is not None
    assert (stop.code, stop.refused) == ("suppressed", True)
    assert "hard bounce" in stop.text
    assert own.gate(*asked("ceo@example.com", "ceo")) is None


def test_until_a_person_releases_it(store: MemoryStore) -> None:
    own = SuppressionList(store, KEY)
    own.add("cfo@example.com", "hard bounce", MORNING, recipient_id="primary", event_id="e1")
    assert own.release("primary", "cfo@example.com", actor="founder", reason="address works again", at=MORNING) == 1
    assert own.gate(*asked()) is None
    assert not own.add("cfo@example.com", "hard bounce", MORNING, recipient_id="primary", event_id="e1")
    assert own.gate(*asked()) is None  # the old event, come again, does not suppress anew
    assert own.add("cfo@example.com", "hard bounce", MORNING, recipient_id="primary", event_id="e2")
    assert own.gate(*asked()) is not None


def test_a_corrected_address_gets_mail_at_once(store: MemoryStore) -> None:
    SuppressionList(store, KEY).add("cf0@example.com", "hard bounce", MORNING, recipient_id="primary")
    assert SuppressionList(store, KEY).gate(*asked("cfo@example.com")) is None


def test_a_new_hash_key_does_not_forget(store: MemoryStore) -> None:
    """Under another key nobody can tell whether the address is the same: the recipient is held until released."""
    SuppressionList(store, KEY).add("cfo@example.com", "complaint", MORNING, recipient_id="primary")
    later = SuppressionList(store, NEW_KEY)
    stop = later.gate(*asked())
    assert stop is not None
    assert KEY.key_id in stop.text
    assert later.gate(*asked(recipient_id="other")) is None
    later.release("primary", "cfo@example.com", actor="founder", reason="looked at it", at=MORNING)
    assert later.gate(*asked()) is None


def test_the_list_holds_no_address(store: MemoryStore) -> None:
    own = SuppressionList(store, KEY)
    own.add("cfo@example.com", "hard bounce", MORNING, recipient_id="primary")
    own.release("primary", "cfo@example.com", actor="founder", reason="asked cfo@example.com", at=MORNING)
    for key in store.keys(""):
        assert "@" not in key
        assert b"@" not in store.get(key).body


def test_a_suppressed_recipient_is_refused_before_anything_is_claimed(ses: SesStub) -> None:
    desk = Desk(client(ses))
    own = SuppressionList(desk.records, desk.key)
    desk.gates = (own.gate,)
    desk.publish()
    own.add("cfo@example.com", "hard bounce", MORNING)
    with pytest.raises(RefusedError, match="suppressed"):
        desk.send()
    assert (desk.state(), len(ses.calls)) == ("none", 0)


def test_the_accounts_list_is_asked(ses: SesStub) -> None:
    gate = account_gate(client(ses))
    assert gate(*asked()) is None
    ses.suppressed["cfo@example.com"] = "BOUNCE"
    stop = gate(*asked())
    assert stop is not None
    assert "account's suppression list (bounce)" in stop.text


def test_an_endpoint_without_such_a_list_stops_nothing(moto_server: str) -> None:
    """moto's server does not offer it."""
    assert account_gate(boto3.client("sesv2", endpoint_url=moto_server, **PRETENDED))(*asked()) is None
