"""The network of a project's containers: a bridge and a cable to each."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from containers.container import Container, apart

NETWORK = "10.77.0"
"""Within the namespaces of one project; the machine never sees it."""


class Network:
    """A bridge that is there until ``down``, or until who made it ends."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        """Make it, with an address for every name."""
        self._folder = folder
        self._addresses = {name: f"{NETWORK}.{number}" for number, name in enumerate(names, start=2)}
        self._bridge = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "sleep", "infinity"])
        while not apart(self._bridge.pid):
            time.sleep(0.01)
        _at(self._bridge.pid, "link add bridge type bridge", "link set bridge up")

    def connect(self, name: str, container: Container) -> Path:
        """Lay a cable to the bridge; the file with the names of all containers."""
        address = self._addresses[name]
        peer = f"type veth peer name eth0 netns {container.pid}"
        _at(self._bridge.pid, f"link add v{container.pid} {peer}", f"link set v{container.pid} master bridge up")
        _at(container.pid, "link set lo up", f"addr add {address}/24 dev eth0", "link set eth0 up")
        hosts = f"127.0.0.1 localhost\n{address} {container.hostname}\n"
        hosts += "".join(f"{other} {one}\n" for one, other in self._addresses.items())
        (file := self._folder / f"{name}.hosts").write_text(hosts, encoding="utf-8")
        return file

    def down(self) -> None:
        """Take it away."""
        self._bridge.kill()
        self._bridge.wait()


def _at(pid: int, *commands: str) -> None:
    for command in commands:
        subprocess.run(["nsenter", f"--target={pid}", "--net", "ip", *command.split()], check=True)
