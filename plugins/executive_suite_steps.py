"""Steps as tasks run them: apart, with secrets from the environment or from Airflow's secrets backend."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseHook, Variable
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowNotFoundException

from executive_suite.run import apart

CONNECTION = "AIRFLOW_CONN_"


def step(body: str, **arguments: Any) -> Any:
    """Run one body of a step (``apart.run``)."""
    return apart.run(body, vault=kept, **arguments)


def kept(name: str) -> str | None:
    """What Airflow's secrets backend has under a variable's name, or as the connection of that name; None if nothing.

    Only a deployment that has such a backend is asked: Airflow's own database is no place for addresses and keys.
    """
    if not (conf.get("secrets", "backend", fallback="") or conf.get("workers", "secrets_backend", fallback="")):
        return None
    if name.startswith(CONNECTION):
        try:
            return str(BaseHook.get_connection(name.removeprefix(CONNECTION).lower()).get_uri())
        except AirflowNotFoundException:
            return None
    found = Variable.get(name, default=None)
    return None if found is None else str(found)
