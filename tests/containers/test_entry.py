"""What the entry point of the image makes of its command, its variables and its secrets."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

ENTRY = Path(__file__).parents[2] / "include" / "setup" / "container.sh"


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
