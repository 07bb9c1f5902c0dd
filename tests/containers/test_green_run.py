"""Every service of docker-compose.yaml, started as a container is, to eight mails."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from containers import container
from containers.project import Project, project

CHECKOUT = Path(__file__).parents[2]
KEY = secrets.token_hex(16)

pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(bool(container.missing()), reason=container.missing()),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone, made ready as docs/deployment.md says."""
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


def ask(up: Project, statement: str) -> str:
    command = ["psql", "-XtA", "-h", "127.0.0.1", "-U", "airflow", "-d", "airflow", "-c", statement]
    password = up.services["postgres"].secrets["postgres_password"].read_text(encoding="utf-8")
    done = up.run("postgres", "env", f"PGPASSWORD={password}", *command)
    assert done.code == 0, done.output
    return done.output.strip()


def test_eight_mails(up: Project) -> None:
    deadline = time.monotonic() + 900
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
    answer = up.run(
        "worker",
        "curl",
        "--silent",
        "--fail",
        "-H",
        f"Authorization: Credential={KEY}/",
        "http://aws:4566/moto-api/data.json",
    )
    assert answer.code == 0, answer.output
    assert len(json.loads(answer.output)["ses"]["RawMessage"]) == 8
