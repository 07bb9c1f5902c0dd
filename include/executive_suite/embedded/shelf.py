"""What the embedded endpoint holds, in files named by their content: no body is in memory, none is stored twice.

moto keeps the bodies of objects and mails in memory. Here they are put on a shelf, and memory holds their names.
"""

from __future__ import annotations

import hashlib
import io
import os
import threading
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from moto.s3 import models as s3
from moto.ses.models import RawMessage

SMALL = 4096
"""Up to so many bytes a body stays where it is: a file would take more."""
_FASTEST = 1


class Shelf:
    """Bodies in compressed files, each under the SHA-256 of what is in it."""

    def __init__(self, folder: Path) -> None:
        """Keep the bodies below ``folder``."""
        self._folder = folder
        self._unsynced: set[Path] = set()

    def put(self, body: bytes) -> str:
        """Keep a body; returns its digest. What has the name of a digest is whole, wherever a crash falls."""
        digest = hashlib.sha256(body).hexdigest()
        place = self._place(digest)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = place.with_name(f"{digest}.{threading.get_ident()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                stream.write(zlib.compress(body, _FASTEST))
            draft.replace(place)
            self._unsynced.add(place)
        return digest

    def read(self, digest: str) -> bytes:
        """A body by its digest."""
        return zlib.decompress(self._place(digest).read_bytes())

    def sync(self) -> None:
        """Return once the disk has what was put: from then on not even a power failure takes it away."""
        while self._unsynced:
            sync(place := self._unsynced.pop())
            sync(place.parent)

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]


def sync(path: Path) -> None:
    """Return once the disk has a file's content, or the names of a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Shelved(io.RawIOBase):
    """A file in memory whose content is on the shelf unless it is small; stands for moto's temporary files."""

    def __init__(self, shelf: Shelf, body: bytes = b"") -> None:
        """Hold ``body``."""
        super().__init__()
        self._shelf = shelf
        self._at = 0
        self._hold(body)

    def __reduce__(self) -> tuple[Any, ...]:
        """Where the content is, without the content."""
        return _shelved, (self._shelf, self._digest, self._inline)

    def _hold(self, body: bytes) -> None:
        self._digest = self._shelf.put(body) if len(body) > SMALL else ""
        self._inline = b"" if self._digest else body

    def whole(self) -> bytes:
        """All of the content."""
        return self._shelf.read(self._digest) if self._digest else self._inline

    def read(self, size: int | None = -1, /) -> bytes:
        """The content from here on."""
        end = None if size is None or size < 0 else self._at + size
        found = self.whole()[self._at : end]
        self._at += len(found)
        return found

    def write(self, body: Any, /) -> int:
        """Put ``body`` here, over what was there."""
        before, end = self.whole(), self._at + len(body)
        self._hold(before[: self._at] + bytes(body) + before[end:])
        self._at = end
        return len(body)

    def seek(self, offset: int, _whence: int = os.SEEK_SET, /) -> int:
        """Go to a place, counted from the beginning."""
        self._at = offset
        return offset

    def truncate(self, size: int | None = None, /) -> int:
        """Drop what is after here."""
        length = self._at if size is None else size
        self._hold(self.whole()[:length] if length else b"")
        return length


def _shelved(shelf: Shelf, digest: str, inline: bytes) -> Shelved:
    made = Shelved(shelf, inline)
    made._digest = digest  # noqa: SLF001 - it is ours
    return made


def furnish(shelf: Shelf) -> None:
    """Have moto keep the bodies of objects and mails on a shelf from now on."""
    # The module asks for nothing else of tempfile; the size is from where on a file would be on the disk.
    s3.tempfile = SimpleNamespace(SpooledTemporaryFile=lambda max_size=0: Shelved(shelf))  # type: ignore[assignment,attr-defined]  # noqa: ARG005

    def hold(mail: Any, text: str) -> None:
        mail._text = Shelved(shelf, text.encode("utf-8", "surrogateescape"))  # noqa: SLF001 - an attribute of ours

    def text(mail: Any) -> str:
        return str(mail._text.whole(), "utf-8", "surrogateescape")  # noqa: SLF001

    RawMessage.raw_data = property(text, hold)  # type: ignore[assignment]
