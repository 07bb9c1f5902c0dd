"""What a container is given: by Compose, by the entry point, by the builder's context."""

from __future__ import annotations

import inspect
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from containers.compose import Service, read
from containers.dockerfile import context

CHECKOUT = Path(__file__).parents[2]
ENTRY = CHECKOUT / "include" / "setup" / "container.sh"

# Who needs what, and why. AWS stands for the account's keys, where there is no role; READERS for their addresses.
AWS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
READERS = ("AWS_RECIPIENT_EMAIL", "AWS_BCC_EMAIL")
SUITE = ("RECIPIENT_HASH_KEY", "EXECUTIVE_SUITE_READER_KEY", "EXECUTIVE_SUITE_NOTIFY")
KEYS: dict[str, set[str]] = {
    "postgres": {"postgres_password"},
    "redis": {"redis_password"},
    # Makes schema, roles and the first person; asks SES for the account's rate.
    "set-up": {"database_url", "result_backend_url", "admin_password", *AWS},
    # Signs sessions and tokens, decrypts connections for the tasks; the room reads buckets and records decisions.
    "api-server": {
        *("fernet_key", "api_secret_key", "jwt_secret", "database_url", "recipient_hash_key"),
        *AWS,
        *READERS,
    },
    # Queues tasks, each with its token, and reads how they ended.
    "scheduler": {"fernet_key", "jwt_secret", "database_url", "result_backend_url", "broker_url"},
    # Parse and trigger with connections and variables of Airflow's own database.
    "dag-processor": {"fernet_key", "database_url"},
    "triggerer": {"fernet_key", "database_url"},
    # Runs the steps; whatever it needs of Airflow it asks of the API server.
    "worker": {
        *("result_backend_url", "broker_url", "recipient_hash_key", "reader_key", "EXECUTIVE_SUITE_NOTIFY"),
        *AWS,
        *READERS,
    },
    # Answers only who knows the key; verifies the addresses.
    "aws": {"recipient_hash_key", *AWS, *READERS},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout whose ``.env`` has a value for every variable, keys included."""
    shutil.copy(CHECKOUT / "docker-compose.yaml", tmp_path)
    example = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    names = [line.partition("=")[0] for line in example.splitlines() if "=" in line and not line.startswith("#")]
    given = "".join(f"{name}=mine\n" for name in {*names, *AWS})
    (tmp_path / ".env").write_text(given, encoding="utf-8")
    return tmp_path


def held(service: Service) -> set[str]:
    return {*service.secrets, *(name for name in (*AWS, *READERS, *SUITE) if service.environment.get(name))}


def test_each_component_holds_the_keys_that_it_needs_and_no_other(project: Path) -> None:
    assert {name: held(service) for name, service in read(project, {}, "embedded").items()} == KEYS


def entered(secrets: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What the entry point becomes; ``airflow`` and ``celery`` print what they were called with."""
    programs = secrets.parent / "programs"
    programs.mkdir(exist_ok=True)
    for name in ("airflow", "celery"):
        (programs / name).write_text(f'#!/bin/sh\necho {name} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    path = f"{programs}:{Path(sys.executable).parent}:/usr/bin:/bin"
    given = {"PATH": path, "SECRETS_FOLDER": str(secrets), **variables}
    return subprocess.run(["/bin/sh", ENTRY, *command], env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("command", "becomes"),
    [
        # docker-compose.yaml, and what images of Airflow take.
        (["api-server"], "airflow api-server"),
        (["celery", "worker", "--concurrency", "4"], "airflow celery worker --concurrency 4"),
        (["airflow", "celery", "worker"], "airflow celery worker"),
        # The Helm chart: its components, its waiting for migrations, its probes.
        (["bash", "-c", "exec airflow scheduler"], "airflow scheduler"),
        (["airflow", "db", "check-migrations", "--migration-wait-timeout=60"],
         "airflow db check-migrations --migration-wait-timeout=60"),
        (["celery", "--app", "airflow.x", "inspect", "ping"], "celery --app airflow.x inspect ping"),
        # KubernetesExecutor: python -m airflow.sdk.execution_time.execute_workload
        (["python", "-c", "print('a workload')"], "a workload"),
    ],
)  # fmt: skip
def test_programs_are_passed_through(tmp_path: Path, command: list[str], becomes: str) -> None:
    done = entered(tmp_path / "none", *command)
    assert (done.returncode, done.stdout.strip()) == (0, becomes), done.stderr


def test_a_secret_is_a_file_and_a_variable_where_there_is_none(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "broker_url").write_text(
        "rediss://:a%40b@cache.example.com:6379/0?ssl_cert_reqs=required\n", encoding="utf-8"
    )
    show = ["sh", "-c", 'echo "$AIRFLOW__CELERY__BROKER_URL $AIRFLOW__CORE__FERNET_KEY"']
    done = entered(secrets, *show, AIRFLOW__CORE__FERNET_KEY="of the chart", AIRFLOW__CELERY__BROKER_URL="old")
    assert done.stdout == "rediss://:a%40b@cache.example.com:6379/0?ssl_cert_reqs=required of the chart\n"


def test_what_compose_blanks_is_not_there(tmp_path: Path) -> None:
    show = ["sh", "-c", 'echo "${AWS_BCC_EMAIL-none} ${RECIPIENT_HASH_KEY-none} $AWS_RECIPIENT_EMAIL"']
    done = entered(tmp_path / "none", *show, AWS_BCC_EMAIL="", RECIPIENT_HASH_KEY="", AWS_RECIPIENT_EMAIL="a@b.c")
    assert done.stdout == "none none a@b.c\n"


def test_what_cannot_be_read_ends_the_start(tmp_path: Path) -> None:
    (tmp_path / "secrets" / "database_url").mkdir(parents=True)
    done = entered(tmp_path / "secrets", "api-server")
    assert done.returncode != 0
    assert "database_url" in done.stderr


def test_both_drivers_of_the_database_are_told_of_tls(tmp_path: Path) -> None:
    """Whatever SQLAlchemy hands to asyncpg must be a parameter that asyncpg has: ``sslmode``, libpq's word, is none."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    url = "postgresql+psycopg2://airflow:a%40b@db.example.com/airflow?sslmode=verify-full"  # pragma: allowlist secret
    (secrets / "database_url").write_text(url, encoding="utf-8")
    done = entered(secrets, "sh", "-c", 'echo "$AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC"')
    asked = make_url(done.stdout.strip())
    _, given = asked.get_dialect()().create_connect_args(asked)
    assert given.keys() <= inspect.signature(asyncpg.connect).parameters.keys()
    assert (asked.drivername, given["ssl"], given["password"]) == ("postgresql+asyncpg", "verify-full", "a@b")


def made(folder: Path) -> dict[str, str]:
    subprocess.run(["/bin/sh", folder / "include/setup/secrets.sh"], check=True, capture_output=True)
    return {path.name: path.read_text(encoding="utf-8").strip() for path in (folder / "secrets").iterdir()}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "include/setup").mkdir(parents=True)
    shutil.copy(CHECKOUT / "include/setup/secrets.sh", tmp_path / "include/setup")
    return tmp_path


def test_a_new_password_is_in_its_urls_at_the_next_run(checkout: Path) -> None:
    first = made(checkout)
    hard = "p@ss/w:rd#%?"  # pragma: allowlist secret
    for name in ("postgres_password", "redis_password"):
        (checkout / "secrets" / name).write_text(hard, encoding="utf-8")
    second = made(checkout)
    for name, address in {"database_url": "postgres:5432/airflow", "broker_url": "redis:6379/0"}.items():
        parts = urlsplit(second[name])
        assert unquote(parts.password or "") == hard
        assert second[name].endswith(f"@{address}")
    assert second["result_backend_url"] == first["result_backend_url"]  # of another password
    assert second["fernet_key"] == first["fernet_key"]


def test_a_url_of_your_own_stays(checkout: Path) -> None:
    made(checkout)
    mine = "postgresql+psycopg2://a:b@db.example.com/airflow?sslmode=verify-full"  # pragma: allowlist secret
    (checkout / "secrets" / "database_url").write_text(mine, encoding="utf-8")
    assert made(checkout)["database_url"] == mine


def test_nothing_private_goes_to_the_builder(tmp_path: Path) -> None:
    """The rules are read as Docker documents them: the last line that fits decides."""
    for name in (".dockerignore", "Dockerfile"):
        shutil.copy(CHECKOUT / name, tmp_path)
    kept = ["dags/a.py", "plugins/b.py", "include/config/c.yaml", "include/.hidden", "requirements.txt",
            "requirements-kubernetes.txt", "requirements-embedded.txt"]  # fmt: skip
    private = [".env", "secrets/fernet_key", ".git/config", ".venv/bin/python", ".local/keys.json", "out/x.pdf",
               "include/executive_suite/__pycache__/a.pyc", "docker-compose.yaml", "tests/include/x.py"]  # fmt: skip
    for name in (*kept, *private):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {str(path) for path in context(tmp_path)} == set(kept)


def test_the_context_has_all_that_is_copied() -> None:
    shown = {
        "dags",
        "plugins",
        "include",
        "requirements.txt",
        "requirements-kubernetes.txt",
        "requirements-embedded.txt",
    }
    text = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    copied = {word for line in text.splitlines() if line.startswith("COPY") for word in line.split()[2:-1]}
    assert copied == shown
    rules = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == shown
    assert os.access(ENTRY, os.X_OK)
