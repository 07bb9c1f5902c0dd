"""What the room asks of the program around it: who comes in, whose records are shown, who carries out an act.

The plugin for Airflow (``plugins/executive_suite_room.py``) is such a door; nothing here knows Airflow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Request

from executive_suite.run.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks at the room, as the door knows them.

    Attributes:
        user_id: By which Airflow names a person who is asked.
        name: As the trail records them.
        may_act: Whether they may approve, resend and correct; then they see every report.
        reports: The reports they may read otherwise.
    """

    user_id: str
    name: str
    may_act: bool
    reports: frozenset[str] = frozenset()

    def may_read(self, report: str) -> bool:
        """Whether they may read a report."""
        return self.may_act or report in self.reports


class Runs(Protocol):
    """Airflow's runs of a group, asked and changed in the name of the person who looks."""

    def get(self, path: str, **query: Any) -> Any:
        """What Airflow's public API answers below the group's DAG, or None if there is no such thing.

        Raises:
            HTTPException: with Airflow's refusal.
        """
        ...

    def change(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """The same for what changes something.

        Raises:
            HTTPException: with Airflow's refusal.
        """
        ...


class Door(Protocol):
    """The program around the room.

    Attributes:
        host: Host and port of the address under which people reach it; empty if it is the one of each request. A proxy
            may ask under another one.
    """

    host: str

    def groups(self, request: Request) -> tuple[str, ...]:
        """The groups whose room the person may enter, by name; a deployment of one group has the name "-"."""
        ...

    def group_of(self, dag_id: str) -> str:
        """The group whose reports a DAG makes; empty for any other DAG."""
        ...

    def person(self, request: Request, group: str) -> Person:
        """Who looks.

        Raises:
            HTTPException: 401 for nobody, 403 for somebody who may not enter, 404 for no such group.
        """
        ...

    def opened(self, group: str) -> Deployment:
        """The group's deployment, as who only reads may see it."""
        ...

    def act(self, group: str, body: str, **arguments: Any) -> Any:
        """Carry out a body of ``run.bodies`` in a process of its own; its result.

        Raises:
            Exception: what the body raised.
        """
        ...

    def run_page(self, request: Request, group: str, run_id: str) -> str:
        """The address of a run's own page in Airflow, for a link."""
        ...

    def runs(self, request: Request, group: str) -> Runs:
        """Airflow's runs of the group."""
        ...
