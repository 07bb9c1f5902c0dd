"""The object store: what the product needs of S3, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class StoreError(Exception):
    """The store could not answer; the message names bucket, key and operation."""


class ObjectMissingError(StoreError, KeyError):
    """No object stands at the key."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's bytes with what is kept beside them."""

    key: str
    body: bytes
    content_type: str = "application/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


class ObjectStore(Protocol):
    """One bucket. S3 (``stores.s3``) and memory (``stores.memory``) pass the same contract tests."""

    def create(self, item: StoredObject) -> bool:
        """Write unless the key exists (``If-None-Match: *``); whether this call wrote it.

        A lost answer may leave one's own write behind: the caller reads back and compares.
        """
        ...

    def put(self, item: StoredObject) -> None:
        """Write, replacing what stands there. Idempotent."""
        ...

    def remove(self, key: str) -> None:
        """Take away what stands at the key, if anything does; idempotent. Only keys of the archive ever are."""
        ...

    def get(self, key: str) -> StoredObject:
        """The object.

        Raises:
            ObjectMissingError: nothing stands at the key.
        """
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``, in lexical order."""
        ...
