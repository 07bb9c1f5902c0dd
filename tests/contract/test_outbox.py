"""The contract of the outbox, over S3 (a real moto server) and over the memory of the randomised search."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from executive_suite.outbox.outbox import ClaimLostError, Entry, NoEntryError, Outbox, Slot
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
def outbox(store: ObjectStore) -> Outbox:
    return Outbox(store)


def test_an_unknown_delivery_is_in_its_first_generation_and_state_none(outbox: Outbox) -> None:
    record = outbox.read(ID)
    assert (record.latest.number, record.state(NOW), record.may_have_sent()) == (1, "none", frozenset())


def test_a_claim_runs_then_is_uncertain(outbox: Outbox) -> None:
    outbox.claim(ID, 1, CLAIM)
    assert outbox.read(ID).latest.claims == (CLAIM,)
    assert (outbox.read(ID).state(NOW), outbox.read(ID).state(LATER)) == ("claimed", "uncertain")
    assert outbox.read(ID).may_have_sent() == {"content"}


# One's clock is right; the writer's is ahead or behind by so many seconds. Nobody waits longer than two leases, and a
# claim that nobody waits for is uncertain, never free.
@pytest.mark.parametrize(
    ("ahead", "state"),
    [(0, "claimed"), (100, "claimed"), (-100, "claimed"), (-121, "uncertain"), (121, "uncertain"),
     (86_400, "uncertain"), (-86_400, "uncertain"), (10 * 365 * 86_400, "uncertain")],
)  # fmt: skip
def test_a_wrong_clock_makes_nobody_wait_for_it(outbox: Outbox, ahead: int, state: str) -> None:
    wrong = timedelta(seconds=ahead)
    outbox.claim(ID, 1, replace(CLAIM, at=CLAIM.at + wrong, deadline=CLAIM.deadline + wrong))
    assert outbox.read(ID).state(NOW) == state


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
def test_an_answer_decides(outbox: Outbox, result: str, state: str, may_have_sent: set[str]) -> None:
    outbox.claim(ID, 1, CLAIM)
    outbox.answer(ID, 1, Answer(1, "n1", result, NOW, "m1" if result == "sent" else ""))  # type: ignore[arg-type]
    for moment in (NOW, LATER):
        assert outbox.read(ID).state(moment) == state
    assert outbox.read(ID).may_have_sent() == may_have_sent


def test_a_claim_is_taken_once(outbox: Outbox) -> None:
    outbox.claim(ID, 1, CLAIM)
    with pytest.raises(ClaimLostError):
        outbox.claim(ID, 1, replace(CLAIM, nonce="n2"))
    outbox.claim(ID, 1, CLAIM)  # its own write, met again after a lost answer


def test_of_racing_claims_one_is_won(outbox: Outbox) -> None:
    def take(number: int) -> bool:
        try:
            outbox.claim(ID, 1, replace(CLAIM, nonce=f"n{number}"))
        except ClaimLostError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(take, range(8)))
    assert won.count(True) == 1
    assert outbox.read(ID).latest.claims[0].nonce == f"n{won.index(True)}"


def test_only_the_holder_of_a_claim_answers(outbox: Outbox) -> None:
    outbox.claim(ID, 1, CLAIM)
    outbox.answer(ID, 1, Answer(1, "somebody else", "retryable", NOW))
    assert outbox.read(ID).state(LATER) == "uncertain"
    with pytest.raises(StoreError, match="another worker"):
        outbox.answer(ID, 1, Answer(1, "n1", "sent", NOW, "m1"))


def test_an_unanswered_claim_blocks_whatever_comes_after_it(outbox: Outbox) -> None:
    """A second claim next to an unanswered first one can only be a defect, and must not hide it."""
    outbox.claim(ID, 1, CLAIM)
    outbox.claim(ID, 1, replace(CLAIM, number=2, nonce="n2"))
    outbox.answer(ID, 1, Answer(2, "n2", "retryable", NOW))
    assert outbox.read(ID).state(LATER) == "uncertain"


def test_evidence_settles_what_is_uncertain(outbox: Outbox) -> None:
    outbox.claim(ID, 1, CLAIM)
    proof = Evidence("e1", "delivered", NOW, "m1")
    assert [outbox.add_evidence(ID, 1, proof), outbox.add_evidence(ID, 1, proof)] == [True, False]
    latest = outbox.read(ID).latest
    assert (latest.state(LATER), latest.message_id, latest.accepted_at) == ("sent", "m1", NOW)


def test_a_person_opens_the_next_generation_and_the_first_stays_as_it_was(outbox: Outbox) -> None:
    outbox.claim(ID, 1, CLAIM)
    opening = Opening("founder", "asked for it", NOW, "uncertain")
    assert outbox.open_generation(ID, 2, opening)
    assert not outbox.open_generation(ID, 2, replace(opening, actor="somebody else"))
    record = outbox.read(ID)
    assert [g.number for g in record.generations] == [1, 2]
    assert record.latest.opening == opening
    assert record.state(LATER) == "none"
    assert record.generations[0].state(LATER) == "uncertain"
    assert record.may_have_sent() == {"content"}


def test_numbers_are_numbers_not_text(outbox: Outbox) -> None:
    for number in range(1, 12):
        outbox.claim(ID, 1, replace(CLAIM, number=number, nonce=f"n{number}"))
        outbox.answer(ID, 1, Answer(number, f"n{number}", "retryable", NOW))
    latest = outbox.read(ID).latest
    assert latest.claims[-1].number == 11
    assert latest.state(NOW) == "retryable"


def test_a_slot_keeps_its_first_delivery_whatever_key_or_variant_comes_later(outbox: Outbox) -> None:
    assert outbox.entry(SLOT) is None
    assert outbox.bind(SLOT, ID, "a") == Entry(SLOT, ID, "a")
    assert outbox.bind(SLOT, "b" * 52, "b") == Entry(SLOT, ID, "a") == outbox.entry(SLOT)
    revised = outbox.bind(replace(SLOT, revision=2), "b" * 52, "b")
    assert revised == Entry(replace(SLOT, revision=2), "b" * 52, "b") == outbox.find("b" * 52)
    assert list(outbox.entries()) == [Entry(SLOT, ID, "a"), revised]
    with pytest.raises(NoEntryError, match="has no delivery cc"):
        outbox.find("c" * 52)


def test_other_objects_in_the_folder_are_ignored(outbox: Outbox, store: ObjectStore) -> None:
    store.create(StoredObject(f"ledger/{ID}/note.txt", b"hello"))
    outbox.claim(ID, 1, CLAIM)
    assert outbox.read(ID).latest.claims == (CLAIM,)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"number": 1}', b'{"at": 5}'])
def test_a_record_that_was_damaged_stops_the_delivery(store: ObjectStore, outbox: Outbox, body: bytes) -> None:
    store.create(StoredObject(f"ledger/{ID}/g1/1.claim", body))
    with pytest.raises(StoreError, match=ID):
        outbox.read(ID)
