"""Airflow as child processes: all of its settings, and its components."""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from executive_suite.embedded import postgres
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.processes import ComponentError, Registry, Say, finish, python, silent
from executive_suite.run.apart import READY
from executive_suite.run.many import GROUPS

USER = "admin"
USERS = f"{USER}:admin"
"""Every user with their role, as Airflow's simple auth manager takes them."""
USUAL_PORT = 8080
PORT = "AIRFLOW__API__PORT"
"""The variable of the port, by which the note of a running platform names it."""
# What a child needs from the shell's environment; other projects' Airflow settings and other people's keys stay out.
INHERITED = ("HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ", "USER")

PATIENCE: Mapping[str, Mapping[str, str]] = {
    "WORKERS": {
        # A supervisor waits for its heartbeat after the task has ended: 1 instead of 5 s, for each of forty tasks.
        "MIN_HEARTBEAT_INTERVAL": "1",
        # A cold API server needs longer than the default 5 s to build its routes for the first call.
        "EXECUTION_API_TIMEOUT": "30",
        # A call is repeated every 5 s on average, for 200 s: by default 10 s, and three lost heartbeats kill a healthy
        # task. A restart takes one minute.
        "EXECUTION_API_RETRIES": "40",
        "EXECUTION_API_RETRY_WAIT_MAX": "10",
    },
    "SCHEDULER": {
        # Whatever is silent for three minutes is lost: a task, a place in the queue, a scheduler. Less would not
        # outlast a restart of the API server, through which tasks report, nor a scheduler's loop over the lanes of a
        # hundred reports, which by default (30 s) resets live tasks.
        "TASK_INSTANCE_HEARTBEAT_TIMEOUT": "180",
        "TASK_QUEUED_TIMEOUT": "180",
        "TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "30",
        "SCHEDULER_HEALTH_CHECK_THRESHOLD": "180",
        "ORPHANED_TASKS_CHECK_INTERVAL": "60",
    },
}
"""How long Airflow's components wait for each other; docker-compose.yaml has the same (docs/operations.md)."""


@dataclass(frozen=True, slots=True)
class Access:
    """Port and password of the running Airflow.

    Attributes:
        port: Of the API server and its UI, on loopback.
        password: Of the only user, generated for this checkout.
    """

    port: int
    password: str

    @property
    def address(self) -> str:
        """The UI's URL."""
        return f"http://127.0.0.1:{self.port}"


def has_desktop(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a browser could show itself here; a text browser would take over the terminal.

    >>> has_desktop("linux", {"DISPLAY": ":0"}), has_desktop("linux", {}), has_desktop("darwin", {})
    (True, False, True)
    """
    return platform == "darwin" or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def free_port(usual: int) -> int:
    """``usual`` if nothing listens there on loopback, else any free port."""
    for port in (usual, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    msg = "no free port on 127.0.0.1"
    raise ComponentError(msg)


def access(layout: Layout, port: int = 0) -> Access:
    """Airflow's port (a free one unless it is given) and password, which its simple auth manager reads from a file."""
    passwords = _generated(layout.passwords, {USER: secrets.token_urlsafe(12)})
    return Access(port or free_port(USUAL_PORT), passwords[USER])


def environment(layout: Layout, reach: Access, project_environment: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of Airflow's processes and tasks, with the variables of ``.env.example`` and of AWS."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    keys = _generated(
        layout.airflow_home / "keys.json",
        {
            "api": secrets.token_hex(32),
            "jwt": secrets.token_hex(32),
            "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
        },
    )
    settings: dict[str, Mapping[str, object]] = {
        "CORE": {
            "EXECUTOR": "LocalExecutor",
            "PARALLELISM": "8",
            "DAGS_FOLDER": layout.project / "dags",
            "PLUGINS_FOLDER": layout.project / "plugins",
            "LOAD_EXAMPLES": "False",
            "FERNET_KEY": keys["fernet"],
            "SIMPLE_AUTH_MANAGER_USERS": USERS,
            "SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": layout.passwords,
            "EXECUTION_API_SERVER_URL": f"{reach.address}/execution/",
            # By default a DAG is serialized at most every 30 s; a first start should not wait for that.
            "MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "5",
        },
        "DATABASE": {"SQL_ALCHEMY_CONN": postgres.url(layout)},
        "API": {
            "HOST": "127.0.0.1",
            "PORT": reach.port,
            "BASE_URL": reach.address,
            "WORKERS": "1",
            "SECRET_KEY": keys["api"],
        },
        "API_AUTH": {"JWT_SECRET": keys["jwt"]},
        "LOGGING": {
            "BASE_LOG_FOLDER": layout.logs / "tasks",
            "DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": layout.logs / "dag-processor",
            # Airflow sets these itself, whatever the umask says.
            "FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
            "FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
        },
        "WORKERS": PATIENCE["WORKERS"],
        "SCHEDULER": {"SCHEDULER_IDLE_SLEEP_TIME": "0.1", **PATIENCE["SCHEDULER"]},
        "USAGE_DATA_COLLECTION": {"ENABLED": "False"},
    }
    if project_environment.get(GROUPS, "").strip():
        bundle = {
            "name": "groups",
            "classpath": "executive_suite_bundle.GroupsBundle",
            "kwargs": {"refresh_interval": 30},
        }
        settings["DAG_PROCESSOR"] = {
            "DAG_BUNDLE_CONFIG_LIST": json.dumps([bundle]),
            # The bundle tells which groups were changed. By default all are parsed every 30 s: a hundred keep half a
            # processor busy.
            "MIN_FILE_PROCESS_INTERVAL": "900",
            "DAG_BUNDLE_STORAGE_PATH": layout.airflow_home / "bundles",
        }
    airflow = {
        f"AIRFLOW__{section}__{name}": str(value)
        for section, fields in settings.items()
        for name, value in fields.items()
    }
    return {
        **inherited,
        **project_environment,
        **airflow,
        "AIRFLOW_HOME": str(layout.airflow_home),
        "EXECUTIVE_SUITE_ROOM_URL": f"{reach.address}/plugin/report-room",
        READY: str(layout.steps_socket),
        "PYTHONPATH": str(layout.project / "include"),
        "PYTHONUNBUFFERED": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def migrate(layout: Layout, settings: Mapping[str, str], say: Say = silent) -> None:
    """Migrate the metadata database to this Airflow's schema, unless it is known to be there.

    Raises:
        ComponentError: the migration failed; the message has the end of its output.
    """
    schema = version("apache-airflow-core")
    stamp = layout.postgres / "airflow-schema"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == schema:
        return
    say("  Setting up Airflow's database, once for this version of Airflow ...")
    command = [python(), "-m", "airflow", "db", "migrate"]
    finish("Airflow's database", command, environment=settings, folder=layout.project, say=say)
    stamp.write_text(schema, encoding="utf-8")


def start_steps(layout: Layout, registry: Registry) -> None:
    """Start the process that forks the steps: it knows where libraries are, and no secret.

    Nothing waits for it: tasks that come early wait in its queue.
    """
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    registry.spawn(
        "steps",
        [python(), "-m", "executive_suite.run.ready", layout.steps_socket],
        environment={**inherited, "PYTHONPATH": str(layout.project / "include")},
        log=layout.logs / "steps.log",
        folder=layout.project,
    )


def without_schedule(cron: str) -> dict[str, dict[str, str]]:
    """What the components need so that no schedule starts a run, and `airflow backfill create` works all the same.

    Airflow backfills only a DAG with a schedule. So the DAG processor reads the group's, and the scheduler is told to
    start nothing by it.
    """
    return {
        # The DAG's own page says so, too.
        "dag-processor": {"EXECUTIVE_SUITE_SCHEDULE": cron, "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False"},
        "scheduler": {"AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False"},
    }


def start(
    layout: Layout,
    registry: Registry,
    settings: Mapping[str, str],
    port: int,
    own: Mapping[str, Mapping[str, str]],
) -> dict[str, subprocess.Popen[bytes]]:
    """Start API server, scheduler and DAG processor in parallel, some with variables of their ``own``.

    The scheduler runs the tasks (LocalExecutor forks), so only it has the preload on its path. It must not serve logs:
    that server would listen on every interface, and the API server reads the files itself.
    """
    preload = {"PYTHONPATH": f"{settings['PYTHONPATH']}{os.pathsep}{layout.project / 'include' / 'preload'}"}
    commands: dict[str, tuple[list[str], Mapping[str, str]]] = {
        "api-server": (["api-server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"], {}),
        "scheduler": (["scheduler", "--skip-serve-logs"], preload),
        "dag-processor": (["dag-processor"], {}),
    }
    return {
        name: registry.spawn(
            name,
            [python(), "-m", "airflow", *arguments],
            environment={**settings, **extra, **own.get(name, {})},
            log=layout.logs / f"{name}.log",
            folder=layout.project,
        )
        for name, (arguments, extra) in commands.items()
    }


def start_triggerer(layout: Layout, registry: Registry, settings: Mapping[str, str]) -> None:
    """Start the triggerer, after everything that a run waits for and with what the processor has left.

    No task of ours defers. But Airflow's home page shows a component that was never started in red, and no setting
    takes it off the page; idle, it costs about 170 MB and no time.
    """
    registry.spawn(
        "triggerer",
        [python(), "-m", "airflow", "triggerer", "--skip-serve-logs"],
        environment=settings,
        log=layout.logs / "triggerer.log",
        folder=layout.project,
        before=_last,
    )


def _last() -> None:
    """Leave the processor to everybody else."""
    os.nice(10)


def _generated(path: Path, secret: Mapping[str, str]) -> dict[str, str]:
    """What a private file holds; generated once for this checkout."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, secret)
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def write_private(path: Path, record: Mapping[str, str]) -> None:
    """Write a JSON file that only its owner may ever read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        json.dump(dict(record), stream)
