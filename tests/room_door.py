"""A door for tests of the report room: a person, a deployment in memory, acts carried out in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from fastapi import HTTPException, Request
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from executive_suite.archive import documents
from executive_suite.archive.publication import ArchiveResult
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.room.app import room
from executive_suite.room.door import Person
from executive_suite.run import bodies
from executive_suite.run.archive import archive
from executive_suite.run.deployment import Deployment, from_environment
from executive_suite.run.plan import Plan
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject
from executive_suite.trail.chain import Run
from open_deployment import ADDRESSES

ADMIN = Person("1", "admin", may_act=True)
HOME = "/groups/-"
RUN = Run(dag="executive_suite", run="manual__1", task="lane.archive", code_version="9.9.9")


class NoRuns:
    """An Airflow that knows no run."""

    def get(self, path: str, **query: Any) -> Any:
        return None

    def change(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        raise HTTPException(409, "Airflow: no such run")


@dataclass
class RoomDoor:
    """The door: ``somebody`` None lets nobody in; ``answers`` are what acts return instead of being carried out."""

    deployment: Deployment
    somebody: Person | None = ADMIN
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    airflow: Any = field(default_factory=NoRuns)
    host: str = ""

    def groups(self, request: Request) -> tuple[str, ...]:
        return ("-",)

    def group_of(self, dag_id: str) -> str:
        return "-" if dag_id == RUN.dag else ""

    def person(self, request: Request, group: str) -> Person:
        if self.somebody is None:
            raise HTTPException(401, "Not authenticated")
        return self.somebody

    def opened(self, group: str) -> Deployment:
        return self.deployment

    def act(self, group: str, body: str, **arguments: Any) -> Any:
        self.asked.append((body, arguments))
        if body in self.answers:
            answer = self.answers[body]
            if isinstance(answer, Exception):
                raise answer
            return answer
        return json.loads(json.dumps(bodies.body(body)(self.deployment, **arguments)))

    def run_page(self, request: Request, group: str, run_id: str) -> str:
        return f"/airflow/runs/{run_id}"

    def runs(self, request: Request, group: str) -> Any:
        return self.airflow


def every_route(**values: str) -> list[tuple[str, str]]:
    """Method and path of each route of the room, filled in: a route that is new is among them."""
    known = {"group": "-", "number": "1", "generation": "1", "page": "1", "extension": "txt", **values}
    found = []
    for route in room(None).routes:  # type: ignore[arg-type]  # the door is asked when somebody comes
        if isinstance(route, APIRoute):
            path = route.path.replace("/static/{name}", "/static/room.css")
            for name, value in known.items():
                path = path.replace(f"{{{name}}}", value)
            assert "{" not in path, route.path
            found += [(method, path) for method in sorted(route.methods)]
    return found


def in_memory() -> Deployment:
    """A deployment without any network."""
    made = from_environment(
        {
            **ADDRESSES,
            "AWS_SES_FROM_NAME": "Reports",
            "REPORTS_BUCKET": "reports",
            "RECORDS_BUCKET": "records",
            "RECIPIENT_HASH_KEY": "k" * 32,
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        }
    )
    made.__dict__.update(records=MemoryStore(), reports=MemoryStore(), trail_copy=None)
    return made


def visitor(deployment: Deployment, somebody: Person = ADMIN) -> TestClient:
    """A browser in the room."""
    return browser_at(RoomDoor(deployment, somebody))


def browser_at(door: RoomDoor) -> TestClient:
    """A browser in front of a door."""
    return TestClient(room(door), follow_redirects=False)


def archived(
    opened: Deployment, document: Document, figures: Figures | None = None, revision: int = 1
) -> ArchiveResult:
    """A document archived as a lane does it, with the figures it was made from."""
    documents.keep(opened.records, document)
    if figures is not None:
        key = f"figures/{figures.report_date}/{figures.digest}.json"
        opened.records.create(StoredObject(key, figures.to_json()))
        documents.keep_origin(opened.records, document.content_digest, key, revision)
    plan = Plan(RUN.run, document.report_date.isoformat(), (document.report,), send=False, why_not="a test", dated=True)
    return archive(opened, plan, RUN, document.content_digest)


def at(figures: Figures, day: str) -> Figures:
    """The same figures at another report date."""
    own = figures.report_date.isoformat()
    facts = tuple(replace(fact, period=day) if fact.period == own else fact for fact in figures.facts)
    return replace(figures, report_date=date.fromisoformat(day), facts=facts)
