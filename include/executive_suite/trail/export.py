"""The audit trail as JSON lines, and how to check it with common tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from executive_suite.stores.store import ObjectStore, read_all
from executive_suite.trail.chain import event_of, place_of
from executive_suite.trail.sealing import MANIFESTS, within
from executive_suite.trail.signing import SEALS

HOW_TO_CHECK = """\
# How to check an export of the audit trail without Executive Suite

Each line is one event (CloudEvents 1.0, JSON). `data.chain` and `data.sequence` give its place, `data.prev_hash` is
the hash of the previous event in its chain (64 zeros for the first), and `data.hash` is SHA-256 over
`data.prev_hash` followed by the event without `data.hash`, as JSON with sorted keys and no spaces.
With jq and sha256sum:

    while IFS= read -r event; do
      prev=$(printf '%s' "$event" | jq -r .data.prev_hash)
      body=$(printf '%s' "$event" | jq -cS 'del(.data.hash)')
      want=$(printf '%s' "$event" | jq -r .data.hash)
      have=$(printf '%s%s' "$prev" "$body" | sha256sum | cut -d' ' -f1)
      [ "$have" = "$want" ] || echo "changed: $(printf '%s' "$event" | jq -r .id)"
    done < audit.jsonl

Then check that every chain counts 1, 2, 3 … and that each `prev_hash` equals the previous `hash`:

    jq -s 'group_by(.data.chain)[] | sort_by(.data.sequence) | to_entries
           | map(select(.value.data.sequence != .key + 1)) | .[].value.id' audit.jsonl

Events of the chain `manifests` hold `count:hash` of the last event of other chains at that time. The newest
manifest's `sequence:hash` is the anchor: compare it with a copy stored where nobody could change it.

Where manifests are signed, the folder `….seals` has each as it is stored (`000012.json`), its signature (`000012.sig`)
and, if it was asked for, the time stamp of an authority (`000012.tsr`). The public key, and the authority's
certificates, come from who signs, not from here:

    openssl dgst -sha256 -verify public.pem -signature 000012.sig 000012.json
    openssl ts -verify -in 000012.tsr -data 000012.json -CAfile authority.pem

Each manifest is also a line of this file; a signed one proves every chain up to the heads that it holds.
"""


_SEAL = re.compile(rf"{SEALS}(\d{{6,}}\.(?:sig|tsr))")


def write(store: ObjectStore, file: Path, events: Iterable[bytes]) -> None:
    """Write a whole export: a file of events, and next to it how to check them and the seals."""
    for name, chunks in files(store, file.name, events):
        place = file.parent / name
        place.parent.mkdir(exist_ok=True)
        with place.open("wb") as stream:
            stream.writelines(chunks)


def files(store: ObjectStore, name: str, events: Iterable[bytes]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """A whole export, file by file: the events under a name, how to check them, and the seals as they are stored."""
    yield name, events
    yield f"{name}.README.md", (HOW_TO_CHECK.encode(),)
    for seal, body in _seals(store):
        yield f"{name}.seals/{seal}", (body,)


def _seals(store: ObjectStore) -> Iterator[tuple[str, bytes]]:
    """Every manifest as it is stored, with its signature and time stamp, as far as it has them."""
    names = {where: f"{place[1]:06d}.json" for where in store.keys(f"audit/{MANIFESTS}/") if (place := place_of(where))}
    names |= {where: match[1] for where in store.keys(SEALS) if (match := _SEAL.fullmatch(where))}
    for item in read_all(store, sorted(names, key=lambda where: names[where])):
        yield names[item.key], item.body


def lines(
    store: ObjectStore,
    *,
    first: date | None = None,
    last: date | None = None,
    left_out: Callable[[str], None] = lambda _: None,
) -> Iterator[bytes]:
    """The events, one canonical JSON line each: all manifests, and other chains within the dates.

    ``left_out`` is called with the key of each object that is no event of the trail: an export holds nothing else.
    """
    wanted = (key for key in store.keys("audit/") if (place := place_of(key)) is None or within(place[0], first, last))
    for item in read_all(store, wanted):
        if event_of(item.key, item.body) is None:
            left_out(item.key)
        else:
            yield item.body.rstrip(b"\n") + b"\n"
