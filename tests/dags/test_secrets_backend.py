"""Addresses, the hash key and databases from Airflow's secrets backend, in the process of a task and of its step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from group_data import INCLUDE

LOCAL = "airflow.secrets.local_filesystem.LocalFilesystemBackend"
ASKED = ("RECIPIENT_HASH_KEY", "AWS_RECIPIENT_EMAIL", "AIRFLOW_CONN_BOOKS", "AWS_BCC_EMAIL", "AIRFLOW_CONN_ABSENT")
PROGRAM = f"""
import json
from executive_suite_steps import kept
print(json.dumps({{name: kept(name) for name in {ASKED!r}}}))
"""


@pytest.mark.parametrize("configured", [True, False])
def test_what_the_backend_has_is_found_if_one_is_configured(tmp_path: Path, *, configured: bool) -> None:
    """With Airflow's own backend of local files; the connection's URI is as Airflow writes it."""
    held = {"RECIPIENT_HASH_KEY": "from-the-vault", "AWS_RECIPIENT_EMAIL": "owner@example.com"}
    (tmp_path / "variables.json").write_text(json.dumps(held), encoding="utf-8")
    (tmp_path / "connections.json").write_text(json.dumps({"books": "postgresql://reader@db/books"}), encoding="utf-8")
    files = {f"{kind}_file_path": str(tmp_path / f"{kind}.json") for kind in ("variables", "connections")}
    backend = {
        "AIRFLOW__SECRETS__BACKEND": LOCAL,
        "AIRFLOW__SECRETS__BACKEND_KWARGS": json.dumps(files),
    }
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            "PATH": os.environ["PATH"],
            "AIRFLOW_HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join((str(INCLUDE), str(INCLUDE.parent / "plugins"))),
            **(backend if configured else {}),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(ran.stdout.splitlines()[-1])
    wanted = {**held, "AIRFLOW_CONN_BOOKS": "postgres://reader@db/books"} if configured else {}
    assert found == {name: wanted.get(name) for name in ASKED}
