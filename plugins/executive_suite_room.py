"""The report room in Airflow's UI: its application, its place in the navigation, and who may enter it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/executive-suite"


class _WhenAsked:
    """The room, made when the first person comes: plugins are imported by nearly every process of Airflow."""

    def __init__(self) -> None:
        self._made: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._made is None:
            from executive_suite.room.app import room
            from executive_suite_door import AirflowDoor

            self._made = room(AirflowDoor())
        await self._made(scope, receive, send)


def _at(path: str) -> str:
    return f"{urlsplit(conf.get('api', 'base_url', fallback='')).path.rstrip('/')}{PREFIX}{path}"


class ExecutiveSuiteRoom(AirflowPlugin):
    """What Airflow finds of the room."""

    name = "executive_suite_room"
    fastapi_apps: list[Any] = [{"app": _WhenAsked(), "url_prefix": PREFIX, "name": "Report room"}]  # noqa: RUF012 - as Airflow declares it
    external_views: list[Any] = [  # noqa: RUF012 - as Airflow declares it
        {
            "name": "Report room",
            "href": _at("/"),
            "destination": "nav",
            "url_route": "report-room",
            "nav_top_level": True,
        },
        {
            "name": "Report room",
            "href": _at("/at?dag={DAG_ID}&run={RUN_ID}"),
            "destination": "dag_run",
            "url_route": "report-room-run",
        },
        {
            "name": "Report room",
            "href": _at("/at?dag={DAG_ID}&run={RUN_ID}&lane={MAP_INDEX}"),
            "destination": "task_instance",
            "url_route": "report-room-task",
        },
    ]
