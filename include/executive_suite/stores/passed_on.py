"""A store that passes everything on to another one: what adds something of its own to a store begins here."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.stores.store import ObjectStore, StoredObject


class PassedOn:
    """A store in front of another.

    Args:
        store: The one behind it.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def create(self, item: StoredObject) -> bool:
        """Write unless the key exists; whether this call wrote it."""
        return self._store.create(item)

    def put(self, item: StoredObject) -> None:
        """Write, replacing any earlier object."""
        self._store.put(item)

    def remove(self, key: str) -> None:
        """Delete the object, if there is one."""
        self._store.remove(key)

    def get(self, key: str) -> StoredObject:
        """The object.

        Raises:
            ObjectMissingError: there is no object at the key.
            StoreError: the bucket did not answer or refused.
        """
        return self._store.get(key)

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``, in lexical order."""
        return self._store.keys(prefix)

    def folders(self, prefix: str) -> Iterator[str]:
        """The names of the folders right below ``prefix``, in lexical order."""
        return self._store.folders(prefix)
