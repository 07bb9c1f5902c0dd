"""A step in a process of its own, which holds the variables of that step and no others.

A fork inherits all that its parent ever had, in memory and in ``/proc/<pid>/environ``. So the process is executed with
the step's variables, or forked by a process that never had any secret (``ready``). The task's own environment is only
read. Task and process talk over one socket, in one JSON object per line:

| from | says |
|---|---|
| the task | once: the body's name, its arguments, the step's variables, the files that are closed to it |
| the process | ``log`` records as they come, and at last ``result`` or ``error`` |

When the task's end is closed, the process ends: nobody would record what it does.

Before it does anything, the process encloses itself (``enclosure``): what its task, Airflow's components and the other
steps hold is neither in its reach in ``/proc``, nor in the files that the deployment's secrets come from.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from executive_suite import enclosure
from executive_suite.folders import HOME, PACKAGES
from executive_suite.run import bodies, deployment, lending
from executive_suite.run.crossing import StepError, rebuilt, told
from executive_suite.run.lending import Account

_PLACE = re.compile(r"/[^\s?&;,:'\"]+")
COLLECT_AFTER = 100_000, 50, 100
"""A step makes figures by the hundred thousand, keeps nearly all and ends. By Python's measure (700, 10, 10) it spends
a quarter of its time looking for what could be thrown away."""
WATCH = "watch"
"""The thread of a step's process that waits for the end of its task."""
READY = "EXECUTIVE_SUITE_STEPS"
"""The variable of the socket of a process that forks steps; without one, each step is executed."""


def run(
    body: str,
    given: Mapping[str, str],
    vault: Callable[[str], str | None] = lambda _: None,
    account: Account | None = None,
    **arguments: Any,
) -> Any:
    """Run a body (``bodies.STEPS``) in a process of its own; returns its result.

    Args:
        body: Its name.
        given: The environment of the deployment, or of one of its many groups.
        vault: Has secrets of the step that the environment lacks.
        account: Where AWS credentials come from; None if from the environment.
        arguments: Plain values.

    Raises:
        ConfigError, SettingsError: as ``deployment.seen_by`` and ``lending``.
        StepError: the process was killed, or failed in a way that has no exception of the product.
        Exception: whatever the product or Python raised in there, rebuilt from its name, arguments and plain values.
    """
    step = bodies.STEPS[body]
    seen = deployment.seen_by(step, given, vault)
    with lending.of_step(step, given, seen, account) as (environment, keys):
        call = {"body": body, "arguments": arguments, "environment": environment, "closed": with_secrets() + keys}
        with _forked() or _executed(environment) as channel:
            ended = _follow(channel, call)
    if ended is None:
        msg = f"the process of step {body} ended without an answer"
        raise StepError(msg)
    if "error" in ended:
        raise rebuilt(ended["error"])
    return ended["result"]


def with_secrets() -> list[str]:
    """Files and folders from which a deployment has its secrets; a step gets what it needs of them as variables."""
    mounted = Path(os.environ.get("SECRETS_FOLDER", "/run/secrets"))  # include/setup/container.sh
    airflow = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser()
    places = (HOME / ".env", HOME / ".local", HOME / "secrets", mounted, airflow / "airflow.cfg")
    return [str(place) for place in places]


def readable(environment: Mapping[str, str], closed: Collection[Path]) -> Iterator[Path]:
    """What a step may read: all but what is closed, its drafts, and what its own variables name of the closed places.

    Those may be a token, a certificate in a database's URL, a file of credentials. A mounted token is replaced while it
    is in use, so its folder is meant, unless that is one of those closed.
    """
    yield from enclosure.all_but(closed)
    yield Path(tempfile.gettempdir())  # where drafts are made from now on
    shut = {Path(os.path.realpath(one)) for one in closed}
    for named in {found for value in environment.values() for found in _PLACE.findall(unquote(value))}:
        folder = Path(os.path.realpath(Path(named).parent))
        if shut & {folder, *folder.parents}:
            yield Path(named) if folder in shut else folder


def _forked() -> socket.socket | None:
    """The task's end of a new process of ``ready``; None if there is none that answers."""
    place = os.environ.get(READY, "").strip()
    if not place:
        return None
    channel = socket.socket(socket.AF_UNIX)
    try:
        channel.connect(place)
    except OSError:
        channel.close()
        logging.getLogger(__name__).warning("nothing answers at %s; the step is executed, which takes longer", place)
        return None
    return channel


@contextlib.contextmanager
def _executed(environment: Mapping[str, str]) -> Iterator[socket.socket]:
    """The task's end of a new process of this module, which is killed at the end whatever happens."""
    path = (str(PACKAGES), environment.get("PYTHONPATH", ""))  # a task's working folder may be anywhere
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "executive_suite.run.apart", str(theirs.fileno())],
                env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, path))},
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        try:
            yield ours
        finally:
            child.kill()
            child.wait()


def _follow(channel: socket.socket, call: Mapping[str, Any]) -> dict[str, Any] | None:
    """Hand the call over and pass on log records until the end; None if the process ends without one."""
    with channel.makefile("rb") as said, contextlib.suppress(ConnectionError):
        channel.sendall(json.dumps(call).encode() + b"\n")
        for line in said:
            one: dict[str, Any] = json.loads(line)
            if "log" not in one:
                return one
            name, level, text = one["log"]
            logging.getLogger(name).log(level, "%s", text)
    return None


class _Records(logging.Handler):
    """Passes log records to the task that waits."""

    def __init__(self, channel: socket.socket) -> None:
        super().__init__(logging.INFO)
        self._channel = channel

    def emit(self, record: logging.LogRecord) -> None:
        """Send one line; the handler's lock keeps lines whole."""
        self.tell({"log": [record.name, record.levelno, self.format(record)]})

    def tell(self, said: Mapping[str, Any]) -> None:
        """Send one JSON object."""
        self._channel.sendall(json.dumps(said).encode() + b"\n")


def _end_with(channel: socket.socket) -> None:
    """Wait until the task closes its end, and end at once."""
    with contextlib.suppress(ConnectionError):
        while channel.recv(4096):
            pass
    os._exit(1)


def answer(channel: socket.socket) -> None:
    """Run one body as the other end of ``run``, in a process that does nothing else."""
    gc.set_threshold(*COLLECT_AFTER)
    call = b""
    while not call.endswith(b"\n"):
        more = channel.recv(1 << 16)
        if not more:
            return
        call += more
    given = json.loads(call)
    enclosure.enclose(readable(given["environment"], [Path(one) for one in given["closed"]]))
    threading.Thread(target=_end_with, args=(channel,), name=WATCH, daemon=True).start()
    os.environ.clear()
    os.environ.update(given["environment"])
    handler = _Records(channel)
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[handler], force=True)
    try:
        opened = deployment.for_step(bodies.STEPS[given["body"]], os.environ)
        ended = {"result": bodies.body(given["body"])(opened, **given["arguments"])}
    except Exception as error:  # noqa: BLE001 - it is raised again by the task
        ended = {"error": told(error)}
    handler.acquire()  # no log record after the end
    handler.tell(ended)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _channel:
        _channel.set_inheritable(False)
        answer(_channel)
