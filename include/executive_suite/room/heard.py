"""What a step in a process of its own says while it works, for a page that waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def heard(logger: str, say: Callable[[str], None]) -> Iterator[None]:
    """Hand over each line that a logger gets from this thread, which is where a step's lines arrive."""
    handler = _Lines(say)
    found = logging.getLogger(logger)
    found.addHandler(handler)
    if not found.isEnabledFor(logging.INFO):
        found.setLevel(logging.INFO)
    try:
        yield
    finally:
        found.removeHandler(handler)


class _Lines(logging.Handler):
    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._say = say
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Hand over one line of the own thread."""
        if record.thread == self._thread:
            self._say(record.getMessage())
