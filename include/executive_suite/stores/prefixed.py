"""A part of a bucket as a store of its own: keys are the same in every part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from executive_suite.stores.store import ObjectStore, StoredObject


@dataclass(frozen=True, slots=True)
class Prefixed:
    """What lies under a prefix; nothing else of the bucket can be named.

    Attributes:
        store: The bucket.
        prefix: Ends with a slash.
    """

    store: ObjectStore
    prefix: str

    def create(self, item: StoredObject) -> bool:
        """Write unless the key exists; whether this call wrote it."""
        return self.store.create(self._placed(item))

    def put(self, item: StoredObject) -> None:
        """Write, replacing any earlier object."""
        self.store.put(self._placed(item))

    def remove(self, key: str) -> None:
        """Delete the object, if there is one."""
        self.store.remove(self.prefix + key)

    def get(self, key: str) -> StoredObject:
        """The object.

        Raises:
            ObjectMissingError: there is no object at the key.
            StoreError: the bucket did not answer or refused.
        """
        return replace(self.store.get(self.prefix + key), key=key)

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``, in lexical order."""
        return (key.removeprefix(self.prefix) for key in self.store.keys(self.prefix + prefix))

    def folders(self, prefix: str) -> Iterator[str]:
        """The names of the folders right below ``prefix``, in lexical order."""
        return self.store.folders(self.prefix + prefix)

    def _placed(self, item: StoredObject) -> StoredObject:
        return replace(item, key=self.prefix + item.key)
