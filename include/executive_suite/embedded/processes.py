"""Child processes on record: started in their own sessions, stopped with their families, ended after a crash."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

PATIENCE_SECONDS = 15
"""From the polite signal to the one that cannot be refused."""
WORD_EVERY_SECONDS = 10.0
"""Whoever waits hears so often what for; a start that says nothing looks like one that hangs."""
AFTER_LEADER_SECONDS = 1.0
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


Say = Callable[[str], None]


def silent(_: str) -> None:
    """Tell nobody."""


class ComponentError(RuntimeError):
    """A component ended or did not answer; the message names its log."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded child process; its process id alone may belong to another process after a restart."""

    name: str
    pid: int
    started: float


class Registry:
    """The running children of one layout, in a file, so that the next start can end what a crash left."""

    def __init__(self, path: Path) -> None:
        """Keep the record at ``path``, created with the first child."""
        self._path = path

    def recorded(self) -> tuple[Recorded, ...]:
        """The children on record, oldest first."""
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return ()
        return tuple(Recorded(**row) for row in rows)

    def spawn(
        self,
        name: str,
        command: Iterable[str | Path],
        *,
        environment: Mapping[str, str],
        log: Path,
        folder: Path,
        before: Callable[[], None] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a child in its own session, with its output in ``log``, and record it.

        Its own session keeps a terminal's Ctrl-C away from it (the launcher stops it in order) and marks its whole
        family, so that all of it can be found.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            child = subprocess.Popen(
                [str(part) for part in command],
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=before,  # noqa: PLW1509 - the launcher has one thread
            )
        self._write((*self.recorded(), Recorded(name, child.pid, psutil.Process(child.pid).create_time())))
        return child

    def stop(self, names: Collection[str] | None = None) -> tuple[str, ...]:
        """Stop recorded children (all, latest first, unless named) with their families; returns the names found."""
        recorded = self.recorded()
        chosen = [one for one in reversed(recorded) if names is None or one.name in names]
        families = {one: family for one in chosen if (family := _family(one))}
        for one, family in families.items():
            leader = next((process for process in family if process.pid == one.pid), None)
            # For PostgreSQL, SIGINT means "disconnect everybody and close cleanly"; Airflow takes SIGTERM.
            with suppress(psutil.NoSuchProcess):
                (leader or family[0]).send_signal(signal.SIGINT if one.name == "postgres" else signal.SIGTERM)
            if one.name == "postgres":
                psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
        leaders = [process for one, family in families.items() for process in family if process.pid == one.pid]
        psutil.wait_procs(leaders, timeout=PATIENCE_SECONDS)
        # Processes that outlive their leader have no work left: they get a moment to end on their own.
        followers = [process for one in chosen for process in _family(one)]
        _, alive = psutil.wait_procs(followers, timeout=AFTER_LEADER_SECONDS)
        for process in alive:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(alive, timeout=PATIENCE_SECONDS)
        self._write([one for one in recorded if one not in chosen])
        return tuple(one.name for one in families)

    def _write(self, children: Iterable[Recorded]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps([asdict(child) for child in children]), encoding="utf-8")
        draft.replace(self._path)


def _family(recorded: Recorded) -> list[psutil.Process]:
    """The living processes of a recorded child's session; none if its process id belongs to another process now.

    The kernel does not reuse a session's id while any process of the session lives. So without a leader, whatever is
    still in the session is ours; with a leader, its start time must be the recorded one.
    """
    with suppress(psutil.NoSuchProcess):
        leader = psutil.Process(recorded.pid)
        if abs(leader.create_time() - recorded.started) > 1:
            return []
    family = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError, PermissionError):
            if process.create_time() >= recorded.started - 1 and os.getsid(process.pid) == recorded.pid:
                family.append(process)
    return family


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose own parent dies (Linux), so that they can be waited for.

    Otherwise they go to the first process of the machine; in a container that is often a program that does not wait for
    them, and their entries remain in the process table.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def finish(
    name: str,
    command: Iterable[str | Path],
    *,
    environment: Mapping[str, str],
    folder: Path,
    before: Callable[[], None] | None = None,
    say: Say = silent,
) -> None:
    """Run a program to its end.

    Raises:
        ComponentError: it failed; the message has the end of its output.
    """
    child = subprocess.Popen(
        [str(part) for part in command],
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=before,  # noqa: PLW1509 - the launcher has one thread
    )
    with child, Waiting(name, say) as waiting:
        while True:
            try:
                output, _ = child.communicate(timeout=WORD_EVERY_SECONDS)
                break
            except subprocess.TimeoutExpired:
                waiting.word()
            except BaseException:
                child.kill()
                raise
    if child.returncode:
        msg = f"{name} failed:\n{output[-4000:]}"
        raise ComponentError(msg)


class Waiting:
    """Says now and then that somebody still waits, and for what; and at last how long it took, if that was long."""

    def __init__(self, name: str, say: Say) -> None:
        """Begin to wait for ``name``."""
        self._name, self._say = name, say
        self._begun = self._said = time.monotonic()

    def __enter__(self) -> Self:
        """Wait."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Say how long it took."""
        if kind is None and self._said != self._begun:
            self._say(f"  {self._name}: done, {time.monotonic() - self._begun:.0f} s")

    def word(self, doing: str = "") -> None:
        """Say it if it is time to; ``doing`` is what the other side is at."""
        now = time.monotonic()
        if now - self._said >= WORD_EVERY_SECONDS:
            self._said = now
            self._say(f"  {self._name}: {doing or 'still at it'}, {now - self._begun:.0f} s ...")


def await_ready(
    name: str,
    child: subprocess.Popen[bytes],
    ready: Callable[[], bool],
    *,
    log: Path,
    seconds: float,
    say: Say = silent,
    doing: Callable[[], str] = str,
) -> None:
    """Wait until ``ready`` is true.

    Args:
        name: Of the child, for people.
        child: It.
        ready: Whether it is.
        log: Its output.
        seconds: It may take, and as many again whenever it says that it is ``doing`` something else.
        say: Hears what is waited for.
        doing: What the child says it is at.

    Raises:
        ComponentError: the child ended, or is not ready in time; the message has the last lines of its log.
    """
    at, deadline = "", time.monotonic() + seconds
    with Waiting(name, say) as waiting:
        while not ready():
            if (now := doing()) != at:
                at, deadline = now, time.monotonic() + seconds
            ended = child.poll()
            if ended is not None or time.monotonic() > deadline:
                why = f"ended with {ended}" if ended is not None else f"did not answer within {seconds:.0f} s"
                tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
                msg = f"{name} {why}; its log is {log}:\n{tail}"
                raise ComponentError(msg)
            waiting.word(at)
            time.sleep(0.1)


def listens(child: subprocess.Popen[bytes], port: int) -> bool:
    """Whether a child or one of its own children holds a TCP port.

    An answer on a port proves nothing: if two launchers start at the same moment, it may be the other's.
    """
    with suppress(psutil.Error):
        leader = psutil.Process(child.pid)
        for process in (leader, *leader.children(recursive=True)):
            with suppress(psutil.Error):
                for connection in process.net_connections(kind="tcp"):
                    if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                        return True
    return False


def python() -> str:
    """The interpreter of this environment (resolving its path would leave the environment)."""
    return sys.executable
