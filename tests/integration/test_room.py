"""The report room in a real Airflow: who gets in, what they can do, and that it is done by Airflow as themselves."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from integration.suite import DAG, Suite
from room_door import every_route

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.airflow

ROOM = "/executive-suite"
AT = f"{ROOM}/groups/-"
DAY = "2026-02-18"  # no other scenario has this date


@pytest.fixture
def person(suite: Suite) -> Iterator[Callable[[str], httpx.Client]]:
    """A client of Airflow as one of its users, as a browser has it: with the cookie."""
    opened = []

    def log_in(name: str) -> httpx.Client:
        opened.append(suite.person(name))
        return opened[-1]

    yield log_in
    for client in opened:
        client.close()


def test_nobody_gets_in_anywhere_and_a_viewer_changes_nothing(
    suite: Suite, person: Callable[[str], httpx.Client]
) -> None:
    known = every_route(day=DAY, report="cfo", recipient="cfo")
    routes = [(method, f"{ROOM}{path}") for method, path in known]
    assert len(routes) > 15
    query = {"dag": DAG, "run": "x"}
    with httpx.Client(base_url=suite.running.access.address, trust_env=False) as nobody:
        for method, path in routes:
            answer = nobody.request(
                method, path, params=query, json={"reason": "let me in"} if method == "POST" else None
            )
            assert answer.status_code == 401, (method, path, answer.status_code)
    viewer = person("vera")
    before = len(suite.objects("RECORDS_BUCKET", "audit/days/"))
    for method, path in routes:
        answer = viewer.request(method, path, params=query, json={"reason": "let me in"} if method == "POST" else None)
        if method == "POST":
            assert answer.status_code in {403, 405, 422}, (method, path, answer.status_code)
        elif "/reports/" in path:
            assert answer.status_code == 403, (method, path, answer.status_code)  # on no reader list
        else:
            assert answer.status_code < 500, (method, path, answer.text)
    assert len(suite.objects("RECORDS_BUCKET", "audit/days/")) == before


def awaits(suite: Suite, run_id: str) -> dict[str, Any]:
    """The task of a run that waits for a person."""
    deadline = time.monotonic() + 400
    while True:
        waiting = [task for task in suite.client.tasks(DAG, run_id) if task["state"] == "awaiting_input"]
        if waiting:
            time.sleep(3)  # an answer within a second of the question finds the task still on its way to waiting
            return waiting[0]
        assert time.monotonic() < deadline, suite.states(run_id)
        time.sleep(0.5)


def trail(suite: Suite) -> list[tuple[str, str, str, str]]:
    """Type, actor, reason and outcome of every event by a person."""
    events = (json.loads(item["body"]) for item in suite.objects("RECORDS_BUCKET", "audit/").values())
    found = [(one["time"], one["type"].removeprefix("executive_suite."), one["data"]) for one in events]
    return [
        (kind, data["actor"], data["reason"], data["outcome"])
        for _, kind, data in sorted(found, key=str)
        if data["actor"]
    ]


def test_two_people_approve_and_one_resends(suite: Suite, person: Callable[[str], httpx.Client]) -> None:
    before = len(suite.ses.calls)
    run_id = suite.trigger(report_date=DAY, reports=["cfo"], approve=True)  # by admin
    mapped = awaits(suite, run_id)["map_index"]
    shown = suite.client.get(f"/dags/{DAG}/dagRuns/{run_id}/taskInstances/lane.approve/{mapped}/hitlDetails")
    assert set(shown["params"]) == {"reason"}
    admin, olga = person("admin"), person("olga")
    page = olga.get(f"{AT}/reports/{DAY}/cfo")
    assert page.status_code == 200
    digest = page.text.partition('data-content-digest="')[2].partition('"')[0]
    answer = {"answer": "Approve", "content_digest": digest, "reason": "figures are right"}
    act = f"{AT}/acts/{DAY}/cfo/answer"
    assert admin.post(act, json=answer).status_code == 403  # who started the run does not approve it
    assert olga.post(act, json={**answer, "content_digest": "0" * 64}).status_code == 409
    assert olga.post(act, json=answer, headers={"origin": "http://evil.example"}).status_code == 403
    assert len(suite.ses.calls) == before
    done = olga.post(act, json=answer, headers={"origin": suite.running.access.address})
    assert done.status_code == 200, done.text
    assert suite.finish(run_id) == "success"
    assert len(suite.ses.calls) == before + 1
    assert ("report.approval", "olga", "figures are right", "approved") in trail(suite)
    assert olga.post(act, json=answer).status_code == 409  # nobody is asked any more

    again = olga.post(f"{AT}/acts/{DAY}/cfo/cfo/resend", json={"reason": "the bank lost it"})
    assert again.status_code == 200, again.text
    assert suite.finish(run_id) == "success"
    assert len(suite.ses.calls) == before + 2
    assert any(kind == "delivery.resend" and actor == "olga" for kind, actor, _, _ in trail(suite))

    # Done again from the send on, nothing is sent twice, and the room says what the record says.
    again = olga.post(f"{AT}/acts/{DAY}/cfo/again", json={"first": "send", "reason": "to be sure"})
    assert again.status_code == 200, again.text
    assert suite.finish(run_id) == "success"
    assert len(suite.ses.calls) == before + 2
    assert "1 of 1 sent" in olga.get(f"{AT}/dates/{DAY}").text


def test_who_answers_in_airflow_itself_needs_four_eyes_as_well(
    suite: Suite, person: Callable[[str], httpx.Client]
) -> None:
    before = len(suite.ses.calls)
    run_id = suite.trigger(report_date="2026-02-16", reports=["ceo"], approve=True)
    mapped = awaits(suite, run_id)["map_index"]
    where = f"/dags/{DAG}/dagRuns/{run_id}/taskInstances/lane.approve/{mapped}/hitlDetails"
    suite.client.patch(where, {"chosen_options": ["Approve"], "params_input": {"reason": "my own work"}})
    suite.finish(run_id)
    assert len(suite.ses.calls) == before
    said = [event for event in trail(suite) if event[0] == "report.approval" and event[1] == "admin"]
    assert "rejected" in said[-1][3]
    assert "started" in said[-1][2]


def test_a_run_and_a_task_lead_to_their_place_in_the_room(suite: Suite, person: Callable[[str], httpx.Client]) -> None:
    run_id = next(run for run in suite.runs if suite.client.get(f"/dags/{DAG}/dagRuns/{run}")["state"] != "running")
    olga = person("olga")
    answer = olga.get(f"{ROOM}/at", params={"dag": DAG, "run": run_id})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{AT}/dates/")
    answer = olga.get(f"{ROOM}/at", params={"dag": DAG, "run": run_id, "lane": "0"})
    assert answer.headers["location"].startswith(f"{AT}/reports/")
    assert olga.get(f"{ROOM}/at", params={"dag": "another", "run": run_id}).status_code == 404
    views = [view for plugin in suite.client.get("/plugins")["plugins"] for view in plugin["external_views"]]
    assert {view["destination"] for view in views if view["href"].startswith(ROOM)} == {
        "nav",
        "dag_run",
        "task_instance",
    }


def test_an_operator_acts_by_clicking_in_airflows_own_page(suite: Suite, browser: Browser) -> None:
    """As a person does it: Airflow's navigation, the shelf in its frame, a report, a reason, a button."""
    _, state = suite.run(report_date="2026-02-17", reports=["portfolio"])
    assert state == "success"
    before, address = len(suite.ses.calls), suite.running.access.address
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.add_cookies([{"name": "_token", "value": suite.token("olga"), "url": address}])
    page: Page = context.new_page()
    page.goto(f"{address}/plugin/report-room")
    inside = page.frame_locator("iframe")
    assert "sent" in inside.locator("h1").inner_text(timeout=60_000)
    inside.locator('a[href$="/reports/2026-02-17/portfolio"]').click()
    inside.locator("summary", has_text="you can do").click()
    form = inside.locator("form.act", has=inside.locator("button", has_text="Resend"))
    form.locator('input[name="reason"]').fill("asked for at the meeting")
    form.locator("button").click()
    form.locator("output.done").wait_for(timeout=60_000)
    deadline = time.monotonic() + 300
    while len(suite.ses.calls) == before:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert len(suite.ses.calls) == before + 1
    context.close()
