"""Proof of what happened: the seals of the audit trail, one page at a time, and an export for a stranger."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from executive_suite.stores.store import ObjectStore, read_all
from executive_suite.trail.chain import event_of, place_of
from executive_suite.trail.sealing import MANIFESTS, Anchor
from executive_suite.trail.signing import SEALS, seal_key

CHUNK = 1 << 18
"""Bytes of an export that are sent at a time."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A closing manifest of the trail.

    Attributes:
        number: From 1, over all runs.
        anchor: What to keep elsewhere; empty if the manifest is no longer one.
        at: When it was written, ISO 8601 UTC.
        run: Airflow's id of the run that closed; empty if a person sealed the trail.
        chains: How many chains had grown by then.
        signed: Whether there is a signature.
        stamped: Whether there is a time stamp of an authority.
    """

    number: int
    anchor: str
    at: str
    run: str
    chains: int
    signed: bool
    stamped: bool


def seals(records: ObjectStore, before: int, size: int) -> tuple[tuple[Seal, ...], int]:
    """Some seals, newest first, after leaving out as many; and how many there are."""
    found = sorted((place[1], key) for key in records.keys(f"audit/{MANIFESTS}/") if (place := place_of(key)))
    found.reverse()
    extras = frozenset(records.keys(SEALS))
    shown = found[before : before + size]
    items = read_all(records, (key for _, key in shown))
    return tuple(
        _seal(number, item.key, item.body, extras) for (number, _), item in zip(shown, items, strict=True)
    ), len(found)


def _seal(number: int, key: str, body: bytes, extras: frozenset[str]) -> Seal:
    record = event_of(key, body) or {"time": "", "data": {}}
    data = record["data"]
    return Seal(
        number,
        str(Anchor(number, data["hash"])) if data else "",
        record["time"],
        data.get("run", ""),
        len(data.get("details", ())),
        seal_key(number, "sig") in extras,
        seal_key(number, "tsr") in extras,
    )


def zipped(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """A ZIP archive of files as they come, in pieces; equal files give equal bytes."""
    pipe = _Pipe()
    with ZipFile(pipe, "w") as made:
        for name, chunks in files:
            entry = ZipInfo(name)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            with made.open(entry, "w") as member:
                for chunk in chunks:
                    member.write(chunk)
                    if pipe.held >= CHUNK:
                        yield pipe.taken()
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """What was written since it was taken."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self.held = 0

    def writable(self) -> bool:
        """It is only written."""
        return True

    def write(self, data: object) -> int:
        """Keep some bytes."""
        part = bytes(data)  # type: ignore[call-overload]  # whatever zipfile gives has bytes
        self._parts.append(part)
        self.held += len(part)
        return len(part)

    def taken(self) -> bytes:
        """What was written, which is forgotten."""
        found = b"".join(self._parts)
        self._parts, self.held = [], 0
        return found
