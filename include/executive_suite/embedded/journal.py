"""The journal of the embedded endpoint: every request that changed something, in order; bodies are on a shelf.

A line is a list in JSON: number, method, target, headers, body. A small body is in base64; of another the line has the
digest. The first line says so: before there was a shelf, every body was in its line. Such a journal is rewritten once.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from executive_suite.embedded.shelf import SMALL, Shelf, sync

HEAD = b'["executive-suite-journal", 2]\n'


@dataclass(frozen=True, slots=True)
class Entry:
    """A request that changed something; ``shelved`` is the digest of a body that is not in ``body``."""

    number: int
    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    shelved: str = ""

    def to_json(self) -> str:
        """One line of the journal."""
        body = {"sha256": self.shelved} if self.shelved else base64.b64encode(self.body).decode("ascii")
        return json.dumps([self.number, self.method, self.target, self.headers, body])

    @classmethod
    def from_json(cls, line: str | bytes) -> Entry:
        """The entry of a journal's line."""
        number, method, target, headers, body = json.loads(line)
        if isinstance(body, dict):
            return cls(number, method, target, headers, shelved=body["sha256"])
        return cls(number, method, target, headers, base64.b64decode(body))


class Journal:
    """The file of entries; a last line cut short by a crash was never answered and is dropped."""

    def __init__(self, path: Path, said: Callable[[str], None] = lambda _: None) -> None:
        """Open the journal at ``path``; it and its folder are created if missing.

        ``said`` hears how far rewriting an old journal is.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.shelf = Shelf(path.parent / "bodies")
        if not path.exists() or not path.stat().st_size:
            path.write_bytes(HEAD)
        with path.open("rb") as stream:
            old = stream.readline() != HEAD
        if old:
            self._rewrite(said)
        _drop_torn_line(path)
        self._stream = path.open("ab")
        path.chmod(0o600)

    @property
    def size(self) -> int:
        """Bytes of the journal."""
        return self._stream.tell()

    def append(self, entry: Entry) -> None:
        """Write an entry through to the operating system, its body first."""
        self._stream.write(self._line(entry))
        self._stream.flush()

    def sync(self) -> None:
        """Return once the disk has every entry, and their bodies."""
        self.shelf.sync()
        sync(self.path)

    def entries(self, start: int = 0) -> Iterator[tuple[int, Entry]]:
        """The entries from a byte of the file on, oldest first, each with the place where it begins."""
        at = max(start, len(HEAD))
        with self.path.open("rb") as stream:
            stream.seek(at)
            for line in stream:
                yield at, Entry.from_json(line)
                at += len(line)

    def body(self, entry: Entry) -> bytes:
        """The body of an entry, wherever it is."""
        return self.shelf.read(entry.shelved) if entry.shelved else entry.body

    def line_before(self, end: int) -> bytes:
        """The line that ends at a byte of the file, by which a place is known to be of this journal; else empty."""
        with self.path.open("rb") as stream:
            stream.seek(max(0, end - 1))
            if stream.read(1) != b"\n":
                return b""
            begin = _begin_of_line(stream, end - 1)
            stream.seek(begin)
            return stream.read(end - begin)

    def _line(self, entry: Entry) -> bytes:
        if len(entry.body) > SMALL:
            digest = self.shelf.put(entry.body)
            entry = Entry(entry.number, entry.method, entry.target, entry.headers, shelved=digest)
        return entry.to_json().encode() + b"\n"

    def _rewrite(self, said: Callable[[str], None]) -> None:
        """Put the bodies of an old journal on the shelf. The new file takes the old one's name when it is complete."""
        draft = self.path.with_suffix(".new")
        whole, done = self.path.stat().st_size, 0
        with self.path.open("rb") as old, draft.open("wb") as new:
            draft.chmod(0o600)
            new.write(HEAD)
            for line in old:
                if line.endswith(b"\n"):
                    new.write(self._line(Entry.from_json(line)))
                done += len(line)
                said(f"bringing its journal up to date, {done * 100 // whole}%")
        self.shelf.sync()
        sync(draft)
        draft.replace(self.path)
        sync(self.path.parent)


def _drop_torn_line(path: Path) -> None:
    with path.open("r+b") as stream:
        end = stream.seek(0, 2)
        kept = _begin_of_line(stream, end)
        if kept != end:
            stream.truncate(kept)


def _begin_of_line(stream: BinaryIO, end: int) -> int:
    """The place after the last line break before a byte; the beginning of the file without one."""
    at, tail = end, b""
    while at and b"\n" not in tail:
        step = min(at, 1 << 16)
        at -= step
        stream.seek(at)
        tail = stream.read(step)
    return at + tail.rfind(b"\n") + 1
