"""A container without an engine: a program in Linux namespaces, with root, user and network as Docker gives them.

Everything is private to the process that starts it and ends with it; nothing of the machine is changed. It needs root.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from containers.given import Given, Image, Ran

INSIDE = Path(__file__).with_name("inside.py")
NEEDED = ("unshare", "nsenter", "setpriv", "ip")  # Debian's util-linux and iproute2
SPACES = ("--mount", "--uts", "--ipc", "--pid", "--net")


def missing(*programs: str) -> str:
    """Why no container can be started on this machine; empty if one can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs Linux and root, for namespaces with the users of each image"
    if lacking := [name for name in (*NEEDED, *programs) if shutil.which(name) is None]:
        return f"needs {', '.join(lacking)}"
    tried = subprocess.run(["unshare", *SPACES, "--fork", "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"may not make namespaces: {tried.stderr.strip()}"


def apart(pid: int) -> bool:
    """Whether a process has a network of its own by now."""
    return Path(f"/proc/{pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


class Container:
    """A started container."""

    def __init__(self, image: Image, given: Given, scratch: Path, log: Path) -> None:
        """Make its namespaces; its program starts with ``go``, once it has a network."""
        self.image, self.given, self.log, self._scratch = image, given, log, scratch
        self.hostname = hashlib.sha256(given.name.encode()).hexdigest()[:12]
        scratch.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                # Who starts it takes it along, however it ends.
                [
                    "setpriv",
                    "--pdeathsig",
                    "KILL",
                    "unshare",
                    *SPACES,
                    "--fork",
                    "--kill-child",
                    sys.executable,
                    INSIDE,
                ],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                text=True,
            )
        while not apart(self._process.pid):
            time.sleep(0.01)

    @property
    def pid(self) -> int:
        """The process whose network is the container's."""
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """The variables of everything that runs in it."""
        return {**self.image.environment, "HOSTNAME": self.hostname, **self.given.environment}

    def go(self, files: Mapping[str, Path] | None = None) -> None:
        """Start its program, with files of its own in the place of its image's."""
        given, paths = self.given, lambda these: {name: str(path) for name, path in (these or {}).items()}
        told = {
            "hostname": self.hostname,
            "scratch": str(self._scratch),
            "layer": str(self.image.layer),
            "layered": given.layered,
            "base": paths({**self.image.base, **(files or {})}),
            "added": str(self.image.added),
            "secrets": paths(given.secrets),
            "tmpfs": dict(given.tmpfs or {}),
            "volumes": paths(given.volumes),
            "read_only": given.read_only,
            "user": given.user[0],
            "group": given.user[1],
            "capabilities": list(given.capabilities),
            "command": list(given.command),
            "environment": self.environment,
            "folder": given.folder,
        }
        assert self._process.stdin is not None
        with self._process.stdin as told_it:
            told_it.write(json.dumps(told) + "\n")

    def run(self, command: Sequence[str], *, seconds: float = 600) -> Ran:
        """Run a program in it as its own user, as ``docker exec`` and its health check do."""
        user, group = self.given.user
        rights = [f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
        at = [f"--target={self._first()}", "--mount", "--uts", "--ipc", "--pid", "--net", "--root"]
        there = ["/usr/bin/env", f"--chdir={self.given.folder}", "/usr/bin/setpriv"]
        bounded = [str(shutil.which("timeout")), "--kill-after=5", str(seconds), str(shutil.which("nsenter"))]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            started = subprocess.Popen(
                [*bounded, *at, "--", *there, *rights, "--", *command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            _, status, used = os.wait4(started.pid, 0)
            started.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            return Ran(started.returncode, output.read(), used.ru_utime + used.ru_stime)

    def ended(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return self._process.wait()

    def stop(self) -> None:
        """End it with everything in it."""
        if self.ended() is None:
            for child in self._children():
                os.kill(child, signal.SIGKILL)  # the first process of its namespace takes all others along
            self._process.kill()
        self._process.wait()

    def _first(self) -> int:
        """Its first process, as this machine counts it."""
        (child,) = self._children()
        return child

    def _children(self) -> list[int]:
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(one) for one in path.read_text(encoding="ascii").split()]
