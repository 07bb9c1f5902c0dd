"""A second copy of the audit trail on this machine: JSON lines, appended as events happen, outside any bucket.

The records bucket holds the whole numbered trail. This file holds what this machine wrote to it, so it shows a cut or a
rewrite in the bucket before the next manifest seals it: ``audit verify --mirror FILE``. Several machines have several
files, each with its own events.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from executive_suite import canonical
from executive_suite.trail.chain import Copy

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LocalCopy:
    """A file only its owner may read, one event per line; several processes may append.

    Attributes:
        path: The file; created with its folder if missing.
    """

    path: Path

    def send(self, chain: str, events: list[dict[str, Any]]) -> None:
        """Append events and flush them to disk; raises nothing, because the bucket has them already."""
        lines = b"".join(canonical.dumps(event) + b"\n" for event in events)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One write to a file opened for appending: lines of several processes never mix.
            file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(file, lines)
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            _log.warning("audit file: %d events of %s not written: %s", len(events), chain, error.strerror)


@dataclass(frozen=True, slots=True)
class Copies:
    """Several copies, in order."""

    parts: tuple[Copy, ...]

    def send(self, chain: str, events: list[dict[str, Any]]) -> None:
        """Pass the events to each."""
        for part in self.parts:
            part.send(chain, events)
