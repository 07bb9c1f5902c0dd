"""The object store: what the product needs of S3, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

SIDE_BY_SIDE = 8
"""Requests under way at once where several do not depend on each other; botocore keeps ten connections."""


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


def create_all(store: ObjectStore, items: Iterable[StoredObject]) -> None:
    """Create several objects side by side: none waits for the answer to another.

    Raises:
        StoreError: the bucket did not answer for one of them, or said no.
    """
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for _ in pool.map(store.create, items):
            pass  # an error is raised here
