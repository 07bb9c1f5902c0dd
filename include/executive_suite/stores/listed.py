"""A store for one look: what lies below some prefixes is listed once, however often parts of it are asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from executive_suite.stores.passed_on import PassedOn
from executive_suite.stores.store import ObjectStore


class Listed(PassedOn):
    """A store whose keys below some prefixes stay, for this look, what they were when first asked for.

    Args:
        store: The one behind it.
        places: The prefixes: what lies below each must fit in a page or two of a listing.
    """

    def __init__(self, store: ObjectStore, places: Iterable[str]) -> None:
        super().__init__(store)
        self._locks = {place: threading.Lock() for place in places}
        self._found: dict[str, tuple[str, ...]] = {}

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``, in lexical order."""
        place = next((one for one in self._locks if prefix.startswith(one)), None)
        if place is None:
            return super().keys(prefix)
        with self._locks[place]:
            if place not in self._found:
                self._found[place] = tuple(super().keys(place))
        return (key for key in self._found[place] if key.startswith(prefix))
