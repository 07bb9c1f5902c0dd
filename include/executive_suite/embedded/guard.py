"""Stops the platform when its launcher is gone, however it went: a closed terminal, a kill that nobody can refuse.

The launcher holds the other end of this process's standard input. When that ends, whatever is on record is stopped;
after an orderly stop there is nothing.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from executive_suite.embedded.layout import Layout
from executive_suite.embedded.processes import Registry, python
from executive_suite.run.deployment import NOTE

LOCK = "lock"


@contextmanager
def guarded(layout: Layout) -> Iterator[None]:
    """A guard for as long as this process holds the layout."""
    command = [python(), "-P", "-m", __name__, str(layout.project)]
    package = str(Path(__file__).parents[2])
    # A session of its own: what ends the terminal's processes must not end the guard.
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, env={"PYTHONPATH": package}) as guard:
        try:
            yield
        finally:
            if guard.stdin:
                guard.stdin.close()


def main(folder: str) -> None:
    """Wait for the launcher's end, then stop what it left, unless another launcher is doing so already."""
    layout = Layout.of(Path(folder))
    sys.stdin.buffer.read()
    with (layout.state / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        Registry(layout.processes).stop()
        remove_traces(layout)


def remove_traces(layout: Layout) -> None:
    """Remove what must not outlive the platform: its note, and a socket's folder outside the state."""
    (layout.state / NOTE).unlink(missing_ok=True)
    for folder in (layout.socket_folder, layout.steps_socket.parent):
        if folder.parent != layout.state:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
