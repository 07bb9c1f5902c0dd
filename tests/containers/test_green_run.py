"""Every service of docker-compose.yaml, started as a container is, to eight mails."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from containers import container
from containers.bases import dumb_init
from containers.project import Project, project

CHECKOUT = Path(__file__).parents[2]
KEY = secrets.token_hex(16)

LASTING = ("postgres", "redis", "api-server", "scheduler", "dag-processor", "triggerer", "worker", "aws")

# The checks of docker-compose.yaml call curl, and dumb-init is in the image's base.
LACKING = container.missing("curl") or ("" if dumb_init() else "needs dumb-init")

pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(bool(LACKING), reason=LACKING),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone, made ready as docs/platforms.md says."""
    folder = tmp_path_factory.mktemp("compose") / "checkout"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split("\0"):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, folder / name)
    subprocess.run(["sh", "include/setup/secrets.sh"], cwd=folder, check=True)
    example = (folder / ".env.example").read_text(encoding="utf-8")
    embedded = {"AWS_ENDPOINT_URL": "http://aws:4566", "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": KEY}
    (folder / ".env").write_text(
        example + "".join(f"{name}={value}\n" for name, value in embedded.items()), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def up(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with project(tmp_path_factory.mktemp("project"), checkout, "embedded") as made:
        made.up()
        yield made


PART_OF = {
    "database_url": "postgres_password",
    "result_backend_url": "results_password",
    "broker_url": "redis_password",
}
PASSWORDS = {"airflow": "postgres_password", "results": "results_password"}


def ask(up: Project, statement: str, *, role: str = "airflow") -> str:
    """What Airflow's database answers to a role; or why it does not."""
    password = (up.checkout / "secrets" / PASSWORDS[role]).read_text(encoding="utf-8")
    command = ["psql", "-XtA", "-h", "127.0.0.1", "-U", role, "-d", "airflow", "-c", statement]
    return up.run("postgres", "env", f"PGPASSWORD={password}", *command).output.strip()


def test_no_component_sees_a_secret_of_another(up: Project) -> None:
    folder = up.checkout / "secrets"
    whole = {path.name: path.read_text(encoding="utf-8").strip() for path in folder.iterdir()}
    for name in LASTING:
        mounted = set(up.run(name, "ls", "/run/secrets").output.split())
        seen = up.run(name, "cat", "/proc/1/environ").output + up.run(name, "env").output
        assert mounted == set(up.services[name].secrets), name
        # The file of the reader key is empty here: a deployment without one.
        known = {secret for secret, content in whole.items() if content and content in seen}
        assert known <= mounted | {PART_OF.get(secret, secret) for secret in mounted}, name


def test_the_role_of_results_cannot_enter_airflows_database(up: Project) -> None:
    assert "permission denied for database" in ask(up, "select 1", role="results")
    assert ask(up, "select 1") == "1"


def test_a_component_that_is_not_there_is_not_well(up: Project) -> None:
    assert up.run("scheduler", "/entrypoint", "well", "worker").code == 1
    assert up.run("triggerer", "/entrypoint", "well", "job", "DagProcessorJob").code == 1


def test_a_check_of_health_costs_little(up: Project) -> None:
    """Of its interval of fifteen seconds; `airflow jobs check` takes seven seconds of processor."""
    for name in LASTING:
        spent = sorted(check.processor_seconds for check in up.running[name].checks)
        print(f"{name}: {spent[len(spent) // 2]:.3f} s of processor")
        assert spent[len(spent) // 2] < 0.5, name


def test_the_image_runs_what_kubernetes_asks_of_it(up: Project) -> None:
    done = up.run("worker", "/entrypoint", "python", "-m", "airflow.sdk.execution_time.execute_workload", "--help")
    assert (done.code, "--json-string" in done.output) == (0, True), done.output


def test_eight_mails(up: Project) -> None:
    deadline = time.monotonic() + 2400
    while ask(up, "select count(*) from dag where dag_id = 'executive_suite'") != "1":
        assert time.monotonic() < deadline, up.log("dag-processor")
        time.sleep(2)
    for command in (
        ["unpause", "executive_suite"],
        ["trigger", "executive_suite", "--conf", '{"report_date": "2026-05-01"}'],
    ):
        done = up.run("api-server", "/entrypoint", "airflow", "dags", *command)
        assert done.code == 0, done.output
    while (state := ask(up, "select state from dag_run where dag_id = 'executive_suite'")) in {"queued", "running"}:
        assert time.monotonic() < deadline, up.log("worker")
        time.sleep(2)
    tasks = ask(up, "select task_id, map_index, state from task_instance where dag_id = 'executive_suite'")
    assert state == "success", tasks
    stated = ["-H", f"Authorization: Credential={KEY}/"]
    answer = up.run("worker", "curl", "--silent", "--fail", *stated, "http://aws:4566/moto-api/data.json")
    assert answer.code == 0, answer.output
    assert len(json.loads(answer.output)["ses"]["RawMessage"]) == 8


def test_the_administrator_logs_in_and_reads_the_log_of_a_task(up: Project) -> None:
    """Workers serve no logs: the API server has them from the volume."""
    server = "http://api-server:8080"
    person = {"username": "admin", "password": (up.checkout / "secrets/admin_password").read_text(encoding="utf-8")}
    said = ["--json", json.dumps(person)]
    token = json.loads(up.run("scheduler", "curl", "--silent", *said, f"{server}/auth/token").output)["access_token"]
    run = ask(up, "select run_id from dag_run where dag_id = 'executive_suite'")
    task = f"/api/v2/dags/executive_suite/dagRuns/{quote(run)}/taskInstances/preflight/logs/1"
    log = up.run("scheduler", "curl", "--silent", "--fail", "-H", f"Authorization: Bearer {token}", f"{server}{task}")
    assert log.code == 0, log.output
    assert "preflight" in log.output
    assert "Could not read" not in log.output


def test_set_up_comes_again_and_takes_a_new_password_of_the_results(up: Project) -> None:
    """Last: who is at work still has the old one."""
    (up.checkout / "secrets" / "results_password").unlink()
    subprocess.run(["sh", "include/setup/secrets.sh"], cwd=up.checkout, check=True)
    assert "password authentication failed" in ask(up, "select 1", role="results")
    again = up.start(up.services["set-up"])
    assert again.container.wait() == 0, up.log("set-up")
    assert "permission denied for database" in ask(up, "select 1", role="results")
