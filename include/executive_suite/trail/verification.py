"""Whether the audit trail is what it was: edits, gaps, cut tails and rewrites, each found and named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from executive_suite.stores.store import ObjectMissingError, ObjectStore
from executive_suite.trail.chain import GENESIS, digest_of, key
from executive_suite.trail.sealing import KEY, MANIFESTS, Anchor, day_of, heads_of

Kind = Literal["edit", "gap", "cut tail", "rewrite", "moved", "stray object"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written.

    Attributes:
        kind: What was done, as far as it can be told.
        chain: Where.
        number: At which event.
        text: For a person.
    """

    kind: Kind
    chain: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.chain} event {self.number}: {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification saw.

    Attributes:
        faults: Empty when all is as it was written.
        events: How many events were checked.
        chains: How many chains.
        unsealed: Chain to the number of events that no manifest holds yet: nobody could tell if they were cut.
        anchor: The newest manifest; None when there is none.
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
    """Check every chain, and what the manifests say of them.

    Args:
        events: Key and bytes of every object of the trail, from a bucket, a copy of it or an export.
        first: Only chains of report dates (late events: of days) from here; manifests are always checked whole.
        last: And until here.
        anchor: A manifest's number and hash that were kept elsewhere; without one a rewrite of everything, manifests
            included, cannot be told from the truth.
    """
    faults: list[Fault] = []
    chains: dict[str, dict[int, dict[str, Any]]] = {}
    for where, body in events:
        match = KEY.fullmatch(where)
        if match is None:
            faults.append(Fault("stray object", where, 0, "is no event of the trail"))
        elif match["chain"] == MANIFESTS or _within(match["chain"], first, last):
            chains.setdefault(match["chain"], {})[int(match["number"])] = _parsed(body)
    for chain, found in sorted(chains.items()):
        faults += _chain_faults(chain, found)
    manifests = chains.pop(MANIFESTS, {})
    sealed: dict[str, int] = {}
    for number, manifest in sorted(manifests.items()):
        for chain, (count, digest) in _heads(manifest).items():
            if _within(chain, first, last):
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
            for chain, found in sorted(chains.items())
            if len(found) > sealed.get(chain, 0)
        },
        Anchor(newest, str(manifests[newest].get("data", {}).get("hash", ""))) if newest else None,
    )


def stored(store: ObjectStore) -> Iterator[tuple[str, bytes]]:
    """Every object of the trail in a records bucket."""
    for where in store.keys("audit/"):
        yield where, store.get(where).body


def exported(lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every event of an export (``audit export``): one event a line."""
    for line in lines:
        if line.strip():
            data = _parsed(line).get("data", {})
            yield f"audit/{data.get('chain', '')}/{str(data.get('sequence', '')).zfill(6)}.json", line


def _chain_faults(chain: str, found: dict[int, dict[str, Any]]) -> Iterator[Fault]:
    previous = GENESIS
    for number in range(1, max(found) + 1):
        record = found.get(number)
        if record is None:
            yield Fault("gap", chain, number, "the event is missing, later ones are there")
            previous = str(found.get(number + 1, {}).get("data", {}).get("prev_hash", previous))
            continue
        data = record.get("data", {})
        if (data.get("chain"), data.get("sequence")) != (chain, number):
            yield Fault("moved", chain, number, f"says that it is event {data.get('sequence')} of {data.get('chain')}")
        if not data or digest_of(record, str(data.get("prev_hash", ""))) != data.get("hash"):
            yield Fault("edit", chain, number, "its content does not have the hash that it carries")
        if data.get("prev_hash") != previous:
            yield Fault("rewrite", chain, number, "does not follow the event before it")
        previous = str(data.get("hash", ""))


def _head_faults(
    chain: str, found: dict[int, dict[str, Any]], count: int, digest: str, manifest: int
) -> Iterator[Fault]:
    if count not in found:
        if max(found, default=0) < count:
            yield Fault("cut tail", chain, count, f"manifest {manifest} sealed {count} events, {len(found)} are left")
    elif found[count].get("data", {}).get("hash") != digest:
        yield Fault("rewrite", chain, count, f"is not the event that manifest {manifest} sealed")


def _anchor_faults(manifests: dict[int, dict[str, Any]], anchor: Anchor) -> Iterator[Fault]:
    if anchor.number not in manifests:
        yield Fault("cut tail", MANIFESTS, anchor.number, "the anchored manifest is missing")
    elif manifests[anchor.number].get("data", {}).get("hash") != anchor.hash:
        yield Fault("rewrite", MANIFESTS, anchor.number, "is not the manifest that was anchored")


def beside(store: ObjectStore, lines: Iterable[bytes]) -> Iterator[Fault]:
    """What a local file of the trail holds and the bucket does not, or holds otherwise.

    Args:
        store: The records bucket.
        lines: Of the file; a last line that a crash cut off is passed over.
    """
    for line in lines:
        record = _parsed(line)
        data = record.get("data", {})
        chain, number = str(data.get("chain", "")), data.get("sequence")
        if not isinstance(number, int) or KEY.fullmatch(key(chain, number)) is None:
            continue
        try:
            found = _parsed(store.get(key(chain, number)).body)
        except ObjectMissingError:
            yield Fault("cut tail", chain, number, "is in the local file, and missing from the bucket")
            continue
        if found != record:
            yield Fault("rewrite", chain, number, "is another event in the local file than in the bucket")


def _within(chain: str, first: date | None, last: date | None) -> bool:
    """Whether a chain is of the dates that are asked for; one of no date at all is always looked at."""
    day = day_of(chain)
    return day is None or ((first is None or day >= first) and (last is None or day <= last))


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        record = json.loads(body)
    except ValueError:
        return {}
    return record if isinstance(record, dict) and isinstance(record.get("data", {}), dict) else {}


def _heads(manifest: dict[str, Any]) -> dict[str, tuple[int, str]]:
    try:
        return {chain: head for chain, head in heads_of(manifest).items() if KEY.fullmatch(key(chain, 1))}
    except (KeyError, ValueError, AttributeError):
        return {}  # an edited manifest is told by its own hash
