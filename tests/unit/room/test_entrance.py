"""The ways in: groups, runs and tasks; below the path of base_url, as a proxy hands requests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from executive_suite.config import ConfigError
from executive_suite.room.app import room
from executive_suite.run.deployment import Deployment
from executive_suite.stores.store import StoreError
from room_door import RUN, NoRuns, RoomDoor, browser_at, in_memory


@pytest.fixture
def opened() -> Deployment:
    return in_memory()


@dataclass
class Several(RoomDoor):
    """A door to several groups."""

    names: tuple[str, ...] = ()

    def groups(self, request: Request) -> tuple[str, ...]:
        return self.names


class Settled(NoRuns):
    """A run that has settled its date and reports."""

    def get(self, path: str, **query: Any) -> Any:
        if path == "/dagRuns/run%201/taskInstances/preflight/xcomEntries/return_value":
            return {"value": {"report_date": "2026-05-01", "reports": ["ceo", "cfo"]}}
        return None


def test_one_group_is_entered_at_once_and_several_are_chosen_from(opened: Deployment) -> None:
    assert browser_at(Several(opened, names=("-",))).get("/").headers["location"] == "/groups/-/"
    page = browser_at(Several(opened, names=("acme", "beta"))).get("/").text
    assert re.findall(r'href="([^"]+)"', page) == ["/groups/acme/", "/groups/beta/"]
    assert "may not enter" in browser_at(Several(opened)).get("/").text


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"dag": RUN.dag, "run": "run 1"}, "/groups/-/dates/2026-05-01"),
        ({"dag": RUN.dag, "run": "run 1", "lane": "1"}, "/groups/-/reports/2026-05-01/cfo"),
        ({"dag": RUN.dag, "run": "run 1", "lane": "7"}, "/groups/-/dates/2026-05-01"),
        ({"dag": RUN.dag, "run": "run 1", "lane": "{MAP_INDEX}"}, "/groups/-/dates/2026-05-01"),
        ({"dag": RUN.dag, "run": "another"}, "/groups/-/"),
    ],
)
def test_a_run_and_a_task_lead_to_their_place(opened: Deployment, query: dict[str, str], place: str) -> None:
    answer = browser_at(RoomDoor(opened, airflow=Settled())).get("/at", params=query)
    assert (answer.status_code, answer.headers["location"]) == (303, place)


def test_another_dag_has_no_room(opened: Deployment) -> None:
    answer = browser_at(RoomDoor(opened)).get("/at", params={"dag": "another", "run": "x"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["", "/airflow", "/a/b"])
def test_every_address_on_a_page_is_below_the_path_of_the_ui(opened: Deployment, path: str) -> None:
    around = FastAPI(root_path=path)
    around.mount("/executive-suite", room(RoomDoor(opened)))
    browser = TestClient(around, follow_redirects=False, headers={"host": "10.0.0.7:8080"})  # as a proxy may ask
    home = f"{path}/executive-suite/groups/-"
    assert browser.get(f"{path}/executive-suite/").headers["location"] == f"{home}/"
    page = browser.get(f"{home}/")
    assert page.status_code == 200
    found = re.findall(r'(?:href|src|action|data-act)="([^"#]+)"', page.text)
    assert len(found) > 3
    assert [one for one in found if not one.startswith(f"{home}/")] == []
    assert browser.get(f"{home}/static/room.css").status_code == 200


@pytest.mark.parametrize("error", [StoreError("get s3://records: denied"), ConfigError("reports.yaml: line 3")])
def test_what_keeps_the_room_closed_is_said_in_words(opened: Deployment, error: Exception) -> None:
    class Closed(RoomDoor):
        def opened(self, group: str) -> Deployment:
            raise error

    answer = browser_at(Closed(opened)).get("/groups/-/", headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert str(error) in answer.text
