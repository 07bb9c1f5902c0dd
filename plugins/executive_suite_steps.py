"""Steps as tasks run them: apart, for the group of their DAG, with secrets of the environment or Airflow's backend."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from airflow.sdk import BaseHook, Variable, get_current_context
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowNotFoundException

from executive_suite import config, folders
from executive_suite.run import apart, many, roles
from executive_suite.run.lending import CONNECTION, Account
from executive_suite.settings import Settings, SettingsError

CONNECTIONS = "AIRFLOW_CONN_"
OF_GROUP = "__"
"""Between the name of a DAG and that of one of many groups."""


def step(body: str, **arguments: Any) -> Any:
    """Run one body of a step (``apart.run``) for the group whose DAG runs it."""
    return step_of(group_of(get_current_context()["ti"].dag_id), body, **arguments)


def step_of(name: str, body: str, **arguments: Any) -> Any:
    """Run one body for a group; for the only one if it has no name."""
    suffix = many.mark(name) if name else ""
    given = environment_of(name)
    return apart.run(body, given, lambda variable: kept(variable + suffix), account_of(given), **arguments)


def environment_of_task() -> Mapping[str, str]:
    """What the environment holds for the group whose DAG runs."""
    return environment_of(group_of(get_current_context()["ti"].dag_id))


def group_of(dag_id: str) -> str:
    """The group whose DAG it is; empty if the deployment has one."""
    return dag_id.partition(OF_GROUP)[2]


def environment_of(name: str) -> Mapping[str, str]:
    """The environment of this process, or what it holds for one of many groups."""
    if not name:
        return os.environ
    key = os.environ.get(many.HASH_KEY) or kept(many.HASH_KEY) or ""
    return many.of_group(name, {**os.environ, many.HASH_KEY: key})


def account_of(given: Mapping[str, str]) -> Account | None:
    """The account of Airflow's connection that a deployment names; None leaves it to the environment.

    Raises:
        SettingsError: there is no such connection, or AWS refuses what it says.
        StepError: AWS does not answer; a later try may be luckier.
    """
    named = given.get(CONNECTION, "").strip()
    if not named:
        return None
    try:
        stated = BaseHook.get_connection(named).get_uri()
    except AirflowNotFoundException:
        msg = f"{CONNECTION}: Airflow has no connection {named}"
        raise SettingsError(msg) from None
    return _account(named, stated, given.get("AWS_SES_REGION", "").strip())


@lru_cache(maxsize=64)
def _account(named: str, stated: str, region: str) -> Account:
    """As the connection is stated now: its roles are assumed once, and renewed by its session."""
    del stated
    from airflow.providers.amazon.aws.hooks.base_aws import AwsGenericHook

    hook = AwsGenericHook(aws_conn_id=named, client_type="sts")
    found = hook.conn_config
    with roles.asking(f"{CONNECTION}: connection {named}"):
        session = hook.get_session(region or found.region_name or Settings.model_fields["aws_ses_region"].default)
    return Account(session, found.endpoint_url or "")


def access_of(given: Mapping[str, str]) -> dict[str, dict[str, set[str]]] | None:
    """Who sees and starts the DAGs of a group: the roles that its ``group.yaml`` names; None leaves it to Airflow."""
    roles = config.group(folders.group_of(given)).roles
    return {role: {"DAGs": {"can_read", "can_edit"}, "DAG Runs": {"can_create"}} for role in roles} or None


def kept(name: str) -> str | None:
    """What Airflow's secrets backend has under a variable's name, or as the connection of that name; None if nothing.

    Only a deployment that has such a backend is asked: Airflow's own database is no place for addresses and keys.
    """
    if not (conf.get("secrets", "backend", fallback="") or conf.get("workers", "secrets_backend", fallback="")):
        return None
    if name.startswith(CONNECTIONS):
        try:
            return str(BaseHook.get_connection(name.removeprefix(CONNECTIONS).lower()).get_uri())
        except AirflowNotFoundException:
            return None
    found = Variable.get(name, default=None)
    return None if found is None else str(found)
