"""A port that answers is not enough: it must be the child's own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import psutil

from executive_suite.embedded.processes import listens

_SERVER = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
time.sleep(60)
"""


def test_a_childs_own_port_and_a_strangers() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, text=True) as child,
        socket.create_server(("127.0.0.1", 0)) as stranger,
    ):
        try:
            assert child.stdout is not None
            own = int(child.stdout.readline())
            assert listens(child, own)
            assert not listens(child, stranger.getsockname()[1])
        finally:
            child.kill()


def test_a_port_of_a_childs_child() -> None:
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_SERVER!r}], timeout=60)"
    with subprocess.Popen(
        [sys.executable, "-c", nested], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        try:
            assert child.stdout is not None
            port = int(child.stdout.readline())
            deadline = time.monotonic() + 10
            while not listens(child, port) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert listens(child, port)
        finally:
            for process in psutil.Process(child.pid).children(recursive=True):
                process.kill()
            child.kill()
