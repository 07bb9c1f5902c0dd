"""Chats hear in one sentence how a run ended, with a link, once; and no chat can hold a run up."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from apprise import Apprise

from executive_suite.run import clock as clock_module
from executive_suite.run import credentials, many, telling
from executive_suite.run.close import sum_up
from executive_suite.run.deployment import Deployment
from faults.desk import MORNING, Clock
from faults.lanes import RUN, archived, in_memory, lane, like, plan_of
from ses_stub import Do, SesStub

ROOM = "https://airflow.example.com/plugin/report-room"


class Chat(ThreadingHTTPServer):
    """A webhook on loopback that keeps what it hears; it may answer late, or drip its answer for ever."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hears)
        self.heard: list[dict[str, Any]] = []
        self.drips = False
        self.status = 200

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/hook-of-the-board"


class _Hears(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()
        while self.server.drips:
            self.wfile.write(b".")
            time.sleep(0.1)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def chat() -> Iterator[Chat]:
    server = Chat()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.drips = False
    server.shutdown()


@pytest.fixture
def opened(moto_server: str, bucket: str, ses: SesStub, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    monkeypatch.setattr(clock_module, "now", Clock(MORNING))
    more = {"EXECUTIVE_SUITE_NOTIFY": chat.url, "EXECUTIVE_SUITE_ROOM_URL": ROOM}
    return in_memory(moto_server, bucket, ses, monkeypatch, **more)


def ended(opened: Deployment, *reports: str, run: str = "manual__1", **changes: Any) -> None:
    plan = plan_of(opened, reports=reports, run_id=run, **changes)
    for report in reports:
        if plan.send:
            lane(opened, report, plan)
        else:
            archived(opened, report, plan)
    sum_up(opened, plan, RUN, {})


def test_readiness_is_one_sentence_and_one_link(opened: Deployment, chat: Chat) -> None:
    ended(opened, "ceo", "cfo")
    (heard,) = chat.heard
    assert heard["message"].splitlines() == ["The May 1 reports are ready.", ROOM]
    assert heard["title"] == "San Diego Group"  # the name in group.yaml


def test_a_shortfall_names_the_report_and_no_recipient(opened: Deployment, ses: SesStub, chat: Chat) -> None:
    plan = plan_of(opened, reports=("ceo", "cto"))
    lane(opened, "ceo", plan)
    ses.script("*", Do("refuse"))
    lane(opened, "cto", plan)
    sum_up(opened, plan, RUN, {})
    (heard,) = chat.heard
    assert heard["message"].splitlines() == ["May 1: 1 of 2 sent; CTO failed.", ROOM]
    assert "primary" not in json.dumps(heard)


def test_a_run_that_is_cleared_tells_again_only_what_is_new(opened: Deployment, ses: SesStub, chat: Chat) -> None:
    ses.script("*", Do("refuse"))
    for _ in range(2):
        ended(opened, "cto")
    ses.script("*", Do("accept"))
    for _ in range(2):
        ended(opened, "cto")
    told = [one["message"].splitlines()[0] for one in chat.heard]
    assert told == ["May 1: 0 of 1 sent; CTO failed.", "The May 1 CTO report is ready."]


def test_what_was_sent_and_could_not_be_made_again_is_said(opened: Deployment, chat: Chat) -> None:
    plan = plan_of(opened, reports=("cfo",))
    lane(opened, "cfo", plan)
    sum_up(opened, plan, RUN, {"cfo": ("render: failed",)})
    assert chat.heard[0]["message"].splitlines()[0] == "May 1: 1 of 1 sent; CFO could not be made again."


def test_who_mails_nobody_tells_nobody(opened: Deployment, chat: Chat) -> None:
    ended(opened, "cfo", send=False, why_not="a backfill that is not armed")
    assert chat.heard == []
    assert not list(opened.records.keys("notices/"))


def test_a_missed_deadline_is_told_once(opened: Deployment, chat: Chat) -> None:
    for _ in range(2):
        telling.of_deadline(opened, date(2026, 5, 1), 8, 8)
    assert [one["message"].splitlines()[0] for one in chat.heard] == ["May 1: 0 of 8 mails sent by the deadline."]


def test_no_chat_holds_a_run_up_or_fails_it(
    opened: Deployment, chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that answers for ever gets as long as all services together, and the log never says where it is."""
    monkeypatch.setattr(telling, "SECONDS", 0.4)
    chat.drips = True
    caplog.set_level(logging.INFO)
    begun = time.monotonic()
    ended(opened, "cfo")
    assert time.monotonic() - begun < 3
    assert "EXECUTIVE_SUITE_NOTIFY" in caplog.text
    for secret in ("hook-of-the-board", str(chat.server_port)):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "service", ["json://127.0.0.1:9/hook-of-the-board", "nonsense", "nonsense://hook-of-the-board"]
)
def test_what_nobody_answers_or_understands_is_logged_without_its_address(
    opened: Deployment, caplog: pytest.LogCaptureFixture, service: str
) -> None:
    changed = opened.settings.model_copy(update={"executive_suite_notify": service})
    caplog.set_level(logging.INFO)
    ended(like(opened, settings=changed), "cfo")
    assert "EXECUTIVE_SUITE_NOTIFY" in caplog.text
    assert "hook-of-the-board" not in caplog.text
    assert service not in caplog.text


def test_addresses_of_services_reach_two_steps_and_no_other_group() -> None:
    seeing = {step for step, names in credentials.ALLOWED.items() if telling.VARIABLE in names}
    assert seeing == {"close", "watch"}
    assert telling.VARIABLE in credentials.KEPT_ELSEWHERE
    assert telling.VARIABLE not in many.SHARED


TOKEN = "/".join(("T" * 9, "B" * 9, "a" * 24))  # of the form of Slack's


@pytest.mark.parametrize(
    ("address", "service"),
    # The first two as Slack documents incoming webhooks, the third as Power Automate shows that of a workflow in Teams.
    [
        (f"slack://{TOKEN}/#reports", "Slack"),
        (f"https://hooks.slack.com/services/{TOKEN}", "Slack"),
        ("workflows://prod-1.example.com:443/643e69f83c89/kmGmMyXHWB9v", "Power Automate / Workflows (for MSTeams)"),
        ("json://127.0.0.1:9/hook", "JSON"),
    ],
)
def test_the_services_of_the_documentation_are_understood(address: str, service: str) -> None:
    found = Apprise()
    assert found.add(address)
    assert service in str(found[0].service_name)
