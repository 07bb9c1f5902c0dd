"""The door of the report room in Airflow: its users and roles, its runs, and steps that carry out acts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import resolve_user_from_token
from airflow.api_fastapi.main import app as airflow
from airflow.configuration import conf
from airflow.models.dag import DagModel
from anyio import from_thread
from fastapi import HTTPException, Request, status
from httpx import ASGITransport, AsyncClient

from executive_suite.room.door import Person
from executive_suite.room.opened import Opened, opened
from executive_suite.run import many
from executive_suite_steps import OF_GROUP, account_of, environment_of, step_of

if TYPE_CHECKING:
    from airflow.api_fastapi.auth.managers.models.base_user import BaseUser

ONLY = "-"
"""The name, in addresses, of the group of a deployment that has one."""
COOKIE = "_token"
DAG = "executive_suite"


class AirflowDoor:
    """Lets in whom Airflow knows, as far as its roles and the reader lists of the reports say."""

    def groups(self, request: Request) -> tuple[str, ...]:
        """The groups whose DAG the person may see."""
        user = _user(request)
        return tuple(name for name in _groups() if _may("GET", user, name))

    def group_of(self, dag_id: str) -> str:
        """The group whose reports a DAG makes; empty for any other DAG."""
        name, _, group = dag_id.partition(OF_GROUP)
        return (group or ONLY) if name == DAG else ""

    def person(self, request: Request, group: str) -> Person:
        """Who looks: who may edit the DAG acts and reads everything; who may see it reads what lists them."""
        user = _user(request)
        if group not in _groups():
            raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such group.")
        if not _may("GET", user, group):
            raise HTTPException(status.HTTP_403_FORBIDDEN, "Your role does not see the reports of this group.")
        name = user.get_name()
        listed = frozenset(one.report for one in self.opened(group).config.reports if name in one.readers)
        return Person(str(user.get_id()), name, _may("PUT", user, group), listed)

    def opened(self, group: str) -> Opened:
        """The group's deployment, for reading."""
        given = _environment(group)
        return opened(given, account_of(given))

    def run_page(self, request: Request, group: str, run_id: str) -> str:
        """The address of a run's page, below the path at which Airflow itself is."""
        base = urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/")
        return f"{base}/dags/{_dag(group)}/runs/{quote(run_id, safe='')}"

    def act(self, group: str, body: str, **arguments: Any) -> Any:
        """Carry out a body of a step in a process of its own."""
        return step_of(_name(group), body, **arguments)

    def runs(self, request: Request, group: str) -> AirflowRuns:
        """Airflow's runs of the group."""
        return AirflowRuns(_token(request), _dag(group))


class AirflowRuns:
    """Airflow's own public API, asked within this process and with the person's own token: it decides what they may.

    Args:
        token: The person's.
        dag_id: Of the group's reports.
    """

    def __init__(self, token: str, dag_id: str) -> None:
        self._headers = {"authorization": f"Bearer {token}"}
        self._dag_id = dag_id

    def get(self, path: str, **query: Any) -> Any:
        """What Airflow answers below the DAG; None if there is no such thing."""
        return from_thread.run(self._ask, "GET", path, query, None)

    def change(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """The same for what changes something."""
        return from_thread.run(self._ask, method, path, {}, dict(body))

    async def _ask(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Any:
        url = f"/api/v2/dags/{self._dag_id}{path}"
        async with AsyncClient(
            transport=ASGITransport(airflow), base_url="http://airflow", headers=self._headers
        ) as to:
            answer = await to.request(method, url, params=query, json=body)
        if answer.status_code == status.HTTP_404_NOT_FOUND and method == "GET":
            return None
        if answer.is_error:
            raise HTTPException(answer.status_code, f"Airflow: {_detail(answer.json())}")
        return answer.json()


def _detail(answer: Any) -> str:
    said = answer.get("detail", answer) if isinstance(answer, dict) else answer
    return said if isinstance(said, str) else str(said)


def _groups() -> tuple[str, ...]:
    return many.names(os.environ) or (ONLY,)


def _environment(group: str) -> Any:
    return environment_of(_name(group))


def _name(group: str) -> str:
    return "" if group == ONLY else group


def _user(request: Request) -> BaseUser:
    return from_thread.run(resolve_user_from_token, _token(request))


def _token(request: Request) -> str:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")


def _dag(group: str) -> str:
    return DAG if group == ONLY else f"{DAG}{OF_GROUP}{group}"


def _may(method: Any, user: BaseUser, group: str) -> bool:
    details = DagDetails(id=_dag(group), team_name=DagModel.get_team_name(_dag(group)))
    return get_auth_manager().is_authorized_dag(
        method=method, access_entity=DagAccessEntity.RUN, details=details, user=user
    )
