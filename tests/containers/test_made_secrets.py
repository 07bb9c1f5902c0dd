"""The files of secrets that are made for a checkout, and made again after a change."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

CHECKOUT = Path(__file__).parents[2]


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
