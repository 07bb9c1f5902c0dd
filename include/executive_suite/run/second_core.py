"""Work of a step on a second core: a fork of its process does it and hands back bytes.

Until reports are rendered, a run is one step after the other, and a second core waits. A fork has all that its parent
has read, so only the result crosses, as the JSON that would be written anyway.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable
from typing import NoReturn

from executive_suite.rendering import forking
from executive_suite.run.apart import WATCH

_DEATH_SIGNAL = 1  # linux/prctl.h: PR_SET_PDEATHSIG


def meanwhile(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begin ``work``; returns what waits for its result.

    Without a second core or a safe fork, or if the fork fails, the work is done when its result is asked for: what it
    raises is raised there. ``work`` writes nothing, and uses no connection: its parent's are not its own.
    """
    if not _may_fork():
        return work
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        _hand_back(work, writes)
    os.close(writes)

    def result() -> bytes:
        with os.fdopen(reads, "rb") as given:
            found = given.read()
        _, status = os.waitpid(child, 0)
        return work() if status else found

    return result


def _may_fork() -> bool:
    """Whether there is a second core and a fork is safe: what waits for the end of the task holds no lock."""
    return forking.cores() > 1 and forking.is_safe(WATCH)


def _hand_back(work: Callable[[], bytes], writes: int) -> NoReturn:
    """In the fork: do the work, and end without anything that its parent does at its own end."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)  # whoever is killed has no use for it, and nobody waits
    failed = 1
    try:
        with os.fdopen(writes, "wb") as result:
            result.write(work())
        failed = 0
    finally:
        os._exit(failed)
