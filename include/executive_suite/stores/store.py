"""The object store: the part of S3 that the product uses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

SIDE_BY_SIDE = 8
"""Parallel requests; botocore keeps ten connections."""


class StoreError(Exception):
    """The store could not answer; the message names bucket, key and operation."""


class ObjectMissingError(StoreError, KeyError):
    """There is no object at the key."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's bytes, content type, metadata and tags."""

    key: str
    body: bytes
    content_type: str = "application/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


class ObjectStore(Protocol):
    """One bucket. S3 (``stores.s3``) and memory (``stores.memory``) pass the same contract tests."""

    def create(self, item: StoredObject) -> bool:
        """Write unless the key exists (``If-None-Match: *``); whether this call wrote it.

        After a lost answer, the object may be the caller's own: the caller reads it back and compares.
        """
        ...

    def put(self, item: StoredObject) -> None:
        """Write, replacing any earlier object. Idempotent."""
        ...

    def remove(self, key: str) -> None:
        """Delete the object, if there is one. Idempotent. Only archive keys are ever deleted."""
        ...

    def get(self, key: str) -> StoredObject:
        """The object.

        Raises:
            ObjectMissingError: there is no object at the key.
        """
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``, in lexical order."""
        ...

    def folders(self, prefix: str) -> Iterator[str]:
        """The names of the folders right below ``prefix``, which ends with a slash, in lexical order."""
        ...


def create_all(store: ObjectStore, items: Iterable[StoredObject]) -> None:
    """Create several objects in parallel.

    Raises:
        StoreError: one of them could not be written.
    """
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for _ in pool.map(store.create, items):
            pass  # an error is raised here


def read_all(store: ObjectStore, keys: Iterable[str]) -> Iterator[StoredObject]:
    """Objects in the order of their keys, some at a time in parallel, so that no more than those are held.

    Raises:
        StoreError: one of them is missing or could not be read.
    """
    left = iter(keys)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while some := list(islice(left, 16 * SIDE_BY_SIDE)):
            yield from pool.map(store.get, some)


def create_by_hash(store: ObjectStore, folder: str, body: bytes) -> str:
    """Create a JSON object under the hash of its bytes; returns its key.

    Raises:
        StoreError: it could not be written.
    """
    key = f"{folder}/{hashlib.sha256(body).hexdigest()}.json"
    store.create(StoredObject(key, body, "application/json"))
    return key
