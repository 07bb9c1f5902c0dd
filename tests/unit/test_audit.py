"""The audit trail: what an event holds, and that every way of changing the trail is found."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import ObjectMissingError, StoredObject
from executive_suite.trail import export, sealing, verification
from executive_suite.trail.chain import Chain, Event, Run, TrailError, day_chain, run_chain
from executive_suite.trail.sealing import Anchor
from faults.desk import Clock

CFO = run_chain(date(2026, 5, 1), "manual__1", "cfo")
CEO = run_chain(date(2026, 5, 1), "manual__1", "ceo")
DAY = day_chain(date(2026, 5, 2))


class Shelf(MemoryStore):
    """A store that can be tampered with."""

    def change(self, key: str, change: Any) -> None:
        record = json.loads(self.get(key).body)
        change(record)
        self.put(StoredObject(key, json.dumps(record, sort_keys=True, separators=(",", ":")).encode()))


def key(chain: str, number: int) -> str:
    return f"audit/{chain}/{number:06d}.json"


@pytest.fixture
def trail() -> tuple[Shelf, Anchor]:
    """Two lanes of a run and a late event, sealed."""
    shelf, clock = Shelf(), Clock()
    for chain in (CFO, CEO, DAY):
        appended = Chain(shelf, chain, clock=clock, run=Run("executive_suite", "manual__1", "send", 4, 1, "0.1.0"))
        for number in range(4):
            clock.forward(0.25)
            appended.append(Event(kind="delivery.claimed", report="cfo", delivery_id="a" * 52, attempt=number))
    return shelf, sealing.seal(shelf, clock=clock)


def faults(shelf: Shelf, **options: Any) -> list[str]:
    return [fault.kind for fault in verification.verify(verification.stored(shelf), **options).faults]


def test_an_untouched_trail_is_found_so(trail: tuple[Shelf, Anchor]) -> None:
    shelf, anchor = trail
    verdict = verification.verify(verification.stored(shelf), anchor=anchor)
    assert (verdict.faults, verdict.events, verdict.chains, verdict.unsealed) == ((), 13, 3, {})
    assert verdict.anchor == anchor


def test_an_event_is_a_cloud_event_with_every_field(trail: tuple[Shelf, Anchor]) -> None:
    shelf, _ = trail
    event = json.loads(shelf.get(key(CFO, 2)).body)
    # CloudEvents 1.0: required attributes, and the optional ones that we use
    assert event["specversion"] == "1.0"
    assert event["type"] == "executive_suite.delivery.claimed"
    assert event["time"] == "2026-05-01T13:00:00.500000Z"
    assert event["datacontenttype"] == "application/json"
    assert all(name.isalnum() and name.islower() for name in event)
    # DESIGN "Audit": the fields
    assert set(event["data"]) >= {
        "report", "entity", "report_date", "digest", "delivery_id", "generation", "attempt", "recipient_hash",
        "recipient_key_id", "message_id", "outcome", "error_class", "error_code", "error", "actor", "reason",
        "dag", "run", "task", "map_index", "try_number", "code_version", "prev_hash", "hash",
    }  # fmt: skip
    assert (event["data"]["dag"], event["data"]["map_index"]) == ("executive_suite", 4)


def test_the_hash_is_what_the_documentation_says(trail: tuple[Shelf, Anchor]) -> None:
    """Computed here from the sentence in docs/guarantees.md, without the product's code."""
    shelf, _ = trail
    previous = "0" * 64
    for number in (1, 2, 3, 4):
        event = json.loads(shelf.get(key(CFO, number)).body)
        told = event["data"].pop("hash")
        body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert event["data"]["prev_hash"] == previous
        assert hashlib.sha256((previous + body).encode()).hexdigest() == told
        previous = told


def test_an_edit_is_found(trail: tuple[Shelf, Anchor]) -> None:
    shelf, anchor = trail
    shelf.change(key(CFO, 2), lambda event: event["data"].update(attempt=7))
    assert faults(shelf, anchor=anchor) == ["edit"]


@pytest.mark.parametrize("field", ["time", "type", "id", "source", "subject"])
def test_an_edit_of_the_envelope_is_found(trail: tuple[Shelf, Anchor], field: str) -> None:
    shelf, _ = trail
    shelf.change(key(CFO, 2), lambda event: event.update({field: "2026-01-01T00:00:00.000000Z"}))
    assert "edit" in faults(shelf)


def test_a_deleted_event_is_found(trail: tuple[Shelf, Anchor]) -> None:
    shelf, _ = trail
    shelf.remove(key(CFO, 2))
    assert faults(shelf) == ["gap"]


def test_a_first_event_that_is_gone_is_found(trail: tuple[Shelf, Anchor]) -> None:
    shelf, _ = trail
    shelf.remove(key(CFO, 1))
    assert "gap" in faults(shelf)


@pytest.mark.parametrize("left", [3, 1, 0])
def test_a_cut_tail_is_found(trail: tuple[Shelf, Anchor], left: int) -> None:
    shelf, _ = trail
    for number in range(left + 1, 5):
        shelf.remove(key(CFO, number))
    assert faults(shelf) == ["cut tail"]


def test_a_rewrite_with_good_hashes_is_found_by_the_manifest(trail: tuple[Shelf, Anchor]) -> None:
    shelf, _ = trail
    _write_again(shelf, CFO)
    assert faults(shelf) == ["rewrite"]


def test_a_rewrite_of_everything_is_found_by_an_anchor_only(trail: tuple[Shelf, Anchor]) -> None:
    shelf, anchor = trail
    for chain in (CFO, CEO, DAY):
        _write_again(shelf, chain)
    shelf.remove(key("manifests", 1))
    sealing.seal(shelf, clock=Clock())
    assert faults(shelf) == []
    assert faults(shelf, anchor=anchor) == ["rewrite"]


def test_cut_manifests_are_found_by_an_anchor(trail: tuple[Shelf, Anchor]) -> None:
    shelf, anchor = trail
    shelf.remove(key("manifests", 1))
    assert faults(shelf, anchor=anchor) == ["cut tail"]


def test_two_events_that_changed_places_are_found(trail: tuple[Shelf, Anchor]) -> None:
    shelf, _ = trail
    one, two = shelf.get(key(CFO, 1)).body, shelf.get(key(CFO, 2)).body
    shelf.put(StoredObject(key(CFO, 1), two))
    shelf.put(StoredObject(key(CFO, 2), one))
    assert "moved" in faults(shelf)


def test_a_chain_that_stands_in_for_another_is_found(trail: tuple[Shelf, Anchor]) -> None:
    shelf, _ = trail
    for number in range(1, 5):
        shelf.put(StoredObject(key(CFO, number), shelf.get(key(CEO, number)).body))
    assert "moved" in faults(shelf)


def test_what_is_no_event_is_found(trail: tuple[Shelf, Anchor]) -> None:
    shelf, _ = trail
    shelf.put(StoredObject(f"audit/{CFO}/000002.json", b"\xff not JSON"))
    shelf.put(StoredObject("audit/hello.txt", b"hello"))
    assert set(faults(shelf)) >= {"edit", "stray object"}


def test_events_after_a_seal_are_told_and_sealed_by_the_next(trail: tuple[Shelf, Anchor]) -> None:
    shelf, _ = trail
    Chain(shelf, DAY, clock=Clock()).append(Event(kind="feedback.bounced"))
    assert verification.verify(verification.stored(shelf)).unsealed == {DAY: 1}
    again = sealing.seal(shelf, clock=Clock())
    assert again.number == 2
    assert verification.verify(verification.stored(shelf), anchor=again).unsealed == {}
    details = json.loads(shelf.get(key("manifests", 2)).body)["data"]["details"]
    assert list(details) == [DAY]


def test_dates_choose_what_is_checked(trail: tuple[Shelf, Anchor]) -> None:
    shelf, anchor = trail
    shelf.change(key(CFO, 2), lambda event: event["data"].update(attempt=7))
    assert faults(shelf, first=date(2026, 5, 2), anchor=anchor) == []
    assert faults(shelf, last=date(2026, 5, 1)) == ["edit"]
    assert verification.verify(verification.stored(shelf), first=date(2026, 5, 2)).chains == 1


@pytest.mark.parametrize(
    ("meant", "forged"),
    [
        (b'"days/2026-05-02"', b'"days/r026-05-02"'),
        (b'"days/2026-05-02"', b'"days"'),
        (b'"4:', b'"x:'),
        (b'"details"', b'"other"'),
    ],
)
def test_a_manifest_whose_heads_make_no_sense_is_an_edit(
    trail: tuple[Shelf, Anchor], meant: bytes, forged: bytes
) -> None:
    shelf, _ = trail
    body = shelf.get(key("manifests", 1)).body
    assert meant in body
    shelf.put(StoredObject(key("manifests", 1), body.replace(meant, forged, 1)))
    assert "edit" in faults(shelf)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"data": 1}', b'{"data": {"sequence": "x"}}'])
def test_nothing_is_added_to_a_trail_that_somebody_changed(trail: tuple[Shelf, Anchor], body: bytes) -> None:
    shelf, _ = trail
    shelf.put(StoredObject(key(CFO, 4), body))
    with pytest.raises(TrailError, match="is no longer an event of the trail"):
        Chain(shelf, CFO, clock=Clock()).append(Event(kind="delivery.claimed"))
    shelf.put(StoredObject(key("manifests", 1), body))
    with pytest.raises(TrailError, match="manifest"):
        sealing.seal(shelf, clock=Clock())


EXTRAS = [
    "audit/days/2026-99-99/000001.json",
    f"audit/{DAY}/0000005.json",
    f"audit/{DAY}/00005.json",
    f"audit/{DAY}/000000.json",
    f"audit/{DAY}/\u0660\u0660\u0660\u0660\u0660\u0665.json",  # Arabic-Indic digits, which int() takes
    f"audit/{DAY}/000005.json.bak",
    f"audit/{DAY}/000005.json\n",
    f"audit/{DAY}/x/000005.json",
    f"audit/{CFO}/../cto/000001.json",
    f"audit/{CFO.upper()}/000001.json",
    "audit/runs/2026-05-01/0123456789abcdef/../000001.json",
    "audit/manifests/notes.txt",
]


@pytest.mark.parametrize("where", EXTRAS)
def test_an_object_that_is_no_event_is_reported_and_never_exported(trail: tuple[Shelf, Anchor], where: str) -> None:
    shelf, anchor = trail
    body = shelf.get(key(DAY, 4)).body
    shelf.put(StoredObject(where, body))
    assert faults(shelf, first=date(2026, 5, 1), anchor=anchor) == ["stray object"]
    left: list[str] = []
    exported = list(export.lines(shelf, first=date(2026, 5, 1), left_out=left.append))
    assert (len(exported), left) == (13, [where])
    # Nor does it stand in the way of the trail itself, or count as its end.
    Chain(shelf, DAY, clock=Clock()).append(Event(kind="late"))
    assert sealing.chain_lengths(shelf)[DAY] == 5


@pytest.mark.parametrize(
    "bytes_of",
    [
        lambda body: body.replace(b":", b": ", 1),
        lambda body: body + b"\n" + body,
        lambda body: body.replace(b'"data":', b'"data":{},"data":', 1),
        lambda body: body.replace(b"executive_suite", b"executive\\u005fsuite", 1),
    ],
    ids=["a space", "two lines", "a field twice", "another spelling"],
)
def test_an_event_in_other_bytes_is_an_edit_and_is_not_exported(trail: tuple[Shelf, Anchor], bytes_of: Any) -> None:
    """jq and Python read some of these differently, and an export has one line per event."""
    shelf, anchor = trail
    shelf.put(StoredObject(key(DAY, 2), bytes_of(shelf.get(key(DAY, 2)).body)))
    assert "edit" in faults(shelf, anchor=anchor)
    left: list[str] = []
    assert (len(list(export.lines(shelf, left_out=left.append))), left) == (12, [key(DAY, 2)])


def test_an_export_that_holds_an_event_twice_is_found(trail: tuple[Shelf, Anchor]) -> None:
    shelf, anchor = trail
    lines = list(export.lines(shelf))
    forged = json.loads(lines[0])
    forged["data"]["outcome"] = "sent"
    for twice in ([lines[0], *lines], [json.dumps(forged).encode(), *lines], [*lines, json.dumps(forged).encode()]):
        assert verification.verify(verification.exported(twice), anchor=anchor).faults


def test_what_came_after_the_anchor_is_shown_apart(trail: tuple[Shelf, Anchor]) -> None:
    """Whoever may write to the bucket may add events and a manifest that seals them; an anchor kept elsewhere tells."""
    shelf, anchor = trail
    Chain(shelf, DAY, clock=Clock()).append(Event(kind="delivery.outcome", outcome="sent"))
    verdict = verification.verify(verification.stored(shelf), anchor=anchor)
    assert (verdict.faults, verdict.unsealed) == ((), {DAY: 1})
    sealing.seal(shelf, clock=Clock())
    assert verification.verify(verification.stored(shelf)).unsealed == {}
    verdict = verification.verify(verification.stored(shelf), anchor=anchor)
    assert (verdict.faults, verdict.unsealed) == ((), {DAY: 1, "manifests": 1})


@given(st.data())
def test_any_change_of_any_byte_is_found(data: st.DataObject) -> None:
    shelf, clock = Shelf(), Clock()
    for chain in (CFO, DAY):
        for number in range(3):
            Chain(shelf, chain, clock=clock).append(Event(kind="report.archived", attempt=number))
    anchor = sealing.seal(shelf, clock=clock)
    where = data.draw(st.sampled_from(sorted(shelf.keys("audit/"))))
    body = bytearray(shelf.get(where).body)
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    shelf.put(StoredObject(where, bytes(body)))
    assert faults(shelf, anchor=anchor)


def test_several_processes_may_append_to_one_chain() -> None:
    shelf = Shelf()
    chains = [Chain(shelf, CFO, clock=Clock()) for _ in range(3)]
    for number in range(12):
        chains[number % 3].append(Event(kind="report.archived", attempt=number))
    assert faults(shelf) == []
    assert len(list(shelf.keys(f"audit/{CFO}/"))) == 12


def test_no_address_gets_into_an_event() -> None:
    shelf = Shelf()
    text = 'MessageRejected: Email address is not verified: founder@example.com, "F" <f.x+y@mail.example.com>\r\n'
    Chain(shelf, CFO, clock=Clock(), run=Run(run="manual by founder@example.com")).append(
        Event(kind="delivery.outcome", error=text, reason=text, actor="founder@example.com", details=(("a", text),))
    )
    assert b"@" not in shelf.get(key(CFO, 1)).body


def test_a_run_id_never_stands_in_an_object_name() -> None:
    assert "founder" not in run_chain(date(2026, 5, 1), "by founder@example.com", "cfo")


def test_an_export_is_verified_like_the_bucket(trail: tuple[Shelf, Anchor]) -> None:
    shelf, anchor = trail
    lines = list(export.lines(shelf))
    assert verification.verify(verification.exported(lines), anchor=anchor).faults == ()
    assert verification.verify(verification.exported(lines[1:]), anchor=anchor).faults
    assert verification.verify(verification.exported([b"[]", *lines])).faults


@pytest.mark.parametrize("edited", [False, True])
def test_a_stranger_checks_an_export_with_standard_tools(
    trail: tuple[Shelf, Anchor], tmp_path: Path, *, edited: bool
) -> None:
    """The shell commands of the export's README, where jq is there; the same sentence in Python otherwise."""
    shelf, _ = trail
    if edited:
        shelf.change(key(CFO, 2), lambda event: event["data"].update(attempt=7))
    file = tmp_path / "audit.jsonl"
    file.write_bytes(b"".join(export.lines(shelf)))
    if shutil.which("jq") and shutil.which("sha256sum"):
        script = export.HOW_TO_CHECK.split("\n\n")[2].replace("    ", "")
        told = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    else:
        told = "".join(f"changed: {event['id']}\n" for event in map(json.loads, file.open()) if not _holds(event))
    assert told == (f"changed: {CFO}/2\n" if edited else "")


def test_an_anchor_is_read_as_it_is_written() -> None:
    anchor = Anchor(12, "ab" * 32)
    assert Anchor.parse(str(anchor)) == anchor
    with pytest.raises(ValueError, match="NUMBER:HASH"):
        Anchor.parse("12")


def test_a_missing_event_is_missing() -> None:
    with pytest.raises(ObjectMissingError):
        sealing.event_at(Shelf(), CFO, 1)


def _write_again(shelf: Shelf, chain: str) -> None:
    """Forge a chain with good hashes, one event told differently."""
    numbers = [int(found[-11:-5]) for found in shelf.keys(f"audit/{chain}/")]
    for number in numbers:
        shelf.remove(key(chain, number))
    forged = Chain(shelf, chain, clock=lambda: datetime(2026, 5, 1, tzinfo=UTC))
    for number in numbers:
        forged.append(Event(kind="delivery.claimed", attempt=100 + number))


def _holds(event: dict[str, Any]) -> bool:
    told = event["data"].pop("hash")
    body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((event["data"]["prev_hash"] + body).encode()).hexdigest() == told
