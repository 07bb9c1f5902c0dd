"""The door of the report room in Airflow: its users and roles, its runs, and steps that carry out acts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import resolve_user_from_token
from airflow.configuration import conf
from anyio import from_thread
from fastapi import HTTPException, Request, status

from executive_suite.room.door import Person
from executive_suite.room.opened import Opened, opened
from executive_suite.run import apart, many
from executive_suite_steps import OF_GROUP, environment_of, kept

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
        names = many.names(os.environ) or (ONLY,)
        return tuple(name for name in names if _may("GET", user, name))

    def person(self, request: Request, group: str) -> Person:
        """Who looks: who may edit the DAG acts and reads everything; who may see it reads what lists them."""
        user = _user(request)
        if group != ONLY and group not in many.names(os.environ):
            raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such group.")
        if not _may("GET", user, group):
            raise HTTPException(status.HTTP_403_FORBIDDEN, "Your role does not see the reports of this group.")
        name = user.get_name()
        listed = frozenset(one.report for one in self.opened(group).config.reports if name in one.readers)
        return Person(str(user.get_id()), name, _may("PUT", user, group), listed)

    def opened(self, group: str) -> Opened:
        """The group's deployment, for reading."""
        return opened(_environment(group))

    def run_page(self, request: Request, group: str, run_id: str) -> str:  # noqa: ARG002 - the door's interface
        """The address of a run's page, below the path at which Airflow itself is."""
        return f"{urlsplit(conf.get('api', 'base_url', fallback='')).path.rstrip('/')}/dags/{_dag(group)}/runs/{quote(run_id, safe='')}"

    def act(self, group: str, body: str, **arguments: Any) -> Any:
        """Carry out a body of a step in a process of its own."""
        suffix = "" if group == ONLY else many.mark(group)
        return apart.run(body, _environment(group), lambda variable: kept(variable + suffix), **arguments)


def _environment(group: str) -> Any:
    return environment_of("" if group == ONLY else group)


def _user(request: Request) -> BaseUser:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    token = given if scheme.lower() == "bearer" else request.cookies.get(COOKIE)
    return from_thread.run(resolve_user_from_token, token)


def _may(method: Any, user: BaseUser, group: str) -> bool:
    return get_auth_manager().is_authorized_dag(
        method=method, access_entity=DagAccessEntity.RUN, details=DagDetails(id=_dag(group)), user=user
    )


def _dag(group: str) -> str:
    return DAG if group == ONLY else f"{DAG}{OF_GROUP}{group}"
