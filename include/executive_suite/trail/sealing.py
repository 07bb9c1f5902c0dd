"""Closing manifests: the state of all audit chains at the end of a run, sealed under one hash to keep elsewhere.

A manifest holds the head of every chain that grew since earlier manifests, including runs that never closed and late
events of past days. Manifests are a chain themselves, numbered across all runs: whoever keeps the latest
``number:hash`` (it is in the run's summary and in the log copy) can detect any earlier change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoreError
from executive_suite.trail.chain import Chain, Copy, Event, Run, TrailError, key, place_of

MANIFESTS = "manifests"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Number and hash of the latest manifest: proof of everything sealed so far."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """The anchor that ``str`` wrote.

        Raises:
            ValueError: it has another form.
        """
        match = re.fullmatch(r"(\d+):([0-9a-f]{64})", text.strip())
        if match is None:
            msg = f"{text!r:.100} is not NUMBER:HASH with 64 hexadecimal digits, as a run's summary prints it"
            raise ValueError(msg)
        return cls(int(match[1]), match[2])


def seal(
    store: ObjectStore, *, clock: Callable[[], datetime], run: Run | None = None, copy: Copy | None = None
) -> Anchor:
    """Write the closing manifest of a run; returns the anchor to keep.

    Raises:
        TrailError: it could not be written.
    """
    lengths = chain_lengths(store)
    sealed: dict[str, int] = {}
    for number in range(1, lengths.pop(MANIFESTS, 0) + 1):
        for chain, (count, _) in _heads(store, number).items():
            sealed[chain] = max(count, sealed.get(chain, 0))
    grown = {chain: count for chain, count in lengths.items() if count > sealed.get(chain, 0)}
    details = tuple(
        (chain, f"{count}:{event_at(store, chain, count)['data']['hash']}") for chain, count in sorted(grown.items())
    )
    manifests = Chain(store, MANIFESTS, clock=clock, run=run, copy=copy)
    digest = manifests.append(Event(kind="manifest", outcome="sealed", details=details))
    return Anchor(manifests.length, digest)


def _heads(store: ObjectStore, number: int) -> dict[str, tuple[int, str]]:
    try:
        return heads_of(event_at(store, MANIFESTS, number))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, StoreError) and not isinstance(error, ObjectMissingError):
            raise
        msg = f"manifest {number} is missing or was changed; `audit verify` shows what was changed"
        raise TrailError(msg) from None


def chain_lengths(store: ObjectStore) -> dict[str, int]:
    """Chain name to its highest number."""
    lengths: dict[str, int] = {}
    for found in store.keys("audit/"):
        if place := place_of(found):
            chain, number = place
            lengths[chain] = max(number, lengths.get(chain, 0))
    return lengths


def within(chain: str, first: date | None, last: date | None) -> bool:
    """Whether a chain's report date or day lies within the dates; one without a date, as the manifests, always does."""
    try:
        day = date.fromisoformat(chain.split("/")[1])
    except (IndexError, ValueError):
        return True
    return (first is None or day >= first) and (last is None or day <= last)


def event_at(store: ObjectStore, chain: str, number: int) -> dict[str, Any]:
    """One event."""
    record: dict[str, Any] = json.loads(store.get(key(chain, number)).body)
    return record


def heads_of(manifest: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """The heads in a manifest: chain to number of events and hash of the last one."""
    heads = {}
    for chain, text in manifest["data"]["details"].items():
        count, _, digest = text.partition(":")
        heads[chain] = (int(count), digest)
    return heads
