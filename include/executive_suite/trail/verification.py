"""Whether the audit trail is intact: finds and names edits, gaps, cut tails and rewrites."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from executive_suite import canonical
from executive_suite.stores.store import ObjectMissingError, ObjectStore, read_all
from executive_suite.trail import signing
from executive_suite.trail.chain import GENESIS, digest_of, key, place_of
from executive_suite.trail.sealing import MANIFESTS, Anchor, heads_of, within

Kind = Literal["edit", "gap", "cut tail", "rewrite", "moved", "stray object", "signature"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One change to the trail, by its most likely kind, and the event that shows it."""

    kind: Kind
    chain: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.chain} event {self.number}: {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a verification.

    Attributes:
        faults: Empty if the trail is intact.
        events: How many events were checked.
        chains: How many chains.
        unsealed: Chain to the number of events that no manifest holds yet, or none up to the anchor: nothing proves
            that these were not added, changed or cut.
        anchor: The newest manifest; None if there is none.
    """

    faults: tuple[Fault, ...]
    events: int
    chains: int
    unsealed: dict[str, int]
    anchor: Anchor | None


def verify(
    events: Iterable[tuple[str, bytes]],
    *,
    first: date | None = None,
    last: date | None = None,
    anchor: Anchor | None = None,
) -> Verdict:
    """Check every chain against its hashes and the manifests.

    Args:
        events: Key and bytes of every object of the trail, from a bucket, a copy of it or an export.
        first: Only chains of report dates (late events: of days) from here; manifests are always checked whole.
        last: Only chains up to here.
        anchor: A manifest's number and hash that were kept elsewhere; without one, a complete rewrite, manifests
            included, goes undetected.
    """
    chains, faults = _gathered(events, first, last)
    for chain, found in sorted(chains.items()):
        faults += _chain_faults(chain, found)
    manifests = chains.pop(MANIFESTS, {})
    sealed: dict[str, int] = {}
    proven = max(manifests, default=0) if anchor is None else anchor.number
    sealed[MANIFESTS] = proven
    for number, manifest in sorted(manifests.items()):
        for chain, (count, digest) in _heads(manifest).items():
            if within(chain, first, last):
                if number <= proven:
                    sealed[chain] = max(count, sealed.get(chain, 0))
                faults += _head_faults(chain, chains.get(chain, {}), count, digest, number)
    if anchor is not None:
        faults += _anchor_faults(manifests, anchor)
    newest = max(manifests, default=0)
    return Verdict(
        tuple(dict.fromkeys(faults)),
        sum(len(found) for found in chains.values()) + len(manifests),
        len(chains),
        {
            chain: len(found) - sealed.get(chain, 0)
            for chain, found in sorted({**chains, MANIFESTS: manifests}.items())
            if len(found) > sealed.get(chain, 0)
        },
        Anchor(newest, str(manifests[newest].get("data", {}).get("hash", ""))) if newest else None,
    )


def _gathered(
    events: Iterable[tuple[str, bytes]], first: date | None, last: date | None
) -> tuple[dict[str, dict[int, dict[str, Any]]], list[Fault]]:
    """Chain to number to event, and the faults of single objects: extras, doubles, other spellings."""
    chains: dict[str, dict[int, dict[str, Any]]] = {}
    faults: list[Fault] = []
    for where, body in events:
        place = place_of(where)
        if place is None:
            faults.append(Fault("stray object", where, 0, "is not an event of the trail"))
            continue
        chain, number = place
        found = chains.setdefault(chain, {}) if within(chain, first, last) else None
        if found is None:
            continue
        if number in found:
            faults.append(Fault("stray object", chain, number, "the event is there twice"))
            continue
        found[number] = _parsed(body)
        if found[number] and canonical.dumps(found[number]) != body.rstrip(b"\n"):
            faults.append(Fault("edit", chain, number, "is not written as the trail writes it"))
    return chains, faults


def stored(store: ObjectStore) -> Iterator[tuple[str, bytes]]:
    """Every object of the trail in a records bucket."""
    for item in read_all(store, store.keys("audit/")):
        yield item.key, item.body


def exported(lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every event of an export (``audit export``): one event per line."""
    for line in lines:
        if line.strip():
            data = _parsed(line).get("data", {})
            yield f"audit/{data.get('chain', '')}/{str(data.get('sequence', '')).zfill(6)}.json", line


def _chain_faults(chain: str, found: dict[int, dict[str, Any]]) -> Iterator[Fault]:
    previous = GENESIS
    for number in range(1, max(found) + 1):
        record = found.get(number)
        if record is None:
            yield Fault("gap", chain, number, "the event is missing, but later ones exist")
            previous = str(found.get(number + 1, {}).get("data", {}).get("prev_hash", previous))
            continue
        data = record.get("data", {})
        if (data.get("chain"), data.get("sequence")) != (chain, number):
            yield Fault("moved", chain, number, f"claims to be event {data.get('sequence')} of {data.get('chain')}")
        if not data or digest_of(record, str(data.get("prev_hash", ""))) != data.get("hash"):
            yield Fault("edit", chain, number, "its content does not match its hash")
        if data.get("prev_hash") != previous:
            yield Fault("rewrite", chain, number, "does not follow the previous event")
        previous = str(data.get("hash", ""))


def _head_faults(
    chain: str, found: dict[int, dict[str, Any]], count: int, digest: str, manifest: int
) -> Iterator[Fault]:
    if count not in found:
        if max(found, default=0) < count:
            yield Fault("cut tail", chain, count, f"manifest {manifest} sealed {count} events, {len(found)} remain")
    elif found[count].get("data", {}).get("hash") != digest:
        yield Fault("rewrite", chain, count, f"is not the event sealed by manifest {manifest}")


def _anchor_faults(manifests: dict[int, dict[str, Any]], anchor: Anchor) -> Iterator[Fault]:
    if anchor.number not in manifests:
        yield Fault("cut tail", MANIFESTS, anchor.number, "the anchored manifest is missing")
    elif manifests[anchor.number].get("data", {}).get("hash") != anchor.hash:
        yield Fault("rewrite", MANIFESTS, anchor.number, "is not the anchored manifest")


def against_file(store: ObjectStore, lines: Iterable[bytes]) -> Iterator[Fault]:
    """Events in a local file of the trail that the bucket lacks or holds differently.

    Args:
        store: The records bucket.
        lines: Of the file; a last line cut off by a crash is ignored.
    """
    for line in lines:
        record = _parsed(line)
        data = record.get("data", {})
        chain, number = str(data.get("chain", "")), data.get("sequence")
        if not isinstance(number, int) or place_of(key(chain, number)) is None:
            continue
        try:
            found = _parsed(store.get(key(chain, number)).body)
        except ObjectMissingError:
            yield Fault("cut tail", chain, number, "is in the local file but missing from the bucket")
            continue
        if found != record:
            yield Fault("rewrite", chain, number, "differs between the local file and the bucket")


def against_key(
    store: ObjectStore, public_key: bytes, *, anchor: Anchor | None = None, strict: bool = False
) -> Iterator[Fault]:
    """Manifests whose signature is missing or is not of what they are now.

    Args:
        store: The records bucket.
        public_key: Of who signs, as PEM.
        anchor: Manifests after it may still wait for their signature.
        strict: So may none.
    """
    states = list(signing.states(store, public_key))
    signed = max((number for number, text in states if not text), default=0)
    for number, text in states:
        waits = text == signing.MISSING and number > max(signed, anchor.number if anchor else 0)
        if text and (strict or not waits):
            yield Fault("signature", MANIFESTS, number, text)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        record = json.loads(body)
    except ValueError:
        return {}
    return record if isinstance(record, dict) and isinstance(record.get("data", {}), dict) else {}


def _heads(manifest: dict[str, Any]) -> dict[str, tuple[int, str]]:
    try:
        return {chain: head for chain, head in heads_of(manifest).items() if place_of(key(chain, 1))}
    except (KeyError, ValueError, AttributeError):
        return {}  # an edited manifest fails its own hash
