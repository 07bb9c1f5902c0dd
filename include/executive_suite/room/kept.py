"""What is parsed once and kept for the next look: under its hash, which is the same in every store that has it."""

from __future__ import annotations

from dataclasses import dataclass, field

from executive_suite.stores.store import ObjectStore


@dataclass(frozen=True, slots=True)
class Kept:
    """The key of a cache: something by its hash, and where to read it the first time."""

    name: str
    records: ObjectStore = field(compare=False, repr=False)
