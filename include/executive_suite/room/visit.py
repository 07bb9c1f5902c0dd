"""One look of one person at one group's room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, HTTPException, Request, status

from executive_suite.config import ConfigError, Report
from executive_suite.room.door import Door, Person, Runs
from executive_suite.run.deployment import Deployment


@dataclass(frozen=True)
class Visit:
    """What a route needs.

    Attributes:
        request: Of the browser.
        group: Its name in addresses.
        person: Who looks.
        door: The program around the room.
    """

    request: Request
    group: str
    person: Person
    door: Door

    @cached_property
    def opened(self) -> Deployment:
        """The group's deployment, for reading."""
        return self.door.opened(self.group)

    @cached_property
    def runs(self) -> Runs:
        """Airflow's runs of the group."""
        return self.door.runs(self.request, self.group)

    @property
    def home(self) -> str:
        """The path of the group's room, without a slash at its end."""
        return f"{self.request.scope.get('root_path', '')}/groups/{self.group}"

    def readable(self, report: str) -> Report:
        """A configured report that the person may read.

        Raises:
            HTTPException: 403 or 404.
        """
        if not self.person.may_read(report):
            raise HTTPException(status.HTTP_403_FORBIDDEN, "You are not on the reader list of this report.")
        try:
            return self.opened.config.report(report)
        except ConfigError as error:
            raise HTTPException(status.HTTP_404_NOT_FOUND, str(error)) from None


def _visit(request: Request, group: str) -> Visit:
    door: Door = request.app.state.door
    return Visit(request, group, door.person(request, group), door)


Visiting = Annotated[Visit, Depends(_visit)]
"""The parameter of a route: nobody gets in without a person."""


def ours(request: Request) -> None:
    """Refuse what another page's script or form could have sent."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip()
    if sent != "application/json":
        raise HTTPException(status.HTTP_415_UNSUPPORTED_MEDIA_TYPE, "This is asked for as JSON.")
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "")
    door: Door = request.app.state.door
    own = {"", door.host, request.headers.get("host", "")}
    if site not in {"same-origin", "none"} or origin.rpartition("//")[2] not in own:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "This is asked for by the report room's own pages only.")
