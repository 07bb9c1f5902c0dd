"""A running platform with hands on it: what scenarios do to it, and what they look at."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import httpx
import psutil
import yaml
from botocore.config import Config

from executive_suite import settings
from executive_suite.embedded import components, progress
from executive_suite.embedded.client import Client
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import Running, held, start_airflow, start_aws
from executive_suite.embedded.processes import Registry
from executive_suite.run import environment
from executive_suite.run.label import parts
from ses_stub import SesStub

CHECKOUT = Path(__file__).parents[2]
DAG = "executive_suite"
QUEUE = "feedback"
WHO = ("--actor", "tester")
DATE = "2026-05-01"  # the sample's report date, of the product's statement
# Limits of the protocol short enough to watch a lease run out: same order, seconds instead of minutes.
LIMITS = {
    "connect_timeout_seconds": 2,
    "read_timeout_seconds": 10,
    "lease_seconds": 14,
    "first_retry_seconds": 3,
    "retries": 4,
    "age_limit_days": 45,
    "allowed_domains": [],
    "four_eyes": True,
}
USERS = "admin:admin,olga:op,vera:viewer"


KILLING = "killing"
"""A folder of the checkout: a file ``<lane>.<point>`` in it kills that lane's step once, after that point."""
# Part of the steps' code from the start, because the process that forks them loads it once. What dies is the step's own
# process; that a task and its step take each other along is shown in tests/unit/test_apart.py.
KILLER = """

def _killed_once(folder: str) -> None:
    import dataclasses, os, pathlib, signal
    from executive_suite.run import services

    plain = services.for_reports

    def for_reports(deployment, trail):
        lane = trail.name.rsplit("/", 1)[1]

        def die(point):
            try:
                (pathlib.Path(folder) / f"{{lane}}.{{point}}").unlink()
            except FileNotFoundError:
                return
            os.kill(os.getpid(), signal.SIGKILL)

        return dataclasses.replace(plain(deployment, trail), fail_point=die)

    services.for_reports = for_reports


_killed_once({folder!r})
"""


@dataclass(kw_only=True)
class Hands:
    """A running platform with hands on it, whatever it is made of."""

    running: Running
    registry: Registry
    client: Client
    addresses: Mapping[str, str]
    runs: list[str] = field(default_factory=list)

    def token(self, name: str) -> str:
        """What a user of Airflow comes with."""
        passwords = json.loads(self.running.layout.passwords.read_text(encoding="utf-8"))
        given = {"username": name, "password": passwords[name]}
        answer = httpx.post(f"{self.running.access.address}/auth/token", json=given, trust_env=False, timeout=60)
        return str(answer.json()["access_token"])

    def person(self, name: str) -> httpx.Client:
        """A user of Airflow, with the cookie that the UI has."""
        address = self.running.access.address
        return httpx.Client(base_url=address, cookies={"_token": self.token(name)}, trust_env=False, timeout=120)

    @property
    def values(self) -> Mapping[str, str]:
        """The environment of the tasks."""
        return self.running.environment

    def backfill(self, first: str, last: str, *options: str) -> None:
        """``airflow backfill create``, as a person types it; both dates are those of intervals' beginnings."""
        period = ("--from-date", first, "--to-date", last)
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "backfill", "create", "--dag-id", DAG, *period, *options],
            env=dict(self.values),
            cwd=self.running.layout.project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]

    def aws(self, service: str) -> Any:
        """A client of the embedded endpoint."""
        return boto3.client(
            service,
            endpoint_url=self.running.aws_endpoint,
            region_name="us-east-1",
            aws_access_key_id=self.values["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.values["AWS_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        )

    def objects(self, bucket: str, prefix: str = "") -> dict[str, Any]:
        """Every object of a bucket (REPORTS_BUCKET, RECORDS_BUCKET) below a prefix, with body, metadata and tags."""
        s3, name = self.aws("s3"), self.values[bucket]
        found = {}
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name, Prefix=prefix):
            for entry in page.get("Contents", []):
                answer = s3.get_object(Bucket=name, Key=entry["Key"])
                tags = s3.get_object_tagging(Bucket=name, Key=entry["Key"])["TagSet"]
                found[entry["Key"]] = {
                    "body": answer["Body"].read(),
                    "type": answer["ContentType"],
                    "metadata": answer["Metadata"],
                    "tags": {tag["Key"]: tag["Value"] for tag in tags},
                }
        return found

    def trigger(self, **conf: Any) -> str:
        """Start a run."""
        self.runs.append(self.client.trigger(DAG, conf))
        return self.runs[-1]

    def finish(self, run_id: str, *, seconds: float = 600) -> str:
        """Wait for the end of a run; its state."""
        lines: list[str] = []
        state = progress.follow(self.client, DAG, run_id, lines.append, seconds=seconds)
        print("\n".join([run_id, *lines, state]))
        return state

    def run(self, **conf: Any) -> tuple[str, str]:
        """Start a run and wait for its end; its id and state."""
        run_id = self.trigger(**conf)
        return run_id, self.finish(run_id)

    def states(self, run_id: str) -> dict[str, str]:
        """The state of every task of a run: ``lane.send[cfo]`` to ``success``."""
        return {name(task): str(task["state"]) for task in self.client.tasks(DAG, run_id)}

    def task(self, run_id: str, wanted: str) -> dict[str, Any]:
        """One task of a run by that name."""
        return next(task for task in self.client.tasks(DAG, run_id) if name(task) == wanted)

    def said(self, run_id: str, wanted: str) -> str:
        """What the label of a task says of it."""
        return parts(str(self.task(run_id, wanted)["rendered_map_index"]))[1]

    def note(self, run_id: str) -> str:
        """The note of a run."""
        return str(self.client.get(f"/dags/{DAG}/dagRuns/{run_id}")["note"])

    def clear(self, run_id: str, task: dict[str, Any]) -> None:
        """Clear one mapped task instance and the close of its run, as a person does in the UI."""
        body = {
            "dry_run": False,
            "dag_run_id": run_id,
            "task_ids": [[task["task_id"], task["map_index"]], "close"],
            "only_failed": False,
            "reset_dag_runs": True,
        }
        self.client.post(f"/dags/{DAG}/clearTaskInstances", body)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line, as a person uses it while the platform runs."""
        include = self.running.layout.project / "include"
        return subprocess.run(
            [sys.executable, "-m", "executive_suite", *arguments],
            env={**self.values, "PYTHONPATH": str(include), "PATH": os.environ["PATH"]},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )

    def connections(self) -> list[tuple[psutil.Process, Any]]:
        """Every internet connection of every process of the platform; tasks come and go while one looks."""
        sessions = {one.pid for one in self.registry.recorded()}
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if os.getsid(process.pid) in sessions:
                    found += [(process, one) for one in process.net_connections("inet")]
        return found


@dataclass(kw_only=True)
class Suite(Hands):
    """The platform of one machine, whose mails go to an SES that tests direct."""

    ses: SesStub


def name(task: Mapping[str, Any]) -> str:
    """A task as a person would call it: by its report, whatever its label says of it."""
    label = task.get("rendered_map_index") or (str(task["map_index"]) if task["map_index"] >= 0 else "")
    label, _ = parts(label)
    return f"{task['task_id']}[{label}]" if label else str(task["task_id"])


def project(folder: Path) -> dict[str, str]:
    """A checkout of its own in which every report has its own recipient; the variables of their addresses."""
    for part in ("dags", "plugins", "include"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / ".env.example", folder)
    (folder / KILLING).mkdir()
    with (folder / "include" / "executive_suite" / "run" / "bodies.py").open("a", encoding="utf-8") as bodies:
        bodies.write(KILLER.format(folder=str(folder / KILLING)))
    sources = folder / "include" / "config" / "sources.yaml"
    # The rows of the headline window, from which the whole sample was grown: the same figures in a tenth of the time.
    sources.write_text(
        sources.read_text(encoding="utf-8").replace("location: ../data\n", "location: ../data/sample_group/window\n"),
        encoding="utf-8",
    )
    reports_file = folder / "include" / "config" / "reports.yaml"
    reports = yaml.safe_load(reports_file.read_text(encoding="utf-8"))
    recipients = []
    for report in reports:
        report["recipients"] = [report["report"]]
        variable = f"{report['report'].upper()}_EMAIL"
        recipients.append({"recipient_id": report["report"], "address_from": variable, "role": report["reader"]})
    reports_file.write_text(yaml.safe_dump(reports), encoding="utf-8")
    (folder / "include" / "config" / "recipients.yaml").write_text(yaml.safe_dump(recipients), encoding="utf-8")
    (folder / "include" / "config" / "delivery.yaml").write_text(yaml.safe_dump(LIMITS), encoding="utf-8")
    return {one["address_from"]: f"reader-{one['recipient_id']}@example.com" for one in recipients}


@contextmanager
def started(folder: Path) -> Iterator[Suite]:
    """The platform of a checkout of its own; stopped, whole, at the end."""
    addresses = project(folder)
    components.USERS = USERS
    layout = Layout.of(folder)
    # A backfill needs a schedule; the scheduler itself is told to start nothing by it.
    given = {
        **environment.read(folder, {}, also=environment.named_in(folder / "include" / "config")),
        **addresses,
        "EXECUTIVE_SUITE_SCHEDULE": "0 6 1 * *",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
    }
    with SesStub() as ses, held(layout) as registry:
        # Fast enough that nobody waits for it, and told: so every send goes through the pool and the pacer.
        ses.account["SendQuota"]["MaxSendRate"] = 1000.0
        endpoint = start_aws(layout, registry, settings.from_environment(given))
        aws = {**endpoint.environment, "AWS_ENDPOINT_URL_SESV2": ses.url}
        queue = f"{endpoint.url}/123456789012/{QUEUE}"  # the account number is moto's
        given["EXECUTIVE_SUITE_FEEDBACK_QUEUE"] = queue
        running = start_airflow(layout, registry, {**given, **aws}, endpoint.url)
        with running.client() as client:
            client.log_in()
            client.await_dag(DAG, seconds=120)
            yield Suite(running=running, registry=registry, client=client, ses=ses, addresses=addresses)
