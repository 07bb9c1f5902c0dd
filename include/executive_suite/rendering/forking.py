"""Whether work may go to forks of this process: there are cores for it, and no thread whose locks a fork would keep."""

from __future__ import annotations

import os
import sys
import threading

from executive_suite.rendering import typesetter


def cores() -> int:
    """The cores that this process may use; 1 where forks are not safe."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def is_safe(*harmless: str) -> bool:
    """Whether no thread but the main one and those of these names runs; they hold no lock.

    The typesetter has threads that Python does not know.
    """
    names = {one.name for one in threading.enumerate()}
    return names <= {threading.main_thread().name, *harmless} and not typesetter.started()
