"""The door of a room in tests: one group, one person, bodies of steps run in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.testclient import TestClient

from executive_suite.room.app import room
from executive_suite.room.door import Person, Runs
from executive_suite.run import bodies
from executive_suite.run.deployment import Deployment

ADMIN = Person("1", "admin", may_act=True)
HOME = "/groups/-"


@dataclass
class RoomDoor:
    """Lets one person in."""

    deployment: Deployment
    somebody: Person = ADMIN

    def groups(self, request: Request) -> tuple[str, ...]:
        return ("-",)

    def person(self, request: Request, group: str) -> Person:
        return self.somebody

    def opened(self, group: str) -> Deployment:
        return self.deployment

    def act(self, group: str, body: str, **arguments: Any) -> Any:
        return bodies.body(body)(self.deployment, **arguments)

    def runs(self, request: Request, group: str) -> Runs:
        raise NotImplementedError


def visitor(deployment: Deployment, somebody: Person = ADMIN) -> TestClient:
    """A browser in the room."""
    return TestClient(room(RoomDoor(deployment, somebody)), follow_redirects=False)
