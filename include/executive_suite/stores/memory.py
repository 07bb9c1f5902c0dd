"""The object store in memory: for bundles, and for the randomized search over the delivery protocol."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from executive_suite.stores.store import ObjectMissingError, StoredObject


class MemoryStore:
    """One bucket that lasts as long as the process; thread-safe."""

    def __init__(self) -> None:
        self._objects: dict[str, StoredObject] = {}
        self._lock = threading.Lock()

    def create(self, item: StoredObject) -> bool:
        """Write unless the key exists; whether this call wrote it."""
        with self._lock:
            if item.key in self._objects:
                return False
            self._objects[item.key] = item
            return True

    def put(self, item: StoredObject) -> None:
        """Write, replacing any earlier object."""
        with self._lock:
            self._objects[item.key] = item

    def remove(self, key: str) -> None:
        """Delete the object, if there is one."""
        with self._lock:
            self._objects.pop(key, None)

    def get(self, key: str) -> StoredObject:
        """The object.

        Raises:
            ObjectMissingError: there is no object at the key.
        """
        try:
            return self._objects[key]
        except KeyError:
            msg = f"{key}: no such object"
            raise ObjectMissingError(msg) from None

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``, in lexical order."""
        with self._lock:
            found = sorted(key for key in self._objects if key.startswith(prefix))
        return iter(found)

    def folders(self, prefix: str) -> Iterator[str]:
        """The names of the folders right below ``prefix``, in lexical order."""
        below = (key.removeprefix(prefix).partition("/") for key in self.keys(prefix))
        return iter(dict.fromkeys(name for name, slash, _ in below if slash))
