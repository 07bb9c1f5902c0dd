"""Many small objects as one: tasks fetch what they all read in one request instead of seventy.

The store also has each object on its own; a bundle only saves round trips. Readers check objects from a bundle as they
would from the store: every hash of a snapshot's manifest must match.
"""

from __future__ import annotations

import hashlib
import io
import zipfile

from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.passed_on import PassedOn
from executive_suite.stores.store import ObjectStore, StoredObject

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a ZIP entry can have: the same bytes on any day


class BundleError(ValueError):
    """A bundle does not have the hash in its name; the message names it."""


class Kept(PassedOn):
    """A store that remembers what was created through it, to bundle it."""

    def __init__(self, store: ObjectStore) -> None:
        super().__init__(store)
        self._created: dict[str, bytes] = {}

    def create(self, item: StoredObject) -> bool:
        """Write unless the key exists; remembered in both cases."""
        self._created[item.key] = item.body
        return super().create(item)

    def put(self, item: StoredObject) -> None:
        """Write, replacing any earlier object."""
        self._created[item.key] = item.body
        super().put(item)

    def bundle(self, folder: str) -> str:
        """Write everything created so far as one object named by its hash; returns its key."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for key, body in sorted(self._created.items()):
                archive.writestr(zipfile.ZipInfo(key, _EPOCH), body)
        body = buffer.getvalue()
        where = f"{folder}/{hashlib.sha256(body).hexdigest()}.zip"
        self._store.create(StoredObject(where, body, "application/zip"))
        return where


def unbundle(store: ObjectStore, key: str) -> MemoryStore:
    """A bundle's objects in a store of their own.

    Raises:
        BundleError: the bundle's bytes were changed.
    """
    body, memory = store.get(key).body, MemoryStore()
    found = hashlib.sha256(body).hexdigest()
    if not key.endswith(f"/{found}.zip"):
        msg = f"{key}: its bytes were changed, they now have SHA-256 {found}"
        raise BundleError(msg)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            memory.put(StoredObject(name, archive.read(name)))
    return memory
