"""The audit trail as JSON lines, and how to check it with common tools."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from executive_suite.stores.store import ObjectMissingError, ObjectStore
from executive_suite.trail.chain import event_of, place_of
from executive_suite.trail.chain import key as key_of
from executive_suite.trail.sealing import MANIFESTS, chain_lengths, within
from executive_suite.trail.signing import seal_key

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


def seals(store: ObjectStore, folder: Path) -> None:
    """Write every manifest as it is stored, with its signature and time stamp, as far as it has them."""
    for number in range(1, chain_lengths(store).get(MANIFESTS, 0) + 1):
        for where, suffix in (
            (key_of(MANIFESTS, number), "json"),
            (seal_key(number, "sig"), "sig"),
            (seal_key(number, "tsr"), "tsr"),
        ):
            with contextlib.suppress(ObjectMissingError):
                body = store.get(where).body
                folder.mkdir(exist_ok=True)
                (folder / f"{number:06d}.{suffix}").write_bytes(body)


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
    for key in store.keys("audit/"):
        place = place_of(key)
        if place is not None and not within(place[0], first, last):
            continue
        body = store.get(key).body
        if event_of(key, body) is None:
            left_out(key)
        else:
            yield body.rstrip(b"\n") + b"\n"
