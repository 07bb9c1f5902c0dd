"""Acts of the room: who may, from where, with which reason; Airflow itself is in tests/integration/test_room.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from fastapi import HTTPException
from starlette.testclient import TestClient

from executive_suite.archive.publication import ArchiveResult
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.outbox.state import Answer, Claim
from executive_suite.room.door import Person
from executive_suite.run.deployment import Deployment
from faults.desk import MORNING, document
from faults.lanes import like
from room_door import RoomDoor, archived, browser_at, in_memory

DAY, REPORT = date(2026, 5, 1), "cfo"
ACTS = "/groups/-/acts"
REASON = {"reason": "the bank asked for it"}
DELIVERY = "a" * 52


class OneRun:
    """An Airflow with one run of the date, whose lane of the CFO report is number 1; it notes what it is asked."""

    def __init__(self, digest: str, approve: str = "success", started_by: str = "admin") -> None:
        self.digest = digest
        self.approve = approve
        self.started_by = started_by
        self.changes: list[tuple[str, str, Mapping[str, Any]]] = []
        self.refuses = False

    def get(self, path: str, **query: Any) -> Any:
        if path == "/dagRuns":
            return {"dag_runs": [{"dag_run_id": "run 1", "conf": {}, "triggering_user_name": self.started_by}]}
        if path.endswith("/preflight/xcomEntries/return_value"):
            return {"value": {"report_date": DAY.isoformat(), "reports": ["ceo", REPORT]}}
        if path.endswith("/lane.archive/xcomEntries/return_value"):
            assert query == {"map_index": 1}
            return {"value": {"content_digest": self.digest}}
        if "/lane." in path:
            step, number = path.rpartition("/lane.")[2].split("/")
            return {"state": self.approve if step == "approve" else "success"} if number == "1" else None
        return None

    def change(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        if self.refuses:
            raise HTTPException(403, "Airflow: forbidden")
        self.changes.append((method, path, body))
        return {"dag_run_id": "run 2"}


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def opened() -> Deployment:
    return in_memory()


@pytest.fixture
def made(opened: Deployment) -> ArchiveResult:
    return archived(opened, document())


def at(opened: Deployment, airflow: OneRun, person: Person | None = None) -> TestClient:
    door = RoomDoor(opened, airflow=airflow)
    if person is not None:
        door.somebody = person
    return browser_at(door)


def accepted(opened: Deployment, result: str = "sent") -> None:
    """A mail that was tried once."""
    outbox, now = Outbox(opened.records), MORNING
    configured = opened.config.report(REPORT)
    outbox.bind(Slot(configured.entity, REPORT, DAY, "primary", 1), DELIVERY, "")
    outbox.claim(DELIVERY, 1, Claim(1, "n", now, now, "c", "e", "mails/1"))
    outbox.answer(DELIVERY, 1, Answer(1, "n", result, now, message_id="ses-1"))  # type: ignore[arg-type]


def events(opened: Deployment) -> list[tuple[str, str, str]]:
    found = [json.loads(opened.records.get(key).body) for key in opened.records.keys("audit/days/")]
    return [(one["type"], one["data"]["actor"], one["data"]["reason"]) for one in found]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/json", "origin": "http://evil.example"}, 403),
        ({"content-type": "application/json", "origin": "null"}, 403),
        ({"content-type": "application/json", "sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "application/json", "origin": "http://testserver"}, 200),
        ({"content-type": "application/json"}, 200),
    ],
)
def test_an_act_is_taken_from_the_rooms_own_pages_only(
    opened: Deployment, made: ArchiveResult, headers: dict[str, str], status: int
) -> None:
    airflow = OneRun(made.content_digest)
    body = json.dumps({**REASON, "first": "send"})
    answer = at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/again", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert len(airflow.changes) == int(status == 200)


def test_who_only_reads_cannot_act_and_nobody_is_not_told_why(opened: Deployment, made: ArchiveResult) -> None:
    airflow = OneRun(made.content_digest)
    reader = Person("v", "vera", may_act=False, reports=frozenset({REPORT}))
    assert at(opened, airflow, reader).post(f"{ACTS}/circuit/close", json=REASON).status_code == 403
    door = RoomDoor(opened, None, airflow=airflow)
    assert browser_at(door).post(f"{ACTS}/circuit/close", json=REASON).status_code == 401
    assert airflow.changes == []
    assert events(opened) == []


@pytest.mark.parametrize("reason", ["", "  ", "x", "y" * 501, None])
def test_an_act_needs_a_reason(opened: Deployment, made: ArchiveResult, reason: str | None) -> None:
    airflow = OneRun(made.content_digest)
    body = {"first": "send", "reason": reason}
    assert at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/again", json=body).status_code == 422
    assert airflow.changes == []


def test_a_reason_with_an_address_is_not_recorded(opened: Deployment, made: ArchiveResult) -> None:
    airflow = OneRun(made.content_digest)
    body = {"first": "send", "reason": "ask owner@example.com"}
    answer = at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/again", json=body)
    assert answer.status_code == 409
    assert "address" in answer.json()["detail"]
    assert airflow.changes == []


@pytest.mark.parametrize(
    ("first", "steps"),
    [("render", ["render", "archive", "approve", "send"]), ("approve", ["approve", "send"]), ("send", ["send"])],
)
def test_a_lane_is_done_again_from_a_step_on_and_no_other_lane(
    opened: Deployment, made: ArchiveResult, first: str, steps: list[str]
) -> None:
    airflow = OneRun(made.content_digest)
    answer = at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/again", json={**REASON, "first": first})
    assert answer.status_code == 200
    ((method, path, body),) = airflow.changes
    assert (method, path) == ("POST", "/clearTaskInstances")
    assert body["task_ids"] == [*([f"lane.{step}", 1] for step in steps), "close"]
    assert (body["dag_run_id"], body["only_failed"], body["reset_dag_runs"]) == ("run 1", False, True)
    assert events(opened) == [(f"executive_suite.lane.{first}_again", "admin", REASON["reason"])]


def test_an_answer_covers_what_the_page_shows(opened: Deployment, made: ArchiveResult) -> None:
    airflow = OneRun(made.content_digest, approve="awaiting_input", started_by="olga")
    room = at(opened, airflow)
    answer = {**REASON, "answer": "Approve", "content_digest": "f" * 64}
    assert room.post(f"{ACTS}/{DAY}/{REPORT}/answer", json=answer).status_code == 409
    assert airflow.changes == []
    answer["content_digest"] = made.content_digest
    assert room.post(f"{ACTS}/{DAY}/{REPORT}/answer", json=answer).status_code == 200
    ((method, path, body),) = airflow.changes
    assert (method, path) == ("PATCH", "/dagRuns/run%201/taskInstances/lane.approve/1/hitlDetails")
    assert body == {"chosen_options": ["Approve"], "params_input": REASON}


def test_a_question_that_was_answered_is_not_answered_again(opened: Deployment, made: ArchiveResult) -> None:
    airflow = OneRun(made.content_digest, approve="success")
    answer = {**REASON, "answer": "Hold", "content_digest": made.content_digest}
    assert at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/answer", json=answer).status_code == 409
    assert airflow.changes == []


def test_with_four_eyes_nobody_approves_what_they_started(opened: Deployment, made: ArchiveResult) -> None:
    limits = opened.config.limits.model_copy(update={"four_eyes": True})
    opened = like(opened, config=opened.config.model_copy(update={"limits": limits}))
    airflow = OneRun(made.content_digest, approve="awaiting_input", started_by="admin")
    answer = {**REASON, "answer": "Approve", "content_digest": made.content_digest}
    assert at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/answer", json=answer).status_code == 403
    other = Person("2", "olga", may_act=True)
    assert at(opened, airflow, other).post(f"{ACTS}/{DAY}/{REPORT}/answer", json=answer).status_code == 200


def test_a_resend_opens_a_generation_and_has_the_send_done(opened: Deployment, made: ArchiveResult) -> None:
    accepted(opened)
    airflow = OneRun(made.content_digest)
    answer = at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/primary/resend", json=REASON)
    assert answer.status_code == 200
    assert Outbox(opened.records).read(DELIVERY).latest.number == 2
    assert airflow.changes[0][2]["task_ids"] == [["lane.send", 1], "close"]


def test_what_is_left_is_said_if_airflow_refuses_after_a_decision(opened: Deployment, made: ArchiveResult) -> None:
    accepted(opened)
    airflow = OneRun(made.content_digest)
    airflow.refuses = True
    answer = at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/primary/resend", json=REASON)
    assert answer.status_code == 403
    assert "Generation 2 is open" in answer.json()["detail"]


def test_an_uncertain_mail_is_settled_once(opened: Deployment, made: ArchiveResult) -> None:
    accepted(opened, "uncertain")
    room = at(opened, OneRun(made.content_digest))
    body = {**REASON, "message_id": "ses-9"}
    assert room.post(f"{ACTS}/{DAY}/{REPORT}/primary/settle", json=body).status_code == 200
    assert Outbox(opened.records).read(DELIVERY).state(MORNING) == "sent"
    assert room.post(f"{ACTS}/{DAY}/{REPORT}/primary/settle", json=body).status_code == 409


def test_a_revision_opens_only_for_what_was_sent(opened: Deployment, made: ArchiveResult) -> None:
    airflow = OneRun(made.content_digest)
    assert at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/revise", json=REASON).status_code == 409
    assert airflow.changes == []


def test_a_run_is_started_for_one_report_of_one_date(opened: Deployment) -> None:
    airflow = OneRun("")
    assert at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/start", json=REASON).status_code == 200
    ((_, path, body),) = airflow.changes
    assert (path, body["conf"]) == ("/dagRuns", {"report_date": DAY.isoformat(), "reports": [REPORT]})
    assert "reason" not in body["conf"]


def test_unknown_values_of_an_act_are_refused(opened: Deployment, made: ArchiveResult) -> None:
    airflow = OneRun(made.content_digest)
    for body in ({**REASON, "first": "extract"}, {**REASON, "first": "send", "actor": "somebody"}):
        assert at(opened, airflow).post(f"{ACTS}/{DAY}/{REPORT}/again", json=body).status_code == 422
    assert at(opened, airflow).post(f"{ACTS}/{DAY}/nonsense/again", json={**REASON, "first": "send"}).status_code == 404
