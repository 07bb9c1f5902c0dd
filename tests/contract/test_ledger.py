"""The contract of the ledger, over S3 (a real moto server) and over the memory of the randomised search."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from executive_suite.outbox.book import ClaimLostError, Ledger, Slot
from executive_suite.outbox.state import Answer, Claim, Evidence, Opening
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.s3 import S3Store
from executive_suite.stores.store import ObjectStore, StoredObject, StoreError

NOW = datetime(2026, 5, 1, 13, tzinfo=UTC)
LATER = NOW + timedelta(seconds=200)
ID = "a" * 52
CLAIM = Claim(1, "n1", NOW, NOW + timedelta(seconds=120), "content", "envelope", f"mails/{ID}/g1.eml")
SLOT = Slot("group", "cfo", date(2026, 5, 1), "primary", 1)


@pytest.fixture(params=["s3", "memory"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    if request.param == "memory":
        return MemoryStore()
    return S3Store(request.getfixturevalue("s3_client"), request.getfixturevalue("bucket"))


@pytest.fixture
def ledger(store: ObjectStore) -> Ledger:
    return Ledger(store)


def test_an_unknown_delivery_is_in_its_first_generation_and_state_none(ledger: Ledger) -> None:
    record = ledger.read(ID)
    assert (record.latest.number, record.state(NOW), record.may_have_sent()) == (1, "none", frozenset())


def test_a_claim_runs_then_is_uncertain(ledger: Ledger) -> None:
    ledger.claim(ID, 1, CLAIM)
    assert ledger.read(ID).latest.claims == (CLAIM,)
    assert (ledger.read(ID).state(NOW), ledger.read(ID).state(LATER)) == ("claimed", "uncertain")
    assert ledger.read(ID).may_have_sent() == {"content"}


# One's clock is right; the writer's is ahead or behind by so many seconds. Nobody waits longer than two leases, and a
# claim that nobody waits for is uncertain, never free.
@pytest.mark.parametrize(
    ("ahead", "state"),
    [(0, "claimed"), (100, "claimed"), (-100, "claimed"), (-121, "uncertain"), (121, "uncertain"),
     (86_400, "uncertain"), (-86_400, "uncertain"), (10 * 365 * 86_400, "uncertain")],
)  # fmt: skip
def test_a_wrong_clock_makes_nobody_wait_for_it(ledger: Ledger, ahead: int, state: str) -> None:
    wrong = timedelta(seconds=ahead)
    ledger.claim(ID, 1, replace(CLAIM, at=CLAIM.at + wrong, deadline=CLAIM.deadline + wrong))
    assert ledger.read(ID).state(NOW) == state


# DESIGN: states derived from what exists; what an answer makes of a claim, whenever one looks
@pytest.mark.parametrize(
    ("result", "state", "may_have_sent"),
    [
        ("sent", "sent", {"content"}),
        ("retryable", "retryable", set()),
        ("refused", "refused", set()),
        ("uncertain", "uncertain", {"content"}),
    ],
)
def test_an_answer_decides(ledger: Ledger, result: str, state: str, may_have_sent: set[str]) -> None:
    ledger.claim(ID, 1, CLAIM)
    ledger.answer(ID, 1, Answer(1, "n1", result, NOW, "m1" if result == "sent" else ""))  # type: ignore[arg-type]
    for moment in (NOW, LATER):
        assert ledger.read(ID).state(moment) == state
    assert ledger.read(ID).may_have_sent() == may_have_sent


def test_a_claim_is_taken_once(ledger: Ledger) -> None:
    ledger.claim(ID, 1, CLAIM)
    with pytest.raises(ClaimLostError):
        ledger.claim(ID, 1, replace(CLAIM, nonce="n2"))
    ledger.claim(ID, 1, CLAIM)  # its own write, met again after a lost answer


def test_of_racing_claims_one_is_won(ledger: Ledger) -> None:
    def take(number: int) -> bool:
        try:
            ledger.claim(ID, 1, replace(CLAIM, nonce=f"n{number}"))
        except ClaimLostError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(take, range(8)))
    assert won.count(True) == 1
    assert ledger.read(ID).latest.claims[0].nonce == f"n{won.index(True)}"


def test_only_the_holder_of_a_claim_answers(ledger: Ledger) -> None:
    ledger.claim(ID, 1, CLAIM)
    ledger.answer(ID, 1, Answer(1, "somebody else", "retryable", NOW))
    assert ledger.read(ID).state(LATER) == "uncertain"
    with pytest.raises(StoreError, match="another worker"):
        ledger.answer(ID, 1, Answer(1, "n1", "sent", NOW, "m1"))


def test_an_unanswered_claim_blocks_whatever_comes_after_it(ledger: Ledger) -> None:
    """A second claim beside an unanswered first one can only be a defect, and must not hide it."""
    ledger.claim(ID, 1, CLAIM)
    ledger.claim(ID, 1, replace(CLAIM, number=2, nonce="n2"))
    ledger.answer(ID, 1, Answer(2, "n2", "retryable", NOW))
    assert ledger.read(ID).state(LATER) == "uncertain"


def test_evidence_settles_what_is_uncertain(ledger: Ledger) -> None:
    ledger.claim(ID, 1, CLAIM)
    proof = Evidence("e1", "delivered", NOW, "m1")
    assert [ledger.add_evidence(ID, 1, proof), ledger.add_evidence(ID, 1, proof)] == [True, False]
    latest = ledger.read(ID).latest
    assert (latest.state(LATER), latest.message_id, latest.accepted_at) == ("sent", "m1", NOW)


def test_a_person_opens_the_next_generation_and_the_first_stays_as_it_was(ledger: Ledger) -> None:
    ledger.claim(ID, 1, CLAIM)
    opening = Opening("founder", "asked for it", NOW, "uncertain")
    assert ledger.open_generation(ID, 2, opening)
    assert not ledger.open_generation(ID, 2, replace(opening, actor="somebody else"))
    record = ledger.read(ID)
    assert [g.number for g in record.generations] == [1, 2]
    assert record.latest.opening == opening
    assert record.state(LATER) == "none"
    assert record.generations[0].state(LATER) == "uncertain"
    assert record.may_have_sent() == {"content"}


def test_numbers_are_numbers_not_text(ledger: Ledger) -> None:
    for number in range(1, 12):
        ledger.claim(ID, 1, replace(CLAIM, number=number, nonce=f"n{number}"))
        ledger.answer(ID, 1, Answer(number, f"n{number}", "retryable", NOW))
    latest = ledger.read(ID).latest
    assert latest.claims[-1].number == 11
    assert latest.state(NOW) == "retryable"


def test_a_slot_keeps_its_first_delivery_whatever_key_or_variant_comes_later(ledger: Ledger) -> None:
    assert ledger.bind(SLOT, ID, "a") == (ID, "a")
    assert ledger.bind(SLOT, "b" * 52, "b") == (ID, "a")
    assert ledger.bind(replace(SLOT, revision=2), "b" * 52, "b") == ("b" * 52, "b")


def test_what_is_not_of_the_ledger_is_left_alone(ledger: Ledger, store: ObjectStore) -> None:
    store.create(StoredObject(f"ledger/{ID}/note.txt", b"hello"))
    ledger.claim(ID, 1, CLAIM)
    assert ledger.read(ID).latest.claims == (CLAIM,)
    assert ledger.deliveries() == (ID,)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"number": 1}', b'{"at": 5}'])
def test_a_record_that_was_damaged_stops_the_delivery(store: ObjectStore, ledger: Ledger, body: bytes) -> None:
    store.create(StoredObject(f"ledger/{ID}/g1/1.claim", body))
    with pytest.raises(StoreError, match=ID):
        ledger.read(ID)
