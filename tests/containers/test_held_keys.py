"""Which keys each component of docker-compose.yaml is given."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from containers.compose import Service, read

CHECKOUT = Path(__file__).parents[2]

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
