"""The embedded platform as a whole: started in order, stopped completely."""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TypeVar

import psutil

from executive_suite import config
from executive_suite.cli import account
from executive_suite.embedded import components, endpoint, postgres, provision
from executive_suite.embedded.client import Client, answers, said
from executive_suite.embedded.components import Access
from executive_suite.embedded.guard import LOCK, guarded, remove_traces
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.processes import (
    ComponentError,
    Registry,
    Say,
    adopt_orphans,
    await_ready,
    listens,
    python,
    silent,
)
from executive_suite.folders import INCLUDE, private_folder
from executive_suite.run.deployment import NOTE
from executive_suite.settings import Settings

USUAL_AWS_PORT = 4566
STARTED_BY = ("EXECUTIVE_SUITE_SCHEDULE", "EXECUTIVE_SUITE_FEEDBACK_QUEUE")
"""The variables by which a person lets Airflow start runs on its own."""
_ATTEMPTS = 3
_Started = TypeVar("_Started")


class AlreadyRunningError(ComponentError):
    """Another launcher holds this checkout's state."""


@dataclass(frozen=True, slots=True)
class Running:
    """A started platform.

    Attributes:
        layout: Its folders.
        access: Airflow's URL and password.
        environment: Of every Airflow process and task.
        aws_endpoint: The embedded endpoint's URL; empty for a real account.
    """

    layout: Layout
    access: Access
    environment: Mapping[str, str]
    aws_endpoint: str

    @property
    def room(self) -> str:
        """The report room's page in the UI, which asks for the log-in first."""
        return f"{self.access.address}/plugin/report-room"

    def client(self) -> Client:
        """A session with Airflow, not logged in yet."""
        return Client(self.access)


ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends a launcher: Ctrl-C, a polite kill, a terminal that closes."""


@contextmanager
def held(layout: Layout) -> Iterator[Registry]:
    """Hold the checkout's state for one launcher: end what a crash left, and stop everything in the end.

    Raises:
        AlreadyRunningError: another launcher holds it.
    """
    with _lock(layout) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if psutil.pid_exists(int(lock.read() or 0)):
                msg = f"another make run holds {layout.state}: stop it first (Ctrl-C there, or make clean)"
                raise AlreadyRunningError(msg) from None
            fcntl.flock(lock, fcntl.LOCK_EX)  # its guard is stopping what it left
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        registry = Registry(layout.processes)
        registry.stop()
        adopt_orphans()
        with guarded(layout):
            try:
                yield registry
            finally:
                # A second Ctrl-C, or a terminal that closes now, must not leave half of the children behind.
                for number in ENDS:
                    signal.signal(number, signal.SIG_IGN)
                registry.stop()
                remove_traces(layout)


def stop(layout: Layout) -> None:
    """Stop a launcher in another terminal, which stops its children; then whatever a crash left on record."""
    if not layout.state.exists():
        return
    with _lock(layout) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # The lock is held, so it holds the process id of a living launcher.
            os.kill(int(lock.read()), signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_EX)
        Registry(layout.processes).stop()
        remove_traces(layout)


def _lock(layout: Layout) -> IO[str]:
    private_folder(layout.state)
    lock = (layout.state / LOCK).open("a+", encoding="utf-8")
    lock.seek(0)
    return lock


@dataclass(frozen=True, slots=True)
class Aws:
    """The embedded endpoint: its URL, and the access key of this start."""

    url: str
    key: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a process that uses it."""
        return provision.environment(self.url, self.key)


def start_aws(layout: Layout, registry: Registry, settings: Settings) -> Aws:
    """Start the embedded endpoint with everything it had, and create what it lacks."""
    aws, settle = begin_aws(layout, registry, settings)
    settle()
    return aws


def begin_aws(
    layout: Layout, registry: Registry, settings: Settings, say: Say = silent
) -> tuple[Aws, Callable[[], None]]:
    """Start the embedded endpoint; the function with it waits until it has everything, and creates what it lacks."""
    key = secrets.token_hex(10).upper()
    log = layout.logs / "aws.log"
    name = "The AWS endpoint"

    def start() -> tuple[str, subprocess.Popen[bytes]]:
        port = components.free_port(USUAL_AWS_PORT)
        module = "executive_suite.embedded.endpoint"
        child = registry.spawn(
            "aws",
            [python(), "-m", module, "--journal", layout.aws / "journal.jsonl", "--port", str(port)],
            environment={"PYTHONPATH": str(layout.project / "include"), endpoint.KEY: key},
            log=log,
            folder=layout.project,
        )
        await_ready(name, child, lambda: listens(child, port), log=log, seconds=120, say=say)
        return f"http://127.0.0.1:{port}", child

    address, child = _until_the_port_is_ours(registry, ("aws",), start)

    def settle() -> None:
        ready = f"{address}{endpoint.READY_PATH}"
        await_ready(name, child, lambda: answers(ready), log=log, seconds=120, say=say, doing=lambda: said(ready))
        provision.provision(address, key, settings)

    return Aws(address, key), settle


def _until_the_port_is_ours(registry: Registry, names: tuple[str, ...], start: Callable[[], _Started]) -> _Started:
    """Start again on another port if somebody took the chosen one; if the last attempt fails, the port is not why."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return start()
        except ComponentError:
            registry.stop(names)
    return start()


def _of_this_machine(layout: Layout, given: Mapping[str, str]) -> dict[str, str]:
    """The variables the platform sets if a person left them blank."""
    own = {
        "EXECUTIVE_SUITE_SEND_POOL": account.POOL,
        "EXECUTIVE_SUITE_AUDIT_FILE": str(layout.state / "audit.jsonl"),
        "EXECUTIVE_SUITE_OUT": str(layout.project / "out"),
    }
    return {name: value for name, value in own.items() if not given.get(name, "").strip()}


def _ask_for_slots(project_environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Ask how many sends may run at once, by the command that sets production's pool; it runs while Airflow starts."""
    inherited = {name: os.environ[name] for name in components.INHERITED if name in os.environ}
    return subprocess.Popen(
        [python(), "-m", "executive_suite", "account", "--slots"],
        env={**inherited, **project_environment, "PYTHONPATH": str(INCLUDE)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _answered(asked: subprocess.Popen[str]) -> int:
    answer, trouble = asked.communicate()
    if asked.returncode:
        msg = f"the size of the send pool is unknown: {trouble[-500:]}"
        raise ComponentError(msg)
    return int(answer)


def start_airflow(
    layout: Layout,
    registry: Registry,
    project_environment: Mapping[str, str],
    aws_endpoint: str,
    *,
    meanwhile: Callable[[], None] = lambda: None,
    reached: Callable[[Running], None] = lambda _: None,
    say: Say = silent,
) -> Running:
    """Start PostgreSQL and Airflow, and wait until its API answers.

    Args:
        layout: The folders.
        registry: Where the children are put on record.
        project_environment: The variables of ``.env.example`` and of AWS.
        aws_endpoint: Empty for a real account.
        meanwhile: What is done while Airflow imports what it needs.
        reached: Hears of the UI as soon as that answers; what follows is for the first run, and takes a few seconds.
        say: Hears what is waited for.
    """
    project_environment = {**project_environment, **_of_this_machine(layout, project_environment)}
    scheduled = any(project_environment.get(name, "").strip() for name in STARTED_BY)
    cron = config.load(layout.project / "include" / "config").schedule.cron
    own = {} if scheduled or not aws_endpoint else components.without_schedule(cron)
    postgres.start(layout, registry)
    components.migrate(layout, components.environment(layout, components.access(layout), project_environment), say)
    once = iter((meanwhile,))

    def start() -> Running:
        reach = components.access(layout)
        environment = components.environment(layout, reach, project_environment)
        # Other terminals' commands use the embedded endpoint's variables; those of a real account they read themselves.
        note = {**(project_environment if aws_endpoint else {}), components.PORT: str(reach.port)}
        components.write_private(layout.state / NOTE, note)
        children = components.start(layout, registry, environment, reach.port, own)
        for do in once:
            do()
        server, page = children["api-server"], f"{reach.address}/api/v2/version"
        await_ready(
            "Airflow",
            server,
            lambda: listens(server, reach.port) and answers(page),
            log=layout.logs / "api-server.log",
            seconds=180,
            say=say,
        )
        return Running(layout, reach, environment, aws_endpoint)

    running = _until_the_port_is_ours(registry, ("api-server", "scheduler", "dag-processor"), start)
    reached(running)
    # Not before: all that is needed for the UI shares the processor with this.
    components.start_steps(layout, registry)
    asked = _ask_for_slots(project_environment)
    with running.client() as client:
        client.log_in()
        client.set_pool(project_environment["EXECUTIVE_SUITE_SEND_POOL"], _answered(asked), "SES sends at once")
    components.start_triggerer(layout, registry, running.environment)
    return running
