"""A store that remembers objects which never change once created: whoever looks often reads each of them once."""

from __future__ import annotations

import threading
from collections import OrderedDict

from executive_suite.stores.passed_on import PassedOn
from executive_suite.stores.store import ObjectStore, StoredObject

MOST_BYTES = 64 * 1024 * 1024
LARGEST = 1024 * 1024


class Remembered(PassedOn):
    """A store whose objects below some prefixes are only ever created.

    Args:
        store: The bucket.
        prefixes: Below which no object is ever replaced.
    """

    def __init__(self, store: ObjectStore, prefixes: tuple[str, ...]) -> None:
        super().__init__(store)
        self._prefixes = prefixes
        self._found: OrderedDict[str, StoredObject] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> StoredObject:
        """The object; one that never changes is asked for once, as long as there is room.

        Raises:
            ObjectMissingError: there is no object at the key.
            StoreError: the bucket did not answer or refused.
        """
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found = super().get(key)
        if key.startswith(self._prefixes) and len(found.body) <= LARGEST:
            with self._lock:
                self._bytes += len(found.body) if key not in self._found else 0
                self._found[key] = found
                while self._bytes > MOST_BYTES:
                    self._bytes -= len(self._found.popitem(last=False)[1].body)
        return found
