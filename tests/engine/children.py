"""Children that can be killed for good, with all of their own, and started again as they were."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from executive_suite.embedded.processes import Registry


class Respawning(Registry):
    """Children that can be killed for good and started again as they were."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._how: dict[str, dict[str, Any]] = {}
        self._alive: dict[str, Any] = {}

    def spawn(self, name: str, command: Any, **how: Any) -> Any:
        self._how[name] = {"command": command, **how}
        self._alive[name] = super().spawn(name, command, **how)
        return self._alive[name]

    def again(self, *names: str) -> None:
        """Start children that were killed (all unless named) with the commands, variables and folders that they had."""
        for name in names or [name for name in self._how if name not in self._alive]:
            self.spawn(name, **self._how[name])

    def tend(self) -> None:
        """What ``restart: unless-stopped`` does: start again what ended by itself."""
        for name in [name for name, child in self._alive.items() if child.poll() is not None]:
            self._write([one for one in self.recorded() if one.name != name])
            self.again(name)

    def kill(self, *names: str) -> None:
        """What a machine does that loses its power: all of their processes are gone at once."""
        for name in names:
            del self._alive[name]
        leaders = [one for one in self.recorded() if one.name in names]
        found: set[psutil.Process] = set()
        for one in leaders:
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(one.pid)
                found |= {process, *process.children(recursive=True)}
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.suspend()  # nobody makes children while the others die
        for one in leaders:
            with suppress(psutil.NoSuchProcess):
                found |= set(psutil.Process(one.pid).children(recursive=True))
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=10)
        self._write([one for one in self.recorded() if one.name not in names])
