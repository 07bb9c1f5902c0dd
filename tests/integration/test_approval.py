"""A report that waits for a person: held without one, sent with one, and only the bytes that were shown."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from integration.suite import DAG, Suite

pytestmark = pytest.mark.airflow


def answer(suite: Suite, run_id: str, option: str, who: str = "admin") -> dict[str, Any]:
    """Answer the one open question of a run as a person does under Required Actions; what they were shown."""
    deadline = time.monotonic() + 400
    while True:
        waiting = [task for task in suite.client.tasks(DAG, run_id) if task["state"] == "awaiting_input"]
        if waiting:
            break
        assert time.monotonic() < deadline, suite.states(run_id)
        time.sleep(0.5)
    # An answer within a second of the question finds the task still on its way to waiting.
    time.sleep(3)
    where = f"/dags/{DAG}/dagRuns/{run_id}/taskInstances/lane.approve/{waiting[0]['map_index']}/hitlDetails"
    shown = suite.client.get(where)
    with suite.person(who) as person:
        said = person.patch(f"/api/v2{where}", json={"chosen_options": [option], "params_input": {}})
    assert said.status_code == 200, said.text
    return shown


def test_a_report_waits_for_a_person_and_hold_means_that_nothing_goes(suite: Suite) -> None:
    before = len(suite.ses.calls)
    run_id = suite.trigger(report_date="2026-01-15", reports=["accounting"], approve=True)
    shown = answer(suite, run_id, "Hold")
    # A person's decision is no fault of the run.
    assert suite.finish(run_id) == "success"
    assert suite.states(run_id)["lane.send[accounting]"] == "skipped"
    assert suite.said(run_id, "lane.send[accounting]").startswith("held by admin")
    assert suite.note(run_id) == "Report date January 15, 2026: 0 of 1 reports sent, 1 held by admin"
    assert "rejected" in suite.command("outstanding", "--format", "json").stdout
    assert len(suite.ses.calls) == before
    # What was shown: whom it would go to by id, the digest, and no address.
    mapped = suite.task(run_id, "lane.archive[accounting]")["map_index"]
    archived = f"/dags/{DAG}/dagRuns/{run_id}/taskInstances/lane.archive/xcomEntries/return_value"
    value = json.dumps(suite.client.get(archived, map_index=mapped)["value"])
    digests = re.findall(r"[0-9a-f]{64}", value)
    assert "accounting" in shown["subject"]
    assert "@" not in json.dumps([shown["subject"], shown["body"]])
    assert len(digests) == 1
    assert digests[0] in shown["body"]

    # A second look: the question is asked again, and this time the answer is yes.
    approve, send = (suite.task(run_id, f"lane.{step}[accounting]") for step in ("approve", "send"))
    body = {
        "dry_run": False,
        "dag_run_id": run_id,
        "task_ids": [["lane.approve", approve["map_index"]], ["lane.send", send["map_index"]], "close"],
        "only_failed": False,
        "reset_dag_runs": True,
    }
    suite.client.post(f"/dags/{DAG}/clearTaskInstances", body)
    answer(suite, run_id, "Approve", who="olga")  # who started the run may not (four_eyes)
    assert suite.finish(run_id) == "success"
    assert len(suite.ses.calls) == before + 1
    events = [json.loads(item["body"]) for item in suite.objects("RECORDS_BUCKET", "audit/").values()]
    said = [
        (event["data"]["outcome"], bool(event["data"]["actor"]))
        for event in sorted(events, key=lambda event: event["time"])
        if event["type"] == "executive_suite.report.approval" and event["data"]["run"] == run_id
    ]
    assert said == [("rejected", True), ("approved", True)]
