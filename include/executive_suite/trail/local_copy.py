"""The audit trail once more on this machine: JSON lines, appended as they happen, that no bucket policy reaches.

The records bucket holds the trail, numbered and whole. This file holds what this machine wrote to it, and so tells of a
cut or a rewrite of the bucket before the next manifest seals it: ``audit verify --mirror FILE``. On several machines
there are several files, each with its own part of the events.
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
    """A file that only its owner may read; events are lines, and several processes may append.

    Attributes:
        path: The file; it and its folder are made when they are missing.
    """

    path: Path

    def send(self, chain: str, events: list[dict[str, Any]]) -> None:
        """Append events and bring them to the disk; raises nothing: the bucket has them already."""
        lines = b"".join(canonical.dumps(event) + b"\n" for event in events)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One write to a file opened for appending: lines of several processes never run into each other.
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
    """Several copies, in order; none of them decides anything."""

    parts: tuple[Copy, ...]

    def send(self, chain: str, events: list[dict[str, Any]]) -> None:
        """Give the events to each."""
        for part in self.parts:
            part.send(chain, events)
