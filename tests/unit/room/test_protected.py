"""Each route of the room, whichever there are: nobody gets in, a viewer changes nothing, no other page asks for it."""

from __future__ import annotations

import pytest

from executive_suite.room.door import Person
from faults.desk import document
from room_door import RoomDoor, archived, browser_at, every_route, in_memory

ROUTES = every_route(day="2026-05-01", report="cfo", recipient="primary")
WRITES = [path for method, path in ROUTES if method != "GET"]
VIEWER = Person("v", "vera", may_act=False)
READER = Person("b", "ben", may_act=False, reports=frozenset({"cfo"}))
BODIES = {"answer": {"answer": "Approve", "content_digest": "0" * 64}, "again": {"first": "send"}}
ACTS = [path for path in WRITES if "/acts/" in path]
# Whoever may enter may verify; whoever reads a report may ask how it reads as known now.
ASKED = {"/groups/-/proof": {}, "/groups/-/compare/known-now": {"report": "cfo", "date": "2026-05-01"}}


@pytest.fixture
def door() -> RoomDoor:
    opened = in_memory()
    archived(opened, document())
    return RoomDoor(opened)


def body(path: str) -> dict[str, str]:
    if path in ASKED:
        return ASKED[path]
    return {"reason": "let me in", **BODIES.get(path.rpartition("/")[2], {})}


def test_a_write_is_an_act_or_a_question() -> None:
    assert set(WRITES) - set(ACTS) == set(ASKED)
    assert len(ACTS) >= 8


def test_nobody_gets_in_anywhere(door: RoomDoor) -> None:
    door.somebody = None
    browser = browser_at(door)
    for method, path in ROUTES:
        if path == "/":
            continue  # names the groups that one may enter, which Airflow's door asks for
        answer = browser.request(method, path, params={"dag": "executive_suite", "run": "x"}, json=body(path))
        assert answer.status_code == 401, (method, path, answer.status_code)
    assert not door.asked


@pytest.mark.parametrize("somebody", [VIEWER, READER])
def test_who_only_reads_changes_nothing(door: RoomDoor, somebody: Person) -> None:
    """With a body that whoever may act could send, so that the refusal is about the person."""
    door.somebody = somebody
    browser = browser_at(door)
    before = set(door.deployment.records.keys(""))
    for path in ACTS:
        assert browser.post(path, json=body(path)).status_code == 403, path
    assert not door.asked
    assert set(door.deployment.records.keys("")) == before
    for method, path in ROUTES:
        if method == "GET" and "/reports/" in path and somebody is VIEWER:
            assert browser.get(path).status_code == 403, path


@pytest.mark.parametrize("path", WRITES)
def test_only_the_rooms_own_pages_ask_for_something(door: RoomDoor, path: str) -> None:
    browser = browser_at(door)
    for refused in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver@evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert browser.post(path, json=body(path), headers=refused).status_code == 403, refused
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""):
        answer = browser.post(path, content=b"reason=let+me+in", headers={"content-type": kind})
        assert answer.status_code == 415, kind
    assert not door.asked


def test_behind_a_proxy_that_asks_by_another_name_the_public_address_is_the_own_one(door: RoomDoor) -> None:
    """nginx hands on its upstream's name as Host unless it is told otherwise."""
    door.host = "reports.example.com"
    browser = browser_at(door)
    act = "/groups/-/acts/circuit/close"
    own = {"origin": "https://reports.example.com", "host": "10.0.0.7:8080"}
    assert browser.post(act, json={"reason": "allowed again"}, headers=own).status_code == 200
    other = {**own, "origin": "https://reports.example.com.evil.example"}
    assert browser.post(act, json={"reason": "allowed again"}, headers=other).status_code == 403
